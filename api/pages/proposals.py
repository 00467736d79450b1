"""Proposals: those of the own communes in a list, and one with all that belongs to it and what its proposer can do now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict
from sanchoi.api.accounts import actor
from sanchoi.api.handlers import problem_of
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import listing, propose_form, propose_picture, propose_told
from sanchoi.api.pages import proposals_told as telling
from sanchoi.api.pages.frame import Links, choice, page, query
from sanchoi.api.pages.propose_form import Draft
from sanchoi.api.pages.propose_told import Told
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import attached, desk
from sanchoi.api.proposals.desk import Asked
from sanchoi.api.proposals.states import DRAFT, EDITABLE, MOVES, NEEDS_INFO, STATES, SUBMITTED, WITHDRAWN
from sanchoi.api.store import Proposal, ProposalVersion, User
from sanchoi.api.store.models import now
from sanchoi.gis.errors import SanchoiError
from sqlalchemy import select
from starlette.convertors import Convertor, register_url_convertor

router = APIRouter()
AT = "/{lang:lang}/proposals"
SIZE = 50
REVISION = re.compile(r"[1-9]\d{0,8}", re.ASCII)
TWICE = timedelta(minutes=2)
"""Whoever does the same within this has pressed twice."""


class _Key(Convertor[str]):
    """An id in an address: what stands beside it, such as `/proposals/import`, is none."""

    regex = "[0-9a-f]{32}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("hex32", _Key())


class Act(BaseModel):
    """What a proposer does with a proposal: `do` is submit, withdraw or say."""

    model_config = ConfigDict(extra="ignore")
    do: str = ""
    reason: str = ""
    revision: str = ""


@router.get(AT)
def every(request: Request) -> Response:
    """Proposals that the actor made, or that are of their communes."""
    who = actor.of(request)
    asked = query(request, ("state", "mine", "page"))
    state = choice(asked, "state", list(STATES), "")
    t = tongue(language_of(request))
    if not who.known:
        return page(request, "proposals.html", fixed=False, rows=None, **_empty())
    wish = Asked(states=(state,) if state else (), mine="mine" in asked, sort="-updated", limit=SIZE)
    with request.app.state.store.reading() as session:
        _, count = desk.listed(session, who, wish)
        number, last = listing.page_of(asked, count, SIZE)
        found, _ = desk.listed(session, who, _at(wish, number))
    return page(
        request,
        "proposals.html",
        fixed=False,
        rows=[telling.row(request, each, who, t) for each in found],
        count=count,
        number=number,
        last=last,
        state=state,
        mine="mine" in asked,
        states=STATES,
        results=[(each.id, each.name) for each in request.app.state.library.entries()],
    )


@router.get(AT + "/{proposal:hex32}")
def one(request: Request, proposal: str) -> Response:
    """One proposal; `again` works its worth out anew, without saving it."""
    asked = query(request, ("saved", "sent", "again", "attached", "removed"))
    return shown(
        request, proposal, done=next((key for key in ("saved", "sent", "attached", "removed") if key in asked), "")
    )


@router.post(AT + "/{proposal:hex32}/act")
def act(request: Request, proposal: str, typed: Annotated[Act, Form()]) -> Response:
    """Submit, withdraw or answer; what is refused comes back with what was written."""
    who = actor.of(request)
    reason = typed.reason.replace("\r\n", "\n")
    try:
        if typed.do == "say" and _done(request, proposal, "say", reason):
            return _sent(request, proposal, "say")
        with request.app.state.store.session() as session:
            if typed.do == "say":
                desk.comment(session, who, proposal, reason)
            elif typed.do in ("submit", "withdraw"):
                to = SUBMITTED if typed.do == "submit" else WITHDRAWN
                desk.move(session, who, proposal, revision_of(typed.revision), to, reason)
            else:
                expected = "submit, withdraw, say"
                raise Problem("bad_parameter", {"name": "do", "came": typed.do[:40], "expected": expected})
    except (Problem, SanchoiError) as error:
        problem = problem_of(error)
        if problem.key in ("unknown_id", "login"):
            raise
        if problem.key in ("conflict", "precondition") and _done(request, proposal, typed.do, reason):
            return _sent(request, proposal, typed.do)
        told = problem.told(language_of(request), request.url.path)
        words = Told(title=told["title"], detail=told["detail"], status=problem.status)
        if problem.key == "bad_body" and not reason.strip():
            t = tongue(language_of(request))
            words.title = t.say("Something is missing")
            words.detail = t.say("Write a sentence first: whoever reads it must know what it is about.")
        return shown(request, proposal, wrong=words, typed=typed)
    return _sent(request, proposal, typed.do)


def _sent(request: Request, proposal: str, do: str) -> Response:
    return RedirectResponse(Links(request, language_of(request), None).top("proposals", proposal, sent=do), 303)


def _done(request: Request, proposal: str, do: str, text: str) -> bool:
    """Whether the actor has just done the same: a button that was pressed twice is no mistake to tell of."""
    who = actor.of(request)
    with request.app.state.store.reading() as session:
        said = desk.remarks(session, who, desk.get(session, who, proposal))
    last = said[-1] if said else None
    kinds = {"submit": ("state", SUBMITTED), "withdraw": ("state", WITHDRAWN), "say": ("comment", "")}
    same = last is not None and (last.kind, last.to_state) == kinds.get(do) and last.author_id == who.user_id
    return last is not None and same and last.text == text.strip() and now() - last.at < TWICE


def shown(
    request: Request, proposal: str, *, done: str = "", wrong: Told | None = None, typed: Act | None = None
) -> Response:
    """The page of one proposal."""
    who = actor.of(request)
    t = tongue(language_of(request))
    with request.app.state.store.reading() as session:
        found = desk.get(session, who, proposal)
        versions = desk.versions(session, found)
        said = desk.remarks(session, who, found)
        kept = attached.listed(session, found)
        people = {
            user.id: user.name for user in session.scalars(select(User).where(User.id.in_(_authors(versions, said))))
        }
    entry = telling.entry_of(request, found)
    current = versions[-1]
    again = _again(request, entry, found, current, t) if entry is not None and "again" in request.query_params else None
    mine = desk.proposes(who, found)
    moves = {to for (a, to) in MOVES if a == found.state}
    overlaps = propose_told.standing(request, found.geometry, found.id) if entry is not None else []
    return page(
        request,
        "proposal.html",
        entry,
        http_status=200 if wrong is None else wrong.status,
        fixed=False,
        found=found,
        row=telling.row(request, found, who, t),
        content=current.content,
        land_name=telling.land_name(entry, current.content.get("land_use", ""), t),
        rows=_worth(entry, current.worth, t),
        told=Told(overlaps=overlaps),
        again=again,
        again_rows=None if again is None or entry is None else _worth(entry, again.worth, t),
        stale=entry is not None and found.etag != entry.etag,
        gone=entry is None,
        drawn=_picture(entry, current, found.commune_id),
        build_cost=None if entry is None else propose_form.build_cost(entry),
        versions=[telling.version(each, before, people, t) for before, each in telling.pairs(versions)],
        remarks=[telling.remark(each, people, t) for each in said],
        kept=kept,
        mine=mine,
        editable=mine and found.state in EDITABLE,
        may_submit=mine and SUBMITTED in moves,
        may_withdraw=mine and WITHDRAWN in moves and found.state != DRAFT,
        may_discard=mine and found.state == DRAFT,
        asked=next((each.text for each in reversed(said) if each.to_state == NEEDS_INFO), "")
        if found.state == NEEDS_INFO
        else "",
        done=done,
        did=request.query_params.get("sent", ""),
        wrong=wrong or Told(),
        typed=typed or Act(),
    )


def revision_of(text: str) -> int:
    """The revision that a form was made from.

    Raises
    ------
    Problem : it is no whole number from 1 on.
    """
    if not REVISION.fullmatch(text):
        raise Problem("bad_parameter", {"name": "revision", "came": text[:60], "expected": "1, 2, 3, …"})
    return int(text)


def _again(request: Request, entry: Entry, found: Proposal, version: ProposalVersion, t: Tongue) -> Told:
    """What the land is worth by the result as it is now."""
    texts = {name: str(version.content.get(name) or "") for name in ("name", "land_use", "owner", "parcel_id")}
    made = Draft(propose_form.blank(**texts), {}, version.geometry, version.content.get("cost"))
    return propose_told.ask(request, entry, made, found.id)


def _worth(entry: Entry | None, worth: Mapping[str, Any] | None, t: Tongue) -> dict[str, Any] | None:
    return None if entry is None or not telling.whole(worth) else propose_told.rows(entry, worth, t)


def _picture(entry: Entry | None, version: ProposalVersion, commune: str) -> dict[str, Any] | None:
    if entry is None:
        return None
    return propose_picture.land(entry, version.geometry, (version.worth or {}).get("usable"), [commune])


def _authors(versions: list[ProposalVersion], said: list[Any]) -> set[str]:
    return {each.author_id for each in versions} | {each.author_id for each in said}


def _at(asked: Asked, number: int) -> Asked:
    return Asked(states=asked.states, mine=asked.mine, sort=asked.sort, limit=SIZE, offset=(number - 1) * SIZE)


def _empty() -> dict[str, Any]:
    return {"count": 0, "number": 1, "last": 1, "state": "", "mine": False, "states": STATES, "results": []}
