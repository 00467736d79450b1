"""Barriers: rivers, motorways, railways cut the ways that cross them, unless a bridge carries the way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.spatial
import shapely
from sanchoi.gis.network import MM, Network

Geometries = npt.NDArray[np.object_]
CANDIDATES = 8


def cut(network: Network, barriers: Geometries) -> tuple[Network, npt.NDArray[np.bool_]]:
    """Network without the edges that cross a barrier, and which edges those were.

    An edge crosses when it has more than its own end in common with the barrier; a bridge crosses nothing.
    """
    segments = network.segments
    edge, barrier = shapely.STRtree(barriers).query(segments, predicate="intersects")
    wet = ~shapely.touches(segments[edge], barriers[barrier])
    gone = np.zeros(len(segments), dtype=bool)
    gone[edge[wet]] = True
    gone &= ~network.bridge
    return _edges(network, ~gone), gone


def opened(whole: Network, severed: Network, barriers: Geometries, within_m: float = 250.0) -> Network:
    """Network as if the barriers were not there: what they cut is back, and each bank is linked to the other.

    A node no farther than `within_m` from a barrier is linked straight to the node nearest to where a straight way through the
    nearest place of the barrier comes out, if that lies across and no farther than `within_m` from there. A counterfactual, not a
    plan for bridges. No way is longer than before.

    Parameters
    ----------
    whole : before the barriers cut it. severed : after; its nodes are the same.
    """
    x, y = severed.x, severed.y
    used = np.unique(np.concatenate([severed.u, severed.v]))
    if not len(used) or not len(barriers):
        return whole
    points = shapely.points(x[used], y[used])
    parts = shapely.get_parts(shapely.union_all(barriers))
    (node, part), away = shapely.STRtree(parts).query_nearest(
        points, max_distance=within_m, return_distance=True, all_matches=False
    )
    node, part = node[away > 0], part[away > 0]
    if not len(node):
        return whole
    start = shapely.get_coordinates(points[node])
    shore = shapely.get_coordinates(shapely.get_point(shapely.shortest_line(points[node], parts[part]), 1))
    far = _far_bank(start, shore, parts[part], within_m)
    tree = scipy.spatial.cKDTree(np.column_stack([x[used], y[used]]))
    k = min(CANDIDATES, len(used))
    distance, near = tree.query(far, k=k, distance_upper_bound=within_m)
    distance, near = distance.reshape(len(far), k), near.reshape(len(far), k)
    link_u, link_v = [], []
    open_rows = np.arange(len(far))
    for rank in range(k):
        rows = open_rows[np.isfinite(distance[open_rows, rank])]
        if not len(rows):
            break
        other = near[rows, rank]
        ends = np.column_stack([x[used[other]], y[used[other]]])
        lines = shapely.linestrings(np.stack([start[rows], ends], axis=1))
        across = shapely.crosses(lines, parts[part[rows]])
        link_u.append(used[node[rows[across]]])
        link_v.append(used[other[across]])
        open_rows = np.setdiff1d(open_rows, rows[across])
    u, v = np.concatenate(link_u or [used[:0]]), np.concatenate(link_v or [used[:0]])
    length = np.maximum(np.rint(np.hypot(x[u] - x[v], y[u] - y[v]) * MM), 1).astype(np.int32)
    return Network(
        x,
        y,
        np.concatenate([whole.u, np.minimum(u, v)]).astype(np.int32),
        np.concatenate([whole.v, np.maximum(u, v)]).astype(np.int32),
        np.concatenate([whole.length_mm, length]).astype(np.int32),
        np.concatenate([whole.bridge, np.ones(len(u), dtype=bool)]),
    )


def _far_bank(
    start: npt.NDArray[np.float64], shore: npt.NDArray[np.float64], parts: Geometries, within_m: float
) -> npt.NDArray[np.float64]:
    """Where straight ways through `shore` come out of the barrier; the shore itself where they leave it at once."""
    step = shore - start
    length = np.hypot(step[:, 0], step[:, 1])[:, None]
    end = shore + step / length * 4 * within_m
    through = shapely.linestrings(np.stack([shore - step / length * 1e-3, end], axis=1))
    wet = shapely.get_geometry(
        shapely.intersection(through, parts), 0
    )  # the first stretch; a single geometry is its own first
    along = shapely.line_locate_point(through, shapely.get_point(wet, -1))
    line = shapely.get_type_id(wet) == 1
    out = shapely.get_coordinates(shapely.line_interpolate_point(through, np.where(line, along, 0.0)))
    return np.asarray(out, dtype=float)


def _edges(network: Network, keep: npt.NDArray[np.bool_]) -> Network:
    return Network(
        network.x, network.y, network.u[keep], network.v[keep], network.length_mm[keep], network.bridge[keep]
    )
