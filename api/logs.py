"""Logs: one line of JSON for each request and each thing worth knowing, on standard error; never a query, body or secret."""

from __future__ import annotations

import contextvars
import json
import logging
import re
import sys
import time
import uuid
from typing import Any

from sanchoi.api import metrics
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST: contextvars.ContextVar[str] = contextvars.ContextVar("request", default="")
"""Number of the request that is being answered; it stands in every line that is logged meanwhile."""
HEADER = "X-Request-ID"
_OWN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SECRET = re.compile(r"(/account/invited/)[^/]+")
_RESULT = re.compile(r"(?:/api/v1/results|(?:/(?:vi|en))?/r)/([A-Za-z0-9_-]+)")
log = logging.getLogger("sanchoi.service")


class Json(logging.Formatter):
    """One line of JSON: time, level, what happened, and what the caller gives as `extra={"facts": {…}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        told: dict[str, Any] = {
            "time": f"{stamp}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if REQUEST.get():
            told["request"] = REQUEST.get()
        told |= getattr(record, "facts", {})
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


class Here(logging.Handler):
    """Writes to what is standard error now, not to what it was when the process began: that may be closed."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:  # noqa: BLE001 - as the handlers of the standard library do
            self.handleError(record)


def configure(quiet: bool = False) -> None:
    """Let the process write JSON to standard error: of libraries warnings and worse, of its own all, or if quiet likewise."""
    handler = Here()
    handler.setFormatter(Json())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("sanchoi").setLevel(logging.WARNING if quiet else logging.INFO)


class Logged:
    """Gives every request its number, logs it with how it was answered, and counts it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        came = Headers(scope=scope).get(HEADER, "")
        number = came if _OWN.fullmatch(came) else uuid.uuid4().hex
        token = REQUEST.set(number)
        start, method = time.perf_counter(), scope["method"]
        status, sent = 0, 0

        async def noting(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = number
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - start
            metrics.count(scope, method, status, seconds)
            log.info("request", extra={"facts": _facts(scope["path"], method, status, seconds, sent)})
            REQUEST.reset(token)


def _facts(path: str, method: str, status: int, seconds: float, sent: int) -> dict[str, Any]:
    found = _RESULT.match(path)
    return {
        "method": method,
        "path": _SECRET.sub(r"\1…", path),
        "status": status,
        "ms": round(1000 * seconds, 1),
        "bytes": sent,
        "result": found[1] if found else None,
    }
