"""Parcels drawn as lines: faces that the lines enclose, gaps where they nearly do, and the texts inside each.

Lines are cut where they cross, on a grid of a millimetre. A gap is a free end that lies within the tolerance of another line; it is
told, and closed only when that is asked for, by a straight piece to the nearest place. An end that crosses a line by less than the
tolerance is an overshoot and does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

Geometries = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]

GRID_M = 0.001
TOLERANCE_M = 0.5
"""How far a free end may be from the next line to be told as a gap."""


@dataclass(frozen=True)
class Faces:
    """What lines enclose.

    Attributes
    ----------
    polygons : the faces, from north to south and west to east. gaps : segments that would close a gap. loose : free ends
    without a line near. closed : whether the gaps were closed.
    """

    polygons: Geometries
    gaps: Geometries
    loose: int
    closed: bool


def faces(shapes: Geometries, tolerance: float = TOLERANCE_M, close: bool = False) -> Faces:
    """Faces that lines enclose; outlines of polygons count as lines.

    Parameters
    ----------
    shapes : lines and polygons, in metres. tolerance : metres, see `Faces.gaps`. close : close the gaps.
    """
    lines = _lines(shapes)
    if not len(lines):
        return Faces(np.empty(0, dtype=object), np.empty(0, dtype=object), 0, close)
    edges = _cut(lines)
    gaps, loose = _gaps(edges, tolerance)
    if close and len(gaps):
        edges = _cut(np.concatenate([edges, gaps]))
    found = shapely.get_parts(shapely.polygonize(edges))
    found = found[shapely.area(found) > 0]
    corners = shapely.bounds(found)
    order = np.lexsort((corners[:, 0], -corners[:, 3])) if len(found) else np.empty(0, dtype=int)
    return Faces(found[order], gaps, loose, close)


def texts_inside(polygons: Geometries, points: Geometries) -> tuple[list[list[int]], list[int]]:
    """For each polygon the indices of points in it, from above to below, and the points that lie in none."""
    inside: list[list[int]] = [[] for _ in polygons]
    free = set(range(len(points)))
    if len(polygons) and len(points):
        for i, j in shapely.STRtree(polygons).query(points, predicate="within").T:
            inside[j].append(int(i))
            free.discard(int(i))
    x, y = shapely.get_x(points), shapely.get_y(points)
    return [sorted(each, key=lambda i: (-y[i], x[i], i)) for each in inside], sorted(free)


def _lines(shapes: Geometries) -> Geometries:
    parts = shapely.get_parts(shapes[~shapely.is_missing(shapes)])
    kinds = shapely.get_type_id(parts)
    outlines = shapely.get_parts(shapely.boundary(parts[kinds == 3]))
    found = np.concatenate([parts[np.isin(kinds, (1, 2))], outlines]).astype(object)
    kept: Geometries = shapely.force_2d(found[shapely.length(found) > 0])
    return kept


def _cut(lines: Geometries) -> Geometries:
    """Lines cut where they meet, each piece once."""
    whole = shapely.union_all(lines, grid_size=GRID_M)
    return shapely.get_parts(shapely.line_merge(whole)) if not whole.is_empty else np.empty(0, dtype=object)


def _gaps(edges: Geometries, tolerance: float) -> tuple[Geometries, int]:
    """Segments from free ends to the next line within the tolerance, and the number of free ends that have none."""
    ends = np.concatenate([shapely.get_point(edges, 0), shapely.get_point(edges, -1)])
    owner = np.concatenate([np.arange(len(edges))] * 2)
    xy = shapely.get_coordinates(ends)
    _, group, count = np.unique(xy, axis=0, return_inverse=True, return_counts=True)
    free = np.flatnonzero(count[group.ravel()] == 1)
    tree = shapely.STRtree(edges)
    lengths = shapely.length(edges)
    gaps: list[Any] = []
    loose = 0
    for i in free:
        if lengths[owner[i]] <= tolerance:  # an overshoot
            continue
        near = tree.query(ends[i], predicate="dwithin", distance=tolerance)
        pieces = [_piece(edges[j], xy[i], tolerance) if j == owner[i] else edges[j] for j in near]
        pieces = [piece for piece in pieces if piece is not None and shapely.distance(ends[i], piece) <= tolerance]
        if not pieces:
            loose += 1
            continue
        best = min(pieces, key=lambda piece: float(shapely.distance(ends[i], piece)))
        gaps.append(shapely.shortest_line(ends[i], best))
    segments = np.array(gaps, dtype=object)
    keys = shapely.to_wkb(shapely.normalize(segments)) if gaps else segments
    return (segments[np.unique(keys, return_index=True)[1]] if gaps else segments), loose


def _piece(edge: Any, end: Floats, tolerance: float) -> Any:  # noqa: ANN401 - a shapely line
    """A line without the stretch at its own free end; None = nothing is left."""
    length = float(shapely.length(edge))
    if length <= 4 * tolerance:
        return None
    first = np.array_equal(shapely.get_coordinates(shapely.get_point(edge, 0))[0], end)
    return substring(edge, 4 * tolerance, length) if first else substring(edge, 0, length - 4 * tolerance)
