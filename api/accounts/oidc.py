"""OIDC: log-in with a service outside, by OpenID Connect's code flow with PKCE. It lets in people who have an account here already.

Nothing is asked of the network before somebody presses the button. What a log-in began with waits in a cookie of that browser
alone; its state works once, for the database notes that it was used.
"""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from authlib.common.urls import add_params_to_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sanchoi.api.accounts import invitations, keys, register
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Oidc
from sanchoi.api.store import Attempt, Store, User, trail
from sanchoi.api.store.models import now
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

log = logging.getLogger("sanchoi.service")
refused = logging.getLogger("sanchoi.refused")
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Never "none", nor one whose key the client knows."""
WAIT_S, KEPT_S, LONG_S, LEEWAY_S, MOST_BYTES = 10.0, 3600.0, 600.0, 60, 1_000_000
LOCK = 5_720_434


@dataclass(frozen=True)
class Begun:
    """What a log-in began with; the browser brings it back in its cookie."""

    state: str
    nonce: str
    verifier: str
    at: float
    language: str = "vi"
    after: str = ""
    invitation: str = ""

    @classmethod
    def new(cls, language: str, after: str = "", invitation: str = "") -> Begun:
        """Another log-in begins."""
        return cls(keys.make(), keys.make(), keys.make(), time.time(), language, after, invitation)

    def text(self) -> str:
        """As a cookie."""
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode().rstrip("=")

    @classmethod
    def of_text(cls, text: str) -> Begun | None:
        """From a cookie; None where it is none of ours."""
        try:
            found = cls(**json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))
            told = all(isinstance(value, str) for name, value in asdict(found).items() if name != "at")
            return found if told and isinstance(found.at, float) else None
        except (ValueError, TypeError):
            return None


class Outside:
    """The log-in service, as one process knows it: its addresses and keys, kept for an hour."""

    def __init__(self, settings: Oidc) -> None:
        self.settings = settings
        self._found: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(timeout=WAIT_S, follow_redirects=False)

    def close(self) -> None:
        """Close what is open to it."""
        self._client.close()

    def begin(self, begun: Begun, back: str) -> str:
        """The address that the browser goes to."""
        told = {
            "response_type": "code",
            "client_id": self.settings.client,
            "redirect_uri": back,
            "scope": "openid profile email",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": create_s256_code_challenge(begun.verifier),
            "code_challenge_method": "S256",
        }
        made: str = add_params_to_uri(self._place("authorization_endpoint"), list(told.items()))
        return made

    def claims(self, begun: Begun, code: str, back: str) -> dict[str, Any]:
        """What the service says of who has logged in, after everything of it was checked.

        Raises
        ------
        Problem : "outside" where it does not answer, "stranger" where what it says cannot be believed.
        """
        told = self._exchange(code, begun.verifier, back)
        raw = told.get("id_token")
        if not isinstance(raw, str):
            raise _unbelievable("no id_token")
        try:
            found = self._decoded(raw)
            whole = CodeIDToken(
                dict(found.claims),
                found.header,
                {
                    "iss": {"essential": True, "value": self._meta()["issuer"]},
                    "aud": {"essential": True, "value": self.settings.client},
                    "exp": {"essential": True},
                    "sub": {"essential": True},
                },
                {"nonce": begun.nonce, "client_id": self.settings.client, "access_token": told.get("access_token")},
            )
            whole.validate(leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _unbelievable(f"{type(error).__name__}: {error}"[:200]) from error
        if not isinstance(whole["sub"], str) or not whole["sub"] or not whole["sub"].isprintable():
            raise _unbelievable("no subject")
        return dict(whole)

    def subject(self, claims: Mapping[str, Any]) -> str:
        """Who that is, as an account names it."""
        return f"{self._meta()['issuer']} {claims['sub']}"

    def _decoded(self, raw: str) -> jwt.Token:
        try:
            return jwt.decode(raw, self._jwks(), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError):  # the service may have changed its keys since
            self._keys = None
            return jwt.decode(raw, self._jwks(), algorithms=list(ALGORITHMS))

    def _meta(self) -> dict[str, Any]:
        if self._found is None or time.monotonic() - self._found[0] > KEPT_S:
            address = self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
            told = self._json("GET", address)
            if str(told.get("issuer", "")).rstrip("/") != self.settings.issuer.rstrip("/"):
                raise _unbelievable("another issuer")
            self._found = (time.monotonic(), told)
        return self._found[1]

    def _place(self, name: str) -> str:
        """One of its addresses; as safe as that of the issuer."""
        found = self._meta().get(name)
        scheme = urlsplit(found).scheme if isinstance(found, str) else ""
        if scheme != "https" and scheme != urlsplit(self.settings.issuer).scheme:
            raise _unbelievable(f"no {name}")
        return str(found)

    def _jwks(self) -> KeySet:
        if self._keys is None or time.monotonic() - self._keys[0] > KEPT_S:
            told = self._json("GET", self._place("jwks_uri"))
            try:
                self._keys = (time.monotonic(), KeySet.import_key_set(told))  # type: ignore[arg-type]
            except (JoseError, ValueError, TypeError, KeyError) as error:
                raise _unbelievable("keys that cannot be read") from error
        return self._keys[1]

    def _exchange(self, code: str, verifier: str, back: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        try:
            secret = self.settings.secret()
        except (OSError, UnicodeDecodeError) as error:
            raise _silent("the file of the secret cannot be read") from error
        known = self._meta().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        auth = None
        if secret and "client_secret_basic" in known:
            auth = httpx.BasicAuth(quote(self.settings.client, safe=""), quote(secret, safe=""))
        else:
            form["client_id"] = self.settings.client
            if secret:
                form["client_secret"] = secret
        return self._json("POST", self._place("token_endpoint"), data=form, auth=auth)

    def _json(self, method: str, address: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as httpx takes it
        try:
            with self._client.stream(method, address, headers={"Accept": "application/json"}, **more) as answer:
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise _silent("an answer too large")
            if answer.status_code in (400, 401, 403) and method == "POST":
                raise _unbelievable(f"the code was refused with {answer.status_code}")
            if answer.status_code != 200:
                raise _silent(f"status {answer.status_code}")
            found = json.loads(body)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise _silent(type(error).__name__) from error
        if not isinstance(found, dict):
            raise _silent("no JSON object")
        return found


def _silent(why: str) -> Problem:
    log.warning("the log-in service does not answer", extra={"facts": {"why": why}})
    return Problem("outside", headers={"Retry-After": "30"})


def _unbelievable(why: str) -> Problem:
    refused.warning("log-in service not believed", extra={"facts": {"why": why}})
    return Problem("stranger")


def once(store: Store, begun: Begun, state: str) -> None:
    """Use the state of a log-in up.

    Raises
    ------
    Problem : it is another, was used, or is too old.
    """
    key, at = keys.digest(f"oidc {begun.state}"), now()
    fresh = 0 <= time.time() - begun.at < LONG_S
    with store.session() as database:
        store.lock(database, LOCK)
        used = database.scalars(select(Attempt.id).where(Attempt.key == key)).first() is not None
        if fresh and not used and keys.same(state, begun.state):
            database.add(Attempt(key=key, at=at))
            return
    raise _unbelievable("state used" if used else "another state, or too old")


def known(database: Database, subject: str) -> User | None:
    """The account that a subject may come in with."""
    found = database.scalars(select(User).where(User.subject == subject)).first()
    return found if found is not None and found.active and found.erased is None else None


def link(database: Database, secret: str, subject: str, claims: Mapping[str, Any]) -> User:
    """Bind a subject to the account of an invitation's link, which is used up by it.

    Raises
    ------
    Problem : the link does not work, or the subject has another account.
    """
    register.lock(database)
    if database.scalars(select(User.id).where(User.subject == subject)).first() is not None:
        words = ("Người này đã có tài khoản ở đây.", "This person has an account here already.")
        raise Problem("conflict", pairs={"message": words})
    found = invitations.look(database, secret)
    if found.user_id is None:
        login = _login(database, claims)
        name = str(claims.get("name") or login)[: register.NAME]
        user = invitations.accept(database, secret, login, name if name.isprintable() else login, None)
    else:
        invitations.use(database, secret)
        user = register.get(database, found.user_id)
        if not user.active:
            raise Problem("invitation")
    user.subject = subject
    database.flush()
    trail.note(database, f"user:{user.id}", "user.link", f"user:{user.id}")
    return user


def _login(database: Database, claims: Mapping[str, Any]) -> str:
    """A login that is free, after what the service calls the person."""
    for name in ("preferred_username", "email"):
        try:
            login = register.login_of(str(claims.get(name) or ""))
        except Problem:
            continue
        if register.of_login(database, login) is None:
            return login
    return "user-" + keys.make()[:10].lower().strip("-_").replace("_", "-") + "0"
