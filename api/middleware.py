"""Middlewares: what holds for every answer, whatever made it. Plain ASGI, so that streams stay streams."""

from __future__ import annotations

import logging
import re
import time
from urllib.parse import SplitResult, urlsplit

import anyio
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Settings
from sanchoi.api.uploads import limits
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware, GZipResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

refused = logging.getLogger("sanchoi.refused")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"
)
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""`same-origin`, not `no-referrer`: with the latter a browser sends `Origin: null` with our own forms too."""
WRITES = ("POST", "PUT", "PATCH", "DELETE")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
OPEN = ("/api/", "/ogc", "/r/")
"""Beginnings of the addresses that pages of other hosts may read."""
OWN = re.compile(r"/api/v1/(results/[^/]*/)?(scenarios|proposals)(/|$)")
"""But not what people here have written: who comes by need not know what a commune thinks of closing, or of its land."""


CLOSED = "sanchoi.closed"
"""Where the scope tells that an answer is not for everybody: no page of another host may read it."""


class Headed:
    """Answers HEAD with the headers of GET, and gives every answer the security headers that it lacks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, only_head = scope["path"], scope["method"] == "HEAD"
        readable = scope["method"] in ("GET", "HEAD") and _open(path)
        begun = False

        async def heading(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                if readable and not scope.get(CLOSED):
                    headers["Access-Control-Allow-Origin"] = "*"
                    headers["Access-Control-Expose-Headers"] = "ETag, Link, Content-Crs"
                    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                await send(message)
                if only_head:
                    begun = True
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
            elif not only_head:
                await send(message)

        async def gone() -> Message:
            return {"type": "http.disconnect"} if begun else await receive()

        if only_head:
            scope["method"] = "GET"  # in place: the route that is found is noted in the same scope
        await self.app(scope, gone if only_head else receive, heading)


def _open(path: str) -> bool:
    if path.startswith("/r/"):
        rest = path.split("/", 3)[3:]
        return bool(rest) and rest[0].startswith(("ogc", "tiles"))
    return path.startswith(OPEN) and not OWN.match(path)


class Conditional:
    """Turns an answer whose ETag the asker already has into 304, so that every route has it. Compares weakly."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        known = Headers(scope=scope).get("if-none-match", "") if scope["type"] == "http" else ""
        if not known or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        same = False

        async def comparing(message: Message) -> None:
            nonlocal same
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = MutableHeaders(scope=message)
                same = matches(known, headers.get("etag", ""))
                if same:
                    for name in ("content-length", "content-type", "content-encoding", "content-disposition"):
                        del headers[name]
                    await send({**message, "status": 304})
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                    return
            if not same:
                await send(message)

        await self.app(scope, receive, comparing)


def matches(known: str, etag: str) -> bool:
    """Whether an If-None-Match header names an ETag."""
    if not etag:
        return False
    names = [each.strip().removeprefix("W/") for each in known.split(",")]
    return "*" in names or etag.removeprefix("W/") in names


class Gzipped(GZipMiddleware):
    """Compresses texts of 500 bytes and more; never events, ranges or what is compressed already."""

    CLOSED = (
        "application/geopackage+sqlite3",
        "application/octet-stream",
        "application/vnd.apache.parquet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.pmtiles",
    )

    def __init__(self, app: ASGIApp) -> None:
        kept = ("application/gzip", "application/zip", "image/*", "text/event-stream", *self.CLOSED)
        super().__init__(app, 500, compresslevel=5, exclude_content_types=kept)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if "gzip" not in asked.get("accept-encoding", "") or "range" in asked:
            await self.app(scope, receive, send)
            return

        async def weakening(message: Message) -> None:
            """Two encodings of one thing are not the same bytes: say so."""
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                etag = headers.get("etag", "")
                if headers.get("content-encoding") == "gzip" and etag.startswith('"'):
                    headers["etag"] = f"W/{etag}"
            await send(message)

        responder = GZipResponder(self.app, self.minimum_size, 5, exclude_content_types=self.exclude_content_types)
        await responder(scope, receive, weakening)


class Bounded:
    """Reads the body of a request before anything is done with it, no more than the limit, and not for ever.

    Parameters
    ----------
    limit : bytes of a body. upload : bytes of one that is sent to an address for files.
    pace : how slowly a body may come.

    Raises
    ------
    Problem : it is larger, or comes too slowly.
    """

    def __init__(self, app: ASGIApp, limit: int, upload: int = 0, pace: limits.Limits = limits.DEFAULT) -> None:
        self.app, self.limit, self.upload, self.pace = app, limit, max(upload, limit), pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        most = self.upload if limits.ADDRESSES.fullmatch(scope["path"]) else self.limit
        said = Headers(scope=scope).get("content-length", "")
        if said.isdecimal() and int(said) > most:
            raise self._large(int(said), most)
        parts, size, more, begun = [], 0, True, time.monotonic()
        while more:
            left = begun + self._due(size) - time.monotonic()
            with anyio.move_on_after(min(left, self.pace.idle_seconds)) as waiting:
                message = await receive()
            if waiting.cancelled_caught:
                raise self._slow(size, time.monotonic() - begun)
            if message["type"] == "http.disconnect":
                return
            size += len(message.get("body", b""))
            if size > most:
                raise self._large(size, most)
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        body: bytes | None = b"".join(parts)
        parts.clear()

        async def again() -> Message:
            nonlocal body
            if body is None:
                return await receive()
            whole, body = body, None
            return {"type": "http.request", "body": whole, "more_body": False}

        await self.app(scope, again, send)

    def _due(self, size: int) -> float:
        """Seconds from the start within which more than `size` bytes must have come."""
        return min(max(self.pace.grace_seconds, size / self.pace.bytes_per_second), self.pace.body_seconds)

    def _large(self, size: int, most: int) -> Problem:
        refused.warning("body refused: large, %d bytes", size, extra={"facts": {"reason": "large", "bytes": size}})
        return Problem("too_large", {"came": f"{size:,} bytes", "limit": f"{most:,}"}, headers={"Connection": "close"})

    def _slow(self, size: int, seconds: float) -> Problem:
        refused.warning("body refused: slow, %d bytes", size, extra={"facts": {"reason": "slow", "bytes": size}})
        values = {"came": f"{size:,} bytes", "seconds": f"{seconds:.0f}"}
        return Problem("timeout", dict(values), headers={"Connection": "close"})


class SameSite:
    """Refuses writes that a page of another site makes in the name of whoever looks at it.

    A browser says with every write where it comes from: in Sec-Fetch-Site, or on plain http in Origin. Forms are taken on
    pages only: the interfaces read JSON, which another site cannot send unasked.

    Raises
    ------
    Problem : it is such a write.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.own = {_split(settings.base_url).netloc} - {""}
        self.hosts = settings.hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] in WRITES:
            headers = Headers(scope=scope)
            if self._foreign(headers):
                raise Problem(
                    "forbidden", pairs={"why": ("yêu cầu đến từ trang khác", "the request comes from another site")}
                )
            kind = headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind in FORMS and not scope["path"].startswith(("/vi/", "/en/")):
                raise Problem("forbidden", pairs={"why": (f"cần JSON, không nhận {kind}", f"send JSON, not {kind}")})
        await self.app(scope, receive, send)

    def _foreign(self, headers: Headers) -> bool:
        host = headers.get("host", "")
        if self.hosts and _split(f"//{host}").hostname not in self.hosts:
            return True
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site not in ("same-origin", "none")
        origin = headers.get("origin")
        return origin is not None and _split(origin).netloc not in (self.own | {host}) - {""}


def _split(address: str) -> SplitResult:
    """The parts of an address; one that is no address has none."""
    try:
        return urlsplit(address)
    except ValueError:  # "http://["
        return urlsplit("")
