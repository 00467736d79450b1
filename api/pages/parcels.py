"""Parcels: the table of all, filtered and paged, and a page for each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from fastapi import APIRouter, Request, Response
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import advice, listing, pictures, plan, tables
from sanchoi.api.pages.frame import choice, entry_of, page, query
from sanchoi.api.pages.tables import names
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.problems import Problem
from sanchoi.gis.errors import UnknownId
from sanchoi.gis.names import fold
from sanchoi.gis.sentences import whole
from sanchoi.gis.tables import VERDICTS

router = APIRouter()
SIZE = 50
"""Parcels on one page of the table."""
COLUMNS = (
    "parcel_id",
    "rank",
    "score",
    "usable_m2",
    "cost",
    "children_reached",
    "children_gained",
    "shortfall_relieved_m2",
    "in_best",
)


@router.get("/{lang:lang}/r/{result}/parcels")
def every(request: Request, result: str) -> Response:
    """All parcels, a page at a time."""
    entry = entry_of(request, result)
    asked = query(request, ("q", "commune", "verdict", "min_score", "sort", "page"))
    if not entry.has("parcels"):
        return page(request, "no_parcels.html", entry)
    places = names(entry)
    commune = choice(asked, "commune", list(places), "")
    verdict = choice(asked, "verdict", VERDICTS, "")
    now = listing.asked_order(asked, COLUMNS, "rank")
    least = _score(asked)
    table = entry.table("parcels")
    mine = _sorted(_filtered(table, asked.get("q", ""), commune, verdict, least), now)
    number, last = listing.page_of(asked, len(mine), SIZE)
    chosen = entry.table("sites") if entry.has("sites") else None
    return page(
        request,
        "parcels.html",
        entry,
        rows=tables.rows(mine.iloc[(number - 1) * SIZE : number * SIZE]),
        found=len(mine),
        count=len(table),
        number=number,
        last=last,
        names=places,
        scoring=entry.run.get("scoring") or {"p": None},
        order={} if chosen is None else dict(zip(chosen["parcel_id"], chosen["build_order"], strict=True)),
        columns=[name for name in COLUMNS[1:] if table[name].notna().any()],
        q=asked.get("q", ""),
        commune=commune,
        verdict=verdict,
        min_score="" if least is None else f"{least:g}",
        sort=now,
    )


@router.get("/{lang:lang}/r/{result}/parcels/{parcel_id:path}")
def one(request: Request, result: str, parcel_id: str) -> Response:
    """One parcel: verdict, ledger, score, whom it would serve, why it is not in the plan."""
    entry = entry_of(request, result)
    query(request, ())
    t = tongue(language_of(request))
    row = tables.first(entry, "parcels", "parcel_id", parcel_id)
    if row is None:
        raise UnknownId(f"parcel {parcel_id}", "the id of a parcel of this result", "see the table of parcels")
    rules = advice.ledger(entry, parcel_id, t)
    said, unchecked = advice.why(row, rules, t)
    found = plan.of(entry)
    site = tables.first(entry, "sites", "parcel_id", parcel_id)
    reason = (tables.first(entry, "why_not", "parcel_id", parcel_id) or {}).get(f"reason_{t.language}")
    scored = int(entry.table("parcels")["rank"].notna().sum())
    need = plan.by_need(entry)
    run = entry.run
    return page(
        request,
        "parcel.html",
        entry,
        row=row,
        verdict=advice.verdict(row, rules, t),
        why=said,
        todo=advice.todo(row, unchecked, run["run_id"], t),
        near=advice.near_misses(rules, t),
        ledger=rules,
        parts=contributions(entry, parcel_id, t),
        scored=scored,
        low=row["score_high"] is not None and row["score_high"] > row["score"] + 5e-4,
        ranks=sorted(tables.of(entry, "acceptability", "parcel_id", parcel_id), key=lambda each: each["rank"]),
        scoring=run.get("scoring") or {},
        by_need=need,
        by_band=effects(entry, row, "band", need),
        by_commune=effects(entry, row, "commune_id", need),
        names=names(entry),
        site=site,
        plan=found,
        why_not=" ".join(each for each in (reason, plan.on_parcel(found, row, t)) if each)
        if found and not site and reason
        else "",
        drawn=pictures.parcel(entry, parcel_id, run["study"]["crs"]),
    )


def contributions(entry: Entry, parcel_id: str, t: Tongue) -> list[tables.Row]:
    """Parts of a parcel's score with the criterion of each, the largest first; those without weight are left out."""
    if not entry.has("criteria"):
        return []
    criteria = {row["criterion_id"]: row for row in tables.rows(entry.table("criteria"))}
    rows = []
    for row in tables.of(entry, "contributions", "parcel_id", parcel_id):
        told = criteria.get(row["criterion_id"], {})
        if row["weight"]:
            rows.append(
                {
                    **row,
                    "name": told.get(f"name_{t.language}") or row["criterion_id"],
                    "measured": measured(row["value"], told.get("unit"), t),
                }
            )
    return sorted(rows, key=lambda row: (-row["contribution"], -row["weight"], row["criterion_id"]))


def measured(value: float | None, unit: str | None, t: Tongue) -> str:
    """A criterion's value: shares in per cent, scales without a unit as bare numbers."""
    if value is None:
        return t.number(None)
    if unit == "share":
        return t.percent(value, 1)
    return advice.with_unit(value, unit, t, 2 if abs(value) < 10 else 0)


def effects(entry: Entry, parcel: tables.Row, key: str, need: bool) -> list[tables.Row]:
    """Whom a parcel would serve, summed by age group or commune, in whole children that add up to the parcel's own.

    What is not known of one part is not known of the sum.
    """
    rows = [row for row in tables.of(entry, "effects", "parcel_id", parcel["parcel_id"]) if row["band"] != "all"]
    columns = ["children_reached", *([] if need else ["children_gained"]), "shortfall_relieved_m2"]
    groups: dict[object, dict[str, float | None]] = {}
    for row in rows:
        mine = groups.setdefault(row[key], dict.fromkeys(columns, 0.0))
        for name in columns:
            before, more = mine[name], row[name]
            mine[name] = None if before is None or more is None else before + more
    out: list[tables.Row] = [{"key": name, **values} for name, values in groups.items()]
    for name in columns:
        told = {str(k): row[name] for k, row in enumerate(out)}
        if None not in told.values():
            for k, value in whole(told).items():
                out[int(k)][name] = value
    return out


def _score(asked: Mapping[str, str]) -> float | None:
    """The least score asked for; a comma may stand for the point.

    Raises
    ------
    Problem : it is no number from 0 to 1.
    """
    told = asked.get("min_score", "")
    if not told:
        return None
    try:
        value = float(told.replace(",", "."))
    except ValueError:
        value = np.nan
    if not 0 <= value <= 1:
        raise Problem("bad_parameter", {"name": "min_score", "came": told}, {"expected": ("số từ 0 đến 1", "0 to 1")})
    return value


def _filtered(table: pd.DataFrame, sought: str, commune: str, verdict: str, least: float | None) -> pd.DataFrame:
    keep = np.ones(len(table), dtype=bool)
    if sought:
        asked = fold(sought)
        keep &= np.fromiter((asked in fold(str(each)) for each in table["parcel_id"]), dtype=bool, count=len(table))
    if commune:
        keep &= (table["commune_id"] == commune).fillna(value=False).to_numpy(dtype=bool)
    if verdict:
        keep &= (table["verdict"] == verdict).to_numpy(dtype=bool)
    if least is not None:
        keep &= (table["score"] >= least).fillna(value=False).to_numpy(dtype=bool)
    return table[keep]


def _sorted(table: pd.DataFrame, now: str) -> pd.DataFrame:
    """In the order asked for; unknown ones last, equal ones by id."""
    column = now.removeprefix("-")
    by = [column] if column == "parcel_id" else [column, "parcel_id"]
    return table.sort_values(by, ascending=[not now.startswith("-"), True][: len(by)], na_position="last")
