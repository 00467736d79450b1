"""Terrain: the heights under the communes and the parcels, from a raster in any CRS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely
from sanchoi.gis.crs import Box, moved
from sanchoi.gis.raster import Raster
from sanchoi.gis.sources import raster

if TYPE_CHECKING:
    from sanchoi.gis.sources.load import Reader

HEIGHTS_M = (-500.0, 9000.0)
"""No ground lies beyond; other numbers mean "no data" in a file that does not say so."""
SPARE_M = 200.0
"""Heights are read this far beyond: the slope of a cell needs its neighbours."""


def read(reader: Reader) -> Raster | None:
    """Heights in metres over the communes and the parcels, NaN = no data; None when the study names no terrain.

    A note counts the parcels that do not lie wholly on the raster: nothing is filled in there.

    Raises
    ------
    SourceError, CRSError, ContractError : as for any raster; a height outside `HEIGHTS_M` is a fault.
    """
    text = reader.study["terrain"]["path"]
    if text is None:
        return None
    path = reader.path(text)
    found = raster.read(path, reader.study.crs, _window(reader), "terrain", HEIGHTS_M, reader.near)
    reader.record("terrain", path, found.values.size, pyproj.CRS.from_user_input(found.crs).name)
    ground = moved(found.bounds, found.crs, reader.study.crs)
    if ground is not None and len(reader.land):
        outside = int((~shapely.covered_by(reader.land, shapely.box(*ground))).sum())
        if outside:
            reader.notes.add(
                "terrain_partly",
                f"{outside} of {len(reader.land)} parcels do not lie wholly on the terrain {path.name} · heights under every "
                "parcel · their slope may be unknown, and is then not checked",
                layer="terrain",
                count=outside,
            )
    return found


def _window(reader: Reader) -> Box:
    """Bounds of the communes, where land may be proposed, and of the parcels, with some room; the surroundings without parcels."""
    if not len(reader.land):
        return reader.near
    land = shapely.total_bounds(reader.land)
    low_x, low_y = np.minimum(land[:2], reader.bounds[:2]).tolist()
    high_x, high_y = np.maximum(land[2:], reader.bounds[2:]).tolist()
    return low_x - SPARE_M, low_y - SPARE_M, high_x + SPARE_M, high_y + SPARE_M
