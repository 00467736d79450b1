"""`sanchoi convert`: what is said, what is written, and what is never done."""

import json

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
import small
from sanchoi.api.cli import main
from sanchoi.gis.encoding import encode
from small import CRS, X, Y

NAMES = ["Hòa Phú", "Đại Lãnh"]


def frame(crs=CRS):
    columns = {"tên xã": NAMES, "diện tích (m²)": [1.5, None], "mã": ["01", "02"]}
    return gpd.GeoDataFrame(columns, geometry=[small.square(0, 0, 10, 10), small.square(20, 0, 10, 10)], crs=crs)


@pytest.fixture
def old(tmp_path):
    """A Shapefile in TCVN3."""
    path = tmp_path / "old.shp"
    made = frame().rename(columns={"tên xã": "ten", "diện tích (m²)": "dt", "mã": "ma"})
    pyogrio.write_dataframe(made.assign(ten=[encode(each, "tcvn3") for each in NAMES]), path, encoding="ISO-8859-1")
    return path


def run(capsys, *arguments, code=0):
    assert main(["convert", *map(str, arguments)]) == code
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err + shown.out
    return shown.out if not code else shown.err


@pytest.mark.parametrize("end", ["gpkg", "shp", "geojson"])
def test_a_layer_is_written_in_order(old, tmp_path, capsys, end):
    out = tmp_path / f"new.{end}"
    told = run(capsys, old, out)
    assert "text in TCVN3 (ABC) turned into Unicode, 2 values" in told
    assert f"written: {out}" in told
    got = pyogrio.read_dataframe(out)
    assert got["ten"].tolist() == NAMES
    assert got["dt"].isna().tolist() == [False, True]
    assert got["ma"].tolist() == ["01", "02"]
    assert got.crs == (CRS if end != "geojson" else "EPSG:4326")
    least = got.to_crs(CRS).geometry.hausdorff_distance(frame().geometry)
    assert least.max() < 1e-3
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_a_csv_has_places(old, tmp_path, capsys):
    run(capsys, old, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    got = pd.read_csv(tmp_path / "a.csv", dtype={"ma": str})
    assert got["ma"].tolist() == ["01", "02"]
    assert shapely.equals(shapely.from_wkt(got["wkt"].to_numpy()), frame().geometry.to_numpy()).all()
    points = frame().set_geometry(frame().centroid)
    pyogrio.write_dataframe(points, tmp_path / "p.gpkg")
    run(capsys, tmp_path / "p.gpkg", tmp_path / "p.csv")
    got = pd.read_csv(tmp_path / "p.csv")
    back = gpd.GeoSeries(gpd.points_from_xy(got["lon"], got["lat"]), crs=4326).to_crs(CRS)
    assert back.distance(points.geometry).max() < 1e-3
    told = run(capsys, tmp_path / "p.csv")  # what is written can be read
    assert "2 features, CRS EPSG:4326" in told


def test_nothing_is_written_over(old, tmp_path, capsys):
    out = tmp_path / "new.gpkg"
    out.write_text("mine", "utf-8")
    assert "is there already" in run(capsys, old, out, code=4)
    assert out.read_text("utf-8") == "mine"
    run(capsys, old, out, "--force")
    assert len(pyogrio.read_dataframe(out)) == 2
    (tmp_path / "b.dbf").write_text("mine", "utf-8")
    assert "b.dbf is there already" in run(capsys, old, tmp_path / "b.shp", code=4)
    before = old.read_bytes(), old.with_suffix(".dbf").read_bytes()
    assert "is the file that is read" in run(capsys, old, old, "--force", code=4)
    assert (old.read_bytes(), old.with_suffix(".dbf").read_bytes()) == before


def test_an_index_of_an_older_shapefile_does_not_stay(old, tmp_path, capsys):
    for end in ("shp", "qix"):
        (tmp_path / f"b.{end}").write_text("old", "utf-8")
    run(capsys, old, tmp_path / "b.shp", "--force")
    assert not (tmp_path / "b.qix").exists()


def test_without_out_it_only_says_what_it_is(old, tmp_path, capsys):
    before = sorted(tmp_path.iterdir())
    told = json.loads(run(capsys, old, "--json"))
    assert (told["rows"], told["crs"], told["out"], told["columns"]) == (2, CRS, None, ["ten", "dt", "ma"])
    assert [each["code"] for each in told["remarks"]] == ["text_decoded"]
    assert "được chuyển sang Unicode" in told["remarks"][0]["vi"]
    assert sorted(tmp_path.iterdir()) == before


def test_it_is_said_in_vietnamese_too(old, tmp_path, capsys):
    assert "2 đối tượng, hệ tọa độ EPSG:5899" in run(capsys, old, "--lang", "vi")
    old.with_suffix(".prj").unlink()
    assert "không ghi hệ tọa độ" in run(capsys, old, "--lang", "vi", code=5)


def test_a_guess_is_told_then_taken(old, tmp_path, capsys):
    old.with_suffix(".prj").unlink()
    small.layer(tmp_path, "communes", small.communes())
    inside = ("--inside", tmp_path / "communes.gpkg")
    assert "or --inside LAYER to have it guessed" in run(capsys, old, code=5)
    told = run(capsys, old, tmp_path / "a.gpkg", *inside, code=5)
    assert "its numbers fit EPSG:5899" in told
    assert "if that is right, say --assume-crs 5899 (or --accept-guess)" in told
    assert not (tmp_path / "a.gpkg").exists()
    run(capsys, old, tmp_path / "a.gpkg", *inside, "--accept-guess", "--to-crs", "9217")
    assert pyogrio.read_dataframe(tmp_path / "a.gpkg").crs == "EPSG:9217"
    run(capsys, old, tmp_path / "b.gpkg", "--assume-crs", "5899")
    one, two = (pyogrio.read_dataframe(tmp_path / f"{each}.gpkg").to_crs(CRS).geometry for each in "ab")
    assert one.hausdorff_distance(two).max() < 1e-3


def test_a_drawing_becomes_parcels(tmp_path, capsys):
    shapes = [small.square(0, 0, 20, 10).exterior, shapely.LineString([(X + 10, Y), (X + 10, Y + 9.9)])]
    texts = [shapely.Point(X + 5, Y + 5), shapely.Point(X + 15, Y + 5)]
    drawn = gpd.GeoDataFrame({"Text": [None, None, "1/100/BHK", "2/100/ONT"]}, geometry=[*shapes, *texts], crs=CRS)
    pyogrio.write_dataframe(drawn, tmp_path / "a.gpkg")
    told = run(capsys, tmp_path / "a.gpkg", "--polygons-from-lines")
    assert "1 gaps of up to 0.5 m, left open" in told
    run(capsys, tmp_path / "a.gpkg", tmp_path / "b.gpkg", "--polygons-from-lines", "--close-gaps", "0.2")
    got = pyogrio.read_dataframe(tmp_path / "b.gpkg")
    assert got[["parcel_no", "land_use"]].to_numpy().tolist() == [["1", "BHK"], ["2", "ONT"]]


def test_a_table_without_places(tmp_path, capsys):
    book = openpyxl.Workbook()
    for row in (["BẢNG"], [], ["mã", "tên"], ["01", encode("Hòa Phú", "vni")], ["02", encode("Đại Lãnh", "vni")]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    told = run(capsys, tmp_path / "a.xlsx", tmp_path / "a.csv")
    assert "heading stands in row 3 (2 rows above it passed over)" in told
    assert "text in VNI" in told
    assert pd.read_csv(tmp_path / "a.csv", dtype=str).to_dict("list") == {"mã": ["01", "02"], "tên": NAMES}
    assert "a table without places" in run(capsys, tmp_path / "a.xlsx", tmp_path / "a.shp", code=4)
    assert "is a table without places" in run(capsys, tmp_path / "a.xlsx", "--to-crs", "5899", code=6)


def test_names_of_columns_that_a_shapefile_cannot_hold(tmp_path, capsys):
    made = frame().assign(**{"diện tích đất": [1, 2], "fid": [7, 7]})
    pyogrio.write_dataframe(made.drop(columns="fid"), tmp_path / "a.gpkg")
    told = run(capsys, tmp_path / "a.gpkg", tmp_path / "a.shp")
    assert "diện tích đất → dien_tic_2" in told
    got = pyogrio.read_dataframe(tmp_path / "a.shp")
    assert got.columns.tolist() == ["ten_xa", "dien_tich_", "ma", "dien_tic_2", "geometry"]
    assert got["ten_xa"].tolist() == NAMES
    made.drop(columns=["tên xã", "diện tích (m²)", "diện tích đất"]).to_file(tmp_path / "f.geojson")
    run(capsys, tmp_path / "f.geojson", tmp_path / "f.gpkg")
    assert pyogrio.read_dataframe(tmp_path / "f.gpkg")["fid_"].tolist() == [7, 7]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nothing.shp",), 4, "there is no file"),
        (("a.gpkg", "b.xyz"), 4, "is of a kind that is not written"),
        (("a.gpkg", "nowhere/b.gpkg"), 4, "cannot be written"),
        (("a.gpkg", "--encoding", "tcvn"), 3, "tcvn3"),
        (("a.gpkg", "--assume-crs", "x"), 5, "an EPSG code"),
        (("a.gpkg", "--to-crs", "x"), 5, "an EPSG code"),
        (("a.gpkg", "--close-gaps", "1"), 3, "--polygons-from-lines"),
        (("a.gpkg", "--polygons-from-lines", "--inside", "p.gpkg"), 6, "holds no polygons"),
        (("a.gpkg", "--layer", "x"), 4, "holds no layer"),
        (("a.gpkg", "--lang", "fr"), 3, "vi or en"),
        (("a.txt",), 4, "of an unknown kind"),
        (("broken.gpkg",), 4, "cannot be read"),
        (("p.gpkg", "--polygons-from-lines"), 6, "enclose nothing"),
        (("mixed.gpkg", "b.shp"), 4, "cannot hold this layer"),
        (("a.gpkg", "--nonsense"), 2, "nonsense"),
    ],
)
def test_bad_input_is_refused_in_words(tmp_path, capsys, monkeypatch, arguments, code, words):
    monkeypatch.chdir(tmp_path)
    pyogrio.write_dataframe(frame(), "a.gpkg")
    pyogrio.write_dataframe(frame().set_geometry(frame().centroid), "p.gpkg")
    mixed = frame().set_geometry(gpd.GeoSeries([small.square(0, 0, 1, 1), shapely.Point(X, Y)], crs=CRS))
    pyogrio.write_dataframe(mixed, "mixed.gpkg", geometry_type="Unknown")
    (tmp_path / "a.txt").write_text("x", "utf-8")
    (tmp_path / "broken.gpkg").write_bytes((tmp_path / "a.gpkg").read_bytes()[:3000])
    before = sorted(each.name for each in tmp_path.iterdir())
    assert words in run(capsys, *arguments, code=code)
    assert sorted(each.name for each in tmp_path.iterdir()) == before
