"""The sites map in a real browser with the network switched off: what the planner sees and can do."""

import fake_sites
import many_parcels
import pytest
from browser import calm, chromium, take, until, visit
from hostile import BAD
from sanchoi.maps import sites

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # playwright leaves sockets to its own process


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("sites")
    sites.write(fake_sites.small(), found)
    return found


@pytest.fixture
def shown(browser, folder):
    with visit(browser, folder / "maps" / "sites.html") as found:
        drawn(found.page)
        yield found
        assert found.said == []
        assert found.outside == []


def drawn(page):
    page.wait_for_selector(".leaflet-parcels-pane canvas.leaflet-tile-loaded", state="attached")
    until(page, "document.getElementById('shown').textContent.length > 0")


def worked(page):
    """Seconds of the processor that the page has taken since its process began."""
    line = page.context.new_cdp_session(page)
    line.send("Performance.enable")
    return next(
        each["value"] for each in line.send("Performance.getMetrics")["metrics"] if each["name"] == "ProcessTime"
    )


def test_the_page_says_what_the_plan_is_and_that_it_is_proven(shown):
    panel = shown.page.inner_text("#panel")
    assert "2 điểm, phục vụ thêm 430 trẻ em, chi phí 2.450,5 triệu đồng" in panel
    assert (
        "Đã chứng minh là tốt nhất với số liệu này: không phương án nào với ngân sách 2.500 triệu đồng phục vụ được nhiều "
        "trẻ em hơn." in panel
    )
    assert "1 điểm trong số này còn cần được quyết định" in panel
    assert shown.page.locator(".leaflet-marker-pane .pin").all_inner_texts() == ["1", "2"]


def test_both_languages(shown):
    assert shown.page.inner_text("h1") == "Bản đồ nơi làm sân chơi"
    shown.page.click('button[data-language="en"]')
    assert shown.page.inner_text("h1") == "Play area sites map"
    assert "no plan within 2,500 million VND covers more children" in shown.page.inner_text("#plan-area")


def test_a_parcel_fails_by_so_much(shown):
    panel = take(shown.page, "T-3")
    assert "Bị loại" in panel
    assert "cách trạm xăng dầu: thiếu 10 m" in panel
    assert "Đo được: 40 m · Giới hạn: từ 50 m · Dư hoặc thiếu: −10 m" in panel
    assert "3 đạt, 1 không đạt, 1 chưa kiểm tra" in panel
    assert "Thửa bị loại nên không chấm điểm" in panel


def test_a_parcel_tells_who_decides_what_it_would_change_and_how_sure_its_rank_is(shown):
    panel = take(shown.page, "T-2")
    assert "Ai quyết định: Hội đồng nhân dân thành phố" in panel
    assert "thứ tự xây: 2" in panel
    assert "1.250,5 triệu đồng" in panel
    panel = take(shown.page, "T-1")
    assert "Điểm 0,81 trên 1, xếp thứ 1 trong 4 thửa" in panel
    assert "đứng đầu 72 %" in panel
    rows = shown.page.locator("#changes tbody tr").all_inner_texts()
    assert [row.split() for row in rows] == [
        ["0-5", "tuổi", "150", "110"],  # 100 + 50 and 60 + 50
        ["6-15", "tuổi", "250", "170"],
        ["An", "Bình", "350", "230"],  # 100 + 250 and 60 + 170.4
        ["Bình", "Hòa", "50", "50"],
    ]


def test_a_parcel_tells_why_and_what_to_do(shown):
    take(shown.page, "T-3")
    said = shown.page.inner_text("#advice")
    assert "Không đạt trên một phần thửa: cách trạm xăng dầu. Phần đó đã được trừ, còn dùng được 9.000 m²." in said
    assert "Chọn thửa khác" in said
    assert "mã thửa T-3 và mã lần chạy abc123def456" in said
    take(shown.page, "T-5")
    assert "Loại đất NTD (nhóm X) không được dùng làm sân chơi." in shown.page.inner_text("#advice")
    panel = take(shown.page, "T-6")
    said = shown.page.inner_text("#advice")
    assert "còn phải được quyết định" in panel
    assert "Chưa rõ thửa này là loại đất gì (ghi là “ZZZ”)." in said
    assert "không có lớp dữ liệu: vùng ngập lụt" in said
    assert "hỏi cơ quan quản lý" in said
    take(shown.page, "T-1")
    assert "Vẫn cần xác minh tại thực địa" in shown.page.inner_text("#advice")


def test_what_is_unknown_is_said(shown):
    panel = take(shown.page, "T-4")
    assert "Chi phí\nchưa biết" in panel
    panel = take(shown.page, "T-6")
    assert "chưa biết: tính 0 trong tối đa 0,188" in panel
    assert "nếu đều tốt nhất, điểm sẽ là 0,55" in panel
    assert "Nếu buộc phải chọn, phương án mất 105 trẻ em" in panel


def test_a_click_on_the_map_opens_the_parcel_under_it_and_a_hole_is_no_parcel(shown):
    take(shown.page, "T-6")
    box = shown.page.locator("#map-area").bounding_box()
    pen = shown.page.locator('.leaflet-marks-pane path[stroke="#c2185b"]').bounding_box()
    # T-6 is two squares with a gap of one square between; the first has a pond in its middle
    east = (pen["x"] + 0.9 * pen["width"], pen["y"] + pen["height"] / 2)
    pond = (pen["x"] + pen["width"] / 6, pen["y"] + pen["height"] / 2)
    assert box["x"] < pond[0]
    shown.page.mouse.click(*pond)
    until(shown.page, "!document.querySelector('#panel').innerText.includes('T-6')")
    shown.page.mouse.click(*east)
    until(shown.page, "document.querySelector('#panel h2')?.innerText.includes('T-6')")


def test_the_usable_piece_is_drawn_where_it_is_less_than_the_parcel(shown):
    take(shown.page, "T-6")
    assert shown.page.locator('.leaflet-marks-pane path[fill="#ffee58"]').count() == 1
    take(shown.page, "T-1")
    assert shown.page.locator('.leaflet-marks-pane path[fill="#ffee58"]').count() == 0


def test_filters_hide_parcels_and_count_what_is_left(shown):
    assert "Đang hiện 6 trong 6" in shown.page.inner_text("#shown")
    shown.page.uncheck('#verdicts input[value="excluded"]')
    until(shown.page, "document.getElementById('shown').textContent.includes('4 trong 6')")
    shown.page.evaluate("s = document.getElementById('score'); s.value = '0.6'; s.dispatchEvent(new Event('input'))")
    until(shown.page, "document.getElementById('shown').textContent.includes('2 trong 6')")  # 0.8125 and 0.6


def inked(page, painted):
    """Wait until the pixels of the tiles that are painted are as many as said."""
    until(
        page,
        """[...document.querySelectorAll('.leaflet-parcels-pane canvas')].map(c => {
            const d = c.getContext('2d', {willReadFrequently: true}).getImageData(0, 0, c.width, c.height).data;
            let n = 0; for (let i = 3; i < d.length; i += 4) { if (d[i]) { n += 1; } } return n;
        }).reduce((a, b) => a + b, 0) """
        + painted,
    )


def test_the_filter_really_clears_the_tiles(shown):
    inked(shown.page, "> 1000")
    for name in ("eligible", "conditional", "excluded"):
        shown.page.uncheck(f'#verdicts input[value="{name}"]')
    inked(shown.page, "=== 0")
    shown.said.clear()  # Chromium remarks on reading a canvas often


def test_the_table_is_walked_with_arrow_keys(shown):
    shown.page.locator('#table button[data-row="0"]').focus()
    shown.page.keyboard.press("ArrowDown")
    shown.page.keyboard.press("Enter")
    shown.page.wait_for_selector('#panel[data-parcel="T-2"]')
    assert shown.page.locator("#table tr.chosen").count() == 1


def test_who_chooses_in_the_panel_by_keyboard_stays_in_the_panel(shown):
    shown.page.locator("#panel .build button").first.focus()
    shown.page.keyboard.press("Enter")
    shown.page.wait_for_selector('#panel[data-parcel="T-1"]')
    assert shown.page.evaluate("document.activeElement.id") == "panel"


def test_before_and_after_by_commune(shown):
    rows = shown.page.locator("#change tbody tr").all_inner_texts()
    assert rows[0].split()[:5] == ["An", "Bình", "1.000", "700", "320"]
    assert "30 → 68" in rows[0]
    for _ in range(4):
        shown.page.click("#zoom-out")
        calm(shown.page)
    assert shown.page.is_visible("#closer")
    fills = "[...document.querySelectorAll('.leaflet-overlay-pane path')].map(p => p.getAttribute('fill'))"
    assert "url(#p-no_supply)" in shown.page.evaluate(fills)
    shown.page.get_by_label("Sau khi xây theo phương án").check(force=True)
    assert set(shown.page.evaluate(fills)) == {"url(#p-out_of_reach)"}
    shown.page.click("#closer")
    drawn(shown.page)


def test_the_budget_curve_shows_plans_and_what_is_not_ruled_out(shown):
    assert shown.page.locator(".curve circle").count() == 4  # three budgets, and this plan
    assert "chưa chứng minh" in shown.page.inner_text("#plan-area")


def test_a_plan_that_is_not_proven_says_how_far_it_may_be(browser, tmp_path):
    found = fake_sites.small()
    found.run["siting"] = {**fake_sites.SITING, "proven": False, "mip_gap": 0.01101, "bound": 434.7, "seconds": 60.0}
    sites.write(found, tmp_path)
    with visit(browser, tmp_path / "maps" / "sites.html") as page:
        said = page.page.inner_text("#panel")
        assert "không quá 1,2 %" in said  # 1.101 % is rounded upwards
        assert "dừng sau 60 giây" in said
        assert "Đã chứng minh" not in said


@pytest.mark.parametrize("missing", ["sites", "screening", "contributions", "effects", "plan_gaps", "budget_curve"])
def test_a_missing_table_breaks_nothing(browser, tmp_path, missing):
    sites.write(fake_sites.small(**{missing: None}), tmp_path)
    with visit(browser, tmp_path / "maps" / "sites.html") as found:
        panel = take(found.page, "T-1")
        assert "11.800 m²" in panel
        assert found.said == []


def test_names_that_try_to_become_markup_are_shown_as_text(browser, tmp_path):
    sites.write(many_parcels.hostile_result(), tmp_path)
    with visit(browser, tmp_path / "maps" / "sites.html") as found:
        drawn(found.page)
        for wanted in ("T-1", "T-3", "T-6"):
            found.page.fill("#search", wanted)
            found.page.keyboard.press("Enter")
            found.page.wait_for_selector(f'#panel[data-parcel^="{wanted}"]')  # the summary tells of parcels too
            assert BAD in found.page.inner_text("#panel")
        found.page.click('button[data-language="en"]')
        calm(found.page)
        assert BAD in found.page.inner_text("#table")
        assert found.page.locator("img").count() == 0
        assert found.said == []
        assert found.outside == []


def test_a_phone_shows_everything_without_sideways_scrolling(browser, folder):
    with visit(browser, folder / "maps" / "sites.html", 390, 844) as found:
        take(found.page, "T-6")
        assert found.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert found.page.locator("#map-area").bounding_box()["width"] > 330
        parts = (
            "['map-area', 'panel', 'legend-area'].map(id => document.getElementById(id).getBoundingClientRect().top)"
        )
        top = found.page.evaluate(parts)  # all at one moment: the page still glides to the map
        assert top[0] < top[1] < top[2]


def test_on_paper_plan_and_table_are_whole(browser, folder):
    with visit(browser, folder / "maps" / "sites.html") as found:
        found.page.emulate_media(media="print")
        assert found.page.is_hidden("#closer")
        assert found.page.is_visible("#plan-area")
        whole = "[...document.querySelectorAll('.scroll')].every(s => s.scrollHeight <= s.clientHeight + 2)"
        assert found.page.evaluate(whole)
        found.page.set_viewport_size({"width": 700, "height": 1000})  # about the text width of A4
        until(found.page, "innerWidth === 700")
        assert found.page.evaluate("document.documentElement.scrollWidth") <= 700


def test_twenty_thousand_parcels_answer_soon(browser, tmp_path):
    """1.5 s on a free machine, see docs/decisions.md; here only that nothing grows with the square."""
    sites.write(many_parcels.many(20_000), tmp_path)
    with visit(browser, tmp_path / "maps" / "sites.html") as found:
        drawn(found.page)
        box = found.page.locator("#map-area").bounding_box()
        found.page.mouse.click(box["x"] + box["width"] / 2 - 40, box["y"] + box["height"] / 2 + 2)
        found.page.wait_for_selector("#panel[data-parcel], #panel .back")
        assert worked(found.page) < 8
        assert found.said == []
