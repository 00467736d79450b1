"""Barriers: rivers, motorways, railways cut the ways that cross them, unless a bridge carries the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.spatial
import shapely
from sanchoi.gis.attach import crossings
from sanchoi.gis.network import MM, Network

Geometries = npt.NDArray[np.object_]
CANDIDATES = 8
LINE_M = 0.01


@dataclass(frozen=True)
class Cut:
    """A network and its barriers. Both networks have the same nodes, the places where barriers begin and end among them.

    Attributes
    ----------
    whole : every way, as if the barriers let it pass. severed : without the stretches that lie in a barrier.
    """

    whole: Network
    severed: Network


def cut(network: Network, barriers: Geometries) -> Cut:
    """Cut a network where it runs into a barrier; what lies on either side stays.

    A way that only touches a barrier with its end is not cut, nor is a bridge.

    Parameters
    ----------
    barriers : polygons, or lines, which count as 1 cm wide.
    """
    segments = network.segments
    edge, barrier = crossings(segments, shapely.STRtree(barriers))
    edge, barrier = edge[~network.bridge[edge]], barrier[~network.bridge[edge]]
    rows: list[tuple[int, float, float, bool]] = []  # edge, from, to (metres along it), dry
    for e in np.unique(edge):
        rows += [(int(e), *piece) for piece in _pieces(segments[e], barriers[barrier[edge == e]])]
    kept = np.ones(len(segments), dtype=bool)
    kept[edge] = False
    return _split(network, kept, rows)


def _pieces(segment: shapely.LineString, barriers: Geometries) -> list[tuple[float, float, bool]]:
    """Stretches of a segment, from its start: from, to (metres), dry."""
    west, south, east, north = segment.bounds
    near = shapely.clip_by_rect(barriers, west - 1, south - 1, east + 1, north + 1)
    near = np.where(shapely.get_dimensions(near) == 1, shapely.buffer(near, LINE_M / 2), near)
    dry = shapely.get_parts(shapely.difference(segment, shapely.union_all(near)))
    dry = dry[shapely.length(dry) > LINE_M / 10]
    ends = shapely.line_locate_point(segment, np.array([shapely.get_point(dry, i) for i in (0, -1)], dtype=object))
    stretches = sorted((float(min(a, b)), float(max(a, b))) for a, b in ends.T)
    out, at = [], 0.0
    for start, end in stretches:
        if start - at > LINE_M / 10:
            out.append((at, start, False))
        out.append((start if start - at > LINE_M / 10 else at, end, True))
        at = end
    if segment.length - at > LINE_M / 10:
        out.append((at, segment.length, False))
    return out


def _split(network: Network, kept: npt.NDArray[np.bool_], rows: list[tuple[int, float, float, bool]]) -> Cut:
    """Networks of the edges kept and the pieces of the others; a new node wherever two pieces of an edge meet."""
    x, y = network.x.tolist(), network.y.tolist()
    u, v, length, dry = [], [], [], []
    for i, (e, start, end, is_dry) in enumerate(rows):
        one, two = int(network.u[e]), int(network.v[e])
        last = i + 1 == len(rows) or rows[i + 1][0] != e
        u.append(one if start == 0.0 else len(x) - 1)
        if last:
            v.append(two)
        else:
            t = end * MM / float(network.length_mm[e])
            x.append(network.x[one] + t * (network.x[two] - network.x[one]))
            y.append(network.y[one] + t * (network.y[two] - network.y[one]))
            v.append(len(x) - 1)
        length.append(max(round((end - start) * MM), 1))
        dry.append(is_dry)
    is_dry_piece = np.array(dry, dtype=bool)

    def build(pieces: npt.NDArray[np.bool_]) -> Network:
        return Network(
            np.array(x),
            np.array(y),
            np.concatenate([network.u[kept], np.array(u, dtype=np.int32)[pieces]]),
            np.concatenate([network.v[kept], np.array(v, dtype=np.int32)[pieces]]),
            np.concatenate([network.length_mm[kept], np.array(length, dtype=np.int32)[pieces]]),
            np.concatenate([network.bridge[kept], np.zeros(int(pieces.sum()), dtype=bool)]),
        )

    return Cut(build(np.ones(len(rows), dtype=bool)), build(is_dry_piece))


def opened(found: Cut, barriers: Geometries, within_m: float = 250.0) -> Network:
    """Network as if the barriers were not there: what they cut is back, and each bank is linked to the other.

    A node no farther than `within_m` from a barrier is linked straight to the node nearest to where a straight way through
    the nearest place of the barrier comes out, if that lies across and no farther than `within_m` from there. A
    counterfactual, not a plan for bridges. No way is longer than before.
    """
    whole, severed = found.whole, found.severed
    x, y = severed.x, severed.y
    used = np.unique(np.concatenate([severed.u, severed.v]))
    if not len(used) or not len(barriers):
        return whole
    points = shapely.points(x[used], y[used])
    parts = shapely.get_parts(shapely.union_all(barriers))
    (node, part), away = shapely.STRtree(parts).query_nearest(
        points, max_distance=within_m, return_distance=True, all_matches=False
    )
    node, part = node[away > 1e-3], part[away > 1e-3]
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
