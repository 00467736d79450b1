"""Methods, norms and sources: how the numbers are made, what they rest on, and what of that nobody has verified."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sanchoi.api.languages import language_of
from sanchoi.api.pages import advice, tables
from sanchoi.api.pages.frame import entry_of, page, query
from sanchoi.api.pages.home import part
from sanchoi.api.pages.tongue import tongue
from sanchoi.maps import summary

router = APIRouter()


@router.get("/{lang:lang}/r/{result}/methods")
def methods(request: Request, result: str) -> Response:
    """The methods of one run."""
    entry = entry_of(request, result)
    query(request, ())
    lang = language_of(request)
    t = tongue(lang)
    run = entry.run
    criteria = tables.rows(entry.table("criteria")) if entry.has("criteria") else []
    constraints = tables.rows(entry.table("constraints")) if entry.has("constraints") else []
    return page(
        request,
        "methods.html",
        entry,
        part=part(entry, lang),
        settings=run["settings"],
        norms=summary.norms(run),
        profile=run["norm"]["rows"],
        constraints=sorted(constraints, key=lambda row: (not row["checked"], row["layer"], row["constraint_id"])),
        limits={row["constraint_id"]: advice.figure(row["limit"], row["unit"], t) for row in constraints},
        criteria=sorted(criteria, key=lambda row: (-(row["weight"] or 0), row["criterion_id"])),
        reasons={row["criterion_id"]: _side(row["reason"], lang) for row in criteria},
        scoring=run.get("scoring") or {},
        versions=run["versions"],
        inputs=run["inputs"],
        replanned=run.get("replanned_from"),
    )


def _side(text: str | None, lang: str) -> str:
    """Of a reason that stands in both languages ("tiếng Việt · English"), the one asked for."""
    sides = (text or "").split(" · ")
    return sides[0 if lang == "vi" else -1]
