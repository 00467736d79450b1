"""Rasters of people, of heights or of any number: GeoTIFF and what else GDAL reads as one band."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
import rasterio.errors
from sanchoi.gis.crs import Box, check_placement, moved
from sanchoi.gis.errors import ContractError, CRSError, SourceError
from sanchoi.gis.raster import Raster

SPARE_PIXELS = 2


def read(
    path: Path,
    crs: str,
    bounds: Box,
    name: str = "population",
    limits: tuple[float, float] = (0.0, np.inf),
    near: Box | None = None,
) -> Raster:
    """Read the part of a raster that lies over `bounds` (in `crs`), in the raster's own CRS.

    Parameters
    ----------
    name : of the layer, for messages. limits : least and largest number that is not a fault. near : ground that the raster must
        touch, when that is more than `bounds`; of one that lies beside the bounds its nearest pixels are read.

    Raises
    ------
    SourceError : it cannot be read. CRSError : no CRS, or it lies elsewhere. ContractError : a turned grid, or a number beyond the
        limits.
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
            check_placement(whole, own, bounds if near is None else near, crs, name, raw=(whole, own))
            part = moved(bounds, crs, own) or whole
            width, height = source.transform.a, -source.transform.e
            left = max(int(np.floor((part[0] - whole[0]) / width)) - SPARE_PIXELS, 0)
            right = min(int(np.ceil((part[2] - whole[0]) / width)) + SPARE_PIXELS, source.width)
            top = max(int(np.floor((whole[3] - part[3]) / height)) - SPARE_PIXELS, 0)
            bottom = min(int(np.ceil((whole[3] - part[1]) / height)) + SPARE_PIXELS, source.height)
            left, top = min(left, source.width - 1), min(top, source.height - 1)
            right, bottom = max(right, left + 1), max(bottom, top + 1)
            band = source.read(1, window=((top, bottom), (left, right)), masked=True)
    except rasterio.errors.RasterioError as error:
        raise SourceError(f"raster {path.name} cannot be read: {error}", "a whole GeoTIFF", "fetch it again") from error
    values = band.astype(float).filled(np.nan)
    wrong = (values < limits[0]) | (values > limits[1])
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ContractError(
            f"raster {path.name}: {values[row, column]:g} at row {top + row}, column {left + column}",
            "counts of 0 or more" if limits[1] == np.inf else f"numbers from {limits[0]:g} to {limits[1]:g}",
            "set the nodata value of the file, if that is what it means",
        )
    corner = (whole[0] + left * width, whole[3] - top * height)
    return Raster(values, (width, 0.0, corner[0], 0.0, -height, corner[1]), own)
