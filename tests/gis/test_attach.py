"""Places join the nearest point of the nearest edge."""

import numpy as np
import pytest
import reference
import shapely
import town
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.attach import attach, between, crosses, place
from sanchoi.gis.network import from_lines
from shapely.geometry import LineString, box

seeds = st.integers(0, 2**32 - 1)
unhurried = settings(deadline=None)  # the first call compiles the kernels


def one_place(net, x, y, barriers=None):
    found = attach(net, np.array([x], float), np.array([y], float), barriers)
    (edge, along, offset) = town.stops(found)[0]
    return edge, along, offset


def test_the_edge_not_the_node():
    """A place by the middle of a street is 5 m from it, though 50.2 m from its nearest node."""
    net = town.network()
    edge = town.edge_between(net, (0.0, 0.0), (100.0, 0.0))
    assert one_place(net, 50, 5) == (edge, 50_000, 5_000)
    assert one_place(net, 50, 0) == (edge, 50_000, 0)


def test_beyond_the_end_of_a_street_its_end_is_nearest():
    net = town.network()
    assert one_place(net, 430, 440) == (town.edge_between(net, (400.0, 300.0), (400.0, 400.0)), 100_000, 50_000)


def test_of_equally_near_edges_the_first_is_taken():
    """The middle of a block is 50 m from four streets."""
    net = town.network()
    sides = [((0, 0), (100, 0)), ((0, 100), (100, 100)), ((0, 0), (0, 100)), ((100, 0), (100, 100))]
    assert one_place(net, 50, 50)[0] == min(town.edge_between(net, *side) for side in sides)


def test_places_far_from_the_network_are_attached_too():
    net = town.network()
    assert one_place(net, 0, -90_000)[1:] == (0, 90_000_000)
    assert one_place(net, 90_300, 0)[2] == 89_700_000


def test_no_network_or_no_places():
    nothing = from_lines(town.geometries())
    for barriers in (None, town.RIVER, town.RIVER[:0]):
        assert one_place(nothing, 0, 0, barriers) == (town.NONE, 0, 0)
        assert len(attach(town.network(), np.empty(0), np.empty(0), barriers).edge) == 0
    x, y = place(nothing, attach(nothing, np.zeros(1), np.zeros(1)))
    assert np.isnan([x, y]).all()


def test_the_foot_on_the_network():
    net = town.network()
    x, y = place(net, attach(net, town.X, town.Y))
    assert list(zip(x, y, strict=True)) == [(80, 0), (235, 100), (500, 150), (310, 200), (400, 400), (20, 700)]


# --- barriers ---------------------------------------------------------------------------------------------------------


def test_a_place_takes_the_nearest_edge_on_its_own_side():
    net = town.network()
    across = town.edge_between(net, (400.0, 300.0), (400.0, 400.0))
    assert one_place(net, 335, 400) == (across, 100_000, 65_000)
    edge, _, offset = one_place(net, 335, 400, town.RIVER)
    assert (float(net.x[net.u[edge]]), offset) == (200.0, 105_948)  # the first of the streets that end in (300, 300)


@pytest.mark.parametrize(("y", "attached"), [(546.9, True), (547.0, False)])
def test_no_edge_within_250_m_on_its_own_side_is_no_edge(y, attached):
    """From (339, y) to (300, 300): 249.962 m and 250.060 m. The streets across the river are nearer."""
    edge, along, offset = one_place(town.network(), 339, y, town.RIVER)
    assert (edge >= 0) == attached
    assert attached or (along, offset) == (0, 0)


def test_a_place_that_touches_the_bank_from_its_own_side_has_not_crossed():
    net = town.network()
    assert one_place(net, 340, 150, town.RIVER) == one_place(net, 340, 150)


def test_crossing_is_more_than_touching():
    river = shapely.STRtree(town.geometries(box(0, 0, 10, 10), LineString([(20, 0), (20, 10)])))
    ways = [
        ((-5, 5, 15, 5), True),  # through
        ((-5, 5, 5, 5), True),  # into
        ((-5, 5, 0, 5), False),  # up to the bank
        ((-5, 0, 15, 0), False),  # along the bank
        ((-5, -5, -5, 15), False),  # beside it
        ((18, 5, 22, 5), True),  # through a line
        ((18, 5, 20, 5), False),  # up to a line
    ]
    columns = np.array([way for way, _ in ways], dtype=float).T
    assert crosses(between(*columns), river).tolist() == [wet for _, wet in ways]


# --- random -----------------------------------------------------------------------------------------------------------


@given(seed=seeds, spread=st.sampled_from([1.0, 3.0, 50.0, 2_000.0]))
@unhurried
def test_equals_the_slow_reference(seed, spread):
    """`spread` takes places far out of the town: within the grid of squares, at its border, and beyond it."""
    one = town.random_town(seed)
    net, edges = one.net, town.edges(one.net)
    middle = one.cell.mean(axis=0)
    at = np.round(middle + (one.cell - middle) * spread, 3)
    want = [reference.attach(edges, x, y) for x, y in at.tolist()]
    got = town.stops(attach(net, *at.T))
    for (edge, along, offset), (edge_, along_, offset_) in zip(got, want, strict=True):
        assert (edge, offset) == (edge_, offset_)
        assert abs(along - along_) <= 1  # a half of a millimetre may fall to either side


@given(seed=seeds)
@unhurried
def test_offsets_are_distances_and_feet_lie_on_the_edge(seed):
    one = town.random_town(seed)
    net, found = one.net, one.cells
    points = shapely.points(one.cell)
    away = shapely.distance(points[:, None], net.segments[None, :]).min(axis=1)
    assert (np.abs(found.offset_mm - away * 1000) <= 1).all()
    assert (found.along_mm >= 0).all()
    assert (found.along_mm <= net.length_mm[found.edge]).all()
    x, y = place(net, found)
    assert (shapely.distance(shapely.points(x, y), net.segments[found.edge]) < 0.001).all()


@given(seed=seeds)
@unhurried
def test_places_do_not_depend_on_each_other(seed):
    one = town.random_town(seed)
    together = town.stops(one.cells)
    assert [one_place(one.net, x, y) for x, y in one.cell] == together


@given(seed=seeds)
@unhurried
def test_with_barriers_no_way_to_the_network_crosses_one(seed):
    one = town.random_town(seed)
    rng = np.random.default_rng(seed)
    low = one.cell.min(axis=0)
    river = town.geometries(*(box(x, y, x + 8, y + 200) for x, y in low + rng.uniform(-50, 400, (3, 2))))
    net, tree = one.net, shapely.STRtree(river)
    free, found = one.cells, attach(net, *one.cell.T, river)
    x, y = place(net, found)
    ok = found.edge >= 0
    away = ok & (found.offset_mm > 0)  # a place on the network has no way to it
    assert not crosses(between(*one.cell[away].T, x[away], y[away]), tree).any()
    assert (found.offset_mm[ok] >= free.offset_mm[ok]).all()
    dry = ~crosses(between(*one.cell.T, *place(net, free)), tree) | (free.offset_mm == 0)
    assert np.array_equal(found.edge[dry], free.edge[dry])
