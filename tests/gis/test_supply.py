"""Ground of play areas: measured once, clipped to communes, unknown where it is not known."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis.norms import Limit, Limits
from sanchoi.gis.supply import counted, ground, homes, in_communes, meets, reach_limits, sites, size
from shapely.geometry import MultiPolygon, Point, box

seeds = st.integers(0, 2**32 - 1)
CRS = "EPSG:5899"
NAN = np.nan


def grounds(table, area_m2, communes):
    return in_communes(table.geometry.to_numpy(), area_m2, communes.geometry.to_numpy())


def inventory(*shapes, area=None, usable=None, access="public", counts=True):
    n = len(shapes)
    return gpd.GeoDataFrame(
        {
            "area_m2": np.full(n, NAN) if area is None else np.array(area, float),
            "usable_m2": np.full(n, NAN) if usable is None else np.array(usable, float),
            "access": access,
            "kind_counts": counts,
        },
        geometry=list(shapes),
        crs=CRS,
    )


def communes(*shapes):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=CRS)


WEST, EAST = box(0, 0, 100, 100), box(100, 0, 200, 100)
BOTH = communes(WEST, EAST)


def same(got, want):
    return np.array_equal(got, np.array(want, float), equal_nan=True)


# --- m² of each -------------------------------------------------------------------------------------------------------


def test_polygon_recorded_usable_unknown():
    """A polygon is measured, whatever was recorded; a point has what was recorded, or nothing known; usable ground caps both."""
    square, point = box(0, 0, 10, 10), Point(50, 50)
    table = inventory(
        square, square.buffer(0), point, point, Point(1, 1), area=[7, NAN, 80, NAN, 80], usable=[NAN, NAN, NAN, NAN, 60]
    )
    assert same(size(table.iloc[[0, 2, 3, 4]]), [100, 80, NAN, 60])
    assert same(ground(table.iloc[[0, 2, 3, 4]]), [40, 80, NAN, 60])  # the last point takes its ground from the square


@pytest.mark.parametrize(("usable", "want"), [(30, 30), (100, 100), (150, 100), (0, 0), (NAN, 100)])
def test_usable_ground_is_never_more_than_the_polygon(usable, want):
    assert ground(inventory(box(0, 0, 10, 10), usable=[usable])).tolist() == [want]


def test_usable_ground_of_a_point_without_an_area_is_known():
    assert ground(inventory(Point(0, 0), usable=[40])).tolist() == [40]


def test_ground_two_polygons_share_is_counted_once():
    """A playground of 100 m² inside a park of 10,000: it keeps its own, the park has the rest."""
    park, inside = box(0, 0, 100, 100), box(20, 20, 30, 30)
    assert ground(inventory(park, inside)).tolist() == [9_900, 100]
    assert ground(inventory(inside, park)).tolist() == [100, 9_900]


def test_three_that_overlap_and_two_that_are_the_same():
    """Of 0–10, 8–14 and 9–11 (10 m high) each smaller one keeps its own: 20, 60 − 20, 100 − 20."""
    large, middle, small = box(0, 0, 10, 10), box(8, 0, 14, 10), box(9, 0, 11, 10)
    assert ground(inventory(large, middle, small)).tolist() == pytest.approx([80, 40, 20])
    assert sorted(ground(inventory(small, small)).tolist()) == [0, 20]


def test_neighbours_that_touch_lose_nothing():
    assert ground(inventory(WEST, EAST)).tolist() == [10_000, 10_000]


def test_holes_and_parts():
    yard = box(0, 0, 10, 10).difference(box(2, 2, 4, 4))
    assert ground(inventory(yard, MultiPolygon([box(20, 0, 21, 1), box(30, 0, 32, 1)]))).tolist() == [96, 3]


def test_only_open_free_kinds_that_count_are_supply():
    table = inventory(*[Point(0, 0)] * 5, access=["public", "unknown", "private", "customers", "public"])
    table["kind_counts"] = [True, True, True, True, False]
    assert counted(table).tolist() == [True, True, False, False, False]
    assert sites(table, CRS).supply.tolist() == [0, 1]


def test_without_an_inventory_there_is_no_supply():
    none = sites(None, CRS)
    assert len(none.table) == len(none.area_m2) == len(none.supply) == len(none.geometry) == 0
    known, unknown, home = grounds(none.table, none.area_m2, BOTH)
    assert (known.tolist(), unknown.tolist(), home.tolist()) == ([0, 0], [False, False], [])


# --- per commune ------------------------------------------------------------------------------------------------------


def per_commune(table, shapes=BOTH):
    known, unknown, home = grounds(table, ground(table), shapes)
    return known.tolist(), unknown.tolist(), home.tolist()


def test_a_polygon_across_the_border_is_clipped():
    """20 × 10 m, of which 15 × 10 in the west."""
    assert per_commune(inventory(box(85, 0, 105, 10))) == ([150, 50], [False, False], [0])


def test_a_polygon_partly_outside_all_communes_counts_with_what_is_inside():
    assert per_commune(inventory(box(-30, 0, 10, 10), box(300, 0, 310, 10))) == ([100, 0], [False, False], [-1, -1])


def test_usable_ground_is_shared_as_the_outline_is():
    """200 m² of outline, 150 in the west; 80 m² are usable: 60 and 20."""
    known, *_ = per_commune(inventory(box(85, 0, 105, 10), usable=[80]))
    assert known == pytest.approx([60, 20])


def test_points_count_where_they_lie_and_unknown_sizes_are_told():
    table = inventory(Point(10, 10), Point(150, 10), Point(160, 10), Point(900, 0), area=[50, 70, NAN, NAN])
    assert per_commune(table) == ([50, 70], [False, True], [0, 1, 1, -1])


def test_overlaps_are_counted_once_per_commune_too():
    """A park of 40 × 10 over the border, and in its west a playground of 10 × 10."""
    assert per_commune(inventory(box(80, 0, 120, 10), box(85, 0, 95, 10))) == ([200, 200], [False, False], [0, 0])


def test_on_a_border_the_first_commune_is_home():
    assert homes(np.array([Point(100, 50)]), np.array([WEST, EAST])).tolist() == [0]
    assert homes(np.array([Point(100, 50)]), np.array([EAST, WEST])).tolist() == [0]


def test_home_is_by_an_inner_point_not_by_the_centroid():
    """A horseshoe whose centroid, at x = 94, lies in the hollow in the west; halfway up it has ground in the east only."""
    shoe = box(40, 0, 130, 60).difference(box(40, 5, 125, 55))
    assert round(shoe.centroid.x) == 94
    assert homes(np.array([shoe]), np.array([WEST, EAST])).tolist() == [1]


def random_inventory(seed):
    rng = np.random.default_rng(seed)
    shapes = []
    for x, y, w, h in rng.integers((0, 0, 1, 1), (180, 80, 40, 40), (int(rng.integers(1, 8)), 4)):
        shapes.append(box(x, y, x + w, y + h) if rng.random() < 0.8 else Point(x, y))
    area = np.where(rng.random(len(shapes)) < 0.5, NAN, 50.0)
    usable = np.where(rng.random(len(shapes)) < 0.7, NAN, rng.integers(0, 900, len(shapes)))
    return inventory(*shapes, area=area, usable=usable)


@given(seed=seeds)
def test_the_ground_of_polygons_sums_to_their_union(seed):
    table = random_inventory(seed).assign(usable_m2=NAN)
    polygon = shapely.get_dimensions(table.geometry.to_numpy()) == 2
    whole = shapely.union_all(table.geometry.to_numpy()[polygon])
    assert ground(table[polygon]).sum() == pytest.approx(whole.area)
    assert (ground(table) <= size(table) + 1e-9)[~np.isnan(size(table))].all()
    known, *_ = grounds(table[polygon], ground(table[polygon]), BOTH)
    assert known.tolist() == pytest.approx([whole.intersection(WEST).area, whole.intersection(EAST).area])


@given(seed=seeds)
def test_the_order_of_play_areas_does_not_matter(seed):
    """Save which of two outlines of the same size gives up what they share: sizes differ here."""
    table = random_inventory(seed)
    size = shapely.area(table.geometry.to_numpy())
    table = table[(size == 0) | ~pd.Series(size, index=table.index).duplicated()]
    order = np.random.default_rng(seed).permutation(len(table))
    want, got = ground(table), ground(table.iloc[order])
    assert np.allclose(got, want[order], equal_nan=True)
    one, two = grounds(table, want, BOTH), grounds(table.iloc[order], got, BOTH)
    assert np.allclose(one[0], two[0])
    assert np.array_equal(one[1], two[1])
    assert np.array_equal(one[2][order], two[2])


@given(seed=seeds)
def test_communes_divide_the_ground_that_lies_in_them(seed):
    """One commune instead of two: the same sum. And no play area is known and unknown at once."""
    table = random_inventory(seed)
    area = ground(table)
    apart, together = grounds(table, area, BOTH), grounds(table, area, communes(box(0, 0, 200, 100)))
    assert apart[0].sum() == pytest.approx(together[0].sum())
    assert apart[1].any() == together[1].any()
    assert together[0].sum() <= np.nansum(area) + 1e-6
    assert not np.isnan(apart[0]).any()


# --- tiers ------------------------------------------------------------------------------------------------------------


def tier(band="0-5", walk_m=300.0, floor=None):
    blank = {field.name: None for field in dataclasses.fields(Limit)}
    return Limit(**blank | {"band": band, "walk_m": walk_m, "min_site_m2": floor, "verified": True})


def limits(*tiers):
    return Limits("p", "p", "p", tiers, None, 0.8, pd.DataFrame(), ())


def test_the_longest_limit_of_the_tiers_whose_floor_is_met():
    """A small place within 200 m, one of 400 m² within 500 m; an unknown size may meet the floor or not."""
    rules = limits(tier(walk_m=200.0), tier(walk_m=500.0, floor=400.0), tier("6-14", walk_m=None))
    area = np.array([399.999, 400.0, 9_000.0, NAN])
    low, high = reach_limits(rules, ["0-5", "6-14"], area)
    assert same(low, [[200, 500, 500, 200], [NAN] * 4])
    assert same(high, [[200, 500, 500, 500], [NAN] * 4])


def test_a_floor_alone_takes_no_unknown_size_for_granted():
    low, high = reach_limits(limits(tier(floor=400.0)), ["0-5"], np.array([NAN, 399.0]))
    assert same(low, [[NAN, NAN]])
    assert same(high, [[300, NAN]])


def test_meets():
    shown, possible = meets(tier(floor=400.0), np.array([399.999, 400.0, NAN]))
    assert (shown.tolist(), possible.tolist()) == ([False, True, False], [False, True, True])
    assert np.all(meets(tier(), np.array([0.0, NAN])))


def test_a_park_around_a_playground_is_large_enough_and_shares_the_ground_once():
    """A park of 500 m² holds a playground of 200: a floor of 400 m² is met by the park, and 500 m² are shared in all."""
    table = inventory(box(0, 0, 25, 20), box(0, 0, 10, 20))
    assert size(table).tolist() == [500, 200]
    assert ground(table).tolist() == [300, 200]


def test_a_point_in_a_park_takes_its_ground_from_the_smallest_park_that_holds_it():
    table = inventory(box(0, 0, 50, 50), box(0, 0, 10, 20), Point(5, 5), area=[NAN, NAN, 60])
    assert ground(table).tolist() == [2_300, 140, 60]
    assert ground(inventory(box(0, 0, 5, 5), Point(1, 1), area=[NAN, 60])).tolist() == [0, 60]
