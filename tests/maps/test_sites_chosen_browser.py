"""What the sites map shows belongs to what is chosen now, and small is not none: filter, before and after, curve, shades."""

import fake_sites
import pandas as pd
import pytest
from browser import chromium, take, until, visit
from sanchoi.maps import index, sites, style
from sanchoi.maps.sites_words import WORDS

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture
def shown(browser, tmp_path):
    opened = []

    def open_(siting=None, **tables):
        made = fake_sites.small(**tables)
        made.run["study"]["language"] = "en"
        made.run["siting"] = {**fake_sites.SITING, **(siting or {})}
        sites.write(made, tmp_path)
        opened.append(visit(browser, tmp_path / "maps" / "sites.html"))
        found = opened[-1].__enter__()
        until(found.page, "document.getElementById('shown').textContent.length > 0")
        assert found.said == []
        return found.page

    yield open_
    for each in opened:
        each.__exit__(None, None, None)


def test_a_parcel_that_the_filter_hides_says_so(shown):
    page = shown()
    assert "The filter hides" not in take(page, "T-1")
    page.locator('#verdicts input[value="eligible"]').uncheck()
    assert "The filter hides this parcel" in page.inner_text("#panel")
    page.locator('#verdicts input[value="eligible"]').check()
    assert "The filter hides" not in page.inner_text("#panel")
    page.evaluate("const s = document.getElementById('score'); s.value = 0.7; s.dispatchEvent(new Event('input'))")
    assert "The filter hides" not in page.inner_text("#panel")
    assert "The filter hides" in take(page, "T-2")


def test_a_commune_says_whether_its_state_is_of_today_or_with_the_plan(shown):
    page = shown()
    page.fill("#search", "binh hoa")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel .verdict")
    until(page, "document.querySelector('#panel h2').textContent === 'Bình Hòa'")
    assert page.inner_text("#panel .verdict") == "Today: No play area"
    page.locator('#when input[value="after"]').check(force=True)
    assert page.inner_text("#panel .verdict") == "With the plan built: Out of reach: many cannot walk there"
    assert page.get_attribute("#panel", "data-parcel") is None


def test_a_commune_after_a_parcel_is_no_parcel(shown):
    page = shown()
    take(page, "T-1")
    page.locator("#panel .back").click()
    assert page.get_attribute("#panel", "data-parcel") is None


def test_shades_of_the_legend_are_those_of_the_map(shown):
    """Two parcels of two scores: two shades, not the five of the scale."""
    parcels = fake_sites.parcels()
    parcels["score"] = parcels["score_high"] = [0.2, 0.2, None, 0.2, None, 0.6]
    page = shown(parcels=parcels)
    boxes = (
        page.locator("#legend .shades")
        .first.locator("rect")
        .evaluate_all("all => all.map(each => each.getAttribute('fill'))")
    )
    assert boxes == [style.VERDICT["eligible"][0], style.VERDICT["eligible"][-1]]
    assert page.evaluate("JSON.parse(document.getElementById('record').textContent).parcels.breaks.length") == 1


def test_one_is_no_plural(shown):
    one = {name: fake_sites.small().tables[name].head(1) for name in ("sites",)}
    one["sites"] = one["sites"].assign(verdict="conditional", children_gained=1.0, children_total=1.0)
    page = shown(
        {"candidates": 1, "rules": {"budget": None, "count": 1, "min_per_commune": 1}}, budget_curve=None, **one
    )
    said = page.inner_text("#panel") + page.inner_text("#plan-area")
    for wrong in ("1 sites", "1 children", "1 parcels", "1 of them need ", "1 of them only wait "):
        assert wrong not in said
    assert "1 site for 1 more" in said
    assert "no plan of 1 site covers" in said
    assert "at least 1 site in each commune" in said


def test_the_front_page_says_one_site_too():
    made = fake_sites.small(
        sites=fake_sites.small().tables["sites"].head(1).assign(verdict="conditional"),
        gaps=fake_sites.gaps().assign(name="x"),
        play_areas=pd.DataFrame({"area_m2": [1.0], "counts": [True]}),
    )
    made.run["study"]["language"] = "en"
    page = index.render(made)
    assert "1 sites" not in page
    assert "1 of them are" not in page


@pytest.mark.parametrize(("share", "said"), [(0.9972, "> 99.5"), (1.0, "100"), (0.0012, "< 0.5")])
def test_nearly_sure_is_not_sure(shown, share, said):
    parcels = fake_sites.parcels()
    parcels.loc[0, ["rank_first", "in_best"]] = share
    page = shown(parcels=parcels)
    assert page.locator("#table tbody tr").first.locator("td").last.inner_text() == said
    assert f"first with probability {said} %" in take(page, "T-1")


def test_little_money_is_not_none(shown):
    parcels = fake_sites.parcels().assign(cost=[20_000.0, 1_250.5e6, None, None, None, 900e6])
    page = shown(parcels=parcels)
    assert "below 0.1 million VND" in take(page, "T-1")
    assert "below 0.1" in page.locator("#table tbody tr").first.inner_text()


def test_the_curve_marks_this_plan_only_where_it_is_drawn_and_tells_its_marks_apart(shown):
    curve = pd.DataFrame(
        {
            "budget": [0.0, 1.0, 2.0],
            "sites": [0, 1, 2],
            "cost": [0.0, 0.0, 0.0],
            "value": [0.0, None, 1.2],
            "bound": [0.0, 1.2, 1.2],
            "mip_gap": [0.0, 0.0, 0.0],
        }
    )
    page = shown({"unit": "m", "objective": "p_median", "rules": {"budget": None, "count": 2}}, budget_curve=curve)
    assert "this plan" not in page.inner_text("#plan-area .half")
    assert page.locator(".curve circle").count() == 2  # what is not known is no 0
    upright = page.locator('.curve text[text-anchor="end"]').all_text_contents()
    assert upright == ["0", "0.5", "1"]
    flat = page.locator('.curve text[text-anchor="middle"]').all_text_contents()[:-1]
    assert flat == ["0", "1", "2"]


def test_half_a_child_near_a_parcel_is_somebody(shown):
    parcels = fake_sites.parcels()
    parcels.loc[5, ["children_reached", "children_gained"]] = [0.4, 0.4]
    effects = pd.concat(
        [
            fake_sites.small().tables["effects"],
            pd.DataFrame(
                {
                    "parcel_id": ["T-6"],
                    "commune_id": ["20001"],
                    "band": ["0-5"],
                    "children_reached": [0.4],
                    "children_gained": [0.4],
                    "shortfall_relieved_m2": [None],
                }
            ),
        ]
    )
    page = shown(parcels=parcels, effects=effects)
    assert "No child lives" not in take(page, "T-6")


def test_shares_before_and_after_are_not_rounded_across_the_target(shown):
    gaps = fake_sites.small().tables["plan_gaps"].assign(covered_share_after=[0.7972, 0.9987])
    page = shown(plan_gaps=gaps)
    assert "30 → 79" in page.inner_text("#change")
    assert "0 → 99" in page.inner_text("#change")


def test_an_old_browser_shows_no_earlier_answer_for_a_parcel(browser, tmp_path):
    sites.write(fake_sites.small(), tmp_path)
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto((tmp_path / "maps" / "sites.html").resolve().as_uri())
    page.wait_for_selector("#table tbody tr")
    page.click('button[data-language="en"]')
    assert page.inner_text("#table-title") == "The best parcels"
    page.fill("#search", "an binh")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#panel h2').textContent === 'An Bình'")
    page.locator("#table tbody tr button").first.click()
    assert "too old" in page.inner_text("#panel")
    assert "An Bình" not in page.inner_text("#panel")
    context.close()


def test_words_of_one_stand_beside_words_of_many():
    for key in (key for key in WORDS if key.endswith("_one")):
        assert WORDS[key][0] == WORDS[key.removesuffix("_one")][0]
