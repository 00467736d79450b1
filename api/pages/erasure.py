"""Erasing a person's data: a page that says what goes and what stays, and does it only when that is ticked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sanchoi.api.accounts import actor, register
from sanchoi.api.accounts.actor import ADMINISTER
from sanchoi.api.languages import language_of
from sanchoi.api.pages.frame import Links, page, query
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import erasure

router = APIRouter()
AT = "/{lang:lang}/users/{user}/erase"


@router.get(AT)
def ask(request: Request, user: str) -> Response:
    """What would go, and a button."""
    actor.of(request).must(ADMINISTER)
    query(request, ())
    return _page(request, user)


@router.post(AT)
def erase(request: Request, user: str, sure: Annotated[str, Form()] = "") -> Response:
    """Take the data away; what hinders it is told on the page."""
    me = actor.of(request)
    me.must(ADMINISTER)
    if sure != "yes":
        return _page(request, user, unsure=True, status=400)
    store, settings = request.app.state.store, request.app.state.settings
    try:
        with store.session() as session:
            erasure.erase(session, settings, me, user)
    except Problem as problem:
        if problem.key == "not_found":
            raise
        return _page(request, user, fault=problem.told(language_of(request), "")["detail"], status=problem.status)
    erasure.settle(store)
    return RedirectResponse(Links(request, language_of(request), None).top("users", said="erased"), 303)


def _page(request: Request, user: str, *, fault: str = "", unsure: bool = False, status: int = 200) -> Response:
    with request.app.state.store.reading() as session:
        found = register.get(session, user)
    return page(
        request,
        "erasure.html",
        http_status=status,
        fixed=False,
        user=found,
        fault=fault,
        unsure=unsure,
        done=found.erased is not None,
    )
