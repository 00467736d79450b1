"""The offline form: how it is used, and the file to download."""

from __future__ import annotations

import re
import unicodedata

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sanchoi.api.languages import language_of
from sanchoi.api.offline import form
from sanchoi.api.pages import propose_page
from sanchoi.api.pages.frame import Links, entry_of, query
from sanchoi.api.pages.tables import names
from sanchoi.api.problems import Problem
from sanchoi.api.uploads.attachments import POLICY
from sanchoi.gis.names import fold

router = APIRouter()
AT = "/{lang:lang}/r/{result}/propose/offline"


@router.get(AT)
def explained(request: Request, result: str) -> Response:
    """What to do, step by step; with `commune` the way to its file."""
    entry = entry_of(request, result)
    asked = query(request, ("commune",))
    if "commune" in asked:
        links = Links(request, language_of(request), entry)
        return RedirectResponse(links.link("propose", "offline", f"{asked['commune']}.html"), 303)
    known = names(entry)
    mine = propose_page.own(request, entry)
    return propose_page.shown(
        request,
        entry,
        "offline",
        template="propose_offline.html",
        communes=sorted(known.items(), key=lambda each: (fold(each[1] or ""), each[0])),
        together=mine[: form.MOST_COMMUNES] if len(mine) > 1 else (),
    )


@router.get(AT + "/{commune:path}.html")
def download(request: Request, result: str, commune: str) -> Response:
    """The form of a commune, and of those that `also` names, as a file: it never runs as a page of this service."""
    entry = entry_of(request, result)
    for name in request.query_params:
        if name != "also":
            raise Problem("unknown_parameter", {"name": name[:60], "known": "also"})
    communes = [commune, *request.query_params.getlist("also")]
    language = language_of(request)
    body = form.kept(entry, request.app.state.models, tuple(communes), language)
    headers = {
        "Content-Disposition": f'attachment; filename="{_filename(entry.id, names(entry)[commune] or commune)}"',
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-cache",
    }
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


def _filename(result: str, commune: str) -> str:
    plain = unicodedata.normalize("NFD", commune.replace("đ", "d").replace("Đ", "D"))
    ascii_ = re.sub(r"[^A-Za-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-").lower()
    return f"to-khai-{result}-{ascii_[:60] or 'xa'}.html"
