"""Reach: metres on foot from cells to play areas, along the network or, without one, as the crow flies times a detour.

A walk runs from the cell to the nearest point of the nearest edge, along the network, and from it to an access point of the play
area; every stretch counts. `walk_m ≤ limit_m` is inside. Distances on the network are whole millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis.access_points import Doors, doors
from sanchoi.gis.attach import Attachment, attach, crosses
from sanchoi.gis.catchments import NOWHERE, Homes, Steps, cell_keys, inside, limit_mm, pairs, place_keys
from sanchoi.gis.network import MM, Network

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]
Walk = TypeVar("Walk", Ints, Floats)

SLACK = 1e-9


@dataclass(frozen=True)
class Reach:
    """Which cell reaches which play area.

    Attributes
    ----------
    cell, site, walk_m : (pairs,) every pair within the limit, sorted by cell, then site.
    nearest_m : (cells,) distance to the nearest play area however far; inf = there is no way. nearest_site : −1 = none.
    offset_m : (cells,) from the cell to the network; inf = not attached; 0 where no network is used.
    steps : what a walk along a network is made of; None = it is not along one.
    """

    cell: Ints
    site: Ints
    walk_m: Floats
    nearest_m: Floats
    nearest_site: Ints
    offset_m: Floats
    steps: Steps | None = None


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
    homes = Homes(network, attach(network, cell_x, cell_y, barriers), limit_mm(limit_m))
    entered = doors(network, geometries, gates, barriers)
    inner = inside(cell_x, cell_y, geometries)
    cell, site, walked = with_inside(*pairs(homes, entered, len(geometries), workers), *inner)
    key = place_keys(network, entered, workers)
    nearest_m, nearest_site = nearest(homes, entered, key, inner)
    return Reach(
        cell, site, walked / MM, nearest_m, nearest_site, offsets(homes.cells), Steps(homes, entered, key, inner)
    )


def nearest(homes: Homes, entered: Doors, key: Ints, inner: tuple[Ints, Ints]) -> tuple[Floats, Ints]:
    """Distance (inf = no way) and number (−1 = none) of the nearest play area of each cell; `inner`: cells inside play areas."""
    found = cell_keys(homes, entered, key)
    np.minimum.at(found, inner[0], inner[1])
    none = found == NOWHERE
    return np.where(none, np.inf, (found >> 32) / MM), np.where(none, -1, found & 0xFFFFFFFF)


def offsets(cells: Attachment) -> Floats:
    """Metres from each cell to the network; inf = not attached."""
    return np.where(cells.edge < 0, np.inf, cells.offset_mm / MM)


def with_inside(cell: Ints, site: Ints, walked: Ints, inside_cell: Ints, inside_site: Ints) -> tuple[Ints, Ints, Ints]:
    """Set the pairs of cells inside play areas to 0, and sort."""
    cell, site = np.concatenate([inside_cell, cell]), np.concatenate([inside_site, site])
    return shortest(cell, site, np.concatenate([np.zeros(len(inside_cell), dtype=np.int64), walked]))


def shortest(cell: Ints, site: Ints, walk: Walk) -> tuple[Ints, Ints, Walk]:
    """The shortest walk of each pair, by cell, then site."""
    order = np.lexsort((walk, site, cell))
    cell, site, walk = cell[order], site[order], walk[order]
    first = np.ones(len(cell), dtype=bool)
    first[1:] = (cell[1:] != cell[:-1]) | (site[1:] != site[:-1])
    return cell[first], site[first], walk[first]


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
    cell, site, walk = shortest(cell, site, walk)
    return _with_nearest(cell, site, walk, len(one.nearest_m), one.offset_m)


def _with_nearest(cell: Ints, site: Ints, walk_m: Floats, n: int, offset_m: Floats) -> Reach:
    order = np.lexsort((site, walk_m, cell))
    found, first = np.unique(cell[order], return_index=True)
    nearest_m, nearest_site = np.full(n, np.inf), np.full(n, -1, dtype=np.int64)
    nearest_m[found], nearest_site[found] = walk_m[order][first], site[order][first]
    return Reach(cell, site, walk_m, nearest_m, nearest_site, offset_m)
