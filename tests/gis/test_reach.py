"""Walks on the town of `town.py`, and on random small towns against the slow reference."""

import numpy as np
import pytest
import reference
import scipy.sparse.csgraph
import shapely
import town
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.access_points import doors
from sanchoi.gis.catchments import LONGEST, NOWHERE, nearest_places
from sanchoi.gis.network import Network, from_lines
from sanchoi.gis.reach import on_one_side, shorter, straight, straight_to, walking
from shapely.geometry import LineString, Point, box

seeds = st.integers(0, 2**32 - 1)
unhurried = settings(deadline=None)  # the first call compiles the kernels


def in_town(limit_m, x=town.X, y=town.Y, sites=town.SITES, **options):
    options = {"barriers": town.RIVER, "gates": town.GATES} | options
    return walking(town.network(), np.asarray(x, float), np.asarray(y, float), sites, limit_m, **options)


# --- the town by hand -------------------------------------------------------------------------------------------------


def test_every_walk_of_the_town_by_hand():
    got = town.table(in_town(town.FAR_M), len(town.X), len(town.SITES))
    for name, row in zip(town.NAMES, got.round(3), strict=True):
        assert tuple(row) == town.WALKS[name], name


def test_the_nearest_play_area_by_hand_however_far():
    got = in_town(10.0)
    assert got.nearest_m.tolist() == [45.0, 200.0, 0.0, 275.0, 465.948, 45.0]
    assert got.nearest_site.tolist() == [town.SWING, town.GREEN, town.PARK, town.GREEN, town.GREEN, town.YARD]
    assert got.offset_m.tolist() == [5.0, 5.0, 45.0, 5.0, 105.948, 5.0]


@pytest.mark.parametrize(
    ("x", "limit_m", "inside"),
    [
        (235.0, 300.0, True),  # exactly 300.000 m from SWING
        (234.999, 300.0, True),
        (235.001, 300.0, False),  # 300.001 m
        (235.001, 300.001, True),
        (235.0, 299.999, False),
    ],
)
def test_a_limit_is_crisp_to_the_millimetre(x, limit_m, inside):
    got = in_town(limit_m, [x], [105.0], town.SITES[:1])
    assert (len(got.cell) == 1) == inside
    assert got.nearest_m[0] == pytest.approx(300 + x - 235, abs=1e-9)  # whatever the limit


@pytest.mark.parametrize(("x", "y", "swing", "walk_m"), [(80, 5, 50, 45.0), (100, 0, 250, 160.0)])
def test_the_limit_holds_on_the_very_edge_and_at_a_corner_too(x, y, swing, walk_m):
    """80 → 50 is on one edge: 5 + 30 + 10. From 250 it is 10 + 50 to the corner (200, 0) and 100 to the cell's."""
    for limit_m in (walk_m - 0.001, walk_m, walk_m + 0.001):
        got = in_town(limit_m, [x], [y], town.geometries(Point(swing, 10)))
        assert got.walk_m.tolist() == ([walk_m] if limit_m >= walk_m else [])


def test_a_cell_on_the_same_edge_does_not_walk_round_by_its_ends():
    """From x = 80 to the swing at x = 50: 30 m along the street, not 50 + 80 or 20 + 50."""
    assert in_town(100.0, [80.0], [0.0], town.SITES[:1]).walk_m.tolist() == [40.0]


def test_a_cell_inside_a_polygon_or_on_its_outline_is_there():
    got = in_town(0.0, [450.0, 480.0, 480.001], [150.0] * 3)
    assert (got.cell.tolist(), got.site.tolist(), got.walk_m.tolist()) == ([0, 1], [town.PARK] * 2, [0.0, 0.0])
    assert got.nearest_m.tolist() == [0.0, 0.0, pytest.approx(39.999)]


def test_a_cell_inside_a_polygon_is_there_even_without_a_network():
    nothing = from_lines(town.geometries())
    got = walking(nothing, np.array([450.0, 0.0]), np.array([150.0, 0.0]), town.SITES, 100.0)
    assert (got.cell.tolist(), got.site.tolist()) == ([0], [town.PARK])
    assert got.nearest_m.tolist() == [0.0, np.inf]
    assert got.nearest_site.tolist() == [town.PARK, town.NONE]
    assert got.offset_m.tolist() == [np.inf, np.inf]


def test_streets_that_join_no_others_lead_nowhere():
    got = in_town(town.FAR_M, sites=town.SITES[:3])
    isle = town.NAMES.index("isle")
    assert (got.nearest_m[isle], got.nearest_site[isle]) == (np.inf, town.NONE)
    assert isle not in got.cell
    assert got.offset_m[isle] == 5.0  # it is attached


@pytest.mark.parametrize("missing", ["cells", "sites", "network"])
def test_nothing_in_nothing_out(missing):
    net = from_lines(town.geometries()) if missing == "network" else town.network()
    x = town.X[:0] if missing == "cells" else town.X[:1]
    sites = town.SITES[:0] if missing == "sites" else town.SITES[:1]
    for barriers in (None, town.RIVER):
        got = walking(net, x, x, sites, 300.0, barriers=barriers, gates=town.GATES)
        assert len(got.cell) == len(got.site) == len(got.walk_m) == 0
        assert np.isinf(got.nearest_m).all()
        assert (got.nearest_site == town.NONE).all()
        assert len(got.nearest_m) == len(got.offset_m) == len(x)


def test_the_river_is_not_crossed_on_the_way_to_the_street():
    for barriers, walk_m in ((town.RIVER, 675.948), (None, 65 + 250 + 20)):  # without: over the water to (400, 400)
        assert in_town(town.FAR_M, [335.0], [400.0], town.SITES[2:3], barriers=barriers).walk_m.tolist() == [walk_m]


# --- against the slow reference ---------------------------------------------------------------------------------------


def slow(one):
    net, entered = one.net, doors(one.net, one.sites)
    stops, owner = town.stops(entered), entered.site.tolist()
    per_site = [[s for s, j in zip(stops, owner, strict=True) if j == k] for k in range(len(one.sites))]
    edges = town.edges(net)
    out = reference.walks(edges, [reference.attach(edges, x, y) for x, y in one.cell.tolist()], per_site)
    there = (town.straight_m(one.cell, one.sites) == 0) & np.array([s.area > 0 for s in one.sites])
    return np.where(there, 0, out).tolist()


@given(seed=seeds, limit_mm=st.sampled_from([0, 1, 50_000, 99_999, 150_000, 333_333, 10**8]))
@unhurried
def test_equals_the_slow_reference(seed, limit_mm):
    one = town.random_town(seed)
    want = slow(one)
    got = town.walks(one, limit_m=limit_mm / 1000, workers=1)
    found = zip(got.cell.tolist(), got.site.tolist(), np.rint(got.walk_m * 1000).astype(int).tolist(), strict=True)
    assert [((i, j), mm) for i, j, mm in found] == sorted(reference.pairs(want, limit_mm).items())
    least = [m if m == np.inf else round(m * 1000) for m in got.nearest_m]
    assert list(zip(least, got.nearest_site.tolist(), strict=True)) == reference.nearest(want)


@pytest.mark.parametrize("workers", [1, 3, 4])
@pytest.mark.parametrize("limit_mm", [LONGEST, 2_000_000])
def test_many_tiles_and_threads_equal_scipy(workers, limit_mm):
    """A lattice of 200 × 150 with jitter and gaps: 30,000 nodes are four tiles; 90 sites, some of them at the same place."""
    rng = np.random.default_rng(7)
    x, y = (each.ravel() * 60.0 + rng.uniform(-20, 20, 30_000) for each in np.meshgrid(np.arange(200), np.arange(150)))
    node = np.arange(30_000).reshape(150, 200)
    pairs = np.concatenate(
        [np.stack([node[:, :-1], node[:, 1:]], -1).reshape(-1, 2), np.stack([node[:-1], node[1:]], -1).reshape(-1, 2)]
    )
    u, v = pairs[rng.random(len(pairs)) > 0.35].T.astype(np.int32)
    mm = np.rint(np.hypot(x[u] - x[v], y[u] - y[v]) * 1000).astype(np.int32)
    net = Network(x, y, u, v, mm, np.zeros(len(u), bool))
    at = rng.integers(0, 30_000, 90)
    at[:5] = at[5:10]
    key = nearest_places(
        net, net.graph.rank[at].astype(np.int64), np.zeros(90, np.int64), np.arange(90), limit_mm, workers=workers
    )
    key = key[net.graph.rank]
    graph = scipy.sparse.coo_array((mm.astype(float), (u, v)), shape=(30_000, 30_000)).tocsr()
    away = scipy.sparse.csgraph.dijkstra(graph, directed=False, indices=at)
    away[away > limit_mm] = np.inf
    least = away.min(axis=0)
    assert np.array_equal(np.where(key == NOWHERE, np.inf, key >> 32), least)
    assert np.isinf(least).any()
    first = np.where(np.isinf(least), -1, away.argmin(axis=0))  # of equally near sites the first
    assert np.array_equal(np.where(key == NOWHERE, -1, key & 0xFFFFFFFF), first)


@given(seed=seeds, limit_mm=st.sampled_from([1, 1_000, 7_777, 50_000, 400_000, LONGEST]), workers=st.integers(1, 3))
@unhurried
def test_nearest_places_are_the_same_for_any_number_of_threads(seed, limit_mm, workers):
    rng = np.random.default_rng(seed)
    net = town.random_town(seed).net
    n = int(rng.integers(1, 6))
    at, start, site = (rng.integers(0, top, n) for top in (len(net.x), 5, 4))
    start *= int(rng.choice([50_000, 31_417]))  # the first makes ties
    key = nearest_places(net, at, start, site, limit_mm, workers=workers).tolist()
    rank = net.graph.rank
    rows = [(int(rank[u]), int(rank[v]), length) for u, v, length, *_ in town.edges(net)]
    best = reference.nearest_seeds(rows, list(zip(at.tolist(), start.tolist(), site.tolist(), strict=True)))
    inside = {node: mm << 32 | label for node, (mm, label) in best.items() if mm <= limit_mm}
    assert key == [inside.get(node, NOWHERE) for node in range(len(net.x))]


def test_of_equally_near_play_areas_the_first_is_named():
    """Four swings, each 100 m from the cell in the middle of a cross."""
    arm = [-100, -50, 0, 50, 100]
    ways = town.geometries(LineString([(k, 0) for k in arm]), LineString([(0, k) for k in arm]))
    around = [(0, 100), (100, 0), (-100, 0), (0, -100)]
    for turn in range(4):
        sites = town.geometries(*(Point(xy) for xy in around[turn:] + around[:turn]))
        assert walking(from_lines(ways), np.zeros(1), np.zeros(1), sites, 1.0).nearest_site.tolist() == [0]


# --- what must not change ---------------------------------------------------------------------------------------------


@given(seed=seeds)
@unhurried
def test_the_order_of_lines_cells_and_play_areas_does_not_matter(seed):
    one = town.random_town(seed)
    rng = np.random.default_rng(seed)
    want, nearest = town.dense(one), town.walks(one).nearest_m
    ways, cell, site = (rng.permutation(len(rows)) for rows in (one.ways, one.cell, one.sites))
    turned = [way.reverse() if rng.random() < 0.5 else way for way in one.ways[ways]]
    other = town.Random(town.geometries(*turned), one.cell[cell], one.sites[site])
    assert np.array_equal(town.dense(other), want[np.ix_(cell, site)])
    assert np.array_equal(town.walks(other).nearest_m, nearest[cell])


@given(seed=seeds)
@unhurried
def test_splitting_a_street_changes_nothing_beyond_a_millimetre(seed):
    one = town.random_town(seed, points_only=True, regular=False)
    net = one.net
    cut_at = int(np.random.default_rng(seed).integers(len(net.u)))
    ends = [np.array([net.x[k], net.y[k]]) for k in (net.u[cut_at], net.v[cut_at])]
    middle = np.round((ends[0] + ends[1]) / 2, 3)  # on whole mm: the ends are on even ones
    segments = net.segments
    split = [LineString([ends[0], middle]), LineString([middle, ends[1]])]
    pieces = from_lines(town.geometries(*segments[:cut_at], *split, *segments[cut_at + 1 :]))
    assert len(pieces.u) == len(net.u) + 1
    places = np.vstack([one.cell, shapely.get_coordinates(one.sites)])
    feet, offset = zip(*(town.attached(street, places) for street in (net, pieces)), strict=True)
    moved = np.hypot(*(feet[1] - feet[0]).T)
    # of edges equally near to the millimetre the first is taken, so that a foot next to the middle may move to it
    assert (moved <= 0.002 + np.sqrt(2 * offset[0] * 0.001)).all()
    same = moved <= 0.002
    held = np.ix_(same[: len(one.cell)], same[len(one.cell) :])
    before, after = town.dense(one)[held], town.dense(one, pieces)[held]
    assert np.array_equal(np.isinf(before), np.isinf(after))
    ok = np.isfinite(before)
    # 1 mm for the street, and half a mm for each of the two feet, whose place on it is rounded anew
    assert (np.abs(after[ok] - before[ok]) <= 0.002 + 1e-9).all()


@given(seed=seeds)
@unhurried
def test_one_more_play_area_lengthens_no_walk(seed):
    one = town.random_town(seed)
    fewer = town.Random(one.ways, one.cell, one.sites[:-1])
    assert (town.walks(one).nearest_m <= town.walks(fewer).nearest_m).all()
    assert np.array_equal(town.dense(one)[:, :-1], town.dense(fewer))


@given(seed=seeds, limit_m=st.floats(0, 500))
@unhurried
def test_a_wider_limit_only_adds_pairs(seed, limit_m):
    one = town.random_town(seed)
    near, wide = town.walks(one, limit_m=limit_m), town.walks(one, limit_m=limit_m * 1.5)
    small, large = (dict(zip(zip(r.cell, r.site, strict=True), r.walk_m, strict=True)) for r in (near, wide))
    assert small.items() <= large.items()
    assert all(walk <= limit_m + 1e-9 for walk in small.values())
    assert np.array_equal(near.nearest_m, wide.nearest_m)
    assert np.array_equal(near.nearest_site, wide.nearest_site)


@given(seed=seeds)
@settings(deadline=None, max_examples=10)
def test_one_worker_gives_what_four_give(seed):
    """300 play areas, so that there is work for four."""
    one = town.random_town(seed, n_sites=300)
    alone, together = (town.walks(one, limit_m=300.0, workers=workers) for workers in (1, 4))
    for field in ("cell", "site", "walk_m", "nearest_m", "nearest_site", "offset_m"):
        assert np.array_equal(getattr(alone, field), getattr(together, field)), field


@given(seed=seeds)
@unhurried
def test_no_walk_is_shorter_than_the_straight_line(seed):
    """Beyond half a millimetre for each length that is rounded on the way."""
    one = town.random_town(seed)
    rounding = 0.0005 * (len(one.net.u) + 3)
    assert (town.dense(one) >= town.straight_m(one.cell, one.sites) - max(rounding, 0.002)).all()


# --- the straight line ------------------------------------------------------------------------------------------------


def test_the_straight_line_by_hand():
    x, y = np.array([0.0, 0.0]), np.array([0.0, 300.001])
    sites = town.geometries(Point(300, 0), box(-10, -10, 10, 10), Point(0, 100))
    got = straight(x, y, sites, 300.0)
    assert list(zip(got.cell, got.site, got.walk_m, strict=True)) == [
        (0, 0, 300.0),
        (0, 1, 0.0),
        (0, 2, 100.0),
        (1, 1, pytest.approx(290.001)),
        (1, 2, pytest.approx(200.001)),
    ]
    assert got.nearest_m.tolist() == [0.0, pytest.approx(200.001)]
    assert got.nearest_site.tolist() == [1, 2]
    assert got.offset_m.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("distance_m", "inside"), [(199.999, True), (200.0, True), (200.001, False)])
def test_the_detour_stretches_the_straight_line(distance_m, inside):
    got = straight(np.zeros(1), np.zeros(1), town.geometries(Point(distance_m, 0)), 300.0, detour=1.5)
    assert got.walk_m.tolist() == ([pytest.approx(distance_m * 1.5)] if inside else [])
    assert got.nearest_m[0] == pytest.approx(distance_m * 1.5)


def test_the_straight_line_names_the_first_of_equals_and_stands_nothing():
    sites = town.geometries(Point(0, 50), Point(50, 0), Point(0, -50))
    assert straight(np.zeros(1), np.zeros(1), sites, 10.0).nearest_site.tolist() == [0]
    empty = straight(np.zeros(1), np.zeros(1), sites[:0], 10.0)
    assert (empty.nearest_m.tolist(), empty.nearest_site.tolist()) == ([np.inf], [-1])
    assert len(straight(np.zeros(0), np.zeros(0), sites, 10.0).nearest_m) == 0


def test_straight_to_each_cells_own_play_area():
    got = straight_to(town.X[:3], town.Y[:3], town.SITES, np.array([town.SWING, town.GREEN, town.PARK]))
    assert got.tolist() == [pytest.approx(np.hypot(30, 5)), 45.0, 0.0]


def test_a_straight_line_over_the_river_is_no_dry_one():
    x, y = np.array([310.0, 370.0]), np.array([205.0, 150.0])
    sites = town.SITES[[town.GREEN, town.PARK]]
    dry = on_one_side(straight(x, y, sites, town.FAR_M), x, y, sites, town.RIVER)
    assert list(zip(dry.cell.tolist(), dry.site.tolist(), strict=True)) == [(0, 0), (1, 1)]
    assert dry.nearest_m.tolist() == [pytest.approx(np.hypot(30, 145)), 50.0]
    assert dry.nearest_site.tolist() == [0, 1]


def test_of_two_ways_the_shorter_pair_by_pair():
    one, two = in_town(town.FAR_M), straight(town.X, town.Y, town.SITES, town.FAR_M)
    got = shorter(one, two)
    least, *both = (town.table(way, len(town.X), len(town.SITES)) for way in (got, one, two))
    assert np.array_equal(least, np.minimum(*both))
    assert np.array_equal(got.nearest_m, least.min(axis=1))
    assert np.array_equal(got.nearest_site, least.argmin(axis=1))
