"""Adopt: a plan with proposals, before and after; and the button that makes it the one in force."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict
from sanchoi.api import answers
from sanchoi.api.accounts import actor
from sanchoi.api.accounts.actor import REVIEW
from sanchoi.api.clock import VIETNAM
from sanchoi.api.handlers import problem_of
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import pictures, proposals, what_if
from sanchoi.api.pages.frame import Links, entry_of, page, query
from sanchoi.api.pages.pictures import Drawing
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import planned
from sanchoi.api.proposals.states import IN_PLAN
from sanchoi.api.store import Proposal
from sanchoi.gis.errors import SanchoiError
from sqlalchemy import select

router = APIRouter()
AT = "/{lang:lang}/desk/plan/{result}"
Document = dict[str, Any]


class Adopted(BaseModel):
    """The form. `seen`: JSON of the proposals' revisions as they were shown."""

    model_config = ConfigDict(extra="ignore")
    name: str = ""
    reason: str = ""
    seen: str = "{}"


@router.get(AT)
def show(request: Request, result: str) -> Response:
    """The plan."""
    query(request, ())
    return _shown(request, result, Adopted(name=_name(request)))


def _name(request: Request) -> str:
    """What a plan is called unless somebody says otherwise: what it is, and the day."""
    t = tongue(language_of(request))
    return f"{t.say('Plan with proposals')}, {t.date(datetime.now(VIETNAM).date())}"


@router.post(AT)
def adopt(request: Request, result: str, typed: Annotated[Adopted, Form()]) -> Response:
    """Save its scenario and bring its proposals into the plan, all at once."""
    who = actor.of(request)
    who.must(REVIEW)
    plan, base = _both(request, result)
    limits = request.app.state.settings.limits
    try:
        with request.app.state.store.session() as session:
            made = planned.adopt(
                session,
                who,
                base,
                plan,
                typed.name.strip() or _name(request),
                typed.reason.replace("\r\n", "\n"),
                _seen(typed.seen),
                limits,
            )
            name = made.id
    except (Problem, SanchoiError) as error:
        problem = problem_of(error)
        return _shown(request, result, typed, problem.told(language_of(request), request.url.path), problem.status)
    links = Links(request, language_of(request), base)
    return RedirectResponse(links.link("gap", "plan", done=name), 303)


@router.get("/{lang:lang}/r/{result}/gap/plan")
def in_force(request: Request, result: str) -> Response:
    """The gap with the plan that is in force, for everybody."""
    entry = entry_of(request, result)
    asked = query(request, ("done",))
    with request.app.state.store.reading() as session:
        found = planned.in_force(session, entry.id)
        rows = [] if found is None else planned.members(session, entry.id, found.id)
        changes = [] if found is None else [each.document for each in found.changes]
    if found is None:
        return page(request, "gap_plan_none.html", entry, fixed=False)
    answer = answers.ask(entry, request.app.state.models.get(entry), changes)
    return page(
        request,
        "gap_plan.html",
        entry,
        fixed=False,
        scenario=found,
        stale=found.etag != entry.etag,
        members=[{"number": each.number, "name": each.name, "id": each.id} for each in rows],
        others=len(changes) - len(rows),
        done="done" in asked,
        **told(entry, answer),
    )


def link_of(request: Request, entry: Entry) -> str:
    """The scenario of the plan in force, which pages of the gap offer; "" = there is none, or nobody can say now."""
    try:
        with request.app.state.store.reading() as session:
            found = planned.in_force(session, entry.id)
            return "" if found is None else f"{found.id}.{found.version}"
    except Problem:
        return ""


def told(entry: Entry, answer: Document) -> Document:
    """What the templates show of an answer: two maps, the homes, the tables."""
    before = pictures.communes(entry)
    return {**what_if.answered(entry, answer), "before": before, "after": after(before, answer)}


def after(before: Drawing, answer: Document) -> Drawing:
    """The communes as the answer leaves them."""
    now = {row["commune_id"]: row["after"]["status"] for row in answer["communes"] if row["band"] == "all"}
    return replace(
        before,
        shapes=[
            replace(each, status=now[each.id], shade="" if now[each.id] != each.status else each.shade)
            if each.id in now
            else each
            for each in before.shapes
        ],
    )


def _shown(
    request: Request, result: str, typed: Adopted, problem: Mapping[str, Any] | None = None, status: int = 200
) -> Response:
    actor.of(request).must(REVIEW)
    plan, base = _both(request, result)
    t = tongue(language_of(request))
    sites = planned.sites(plan)
    changes = planned.changes(plan, base)
    answer = answers.ask(base, request.app.state.models.get(base), changes)
    chosen = (planned.told(plan) or {})["chosen"]
    mine = {each.proposal for each in sites if each.proposal}
    with request.app.state.store.reading() as session:
        asked = select(Proposal).where(Proposal.id.in_([each["proposal"] for each in chosen]))
        found = {each.id: each for each in session.scalars(asked)}
        earlier = select(Proposal).where(Proposal.result_id == base.id, Proposal.state == IN_PLAN)
        standing = list(session.scalars(earlier))
        current = planned.in_force(session, base.id)
    rows = [
        {**each, "name": found[each["proposal"]].name, "state": t.state(found[each["proposal"]].state)}
        for each in chosen
        if each["proposal"] in found
    ]
    seen = {each.id: each.revision for each in (*found.values(), *standing) if each.id in mine or each in standing}
    return page(
        request,
        "desk_adopt.html",
        base,
        http_status=status,
        fixed=False,
        plan=plan.id,
        sites=sites,
        in_=[each for each in rows if each["proposal"] in mine],
        out=[each for each in rows if each["proposal"] not in mine],
        leaving=[t.say("P-%(n)s", n=each.number) for each in standing if each.id not in mine],
        current=current is not None and [each.document for each in current.changes] == changes,
        value=typed,
        seen=json.dumps(seen, sort_keys=True),
        problem=problem or {},
        moved=base.etag != (planned.told(plan) or {}).get("etag"),
        **told(base, answer),
    )


def _both(request: Request, result: str) -> tuple[Entry, Entry]:
    """A plan with proposals and the result that it was made of.

    Raises
    ------
    Problem : "unknown_id" where it is no such plan. UnknownId : one of them is shown no more.
    """
    plan = entry_of(request, result)
    found = planned.told(plan)
    if found is None or not plan.has("sites"):
        raise Problem("unknown_id", pairs={"message": (f"phương án {plan.id}", f"plan {plan.id}")})
    return plan, entry_of(request, str(found["of"]))


def _seen(text: str) -> dict[str, int]:
    """Revisions by proposal.

    Raises
    ------
    Problem : it is no such JSON.
    """
    try:
        found = json.loads(text)
        return {str(key): proposals.revision_of(str(value)) for key, value in found.items()}
    except (Problem, ValueError, AttributeError, RecursionError) as error:
        raise Problem("bad_parameter", {"name": "seen", "came": text[:40], "expected": "JSON"}) from error
