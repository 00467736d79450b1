"""Terrain: slope of a terrain model, and its mean over pieces of land.

Horn 1981, over the eight neighbours a…i of a cell e (rows from the north):

    dz/dx = ((c + 2f + i) − (a + 2d + g)) / (8 dx),   dz/dy = ((g + 2h + i) − (a + 2b + c)) / (8 dy)
    slope = 100 √((dz/dx)² + (dz/dy)²)   %

A slope is that of the model, over some three cells (90 m with a model of 30 m): steps and ditches are not in it.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from sanchoi.gis.cells import extract
from sanchoi.gis.errors import ContractError, CRSError
from sanchoi.gis.raster import Raster

Floats = npt.NDArray[np.float64]

MIN_SHARE = 0.8
"""Least share of a piece that cells of known slope must cover, else its slope is not known."""


def slope_percent(dem: Floats, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike) -> Floats:
    """Slope in % of each cell, by the formula above.

    Parameters
    ----------
    dem : (rows, columns) heights in metres, NaN = not known.
    dx_m, dy_m : width and height of a cell in metres: one number, or one a row.

    Returns
    -------
    (rows, columns); NaN on the outer border and where the cell or a neighbour is not known: nothing is filled in.

    Raises
    ------
    ContractError : a raster that is not 2-D, or cells without size.
    """
    heights = np.asarray(dem, dtype=float)
    if heights.ndim != 2:
        raise ContractError(f"terrain of {heights.ndim} dimensions", "rows and columns", "give one band of heights")
    sizes = [np.broadcast_to(np.asarray(size, dtype=float), (len(heights),)) for size in (dx_m, dy_m)]
    if not all(np.all(np.isfinite(size) & (size > 0)) for size in sizes):
        raise ContractError("terrain cells without width or height", "metres above 0", "check the terrain's resolution")
    out = np.full(heights.shape, np.nan)
    if min(heights.shape) < 3:
        return out
    dx, dy = (size[1:-1, None] for size in sizes)
    north, middle, south = heights[:-2], heights[1:-1], heights[2:]
    columns = north + 2 * middle + south
    rows = south - north
    east = (columns[:, 2:] - columns[:, :-2]) / (8 * dx)
    down = (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / (8 * dy)
    slope = 100 * np.hypot(east, down)
    out[1:-1, 1:-1] = np.where(np.isnan(middle[:, 1:-1]), np.nan, slope)
    return out


def cell_size_m(lat: Floats, width_deg: float, height_deg: float) -> tuple[Floats, Floats]:
    """Width and height in metres of cells in degrees, by the latitude of their centre, along geodesics of WGS84."""
    geod = pyproj.Geod(ellps="WGS84")
    at = np.asarray(lat, dtype=float)
    zero = np.zeros_like(at)
    _, _, width = geod.inv(zero, at, zero + width_deg, at)
    _, _, height = geod.inv(zero, at - height_deg / 2, zero, at + height_deg / 2)
    return np.asarray(width, dtype=float), np.asarray(height, dtype=float)


def slope(dem: Raster) -> Raster:
    """Slope in % on the grid of a terrain model, in metres of height.

    Cells of a model in degrees have the size of their latitude; other units of length are turned into metres.

    Raises
    ------
    CRSError : a model that is neither in degrees nor in a projected CRS.
    """
    width, height = _sizes(dem)
    return Raster(slope_percent(dem.values, width, height), dem.transform, dem.crs)


def slope_as_needed(dem: Raster) -> Raster:
    """The same grid, of which each window is worked out when it is looked at."""
    return Raster(_Windows(dem), dem.transform, dem.crs)  # type: ignore[arg-type]


class _Windows:
    """Slope as an array that is never whole; `windows[rows, columns]` gives a part, equal to that of `slope` to the bit."""

    def __init__(self, dem: Raster) -> None:
        self.shape = dem.values.shape
        self._heights = dem.values
        self._sizes = [np.broadcast_to(size, self.shape[:1]) for size in _sizes(dem)]

    def __getitem__(self, window: tuple[slice, slice]) -> Floats:
        part = [each.indices(size)[:2] for each, size in zip(window, self.shape, strict=True)]
        wide = [slice(max(low - 1, 0), min(high + 1, size)) for (low, high), size in zip(part, self.shape, strict=True)]
        heights = self._heights[wide[0], wide[1]].astype(float)
        steep = slope_percent(heights, *(size[wide[0]] for size in self._sizes))
        rows, columns = (
            slice(low - around.start, high - around.start) for (low, high), around in zip(part, wide, strict=True)
        )
        return steep[rows, columns]


def _sizes(dem: Raster) -> tuple[Floats, Floats]:
    """Width and height in metres of the cells of each row of a terrain model, or of all."""
    a, _, _, _, e, f = dem.transform
    crs = pyproj.CRS.from_user_input(dem.crs)
    if crs.is_geographic:
        lat = f + (np.arange(dem.values.shape[0]) + 0.5) * e
        return cell_size_m(np.asarray(lat, dtype=np.float64), abs(a), abs(e))
    if crs.is_projected:
        metres = [axis.unit_conversion_factor for axis in crs.axis_info[:2]]
        return np.array([abs(a) * metres[0]]), np.array([abs(e) * metres[1]])
    raise CRSError(f"terrain in {crs.name}", "degrees, or a projected CRS", "reproject the terrain model")


def mean_over(raster: Raster, areas: gpd.GeoDataFrame) -> Floats:
    """Mean of a raster over each area, weighted by the exact share of each cell that the area holds.

    Parameters
    ----------
    raster : cells with NaN are not known and do not count.
    areas : polygons in any CRS.

    Returns
    -------
    One number an area; NaN where known cells cover less than `MIN_SHARE` of it, and for an empty area.
    """
    shapes = areas.geometry.to_numpy()
    out = np.full(len(areas), np.nan)
    solid = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & (shapely.area(shapes) > 0))
    if not len(solid):
        return out
    away = areas.geometry.iloc[solid].to_frame("geometry").to_crs(raster.crs)
    found = extract(raster.values, raster.bounds, away)
    share, which = found["share"].to_numpy(), found["area"].to_numpy()
    total = np.bincount(which, share, len(solid))
    mass = np.bincount(which, share * found["value"].to_numpy(), len(solid))
    known = total * raster.pixel_area >= MIN_SHARE * shapely.area(away.geometry.to_numpy()) * (1 - 1e-9)
    out[solid] = np.divide(mass, total, out=np.full(len(solid), np.nan), where=known & (total > 0))
    return out
