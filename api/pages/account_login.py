"""Log in and log out, by plain forms."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sanchoi.api.accounts import entry, guard, sessions
from sanchoi.api.languages import language_of
from sanchoi.api.pages.frame import Links, page
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.api.store import trail

router = APIRouter()
Text = Annotated[str, Form()]
After = Annotated[str, Form(alias="next")]
LOGIN = "/{lang:lang}/account/login"


@router.get(LOGIN)
def ask(request: Request) -> Response:
    """The form."""
    return form(request, request.query_params.get("next", ""), said=request.query_params.get("said", ""))


def form(request: Request, after: str = "", *, status: int = 200, said: str = "", **told: Any) -> Response:  # noqa: ANN401
    """The form, with what went wrong."""
    links = Links(request, language_of(request), None)
    values: dict[str, Any] = {"login_typed": "", "fault": "", "why": ""} | told
    after = entry.local(after, links.root)
    return page(
        request,
        "account_login.html",
        None,
        http_status=status,
        fixed=False,
        after=after,
        said=said,
        oidc=request.app.state.settings.oidc,
        **values,
    )


@router.post(LOGIN)
def log_in(request: Request, login: Text = "", password: Text = "", after: After = "") -> Response:
    """Open a session and go on to where one wanted to go."""
    state, language = request.app.state, language_of(request)
    t = tongue(language)
    old: sessions.Found | None = request.scope.get(guard.SESSION)
    try:
        cookie = entry.by_password(
            state.store,
            state.hasher,
            state.settings,
            login,
            password,
            entry.address_of(request),
            old=old.hash if old else "",
        )
    except Problem as problem:
        if problem.key not in ("guesses", "unavailable"):
            raise
        told = problem.told(language, request.url.path)
        answer = form(request, after, status=problem.status, login_typed=login, fault=told["detail"])
        answer.headers.update(problem.headers)
        return answer
    if cookie is None:
        fault = t.say("The login or the password is wrong.")
        return form(request, after, status=401, login_typed=login, fault=fault)
    links = Links(request, language, None)
    answer = RedirectResponse(entry.local(after, links.root) or links.top("account"), 303)
    sessions.give(answer, cookie, state.settings)
    return answer


@router.post("/{lang:lang}/account/logout")
def log_out(request: Request) -> Response:
    """End the session of this browser."""
    state = request.app.state
    found: sessions.Found | None = request.scope.get(guard.SESSION)
    if found is not None:
        with state.store.session() as database:
            sessions.end(database, found.hash)
            trail.note(database, found.actor.id, "logout", found.actor.id)
    answer = RedirectResponse(Links(request, language_of(request), None).top("account", "login", said="out"), 303)
    sessions.take(answer, state.settings)
    return answer
