"""Proposals: those of the own communes in a list, and one with all that belongs to it and what its proposer can do now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict
from sanchoi.api.accounts import actor
from sanchoi.api.accounts.actor import Actor
from sanchoi.api.handlers import problem_of
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import listing, propose_form, propose_page, propose_picture, propose_told
from sanchoi.api.pages.frame import Links, choice, page, query
from sanchoi.api.pages.propose_form import Draft
from sanchoi.api.pages.propose_told import Told
from sanchoi.api.pages.sites import names
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import attached, desk
from sanchoi.api.proposals.desk import Asked
from sanchoi.api.proposals.states import DRAFT, EDITABLE, MOVES, NEEDS_INFO, STATES, SUBMITTED, WITHDRAWN
from sanchoi.api.store import Proposal, ProposalVersion, User
from sanchoi.gis.errors import SanchoiError, UnknownId
from sqlalchemy import select
from starlette.convertors import Convertor, register_url_convertor

router = APIRouter()
AT = "/{lang:lang}/proposals"
SIZE = 50
VIETNAM = timezone(timedelta(hours=7))
MOST_REVISION = 2**31 - 2
FIELDS = ("name", "land_use", "owner", "backer", "cost", "note", "parcel_id", "source", "epsg")


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
        rows=[_row(request, each, who, t) for each in found],
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
        told = problem.told(language_of(request), request.url.path)
        words = Told(title=told["title"], detail=told["detail"], status=problem.status)
        if problem.key == "bad_body" and not reason.strip():
            t = tongue(language_of(request))
            words.title = t.say("Something is missing")
            words.detail = t.say("Write a sentence first: whoever reads it must know what it is about.")
        return shown(request, proposal, wrong=words, typed=typed)
    there = Links(request, language_of(request), None).top("proposals", proposal, sent=typed.do)
    return RedirectResponse(there, 303)


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
    entry = entry_of(request, found)
    current = versions[-1]
    again = _again(request, entry, found, current, t) if entry is not None and "again" in request.query_params else None
    mine = proposes(who, found)
    moves = {to for (a, to) in MOVES if a == found.state}
    overlaps = propose_told.standing(request, found.geometry, found.id) if entry is not None else []
    return page(
        request,
        "proposal.html",
        entry,
        http_status=200 if wrong is None else wrong.status,
        fixed=False,
        found=found,
        row=_row(request, found, who, t),
        content=current.content,
        land_name=_land_name(entry, current.content.get("land_use", ""), t),
        rows=_worth(entry, current.worth, t),
        told=Told(overlaps=overlaps),
        again=again,
        again_rows=None if again is None or entry is None else _worth(entry, again.worth, t),
        stale=entry is not None and found.etag != entry.etag,
        gone=entry is None,
        drawn=_picture(entry, current, found.commune_id),
        build_cost=None if entry is None else propose_page.build_cost(entry),
        versions=[_version(each, before, people, t) for before, each in _pairs(versions)],
        remarks=[_remark(each, people, t) for each in said],
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


def proposes(who: Actor, found: Proposal) -> bool:
    """Whether the actor may change a proposal: its author, or an official of its commune."""
    try:
        desk.proposing(who, found)
    except Problem:
        return False
    return True


def revision_of(text: str) -> int:
    """The revision that a form was made from.

    Raises
    ------
    Problem : it is no whole number from 1 on.
    """
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:12]) <= MOST_REVISION):
        raise Problem("bad_parameter", {"name": "revision", "came": text[:60], "expected": "1, 2, 3, …"})
    return int(text)


def entry_of(request: Request, found: Proposal) -> Entry | None:
    """The result that a proposal belongs to; None = it is shown no more."""
    try:
        entry: Entry = request.app.state.library.get(found.result_id)
    except UnknownId:
        return None
    return entry


def moment(at: datetime, t: Tongue) -> str:
    """Day and time in Việt Nam."""
    there = at.astimezone(VIETNAM)
    return f"{t.date(there.date())}, {there:%H:%M}"


def value(name: str, told: object, t: Tongue) -> str:
    """A field of a proposal as people read it."""
    if told is None or told == "":
        return "–"
    if name == "cost":
        return f"{t.number(float(told))} đ"  # type: ignore[arg-type]
    if name == "source":
        return _sources(t).get(str(told), str(told))
    return str(told)


def labels(t: Tongue) -> dict[str, str]:
    """Names of the fields of a proposal."""
    return {
        "name": t.say("What people call the land"),
        "land_use": t.say("Kind of land"),
        "owner": t.say("Who uses the land now"),
        "backer": t.say("Who stands behind the proposal"),
        "cost": t.say("Cost"),
        "note": t.say("Note"),
        "geometry": t.say("Outline"),
        "parcel_id": t.say("Listed parcel"),
        "source": t.say("How the outline came"),
        "epsg": t.say("Coordinate system"),
    }


def _sources(t: Tongue) -> dict[str, str]:
    return {
        "drawn": t.say("drawn on the map"),
        "corners": t.say("typed as coordinates"),
        "parcel": t.say("a listed parcel"),
        "file": t.say("from a file"),
        "offline": t.say("from the offline form"),
    }


def _again(request: Request, entry: Entry, found: Proposal, version: ProposalVersion, t: Tongue) -> Told:
    """What the land is worth by the result as it is now."""
    texts = {name: str(version.content.get(name) or "") for name in ("name", "land_use", "owner", "parcel_id")}
    made = Draft(propose_form.blank(**texts), {}, version.geometry, version.content.get("cost"))
    return propose_told.ask(request, entry, made, found.id)


def _worth(entry: Entry | None, worth: Mapping[str, Any] | None, t: Tongue) -> dict[str, Any] | None:
    return None if entry is None or not whole(worth) else propose_told.rows(entry, worth, t)


def whole(worth: Mapping[str, Any] | None) -> bool:
    """Whether a worth has what the pages show of it."""
    needed = ("ledger", "verdict", "score", "newly_covered", "sentence_vi", "sentences_vi", "overlaps", "commune")
    return worth is not None and all(key in worth for key in needed)


def _picture(entry: Entry | None, version: ProposalVersion, commune: str) -> dict[str, Any] | None:
    if entry is None:
        return None
    return propose_picture.land(entry, version.geometry, (version.worth or {}).get("usable"), [commune])


def _land_name(entry: Entry | None, code: str, t: Tongue) -> str:
    if not code:
        return t.say("not sure")
    if entry is None:
        return code
    return dict([*propose_form.codes(entry, t)[0], *propose_form.codes(entry, t)[1]]).get(code, code)


def _row(request: Request, found: Proposal, who: Actor, t: Tongue) -> dict[str, Any]:
    """What the pages show of a proposal."""
    entry = entry_of(request, found)
    place = names(entry).get(found.commune_id, found.commune_id) if entry else found.commune_id
    return {
        "id": found.id,
        "number": found.number,
        "name": found.name,
        "state": found.state,
        "revision": found.revision,
        "commune": place,
        "result": entry.name if entry else found.result_id,
        "gained": found.gained,
        "cost": found.cost,
        "created": moment(found.created, t),
        "updated": moment(found.updated, t),
        "submitted": moment(found.submitted, t) if found.submitted else "",
        "next": _next(found, proposes(who, found), t),
    }


def _next(found: Proposal, mine: bool, t: Tongue) -> str:
    """What happens next with a proposal, in plain words."""
    told = {
        "draft": t.say("Add photos if there are any, then send it."),
        "submitted": t.say("Wait: a reviewer will look at it."),
        "needs_info": t.say("A reviewer asks for more: read what, mend it, and send it again."),
        "under_review": t.say("Wait: a reviewer is looking at it."),
        "accepted": t.say("Nothing to do: it may go into the plan."),
        "rejected": t.say("Nothing to do. The reason stands on its page."),
        "withdrawn": t.say("Nothing to do: it was taken back."),
        "in_plan": t.say("Nothing to do: it is in the plan."),
    }
    return told.get(found.state, "") if mine else ""


def _pairs(versions: list[ProposalVersion]) -> list[tuple[ProposalVersion | None, ProposalVersion]]:
    """Each version with the one before it, the newest first."""
    before: list[ProposalVersion | None] = [None, *versions]
    return list(zip(before, versions, strict=False))[::-1]


def _version(
    found: ProposalVersion, before: ProposalVersion | None, people: Mapping[str, str], t: Tongue
) -> dict[str, Any]:
    """A version and how it differs from the one before."""
    changes: list[tuple[str, str, str]] = []
    if before is not None and not found.erased and not before.erased:
        names_ = labels(t)
        for name in FIELDS:
            was, now = before.content.get(name), found.content.get(name)
            if was != now:
                changes.append((names_[name], value(name, was, t), value(name, now, t)))
        if not shapely.equals_exact(before.geometry, found.geometry, 0):
            changes.append((names_["geometry"], corners(before.geometry, t), corners(found.geometry, t)))
    return {
        "version": found.version,
        "when": moment(found.at, t),
        "who": people.get(found.author_id, "–"),
        "first": before is None,
        "changes": changes,
        "erased": found.erased is not None,
        "sentence": (found.worth or {}).get(f"sentence_{t.language}", ""),
    }


def corners(shape: Any, t: Tongue) -> str:  # noqa: ANN401 - shapely is untyped
    """An outline in a few words."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    x, y = shape.centroid.x, shape.centroid.y
    n = sum(len(ring.coords) - 1 for ring in rings)
    return t.say("%(n)s corners around %(lat)s, %(lon)s", n=t.number(n), lat=t.number(y, 5), lon=t.number(x, 5))


def _remark(found: Any, people: Mapping[str, str], t: Tongue) -> dict[str, Any]:  # noqa: ANN401 - a row of the database
    return {
        "who": people.get(found.author_id, "–"),
        "when": moment(found.at, t),
        "kind": found.kind,
        "from": found.from_state,
        "to": found.to_state,
        "text": found.text,
        "internal": found.internal,
    }


def _authors(versions: list[ProposalVersion], said: list[Any]) -> set[str]:
    return {each.author_id for each in versions} | {each.author_id for each in said}


def _at(asked: Asked, number: int) -> Asked:
    return Asked(states=asked.states, mine=asked.mine, sort=asked.sort, limit=SIZE, offset=(number - 1) * SIZE)


def _empty() -> dict[str, Any]:
    return {"count": 0, "number": 1, "last": 1, "state": "", "mine": False, "states": STATES, "results": []}
