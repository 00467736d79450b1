"""Usable ground: what is left of parcels when constraints have taken theirs, by true overlap and never by centroid.

All functions take and give arrays of shapes in one metric CRS. Many parcels are asked at once; work and memory go with the pairs
of a parcel and a shape near it. A result depends on the parcel and the layers alone, not on which parcels were asked together.

Shapes that GEOS cannot overlay are made valid, and at last laid on a grid of 0.1 mm.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Geometries = npt.NDArray[np.object_]

ARC = 32
"""Chords in a quarter of a circle; a strip is nowhere narrower than its limit by more than 0.03 % (3 cm at 100 m)."""
CIRCLE_M = 0.25
"""Tolerance of the radius of a largest inscribed circle; it is never more than the true one."""
GRID_M = 1e-4
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


def without(parcels: Geometries, at: Ints, taken: Geometries) -> Geometries:
    """Parcels without the shapes `taken[k]` that lie on parcel `at[k]`.

    A parcel that one shape covers needs no overlay; the shapes on any other are unioned, so that ground is taken once.
    """
    out = parcels.copy()
    if not len(at):
        return out
    shapely.prepare(taken)
    covered = np.zeros(len(parcels), dtype=bool)
    covered[at[shapely.covers(taken, parcels[at])]] = True
    out[covered] = shapely.Polygon()
    keep = ~covered[at]
    which, joined = _joined(at[keep], taken[keep])
    out[which] = _overlay(shapely.difference, parcels[which], joined)
    return out


def inside_m2(parcels: Geometries, at: Ints, shapes: Geometries) -> Floats:
    """m² of each parcel within the union of the polygons `shapes[k]` that lie on parcel `at[k]`; at most its area."""
    out = np.zeros(len(parcels))
    which, joined = _joined(at, shapes)
    both = _overlay(shapely.intersection, parcels[which], joined)
    out[which] = np.minimum(shapely.area(both), shapely.area(parcels[which]))
    return out


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
    out = np.zeros(len(shapes))
    ground = np.flatnonzero(shapely.area(shapes) > 0)
    try:
        out[ground] = 2.0 * shapely.length(shapely.maximum_inscribed_circle(shapes[ground], CIRCLE_M))
    except shapely.GEOSException:
        for i in ground:
            mended = largest(np.array([shapely.make_valid(shapely.set_precision(shapes[i], GRID_M))], dtype=object))[0]
            out[i] = 0.0 if mended.is_empty else 2.0 * shapely.maximum_inscribed_circle(mended, CIRCLE_M).length
    return out
