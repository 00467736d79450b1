"""Site plans and fact sheets: what stands in them, by hand, and that nothing leaves its page."""

import dataclasses
import io
import re

import geopandas as gpd
import numpy as np
import pdf_pages
import pypdfium2
import pyproj
import pytest
import service
import shapely
import small
from hostile import BAD, WORSE
from sanchoi.gis import results
from sanchoi.gis.errors import UnknownId
from sanchoi.maps.sheets import corner_table, making
from sanchoi.maps.sheets.ground import Ground

LONG = ["Ưỡ" * 1500, "thôn Đồng Dương " * 150, "\x00\u202e\x1bأهلا 🛝 " + "ế" * 300]


@pytest.fixture(scope="module")
def ground():
    return Ground(results.read(service.result()))


@pytest.fixture(scope="module")
def plan(ground):
    return making.site(ground, "P1", making.Options())


def outside(pdf):
    """Letters whose box leaves the page's margins, mm."""
    found = []
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    for page in document:
        wide, high = page.get_size()
        text = page.get_textpage()
        for k in range(text.count_chars()):
            left, low, right, top = text.get_charbox(k)
            if left < 9 * 2.83 or right > wide - 4 * 2.83 or low < 4 * 2.83 or top > high - 4 * 2.83:
                found.append((text.get_text_range(k, 1), left, low))
        text.close()
        page.close()
    document.close()
    return [each for each in found if each[0].strip()]


def test_the_corner_table_is_the_geometry_to_the_centimetre(plan):
    """P1 is a square of 30 m from 699.5, 499.5 of 560,000 E and 1,740,000 N."""
    text = pdf_pages.words(plan)
    for word in (
        "1.740.499,50",
        "1.740.529,50",
        "560.699,50",
        "560.729,50",
        "30,00",
        "Diện tích tính từ tọa độ: 900,0 m² trên lưới chiếu",
        "X (Bắc), m",
        "Y (Đông), m",
    ):
        assert word in text, word
    assert text.count("30,00") == 4


def with_site(ground, shape, commune=True):
    """The same result, P1 with another outline (metres from X, Y of `small`)."""
    moved = shapely.affinity.translate(shape, small.X, small.Y)
    there = gpd.GeoSeries([moved], crs=small.CRS).to_crs(4326).iloc[0]
    parcels = ground.result.tables["parcels"].copy()
    mine = parcels.index[parcels["parcel_id"] == "P1"][0]
    parcels.loc[mine, "geometry"] = there
    if not commune:
        parcels.loc[mine, "commune_id"] = None
    return Ground(dataclasses.replace(ground.result, tables={**ground.result.tables, "parcels": parcels}))


def table_of(text):
    """Corners as the table prints them: X, Y, edge."""
    number = r"([\d.]+,\d\d)"
    rows = re.findall(rf"\b\d+ {number} {number} {number}", text)
    return np.array([[float(each.replace(".", "").replace(",", ".")) for each in row] for row in rows])


def test_holes_and_parts_are_rings_of_their_own_and_the_area_is_what_is_left(ground):
    """40 × 30 with a hole of 10 × 10, and 20 × 15 beside it: 1,200 − 100 + 300 = 1,400 m²."""
    shape = shapely.MultiPolygon(
        [
            shapely.box(650, 450, 690, 480).difference(shapely.box(660, 460, 670, 470)),
            shapely.box(700, 450, 720, 465),
        ]
    )
    text = pdf_pages.words(making.site(with_site(ground, shape), "P1", making.Options()))
    for word in (
        "Phần 1, ranh ngoài",
        "Phần 1, khoảng trống 1, trừ ra",
        "Phần 2, ranh ngoài",
        "1.400,0 m² trên lưới chiếu",
    ):
        assert word in text, word
    found = table_of(text)
    corners = shapely.get_coordinates(shape)[[0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13]]
    told = {tuple(np.round(row, 2)) for row in found[:, :2].tolist()}
    assert told == {(small.Y + y, small.X + x) for x, y in corners.tolist()}
    assert sorted(found[:, 2]) == [10, 10, 10, 10, 15, 15, 20, 20, 30, 30, 40, 40]


def test_a_site_of_many_corners_has_its_table_on_the_pages_after_the_map(ground):
    turn = np.linspace(0, 2 * np.pi, 151)[:-1]
    radius = 40 + 6 * np.sin(17 * turn)
    shape = shapely.Polygon(np.column_stack([700 + radius * np.cos(turn), 500 + radius * np.sin(turn)]))
    pdf = making.site(with_site(ground, shape), "P1", making.Options())
    assert "150 góc: bảng đầy đủ ở trang sau" in pdf_pages.pages(pdf)[0].extract_text()
    found = table_of(pdf_pages.words(pdf))
    assert len(found) == 150
    ends = np.roll(found[:, :2], -1, axis=0)
    assert found[:, 2] == pytest.approx(np.hypot(*(ends - found[:, :2]).T), abs=0.015)
    placed = shapely.Polygon(found[:, [1, 0]])
    assert (
        placed.hausdorff_distance(shapely.affinity.translate(shape, small.X, small.Y)) < 0.0072
    )  # half a centimetre each way


@pytest.mark.parametrize(
    ("shape", "scale"),
    [
        (shapely.box(700, 500, 700.8, 500.5), "1:500"),
        (shapely.affinity.rotate(shapely.box(0, 500, 1800, 504), 30), "1:10.000"),
    ],
    ids=["tiny", "long"],
)
def test_tiny_and_very_long_sites_have_a_plan(ground, shape, scale):
    text = pdf_pages.words(making.site(with_site(ground, shape), "P1", making.Options()))
    assert f"Tỷ lệ {scale}" in text
    assert len(table_of(text)) == 4


def test_a_site_outside_all_communes_says_so(ground):
    text = pdf_pages.words(
        making.site(with_site(ground, shapely.box(90e3, 0, 90e3 + 40, 30), False), "P1", making.Options())
    )
    assert "ngoài các xã của nghiên cứu" in text
    assert "Cơ quan phê duyệt" in text
    assert "Phần dùng được" not in re.sub(r"Phần liền khối dùng được", "", text)


def test_the_area_on_the_ellipsoid_is_that_of_karney(ground):
    """0.9999 at the central meridian: 1.0002 times the area on the grid there; P1 lies 0.55° to the east."""
    shape = ground.parcel("P1").geometry
    true = corner_table.true_m2(shape, small.CRS)
    lon, lat = ground.result.tables["parcels"].set_index("parcel_id").geometry["P1"].centroid.coords[0]
    factor = pyproj.Proj(small.CRS).get_factors(lon, lat).areal_scale
    assert true == pytest.approx(shape.area / factor, rel=1e-6)
    holed = shape.difference(shape.centroid.buffer(5))
    assert corner_table.true_m2(holed, small.CRS) == pytest.approx(holed.area / factor, rel=1e-6)


def test_the_edges_of_the_site_are_as_long_as_the_scale_says(plan):
    """At 1:500 a side of 30 m is 60 mm; the strong outline is drawn once."""
    page = pdf_pages.pages(plan)[0]
    assert "Tỷ lệ 1:500" in page.extract_text()
    assert pdf_pages.outline(page, 0.7) == pytest.approx((60.0, 60.0), abs=0.002)


def test_the_ledger_is_told_in_words_with_its_sources(ground, plan):
    text = pdf_pages.words(plan)
    passed = ground.result.tables["screening"].query("parcel_id == 'P1'")["passed"]
    good, bad = int((passed == True).sum()), int((passed == False).sum())  # noqa: E712 - null is neither
    assert f"Kiểm tra điều kiện: {good} đạt, {bad} không đạt, {len(passed) - good - bad} chưa kiểm tra" in text
    for word in (
        "Nghị định 53/2024/NĐ-CP",
        "chưa kiểm chứng",
        "Điểm số gồm những gì",
        "BCS – đất bằng chưa sử dụng (nhóm A)",
        "UBND xã",
    ):
        assert word in text, word


def test_other_parcels_are_labelled_by_their_code(ground):
    page = pdf_pages.pages(making.site(ground, "P1", making.Options(scale=1000)))[0]
    text = " ".join(page.extract_text().split())
    assert "HNK" in text  # P2 lies 50 m to the east
    assert "đất trồng cây hằng năm khác" in text  # what it means
    assert "mã loại đất" not in text


def test_a_play_area_of_which_only_some_ground_is_seen_is_in_the_legend(ground):
    """One at (250, 500), its middle outside the sheet at 1:500: the sheet shows green ground, and says what it is."""
    near = shapely.affinity.translate(shapely.box(-300, -20, 22, 20), 702, 515)
    moved = shapely.affinity.translate(near, small.X, small.Y)
    tables = dict(ground.result.tables)
    places = tables["play_areas"].copy()
    places["geometry"] = gpd.GeoSeries([moved] * len(places), index=places.index, crs=small.CRS).to_crs(4326)
    for counts, told in ((True, "Sân chơi được tính"), (False, "Nơi khác, không được tính")):
        tables["play_areas"] = places.assign(counts=counts)
        seen = Ground(dataclasses.replace(ground.result, tables=tables))
        assert told in pdf_pages.words(making.site(seen, "P1", making.Options())), told


def test_a_class_that_is_not_known_is_no_question_mark(ground):
    tables = dict(ground.result.tables)
    tables["parcels"] = tables["parcels"].assign(land_use="XYZ", land_class=None)
    text = pdf_pages.words(
        making.site(Ground(dataclasses.replace(ground.result, tables=tables)), "P1", making.Options())
    )
    assert "XYZ (chưa rõ nhóm)" in text


def test_only_an_excluded_parcel_is_said_to_be_excluded(ground):
    """A score that is not known is no verdict."""
    tables = dict(ground.result.tables)
    blank = dict.fromkeys(("score", "score_high", "rank"), np.nan)
    tables["parcels"] = tables["parcels"].assign(**blank)
    for verdict in ("eligible", "conditional", "excluded"):
        tables["parcels"] = tables["parcels"].assign(verdict=verdict)
        text = pdf_pages.words(
            making.site(Ground(dataclasses.replace(ground.result, tables=tables)), "P1", making.Options())
        )
        assert ("Thửa bị loại nên không chấm điểm" in text) is (verdict == "excluded")


def test_a_parcel_that_is_not_there_is_named(ground):
    with pytest.raises(UnknownId, match="P9"):
        making.site(ground, "P9", making.Options())


@pytest.mark.parametrize("parcel_id", ["P2#1", "P/3", "P4", "P5"])
def test_excluded_parcels_and_odd_ids_have_a_plan(ground, parcel_id):
    text = pdf_pages.words(making.site(ground, parcel_id, making.Options("A4", landscape=False, language="en")))
    assert f"Site {parcel_id}" in text


def test_a_fact_sheet_is_two_pages_of_a4(ground):
    made = making.fact(ground, "Hòa Phú", making.Options("A0"))
    found = pdf_pages.pages(made)
    assert [pdf_pages.size(page) for page in found] == [pytest.approx((210, 297), abs=0.005)] * 2
    text = pdf_pages.words(made)
    row = ground.gaps("0-5").loc["Hòa Phú"]
    for word in (row["reason_vi"], "Số liệu theo nhóm tuổi", "Những thửa đất tốt nhất ở đây", "P1", "Người lập"):
        assert word in text, word
    best = ground.result.tables["parcels"].query("commune_id == 'Hòa Phú' and rank.notna()").sort_values("rank")
    assert text.index(best["parcel_id"].iloc[0]) < text.index(best["parcel_id"].iloc[-1])


def test_texts_that_would_be_markup_stay_texts():
    hostile = Ground(results.read(service.hostile_result()))
    text = pdf_pages.words(making.fact(hostile, "Hòa Phú", making.Options()))
    assert BAD[:20] in text
    plan = pdf_pages.words(making.site(hostile, "P1", making.Options()))
    assert WORSE[:20] in plan or BAD[:20] in plan


@pytest.mark.parametrize("paper", [("A4", False), ("A4", True)])
@pytest.mark.parametrize("name", LONG, ids=["one word", "many words", "no letters"])
def test_the_longest_names_stay_on_the_page(ground, name, paper):
    tables = dict(ground.result.tables)
    for table in ("communes", "gaps", "play_areas"):
        tables[table] = tables[table].assign(name=name)
    tables["parcels"] = tables["parcels"].assign(owner=name, land_use=name[:60])
    run = {**ground.run, "study": {**ground.run["study"], "name": name}}
    sources = [{"layer": "communes", "name": name, "attribution": name, "licence": name}]
    odd = Ground(dataclasses.replace(ground.result, tables=tables, run={**run, "sources": sources}))
    options = making.Options(*paper, scale=10_000, signatures=[name, "b"], title=f"\ud800{name}", result_id=name[:50])
    assert outside(making.gap(odd, ["Hòa Phú"], options)) == []
    if paper == ("A4", False):
        assert outside(making.site(odd, "P1", options)) == []
        assert outside(making.fact(odd, "Hòa Phú", options)) == []
