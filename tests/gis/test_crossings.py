"""Crossings: split ways, joined ends, lengths to the millimetre, on the tiny town."""

import numpy as np
import pytest
import shapely
import town
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis import crossings
from sanchoi.gis.attach import attach
from sanchoi.gis.errors import ContractError
from sanchoi.gis.network import components


def lines(*shapes):
    out = np.empty(len(shapes), dtype=object)
    out[:] = [shapely.LineString(shape) for shape in shapes]
    return out


def built(net, *shapes):
    return crossings.build(net, lines(*shapes), attach)


def named(net):
    """Edges by their ends in metres, with their mm."""
    xy = [(round(float(x), 3), round(float(y), 3)) for x, y in zip(net.x, net.y, strict=True)]
    return {tuple(sorted((xy[u], xy[v]))): int(mm) for u, v, mm in zip(net.u, net.v, net.length_mm, strict=True)}


def test_a_footbridge_between_two_streets_splits_both():
    """From 3 m short of the street x = 300 to 4 m short of x = 400, at y = 250: both streets are split there."""
    net = town.network()
    got = built(net, [(303, 250), (396, 250)])
    edges = named(got)
    assert edges[(300.0, 200.0), (300.0, 250.0)] == 50_000
    assert edges[(300.0, 250.0), (300.0, 300.0)] == 50_000
    assert edges[(400.0, 200.0), (400.0, 250.0)] == 50_000
    assert edges[(300.0, 250.0), (303.0, 250.0)] == 3_000
    assert edges[(303.0, 250.0), (396.0, 250.0)] == 93_000
    assert edges[(396.0, 250.0), (400.0, 250.0)] == 4_000
    assert len(got.u) == len(net.u) + 2 + 3
    assert int(got.length_mm.sum()) == int(net.length_mm.sum()) + 100_000
    assert got.bridge[len(net.u) :].sum() == 3


def test_nodes_and_edges_keep_their_numbers():
    net = town.network()
    got = built(net, [(303, 250), (396, 250)])
    assert (got.x[: len(net.x)] == net.x).all()
    same = got.v[: len(net.v)] == net.v
    assert (~same).sum() == 2
    assert (got.u[: len(net.u)] == net.u).all()


def test_an_end_on_a_corner_splits_nothing():
    net = town.network()
    got = built(net, [(300, 300), (400, 300)])
    assert len(got.x) == len(net.x)
    assert len(got.u) == len(net.u) + 1
    assert named(got)[(300.0, 300.0), (400.0, 300.0)] == 100_000


def test_both_ends_on_one_street():
    got = named(built(town.network(), [(510, 103), (560, 103)]))
    assert got[(500.0, 100.0), (510.0, 100.0)] == 10_000
    assert got[(510.0, 100.0), (560.0, 100.0)] == 50_000
    assert got[(560.0, 100.0), (600.0, 100.0)] == 40_000
    assert got[(510.0, 103.0), (560.0, 103.0)] == 50_000


def test_a_later_crossing_may_join_an_earlier_one():
    got = named(built(town.network(), [(300, 250), (400, 250)], [(350, 252), (350, 300)]))
    assert got[(300.0, 250.0), (350.0, 250.0)] == 50_000
    assert got[(350.0, 250.0), (350.0, 252.0)] == 2_000


@pytest.mark.parametrize(("y", "fine"), [(400.0, True), (399.999, True), (400.001, False)])
def test_an_end_farther_than_100_m_from_any_way_is_refused(y, fine):
    """The last street of the west side is y = 300."""

    def build():
        return built(town.network(), [(200, 300), (200, y)])

    if fine:
        assert len(build().u)
    else:
        with pytest.raises(ContractError, match="100 m"):
            build()


def test_an_end_joins_the_way_on_its_own_side_of_a_barrier():
    """At (337, 204) the way y = 200, which the river cuts at x = 340, is 4 m away; across the river x = 400 is farther anyway."""
    net = town.network()
    found = attach(net, np.array([337.0]), np.array([204.0]), town.RIVER)
    got = crossings.build(net, lines([(337, 204), (400, 204)]), lambda n, x, y: attach(n, x, y, town.RIVER))
    assert found.offset_mm[0] == 4000
    assert named(got)[(337.0, 200.0), (337.0, 204.0)] == 4_000


@given(st.integers(0, 10_000))
def test_no_other_walk_changes_length(seed):
    """Pieces of a split way are together as long as it was, and what hung together still does."""
    one = town.random_town(seed)
    net = one.net
    if not len(net.u):
        return
    rng = np.random.default_rng(seed)
    at = rng.integers(0, len(net.x), 2)
    ends = [(float(net.x[k]) + rng.uniform(-9, 9), float(net.y[k]) + rng.uniform(-9, 9)) for k in at]
    got = built(net, ends)
    new = int(got.length_mm[got.bridge].sum()) - int(net.length_mm[net.bridge].sum())
    assert int(got.length_mm.sum()) - new == int(net.length_mm.sum())
    before, after = components(net), components(got)[: len(net.x)]
    assert all(len(set(after[before == part].tolist())) == 1 for part in set(before[np.unique(net.u)].tolist()))


@given(st.integers(0, 10_000))
def test_the_grown_graph_is_the_graph_made_anew(seed):
    one = town.random_town(seed)
    net = one.net
    if not len(net.u):
        return
    rng = np.random.default_rng(seed)
    at = rng.integers(0, len(net.x), 2)
    got = built(net, [(float(net.x[k]) + rng.uniform(-9, 9), float(net.y[k]) + rng.uniform(-9, 9)) for k in at])

    def neighbours(graph, order):
        rank = np.argsort(order)
        return {
            int(order[k]): sorted(
                (int(order[graph.indices[e]]), int(graph.weights[e]))
                for e in range(graph.indptr[k], graph.indptr[k + 1])
            )
            for k in rank
        }

    whole = sorted(
        (int(a), int(b), int(mm))
        for u, v, mm in zip(got.u, got.v, got.length_mm, strict=True)
        for a, b in ((u, v), (v, u))
    )
    mine = sorted((a, b, mm) for a, row in neighbours(got.graph, got.graph.order).items() for b, mm in row)
    assert mine == whole
