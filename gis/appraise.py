"""Appraise: what is to be said of pieces of land: whether the rules allow a play area, what it would change, how good it is.

One code for the parcels of a run and for the one that somebody draws. What land is judged by stands in a `Scene`: a run gives the
whole study, `here` the part of it around one piece of land; what is found of a piece is the same to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import landuse, merits, supply
from sanchoi.gis.constraints import Constraint
from sanchoi.gis.criteria import Land
from sanchoi.gis.effect import Effect, Today, effect
from sanchoi.gis.grounds import Ground
from sanchoi.gis.landuse import Use
from sanchoi.gis.merits import Slope
from sanchoi.gis.norms import Limits
from sanchoi.gis.reach import Reach
from sanchoi.gis.screening import Screening, Value, screen
from sanchoi.gis.service import Terms
from sanchoi.gis.study import Study

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]
LARGE_M2 = 20_000.0
LEAST_M2 = 200.0
"""What the equipment plan of Quảng Nam 2024–26 asks of a garden or village hall: where a norm asks for no least ground."""


@dataclass(frozen=True)
class Walked:
    """Walks from cells to pieces of land, where those cells are, and what their children have today."""

    way: Reach
    x: Floats
    y: Floats
    today: Today


@dataclass(frozen=True)
class Scene:
    """What land is judged by.

    Attributes
    ----------
    rules, grounds : the rules in force, and of each its ground, None = its layer was not given. codes : what codes mean.
    kinds : owner kinds, loaded; None = the study names no owner. layers : roads, water, flood, schools, halls, by name.
    lines : ways on foot as they were read, None = there is no network. slope : None = there is no terrain.
    surveyed : some commune is. walk : walks to pieces of land.
    """

    study: Study
    limits: Limits
    terms: Terms
    rules: Sequence[Constraint]
    grounds: Sequence[Ground | None]
    codes: Mapping[str, Use]
    kinds: pd.DataFrame | None
    layers: Mapping[str, gpd.GeoDataFrame]
    lines: Geometries | None
    slope: Slope | None
    surveyed: bool
    walk: Callable[[Geometries], Walked]


@dataclass(frozen=True)
class Screened:
    """What the rules say of land; `area_m2` of it as it was given; `cost` in VND, NaN = not known."""

    uses: list[Use]
    found: Screening
    area_m2: Floats
    cost: Floats


@dataclass(frozen=True)
class Appraised:
    """What else is found of the land that is not excluded, which stands at the positions `open_`.

    Attributes
    ----------
    walked, change : walks and effect of each piece. limit_m : (bands, pieces) how far a band may walk. merits : for the score.
    """

    open_: Ints
    walked: Walked
    limit_m: Floats
    change: Effect
    merits: Land


def screened(scene: Scene, land: gpd.GeoDataFrame) -> Screened:
    """Screen land: parcel_id, land_use, owner, cost, cost_per_m2 and polygons in the study's CRS."""
    study, limits = scene.study, scene.limits
    codes = land["land_use"].astype(object).where(land["land_use"].notna(), None).tolist()
    uses = landuse.classify(codes, scene.codes)
    values: dict[str, Value] = {} if scene.slope is None else {"slope": scene.slope}
    found = screen(
        land["parcel_id"].tolist(),
        land.geometry.to_numpy(),
        uses,
        scene.rules,
        {},
        least_m2(study, limits),
        values,
        least_source=(least_source(study, limits), "", study["parcels"]["min_area_m2"] is not None),
        grounds=scene.grounds,
    )
    return Screened(uses, found, shapely.area(land.geometry.to_numpy()), costs(study, land, uses, found.usable_m2))


def open_of(seen: Screened) -> Ints:
    """Positions of the land that is not excluded."""
    return np.flatnonzero(seen.found.verdict != "excluded")


def appraise(scene: Scene, land: gpd.GeoDataFrame, seen: Screened, open_: Ints) -> Appraised:
    """Measure the effect of the land at the positions `open_`, each piece alone, and what the criteria look at."""
    found, limits, terms = seen.found, scene.limits, scene.terms
    pieces, ground = found.usable[open_], found.usable_m2[open_]
    walked = scene.walk(pieces)
    low, _ = supply.reach_limits(limits, [band.name for band in scene.study.bands], ground)
    change = effect(walked.way, ground, low, walked.today)
    n, asks = len(open_), ~np.isnan(terms.asked_m2)
    owners_known = scene.study["parcels"]["owner"] is not None
    texts = land["owner"].astype(object).where(land["owner"].notna(), None)
    merit = Land(
        usable=pieces,
        usable_m2=ground,
        circle_m=found.circle_m[open_],
        children_reached=change.total(change.reached, n),
        children_gained=change.total(change.gained, n),
        by_need=not scene.surveyed,
        shortfall_relieved_m2=change.total(change.relieved, n, asks) if scene.surveyed and asks.any() else None,
        slope_percent=None if scene.slope is None else scene.slope.last[open_],
        land_class=[seen.uses[i].land_class for i in open_.tolist()],
        public=merits.public(texts.iloc[open_].tolist(), scene.kinds) if owners_known else None,
        offset_m=merits.offset_m(scene.lines, pieces),
        detour=None
        if scene.lines is None
        else merits.detour(walked.x, walked.y, walked.way, low, walked.today, pieces),
        layers=scene.layers,
        least_m2=least_m2(scene.study, limits),
    )
    return Appraised(open_, walked, low, change, merit)


def least_m2(study: Study, limits: Limits) -> float:
    """Ground that a play area needs: the planner's figure, else the least that every tier of the norm asks for, else `LEAST_M2`."""
    own = study["parcels"]["min_area_m2"]
    if own is not None:
        return float(own)
    asked = [tier.min_site_m2 for tier in limits.tiers]
    if asked and None not in asked:
        return min(float(a) for a in asked if a is not None)
    return LEAST_M2


def most_m2(study: Study, limits: Limits) -> float:
    """The largest ground of one play area: the planner's figure, else 2 ha, or what a tier of the norm asks for if that is more."""
    own = study["parcels"]["max_area_m2"]
    if own is not None:
        return float(own)
    return max([LARGE_M2, *(float(tier.min_site_m2) for tier in limits.tiers if tier.min_site_m2 is not None)])


def least_source(study: Study, limits: Limits) -> str:
    """Who asks for that ground."""
    if study["parcels"]["min_area_m2"] is not None:
        return "set by the planner"
    if all(tier.min_site_m2 is not None for tier in limits.tiers):
        return f"norm profile {limits.profile}"
    return "the norm asks for none; 200 m² as for a garden in the equipment plan of Quảng Nam 2024–26"


def costs(study: Study, land: pd.DataFrame, uses: Sequence[Use], usable_m2: Floats) -> Floats:
    """VND for a play area on each parcel, NaN = not known.

    The land: its recorded cost; else its recorded cost a m², or the study's figure for its land class, times the usable ground.
    Then what it costs to build one ([parcels] build_cost) is added.
    """
    section = study["parcels"]
    by_class: Mapping[str, float] = section["cost_per_m2"] or {}
    rate = np.array([by_class.get(use.land_class or "", np.nan) for use in uses], dtype=float)
    own_rate = land["cost_per_m2"].to_numpy(dtype=float)
    rate = np.where(np.isnan(own_rate), rate, own_rate)
    own = land["cost"].to_numpy(dtype=float)
    total: Floats = np.where(np.isnan(own), rate * usable_m2, own)
    build = section["build_cost"]
    if build is not None and not by_class and section["cost"] is None:
        # no cost of land is given at all: public land, what is built is what is paid
        total = np.where(np.isnan(total), 0.0, total)
    return total + float(build or 0.0)


def homes(communes: gpd.GeoDataFrame, outlines: Geometries, shapes: Geometries) -> list[str | None]:
    """Commune of the study that holds most of each piece of ground; None outside all."""
    inside = ~communes["halo"].to_numpy(dtype=bool)
    ids = communes["commune_id"].to_numpy()
    commune, parcel = shapely.STRtree(shapes).query(outlines, predicate="intersects")
    parcel, commune = parcel[inside[commune]], commune[inside[commune]]
    several = np.bincount(parcel, minlength=len(shapes))[parcel] > 1
    share = np.full(len(parcel), np.inf)
    share[several] = shapely.area(shapely.intersection(shapes[parcel[several]], outlines[commune[several]]))
    order = np.lexsort((-commune, share, parcel))  # the last of a parcel wins: most ground, then the first commune
    home = np.full(len(shapes), -1)
    home[parcel[order]] = commune[order]
    return [ids[h] if h >= 0 else None for h in home.tolist()]
