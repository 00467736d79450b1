"""Sheets of communes: measured from the PDF itself."""

import dataclasses
import io
import itertools
import json
import re
import shutil
import subprocess

import numpy as np
import pdf_pages
import PIL.Image
import pypdfium2
import pyproj
import pytest
import service
import small
from sanchoi.gis import results
from sanchoi.gis.errors import ContractError, UnknownId
from sanchoi.gis.sources import rows
from sanchoi.maps.sheets import making, picture, said
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.paper import Paper

ID = "Hòa Phú"
"""One square kilometre from X, Y of `small`."""
BOX = Paper("A3").map
WEST, NORTH = small.X + 500 - BOX.width * 2.5, small.Y + 500 + BOX.height * 2.5
"""Ground at the upper left corner of the frame at 1:5,000, the commune in the middle."""


@pytest.fixture(scope="module")
def ground():
    return Ground(results.read(service.result()))


@pytest.fixture(scope="module")
def scales():
    return rows.packaged("sheet_scales.csv").to_dict("records")


@pytest.fixture(scope="module")
def pdf(ground):
    return making.gap(ground, [ID], making.Options(scale=5000, result_id="nhỏ", geo=True))


@pytest.fixture(scope="module")
def page(pdf):
    (only,) = pdf_pages.pages(pdf)
    return only


@pytest.mark.parametrize(("name", "landscape", "wide", "high"), [("A3", True, 420, 297), ("A4", False, 210, 297)])
def test_the_page_has_the_size_of_the_paper(ground, name, landscape, wide, high):
    made = making.reach(ground, [ID], making.Options(name, landscape, scale=10_000))
    for each in pdf_pages.pages(made):
        assert pdf_pages.size(each) == pytest.approx((wide, high), abs=0.005)


def test_the_crosses_are_a_hundred_millimetres_apart(page):
    found = pdf_pages.crosses(page)
    xs, ys = sorted({x for x, _ in found}), sorted({y for _, y in found})
    assert len(found) == len(xs) * len(ys) >= 6
    for values in (xs, ys):
        for a, b in itertools.pairwise(values):
            assert b - a == pytest.approx(100.00, abs=0.002)


def test_crosses_stand_at_whole_coordinates_named_at_the_frame(page):
    x, y = pdf_pages.crosses(page)[0]
    east, south = WEST + (x - BOX.left) * 5, NORTH - (297 - y - BOX.top) * 5
    assert east % 500 == pytest.approx(0, abs=0.02) or east % 500 == pytest.approx(500, abs=0.02)
    assert south % 500 == pytest.approx(0, abs=0.02) or south % 500 == pytest.approx(500, abs=0.02)
    text = page.extract_text()
    assert f"{round(east):,}".replace(",", ".") in text
    assert f"{round(south):,}".replace(",", ".") in text


def test_a_kilometre_is_as_long_as_the_scale_says(page):
    body = page.get_contents().get_data().decode("latin-1")
    strong = f"{0.55 * pdf_pages.MM:.3f} w"  # the border of the sheet's own commune, a square of 1 km
    path = re.search(re.escape(strong) + r" 1 J 1 j \[[^\]]*\] 0 d ([^S]*)S", body).group(1)
    xy = np.array(re.findall(r"([\d.]+) ([\d.]+) [ml]", path), dtype=float) / pdf_pages.MM
    assert np.ptp(xy, axis=0) == pytest.approx([200.0, 200.0], abs=0.002)


def test_its_words_can_be_searched_with_their_accents(page):
    text = re.sub(r"\s+", " ", page.extract_text())
    for word in (
        "BẢN ĐỒ THIẾU SÂN CHƠI CHO TRẺ EM",
        "Tỷ lệ 1:5.000",
        "Chú giải",
        "Người lập",
        "Hòa Phú",
        "kết quả nhỏ",
        "VN-2000 / TM-3 107-45 (EPSG:5899)",
        "Chuyển từ WGS 84 (EPSG:4326): nghịch đảo của “VN-2000 to WGS 84 (2)” (EPSG:6960)",
        "-191,90441429; -39,30318279; -111,45032835 m",
        "độ chính xác của phép chuyển ± 1 m",
        "Y 560.",
        "X 1.740.",
        "Do người lập bản đồ chọn",
        "Bắc lưới",
    ):
        assert word in text, word


def test_it_names_the_run_and_says_what_the_result_says(ground, page):
    text = re.sub(r"\s+", " ", page.extract_text())
    assert ground.run["run_id"] in text
    gaps = ground.gaps("all").loc[ID]
    assert gaps["reason_vi"] in text
    assert "Quy định chưa kiểm chứng" in text


def test_the_typefaces_are_embedded(page):
    fonts = page["/Resources"]["/Font"]
    assert len(fonts) == 2
    for font in fonts.values():
        told = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in told


def test_the_legend_has_what_is_on_the_sheet_and_no_more(ground, page):
    text = re.sub(r"\s+", " ", page.extract_text())
    assert "Ranh giới xã, phường của bản đồ này" in text
    assert "Sông, đường chắn lối" not in text  # the small study has no barriers
    english = pdf_pages.words(making.gap(ground, [ID], making.Options(scale=5000, language="en")))
    assert "Play area that counts" in english
    assert "Not surveyed: unknown" not in english


def test_the_rule_gives_the_scale_and_is_cited(ground, scales):
    made = making.gap(ground, [ID], making.Options("A0", scales=scales))
    text = pdf_pages.words(made)
    assert "Tỷ lệ 1:1.000" in text  # 100 ha: below 120
    assert "Theo diện tích xã, phường 100 ha" in text
    assert "chưa ghi đủ số văn bản (chưa kiểm chứng)" in text


def test_ground_too_large_for_one_sheet_is_an_atlas(ground, scales):
    made = making.reach(ground, [ID], making.Options("A0", scales=scales))
    found = [page.extract_text() for page in pdf_pages.pages(made)]
    assert len(found) == 4
    for k, (name, beside) in enumerate(
        [("A1", ["A2", "B1"]), ("A2", ["A1", "B2"]), ("B1", ["A1", "B2"]), ("B2", ["A2", "B1"])]
    ):
        assert f"Mảnh {k + 1}/4 · {name}" in found[k]
        assert f"Trang {k + 1}/4" in found[k]
        assert set(re.findall(r"mảnh ([AB]\d)\b", found[k])) == set(beside)
        assert "Bảng chắp các mảnh" in found[k]


def test_no_scale_is_invented(ground):
    with pytest.raises(ContractError, match="scale"):
        making.gap(ground, [ID], making.Options())


@pytest.mark.parametrize(
    ("wish", "match"),
    [({"paper": "B5"}, "paper"), ({"style": "neon"}, "style"), ({"scale": 3}, "scale"), ({"scale": 1e9}, "scale")],
)
def test_wishes_that_cannot_be_are_refused(ground, wish, match):
    with pytest.raises(ContractError, match=match):
        making.gap(ground, [ID], making.Options(**{"scale": 5000, **wish}))


def test_options_that_cannot_be_are_refused(ground):
    with pytest.raises(ContractError, match="language"):
        making.Options(language="fr")
    with pytest.raises(ContractError, match="signatures"):
        making.Options(signatures=["a"] * 5)
    with pytest.raises(UnknownId):
        making.gap(ground, ["nowhere"], making.Options(scale=5000))


def test_notes_of_an_atlas_stand_once(ground):
    """A4 at 1:5,000: what the panels have no room for is on one last page, not after each sheet."""
    made = making.gap(ground, [ID], making.Options("A4", scale=5000))
    found = [re.sub(r"\s+", " ", page.extract_text()) for page in pdf_pages.pages(made)]
    sheets = [each for each in found if "Tỷ lệ 1:5.000" in each]
    assert len(sheets) > 1
    assert len(found) == len(sheets) + 1
    assert any("Xem tiếp ở trang cuối." in each for each in sheets)
    assert not any("Xem tiếp trang sau." in each for each in sheets)
    assert "Tỷ lệ 1:" not in found[-1]
    for word in ("Hệ tọa độ và lưới", "Quy định dùng để so sánh", "Bảng chắp các mảnh"):
        assert word in found[-1], word


def test_who_signs_last_seals(ground):
    usual = pdf_pages.words(making.gap(ground, [ID], making.Options(scale=10_000)))
    assert usual.count("ký, họ tên, đóng dấu") == 1
    assert usual.count("ký, họ tên, ngày tháng") == 2
    own = pdf_pages.words(making.gap(ground, [ID], making.Options(scale=10_000, signatures=["Sở Xây dựng"])))
    assert "đóng dấu" not in own


def test_who_set_the_share_that_must_be_served_is_said(ground):
    for names, told in (([], "mức do phần mềm đặt"), (["target_share"], "do người lập quy hoạch đặt")):
        settings = {**ground.run["settings"], "set_by_planner": names}
        run = {**ground.run, "settings": settings}
        said_ = said.norms(run, "vi")[1]
        assert said_.endswith(f"số trẻ được phục vụ ({told}{', không phải quy định' if not names else ''}).")


def test_signatures_are_as_one_likes(ground):
    signed = pdf_pages.words(making.gap(ground, [ID], making.Options(scale=5000, signatures=["Sở Nông nghiệp"])))
    assert "Sở Nông nghiệp" in signed
    assert "Người lập" not in signed
    assert "Người lập" not in pdf_pages.words(making.gap(ground, [ID], making.Options(scale=5000, signatures=())))


def test_grey_is_grey(ground):
    made = making.gap(ground, [ID], making.Options(scale=5000, style="print-grey"))
    picture = np.asarray(PIL.Image.open(io.BytesIO(making.png(made, 40)[0])).convert("RGB")).astype(int)
    inked = picture[picture.min(axis=2) < 250]
    ink = np.array([0x14, 0x1E, 0x28])  # letters are nearly black, a little blue
    assert np.ptp(inked, axis=1).max() <= np.ptp(ink)


def test_the_same_ground_gives_the_same_bytes(ground, pdf):
    again = Ground(results.read(service.result()))
    assert making.gap(again, [ID], making.Options(scale=5000, result_id="nhỏ", geo=True)) == pdf
    assert making.png(pdf, 50) == making.png(pdf, 50)


def test_a_picture_has_the_size_that_its_resolution_says(pdf):
    (only,) = making.png(pdf, 100)
    picture = PIL.Image.open(io.BytesIO(only))
    assert picture.size == pytest.approx((420 / 25.4 * 100, 297 / 25.4 * 100), abs=1)
    assert picture.info["dpi"] == pytest.approx((100, 100), abs=0.1)
    with pytest.raises(ContractError, match="dpi"):
        making.png(pdf, 5)


def test_a_picture_drawn_in_strips_is_the_picture_drawn_at_once(pdf, monkeypatch):
    monkeypatch.setattr(picture, "STRIP", 50_000)
    strips = np.asarray(PIL.Image.open(io.BytesIO(making.png(pdf, 60)[0]))).astype(int)
    with pypdfium2.PdfDocument(pdf) as document:
        whole = np.asarray(document[0].render(scale=60 / 72).to_pil().convert("RGB")).astype(int)
    assert strips.shape == whole.shape
    apart = np.abs(strips - whole).max(axis=2)  # pdfium rounds the edges of letters by where a strip begins
    assert (apart > 3).mean() < 1e-3
    assert apart.max() < 48


def test_a_picture_of_a0_at_300_dpi_may_be_and_one_much_finer_may_not():
    assert making.Options("A0", dpi=300).dpi == 300
    with pytest.raises(ContractError, match="320 dpi or less"):
        making.Options("A0", dpi=400)


def test_the_georeference_puts_the_frame_where_it_is(page):
    (view,) = page["/VP"]
    left, low, right, high = (float(each) / pdf_pages.MM for each in view["/BBox"])
    assert (left, right) == pytest.approx((BOX.left, BOX.right), abs=0.001)
    assert (297 - high, 297 - low) == pytest.approx((BOX.top, BOX.bottom), abs=0.001)
    measure = view["/Measure"]
    assert measure["/GCS"]["/EPSG"] == 5899
    lat, lon = np.array([float(each) for each in measure["/GPTS"]]).reshape(-1, 2).T
    east, north = pyproj.Transformer.from_crs(4756, 5899, always_xy=True).transform(lon, lat)  # VN-2000's own degrees
    wide, high_m = BOX.width * 5, BOX.height * 5
    assert east == pytest.approx([WEST, WEST, WEST + wide, WEST + wide], abs=0.001)
    assert north == pytest.approx([NORTH - high_m, NORTH, NORTH, NORTH - high_m], abs=0.001)


def test_by_the_georeference_every_cross_lies_at_its_whole_coordinates(page):
    """Read without GDAL: the frame's corners in degrees, between them by the frame's unit square (ISO 32000-2, 12.10)."""
    (view,) = page["/VP"]
    frame = np.array([float(each) / pdf_pages.MM for each in view["/BBox"]])
    unit = np.array([float(each) for each in view["/Measure"]["/LPTS"]]).reshape(-1, 2)
    degrees = np.array([float(each) for each in view["/Measure"]["/GPTS"]]).reshape(-1, 2)
    east, north = pyproj.Transformer.from_crs(4756, 5899, always_xy=True).transform(degrees[:, 1], degrees[:, 0])
    at = np.column_stack([unit, np.ones(4)])
    turn, *_ = np.linalg.lstsq(at, np.column_stack([east, north]), rcond=None)
    found = np.array(pdf_pages.crosses(page))
    share = (found - frame[[0, 1]]) / (frame[[2, 3]] - frame[[0, 1]])
    ground = np.column_stack([share, np.ones(len(share))]) @ turn
    assert np.abs(ground - np.round(ground / 500) * 500).max() < 0.02  # metres: 0.004 mm on paper at 1:5,000


def test_gdal_reads_the_georeference(pdf, tmp_path):
    if shutil.which("gdalinfo") is None:
        pytest.skip("needs gdalinfo of GDAL with its PDF driver, which is not installed")
    path = tmp_path / "gap.pdf"
    path.write_bytes(pdf)
    told = json.loads(subprocess.run(["gdalinfo", "-json", path], capture_output=True, check=True, text=True).stdout)
    assert 'ID["EPSG",5899]' in told["coordinateSystem"]["wkt"]
    ring = np.array(re.findall(r"([\d.]+) ([\d.]+)", told["metadata"][""]["NEATLINE"]), dtype=float)
    corners = {tuple(each) for each in np.round(ring, 1).tolist()}
    wide, high = BOX.width * 5, BOX.height * 5
    for corner in ((WEST, NORTH), (WEST + wide, NORTH), (WEST, NORTH - high), (WEST + wide, NORTH - high)):
        nearest = min(corners, key=lambda each, corner=corner: abs(each[0] - corner[0]) + abs(each[1] - corner[1]))
        assert nearest == pytest.approx(corner, abs=0.2)  # 0.1 mm on paper is 0.5 m


def test_what_is_not_known_is_said(ground):
    tables = dict(ground.result.tables)
    tables["communes"] = tables["communes"].assign(surveyed=[each != ID for each in tables["communes"]["commune_id"]])
    gaps = tables["gaps"].copy()
    mine = gaps["commune_id"] == ID
    blank = ["children_uncovered", "covered_share", "access_m2_per_child", "shortfall_m2", "play_area_m2"]
    gaps.loc[mine, [*blank, "play_area_known_m2"]] = np.nan
    gaps.loc[mine, "status"] = "unknown"
    gaps.loc[mine, "survey_rank"] = 1
    unknown = Ground(dataclasses.replace(ground.result, tables={**tables, "gaps": gaps}))
    text = pdf_pages.words(making.gap(unknown, [ID], making.Options(scale=5000)))
    for word in ("Chưa khảo sát: chưa biết", "Không đi bộ tới được sân chơi chưa rõ", "Thứ tự nên khảo sát 1"):
        assert word in text, word
    facts = pdf_pages.words(making.fact(unknown, ID, making.Options()))
    assert "Thứ tự nên khảo sát: 1" in facts
    assert "chưa rõ" in facts
    assert "Bản đồ nơi có trẻ em, tỷ lệ" in facts  # no map of ways to play areas that nobody has looked for
    assert "Bản đồ đi bộ tới sân chơi" not in facts
    several = pdf_pages.words(making.gap(unknown, [ID, "Đại Lãnh"], making.Options(scale=10_000)))
    assert "(chưa kể 1 nơi chưa rõ)" in several
