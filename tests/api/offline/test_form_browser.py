"""The form in a browser, opened from a disk with the network switched off: drawn, typed, saved, closed, opened, handed in."""

import base64
import contextlib
import functools
import json
import math
import random
import re

import browser as browsers
import people
import pyproj
import pytest
import service
import shapely
import small
from browser import Visit, faults, leading, until
from offline_file import HOME, VINTAGE, entry_of, made, photo
from PIL import Image
from sanchoi.api.offline import form
from sanchoi.gis import corners


@pytest.fixture(scope="module")
def chromium():
    with browsers.chromium() as started:
        yield started


@functools.cache
def written():
    path = service.shelf() / "to-khai.html"
    path.write_bytes(made(service.result(), HOME))
    return path


@contextlib.contextmanager
def opened(chromium, path=None, width=1280, height=900, **more):
    """The form from the disk, in a browser that cannot reach anything; nothing may be asked of the network or go wrong."""
    context = chromium.new_context(viewport={"width": width, "height": height}, offline=True, **more)
    found = Visit(context.new_page())
    found.page.goto((path or written()).resolve().as_uri())
    yield found
    assert [url for url in found.outside if not url.startswith("blob:")] == []
    assert found.said == []
    context.close()


def put(page, *places):
    """Press the map at shares of its width and height."""
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map").bounding_box()
    for x, y in places:
        page.locator("#map").click(position={"x": box["width"] * x, "y": box["height"] * y})


def told(page):
    return " ".join(page.locator("#told").inner_text().split())


def saved(page, button="#save"):
    with page.expect_download() as coming:
        page.click(button)
    return coming.value


def corner_texts(page):
    rows = page.locator("#corners tbody tr")
    return [[rows.nth(k).locator("input").nth(i).input_value() for i in (0, 1)] for k in range(rows.count())]


def type_corners(page, *places):
    """Type X (north) and Y (east) of corners of the small study with the keyboard."""
    page.locator("#typing").evaluate("node => { node.open = true; }")
    page.focus("#x-0")
    for k, (x, y) in enumerate(places):
        if k > 2:
            page.click("#more")
        page.focus(f"#x-{k}")
        page.keyboard.type(f"{small.Y + y:.2f}".replace(".", ","))
        page.keyboard.press("Tab")
        page.keyboard.type(f"{small.X + x:.2f}")
        page.keyboard.press("Tab")


SQUARE = [(600, 700), (650, 700), (650, 740), (600, 740)]


def test_drawn_saved_and_handed_in_twice(chromium, tmp_path):
    picture = tmp_path / "lối vào.jpg"
    Image.new("RGB", (4000, 1000), (90, 140, 60)).save(picture, "JPEG")
    with opened(chromium) as seen:
        page = seen.page
        assert "Chưa có điểm góc nào" in told(page)
        put(page, (0.42, 0.4), (0.5, 0.4), (0.5, 0.5), (0.42, 0.5))
        assert "Nằm trọn trong Hòa Phú." in told(page)
        page.fill("#name", "Sân chơi thôn 2")
        page.select_option("#land_use", "BCS")
        page.fill("#backer", "Ông Trần Văn B")
        page.fill("#cost", "400.000.000 đ")
        assert page.inner_text("#cost-said") == "400.000.000 đồng"
        page.set_input_files("#photos", str(picture))
        page.wait_for_selector("#pictures img")
        file = saved(page)
        assert re.fullmatch(r"de-xuat-san-choi-thon-2-[0-9a-f]{6}\.sanchoi\.json", file.suggested_filename)
        data = file.path().read_bytes()
        area = float(re.search(r"Diện tích ([\d.,]+) m²", told(page))[1].replace(".", "").replace(",", "."))
    inner = json.loads(json.loads(data)["content"])
    assert (inner["photos"][0]["width"], inner["photos"][0]["height"]) == (1600, 400)
    assert inner["content"]["cost"] == 400_000_000
    with service.client() as client:
        store = client.app.state.store
        people.acting(client, people.add(store, "commune", [HOME], VINTAGE))
        with browsers.live(client.app) as address, browsers.reader(chromium, address) as desk:
            page = desk.page
            page.goto("/vi/proposals/import")
            path = tmp_path / file.suggested_filename
            path.write_bytes(data)
            page.set_input_files("#files", str(path))
            with leading(page):
                page.click("#import button")
            assert "Đã nhập thành đề xuất ĐX-1" in page.inner_text(".pp-came")
            assert faults(page) == []
            with leading(page):
                page.click(".pp-came a")
            assert "Sân chơi thôn 2" in page.inner_text("h1, main")
            assert page.locator("main img").count() >= 1
            page.goto("/vi/proposals/import")
            page.set_input_files("#files", str(path))
            with leading(page):
                page.click("#import button")
            assert "thành đề xuất ĐX-1. Không có gì bị tạo thêm." in page.inner_text(".pp-came")
            assert desk.foreign() == []
        found = client.get("/api/v1/proposals").json()["items"][0]
        worth = client.get(f"/api/v1/proposals/{found['id']}").json()["worth"]
        assert found["cost"] == 400_000_000
        assert worth["area_m2"] == pytest.approx(area, rel=1e-3, abs=1)


def test_the_projection_is_that_of_proj_to_a_millimetre(chromium, tmp_path):
    """Places all over each zone, both ways, and the way to WGS 84; PROJ's own answer beside."""
    entry = entry_of(service.result())
    body = form.make(entry, None, [HOME]).decode()
    script = re.search(r"<script>(.*)</script>", body, re.S)[1]
    pieces = script.split("// Transverse Mercator")[1].split("var study =")[0]
    page_file = tmp_path / "p.html"
    page_file.write_text(f"<script>// Transverse Mercator{pieces}</script>", encoding="utf-8")
    rng = random.Random(5)
    zones = json.loads(re.search(r'id="study">(.*?)</script>', body, re.S)[1])["zones"]
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(page_file.as_uri())
    for zone in zones:
        assert zone["epsg"] in corners.ZONES
        places = [(rng.uniform(350_000, 650_000), rng.uniform(1_000_000, 2_550_000)) for _ in range(40)]
        there = page.evaluate("([z, p]) => p.map(q => degrees(z, q[0], q[1]))", [zone, places])
        back = page.evaluate("([z, p]) => p.map(q => project(z, ...unproject(z, q[0], q[1])))", [zone, places])
        # PROJ takes the same Helmert transformation everywhere only if it is told so
        turn = " ".join(f"{k}={v!r}" for k, v in zone["turn"].items())
        proj = pyproj.Transformer.from_pipeline(
            f"proj=pipeline step inv proj=tmerc lat_0=0 lon_0={zone['lon0']} k={zone['k']} x_0={zone['x0']} y_0=0 ellps=WGS84 "
            f"step proj=cart ellps=WGS84 step proj=helmert {turn} convention=coordinate_frame "
            "step inv proj=cart ellps=WGS84 step proj=unitconvert xy_in=rad xy_out=deg"
        )
        for (x, y), (lon, lat), again in zip(places, there, back, strict=True):
            assert math.hypot(again[0] - x, again[1] - y) < 1e-6
            east, north = proj.transform(x, y)
            gap = math.hypot((lon - east) * 111_320 * math.cos(math.radians(lat)), (lat - north) * 110_570)
            assert gap < 1e-3, (zone["epsg"], x, y, gap)
    near = page.evaluate("z => degrees(z, 560000.5, 1740000.25)", zones[0])
    plain = pyproj.Transformer.from_crs(5899, 4326, always_xy=True).transform(560000.5, 1740000.25)
    assert near == pytest.approx(plain, abs=1e-9)
    context.close()


def test_corners_typed_with_the_keyboard_alone(chromium):
    with opened(chromium) as seen:
        page = seen.page
        type_corners(page, *SQUARE)
        assert "Diện tích 2.000 m² (0,20 ha), chu vi 180,0 m, 4 điểm góc." in told(page)
        assert page.locator("#corners td.edge").all_inner_texts() == ["50,00 m", "40,00 m", "50,00 m", "40,00 m"]
        page.focus("#name")
        page.keyboard.type("Sân chơi gõ tay")
        page.focus("#save")
        with page.expect_download() as coming:
            page.keyboard.press("Enter")
        inner = json.loads(json.loads(coming.value.path().read_text())["content"])
    assert inner["corners"]["typed"] is True
    assert inner["corners"]["texts"][0] == [f"{small.Y + 700:.2f}".replace(".", ","), f"{small.X + 600:.2f}"]
    turn = pyproj.Transformer.from_crs(small.CRS, "EPSG:4326", always_xy=True)
    wanted = shapely.Polygon([turn.transform(small.X + x, small.Y + y) for x, y in SQUARE])
    got = shapely.geometry.shape(inner["geometry"])
    assert shapely.hausdorff_distance(got.exterior, wanted.exterior) < 1e-8  # a millimetre


def test_the_map_with_the_keyboard_alone(chromium):
    with opened(chromium) as seen:
        page = seen.page
        page.focus("#map")
        for keys in (
            ["+", "+", "Enter"],
            ["ArrowRight"] * 2 + ["Enter"],
            ["ArrowDown"] * 2 + ["Enter"],
            ["Enter", "Backspace"],
        ):
            for key in keys:
                page.keyboard.press(key)
        assert "3 điểm góc" in told(page)
        page.keyboard.press("Backspace")
        assert "Mới có 2 điểm góc" in told(page)
        page.keyboard.press("Control+z")
        assert "3 điểm góc" in told(page)


def test_swapped_columns_and_another_zone_are_recognised(chromium):
    turn = pyproj.Transformer.from_crs(small.CRS, "EPSG:9218", always_xy=True)
    other = [turn.transform(small.X + x, small.Y + y) for x, y in SQUARE]
    with opened(chromium) as seen:
        page = seen.page
        page.locator("#typing").evaluate("node => { node.open = true; }")
        page.fill(
            "#paste", "\n".join(f"{k}\t{small.X + x:.1f}\t{small.Y + y:.1f}" for k, (x, y) in enumerate(SQUARE, 1))
        )
        page.click("#read")
        assert "Đã đọc 4 điểm góc. Hai cột X và Y bị đổi chỗ" in page.inner_text("#pasted")
        assert "Nằm trọn trong Hòa Phú." in told(page)
        page.fill("#paste", "STT;X;Y\n" + "\n".join(f"{k};{y:.3f};{x:.3f}" for k, (x, y) in enumerate(other, 1)))
        page.click("#read")
        assert "Khu đất nằm ngoài Hòa Phú" in told(page)
        assert "108°30′" in page.inner_text("#zone-said")
        page.click("#zone-said button")
        assert page.input_value("#zone") == "9218"
        assert "Nằm trọn trong Hòa Phú." in told(page)
        assert corner_texts(page)[0] == [f"{other[0][1]:.3f}", f"{other[0][0]:.3f}"]
        page.fill("#paste", "một dòng chữ\n12 13")
        page.click("#read")
        assert "Chỉ đọc được 0 điểm góc" in page.inner_text("#pasted")


def test_what_it_tells_of_the_land(chromium):
    """Parcel P1 is a square of 30 m at (699.5, 499.5); the site takes 600 of its 900 m²."""
    with opened(chromium) as seen:
        page = seen.page
        type_corners(page, (679.5, 499.5), (719.5, 499.5), (719.5, 529.5), (679.5, 529.5))
        assert "Nằm trên thửa P1" in told(page)
        share = float(re.search(r"thửa P1 \([^)]*\): ([\d,]+) %", told(page))[1].replace(",", "."))
        assert share == pytest.approx(50, abs=1)  # 20 of its 40 m
        page.click("#clear")
        assert "Chưa có điểm góc" in told(page)
        page.click("#undo")
        assert "thửa P1" in told(page)
        page.fill("#x-0", f"{small.Y + 560}")  # the first corner beyond the third: the outline crosses itself
        page.fill("#y-0", f"{small.X + 715}")
        page.locator("#y-0").press("Tab")
        page.click("#clear")
        type_corners(page, (10, 10), (60, 60), (60, 10), (10, 60))
        assert "Đường ranh tự cắt nhau" in told(page)
        page.click("#save")
        assert "Đường ranh tự cắt nhau" in page.inner_text("#missing")
        page.click("#clear")
        type_corners(page, (990, 10), (1090, 10), (1090, 60), (990, 60))
        assert "Chỉ 10,0 % khu đất nằm trong Hòa Phú." in told(page)
        assert "Quá nhỏ" not in told(page)


def test_what_was_typed_survives_closing_and_travels_as_a_draft(chromium):
    with opened(chromium) as seen:
        page = seen.page
        type_corners(page, *SQUARE)
        page.fill("#name", "Bản đầu")
        page.fill("#note", "Ghi chú\nhai dòng")
        draft = saved(page, "#draft").path().read_text(encoding="utf-8")
        first = json.loads(json.loads(draft)["content"])["id"]
        page.locator("#kept", has_text="tự giữ").wait_for()
        page.reload()
        assert "Đã mở lại nội dung" in page.inner_text("#restored")
        assert page.input_value("#name") == "Bản đầu"
        assert "Diện tích 2.000 m²" in told(page)
        page.click("#fresh")
        page.click("#fresh-yes")
        assert page.input_value("#name") == ""
        open_draft(page, draft)
        assert page.input_value("#note") == "Ghi chú\nhai dòng"
        assert page.locator("#x-0").input_value() == f"{small.Y + 700:.2f}".replace(".", ",")
        again = json.loads(json.loads(saved(page).path().read_text())["content"])
        assert again["id"] == first
        for text, word in (
            (draft[:-40], "bị hỏng"),
            (draft.replace("Bản đầu", "Bản hai"), "bị hỏng"),
            ("{}", "không phải là bản nháp"),
            (draft.replace('"version":1', '"version":9'), "bản mới hơn"),
        ):
            open_draft(page, text, word)


SLOW = """() => {
    window.drawn = 0;
    const set = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src").set;
    window.Image = function () {
        const made = document.createElement("img");
        made.addEventListener("load", () => setTimeout(() => { window.drawn += 1; }));
        Object.defineProperty(made, "src", {set: value => setTimeout(() => set.call(made, value), 1500)});
        return made;
    };
}"""
"""A photo takes its time until it is made small."""


def test_nothing_stays_on_the_page_of_what_is_there_no_more(chromium):
    with opened(chromium) as seen:
        page = seen.page
        page.click("#save")
        assert "Chưa vẽ khu đất" in page.inner_text("#missing")
        type_corners(page, *SQUARE)
        assert "Chưa vẽ khu đất" not in page.inner_text("#missing")
        assert "Chưa ghi tên" in page.inner_text("#missing")
        page.click("#lang-en")
        assert "has no name" in page.inner_text("#missing")
        page.click("#lang-vi")
        page.fill("#name", "Bản một")
        assert page.inner_text("#missing") == ""
        draft = saved(page, "#draft").path().read_text(encoding="utf-8")
        images = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": base64.b64decode(photo())} for n in "ab"]
        page.set_input_files("#photos", images)
        page.locator("#photo-said", has_text="Có 2 ảnh").wait_for()
        page.locator("#pictures button").first.click()
        assert "Có 1 ảnh" in page.inner_text("#photo-said")
        page.fill("#paste", "một dòng chữ\n12 13")
        page.click("#read")
        saved(page)
        open_draft(page, draft)
        assert [page.inner_text(f"#{each}") for each in ("photo-said", "pasted", "save-said")] == ["", "", ""]
        assert page.input_value("#paste") == ""
        page.evaluate(SLOW)
        page.set_input_files("#photos", images)
        page.click("#fresh")
        page.click("#fresh-yes")
        until(page, "window.drawn === 1")
        assert page.locator("#pictures img").count() == 0, "photos of one land do not come to another"
        assert page.inner_text("#photo-said") == ""


def test_a_corner_is_what_its_line_says(chromium):
    with opened(chromium) as seen:
        page = seen.page
        type_corners(page, *SQUARE)
        page.fill("#name", "x")
        before = corner_texts(page)
        page.fill("#x-1", "")
        page.locator("#x-1").press("Tab")
        assert corner_texts(page) == before, "the land has the corner still, so its line has it too"
        page.fill("#x-1", "đâu đó")
        page.locator("#x-1").press("Tab")
        page.click("#save")
        assert "Điểm góc 2: không hiểu" in page.inner_text("#missing")
        assert page.inner_text("#save-said") == ""
        page.click("#clear")
        page.click("#undo")
        assert page.get_attribute("#x-1", "aria-invalid") == "false"
        assert page.inner_text("#missing") == ""
        page.click("#more")
        page.fill("#x-4", "1740720")
        page.click("#save")
        assert "Điểm góc 5: không hiểu" in page.inner_text("#missing"), "half a corner is not left out in silence"
        page.fill("#y-4", f"{small.X + 610}")
        page.locator("#y-4").press("Tab")
        assert page.inner_text("#missing") == ""
        saved(page)


def test_a_pinch_or_a_cancelled_touch_leaves_no_figures_of_another_land(chromium):
    with opened(chromium) as seen:
        page = seen.page
        put(page, (0.42, 0.4), (0.5, 0.4), (0.5, 0.5), (0.42, 0.5))
        for cancel in (True, False):
            was, texts = told(page), corner_texts(page)
            page.evaluate(
                """cancel => {
                    const map = document.getElementById("map"), box = map.getBoundingClientRect();
                    const near = document.querySelector("[data-corner='1']");
                    const at = [Number(near.getAttribute("cx")), Number(near.getAttribute("cy"))];
                    const send = (type, id, x, y, on) => on.dispatchEvent(new PointerEvent(type,
                        {pointerId: id, bubbles: true, clientX: box.left + map.clientLeft + x,
                         clientY: box.top + map.clientTop + y, pointerType: "touch"}));
                    send("pointerdown", 5, at[0], at[1], near);
                    send("pointermove", 5, at[0] + 30, at[1] - 30, map);
                    send("pointermove", 5, at[0] + 60, at[1] - 60, map);
                    if (cancel) { send("pointercancel", 5, at[0], at[1], map); return; }
                    send("pointerdown", 6, 20, 20, map);
                    send("pointerup", 6, 20, 20, map);
                    send("pointerup", 5, at[0], at[1], map);
                }""",
                cancel,
            )
            assert told(page) != was
            assert corner_texts(page) != texts


def test_undo_takes_the_zone_back_too(chromium):
    """Figures that were typed in one zone are not taken for figures of another that never stood on the page."""
    with opened(chromium) as seen:
        page = seen.page
        type_corners(page, *SQUARE)
        zones = page.eval_on_selector_all("#zone option", "found => found.map(each => each.value)")
        before, was = corner_texts(page), told(page)
        page.select_option("#zone", zones[1])
        assert corner_texts(page) == before
        page.click("#undo")
        assert page.input_value("#zone") == zones[0]
        assert (corner_texts(page), told(page)) == (before, was)


def open_draft(page, text, word="Đã mở"):
    page.evaluate("document.getElementById('draft-said').textContent = ''")  # what the one before was told
    page.set_input_files("#open", {"name": "d.json", "mimeType": "application/json", "buffer": text.encode()})
    page.locator("#draft-said", has_text=word).wait_for()


def test_where_the_browser_keeps_nothing_it_says_so(chromium):
    with opened(chromium) as seen:
        page = seen.page
        page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})")
        page.reload()
        page.fill("#name", "x")
        page.locator("#kept", has_text="không tự giữ").wait_for()
        saved(page, "#draft")


@pytest.mark.parametrize(("width", "height", "language"), [(1280, 900, "vi"), (375, 740, "en")])
def test_nothing_serious_for_axe_and_no_sideways_scrolling(chromium, width, height, language):
    with opened(chromium, width=width, height=height, has_touch=width < 500) as seen:
        page = seen.page
        page.click(f"#lang-{language}")
        put(page, (0.42, 0.4), (0.5, 0.4), (0.5, 0.5))
        page.locator("#typing").evaluate("node => { node.open = true; }")
        page.set_input_files(
            "#photos", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": base64.b64decode(photo())}
        )
        page.wait_for_selector("#pictures img")
        page.click("#save")
        words = "has no name" if language == "en" else "Chưa ghi tên"
        assert words in page.inner_text("#missing")
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.documentElement.lang") == language
        left = page.evaluate("document.body.innerText")
        assert not re.search(r"\{\w+\}|undefined|NaN", left)
        if language == "en":
            assert not re.search(r"Khu đất|Lưu tệp|điểm góc", left)


def test_hostile_texts_do_not_run(chromium, tmp_path):
    path = tmp_path / "hostile.html"
    path.write_bytes(made(service.hostile_result(), HOME))
    with opened(chromium, path) as seen:
        page = seen.page
        assert "onerror" in page.inner_text("#about")
        put(page, (0.42, 0.4), (0.5, 0.4), (0.5, 0.5))
        page.fill("#name", '<img src=x onerror="alert(1)">')
        data = saved(page).path().read_text()
        page.click("#fresh")
        page.click("#fresh-yes")
        open_draft(page, data)
        assert page.input_value("#name").startswith("<img")
        assert page.locator("main img, header img, footer img").count() == 0
