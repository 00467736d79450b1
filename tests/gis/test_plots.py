"""Plots: a parcel larger than a play area is cut, its ground and cost are kept, and its plots do not depend on other parcels."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.errors import ContractError
from sanchoi.gis.notes import Notes
from sanchoi.gis.plots import split, whole

CRS = "EPSG:5899"


def land(*shapes, ids=None, cost=None):
    ids = [f"P{i + 1}" for i in range(len(shapes))] if ids is None else ids
    cost = [np.nan] * len(shapes) if cost is None else cost
    return gpd.GeoDataFrame({"parcel_id": ids, "cost": cost}, geometry=list(shapes), crs=CRS)


def test_a_field_of_250_by_100_metres_is_three_plots_of_a_hectare_at_most():
    notes = Notes()
    found = split(land(shapely.box(0, 0, 250, 100), cost=[500.0]), 10_000, notes)
    assert found["parcel_id"].tolist() == ["P1#1", "P1#2", "P1#3"]
    assert found.area.tolist() == [10_000, 10_000, 5_000]
    assert found["cost"].tolist() == [200, 200, 100]
    assert [note.code for note in notes] == ["parcels_split"]


@pytest.mark.parametrize(("wide", "plots"), [(99.99, 1), (100.0, 1), (100.01, 2)])
def test_at_the_limit_a_parcel_stays_whole(wide, plots):
    found = split(land(shapely.box(0, 0, wide, 100)), 10_000, Notes())
    assert len(found) == plots or (
        plots == 2 and len(found) == 1 and found.area.iloc[0] == 10_000
    )  # a sliver of 1 m² is dropped
    assert (found["parcel_id"].iloc[0] == "P1") == (plots == 1)


def test_small_parcels_are_left_alone_and_nothing_is_said():
    notes = Notes()
    before = land(shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10))
    pd.testing.assert_frame_equal(split(before, 10_000, notes), before)
    assert not list(notes)


def test_a_parcel_with_the_name_of_a_plot_is_refused():
    with pytest.raises(ContractError, match="7#1"):
        split(land(shapely.box(0, 0, 200, 100), shapely.box(300, 0, 310, 10), ids=["7", "7#1"]), 10_000, Notes())


def test_an_id_stands_for_its_plots():
    known = pd.Index(["7", "8#1", "8#2", "80#1"])
    assert whole("7", known) == ["7"]
    assert whole("8", known) == ["8#1", "8#2"]
    assert whole("9", known) == []


def test_a_plot_does_not_depend_on_the_other_parcels():
    field, other = shapely.box(30, 40, 290, 170), shapely.box(1000, 1000, 1400, 1300)
    alone = split(land(field), 10_000, Notes())
    both = split(land(field, other), 10_000, Notes())
    mine = both[both["parcel_id"].str.startswith("P1#")].reset_index(drop=True)
    assert shapely.equals(mine.geometry.to_numpy(), alone.geometry.to_numpy()).all()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=3, max_size=9),
    st.floats(400, 40_000),
    st.floats(0, 1e9),
)
def test_ground_and_cost_are_kept_and_no_plot_is_too_large(points, most, cost):
    shape = shapely.convex_hull(shapely.multipoints(points))
    if shape.geom_type != "Polygon" or shape.area < 2:
        return
    found = split(land(shape, cost=[cost]), most, Notes())
    lost = shape.area - found.area.sum()
    assert -1e-6 * shape.area <= lost <= len(found) + 1 + 4 * len(shape.exterior.coords) + shape.length / np.sqrt(most)
    assert found["cost"].sum() == pytest.approx(cost * found.area.sum() / shape.area, rel=1e-6, abs=1e-6)
    if len(found) > 1:
        assert found.area.max() <= most * (1 + 1e-6)
    assert shapely.union_all(found.geometry.to_numpy()).area == pytest.approx(found.area.sum(), rel=1e-9, abs=1e-6)
