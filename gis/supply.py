"""Supply: play areas, their ground in m², and which of them the norm lets a child count on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis.norms import Limit, Limits

Floats = npt.NDArray[np.float64]
LEAST_M2 = 1.0
"""A play area that lies in a commune with less than this lies in its neighbour."""


def ground(play_areas: gpd.GeoDataFrame) -> Floats:
    """m² of each play area that are its own, in the order of the table; NaN = unknown. See `own_m2`."""
    return own_m2(play_areas.geometry.to_numpy(), size(play_areas))


def own_m2(geometry: npt.NDArray[np.object_], size_m2: Floats) -> Floats:
    """m² of each play area that are its own; NaN = unknown.

    As `size`, but ground that two places share (a playground in a park, a pitch that does not count) is counted once: it stays with
    the smaller of the two, and a point inside polygons takes its recorded area from the smallest of them.
    """
    polygons = np.flatnonzero(shapely.get_dimensions(geometry) == 2)
    own = size_m2.copy()
    own[polygons] = np.fmin(own[polygons], shapely.area(_own_ground(geometry[polygons])))
    recorded = np.flatnonzero((shapely.get_dimensions(geometry) < 2) & ~np.isnan(own))
    if len(polygons) and len(recorded):
        point, holder = shapely.STRtree(geometry[polygons]).query(geometry[recorded], predicate="intersects")
        order = np.lexsort((holder, shapely.area(geometry[polygons])[holder], point))
        found, first = np.unique(point[order], return_index=True)
        np.subtract.at(own, polygons[holder[order][first]], own[recorded[found]])
        own[polygons] = np.maximum(own[polygons], 0.0)
    return own


def size(play_areas: gpd.GeoDataFrame) -> Floats:
    """m² of each play area as a child finds it, whatever else lies in it; NaN = unknown. See `size_m2`."""
    recorded, usable = (play_areas[column].to_numpy(dtype=float) for column in ("area_m2", "usable_m2"))
    return size_m2(play_areas.geometry.to_numpy(), recorded, usable)


def size_m2(geometry: npt.NDArray[np.object_], recorded_m2: Floats, usable_m2: Floats) -> Floats:
    """`usable_m2` where recorded, at most the area of the outline; else that area (study CRS); else a point's recorded area."""
    polygon = shapely.get_dimensions(geometry) == 2
    area: Floats = np.where(polygon, shapely.area(geometry), recorded_m2)
    area = np.where(np.isnan(usable_m2), area, np.minimum(usable_m2, np.where(np.isnan(area), np.inf, area)))
    return area


def counted(play_areas: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether each play area is supply: its kind counts, and it is open to the public and free.

    An access that was not recorded (`unknown`) is taken as open.
    """
    kind = play_areas["kind_counts"].to_numpy(dtype=bool)
    return kind & play_areas["access"].isin(["public", "unknown"]).to_numpy()


def in_communes(
    geometry: npt.NDArray[np.object_], area_m2: Floats, shapes: npt.NDArray[np.object_]
) -> tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Ground of open supply per commune, from the geometry of both.

    Polygons are unioned, then clipped to the commune; a point counts with its recorded area in the commune that holds it.
    Where `usable_m2` is smaller than the outline, the clipped ground is scaled by `usable / outline`.

    Returns
    -------
    known_m2 : Σ of the known ground, one per commune.
    unknown : whether a play area of unknown size lies in it.
    home : per play area, the commune that holds most of it (an inner point), −1 outside all.
    """
    home = homes(geometry, shapes)
    known = np.zeros(len(shapes))
    is_point = shapely.get_dimensions(geometry) < 2
    at = np.flatnonzero(is_point & (home >= 0) & ~np.isnan(area_m2))
    np.add.at(known, home[at], area_m2[at])
    polygons = np.flatnonzero(~is_point)
    own = _own_ground(geometry[polygons])
    outline = shapely.area(own)
    factor = np.divide(area_m2[polygons], outline, out=np.ones(len(polygons)), where=outline > 0)
    one, two = shapely.STRtree(shapes).query(own, predicate="intersects")
    np.add.at(known, two, shapely.area(shapely.intersection(own[one], shapes[two])) * np.minimum(factor[one], 1.0))
    unknown = np.zeros(len(shapes), dtype=bool)
    unknown[home[(home >= 0) & np.isnan(area_m2)]] = True
    return known, unknown, home


def lies_in(known_m2: Floats, home: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Communes in which an open play area lies, from what `in_communes` gives."""
    has = known_m2 > LEAST_M2
    has[home[home >= 0]] = True
    return np.asarray(has)


def homes(geometry: npt.NDArray[np.object_], shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """Commune that holds an inner point of each play area (position), −1 outside all; on a border the first takes it."""
    home = np.full(len(geometry), -1)
    if len(geometry):
        point, commune = shapely.STRtree(shapes).query(shapely.point_on_surface(geometry), predicate="intersects")
        order = np.lexsort((-commune, point))
        home[point[order]] = commune[order]
    return home


def _own_ground(geometry: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Polygons without the ground of smaller ones they share."""
    own = geometry.copy()
    size = shapely.area(geometry)
    one, two = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    for i, j in sorted(zip(one.tolist(), two.tolist(), strict=True)):
        if i != j and (size[j], j) < (size[i], i):
            own[i] = shapely.difference(own[i], geometry[j])
    return own


def reach_limits(limits: Limits, bands: Sequence[str], size_m2: Floats) -> tuple[Floats, Floats]:
    """How far a band may walk to each play area: the longest limit of the tiers whose size it meets.

    Returns
    -------
    (bands, play areas) metres, NaN = no tier takes it: first with an unknown size meeting no floor, then with an unknown size
    meeting every floor. The truth lies between the two.
    """
    low = np.full((len(bands), len(size_m2)), np.nan)
    high = low.copy()
    for row, band in enumerate(bands):
        for tier in limits.of(band):
            if tier.walk_m is None:
                continue
            shown, possible = meets(tier, size_m2)
            low[row] = np.fmax(low[row], np.where(shown, tier.walk_m, np.nan))
            high[row] = np.fmax(high[row], np.where(possible, tier.walk_m, np.nan))
    return low, high


def meets(tier: Limit, size_m2: Floats) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Whether each play area is large enough for a tier: as shown by its size, and as possible if unknown sizes are."""
    if tier.min_site_m2 is None:
        every = np.ones(len(size_m2), dtype=bool)
        return every, every
    shown = size_m2 >= tier.min_site_m2 * (1 - 1e-9)
    return shown, shown | np.isnan(size_m2)


@dataclass(frozen=True)
class Sites:
    """Play areas of the inventory, and which of them are supply.

    `supply` holds the positions in `table` of the play areas that count. Of all: `area_m2` is their own ground, by which they are
    shared; `size_m2` the whole place, by which a norm's least size is judged. NaN = unknown.
    """

    table: gpd.GeoDataFrame
    area_m2: Floats
    size_m2: Floats
    supply: npt.NDArray[np.intp]

    @cached_property
    def geometry(self) -> npt.NDArray[np.object_]:
        """Geometry of the supply."""
        return np.asarray(self.table.geometry.to_numpy()[self.supply])


def sites(table: gpd.GeoDataFrame | None, crs: str) -> Sites:
    """The supply of an inventory; without one there is none, and whether there is any on the ground stays unknown."""
    if table is None:
        empty: dict[str, object] = {column: [] for column in ("play_area_id", "name", "kind", "access", "ages")}
        numbers = {column: np.empty(0) for column in ("area_m2", "usable_m2")}
        table = gpd.GeoDataFrame({**empty, **numbers, "kind_counts": np.empty(0, bool)}, geometry=[], crs=crs)
    return Sites(table, ground(table), size(table), np.flatnonzero(counted(table)))
