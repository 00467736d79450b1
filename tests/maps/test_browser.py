"""The pages in a real browser with the network switched off: what the planner sees and can do."""

import pytest
import small
from browser import calm, chromium, visit
from hostile import hostile
from sanchoi.api.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    assert main(["demo", "--out", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture
def shown(browser, demo):
    with visit(browser, demo / "maps" / "gap.html") as found:
        yield found
        assert found.said == []
        assert found.outside == []


def test_it_opens_from_a_file_without_network_and_says_that_it_is_synthetic(shown):
    assert "hư cấu" in shown.page.inner_text("#banners")
    assert shown.page.locator("path.leaflet-interactive").count() >= 25
    assert " km" in shown.page.inner_text(".leaflet-control-scale")
    assert "synthetic demo" in shown.page.inner_text("#credit")


def test_both_languages(shown):
    assert shown.page.inner_text("h1") == "Bản đồ thiếu sân chơi"
    shown.page.click('button[data-language="en"]')
    assert shown.page.inner_text("h1") == "Play area gap map"
    assert "Synthetic demo" in shown.page.inner_text("#banners")
    assert "Out of reach" in shown.page.inner_text("#legend")


@pytest.mark.parametrize("asked", ["cho lua", "Chợ Lụa", "CHO LU"])
def test_search_needs_no_accents_and_opens_the_panel(shown, asked):
    shown.page.fill("#search", asked)
    shown.page.keyboard.press("Enter")
    panel = shown.page.inner_text("#panel")
    assert "Chợ Lụa" in panel
    assert "2.829" in panel
    assert "đi bộ được tới" in panel


@pytest.mark.parametrize("asked", ["arong", "a rong", "A’Rồng", "xã A'Rồng"])
def test_names_of_the_mountains_are_found_however_they_are_typed(shown, asked):
    shown.page.fill("#search", asked)
    shown.page.keyboard.press("Enter")
    assert "A'Rồng" in shown.page.inner_text("#panel")


def test_outlines_and_dots_are_no_stops_of_the_tab_key(shown):
    stops = shown.page.locator("path.leaflet-interactive").evaluate_all(
        "all => all.map(each => each.getAttribute('tabindex'))"
    )
    assert len(stops) > 25
    assert set(stops) == {"-1"}


def test_the_river_stays_above_a_chosen_commune(shown):
    shown.page.fill("#search", "Bến Cau")
    shown.page.keyboard.press("Enter")
    last = shown.page.locator(".leaflet-overlay-pane path").last
    assert last.get_attribute("stroke") == shown.page.evaluate(
        "JSON.parse(document.getElementById('record').textContent).style.barrier"
    )


def test_on_paper_the_whole_district_is_shown(shown):
    shown.page.emulate_media(media="print")
    shown.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    calm(shown.page)
    area = shown.page.locator("#map-area").bounding_box()
    boxes = [path.bounding_box() for path in shown.page.locator(".leaflet-overlay-pane path").all()]
    inside = [
        b for b in boxes if b and b["y"] >= area["y"] - 1 and b["y"] + b["height"] <= area["y"] + area["height"] + 1
    ]
    assert len(inside) >= 25


def test_the_table_is_reached_and_sorted_by_keyboard_alone(shown):
    shown.page.keyboard.press("Tab")
    shown.page.keyboard.press("Enter")  # the link that skips to the table
    shown.page.wait_for_selector("#table-area:focus")  # with the next frame
    shown.page.locator('#table th button[data-column="children"]').focus()
    shown.page.keyboard.press("Enter")
    first = shown.page.locator("#table tbody tr").first.inner_text()
    assert "Chợ Lụa" in first  # 2,829 children, the most
    shown.page.locator("#table tbody tr button").first.focus()
    shown.page.keyboard.press("Enter")
    assert "Chợ Lụa" in shown.page.inner_text("#panel")


def test_the_band_switch_changes_numbers_and_legend(shown):
    shown.page.fill("#search", "Chợ Lụa")
    shown.page.keyboard.press("Enter")
    before = shown.page.inner_text("#panel")
    shown.page.get_by_label("0-5 tuổi").check(force=True)
    assert shown.page.inner_text("#panel") != before
    assert "0-5 tuổi" in shown.page.inner_text("#legend")


@pytest.mark.parametrize(("show", "word"), [("walk", "300 m"), ("circle", "vòng tròn"), ("children", "trẻ")])
def test_every_way_to_colour_brings_its_own_legend(shown, show, word):
    status = shown.page.inner_text("#legend")
    shown.page.select_option("#show", show)
    legend = shown.page.inner_text("#legend")
    assert legend != status
    assert word in legend.lower() or word in legend


def test_a_play_area_shows_its_catchment_against_the_circle(shown):
    shown.page.get_by_label("0-5 tuổi").check(force=True)
    assert shown.page.locator('path[stroke-dasharray="6 6"]').count() == 0
    shown.page.locator(".leaflet-sites-pane path.leaflet-interactive").nth(20).dispatch_event("click")
    shown.page.wait_for_selector('path[stroke-dasharray="6 6"]', state="attached")  # the circle
    panel = shown.page.inner_text("#panel")
    assert "300 m" in panel
    assert "đường chim bay" in panel


def test_a_phone_shows_map_and_controls_without_sideways_scrolling(browser, demo):
    with visit(browser, demo / "maps" / "gap.html", 360, 640) as found:
        assert found.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert found.page.locator("#map-area").bounding_box()["width"] > 300
        assert found.page.locator("#table thead").bounding_box()["height"] < 200  # words, not letters, under each other
        assert found.page.locator("#table tbody tr").first.bounding_box()["height"] < 90
        top = {name: found.page.locator(name).bounding_box()["y"] for name in ("#map-area", "#legend-area")}
        assert top["#map-area"] < top["#legend-area"]


def test_names_that_try_to_become_markup_are_shown_as_text(browser, tmp_path):
    folder = hostile(tmp_path / "study")
    assert main(["run", str(folder), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    with visit(browser, tmp_path / "out" / "maps" / "gap.html") as found:
        found.page.fill("#search", "img")
        found.page.keyboard.press("Enter")
        calm(found.page)
        assert '<img src=x onerror="alert(1)">' in found.page.inner_text("#table")
        assert '<img src=x onerror="alert(1)">' in found.page.inner_text("#panel")
        assert found.page.locator("img:not(.leaflet-image-layer)").count() == 0
        assert found.said == []
        assert found.outside == []


def test_the_front_page_needs_no_script_and_leads_to_the_map(browser, demo):
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto((demo / "index.html").as_uri())
    assert "hư cấu" in page.inner_text("body")
    assert page.locator('a[href^="maps/gap.html"]').count() >= 1
    context.close()


def test_an_unsurveyed_study_shows_need_and_no_deficit(browser, tmp_path):
    folder = small.write(tmp_path / "study")
    text = (folder / "study.toml").read_text("utf-8").replace("surveyed = true", "surveyed = false")
    head, rest = text.split("[play_areas]")
    (folder / "study.toml").write_text(head + rest[rest.index("[network]") :], "utf-8")
    assert main(["run", str(folder), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    with visit(browser, tmp_path / "out" / "maps" / "gap.html") as found:
        values = found.page.locator("#show option").evaluate_all("all => all.map(each => each.value)")
        assert "children" in values
        assert not {"share", "m2", "walk", "circle"} & set(values)
        assert "not known" in found.page.inner_text("#panel")
