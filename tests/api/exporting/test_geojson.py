"""GeoJSON: RFC 7946, eight decimals, null for unknown."""

import json

import exported
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from sanchoi.api.exporting.geojson import placed
from sanchoi.api.exporting.parts import NEVER
from sanchoi.gis.errors import ContractError


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return exported.make("geojson", tmp_path_factory.mktemp("geojson"))[0]


def test_what_went_in_comes_out(made):
    tables = exported.small().tables
    for name, key in (("communes", "commune_id"), ("parcels", "parcel_id"), ("play_areas", "play_area_id")):
        exported.same(pyogrio.read_dataframe(made[f"{name}.geojson"]), tables[name], key)
    told = json.loads(made["gaps_all.geojson"].read_text("utf-8"))
    assert told["features"][0]["id"].endswith(":all")
    assert "crs" not in told
    assert None in [
        each["properties"]["cost"] for each in json.loads(made["parcels.geojson"].read_text("utf-8"))["features"]
    ]


def test_rings_and_decimals():
    clockwise = shapely.Polygon(list(exported.RING.exterior.coords)[::-1], [exported.RING.interiors[0].coords])
    (shape, none) = placed(exported.np.array([clockwise, None]))
    assert none is None
    outer, inner = (shapely.LinearRing(ring) for ring in shape["coordinates"])
    assert outer.is_ccw
    assert not inner.is_ccw
    (point,) = placed(exported.np.array([shapely.Point(108 + 1 / 3, 15 + 1 / 7)]))
    assert point["coordinates"] == (108.33333333, 15.14285714)


def test_a_crs_is_not_used_and_that_is_said(tmp_path):
    files, at_work = exported.make("geojson", tmp_path, crs="EPSG:5899")
    assert all("luôn theo EPSG:4326" in at_work.notes[name][0] for name in files)
    west = json.loads(files["parcels.geojson"].read_text("utf-8"))["features"][0]["geometry"]["coordinates"][0][0][0]
    assert 102 < west < 110
    assert not exported.make("geojson", tmp_path / "b", crs="EPSG:4326")[1].notes


def test_same_bytes_and_nothing_at_all(tmp_path, made):
    files, _ = exported.make("geojson", tmp_path)
    assert {name: path.read_bytes() for name, path in files.items()} == {n: p.read_bytes() for n, p in made.items()}
    empty = {name: table.iloc[:0] for name, table in exported.odd().items()}
    with pytest.raises(ContractError, match="no layer has a row"):
        exported.make("geojson", tmp_path / "b", empty)


def test_a_site_alone(tmp_path):
    files, _ = exported.make("geojson", tmp_path, sites=("P/3",))
    told = json.loads(files["parcels.geojson"].read_text("utf-8"))
    assert [each["properties"]["parcel_id"] for each in told["features"]] == ["P/3"]
    assert len(json.loads(files["communes.geojson"].read_text("utf-8"))["features"]) == 1


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exported.hostile_tables())
def test_whatever_the_rows(tmp_path_factory, tables):
    files, _ = exported.make("geojson", tmp_path_factory.mktemp("any"), tables)
    path = files["play_areas.geojson"]
    told = json.loads(path.read_text("utf-8"), parse_constant=lambda name: pytest.fail(name))
    for feature, (_, row) in zip(told["features"], tables["play_areas"].iterrows(), strict=True):
        for column, found in feature["properties"].items():
            wanted = row[column]
            assert exported.unknown(wanted) == (found is None), column
            if found is not None:
                assert exported.alike(wanted, found, lambda text: NEVER.sub("", text)), column
    exported.near(pyogrio.read_dataframe(path).geometry, tables["play_areas"].geometry)


def test_debian_reads_it(made):
    assert exported.feature_count(made["parcels.geojson"]) == 5
