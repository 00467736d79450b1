"""Land: everything that a criterion may measure of the parcels, and what their distances and shares have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]

FAR_M = 5000.0
"""Distances are looked for up to here; 5,000 m stands for "5,000 m or more". No scale reaches as far."""


@dataclass(frozen=True)
class Land:
    """The parcels to be scored, one entry each, in the study CRS, metres. NaN = not known for that parcel; None = for none.

    Attributes
    ----------
    usable : the largest usable piece of each. usable_m2, circle_m : its area and the diameter of its largest inscribed circle.
    children_reached : children who could walk to it. children_gained : those of them whom no play area covers today.
    by_need : no commune is surveyed, so that nobody knows who gains: children in reach are counted in their place.
    shortfall_relieved_m2 : None where the norm asks for no ground or nothing is surveyed.
    slope_percent : mean of the usable piece. land_class : "A", "B", "C"; None = the code is not known.
    public : True, False, None = not known; the whole None = the study names no owner.
    offset_m : from the outline of the usable piece to the walking network. None where there is no network, as for `detour`.
    detour : walk ÷ straight line, mean over the children in reach; NaN where none is.
    layers : the study's layers by name (roads, water, flood, schools, halls). Absent = not given; empty = there is none.
    least_m2 : ground that a play area needs in this study.
    """

    usable: Geometries
    usable_m2: Floats
    circle_m: Floats
    children_reached: Floats
    children_gained: Floats
    by_need: bool = False
    shortfall_relieved_m2: Floats | None = None
    slope_percent: Floats | None = None
    land_class: Sequence[str | None] | None = None
    public: npt.NDArray[np.object_] | None = None
    offset_m: Floats | None = None
    detour: Floats | None = None
    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    least_m2: float = 0.0

    def __len__(self) -> int:
        return len(self.usable)

    def features(self, layer: str) -> Geometries | None:
        """Geometry of a layer without empty ones; None = the layer was not given."""
        found = self.layers.get(layer)
        if found is None:
            return None
        shapes: Geometries = np.asarray(found.geometry.to_numpy(), dtype=object)
        there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        return np.asarray(shapes[there])

    def distance_m(self, layer: str) -> Floats | None:
        """Straight distance from the usable piece to the nearest feature of a layer; None = the layer was not given."""
        features = self.features(layer)
        return None if features is None else nearest_m(self.usable, features)


def nearest_m(shapes: Geometries, features: Geometries) -> Floats:
    """Distance from each shape to the nearest feature, 0 where they touch, at most `FAR_M`; NaN for an empty shape."""
    out = np.where(shapely.is_empty(shapes), np.nan, FAR_M)
    if len(features) and len(shapes):
        (which, _), away = shapely.STRtree(features).query_nearest(
            shapes, max_distance=FAR_M, return_distance=True, all_matches=False
        )
        out[which] = away
    return out


def covered_share(shapes: Geometries, features: Geometries) -> Floats:
    """Share of each shape's area that features cover, 0–1; ground under several features counts once. NaN for an empty shape."""
    area = shapely.area(shapes)
    wet = np.zeros(len(shapes))
    which, feature = shapely.STRtree(features).query(shapes, predicate="intersects")
    order = np.lexsort((feature, which))  # in the order of the layer, whatever else is in the tree
    which, feature = which[order], feature[order]
    pieces = shapely.intersection(shapes[which], features[feature])
    found, first = np.unique(which, return_index=True)
    for shape, group in zip(found, np.split(pieces, first[1:]), strict=False):
        wet[shape] = shapely.area(shapely.union_all(group) if len(group) > 1 else group[0])
    share = np.divide(wet, area, out=np.full(len(shapes), np.nan), where=area > 0)
    out: Floats = np.minimum(share, 1.0)
    return out
