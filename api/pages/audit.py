"""The audit log for administrators: its newest rows in words, those of one proposal, and whether anything was changed."""

from __future__ import annotations

import re
from datetime import datetime

from fastapi import APIRouter, Request, Response
from sanchoi.api.accounts import actor
from sanchoi.api.accounts.actor import ADMINISTER
from sanchoi.api.languages import language_of
from sanchoi.api.pages import listing
from sanchoi.api.pages.frame import page, query
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import audit_words, files_kept, record
from sanchoi.api.proposals.receipt import local
from sanchoi.api.store import AuditRow, Proposal
from sqlalchemy import func, select
from sqlalchemy.orm import Session

router = APIRouter()
SIZE = 50
MARK = re.compile(r"\s*([1-9][0-9]{0,17})\s*:\s*([0-9a-f]{64})\s*")
"""Row and hash, as a receipt has them."""


@router.get("/{lang:lang}/audit")
def log(request: Request) -> Response:
    """The log; with `check` also whether it holds, with `receipt` against a row that somebody has on paper."""
    actor.of(request).must(ADMINISTER)
    asked = query(request, ("object", "page", "check", "receipt"))
    known = _known(asked.get("receipt", ""))
    language = language_of(request)
    store = request.app.state.store
    with store.reading() as session:
        wanted = _object(session, asked.get("object", ""))
        mine = [] if wanted is None else [AuditRow.object == wanted]
        count = session.scalar(select(func.count()).select_from(AuditRow).where(*mine)) or 0
        number, last = listing.page_of(asked, count, SIZE)
        newest = select(AuditRow).where(*mine).order_by(AuditRow.id.desc())
        rows = list(session.scalars(newest.limit(SIZE).offset((number - 1) * SIZE)))
        lines = audit_words.lines(session, rows, language)
    checked, lost = None, []
    if "check" in asked or known:
        with store.reading() as session:
            checked = record.check(session, known)
        with store.reading() as session:
            lost = files_kept.faults(session, request.app.state.settings, look_in=False)
    return page(
        request,
        "audit.html",
        fixed=False,
        lines=[(each, local(datetime.fromisoformat(each.at))) for each in lines],
        object=asked.get("object", ""),
        receipt=asked.get("receipt", ""),
        known=known,
        checked=checked,
        lost=lost,
        count=count,
        number=number,
        last=last,
    )


def _known(text: str) -> tuple[int, str] | None:
    """Row and hash of a receipt.

    Raises
    ------
    Problem : "bad_parameter".
    """
    if not text:
        return None
    found = MARK.fullmatch(text.lower())
    if found is None:
        words = ("số dòng, dấu hai chấm và 64 ký tự 0–9, a–f", "a row number, a colon and 64 characters 0–9, a–f")
        raise Problem("bad_parameter", {"name": "receipt", "came": text[:80]}, {"expected": words})
    return int(found[1]), found[2]


def _object(session: Session, text: str) -> str | None:
    """What a filter names: "ĐX-12", "P-12", or the log's own name of a thing; None = everything."""
    if not text:
        return None
    found = re.fullmatch(r"(?:ĐX|DX|P)[-–\s]?(\d{1,9})", text.upper())
    if found is None:
        return text[:120]
    key = session.scalar(select(Proposal.id).where(Proposal.number == int(found[1])))
    return f"proposal:{key or '?'}"
