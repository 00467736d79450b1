"""Rasters of people or of any count: GeoTIFF and what else GDAL reads as one band."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
import rasterio.errors
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
            width, height = source.transform.a, -source.transform.e
            left = max(int(np.floor((part[0] - whole[0]) / width)) - SPARE_PIXELS, 0)
            right = min(int(np.ceil((part[2] - whole[0]) / width)) + SPARE_PIXELS, source.width)
            top = max(int(np.floor((whole[3] - part[3]) / height)) - SPARE_PIXELS, 0)
            bottom = min(int(np.ceil((whole[3] - part[1]) / height)) + SPARE_PIXELS, source.height)
            band = source.read(1, window=((top, bottom), (left, right)), masked=True)
    except rasterio.errors.RasterioError as error:
        raise SourceError(f"raster {path.name} cannot be read: {error}", "a whole GeoTIFF", "fetch it again") from error
    values = band.astype(float).filled(np.nan)
    if (values < 0).any():
        row, column = np.argwhere(values < 0)[0]
        raise ContractError(
            f"raster {path.name}: {values[row, column]:g} at row {top + row}, column {left + column}",
            "counts of 0 or more",
            "set the nodata value of the file, if that is what it means",
        )
    corner = (whole[0] + left * width, whole[3] - top * height)
    return Raster(values, (width, 0.0, corner[0], 0.0, -height, corner[1]), own)
