"""Parcels: screened, and measured by what a play area on each would change; the tables of a result that speak of them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import constraints, landuse, siting, supply, tables
from sanchoi.gis.crowding import within
from sanchoi.gis.demand import Demand
from sanchoi.gis.effect import effect
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.norms import Limits
from sanchoi.gis.notes import Notes
from sanchoi.gis.reach import Reach
from sanchoi.gis.screening import screen
from sanchoi.gis.service import Service
from sanchoi.gis.streets import Streets
from sanchoi.gis.study import Study

Floats = npt.NDArray[np.float64]


def judge(
    study: Study,
    inputs: Inputs,
    demand: Demand,
    service: Service,
    limits: Limits,
    streets: Streets,
    notes: Notes,
    record: dict[str, object],
) -> dict[str, pd.DataFrame]:
    """Tables `parcels`, `usable`, `screening`, `effects` and, where sites are asked for, `sites`; checked, geometry in EPSG:4326.

    The proof of the sites goes to `record["siting"]`. The effect is measured for parcels that are not excluded, each alone, from
    the outline of its usable piece.
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
    inside = ~inputs.communes["halo"].to_numpy(dtype=bool)
    way = streets.walk(demand.x, demand.y, found.usable[open_], limits.max_walk_m)
    low, _ = supply.reach_limits(limits, bands, found.usable_m2[open_])
    surveyed = inputs.communes["surveyed"].to_numpy(dtype=bool)[demand.commune]
    children = np.where(
        inside[demand.commune][:, None], demand.children, 0.0
    )  # those beyond the study are nobody's gain
    gain = effect(way, children, service.covered_possible, surveyed, low)
    homes = supply.homes(shapes, inputs.communes.geometry.to_numpy())
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
    if study["siting"]:
        wanted = np.where(service.covered_possible, 0.0, children)
        out["sites"] = _sites(study, table.iloc[open_], found.usable[open_], way, low, wanted, surveyed, record, notes)
    return {name: tables.finish(frame, name) for name, frame in out.items()}


def least_m2(study: Study, limits: Limits) -> float:
    """Ground that a play area needs: the planner's figure, else the smallest that any tier of the norm asks for, else none."""
    own = study["parcels"]["min_area_m2"]
    if own is not None:
        return float(own)
    asked = [tier.min_site_m2 for tier in limits.tiers]
    return min((float(a) for a in asked if a is not None), default=0.0) if None not in asked else 0.0


def _sites(
    study: Study,
    candidates: pd.DataFrame,
    outlines: npt.NDArray[np.object_],
    way: Reach,
    limit_m: Floats,
    wanted: Floats,
    surveyed: npt.NDArray[np.bool_],
    record: dict[str, object],
    notes: Notes,
) -> pd.DataFrame:
    """The plan as a table; its proof goes to the record, and what the user must know to the notes."""
    section = study["siting"]
    if not surveyed.any():
        notes.add(
            "siting_by_need",
            "no commune is surveyed · where play areas are · sites are chosen by all children in reach, not by those who lack one",
            layer="siting",
        )
    else:
        wanted = np.where(surveyed[:, None], wanted, 0.0)
    money = section["budget"] is not None
    cost = candidates["cost"].to_numpy(dtype=float) if money else np.ones(len(candidates))
    known = ~np.isnan(cost)
    if not known.all():
        notes.add(
            "cost_unknown",
            f"{int((~known).sum())} parcels have no cost · a cost for each under a budget · they cannot be chosen",
            layer="parcels",
            count=int((~known).sum()),
        )
    number = np.cumsum(known) - 1
    demand, site = [], []
    for b in range(len(limit_m)):
        near = within(way.walk_m, limit_m[b, way.site]) & known[way.site]
        demand.append(way.cell[near] * len(limit_m) + b)
        site.append(number[way.site[near]])
    spacing = float(section["min_spacing_m"] or 0.0)
    shapes = outlines[known]
    one, two = (
        shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=spacing) if spacing else (number[:0],) * 2
    )
    close = (one < two) & (shapely.distance(shapes[one], shapes[two]) < spacing)
    problem = siting.Problem(
        np.concatenate(demand),
        np.concatenate(site),
        np.nan_to_num(wanted).reshape(-1),
        cost[known],
        float(section["budget"] if money else section["count"]),
        np.column_stack([one[close], two[close]]).astype(np.int64),
    )
    plan = siting.solve(problem, float(section["seconds"] or 60.0))
    record["siting"] = {
        "objective": "children covered for the first time" if surveyed.any() else "children in reach",
        "incumbent": plan.objective,
        "bound": plan.bound,
        "mip_gap": plan.mip_gap,
        "candidates": int(known.sum()),
        "seed": 0,
        "solver": plan.solver,
    }
    chosen = candidates[known].iloc[plan.chosen]
    return pd.DataFrame(
        {
            "parcel_id": chosen["parcel_id"].to_numpy(),
            "build_order": np.arange(1, len(chosen) + 1),
            "verdict": chosen["verdict"].to_numpy(),
            "cost": chosen["cost"].to_numpy(),
            "children_gained": np.diff(plan.steps, prepend=0.0),
            "children_total": plan.steps,
        }
    )
