"""Catchments: every pair of a site and a place within 1 km on foot, against scipy and pandana."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from bench_nearest import matrix, pandana_network
from provinces import Province
from sanchoi.gis import kernels
from sanchoi.gis.network import Network
from sanchoi.gis.reach import walking
from scipy.sparse.csgraph import dijkstra
from timing import Row, absent, median, once, peer

STAGE = "catchments of 1 km"
KM = 1_000_000
THREADS = min(os.cpu_count() or 1, 8)
SUBSET = 500
"""Sources that the slow peers are given; their times are scaled to all sources."""


def rows(quick: bool) -> Iterator[Row]:
    """0.2 M nodes and 50,000 sources; every node is a place, so all are asked the same."""
    province = Province(20_000 if quick else 200_000)
    network, sources = province.network, province.site_nodes(5_000 if quick else 50_000)
    size = f"{len(network.x):,} nodes, {len(sources):,} sites"
    cold, _ = once(lambda: ours(network, sources[:1], 1))
    one, _ = median(lambda: ours(network, sources, 1))
    fast, mine = median(lambda: ours(network, sources, THREADS))
    note = f"{len(mine[0]):,} pairs"
    yield Row(STAGE, "kernels.catchments", "ours, 1 thread", size, f"{THREADS}/1", fast, one, cold, None, note)
    yield against_scipy(network, sources, mine, size, one)
    yield against_pandana(network, sources, mine, size, fast)
    yield whole(province, len(sources), size)


def ours(network: Network, sources: np.ndarray, threads: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Node, number of the source and mm of every pair: the kernel with every node a cell of its own and every site at a node."""
    graph = network.graph
    n = len(graph.order)
    places = np.sort(graph.rank[sources])
    zeros, none = np.zeros(n, dtype=np.int32), np.empty(0, dtype=np.int32)
    door_of, same_of = np.arange(len(places) + 1), np.zeros(len(places) + 1, dtype=np.int64)
    doors = (door_of, places, zeros[: len(places)], same_of, none, none)
    cells = (np.arange(n + 1), graph.order, zeros)

    def search(part: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return kernels.catchments(graph.indptr, graph.indices, graph.weights, *doors, *cells, n, part, KM)

    parts = np.array_split(np.arange(len(places)), threads * 4 if threads > 1 else 1)
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(search, parts))
    node, number, mm = (np.concatenate(column) for column in zip(*found, strict=True))
    return node, graph.order[places][number], mm


def pairs(found: tuple[np.ndarray, np.ndarray, np.ndarray], only: np.ndarray) -> np.ndarray:
    """Rows (source, node, mm) of some sources, sorted."""
    node, source, mm = found
    keep = np.isin(source, only)
    order = np.lexsort((node[keep], source[keep]))
    return np.column_stack([source[keep], node[keep], mm[keep]])[order].astype(np.int64)


def against_scipy(network: Network, sources: np.ndarray, mine: tuple, size: str, fast: float) -> Row:
    """Scipy answers with a full row of all nodes per source, so it is asked in blocks of 50."""
    some = np.random.default_rng(1).choice(sources, min(SUBSET, len(sources)), replace=False)
    lengths = matrix(network)

    def all_blocks() -> np.ndarray:
        found = []
        for first in range(0, len(some), 50):
            block = some[first : first + 50]
            dist = dijkstra(lengths, indices=block, limit=float(KM))
            at, node = np.nonzero(np.isfinite(dist))
            found.append(np.column_stack([block[at], node, dist[at, node]]))
        return np.concatenate(found).astype(np.int64)

    slow, theirs = median(all_blocks, repeat=3)
    theirs = theirs[np.lexsort((theirs[:, 1], theirs[:, 0]))]
    same = bool(np.array_equal(pairs(mine, some), theirs))
    note = f"scipy: {len(some)} sources, × {len(sources) / len(some):g}"
    return Row(
        STAGE,
        "kernels.catchments",
        "scipy dijkstra",
        size,
        "1/1",
        fast,
        slow * len(sources) / len(some),
        None,
        same,
        note,
    )


def against_pandana(network: Network, sources: np.ndarray, mine: tuple, size: str, fast: float) -> Row:
    """Pandana's `nodes_in_range`, in metres."""
    if peer("pandana") is None:
        return absent(STAGE, "kernels.catchments", "pandana", size, fast)
    build_s, net = once(lambda: pandana_network(network))
    some = sources if len(sources) <= 5_000 else np.random.default_rng(1).choice(sources, 5_000, replace=False)
    slow, found = median(lambda: net.nodes_in_range(some.tolist(), KM / 1000), repeat=3)
    theirs = np.column_stack([found["source"], found["destination"], np.rint(found.iloc[:, 2] * 1000)]).astype(np.int64)
    theirs = theirs[np.lexsort((theirs[:, 1], theirs[:, 0]))]
    own = pairs(mine, some)
    same, apart = compare(own, theirs)
    note = f"pandana: {len(some):,} sources, × {len(sources) / len(some):g}; also built for {build_s:.1f} s; {apart}"
    scaled = slow * len(sources) / len(some)
    return Row(STAGE, "kernels.catchments", "pandana", size, f"{THREADS}/all", fast, scaled, None, same, note)


def compare(own: np.ndarray, theirs: np.ndarray) -> tuple[bool | str, str]:
    """Whether the pairs are the same, and how many are not."""
    ours_set, theirs_set = (np.unique(rows[:, 0] << 32 | rows[:, 1]) for rows in (own, theirs))
    lost, more = len(np.setdiff1d(ours_set, theirs_set)), len(np.setdiff1d(theirs_set, ours_set))
    if lost or more:
        return f"{1 - (lost + more) / len(ours_set):.3%}", f"{lost:,} pairs pandana lacks, {more:,} it adds"
    return bool(np.abs(own[:, 2] - theirs[:, 2]).max() == 0), "same pairs"


def whole(province: Province, count: int, size: str) -> Row:
    """All of `reach.walking` with sites and cells off the network: attaching, doors, pairs and the nearest, however far."""
    x, y = province.cells(count)
    sites = province.play_areas(count)
    cold, _ = once(lambda: walking(province.network, x[:10], y[:10], sites[:10], 1000.0))
    fast, found = median(lambda: walking(province.network, x, y, sites, 1000.0), repeat=3)
    note = f"{len(x):,} cells attached to edges, {len(found.cell):,} pairs, sorted, and the nearest however far"
    return Row("whole of reach", "reach.walking", "–", size, f"{THREADS}/–", fast, None, cold, None, note)


if __name__ == "__main__":
    import run

    run.one(__file__)
