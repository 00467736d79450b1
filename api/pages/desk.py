"""Desk: the proposals that reviewers look through: filtered, sorted, doubles marked, a few compared, all of them exported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from sanchoi.api.accounts import actor
from sanchoi.api.accounts.actor import REVIEW
from sanchoi.api.languages import language_of
from sanchoi.api.pages import listing
from sanchoi.api.pages.frame import choice, page, query
from sanchoi.api.pages.tables import names
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.proposals import desk, exports, readings, sheets
from sanchoi.api.proposals.desk import Asked
from sanchoi.api.proposals.readings import Double
from sanchoi.api.proposals.states import DRAFT, STATES, SUBMITTED, UNDER_REVIEW
from sanchoi.api.store import Proposal, ProposalVersion
from sqlalchemy import func, select
from sqlalchemy.orm import Session

router = APIRouter()
AT = "/{lang:lang}/desk"
SIZE = 50
WAITING = "waiting"
"""Those that a reviewer has something to do with: sent, and taken up."""
FILTERS = ("result", "commune", "state", "public", "sort")
Row = dict[str, Any]


@router.get(AT)
def every(request: Request) -> Response:
    """The list."""
    who = actor.of(request)
    who.must(REVIEW)
    asked = query(request, (*FILTERS, "page"))
    wish = wanted(asked)
    t = tongue(language_of(request))
    with request.app.state.store.reading() as session:
        _, count = desk.listed(session, who, replace(wish, limit=1))
        number, last = listing.page_of(asked, count, SIZE)
        found, _ = desk.listed(session, who, replace(wish, limit=SIZE, offset=(number - 1) * SIZE))
        shown = rows(request, session, found, t)
        counts = _counts(session)
        places = _places(request, session)
    return page(
        request,
        "desk.html",
        fixed=False,
        rows=shown,
        count=count,
        number=number,
        last=last,
        asked={name: asked.get(name, "") for name in FILTERS},
        sort=wish.sort,
        states={key: words for key, words in STATES.items() if key != DRAFT},
        counts=counts,
        waiting=sum(counts.get(key, 0) for key in (SUBMITTED, UNDER_REVIEW)),
        places=places,
        results=[(each.id, each.name) for each in request.app.state.library.entries()],
    )


@router.get(AT + "/export")
def export(request: Request) -> Response:
    """The whole filtered list as a file."""
    asked = query(request, (*FILTERS, "f", "crs"))
    form = choice(asked, "f", list(exports.FORMS), "xlsx")
    crs = choice(asked, "crs", (sheets.STORED, "study"), sheets.STORED)
    state = request.app.state
    with state.store.session() as session:
        made = exports.make(
            session, actor.of(request), state.library, wanted(asked), form, language_of(request), crs=crs
        )
    headers = {"content-disposition": f'attachment; filename="{made.name}"', "cache-control": "no-store"}
    return Response(made.data, media_type=made.media, headers=headers)


def wanted(asked: dict[str, str]) -> Asked:
    """Which proposals the parameters of an address ask for.

    Raises
    ------
    Problem : "bad_parameter".
    """
    state = choice(asked, "state", [WAITING, *STATES], "")
    public = choice(asked, "public", ("yes", "no"), "")
    return Asked(
        result_id=asked.get("result", ""),
        commune_id=asked.get("commune", ""),
        states=(SUBMITTED, UNDER_REVIEW) if state == WAITING else (state,) if state else (),
        public=None if not public else public == "yes",
        sort=listing.asked_order(asked, list(desk.SORTS), "-submitted"),
    )


def rows(request: Request, session: Session, found: Sequence[Proposal], t: Tongue) -> list[Row]:
    """What the desk shows of some proposals."""
    versions = readings.currents(session, found)
    people = readings.authors(session, [each.author_id for each in found])
    same = readings.doubles(session, found)
    entries = request.app.state.library.entries()
    known = {entry.id: names(entry) for entry in entries}
    marks = {entry.id: entry.etag for entry in entries}
    return [
        {
            **row(each, versions[each.id], t),
            "stale": each.etag != marks.get(each.result_id, each.etag),
            "commune": known.get(each.result_id, {}).get(each.commune_id, each.commune_id),
            "author": people[each.author_id],
            "doubles": [_double(one, t) for one in same.get(each.id, [])],
        }
        for each in found
    ]


def row(found: Proposal, version: ProposalVersion, t: Tongue) -> Row:
    """What one proposal is worth, in figures."""
    worth = version.worth or {}
    return {
        "id": found.id,
        "number": found.number,
        "name": found.name,
        "state": found.state,
        "public": found.public,
        "gained": found.gained,
        "cost": found.cost,
        "value": sheets.value_of(found.gained, found.cost),
        "score": worth.get("score"),
        "score_high": worth.get("score_high"),
        "rank": worth.get("rank"),
        "of": worth.get("of"),
        "verdict": worth.get("verdict"),
        "submitted": t.moment(found.submitted) if found.submitted else "",
    }


def _double(found: Double, t: Tongue) -> Row:
    return {"id": found.id, "number": found.number, "share": t.percent(found.share), "theirs": t.percent(found.theirs)}


def _counts(session: Session) -> dict[str, int]:
    """Proposals by state."""
    told = session.execute(select(Proposal.state, func.count()).group_by(Proposal.state))
    return {str(state): int(count) for state, count in told if state != DRAFT}


def _places(request: Request, session: Session) -> list[tuple[str, str]]:
    """Communes that have proposals, by name."""
    asked = select(Proposal.commune_id, Proposal.result_id).where(Proposal.state != DRAFT).distinct()
    known = {entry.id: names(entry) for entry in request.app.state.library.entries()}
    found = {code: known.get(result, {}).get(code, code) for code, result in session.execute(asked)}
    return sorted(found.items(), key=lambda pair: pair[1])
