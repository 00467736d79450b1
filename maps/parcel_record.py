"""The record of the sites map: what its script gets as JSON. Rounds and rearranges the tables, measures nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis.results import Result
from sanchoi.gis.tables import STATUSES
from sanchoi.maps import record, sites_banners, style, summary
from sanchoi.maps.advice_words import LAWS
from sanchoi.maps.record import number, texts

LOW = 5e-4
"""What is not known of a parcel counts 0 in its score; up to so much is only rounding."""
BEST = 100
"""Parcels of the table under the map."""
CHANGE = {
    "children": 1,
    "children_uncovered_before": 1,
    "children_uncovered_after": 1,
    "covered_share_before": 5,
    "covered_share_after": 5,
    "shortfall_m2_before": 1,
    "shortfall_m2_after": 1,
}
MONEY = ("budget", "cost", "value", "bound", "mip_gap")


def page(result: Result) -> dict[str, Any]:
    """Everything but the packed parcels, in plain JSON types; null = unknown. Parcels are named by id."""
    run, tables = result.run, result.tables
    study, settings = run["study"], run["settings"]
    communes, parcels = gpd.GeoDataFrame(tables["communes"]), tables["parcels"]
    gaps = tables["gaps"][tables["gaps"]["band"] == "all"]
    now = communes[["commune_id", "vintage"]].merge(gaps, on=["commune_id", "vintage"], how="left")
    return {
        "language": study["language"],
        "study": {**study, "run_id": run["run_id"]},
        "banners": sites_banners.banners(result),
        "warnings": summary.warnings(run),
        "sources": summary.sources(run),
        "norms": summary.norms(run),
        "bands": [*settings["bands"], "all"],
        "communes": {
            "id": communes["commune_id"].tolist(),
            "name": communes["name"].tolist(),
            "box": record.boxes(communes),
            "label": record.points(communes),
            "status": [_status(each) for each in now["status"]],
            "children": [number(value, 1) for value in now["children"]],
            "uncovered": [number(value, 1) for value in now["children_uncovered"]],
            "share": [number(value, 5) for value in now["covered_share"]],
        },
        "statuses": list(STATUSES),
        "by_need": sites_banners.by_need(result),
        "constraints": _rows(tables.get("constraints"), ("limit",)),
        "criteria": _rows(tables.get("criteria"), ("worst", "best", "weight")),
        "plan": plan(result),
        "best": best(parcels, tables.get("sites")),
        "open_layers": open_layers(tables.get("constraints")),
        "only_open": int(only_open(parcels, tables.get("screening")).sum()),
        "laws": LAWS,
        "scoring": {name: number((run.get("scoring") or {}).get(name), 0) for name in ("p", "draws")},
        "replanned_from": str(run.get("replanned_from") or ""),
        "style": {"status": style.STATUS, "outline": style.OUTLINE, "verdict": style.VERDICT, "pin": style.PIN},
    }


def plan(result: Result) -> dict[str, Any] | None:
    """The plan, its proof, what it changes and what other budgets would buy; None when no plan was asked for."""
    told, tables = result.run.get("siting"), result.tables
    sites = tables.get("sites")
    if not told or sites is None:
        return None
    asked = {**told, **(told.get("rules") or {})}
    sites = sites.sort_values("build_order")
    where = _places(tables["parcels"], sites["parcel_id"])
    blank = only_open(tables["parcels"], tables.get("screening"))
    open_only = dict(zip(tables["parcels"]["parcel_id"], blank, strict=True))
    limits = {"cost": 0, "cost_total": 0, "children_gained": 1, "children_total": 1}
    return {
        "objective": str(told["objective"]),
        "sense": str(told.get("sense") or "max"),
        "unit": str(told.get("unit") or "children"),
        "value": number(told.get("incumbent"), 6),
        "bound": number(told.get("bound"), 6),
        "gap": number(told.get("mip_gap"), 9),
        "proven": bool(told.get("proven")),
        "seconds": number(told.get("seconds"), 1),
        "seed": number(told.get("seed"), 0),
        "solver": str(told.get("solver") or ""),
        "candidates": number(told.get("candidates"), 0),
        "budget": number(asked.get("budget"), 0),
        "count": number(asked.get("count"), 0),
        "spacing": number(asked.get("min_spacing_m"), 1) or None,
        "per_commune": number(asked.get("min_per_commune"), 0) or None,
        "beyond": number(asked.get("beyond_m"), 0),
        "fixed": [str(each) for each in asked.get("fixed") or ()],
        "forbidden": [str(each) for each in asked.get("forbidden") or ()],
        "conditional": bool(asked.get("conditional", True)),
        "verified": None if told.get("verified") is None else bool(told["verified"]),
        "sites": {
            "id": texts(sites["parcel_id"]),
            "order": [int(value) for value in sites["build_order"]],
            "verdict": texts(sites["verdict"]),
            **{name: [number(value, digits) for value in sites[name]] for name, digits in limits.items()},
            **where,
            "only_open": [bool(open_only.get(each, False)) for each in sites["parcel_id"]],
        },
        "change": _change(tables.get("plan_gaps"), tables["communes"]),
        "curve": _curve(tables.get("budget_curve")),
    }


def best(parcels: pd.DataFrame, sites: pd.DataFrame | None) -> dict[str, list[Any]]:
    """The parcels of the table: the best by rank, in that order."""
    ranked = parcels[parcels["rank"].notna()].sort_values(["rank", "parcel_id"]).head(BEST)
    order = {} if sites is None else dict(zip(sites["parcel_id"], sites["build_order"], strict=True))
    digits = {
        "rank": 0,
        "score": 4,
        "usable_m2": 1,
        "cost": 0,
        "children_reached": 1,
        "children_gained": 1,
        "shortfall_relieved_m2": 1,
        "in_best": 4,
    }
    return {
        "id": texts(ranked["parcel_id"]),
        "commune": texts(ranked["commune_id"]),
        "verdict": texts(ranked["verdict"]),
        "build_order": [number(order.get(each), 0) for each in ranked["parcel_id"]],
        **{name: [number(value, d) for value in ranked[name]] for name, d in digits.items()},
        "low": [bool(high - score > LOW) for high, score in zip(ranked["score_high"], ranked["score"], strict=True)],
    }


def open_layers(constraints: pd.DataFrame | None) -> list[str]:
    """Layers that rules speak of and the study does not have."""
    if constraints is None:
        return []
    return sorted(set(texts(constraints.loc[~constraints["checked"].astype(bool), "layer"])))


def only_open(parcels: pd.DataFrame, screening: pd.DataFrame | None) -> npt.NDArray[np.bool_]:
    """Conditional parcels against which stands nothing but what could not be checked."""
    if screening is None:
        return np.zeros(len(parcels), dtype=bool)
    failed = screening.loc[~screening["passed"].fillna(value=True).astype(bool), "parcel_id"].unique()
    against = ";" + parcels["against"].fillna("").astype(str) + ";"
    open_ = (against != ";;") & ~against.str.contains(";land_use;", regex=False)
    return np.asarray((parcels["verdict"] == "conditional") & open_ & ~parcels["parcel_id"].isin(failed), dtype=bool)


def _status(name: Any) -> int:  # noqa: ANN401 - a cell of a table
    return STATUSES.index(name) if name in STATUSES else STATUSES.index("unknown")


def _places(parcels: pd.DataFrame, ids: pd.Series) -> dict[str, list[Any]]:
    """Commune and a point inside, of the parcels called by `ids`."""
    mine = gpd.GeoDataFrame(parcels.set_index("parcel_id").loc[ids.tolist()])
    return {"commune": texts(mine["commune_id"]), "at": record.points(mine)}


def _rows(table: pd.DataFrame | None, numbers: tuple[str, ...]) -> list[dict[str, Any]]:
    """A small table as a list of objects."""
    if table is None:
        return []
    out = []
    for row in table.to_dict("records"):
        entry: dict[str, Any] = {}
        for name, value in row.items():
            key = str(name)
            if key in numbers:
                entry[key] = number(value, 6)
            elif isinstance(value, bool | np.bool_):
                entry[key] = bool(value)
            else:
                entry[key] = "" if value is None or pd.isna(value) else str(value)
        out.append(entry)
    return out


def _change(table: pd.DataFrame | None, communes: pd.DataFrame) -> dict[str, Any]:
    """Before and after by band, in the order of the communes; rows of communes that are not there are left out."""
    if table is None:
        return {}
    out: dict[str, Any] = {}
    for band, rows in table.groupby("band", sort=False):
        mine = rows.drop_duplicates("commune_id").set_index("commune_id").reindex(communes["commune_id"])
        out[str(band)] = {
            **{name: [number(value, digits) for value in mine[name]] for name, digits in CHANGE.items()},
            **{when: [_status(each) for each in mine[f"status_{when}"]] for when in ("before", "after")},
        }
    return out


def _curve(table: pd.DataFrame | None) -> Mapping[str, list[Any]]:
    if table is None or not len(table):
        return {}
    rows = table.dropna(subset=["budget", "value"]).sort_values("budget")
    return {
        **{name: [number(value, 6) for value in rows[name]] for name in MONEY},
        "sites": [int(value) for value in rows["sites"]],
    }
