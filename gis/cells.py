"""Cells: squares of the study grid, cut into pieces by the areas that share them.

The grid starts at the origin of the study CRS, so the same cell has the same id in every study of that CRS.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from exactextract import exact_extract
from exactextract.feature import JSONFeature, JSONFeatureSource
from exactextract.raster import NumPyRasterSource

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """Squares of `cell_m` metres: column = ⌊x / cell_m⌋, row = ⌊y / cell_m⌋ in the study CRS."""

    cell_m: float
    col0: int
    row0: int
    n_cols: int
    n_rows: int

    @classmethod
    def over(cls, bounds: npt.ArrayLike, cell_m: float) -> Grid:
        """Smallest grid over (xmin, ymin, xmax, ymax)."""
        low_x, low_y, high_x, high_y = np.asarray(bounds, dtype=float)
        col0, row0 = int(np.floor(low_x / cell_m)), int(np.floor(low_y / cell_m))
        return cls(
            cell_m, col0, row0, int(np.ceil(high_x / cell_m)) - col0 or 1, int(np.ceil(high_y / cell_m)) - row0 or 1
        )

    def locate(self, x: Floats, y: Floats) -> Ints:
        """Index of the cell that holds each point (left and lower side inside), −1 outside the grid."""
        col = np.floor(x / self.cell_m).astype(np.int64) - self.col0
        row = np.floor(y / self.cell_m).astype(np.int64) - self.row0
        inside = (col >= 0) & (col < self.n_cols) & (row >= 0) & (row < self.n_rows)
        return np.where(inside, row * self.n_cols + col, -1)

    def centre(self, cell: Ints) -> tuple[Floats, Floats]:
        """Coordinates of cell centres, metres."""
        row, col = np.divmod(cell, self.n_cols)
        return (col + self.col0 + 0.5) * self.cell_m, (row + self.row0 + 0.5) * self.cell_m

    def ids(self, cell: Ints) -> list[str]:
        """Ids of cells, such as "100mN17512E5630": size, row and column counted from the CRS origin."""
        row, col = np.divmod(cell, self.n_cols)
        size = f"{self.cell_m:g}m"
        pairs = zip((row + self.row0).tolist(), (col + self.col0).tolist(), strict=True)
        return [f"{size}N{r}E{c}" for r, c in pairs]


def shares(areas: gpd.GeoDataFrame, grid: Grid) -> pd.DataFrame:
    """Exact share of each cell that each area holds.

    Parameters
    ----------
    areas : polygons in the study CRS, metres.
    grid : the study grid; must lie over all areas.

    Returns
    -------
    Columns `area` (position in `areas`), `cell` (index in the grid) and `share` (0–1, exact); sorted by both.

    Notes
    -----
    Uses exactextract (Baston): the share is the area of cell ∩ polygon, not a test of the cell's centre.
    """
    found = extract(np.broadcast_to(np.float32(1), (grid.n_rows, grid.n_cols)), grid_transform(grid), areas)
    row, col = np.divmod(found["pixel"].to_numpy(), grid.n_cols)
    cell = (grid.n_rows - 1 - row) * grid.n_cols + col  # a raster counts rows from the top
    out = pd.DataFrame({"area": found["area"], "cell": cell, "share": found["share"]})
    return out[out["share"] > 0].sort_values(["area", "cell"], ignore_index=True)


def grid_transform(grid: Grid) -> tuple[float, float, float, float]:
    """Bounds of a grid: xmin, ymin, xmax, ymax in metres."""
    low_x, low_y = grid.col0 * grid.cell_m, grid.row0 * grid.cell_m
    return low_x, low_y, low_x + grid.n_cols * grid.cell_m, low_y + grid.n_rows * grid.cell_m


def extract(
    values: npt.NDArray[np.floating], bounds: tuple[float, float, float, float], areas: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Exact share of each raster pixel that each area holds, with the pixel's value.

    Parameters
    ----------
    values : 2-D, first row at the top; NaN = no data.
    bounds : xmin, ymin, xmax, ymax of the raster, in the CRS of `areas`.

    Returns
    -------
    Columns `area` (position), `pixel` (row · columns + column), `share` (0–1) and `value`; pixels with NaN are left out.
    """
    low_x, low_y, high_x, high_y = bounds
    source = NumPyRasterSource(
        values, xmin=low_x, ymin=low_y, xmax=high_x, ymax=high_y, nodata=np.nan, srs_wkt=areas.crs.to_wkt()
    )
    found = exact_extract(source, _Shapes(areas), ["cell_id", "coverage", "values"], output="pandas")
    sizes = [len(each) for each in found["cell_id"]]
    return pd.DataFrame(
        {
            "area": np.repeat(np.arange(len(areas)), sizes),
            "pixel": _join(found["cell_id"], np.int64),
            "share": _join(found["coverage"], np.float64),
            "value": _join(found["values"], np.float64),
        }
    )


class _Shapes(JSONFeatureSource):  # type: ignore[misc]
    """Areas as exactextract reads them fastest: in WKB; it would write a frame as JSON text and read that again."""

    def __init__(self, areas: gpd.GeoDataFrame) -> None:
        super().__init__(shapely.to_wkb(areas.geometry.to_numpy()), srs_wkt=areas.crs.to_wkt())

    def __iter__(self) -> Iterator[JSONFeature]:
        return map(_Shape, self.src)


class _Shape(JSONFeature):  # type: ignore[misc]
    def __init__(self, wkb: bytes) -> None:
        super().__init__()
        self.wkb = wkb

    def geometry(self) -> bytes:
        return self.wkb


def _join(column: pd.Series, dtype: type) -> npt.NDArray[np.generic]:
    return np.concatenate([np.empty(0, dtype), *(np.asarray(each, dtype) for each in column)]).astype(dtype)


def without_overlaps(areas: gpd.GeoDataFrame, tolerance_m2: float = 1.0) -> tuple[gpd.GeoDataFrame, float, int]:
    """Give ground that several areas claim to the smallest of them.

    Returns
    -------
    The areas without overlap, the m² that were claimed twice, and the number of overlapping pairs. Pairs that share
    no more than `tolerance_m2` are left alone.
    """
    geometry = areas.geometry.to_numpy().copy()
    area = shapely.area(geometry)
    one, two = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    keep = one < two
    one, two = one[keep], two[keep]
    low, high = np.split(shapely.bounds(geometry), 2, axis=1)  # boxes that share no ground: neighbours in a grid
    room = np.prod(np.maximum(np.minimum(high[one], high[two]) - np.maximum(low[one], low[two]), 0.0), axis=1)
    one, two = one[room > tolerance_m2], two[room > tolerance_m2]
    shared = shapely.area(shapely.intersection(geometry[one], geometry[two]))
    keep = shared > tolerance_m2
    order = np.lexsort((two[keep], one[keep]))
    for i, j in zip(one[keep][order], two[keep][order], strict=True):
        small, large = (i, j) if (area[i], i) <= (area[j], j) else (j, i)
        geometry[large] = shapely.difference(geometry[large], geometry[small])
    return (
        areas.set_geometry(gpd.GeoSeries(geometry, areas.index, areas.crs)),
        float(shared[keep].sum()),
        int(keep.sum()),
    )


def to_crs(x: Floats, y: Floats, source: pyproj.CRS | str, target: pyproj.CRS | str) -> tuple[Floats, Floats]:
    """Points from one CRS to another, always in x, y order."""
    moved = _transformer(str(source), str(target)).transform(x, y)
    return np.asarray(moved[0], dtype=float), np.asarray(moved[1], dtype=float)


@lru_cache(maxsize=32)
def _transformer(source: str, target: str) -> pyproj.Transformer:
    """Making one takes a hundred times as long as using it."""
    return pyproj.Transformer.from_crs(source, target, always_xy=True)
