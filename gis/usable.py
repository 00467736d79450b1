"""Usable ground: what is left of parcels when constraints have taken theirs, by true overlap and never by centroid.

All functions take and give arrays of shapes in one metric CRS. Many parcels are asked at once; work and memory go with the pairs
of a parcel and a shape near it. A result depends on the parcel and the layers alone, not on which parcels were asked together.

Shapes that GEOS cannot overlay are made valid, and at last laid on a grid of 0.1 mm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis import clearance, cutting
from sanchoi.gis.kernels import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Geometries = npt.NDArray[np.object_]

ARC = 32
"""Chords in a quarter of a circle; a strip is nowhere narrower than its limit by more than 0.03 % (3 cm at 100 m)."""
CIRCLE_M = 0.25
"""Tolerance of the radius of a largest inscribed circle; it is never more than the true one."""
GRID_M = 1e-4
ROOT_2 = float(np.sqrt(2.0))
MOST_VERTICES = 32
"""Larger shapes are cut up, so that what is far from a parcel costs it nothing."""
SAME_AREA = 1e-9
NO_GROUND_M2 = 1e-4
"""Less than 1 cm² is what rounding leaves between two shapes, not ground."""


def sound(shapes: Geometries) -> Geometries:
    """Shapes with the invalid ones mended; None becomes an empty polygon."""
    out = np.where(shapely.is_missing(shapes), shapely.Polygon(), shapes)
    out = shapely.force_2d(out)
    bad = ~shapely.is_valid(out)
    out[bad] = shapely.make_valid(out[bad])
    return np.asarray(out)


def pieces(shapes: Geometries) -> tuple[Geometries, Ints]:
    """Points, lines and polygons of about `MOST_VERTICES` vertices that together are the shapes, and the shape each is of."""
    parts, of = shapes, np.arange(len(shapes))
    while (shapely.get_type_id(parts) > 3).any():
        parts, again = shapely.get_parts(parts, return_index=True)
        of = of[again]
    full = ~shapely.is_empty(parts)
    parts, of = parts[full], of[full]
    large = shapely.get_num_coordinates(parts) > MOST_VERTICES + 1
    cut = [_cut_polygon(part) if part.geom_type == "Polygon" else _cut_line(part) for part in parts[large]]
    out = np.empty(int((~large).sum()) + sum(map(len, cut)), dtype=object)
    few = int((~large).sum())
    out[:few] = parts[~large]
    out[few:] = [piece for each in cut for piece in each]
    return out, np.concatenate([of[~large], np.repeat(of[large], [len(each) for each in cut])]).astype(np.intp)


def _cut_line(line: shapely.LineString) -> list[shapely.Geometry]:
    xy = shapely.get_coordinates(line)
    return [shapely.LineString(xy[i : i + MOST_VERTICES + 1]) for i in range(0, len(xy) - 1, MOST_VERTICES)]


def _cut_polygon(polygon: shapely.Polygon) -> list[shapely.Geometry]:
    """Halve the longer side of its bounds until each half is small, or no smaller than before."""
    done, todo = [], [polygon]
    while todo:
        shape = todo.pop()
        vertices = shapely.get_num_coordinates(shape)
        halves = _halves(shape) if vertices > MOST_VERTICES + 1 else []
        if not halves or max(shapely.get_num_coordinates(half) for half in halves) >= vertices:
            done.append(shape)
        else:
            todo += halves
    return done


def _halves(shape: shapely.Polygon) -> list[shapely.Geometry]:
    """Polygons on either side of the middle: clipped the quick way, overlaid where that loses ground or validity."""
    x0, y0, x1, y1 = shape.bounds
    if x1 - x0 >= y1 - y0:
        middle = (x0 + x1) / 2
        boxes = [(x0 - 1.0, y0 - 1.0, middle, y1 + 1.0), (middle, y0 - 1.0, x1 + 1.0, y1 + 1.0)]
    else:
        middle = (y0 + y1) / 2
        boxes = [(x0 - 1.0, y0 - 1.0, x1 + 1.0, middle), (x0 - 1.0, middle, x1 + 1.0, y1 + 1.0)]
    halves = np.array([shapely.clip_by_rect(shape, *box) for box in boxes], dtype=object)
    lost = abs(shapely.area(halves).sum() - shape.area) > SAME_AREA * shape.area
    if lost or not shapely.is_valid(halves).all():
        halves = _overlay(
            shapely.intersection, np.array([shape, shape], dtype=object), shapely.box(*np.transpose(boxes))
        )
    parts = shapely.get_parts(shapely.get_parts(halves))
    return list(parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)])


def without(parcels: Geometries, at: Ints, shapes: Geometries, which: Ints | None = None) -> Geometries:
    """Parcels without the polygons `shapes[which[k]]` that lie on parcel `at[k]` (`which` None: `shapes[k]`).

    Outlines that cross are cut in compiled code; where they touch, have holes or several parts, GEOS takes the union of the
    shapes off the parcel. Ground is taken once either way.
    """
    out = parcels.copy()
    cut = _cut(parcels, at, shapes, which)
    out[cut.done] = shapely.Polygon()
    count = np.bincount(cut.of, minlength=len(parcels))
    alone = count[cut.of] == 1
    out[cut.of[alone]] = cut.left[alone]
    if not alone.all():
        number = np.cumsum(count > 1) - 1
        out[count > 1] = shapely.multipolygons(cut.left[~alone], indices=number[cut.of[~alone]])
    out[cut.hard] = _overlay(shapely.difference, parcels[cut.hard], cut.joined)
    return out


def inside_m2(parcels: Geometries, at: Ints, shapes: Geometries, which: Ints | None = None) -> Floats:
    """m² of each parcel within the union of the polygons `shapes[which[k]]` that lie on parcel `at[k]`; at most its area."""
    out = np.zeros(len(parcels))
    cut = _cut(parcels, at, shapes, which)
    rest = np.bincount(cut.of, weights=shapely.area(cut.left), minlength=len(parcels))
    out[cut.done] = np.maximum(shapely.area(parcels[cut.done]) - rest[cut.done], 0.0)
    both = _overlay(shapely.intersection, parcels[cut.hard], cut.joined)
    out[cut.hard] = np.minimum(shapely.area(both), shapely.area(parcels[cut.hard]))
    return out


@dataclass(frozen=True)
class _Cut:
    """Parcels that lost ground (`done`) with what is left of them (`left`, of parcel `of`), and those for GEOS (`hard`).

    joined : union of the shapes on each hard one. The parcels that are neither done nor hard are as they were.
    """

    done: Ints
    left: Geometries
    of: Ints
    hard: Ints
    joined: Geometries


def _cut(parcels: Geometries, at: Ints, shapes: Geometries, which: Ints | None) -> _Cut:
    order = np.argsort(at, kind="stable")
    at, which = at[order], (order if which is None else which[order])
    asked, first = np.unique(at, return_index=True)
    ends = np.append(first, len(at))
    xy, start = _rings(parcels[asked])
    state, ring_xy, rings, polygons, of = cutting.cut(xy, start, ends, which, *_rings(shapes))
    left = np.empty(0, dtype=object)
    if len(of):
        left = shapely.from_ragged_array(shapely.GeometryType.POLYGON, ring_xy, (rings, polygons))
    refused = state == cutting.REFUSED
    again = np.repeat(refused, np.diff(ends))
    hard, joined = _joined(at[again], shapes[which[again]])
    return _Cut(asked[state == cutting.CUT], left, asked[of], hard, joined)


def _rings(shapes: Geometries) -> tuple[Floats, Ints]:
    """Outlines of polygons without holes, one after the other, and where each begins; other shapes have none."""
    plain = (shapely.get_type_id(shapes) == 3) & (shapely.get_num_interior_rings(shapes) == 0)
    count = np.where(plain, shapely.get_num_coordinates(shapes), 0)
    return shapely.get_coordinates(shapes[plain]), np.concatenate([[0], np.cumsum(count)])


def _joined(at: Ints, shapes: Geometries) -> tuple[Ints, Geometries]:
    """Parcels that have shapes, and the union of those of each."""
    if not len(at):
        return at, shapes
    order = np.argsort(at, kind="stable")
    which, first, count = np.unique(at[order], return_index=True, return_counts=True)
    joined = shapes[order[first]].copy()
    many = np.flatnonzero(count > 1)
    if len(many):
        rows = np.repeat(np.arange(len(which)), count)
        several = count[rows] > 1
        number = np.cumsum(count > 1) - 1
        heaps = shapely.geometrycollections(shapes[order][several], indices=number[rows[several]])
        joined[many] = _united(heaps)
    return which, joined


def _united(heaps: Geometries) -> Geometries:
    try:
        return np.asarray(shapely.union_all(heaps[:, None], axis=1))
    except shapely.GEOSException:
        out = np.empty(len(heaps), dtype=object)
        for i, heap in enumerate(heaps):
            out[i] = shapely.union_all(shapely.make_valid(shapely.get_parts(heap)), grid_size=GRID_M)
        return out


def _overlay(operation: Callable[..., Geometries], one: Geometries, other: Geometries) -> Geometries:
    """An overlay of pairs of shapes; a pair that GEOS refuses is mended and laid on a grid."""
    try:
        return np.asarray(operation(one, other))
    except shapely.GEOSException:
        out = np.empty(len(one), dtype=object)
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            try:
                out[i] = operation(a, b)
            except shapely.GEOSException:
                out[i] = operation(shapely.make_valid(a), shapely.make_valid(b), grid_size=GRID_M)
        return out


def largest(shapes: Geometries) -> Geometries:
    """Largest polygon of each shape, empty where it has none; of equally large ones the most western, then southern."""
    out = shapes.copy()
    several = np.flatnonzero(shapely.get_type_id(shapes) != 3)
    if not len(several):
        return out
    parts, of = shapely.get_parts(shapes[several], return_index=True)
    parts, again = shapely.get_parts(parts, return_index=True)
    of = of[again]
    area = shapely.area(parts)
    ground = area > NO_GROUND_M2
    parts, of, area = parts[ground], of[ground], area[ground]
    most = np.zeros(len(several))
    np.maximum.at(most, of, area)
    area = np.where(area >= most[of] * (1 - SAME_AREA), most[of], area)
    west, south = shapely.bounds(parts)[:, :2].T
    order = np.lexsort((south, west, -area, of))
    which, first = np.unique(of[order], return_index=True)
    out[several] = shapely.Polygon()
    out[several[which]] = parts[order[first]]
    return out


def circles(shapes: Geometries) -> Floats:
    """Diameter in metres of the largest circle inside each polygon, to 2 · `CIRCLE_M` below; 0 where there is no ground."""
    ends, of = clearance.segments(shapes)
    out = np.zeros(len(shapes))
    _widest(ends, np.searchsorted(of, np.arange(len(shapes) + 1)), CIRCLE_M, out)
    return 2.0 * out


@compiled
def _depth(sides, n, x, y):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Distance of a point from an outline, negative outside; sides = x, y, dx, dy, 1 / length²."""
    inside, best = False, np.inf
    for k in range(n):
        px, py, dx, dy = x - sides[k, 0], y - sides[k, 1], sides[k, 2], sides[k, 3]
        t = min(max((px * dx + py * dy) * sides[k, 4], 0.0), 1.0)
        ex, ey = px - t * dx, py - t * dy
        best = min(best, ex * ex + ey * ey)
        inside ^= ((py < 0) != (py < dy)) & ((px * dy - py * dx < 0) == (dy > 0))
    return np.sqrt(best) if inside else -np.sqrt(best)


@compiled
def _widest(ends, first, tolerance, out):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Radius of the largest circle inside each outline, by quartering the squares that may hold a better centre, level by level.

    As in Vladimir Agafonkin's polylabel.
    """
    todo, sides = np.empty((256, 3)), np.empty((64, 5))
    for i in range(len(first) - 1):
        a, b = first[i], first[i + 1]
        if a == b:
            continue
        n, x0, y0, x1, y1 = b - a, np.inf, np.inf, -np.inf, -np.inf
        if n > len(sides):
            sides = np.empty((2 * n, 5))
        for k in range(n):
            x, y = ends[a + k, 0], ends[a + k, 1]
            x0, x1, y0, y1 = min(x0, x), max(x1, x), min(y0, y), max(y1, y)
            dx, dy = ends[a + k, 2] - x, ends[a + k, 3] - y
            whole = dx * dx + dy * dy
            sides[k, 0], sides[k, 1], sides[k, 2], sides[k, 3] = x, y, dx, dy
            sides[k, 4] = 1.0 / whole if whole > 0 else 0.0
        half, size, best = max(x1 - x0, y1 - y0) / 2, 1, 0.0
        todo[0, 0], todo[0, 1] = (x0 + x1) / 2, (y0 + y1) / 2
        todo[0, 2] = _depth(sides, n, todo[0, 0], todo[0, 1])
        while size > 0:
            for k in range(size):
                best = max(best, todo[k, 2])
            kept = 0
            for k in range(size):
                if todo[k, 2] + half * ROOT_2 > best + tolerance:
                    todo[kept, 0], todo[kept, 1], todo[kept, 2] = todo[k, 0], todo[k, 1], todo[k, 2]
                    kept += 1
            if 4 * kept > len(todo):
                todo = np.concatenate((todo, np.empty((4 * kept, 3))))
            half, size = half / 2, 4 * kept
            for k in range(kept - 1, -1, -1):
                x, y = todo[k, 0], todo[k, 1]
                for child in range(4):
                    cx, cy = x + half * (child % 2 * 2 - 1), y + half * (child // 2 * 2 - 1)
                    todo[4 * k + child, 0], todo[4 * k + child, 1] = cx, cy
                    todo[4 * k + child, 2] = _depth(sides, n, cx, cy)
        out[i] = best
