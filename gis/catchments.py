"""Catchments: which cells reach which play areas along a network, and the nearest of each, in whole millimetres.

What a walk is made of is kept in `Steps`, so that a change to one play area or one way can be worked out without walking all again.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis import kernels, lists
from sanchoi.gis.access_points import Doors
from sanchoi.gis.attach import Attachment
from sanchoi.gis.network import MM, Network

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]

NOWHERE = np.iinfo(np.int64).max
LONGEST = 2**30 - 1
"""Farther than so many mm (1,073 km) nothing is walked."""


@dataclass(frozen=True)
class Homes:
    """Cells on a network, ready to be found from it.

    Attributes
    ----------
    network, cells : the cells, attached. limit : mm; cells that are farther than this from a place are not listed there.
    """

    network: Network
    cells: Attachment
    limit: int

    @cached_property
    def on(self) -> Ints:
        """Cells that are attached."""
        return np.flatnonzero(self.cells.edge >= 0)

    @cached_property
    def ends(self) -> tuple[Ints, Ints]:
        """Places at both ends of the edges of `on`, and the mm to them: all u, then all v."""
        on = self.on
        return ends(self.network, self.cells.edge[on], self.cells.along_mm[on], self.cells.offset_mm[on])

    @cached_property
    def by_place(self) -> tuple[Ints, npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Where the cells of each place begin, and their numbers and mm."""
        at, cost = self.ends
        near = cost <= self.limit
        order, start = groups(at[near], len(self.network.graph.order))
        return start, np.tile(self.on, 2)[near][order].astype(np.int32), cost[near][order].astype(np.int32)

    @cached_property
    def by_edge(self) -> tuple[Ints, Ints]:
        """Order of the cells by edge, and the edges in that order."""
        order = np.argsort(self.cells.edge, kind="stable")
        return order, self.cells.edge[order]

    def moved(self, network: Network, cells: Attachment, at: Ints) -> Homes:
        """Homes on a network that has grown out of this one; `at`: the cells that were attached anew, others stand as they did."""
        out = Homes(network, cells, self.limit)
        flag = np.zeros(len(cells.edge), dtype=bool)
        flag[at] = True
        on = at[cells.edge[at] >= 0]
        place, cost = ends(network, cells.edge[on], cells.along_mm[on], cells.offset_mm[on])
        near = cost <= self.limit
        start, one, mm = self.by_place
        gone = np.flatnonzero(flag[one])
        new = np.tile(on, 2)[near], cost[near]
        start, columns = lists.patched(start, (one, mm), gone, place[near], new, len(network.x))
        out.__dict__["by_place"] = (start, *columns)  # the cached properties
        order, ranked = self.by_edge
        stay = ~flag[order]
        order, ranked = order[stay], ranked[stay]
        by = at[np.argsort(cells.edge[at], kind="stable")]
        where = np.searchsorted(ranked, cells.edge[by])
        out.__dict__["by_edge"] = (np.insert(order, where, by), np.insert(ranked, where, cells.edge[by]))
        return out


@dataclass(frozen=True)
class Steps:
    """What a reach along a network is made of.

    Attributes
    ----------
    homes : the cells on the network. doors : access points of the play areas. key : (places,) mm << 32 | play area of the
        nearest one of each place of the graph, `NOWHERE` = none. inner : pairs of a cell and a play area it lies in.
    """

    homes: Homes
    doors: Doors
    key: Ints
    inner: tuple[Ints, Ints]


def limit_mm(limit_m: float) -> int:
    """A limit in whole mm: what is exactly at it is inside."""
    return int(np.floor(limit_m * MM + 1e-6))


def inside(x: Floats, y: Floats, geometries: Geometries) -> tuple[Ints, Ints]:
    """Pairs of a cell and the polygon it lies in."""
    ground = np.flatnonzero(shapely.get_dimensions(geometries) == 2) if len(geometries) else np.empty(0, dtype=int)
    if not len(ground) or not len(x):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    cell, which = shapely.STRtree(geometries[ground]).query(shapely.points(x, y), predicate="intersects")
    return cell.astype(np.int64), ground[which].astype(np.int64)


def ends(network: Network, edge: Ints, along: Ints, offset: Ints) -> tuple[Ints, Ints]:
    """Places (in Z-order) at the two ends of edges and the mm to them: all u, then all v."""
    rank = network.graph.rank
    return (
        np.concatenate([rank[network.u[edge]], rank[network.v[edge]]]).astype(np.int64),
        np.concatenate([along + offset, network.length_mm[edge] - along + offset]),
    )


def groups(group: Ints, n: int) -> tuple[Ints, Ints]:
    """Order that sorts by group, and where each of n groups begins."""
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(group, minlength=n), out=start[1:])
    return np.argsort(group, kind="stable"), start


def same_edge(homes: Homes, doors: Doors) -> tuple[Ints, Ints, Ints]:
    """Door, cell and mm of every cell on the very edge of a door."""
    order, ranked = homes.by_edge
    low, high = np.searchsorted(ranked, doors.edge, "left"), np.searchsorted(ranked, doors.edge, "right")
    size = high - low
    door = np.repeat(np.arange(len(doors.edge)), size)
    cell = order[np.arange(len(door)) - np.repeat(np.cumsum(size) - size, size) + np.repeat(low, size)]
    straight = np.abs(homes.cells.along_mm[cell] - doors.along_mm[door])
    return door, cell, straight + homes.cells.offset_mm[cell] + doors.offset_mm[door]


def pairs(homes: Homes, doors: Doors, n_sites: int, workers: int | None = None) -> tuple[Ints, Ints, Ints]:
    """Cell, site, mm of every pair within the limit of `homes`, each once.

    Parameters
    ----------
    doors : access points of sites 0 … n_sites − 1. workers : threads; the answer is the same for any number, but for its order.
    """
    if not len(doors.edge) or not len(homes.cells.edge):
        return (np.empty(0, dtype=np.int64),) * 3
    network, limit = homes.network, homes.limit
    graph = network.graph
    cap = limit + 1  # farther is all the same, and fits 32 bits
    place, start = ends(network, doors.edge, doors.along_mm, doors.offset_mm)
    by_site, door_of = groups(np.tile(doors.site, 2), n_sites)
    door, same_cell, same_mm = same_edge(homes, doors)
    by_same, same_of = groups(doors.site[door], n_sites)
    cell_of, cell, cell_mm = homes.by_place
    tables = (
        door_of,
        place[by_site].astype(np.int32),
        np.minimum(start, cap)[by_site].astype(np.int32),
        same_of,
        same_cell[by_same].astype(np.int32),
        np.minimum(same_mm, cap)[by_same].astype(np.int32),
        cell_of,
        cell,
        cell_mm,
    )
    having = np.unique(doors.site)
    first = place[: len(doors.site)][np.searchsorted(doors.site, having)]
    having = having[np.argsort(first, kind="stable")]  # neighbours after each other

    def search(part: Ints) -> tuple[Ints, Ints, Ints]:
        found: tuple[Ints, Ints, Ints] = kernels.catchments(
            graph.indptr, graph.indices, graph.weights, *tables, len(homes.cells.edge), part, limit
        )
        return found

    threads = workers or min(os.cpu_count() or 1, 8)
    chunk = max(64, -(-len(having) // (threads * 4)))
    parts = [having[i : i + chunk] for i in range(0, len(having), chunk)]
    if threads == 1 or len(parts) == 1:
        found = [search(part) for part in parts]
    else:
        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(search, parts))
    one, two, walked = (np.concatenate(column).astype(np.int64) for column in zip(*found, strict=True))
    return one, two, walked


def nearest_places(
    network: Network,
    place: Ints,
    start_mm: Ints,
    site: Ints,
    limit_mm: int = LONGEST,
    *,
    key: Ints | None = None,
    workers: int | None = None,
) -> Ints:
    """(mm << 32 | site) of the nearest site of every place of the graph (Z-order); `NOWHERE` = no way within the limit.

    Parameters
    ----------
    place, start_mm, site : where to start. key : labels that are there already; they are improved in place.
    workers : threads; the answer is the same for any number.
    """
    graph = network.graph
    n = len(graph.order)
    key = np.full(n, NOWHERE) if key is None else key
    threads = workers or min(os.cpu_count() or 1, 8, 1 + n // 50_000)
    cuts = np.linspace(0, n, threads + 1).astype(np.int64)

    def search(part: tuple[int, Ints, Ints]) -> Ints:
        i, seed, seed_key = part
        crossed: Ints = kernels.spread(graph.indptr, graph.roads, cuts[i], cuts[i + 1], seed, seed_key, limit_mm, key)
        return crossed

    seed, seed_key = place, (np.minimum(start_mm, LONGEST + 1) << 32) | site
    if threads == 1:
        order = np.argsort(seed, kind="stable")
        search((0, seed[order], seed_key[order]))
        return key
    with ThreadPoolExecutor(threads) as pool:
        while len(seed):  # what crosses from one thread's ground into another's starts the next round
            order = np.argsort(seed, kind="stable")
            seed, seed_key = seed[order], seed_key[order]
            at = np.searchsorted(seed, cuts)
            parts = [(i, seed[at[i] : at[i + 1]], seed_key[at[i] : at[i + 1]]) for i in range(threads)]
            found = np.concatenate(list(pool.map(search, [part for part in parts if len(part[1])])))
            found = found[found[:, 0] < key[found[:, 1]]]
            seed_key, seed = found[:, 0].copy(), found[:, 1].copy()
    return key


def place_keys(network: Network, doors: Doors, workers: int | None = None) -> Ints:
    """Labels of the nearest play area of every place, from all doors."""
    if not len(doors.edge):
        return np.full(len(network.graph.order), NOWHERE, dtype=np.int64)
    place, start = ends(network, doors.edge, doors.along_mm, doors.offset_mm)
    return nearest_places(network, place, start, np.tile(doors.site, 2), workers=workers)


def cell_keys(homes: Homes, doors: Doors, key: Ints) -> Ints:
    """(mm << 32 | site) of the nearest play area of each cell, from the labels of the places."""
    out = np.full(len(homes.cells.edge), NOWHERE, dtype=np.int64)
    if not len(out) or not len(homes.on):
        return out
    at, cost = homes.ends
    ways = np.where(key[at] == NOWHERE, NOWHERE, key[at] + (cost << 32))
    out[homes.on] = np.minimum(ways[: len(homes.on)], ways[len(homes.on) :])
    door, cell, mm = same_edge(homes, doors)
    np.minimum.at(out, cell, (mm << 32) | doors.site[door])
    return out
