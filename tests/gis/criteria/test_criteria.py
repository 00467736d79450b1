"""Every criterion: its row is whole, its scale is fixed, and a case that is checked by hand."""

import unicodedata
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis.criteria import CRITERIA, Criterion, Land
from sanchoi.gis.criteria.land import FAR_M, covered_share, nearest_m
from sanchoi.gis.errors import ContractError

BY_ID = {each.criterion_id: each for each in CRITERIA}
SQUARE = shapely.box(0, 0, 40, 40)
STRIP = shapely.box(0, 0, 100, 10)


def layer(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:5899")


def land(*shapes, **given):
    usable = np.array(shapes or (SQUARE,), dtype=object)
    n = len(usable)
    nothing = {"circle_m": np.zeros(n), "children_reached": np.zeros(n), "children_gained": np.zeros(n)}
    return Land(usable, shapely.area(usable), **(nothing | given))


def measure(criterion_id, of):
    found = BY_ID[criterion_id].measure(of)
    return None if found is None else np.asarray(found).tolist()


@pytest.mark.parametrize("each", CRITERIA, ids=lambda each: each.criterion_id)
def test_each_has_names_reasons_and_a_unit(each):
    texts = [each.name_vi, each.name_en, each.unit, each.reason_vi, each.reason_en, each.needs_vi, each.needs_en]
    assert all(text.strip() for text in texts)
    assert all(unicodedata.is_normalized("NFC", text) for text in texts)
    assert any(ord(letter) > 0x1E00 or letter in "ăâđêôơư" for letter in each.reason_vi)
    assert (each.utility(np.array([each.worst, each.best])) == [0, 1]).all()


def test_ids_are_unique_and_default_weights_are_points_of_100():
    assert len(BY_ID) == len(CRITERIA)
    assert sum(each.weight for each in CRITERIA if not each.instead_of) == 100
    assert all(each.instead_of in BY_ID for each in CRITERIA if each.instead_of)


@pytest.mark.parametrize("each", CRITERIA, ids=lambda each: each.criterion_id)
@given(values=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2))
def test_utility_grows_towards_the_best_end_and_nowhere_leaves_0_to_1(each, values):
    better = sorted(values, reverse=each.best < each.worst)
    low, high = each.utility(np.array(better))
    assert 0 <= low <= high <= 1


def test_utility_of_the_unknown_is_unknown():
    assert np.isnan(BY_ID["slope"].utility(np.array([np.nan]))).all()


@pytest.mark.parametrize(
    ("criterion_id", "value", "utility"),
    [
        ("children_gained", 0, 0), ("children_gained", 250, 0.5), ("children_gained", 500, 1), ("children_gained", 501, 1),
        ("slope", 5, 1), ("slope", 4.999, 1), ("slope", 10, 0.5), ("slope", 15, 0), ("slope", 15.001, 0),
        ("main_roads", 0, 0), ("main_roads", 50, 0.5), ("main_roads", 100, 1), ("main_roads", 100.1, 1),
        ("walking_connection", 0, 1), ("walking_connection", 125, 0.5), ("walking_connection", 250, 0),
        ("detour", 1, 1), ("detour", 1.25, 0.75), ("detour", 2, 0), ("flood", 0.25, 0.75),
        ("usable_area", 200, 0), ("usable_area", 199, 0), ("usable_area", 2600, 0.5), ("usable_area", 5000, 1),
        ("inscribed_circle", 10, 0), ("inscribed_circle", 21, 0.5), ("inscribed_circle", 32, 1),
        ("shortfall_relieved", 500, 0.25), ("schools", 250, 0.75), ("halls", 1000, 0),
    ],
)  # fmt: skip
def test_scales_at_inside_and_outside_their_ends(criterion_id, value, utility):
    assert BY_ID[criterion_id].utility(np.array([float(value)]))[0] == pytest.approx(utility, abs=1e-12)


def test_a_scale_without_length_or_a_weight_of_nothing_is_refused():
    slope = BY_ID["slope"]
    with pytest.raises(ContractError, match="slope: scale"):
        replace(slope, best=slope.worst)
    with pytest.raises(ContractError, match="scale"):
        replace(slope, best=np.inf)
    with pytest.raises(ContractError, match="weight"):
        replace(slope, weight=0)


def test_children_gained_and_in_reach_are_never_measured_together():
    known = land(children_reached=np.array([300.0]), children_gained=np.array([100.0]))
    assert (measure("children_gained", known), measure("children_in_reach", known)) == ([100.0], None)
    nobody = replace(known, by_need=True, shortfall_relieved_m2=np.array([5.0]))
    assert (measure("children_gained", nobody), measure("children_in_reach", nobody)) == (None, [300.0])
    assert measure("shortfall_relieved", nobody) is None


@pytest.mark.parametrize(
    ("criterion_id", "missing"),
    [
        ("shortfall_relieved", "shortfall_relieved_m2"),
        ("walking_connection", "offset_m"),
        ("detour", "detour"),
        ("slope", "slope_percent"),
    ],
)
def test_given_numbers_are_passed_on_and_absent_ones_are_not_zero(criterion_id, missing):
    assert measure(criterion_id, land()) is None
    assert measure(criterion_id, land(**{missing: np.array([1.25])})) == [1.25]


@pytest.mark.parametrize(
    ("criterion_id", "name"),
    [
        ("water_safety", "water"),
        ("schools", "schools"),
        ("halls", "halls"),
        ("main_roads", "roads"),
        ("flood", "flood"),
    ],
)
def test_a_layer_that_is_absent_is_not_measured_and_one_that_is_empty_is(criterion_id, name):
    assert measure(criterion_id, land()) is None
    empty = land(layers={name: layer()})
    assert measure(criterion_id, empty) == [0.0 if name == "flood" else FAR_M]


@pytest.mark.parametrize(
    ("criterion_id", "name"), [("water_safety", "water"), ("schools", "schools"), ("halls", "halls")]
)
def test_distance_is_from_the_outline_to_the_nearest_feature(criterion_id, name):
    points = layer(shapely.Point(70, 20), shapely.Point(43, 44), shapely.Point(20, -600), shapely.Point())
    assert measure(criterion_id, land(SQUARE, layers={name: points})) == [5.0]  # from the corner (40, 40): 3, 4, 5
    assert measure(criterion_id, land(SQUARE, layers={name: layer(shapely.Point(10, 10))})) == [0.0]


def test_distances_end_at_5_000_m():
    away = [nearest_m(np.array([SQUARE]), np.array([shapely.Point(40 + d, 20)]))[0] for d in (4999.0, 5000.0, 5001.0)]
    assert away == [4999.0, FAR_M, FAR_M]
    assert np.isnan(nearest_m(np.array([shapely.Polygon()]), np.array([shapely.Point(0, 0)]))).all()


def test_only_main_roads_count_and_their_class_must_be_known():
    near, far = shapely.LineString([(50, 0), (50, 40)]), shapely.LineString([(90, 0), (90, 40)])
    for classes, away in (
        (["residential", "primary"], 50.0),
        (["VI", "III"], 50.0),
        ([5.0, 4.0], 50.0),
        (["trunk", "primary"], 10.0),
        (["residential", "path"], FAR_M),
    ):
        assert measure("main_roads", land(layers={"roads": layer(near, far, **{"class": classes})})) == [away]
    assert measure("main_roads", land(layers={"roads": layer(near, far)})) is None


def test_compactness_of_a_square_a_strip_a_circle_and_a_ring():
    ring = shapely.box(0, 0, 40, 40).difference(shapely.box(10, 10, 30, 30))
    disc = shapely.Point(0, 0).buffer(10, quad_segs=512)
    square, strip, circle, holed, nothing = measure("compactness", land(SQUARE, STRIP, disc, ring, shapely.Polygon()))
    assert square == pytest.approx(np.pi / 4)
    assert strip == pytest.approx(40 * np.pi / 484)
    assert circle == pytest.approx(1, abs=1e-5)
    assert holed == pytest.approx(4 * np.pi * 1200 / (160 + 80) ** 2)
    assert np.isnan(nothing)


def test_area_and_circle_are_those_of_the_usable_piece():
    of = land(SQUARE, STRIP, circle_m=np.array([40.0, 10.0]))
    assert (measure("usable_area", of), measure("inscribed_circle", of)) == ([1600.0, 1000.0], [40.0, 10.0])


def test_classes_of_land_and_owners_that_are_not_known_stay_unknown():
    of = land(*[SQUARE] * 4, land_class=["A", "B", "C", None], public=np.array([True, False, None, True], dtype=object))
    assert measure("land_class", of)[:3] == [1.0, 0.5, 0.0]
    assert np.isnan(measure("land_class", of)[3])
    assert measure("ownership", of)[:2] == [1.0, 0.0]
    assert np.isnan(measure("ownership", of)[2])
    assert measure("land_class", land()) is None
    assert measure("ownership", land()) is None


def test_ground_flooded_twice_counts_once():
    twice = layer(shapely.box(-5, -5, 20, 45), shapely.box(10, -5, 30, 45), shapely.LineString([(0, 0), (40, 40)]))
    shares = measure("flood", land(SQUARE, shapely.box(200, 0, 210, 10), shapely.Polygon(), layers={"flood": twice}))
    assert shares[:2] == [pytest.approx(0.75), 0.0]
    assert np.isnan(shares[2])


boxes = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 20), st.integers(1, 20)).map(
    lambda v: shapely.box(v[0], v[1], v[0] + v[2], v[1] + v[3])
)


@given(st.lists(boxes, min_size=1, max_size=6), st.lists(boxes, max_size=6))
def test_distance_and_share_equal_the_slow_way(shapes, features):
    shapes, features = np.array(shapes, dtype=object), np.array(features, dtype=object)
    for shape, away, share in zip(shapes, nearest_m(shapes, features), covered_share(shapes, features), strict=True):
        assert away == min((shape.distance(each) for each in features), default=FAR_M)
        wet = shape.intersection(shapely.union_all(features)).area if len(features) else 0.0
        assert share == pytest.approx(wet / shape.area, abs=1e-12)
        assert share <= 1


def test_the_order_of_parcels_and_features_changes_nothing():
    rng = np.random.default_rng(3)
    shapes = shapely.box(*(corner := rng.uniform(0, 900, (2, 40))), *(corner + rng.uniform(5, 60, (2, 40))))
    water = shapely.buffer(shapely.points(rng.uniform(0, 900, (60, 2))), 20)
    order, other = rng.permutation(40), rng.permutation(60)
    for measured in (nearest_m, covered_share):
        assert measured(shapes[order], water[other]) == pytest.approx(measured(shapes, water)[order], abs=1e-12)


def test_a_criterion_is_one_row_of_facts():
    ours = Criterion("x", "a", "b", "m", 0, 1, 1, "r", "r", "n", "n", lambda _: None)
    assert ours.instead_of == ""
    assert len(land(SQUARE, STRIP)) == 2
