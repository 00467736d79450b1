"""Clearance: straight metres from each parcel to the nearest feature, in compiled code.

Features are taken apart into segments, which a packed tree of boxes holds (`WIDTH` children a box, segments in the order of a
Hilbert curve, as in Vladimir Agafonkin's flatbush). A parcel starts with the segment that was nearest to the parcel before it, so
that most boxes stay shut. Two shapes that do not meet are as far apart as an end of a segment of one is from a segment of the
other; whether they meet is asked of GEOS, see `screening`. shapely's `STRtree.query_nearest` gives the same figures in some 25
times the time.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis.kernels import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Geometries = npt.NDArray[np.object_]

WIDTH = 8
SLACK = 1e-9
"""Boxes are opened that are by so much too far (of 1 m² and the squared distance): rounding may have made a segment in them the
nearest, and the figure must not depend on where the search began."""


@dataclass(frozen=True)
class Nearness:
    """Segments and the boxes over them.

    Attributes
    ----------
    ends : (segments, 4) ax, ay, bx, by. boxes : (boxes, 4) xmin, ymin, xmax, ymax, the lowest level first.
    start : first box of each level, and the number of boxes.
    """

    ends: Floats
    boxes: Floats
    start: Ints


def segments(shapes: Geometries) -> tuple[Floats, Ints]:
    """Segments of outlines and lines, points as segments without length, and the shape each is of, in the order of the shapes."""
    plain = (shapely.get_type_id(shapes) == 3) & (shapely.get_num_interior_rings(shapes) == 0)
    parts, of = shapes[~plain], np.flatnonzero(~plain)
    while len(parts) and (shapely.get_type_id(parts) > 3).any():
        parts, again = shapely.get_parts(parts, return_index=True)
        of = of[again]
    area = shapely.get_dimensions(parts) == 2
    rings, again = shapely.get_rings(parts[area], return_index=True)
    lines = np.concatenate([shapes[plain], parts[~area], rings])
    of = np.concatenate([np.flatnonzero(plain), of[~area], of[area][again]]).astype(np.intp)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = np.flatnonzero(line[1:] == line[:-1])
    alone = np.flatnonzero(shapely.get_num_coordinates(lines)[line] == 1)
    ends = np.concatenate([np.column_stack([xy[same], xy[same + 1]]), np.column_stack([xy[alone], xy[alone]])])
    owner = of[np.concatenate([line[same], line[alone]])]
    if plain.all():
        return ends, owner
    order = np.argsort(owner, kind="stable")
    return ends[order], owner[order]


def along_curve(ends: Floats, of: Ints) -> tuple[Floats, Ints]:
    """Segments and their shapes in the order of a Hilbert curve."""
    middles = gpd.GeoSeries(shapely.points((ends[:, :2] + ends[:, 2:]) / 2))
    order = (
        np.argsort(middles.hilbert_distance().to_numpy(), kind="stable") if len(ends) else np.empty(0, dtype=np.intp)
    )
    return ends[order], of[order]


def nearness(ends: Floats) -> Nearness:
    """Pack segments that lie along a curve; at least one."""
    low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
    levels: list[Floats] = []
    while not levels or len(low) > 1:
        first = np.arange(0, len(low), WIDTH)
        low, high = np.minimum.reduceat(low, first), np.maximum.reduceat(high, first)
        levels.append(np.column_stack([low, high]))
    start = np.concatenate([[0], np.cumsum([len(level) for level in levels])])
    return Nearness(np.ascontiguousarray(ends), np.concatenate(levels), start)


def clearance(outlines: Floats, of: Ints, count: int, near: Nearness, most: float = np.inf) -> Floats:
    """Metres from each of `count` parcels, whose segments are `outlines`, to the nearest segment.

    inf = no outline, or nothing nearer than `most`.
    """
    out = np.full(count, np.inf)
    first = np.searchsorted(of, np.arange(count + 1))
    _search(outlines, first, near.ends, near.boxes, near.start, most * most, out)
    return np.asarray(np.sqrt(out))


@compiled
def _point_segment(x, y, ax, ay, bx, by):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Squared distance."""
    dx, dy = bx - ax, by - ay
    whole = dx * dx + dy * dy
    t = ((x - ax) * dx + (y - ay) * dy) / whole if whole > 0 else 0.0
    t = min(max(t, 0.0), 1.0)
    ex, ey = x - (ax + t * dx), y - (ay + t * dy)
    return ex * ex + ey * ey


@compiled
def _between(outlines, a, b, ends, s, best):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Least of `best` and the squared distances of segments `outlines[a:b]` to `ends[s]`."""
    cx, cy, dx, dy = ends[s, 0], ends[s, 1], ends[s, 2], ends[s, 3]
    for k in range(a, b):
        px, py, qx, qy = outlines[k, 0], outlines[k, 1], outlines[k, 2], outlines[k, 3]
        best = min(best, _point_segment(px, py, cx, cy, dx, dy), _point_segment(qx, qy, cx, cy, dx, dy))
        best = min(best, _point_segment(cx, cy, px, py, qx, qy), _point_segment(dx, dy, px, py, qx, qy))
    return best


@compiled
def _search(outlines, first, ends, boxes, start, most, out):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Squared distance of each parcel, by branch and bound."""
    levels = len(start) - 1
    box_of, level_of = np.empty(WIDTH * (levels + 2), np.int64), np.empty(WIDTH * (levels + 2), np.int64)
    last = 0
    for i in range(len(first) - 1):
        a, b = first[i], first[i + 1]
        if a == b:
            continue
        x0 = y0 = np.inf
        x1 = y1 = -np.inf
        for k in range(a, b):
            x0, x1 = min(x0, outlines[k, 0], outlines[k, 2]), max(x1, outlines[k, 0], outlines[k, 2])
            y0, y1 = min(y0, outlines[k, 1], outlines[k, 3]), max(y1, outlines[k, 1], outlines[k, 3])
        best = _between(outlines, a, b, ends, last, most)
        box_of[0], level_of[0], size = 0, levels - 1, 1
        while size > 0:
            size -= 1
            box, level = box_of[size], level_of[size]
            at = start[level] + box
            gx = max(boxes[at, 0] - x1, x0 - boxes[at, 2], 0.0)
            gy = max(boxes[at, 1] - y1, y0 - boxes[at, 3], 0.0)
            if gx * gx + gy * gy >= best + SLACK * (1.0 + best):
                continue
            if level > 0:
                for child in range(box * WIDTH, min((box + 1) * WIDTH, start[level] - start[level - 1])):
                    box_of[size], level_of[size] = child, level - 1
                    size += 1
                continue
            for s in range(box * WIDTH, min((box + 1) * WIDTH, len(ends))):
                gx = max(min(ends[s, 0], ends[s, 2]) - x1, x0 - max(ends[s, 0], ends[s, 2]), 0.0)
                gy = max(min(ends[s, 1], ends[s, 3]) - y1, y0 - max(ends[s, 1], ends[s, 3]), 0.0)
                if gx * gx + gy * gy < best + SLACK * (1.0 + best):
                    found = _between(outlines, a, b, ends, s, best)
                    if found < best:
                        best, last = found, s
        if best < most or most == np.inf:
            out[i] = best
