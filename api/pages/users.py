"""Users: who has an account, and what they may do. For administrators."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sanchoi.api.accounts import actor, invitations, places, register
from sanchoi.api.accounts.actor import ADMINISTER, ROLES, Actor
from sanchoi.api.languages import language_of
from sanchoi.api.pages import listing
from sanchoi.api.pages.account_words import place_names, role, role_told
from sanchoi.api.pages.frame import Links, page, query
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.problems import Problem
from sanchoi.api.store import Invitation, User

router = APIRouter()
AT = "/{lang:lang}/users"
SIZE = 100
Text = Annotated[str, Form()]
Some = Annotated[list[str] | None, Form()]


def _me(request: Request) -> Actor:
    me = actor.of(request)
    me.must(ADMINISTER)
    return me


@router.get(AT)
def every(request: Request) -> Response:
    """The accounts, the links that wait, and the form to invite somebody."""
    _me(request)
    return _list(request, said=query(request, ("said", "page")).get("said", ""))


def _list(
    request: Request,
    *,
    said: str = "",
    fault: str = "",
    link: str = "",
    status: int = 200,
    **typed: Any,  # noqa: ANN401
) -> Response:
    t = tongue(language_of(request))
    with request.app.state.store.reading() as database:
        count = register.count(database)
        number, last = listing.page_of(dict(request.query_params), count, SIZE)
        users = register.every(database, SIZE, (number - 1) * SIZE)
        waiting = invitations.waiting(database)
    return page(
        request,
        "users.html",
        None,
        http_status=status,
        fixed=False,
        users=[_row(request, each, t) for each in users],
        waiting=[_row(request, each, t) for each in waiting],
        count=count,
        number=number,
        last=last,
        said=said,
        fault=fault,
        made=link,
        **_choices(request, t, **typed),
    )


def _row(request: Request, found: User | Invitation, t: Tongue) -> dict[str, Any]:
    told = {"role": role(found.role, t), "places": place_names(request, found.communes, found.vintage)}
    if isinstance(found, Invitation):
        return told | {"hash": found.hash, "until": t.moment(found.expires)}
    seen = t.moment(found.seen) if found.seen else ""
    return told | {"id": found.id, "login": found.login, "name": found.name, "active": found.active, "seen": seen}


def _choices(request: Request, t: Tongue, role_typed: str = "commune", chosen: tuple[str, ...] = ()) -> dict[str, Any]:
    """Roles and communes to choose from; communes that no loaded result knows any more stay chosen."""
    known = places.known(request.app.state.library)
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    for place in known:
        rows = groups.setdefault(place.vintage, [])
        rows.append((place.key, f"{place.name} ({place.code})", place.key in chosen))
    for key in sorted(set(chosen) - {place.key for place in known}):
        vintage, _, code = key.partition(" ")
        groups.setdefault(vintage, []).append((key, code, True))
    return {
        "roles": [(each, role(each, t), role_told(each, t), each == role_typed) for each in ROLES],
        "groups": list(groups.items()),
    }


@router.post(AT + "/invite")
def invite(request: Request, role: Text = "", communes: Some = None) -> Response:
    """Make a link for somebody who has no account yet, and show it this once."""
    me = _me(request)
    chosen = tuple(communes or ())
    try:
        duty = _duty(role, chosen)
        with request.app.state.store.session() as database:
            secret = invitations.invite(database, me.id, duty)
    except Problem as problem:
        return _list(request, fault=_told(request, problem), status=problem.status, role_typed=role, chosen=chosen)
    return _list(request, link=_address(request, secret))


def _duty(role_: str, chosen: tuple[str, ...]) -> register.Post:
    """What was chosen; communes are passed over where the role has none."""
    codes, vintage = places.parted(chosen) if role_ == actor.COMMUNE else ([], "")
    return register.post(role_, codes, vintage)


def _told(request: Request, problem: Problem) -> str:
    told: str = problem.told(language_of(request), "")["detail"]
    return told


def _address(request: Request, secret: str) -> str:
    """The whole address of a link, as it is sent to somebody."""
    links = Links(request, language_of(request), None)
    base = request.app.state.settings.base_url.rstrip("/") or str(request.base_url).rstrip("/")
    return base + links.top("account", "invited", secret).removeprefix(links.root)


@router.post(AT + "/invitations/{hash_}/withdraw")
def withdraw(request: Request, hash_: str) -> Response:
    """Make a link void."""
    me = _me(request)
    with request.app.state.store.session() as database:
        invitations.withdraw(database, me.id, hash_)
    return RedirectResponse(Links(request, language_of(request), None).top("users", said="withdrawn"), 303)


@router.get(AT + "/{user}")
def one(request: Request, user: str) -> Response:
    """One account."""
    _me(request)
    return _one(request, user, said=query(request, ("said",)).get("said", ""))


def _one(
    request: Request,
    user_id: str,
    *,
    said: str = "",
    fault: str = "",
    link: str = "",
    status: int = 200,
    typed: dict[str, Any] | None = None,
) -> Response:
    t = tongue(language_of(request))
    with request.app.state.store.reading() as database:
        found = register.get(database, user_id)
    own = {"role_typed": found.role, "chosen": tuple(f"{found.vintage} {code}" for code in found.communes)}
    return page(
        request,
        "user.html",
        None,
        http_status=status,
        fixed=False,
        row=_row(request, found, t) | {"created": t.moment(found.created), "password": bool(found.password)},
        said=said,
        fault=fault,
        made=link,
        **_choices(request, t, **(typed or own)),
    )


def _tried(request: Request, user_id: str, said: str, work: Any, **typed: Any) -> Response:  # noqa: ANN401
    """Do something to an account and show it again; what cannot be done is told there."""
    try:
        with request.app.state.store.session() as database:
            work(database)
    except Problem as problem:
        if problem.key == "not_found":
            raise
        fault = _told(request, problem)
        return _one(request, user_id, fault=fault, status=problem.status, typed=typed or None)
    return RedirectResponse(Links(request, language_of(request), None).top("users", user_id, said=said), 303)


@router.post(AT + "/{user}/post")
def change(request: Request, user: str, role: Text = "", communes: Some = None) -> Response:
    """Another role, or other communes."""
    me, chosen = _me(request), tuple(communes or ())
    return _tried(
        request,
        user,
        "changed",
        lambda database: register.change(database, me.id, user, _duty(role, chosen)),
        role_typed=role,
        chosen=chosen,
    )


@router.post(AT + "/{user}/lock")
def lock(request: Request, user: str) -> Response:
    """Lock an account: its sessions and keys end."""
    me = _me(request)
    return _tried(request, user, "locked", lambda database: register.bar(database, me.id, user, active=False))


@router.post(AT + "/{user}/unlock")
def unlock(request: Request, user: str) -> Response:
    """Let somebody in again."""
    me = _me(request)
    return _tried(request, user, "unlocked", lambda database: register.bar(database, me.id, user, active=True))


@router.post(AT + "/{user}/reset")
def reset(request: Request, user: str) -> Response:
    """Make a link with which somebody sets a new password, and show it this once."""
    me = _me(request)
    with request.app.state.store.session() as database:
        secret = invitations.reset(database, me.id, register.get(database, user))
    return _one(request, user, link=_address(request, secret))
