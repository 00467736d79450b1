"""Layers as they arrive: old encodings in Shapefile, MapInfo and DXF, files without a CRS, swapped axes, sheets of offices."""

import shutil

import dgn
import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from sanchoi.data import demo
from sanchoi.gis.encoding import encode
from sanchoi.gis.errors import ContractError, CRSError, SourceError
from sanchoi.gis.sources import table, vector
from sanchoi.gis.sources.arrival import Arrival
from shared import ROOT
from small import CRS, X, Y

OLD = ["tcvn3", "vni"]
BOUNDS, GRID = "400000,1600000,800000,2000000", 400_000 / 2e9
"""Where a MapInfo table lies; its numbers are kept on a grid of a two-milliardth part of that."""
NAMES = ["Hòa Phú", "Đại Lãnh", "Thị trấn Núi Thành", "Quế Thọ"]


def communes(tmp_path):
    """Real outlines and names where they are at hand, else those of the demo."""
    path = ROOT.parent / "shared" / "data" / "quangnam" / "communes_2025.gpkg"
    if path.is_file():
        found = vector.read(path, crs=CRS, where="former_province = 'Quảng Nam'")[["name", "full_name", "geometry"]]
        assert len(found) == 78
        return found
    folder = demo.write(tmp_path / "demo")
    return vector.read(folder / "communes.gpkg", crs=CRS)[["name", "geometry"]]


def points(names=NAMES, crs=CRS):
    n = len(names)
    return gpd.GeoDataFrame(
        {"ten": names, "so": np.arange(n) / 4},
        geometry=gpd.points_from_xy(X + 100.0 * np.arange(n), Y + np.full(n, 7.0)),
        crs=crs,
    )


def old(frame, name, columns=("ten",)):
    return frame.assign(**{column: [encode(each, name) for each in frame[column]] for column in columns})


def written(frame, path, **more):
    pyogrio.write_dataframe(frame, path, encoding="ISO-8859-1", **more)
    return path


def codes(found):
    return [each.code for each in found.attrs["told"]]


@pytest.mark.parametrize("name", OLD)
@pytest.mark.parametrize("cpg", ["ISO-8859-1", "UTF-8", "1258", "CP1252", None])
def test_a_shapefile_is_read_whatever_its_code_page_says(tmp_path, name, cpg):
    path = written(old(points(), name), tmp_path / "a.shp")
    if cpg is None:
        path.with_suffix(".cpg").unlink()
    else:
        path.with_suffix(".cpg").write_text(cpg)
    found = vector.read(path)
    assert found["ten"].tolist() == NAMES
    assert found["so"].tolist() == [0, 0.25, 0.5, 0.75]
    assert found.geometry.tolist() == points().geometry.tolist()
    assert found.crs == CRS
    assert codes(found) == ["text_decoded"]
    assert "text in " + ("TCVN3 (ABC)" if name == "tcvn3" else "VNI") in found.attrs["told"][0].en


def test_what_words_do_not_tell_is_read_as_the_file_declares(tmp_path):
    """One name alone, of which several readings make sense; GDAL's own table would drop its last letter."""
    told = ["Ho\u0302\u0300".replace("o\u0302", "\u00f4").encode("cp1258").decode("latin-1")] * 2
    path = written(points(told), tmp_path / "a.shp")
    found = vector.read(path)
    assert (found["ten"].tolist(), codes(found)) == (told, ["text_ambiguous"])
    path.with_suffix(".cpg").write_text("1258")
    assert vector.read(path)["ten"].tolist() == ["Hồ", "Hồ"]


def test_a_shapefile_in_order_stays_so(tmp_path):
    path = tmp_path / "a.shp"
    pyogrio.write_dataframe(points(), path, encoding="UTF-8")
    assert vector.read(path)["ten"].tolist() == NAMES
    path.with_suffix(".cpg").unlink()  # then its bytes are taken for Latin-1
    found = vector.read(path)
    assert found["ten"].tolist() == NAMES
    assert codes(found) == ["text_decoded"]


@pytest.mark.parametrize("name", OLD)
@pytest.mark.parametrize(("kind", "more"), [("tab", {}), ("mif", {"FORMAT": "MIF"})])
@pytest.mark.parametrize("charset", ["Neutral", "WindowsLatin1"])
def test_mapinfo_in_an_old_encoding_without_its_datum(tmp_path, name, kind, more, charset):
    path = written(
        old(points(), name),
        tmp_path / f"a.{kind}",
        driver="MapInfo File",
        **more,
        **({"BOUNDS": BOUNDS} if kind == "tab" else {}),
    )
    head = path.read_bytes()
    assert b'"Neutral"' in head
    path.write_bytes(head.replace(b'"Neutral"', f'"{charset}"'.encode()))
    with pytest.raises(CRSError) as caught:
        vector.read(path, arrival=Arrival(section="parcels"))
    assert "on the datum of WGS 84" in str(caught.value)
    assert "assume_crs = 5899 in [parcels]" in caught.value.todo
    assert "225 m" in caught.value.vi
    found = vector.read(path, arrival=Arrival(assume_crs="5899"))
    assert found["ten"].tolist() == NAMES
    assert found.crs == CRS
    assert shapely.get_coordinates(found.geometry.to_numpy()) == pytest.approx(
        shapely.get_coordinates(points().geometry.to_numpy()), abs=2 * GRID
    )
    assert set(codes(found)) == {"text_decoded", "datum_mended"}
    assert vector.read(path, arrival=Arrival(accept_guess=True)).crs == CRS


MIF = """Version 300
Charset "WindowsLatin1"
Delimiter ","
CoordSys Earth Projection 8, 9999, 28, -191.90441429, -39.30318279, -111.45032835, -0.00928836, 0.01975479, \
-0.00427372, 0.252906278, 0, "m", 107.75, 0, 0.9999, 500000, 0
Columns 1
  ten Char(30)
Data
Point 560000 1740000
""".replace("\\\n", "")


def test_mapinfo_as_offices_write_it_has_its_datum(tmp_path):
    """With the parameters of Vietnam in the file nothing is lost, and nothing is asked."""
    (tmp_path / "a.mif").write_text(MIF, "latin-1")
    (tmp_path / "a.mid").write_bytes(encode("Hòa Phú\n", "tcvn3").encode("latin-1"))
    found = vector.read(tmp_path / "a.mif", crs=CRS)
    assert found["ten"].tolist() == ["Hòa Phú"]
    assert found.geometry[0].distance(shapely.Point(560_000, 1_740_000)) < 1e-3
    assert codes(found) == ["text_decoded"]


def test_the_lost_datum_is_worth_225_m(tmp_path):
    path = tmp_path / "a.tab"
    pyogrio.write_dataframe(points(), path, driver="MapInfo File")
    wrong = pyogrio.read_dataframe(path).to_crs("EPSG:32649").geometry
    right = vector.read(path, crs="EPSG:32649", arrival=Arrival(accept_guess=True)).geometry
    assert wrong.distance(right).tolist() == pytest.approx([225] * 4, abs=2)


@pytest.mark.parametrize("name", OLD)
@pytest.mark.parametrize(("end", "driver"), [("shp", "ESRI Shapefile"), ("tab", "MapInfo File")])
def test_real_communes_come_back_exactly(tmp_path, name, end, driver):
    frame = communes(tmp_path)
    texts = [column for column in frame if column != "geometry" and frame[column].dtype.kind not in "iufb"]
    more = {} if end == "shp" else {"BOUNDS": BOUNDS}
    path = written(old(frame, name, texts), tmp_path / f"a.{end}", driver=driver, **more)
    found = vector.read(path, arrival=Arrival(assume_crs="5899" if end == "tab" else ""))
    for column in texts:
        assert found[column].tolist() == frame[column].tolist()
    pairs = [shapely.normalize(each.explode().geometry.to_numpy()) for each in (found, frame)]
    exact = 0.0 if end == "shp" else 2 * GRID
    assert shapely.equals_exact(*pairs, tolerance=exact).all()


def test_where_speaks_of_the_text_in_order(tmp_path):
    path = written(old(points(), "tcvn3"), tmp_path / "a.shp")
    found = vector.read(path, where="ten = 'Đại Lãnh' OR ten LIKE 'Quế%'")
    assert found["ten"].tolist() == ["Đại Lãnh", "Quế Thọ"]
    assert found.geometry.tolist() == points().geometry.tolist()[1::2]
    assert found.attrs["whole"] == (X, Y + 7, X + 300, Y + 7)


def test_names_of_columns_are_decoded_too(tmp_path):
    frame = old(points(), "tcvn3").rename(columns={"ten": encode("xã", "tcvn3") + "_" + encode("tên", "tcvn3")})
    assert vector.read(written(frame, tmp_path / "a.shp"))["xã_tên"].tolist() == NAMES


def test_a_column_of_two_encodings_is_refused_until_one_is_named(tmp_path):
    frame = points().assign(ten=[encode(each, OLD[i % 2]) for i, each in enumerate(NAMES)])
    path = written(frame, tmp_path / "a.shp")
    with pytest.raises(ContractError, match="text in two encodings") as caught:
        vector.read(path, arrival=Arrival(section="parcels"))
    assert 'encoding = "tcvn3" in [parcels]' in caught.value.todo
    found = vector.read(path, arrival=Arrival(encoding="tcvn3"))
    assert found["ten"].tolist() == NAMES
    assert codes(found) == ["text_decoded", "text_exceptions"]


def test_what_cannot_be_told_is_left_and_said(tmp_path):
    path = written(points(["Xã", "Xã"]), tmp_path / "a.shp")
    found = vector.read(path, arrival=Arrival(section="communes"))
    assert found["ten"].tolist() == ["Xã", "Xã"]
    assert codes(found) == ["text_ambiguous"]
    assert '"Xã" may be "Xó"' in found.attrs["told"][0].en
    assert vector.read(path, arrival=Arrival(encoding="tcvn3"))["ten"].tolist() == ["Xó", "Xó"]
    assert codes(vector.read(path, arrival=Arrival(encoding="utf-8"))) == []


def test_a_column_without_witness_follows_the_others(tmp_path):
    frame = old(points().assign(loai=["Xã"] * 4), "tcvn3", ("ten", "loai"))
    assert vector.read(written(frame, tmp_path / "a.shp"))["loai"].tolist() == ["Xã"] * 4


def ground():
    return shapely.box(X - 500, Y - 500, X + 1500, Y + 1500), CRS


def bare(tmp_path, frame):
    path = tmp_path / "a.shp"
    pyogrio.write_dataframe(frame, path, encoding="UTF-8")
    path.with_suffix(".prj").unlink()
    return path


@pytest.mark.parametrize("code", [5899, 9217])
def test_a_file_without_crs_is_guessed_told_and_taken_when_confirmed(tmp_path, code):
    path = bare(tmp_path, points().to_crs(code))
    with pytest.raises(CRSError, match="none is ever assumed"):
        vector.read(path)
    study = Arrival(inside=ground, usual=5899, section="play_areas")
    with pytest.raises(CRSError) as caught:
        vector.read(path, arrival=study)
    assert f"its numbers fit EPSG:{code}" in caught.value.came
    assert f"assume_crs = {code} in [play_areas]" in caught.value.todo
    found = vector.read(path, crs=CRS, arrival=Arrival(assume_crs=str(code)))
    assert shapely.get_coordinates(found.geometry.to_numpy()) == pytest.approx(
        shapely.get_coordinates(points().geometry.to_numpy()), abs=1e-3
    )
    guessed = vector.read(path, arrival=Arrival(inside=ground, usual=5899, accept_guess=True))
    assert guessed.crs.to_epsg() == code
    assert codes(guessed) == ["crs_guessed"]


def turned(frame):
    return frame.set_geometry(
        gpd.GeoSeries(shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1]), crs=CRS)
    )


def test_swapped_axes_are_told_and_turned_when_confirmed(tmp_path):
    path = bare(tmp_path, turned(points()))
    with pytest.raises(CRSError) as caught:
        vector.read(path, arrival=Arrival(inside=ground, usual=5899, section="parcels"))
    assert "north and east swapped" in caught.value.came
    assert "assume_crs = 5899, swap_xy = true in [parcels]" in caught.value.todo
    with pytest.raises(CRSError, match="its axes look swapped"):
        vector.read(path, arrival=Arrival(assume_crs="5899"))
    for arrival in (Arrival(assume_crs="5899", swap_xy=True), Arrival(inside=ground, usual=5899, accept_guess=True)):
        found = vector.read(path, arrival=arrival)
        assert found.geometry.tolist() == points().geometry.tolist()
        assert "axes_swapped" in codes(found)


def test_swapped_axes_of_a_file_that_names_its_crs(tmp_path):
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(turned(points()), path)
    with pytest.raises(CRSError, match="its axes look swapped") as caught:
        vector.read(path, arrival=Arrival(inside=ground))
    assert caught.value.todo == "if that is so, say --swap-xy (or --accept-guess)"
    assert vector.read(path, arrival=Arrival(swap_xy=True)).geometry.tolist() == points().geometry.tolist()


def test_a_wrong_zone_is_told_and_overruled_when_confirmed(tmp_path):
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(points().set_crs(9217, allow_override=True), path)
    with pytest.raises(CRSError, match="but 100 % in EPSG:5899"):
        vector.read(path, arrival=Arrival(inside=ground))
    found = vector.read(path, arrival=Arrival(inside=ground, assume_crs="5899"))
    assert (found.crs, codes(found)) == (CRS, ["crs_overruled"])


def test_what_fits_nowhere_or_too_much_is_not_guessed(tmp_path):
    far = points().set_geometry(points().translate(0, 400_000))
    with pytest.raises(CRSError, match="none of those used in Vietnam"):
        vector.read(bare(tmp_path, far), arrival=Arrival(inside=ground, accept_guess=True))
    utm = points().to_crs(32649)
    with pytest.raises(CRSError, match="its numbers fit several"):
        vector.read(bare(tmp_path, utm), arrival=Arrival(inside=ground, accept_guess=True))
    with pytest.raises(CRSError, match="an EPSG code"):
        vector.read(bare(tmp_path, utm), arrival=Arrival(assume_crs="58991"))


def test_a_table_of_x_north_and_y_east(tmp_path):
    """What Vietnamese tables call X is the northing; the numbers say so, and that needs no confirmation."""
    path = tmp_path / "a.csv"
    path.write_text(f"ten,X,Y\nA,{Y + 7},{X}\nB,{Y + 7},{X + 100}\n", "utf-8")
    with pytest.raises(CRSError, match="its numbers fit EPSG:5899") as caught:
        vector.read(path, arrival=Arrival(inside=ground, usual=5899, section="play_areas"))
    assert caught.value.todo == "if that is right, say assume_crs = 5899 in [play_areas]"
    found = vector.read(path, arrival=Arrival(assume_crs="5899"))
    assert found.geometry.tolist() == points().geometry.tolist()[:2]
    assert codes(found) == ["crs_assumed", "axes_swapped"]


DRAWING = [
    shapely.LineString([(X, Y), (X + 20, Y), (X + 20, Y + 10), (X, Y + 10), (X, Y)]),
    shapely.LineString([(X + 10, Y), (X + 10, Y + 10)]),
]
LABELS = [
    (X + 5, Y + 5, "64 / 100.5 / BHK"),
    (X + 15, Y + 7, "65/120"),
    (X + 15, Y + 3, "Đất ở nông thôn"),
    (X + 50, Y, "QL 1A"),
]
LINES = Arrival(assume_crs="5899", from_lines=True)


def dxf(path, name="tcvn3", lines=DRAWING):
    """GDAL writes texts of DXF by their style, in UTF-8; the bytes of an old encoding stand in the text as they are."""
    texts = [encode(text, name) for *_, text in LABELS]
    style = [f'LABEL(f:"Arial",t:"{text}")' for text in texts]
    frame = gpd.GeoDataFrame(
        {"Layer": ["RANH"] * len(lines) + ["NHAN"] * len(texts), "OGR_STYLE": [None] * len(lines) + style},
        geometry=[*lines, *(shapely.Point(x, y) for x, y, _ in LABELS)],
        crs=CRS,
    )
    pyogrio.write_dataframe(frame, path, driver="DXF")
    return path


def check_parcels(found):
    assert found["parcel_no"].tolist() == ["64", "65"]
    assert found["land_use"].tolist() == ["BHK", None]
    assert found["area_stated_m2"].tolist() == [100.5, 120]
    assert found["area_m2"].tolist() == [100, 100]
    assert found["labels"].tolist() == [1, 2]
    assert found["label"].tolist() == [None, "Đất ở nông thôn"]
    assert [each.bounds for each in found.geometry] == [(X, Y, X + 10, Y + 10), (X + 10, Y, X + 20, Y + 10)]
    words = {each.code: each.en for each in found.attrs["told"]}
    assert "2 parcels enclosed by 2 lines; 3 texts lie in them, 1 in none" in words["faces"]
    assert "65: 120.0 m² stated, 100.0 m² drawn" in words["label_area"]
    assert "text_decoded" in words


@pytest.mark.parametrize("name", OLD)
def test_parcels_of_a_dxf(tmp_path, name):
    path = dxf(tmp_path / "a.dxf", name)
    with pytest.raises(CRSError, match="has no CRS"):
        vector.read(path)
    check_parcels(vector.read(path, arrival=LINES))


@pytest.mark.parametrize("name", OLD)
def test_parcels_of_a_dgn(tmp_path, name):
    """The statutory format, its texts as bytes of the old encoding."""
    path = tmp_path / "a.dgn"
    dgn.write(path, DRAWING, [(x, y, encode(text, name).encode("latin-1")) for x, y, text in LABELS])
    check_parcels(vector.read(path, arrival=LINES))


def test_gaps_are_told_and_closed_when_asked(tmp_path):
    lines = [DRAWING[0], shapely.LineString([(X + 10, Y), (X + 10, Y + 9.8)])]
    path = dxf(tmp_path / "a.dxf", lines=lines)
    left = vector.read(path, arrival=LINES)
    assert left["area_m2"].tolist() == [200]
    words = {each.code: each.en for each in left.attrs["told"]}
    assert f"1 gaps of up to 0.5 m, left open; the first at {X + 10:.2f}, {Y + 9.8:.2f}" in words["gaps"]
    assert "1 parcels hold texts of several parcels" in words["label_several"]
    assert left["parcel_no"].tolist() == [None]
    closed = vector.read(path, arrival=Arrival(assume_crs="5899", from_lines=True, close_gaps_m=0.3))
    assert closed["parcel_no"].tolist() == ["64", "65"]


def test_lines_that_enclose_nothing_or_are_in_degrees(tmp_path):
    with pytest.raises(ContractError, match="its lines enclose nothing"):
        vector.read(dxf(tmp_path / "a.dxf", lines=DRAWING[1:]), arrival=LINES)
    with pytest.raises(CRSError, match="lines in degrees"):
        vector.read(dxf(tmp_path / "b.dxf"), arrival=Arrival(assume_crs="4326", from_lines=True))


def test_versions_that_are_not_read_are_named(tmp_path):
    (tmp_path / "a.dgn").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    with pytest.raises(SourceError, match="is DGN V8"):
        vector.read(tmp_path / "a.dgn")
    (tmp_path / "a.dwg").write_bytes(b"AC1027")
    with pytest.raises(SourceError, match="DWG"):
        vector.read(tmp_path / "a.dwg")


def office(path):
    """A table of an office: titles, a heading of two rows, numbers of columns, a district merged over its communes."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["UBND HUYỆN", None, None, None],
        ["BẢNG SỐ LIỆU TRẺ EM NĂM 2026"],
        [],
        ["Huyện", "Xã", "Trẻ em", None],
        [None, None, "0-5", "6-14"],
        ["(1)", "(2)", "(3)", "(4)"],
        ["Tam Kỳ", "Hòa Phú", 100, 200],
        [None, "Đại Lãnh", 50, None],
    ):
        sheet.append(row)
    for area in ("A1:B1", "A2:D2", "A4:A5", "B4:B5", "C4:D4", "A7:A8"):
        sheet.merge_cells(area)
    book.save(path)
    return path


def test_a_sheet_of_an_office(tmp_path):
    told = []
    got = table.read(office(tmp_path / "a.xlsx"), told=told)
    assert got.columns.tolist() == ["Huyện", "Xã", "Trẻ em / 0-5", "Trẻ em / 6-14"]
    assert got["Huyện"].tolist() == ["Tam Kỳ", "Tam Kỳ"]
    assert got["Trẻ em / 0-5"].tolist() == [100, 50]
    assert got["Trẻ em / 6-14"].isna().tolist() == [False, True]
    assert [each.code for each in told] == ["heading_found", "numbers_row", "merged_filled"]
    assert "rows 4–5" in told[0].en or "row 4–5" in told[0].en


def test_a_sheet_is_chosen_by_name(tmp_path):
    book = openpyxl.load_workbook(office(tmp_path / "a.xlsx"))
    book.create_sheet("hai").append(["mã", "tên"])
    book["hai"].append(["1", "A"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(SourceError, match="name it as the layer"):
        table.read(tmp_path / "a.xlsx")
    assert table.read(tmp_path / "a.xlsx", "hai").to_dict("list") == {"mã": ["1"], "tên": ["A"]}
    with pytest.raises(SourceError, match='no sheet "ba"'):
        table.read(tmp_path / "a.xlsx", "ba")


@pytest.mark.parametrize("name", OLD)
def test_a_csv_in_bytes_of_an_old_encoding(tmp_path, name):
    path = tmp_path / "a.csv"
    path.write_bytes(encode("mã,tên\n1,Hòa Phú\n2,Đại Lãnh\n", name).encode("latin-1"))
    told = []
    assert table.read(path, told=told).to_dict("list") == {"mã": ["1", "2"], "tên": ["Hòa Phú", "Đại Lãnh"]}
    assert [each.code for each in told] == ["text_decoded"]


def test_a_zipped_shapefile(tmp_path):
    written(old(points(), "tcvn3"), tmp_path / "a.shp")
    folder = tmp_path / "zipped"
    folder.mkdir()
    for each in tmp_path.glob("a.*"):
        shutil.move(each, folder / each.name)
    shutil.make_archive(str(tmp_path / "b"), "zip", folder)
    assert vector.read(tmp_path / "b.zip")["ten"].tolist() == NAMES


@pytest.mark.filterwarnings("ignore:Non closed ring")
def test_broken_files_are_refused_in_words(tmp_path):
    """A ring that a flipped byte opened, and a workbook whose packed sheet is not whole."""
    path = tmp_path / "a.shp"
    pyogrio.write_dataframe(gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.box(X, Y, X + 9, Y + 9)], crs=CRS), path)
    data = bytearray(path.read_bytes())
    data[-3] ^= 0xFF  # of the last corner
    path.write_bytes(data)
    with pytest.raises(SourceError, match="cannot be read"):
        vector.read(path)
    data = bytearray(office(tmp_path / "a.xlsx").read_bytes())
    at = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[at : at + 40] = bytes(40)
    (tmp_path / "a.xlsx").write_bytes(data)
    with pytest.raises(SourceError, match="cannot be read"):
        table.read(tmp_path / "a.xlsx")
