"""Walks on the town of `town.py`, and on random small towns against the slow reference."""

import numpy as np
import pytest
import reference
import town
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis import kernels
from sanchoi.gis.access_points import doors
from sanchoi.gis.network import from_lines
from sanchoi.gis.reach import nearest_places, on_one_side, shorter, straight, straight_to, walking
from shapely.geometry import LineString, Point, box

seeds = st.integers(0, 2**32 - 1)
unhurried = settings(deadline=None)  # the first call compiles the kernels
FAR_M = 1e5


def in_town(limit_m, x=town.X, y=town.Y, sites=town.SITES, **options):
    options = {"barriers": town.RIVER, "gates": town.GATES} | options
    return walking(town.network(), np.asarray(x, float), np.asarray(y, float), sites, limit_m, **options)


def table(reach, n_cells, n_sites):
    """Cells × sites, inf where there is no pair."""
    out = np.full((n_cells, n_sites), np.inf)
    out[reach.cell, reach.site] = reach.walk_m
    return out


def walks_in(one, net=None, limit_m=FAR_M, **options):
    return walking(net or one.net, one.cell[:, 0], one.cell[:, 1], one.sites, limit_m, **options)


def dense(one, net=None):
    return table(walks_in(one, net), len(one.cell), len(one.sites))


# --- the town by hand -------------------------------------------------------------------------------------------------


def test_every_walk_of_the_town_by_hand():
    got = table(in_town(FAR_M), len(town.X), len(town.SITES))
    for name, row in zip(town.NAMES, got.round(3), strict=True):
        assert tuple(row) == town.WALKS[name], name


def test_the_nearest_play_area_by_hand_however_far():
    got = in_town(10.0)
    assert got.nearest_m.tolist() == [45.0, 200.0, 0.0, 275.0, 465.948, 45.0]
    assert got.nearest_site.tolist() == [town.SWING, town.GREEN, town.PARK, town.GREEN, town.GREEN, town.YARD]
    assert got.offset_m.tolist() == [5.0, 5.0, 45.0, 10.0, 105.948, 5.0]


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


@pytest.mark.parametrize("limit_m", [44.999, 45.0, 45.001])
def test_the_limit_holds_on_the_same_edge_too(limit_m):
    got = in_town(limit_m, [80.0], [5.0], town.SITES[:1])
    assert got.walk_m.tolist() == ([45.0] if limit_m >= 45 else [])


def test_a_cell_on_the_same_edge_does_not_walk_round_by_its_ends():
    """From x = 80 to the swing at x = 50: 30 m along the street, not 50 + 80 or 20 + 50."""
    assert in_town(100.0, [80.0], [0.0], town.SITES[:1]).walk_m.tolist() == [40.0]


def test_a_way_round_can_be_shorter_than_the_very_edge():
    """A long street from (0, 0) to (100, 0) by a detour of vertices is no edge: the shorter street between its ends counts."""
    ways = town.geometries(LineString([(0, 0), (0, 200), (100, 200), (100, 0)]), LineString([(0, 0), (100, 0)]))
    got = walking(from_lines(ways), np.array([0.0]), np.array([10.0]), town.geometries(Point(100, 10)), 500.0)
    assert got.walk_m.tolist() == [120.0]


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
    got = in_town(FAR_M, sites=town.SITES[:3])
    isle = town.NAMES.index("isle")
    assert got.nearest_m[isle] == np.inf
    assert got.nearest_site[isle] == town.NONE
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
    with_river = in_town(FAR_M, [335.0], [400.0], town.SITES[2:3])
    without = in_town(FAR_M, [335.0], [400.0], town.SITES[2:3], barriers=None)
    assert with_river.walk_m[0] == pytest.approx(675.948)
    assert without.walk_m[0] == pytest.approx(65 + 250 + 20)  # straight over the water to (400, 400)


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
    got = walks_in(one, limit_m=limit_mm / 1000, workers=1)
    found = zip(got.cell.tolist(), got.site.tolist(), np.rint(got.walk_m * 1000).astype(int).tolist(), strict=True)
    assert [((i, j), mm) for i, j, mm in found] == sorted(reference.pairs(want, limit_mm).items())
    least = [m if m == np.inf else round(m * 1000) for m in got.nearest_m]
    assert list(zip(least, got.nearest_site.tolist(), strict=True)) == reference.nearest(want)


@given(seed=seeds, step_mm=st.sampled_from([1, 1_000, 7_777, 50_000, 400_000, 2**31 - 2]))
@unhurried
def test_nearest_places_are_the_same_however_the_search_widens(seed, step_mm):
    rng = np.random.default_rng(seed)
    net = town.random_town(seed).net
    n = int(rng.integers(1, 6))
    place, start, site = (rng.integers(0, top, n) for top in (len(net.x), 200_000, 4))
    mm, label = nearest_places(net, place, start, site, step_mm)
    rows = [(net.graph.rank[u], net.graph.rank[v], length, *rest) for u, v, length, *rest in town.edges(net)]
    seeds_at = [(int(m), int(s), int(p)) for p, m, s in zip(place, start, site, strict=True)]
    best = {}
    for m, s, p in seeds_at:  # one seed at a time, relaxed until nothing changes
        reached = {p: m}
        changed = True
        while changed:
            changed = False
            for u, v, length, *_ in rows:
                for a, b in ((u, v), (v, u)):
                    if a in reached and reached[a] + length < reached.get(b, np.inf):
                        reached[b] = reached[a] + length
                        changed = True
        for q, far in reached.items():
            best[q] = min(best.get(q, (far, s)), (far, s))
    want = [best.get(q, (int(kernels.FAR), int(kernels.FAR))) for q in range(len(net.x))]
    assert list(zip(mm.tolist(), label.tolist(), strict=True)) == want


def test_of_equally_near_play_areas_the_first_is_named():
    """Four swings, each 100 m from the cell in the middle of a cross."""
    ways = town.geometries(LineString([(-100, 0), (0, 0), (100, 0)]), LineString([(0, -100), (0, 0), (0, 100)]))
    around = [(0, 100), (100, 0), (-100, 0), (0, -100)]
    for turn in range(4):
        sites = town.geometries(*(Point(xy) for xy in around[turn:] + around[:turn]))
        assert walking(from_lines(ways), np.zeros(1), np.zeros(1), sites, 1.0).nearest_site.tolist() == [0]
