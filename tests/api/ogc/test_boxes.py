"""Boxes and shapes: which features meet them, in every CRS, against shapely over the table."""

import numpy as np
import pyproj
import pytest
import shapely
from fake_sites import LAT, LON
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sanchoi.api.features.condition import Condition, join, meeting
from sanchoi.api.features.crs import CRS84, EPSG, Crs, inner, known

METRIC = Crs(EPSG + "5899", "EPSG:5899")
TURNED = Crs(EPSG + "4326", "EPSG:4326")
PLAIN = Crs(CRS84, "")
EAST = st.floats(LON - 0.003, LON + 0.017)
NORTH = st.floats(LAT - 0.003, LAT + 0.017)


def ids(odd, condition, name="parcels"):
    return [feature for block in odd.features.query(name, condition, 10_000) for feature in block.ids]


def expected(odd, shape):
    return odd.land.loc[shapely.intersects(odd.land.geometry.to_numpy(), shape), "parcel_id"].tolist()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(x=st.tuples(EAST, EAST), y=st.tuples(NORTH, NORTH))
def test_random_boxes_find_what_shapely_finds(odd, x, y):
    west, east, south, north = min(x), max(x), min(y), max(y)
    shape = shapely.box(west, south, east, north)
    assert ids(odd, meeting("parcels", PLAIN.area([west, south, east, north]))) == expected(odd, shape)
    assert ids(odd, meeting("parcels", TURNED.area([south, west, north, east]))) == expected(odd, shape)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(x=st.tuples(EAST, EAST), y=st.tuples(NORTH, NORTH))
def test_random_boxes_in_metres_find_what_shapely_finds_in_metres(odd, x, y):
    to = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:5899", always_xy=True)
    (a, b), (c, d) = to.transform(min(x), min(y)), to.transform(max(x), max(y))
    west, east, south, north = min(a, c), max(a, c), min(b, d), max(b, d)
    land = odd.land.geometry.to_crs(5899).to_numpy()
    box = shapely.box(west, south, east, north)
    near = shapely.distance(shapely.boundary(land), shapely.boundary(box)) < 0.001  # edges that touch by a hair
    sure = dict(zip(odd.land["parcel_id"], shapely.intersects(land, box), strict=True))
    found = set(ids(odd, meeting("parcels", METRIC.area([west, south, east, north]))))
    for feature, doubtful in zip(odd.land["parcel_id"], near, strict=True):
        assert doubtful or (feature in found) == sure[feature]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.lists(st.tuples(EAST, NORTH), min_size=3, max_size=8))
def test_random_shapes_find_what_shapely_finds(odd, points):
    shape = shapely.convex_hull(shapely.MultiPoint(points))
    assert ids(odd, meeting("parcels", shape)) == expected(odd, shape)


def test_what_touches_is_in_and_what_is_a_hair_away_is_not(odd):
    whole = odd.land.geometry.iloc[0]
    west, south, _, north = whole.bounds
    touching = meeting("parcels", PLAIN.area([west - 1e-4, south, west, north]))
    assert odd.land["parcel_id"].iloc[0] in ids(odd, touching)
    beside = meeting("parcels", PLAIN.area([west - 1e-4, south, np.nextafter(west, 0), north]))
    assert odd.land["parcel_id"].iloc[0] not in ids(odd, beside)  # the R-tree alone, in single precision, has it


def test_a_box_may_be_a_point(odd):
    point = odd.land.geometry.iloc[5].representative_point()
    assert ids(odd, meeting("parcels", PLAIN.area([point.x, point.y, point.x, point.y]))) == [
        odd.land["parcel_id"].iloc[5]
    ]


def test_six_numbers_leave_out_the_height(odd):
    west, south, east, north = odd.land.geometry.iloc[0].bounds
    flat = ids(odd, meeting("parcels", PLAIN.area([west, south, east, north])))
    assert ids(odd, meeting("parcels", PLAIN.area([west, south, -5.0, east, north, 1e9]))) == flat


def test_a_box_over_the_antimeridian_is_two(odd):
    everything = ids(odd, Condition())
    assert ids(odd, meeting("parcels", PLAIN.area([100.0, -90, -170.0, 90]))) == everything
    assert ids(odd, meeting("parcels", PLAIN.area([170.0, -90, 100.0, 90]))) == []
    assert ids(odd, meeting("parcels", TURNED.area([-90, 100.0, 90, -170.0]))) == everything


@pytest.mark.parametrize(
    ("crs", "numbers"),
    [
        (PLAIN, []),
        (PLAIN, [1.0, 2.0, 3.0]),
        (PLAIN, [1.0, 2.0, 3.0, 4.0, 5.0]),
        (PLAIN, [1.0, 4.0, 3.0, 2.0]),
        (PLAIN, [float("nan"), 0.0, 1.0, 1.0]),
        (PLAIN, [float("-inf"), 0.0, 1.0, 1.0]),
        (METRIC, [2.0, 0.0, 1.0, 1.0]),
        (METRIC, [-1e308, -1e308, 1e308, 1e308]),
        (METRIC, [0.0, 0.0, 1e300, 1e300]),
    ],
)
def test_what_is_no_box_is_refused(crs, numbers):
    with pytest.raises(ValueError, match=r".+"):
        crs.area(numbers)


def test_a_box_of_the_whole_world_finds_everything(odd):
    assert ids(odd, meeting("parcels", PLAIN.area([-1e308, -1e308, 1e308, 1e308]))) == ids(odd, Condition())


def test_shapes_can_be_negated_and_joined(odd):
    box = shapely.box(LON, LAT, LON + 0.004, LAT + 0.004)
    inside = set(expected(odd, box))
    assert inside
    here = meeting("parcels", box)
    without = Condition(f"(NOT {here.sql})", here.values)
    assert set(ids(odd, without)) == set(odd.land["parcel_id"]) - inside
    assert ids(odd, join("AND", [here, without])) == []


def test_the_inner_box_lies_within_the_shape():
    triangle = shapely.Polygon([(0, 0), (10, 0), (0, 10)])
    assert inner(triangle) is None
    assert inner(shapely.box(0, 0, 10, 10)) == (0, 0, 10, 10)
    bent = METRIC.area([500_000.0, 1_700_000.0, 600_000.0, 1_800_000.0])
    assert shapely.covers(bent, shapely.box(*inner(bent)))


def test_coordinates_go_out_in_the_order_that_the_authority_sets(odd):
    point = np.array([shapely.Point(LON, LAT)], dtype=object)
    assert shapely.get_coordinates(PLAIN.out(point)).tolist() == [[LON, LAT]]
    assert shapely.get_coordinates(TURNED.out(point)).tolist() == [[LAT, LON]]
    to = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:5899", always_xy=True)
    assert shapely.get_coordinates(METRIC.out(point)).tolist() == [
        list(to.transform(LON, LAT))
    ]  # E, N in EPSG's register
    assert shapely.get_coordinates(point).tolist() == [[LON, LAT]]


def test_there_and_back(odd):
    for crs in (PLAIN, TURNED, METRIC):
        there = crs.out(odd.land.geometry.to_numpy()[:5])
        back = [crs.into(shape) for shape in there]
        assert np.allclose(
            shapely.get_coordinates(back), shapely.get_coordinates(odd.land.geometry.iloc[:5]), atol=1e-9
        )


def test_the_study_s_own_crs_is_offered_too():
    assert list(known("EPSG:5899")) == [CRS84, EPSG + "4326", EPSG + "5899"]
    assert list(known("EPSG:3405")) == [CRS84, EPSG + "4326", EPSG + "5899", EPSG + "3405"]
    assert list(known("+proj=tmerc +lon_0=108 +units=m +type=crs")) == [CRS84, EPSG + "4326", EPSG + "5899"]
