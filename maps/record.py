"""The record of a page: all that the gap map shows, as one JSON value. Rounds and rearranges the tables, measures nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sanchoi.gis.results import Result
from sanchoi.gis.sentences import whole
from sanchoi.gis.tables import PARTS, STATUSES
from sanchoi.maps import catchments, cells, outline, style, summary, words

DECIMALS = {
    "children": 1,
    "children_uncovered": 1,
    "covered_share": 5,
    "play_area_m2": 1,
    "play_area_known_m2": 1,
    "provision_m2_per_child": 3,
    "provision_m2_per_person": 3,
    "access_m2_per_child": 3,
    "norm_walk_m": 2,
    "norm_m2_per_child": 3,
    "norm_m2_per_person": 3,
    "shortfall_m2": 1,
    "detour_ratio": 3,
    "survey_rank": 0,
}
"""Columns of `gaps` that the page shows, and the decimals it needs of each."""
SITE_VERTICES = 6_000
"""Outlines of play areas are drawn up to so many vertices; beyond, play areas are dots only."""


def page(result: Result) -> dict[str, Any]:
    """Everything that the page's script needs, in plain JSON types; null = unknown."""
    run, tables = result.run, result.tables
    study, settings = run["study"], run["settings"]
    bands = [*settings["bands"], "all"]
    communes = tables["communes"]
    gaps = {band: _rows(tables["gaps"], communes, band) for band in bands}
    limits = walk_limits(run)
    return {
        "language": study["language"],
        "words": words.table(),
        "study": {**study, "run_id": run["run_id"]},
        "headline": {code: summary.headline(run, code) for code in words.LANGUAGES},
        "banners": summary.banners(run),
        "warnings": summary.warnings(run),
        "sources": summary.sources(run),
        "norms": summary.norms(run),
        "bands": bands,
        "limits": limits,
        "tiered": sorted(band for band in limits if sum(row["band"] == band for row in run["norms"]) > 1),
        "target": settings["target_share"],
        "cell_m": settings["cell_m"],
        "cell_breaks": cells.CHILDREN_BREAKS,
        "communes": {
            "id": communes["commune_id"].tolist(),
            "name": communes["name"].tolist(),
            "kind": texts(communes["kind"]),
            "surveyed": communes["surveyed"].astype(bool).tolist(),
            "box": boxes(communes),
            "label": points(communes),
        },
        "statuses": list(STATUSES),
        "gaps": {band: _columns(rows) for band, rows in gaps.items()},
        "parts": {band: _parts(tables.get("reasons"), communes, band) for band in bands},
        "tiers": _tiers(tables.get("coverage_by_tier"), communes),
        "breaks": {band: _breaks(rows, settings["target_share"]) for band, rows in gaps.items()},
        "sites": _sites(result, limits),
        "style": {
            "status": style.STATUS,
            "order": style.WORST_TO_BEST,
            "amount": style.FEW_TO_MANY,
            "walk": style.WALK,
            "circle": style.CIRCLE,
            "pale": style.PALE,
            "site": style.SITE,
            "site_not": style.SITE_NOT,
            "barrier": style.BARRIER,
            "outline": style.OUTLINE,
        },
    }


def to_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """JSON that can stand inside a script element: no <, >, & and no U+2028/2029 in it, and NaN is refused."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def walk_limits(run: Mapping[str, Any]) -> dict[str, float | None]:
    """Walking limit that each band is drawn by: its shortest tier, metres; None = the norm sets none."""
    out: dict[str, float | None] = {}
    for band in run["settings"]["bands"]:
        said = [row["walk_m"] for row in run["norms"] if row["band"] == band and row["walk_m"] is not None]
        out[band] = float(min(said)) if said else None
    return out


def number(value: Any, decimals: int) -> float | int | None:  # noqa: ANN401 - a cell of a table
    """A number rounded for the page; None for null, NaN and infinity."""
    if value is None or value is pd.NA or not math.isfinite(float(value)):
        return None
    rounded = round(float(value), decimals)
    return int(rounded) if rounded == int(rounded) else rounded


def _rows(gaps: pd.DataFrame, communes: pd.DataFrame, band: str) -> pd.DataFrame:
    """Rows of one band in the order of the communes."""
    keys = ["commune_id", "vintage"]
    return communes[keys].merge(gaps[gaps["band"] == band], on=keys, how="left", validate="one_to_one")


def _columns(rows: pd.DataFrame) -> dict[str, list[Any]]:
    out: dict[str, list[Any]] = {
        name: [number(value, decimals) for value in rows[name]] for name, decimals in DECIMALS.items()
    }
    out = {name: values for name, values in out.items() if any(value is not None for value in values)}
    out["status"] = [STATUSES.index(status) if status in STATUSES else 0 for status in rows["status"]]
    out["flags"] = rows["flags"].fillna("").tolist()
    for code in words.LANGUAGES:
        out[f"reason_{code}"] = rows[f"reason_{code}"].fillna("").tolist()
    return out


def _parts(reasons: pd.DataFrame | None, communes: pd.DataFrame, band: str) -> dict[str, list[Any]]:
    if reasons is None:
        return {}
    mine = reasons[reasons["band"] == band].pivot(index="commune_id", columns="part", values="children")
    mine = mine.reindex(index=communes["commune_id"], columns=list(PARTS))
    return dict(zip(PARTS, _wholes(mine), strict=True))


def _wholes(parts: pd.DataFrame) -> list[list[int | None]]:
    """Whole children, rounded as in the sentences, so that both add up alike; a part that is not known is null."""
    rows: list[list[int | None]] = []
    for row in parts.to_numpy(dtype=float):
        known = {part: float(v) for part, v in zip(PARTS, row, strict=True) if v == v}
        rounded = whole(known)
        rows.append([rounded.get(part) for part in PARTS])
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in PARTS]


def _tiers(table: pd.DataFrame | None, communes: pd.DataFrame) -> list[dict[str, Any]]:
    """One entry per band and tier, shares in the order of the communes."""
    if table is None:
        return []
    out = []
    for (band, tier), rows in table.groupby(["band", "tier"], sort=False):
        share = rows.set_index("commune_id")["covered_share"].reindex(communes["commune_id"])
        first = rows.iloc[0]
        out.append(
            {
                "band": band,
                "tier": tier,
                "walk_m": number(first["walk_m"], 2),
                "min_site_m2": number(first["min_site_m2"], 1),
                "share": [number(value, 5) for value in share],
            }
        )
    return out


def _breaks(rows: pd.DataFrame, target: float) -> dict[str, list[float]]:
    """Class limits of the choropleths. The last class of share and of m² is what the target and the norm ask for."""
    steps = np.array([0.25, 0.5, 0.75, 1.0])
    asked = rows["norm_m2_per_child"].astype(float).dropna()
    ground = rows["access_m2_per_child"].to_numpy(dtype=float)
    return {
        "share": [float(value) for value in np.round(steps * target, 6)],
        "m2": [float(v) for v in np.round(steps * asked.iloc[0], 6)] if len(asked) else style.breaks(ground),
        "children": style.breaks(rows["children"].to_numpy(dtype=float)),
    }


def boxes(frame: gpd.GeoDataFrame) -> list[list[float] | None]:
    """South, west, north, east of each row."""
    return [
        None if not np.isfinite(box).all() else [round(float(box[k]), 5) for k in (1, 0, 3, 2)]
        for box in shapely.bounds(frame.geometry.to_numpy())
    ]


def points(frame: gpd.GeoDataFrame) -> list[list[float] | None]:
    """A point inside each shape: latitude, longitude."""
    inner = shapely.point_on_surface(frame.geometry.to_numpy())
    return [None if p.is_empty else [round(float(p.y), 6), round(float(p.x), 6)] for p in inner]


def _sites(result: Result, limits: Mapping[str, float | None]) -> dict[str, Any]:
    sites = gpd.GeoDataFrame(result.tables["play_areas"])
    order = {code: i for i, code in enumerate(result.tables["communes"]["commune_id"])}
    shapes = sites.geometry.to_numpy()
    drawn = gpd.GeoSeries(shapes, crs=sites.crs)
    areas = drawn[shapely.get_dimensions(shapes) == 2]
    outlines: dict[str, Any] = {}
    if len(areas):
        light = areas.to_crs(result.run["study"]["crs"]).simplify(3.0).to_crs("EPSG:4326")
        if int(shapely.get_num_coordinates(light.to_numpy()).sum()) <= SITE_VERTICES:
            found = outline.features(light.reindex(range(len(shapes))), 5)
            outlines = {str(each["properties"]["i"]): each["geometry"] for each in found["features"]}
    return {
        "at": points(sites),
        "name": texts(sites["name"]),
        "kind": texts(sites["kind"]),
        "access": texts(sites["access"]),
        "area": [number(value, 0) for value in sites["area_m2"]],
        "counts": sites["counts"].astype(int).tolist(),
        "commune": [order.get(code, -1) for code in sites["commune_id"]],
        "outline": outlines,
        "reach": catchments.reach(result, limits),
    }


def texts(values: pd.Series) -> list[str]:
    """Texts of a column; null becomes empty."""
    return ["" if value is None or pd.isna(value) else str(value) for value in values]
