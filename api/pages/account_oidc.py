"""Log-in with a service outside: to it and back."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sanchoi.api.accounts import entry, guard, oidc, sessions
from sanchoi.api.accounts.oidc import Begun, Outside
from sanchoi.api.languages import language_of
from sanchoi.api.pages import account_login
from sanchoi.api.pages.frame import Links
from sanchoi.api.problems import Problem
from sanchoi.api.store import User, trail

router = APIRouter()
AT = "/{lang:lang}/account/oidc"
BACK = ("vi", "account", "oidc", "back")
"""The one address that the service outside sends people back to."""


def _outside(request: Request) -> Outside:
    found: Outside | None = request.app.state.outside
    if found is None:
        raise Problem("not_found")
    return found


def _back(request: Request) -> str:
    base = request.app.state.settings.base_url.rstrip("/") or str(request.base_url).rstrip("/")
    return base + "/" + "/".join(BACK)


def _cookie(request: Request) -> str:
    return sessions.cookie_name(request.app.state.settings) + "-oidc"


@router.get(AT)
def begin(request: Request) -> Response:
    """To the service outside. Nothing is changed here: what it began with goes into a cookie."""
    outside, language = _outside(request), language_of(request)
    after = entry.local(request.query_params.get("next", ""), Links(request, language, None).root)
    begun = Begun.new(language, after, request.query_params.get("invitation", "")[:100])
    try:
        target = outside.begin(begun, _back(request))
    except Problem as problem:
        return _refused(request, problem, begun)
    answer = RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})
    settings = request.app.state.settings
    secure = settings.base_url.startswith("https://")
    answer.set_cookie(
        _cookie(request),
        begun.text(),
        max_age=int(oidc.LONG_S),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get(AT + "/back")
def back(request: Request) -> Response:
    """Back from the service outside."""
    outside, state = _outside(request), request.app.state
    asked = request.query_params
    begun = Begun.of_text(request.cookies.get(_cookie(request), ""))
    try:
        if begun is None:
            raise Problem("stranger")
        oidc.once(state.store, begun, asked.get("state", ""))
        if "error" in asked or not asked.get("code"):
            raise Problem("stranger")
        claims = outside.claims(begun, asked["code"], _back(request))
        cookie = _come_in(request, outside.subject(claims), claims, begun)
    except Problem as problem:
        if problem.key not in ("stranger", "outside", "unavailable", "no_account", "conflict", "invitation"):
            raise
        return _refused(request, problem, begun)
    links = Links(request, begun.language if begun.language in ("vi", "en") else "vi", None)
    said = {"said": "linked"} if begun.invitation else {}
    answer = RedirectResponse(entry.local(begun.after, links.root) or links.top("account", **said), 303)
    sessions.give(answer, cookie, state.settings)
    _forget(request, answer)
    return answer


def _come_in(request: Request, subject: str, claims: dict[str, Any], begun: Begun) -> str:
    """A new session of the account that a subject has, or is bound to now."""
    state = request.app.state
    old: sessions.Found | None = request.scope.get(guard.SESSION)
    with state.store.session() as database:
        user: User | None = (
            oidc.link(database, begun.invitation, subject, claims)
            if begun.invitation
            else oidc.known(database, subject)
        )
        if user is not None:
            return entry.open_(database, user, state.settings, old.hash if old else "", "oidc")
        trail.note(database, "anonymous", "login.refuse", "login:unknown", {"how": "oidc"})
    oidc.refused.warning("log-in without an account")
    raise Problem("no_account")


def _refused(request: Request, problem: Problem, begun: Begun | None) -> Response:
    told = problem.told(language_of(request), request.url.path)
    after = begun.after if begun else ""
    answer = account_login.form(request, after, status=problem.status, fault=told["detail"])
    answer.headers.update(problem.headers)
    _forget(request, answer)
    return answer


def _forget(request: Request, answer: Response) -> None:
    secure = request.app.state.settings.base_url.startswith("https://")
    answer.delete_cookie(_cookie(request), path="/", secure=secure, httponly=True, samesite="lax")
