"""The what-if page in a real browser: drawn, typed, kept, compared; by mouse and by keyboard alone; desktop and phone."""

import contextlib
import json

import pytest
import service
import what_if_town as town
from browser import chromium, faults, leading, live, reader
from sanchoi.api.app import create

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process
WIDE, NARROW = (1280, 800), (360, 740)
PAGE = "/vi/r/town/what-if"
EXPECTED = "Failed to load resource"
"""What Chromium says of an answer that is an error, as a conflict is."""


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address():
    with live(create(service.settings(town.result(), service.hostile_result()))) as found:
        yield found


@pytest.fixture
def sight(browser, address):
    """A reader on a desktop; at the end nothing was said on the console and nothing asked of other hosts."""
    with reader(browser, address, *WIDE, reduced_motion="reduce") as found:
        yield found
        assert found.said == []
        assert found.foreign() == []


def opened(found, path=PAGE):
    found.page.goto(path)
    found.page.locator("#map .wi-name").first.wait_for(state="attached")
    return found.page


@contextlib.contextmanager
def asking(page):
    """What is done inside opens the page with changes, which its script asks about by itself: until that is shown."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        yield
    page.locator("#sentence:not(.waiting)").wait_for()


def touch(page, x, y):
    """Touch the map at a place of the drawing."""
    lon, lat = town.at(x, y)
    js = "([lat, lon]) => { const p = WhatIf.map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }"
    left, top = page.evaluate(js, [lat, lon])
    page.locator("#map").scroll_into_view_if_needed()
    page.locator("#map").click(position={"x": left, "y": top})


def look_at(page, x, y, zoom=16):
    page.evaluate("([at, zoom]) => WhatIf.map.setView(at, zoom, {animate: false})", [town.at(x, y)[::-1], zoom])


def said(page, words):
    page.locator("#sentence", has_text=words).wait_for()
    return page.locator("#sentence").text_content()


def numbers(page):
    return [row.split() for row in page.locator("#bands tbody tr").all_inner_texts()]


def listed(page):
    return page.locator("#list li > span").all_text_contents()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desktop", "phone"])
@pytest.mark.parametrize(("lang", "gain", "status"), [("vi", "20 trẻ em", "Đạt"), ("en", "20 more children", "Met")])
def test_a_point_is_drawn_and_answered(browser, address, size, lang, gain, status):
    with reader(browser, address, *size, reduced_motion="reduce") as found:
        page = opened(found, f"/{lang}/r/town/what-if")
        assert faults(page) == []
        page.locator("button[data-mode=point]").click()
        touch(page, 1250, 500)
        assert gain in said(page, gain)
        assert page.locator("#changed tbody b .status").inner_text().strip() == status
        assert [row[-1] for row in numbers(page)] == ["9", "11", "20"]
        assert page.locator("#legend").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert faults(page) == []
        page.locator("#list input").fill("2.000" if lang == "vi" else "2,000")
        page.locator("#list input").press("Tab")
        page.locator("#list li > span", has_text="2.000" if lang == "vi" else "2,000").wait_for()
        assert found.said == []
        assert found.foreign() == []


def test_an_outline_is_drawn_corner_by_corner(sight):
    page = opened(sight)
    look_at(page, 1250, 500)
    page.locator("button[data-mode=outline]").click()
    for corner in ((1200, 450), (1300, 450), (1310, 560), (1250, 640), (1190, 560)):
        touch(page, *corner)
    page.locator("#undo").click()
    page.locator("#done").click()
    said(page, "Nếu thêm 1 sân chơi")
    assert listed(page) == ["Sân chơi mới theo hình vẽ, 4 góc"]
    ring = page.evaluate("WhatIf.changes[0].geometry.coordinates[0]")
    assert ring[0] == ring[-1]
    assert ring[0] == pytest.approx(town.at(1200, 450), abs=3e-5)
    # drag the first corner: the last one, which is the same, goes along
    corner = page.locator(".wi-corner").first.bounding_box()
    page.mouse.move(corner["x"] + 10, corner["y"] + 10)
    page.mouse.down()
    page.mouse.move(corner["x"] - 30, corner["y"] + 40, steps=4)
    page.mouse.up()
    moved = page.evaluate("WhatIf.changes[0].geometry.coordinates[0]")
    assert moved[0] == moved[-1] != ring[0]
    assert moved[1:-1] == ring[1:-1]


def test_an_outline_ends_at_its_first_corner_and_may_be_given_up(sight):
    page = opened(sight)
    look_at(page, 1250, 500)
    page.locator("button[data-mode=outline]").click()
    touch(page, 1200, 450)
    page.keyboard.press("Escape")
    assert page.locator(".wi-corner").count() == 0
    page.locator("button[data-mode=outline]").click()
    for corner in ((1200, 450), (1300, 450), (1300, 550), (1200, 450)):
        touch(page, *corner)
    said(page, "Nếu thêm 1 sân chơi")
    assert listed(page) == ["Sân chơi mới theo hình vẽ, 3 góc"]


def test_a_footbridge_a_closing_an_enlarging_and_a_removal(sight):
    page = opened(sight)
    look_at(page, 250, 600)
    page.locator("button[data-mode=footbridge]").click()
    touch(page, 250, 500.0 + 2)
    touch(page, 250, 700)
    page.locator("#done").click()
    said(page, "6 trẻ em nữa")
    assert [row[-1] for row in numbers(page)] == ["2", "4", "6"]
    look_at(page, 1750, 500)
    page.locator("button[data-mode=close]").click()
    touch(page, 1750, 500)
    said(page, "20 trẻ em không còn đi bộ tới được sân chơi nào")
    look_at(page, 250, 500)
    page.locator("#size").fill("900")
    page.locator("button[data-mode=enlarge]").click()
    touch(page, 250, 500)
    page.locator("#list li", has_text="Mở rộng A lên 900 m²").wait_for()
    assert listed(page) == ["Cầu đi bộ mới", "Đóng B", "Mở rộng A lên 900 m²"]
    page.locator("#list button").nth(1).click()
    page.locator("#sentence", has_text="không còn").wait_for(state="detached")
    assert listed(page) == ["Cầu đi bộ mới", "Mở rộng A lên 900 m²"]
    assert page.evaluate("document.activeElement.id") == "list-title"
    # the other language has the same list, and says the same of it as the server does
    with leading(page):
        page.locator("#languages a", has_text="English").click()
    page.locator("#map .wi-name").first.wait_for(state="attached")
    assert listed(page) == ["New footbridge", "Enlarge A to 900 m²"]


def test_the_script_and_the_server_say_the_same(browser, address, sight):
    outline = {
        "action": "add",
        "geometry": {
            "type": "Polygon",
            "coordinates": [[town.at(1200, 450), town.at(1300, 450), town.at(1300, 550), town.at(1200, 450)]],
        },
        "area_m2": 1234.4,
    }
    changes = [
        town.BETWEEN,
        outline,
        {**town.BRIDGE, "kind": "crossing"},
        {"action": "enlarge", "play_area_id": "A", "area_m2": 900},
        town.CLOSE_B,
    ]
    path = PAGE + "?changes=" + json.dumps(changes, ensure_ascii=False)
    with reader(browser, address, *WIDE, java_script_enabled=False) as plain:
        plain.page.goto(path)
        assert plain.page.locator("svg.wi-picture").is_visible()
        expected = [
            plain.page.locator(each).all_inner_texts()
            for each in ("#list li > span", "#sentence", "#bands tr", "#changed tr")
        ]
    with asking(sight.page):
        page = opened(sight, path)
    tidy = [
        [" ".join(text.split()) for text in page.locator(each).all_inner_texts()]
        for each in ("#list li > span", "#sentence", "#bands tr", "#changed tr")
    ]
    assert tidy == [[" ".join(text.split()) for text in each] for each in expected]


def test_without_a_script_everything_can_be_done(browser, address):
    with reader(browser, address, *NARROW, java_script_enabled=False) as found:
        page = found.page
        page.goto(PAGE)
        lon, lat = town.at(1250, 500)
        page.fill("#point-lon", str(lon))
        page.fill("#point-lat", str(lat))
        with leading(page):
            page.locator("#forms form", has=page.locator("#point-lon")).get_by_role("button").click()
        assert "20 trẻ em" in page.locator("#sentence").text_content()
        page.fill("#name", "Không cần script")
        with leading(page):
            page.locator("form.wi-save button").first.click()
        assert page.locator("h1").text_content() == "Phương án “Không cần script”"


def test_by_keyboard_alone(sight):
    page = opened(sight)
    page.locator("#forms summary", has_text="Đặt sân chơi tại một điểm").focus()
    page.keyboard.press("Enter")
    lon, lat = town.at(1250, 500)
    page.keyboard.press("Tab")
    page.keyboard.type(str(lon).replace(".", ","))
    page.keyboard.press("Tab")
    page.keyboard.type(str(lat))
    page.keyboard.press("Enter")
    said(page, "20 trẻ em")
    page.locator("#list-title:focus").wait_for()
    page.keyboard.press("Tab")  # to the m² of the new play area
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Bỏ: Sân chơi mới, 500 m²"
    page.keyboard.press("Enter")
    page.locator("#empty").wait_for()
    page.locator("#sentence:empty").wait_for(state="attached")
    page.locator("button[data-mode=point]").focus()
    page.keyboard.press("Enter")
    assert page.locator("button[data-mode=point]").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Escape")
    assert page.locator("button[data-mode=point]").get_attribute("aria-pressed") == "false"


def test_what_is_refused_is_told_beside_the_list(browser, address):
    with reader(browser, address, *WIDE) as found:
        page = opened(found, PAGE + "?changes=" + json.dumps([town.CLOSE_B]))
        page.locator("#forms summary", has_text="Đóng một sân chơi").click()
        page.select_option("#close-play_area", "B")
        page.locator("#forms form", has=page.locator("#close-play_area")).get_by_role("button").click()
        page.locator("#problem", has_text="sân chơi B").wait_for()
        assert page.locator("#sentence").text_content() == ""
        page.locator("#list button").last.click()
        said(page, "Nếu đóng 1 sân chơi")
        assert not page.locator("#problem").is_visible()
        assert all(EXPECTED in text for text in found.said)
        assert found.foreign() == []


def test_over_a_broken_line_nothing_is_said_of_another_list(browser, address):
    with reader(browser, address, *WIDE, reduced_motion="reduce") as found:
        page = opened(found)
        page.locator("button[data-mode=point]").click()
        touch(page, 1250, 500)
        said(page, "20 trẻ em")
        assert page.locator("#answer").is_visible()
        page.context.set_offline(True)
        page.locator("#list input").fill("700")
        page.locator("#list input").press("Tab")
        page.locator("#problem").wait_for()
        assert page.locator("#sentence").text_content() == ""
        assert page.locator("#answer").is_hidden()
        page.context.set_offline(False)
        page.locator("#list input").fill("800")
        page.locator("#list input").press("Tab")
        said(page, "20 trẻ em")
        assert page.locator("#problem").is_hidden()
        assert page.locator("#answer").is_visible()
        assert all(EXPECTED in text for text in found.said)


def test_a_scenario_is_saved_opened_compared_and_a_conflict_loses_nothing(browser, address):
    with reader(browser, address, *WIDE) as found:
        page = opened(found)
        page.locator("button[data-mode=point]").click()
        touch(page, 1250, 500)
        said(page, "20 trẻ em")
        page.fill("#name", "Một")
        with leading(page):
            page.get_by_role("button", name="Lưu", exact=True).click()
        assert page.locator("h1").text_content() == "Phương án “Một”"
        assert faults(page) == []
        with asking(page), leading(page):  # the answer may move the map
            page.get_by_role("link", name="Sửa phương án này").click()
        page.locator("#map .wi-name").first.wait_for(state="attached")
        assert listed(page) == ["Sân chơi mới, 500 m²"]
        with reader(browser, address, *WIDE) as other:  # somebody else, at the same time
            theirs = opened(other, page.url.removeprefix(address))
            theirs.fill("#name", "Của người kia")
            with leading(theirs):
                theirs.get_by_role("button", name="Lưu", exact=True).click()
            assert theirs.locator("h1").text_content() == "Phương án “Của người kia”"
        look_at(page, 1750, 500)
        page.locator("button[data-mode=close]").click()
        touch(page, 1750, 500)
        said(page, "không còn")
        with leading(page):
            page.get_by_role("button", name="Lưu", exact=True).click()
        page.get_by_role("alert").first.get_by_text("không mất").wait_for()
        assert listed(page) == ["Sân chơi mới, 500 m²", "Đóng B"]
        said(page, "không còn")
        assert faults(page) == []
        page.fill("#name", "Hai")
        with leading(page):
            page.get_by_role("button", name="Lưu thành phương án mới").click()
        assert page.locator("h1").text_content() == "Phương án “Hai”"
        with leading(page):
            page.get_by_role("button", name="So sánh").click()
        page.locator("#effects").wait_for()
        assert faults(page) == []
        page.goto("/vi/r/town/scenarios")
        assert faults(page) == []
        page.set_viewport_size({"width": 360, "height": 740})
        for path in ("/vi/r/town/scenarios", page.locator("tbody th a").first.get_attribute("href")):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert all(EXPECTED in text for text in found.said)
        assert found.foreign() == []


def test_hostile_names_do_nothing_in_the_script(browser, address):
    with reader(browser, address, *WIDE) as found:
        with asking(found.page):
            page = opened(found, "/vi/r/hostile/what-if?changes=" + json.dumps([town.NEW]))
        said(page, "Nếu")
        assert page.locator("main img").count() == 0
        assert "onerror" in page.locator("#changed").inner_text() + page.locator("#commune").inner_text()
        assert found.said == []
        assert found.foreign() == []
