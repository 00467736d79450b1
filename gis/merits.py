"""Merits: what the criteria measure of each parcel that is not excluded, its score, and how sure its rank is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import owners, scoring, smaa, terrain
from sanchoi.gis.criteria import Land
from sanchoi.gis.crowding import within
from sanchoi.gis.effect import Today
from sanchoi.gis.raster import Raster
from sanchoi.gis.reach import Reach
from sanchoi.gis.study import Study

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]

BEST = 10
"""How many parcels "among the best" means where the study asks for no number of sites."""
ROUND = ("roads", "water", "flood")
"""Constraint layers that criteria look at too."""
COLUMNS = {"roads": ("class",)}
"""And columns of theirs that criteria read."""


@dataclass(frozen=True)
class Merits:
    """Columns for table `parcels`, tables `criteria`, `contributions` and `acceptability`, and what run.json says of them."""

    columns: dict[str, object]
    tables: dict[str, pd.DataFrame]
    record: dict[str, object]


class Slope:
    """Mean slope of pieces of ground in %, NaN where the terrain model does not reach; the last answer is kept.

    Called with geometries in the study CRS; `steep` is the slope in % on the grid of the model.
    """

    def __init__(self, steep: Raster, crs: str) -> None:
        self._steep, self._crs = steep, crs
        self.last: Floats = np.empty(0)

    def __call__(self, shapes: Geometries) -> Floats:
        """Mean slope of each shape."""
        self.last = terrain.mean_over(self._steep, gpd.GeoDataFrame(geometry=shapes, crs=self._crs))
        return self.last


def score(study: Study, parcel_id: npt.NDArray[np.object_], open_: Ints, land: Land) -> Merits:
    """Score the parcels at the positions `open_`, and draw how sure their ranks are.

    Raises
    ------
    StudyError : [weights] that cannot be used.
    """
    weights = dict(study["weights"].values)
    found = scoring.score(parcel_id[open_].tolist(), land, weights)
    p = int(study["siting"]["count"] or BEST)
    sure = smaa.acceptability(found.utility, found.weight, p)

    def spread(values: Floats) -> Floats:
        out = np.full(len(parcel_id), np.nan)
        out[open_] = values
        return out

    rank = pd.array(spread(found.rank.astype(float)), dtype="Float64").astype("Int64")
    return Merits(
        {
            "score": spread(found.score),
            "score_high": spread(found.score_high),
            "rank": rank,
            "rank_first": spread(np.minimum(sure.rank_first, 1.0)),
            "in_best": spread(np.minimum(sure.in_best, 1.0)),
        },
        {
            "criteria": found.criteria,
            "contributions": found.contributions,
            "acceptability": sure.table(parcel_id[open_].tolist()),
        },
        {
            "weights": dict(
                zip(found.criteria["criterion_id"].tolist(), found.criteria["weight"].tolist(), strict=True)
            ),
            "set_by_planner": bool(weights),
            "left_out": dict(found.left_out),
            "draws": sure.draws,
            "seed": sure.seed,
            "p": sure.p,
            "kappa": sure.kappa,
            "scored": len(land),
        },
    )


def public(texts: Sequence[str | None], kinds: pd.DataFrame | None) -> npt.NDArray[np.object_] | None:
    """Whether the land is public, by what is said of its owner; None = nobody told which owners are."""
    return None if kinds is None else owners.public(texts, kinds)


def offset_m(lines: Geometries | None, usable: Geometries) -> Floats | None:
    """Metres from each piece to the nearest way on foot; None without a network."""
    if lines is None:
        return None
    out = np.full(len(usable), np.nan)
    if len(lines) and len(usable):
        (which, _), away = shapely.STRtree(lines).query_nearest(usable, return_distance=True, all_matches=False)
        out[which] = away
    return out


def detour(x: Floats, y: Floats, way: Reach, limit_m: Floats, today: Today, usable: Geometries) -> Floats:
    """Walk ÷ straight line to each piece, mean over the children in reach; NaN where there is none, or all live on it."""
    straight = shapely.distance(shapely.points(x[way.cell], y[way.cell]), usable[way.site])
    people = np.zeros(len(way.cell))
    for b, limit in enumerate(limit_m):
        people += np.where(within(way.walk_m, limit[way.site]), np.nan_to_num(today.children[way.cell, b]), 0.0)
    people = np.where(straight > 0, people, 0.0)
    ratio = np.divide(way.walk_m, straight, out=np.zeros(len(straight)), where=straight > 0)
    n = len(usable)
    mass = np.bincount(way.site, people, n)[:n]
    out = np.full(n, np.nan)
    np.divide(np.bincount(way.site, people * ratio, n)[:n], mass, out=out, where=mass > 0)
    return out
