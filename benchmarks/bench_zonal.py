"""Zonal: people of a raster summed by commune, against rasterstats; the values against exactextract's own sum."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from provinces import COMMUNES, Province
from sanchoi.gis.cells import extract
from timing import Row, absent, median, once, peer

STAGE = "raster to commune sums"


def rows(quick: bool) -> Iterator[Row]:
    """One province, pixels of 100 m; then pixels of 1 km, where a test of pixel centres errs most."""
    province = Province(60_000 if quick else 1_200_000)
    communes = province.communes(60 if quick else COMMUNES)
    for pixel_m in (100.0, 1000.0):
        values, bounds = province.raster(pixel_m)
        vertices = communes.count_coordinates().sum()
        size = f"{values.size:,} pixels, {len(communes)} communes of {vertices:,} vertices"
        cold, _ = once(lambda values=values, bounds=bounds: sums(values, bounds, communes))
        fast, mine = median(lambda values=values, bounds=bounds: sums(values, bounds, communes))
        slow, exact = median(lambda values=values, bounds=bounds: own_sum(values, bounds, communes))
        apart = float(np.abs(mine / exact - 1).max())
        note = f"worst relative difference {apart:.1e}; the peer gives the sum only, we keep every pixel's share"
        yield Row(STAGE, "cells.extract", "exactextract sum", size, "1/1", fast, slow, cold, apart < 1e-9, note)
        yield against_rasterstats(values, bounds, communes, size, fast, exact)


def sums(values: np.ndarray, bounds: tuple[float, float, float, float], areas: gpd.GeoDataFrame) -> np.ndarray:
    """Sum of value × share by area."""
    found = extract(values, bounds, areas)
    return np.bincount(found["area"], found["share"] * found["value"], len(areas))


def own_sum(values: np.ndarray, bounds: tuple[float, float, float, float], areas: gpd.GeoDataFrame) -> np.ndarray:
    """Sum by exactextract's operation "sum"."""
    low_x, low_y, high_x, high_y = bounds
    source = NumPyRasterSource(values, low_x, low_y, high_x, high_y, nodata=np.nan, srs_wkt=areas.crs.to_wkt())
    return exact_extract(source, areas, ["sum"], output="pandas")["sum"].to_numpy()


def against_rasterstats(
    values: np.ndarray,
    bounds: tuple[float, float, float, float],
    areas: gpd.GeoDataFrame,
    size: str,
    fast: float,
    exact: np.ndarray,
) -> Row:
    """Rasterstats takes a pixel whole or not at all, by its centre, so its sums are compared and not asked to be equal."""
    rasterstats = peer("rasterstats")
    if rasterstats is None:
        return absent(STAGE, "cells.extract", "rasterstats", size, fast)
    from affine import Affine

    pixel = (bounds[2] - bounds[0]) / values.shape[1]
    transform = Affine(pixel, 0, bounds[0], 0, -pixel, bounds[3])

    def theirs() -> np.ndarray:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = rasterstats.zonal_stats(areas.geometry, values, affine=transform, nodata=-1, stats="sum")
        return np.array([each["sum"] or 0.0 for each in found], dtype=float)

    slow, found = median(theirs, repeat=3)
    worst = float(np.abs(found / exact - 1).max())
    note = f"rasterstats errs by {worst:.1%} at worst"
    return Row(STAGE, "cells.extract", "rasterstats", size, "1/1", fast, slow, None, "inexact", note)


if __name__ == "__main__":
    import run

    run.one(__file__)
