"""Files of the demo study: every layer with the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import rasterio
from sanchoi.data.demo_plan import CRS
from sanchoi.gis.results import fixed_clock

NO_DATA = -1.0


def layer(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write a GeoPackage with one layer, named like the file; an earlier file is replaced."""
    path.unlink(missing_ok=True)
    with fixed_clock():
        frame.to_file(path, layer=path.stem, driver="GPKG", engine="pyogrio", SPATIAL_INDEX="NO")


def raster(values: npt.NDArray[np.float32], left: float, top: float, cell_m: float, path: Path) -> None:
    """Write a GeoTIFF in `CRS`; first row at the top, `NO_DATA` where there is no land."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=values.shape[0],
        width=values.shape[1],
        count=1,
        dtype="float32",
        crs=CRS,
        transform=rasterio.Affine(cell_m, 0.0, left, 0.0, -cell_m, top),
        nodata=NO_DATA,
        compress="deflate",
    ) as sink:
        sink.write(values, 1)
