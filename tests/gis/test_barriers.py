"""Barriers cut ways; opened, they lengthen none."""

import numpy as np
import pytest
import reference
import shapely
import town
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.attach import attach
from sanchoi.gis.barriers import cut, opened
from sanchoi.gis.network import components, from_lines
from sanchoi.gis.reach import walking
from shapely.geometry import LineString, MultiPolygon, box

seeds = st.integers(0, 2**32 - 1)
unhurried = settings(deadline=None)  # the first call compiles the kernels
RIVER = box(40, -100, 60, 100)


def street(*path, bridge=False):
    return from_lines(town.geometries(LineString(path)), np.array([bridge]))


def stretches(net):
    """From x to x of every edge, sorted."""
    return sorted(tuple(sorted((round(ax, 4), round(bx, 4)))) for *_, ax, _, bx, _ in town.edges(net))


def table(net):
    """Least mm between all nodes; inf = no way."""
    n = len(net.x)
    rows = [(u, v, mm) for u, v, mm, *_ in town.edges(net)]
    out = np.full((n, n), np.inf)
    for start in range(n):
        for node, (mm, _) in reference.nearest_seeds(rows, [(start, 0, 0)]).items():
            out[start, node] = mm
    return out


# --- cut --------------------------------------------------------------------------------------------------------------


def test_the_town_by_hand():
    found = cut(town.whole(), town.RIVER)
    way = found.whole
    assert (len(found.whole.x), len(found.severed.x)) == (33, 33)  # two nodes more, on the banks
    assert found.whole.length_mm.sum() == town.whole().length_mm.sum()
    assert found.whole.length_mm.sum() - found.severed.length_mm.sum() == 20_000
    assert town.edge_between(way, (340.0, 200.0), (360.0, 200.0)) >= 0
    assert town.edge_between(found.severed, (340.0, 200.0), (360.0, 200.0)) == town.NONE
    assert town.edge_between(found.severed, (300.0, 200.0), (340.0, 200.0)) >= 0
    assert found.severed.bridge.sum() == 1
    assert town.edge_between(found.severed, (300.0, 0.0), (400.0, 0.0)) >= 0  # the bridge


def test_what_lies_on_either_side_of_the_barrier_stays():
    found = cut(street((0, 0), (100, 0)), town.geometries(RIVER))
    assert stretches(found.whole) == [(0, 40), (40, 60), (60, 100)]
    assert stretches(found.severed) == [(0, 40), (60, 100)]
    assert sorted(found.severed.length_mm.tolist()) == [40_000, 40_000]


@pytest.mark.parametrize(
    ("path", "left_mm"),
    [
        ([(0, 0), (40, 0)], 40_000),  # up to the bank
        ([(40, -50), (40, 50)], 100_000),  # along the bank
        ([(0, -100), (100, -100)], 100_000),  # along its foot
        ([(0, 0), (40.5, 0)], 40_000),  # half a metre in
        ([(45, 0), (55, 0)], 0),  # within
        ([(0, 0), (50, 0)], 40_000),  # ends within
        ([(0, 200), (100, 200)], 100_000),  # beside it
    ],
)
def test_only_what_lies_in_the_barrier_goes(path, left_mm):
    found = cut(street(*path), town.geometries(RIVER))
    assert found.severed.length_mm.sum() == left_mm
    assert abs(int(found.whole.length_mm.sum()) - round(LineString(path).length * 1000)) <= 1


def test_a_bridge_is_not_cut_and_stays_a_bridge():
    found = cut(street((0, 0), (100, 0), bridge=True), town.geometries(RIVER))
    for net in (found.whole, found.severed):
        assert (stretches(net), net.bridge.tolist()) == ([(0, 100)], [True])


@pytest.mark.parametrize(
    "barriers",
    [
        [RIVER, box(70, -9, 80, 9)],
        [MultiPolygon([RIVER, box(70, -9, 80, 9)])],
        [RIVER, box(50, -9, 60, 9), box(70, -9, 80, 9)],  # they overlap
        [box(40, -9, 50, 9), box(50, -9, 60, 9), box(70, -9, 80, 9)],  # they share a side
    ],
)
def test_several_barriers_on_one_way(barriers):
    assert stretches(cut(street((0, 0), (100, 0)), town.geometries(*barriers)).severed) == [
        (0, 40),
        (60, 70),
        (80, 100),
    ]


def test_a_line_is_a_barrier_of_a_centimetre():
    line = town.geometries(LineString([(50, -10), (50, 10)]))
    assert stretches(cut(street((0, 0), (100, 0)), line).severed) == [(0, 49.995), (50.005, 100)]
    assert stretches(cut(street((0, 0), (50, 0)), line).severed) == [(0, 50)]  # it ends there
    crossing = cut(street((0, 0), (50, 0), (100, 0)), line)  # a vertex on the line: a level crossing
    assert stretches(crossing.severed) == [(0, 50), (50, 100)]


@pytest.mark.parametrize(
    "barriers",
    [
        [
            LineString([(50, -50), (50, 0)]),
            LineString([(50, 0), (50, 50)]),
        ],  # a river drawn in two, joined on the street
        [box(40, -50, 60, 0), box(40, 0, 60, 50)],  # its surface in two, joined along the street
    ],
)
def test_a_barrier_in_pieces_cuts_as_one(barriers):
    assert len(cut(street((0, 0), (100, 0)), town.geometries(*barriers)).severed.u) == 2


def test_no_barrier_no_change():
    for barriers in (town.RIVER[:0], town.geometries(box(900, 900, 990, 990))):
        before, found = town.whole(), cut(town.whole(), barriers)
        for net in (found.whole, found.severed):
            assert town.edges(net) == town.edges(before)
    nothing = from_lines(town.geometries())
    assert len(cut(nothing, town.RIVER).severed.u) == 0
    assert len(opened(cut(nothing, town.RIVER), town.RIVER).u) == 0


def river_of(one, seed):
    rng = np.random.default_rng(seed)
    west, south = shapely.total_bounds(one.ways)[:2]
    corner = rng.uniform((0, -50, 1), (400, 300, 40), (3, 3))
    return town.geometries(*(box(west + x, south + y, west + x + wide, south + y + 300) for x, y, wide in corner))


@given(seed=seeds)
@unhurried
def test_nothing_severed_lies_in_a_barrier_and_nothing_else_is_lost(seed):
    one = town.random_town(seed)
    river = river_of(one, seed)
    water = shapely.union_all(river)
    net, found = one.net, cut(one.net, river)
    wet = shapely.length(shapely.intersection(net.segments, water)).sum()
    slack = 0.002 * len(found.whole.u) + 0.001
    assert shapely.length(shapely.intersection(found.severed.segments, shapely.buffer(water, -0.002))).sum() == 0
    dry_m = (net.length_mm.sum() / 1000) - wet
    along_bank = shapely.length(shapely.intersection(net.segments, water.boundary)).sum()
    assert dry_m - slack <= found.severed.length_mm.sum() / 1000 <= dry_m + along_bank + slack
    assert abs(found.whole.length_mm.sum() / 1000 - net.length_mm.sum() / 1000) <= slack
    assert np.array_equal(found.whole.x, found.severed.x)
    n = len(net.x)  # cutting makes no way shorter or longer where all may pass
    assert np.allclose(table(found.whole)[:n, :n], table(net), atol=len(found.whole.u))
    assert (table(found.severed) >= table(found.whole)).all()


# --- opened -----------------------------------------------------------------------------------------------------------


def test_opened_undoes_the_cut():
    found = cut(town.whole(), town.RIVER)
    back = opened(found, town.RIVER)
    assert set(town.edges(found.whole)) <= set(town.edges(back))
    x, y = town.X[3:4], town.Y[3:4]  # "bank": 5 m, over the way that was cut, down to the west corner of PARK
    assert walking(back, x, y, town.SITES[2:3], 1e5).walk_m.tolist() == [165.0]


def test_each_bank_is_linked_to_the_other():
    """Two streets on either side of a river, without a way over it: each end is linked to the end across."""
    ways = town.geometries(LineString([(30, 0), (30, 80)]), LineString([(70, 0), (70, 80)]))
    found = cut(from_lines(ways), town.geometries(RIVER))
    assert len(np.unique(components(found.severed))) == 2
    back = opened(found, town.geometries(RIVER))
    assert len(np.unique(components(back))) == 1
    for y in (0.0, 80.0):
        edge = town.edge_between(back, (30.0, y), (70.0, y))
        assert back.length_mm[edge] == 40_000


@pytest.mark.parametrize(("away", "linked"), [(249.0, True), (251.0, False)])
def test_a_node_too_far_from_the_barrier_is_not_linked(away, linked):
    ways = town.geometries(LineString([(40 - away, 0), (40 - away, 1)]), LineString([(60 + away, 0), (60 + away, 1)]))
    found = cut(from_lines(ways), town.geometries(RIVER))
    assert (len(np.unique(components(opened(found, town.geometries(RIVER))))) == 1) == linked


@given(seed=seeds)
@unhurried
def test_opened_lengthens_no_way_and_shortens_none_below_the_straight_line(seed):
    one = town.random_town(seed)
    river = river_of(one, seed)
    found = cut(one.net, river)
    back = opened(found, river)
    assert np.array_equal(back.x, found.severed.x)
    ways = table(back)
    assert (ways <= table(found.whole)).all()
    assert (ways <= table(found.severed)).all()
    nodes = shapely.points(back.x, back.y)
    straight = shapely.distance(nodes[:, None], nodes[None, :]) * 1000
    assert (ways >= straight - len(back.u)).all()


@given(seed=seeds)
@unhurried
def test_cells_and_doors_join_the_severed_network_on_their_own_side(seed):
    one = town.random_town(seed, points_only=True)
    river = river_of(one, seed)
    net = cut(one.net, river).severed
    got = walking(net, *one.cell.T, one.sites, 1e5, barriers=river)
    off = attach(net, *one.cell.T, river).edge < 0
    assert np.isinf(got.offset_m[off]).all()
    assert np.isinf(got.nearest_m[off]).all()
