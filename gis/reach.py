"""Reach: metres on foot from cells to play areas, along the network or, without one, as the crow flies times a detour.

A walk runs from the cell to the nearest point of the nearest edge, along the network, and from it to an access point of the play
area; every stretch counts. `walk_m ≤ limit_m` is inside. Distances on the network are whole millimetres.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis import kernels
from sanchoi.gis.access_points import Doors, doors
from sanchoi.gis.attach import Attachment, attach, crosses
from sanchoi.gis.network import MM, Network

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]
Walk = TypeVar("Walk", Ints, Floats)

SLACK = 1e-9
NOWHERE = np.iinfo(np.int64).max
LONGEST = 2**30 - 1
"""Farther than so many mm (1,073 km) nothing is walked."""


@dataclass(frozen=True)
class Reach:
    """Which cell reaches which play area.

    Attributes
    ----------
    cell, site, walk_m : (pairs,) every pair within the limit, sorted by cell, then site.
    nearest_m : (cells,) distance to the nearest play area however far; inf = there is no way. nearest_site : −1 = none.
    offset_m : (cells,) from the cell to the network; inf = not attached; 0 where no network is used.
    """

    cell: Ints
    site: Ints
    walk_m: Floats
    nearest_m: Floats
    nearest_site: Ints
    offset_m: Floats


def walking(
    network: Network,
    cell_x: Floats,
    cell_y: Floats,
    geometries: Geometries,
    limit_m: float,
    *,
    barriers: Geometries | None = None,
    gates: Geometries | None = None,
    workers: int | None = None,
) -> Reach:
    """Reach along a network.

    Parameters
    ----------
    network : in the study CRS. cell_x, cell_y : (cells,) metres.
    geometries : play areas, points or polygons. A cell inside a polygon is there: 0 m.
    limit_m : pairs up to this distance are given.
    barriers : no way from a cell or a play area to the network may cross one. gates : points where play areas are entered.
    workers : threads; the answer is the same for any number.
    """
    cells = attach(network, cell_x, cell_y, barriers)
    entered = doors(network, geometries, gates, barriers)
    inside_cell, inside_site = _inside(cell_x, cell_y, geometries)
    limit = int(np.floor(limit_m * MM + 1e-6))
    cell, site, walked = _pairs(network, cells, entered, len(geometries), limit, workers)
    cell, site, walked = _with_inside(cell, site, walked, inside_cell, inside_site)
    key = _nearest(network, cells, entered, workers)
    if len(inside_cell):
        np.minimum.at(key, inside_cell, inside_site)
    none = key == NOWHERE
    return Reach(
        cell,
        site,
        walked / MM,
        np.where(none, np.inf, (key >> 32) / MM),
        np.where(none, -1, key & 0xFFFFFFFF),
        np.where(cells.edge < 0, np.inf, cells.offset_mm / MM),
    )


def _inside(x: Floats, y: Floats, geometries: Geometries) -> tuple[Ints, Ints]:
    """Pairs of a cell and the polygon it lies in."""
    ground = np.flatnonzero(shapely.get_dimensions(geometries) == 2) if len(geometries) else np.empty(0, dtype=int)
    if not len(ground) or not len(x):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    cell, which = shapely.STRtree(geometries[ground]).query(shapely.points(x, y), predicate="intersects")
    return cell.astype(np.int64), ground[which].astype(np.int64)


def _with_inside(cell: Ints, site: Ints, walked: Ints, inside_cell: Ints, inside_site: Ints) -> tuple[Ints, Ints, Ints]:
    """Set the pairs of cells inside play areas to 0, and sort."""
    cell, site = np.concatenate([inside_cell, cell]), np.concatenate([inside_site, site])
    return _shortest(cell, site, np.concatenate([np.zeros(len(inside_cell), dtype=np.int64), walked]))


def _shortest(cell: Ints, site: Ints, walk: Walk) -> tuple[Ints, Ints, Walk]:
    """The shortest walk of each pair, by cell, then site."""
    order = np.lexsort((walk, site, cell))
    cell, site, walk = cell[order], site[order], walk[order]
    first = np.ones(len(cell), dtype=bool)
    first[1:] = (cell[1:] != cell[:-1]) | (site[1:] != site[:-1])
    return cell[first], site[first], walk[first]


def _ends(network: Network, edge: Ints, along: Ints, offset: Ints) -> tuple[Ints, Ints]:
    """Places (in Z-order) at the two ends of edges and the mm to them: all u, then all v."""
    rank = network.graph.rank
    return (
        np.concatenate([rank[network.u[edge]], rank[network.v[edge]]]).astype(np.int64),
        np.concatenate([along + offset, network.length_mm[edge] - along + offset]),
    )


def _groups(group: Ints, n: int) -> tuple[Ints, Ints]:
    """Order that sorts by group, and where each of n groups begins."""
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(group, minlength=n), out=start[1:])
    return np.argsort(group, kind="stable"), start


def _same_edge(cells: Attachment, entered: Doors) -> tuple[Ints, Ints, Ints]:
    """Door, cell and mm of every cell on the very edge of a door."""
    order = np.argsort(cells.edge, kind="stable")
    ranked = cells.edge[order]
    low, high = np.searchsorted(ranked, entered.edge, "left"), np.searchsorted(ranked, entered.edge, "right")
    size = high - low
    door = np.repeat(np.arange(len(entered.edge)), size)
    cell = order[np.arange(len(door)) - np.repeat(np.cumsum(size) - size, size) + np.repeat(low, size)]
    straight = np.abs(cells.along_mm[cell] - entered.along_mm[door])
    return door, cell, straight + cells.offset_mm[cell] + entered.offset_mm[door]


def _pairs(
    network: Network, cells: Attachment, entered: Doors, n_sites: int, limit: int, workers: int | None
) -> tuple[Ints, Ints, Ints]:
    """Cell, site, mm of every pair within the limit."""
    if not len(entered.edge) or not len(cells.edge):
        return (np.empty(0, dtype=np.int64),) * 3
    graph = network.graph
    n = len(graph.order)
    cap = limit + 1  # farther is all the same, and fits 32 bits
    place, start = _ends(network, entered.edge, entered.along_mm, entered.offset_mm)
    by_site, door_of = _groups(np.tile(entered.site, 2), n_sites)
    door, same_cell, same_mm = _same_edge(cells, entered)
    by_same, same_of = _groups(entered.site[door], n_sites)
    on = np.flatnonzero(cells.edge >= 0)
    at, cost = _ends(network, cells.edge[on], cells.along_mm[on], cells.offset_mm[on])
    near = cost <= limit
    by_place, cell_of = _groups(at[near], n)
    tables = (
        door_of,
        place[by_site].astype(np.int32),
        np.minimum(start, cap)[by_site].astype(np.int32),
        same_of,
        same_cell[by_same].astype(np.int32),
        np.minimum(same_mm, cap)[by_same].astype(np.int32),
        cell_of,
        np.tile(on, 2)[near][by_place].astype(np.int32),
        cost[near][by_place].astype(np.int32),
    )
    having = np.unique(entered.site)
    first = place[: len(entered.site)][np.searchsorted(entered.site, having)]
    having = having[np.argsort(first, kind="stable")]  # neighbours after each other

    def search(part: Ints) -> tuple[Ints, Ints, Ints]:
        found: tuple[Ints, Ints, Ints] = kernels.catchments(
            graph.indptr, graph.indices, graph.weights, *tables, len(cells.edge), part, limit
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
    cell, site, walked = (np.concatenate(column).astype(np.int64) for column in zip(*found, strict=True))
    return cell, site, walked


def nearest_places(
    network: Network, place: Ints, start_mm: Ints, site: Ints, limit_mm: int = LONGEST, *, workers: int | None = None
) -> Ints:
    """(mm << 32 | site) of the nearest site of every place of the graph (Z-order); `NOWHERE` = no way within the limit.

    Parameters
    ----------
    place, start_mm, site : where to start. workers : threads; the answer is the same for any number.
    """
    graph = network.graph
    n = len(graph.order)
    key = np.full(n, NOWHERE)
    threads = workers or min(os.cpu_count() or 1, 8, 1 + n // 50_000)
    cuts = np.linspace(0, n, threads + 1).astype(np.int64)

    def search(part: tuple[int, Ints, Ints]) -> Ints:
        i, seed, seed_key = part
        crossed: Ints = kernels.spread(graph.indptr, graph.roads, cuts[i], cuts[i + 1], seed, seed_key, limit_mm, key)
        return crossed

    seed, seed_key = place, (np.minimum(start_mm, LONGEST + 1) << 32) | site
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


def _nearest(network: Network, cells: Attachment, entered: Doors, workers: int | None) -> Ints:
    """(mm << 32 | site) of the nearest play area of each cell."""
    key = np.full(len(cells.edge), NOWHERE, dtype=np.int64)
    if not len(entered.edge) or not len(key):
        return key
    place, start = _ends(network, entered.edge, entered.along_mm, entered.offset_mm)
    nearest = nearest_places(network, place, start, np.tile(entered.site, 2), workers=workers)
    on = np.flatnonzero(cells.edge >= 0)
    at, cost = _ends(network, cells.edge[on], cells.along_mm[on], cells.offset_mm[on])
    ways = np.where(nearest[at] == NOWHERE, NOWHERE, nearest[at] + (cost << 32))
    key[on] = np.minimum(ways[: len(on)], ways[len(on) :])
    door, cell, mm = _same_edge(cells, entered)
    np.minimum.at(key, cell, (mm << 32) | entered.site[door])
    return key


def straight(cell_x: Floats, cell_y: Floats, geometries: Geometries, limit_m: float, detour: float = 1.0) -> Reach:
    """Reach as the crow flies times a detour: what a circle would claim, or the stand-in where there is no network."""
    n = len(cell_x)
    nothing = np.zeros(n)
    if not n or not len(geometries):
        empty = np.empty(0, dtype=np.int64)
        return Reach(empty, empty, np.empty(0), np.full(n, np.inf), np.full(n, -1), nothing)
    points = shapely.points(cell_x, cell_y)
    tree = shapely.STRtree(geometries)
    cell, site = tree.query(points, predicate="dwithin", distance=limit_m / detour * (1 + SLACK))
    walk = shapely.distance(points[cell], geometries[site]) * detour
    keep = walk <= limit_m * (1 + SLACK)
    cell, site, walk = cell[keep].astype(np.int64), site[keep].astype(np.int64), walk[keep]
    order = np.lexsort((site, cell))
    (one, two), away = tree.query_nearest(points, return_distance=True, all_matches=True)
    ranked = np.lexsort((two, one))
    _, first = np.unique(one[ranked], return_index=True)
    best = ranked[first]
    return Reach(cell[order], site[order], walk[order], away[best] * detour, two[best].astype(np.int64), nothing)


def straight_to(cell_x: Floats, cell_y: Floats, geometries: Geometries, site: Ints) -> Floats:
    """Straight metres from each cell to one play area: cell i to `geometries[site[i]]`."""
    return np.asarray(shapely.distance(shapely.points(cell_x, cell_y), geometries[site]), dtype=float)


def on_one_side(way: Reach, cell_x: Floats, cell_y: Floats, geometries: Geometries, barriers: Geometries) -> Reach:
    """Pairs whose straight line crosses no barrier; the nearest play area of a cell is the nearest of them within the limit."""
    lines = shapely.shortest_line(shapely.points(cell_x[way.cell], cell_y[way.cell]), geometries[way.site])
    dry = ~crosses(lines, shapely.STRtree(barriers))
    return _with_nearest(way.cell[dry], way.site[dry], way.walk_m[dry], len(cell_x), way.offset_m)


def shorter(one: Reach, two: Reach) -> Reach:
    """Pair by pair the shorter of two walks. The nearest play area is looked for within the limit only."""
    cell, site = np.concatenate([one.cell, two.cell]), np.concatenate([one.site, two.site])
    walk: Floats = np.concatenate([one.walk_m, two.walk_m])
    cell, site, walk = _shortest(cell, site, walk)
    return _with_nearest(cell, site, walk, len(one.nearest_m), one.offset_m)


def _with_nearest(cell: Ints, site: Ints, walk_m: Floats, n: int, offset_m: Floats) -> Reach:
    order = np.lexsort((site, walk_m, cell))
    found, first = np.unique(cell[order], return_index=True)
    nearest_m, nearest_site = np.full(n, np.inf), np.full(n, -1, dtype=np.int64)
    nearest_m[found], nearest_site[found] = walk_m[order][first], site[order][first]
    return Reach(cell, site, walk_m, nearest_m, nearest_site, offset_m)
