"""Invitations: links that work once, to make an account or to set another password. The database knows their hashes alone."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

from sanchoi.api.accounts import keys, register
from sanchoi.api.accounts.actor import ADMINISTRATOR
from sanchoi.api.accounts.register import Post
from sanchoi.api.problems import Problem
from sanchoi.api.store import Invitation, Store, User, trail
from sanchoi.api.store.models import now
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

HOURS, FIRST_HOURS = 7 * 24, 24
"""How long a link holds, and how long the one that the first start prints."""
refused = logging.getLogger("sanchoi.refused")


def invite(database: Database, by: str, duty: Post, hours: float = HOURS) -> str:
    """A link's secret for somebody who has no account yet."""
    secret = _add(database, None, duty, hours)
    detail = {"role": duty.role, "communes": list(duty.communes), "vintage": duty.vintage}
    trail.note(database, by, "user.invite", "invitation:" + keys.digest(secret)[:12], detail)
    return secret


def reset(database: Database, by: str, user: User, hours: float = HOURS) -> str:
    """A link's secret to set a new password for an account; an older one is void."""
    database.execute(delete(Invitation).where(Invitation.user_id == user.id, Invitation.used.is_(None)))
    secret = _add(database, user.id, Post(user.role, tuple(user.communes), user.vintage), hours)
    trail.note(database, by, "user.reset", f"user:{user.id}")
    return secret


def first(store: Store, by: str = "system") -> str | None:
    """The secret of the link that makes the administrator, while there is none; every older such link is void."""
    if register.has_administrator(store):
        return None
    with store.session() as database:
        register.lock(database)
        if register.administrators(database):
            return None
        _void(database)
        secret = _add(database, None, Post(ADMINISTRATOR), FIRST_HOURS)
        trail.note(database, by, "administrator.link", "invitation:" + keys.digest(secret)[:12])
        return secret


def _void(database: Database) -> None:
    """Let no link make an administrator any more."""
    open_ = (Invitation.user_id.is_(None), Invitation.role == ADMINISTRATOR, Invitation.used.is_(None))
    database.execute(delete(Invitation).where(*open_))


def _add(database: Database, user_id: str | None, duty: Post, hours: float) -> str:
    at, secret = now(), keys.make()
    database.execute(delete(Invitation).where(Invitation.expires < at - timedelta(days=30)))
    database.add(
        Invitation(
            hash=keys.digest(secret),
            user_id=user_id,
            role=duty.role,
            communes=list(duty.communes),
            vintage=duty.vintage,
            created=at,
            expires=at + timedelta(hours=hours),
        )
    )
    database.flush()
    return secret


def look(database: Database, secret: str) -> Invitation:
    """The invitation of a link that still works.

    Raises
    ------
    Problem : it is not known, was used, or is too old; which, is not told.
    """
    found = database.get(Invitation, keys.digest(secret)) if keys.shaped(secret) else None
    if found is None or found.used is not None or found.expires <= now():
        refused.warning("invitation refused", extra={"facts": {"key": keys.digest(secret)[:12]}})
        raise Problem("invitation")
    return found


def use(database: Database, secret: str) -> Invitation:
    """Use a link up; of several at once one alone gets it.

    Raises
    ------
    Problem : as `look`.
    """
    register.lock(database)
    found = look(database, secret)
    taken = database.execute(
        update(Invitation).where(Invitation.hash == found.hash, Invitation.used.is_(None)).values(used=now())
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise Problem("invitation")
    return found


def accept(database: Database, secret: str, login: str, name: str, password: str | None) -> User:
    """Make the account that a link invites to, or set its password; `password` is a hash.

    Raises
    ------
    Problem : the link does not work, or login or name will not do.
    """
    found = use(database, secret)
    if found.user_id is not None:
        user = register.get(database, found.user_id)
        if not user.active or password is None:
            raise Problem("invitation")
        register.set_password(database, f"user:{user.id}", user, password)
        return user
    alone = found.role == ADMINISTRATOR and register.administrators(database) == 0
    duty = Post(found.role, tuple(found.communes), found.vintage)
    made = register.make(database, "invitation:" + found.hash[:12], login, name, duty, password)
    if alone:
        _void(database)
    return made


def waiting(database: Database) -> list[Invitation]:
    """Links to make an account that have not been used yet, the newest first."""
    open_ = (Invitation.used.is_(None), Invitation.expires > now(), Invitation.user_id.is_(None))
    return list(database.scalars(select(Invitation).where(*open_).order_by(Invitation.created.desc())))


def withdraw(database: Database, by: str, hash_: str) -> None:
    """Make an open link void.

    Raises
    ------
    Problem : there is no such link.
    """
    found = database.get(Invitation, hash_) if re.fullmatch("[0-9a-f]{64}", hash_) else None
    if found is None or found.used is not None:
        raise Problem("not_found")
    database.delete(found)
    trail.note(database, by, "user.uninvite", "invitation:" + hash_[:12])
