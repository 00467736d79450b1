"""The job: from a study folder to a result, one straight corridor to be read from top to bottom.

study.toml → inputs → demand → reach → service (coverage, crowding) → reasons → gaps → Result
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import demand as raking
from sanchoi.gis import gaps, norms, reach, reasons, supply, tables
from sanchoi.gis.barriers import cut, opened
from sanchoi.gis.crowding import within
from sanchoi.gis.demand import Demand
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.network import Network, from_lines
from sanchoi.gis.norms import Limits
from sanchoi.gis.notes import Notes
from sanchoi.gis.reach import Reach
from sanchoi.gis.results import Result
from sanchoi.gis.service import Service, Terms, serve
from sanchoi.gis.sources import load
from sanchoi.gis.study import Study
from sanchoi.gis.tables import STORAGE_CRS

STAGES = ("read", "demand", "reach", "service", "reasons", "gaps")
DEFAULT_DETOUR = 1.3
PACKAGES = (
    "sanchoi",
    "geopandas",
    "shapely",
    "pyproj",
    "exactextract",
    "numba",
    "numpy",
    "pandas",
    "osmium",
    "pyogrio",
)

Floats = npt.NDArray[np.float64]
Progress = Callable[[str, float], None]


class Clock:
    """Times the stages and tells the caller where the job stands."""

    def __init__(self, progress: Progress | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress or (lambda stage, share: None)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage; the progress callback gets (stage, 0.0) before and (stage, 1.0) after it."""
        self._progress(name, 0.0)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 4)
        self._progress(name, 1.0)


def run(folder: Path, progress: Progress | None = None) -> Result:
    """Read a study folder and measure it.

    Parameters
    ----------
    folder : holds study.toml; paths in it are relative to the folder.
    progress : called with a stage of `STAGES` and the share of it that is done.

    Raises
    ------
    SanchoiError : the study, a layer or a norm cannot be used; see `errors`.
    """
    clock, notes = Clock(progress), Notes()
    with clock.stage("read"):
        study = load.study(folder)
        inputs = load.inputs(study, folder, notes)
    return measure(study, inputs, notes, clock)


def measure(study: Study, inputs: Inputs, notes: Notes | None = None, clock: Clock | None = None) -> Result:
    """Measure a study whose layers are in memory: no file is read here."""
    notes, clock = Notes() if notes is None else notes, clock or Clock()
    limits = _limits(study, inputs, notes)
    with clock.stage("demand"):
        demand = raking.rake(inputs.communes, inputs.zones, inputs.counts, inputs.layers, study.cell_m, notes)
    with clock.stage("reach"):
        sites = _sites(inputs, study)
        ways = _reaches(study, inputs, demand, sites, limits)
    with clock.stage("service"):
        terms = _terms(study, sites, limits)
        services = [serve(way, demand.children, terms) for way in ways]
    with clock.stage("reasons"):
        n = len(inputs.communes)
        people = np.nan_to_num(demand.children)
        parts = reasons.parts(services[0], services[1], services[2], people, demand.commune, n)
    with clock.stage("gaps"):
        found = _tables(study, inputs, demand, sites, ways[0], services[0], parts, limits, terms)
    return Result(found, _record(study, inputs, limits, notes, clock, found))


def _limits(study: Study, inputs: Inputs, notes: Notes) -> Limits:
    own = study["norms"]
    limits = norms.select(
        norms.load(inputs.norms),
        own["profile"],
        study.bands,
        study.date,
        walk_m=own["walk_m"],
        m2_per_child=own["m2_per_child"],
        target_share=own["target_share"] or 0.8,
    )
    for code, text in limits.remarks:
        notes.add(code, text, layer="norms")
    return limits


@dataclass(frozen=True)
class Sites:
    """Play areas of the inventory, and which of them are supply.

    `supply` holds the positions in `table` of the play areas that count; `area_m2` is of all, NaN = unknown.
    """

    table: gpd.GeoDataFrame
    area_m2: Floats
    supply: npt.NDArray[np.intp]

    @property
    def geometry(self) -> npt.NDArray[np.object_]:
        """Geometry of the supply."""
        return np.asarray(self.table.geometry.to_numpy()[self.supply])


def _sites(inputs: Inputs, study: Study) -> Sites:
    table = inputs.play_areas
    if table is None:
        empty = {column: [] for column in ("play_area_id", "name", "kind", "access", "ages")}
        numbers = {column: np.empty(0) for column in ("area_m2", "usable_m2")}
        table = gpd.GeoDataFrame({**empty, **numbers, "kind_counts": np.empty(0, bool)}, geometry=[], crs=study.crs)
    return Sites(table, supply.ground(table), np.flatnonzero(supply.counted(table)))


def _reaches(study: Study, inputs: Inputs, demand: Demand, sites: Sites, limits: Limits) -> tuple[Reach, Reach, Reach]:
    """Distances now, with barriers opened, and along the straight line."""
    limit = limits.max_walk_m
    straight = reach.straight(demand.x, demand.y, sites.geometry, limit)
    if inputs.lines is None:
        detour = study["network"]["detour"] or DEFAULT_DETOUR
        now = reach.straight(demand.x, demand.y, sites.geometry, limit, detour)
        return now, now, straight
    network = from_lines(inputs.lines)
    gates = None if inputs.gates is None else inputs.gates.geometry.to_numpy()

    def walk(ways: Network, barriers: npt.NDArray[np.object_] | None) -> Reach:
        return reach.walking(ways, demand.x, demand.y, sites.geometry, limit, barriers=barriers, gates=gates)

    if inputs.barriers is None or not len(inputs.barriers):
        now = walk(network, None)
        return now, now, straight
    barriers = inputs.barriers.geometry.to_numpy()
    whole, _ = cut(network, barriers)
    return walk(whole, barriers), walk(opened(network, whole, barriers), None), straight


def _terms(study: Study, sites: Sites, limits: Limits) -> Terms:
    names = [band.name for band in study.bands]
    area = sites.area_m2[sites.supply]
    low, high = supply.reach_limits(limits, names, area)
    asked = [limits.m2_per_child(name) for name in names]
    weights = study["norms"]["band_weights"]
    return Terms(
        area,
        low,
        high,
        np.array([np.nan if a is None else a for a in asked]),
        study["norms"]["decay"] or "gaussian",
        None if weights is None else np.array([float(weights.get(name, 1.0)) for name in names]),
    )


def _ground(study: Study, inputs: Inputs, demand: Demand, sites: Sites, limits: Limits) -> tuple[gaps.Ground, Floats]:
    communes = inputs.communes
    open_supply = sites.table.iloc[sites.supply]
    known, unknown, home = supply.in_communes(open_supply, sites.area_m2[sites.supply], communes)
    has = known > 0
    has[home[home >= 0]] = True
    surveyed = communes["surveyed"].to_numpy(dtype=bool)
    shapes = communes.geometry.to_numpy()
    halo = communes["halo"].to_numpy(dtype=bool)
    edge, near = np.zeros(len(shapes), dtype=bool), np.zeros(len(shapes), dtype=bool)
    limit = limits.max_walk_m
    if limit > 0:
        if not halo.any():
            border = shapely.boundary(shapely.union_all(shapes))
            shapely.prepare(border)
            edge = shapely.dwithin(border, shapes, limit)
        blind = shapes[~surveyed]
        near[shapely.STRtree(shapes).query(blind, predicate="dwithin", distance=limit)[1]] = True
    ground = gaps.Ground(
        surveyed, known, unknown, has, communes["population"].to_numpy(dtype=float), edge, near, demand.coarse
    )
    where = _homes(sites.table, communes)
    return ground, where


def _homes(table: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> npt.NDArray[np.intp]:
    """Commune of each play area of the inventory (position), −1 outside all."""
    return supply.homes(table.geometry.to_numpy(), communes.geometry.to_numpy())


def _tables(
    study: Study,
    inputs: Inputs,
    demand: Demand,
    sites: Sites,
    way: Reach,
    service: Service,
    parts: dict[str, Floats],
    limits: Limits,
    terms: Terms,
) -> dict[str, pd.DataFrame]:
    """All tables of the result, checked against their declarations, halo left out, geometry in EPSG:4326."""
    communes, bands = inputs.communes, [band.name for band in study.bands]
    n, inside = len(communes), ~communes["halo"].to_numpy(dtype=bool)
    counts = inputs.counts if inputs.zones is None else reasons.sum_by(demand.children, demand.commune, n)
    ground, home = _ground(study, inputs, demand, sites, limits)
    max_offset = study["network"]["max_offset_m"]
    off = way.offset_m > (250.0 if max_offset is None else max_offset)
    near = way.nearest_site
    straight_m = np.full(len(demand), np.nan)
    found = near >= 0
    straight_m[found] = reach.straight_to(demand.x[found], demand.y[found], sites.geometry, near[found])
    cells = gaps.Cells(demand.commune, way.nearest_m, straight_m, off)
    common = [*(["estimate"] if study.estimate else []), *limits.flags]
    measured = gaps.measure(
        communes, bands, counts, demand.children, cells, service, parts, ground, limits, terms, common
    )
    by_tier = {
        (tier.band, tier.tier): _covered_by(way, len(demand), tier.walk_m, supply.meets(tier, terms.area_m2)[0])
        for tier in limits.tiers
    }
    ids = communes["commune_id"].to_numpy()
    keep = inside[demand.commune]
    seen = keep & ground.surveyed[demand.commune]
    place = gpd.points_from_xy(demand.x, demand.y, crs=communes.crs)
    ways = np.isfinite(way.nearest_m) & seen
    site_id = sites.table["play_area_id"].to_numpy()[sites.supply]
    cell_table = gpd.GeoDataFrame(
        {
            "cell_id": demand.cell_id,
            "commune_id": ids[demand.commune],
            "walk_m": np.where(ways, way.nearest_m, np.nan),
            "straight_m": np.where(seen, straight_m, np.nan),
            "play_area_id": [site_id[s] if ok else None for s, ok in zip(near, ways, strict=True)],
            "off_network": off,
        },
        geometry=place,
    )[keep]
    served = np.zeros(len(sites.table))
    served[sites.supply] = service.crowding.demand
    out = {
        "communes": _communes(communes, demand)[inside],
        "play_areas": gpd.GeoDataFrame(
            {
                **{c: sites.table[c] for c in ("play_area_id", "name", "kind", "access", "ages")},
                "area_m2": sites.area_m2,
                "counts": np.isin(np.arange(len(sites.table)), sites.supply),
                "commune_id": [ids[h] if h >= 0 else None for h in home],
                "demand": served,
            },
            geometry=sites.table.geometry.array,
            crs=communes.crs,
        ),
        "cells": cell_table,
        "cell_bands": _cell_bands(demand, ids, bands, service, keep, seen),
        "gaps": measured[measured["commune_id"].isin(ids[inside])],
        "coverage_by_tier": gaps.by_tier(
            communes, bands, counts, demand.children, demand.commune, by_tier, ground.surveyed, limits
        ),
        "reasons": _reasons(communes, [*bands, "all"], parts, ground.surveyed),
    }
    return _finish(out, inputs, ids[inside])


def _covered_by(way: Reach, n: int, walk_m: float | None, meets: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Cells that one tier covers on its own."""
    mask = np.zeros(n, dtype=bool)
    if walk_m is not None:
        mask[way.cell[within(way.walk_m, np.where(meets, walk_m, np.nan)[way.site])]] = True
    return mask


def _communes(communes: gpd.GeoDataFrame, demand: Demand) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            **{c: communes[c] for c in ("commune_id", "vintage", "name", "kind", "surveyed")},
            "area_m2": communes.area,
            "population": communes["population"],
            "weights": demand.weights,
        },
        geometry=communes.geometry.array,
        crs=communes.crs,
    )


def _cell_bands(
    demand: Demand,
    ids: npt.NDArray[np.object_],
    bands: list[str],
    service: Service,
    keep: npt.NDArray[np.bool_],
    seen: npt.NDArray[np.bool_],
) -> pd.DataFrame:
    frames = [
        pd.DataFrame(
            {
                "cell_id": demand.cell_id,
                "commune_id": ids[demand.commune],
                "band": band,
                "children": demand.children[:, b],
                "covered": pd.array(np.where(seen, service.covered[:, b], False), dtype="boolean"),
                "m2_per_child": np.where(
                    seen & ~service.crowding.size_unknown[:, b], service.crowding.m2_per_child[:, b], np.nan
                ),
            }
        )
        for b, band in enumerate(bands)
    ]
    for frame in frames:
        frame.loc[~seen, "covered"] = pd.NA
    return pd.concat([frame[keep] for frame in frames])


def _reasons(
    communes: pd.DataFrame, bands: list[str], parts: dict[str, Floats], surveyed: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    rows = []
    for part, values in parts.items():
        full = np.column_stack([values, values.sum(axis=1)])
        for b, band in enumerate(bands):
            rows.append(
                pd.DataFrame(
                    {
                        "commune_id": communes["commune_id"].to_numpy(),
                        "vintage": communes["vintage"].to_numpy(),
                        "band": band,
                        "part": part,
                        "children": np.where(surveyed, full[:, b], np.nan),
                    }
                )
            )
    return pd.concat(rows)


def _finish(out: dict[str, pd.DataFrame], inputs: Inputs, inside: npt.NDArray[np.object_]) -> dict[str, pd.DataFrame]:
    """Leave the halo out, sort, order columns, reproject to EPSG:4326, check."""
    done: dict[str, pd.DataFrame] = {}
    for name, table in out.items():
        if "commune_id" in table and name != "play_areas":
            table = table[table["commune_id"].isin(inside)]
        declared = tables.DECLARATIONS[name]
        if declared.geometry:
            table = gpd.GeoDataFrame(table).to_crs(STORAGE_CRS)
        table = table.sort_values(list(declared.key), ignore_index=True)[declared.columns]
        done[name] = tables.check(table, name, STORAGE_CRS if declared.geometry else None)
    if inputs.barriers is not None and len(inputs.barriers):
        done["barriers"] = inputs.barriers[["geometry"]].to_crs(STORAGE_CRS).reset_index(drop=True)
    return done


def _record(
    study: Study, inputs: Inputs, limits: Limits, notes: Notes, clock: Clock, found: dict[str, pd.DataFrame]
) -> dict[str, object]:
    """What run.json says: how the result was made. `run_id` is the hash of inputs and settings."""
    settings = {
        "study": json.loads(json.dumps(study.raw, default=str)),
        "cell_m": study.cell_m,
        "bands": [band.name for band in study.bands],
        "target_share": limits.target_share,
        "max_walk_m": limits.max_walk_m,
        "network": "network" if inputs.lines is not None else "straight line",
        "detour": None if inputs.lines is not None else study["network"]["detour"] or DEFAULT_DETOUR,
        "decay": study["norms"]["decay"] or "gaussian",
        "distance_only": all(t.m2_per_child is None for t in limits.tiers),
        "set_by_planner": sorted(
            k for k in ("walk_m", "m2_per_child", "target_share") if study["norms"][k] is not None
        ),
    }
    versions = {name: importlib.metadata.version(name) for name in PACKAGES} | {"python": platform.python_version()}
    used = [{**vars(t), "valid_from": str(t.valid_from or ""), "valid_to": str(t.valid_to or "")} for t in limits.tiers]
    told = json.dumps([list(inputs.files), settings, used, versions], sort_keys=True, default=str)
    return {
        "run_id": hashlib.sha256(told.encode()).hexdigest()[:12],
        "study": {
            "name": study.name,
            "crs": study.crs,
            "date": str(study.date),
            "language": study.language,
            "synthetic": study.synthetic,
            "estimate": study.estimate,
            "estimate_note": study["children"]["note"] or "",
            "vintage": study.vintage,
        },
        "inputs": list(inputs.files),
        "settings": settings,
        "norm": {
            "profile": limits.profile,
            "name_vi": limits.name_vi,
            "name_en": limits.name_en,
            "m2_per_person": limits.m2_per_person,
            "rows": json.loads(limits.rows.to_json(orient="records", date_format="iso")),
        },
        "norms": used,
        "sources": [dict(row) for row in study.sources],
        "versions": versions,
        "seeds": {},
        "headline": _headline(found["gaps"]),
        "warnings": [vars(note) for note in notes],
        "timings": clock.seconds,
    }


def _headline(measured: pd.DataFrame) -> dict[str, object]:
    """Totals over band `all`. Children not covered are counted where they are known."""
    whole = measured[measured["band"] == "all"]
    known = whole[whole["children_uncovered"].notna()]
    return {
        "communes": len(whole),
        "children": float(whole["children"].sum()) if whole["children"].notna().any() else None,
        "communes_by_status": {s: int((whole["status"] == s).sum()) for s in tables.STATUSES},
        "communes_known": len(known),
        "children_in_known": float(known["children"].sum()) if len(known) else None,
        "children_uncovered": float(known["children_uncovered"].sum()) if len(known) else None,
    }
