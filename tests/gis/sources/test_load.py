"""Whole studies of two communes (tests/small.py), read layer by layer."""

import unicodedata

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import pytest
import shapely
import small
from osmium.osm.mutable import Node, Way
from sanchoi.gis.errors import ContractError, CRSError, SourceError, StudyError
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import load
from sanchoi.gis.sources.files import sha256
from small import CRS, X, Y


@pytest.fixture
def folder(tmp_path):
    return small.write(tmp_path / "study")


def read(folder):
    notes = Notes()
    return load.inputs(load.study(folder), folder, notes), notes


def counts(folder):
    found, notes = read(folder)
    return found.counts.tolist(), notes


def children(folder, *lines):
    (folder / "children.csv").write_text("\n".join(["code,young,old", *lines]) + "\n", "utf-8")


def test_a_sound_study_is_read_whole(folder):
    found, notes = read(folder)
    assert found.communes.drop(columns="geometry").to_dict("list") == {
        "commune_id": ["Hòa Phú", "Đại Lãnh"],
        "vintage": ["2025-07-01"] * 2,
        "name": ["Hòa Phú", "Đại Lãnh"],
        "kind": [None, None],
        "surveyed": [True, True],
        "population": [pytest.approx(np.nan, nan_ok=True)] * 2,
        "halo": [False, False],
    }
    assert found.communes.area.tolist() == [1e6, 1e6]
    assert found.counts.tolist() == [[100, 200], [50, 60]]
    assert found.zones is None
    assert found.play_areas["play_area_id"].tolist() == ["A", "B"]
    assert found.lines.length.tolist() == [2000]
    assert (found.gates, found.barriers, found.layers.population, found.layers.buildings) == (None,) * 4
    assert all(each.crs == CRS for each in (found.communes, found.play_areas, found.lines))
    assert notes == []


def test_every_file_is_on_record_with_its_hash(folder):
    rows = read(folder)[0].files
    assert [(row["layer"], row["path"], row["rows"], row["crs"]) for row in rows] == [
        ("communes", "communes.gpkg", 2, CRS),
        ("children", "children.csv", 2, None),
        ("network", "roads.gpkg", 1, CRS),
        ("play_areas", "play_areas.gpkg", 2, CRS),
    ]
    assert [row["sha256"] for row in rows] == [sha256(folder / row["path"]) for row in rows]
    assert [row["bytes"] for row in rows] == [(folder / row["path"]).stat().st_size for row in rows]


@pytest.mark.parametrize("content", [None, b"[study", b"[study]\nname = '\xe9'\n"])
def test_a_missing_or_broken_study_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "study.toml").write_bytes(content)
    with pytest.raises(SourceError if content is None else StudyError, match=r"study\.toml"):
        load.study(tmp_path)


def test_a_study_in_degrees_is_refused(folder):
    small.replace(folder, "EPSG:5899", "EPSG:4326")
    with pytest.raises(CRSError, match="not in metres"):
        load.study(folder)


def test_rows_join_by_id_in_any_order_and_spelling_of_letters(folder):
    children(folder, unicodedata.normalize("NFD", "Đại Lãnh") + ",50,60", " Hòa  Phú ,100,200")
    assert counts(folder) == ([[100, 200], [50, 60]], [])


def test_what_does_not_join_is_unknown_and_noted(folder):
    children(folder, "Hòa Phú,100,", "Tam Kỳ,1,1", "Núi Thành,2,2")
    found, notes = counts(folder)
    assert found == pytest.approx(np.array([[100, np.nan], [np.nan, np.nan]]), nan_ok=True)
    assert notes.codes == ["children_missing", "children_spare"]
    assert (notes[0].count, notes[0].ids, notes[1].count, notes[1].ids) == (1, ["Đại Lãnh"], 2, ["Tam Kỳ", "Núi Thành"])
    assert "1 of 2 zones have no row in the table: Đại Lãnh" in notes[0].message
    assert "2 rows of the table belong to no zone: Tam Kỳ, Núi Thành" in notes[1].message


def test_another_place_of_the_tone_mark_is_explained(folder):
    children(folder, "Hoà Phú,100,200", "Đại Lãnh,50,60")
    found, notes = counts(folder)
    assert np.isnan(found[0]).all()
    assert '"Hòa Phú" is written "Hoà Phú" in the table (tone mark on another vowel)' in notes[0].message


def test_nothing_that_joins_is_refused_with_ids_of_both(folder):
    children(folder, "20335,100,200", "20338,50,60")
    with pytest.raises(ContractError) as caught:
        read(folder)
    assert "none of its 2 ids (20335, 20338, …) is one of the 2 of the layer (Hòa Phú, Đại Lãnh, …)" in str(
        caught.value
    )


def test_a_row_that_stands_twice_and_a_bad_count_are_refused_with_their_id(folder):
    children(folder, "Hòa Phú,1,2", "Hòa Phú,3,4", "Đại Lãnh,1,1")
    with pytest.raises(ContractError, match="1 ids stand more than once in code: Hòa Phú"):
        read(folder)
    children(folder, "Hòa Phú,1,2", "Đại Lãnh,1,-4")
    with pytest.raises(ContractError, match="layer children, column old: -4 at Đại Lãnh"):
        read(folder)


def test_numbers_of_a_workbook_join_ids_of_a_layer(folder):
    small.layer(folder, "communes", small.communes().assign(code=[20335.0, 20338.0]))
    table = pd.DataFrame({"code": [20338, 20335], "young": [5, 1.5], "old": [6, None]})
    table.to_excel(folder / "children.xlsx", index=False)
    small.replace(folder, "children.csv", "children.xlsx")
    found, notes = counts(folder)
    assert found == pytest.approx(np.array([[1.5, np.nan], [5, 6]]), nan_ok=True)
    assert notes == []


def test_children_may_stand_in_the_layer_of_communes(folder):
    """`where` leaves one commune, and its row alone is read; bands come in order of age."""
    small.layer(folder, "communes", small.communes().assign(young=[7, 8], old=[9.0, np.nan]))
    small.replace(folder, 'path = "children.csv"\nid = "code"\nbands = { "0-5" = "young", "6-14" = "old" }', "")
    small.replace(folder, "[children]", '[children]\nbands = { "6-14" = "old", "0-5" = "young" }')
    assert counts(folder)[0] == pytest.approx(np.array([[7, 9], [8, np.nan]]), nan_ok=True)
    small.replace(folder, 'path = "communes.gpkg"', 'path = "communes.gpkg"\nwhere = "name = \'Đại Lãnh\'"')
    found, _ = read(folder)
    assert found.communes["commune_id"].tolist() == ["Đại Lãnh"]
    assert found.counts == pytest.approx(np.array([[8, np.nan]]), nan_ok=True)


def test_one_total_stands_for_all_communes(folder):
    small.replace(folder, 'path = "children.csv"\nid = "code"\n', "")
    small.replace(folder, 'bands = { "0-5" = "young", "6-14" = "old" }', 'total = { "6-14" = 900, "0-5" = 400.5 }')
    found, _ = read(folder)
    assert found.counts.tolist() == [[400.5, 900]]
    assert found.zones.area.tolist() == [2e6]


def zones(folder):
    """Three zones across both communes, the last without a row."""
    shapes = [small.square(0, 0, 2000, 400), small.square(0, 400, 2000, 500), small.square(0, 900, 2000, 100)]
    small.layer(folder, "zones", gpd.GeoDataFrame({"ma": ["Z3", "Z1", "Z2"]}, geometry=shapes, crs=CRS))
    children(folder, "Z1,10,20", "Z3,30,40")
    small.replace(folder, "[children]", '[children]\nzones = "zones.gpkg"\nzones_id = "ma"')
    return folder


def test_counts_may_speak_of_other_zones(folder):
    found, notes = read(zones(folder))
    assert found.counts == pytest.approx(np.array([[30, 40], [10, 20], [np.nan, np.nan]]), nan_ok=True)
    assert found.zones.area.tolist() == [0.8e6, 1e6, 0.2e6]
    assert len(found.communes) == 2
    assert notes.codes == ["children_missing"]
    assert notes[0].ids == ["Z2"]


def halo(folder):
    """Ground 1 km about the communes and below them: 10 of its 12 km², and so of its children, lie beyond them."""
    ground = gpd.GeoDataFrame(
        {"ma": [1.0], "young": [84], "old": [96]}, geometry=[small.square(-1000, -1000, 4000, 3000)], crs=CRS
    )
    small.layer(folder, "halo", ground)
    small.add(folder, '\n[halo]\npath = "halo.gpkg"\nid = "ma"\n')
    return folder


def test_a_halo_is_added_beyond_the_communes(folder):
    """4 km by 3 km less the two communes: 10 km²."""
    found, _ = read(halo(folder))
    assert found.communes["commune_id"].tolist() == ["Hòa Phú", "Đại Lãnh", "halo 1"]
    assert found.communes["halo"].tolist() == [False, False, True]
    assert found.communes.area.tolist() == [1e6, 1e6, 10e6]
    assert found.counts == pytest.approx(np.array([[100, 200], [50, 60], [70, 80]]))
    assert found.zones is None


def test_a_halo_has_a_zone_of_its_own(folder):
    found, _ = read(halo(zones(folder)))
    assert found.zones.area.tolist() == [0.8e6, 1e6, 0.2e6, 10e6]
    assert found.counts[3] == pytest.approx([70, 80])


def test_columns_of_the_halo_may_have_other_names(folder):
    halo(folder)
    small.add(folder, 'bands = { "0-5" = "old", "6-14" = "young" }\n')
    assert read(folder)[0].counts[2] == pytest.approx([80, 70])


def test_layers_where_children_live_and_barriers(folder):
    """A home of 2 storeys and a shop; land of two kinds; a river; a raster of 20 by 10 pixels."""
    shapes = [small.square(0, 0, 10, 10), small.square(50, 0, 10, 10)]
    homes = {"tang": [2, 1], "o": ["có", "không"], "dat": ["ONT", "LUA"]}
    small.layer(folder, "homes", gpd.GeoDataFrame(homes, geometry=shapes, crs=CRS))
    river = shapely.LineString([(X, Y + 100), (X + 2000, Y + 100)])
    small.layer(folder, "rivers", gpd.GeoDataFrame({"x": [1]}, geometry=[river], crs=CRS))
    small.raster(folder, np.ones((10, 20)))
    small.add(folder, '\n[buildings]\npath = "homes.gpkg"\nstoreys = "tang"\nresidential = "o"\n')
    small.add(folder, '[landuse]\npath = "homes.gpkg"\ncolumn = "dat"\n[barriers]\npath = "rivers.gpkg"\n')
    small.add(folder, '[population]\npath = "people.tif"\n')
    found, notes = read(folder)
    assert found.layers.buildings["storeys"].tolist() == [2]
    assert found.layers.residential.geometry.tolist() == shapes[:1]
    assert found.barriers.geometry.tolist() == [river]
    assert found.layers.population.values.sum() == 200
    assert notes == []


def test_an_extract_serves_as_network_buildings_and_land_use(folder):
    west, south, east, north = small.communes().to_crs(4326).total_bounds
    corners = [(west, south), (east, south), (east, north), (west, north)]
    inner = [(west + (x - west) / 2, south + (y - south) / 2) for x, y in corners]
    with osmium.SimpleWriter(str(folder / "osm.pbf")) as sink:
        for i, place in enumerate(inner, 1):
            sink.add_node(Node(id=i, version=1, location=place))
        ring = [1, 2, 3, 4, 1]
        sink.add_way(Way(id=1, version=1, nodes=ring, tags={"building": "house", "building:levels": "3"}))
        sink.add_way(Way(id=2, version=1, nodes=ring, tags={"building": "school"}))
        sink.add_way(Way(id=3, version=1, nodes=ring, tags={"landuse": "residential"}))
        sink.add_way(Way(id=4, version=1, nodes=[1, 3], tags={"highway": "path", "bridge": "yes"}))
    small.replace(folder, 'path = "roads.gpkg"\nbridge = "bridge"', 'path = "osm.pbf"')
    small.add(folder, '\n[buildings]\npath = "osm.pbf"\n[landuse]\npath = "osm.pbf"\n')
    found, _ = read(folder)
    assert found.lines["bridge"].tolist() == [True]
    assert found.layers.buildings["storeys"].tolist() == [3]
    assert found.layers.buildings.area.tolist() == [pytest.approx(0.5e6, rel=0.02)]
    assert found.layers.residential.area.tolist() == [pytest.approx(0.5e6, rel=0.02)]
    assert [row["crs"] for row in found.files if row["path"] == "osm.pbf"] == ["EPSG:4326"] * 3


def test_a_network_without_ways_near_is_refused(folder):
    small.layer(folder, "roads", small.roads()[:0])
    with pytest.raises(ContractError, match="layer network holds no ways on foot"):
        read(folder)


def test_surveyed_communes_need_an_inventory(folder):
    text = (folder / "study.toml").read_text("utf-8")
    head, rest = text.split("[play_areas]")
    (folder / "study.toml").write_text(head + rest[rest.index("[network]") :], "utf-8")
    with pytest.raises(StudyError, match="surveyed"):
        read(folder)
    small.replace(folder, "surveyed = true", "surveyed = false")
    found, _ = read(folder)
    assert (found.play_areas, found.gates) == (None, None)


def test_an_empty_inventory_and_a_column_of_surveys(folder):
    small.layer(folder, "communes", small.communes().assign(xong=["Có", "không"]))
    small.layer(folder, "play_areas", small.play_areas()[:0])
    small.replace(folder, "surveyed = true", 'surveyed = "xong"')
    found, notes = read(folder)
    assert found.communes["surveyed"].tolist() == [True, False]
    assert (len(found.play_areas), notes.codes) == (0, ["play_areas_empty"])


def test_communes_are_refused_by_id(folder):
    small.layer(folder, "communes", small.communes().assign(code="Hòa Phú"))
    with pytest.raises(ContractError, match="layer communes: 1 ids stand more than once in code: Hòa Phú"):
        read(folder)
    small.layer(folder, "communes", small.communes().set_geometry([small.square(0, 0, 9, 9), shapely.Point(X, Y)]))
    with pytest.raises(ContractError, match=r"layer communes: feature .* is a Point"):
        read(folder)
    small.layer(folder, "communes", small.communes()[:0])
    with pytest.raises(ContractError, match="layer communes holds no features"):
        read(folder)
