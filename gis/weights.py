"""Weights: how the children of a zone are spread over its pieces of cells.

A piece is the part of one cell that lies in one zone and one commune. Each function gives one weight per piece; only the
proportions inside a zone matter, because `demand.rake` pins them to the official count.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy.spatial
import shapely
from sanchoi.gis.cells import Floats, Grid, Ints, extract, shares, to_crs
from sanchoi.gis.raster import Raster

MIN_RASTER_SHARE = 0.8
SUB_PIXELS = 4


@dataclass(frozen=True)
class Weight:
    """One weight per piece.

    Attributes
    ----------
    name : "population", "buildings", "landuse" or "area".
    value : float64, one per piece, ≥ 0.
    usable : bool, one per zone part: whether the layer may be used there.
    x, y : where the weight of the piece lies, metres; NaN = the centre of the cell.
    coarse : bool, one per piece: spread evenly from a pixel larger than the cell.
    """

    name: str
    value: Floats
    usable: np.ndarray
    x: Floats
    y: Floats
    coarse: np.ndarray


def _weight(name: str, value: Floats, parts: int, **others: np.ndarray) -> Weight:
    nothing = np.full(len(value), np.nan)
    return Weight(
        name,
        value,
        others.get("usable", np.ones(parts, dtype=bool)),
        others.get("x", nothing),
        others.get("y", nothing),
        others.get("coarse", np.zeros(len(value), dtype=bool)),
    )


def by_area(pieces: pd.DataFrame, parts: int, grid: Grid) -> Weight:
    """Weight = m² of the piece: `share · cell_m²`."""
    return _weight("area", pieces["share"].to_numpy() * grid.cell_m**2, parts)


def by_buildings(pieces: pd.DataFrame, parts: gpd.GeoDataFrame, grid: Grid, buildings: gpd.GeoDataFrame) -> Weight:
    """Weight = Σ footprint m² · storeys of the homes whose inner point lies in the piece; they also place it.

    `buildings`: polygons (or points with one m² each) in the study CRS, with `storeys` (NaN = 1).
    """
    inner = shapely.point_on_surface(buildings.geometry.to_numpy())
    floor = buildings["storeys"].fillna(1).to_numpy(dtype=float)
    size = np.where(shapely.get_dimensions(inner) >= 0, np.maximum(shapely.area(buildings.geometry.to_numpy()), 1.0), 0)
    point, part = shapely.STRtree(parts.geometry.to_numpy()).query(inner, predicate="within")
    _, first = np.unique(point, return_index=True)  # on a shared border the first part takes it
    point, part = point[first], part[first]
    x, y = shapely.get_x(inner[point]), shapely.get_y(inner[point])
    piece = _piece_of(pieces, part, grid.locate(x, y))
    mass = (size * floor)[point] * (piece >= 0)
    piece = np.maximum(piece, 0)
    n = len(pieces)
    total = np.bincount(piece, mass, n)[:n]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_x = np.bincount(piece, mass * x, n)[:n] / total
        mean_y = np.bincount(piece, mass * y, n)[:n] / total
    return _weight("buildings", total.astype(float), len(parts), x=mean_x, y=mean_y)


def by_landuse(pieces: pd.DataFrame, parts: gpd.GeoDataFrame, grid: Grid, residential: gpd.GeoDataFrame) -> Weight:
    """Weight = m² of residential land in the cell, times the share of the cell that the piece holds."""
    whole = gpd.GeoDataFrame(geometry=[residential.union_all()], crs=residential.crs)
    land = shares(whole, grid)
    per_cell = np.zeros(grid.n_cols * grid.n_rows)
    per_cell[land["cell"]] = land["share"] * grid.cell_m**2
    return _weight("landuse", per_cell[pieces["cell"]] * pieces["share"].to_numpy(), len(parts))


def by_raster(pieces: pd.DataFrame, parts: gpd.GeoDataFrame, grid: Grid, raster: Raster, finer: list[Weight]) -> Weight:
    """Weight = people of the raster, pixel by pixel: `value · share of the pixel in the part`, exact.

    A pixel no larger than the cell is spread over the cells it touches by area (`SUB_PIXELS`² points a pixel). A larger one
    is spread over the cells whose centre it holds, by the first weight of `finer` that is not all zero there, else evenly,
    and those pieces are marked `coarse`. No person is lost: a pixel whose part holds no centre goes to the nearest piece of
    that part.
    `usable` is False where valid pixels cover less than 80 % of a part.
    """
    away = parts.to_crs(raster.crs)
    found = extract(raster.values, raster.bounds, away)
    covered = np.bincount(found["area"], found["share"], len(parts)) * raster.pixel_area
    usable = covered >= MIN_RASTER_SHARE * shapely.area(away.geometry.to_numpy())
    people = (found["share"] * found["value"]).to_numpy()
    x, y, step = _pixel_centres(found["pixel"].to_numpy(), raster, parts)
    if np.hypot(*step[:2]).mean() > grid.cell_m * 1.001:
        value, coarse = _spread_coarse(pieces, parts, grid, raster, found, people, (x, y), finer)
    else:
        value, coarse = _spread_fine(pieces, grid, found, people, x, y, step), np.zeros(len(pieces), dtype=bool)
    return _weight("population", value, len(parts), usable=usable, coarse=coarse)


def _piece_of(pieces: pd.DataFrame, part: Ints, cell: Ints) -> Ints:
    """Row of the piece (part, cell) in `pieces`, sorted by both; −1 where there is none."""
    if not len(pieces):
        return np.full(len(part), -1)
    span = int(max(pieces["cell"].max(), cell.max(initial=0))) + 2
    key = pieces["area"].to_numpy() * span + pieces["cell"].to_numpy()
    wanted = part.astype(np.int64) * span + cell
    at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    return np.where((key[at] == wanted) & (cell >= 0), at, -1)


def _nearest_piece(pieces: pd.DataFrame, grid: Grid, part: Ints, x: Floats, y: Floats) -> Ints:
    """Piece of the same part whose cell centre is nearest."""
    far = 1e9  # metres between parts on the third axis: larger than any study
    px, py = grid.centre(pieces["cell"].to_numpy())
    tree = scipy.spatial.cKDTree(np.column_stack([px, py, pieces["area"].to_numpy() * far]))
    _, at = tree.query(np.column_stack([x, y, part * far]))
    at = np.asarray(at, dtype=np.int64)
    return np.where(pieces["area"].to_numpy()[at] == part, at, -1)


def _pixel_centres(
    pixel: Ints, raster: Raster, parts: gpd.GeoDataFrame
) -> tuple[Floats, Floats, tuple[Floats, Floats, Floats, Floats]]:
    """Pixel centres in the study CRS, and the two edge vectors of each pixel (metres)."""
    row, col = np.divmod(pixel, raster.values.shape[1])
    a, _, c, _, e, f = raster.transform
    px, py = c + (col + 0.5) * a, f + (row + 0.5) * e
    x, y = to_crs(px, py, raster.crs, parts.crs)
    right = to_crs(px + a, py, raster.crs, parts.crs)
    down = to_crs(px, py + e, raster.crs, parts.crs)
    return x, y, (right[0] - x, right[1] - y, down[0] - x, down[1] - y)


def _spread_fine(
    pieces: pd.DataFrame,
    grid: Grid,
    found: pd.DataFrame,
    people: Floats,
    x: Floats,
    y: Floats,
    step: tuple[Floats, Floats, Floats, Floats],
) -> Floats:
    part = found["area"].to_numpy()
    offsets = (np.arange(SUB_PIXELS) + 0.5) / SUB_PIXELS - 0.5
    hits = []
    for u in offsets:
        for v in offsets:
            cell = grid.locate(x + u * step[0] + v * step[2], y + u * step[1] + v * step[3])
            hits.append(_piece_of(pieces, part, cell))
    piece = np.stack(hits)
    inside = (piece >= 0).sum(axis=0)
    with np.errstate(divide="ignore"):
        each = np.where(inside > 0, people / np.maximum(inside, 1), 0.0)
    value = np.zeros(len(pieces))
    for hit in piece:
        np.add.at(value, hit[hit >= 0], each[hit >= 0])
    lost = np.flatnonzero(inside == 0)
    if len(lost) and len(pieces):
        near = _nearest_piece(pieces, grid, part[lost], x[lost], y[lost])
        np.add.at(value, near[near >= 0], people[lost][near >= 0])
    return value


def _spread_coarse(
    pieces: pd.DataFrame,
    parts: gpd.GeoDataFrame,
    grid: Grid,
    raster: Raster,
    found: pd.DataFrame,
    people: Floats,
    centre: tuple[Floats, Floats],
    finer: list[Weight],
) -> tuple[Floats, np.ndarray]:
    part = found["area"].to_numpy()
    cx, cy = grid.centre(pieces["cell"].to_numpy())
    rx, ry = to_crs(cx, cy, parts.crs, raster.crs)
    pixel = raster.locate(rx, ry)
    chunk = pd.MultiIndex.from_arrays([part, found["pixel"]])
    of_piece = chunk.get_indexer(pd.MultiIndex.from_arrays([pieces["area"], pixel]))
    held = of_piece >= 0
    value = np.zeros(len(pieces))
    open_chunk = np.ones(len(found), dtype=bool)  # chunks not yet spread
    coarse = np.zeros(len(pieces), dtype=bool)
    for weight in [*finer, by_area(pieces, len(parts), grid)]:
        total = np.bincount(of_piece[held], weight.value[held], len(found))
        use = open_chunk & (total > 0)
        mine = held & use[np.maximum(of_piece, 0)]
        value[mine] = people[of_piece[mine]] * weight.value[mine] / total[of_piece[mine]]
        coarse[mine] = weight.name == "area"
        open_chunk &= ~use
    lost = np.flatnonzero(open_chunk & (people > 0))
    if len(lost) and len(pieces):
        near = _nearest_piece(pieces, grid, part[lost], centre[0][lost], centre[1][lost])
        np.add.at(value, near[near >= 0], people[lost][near >= 0])
    return value, coarse
