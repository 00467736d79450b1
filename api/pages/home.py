"""Home of a result: its headline, one map, what is not known, where to go next; and the list of results."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import desk_adopt, pictures, tables
from sanchoi.api.pages.frame import Links, entry_of, page, query
from sanchoi.maps import index, style, summary

router = APIRouter()
FIRST = 5
"""Communes that are named as the first to look at."""


@router.get("/")
def root(request: Request) -> Response:
    """To the first page in the asker's language."""
    lang = language_of(request, request.app.state.settings.language)
    return RedirectResponse(Links(request, lang, None).top(), 307, headers={"Vary": "Accept-Language"})


@router.get("/{lang:lang}/")
def start(request: Request) -> Response:
    """The only result, or the list of those that are here."""
    entries = request.app.state.library.entries()
    if len(entries) == 1:
        return _home(request, entries[0])
    query(request, ())
    lang = language_of(request)
    shown = [
        {
            "id": each.id,
            "name": each.name,
            "headline": summary.headline(each.run, lang),
            "synthetic": each.run["study"]["synthetic"],
            "date": each.run["study"]["date"],
        }
        for each in entries
    ]
    return page(request, "results.html", None, results=shown, fixed=False)


@router.get("/{lang:lang}/r/{result}/")
def home(request: Request, result: str) -> Response:
    """A result's home."""
    return _home(request, entry_of(request, result))


def _home(request: Request, entry: Entry) -> Response:
    query(request, ())
    lang = language_of(request)
    plan = desk_adopt.link_of(request, entry)
    return page(
        request,
        "home.html",
        entry,
        seal=plan,
        planned=bool(plan),
        drawn=pictures.communes(entry),
        part=part(entry, lang),
        counts=counts(entry),
        first=first(entry),
        downloads=[
            name
            for name in ("tables/gaps.xlsx", "tables/gaps.csv", "result.gpkg", "tables/sites.xlsx")
            if name != "tables/sites.xlsx" or entry.has("parcels")
        ],
    )


@lru_cache(maxsize=64)
def part(entry: Entry, lang: str) -> dict[str, Any]:
    """What the front page of a result folder says, in one language."""
    return index.part(tables.result(entry), lang)


def counts(entry: Entry) -> list[tuple[str, int]]:
    """Communes by status, in order of the legend; statuses that none has are left out."""
    told = entry.run["headline"]["communes_by_status"]
    return [(name, told[name]) for name in style.STATUS if told.get(name)]


def first(entry: Entry) -> dict[str, Any]:
    """Where to look first: most children without a play area, or where nobody knows, most children."""
    gaps = entry.table("gaps")
    whole = gaps[gaps["band"] == "all"]
    blind = bool(whole["children_uncovered"].isna().all())
    column = "children" if blind else "children_uncovered"
    known = whole[whole[column] >= 0.5].sort_values([column, "commune_id"], ascending=[False, True]).head(FIRST)
    return {
        "title": "first_survey" if blind else "first_gap",
        "rows": [
            {"id": row["commune_id"], "name": row["name"], "children": row[column], "status": row["status"]}
            for row in tables.rows(known)
        ],
    }
