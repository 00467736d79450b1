"""Inputs: what the readers hand to the job, every layer in the study's CRS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis.demand import Layers
from sanchoi.gis.raster import Raster

PLAY_AREA_COLUMNS = (
    "play_area_id",
    "name",
    "kind",
    "access",
    "ages",
    "area_m2",
    "usable_m2",
    "kind_counts",
    "within_m",
)


@dataclass(frozen=True)
class Inputs:
    """All layers of a study.

    Attributes
    ----------
    communes : commune_id, vintage, name, kind, surveyed, population, halo, geometry. Rows with `halo` lie outside the study:
        their children and play areas take part, and no result is given for them.
    counts : (zones, bands) children, NaN = unknown; the zones are the communes when `zones` is None.
    zones : source zones that `counts` speaks of, or None.
    layers : where children live.
    play_areas : `PLAY_AREA_COLUMNS` and geometry; None = the study has no inventory. `within_m` : metres to which a place
        is known that was told by a square of a map; NaN = as well as it was drawn or measured.
    lines : ways on foot (geometry, bridge), None = no network.
    gates : points where a play area is entered, or None.
    barriers : lines and polygons that cut ways, or None.
    files : one record per input file: path, sha256, bytes, layer, rows, crs.
    norms : rows of the norms table.
    parcels : parcel_id, land_use, owner, cost (VND, NaN = unknown), cost_per_m2 (VND/m², NaN = unknown), geometry; None = the study
        names none.
    crossings : footbridges and street crossings that are to be built: LineStrings that join the ways at both ends; None = none.
    constraint_layers : layers that constrain parcels, by name; absent = not given.
    constraints, landuse_codes, owner_kinds : rows of those tables.
    terrain : heights in metres, in the raster's own CRS, or None.
    nearby : places whose distance is measured (schools, halls), by name; absent = not given.
    """

    communes: gpd.GeoDataFrame
    counts: npt.NDArray[np.float64]
    zones: gpd.GeoDataFrame | None
    layers: Layers
    play_areas: gpd.GeoDataFrame | None
    lines: gpd.GeoDataFrame | None
    gates: gpd.GeoDataFrame | None
    barriers: gpd.GeoDataFrame | None
    norms: pd.DataFrame
    files: list[Mapping[str, object]] = field(default_factory=list)
    parcels: gpd.GeoDataFrame | None = None
    constraint_layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    constraints: pd.DataFrame | None = None
    landuse_codes: pd.DataFrame | None = None
    terrain: Raster | None = None
    nearby: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    owner_kinds: pd.DataFrame | None = None
    crossings: gpd.GeoDataFrame | None = None
