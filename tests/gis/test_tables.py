"""Declarations: a table that breaks one is refused, and the message names the first bad row."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from sanchoi.gis import tables
from sanchoi.gis.errors import ContractError, CRSError
from shapely.geometry import LineString, Point


def cells(**changes):
    columns = {
        "cell_id": ["a", "b"],
        "commune_id": ["1", "1"],
        "walk_m": [10.0, np.nan],
        "straight_m": [5.0, np.nan],
        "play_area_id": pd.array(["x", None], dtype="str"),
        "off_network": [False, True],
    }
    geometry = changes.pop("geometry", [Point(108, 15), Point(108, 16)])
    crs = changes.pop("crs", "EPSG:4326")
    return gpd.GeoDataFrame({**columns, **changes}, geometry=geometry, crs=crs)


def test_a_sound_table_comes_back_unchanged():
    table = cells()
    assert tables.check(table, "cells", "EPSG:4326") is table


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"walk_m": [-1.0, 2.0]}, "walk_m: .*-1.0.* at cell_id a, commune_id 1"),
        ({"walk_m": ["far", "near"]}, "walk_m"),
        ({"cell_id": pd.array([None, "b"], dtype="str")}, "cell_id"),
        ({"cell_id": ["a", "a"]}, "cell_id a, commune_id 1 stands twice"),
        ({"more": [1, 2]}, "more"),
        ({"geometry": [Point(108, 15), LineString([(0, 0), (1, 1)])]}, "LineString at cell_id b"),
    ],
)
def test_a_breach_names_the_row(changes, message):
    with pytest.raises(ContractError, match=message):
        tables.check(cells(**changes), "cells", "EPSG:4326")


@pytest.mark.parametrize("crs", [None, "EPSG:5899"])
def test_no_crs_is_assumed(crs):
    with pytest.raises(CRSError, match="table cells is in"):
        tables.check(cells(crs=crs), "cells", "EPSG:4326")


@pytest.mark.parametrize("name", sorted(tables.DECLARATIONS))
def test_every_declaration_has_a_key_of_its_own_columns(name):
    declared = tables.DECLARATIONS[name]
    assert set(declared.key) <= set(declared.columns)
    assert (declared.columns[-1] == "geometry") == (declared.geometry is not None)
    for column in declared.columns:
        if column.startswith(("walk", "straight")):
            assert column.endswith("_m")
        if "area" in column and column != "play_area_id":
            assert column.endswith("_m2") or "_m2_" in column
