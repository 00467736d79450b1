"""Ground of the demo district: coast, river, borders of the communes, halo. Metres in EPSG:5899, all from formulas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.data.demo_plan import COMMUNES, ISLAND_KM, ORIGIN

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]

GRID_M = 0.01
HALO_M = 1_600.0
HEIGHT_M = 15_000.0
HILLS_M = 4_000.0


def place(x_km: npt.ArrayLike, y_km: npt.ArrayLike) -> Floats:
    """Kilometres from the origin → metres in the CRS, shape (…, 2)."""
    xy = np.stack(np.broadcast_arrays(np.asarray(x_km, float), np.asarray(y_km, float)), axis=-1)
    return np.asarray(xy * 1000.0 + np.asarray(ORIGIN))


def river_y(x: Floats) -> Floats:
    """Northing of the river's middle at easting `x`, metres: a slow bend and a quicker meander."""
    k = (x - ORIGIN[0]) / 1000.0
    return ORIGIN[1] + 1000.0 * (7.35 - 0.02 * k + 0.62 * np.sin(0.62 * k + 0.3) + 0.34 * np.sin(1.5 * k + 0.4))


def river_half(x: Floats) -> Floats:
    """Half the river's width, metres: 17 m in the hills, 60 m at the town, 200 m where it meets the sea."""
    k = np.clip((x - ORIGIN[0]) / 1000.0, 0.0, 18.0)
    return 17.0 + 43.0 * (k / 14.0) ** 1.6 + 140.0 / (1.0 + np.exp(-(k - 16.4) * 4.0))


def bank(x: Floats, side: int, off_m: float) -> Floats:
    """Points at `off_m` metres from the bank, on land: side +1 north, −1 south. Shape (n, 2)."""
    step = 1.0
    slope = (river_y(x + step) - river_y(x - step)) / (2 * step)
    normal = np.stack([-slope, np.ones_like(x)], axis=1) / np.hypot(slope, 1.0)[:, None]
    middle = np.stack([x, river_y(x)], axis=1)
    return np.asarray(middle + side * (river_half(x) + off_m)[:, None] * normal)


def keep_off_river(xy: Floats, side: int, off_m: float) -> Floats:
    """Push points of one bank out of the river: they stay on their side, `off_m` metres or more from the water."""
    x, y = xy[:, 0], xy[:, 1]
    slope = (river_y(x + 1.0) - river_y(x - 1.0)) / 2.0
    edge = river_y(x) + side * (river_half(x) + off_m) * np.hypot(slope, 1.0)
    return np.stack([x, np.maximum(y, edge) if side > 0 else np.minimum(y, edge)], axis=1)


def side_of_river(xy: Floats) -> npt.NDArray[np.int64]:
    """+1 north of the river, −1 south of it."""
    return np.where(xy[:, 1] >= river_y(xy[:, 0]), 1, -1)


def coast_x(y: Floats) -> Floats:
    """Easting of the shore at northing `y`, metres: a beach with two shallow bays."""
    k = (y - ORIGIN[1]) / 1000.0
    return ORIGIN[0] + 1000.0 * (
        16.9 - 0.10 * (k - 7.5) + 0.34 * np.sin(0.62 * k + 0.2) + 0.10 * np.sin(1.9 * k) + 0.03 * np.sin(6.1 * k)
    )


@dataclass(frozen=True)
class Land:
    """Shapes of the ground.

    Attributes
    ----------
    communes : polygons in the order of `demo_plan.COMMUNES`; neighbours share their vertices exactly.
    mainland : all land with the ground beyond the district, without the island.
    island : a small island off the coast.
    river : water between the banks, out to the sea.
    halo : ground beyond the district: north, west, south.
    """

    communes: Shapes
    mainland: shapely.Polygon
    island: shapely.Polygon
    river: shapely.Polygon
    halo: Shapes


def build(rng: np.random.Generator) -> Land:
    """Lay out the ground."""
    island = _island(rng)
    river = _river()
    mainland = _between(-HALO_M, -HALO_M, HEIGHT_M + HALO_M)
    wobble = _Wobble(rng)
    outline = _outline(wobble)
    communes = _communes(outline, wobble)
    last = len(COMMUNES) - 1
    communes[last] = shapely.MultiPolygon([communes[last], island])
    beyond = shapely.difference(mainland, shapely.union_all(communes))
    middle = ORIGIN[1] + HEIGHT_M / 2
    far = 1e5
    x0 = ORIGIN[0]
    cuts = (
        shapely.box(x0, middle, x0 + far, middle + far),
        shapely.box(x0 - far, middle - far, x0, middle + far),
        shapely.box(x0, middle - far, x0 + far, middle),
    )
    halo = np.array([_largest(shapely.intersection(beyond, cut, grid_size=GRID_M)) for cut in cuts])
    return Land(communes, mainland, island, river, halo)


class _Wobble:
    """A smooth shift of the plane, ±170 m, that makes straight borders look grown. One vertex always moves alike."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.phase = rng.uniform(0, 2 * np.pi, (2, 4))
        self.wave = np.array([3100.0, 1700.0, 820.0, 430.0])
        self.size = np.array([75.0, 48.0, 28.0, 16.0])

    def __call__(self, xy: Floats) -> Floats:
        out = xy.copy()
        for axis in (0, 1):
            along = xy[:, 1 - axis] + 0.6 * xy[:, axis]
            for phase, wave, size in zip(self.phase[axis], self.wave, self.size, strict=True):
                out[:, axis] += size * np.sin(2 * np.pi * along / wave + phase)
        return out


def _between(west: float, south: float, north: float) -> shapely.Polygon:
    """Land from a western line to the shore."""
    y = np.arange(ORIGIN[1] + south, ORIGIN[1] + north + 1, 100.0)
    shore = np.stack([coast_x(y), y], axis=1)
    inner = np.array([[ORIGIN[0] + west, y[-1]], [ORIGIN[0] + west, y[0]]])
    return shapely.Polygon(np.vstack([shore, inner]))


def _river() -> shapely.Polygon:
    x = np.arange(ORIGIN[0] - HALO_M - 50, ORIGIN[0] + 17_300.0, 60.0)
    return shapely.Polygon(np.vstack([bank(x, 1, 0.0), bank(x, -1, 0.0)[::-1]])).buffer(0)


def _island(rng: np.random.Generator) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    radius = 430 * (1 + 0.16 * np.sin(2 * angle + 1) + 0.07 * np.sin(5 * angle) + rng.uniform(-0.03, 0.03, 36))
    middle = place(*ISLAND_KM)
    return shapely.set_precision(
        shapely.Polygon(middle + np.stack([radius * np.cos(angle) * 0.8, radius * np.sin(angle) * 1.2], axis=1)), GRID_M
    )


def _outline(wobble: _Wobble) -> shapely.Polygon:
    """The district: its shore is the coast, its other sides wobble."""
    x = np.arange(ORIGIN[0], ORIGIN[0] + 25_000.0, 90.0)
    y = np.arange(ORIGIN[1], ORIGIN[1] + HEIGHT_M + 1, 90.0)
    south = wobble(np.stack([x, np.full_like(x, ORIGIN[1])], axis=1))
    north = wobble(np.stack([x, np.full_like(x, ORIGIN[1] + HEIGHT_M)], axis=1))
    west = wobble(np.stack([np.full_like(y, ORIGIN[0]), y], axis=1))
    frame = shapely.Polygon(np.vstack([south, north[::-1], west[::-1]]))
    inland = _between(-HALO_M * 2, -HALO_M, HEIGHT_M + HALO_M)
    return _largest(shapely.intersection(shapely.make_valid(frame), inland))


def _communes(outline: shapely.Polygon, wobble: _Wobble) -> Shapes:
    """The district cut up by nearest middle; all borders are wobbled as one web of lines, so that neighbours fit."""
    seeds = place([c.x_km for c in COMMUNES], [c.y_km for c in COMMUNES])
    points = shapely.multipoints(seeds)
    box = outline.buffer(5_000).envelope
    web = shapely.voronoi_polygons(points, extend_to=box, only_edges=True)
    web = shapely.transform(shapely.segmentize(web, 90.0), wobble)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=box))
    cells = shapely.transform(shapely.segmentize(cells, 90.0), wobble)
    owner = {i: int(np.flatnonzero(shapely.contains_xy(c, *wobble(seeds).T))[0]) for i, c in enumerate(cells)}
    lines = shapely.union_all([web, outline.boundary], grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inner = shapely.point_on_surface(faces)
    inside = shapely.contains(outline, inner)
    faces, inner = faces[inside], inner[inside]
    nearest = shapely.STRtree(cells).nearest(inner)
    found: list[list[shapely.Polygon]] = [[] for _ in COMMUNES]
    for face, cell in zip(faces, nearest, strict=True):
        found[owner[int(cell)]].append(face)
    return np.array([shapely.normalize(shapely.coverage_union_all(each)) for each in found], dtype=object)


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    parts = shapely.get_parts(shape)
    return parts[int(np.argmax(shapely.area(parts)))]
