"""Entry: coming in with a login and a password, and going out again."""

from __future__ import annotations

import logging
import math
import unicodedata
from urllib.parse import urlsplit

from sanchoi.api.accounts import sessions, throttle
from sanchoi.api.accounts.passwords import Hasher
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Settings
from sanchoi.api.store import Store, User, trail
from sanchoi.api.store.models import now
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from starlette.requests import Request

LOGIN = 64
refused = logging.getLogger("sanchoi.refused")


def folded(login: str) -> str:
    """A login as it is looked up: one spelling, small letters, no blanks around; empty where no account can have it."""
    told = unicodedata.normalize("NFC", login[: 4 * LOGIN]).strip().casefold()
    return told if told.isprintable() and len(told) <= LOGIN else ""


def address_of(request: Request) -> str:
    """Where a request comes from; what a proxy on this machine says of it is believed, if there is one by the settings."""
    client = request.client.host if request.client else ""
    if request.app.state.settings.base_url and client in ("127.0.0.1", "::1"):
        told = request.headers.get("x-forwarded-for", "").rsplit(",", 1)[-1].strip()
        return told[:64] or client
    return client


def by_password(
    store: Store,
    hasher: Hasher,
    settings: Settings,
    login: str,
    password: str,
    address: str,
    clock: throttle.Clock = now,
    old: str = "",
) -> str | None:
    """Log somebody in, and give the cookie of a new session; None = wrong login or password, whichever.

    Parameters
    ----------
    old : hash of the session that the browser has; it ends.

    Raises
    ------
    Problem : "guesses" where too many attempts have failed.
    """
    login = folded(login)
    wait = throttle.begin(store, login, address, clock)
    key = throttle.login_key(login)[:12]
    if wait > 0:
        refused.warning("log-in must wait", extra={"facts": {"key": key, "seconds": math.ceil(wait)}})
        raise too_fast(wait)
    with store.reading() as database:
        user = database.scalars(select(User).where(User.login == login)).first()
    usable = user is not None and user.active and user.erased is None
    right = hasher.check(password, user.password if user is not None and usable else None)
    with store.session() as database:
        found = database.get(User, user.id, populate_existing=True) if user is not None else None
        same = found is not None and user is not None and found.password == user.password and found.active
        if not right or found is None or not same:
            about = f"user:{user.id}" if user is not None else "login:unknown"
            trail.note(database, "anonymous", "login.refuse", about, {"key": key})
            refused.warning("log-in refused", extra={"facts": {"key": key}})
            return None
        throttle.succeeded(database, login, address)
        return open_(database, found, settings, old)


def open_(database: Database, user: User, settings: Settings, old: str = "", how: str = "password") -> str:
    """Begin a new session of an account in place of an old one, and give its cookie."""
    if old:
        sessions.end(database, old)
    trail.note(database, f"user:{user.id}", "login", f"user:{user.id}", {"how": how})
    return sessions.start(database, user, settings)


def too_fast(wait: float) -> Problem:
    """The problem of somebody who must wait."""
    seconds = math.ceil(wait)
    return Problem("guesses", {"seconds": seconds}, headers={"Retry-After": str(seconds)})


def local(target: str, root: str = "") -> str:
    """An address to go on to after the log-in, if it is a path of this service; else nothing."""
    if not target.startswith("/") or target.startswith("//") or len(target) > 2_000:
        return ""
    if "\\" in target or any(ord(letter) < 33 or ord(letter) == 127 for letter in target):
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    inside = parts.path == root or parts.path.startswith(root + "/")
    if parts.scheme or parts.netloc or not inside or "/../" in parts.path + "/" or "//" in parts.path[:2]:
        return ""
    return "" if "/account/log" in parts.path else target
