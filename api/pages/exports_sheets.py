"""Sheets that the pages of communes and parcels give at once, as PDF."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sanchoi.api import sheet_answers
from sanchoi.api.drawer import Sheet
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages.frame import choice, entry_of, query
from sanchoi.api.sheet_answers import COMMUNE, PAPERS, SITE, STYLES
from starlette.concurrency import run_in_threadpool

router = APIRouter()
ASKED = ("paper", "portrait", "scale", "style")


@router.get("/{lang:lang}/r/{result}/communes/{commune_id:path}/sheet.pdf")
async def commune(request: Request, result: str, commune_id: str) -> Response:
    """A map sheet of a commune (`kind`: gap, reach), or its fact sheet."""
    asked = query(request, ("kind", *ASKED))
    kind = choice(asked, "kind", COMMUNE, "gap")
    entry = await run_in_threadpool(entry_of, request, result)
    return await sheet_answers.answer(request, entry, _sheet(request, entry, kind, commune_id, asked))


@router.get("/{lang:lang}/r/{result}/parcels/{parcel_id:path}/sheet.pdf")
async def parcel(request: Request, result: str, parcel_id: str) -> Response:
    """The plan of a parcel."""
    asked = query(request, ASKED)
    entry = await run_in_threadpool(entry_of, request, result)
    return await sheet_answers.answer(request, entry, _sheet(request, entry, SITE, parcel_id, asked))


def _sheet(request: Request, entry: Entry, kind: str, key: str, asked: dict[str, str]) -> Sheet:
    paper = choice(asked, "paper", PAPERS, "A3")
    style = choice(asked, "style", STYLES, "plain")
    portrait = choice(asked, "portrait", ("0", "1"), "0") == "1"
    return sheet_answers.of(entry, kind, key, language_of(request), paper, portrait, asked.get("scale", ""), style)
