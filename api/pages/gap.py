"""Where play areas are missing: the gap map and its table."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sanchoi.api.library import Entry
from sanchoi.api.pages import desk_adopt, listing, tables
from sanchoi.api.pages.frame import choice, entry_of, page, query
from sanchoi.gis.tables import STATUSES

router = APIRouter()
COLUMNS = (
    "children",
    "children_uncovered",
    "covered_share",
    "access_m2_per_child",
    "play_area_m2",
    "shortfall_m2",
    "survey_rank",
)
"""Columns of numbers; those that are not known anywhere are left out, and named as unknown."""


@router.get("/{lang:lang}/r/{result}/gap")
def gap(request: Request, result: str) -> Response:
    """The map, and the table beside it."""
    entry = entry_of(request, result)
    asked = query(request, ("band", "status", "sort"))
    band = choice(asked, "band", bands(entry), "all")
    status = choice(asked, "status", STATUSES, "")
    rows = of_band(entry, band)
    shown = [name for name in COLUMNS if any(row[name] is not None for row in rows)]
    default = "survey_rank" if "children_uncovered" not in shown and "survey_rank" in shown else "-children_uncovered"
    now = listing.asked_order(asked, ("name", "status", *COLUMNS), default)
    mine = [row for row in rows if status in ("", row["status"])]
    plan = desk_adopt.link_of(request, entry)
    return page(
        request,
        "gap.html",
        entry,
        seal=plan,
        plan=bool(plan),
        bands=bands(entry),
        band=band,
        status=status,
        statuses=[name for name in STATUSES if any(row["status"] == name for row in rows)],
        rows=listing.ordered(mine, now),
        count=len(rows),
        columns=shown,
        absent=[name for name in COLUMNS if name not in shown and name != "survey_rank"],
        sort=now,
        target=entry.run["settings"]["target_share"],
        weight=weight(entry, "gap"),
    )


def weight(entry: Entry, name: str) -> int | None:
    """Bytes of a map; None where the result has no such map."""
    path = entry.folder / "maps" / f"{name}.html"
    return path.stat().st_size if path.is_file() else None


def bands(entry: Entry) -> list[str]:
    """Age groups of a result, all of them first."""
    return ["all", *entry.run["settings"]["bands"]]


def of_band(entry: Entry, band: str) -> list[tables.Row]:
    """Gaps of one age group."""
    gaps = entry.table("gaps")
    return tables.rows(gaps[gaps["band"] == band])
