"""GeoPackage: what went in comes out, styles are registered, and the same result gives the same bytes."""

import sqlite3
from contextlib import closing
from xml.etree import ElementTree as ET

import exported
import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from sanchoi.api.exporting.parts import NEVER
from sanchoi.gis.errors import ContractError, CRSError

NAME = "sanchoi.gpkg"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    files, _ = exported.make("gpkg", tmp_path_factory.mktemp("gpkg"))
    return files[NAME]


def rows(path, sql, *more):
    with closing(sqlite3.connect(path)) as base:
        return base.execute(sql, more).fetchall()


def whole(path, layer):
    """A layer with its points and areas together again."""
    names = [name for name in pyogrio.list_layers(path)[:, 0] if name in (layer, f"{layer}_points")]
    return pd.concat([pyogrio.read_dataframe(path, layer=name) for name in names], ignore_index=True)


def test_what_went_in_comes_out(made):
    tables = exported.small().tables
    for name, key in (("communes", "commune_id"), ("parcels", "parcel_id"), ("play_areas", "play_area_id")):
        found = whole(made, name)
        assert found.crs.to_epsg() == 5899
        exported.same(found, tables[name], key)
    gaps = tables["gaps"].query("band == '0-5'")
    exported.same(pd.DataFrame(whole(made, "gaps_0_5")), gaps, "commune_id")
    assert len(whole(made, "cells")) == len(tables["cells"])
    assert set(whole(made, "sites")["build_order"]) == {1, 2}


def test_the_file_is_sound(made):
    assert rows(made, "PRAGMA integrity_check") == [("ok",)]
    assert rows(made, "PRAGMA foreign_key_check") == []
    assert rows(made, "PRAGMA application_id") == [(0x47504B47,)]
    assert rows(made, "PRAGMA user_version") == [(10200,)]
    kinds = dict(rows(made, "SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds.pop("layer_styles") == "attributes"
    assert set(kinds.values()) == {"features"}
    assert set(rows(made, "SELECT DISTINCT last_change FROM gpkg_contents")) == {("2025-07-01T00:00:00.000Z",)}
    for name in kinds:
        extents = rows(
            made,
            "SELECT count(*) FROM gpkg_extensions WHERE table_name = ? AND extension_name = 'gpkg_rtree_index'",
            name,
        )
        assert extents == [(1,)], name


def test_every_layer_has_one_style_to_begin_with(made):
    columns = [row[1] for row in rows(made, "PRAGMA table_info(layer_styles)")]
    assert columns == [
        "id",
        "f_table_catalog",
        "f_table_schema",
        "f_table_name",
        "f_geometry_column",
        "styleName",
        "styleQML",
        "styleSLD",
        "useAsDefault",
        "description",
        "owner",
        "ui",
        "update_time",
    ]
    names = {row[0] for row in rows(made, "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")}
    first = rows(made, "SELECT f_table_name, f_geometry_column FROM layer_styles WHERE useAsDefault")
    assert sorted(first) == sorted((name, "geom") for name in names)
    geometry = dict(rows(made, "SELECT table_name, column_name FROM gpkg_geometry_columns"))
    assert set(geometry.values()) == {"geom"}
    for qml, sld in rows(made, "SELECT styleQML, styleSLD FROM layer_styles"):
        assert ET.fromstring(qml).tag == "qgis"
        assert ET.fromstring(sld.encode()).tag == "{http://www.opengis.net/sld}StyledLayerDescriptor"


def test_classes_are_the_statuses_that_there_are(made):
    statuses = set(exported.small().tables["gaps"].query("band == 'all'")["status"])
    (qml,) = rows(made, "SELECT styleQML FROM layer_styles WHERE f_table_name = 'gaps_all' AND useAsDefault")[0]
    assert {each.get("value") for each in ET.fromstring(qml).iter("category")} == statuses


def test_headings_in_both_languages(tmp_path, made):
    query = (
        "SELECT title, description FROM gpkg_data_columns WHERE table_name = 'parcels' AND column_name = 'usable_m2'"
    )
    assert rows(made, query) == [
        ("Diện tích liền khối dùng được (m²)", "Diện tích liền khối dùng được · Largest usable piece [m²]")
    ]
    files, _ = exported.make("gpkg", tmp_path, language="en")
    assert rows(files[NAME], query)[0][0] == "Largest usable piece (m²)"
    (qml,) = rows(files[NAME], "SELECT styleQML FROM layer_styles WHERE f_table_name = 'parcels' AND useAsDefault")[0]
    names = {each.get("field"): each.get("name") for each in ET.fromstring(qml).iter("alias")}
    assert names["usable_m2"] == "Largest usable piece (m²)"


def test_the_same_bytes_twice(tmp_path, made):
    files, _ = exported.make("gpkg", tmp_path)
    assert files[NAME].read_bytes() == made.read_bytes()


def test_a_commune_alone(tmp_path):
    files, _ = exported.make("gpkg", tmp_path, communes=("Hòa Phú",))
    tables = exported.small().tables
    assert set(whole(files[NAME], "communes")["commune_id"]) == {"Hòa Phú"}
    mine = set(tables["parcels"].query("commune_id == 'Hòa Phú'")["parcel_id"])
    assert 0 < len(mine) < len(tables["parcels"])
    assert set(whole(files[NAME], "parcels")["parcel_id"]) == mine


def test_another_crs_and_none(tmp_path):
    files, _ = exported.make("gpkg", tmp_path / "a", crs="EPSG:3406")
    found = whole(files[NAME], "parcels")
    assert found.crs.to_epsg() == 3406
    exported.same(found, exported.small().tables["parcels"], "parcel_id")
    files, _ = exported.make("gpkg", tmp_path / "b", crs="EPSG:4326")
    assert whole(files[NAME], "parcels").crs.to_epsg() == 4326
    for number, (crs, said) in enumerate(
        (("EPSG:2263", "US survey foot"), ("EPSG:0", "not a CRS"), ("EPSG:4978", "metre"))
    ):
        with pytest.raises(CRSError, match=said) as caught:
            exported.make("gpkg", tmp_path / f"c{number}", crs=crs)
        assert "EPSG:5899" in caught.value.vi
        assert not list((tmp_path / f"c{number}").iterdir())


def test_no_parcels_and_nothing_at_all(tmp_path):
    tables = exported.odd()
    files, _ = exported.make("gpkg", tmp_path / "a", tables)
    assert list(pyogrio.list_layers(files[NAME])[:, 0]) == [
        "communes",
        "play_areas",
        "play_areas_points",
        "layer_styles",
    ]
    empty = {name: table.iloc[:0] for name, table in tables.items()}
    with pytest.raises(ContractError, match="no layer has a row"):
        exported.make("gpkg", tmp_path / "b", empty)


def test_odd_rows_come_out_as_they_went_in(tmp_path):
    tables = exported.odd()
    files, _ = exported.make("gpkg", tmp_path, tables)
    exported.same(whole(files[NAME], "play_areas"), tables["play_areas"], "play_area_id")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exported.hostile_tables())
def test_whatever_the_rows(tmp_path_factory, tables):
    files, _ = exported.make("gpkg", tmp_path_factory.mktemp("any"), tables)
    found = whole(files[NAME], "play_areas")
    exported.same(found, tables["play_areas"], "play_area_id", lambda text: NEVER.sub("", text))
    assert rows(files[NAME], "PRAGMA integrity_check") == [("ok",)]


def test_debian_reads_it(made):
    told = exported.ogrinfo(made)
    assert "11: " in told or "10: " in told or "9: sites" in told
    assert exported.feature_count(made, "parcels") == 5
    assert 'ID["EPSG",5899]' in exported.ogrinfo(made, "-so", "parcels")


def test_lines_and_areas_become_two_layers(tmp_path):
    shapes = [shapely.LineString([(108.2, 15.9), (108.21, 15.91)]), exported.SQUARE, exported.TWO]
    tables = {"communes": exported.communes(), "barriers": gpd.GeoDataFrame(geometry=shapes, crs=4326)}
    files, _ = exported.make("gpkg", tmp_path, tables)
    kinds = dict(pyogrio.list_layers(files[NAME]))
    assert (kinds["barriers"], kinds["barriers_lines"]) == ("MultiPolygon", "LineString")
    exported.near(pyogrio.read_dataframe(files[NAME], layer="barriers").geometry, gpd.GeoSeries(shapes[1:], crs=4326))
    ((qml,),) = rows(files[NAME], "SELECT styleQML FROM layer_styles WHERE f_table_name = 'barriers_lines'")
    assert {each.get("class") for each in ET.fromstring(qml).iter("layer")} == {"SimpleLine"}
