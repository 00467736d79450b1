"""Layers written in every kind of file and read back; outlines mended or refused."""

import unicodedata
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from sanchoi.gis.errors import ContractError, CRSError, SourceError, StudyError
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import vector
from shapely.geometry import LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, box

CRS = "EPSG:5899"
X, Y = 560_000.0, 1_740_000.0


def square(x, y, w=1000, h=1000):
    return box(X + x, Y + y, X + x + w, Y + y + h)


def communes():
    columns = {"code": ["01", "02"], "ten": ["Hòa Phú", "Đại Lãnh"], "people": [1200, 800]}
    return gpd.GeoDataFrame(columns, geometry=[square(0, 0), square(1000, 0)], crs=CRS)


def shapefile(frame, path):
    frame.to_file(path, driver="ESRI Shapefile", encoding="utf-8")


def zipped(frame, path):
    folder = path.parent / "loose"
    folder.mkdir()
    shapefile(frame, folder / "communes.shp")
    with zipfile.ZipFile(path, "w") as sink:
        for each in folder.iterdir():
            sink.write(each, each.name)


WRITERS = {
    "communes.gpkg": lambda frame, path: frame.to_file(path, driver="GPKG"),
    "communes.shp": shapefile,
    "communes.zip": zipped,
    "communes.geojson": lambda frame, path: frame.to_crs(4326).to_file(path, driver="GeoJSON"),
    "communes.fgb": lambda frame, path: frame.to_file(path, driver="FlatGeobuf"),
    "communes.parquet": lambda frame, path: frame.to_parquet(path),
    "communes.geoparquet": lambda frame, path: frame.to_parquet(path),
}


def written(frame, path):
    WRITERS[path.name](frame, path)
    return path


@pytest.mark.parametrize("name", list(WRITERS))
def test_a_layer_is_read_back_equal(tmp_path, name):
    """GeoJSON keeps 7 decimals of a degree, which is a centimetre; the others keep every digit."""
    got = vector.read(written(communes(), tmp_path / name), crs=CRS).sort_values("code", ignore_index=True)
    assert got[["code", "ten", "people"]].to_dict("list") == communes()[["code", "ten", "people"]].to_dict("list")
    assert got.crs == CRS
    assert got.attrs["crs"] == ("EPSG:4326" if name.endswith("json") else CRS)
    there, here = shapely.normalize(communes().geometry.array), shapely.normalize(got.geometry.array)
    assert shapely.equals_exact(there, here, 0.02 if name.endswith("json") else 0).all()


@pytest.mark.parametrize("name", ["communes.gpkg", "communes.parquet", "communes.fgb"])
def test_the_bounds_as_stored_are_kept(tmp_path, name):
    got = vector.read(written(communes(), tmp_path / name), crs="EPSG:32648")
    assert got.attrs == {"crs": CRS, "raw": ((X, Y, X + 2000, Y + 1000), CRS), "told": []}
    assert got.crs == "EPSG:32648"


def two_layers(path):
    communes().to_file(path, layer="xa", driver="GPKG")
    communes().iloc[:1].to_file(path, layer="huyen", driver="GPKG")
    return path


def test_one_of_several_layers_is_read_by_name(tmp_path):
    path = two_layers(tmp_path / "all.gpkg")
    assert [len(vector.read(path, layer=layer)) for layer in ("xa", "huyen")] == [2, 1]


def test_several_layers_need_a_name_and_an_unknown_one_is_refused(tmp_path):
    path = two_layers(tmp_path / "all.gpkg")
    with pytest.raises(SourceError, match=r"holds 2 layers: (xa, huyen|huyen, xa)"):
        vector.read(path)
    with pytest.raises(SourceError, match=r'no layer "tinh".*one of .*xa'):
        vector.read(path, layer="tinh")


def test_a_table_without_geometry_is_no_layer(tmp_path):
    rows = pd.DataFrame({"code": ["01"]})
    path = written(communes(), tmp_path / "communes.gpkg")
    pyogrio.write_dataframe(rows, path, layer="lookup", driver="GPKG")
    assert len(vector.read(path)) == 2
    pyogrio.write_dataframe(rows, tmp_path / "rows.gpkg", driver="GPKG")
    with pytest.raises(SourceError, match="no geometry"):
        vector.read(tmp_path / "rows.gpkg")


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.zip", "a.geojson", "a.fgb", "a.parquet", "a.csv", "a.xlsx"])
@pytest.mark.parametrize("content", [None, b"", b"this is no layer"])
def test_a_missing_or_broken_file_is_named(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises((SourceError, ContractError), match=name.replace(".", r"\.")) as caught:
        vector.read(tmp_path / name)
    assert isinstance(caught.value, SourceError) or (name == "a.csv" and content == b"this is no layer")


def test_half_a_file_is_broken(tmp_path):
    path = written(communes(), tmp_path / "communes.geojson")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(SourceError, match=r"communes\.geojson cannot be read"):
        vector.read(path)


def test_an_unknown_kind_and_a_parquet_without_geometry_are_refused(tmp_path):
    with pytest.raises(SourceError, match=r"plan\.dwg is of an unknown kind.*\.gpkg"):
        vector.read(tmp_path / "plan.dwg")
    pd.DataFrame({"lon": [105.0], "lat": [10.0]}).to_parquet(tmp_path / "rows.parquet")
    with pytest.raises(SourceError, match=r"rows\.parquet"):
        vector.read(tmp_path / "rows.parquet")


@pytest.mark.parametrize("name", ["communes.shp", "communes.zip", "communes.parquet", "communes.fgb", "communes.gpkg"])
@pytest.mark.filterwarnings("ignore:'crs' was not provided:UserWarning")
def test_no_crs_is_never_guessed(tmp_path, name):
    path = written(communes().set_crs(None, allow_override=True), tmp_path / name)
    path.with_suffix(".prj").unlink(missing_ok=True)
    with pytest.raises(CRSError, match="has no CRS"):
        vector.read(path, crs=CRS)


@pytest.mark.parametrize("name", ["communes.gpkg", "communes.shp", "communes.parquet"])
def test_where_keeps_some_rows(tmp_path, name):
    path = written(communes(), tmp_path / name)
    assert vector.read(path, where="ten = 'Đại Lãnh'")["code"].tolist() == ["02"]
    assert len(vector.read(path, where="ten = 'nowhere'")) == 0


@pytest.mark.parametrize("name", ["communes.gpkg", "communes.shp", "communes.parquet"])
@pytest.mark.parametrize("where", ["tinh = 'x'", "ten = ", "ten ~ 'x'"])
def test_where_that_cannot_be_used_is_a_fault_of_the_study(tmp_path, name, where):
    with pytest.raises(StudyError, match="where"):
        vector.read(written(communes(), tmp_path / name), where=where)


@pytest.mark.parametrize("name", ["communes.gpkg", "communes.shp", "communes.parquet"])
def test_heights_are_dropped(tmp_path, name):
    frame = communes()
    frame["geometry"] = shapely.force_3d(frame.geometry.array, 12.5)
    got = vector.read(written(frame, tmp_path / name))
    assert not got.geometry.has_z.any()
    assert got.total_bounds.tolist() == [X, Y, X + 2000, Y + 1000]


def test_the_geometry_may_have_another_name_and_headings_are_composed(tmp_path):
    frame = communes().rename(columns={"ten": unicodedata.normalize("NFD", "tên xã")}).rename_geometry("hình")
    frame.to_parquet(tmp_path / "communes.parquet")
    got = vector.read(tmp_path / "communes.parquet")
    assert got.columns.tolist() == ["code", "tên xã", "people", "geometry"]
    assert got.geometry.name == "geometry"
    frame.to_file(tmp_path / "communes.gpkg", driver="GPKG", layer_options={"GEOMETRY_NAME": "geom"})
    assert "tên xã" in vector.read(tmp_path / "communes.gpkg").columns


def named(*shapes):
    return gpd.GeoDataFrame({"code": [f"c{i}" for i in range(len(shapes))]}, geometry=list(shapes), crs=CRS)


def test_sound_outlines_stay_as_they_are():
    notes = Notes()
    frame = named(square(0, 0), MultiPolygon([square(2000, 0), square(4000, 0)]))
    assert vector.repair(frame, "code", notes).geometry.tolist() == frame.geometry.tolist()
    assert notes == []


BOW = Polygon([(X, Y), (X + 1000, Y + 1000), (X + 1000, Y), (X, Y + 1000), (X, Y)])


def test_a_bow_tie_is_repaired_and_counted():
    """Two triangles of 1000 m by 500 m: half a square kilometre."""
    notes = Notes()
    got = vector.repair(named(square(1000, 0), BOW), "code", notes, name="communes")
    assert got.geometry.is_valid.all()
    assert got.geometry.area.tolist() == [1e6, pytest.approx(0.5e6)]
    assert (notes.codes, notes[0].count, notes[0].ids, notes[0].layer) == (["geometry_repaired"], 1, ["c1"], "communes")
    assert "Self-intersection" in notes[0].message


def test_a_spike_is_cut_off_and_a_doubled_ring_keeps_its_ground():
    spike = Polygon([(X, Y), (X + 1000, Y), (X + 2000, Y), (X + 1000, Y), (X + 1000, Y + 1000), (X, Y + 1000), (X, Y)])
    twice = MultiPolygon([square(0, 0), square(0, 0)])
    got = vector.repair(named(spike, twice), "code", Notes())
    assert got.geometry.geom_type.tolist() == ["Polygon", "Polygon"]
    assert got.geometry.area.tolist() == [1e6, 1e6]


FLAT = Polygon([(X, Y), (X + 1000, Y), (X + 500, Y), (X, Y)])
LINE = LineString([(X, Y), (X + 9, Y)])


@pytest.mark.parametrize(
    ("shape", "layer", "words"),
    [
        (None, "communes", "c1 has no geometry"),
        (Polygon(), "communes", "c1 has no geometry"),
        (LINE, "communes", "c1 is a LineString · polygons"),
        (Point(X, Y), "communes", "c1 is a Point · polygons"),
        (FLAT, "communes", "c1 has an outline that encloses no ground"),
        (None, "play_areas", "c1 has no geometry"),
        (LINE, "play_areas", "c1 is a LineString · points or polygons"),
        (MultiPoint([(X, Y), (X + 9, Y)]), "play_areas", "c1 is a MultiPoint"),
        (FLAT, "play_areas", "c1 has an outline that encloses no ground"),
    ],
)
def test_a_feature_without_ground_is_refused_by_its_id(shape, layer, words):
    with pytest.raises(ContractError) as caught:
        vector.repair(named(square(0, 0), shape), "code", Notes(), name=layer)
    assert f"layer {layer}: feature {words}" in str(caught.value)


def test_all_refused_ids_are_listed():
    with pytest.raises(ContractError, match=r"feature c0 is a Point \(2 in all: c0, c2\)"):
        vector.repair(named(Point(X, Y), square(0, 0), Point(X, Y)), "code", Notes())


def test_play_areas_may_be_points_and_a_multipoint_of_one_is_one():
    got = vector.repair(named(Point(X, Y), MultiPoint([(X, Y)]), square(0, 0)), "code", Notes(), name="play_areas")
    assert got.geometry.geom_type.tolist() == ["Point", "Point", "Polygon"]


def lines(path, **columns):
    """A line of one part and one of two."""
    split = MultiLineString([[(X, Y), (X + 10, Y)], [(X + 20, Y), (X + 40, Y)]])
    shapes = [LineString([(X, Y), (X, Y + 5)]), split]
    gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(path, driver="GPKG")
    return path


def test_lines_of_several_parts_are_split(tmp_path):
    got = vector.read_lines(lines(tmp_path / "ways.gpkg", bridge=["no", "yes"]), crs=CRS, bridge="bridge")
    assert got.columns.tolist() == ["bridge", "geometry"]
    assert got.geometry.length.tolist() == [5, 10, 20]
    assert got["bridge"].tolist() == [False, True, True]
    assert got.attrs["raw"] == ((X, Y, X + 40, Y + 5), CRS)


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        (["yes", "no"], [True, False]),
        (["viaduct", ""], [True, False]),
        (["T", "F"], [True, False]),
        (["có", "Không"], [True, False]),
        (["cầu", unicodedata.normalize("NFD", "không")], [True, False]),
        (["None", "cầu"], [False, True]),
        ([1, 0], [True, False]),
        ([1.0, np.nan], [True, False]),
        ([True, False], [True, False]),
        ([None, "bridge"], [False, True]),
    ],
)
def test_words_that_mean_a_bridge(tmp_path, words, flags):
    got = vector.read_lines(lines(tmp_path / "ways.gpkg", cau=words), bridge="cau")
    assert got["bridge"].tolist() == [flags[0], flags[1], flags[1]]


def test_lines_without_a_bridge_column_have_no_bridges_and_an_unknown_column_is_refused(tmp_path):
    path = lines(tmp_path / "ways.gpkg", bridge=["yes", "yes"])
    assert not vector.read_lines(path)["bridge"].any()
    with pytest.raises(ContractError, match=r'no column bridges.*did you mean "bridge"'):
        vector.read_lines(path, bridge="bridges")


def test_polygons_are_no_lines_and_empty_ones_are_passed_over(tmp_path):
    path = tmp_path / "ways.gpkg"
    mixed = [LineString(), LineString([(X, Y), (X + 7, Y)]), None]
    named(*mixed).to_file(path, driver="GPKG")
    assert vector.read_lines(path).geometry.length.tolist() == [7]
    with pytest.raises(ContractError, match=r"layer network: feature 1 is a Polygon \(2 in all\) · lines"):
        vector.read_lines(written(communes(), tmp_path / "communes.gpkg"))
