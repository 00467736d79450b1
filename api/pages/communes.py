"""Communes: the table of all, and a page for each."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import listing, pictures, tables
from sanchoi.api.pages.frame import choice, entry_of, page, query
from sanchoi.api.pages.gap import bands, of_band
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.gis import names
from sanchoi.gis.errors import UnknownId
from sanchoi.gis.sentences import whole
from sanchoi.gis.tables import PARTS, STATUSES
from sanchoi.maps import sites_banners, words

router = APIRouter()
COLUMNS = ("name", "kind", "population", "area_m2", "children", "status", "survey_rank", "parcels", "sites")
BEST = 10
"""Parcels of a commune that its page names."""


@router.get("/{lang:lang}/r/{result}/communes")
def every(request: Request, result: str) -> Response:
    """All communes."""
    entry = entry_of(request, result)
    asked = query(request, ("q", "status", "sort"))
    status = choice(asked, "status", STATUSES, "")
    now = listing.asked_order(asked, COLUMNS, "name")
    rows = _table(entry)
    sought = names.fold(asked.get("q", ""))
    mine = [
        row
        for row in rows
        if status in ("", row["status"])
        and (sought in names.fold(str(row["name"])) or sought in names.fold(row["commune_id"]))
    ]
    return page(
        request,
        "communes.html",
        entry,
        rows=listing.ordered(mine, now),
        count=len(rows),
        shown=[name for name in COLUMNS if any(row[name] is not None for row in rows)],
        statuses=[name for name in STATUSES if any(row["status"] == name for row in rows)],
        q=asked.get("q", ""),
        status=status,
        sort=now,
    )


@router.get("/{lang:lang}/r/{result}/communes/{commune_id:path}")
def one(request: Request, result: str, commune_id: str) -> Response:
    """One commune: numbers, reason, what is missing, what is not known, its best parcels, what the plan changes."""
    entry = entry_of(request, result)
    query(request, ())
    t = tongue(language_of(request))
    row = tables.first(entry, "communes", "commune_id", commune_id)
    gaps = {each["band"]: each for each in tables.of(entry, "gaps", "commune_id", commune_id)}
    if row is None or "all" not in gaps:
        raise UnknownId(f"commune {commune_id}", "the code of a commune of this result", "see the table of communes")
    plan = {each["band"]: each for each in tables.of(entry, "plan_gaps", "commune_id", commune_id)}
    sites = _sites(entry, commune_id)
    best = _best(entry, commune_id)
    return page(
        request,
        "commune.html",
        entry,
        row=row,
        whole=gaps["all"],
        target=entry.run["settings"]["target_share"],
        gaps=[gaps[band] for band in bands(entry) if band in gaps],
        reason=gaps["all"][f"reason_{t.language}"],
        reasons=[(each["band"], each[f"reason_{t.language}"]) for band, each in gaps.items() if band != "all"],
        parts=parts(entry, commune_id),
        tiers=_tiers(entry, commune_id),
        unknown=unknown(entry, row, gaps["all"], t),
        notes=_notes(entry, gaps["all"], t),
        play_areas=sorted(
            tables.of(entry, "play_areas", "commune_id", commune_id),
            key=lambda each: (not each["counts"], str(each["name"] or ""), each["play_area_id"]),
        ),
        best=best,
        by_need=sites_banners.by_need(tables.result(entry)) if best else False,
        parcels=len(entry.rows("parcels", "commune_id", commune_id)) if entry.has("parcels") else 0,
        sites=sites,
        plan=[plan[band] for band in bands(entry) if band in plan] if entry.has("sites") else [],
        drawn=pictures.communes(entry, pictures.COARSE),
    )


def unknown(entry: Entry, row: tables.Row, gap: tables.Row, t: Tongue) -> list[str]:
    """What is not known of a commune, in sentences."""
    out = []
    if not row["surveyed"]:
        out.append(
            t.say("Nobody has surveyed the play areas here: whether there are any, and how large, is not known.")
        )
    if gap["children"] is None:
        out.append(t.say("The number of children is not known."))
    if row["population"] is None:
        out.append(t.say("The number of inhabitants is not known."))
    flags = [each for each in (gap["flags"] or "").split(";") if each]
    out += [t.coded("f_", flag) for flag in flags if flag in ("area_unknown", "lower_bound", "edge", "off_network")]
    out += [t.coded("f_", flag) for flag in flags if flag in ("estimate", "coarse_weights")]
    if entry.run["settings"]["distance_only"]:
        out.append(t.word("u_distance"))
    return [*out, t.word("u_always")]


def _notes(entry: Entry, gap: tables.Row, t: Tongue) -> list[str]:
    """What else must be kept in mind: of the norms, by flag."""
    flags = [each for each in (gap["flags"] or "").split(";") if each]
    out = [t.coded("f_", flag) for flag in flags if flag in ("unverified_norm", "norm_out_of_date")]
    if entry.run["settings"]["set_by_planner"]:
        out.append(t.word("planner") + ".")
    known = {"area_unknown", "lower_bound", "edge", "off_network", "estimate", "coarse_weights"}
    rest = [flag for flag in flags if flag not in known and flag not in ("unverified_norm", "norm_out_of_date")]
    return out + [t.word(f"f_{flag}") if f"f_{flag}" in words.WORDS else flag for flag in rest]


def parts(entry: Entry, commune_id: str) -> list[tuple[str, int]]:
    """Children not served by reason, over all ages, in whole children as the sentence has them; the largest first."""
    rows = tables.of(entry, "reasons", "commune_id", commune_id)
    told = {row["part"]: row["children"] for row in rows if row["band"] == "all" and row["children"] is not None}
    counts = whole({part: told[part] for part in PARTS if part in told})
    return sorted(((part, n) for part, n in counts.items() if n), key=lambda each: -abs(each[1]))


def _tiers(entry: Entry, commune_id: str) -> list[tables.Row]:
    """Shares by kind of ground, where the norm has several for an age group."""
    rows = [
        row
        for row in tables.of(entry, "coverage_by_tier", "commune_id", commune_id)
        if row["covered_share"] is not None
    ]
    several = {row["band"] for row in rows if sum(each["band"] == row["band"] for each in rows) > 1}
    return [row for row in rows if row["band"] in several]


def _best(entry: Entry, commune_id: str) -> list[tables.Row]:
    if not entry.has("parcels"):
        return []
    mine = entry.rows("parcels", "commune_id", commune_id)
    return tables.rows(mine[mine["rank"].notna()].sort_values(["rank", "parcel_id"]).head(BEST))


def _sites(entry: Entry, commune_id: str) -> list[tables.Row]:
    """Sites of the plan in a commune, in build order."""
    if not entry.has("sites"):
        return []
    mine = set(entry.rows("parcels", "commune_id", commune_id)["parcel_id"])
    rows = tables.rows(entry.table("sites").sort_values("build_order"))
    return [row for row in rows if row["parcel_id"] in mine]


def _table(entry: Entry) -> list[tables.Row]:
    """One row a commune: what it is, its status, and what land it has."""
    gaps = {row["commune_id"]: row for row in of_band(entry, "all")}
    usable: dict[Any, int] = {}
    chosen: dict[Any, int] = {}
    if entry.has("parcels"):
        parcels = entry.table("parcels")
        usable = parcels[parcels["verdict"] != "excluded"]["commune_id"].value_counts().to_dict()
        if entry.has("sites"):
            mine = parcels[parcels["parcel_id"].isin(entry.table("sites")["parcel_id"])]
            chosen = mine["commune_id"].value_counts().to_dict()
    out = []
    for row in tables.rows(entry.table("communes")):
        place = row["commune_id"]
        gap = gaps.get(place, {})
        out.append(
            {
                **row,
                **{name: gap.get(name) for name in ("children", "survey_rank")},
                "status": gap.get("status") or "unknown",
                "parcels": int(usable.get(place, 0)) if entry.has("parcels") else None,
                "sites": int(chosen.get(place, 0)) if entry.has("sites") else None,
            }
        )
    return out
