"""Tables of corners: however they are written, the same land; whatever is wrong, told with its line in both languages."""

import math
import time

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis import corners
from sanchoi.gis.errors import ContractError

X, Y = 1_724_567.89, 543_210.12
"""North and east of a corner in Quảng Nam, EPSG:5899."""
RECTANGLE = [(X, Y), (X, Y + 30), (X - 20, Y + 30), (X - 20, Y)]
"""30 m by 20 m."""
COMMUNE = shapely.box(108.0, 15.5, 108.3, 15.7)


def vn(value, digits=2):
    """1734567.89 → "1734567,89"."""
    return f"{value:.{digits}f}".replace(".", ",")


def grouped(value, mark, decimal, digits=2):
    return f"{value:,.{digits}f}".replace(".", "#").replace(",", mark).replace("#", decimal)


def plain(rows, separator=" ", named=True):
    return "\n".join(
        separator.join(([str(i)] if named else []) + [f"{x:.2f}", f"{y:.2f}"]) for i, (x, y) in enumerate(rows, 1)
    )


def parsed(text, **options):
    return corners.parse(text, **{"inside": COMMUNE, "usual": 5899} | options)


def places(found):
    return [(round(point.x_north, 3), round(point.y_east, 3)) for point in found.points]


def no(text, **options):
    """A refusal: its words in English; those in Vietnamese are there and others."""
    with pytest.raises(ContractError) as caught:
        parsed(text, **options)
    error = caught.value
    assert error.vi
    assert error.vi != str(error)
    assert all((error.came, error.expected, error.todo))
    assert "{" not in error.vi + str(error)
    return str(error)


# ── The same land, however written ──────────────────────────────────────────────────────────────────────────────


def each_row(write):
    """A table in which every corner is written by a function of its number, north and east."""
    return "\n".join(write(i, x, y) for i, (x, y) in enumerate(RECTANGLE, 1))


EDGES = (0, 30, 20, 30, 20)
WRITTEN = {
    "spaces": plain(RECTANGLE),
    "tabs": plain(RECTANGLE, "\t"),
    "semicolons": plain(RECTANGLE, "; "),
    "commas": plain(RECTANGLE, ", "),
    "bars": each_row(lambda i, x, y: f"| {i} | {x:.2f} | {y:.2f} |"),
    "columns": plain(RECTANGLE, "     "),
    "no names": plain(RECTANGLE, "\t", named=False),
    "commas, no names": plain(RECTANGLE, ",", named=False),
    "decimal commas": each_row(lambda i, x, y: f"{i}\t{vn(x)}\t{vn(y)}"),
    "decimal commas and semicolons": each_row(lambda i, x, y: f"{vn(x)};{vn(y)}"),
    "points for thousands": each_row(lambda i, x, y: f"{i} {grouped(x, '.', ',')} {grouped(y, '.', ',')}"),
    "commas for thousands": each_row(lambda i, x, y: f"{i}\t{grouped(x, ',', '.')}\t{grouped(y, ',', '.')}"),
    "spaces for thousands": each_row(lambda i, x, y: f"{i} {grouped(x, ' ', ',')} {grouped(y, ' ', ',')}"),
    "spaces for thousands, no names": each_row(lambda i, x, y: f"{grouped(x, ' ', ',')} {grouped(y, ' ', ',')}"),
    "thin spaces and tabs": each_row(
        lambda i, x, y: f"{i}\t{grouped(x, chr(0x202F), ',')}\t{grouped(y, chr(0xA0), ',')}"
    ),
    "apostrophes": each_row(lambda i, x, y: f"{grouped(x, chr(0x2019), '.')}\t{grouped(y, chr(39), '.')}"),
    "labels": each_row(lambda i, x, y: f"M{i}: X = {x:.2f}; Y = {y:.2f}"),
    "units": each_row(lambda i, x, y: f"{i}\t{x:.2f} m\t{y:.2f} m"),
    "brackets": each_row(lambda i, x, y: f"({x:.2f}, {y:.2f})"),
    "heading": "BẢNG KÊ TỌA ĐỘ\n\nSố hiệu điểm\tX (m)\tY (m)\tCạnh (m)\n(1)\t(2)\t(3)\t(4)\n" + plain(RECTANGLE, "\t"),
    "closed": plain(RECTANGLE) + f"\n1 {X:.2f} {Y:.2f}",
    "closed with its own name": plain(RECTANGLE) + f"\n5 {X:.2f} {Y:.2f}",
    "blank lines": plain(RECTANGLE).replace("\n", "\r\n\r\n"),
    "one cell a line": each_row(lambda i, x, y: f"{i}\n{x:.2f}\n{y:.2f}"),
    "one cell a line with edges": each_row(lambda i, x, y: f"{i}\n{vn(x)}\n{vn(y)}\n{vn(EDGES[i])}"),
    "names with letters": each_row(lambda i, x, y: f"A{i}\t{x:.2f}\t{y:.2f}"),
    "more columns": each_row(lambda i, x, y: f"{i}\t{x:.2f}\t{y:.2f}\t\tmốc bê tông"),
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN.keys())
def test_ways_of_writing(text):
    found = parsed(text)
    assert places(found) == RECTANGLE
    assert found.area_m2 == pytest.approx(600)
    assert found.edges_m == pytest.approx([30, 20, 30, 20])
    assert (found.epsg, found.swapped, found.degrees, found.needs_confirmation) == (5899, False, False, True)
    assert len(found.remarks_vi) == len(found.remarks_en)


CENTS_NORTH, CENTS_EAST = st.integers(170_000_000, 175_000_000), st.integers(45_000_000, 60_000_000)
MARKS = st.sampled_from(["", " ", ".", ",", "'"])


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(CENTS_NORTH, CENTS_EAST), min_size=3, max_size=6, unique=True),
    digits=st.integers(0, 3),
    separator=st.sampled_from(["\t", ";", "|", "   ", " ", ","]),
    decimal=st.sampled_from(".,"),
    mark=MARKS,
    named=st.booleans(),
    swapped=st.booleans(),
)
def test_whatever_separates_columns_decimals_and_thousands(rows, digits, separator, decimal, mark, named, swapped):
    """Any writing that is not ambiguous in itself gives the numbers back; corners in order around their middle."""
    if decimal == mark or (separator in (decimal, mark) and not separator == mark == " "):
        return
    middle = np.mean(rows, axis=0)
    rows = sorted(rows, key=lambda row: math.atan2(row[0] - middle[0], row[1] - middle[1]))
    values = [(round(x / 100, digits), round(y / 100, digits)) for x, y in rows]
    ring = shapely.Polygon([(y, x) for x, y in values])
    if not ring.is_valid or ring.area < 100:
        return
    lines = []
    for i, (x, y) in enumerate(values, 1):
        pair = (y, x) if swapped else (x, y)
        lines.append(separator.join(([str(i)] if named else []) + [grouped(v, mark, decimal, digits) for v in pair]))
    found = corners.parse("\n".join(lines), usual=5899)
    assert [(p.x_north, p.y_east) for p in found.points] == values
    assert found.swapped == swapped
    assert found.area_m2 == pytest.approx(ring.area)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789., \t;|-xyXY\nEe°'\"NaN()", max_size=200))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        corners.parse(text, COMMUNE, 5899)
    except ContractError as error:
        assert error.vi  # noqa: PT017


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=100), st.integers(0, 3))
def test_a_line_that_is_spoilt_never_changes_the_others_silently(junk, at):
    """Either the table is refused, or every corner that is left is one of those that were typed."""
    lines = plain(RECTANGLE, "\t").split("\n")
    lines.insert(at, junk.replace("\n", " "))
    try:
        found = parsed("\n".join(lines))
    except ContractError as error:
        assert error.vi  # noqa: PT017
        return
    assert set(places(found)) >= set(RECTANGLE)


def test_spaces_for_thousands_in_the_south():
    """A northing below a million has three digits before its first space: names and millions look alike line by line."""
    rows = [(988_000.0, 600_000.0), (988_000.0, 600_100.0), (988_100.0, 600_100.0)]
    text = "\n".join(f"{i} {grouped(x, ' ', ',')} {grouped(y, ' ', ',')}" for i, (x, y) in enumerate(rows, 1))
    assert places(corners.parse(text, usual=9210)) == rows


# ── What is recognised ──────────────────────────────────────────────────────────────────────────────────────────


def test_swapped_columns_are_said():
    found = parsed(plain([(y, x) for x, y in RECTANGLE]))
    assert places(found) == RECTANGLE
    assert found.swapped
    assert any("columns are swapped" in each for each in found.remarks_en)
    assert any("Hai cột bị đổi chỗ" in each for each in found.remarks_vi)
    labelled = parsed("Điểm\tX\tY\n" + plain([(y, x) for x, y in RECTANGLE], "\t"))
    assert any("as a GPS writes them" in each for each in labelled.remarks_en)


def test_columns_named_y_then_x_are_not_swapped():
    found = parsed("Điểm\tY\tX\n" + plain([(y, x) for x, y in RECTANGLE], "\t"))
    assert places(found) == RECTANGLE
    assert not any("swapped" in each for each in found.remarks_en)


def test_one_row_the_other_way_round():
    rows = [*RECTANGLE[:2], RECTANGLE[2][::-1], RECTANGLE[3]]
    assert no(plain(rows)).startswith("line 3:")


def by_formula(x_north, y_east, meridian):
    """Degrees on the VN-2000 ellipsoid (that of WGS 84), by Krüger's series for the inverse of a transverse Mercator, k 0.9999.

    Written out from Karney (2011), to n⁴; independent of PROJ.
    """
    a, f = 6_378_137.0, 1 / 298.257223563
    n = f / (2 - f)
    radius = a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    xi, eta = x_north / (0.9999 * radius), (y_east - 500_000) / (0.9999 * radius)
    series = (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
        17 * n**3 / 480 - 37 * n**4 / 840,
        4397 * n**4 / 161280,
    )
    xi2 = xi - sum(b * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, b in enumerate(series, 1))
    eta2 = eta - sum(b * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, b in enumerate(series, 1))
    tau, lon = math.sin(xi2) / math.hypot(math.sinh(eta2), math.cos(xi2)), math.atan2(math.sinh(eta2), math.cos(xi2))
    e = math.sqrt(f * (2 - f))
    phi = math.atan(tau)
    for _ in range(20):
        sine = math.sin(phi)
        sigma = math.sinh(e * math.atanh(e * sine))
        conformal = math.tan(phi) * math.sqrt(1 + sigma**2) - sigma * math.hypot(1, math.tan(phi))
        phi += (tau - conformal) * math.cos(phi) ** 2
    return meridian + math.degrees(lon), math.degrees(phi)


def shifted(lon, lat):
    """From VN-2000 to WGS 84 by the seven parameters that Vietnam published (QĐ 05/2007: WGS 84 → VN-2000, reversed here).

    ΔX 191.90441429 m,
    ΔY 39.30318279 m, ΔZ 111.45032835 m; rotations −0.00928836″, +0.01975479″, −0.00427372″; scale +0.252906278 ppm.
    """
    a, e2 = 6_378_137.0, 0.00669437999014
    phi, lam = math.radians(lat), math.radians(lon)
    v = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    place = np.array(
        [v * math.cos(phi) * math.cos(lam), v * math.cos(phi) * math.sin(lam), v * (1 - e2) * math.sin(phi)]
    )
    rx, ry, rz = (math.radians(each / 3600) for each in (-0.00928836, 0.01975479, -0.00427372))
    turn = np.array([[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]])
    there = (1 + 0.252906278e-6) * turn @ place + np.array([-191.90441429, -39.30318279, -111.45032835])
    p = math.hypot(there[0], there[1])
    phi = math.atan2(there[2], p * (1 - e2))
    for _ in range(10):
        v = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
        phi = math.atan2(there[2] + e2 * v * math.sin(phi), p)
    return math.degrees(math.atan2(there[1], there[0])), math.degrees(phi)


def test_degrees_agree_with_the_published_parameters():
    """The same corner by formulas of our own: series of the projection, then the seven parameters; within 1 m, as PROJ says."""
    found = parsed(plain(RECTANGLE))
    lon, lat = shapely.get_coordinates(found.geometry_4326)[0]
    own_lon, own_lat = by_formula(X, Y, 107.75)
    ours = shifted(own_lon, own_lat)
    _, _, gap = pyproj.Geod(ellps="WGS84").inv(lon, lat, *ours)
    assert gap < 1.0
    _, _, unshifted = pyproj.Geod(ellps="WGS84").inv(lon, lat, own_lon, own_lat)
    assert 150 < unshifted < 300  # without the datum it would be some 200 m off


@pytest.mark.parametrize(
    ("epsg", "meridian"), [(5899, 107.75), (9218, 108.5), (9217, 108.25), (5898, 108.0), (9216, 107.5), (9210, 105.75)]
)
def test_projection_of_every_zone_by_formula(epsg, meridian):
    geographic = pyproj.CRS.from_epsg(epsg).geodetic_crs
    lon, lat = pyproj.Transformer.from_crs(epsg, geographic, always_xy=True).transform(Y, X)
    assert (lon, lat) == pytest.approx(by_formula(X, Y, meridian), abs=1e-9)


def in_zone(epsg):
    """The rectangle's place, as a table in another zone."""
    turn = pyproj.Transformer.from_crs(5899, epsg, always_xy=True)
    return [turn.transform(y, x)[::-1] for x, y in RECTANGLE]


@pytest.mark.parametrize(
    ("epsg", "words"), [(9218, "108°30′"), (5898, "108°00′"), (9216, "107°30′"), (9217, "108°15′")]
)
def test_a_neighbouring_zone_is_recognised_and_explained(epsg, words):
    """Zones are 27 km apart for each quarter of a degree; the commune of 30 km holds the land in one of them only."""
    small = shapely.box(108.13, 15.57, 108.18, 15.61)
    found = parsed(plain(in_zone(epsg)), inside=small)
    assert found.epsg == epsg
    assert found.needs_confirmation
    assert f"central meridian {words}, 3° zone, not central meridian 107°45′" in found.remarks_en[1]
    assert f"kinh tuyến trục {words}" in found.remarks_vi[1]
    assert found.geometry_4326.hausdorff_distance(parsed(plain(RECTANGLE)).geometry_4326) < 1e-6
    confirmed = parsed(plain(in_zone(epsg)), inside=small, zone=epsg)
    assert not confirmed.needs_confirmation
    assert confirmed.geometry_4326.equals(found.geometry_4326)


def test_a_zone_that_puts_the_land_elsewhere_is_refused_in_one_language():
    small = shapely.box(108.13, 15.57, 108.18, 15.61)
    with pytest.raises(ContractError) as caught:
        parsed(plain(in_zone(5898)), inside=small, zone=5899, what=("xã Hòa Phú", "Hòa Phú commune"))
    assert str(caught.value.came) == "with central meridian 107°45′, 3° zone the land lies outside Hòa Phú commune"
    vi = caught.value.vi
    assert vi.startswith(
        "với kinh tuyến trục 107°45′, múi 3°, khu đất nằm ngoài xã Hòa Phú · kinh tuyến trục 108°00′, múi 3°: "
    )
    assert "meridian" not in vi


def test_zones_of_six_degrees():
    found = parsed(plain(in_zone(3406)))
    assert found.epsg == 3406
    assert "111°00′, 6° zone" in found.remarks_en[1]


def test_the_usual_zone_is_an_assumption_too():
    found = parsed(plain(RECTANGLE))
    assert found.needs_confirmation
    assert "nothing in the table says so" in found.remarks_en[1]
    assert not parsed(plain(RECTANGLE), zone=5899).needs_confirmation


def test_several_zones_fit_a_wide_study():
    """In a study of 150 km the numbers fall inside in more than one zone: all are named."""
    found = parsed(plain(RECTANGLE), inside=shapely.box(107.2, 15.0, 108.7, 16.0), usual=None)
    assert len(found.zones) > 1
    assert any("could also be" in each for each in found.remarks_en)
    usual = parsed(plain(RECTANGLE), inside=shapely.box(107.2, 15.0, 108.7, 16.0))
    assert usual.epsg == 5899


def test_a_zone_that_the_table_names():
    wide = shapely.box(107.2, 15.0, 108.7, 16.0)
    for words in (
        "Kinh tuyến trục 108°15'",
        "Hệ tọa độ VN-2000, KTT: 108°15′, múi chiếu 3°",
        "central meridian 108 15",
    ):
        found = parsed(f"{words}\n{plain(RECTANGLE)}", inside=wide)
        assert found.epsg == 9217
        assert "the table names central meridian 108°15′" in found.remarks_en[1].lower()
    contradicted = parsed(f"Kinh tuyến trục 105°45'\n{plain(RECTANGLE)}")
    assert contradicted.epsg == 5899
    assert any("names central meridian 105°45′" in each for each in contradicted.remarks_en)


def test_nobody_says_which_zone():
    assert "zone" in no(plain(RECTANGLE), inside=None, usual=None)
    assert corners.parse(plain(RECTANGLE), zone=5899).epsg == 5899
    assert "one of" in no(plain(RECTANGLE), zone=3857)


def test_land_that_lies_elsewhere_is_told_how_far():
    """200 km further north than the commune's middle, 15.6° N."""
    told = no(plain([(x + 200_000, y) for x, y in RECTANGLE]))
    assert "north of the study" in told
    km = float(told.partition("lies ")[2].partition(" km")[0])
    assert km == pytest.approx(1_924.57 - 1_737.0, abs=2)  # 15.7° N is 1,736.6 km from the equator on this ellipsoid


def test_land_partly_outside_is_told():
    x, y = (
        float(each[0]) for each in pyproj.Transformer.from_crs(4326, 5899, always_xy=True).transform([108.3], [15.6])
    )
    rows = [(y - 50, x - 50), (y - 50, x + 50), (y + 50, x + 50), (y + 50, x - 50)]
    found = parsed(plain(rows))
    assert found.share_inside == pytest.approx(0.5, abs=0.01)
    assert any("50 % of the area lies inside the study" in each for each in found.remarks_en)


def test_degrees_are_recognised():
    for text in (
        "108.15 15.59\n108.151 15.59\n108.151 15.591",
        "15.59, 108.15\n15.59, 108.151\n15.591, 108.151",
        "1;15,59;108,15\n2;15,59;108,151\n3;15,591;108,151",
        "15°35'24\" 108°09'00\"\n15°35'24\" 108°09'03,6\"\n15°35'27.6\"N 108°09'03.6\"E",
        "15°35,4'B 108°9'Đ\n15°35,4' 108°9,06'\n15°35,46' 108°9,06'",
    ):
        found = parsed(text)
        assert found.degrees
        assert found.needs_confirmation
        assert not found.swapped
        xy = sorted(map(tuple, np.round(shapely.get_coordinates(found.geometry_4326)[:-1], 7).tolist()))
        assert xy == [(108.15, 15.59), (108.151, 15.59), (108.151, 15.591)]
        assert any("degrees of longitude and latitude" in each for each in found.remarks_en)
    lon, lat = 108.15, 15.59
    side = pyproj.Geod(ellps="WGS84").inv(lon, lat, lon + 0.001, lat)[2]
    assert found.edges_m[0] == pytest.approx(side, abs=0.05)
    assert "km" in no("100.5 15.59\n100.51 15.59\n100.51 15.591".replace("100", "104"))


def test_a_zone_chosen_for_the_other_kind_of_table():
    """Metres are not degrees, whatever is chosen; degrees are asked about until degrees are chosen."""
    for inside in (COMMUNE, None):
        assert "coordinate system EPSG:4326" in no(plain(RECTANGLE), zone=4326, inside=inside)
    text = "108.15 15.59\n108.151 15.59\n108.151 15.591"
    assert parsed(text, zone=5899).needs_confirmation
    assert not parsed(text, zone=4326).needs_confirmation


def test_edges_are_checked():
    def table(*edges):
        return "\n".join(
            f"{i}\t{x:.2f}\t{y:.2f}\t{e}" for i, (x, y), e in zip(range(1, 5), RECTANGLE, edges, strict=True)
        )

    good = parsed(table("30,05", "20,00", "29,95", "20,0"))
    assert [point.said_m for point in good.points] == [30.05, 20.0, 29.95, 20.0]
    assert any("agree with the coordinates" in each for each in good.remarks_en)
    bad = parsed(table("30,00", "20,00", "30,06", "20,00"))
    (told,) = [each for each in bad.remarks_en if each.startswith("Edge")]
    assert told == "Edge 3–4: the table says 30.06 m, the coordinates give 30.00 m (0.06 m apart)."
    assert any(each.startswith("Cạnh 3–4: bảng ghi 30,06 m") for each in bad.remarks_vi)


def test_edges_on_lines_of_their_own_and_by_names():
    rows = plain(RECTANGLE, "\t").split("\n")
    between = "\n".join(f"{row}\n{edge}" for row, edge in zip(rows, ("30.00", "20.00", "30.00", "20.50"), strict=True))
    assert any("Edge 4–1: the table says 20.50" in each for each in parsed(between).remarks_en)
    named = plain(RECTANGLE, "\t") + "\n1-2: 30,00\n2-3 19,00 m\n"
    assert [point.said_m for point in parsed(named).points] == [30.0, 19.0, None, None]


def test_edges_beside_the_corner_they_come_to():
    rows = [(X, Y), (X, Y + 50), (X - 20, Y + 30), (X - 20, Y)]
    edges = (math.hypot(20, 0), 50.0, math.hypot(20, 20), 30.0)
    text = "\n".join(f"{i}\t{x:.2f}\t{y:.2f}\t{e:.2f}" for i, (x, y), e in zip(range(1, 5), rows, edges, strict=True))
    assert any("agree" in each for each in parsed(text).remarks_en)


def test_the_area_is_compared():
    assert not any("The table says" in each for each in parsed(plain(RECTANGLE) + "\nDiện tích: 600,5 m²").remarks_en)
    found = parsed(plain(RECTANGLE) + "\nDiện tích: 1.600,0 m2")
    assert "The table says 1,600.0 m², the coordinates give 600.0 m²." in found.remarks_en


def test_lines_that_are_not_used_are_told():
    found = parsed(f"Thửa đất số 12, tờ bản đồ số 5\n{plain(RECTANGLE)}\nNgười lập: Ông A, 2026")
    unused = [each for each in found.remarks_en if "was not used" in each]
    assert len(unused) == 2
    assert "line 1" in unused[0].lower()


def test_two_parts_and_a_hole():
    apart = [(x, y + 100) for x, y in RECTANGLE]
    hole = [(X - 5, Y + 5), (X - 5, Y + 10), (X - 10, Y + 10), (X - 10, Y + 5)]
    two = parsed(plain(RECTANGLE) + "\n\n" + plain(apart))
    assert two.geometry_m.geom_type == "MultiPolygon"
    assert two.area_m2 == pytest.approx(1200)
    one = parsed(plain(RECTANGLE) + "\n\n" + plain(hole))
    assert one.area_m2 == pytest.approx(575)
    assert any("a hole" in each for each in one.remarks_en)
    closed = [*RECTANGLE, RECTANGLE[0], *apart, apart[0]]
    assert parsed(plain(closed, named=False)).area_m2 == pytest.approx(1200)
    assert "overlap" in no(plain(RECTANGLE) + "\n\n" + plain([(x, y + 10) for x, y in RECTANGLE]))


# ── What is refused ─────────────────────────────────────────────────────────────────────────────────────────────


def test_corners_in_a_crossing_order():
    told = no(plain([RECTANGLE[0], RECTANGLE[2], RECTANGLE[1], RECTANGLE[3]]))
    assert "edge 1–2 crosses edge 3–4" in told
    assert "corners 2 and 3 may be in each other's place" in told


def test_crossing_of_two_far_edges():
    """A star of five: its second edge is the first that another crosses from afar."""
    star = [(X + 100 * math.cos(4 * math.pi * i / 5), Y + 100 * math.sin(4 * math.pi * i / 5)) for i in range(5)]
    assert "edge 1–2 crosses edge 3–4" in no(plain(star))


@pytest.mark.parametrize("n", [200, 999])
def test_crossings_are_found_as_shapely_finds_them(n):
    rng = np.random.default_rng(n)
    angle = np.sort(rng.uniform(0, 2 * np.pi, n))
    radius = rng.uniform(900, 1000, n)
    rows = np.column_stack([X + radius * np.cos(angle), Y + radius * np.sin(angle)])
    assert parsed(plain(rows)).geometry_m.is_valid
    rows[[n // 3, n // 2]] = rows[[n // 2, n // 3]]
    assert "crosses" in no(plain(rows))


PINCHED = [(X, Y), (X, Y + 20), (X - 10, Y + 10), (X - 20, Y + 20), (X - 20, Y), (X - 10, Y + 10)]
SPOILT = {
    "nothing": ("", "no coordinates"),
    "words": ("xin chào", "no coordinates"),
    "numbers": ("1 2 3\n4 5 6\n7 8 9", "line 1:"),
    "one": (plain(RECTANGLE[:1]), "only 1 different"),
    "two": (plain(RECTANGLE[:2]), "only 2 different"),
    "one corner thrice": (plain([RECTANGLE[0]] * 3, named=False), "only 1 different"),
    "a line": (plain([(X, Y), (X, Y + 10), (X, Y + 30)]), "on one line"),
    "missing": (plain(RECTANGLE).replace(f" {Y + 30:.2f}\n3", "\n3"), "line 2:"),
    "missing in a sheet": (plain(RECTANGLE, "\t").replace(f"\t{Y + 30:.2f}\n3", "\t\n3"), "line 2:"),
    "both missing": (plain(RECTANGLE, "\t").replace(f"2\t{X:.2f}\t{Y + 30:.2f}", "2\t\t"), "line 2:"),
    "a word": (plain(RECTANGLE).replace(f"{Y + 30:.2f}\n3", "abc\n3"), "line 2:"),
    "nan": (plain(RECTANGLE).replace(f"2 {X:.2f}", "2 NaN"), "line 2:"),
    "inf": (plain(RECTANGLE).replace(f"2 {X:.2f}", "2 -inf"), "line 2:"),
    "an error of a sheet": (plain(RECTANGLE).replace(f"2 {X:.2f}", "2 #VALUE!"), "line 2:"),
    "huge": (plain(RECTANGLE).replace(f"2 {X:.2f}", "2 1e308"), "line 2:"),
    "rounded": (plain(RECTANGLE).replace(f"2 {X:.2f}", "2 1.72E+06"), "Number with 2 decimals"),
    "rounded, comma": (plain(RECTANGLE).replace(f"2 {X:.2f}", "2 1,72E+06"), "line 2:"),
    "all huge": ("1e308 1e308\n1e308 1e308\n1e308 1e308", "line 1:"),
    "too far north": (plain(RECTANGLE).replace("2 1724567", "2 7724567"), "line 2:"),
    "a digit too many": (plain(RECTANGLE).replace("2 1724567", "2 17245679"), "line 2:"),
    "two pairs": ("\n".join(f"{x:.2f} {y:.2f} {x:.2f} {y:.2f}" for x, y in RECTANGLE), "two pairs"),
    "a name twice": (plain(RECTANGLE).replace("\n3 ", "\n2 "), "corner 2 is in line 2 too"),
    "kinds": (plain(RECTANGLE) + "\n5 15.59 108.15", "line 5:"),
    "touching": (plain(PINCHED, named=False), "touches itself"),
    "many rows": ("\n".join(f"{i} {X + i:.2f} {Y:.2f}" for i in range(10_000)), "at most"),
    "just too many": ("\n".join(f"{i} {X + i:.2f} {Y + i % 2:.2f}" for i in range(1_001)), "at most 1000"),
    "long": ("1" * 300_000, "at most"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), SPOILT.values(), ids=SPOILT.keys())
def test_what_is_refused(text, words):
    start = time.thread_time()
    assert words in no(text)
    assert time.thread_time() - start < 2


def test_a_thousand_corners_are_read_in_time():
    angle = np.linspace(0, 2 * np.pi, 1_000, endpoint=False)
    rows = list(zip(X + 1000 * np.cos(angle), Y + 1000 * np.sin(angle), strict=True))
    start = time.thread_time()
    found = parsed(plain(rows))
    assert time.thread_time() - start < 5
    assert found.area_m2 == pytest.approx(math.pi * 1e6, rel=1e-4)


def corners_meridian(epsg):
    (value,) = [p.value for p in pyproj.CRS.from_epsg(epsg).coordinate_operation.params if "Longitude" in p.name]
    return value


# ── Back again ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("epsg", corners.ZONES)
def test_there_and_back_to_the_millimetre(epsg):
    turn = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
    width = 2.9 if epsg in (3405, 3406) else 0.4
    east, north = turn.transform(corners_meridian(epsg) + width, 15.59)
    exact = [(north, east), (north, east + 30.123), (north - 20.456, east + 30.789), (north - 20, east)]
    rows = np.round(exact, 3)
    land = corners.parse("\n".join(f"{x:.3f}\t{y:.3f}" for x, y in rows), zone=epsg).geometry_4326
    back = corners.table(land, epsg)
    assert np.abs(np.array([(p.x_north, p.y_east) for p in back]) - rows).max() < 0.0011
    assert [p.name for p in back] == ["1", "2", "3", "4"]
    assert back[0].edge_m == pytest.approx(30.123, abs=0.002)


def test_table_of_parts_and_holes():
    hole = [(108.104, 15.504), (108.106, 15.504), (108.106, 15.506)]
    land = shapely.MultiPolygon(
        [
            shapely.Polygon(shapely.box(108.1, 15.5, 108.11, 15.51).exterior, [hole]),
            shapely.box(108.2, 15.5, 108.21, 15.51),
        ]
    )
    points = corners.table(land, 5899)
    assert [p.part for p in points] == [1] * 4 + [2] * 3 + [3] * 4
    assert len({p.name for p in points}) == 11
