"""Proposing in a real browser, logged in: drawn by touch and by keys, answered, kept over a broken line, saved and sent."""

import contextlib
import json

import numpy as np
import people
import pytest
import service
import small
from browser import calm, chromium, faults, leading, live, reader, until
from sanchoi.api.app import create
from sanchoi.api.store import Proposal, User
from sanchoi.gis.cells import to_crs
from sqlalchemy import select

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process
WIDE, NARROW = (1280, 800), (360, 740)
HOME, VINTAGE = "Hòa Phú", "2025-07-01"
PAGE = "/vi/r/small/propose"
EXPECTED = "Failed to load resource"
"""What Chromium says of an answer that is an error, and of a line that is broken."""
LAND = ((700, 500), (740, 500), (740, 540), (700, 540))


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def app():
    made = create(service.settings())
    made.state.hasher = people.QUICK
    official = people.add(made.state.store, "commune", [HOME], VINTAGE, login="hanh", name="Chị Hạnh")
    with made.state.store.session() as session:
        session.get(User, official.user_id).password = people.QUICK.make(people.PASSWORD)
    return made


@pytest.fixture(scope="module")
def address(app):
    with live(app) as found:
        yield found


@pytest.fixture(scope="module")
def session(browser, address):
    """The cookie of somebody who has logged in by the form."""
    with reader(browser, address) as found:
        found.page.goto("/vi/account/login")
        found.page.locator("input[name=login]").fill("hanh")
        found.page.locator("input[name=password]").fill(people.PASSWORD)
        found.page.locator("input[name=password]").press("Enter")
        found.page.wait_for_url(lambda url: "login" not in url)
        return found.page.context.storage_state()


@pytest.fixture
def official(browser, address, session):
    """A page of theirs, by size of the screen; nothing is said on the console or asked of other hosts."""
    with contextlib.ExitStack() as opened:
        everyone = []

        def enter(size=WIDE, page=PAGE, **more):
            context = reader(browser, address, *size, reduced_motion="reduce", storage_state=session, **more)
            everyone.append(opened.enter_context(context))
            if page:
                go(everyone[-1].page, page)
            return everyone[-1]

        yield enter
        for found in everyone:
            assert [each for each in found.said if EXPECTED not in each] == []
            assert found.foreign() == []


def go(page, address=PAGE):
    page.goto(address)
    page.locator("#map[data-layers]").wait_for()


def degrees(x, y):
    lon, lat = to_crs(np.array([small.X + x]), np.array([small.Y + y]), small.CRS, "EPSG:4326")
    return [float(lat[0]), float(lon[0])]


def look_at(page, x, y, zoom=18):
    page.evaluate("([at, zoom]) => { Propose.map.setView(at, zoom, {animate: false}); }", [degrees(x, y), zoom])


def touch(page, x, y, tap=False):
    """Touch the map at a place of the small study."""
    js = "at => { const p = Propose.map.latLngToContainerPoint(at); return [p.x, p.y]; }"
    left, top = page.evaluate(js, degrees(x, y))
    box = page.locator("#map")
    box.scroll_into_view_if_needed()
    (box.tap if tap else box.click)(position={"x": left, "y": top})


def draw(page, corners=LAND, tap=False):
    look_at(page, 720, 520)
    for n, corner in enumerate(corners, 1):
        touch(page, *corner, tap=tap)
        page.locator(f"#corners:has(li:nth-child({n}))").wait_for(state="attached")  # a tap becomes a click later


def answered(page):
    head = page.locator("#answer .headline")
    head.wait_for()
    return head.inner_text()


def ring(page):
    return json.loads(page.locator("#form [name=geometry]").input_value())["coordinates"][0]


def kept(app):
    with app.state.store.reading() as session:
        return list(session.scalars(select(Proposal).order_by(Proposal.number)))


@pytest.mark.parametrize(("size", "more"), [(WIDE, {}), (NARROW, {"has_touch": True})], ids=["desktop", "phone"])
def test_drawn_answered_saved_and_sent(official, app, size, more):
    page = official(size, **more).page
    assert faults(page) == []
    draw(page, tap=bool(more))
    page.locator("#answer .headline", has_text="trẻ em").wait_for()  # three corners may have been answered before
    assert ring(page)[0] == ring(page)[-1]
    assert [pair[::-1] for pair in ring(page)[:4]] == [pytest.approx(degrees(*c), abs=3e-5) for c in LAND]
    page.locator("#done").click()
    page.locator("#name").fill("Bãi sau đình")
    page.locator("#cost").fill("nhiều")
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.locator("#cost-fault").wait_for()
    assert page.locator("#name").input_value() == "Bãi sau đình"
    assert faults(page) == []
    page.locator("#cost").fill("1,2 tỷ")
    page.locator("#land_use").select_option("BCS")
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.wait_for_url("**/proposals/*saved=1")
    assert faults(page) == []
    page.locator("#submit-reason").fill("Trẻ thôn 3 chưa có chỗ chơi")
    page.get_by_role("button", name="Gửi cho người thẩm định").click()
    page.wait_for_url("**/proposals/*sent=submit")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    found = kept(app)[-1]
    assert (found.name, found.state, found.cost) == ("Bãi sau đình", "submitted", 1.2e9 + (found.cost - 1.2e9))
    go(page)
    assert page.locator("#kept").is_hidden()  # what the service has is no draft any more


def test_corners_are_refused_moved_undone_and_typed(official):
    page = official().page
    look_at(page, 1000, 520)
    touch(page, 1050, 520)
    assert "nằm ngoài Hòa Phú" in page.locator("#hint").inner_text()
    assert page.locator("#corners li").count() == 0
    draw(page, [*LAND[:3], (690, 545)])
    pin = page.locator(".pp-pin").nth(3)
    box = pin.bounding_box()
    page.mouse.move(box["x"] + 17, box["y"] + 17)
    page.mouse.down()
    page.mouse.move(box["x"] + 47, box["y"] + 37, steps=4)
    page.mouse.up()
    moved = ring(page)[3]
    assert moved != pytest.approx(degrees(690, 545)[::-1], abs=2e-5)
    page.locator("#undo").click()
    assert ring(page)[3] == pytest.approx(degrees(690, 545)[::-1], abs=2e-5)
    page.locator("#typed summary").click()
    lat, lon = degrees(700, 540)
    last = page.locator("#corners input").nth(3)
    last.fill(f"{lon:.6f}; {lat:.6f}".replace(".", ","))  # the other way round, with commas
    last.press("Tab")
    assert ring(page)[3] == pytest.approx([lon, lat], abs=2e-6)
    last.fill("đâu đó")
    last.press("Tab")
    assert "Không đọc được" in page.locator("#hint").inner_text()
    page.get_by_role("button", name="Bỏ góc 4", exact=True).click()
    assert len(ring(page)) == 4
    page.locator("#add").fill(f"{lat:.6f}, {lon:.6f}")
    page.locator("#put").click()
    assert ring(page)[3] == pytest.approx([lon, lat], abs=2e-6)
    answered(page)
    assert page.locator("#no-answer").is_hidden()
    page.locator("#corners input").nth(1).fill(", ".join(map(str, degrees(740, 540))))
    page.locator("#corners input").nth(1).press("Tab")
    page.locator("#corners input").nth(2).fill(", ".join(map(str, degrees(740, 500))))
    page.locator("#corners input").nth(2).press("Tab")
    assert "số 8" in page.locator("#hint").inner_text()
    assert page.locator("#form [name=geometry]").input_value() == ""
    assert page.locator("#answer").inner_html() == "", "nothing is said of land that is there no more"
    assert page.locator("#no-answer").is_visible()
    assert page.locator("#short").is_hidden()


def test_by_keys_alone(official, app):
    page = official().page
    look_at(page, 720, 520)
    page.locator("#map").focus()
    for keys in (
        ["Enter"],
        ["ArrowRight"] * 3 + ["Enter"],
        ["ArrowDown"] * 3 + ["Enter"],
        ["ArrowLeft", "Enter", "Backspace"],
    ):
        for key in keys:
            page.keyboard.press(key)
            calm(page)
    assert page.locator("#corners li").count() == 3
    before = ring(page)
    page.locator(".pp-pin").first.focus()
    page.keyboard.press("ArrowUp")
    assert ring(page)[0][1] > before[0][1]
    assert ring(page)[0][0] == pytest.approx(before[0][0], abs=1e-6)
    answered(page)
    page.locator("#done").focus()
    page.keyboard.press("Enter")
    page.locator("#name").focus()
    page.keyboard.type("Bằng phím")
    page.keyboard.press("Enter")
    page.wait_for_url("**/proposals/*saved=1")
    assert kept(app)[-1].name == "Bằng phím"


def test_a_broken_line_loses_nothing_and_makes_one_proposal(official, app):
    found = official()
    page = found.page
    draw(page)
    answered(page)
    page.locator("#name").fill("Mạng đứt")
    page.locator("#note").fill("dòng một\ndòng hai")
    count = len(kept(app))
    found.page.context.set_offline(True)
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.locator("#sending", has_text="mạng yếu hoặc mất").wait_for()
    page.close()  # the browser was shut in despair
    found.page.context.set_offline(False)  # not before: a page that is open sends at once
    page = found.page.context.new_page()
    assert len(kept(app)) == count
    go(page)
    page.locator("#kept", has_text="Mạng đứt").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="Mở lại").click()
    assert page.locator("#note").input_value() == "dòng một\ndòng hai"
    assert page.locator(".pp-pin").count() == 4
    answered(page)
    # the answer to a first sending is lost on the way: it is sent again by itself
    lost = []

    def drop(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/r/small/propose", drop)
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.wait_for_url("**/proposals/*saved=1")
    assert lost == [201]
    assert len(kept(app)) == count + 1
    go(page)
    assert page.locator("#kept").is_hidden()


def test_the_answer_waits_for_a_slow_line_and_the_newest_wins(official):
    page = official().page
    asked = []

    def slow(route):
        asked.append(route.request.post_data)
        if len(asked) in (1, 3):
            route.abort()
        else:
            route.continue_()

    page.route("**/propose/answer", slow)
    page.evaluate(
        "() => { const at = Propose.by('waiting'); window.heard = []; "
        "new MutationObserver(() => heard.push(at.textContent)).observe(at, {childList: true}); }"
    )
    draw(page, LAND[:3])
    until(page, "heard.some(text => text.includes('Sẽ thử lại sau 2 giây'))")  # it stands there for two seconds only
    answered(page)
    assert len(asked) == 2
    page.evaluate("Propose.pause = () => 600")
    touch(page, *LAND[3])
    page.locator("#waiting", has_text="Sẽ thử lại sau 600 giây").wait_for()
    page.locator("#undo").click()  # whoever goes on drawing does not wait
    page.locator("#waiting:empty").wait_for(state="attached")
    assert len(asked) == 4
    page.locator("#land_use").select_option("LUC")
    page.locator("#answer", has_text="LUC").wait_for()
    assert page.locator("#waiting").inner_text() == ""


def test_two_who_edit_at_once_lose_nothing(official, app):
    page = official().page
    draw(page)
    page.locator("#name").fill("Hai người")
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.wait_for_url("**/proposals/*saved=1")
    at = page.url.split("?")[0]
    go(page, at + "/edit")
    other = page.context.new_page()
    go(other, at + "/edit")
    other.locator("#note").fill("của máy kia")
    other.get_by_role("button", name="Lưu thay đổi").click()
    other.wait_for_url("**saved=1")
    page.locator("#note").fill("của máy này")
    page.get_by_role("button", name="Lưu thay đổi").click()
    page.locator("#difference").wait_for()
    assert faults(page) == []
    assert "của máy kia" in page.locator("#difference").inner_text()
    assert page.locator("#note").input_value() == "của máy này"
    page.get_by_role("button", name="Lưu thay đổi").click()
    page.wait_for_url("**saved=1")
    assert "của máy này" in page.locator("main").inner_text()


def test_a_table_works_where_no_script_runs(official):
    page = official(page=None, java_script_enabled=False).page
    page.goto(PAGE + "/corners")
    rows = [f"{n} {small.Y + y:.2f} {small.X + x:.2f}" for n, (x, y) in enumerate(LAND, 1)]
    page.locator("#table").fill("\n".join(rows))
    for button in ("Đọc bảng này", "Đúng, làm tiếp"):
        with leading(page):
            page.get_by_role("button", name=button).click()
    page.locator("#form #name").fill("Không có JavaScript")
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.locator("h1", has_text="Không có JavaScript").wait_for()


def test_corners_are_typed_into_a_table_that_grows(official):
    page = official(NARROW, page=None).page
    page.goto(PAGE + "/corners")
    cells = page.locator("#grid tbody input")
    assert cells.count() == 12
    for n, (x, y) in enumerate(LAND):
        cells.nth(3 * n + 1).fill(f"{small.Y + y:.2f}")
        cells.nth(3 * n + 2).fill(f"{small.X + x:.2f}")
    assert cells.count() == 15  # a line is always free
    page.get_by_role("button", name="Bỏ, dòng 2", exact=True).click()
    rows = [line.split("\t") for line in page.locator("#table").input_value().split("\n")]
    assert [row[0] for row in rows] == ["1", "3", "4"]
    assert rows[1][1:] == [f"{small.Y + 540:.2f}", f"{small.X + 740:.2f}"]
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    page.locator("#table").fill("không phải tọa độ")
    assert page.locator("#grid").is_hidden()
    page.get_by_role("button", name="Đọc bảng này").click()
    page.locator("#refusal").wait_for()
    assert page.locator("#table").input_value() == "không phải tọa độ"


def test_over_a_broken_line_nothing_is_said_of_other_land(official):
    page = official(NARROW).page
    draw(page)
    answered(page)
    page.locator("#answer .headline", has_text="trẻ em").wait_for()
    assert page.locator("#short").is_visible()
    page.evaluate(
        "() => { const was = Propose.showUsable; window.shapes = []; Propose.showUsable = s => { shapes.push(s); was(s); }; }"
    )
    page.context.set_offline(True)
    page.locator(".pp-pin").first.focus()
    page.keyboard.press("Shift+ArrowUp")
    assert page.locator("#short").is_hidden(), "over the map nothing is said of land that is drawn no more"
    page.locator("#waiting", has_text="mạng yếu hoặc mất").wait_for()
    assert page.locator("#answer").inner_html() == ""
    assert page.locator("#no-answer").is_hidden(), "there are three corners"
    assert page.evaluate("shapes.at(-1)") is None
    page.context.set_offline(False)
    answered(page)
    assert page.locator("#short").is_visible()
    # an answer to the land before, which comes while one draws on, is not taken for that of the new land
    held = []
    page.route("**/propose/answer", lambda route: held.append(route))
    page.locator("#land_use").select_option("LUC")
    page.locator("#waiting", has_text="Đang tính").wait_for()
    page.locator(".pp-pin").first.focus()
    page.keyboard.press("Shift+ArrowUp")
    with contextlib.suppress(Exception):
        held[0].fulfill(json={"html": "<p class='headline'>cũ</p>", "sentence": "cũ"})
    page.wait_for_timeout(200)
    assert "cũ" not in page.locator("#answer").inner_text()
    page.unroute("**/propose/answer")
    told = {"title": "Quá lớn", "detail": "Bớt đi."}
    page.route("**/propose/answer", lambda route: route.fulfill(status=413, json=told))
    page.keyboard.press("Shift+ArrowUp")
    page.locator("#answer .problem", has_text="Bớt đi.").wait_for()
    assert page.locator("#no-answer").is_hidden()
    assert page.locator("#short").inner_text().startswith("Quá lớn")


def test_a_draft_without_land_brings_an_empty_map(official):
    page = official().page
    draw(page)
    page.locator("#name").fill("Chưa vẽ")
    page.locator("#clear").click()
    go(page)
    draw(page)
    answered(page)
    assert page.locator("#undo").is_enabled()
    page.get_by_role("button", name="Mở lại").first.click()
    assert page.locator("#name").input_value() == "Chưa vẽ"
    assert page.locator("#form [name=geometry]").input_value() == ""
    assert page.locator(".pp-pin").count() == 0
    assert page.locator("#answer").inner_html() == ""
    page.evaluate("localStorage.clear()")


def test_words_of_a_refusal_go_with_their_reason(official):
    page = official().page
    draw(page, (LAND[0], LAND[2], LAND[1], LAND[3]))  # crosses itself
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.locator("#name-fault").wait_for()
    assert page.locator("#sending").inner_text() != ""
    page.locator("#name").fill("Có tên")
    assert page.locator("#name-fault").count() == 0
    assert page.locator("#name").get_attribute("aria-invalid") is None
    page.locator("#undo").click()
    assert ring(page)
    assert page.locator("#sending").inner_text() == ""
    page.evaluate("localStorage.clear()")


def test_undo_is_there_as_soon_as_there_is_something_to_undo(official):
    page = official(page=None).page
    page.goto(PAGE + "?parcel=P1")
    page.locator("#map[data-layers]").wait_for()
    before = ring(page)
    assert page.locator("#undo").is_disabled()
    page.locator(".pp-pin").first.focus()
    page.keyboard.press("Shift+ArrowUp")
    assert page.locator("#undo").is_enabled()
    page.locator("#undo").click()
    assert ring(page) == [pytest.approx(pair, abs=1e-7) for pair in before]
    page.evaluate("localStorage.clear()")


def test_a_land_does_not_stand_on_its_own_ground(official):
    page = official().page
    draw(page, [(x - 60, y) for x, y in LAND])
    page.locator("#name").fill("Chính nó")
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.wait_for_url("**/proposals/*saved=1")
    go(page, page.url.split("?")[0] + "/edit")
    assert "Chính nó" not in page.locator("#answer").inner_text()
    page.locator("#land_use").select_option("LUC")
    page.locator("#answer", has_text="LUC").wait_for()
    assert "Chính nó" not in page.locator("#answer").inner_text(), "it is no other proposal on this ground"


def test_what_was_read_of_a_table_goes_when_the_table_is_changed(official):
    page = official(page=None).page
    page.goto(PAGE + "/corners")
    rows = [f"{n} {small.Y + y:.2f} {small.X + x:.2f}" for n, (x, y) in enumerate(LAND, 1)]
    page.locator("#table").fill("\n".join(rows))
    for button in ("Đọc bảng này", "Đúng, làm tiếp"):
        with leading(page):
            page.get_by_role("button", name=button).click()
    page.locator("#form #name").fill("Từ bảng")
    cell = page.locator("#grid tbody input").nth(1)
    was = cell.input_value()
    cell.fill(f"{small.Y + 490:.2f}")
    for each in ("section[aria-labelledby=read-title]", ".pp-answer", "#details"):
        assert page.locator(each).is_hidden(), "what is saved is what the table says"
    cell.fill(was)
    page.locator("#table").fill("\n".join(rows))
    assert page.locator("#details").is_visible()
    page.locator("#table").fill("\n".join([rows[0].replace(f"{small.Y + 500:.2f}", f"{small.Y + 490:.2f}"), *rows[1:]]))
    with leading(page):
        page.get_by_role("button", name="Đọc bảng này").click()
    with leading(page):
        page.get_by_role("button", name="Đúng, làm tiếp").click()
    assert page.locator("#form #name").input_value() == "Từ bảng", "what was typed below it is carried along"


def test_a_draft_of_other_land_is_not_opened_beside_a_picture(official):
    page = official().page
    draw(page)
    page.locator("#name").fill("Vẽ trước")
    page.goto(PAGE + "/corners")
    rows = [f"{n} {small.Y + y:.2f} {small.X + x - 60:.2f}" for n, (x, y) in enumerate(LAND, 1)]
    page.locator("#table").fill("\n".join(rows))
    for button in ("Đọc bảng này", "Đúng, làm tiếp"):
        with leading(page):
            page.get_by_role("button", name=button).click()
    page.locator("#form #name").wait_for()
    assert page.locator("#kept").is_hidden()
    go(page)
    assert page.locator("#kept", has_text="Vẽ trước").is_visible()
    page.evaluate("localStorage.clear()")


def test_who_comes_back_to_a_parcel_sees_no_answer_to_other_land(official):
    page = official(page=None).page
    page.goto(PAGE + "?parcel=P1")
    page.locator("#map[data-layers]").wait_for()
    before, land_use = ring(page), page.locator("#land_use").input_value()
    page.locator(".pp-pin").first.focus()
    page.keyboard.press("Shift+ArrowUp")
    page.locator("#land_use").select_option("LUC")
    page.locator("#answer", has_text="LUC").wait_for()
    page.goto("/vi/r/small/communes")
    page.go_back()
    page.locator("#map[data-layers]").wait_for()
    assert ring(page) == before
    assert page.locator("#land_use").input_value() == land_use
    page.evaluate("localStorage.clear()")
