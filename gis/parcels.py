"""Parcels: screened, and measured by what a play area on each would change; the tables of a result that speak of them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import constraints, landuse, supply, tables
from sanchoi.gis.demand import Demand
from sanchoi.gis.effect import Effect, effect
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.norms import Limits
from sanchoi.gis.screening import Screening, screen
from sanchoi.gis.service import Service
from sanchoi.gis.streets import Streets
from sanchoi.gis.study import Study

Floats = npt.NDArray[np.float64]


def judge(
    study: Study, inputs: Inputs, demand: Demand, service: Service, limits: Limits, streets: Streets
) -> dict[str, pd.DataFrame]:
    """Tables `parcels`, `usable`, `screening` and `effects`, checked, geometry in EPSG:4326.

    The effect is measured for parcels that are not excluded, each alone, from the outline of its usable piece.
    """
    land = inputs.parcels
    if land is None or inputs.constraints is None or inputs.landuse_codes is None:
        return {}
    codes = landuse.load(inputs.landuse_codes)
    uses = landuse.classify(land["land_use"].tolist(), codes)
    rules = constraints.load(inputs.constraints, study.date)
    least = least_m2(study, limits)
    shapes = land.geometry.to_numpy()
    found = screen(land["parcel_id"].tolist(), shapes, uses, rules, inputs.constraint_layers, least)
    bands = [band.name for band in study.bands]
    open_ = np.flatnonzero(found.verdict != "excluded")
    gain = _effect(inputs, demand, service, limits, streets, found, open_, bands)
    homes = supply.homes(shapes, inputs.communes.geometry.to_numpy())
    inside = ~inputs.communes["halo"].to_numpy(dtype=bool)
    ids = inputs.communes["commune_id"].to_numpy()
    all_reached, all_gained = np.full(len(land), np.nan), np.full(len(land), np.nan)
    all_reached[open_], all_gained[open_] = gain.reached.sum(axis=1), gain.gained.sum(axis=1)
    table = gpd.GeoDataFrame(
        {
            "parcel_id": land["parcel_id"],
            "commune_id": [ids[h] if h >= 0 and inside[h] else None for h in homes],
            "land_use": land["land_use"],
            "land_class": [use.land_class for use in uses],
            "owner": land["owner"],
            "verdict": found.verdict,
            "who_vi": [use.who_vi or None for use in uses],
            "who_en": [use.who_en or None for use in uses],
            "against": [";".join(each) for each in found.why],
            "area_m2": shapely.area(shapes),
            "usable_m2": found.usable_m2,
            "circle_m": found.circle_m,
            "cost": land["cost"],
            "children_reached": all_reached,
            "children_gained": all_gained,
        },
        geometry=land.geometry.array,
        crs=land.crs,
    )
    pieces = ~shapely.is_empty(found.usable)
    usable = gpd.GeoDataFrame({"parcel_id": land["parcel_id"][pieces]}, geometry=found.usable[pieces], crs=land.crs)
    effects = pd.concat(
        [
            pd.DataFrame(
                {
                    "parcel_id": land["parcel_id"].to_numpy()[open_],
                    "band": band,
                    "children_reached": gain.reached[:, b],
                    "children_gained": gain.gained[:, b],
                }
            )
            for b, band in enumerate(bands)
        ]
    )
    out = {"parcels": table, "usable": usable, "screening": found.ledger, "effects": effects}
    return {name: tables.finish(frame, name) for name, frame in out.items()}


def least_m2(study: Study, limits: Limits) -> float:
    """Ground that a play area needs: the planner's figure, else the smallest that any tier of the norm asks for, else none."""
    own = study["parcels"]["min_area_m2"]
    if own is not None:
        return float(own)
    asked = [tier.min_site_m2 for tier in limits.tiers]
    return min((float(a) for a in asked if a is not None), default=0.0) if None not in asked else 0.0


def _effect(
    inputs: Inputs,
    demand: Demand,
    service: Service,
    limits: Limits,
    streets: Streets,
    found: Screening,
    open_: npt.NDArray[np.intp],
    bands: list[str],
) -> Effect:
    way = streets.walk(demand.x, demand.y, found.usable[open_], limits.max_walk_m)
    low, _ = supply.reach_limits(limits, bands, found.usable_m2[open_])
    surveyed = inputs.communes["surveyed"].to_numpy(dtype=bool)[demand.commune]
    inside = ~inputs.communes["halo"].to_numpy(dtype=bool)[demand.commune]
    children = np.where(inside[:, None], demand.children, 0.0)  # children beyond the study are nobody's gain
    return effect(way, children, service.covered_possible, surveyed, low)
