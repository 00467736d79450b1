"""FlatGeobuf: one shape a file, CRS and index kept."""

import exported
import pandas as pd
import pyogrio
import pytest
from hypothesis import HealthCheck, given, settings
from sanchoi.api.exporting.parts import NEVER
from sanchoi.gis.errors import CRSError


def whole(files, name):
    paths = [path for each, path in files.items() if each in (f"{name}.fgb", f"{name}_points.fgb")]
    return pd.concat([pyogrio.read_dataframe(path) for path in paths], ignore_index=True)


def placed(table):
    return table[~(table.geometry.isna() | table.geometry.is_empty)].reset_index(drop=True)


def test_what_went_in_comes_out(tmp_path):
    files, at_work = exported.make("fgb", tmp_path)
    tables = exported.small().tables
    for name, key in (("communes", "commune_id"), ("parcels", "parcel_id"), ("play_areas", "play_area_id")):
        found = whole(files, name)
        assert found.crs.to_epsg() == 5899
        exported.same(found, tables[name], key)
    assert not at_work.notes
    info = pyogrio.read_info(files["parcels.fgb"])
    assert info["capabilities"]["fast_spatial_filter"]
    assert info["geometry_type"] == "Polygon"
    assert "Feature Count: 5" in exported.ogrinfo(files["parcels.fgb"], "-so", "-al")
    again, _ = exported.make("fgb", tmp_path / "again")
    assert {name: path.read_bytes() for name, path in files.items()} == {n: p.read_bytes() for n, p in again.items()}


def test_rows_without_a_place_are_told(tmp_path):
    tables = exported.odd()
    files, at_work = exported.make("fgb", tmp_path, tables)
    exported.same(whole(files, "play_areas"), placed(tables["play_areas"]), "play_area_id")
    missing = len(tables["play_areas"]) - len(placed(tables["play_areas"]))
    assert missing > 0
    assert at_work.notes == {"play_areas.fgb": [f"Bỏ {missing} dòng không có vị trí: chỉ mục không nhận."]}


def test_a_crs_in_feet_is_refused(tmp_path):
    with pytest.raises(CRSError, match="foot"):
        exported.make("fgb", tmp_path, crs="EPSG:2263")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exported.hostile_tables())
def test_whatever_the_rows(tmp_path_factory, tables):
    files, _ = exported.make("fgb", tmp_path_factory.mktemp("any"), tables)
    wanted = placed(tables["play_areas"])
    if len(wanted):
        exported.same(whole(files, "play_areas"), wanted, "play_area_id", lambda text: NEVER.sub("", text))
    else:
        assert set(files) == {"communes.fgb"}
