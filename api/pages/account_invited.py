"""Invited: the page of a link that works once. Whoever was given it makes their account there, or sets a new password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sanchoi.api.accounts import entry, guard, invitations, passwords, register, sessions
from sanchoi.api.accounts.register import LOGIN, NAME
from sanchoi.api.languages import language_of
from sanchoi.api.pages.account import new_fault
from sanchoi.api.pages.account_words import place_names, role
from sanchoi.api.pages.frame import Links, page, query
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.api.store import Invitation, User

router = APIRouter()
AT = "/{lang:lang}/account/invited/{secret}"
Text = Annotated[str, Form()]


def _found(request: Request, secret: str) -> tuple[Invitation, User | None]:
    with request.app.state.store.reading() as database:
        found = invitations.look(database, secret)
        return found, register.get(database, found.user_id) if found.user_id else None


@router.get(AT)
def ask(request: Request, secret: str) -> Response:
    """The form."""
    query(request, ())
    return _form(request, secret, *_found(request, secret))


def _form(
    request: Request,
    secret: str,
    found: Invitation,
    user: User | None,
    *,
    login: str = "",
    name: str = "",
    fault: str = "",
    status: int = 200,
) -> Response:
    t = tongue(language_of(request))
    return page(
        request,
        "account_invited.html",
        None,
        http_status=status,
        fixed=False,
        secret=secret,
        user=user,
        role=role(found.role, t),
        places=place_names(request, found.communes, found.vintage),
        until=t.moment(found.expires),
        login_typed=login,
        name_typed=name,
        fault=fault,
        least=passwords.LEAST,
        longest=(LOGIN, NAME),
        oidc=request.app.state.settings.oidc,
    )


@router.post(AT)
def accept(
    request: Request, secret: str, login: Text = "", name: Text = "", password: Text = "", again: Text = ""
) -> Response:
    """Make the account, or set the password, and log in."""
    query(request, ())
    state, language = request.app.state, language_of(request)
    found, user = _found(request, secret)
    try:
        if user is None:
            register.login_of(login), register.name_of(name)
        wrong = new_fault(language, password, again, user, login, name)
        if not wrong:
            made = state.hasher.make(password)
            old: sessions.Found | None = request.scope.get(guard.SESSION)
            with state.store.session() as database:
                known = invitations.accept(database, secret, login, name, made)
                cookie = entry.open_(database, known, state.settings, old.hash if old else "", "invitation")
    except Problem as problem:
        if problem.key not in ("bad_parameter", "conflict", "unavailable"):
            raise
        told = problem.told(language, "")["detail"]
        return _form(request, secret, found, user, login=login, name=name, fault=told, status=problem.status)
    if wrong:
        return _form(request, secret, found, user, login=login, name=name, fault=wrong, status=400)
    said = "welcome" if user is None else "password"
    answer = RedirectResponse(Links(request, language, None).top("account", said=said), 303)
    sessions.give(answer, cookie, state.settings)
    return answer
