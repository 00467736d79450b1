"""Networks of lines: what joins, what is an edge, and how long it is."""

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
import town
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis.errors import ContractError
from sanchoi.gis.network import components, from_lines, morton
from shapely.geometry import LineString, MultiLineString, Point

seeds = st.integers(0, 2**32 - 1)
FIELDS = ("x", "y", "u", "v", "length_mm", "bridge")


def net_of(*paths, bridge=None):
    return from_lines(town.geometries(*(LineString(path) for path in paths)), bridge)


def test_the_town_by_hand():
    whole, walkable = town.whole(), town.network()
    assert len(whole.x) == 16 + 12 + 1 + 2
    assert len(whole.u) == 24 + 17 + 1 + 1 + 2  # west, east, to (400, 400), island, over the river
    assert (whole.length_mm == 100_000).all()
    assert whole.bridge.sum() == 1
    assert len(walkable.u) == len(whole.u) + 1  # of the way that is cut, a stretch stays on either bank
    assert sorted(walkable.length_mm.tolist())[:3] == [40_000, 40_000, 100_000]
    assert len(np.unique(components(walkable))) == 2


def test_every_vertex_is_a_node_and_lines_join_only_where_they_share_one():
    cross = net_of([(0, 0), (10, 10)], [(0, 10), (10, 0)])
    assert (len(cross.x), len(cross.u), len(np.unique(components(cross)))) == (4, 2, 2)
    joined = net_of([(0, 0), (5, 5), (10, 10)], [(0, 10), (5, 5), (10, 0)])
    assert (len(joined.x), len(joined.u), len(np.unique(components(joined)))) == (5, 4, 1)


@pytest.mark.parametrize(("gap_m", "pieces"), [(0.0004, 1), (0.0006, 2), (0.001, 2)])
def test_vertices_are_the_same_to_the_millimetre(gap_m, pieces):
    net = net_of([(0, 0), (10, 0)], [(10 + gap_m, 0), (20, 0)])
    assert len(np.unique(components(net))) == pieces


def test_lengths_are_whole_millimetres():
    net = net_of([(0, 0), (1, 1)], [(0, 0), (0, 300.0004)])
    assert sorted(net.length_mm.tolist()) == [1414, 300_000]
    assert net.length_mm.dtype == np.int32


def test_segments_without_length_are_left_out():
    net = net_of([(0, 0), (0, 0), (10, 0), (10.0004, 0)])
    assert net.length_mm.tolist() == [10_000]


def test_of_two_segments_between_the_same_nodes_one_stays_a_bridge_if_either_is():
    one_way = [(0, 0), (10, 0)]
    for bridge in ([True, False], [False, True]):
        net = net_of(one_way, one_way[::-1], bridge=np.array(bridge))
        assert (net.length_mm.tolist(), net.bridge.tolist()) == ([10_000], [True])
    assert net_of(one_way, one_way).bridge.tolist() == [False]


def test_the_bridge_column_of_a_frame_is_read():
    paths = [LineString([(0, 0), (1, 0)]), LineString([(1, 0), (2, 0)])]
    frame = gpd.GeoDataFrame({"bridge": [False, True]}, geometry=paths, crs="EPSG:5899")
    assert from_lines(frame).bridge.tolist() == [False, True]
    assert from_lines(frame[["geometry"]]).bridge.tolist() == [False, False]


@pytest.mark.parametrize("wrong", [MultiLineString([[(0, 0), (1, 1)]]), Point(0, 0), None, Point()])
def test_what_is_no_line_is_refused_with_its_row(wrong):
    with pytest.raises(ContractError, match="row 1"):
        from_lines(town.geometries(LineString([(0, 0), (1, 1)]), wrong))


def test_an_empty_network_is_a_network():
    for lines in (town.geometries(), gpd.GeoDataFrame(geometry=[], crs="EPSG:5899"), town.geometries(LineString())):
        net = from_lines(lines)
        assert [len(getattr(net, field)) for field in FIELDS] == [0] * 6
        assert len(net.segments) == 0
        assert net.graph.indptr.tolist() == [0]
        assert len(components(net)) == 0


def test_the_graph_holds_every_edge_from_both_ends():
    net = town.whole()
    graph = net.graph
    assert np.array_equal(graph.order[graph.rank], np.arange(len(net.x)))
    got = {
        (int(graph.order[k]), int(graph.order[other]), int(mm))
        for k in range(len(net.x))
        for other, mm in zip(
            graph.indices[graph.indptr[k] : graph.indptr[k + 1]],
            graph.weights[graph.indptr[k] : graph.indptr[k + 1]],
            strict=True,
        )
    }
    rows = [(u, v, mm) for u, v, mm, *_ in town.edges(net)]
    assert got == {*rows, *((v, u, mm) for u, v, mm in rows)}


def test_z_order_of_the_corners_of_a_square():
    key = morton(np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert np.argsort(key).tolist() == [0, 1, 2, 3]
    assert key[3] == 2**32 - 1
    assert morton(np.zeros(2), np.zeros(2)).tolist() == [0, 0]


@given(seed=seeds)
def test_a_network_does_not_depend_on_the_order_or_direction_of_its_lines(seed):
    one = town.random_town(seed)
    rng = np.random.default_rng(seed)
    bridge = rng.random(len(one.ways)) < 0.3
    order = rng.permutation(len(one.ways))
    turned = town.geometries(*(way.reverse() if rng.random() < 0.5 else way for way in one.ways[order]))
    want, got = from_lines(one.ways, bridge), from_lines(turned, bridge[order])
    for field in FIELDS:
        assert np.array_equal(getattr(want, field), getattr(got, field)), field


@given(seed=seeds)
def test_edges_are_the_segments_of_the_lines(seed):
    one = town.random_town(seed)
    net = one.net
    want = set()
    for way in one.ways:
        at = shapely.get_coordinates(way).tolist()
        want |= {frozenset(map(tuple, pair)) for pair in itertools.pairwise(at)}
    got = [frozenset([(ax, ay), (bx, by)]) for *_, ax, ay, bx, by in town.edges(net)]
    assert len(got) == len(set(got))
    assert set(got) == want
    assert (np.abs(shapely.length(net.segments) * 1000 - net.length_mm) <= 0.5 + 1e-6).all()
    assert (net.u < net.v).all()
