"""Parcels: screened, measured by what a play area on each would change, and scored; the tables of a result that speak of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import constraints, grounds, landuse, merits, owners, plots, supply, tables, terrain
from sanchoi.gis.appraise import Appraised, Scene, Screened, Walked, appraise, homes, most_m2, open_of, screened
from sanchoi.gis.constraints import Constraint
from sanchoi.gis.demand import Demand
from sanchoi.gis.effect import Effect, Today
from sanchoi.gis.grounds import Prepared
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.landuse import Use
from sanchoi.gis.norms import Limits
from sanchoi.gis.notes import Notes
from sanchoi.gis.reach import Reach
from sanchoi.gis.screening import Screening
from sanchoi.gis.service import Service, Terms
from sanchoi.gis.streets import Streets
from sanchoi.gis.study import Study

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Judged:
    """Tables of the parcels by name, and the layers that the rules speak of, in pieces; nothing = the study names no parcels."""

    tables: Mapping[str, pd.DataFrame]
    prepared: Prepared | None


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
) -> Judged:
    """Tables of the parcels, checked, geometry in EPSG:4326; how the score was made goes to `record["scoring"]`.

    Every parcel is screened. The effect is measured for those that are not excluded, each alone, from the outline of its usable
    piece; they are scored, and the plan is chosen among them.
    """
    land = inputs.parcels
    if land is None or inputs.constraints is None or inputs.landuse_codes is None:
        return Judged({}, None)
    land = plots.split(land, most_m2(study, limits), notes)
    shared = [home is not None for home in homes(inputs.communes, demand.outlines, land.geometry.to_numpy())]
    land = gpd.GeoDataFrame(land[shared].reset_index(drop=True), crs=land.crs)  # plots of a parcel across the border
    ids = land["parcel_id"].to_numpy()
    rules = constraints.load(inputs.constraints, study.date)
    prepared = grounds.prepare(rules, {**inputs.constraint_layers, **_open_today(inputs)})
    codes = landuse.table(landuse.load(inputs.landuse_codes))
    scene = _scene(study, inputs, demand, service, limits, terms, streets, rules, codes, prepared)
    seen = screened(scene, land)
    told = appraise(scene, land, seen, open_of(seen))
    score = merits.score(study, ids, told.open_, told.merits)
    record["scoring"] = score.record

    parcels = table(scene, inputs.communes, demand.outlines, land, seen, told)
    for column, each in score.columns.items():
        parcels[column] = each
    out = {
        "parcels": parcels,
        "usable": _usable(land, seen.found),
        "screening": seen.found.ledger,
        "constraints": constraints.frame(rules, seen.found.checked),
        "effects": effects(study, inputs.communes, ids[told.open_], told.change),
        "walks": _walks(inputs, demand, ids[told.open_], told.walked.way),
        "parcel_limits": _limits(study, ids[told.open_], told.limit_m),
        **score.tables,
    }
    return Judged(
        {name: tables.finish(frame, name, ordered=name == "screening") for name, frame in out.items()}, prepared
    )


def _scene(
    study: Study,
    inputs: Inputs,
    demand: Demand,
    service: Service,
    limits: Limits,
    terms: Terms,
    streets: Streets,
    rules: Sequence[Constraint],
    codes: Mapping[str, Use],
    prepared: Prepared,
) -> Scene:
    """The whole study."""
    today = _today(inputs, demand, service, terms)
    layers = {name: inputs.constraint_layers[name] for name in merits.ROUND if name in inputs.constraint_layers}
    return Scene(
        study,
        limits,
        terms,
        rules,
        grounds.grounds(rules, prepared),
        codes,
        None if inputs.owner_kinds is None else owners.load(inputs.owner_kinds),
        {**layers, **inputs.nearby},
        None if inputs.lines is None else inputs.lines.geometry.to_numpy(),
        None if inputs.terrain is None else merits.Slope(terrain.slope(inputs.terrain), study.crs),
        bool(inputs.communes.loc[~inputs.communes["halo"], "surveyed"].any()),
        lambda shapes: Walked(streets.walk(demand.x, demand.y, shapes, limits.max_walk_m), demand.x, demand.y, today),
    )


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


def table(
    scene: Scene,
    communes: gpd.GeoDataFrame,
    outlines: Geometries,
    land: gpd.GeoDataFrame,
    seen: Screened,
    told: Appraised,
) -> gpd.GeoDataFrame:
    """Rows of the table parcels, without their scores; geometry in the CRS of the land."""
    shapes, found, uses, n = land.geometry.to_numpy(), seen.found, seen.uses, len(told.open_)
    asks, change = ~np.isnan(scene.terms.asked_m2), told.change
    walks = all(scene.limits.walk_m(band.name) is not None for band in scene.study.bands)
    blank = 0.0 if walks else np.nan  # a norm that says nothing of walking leaves it unknown who comes

    def spread(values: Floats) -> Floats:
        out = np.full(len(land), np.nan)
        out[told.open_] = values
        return out

    return gpd.GeoDataFrame(
        {
            "parcel_id": land["parcel_id"],
            "commune_id": homes(communes, outlines, np.where(shapely.is_empty(found.usable), shapes, found.usable)),
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
            "cost": seen.cost,
            "demand": spread(change.demand),
            "children_reached": spread(change.total(change.reached, n) + blank),
            "children_gained": spread(change.total(change.gained, n) + blank),
            "shortfall_relieved_m2": spread(change.total(change.relieved, n, asks) + blank),
        },
        geometry=land.geometry.array,
        crs=land.crs,
    )


def effects(study: Study, communes: gpd.GeoDataFrame, ids: npt.NDArray[np.object_], change: Effect) -> pd.DataFrame:
    """Rows of the table effects; `ids` of the land that it is the effect of."""
    names = communes["commune_id"].to_numpy()
    return pd.concat(
        pd.DataFrame(
            {
                "parcel_id": ids[change.parcel],
                "commune_id": names[change.commune],
                "band": band.name,
                "children_reached": change.reached[:, b],
                "children_gained": change.gained[:, b],
                "shortfall_relieved_m2": change.relieved[:, b],
            }
        )
        for b, band in enumerate(study.bands)
    )


def _usable(land: gpd.GeoDataFrame, found: Screening) -> gpd.GeoDataFrame:
    pieces = ~shapely.is_empty(found.usable)
    return gpd.GeoDataFrame({"parcel_id": land["parcel_id"][pieces]}, geometry=found.usable[pieces], crs=land.crs)


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
