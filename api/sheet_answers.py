"""Sheet answers: one map sheet or fact sheet as an answer of the service, for its pages and for /api/v1."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from sanchoi import maps
from sanchoi.api import caching
from sanchoi.api.drawer import Sheet
from sanchoi.api.exporting.naming import plain
from sanchoi.api.jobs.export_work import in_words
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.gis.errors import ContractError, UnknownId
from sanchoi.maps.sheets.refusals import refusal
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

COMMUNE, SITE = ("gap", "reach", "fact"), "site"
NAMES = {"gap": "sheet-gap", "reach": "sheet-reach", "fact": "fact-sheet", "site": "sheet-site"}
PAPERS = ("A4", "A3", "A2", "A1", "A0")
STYLES = ("plain", "print-grey")
LEAST, MOST = 100, 10_000_000
FIT = "fit"


async def answer(request: Request, entry: Entry, sheet: Sheet) -> Response:
    """The sheet as PDF, or 304 for who has it already.

    Raises
    ------
    UnknownId : no such commune or parcel. Problem : "sheets" for too many at the scale, "unavailable".
    """
    await run_in_threadpool(_known, entry, sheet)
    tag = caching.etag(entry, sheet.language, _seal(sheet))
    had = caching.known(request, tag)
    if had is not None:
        return had
    try:
        body = await request.app.state.drawer.draw(sheet)
    except ContractError as error:
        raise in_words(error) from error
    name = f"{NAMES[sheet.kind]}-{plain(sheet.of)}.pdf"
    own = {"Content-Disposition": f'inline; filename="{name}"', "Content-Language": sheet.language}
    return Response(body, media_type="application/pdf", headers={**caching.headers(tag), **own})


def of(
    entry: Entry,
    kind: str,
    key: str,
    language: str,
    paper: str = "A3",
    portrait: bool = False,
    scale: str = "",
    style: str = "plain",
) -> Sheet:
    """The sheet that a request asks for.

    Raises
    ------
    Problem : "bad_parameter" for a scale that is none.
    """
    return Sheet(str(entry.folder), entry.id, entry.etag, kind, key, paper, portrait, _scale(scale), language, style)


def _scale(text: str) -> float | str | None:
    if text in ("", FIT):
        return text or None
    try:
        value = float(text) if text.isascii() else 0.0
    except ValueError:
        value = 0.0
    if not LEAST <= value <= MOST:
        words = (
            f"{LEAST} đến {MOST} (10000 là 1:10.000), fit (vừa một tờ), hoặc bỏ trống (theo quy định)",
            f"{LEAST} to {MOST} (10000 is 1:10,000), fit (on one sheet), or nothing (by the rule)",
        )
        raise Problem("bad_parameter", {"name": "scale", "came": text[:40]}, {"expected": words})
    return value


def _known(entry: Entry, sheet: Sheet) -> None:
    table, key, noun = ("communes", "commune_id", "commune")
    if sheet.kind == SITE:
        table, key, noun = ("parcels", "parcel_id", "parcel")
    if not entry.has(table) or entry.rows(table, key, sheet.of).empty:
        raise refusal(noun, UnknownId, came=sheet.of)


def _seal(sheet: Sheet) -> str:
    """Changes with what is asked, and with the program that draws it."""
    told = (sheet.kind, sheet.of, sheet.paper, sheet.portrait, sheet.scale, sheet.style, sheet.pages, _program())
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@cache
def _program() -> str:
    """Hash of the modules that draw."""
    seal = hashlib.sha256()
    for path in sorted((Path(str(maps.__path__[0])) / "sheets").rglob("*.py")):
        seal.update(path.read_bytes())
    return seal.hexdigest()[:12]
