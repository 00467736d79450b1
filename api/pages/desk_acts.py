"""Desk acts: what a reviewer does with a proposal on its page. What is refused comes back with all that was written."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sanchoi.api.accounts import actor
from sanchoi.api.handlers import problem_of
from sanchoi.api.languages import language_of
from sanchoi.api.pages import proposals
from sanchoi.api.pages.frame import Links, query
from sanchoi.api.pages.propose_told import Told
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk
from sanchoi.gis.errors import SanchoiError

router = APIRouter()
AT = "/{lang:lang}/proposals/{proposal}"
NOWHERE = ("unknown_id", "login")
"""Refusals after which there is no page to go back to."""


class Reviewed(proposals.Act):
    """One act of a reviewer: `do` is move, publish or remark.

    `to` : the state, "public" or "hidden", "internal" or "open". `seen` : how many remarks stood on the page it was sent from.
    """

    do: str = "move"
    to: str = ""
    seen: str = "0"


@router.post(AT + "/move")
def move(request: Request, proposal: str, typed: Annotated[Reviewed, Form()]) -> Response:
    """Bring it to another state."""
    return _done(request, proposal, typed.model_copy(update={"do": "move"}))


@router.post(AT + "/publish")
def publish(request: Request, proposal: str, typed: Annotated[Reviewed, Form()]) -> Response:
    """Show it to everybody, or no more."""
    return _done(request, proposal, typed.model_copy(update={"do": "publish"}))


@router.post(AT + "/remark")
def remark(request: Request, proposal: str, typed: Annotated[Reviewed, Form()]) -> Response:
    """Say something of it, to all whom it concerns or to reviewers alone."""
    return _done(request, proposal, typed.model_copy(update={"do": "remark"}))


def _done(request: Request, proposal: str, typed: Reviewed) -> Response:
    query(request, ())
    language = language_of(request)
    try:
        _act(request, proposal, typed)
    except (Problem, SanchoiError) as error:
        problem = problem_of(error)
        if problem.key in NOWHERE:
            raise
        words = problem.told(language, request.url.path)
        told = Told(title=words["title"], detail=words["detail"], status=problem.status)
        if problem.key == "bad_body" and not typed.reason.strip():
            t = tongue(language)
            told.title = t.say("The reason is missing")
            told.detail = t.say("Write why in a sentence: it stays in the record, and the proposer reads it.")
        return proposals.shown(request, proposal, wrong=told, typed=typed)
    return RedirectResponse(Links(request, language, None).top("proposals", proposal, sent=typed.do), 303)


def _act(request: Request, proposal: str, typed: Reviewed) -> None:
    who, reason = actor.of(request), typed.reason.replace("\r\n", "\n")
    with request.app.state.store.session() as session:
        if typed.do == "remark":
            desk.comment(session, who, proposal, reason, internal=_among(typed.to, ("internal", "open")) == "internal")
            return
        revision = proposals.revision_of(typed.revision)
        if typed.do == "publish":
            public = _among(typed.to, ("public", "hidden")) == "public"
            desk.publish(session, who, proposal, revision, public, reason)
        else:
            desk.move(session, who, proposal, revision, typed.to, reason)


def _among(came: str, known: tuple[str, ...]) -> str:
    if came not in known:
        raise Problem("bad_parameter", {"name": "to", "came": came[:40], "expected": ", ".join(known)})
    return came
