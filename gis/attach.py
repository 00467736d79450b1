"""Attach: places join the network at the nearest point of the nearest edge, not at the nearest node."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis import squares
from sanchoi.gis.network import MM, Network

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]

RINGS = 12
MICRO = 1e6
AROUND_BARRIER_M = 250.0
"""How far a place looks for an edge on its own side of a barrier; beyond it the place is not attached."""


@dataclass(frozen=True)
class Attachment:
    """Where places join the network.

    Attributes
    ----------
    edge : (places,) edge, −1 = none. along_mm : from the edge's node u. offset_mm : from the place to that point.
    """

    edge: npt.NDArray[np.int64]
    along_mm: npt.NDArray[np.int64]
    offset_mm: npt.NDArray[np.int64]


def attach(network: Network, x: Floats, y: Floats, barriers: Geometries | None = None) -> Attachment:
    """Attach places to the nearest point of the nearest edge; of equally near edges (to the micrometre) to the first.

    Parameters
    ----------
    x, y : (places,) metres, study CRS.
    barriers : a place whose way to its edge would cross one takes the nearest edge within 250 m that it reaches without; none → −1.
    """
    edge = np.full(len(x), -1, dtype=np.int64)
    if len(network.u) and len(x):
        _search(network, x, y, edge)
        left = np.flatnonzero(edge < 0)
        if len(left):
            edge[left] = _far(network, x[left], y[left])
        if barriers is not None and len(barriers):
            _own_side(network, x, y, edge, barriers)
    along, offset = _measure(network, x, y, edge)
    return Attachment(edge, along, offset)


def place(network: Network, found: Attachment) -> tuple[Floats, Floats]:
    """Points on the network, metres; NaN where nothing is attached."""
    ok = found.edge >= 0
    e = found.edge[ok]
    t = found.along_mm[ok] / network.length_mm[e]
    x, y = np.full(len(ok), np.nan), np.full(len(ok), np.nan)
    u, v = network.u[e], network.v[e]
    x[ok] = network.x[u] + t * (network.x[v] - network.x[u])
    y[ok] = network.y[u] + t * (network.y[v] - network.y[u])
    return x, y


def _measure(
    network: Network, x: Floats, y: Floats, edge: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Place on the edge and distance to it, whole mm; 0 and 0 where there is no edge."""
    along, offset = np.zeros(len(x), dtype=np.int64), np.zeros(len(x), dtype=np.int64)
    ok = edge >= 0
    u, v = network.u[edge[ok]], network.v[edge[ok]]
    ax, ay = network.x[u], network.y[u]
    dx, dy = network.x[v] - ax, network.y[v] - ay
    t = np.clip(((x[ok] - ax) * dx + (y[ok] - ay) * dy) / (dx * dx + dy * dy), 0.0, 1.0)
    along[ok] = np.rint(t * network.length_mm[edge[ok]]).astype(np.int64)
    offset[ok] = np.rint(np.hypot(ax + t * dx - x[ok], ay + t * dy - y[ok]) * MM).astype(np.int64)
    return along, offset


def _search(network: Network, x: Floats, y: Floats, edge: npt.NDArray[np.int64]) -> None:
    """Fill `edge` by the grid search; −1 stays where the network is more than `RINGS` squares away."""
    ax, ay, bx, by = network.x[network.u], network.y[network.u], network.x[network.v], network.y[network.v]
    x0, y0, size, n_cols, n_rows = frame(network)
    ptr, item = squares.squares(ax, ay, bx, by, x0, y0, size, n_cols, n_rows)
    args = (ax, ay, bx, by, ptr, item, x0, y0, size, n_cols, n_rows, RINGS, edge)
    squares.nearest_edges(np.ascontiguousarray(x, dtype=float), np.ascontiguousarray(y, dtype=float), *args)


def frame(network: Network) -> tuple[float, float, float, int, int]:
    """Grid of squares over a network, about two edges each: xmin, ymin, side, columns, rows."""
    x0, y0 = float(network.x.min()), float(network.y.min())
    wide, high = float(network.x.max()) - x0, float(network.y.max()) - y0
    size = float(np.clip(np.sqrt(2.0 * max(wide, 1.0) * max(high, 1.0) / len(network.u)), 20.0, 500.0))
    return x0, y0, size, int(wide // size) + 1, int(high // size) + 1


def _far(network: Network, x: Floats, y: Floats) -> npt.NDArray[np.int64]:
    """Nearest edge of places far from the network."""
    points = shapely.points(x, y)
    (at, edge), away = shapely.STRtree(network.segments).query_nearest(points, return_distance=True, all_matches=True)
    order = np.lexsort((edge, np.rint(away * MICRO), at))
    _, first = np.unique(at[order], return_index=True)
    return np.asarray(edge[order][first], dtype=np.int64)


def _own_side(network: Network, x: Floats, y: Floats, edge: npt.NDArray[np.int64], barriers: Geometries) -> None:
    """Give places that would have to cross a barrier the nearest edge on their own side, or none."""
    along, offset = _measure(network, x, y, edge)
    on_x, on_y = place(network, Attachment(edge, along, offset))
    tree = shapely.STRtree(barriers)
    wrong = np.flatnonzero((edge >= 0) & (offset > 0))
    wrong = wrong[crosses(between(x[wrong], y[wrong], on_x[wrong], on_y[wrong]), tree)]
    if not len(wrong):
        return
    edge[wrong] = -1
    points = shapely.points(x[wrong], y[wrong])
    which, near = shapely.STRtree(network.segments).query(points, predicate="dwithin", distance=AROUND_BARRIER_M)
    px, py = x[wrong][which], y[wrong][which]
    along, offset = _measure(network, px, py, near.astype(np.int64))
    on_x, on_y = place(network, Attachment(near, along, offset))
    free = ~crosses(between(px, py, on_x, on_y), tree)
    which, near = which[free], near[free]
    away = np.rint(np.hypot(on_x - px, on_y - py)[free] * MICRO)
    order = np.lexsort((near, away, which))
    found, first = np.unique(which[order], return_index=True)
    edge[wrong[found]] = near[order][first]


def between(x0: Floats, y0: Floats, x1: Floats, y1: Floats) -> Geometries:
    """Straight ways between points."""
    return np.asarray(shapely.linestrings(np.stack([np.column_stack([x0, y0]), np.column_stack([x1, y1])], axis=1)))


def crosses(ways: Geometries, tree: shapely.STRtree) -> npt.NDArray[np.bool_]:
    """Whether a way crosses a barrier; touching its edge is not crossing."""
    crossed = np.zeros(len(ways), dtype=bool)
    crossed[crossings(ways, tree)[0]] = True
    return crossed


def crossings(ways: Geometries, tree: shapely.STRtree) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pairs of a way and a barrier it meets, of ways that cross: have more than an end in common with the barriers they meet.

    Barriers that a way only touches one by one may be crossed together, where a river is drawn in pieces that meet on the way.
    """
    way, barrier = tree.query(ways, predicate="intersects")
    touching = shapely.touches(ways[way], tree.geometries[barrier])
    hits = np.bincount(way, minlength=len(ways))
    wet = np.bincount(way, ~touching, minlength=len(ways)) > 0
    for w in np.flatnonzero((hits > 1) & ~wet):
        together = shapely.union_all(tree.geometries[barrier[way == w]])
        wet[w] = not shapely.touches(ways[w], together)
    keep = wet[way]
    return way[keep].astype(np.int64), barrier[keep].astype(np.int64)
