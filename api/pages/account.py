"""The own account: password, keys for programs, and the browsers that are logged in. For whoever has logged in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sanchoi.api.accounts import actor, entry, guard, passwords, register, sessions, throttle, tokens
from sanchoi.api.accounts.actor import READ, RIGHTS, WORDS, Actor
from sanchoi.api.languages import language_of
from sanchoi.api.pages.account_words import place_names, rights, role
from sanchoi.api.pages.frame import Links, page, query
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.api.store import User, trail

router = APIRouter()
AT = "/{lang:lang}/account"
Text = Annotated[str, Form()]


def mine(request: Request) -> Actor:
    """Who has logged in; a program's key is none to manage an account with.

    Raises
    ------
    Problem : nobody has.
    """
    me = actor.of(request)
    me.must(READ)
    if me.scopes is not None:
        words = ("trang này chỉ dành cho người đăng nhập", "this page is for people who have logged in")
        raise Problem("forbidden", pairs={"why": words})
    return me


@router.get(AT)
def own(request: Request) -> Response:
    """The page."""
    me = mine(request)
    asked = query(request, ("said",))
    return shown(request, me, said=asked.get("said", ""))


def shown(
    request: Request,
    me: Actor,
    *,
    said: str = "",
    fault: tuple[str, str] | None = None,
    secret: str = "",
    status: int = 200,
) -> Response:
    """The page, with what was done, or what went wrong in which form."""
    t = tongue(language_of(request))
    state = request.app.state
    here: sessions.Found | None = request.scope.get(guard.SESSION)
    with state.store.reading() as database:
        user = register.get(database, me.user_id or "")
        held = tokens.held(database, user.id)
        open_ = sessions.of_user(database, user, state.settings)
    return page(
        request,
        "account.html",
        None,
        http_status=status,
        fixed=False,
        user=user,
        role=role(user.role, t),
        places=place_names(request, user.communes, user.vintage),
        tokens=[
            {
                "id": each.id,
                "name": each.name,
                "scopes": rights(each.scopes, t),
                "expires": t.moment(each.expires),
                "used": t.moment(each.used) if each.used else "",
            }
            for each in held
        ],
        sessions=[
            {
                "created": t.moment(each.created),
                "seen": t.moment(each.seen),
                "here": here is not None and each.hash == here.hash,
            }
            for each in open_
        ],
        scopes=[(right, rights([right], t)) for right in WORDS if right in RIGHTS[user.role]],
        days=tokens.DAYS,
        most_days=tokens.MOST_DAYS,
        least=passwords.LEAST,
        said=said,
        fault=fault[1] if fault else "",
        fault_of=fault[0] if fault else "",
        secret=secret,
    )


@router.post(AT + "/password")
def change_password(request: Request, old: Text = "", new: Text = "", again: Text = "") -> Response:
    """Set another password: every other browser is logged out, and every key void."""
    me = mine(request)
    t, state = tongue(language_of(request)), request.app.state
    with state.store.reading() as database:
        user = register.get(database, me.user_id or "")
    wrong = new_fault(t.language, new, again, user)
    if wrong:
        return shown(request, me, fault=("password", wrong), status=400)
    wait = throttle.begin(state.store, user.login, entry.address_of(request))
    if wait > 0:
        problem = entry.too_fast(wait)
        told = problem.told(t.language, "")["detail"]
        answer = shown(request, me, fault=("password", told), status=problem.status)
        answer.headers.update(problem.headers)
        return answer
    if not state.hasher.check(old, user.password):
        actor.refused.warning("present password wrong", extra={"facts": {"actor": me.id}})
        return shown(request, me, fault=("password", t.say("The present password is wrong.")), status=403)
    made = state.hasher.make(new)
    with state.store.session() as database:
        throttle.succeeded(database, user.login, entry.address_of(request))
        found = register.get(database, user.id)
        register.set_password(database, me.id, found, made)
        cookie = sessions.start(database, found, state.settings)
    answer = RedirectResponse(Links(request, t.language, None).top("account", said="password"), 303)
    sessions.give(answer, cookie, state.settings)
    return answer


def new_fault(language: str, new: str, again: str, user: User | None, login: str = "", name: str = "") -> str:
    """What is wrong with a new password; empty = nothing."""
    t = tongue(language)
    if new != again:
        return t.say("The two passwords are not the same.")
    login, name = (user.login, user.name) if user is not None else (login, name)
    pair = passwords.fault(new, login, name)
    return t.capital(pair[1 if language == "en" else 0]) + "." if pair else ""


@router.post(AT + "/tokens")
def make_token(
    request: Request, name: Text = "", days: Text = "", scopes: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Make a key for a program, and show it this once."""
    me = mine(request)

    def work() -> str:
        count = int(days) if days.isascii() and days.isdecimal() and len(days) < 6 else 0
        with request.app.state.store.session() as database:
            user = register.get(database, me.user_id or "")
            return tokens.make(database, me.id, user, name, scopes or [], count)[1]

    return _tried(request, me, "token", work)


def _tried(request: Request, me: Actor, where: str, work: Callable[[], str]) -> Response:
    try:
        secret = work()
    except Problem as problem:
        told = problem.told(language_of(request), "")
        return shown(request, me, fault=(where, told["detail"]), status=problem.status)
    return shown(request, me, secret=secret)


@router.post(AT + "/tokens/{token}/revoke")
def revoke_token(request: Request, token: str) -> Response:
    """Make a key void."""
    me = mine(request)
    with request.app.state.store.session() as database:
        tokens.revoke(database, me.id, me.user_id or "", token)
    return _back(request, "revoked")


@router.post(AT + "/everywhere")
def out_everywhere(request: Request) -> Response:
    """Log out in every browser, this one too."""
    me = mine(request)
    state = request.app.state
    with state.store.session() as database:
        sessions.end_all(database, me.user_id or "")
        trail.note(database, me.id, "logout", me.id, {"everywhere": True})
    answer = RedirectResponse(Links(request, language_of(request), None).top("account", "login", said="out"), 303)
    sessions.take(answer, state.settings)
    return answer


def _back(request: Request, said: str, **asked: Any) -> Response:  # noqa: ANN401 - values of an address
    return RedirectResponse(Links(request, language_of(request), None).top("account", said=said, **asked), 303)
