"""Nearest: the nearest play area of every node, bounded at 1 km and however far, against scipy, pandana and networkx."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import scipy.sparse
from provinces import Province
from sanchoi.gis import kernels
from sanchoi.gis.catchments import LONGEST, NOWHERE, nearest_places
from sanchoi.gis.network import Network
from scipy.sparse.csgraph import dijkstra
from timing import Row, absent, median, once, peer

STAGE = "nearest site of all nodes"
KM = 1_000_000
TARGET = 0.15
THREADS = min(os.cpu_count() or 1, 8)
LARGE = 1_000_000


def rows(quick: bool) -> Iterator[Row]:
    """Compare at several sizes."""
    nodes = (60_000,) if quick else (1_200_000, 12_000_000)
    for count in nodes:
        yield from against_scipy(Province(count), first=count == nodes[0])
    yield against_pandana(Province(20_000 if quick else 200_000))
    yield against_networkx(Province(5_000 if quick else 20_000))


def ours(network: Network, site_nodes: np.ndarray, limit: int = LONGEST, workers: int | None = None) -> np.ndarray:
    """Distance of every node of the network, mm; FAR = no way."""
    key = nearest_places(network, *_seeds(network, site_nodes), limit, workers=workers)[network.graph.rank]
    return np.where(key == NOWHERE, kernels.FAR, key >> 32)


def ours_within(network: Network, site_nodes: np.ndarray, limit: int) -> np.ndarray:
    """The same up to `limit` mm."""
    return ours(network, site_nodes, limit)


def _seeds(network: Network, site_nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    place = network.graph.rank[site_nodes].astype(np.int64)
    return place, np.zeros(len(place), dtype=np.int64), np.arange(len(place))


def matrix(network: Network) -> scipy.sparse.csr_array:
    """Both directions of every edge, which is what scipy is fastest with."""
    n = len(network.x)
    ends = np.concatenate([network.u, network.v]), np.concatenate([network.v, network.u])
    length = np.concatenate([network.length_mm, network.length_mm]).astype(float)
    return scipy.sparse.csr_array((length, ends), shape=(n, n))


def equal(mine: np.ndarray, theirs: np.ndarray) -> bool:
    """Whether integer and floating distances in mm are identical, and unknown in the same places."""
    return bool(np.array_equal(np.where(mine == kernels.FAR, np.inf, mine), theirs))


def against_scipy(province: Province, first: bool) -> Iterator[Row]:
    """Scipy's multi-source Dijkstra gets the network in its own order, and once more in our Z-order."""
    network, sites = province.network, province.site_nodes()
    cold, graph = once(lambda: network.graph)
    build_s, _ = median(lambda: replace(network).graph, repeat=3, budget_s=10)
    csr_s, whole = once(lambda: matrix(network))
    size = f"{len(network.x):,} nodes, {len(sites):,} sites"
    target = TARGET if len(network.x) >= LARGE else None
    yield Row(
        "build the graph",
        "Network.graph",
        "scipy csr",
        f"{len(network.x):,} nodes",
        "1/1",
        build_s,
        csr_s,
        cold if first else None,
        "easier",
        "we also put nodes in Z-order",
        fair=False,
    )
    for bound, name, limit in ((KM, "nearest_places, 1 km", float(KM)), (None, "nearest_places", np.inf)):
        call = (lambda: ours_within(network, sites, KM)) if bound else (lambda: ours(network, sites))
        cold, _ = once(call)
        fast, mine = median(call)
        slow, theirs = median(lambda limit=limit: dijkstra(whole, indices=sites, min_only=True, limit=limit), repeat=3)
        note = "scipy gives no site" if bound else "however far; scipy gives no site"
        cold = cold if first else None
        yield Row(
            STAGE, name, "scipy dijkstra", size, f"{THREADS}/1", fast, slow, cold, equal(mine, theirs), note, target
        )
    ordered = scipy.sparse.csr_array((graph.weights.astype(float), graph.indices, graph.indptr))
    starts = graph.rank[sites]
    slow, theirs = median(lambda: dijkstra(ordered, indices=starts, min_only=True), repeat=3)
    same = equal(mine, theirs[graph.rank])
    yield Row(
        STAGE,
        "nearest_places",
        "scipy, our Z-order",
        size,
        f"{THREADS}/1",
        fast,
        slow,
        None,
        same,
        "scipy on our layout",
    )


def against_pandana(province: Province) -> Row:
    """Pandana's points of interest, in metres: with lengths in mm its whole numbers overflow and it does not return."""
    network, sites = province.network, province.site_nodes()
    size = f"{len(network.x):,} nodes, {len(sites):,} sites"
    ours(network, sites)
    fast, mine = median(lambda: ours_within(network, sites, KM))
    pandana = peer("pandana")
    if pandana is None:
        return absent(STAGE, "nearest_places, 1 km", "pandana", size, fast)
    build_s, net = once(lambda: pandana_network(network))
    net.set_pois("play", KM / 1000, 1, network.x[sites], network.y[sites])
    slow, found = median(lambda: net.nearest_pois(KM / 1000, "play", num_pois=1), repeat=3)
    theirs = found[1].to_numpy() * 1000
    capped = np.minimum(mine, KM)  # pandana writes the limit where nothing is in reach
    apart = np.abs(capped - np.rint(theirs))
    note = f"bounded at 1 km; pandana also built for {build_s:.1f} s; {np.mean(apart > 0):.2%} of nodes differ"
    same = bool(apart.max() == 0)
    return Row(STAGE, "nearest_places, 1 km", "pandana", size, f"{THREADS}/all", fast, slow, None, same, note)


def pandana_network(network: Network):
    """Build pandana's own network, lengths in metres; it cuts off at the millimetre, so half of one is added."""
    x, y = pd.Series(network.x), pd.Series(network.y)
    weight = pd.DataFrame({"m": (network.length_mm + 0.5) / 1000.0})
    return peer("pandana").Network(x, y, pd.Series(network.u), pd.Series(network.v), weight, twoway=True)


def against_networkx(province: Province) -> Row:
    """Networkx, in plain Python."""
    network, sites = province.network, province.site_nodes()
    size = f"{len(network.x):,} nodes, {len(sites):,} sites"
    ours(network, sites)
    fast, mine = median(lambda: ours(network, sites))
    networkx = peer("networkx")
    if networkx is None:
        return absent(STAGE, "nearest_places", "networkx", size, fast)
    graph = networkx.Graph()
    graph.add_weighted_edges_from(zip(network.u.tolist(), network.v.tolist(), network.length_mm.tolist(), strict=True))
    starts = set(sites.tolist()) & set(graph)
    slow, found = median(lambda: networkx.multi_source_dijkstra_path_length(graph, starts, weight="weight"), repeat=3)
    theirs = np.full(len(network.x), np.inf)
    theirs[sites] = 0  # crossings without a road are not in the graph
    theirs[list(found)] = list(found.values())
    return Row(STAGE, "nearest_places", "networkx", size, f"{THREADS}/1", fast, slow, None, equal(mine, theirs))


if __name__ == "__main__":
    import run

    run.one(__file__)
