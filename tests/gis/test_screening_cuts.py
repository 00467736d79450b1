"""Cutting in compiled code: equal to GEOS on random and on awkward outlines, and refused where it cannot be certain."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis import clearance, cutting, usable

SEEDS = st.integers(0, 2**32 - 1)
SQUARE = shapely.box(0, 0, 10, 10)
FAR = (555_000.3, 1_725_000.7)


def shapes_of(*shapes):
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def state_of(parcel, *taken):
    """What the compiled code says of one parcel: SAME, CUT or REFUSED."""
    xy, start = usable._rings(shapes_of(parcel))
    pairs = np.arange(len(taken))
    return cutting.cut(xy, start, np.array([0, len(taken)]), pairs, *usable._rings(shapes_of(*taken)))[0][0]


def left_of(parcel, *taken):
    return usable.without(shapes_of(parcel), np.zeros(len(taken), dtype=np.intp), shapes_of(*taken))[0]


@pytest.mark.parametrize(
    ("taken", "state", "areas"),
    [
        ([shapely.box(5, -1, 11, 11)], cutting.CUT, [50]),  # half
        ([shapely.box(4, -1, 6, 11)], cutting.CUT, [40, 40]),  # a strip across
        ([shapely.box(4, -1, 6, 11), shapely.box(-1, 4, 11, 6)], cutting.CUT, [16] * 4),  # two that cross
        ([shapely.box(8, 8, 12, 12)], cutting.CUT, [96]),  # a corner
        ([shapely.box(4, 4, 6, 6)], cutting.CUT, [96]),  # a hole
        ([shapely.box(1, 1, 2, 2), shapely.box(4, 4, 6, 6)], cutting.CUT, [95]),  # two holes
        ([shapely.box(4, 4, 6, 6), shapely.box(5, 5, 7, 7)], cutting.REFUSED, [93]),  # holes that overlap
        ([shapely.box(4, 4, 6, 6), shapely.box(5, -1, 7, 5)], cutting.CUT, [87]),  # 4 + 10 − 1 m²: the dent first
        ([shapely.box(-1, -1, 11, 11)], cutting.CUT, []),  # all
        ([shapely.box(-1, -1, 11, 11), shapely.box(4, 4, 6, 6)], cutting.CUT, []),
        ([shapely.box(20, 20, 30, 30)], cutting.SAME, [100]),  # none
        ([shapely.Polygon([(11, 11), (30, 5), (30, 30)])], cutting.SAME, [100]),
        ([shapely.box(10, 0, 20, 10)], cutting.REFUSED, [100]),  # a side in common
        ([shapely.box(5, 0, 20, 10)], cutting.REFUSED, [50]),
        ([SQUARE], cutting.REFUSED, []),
        ([shapely.Polygon([(10, 5), (20, 0), (20, 10)])], cutting.REFUSED, [100]),  # a corner on a side
        ([shapely.Polygon([(5, 5), (15, -5), (15, 15)])], cutting.REFUSED, [75]),  # sides through corners
        ([shapely.box(-1, -1, 11, 11) - shapely.box(2, 2, 8, 8)], cutting.REFUSED, [36]),  # a ring
    ],
)
def test_cuts_by_hand(taken, state, areas):
    assert state_of(SQUARE, *taken) == state
    left = left_of(SQUARE, *taken)
    found = shapely.area(shapely.get_parts(left))
    assert sorted(found[found > 0]) == pytest.approx(sorted(areas))
    pairs = np.zeros(len(taken), dtype=np.intp)
    inside = usable.inside_m2(shapes_of(SQUARE), pairs, shapes_of(*taken))
    assert inside == pytest.approx([100 - sum(areas)], abs=1e-9)


@pytest.mark.parametrize("gap", [1e-9, -1e-9, 1e-6, -1e-6])
def test_a_hair_between_outlines_is_left_to_geos_and_a_micrometre_is_not(gap):
    beside = shapely.box(10 + gap, -1, 20, 11)
    certain = cutting.SAME if gap > 0 else cutting.CUT
    assert state_of(SQUARE, beside) == (cutting.REFUSED if abs(gap) < 1e-7 else certain)
    assert left_of(SQUARE, beside).area == pytest.approx(100 + 10 * min(gap, 0), abs=1e-8)


def test_more_crossings_than_there_is_room_for():
    """A comb of 40 teeth, 2 m wide every 4 m, over a strip of 200 by 10 m: 80 · 2 crossings; three teeth are cut plainly."""
    for teeth, state in ((3, cutting.CUT), (40, cutting.REFUSED)):
        strip = shapely.box(0, 0, 4 * teeth + 40, 10)
        comb = shapely.union_all(
            [shapely.box(-1, 20, 4 * teeth, 22), *(shapely.box(4 * i + 1, -1, 4 * i + 3, 21) for i in range(teeth))]
        )
        assert state_of(strip, comb) == state
        assert left_of(strip, comb).area == pytest.approx(strip.area - teeth * 20)


def test_many_cuts_outgrow_no_memory():
    """30 strips by 30 across a square of 600 m: squares of 10 m, in one parcel more than there is room for, in many enough."""
    east = [shapely.box(20 * i + 10, -1, 20 * i + 20, 601) for i in range(30)]
    left = left_of(shapely.box(0, 0, 600, 600), *east, *(shapely.box(-1, s.bounds[0], 601, s.bounds[2]) for s in east))
    assert len(left.geoms) == 900
    assert left.area == pytest.approx(90_000)
    parcels = shapely.box(np.arange(500) * 100.0, 0, np.arange(500) * 100.0 + 90, 10)
    at = np.repeat(np.arange(500), 8)
    taken = shapely.box(
        at * 100.0 + np.tile(np.arange(8), 500) * 10 + 5, -1, at * 100.0 + np.tile(np.arange(8), 500) * 10 + 10, 11
    )
    found = usable.without(parcels, at, taken)
    assert shapely.get_num_geometries(found).tolist() == [9] * 500
    assert shapely.area(found) == pytest.approx(np.full(500, 900 - 8 * 50))


def random_polygon(rng, whole):
    """A star about a point; on whole numbers, so that corners and sides coincide, or anywhere."""
    middle, count = rng.uniform(0, 12, 2), rng.integers(3, 12)
    turns = np.sort(rng.uniform(0, 2 * np.pi, count))
    ring = middle + rng.uniform(1, 8, (count, 1)) * np.column_stack([np.cos(turns), np.sin(turns)])
    ring = np.round(ring) if whole else ring + FAR
    parts = shapely.get_parts(shapely.make_valid(shapely.Polygon(ring)))
    parts = parts[shapely.get_type_id(parts) == 3]
    return parts[np.argmax(shapely.area(parts))] if len(parts) else shapely.box(*middle, *(middle + 3))


@settings(max_examples=150, deadline=None)
@given(SEEDS)
@pytest.mark.parametrize("whole", [False, True])
def test_equal_to_geos(whole, seed):
    rng = np.random.default_rng(seed)
    parcels = shapes_of(*(random_polygon(rng, whole) for _ in range(4)))
    taken = shapes_of(*(random_polygon(rng, whole) for _ in range(5)))
    at, which = (part.ravel() for part in np.meshgrid(np.arange(4), np.arange(5), indexing="ij"))
    some = rng.random(len(at)) < 0.5
    order = rng.permutation(int(some.sum()))
    at, which = at[some][order], which[some][order]
    left, inside = usable.without(parcels, at, taken, which), usable.inside_m2(parcels, at, taken, which)
    assert shapely.is_valid(left).all()
    for i, parcel in enumerate(parcels):
        gone = shapely.union_all(taken[which[at == i]])
        assert shapely.symmetric_difference(left[i], parcel.difference(gone)).area < 1e-6
        assert inside[i] == pytest.approx(parcel.intersection(gone).area, abs=1e-6)


def test_most_plain_cuts_are_not_refused():
    """Or the speed would be gone and no other test would see it."""
    rng = np.random.default_rng(5)
    states = [state_of(random_polygon(rng, False), random_polygon(rng, False)) for _ in range(200)]
    assert states.count(cutting.REFUSED) == 0
    assert states.count(cutting.CUT) > 100


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_circles_are_those_of_geos(seed):
    rng = np.random.default_rng(seed)
    outer = random_polygon(rng, False)
    holed = outer.difference(outer.representative_point().buffer(0.2))
    thin = shapely.affinity.scale(outer, 1, 0.05)
    shapes = usable.largest(shapes_of(outer, holed, thin))
    found = usable.circles(shapes)
    true = 2 * shapely.length(shapely.maximum_inscribed_circle(shapes, 1e-4))
    assert (found <= true + 1e-3).all()
    assert (found >= true - 2 * usable.CIRCLE_M - 1e-9).all()


def test_a_distance_beyond_the_most_asked_for_is_not_looked_for():
    parcels = shapes_of(SQUARE, shapely.box(100, 0, 110, 10))
    ends, _ = clearance.along_curve(*clearance.segments(shapes_of(shapely.Point(13, 14))))
    near = clearance.nearness(ends)
    outlines = clearance.segments(parcels)
    assert clearance.clearance(*outlines, 2, near) == pytest.approx([5, np.hypot(87, 4)])
    assert clearance.clearance(*outlines, 2, near, 5.1).tolist() == [5, np.inf]
    assert clearance.clearance(*outlines, 2, near, 5.0).tolist() == [np.inf, np.inf]
