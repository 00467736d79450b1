"""Window: the part of a network around a few places, which gives them the same attachments and doors as the whole.

Edges keep their order, so that ties fall the same way; a window is widened until nothing outside it can be nearer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis import attach as attaching
from sanchoi.gis import squares
from sanchoi.gis.access_points import Doors, doors
from sanchoi.gis.attach import AROUND_BARRIER_M, Attachment, attach
from sanchoi.gis.network import MM, Network

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]
Bounds = tuple[float, float, float, float]

FIRST_M = AROUND_BARRIER_M + 50.0
WIDER = 4.0
WHOLE_M = 1e6


@dataclass(frozen=True)
class Squares:
    """Edges by the squares of a grid that they may touch: `item[ptr[s]:ptr[s + 1]]` in square s = row · columns + column.

    `frame`: xmin and ymin of the grid, the side of a square, columns, rows.
    """

    ptr: Ints
    item: npt.NDArray[np.int32]
    frame: Floats

    @classmethod
    def of(cls, network: Network) -> Squares:
        """Squares with about two edges each."""
        if not len(network.u):
            return cls(np.zeros(2, dtype=np.int64), np.empty(0, dtype=np.int32), np.array([0.0, 0.0, 1.0, 1.0, 1.0]))
        x0, y0, size, n_cols, n_rows = attaching.frame(network)
        ends = (network.x[network.u], network.y[network.u], network.x[network.v], network.y[network.v])
        ptr, item = squares.squares(*ends, x0, y0, size, n_cols, n_rows)
        return cls(ptr, item, np.array([x0, y0, size, n_cols, n_rows]))

    def near(self, bounds: Bounds) -> Ints:
        """Edges listed in the squares that a box touches, sorted."""
        x0, y0, size, n_cols, n_rows = self.frame.tolist()
        low_x, low_y, high_x, high_y = bounds
        cols = np.clip((np.floor((np.array([low_x, high_x]) - x0) / size)), 0, n_cols - 1).astype(int)
        rows = np.clip((np.floor((np.array([low_y, high_y]) - y0) / size)), 0, n_rows - 1).astype(int)
        first = np.arange(rows[0], rows[1] + 1) * int(n_cols)
        spans = [self.item[self.ptr[r + cols[0]] : self.ptr[r + cols[1] + 1]] for r in first]
        return np.unique(np.concatenate(spans)).astype(np.int64)


@dataclass(frozen=True)
class Around:
    """A network in which places are looked up, with the barriers that no way from a place may cross.

    Attributes
    ----------
    network : in the study CRS. squares : of this network, or of one that it has grown out of: edges that were added or split
        since are looked at one by one. barriers : or None.
    """

    network: Network
    squares: Squares
    barriers: Geometries | None = None
    grown_from: int | None = None

    @cached_property
    def walls(self) -> shapely.STRtree:
        """Index of the barriers."""
        return shapely.STRtree(np.empty(0, dtype=object) if self.barriers is None else self.barriers)

    def window(self, bounds: Bounds, margin_m: float) -> tuple[Network, Ints]:
        """Edges that come within `margin_m` of a box, as a network, and their numbers in the whole; the nodes they need alone."""
        low_x, low_y, high_x, high_y = wide = _wider(bounds, margin_m)
        net = self.network
        edge = self.squares.near(wide)
        if self.grown_from is not None:
            edge = np.concatenate([edge, np.arange(self.grown_from, len(net.u))])
        b = boxes(net, edge)
        edge = edge[(b[0] <= high_x) & (b[2] >= low_x) & (b[1] <= high_y) & (b[3] >= low_y)]
        node, place = np.unique(np.concatenate([net.u[edge], net.v[edge]]), return_inverse=True)
        one, two = np.split(place.astype(np.int32), 2)
        part = Network(net.x[node], net.y[node], one, two, net.length_mm[edge], net.bridge[edge])
        return part, edge

    def attach(self, x: Floats, y: Floats) -> Attachment:
        """As `attach.attach` on the whole network."""
        if not len(x) or not len(self.network.u):
            return attach(self.network, x, y)
        bounds, margin = (float(x.min()), float(y.min()), float(x.max()), float(y.max())), FIRST_M
        while True:
            part, edge = self.window(bounds, margin)
            plain = attach(part, x, y)
            if margin >= WHOLE_M or ((plain.edge >= 0) & (plain.offset_mm <= margin * MM)).all():
                break
            margin = margin * WIDER
        walls = self._walls(bounds, margin)
        found = plain if walls is None else attach(part, x, y, walls)
        return Attachment(_whole(edge, found.edge), found.along_mm, found.offset_mm)

    def doors(self, sites: Geometries, gates: Geometries | None) -> Doors:
        """As `access_points.doors` on the whole network, site by site."""
        found = [self._doors(sites[i : i + 1], gates) for i in range(len(sites))]
        site = np.repeat(np.arange(len(sites)), [len(each.site) for each in found])
        columns = [[getattr(each, name) for each in found] for name in ("edge", "along_mm", "offset_mm")]
        edge, along, offset = (np.concatenate([np.empty(0, dtype=np.int64), *column]) for column in columns)
        return Doors(site.astype(np.int64), edge, along, offset)

    def _doors(self, site: Geometries, gates: Geometries | None) -> Doors:
        low_x, low_y, high_x, high_y = (float(v) for v in shapely.bounds(site[0]))
        bounds, across = (low_x, low_y, high_x, high_y), float(np.hypot(high_x - low_x, high_y - low_y))
        margin = FIRST_M + across
        while True:
            part, edge = self.window(bounds, margin)
            if margin >= WHOLE_M or (len(edge) and _away(part, site) + across <= margin):
                break
            margin *= WIDER
        if gates is not None and len(gates):  # those that can belong to it; ties among gates go by their order
            gates = gates[np.sort(shapely.STRtree(gates).query(shapely.box(*_wider(bounds, 10.0))))]
        found = doors(part, site, gates, self._walls(bounds, margin))
        return Doors(found.site, _whole(edge, found.edge), found.along_mm, found.offset_mm)

    def _walls(self, bounds: Bounds, margin_m: float) -> Geometries | None:
        """Barriers that a way inside the window can meet."""
        if self.barriers is None:
            return None
        near = np.sort(self.walls.query(shapely.box(*_wider(bounds, margin_m))))
        return self.barriers[near] if len(near) else None


def boxes(network: Network, edge: Ints) -> Floats:
    """Boxes of some edges, (4, edges): xmin, ymin, xmax, ymax."""
    u, v = network.u[edge], network.v[edge]
    ax, ay, bx, by = network.x[u], network.y[u], network.x[v], network.y[v]
    return np.array([np.minimum(ax, bx), np.minimum(ay, by), np.maximum(ax, bx), np.maximum(ay, by)])


def _away(part: Network, site: Geometries) -> float:
    return float(shapely.distance(part.segments, site[0]).min())


def _wider(bounds: Bounds, by: float) -> Bounds:
    return bounds[0] - by, bounds[1] - by, bounds[2] + by, bounds[3] + by


def _whole(edge: Ints, found: Ints) -> Ints:
    """Numbers in the whole network; −1 stays."""
    if not len(edge):
        return np.full(len(found), -1, dtype=np.int64)
    return np.where(found >= 0, edge[found], -1).astype(np.int64)


def to_box(x: Floats, y: Floats, box: npt.ArrayLike) -> Floats:
    """Metres from points to a box: xmin, ymin, xmax, ymax."""
    low_x, low_y, high_x, high_y = np.asarray(box, dtype=float)
    across, along = (
        np.maximum(np.maximum(low - v, v - high), 0.0) for low, v, high in ((low_x, x, high_x), (low_y, y, high_y))
    )
    away: Floats = np.hypot(across, along)
    return away
