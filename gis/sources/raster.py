"""Rasters of people or of any count: GeoTIFF and what else GDAL reads as one band."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
import rasterio.errors
import rasterio.windows
from sanchoi.gis.crs import Box, check_placement, moved
from sanchoi.gis.errors import ContractError, CRSError, SourceError
from sanchoi.gis.raster import Raster

SPARE_PIXELS = 2


def read(path: Path, crs: str, bounds: Box) -> Raster:
    """Read the part of a raster that lies over `bounds` (in `crs`), in the raster's own CRS.

    Raises
    ------
    SourceError : it cannot be read. CRSError : no CRS, or it lies elsewhere. ContractError : a turned grid, or a negative count.
    """
    try:
        with rasterio.open(path) as source:
            if source.crs is None:
                raise CRSError(f"raster {path.name} has no CRS", "a CRS in the file", "assign the right one in a GIS")
            own = source.crs.to_wkt()
            if source.transform.b or source.transform.d or source.transform.a <= 0 or source.transform.e >= 0:
                raise ContractError(f"raster {path.name} is turned", "a grid with north up", "warp it (gdalwarp)")
            edges = source.bounds
            whole = (edges.left, edges.bottom, edges.right, edges.top)
            check_placement(whole, own, bounds, crs, "population", raw=(whole, own))
            part = moved(bounds, crs, own) or whole
            wide, high = source.transform.a * SPARE_PIXELS, -source.transform.e * SPARE_PIXELS
            asked = rasterio.windows.from_bounds(
                max(part[0] - wide, whole[0]),
                max(part[1] - high, whole[1]),
                min(part[2] + wide, whole[2]),
                min(part[3] + high, whole[3]),
                source.transform,
            )
            row, col = int(np.floor(asked.row_off + 1e-6)), int(np.floor(asked.col_off + 1e-6))
            rows = int(np.ceil(asked.row_off + asked.height - 1e-6)) - row
            columns = int(np.ceil(asked.col_off + asked.width - 1e-6)) - col
            window = rasterio.windows.Window(col, row, columns, rows)
            band = source.read(1, window=window, masked=True)
            turn = source.window_transform(window)
    except rasterio.errors.RasterioError as error:
        raise SourceError(f"raster {path.name} cannot be read: {error}", "a whole GeoTIFF", "fetch it again") from error
    values = band.astype(float).filled(np.nan)
    if (values < 0).any():
        down, right = np.argwhere(values < 0)[0]
        raise ContractError(
            f"raster {path.name}: {values[down, right]:g} at row {row + down}, column {col + right}",
            "counts of 0 or more",
            "set the nodata value of the file, if that is what it means",
        )
    return Raster(values, (turn.a, turn.b, turn.c, turn.d, turn.e, turn.f), own)
