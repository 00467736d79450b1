"""Inventories of play areas from every kind of file, through the reader of a small study."""

import tomllib

import geopandas as gpd
import numpy as np
import osmium
import pytest
import shapely
import small
from osmium.osm.mutable import Node, Way
from sanchoi.gis.errors import ContractError, CRSError, SourceError
from sanchoi.gis.inputs import PLAY_AREA_COLUMNS
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import inventory, load
from sanchoi.gis.study import parse
from small import CRS, X, Y

BASE = tomllib.loads(small.TOML)


def read(folder, **section):
    """The inventory, its gates and the notes, for the small study with this [play_areas]."""
    study = parse({**BASE, "play_areas": section})
    reader = load.Reader(study, folder, Notes())
    reader.frame(small.communes())
    found, gates = inventory.read(reader, study["play_areas"])
    return found, gates, reader


def layer(folder, name="sites.gpkg", shapes=None, **columns):
    size = len(next(iter(columns.values())))
    shapes = shapes or [shapely.Point(X + 100 * i, Y) for i in range(size)]
    gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(folder / name, driver="GPKG")
    return name


def test_every_column_is_read(tmp_path):
    name = layer(
        tmp_path,
        shapes=[small.square(0, 0, 20, 10), shapely.Point(X, Y)],
        ma=["S2", "S1"],
        ten=["Sân A", None],
        loai=["park", "playground"],
        mo=["fee", "public"],
        tuoi=["3-6", None],
        m2=[200.0, np.nan],
        dung=[150.0, 0.0],
    )
    found, gates, reader = read(
        tmp_path, path=name, id="ma", name="ten", kind="loai", access="mo", ages="tuoi", area="m2", usable="dung"
    )
    assert found.columns.tolist() == [*PLAY_AREA_COLUMNS, "geometry"]
    assert found["play_area_id"].tolist() == ["S1", "S2"]
    assert found["name"].tolist()[1] == "Sân A"
    assert found[["name", "ages"]].isna().to_numpy().tolist() == [[True, True], [False, False]]
    assert found["kind"].tolist() == ["playground", "park"]
    assert found["access"].tolist() == ["public", "fee"]
    assert found["area_m2"].tolist()[1] == 200
    assert np.isnan(found["area_m2"][0])
    assert found["usable_m2"].tolist() == [0, 150]
    assert found["kind_counts"].tolist() == [True, True]
    assert found.geometry.area.tolist() == [0, 200]
    assert (found.crs, gates, reader.notes) == (CRS, None, [])
    assert [(row["layer"], row["path"], row["rows"], row["crs"]) for row in reader.files] == [
        ("play_areas", "sites.gpkg", 2, CRS)
    ]


def test_what_is_not_given_is_unknown(tmp_path):
    """Without an id column features are numbered by file; a play area of no kind is a playground."""
    found, _, reader = read(tmp_path, path=layer(tmp_path, "sân chơi.gpkg", x=[1, 2]))
    assert found["play_area_id"].tolist() == ["sân chơi/1", "sân chơi/2"]
    assert found["access"].tolist() == ["unknown"] * 2
    assert found["kind"].tolist() == ["playground"] * 2
    assert found[["area_m2", "usable_m2", "name", "ages"]].isna().all(axis=None)
    assert reader.notes == []


def test_words_of_access(tmp_path):
    words = ["public", "Restricted", " fee ", "CLOSED", "unknown", None, ""]
    found, _, _ = read(tmp_path, path=layer(tmp_path, id=[*"abcdefg"], mo=words), id="id", access="mo")
    assert found["access"].tolist() == ["public", "restricted", "fee", "closed", "unknown", "unknown", "unknown"]


def test_another_word_of_access_is_refused_with_its_id(tmp_path):
    name = layer(tmp_path, id=["a", "b"], mo=["public", "yes"])
    with pytest.raises(
        ContractError, match=r'layer play_areas, column mo: "yes" at b · one of public, restricted, fee'
    ):
        read(tmp_path, path=name, id="id", access="mo")


def test_kinds_that_are_not_known_are_noted_and_count(tmp_path):
    """A pitch is known and is no supply; "sân bóng" is not known, and stands in the list of play areas."""
    name = layer(tmp_path, id=[*"abcd"], loai=["pitch", "sân bóng", None, "sân bóng"])
    found, _, reader = read(tmp_path, path=name, id="id", kind="loai")
    assert found["kind"].tolist() == ["pitch", "sân bóng", "playground", "sân bóng"]
    assert found["kind_counts"].tolist() == [False, True, True, True]
    assert reader.notes.codes == ["kind_unknown"]
    assert (reader.notes[0].count, reader.notes[0].ids) == (1, ["sân bóng"])


@pytest.mark.parametrize(("column", "value"), [("m2", -1.0), ("dung", -0.5)])
def test_an_area_below_zero_is_refused_with_its_id(tmp_path, column, value):
    name = layer(tmp_path, id=["a", "b"], **{"m2": [1.0, 1.0], "dung": [1.0, 1.0], column: [1.0, value]})
    with pytest.raises(ContractError, match=f"layer play_areas, column {column}: {value:g} at b"):
        read(tmp_path, path=name, id="id", area="m2", usable="dung")


def test_an_id_that_stands_twice_is_refused_within_a_file_and_between_files(tmp_path):
    layer(tmp_path, "a.gpkg", id=["S1", "S2"])
    layer(tmp_path, "b.gpkg", id=["S2", "S3"])
    with pytest.raises(ContractError, match=r"play_areas: 1 ids stand more than once in id: S2"):
        read(tmp_path, path=["a.gpkg", "b.gpkg"], id="id")
    layer(tmp_path, "c.gpkg", id=["S4", "S4"])
    with pytest.raises(ContractError, match="S4"):
        read(tmp_path, path="c.gpkg", id="id")


def pbf(folder):
    """A playground of four nodes, a locked gate and an open one, in degrees near the small study."""
    turn = small.communes().to_crs(4326).total_bounds
    west, south = turn[0] + 0.001, turn[1] + 0.001
    with osmium.SimpleWriter(str(folder / "osm.pbf")) as sink:
        for i, (x, y) in enumerate([(0, 0), (1, 0), (1, 1), (0, 1)]):
            sink.add_node(Node(id=i + 1, version=1, location=(west + x / 5000, south + y / 5000)))
        gate = {"barrier": "gate"}
        sink.add_node(Node(id=11, version=1, location=(west, south), tags=gate))
        sink.add_node(Node(id=12, version=1, location=(west, south), tags={**gate, "locked": "yes"}))
        sink.add_way(Way(id=7, version=1, nodes=[1, 2, 3, 4, 1], tags={"leisure": "playground", "name": "Sân"}))
    return "osm.pbf"


def test_files_of_several_kinds_make_one_inventory(tmp_path):
    middle = small.communes().to_crs(4326).geometry[0].centroid
    (tmp_path / "points.csv").write_text(f"id,lon,lat,x\nP1,{middle.x},{middle.y},1\n", "utf-8")
    found, gates, reader = read(tmp_path, path=[layer(tmp_path, id=["S1"]), "points.csv", pbf(tmp_path)], id="id")
    assert found["play_area_id"].tolist() == ["P1", "S1", "way/7"]
    assert found.columns.tolist() == [*PLAY_AREA_COLUMNS, "geometry"]
    assert found.geometry.geom_type.tolist() == ["Point", "Point", "Polygon"]
    assert found.geometry[0].distance(shapely.Point(X + 500, Y + 500)) < 1
    assert found["name"].tolist()[2] == "Sân"
    assert found.crs == CRS
    assert len(gates) == 1
    assert [row["path"] for row in reader.files] == ["sites.gpkg", "points.csv", "osm.pbf"]


def test_gates_of_the_study_join_those_of_the_extract(tmp_path):
    layer(tmp_path, "gates.gpkg", kind=["gate", "gate"])
    _, gates, reader = read(tmp_path, path=pbf(tmp_path), gates="gates.gpkg")
    assert len(gates) == 3
    assert gates.columns.tolist() == ["geometry"]
    assert [row["layer"] for row in reader.files] == ["play_areas", "gates"]


def test_a_layer_elsewhere_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(CRSError, match="layer play_areas lies outside the communes, 1"):
        read(tmp_path, path=layer(tmp_path, shapes=[shapely.Point(X + 101_000, Y)], id=["a"]), id="id")
    with pytest.raises(SourceError, match=r'no file site\.gpkg.*did you mean "sites\.gpkg"'):
        read(tmp_path, path=["site.gpkg", "sites.gpkg"], id="id")


def test_outlines_are_mended_and_lines_refused(tmp_path):
    """A bow-tie of 20 m by 20 m holds 200 m²."""
    bow = shapely.Polygon([(X, Y), (X + 20, Y + 20), (X + 20, Y), (X, Y + 20)])
    found, _, reader = read(tmp_path, path=layer(tmp_path, shapes=[bow], id=["a"]), id="id")
    assert (found.geometry.area[0], reader.notes.codes) == (pytest.approx(200), ["geometry_repaired"])
    line = shapely.LineString([(X, Y), (X + 9, Y)])
    with pytest.raises(ContractError, match="feature b is a LineString · points or polygons"):
        read(tmp_path, path=layer(tmp_path, "lines.gpkg", shapes=[line], id=["b"]), id="id")


def test_an_empty_layer_gives_an_empty_inventory(tmp_path):
    small.layer(tmp_path, "none", small.play_areas()[:0])
    found, gates, _ = read(tmp_path, path="none.gpkg", id="site")
    assert (len(found), found.columns.tolist(), found.crs, gates) == (0, [*PLAY_AREA_COLUMNS, "geometry"], CRS, None)
