"""Tokens: keys for programs, shown once. Each has scopes, which its account's role must have too, and an end."""

from __future__ import annotations

import contextlib
import logging
import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sanchoi.api.accounts import keys, sessions
from sanchoi.api.accounts.actor import RIGHTS, WORDS, Actor
from sanchoi.api.problems import Problem
from sanchoi.api.store import Store, Token, User, trail
from sanchoi.api.store.models import now
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

DAYS, MOST_DAYS, MOST = 90, 366, 50
"""How long a token holds unless said, at most, and how many a person may have at once."""
NAME = 100
refused = logging.getLogger("sanchoi.refused")


def make(
    database: Database, actor: str, user: User, name: str, scopes: Collection[str], days: int = DAYS
) -> tuple[Token, str]:
    """A new token and its secret, which is told this once.

    Raises
    ------
    Problem : a scope that is none or that the role has not, a time that is too long, or too many tokens.
    """
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not name or len(name) > NAME or not name.isprintable():
        raise Problem(
            "bad_parameter",
            {"name": "name", "came": name[:40] or "–"},
            {"expected": (f"một tên, nhiều nhất {NAME} ký tự", f"a name of at most {NAME} characters")},
        )
    known = [right for right in WORDS if right in RIGHTS[user.role]]
    wrong = sorted(set(scopes) - set(known))
    if wrong or not scopes:
        raise Problem(
            "bad_parameter", {"name": "scopes", "came": ", ".join(wrong)[:60] or "–", "expected": ", ".join(known)}
        )
    if not 1 <= days <= MOST_DAYS:
        words = (f"từ 1 đến {MOST_DAYS} ngày", f"1 to {MOST_DAYS} days")
        raise Problem("bad_parameter", {"name": "days", "came": days}, {"expected": words})
    if len(held(database, user.id)) >= MOST:
        words = (
            f"đã có {MOST} khóa; hãy thu hồi khóa không dùng nữa",
            f"there are {MOST} tokens; revoke those that are not needed",
        )
        raise Problem("conflict", pairs={"message": words})
    secret, at = keys.make(keys.TOKEN), now()
    made = Token(
        user_id=user.id,
        name=name,
        hash=keys.digest(secret),
        scopes=[right for right in known if right in scopes],
        epoch=user.epoch,
        created=at,
        expires=at + timedelta(days=days),
    )
    database.add(made)
    database.flush()
    trail.note(database, actor, "token.make", f"token:{made.id}", {"scopes": made.scopes, "days": days})
    return made, secret


def held(database: Database, user_id: str) -> Sequence[Token]:
    """The tokens of an account that still hold, the newest first."""
    found = select(Token).where(Token.user_id == user_id, Token.revoked.is_(None), Token.expires > now())
    return database.scalars(found.order_by(Token.created.desc(), Token.id)).all()


def revoke(database: Database, actor: str, user_id: str, token_id: str) -> None:
    """Make a token void.

    Raises
    ------
    Problem : the account has none of that id.
    """
    found = database.get(Token, token_id) if re.fullmatch("[0-9a-f]{32}", token_id) else None
    if found is None or found.user_id != user_id:
        raise Problem("not_found")
    if found.revoked is None:
        found.revoked = now()
        trail.note(database, actor, "token.revoke", f"token:{found.id}")


def find(store: Store, secret: str) -> Actor:
    """Who a token speaks for.

    Raises
    ------
    Problem : "login", whatever is wrong with it.
    """
    at = now()
    row = None
    if secret.startswith(keys.TOKEN) and keys.shaped(secret):
        asked = select(Token, User).join(User, User.id == Token.user_id).where(Token.hash == keys.digest(secret))
        with store.reading() as database:
            row = database.execute(asked).first()
    if row is None or not _good(row[0], row[1], at):
        refused.warning("token refused", extra={"facts": {"token": row[0].id if row else None}})
        words = ("khóa truy cập không đúng hoặc đã hết hạn", "the token is not known, or no longer good")
        raise Problem("login", pairs={"why": words}, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    token, user = row
    if token.used is None or (at - token.used).total_seconds() > sessions.NOTED_S:
        with contextlib.suppress(Problem), store.session() as database:
            found = database.get(Token, token.id)
            if found is not None:
                found.used = at
    return sessions.actor_of(user, id=f"token:{token.id}", scopes=frozenset(token.scopes))


def _good(token: Token, user: User, at: datetime) -> bool:
    held = token.revoked is None and at < token.expires
    return held and user.active and token.epoch == user.epoch
