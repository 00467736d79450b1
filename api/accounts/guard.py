"""Guard: finds out who makes a request, keeps private services private, and checks that a form was given out by us.

`Known` stands before everything that keeps answers, so that nobody is given what was made for somebody else. `Sealed` stands
behind `Bounded`, which has read the body. A request with a token is judged by it alone: its cookies are passed over.
"""

from __future__ import annotations

import logging
from urllib.parse import parse_qs, urlencode, urlsplit

from fastapi import FastAPI
from sanchoi.api import handlers
from sanchoi.api.accounts import keys, sessions, tokens
from sanchoi.api.accounts.actor import ANONYMOUS, READ, Actor
from sanchoi.api.caching import IMMUTABLE
from sanchoi.api.kept import PERSON
from sanchoi.api.languages import language_of
from sanchoi.api.middleware import CLOSED, WRITES
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Settings
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

refused = logging.getLogger("sanchoi.refused")
FOUND, SESSION = PERSON, "sanchoi.session"
"""Where a request's scope tells who makes it, and in which session."""
FIELD, HEADER = "csrf", "X-CSRF-Token"
FREE = ("/static/", "/health", "/ready")
"""Beginnings of addresses that are everybody's, and at which nobody is looked up."""
METRICS = "/metrics"
"""It looks itself who asks."""
DOORS = ("/account/login", "/account/logout", "/account/invited/", "/account/oidc", "/receipt/")
"""Pages that stay open on a private service, after the language."""


def who(request: Request) -> Actor:
    """Who makes a request, as `Known` found out."""
    found: Actor = request.scope.get(FOUND, ANONYMOUS)
    return found


def csrf_of(request: Request) -> str:
    """What the forms of this request's session must carry; empty where there is no session."""
    found: sessions.Found | None = request.scope.get(SESSION)
    return found.csrf if found else ""


def free(path: str) -> bool:
    """Whether an address is everybody's, whatever the settings."""
    return path.startswith(FREE[0]) or path in FREE[1:]


def door(path: str) -> bool:
    """Whether an address is one of the pages by which one comes in."""
    return path[:4] in ("/vi/", "/en/") and path[3:].startswith(DOORS)


def asks_for_page(request: Request) -> bool:
    """Whether a person asks, with a browser, so that the log-in form is an answer to them."""
    told = request.headers.get("accept", "*/*")
    page = request.url.path == "/" or request.url.path[:4] in ("/vi", "/en", "/vi/", "/en/")
    return request.method in ("GET", "HEAD") and ("text/html" in told or (page and "*/*" in told))


def to_login(request: Request) -> Response:
    """To the log-in form, and from there back."""
    settings: Settings = request.app.state.settings
    root = urlsplit(settings.base_url).path.rstrip("/") or str(request.scope.get("root_path", "")).rstrip("/")
    path = request.url.path.removeprefix(root)
    after = root + path + (f"?{request.url.query}" if request.url.query else "")
    target = f"{root}/{language_of(request, settings.language)}/account/login?{urlencode({'next': after})}"
    return RedirectResponse(target, 303, headers={"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie"})


class Known:
    """Finds out who makes a request; on a private service lets in only who may read."""

    def __init__(self, app: ASGIApp, of: FastAPI) -> None:
        self.app, self.of = app, of
        self.settings: Settings = of.state.settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or free(scope["path"]):
            await self.app(scope, receive, send)
            return
        scope["app"] = self.of
        request = Request(scope, receive)
        open_ = door(scope["path"]) or scope["path"] == METRICS
        scope[CLOSED] = self.settings.private
        try:
            await self._find(request)
            known: Actor = self.of.state.who(request)
            if known.known:
                scope[FOUND], scope[CLOSED] = known, True
            if self.settings.private and not open_:
                if not known.known and asks_for_page(request):
                    await to_login(request)(scope, receive, send)
                    return
                known.must(READ)
        except Exception as error:  # noqa: BLE001 - outside of what answers faults otherwise
            problem = handlers.problem_of(error)
            refused_ = await run_in_threadpool(handlers.answer, request, problem)
            await refused_(scope, receive, send)
            return
        personal = known.known or self.settings.private
        await self.app(scope, receive, _personal(send) if personal else send)

    async def _find(self, request: Request) -> None:
        scope, headers = request.scope, request.headers
        scheme, _, secret = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            scope[FOUND] = await run_in_threadpool(tokens.find, self.of.state.store, secret.strip())
            return
        cookie = request.cookies.get(sessions.cookie_name(self.settings), "")
        if not cookie:
            return
        found = await run_in_threadpool(sessions.find, self.of.state.store, cookie, self.settings)
        if found is not None:
            scope[FOUND], scope[SESSION] = found.actor, found


def _personal(send: Send) -> Send:
    """Answers that may be one person's: no copy is kept, here or on the way."""

    async def heading(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            asked_again = headers.get("cache-control", "no-store") in ("no-cache", "private", IMMUTABLE)
            headers["Cache-Control"] = "private, no-cache" if asked_again else "private, no-store"
            headers.add_vary_header("Cookie")
            headers.add_vary_header("Authorization")
        await send(message)

    return heading


class Sealed:
    """Refuses writes of a session whose form or header does not carry what its pages were given.

    Raises
    ------
    Problem : "forbidden".
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        found = scope.get(SESSION)
        if scope["type"] != "http" or scope["method"] not in WRITES or found is None:
            await self.app(scope, receive, send)
            return
        came = Headers(scope=scope).get(HEADER)
        if came is None:
            message = await receive()
            body = message.get("body", b"")
            came = await _field(scope, body)
            receive = _again(message, receive)
        if not keys.same(came, found.csrf):
            refused.warning("form refused", extra={"facts": {"actor": found.actor.id, "path": scope["path"]}})
            words = (
                "trang này đã mở từ lần đăng nhập khác; xin mở lại trang rồi gửi lại",
                "this page was opened in another session; open the page again and send it once more",
            )
            raise Problem("forbidden", pairs={"why": words})
        await self.app(scope, receive, send)


def _again(message: Message, rest: Receive) -> Receive:
    """A receiver that gives a message once more before the rest."""
    waiting: list[Message] = [message]

    async def receive() -> Message:
        return waiting.pop() if waiting else await rest()

    return receive


async def _field(scope: Scope, body: bytes) -> str:
    """The form's field; empty where there is none."""
    kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        try:
            values = parse_qs(body.decode("latin-1"), max_num_fields=10_000).get(FIELD, [""])
        except ValueError:
            return ""
        return values[0] if len(values) == 1 else ""
    if kind != "multipart/form-data":
        return ""

    async def whole() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        async with Request({**scope, "state": {}}, whole).form() as form:
            told = form.getlist(FIELD)
    except Exception:  # noqa: BLE001 - whatever cannot be read carries no field
        return ""
    return told[0] if len(told) == 1 and isinstance(told[0], str) else ""
