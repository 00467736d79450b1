"""Outcome: the tables of a result, put together from what the stages computed, checked against their declarations."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import gaps, reach, reasons, supply, tables
from sanchoi.gis.cells import to_crs
from sanchoi.gis.crowding import within
from sanchoi.gis.demand import Demand
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.norms import Limits
from sanchoi.gis.notes import Notes
from sanchoi.gis.reach import Reach
from sanchoi.gis.service import Service, Terms
from sanchoi.gis.study import Study
from sanchoi.gis.supply import Sites
from sanchoi.gis.tables import STORAGE_CRS

Floats = npt.NDArray[np.float64]
MAX_OFFSET_M = 250.0
SLIVER_M = 25.0
SORTED = ("cells", "cell_bands")
"""Tables that are made in order and without the halo: they may have millions of rows."""


@dataclass(frozen=True)
class State:
    """What is known of communes and cells besides the service.

    Attributes
    ----------
    counts : (communes, bands) children, NaN = unknown. ground : of each commune. home : commune of each play area, −1 = none.
    off : (cells,) too far from the network. straight_m : (cells,) to the nearest play area on foot; NaN = none.
    common : flags that every row carries.
    """

    counts: Floats
    ground: gaps.Ground
    home: npt.NDArray[np.intp]
    off: npt.NDArray[np.bool_]
    straight_m: Floats
    common: list[str]


def state(study: Study, inputs: Inputs, demand: Demand, sites: Sites, way: Reach, limits: Limits) -> State:
    """What the tables are made of, besides the service."""
    n = len(inputs.communes)
    counts = inputs.counts if inputs.zones is None else reasons.sum_by(demand.children, demand.commune, n)
    if inputs.zones is not None:
        counts[demand.blank] = np.nan
    ground, home = _ground(inputs, demand, sites, limits)
    near = way.nearest_site
    straight_m = np.full(len(demand), np.nan)
    found = near >= 0
    straight_m[found] = reach.straight_to(demand.x[found], demand.y[found], sites.geometry, near[found])
    common = [*(["estimate"] if study.estimate else []), *limits.flags]
    return State(counts, ground, home, off_network(study, way.offset_m), straight_m, common)


def near_to(sites: Sites) -> Floats:
    """Metres to which the place of each play area is known; NaN = as well as it was drawn or measured."""
    if "within_m" not in sites.table:
        return np.full(len(sites.table), np.nan)
    return np.asarray(sites.table["within_m"], dtype=float)


def note_squares(inputs: Inputs, demand: Demand, sites: Sites, way: Reach, notes: Notes) -> None:
    """Say which play areas have a place that is known to a square of a map alone, and in which communes results rest on it."""
    within_m = near_to(sites)
    told = np.flatnonzero(~np.isnan(within_m))
    if not len(told):
        return
    ids = sites.table["play_area_id"].to_numpy()[told].tolist()
    found = way.nearest_site >= 0
    rests = found & np.isin(np.where(found, sites.supply[way.nearest_site], -1) if len(sites.supply) else -1, told)
    rests &= ~inputs.communes["halo"].to_numpy(dtype=bool)[demand.commune]
    names = sorted({str(inputs.communes["name"].iloc[k]) for k in demand.commune[rests]})
    if names:
        more = " …" if len(names) > 10 else ""
        where = (
            f"one of them is the nearest play area of children in {len(names)} communes ({', '.join(names[:10])}{more}): "
            "distances and coverage there depend on where in its square it is"
        )
    else:
        where = "no distance depends on them: none is the nearest play area of any child"
    notes.add(
        "place_by_square",
        f"{len(ids)} play areas have a place known only to a square of a map, to {within_m[told].min():.0f} m to "
        f"{within_m[told].max():.0f} m: {', '.join(ids[:10])} · a place measured, drawn or told by coordinates · {where}",
        layer="play_areas",
        count=len(ids),
        ids=ids,
    )


def off_network(study: Study, offset_m: Floats) -> npt.NDArray[np.bool_]:
    """Cells that are too far from any way."""
    asked = study["network"]["max_offset_m"]
    return np.asarray(offset_m > (MAX_OFFSET_M if asked is None else asked))


def assemble(
    study: Study,
    inputs: Inputs,
    demand: Demand,
    sites: Sites,
    known: State,
    way: Reach,
    service: Service,
    parts: dict[str, Floats],
    limits: Limits,
    terms: Terms,
) -> dict[str, pd.DataFrame]:
    """All tables of the result, checked against their declarations, halo left out, geometry in EPSG:4326."""
    communes, bands = inputs.communes, [band.name for band in study.bands]
    inside = ~communes["halo"].to_numpy(dtype=bool)
    counts, ground, home, off = known.counts, known.ground, known.home, known.off
    near, straight_m = way.nearest_site, known.straight_m
    cells = gaps.Cells(demand.commune, way.nearest_m, straight_m, off)
    measured = gaps.measure(
        communes, bands, counts, demand.children, cells, service, parts, ground, limits, terms, known.common
    )
    walks = np.array([limits.walk_m(band) is not None for band in bands])
    blank = np.where(np.isnan(counts) | ~walks, np.nan, 0.0)
    by_tier = {
        (tier.band, tier.tier): _covered_by(
            way, len(demand), tier.walk_m, supply.meets(tier, sites.size_m2[sites.supply])
        )
        for tier in limits.tiers
    }
    ids = communes["commune_id"].to_numpy()
    keep = inside[demand.commune]
    seen = keep & ground.surveyed[demand.commune]
    rank = np.argsort(np.argsort(ids, kind="stable"), kind="stable")
    order = np.flatnonzero(keep)
    order = order[np.argsort(rank[demand.commune[order]], kind="stable")]  # by commune, then as the cells lie
    keys = pd.DataFrame(
        {"cell_id": pd.array(demand.cell_id, dtype="str").take(order), "commune_id": _text(ids, demand.commune[order])}
    )
    place = gpd.points_from_xy(*to_crs(demand.x[order], demand.y[order], communes.crs, STORAGE_CRS), crs=STORAGE_CRS)
    ways = np.isfinite(way.nearest_m) & seen
    site_id = sites.table["play_area_id"].to_numpy()[sites.supply]
    cell_table = gpd.GeoDataFrame(
        keys.assign(
            walk_m=np.where(ways, way.nearest_m, np.nan)[order],
            straight_m=np.where(seen, straight_m, np.nan)[order],
            play_area_id=_text(site_id, np.where(ways, near, -1)[order]),
            off_network=off[order],
        ),
        geometry=place,
    )
    served = np.zeros(len(sites.table))
    served[sites.supply] = service.crowding.demand
    out = {
        "communes": _communes(communes, demand)[inside],
        "play_areas": gpd.GeoDataFrame(
            {
                **{c: sites.table[c] for c in ("play_area_id", "name", "kind", "access", "ages")},
                "area_m2": sites.area_m2,
                "counts": np.isin(np.arange(len(sites.table)), sites.supply),
                "commune_id": [ids[h] if h >= 0 and inside[h] else None for h in home],
                "demand": served,
                "within_m": near_to(sites),
            },
            geometry=sites.table.geometry.array,
            crs=communes.crs,
        ),
        "cells": cell_table,
        "cell_bands": _cell_bands(demand, keys, bands, service, order, seen, walks),
        "gaps": measured[measured["commune_id"].isin(ids[inside])],
        "coverage_by_tier": gaps.by_tier(
            communes, bands, counts, demand.children, demand.commune, by_tier, ground.surveyed, limits
        ),
        "reasons": _reasons(communes, [*bands, "all"], parts, ground.surveyed, blank),
    }
    return _finish(study, out, inputs, ids[inside])


def _ground(inputs: Inputs, demand: Demand, sites: Sites, limits: Limits) -> tuple[gaps.Ground, npt.NDArray[np.intp]]:
    communes, shapes = inputs.communes, demand.outlines
    known, unknown, home = supply.in_communes(sites.geometry, sites.area_m2[sites.supply], shapes)
    has = supply.lies_in(known, home)
    surveyed = communes["surveyed"].to_numpy(dtype=bool)
    halo = communes["halo"].to_numpy(dtype=bool)
    edge, near = np.zeros(len(shapes), dtype=bool), np.zeros(len(shapes), dtype=bool)
    limit = limits.max_walk_m
    if limit > 0:
        border = _outer_border(shapes)
        shapely.prepare(border)
        edge = shapely.dwithin(border, shapes, limit * (1 - 1e-6)) & ~halo
        blind = shapes[~surveyed]
        near[shapely.STRtree(shapes).query(blind, predicate="dwithin", distance=limit)[1]] = True
    ground = gaps.Ground(
        surveyed, known, unknown, has, communes["population"].to_numpy(dtype=float), edge, near, demand.coarse
    )
    return ground, supply.homes(sites.table.geometry.to_numpy(), shapes)


def _outer_border(shapes: npt.NDArray[np.object_]) -> shapely.Geometry:
    """Where the study ends: gaps between communes, up to twice `SLIVER_M` wide, are no border."""
    whole = shapely.buffer(shapely.union_all(shapely.buffer(shapes, SLIVER_M, quad_segs=2)), -SLIVER_M, quad_segs=2)
    return shapely.boundary(whole)


def _covered_by(
    way: Reach, n: int, walk_m: float | None, meets: tuple[npt.NDArray[np.bool_], ...]
) -> tuple[npt.NDArray[np.bool_], ...]:
    """Cells that one tier covers on its own: as shown by known sizes, and as possible."""
    masks = tuple(np.zeros(n, dtype=bool) for _ in meets)
    if walk_m is not None:
        for mask, fit in zip(masks, meets, strict=True):
            mask[way.cell[within(way.walk_m, np.where(fit, walk_m, np.nan)[way.site])]] = True
    return masks


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


def _text(values: npt.NDArray[np.object_], at: npt.NDArray[np.integer]) -> pd.api.extensions.ExtensionArray:
    """Texts by position, null at −1."""
    return pd.array(values, dtype="str").take(at, allow_fill=True)


def _cell_bands(
    demand: Demand,
    keys: pd.DataFrame,
    bands: list[str],
    service: Service,
    order: npt.NDArray[np.intp],
    seen: npt.NDArray[np.bool_],
    walks: npt.NDArray[np.bool_],
) -> pd.DataFrame:
    """One row per cell and band: all cells of the first band, then of the next."""
    frames = []
    for b, band in enumerate(bands):
        covered = pd.array(service.covered[order, b], dtype="boolean")
        unsure = service.covered_possible[:, b] & ~service.covered[:, b]
        covered[(~seen | unsure | ~walks[b])[order]] = pd.NA
        known = seen & ~service.size_unknown[:, b] & walks[b]
        frames.append(
            keys.assign(
                band=_text(np.array([band], dtype=object), np.zeros(len(order), dtype=np.intp)),
                children=demand.children[order, b],
                covered=covered,
                m2_per_child=np.where(known, service.crowding.m2_per_child[:, b], np.nan)[order],
            )
        )
    return pd.concat(frames)


def _reasons(
    communes: pd.DataFrame, bands: list[str], parts: dict[str, Floats], surveyed: npt.NDArray[np.bool_], blank: Floats
) -> pd.DataFrame:
    rows = []
    for part, values in parts.items():
        full = np.column_stack([values + blank, (values + blank).sum(axis=1)])
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


def _finish(
    study: Study, out: dict[str, pd.DataFrame], inputs: Inputs, inside: npt.NDArray[np.object_]
) -> dict[str, pd.DataFrame]:
    """Leave the halo out, sort, order columns, reproject to EPSG:4326, check."""
    done: dict[str, pd.DataFrame] = {}
    for name, table in out.items():
        if "commune_id" in table and name not in ("play_areas", *SORTED):
            table = table[table["commune_id"].isin(inside)]
        done[name] = tables.finish(table, name, ordered=name in SORTED)
    if inputs.barriers is not None and len(inputs.barriers):
        done["barriers"] = gpd.GeoDataFrame(geometry=inputs.barriers.geometry.array, crs=study.crs).to_crs(STORAGE_CRS)
    return done
