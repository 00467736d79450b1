"""What the gap map shows belongs to what is chosen now: band, colours, language, the name in the search box."""

import copy

import pytest
import small
from browser import chromium, visit
from sanchoi.gis import job
from sanchoi.gis.results import Result
from sanchoi.maps import gap

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    small.write(folder)
    return job.run(folder)


@pytest.fixture
def shown(browser, result, tmp_path):
    """Open the small study, its tables and its record changed first: shown(run=…, **columns of gaps by band)."""
    opened = []

    def open_(change=None, run=None):
        made = Result({**result.tables, "gaps": result.tables["gaps"].copy()}, copy.deepcopy(result.run))
        if change:
            change(made.tables["gaps"])
        if run:
            run(made.run)
        gap.write(made, tmp_path)
        opened.append(visit(browser, tmp_path / "maps" / "gap.html"))
        found = opened[-1].__enter__()
        assert found.said == []
        return found.page

    yield open_
    for each in opened:
        each.__exit__(None, None, None)


def band(page, name):
    page.locator(f'#band input[value="{name}"]').check(force=True)


def put(**columns):
    """Change columns of `gaps`: each a function of the table."""

    def change(gaps):
        for name, (where, value) in columns.items():
            gaps.loc[where(gaps), name] = value

    return change


def test_a_band_without_a_walking_limit_is_not_drawn_by_walks(shown):
    def run(told):
        for row in told["norms"]:
            if row["band"] == "6-14":
                row["walk_m"] = None

    page = shown(run=run)
    page.select_option("#show", "walk")
    assert "300 m" in page.inner_text("#legend")
    band(page, "6-14")
    legend = page.inner_text("#legend")
    assert " 0 m" not in legend
    assert page.locator('#show option[value="walk"]').count() == 0
    assert page.input_value("#show") == "status"
    assert "Status" in legend
    band(page, "0-5")
    assert page.locator('#show option[value="walk"]').count() == 1


def test_the_summary_says_whom_its_headline_and_its_counts_are_about(shown):
    page = shown()
    assert "All ages" not in page.inner_text("#panel")
    band(page, "0-5")
    panel = page.inner_text("#panel")
    assert "All ages: Of " in panel
    assert "0-5 years" in page.inner_text("#panel h3 >> nth=0")


def test_enter_takes_what_stands_in_the_box_not_what_was_typed_before(shown):
    page = shown()
    page.fill("#search", "a")
    page.wait_for_selector("#search-found button >> nth=1")
    first, second = page.locator("#search-found button").all_inner_texts()[:2]
    first, second = (each.split("\n")[0].removesuffix("Out of reach") for each in (first, second))
    page.locator("#search-found button").nth(1).click()
    chosen = page.inner_text("#panel h2")
    assert page.input_value("#search") == chosen
    page.locator("#search").press("Enter")
    assert page.inner_text("#panel h2") == chosen


@pytest.mark.parametrize(("share", "said"), [(0.79996, "79.9 %"), (0.99996, "99.9 %"), (0.0001, "below 0.1 %")])
def test_a_share_is_not_rounded_to_the_target_to_all_or_to_none(shown, share, said):
    page = shown(put(covered_share=(lambda g: g["band"] == "all", share)))
    assert said.removesuffix(" %") in page.inner_text("#table tbody tr >> nth=0")
    page.locator("#table tbody tr button").first.click()
    assert said in page.inner_text("#panel dl")
    page.locator("path.leaflet-interactive").first.hover()
    tip = page.inner_text(".leaflet-tooltip .tip")
    assert {0.79996: ": 79 %", 0.99996: ": 99 %", 0.0001: ": below 1 %"}[share] in tip


def test_less_than_half_a_child_is_not_none_and_one_is_no_children(shown):
    def change(gaps):
        gaps.loc[(gaps["band"] == "all"), "children_uncovered"] = [1.0, 0.3]

    page = shown(change)
    assert "1 child" in page.inner_text("#panel .first")
    assert "1 children" not in page.inner_text("#panel")
    row = page.locator("#table tbody tr").nth(1)
    assert "below 1" in row.inner_text()
    row.locator("button").click()
    assert "below 1" in page.inner_text("#panel dl")


def test_classes_of_the_legend_are_cut_where_the_colours_are(shown):
    def change(gaps):
        gaps.loc[(gaps["band"] == "all"), "covered_share"] = 0.638

    def run(told):
        told["settings"]["target_share"] = 0.85

    page = shown(change, run)
    page.select_option("#show", "share")
    legend = page.inner_text("#legend")
    assert "63.75 % to under 85 %" in legend
    assert "64 %" not in legend


def test_a_legend_has_no_class_where_nothing_is_known(shown):
    page = shown(put(access_m2_per_child=(lambda g: g["band"] == "0-5", None)))
    page.select_option("#show", "m2")
    assert "and more" in page.inner_text("#legend")
    band(page, "0-5")
    assert "and more" not in page.inner_text("#legend")
    assert "Not surveyed or not known" in page.inner_text("#legend")


def test_what_the_pointer_rests_on_is_told_anew_with_the_band(shown):
    page = shown(put(covered_share=(lambda g: g["band"] == "0-5", 0.11)))
    page.locator("#band input").first.focus()
    page.locator("path.leaflet-interactive").first.hover()
    assert ": 11 %" not in page.inner_text(".leaflet-tooltip .tip")
    page.keyboard.press("ArrowRight")
    assert page.is_checked('#band input[value="0-5"]')
    assert ": 11 %" in page.inner_text(".leaflet-tooltip .tip")


def test_a_target_of_the_planner_is_no_distance_of_the_planner(shown):
    def run(told):
        told["settings"]["set_by_planner"] = ["target_share"]

    page = shown(run=run)
    assert "Limits set by the planner" not in page.inner_text("#banners")
    page.locator("#table tbody tr button").first.click()
    assert "Limits set by the planner" not in page.inner_text("#panel")
    assert "set by the planner" in page.inner_text("#norms")
