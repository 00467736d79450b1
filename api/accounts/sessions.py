"""Sessions: browsers that somebody has logged in with. A cookie of 256 random bits; the database knows its hash alone.

A session ends when it has not been used for a while, after some hours at the latest, when somebody logs out, and as soon as the
account is locked or its epoch grows (another password, another role).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sanchoi.api.accounts import keys
from sanchoi.api.accounts.actor import Actor
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Settings
from sanchoi.api.store import Session, Store, User
from sanchoi.api.store.models import now
from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database
from starlette.responses import Response

NOTED_S = 60
"""When a session or a token was last used is written down no more often than this."""


@dataclass(frozen=True)
class Found:
    """A session that is good: who, what their forms must carry, and its hash."""

    actor: Actor
    csrf: str
    hash: str


def cookie_name(settings: Settings) -> str:
    """Name of the cookie; over https one that no other host and no plain http can set."""
    return "__Host-sanchoi" if _https(settings) else "sanchoi"


def _https(settings: Settings) -> bool:
    return settings.base_url.startswith("https://")


def start(database: Database, user: User, settings: Settings) -> str:
    """Open a session and give its cookie. Whatever cookie came with the request is never taken over."""
    at = now()
    database.execute(delete(Session).where(Session.expires < at))
    cookie = keys.make()
    database.add(
        Session(
            hash=keys.digest(cookie),
            user_id=user.id,
            csrf=keys.make(),
            epoch=user.epoch,
            created=at,
            seen=at,
            expires=at + timedelta(seconds=settings.session_s),
        )
    )
    user.seen = at
    return cookie


def give(response: Response, cookie: str, settings: Settings) -> None:
    """Let an answer set the cookie."""
    response.set_cookie(
        cookie_name(settings),
        cookie,
        max_age=int(settings.session_s),
        path="/",
        secure=_https(settings),
        httponly=True,
        samesite="lax",
    )


def take(response: Response, settings: Settings) -> None:
    """Let an answer take the cookie away."""
    response.delete_cookie(cookie_name(settings), path="/", secure=_https(settings), httponly=True, samesite="lax")


def find(store: Store, cookie: str, settings: Settings) -> Found | None:
    """The session of a cookie; None where it is not known, has expired, or the account no longer is what it was."""
    if not keys.shaped(cookie):
        return None
    hash_, at = keys.digest(cookie), now()
    with store.reading() as database:
        row = database.execute(
            select(Session, User).join(User, User.id == Session.user_id).where(Session.hash == hash_)
        ).first()
    if row is None or not good(row[0], row[1], at, settings):
        return None
    if (at - row[0].seen).total_seconds() > NOTED_S:
        _seen(store, hash_, at)
    return Found(actor_of(row[1]), row[0].csrf, hash_)


def good(session: Session, user: User, at: datetime, settings: Settings) -> bool:
    """Whether a session holds at a moment."""
    idle = (at - session.seen).total_seconds()
    return user.active and user.epoch == session.epoch and at < session.expires and idle < settings.idle_s


def actor_of(user: User, **more: Any) -> Actor:  # noqa: ANN401 - fields of an Actor
    """The actor that an account is."""
    told = {"id": f"user:{user.id}", "role": user.role, **more}
    return Actor(user_id=user.id, name=user.name, communes=frozenset(user.communes), vintage=user.vintage, **told)


def _seen(store: Store, hash_: str, at: datetime) -> None:
    """Note that a session was used; where the database cannot be written, reading goes on."""
    with contextlib.suppress(Problem), store.session() as database:
        found = database.get(Session, hash_)
        if found is not None:
            found.seen = at


def end(database: Database, hash_: str) -> None:
    """End one session."""
    database.execute(delete(Session).where(Session.hash == hash_))


def end_all(database: Database, user_id: str) -> None:
    """End every session of an account."""
    database.execute(delete(Session).where(Session.user_id == user_id))


def of_user(database: Database, user: User, settings: Settings) -> list[Session]:
    """The sessions of an account that hold, the one used last first."""
    at = now()
    found = database.scalars(select(Session).where(Session.user_id == user.id).order_by(Session.seen.desc()))
    return [each for each in found if good(each, user, at, settings)]
