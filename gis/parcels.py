"""Parcels: screened, measured by what a play area on each would change, and scored; the tables of a result that speak of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import constraints, landuse, merits, plots, supply, tables
from sanchoi.gis.demand import Demand
from sanchoi.gis.effect import Effect, Today, effect
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.landuse import Use
from sanchoi.gis.norms import Limits
from sanchoi.gis.notes import Notes
from sanchoi.gis.reach import Reach
from sanchoi.gis.screening import Screening, Value, screen
from sanchoi.gis.service import Service, Terms
from sanchoi.gis.streets import Streets
from sanchoi.gis.study import Study

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]
LARGE_M2 = 20_000.0
LEAST_M2 = 200.0
"""What the equipment plan of Quảng Nam 2024–26 asks of a garden or village hall: where a norm asks for no least ground."""


def judge(
    study: Study,
    inputs: Inputs,
    demand: Demand,
    service: Service,
    limits: Limits,
    terms: Terms,
    streets: Streets,
    notes: Notes,
    record: dict[str, object],
) -> dict[str, pd.DataFrame]:
    """Tables of the parcels, checked, geometry in EPSG:4326; how the score was made goes to `record["scoring"]`.

    Every parcel is screened. The effect is measured for those that are not excluded, each alone, from the outline of its usable
    piece; they are scored, and the plan is chosen among them.
    """
    land = inputs.parcels
    if land is None or inputs.constraints is None or inputs.landuse_codes is None:
        return {}
    land = plots.split(land, most_m2(study, limits), notes)
    shared = [home is not None for home in _homes(inputs, demand, land.geometry.to_numpy())]
    land = gpd.GeoDataFrame(land[shared].reset_index(drop=True), crs=land.crs)  # plots of a parcel across the border
    rows, classes, inputs = inputs.constraints, inputs.landuse_codes, replace(inputs, parcels=land)
    ids = land["parcel_id"].to_numpy()
    codes = land["land_use"].astype(object).where(land["land_use"].notna(), None).tolist()
    uses = landuse.classify(codes, landuse.load(classes))
    rules = constraints.load(rows, study.date)
    least, shapes = least_m2(study, limits), land.geometry.to_numpy()
    slope = None if inputs.terrain is None else merits.Slope(inputs.terrain, str(land.crs))
    values: dict[str, Value] = {}
    if slope is not None:
        values["slope"] = slope
    found = screen(
        ids.tolist(),
        shapes,
        uses,
        rules,
        {**inputs.constraint_layers, **_open_today(inputs)},
        least,
        values,
        least_source=(least_source(study, limits), "", study["parcels"]["min_area_m2"] is not None),
    )
    open_ = np.flatnonzero(found.verdict != "excluded")

    walks = all(limits.walk_m(band.name) is not None for band in study.bands)
    way = streets.walk(demand.x, demand.y, found.usable[open_], limits.max_walk_m)
    low, _ = supply.reach_limits(limits, [band.name for band in study.bands], found.usable_m2[open_])
    today = _today(inputs, demand, service, terms)
    change = effect(way, found.usable_m2[open_], low, today)
    worth = merits.measure(study, inputs, streets, demand, found, open_, uses, way, low, change, terms, slope, least)
    score = merits.score(study, ids, open_, worth)
    record["scoring"] = score.record

    table = _table(study, inputs, demand, found, uses, open_, change, terms, walks)
    for column, each in score.columns.items():
        table[column] = each
    out = {
        "parcels": table,
        "usable": _usable(land, found),
        "screening": found.ledger,
        "constraints": constraints.frame(rules, found.checked),
        "effects": _effects(study, inputs, ids[open_], change),
        "walks": _walks(inputs, demand, ids[open_], way),
        "parcel_limits": _limits(study, ids[open_], low),
        **score.tables,
    }
    return {name: tables.finish(frame, name, ordered=name == "screening") for name, frame in out.items()}


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
        total = np.zeros(len(total))  # no cost of land is given at all: public land, what is built is what is paid
    return total + float(build or 0.0)


def _open_today(inputs: Inputs) -> dict[str, gpd.GeoDataFrame]:
    """Open play areas as a layer that constrains: their ground is no new ground. None without an inventory."""
    if inputs.play_areas is None:
        return {}
    counts = supply.counted(inputs.play_areas)
    return {
        "play_areas": gpd.GeoDataFrame(geometry=inputs.play_areas.geometry[counts].array, crs=inputs.play_areas.crs)
    }


def _today(inputs: Inputs, demand: Demand, service: Service, terms: Terms) -> Today:
    communes = inputs.communes
    omega = np.ones(demand.children.shape[1]) if terms.band_weights is None else terms.band_weights
    return Today(
        demand.children,
        ~communes["halo"].to_numpy(dtype=bool)[demand.commune],
        demand.commune,
        communes["surveyed"].to_numpy(dtype=bool)[demand.commune],
        service,
        terms.asked_m2,
        omega,
        terms.kind,
    )


def _table(
    study: Study,
    inputs: Inputs,
    demand: Demand,
    found: Screening,
    uses: Sequence[Use],
    open_: Ints,
    change: Effect,
    terms: Terms,
    walks: bool,
) -> gpd.GeoDataFrame:
    land = gpd.GeoDataFrame(inputs.parcels)
    shapes, n = land.geometry.to_numpy(), len(open_)
    asks = ~np.isnan(terms.asked_m2)
    blank = 0.0 if walks else np.nan  # a norm that says nothing of walking leaves it unknown who comes

    def spread(values: Floats) -> Floats:
        out = np.full(len(land), np.nan)
        out[open_] = values
        return out

    return gpd.GeoDataFrame(
        {
            "parcel_id": land["parcel_id"],
            "commune_id": _homes(inputs, demand, np.where(shapely.is_empty(found.usable), shapes, found.usable)),
            "land_use": land["land_use"],
            "land_class": [use.land_class for use in uses],
            "owner": land["owner"],
            "verdict": found.verdict,
            "who_vi": [use.who_vi or None for use in uses],
            "who_en": [use.who_en or None for use in uses],
            "against": [";".join(each) for each in found.why],
            "near_misses": [";".join(each) for each in found.near],
            "area_m2": shapely.area(shapes),
            "usable_m2": found.usable_m2,
            "circle_m": found.circle_m,
            "cost": costs(study, land, uses, found.usable_m2),
            "demand": spread(change.demand),
            "children_reached": spread(change.total(change.reached, n) + blank),
            "children_gained": spread(change.total(change.gained, n) + blank),
            "shortfall_relieved_m2": spread(change.total(change.relieved, n, asks) + blank),
        },
        geometry=land.geometry.array,
        crs=land.crs,
    )


def _homes(inputs: Inputs, demand: Demand, shapes: Geometries) -> list[str | None]:
    """Commune of the study that holds most of each piece of ground; None outside all."""
    outlines = demand.outlines
    inside = ~inputs.communes["halo"].to_numpy(dtype=bool)
    ids = inputs.communes["commune_id"].to_numpy()
    commune, parcel = shapely.STRtree(shapes).query(outlines, predicate="intersects")
    parcel, commune = parcel[inside[commune]], commune[inside[commune]]
    several = np.bincount(parcel, minlength=len(shapes))[parcel] > 1
    share = np.full(len(parcel), np.inf)
    share[several] = shapely.area(shapely.intersection(shapes[parcel[several]], outlines[commune[several]]))
    order = np.lexsort((-commune, share, parcel))  # the last of a parcel wins: most ground, then the first commune
    home = np.full(len(shapes), -1)
    home[parcel[order]] = commune[order]
    return [ids[h] if h >= 0 else None for h in home.tolist()]


def _usable(land: gpd.GeoDataFrame, found: Screening) -> gpd.GeoDataFrame:
    pieces = ~shapely.is_empty(found.usable)
    return gpd.GeoDataFrame({"parcel_id": land["parcel_id"][pieces]}, geometry=found.usable[pieces], crs=land.crs)


def _effects(study: Study, inputs: Inputs, ids: npt.NDArray[np.object_], change: Effect) -> pd.DataFrame:
    communes = inputs.communes["commune_id"].to_numpy()
    return pd.concat(
        pd.DataFrame(
            {
                "parcel_id": ids[change.parcel],
                "commune_id": communes[change.commune],
                "band": band.name,
                "children_reached": change.reached[:, b],
                "children_gained": change.gained[:, b],
                "shortfall_relieved_m2": change.relieved[:, b],
            }
        )
        for b, band in enumerate(study.bands)
    )


def _walks(inputs: Inputs, demand: Demand, ids: npt.NDArray[np.object_], way: Reach) -> pd.DataFrame:
    """Pairs of a cell of the study and a parcel within the longest limit."""
    mine = ~inputs.communes["halo"].to_numpy(dtype=bool)[demand.commune[way.cell]]
    cell = way.cell[mine]
    communes = inputs.communes["commune_id"].to_numpy()
    return pd.DataFrame(
        {
            "cell_id": pd.array(demand.cell_id, dtype="str").take(cell),
            "commune_id": pd.array(communes, dtype="str").take(demand.commune[cell]),
            "parcel_id": pd.array(ids, dtype="str").take(way.site[mine]),
            "walk_m": way.walk_m[mine],
        }
    )


def _limits(study: Study, ids: npt.NDArray[np.object_], limit_m: Floats) -> pd.DataFrame:
    rows = [pd.DataFrame({"parcel_id": ids, "band": b.name, "limit_m": limit_m[i]}) for i, b in enumerate(study.bands)]
    return pd.concat(rows)
