"""Network: ways on foot as a graph of straight segments with lengths in whole millimetres.

Every vertex of a way is a node, so an edge is one straight segment and a place on it is one number. Millimetres make a limit
crisp: 300.000 m is inside a limit of 300 m, 300.001 m is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import scipy.sparse
import shapely
from sanchoi.gis import kernels, lists
from sanchoi.gis.errors import ContractError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
MM = 1000.0


@dataclass(frozen=True)
class Graph:
    """Adjacency of a network in Z-order, so that neighbours on the ground are neighbours in memory.

    `order[k]` is the network's node at place k and `rank` its inverse; the edges of place k are
    `indptr[k]:indptr[k + 1]` of `indices` (places) and `weights` (mm).
    """

    indptr: npt.NDArray[np.int64]
    indices: Ints
    weights: Ints
    order: Ints
    rank: Ints

    def grown(self, old: Network, new: Network) -> Graph:
        """Graph of a network to which nodes and edges were added: the places that are here keep their numbers.

        Parameters
        ----------
        old : the network of this graph. new : has its nodes and edges first, in the same order; edges may have other ends.
        """
        n, extra = len(old.u), np.arange(len(self.order), len(new.x), dtype=np.int32)
        rank = np.concatenate([self.rank, extra])
        split = np.flatnonzero((new.u[:n] != old.u) | (new.v[:n] != old.v))
        ends = np.concatenate([np.column_stack([old.u, old.v])[split], np.column_stack([old.v, old.u])[split]])
        gone = [
            next(k for k in range(self.indptr[a], self.indptr[a + 1]) if self.indices[k] == b and self.weights[k] == mm)
            for (a, b), mm in zip(self.rank[ends].tolist(), np.tile(old.length_mm[split], 2).tolist(), strict=True)
        ]
        changed = np.concatenate([split, np.arange(n, len(new.u))])
        u, v, mm = rank[new.u[changed]], rank[new.v[changed]], new.length_mm[changed]
        indptr, (indices, weights) = lists.patched(
            self.indptr,
            (self.indices, self.weights),
            np.sort(np.array(gone, dtype=np.int64)),
            np.concatenate([u, v]).astype(np.int64),
            (np.concatenate([v, u]), np.tile(mm, 2)),
            len(new.x),
        )
        return Graph(indptr, indices, weights, np.concatenate([self.order, extra]), rank)

    @cached_property
    def roads(self) -> npt.NDArray[np.int64]:
        """Weight and place of each edge in one number, mm << 32 | place: one look-up instead of two."""
        return (np.minimum(self.weights, 2**30).astype(np.int64) << 32) | self.indices  # longer is too far anyway


@dataclass(frozen=True)
class Network:
    """An undirected walking network in the study CRS.

    Attributes
    ----------
    x, y : (nodes,) metres.
    u, v : (edges,) int32 nodes at the two ends.
    length_mm : (edges,) int32.
    bridge : (edges,) bool: carried over what lies below.
    """

    x: Floats
    y: Floats
    u: Ints
    v: Ints
    length_mm: Ints
    bridge: npt.NDArray[np.bool_]

    @cached_property
    def graph(self) -> Graph:
        """Adjacency for the kernels; built once."""
        return _graph(self)

    @property
    def segments(self) -> npt.NDArray[np.object_]:
        """Edges as shapely lines."""
        ends = np.stack([np.column_stack([self.x[i], self.y[i]]) for i in (self.u, self.v)], axis=1)
        return np.asarray(shapely.linestrings(ends))


def from_lines(
    lines: gpd.GeoDataFrame | npt.NDArray[np.object_], bridge: npt.NDArray[np.bool_] | None = None
) -> Network:
    """Network of lines: they join where they share a vertex (to the millimetre), and nowhere else.

    Parameters
    ----------
    lines : LineStrings in the study CRS, metres; a frame may have a bool column `bridge`.
    bridge : one flag a line, when `lines` is an array.

    Returns
    -------
    The network; it does not depend on the order of the lines. Segments without length are left out; of two segments between the
    same nodes one stays, a bridge if either is.

    Raises
    ------
    ContractError : a geometry that is not a LineString.
    """
    if isinstance(lines, gpd.GeoDataFrame):
        bridge = lines["bridge"].to_numpy(dtype=bool) if "bridge" in lines else None
        lines = lines.geometry.to_numpy()
    wrong = np.flatnonzero(shapely.get_type_id(lines) != 1)
    if len(wrong):
        raise ContractError(
            f"network: {lines[wrong[0]].geom_type if lines[wrong[0]] else 'nothing'} at row {wrong[0]}",
            "LineString",
            "split multi-part lines, and drop empty ones",
        )
    flags = np.zeros(len(lines), dtype=bool) if bridge is None else bridge
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    grid = np.round(xy * MM).astype(np.int64)
    nodes, place = _unique_pairs(grid)
    same = owner[1:] == owner[:-1]
    one, two = place[:-1][same], place[1:][same]
    on_bridge = flags[owner[:-1][same]]
    u, v = np.minimum(one, two), np.maximum(one, two)
    length = np.rint(np.hypot(*(nodes[u] - nodes[v]).T.astype(float))).astype(np.int64)
    keep = length > 0
    u, v, length, on_bridge = u[keep], v[keep], length[keep], on_bridge[keep]
    order = np.lexsort((~on_bridge, v, u))
    u, v, length, on_bridge = u[order], v[order], length[order], on_bridge[order]
    first = np.ones(len(u), dtype=bool)
    first[1:] = (u[1:] != u[:-1]) | (v[1:] != v[:-1])
    return Network(
        nodes[:, 0] / MM,
        nodes[:, 1] / MM,
        u[first].astype(np.int32),
        v[first].astype(np.int32),
        length[first].astype(np.int32),
        on_bridge[first],
    )


def components(network: Network) -> Ints:
    """Connected component of each node."""
    n = len(network.x)
    ones = np.ones(len(network.u), dtype=np.int8)
    matrix = scipy.sparse.coo_array((ones, (network.u, network.v)), shape=(n, n))
    return np.asarray(scipy.sparse.csgraph.connected_components(matrix, directed=False)[1], dtype=np.int32)


def _unique_pairs(grid: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Distinct coordinate pairs, sorted, and the place of each row among them."""
    order = np.lexsort((grid[:, 1], grid[:, 0]))
    ranked = grid[order]
    new = np.ones(len(grid), dtype=bool)
    new[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
    place = np.empty(len(grid), dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    return ranked[new], place


def morton(x: Floats, y: Floats) -> npt.NDArray[np.uint64]:
    """Z-order key of points: the bits of column and row (16 each) interleaved."""
    key = np.zeros(len(x), dtype=np.uint64)
    for shift, values in ((0, x), (1, y)):
        span = np.ptp(values) if len(values) else 0.0
        cell = ((values - values.min()) / span * 65535 if span > 0 else np.zeros(len(values))).astype(np.uint64)
        for gap, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
            cell = (cell | (cell << np.uint64(gap))) & np.uint64(mask)
        key |= cell << np.uint64(shift)
    return key


def _graph(network: Network) -> Graph:
    n = len(network.x)
    key = morton(network.x, network.y)
    order = np.argsort(key.astype(np.uint16), kind="stable")  # numpy sorts 16 bits by radix, so twice that is fastest
    order = order[np.argsort((key >> np.uint64(16)).astype(np.uint16)[order], kind="stable")]
    rank = np.empty(n, dtype=np.int32)
    rank[order] = np.arange(n, dtype=np.int32)
    indptr, indices, weights = kernels.adjacency(rank, network.u, network.v, network.length_mm)
    return Graph(indptr, indices, weights, order.astype(np.int32), rank)
