"""Receipts: the page that a proposer prints, and the public answer to whether the log still has its row."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request, Response
from sanchoi.api import links
from sanchoi.api.accounts import actor
from sanchoi.api.languages import language_of
from sanchoi.api.pages.frame import page, query
from sanchoi.api.proposals import desk, receipt, receipt_facts
from sanchoi.api.store import AuditRow
from sanchoi.gis.errors import UnknownId

router = APIRouter()


@router.get("/{lang:lang}/proposals/{proposal}/receipt.pdf")
def paper(request: Request, proposal: str) -> Response:
    """The receipt of a proposal, for who may see it."""
    query(request, ())
    language = language_of(request)
    with request.app.state.store.reading() as session:
        found = desk.get(session, actor.of(request), proposal)
        try:
            entry = request.app.state.library.get(found.result_id)
        except UnknownId:  # the result is shown no more; the receipt stands all the same
            entry = None
        facts = receipt_facts.gather(session, found, entry)
    root = f"{links.base(request)}/{language}"
    body = receipt.pdf(facts, language, f"{root}/proposals/{facts.id}", f"{root}/receipt/{facts.row}/{facts.hash}")
    name = f"{'P' if language == 'en' else 'DX'}-{facts.number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, media_type="application/pdf", headers=headers)


@router.get("/{lang:lang}/receipt/{row}/{mark}")
def known(request: Request, row: str, mark: str) -> Response:
    """Whether the log still has a row with a hash: yes or no, and nothing of what it tells."""
    query(request, ())
    there = False
    if re.fullmatch(r"[1-9][0-9]{0,17}", row) and re.fullmatch(r"[0-9a-f]{64}", mark):
        with request.app.state.store.reading() as session:
            found = session.get(AuditRow, int(row))
            there = found is not None and found.hash == mark == found.digest()
    return page(request, "receipt.html", fixed=False, row=row[:20], mark=mark[:64], there=there)
