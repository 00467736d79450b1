"""Kept: answers that are made of results alone are kept, whole and compressed, and given again until a result changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Key = tuple[object, ...]
Answer = tuple[Message, bytes, dict[str, object]]
"""How it starts, its body, and what the log and the counts read of the route that made it."""
LARGEST, ALL = 512 * 1024, 32 * 1024 * 1024
"""Bytes of the largest answer that is kept, and of all of them in one process."""
ASKED = ("host", "accept", "accept-language", "accept-encoding")
"""Headers that an answer may depend on."""
PERSON = "sanchoi.actor"
"""Where the scope tells of somebody who is known: what they are given is never kept, nor are they given what was kept."""
OWN_FILES = ("/static/", "/files/", "/maps/", ".pmtiles")
"""Parts of addresses of files that lie on the disk as they are: the system keeps those."""


class Kept:
    """Keeps answers to GET that carry an ETag and ask to be asked for again; these depend on results, address and headers alone.

    Parameters
    ----------
    state : tells what the results are; when it changes, everything that was kept is forgotten.
    before : is waited for before the state is asked.
    """

    def __init__(
        self,
        app: ASGIApp,
        state: Callable[[], object],
        largest: int = LARGEST,
        most: int = ALL,
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.app, self.state, self.largest, self.most, self.before = app, state, largest, most, before
        self._found: OrderedDict[Key, Answer] = OrderedDict()
        self._bytes = 0
        self._state: object = None
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "GET" or any(part in scope["path"] for part in OWN_FILES):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if "range" in headers or PERSON in scope:
            await self.app(scope, receive, send)
            return
        if self.before is not None:
            await self.before()
        state = self.state()
        key = (scope["scheme"], scope["path"], scope["query_string"], *(headers.get(name, "") for name in ASKED))
        found = self._get(key, state)
        if found is not None:
            scope.update(found[2])
            await send({**found[0], "headers": list(found[0]["headers"])})
            await send({"type": "http.response.body", "body": found[1], "more_body": False})
            return
        start: Message | None = None
        parts: list[bytes] | None = []

        async def keeping(message: Message) -> None:
            nonlocal start, parts
            if message["type"] == "http.response.start":
                own = Headers(raw=message["headers"])
                lasting = message["status"] == 200 and "etag" in own and own.get("cache-control") == "no-cache"
                if lasting:
                    start = {**message, "headers": list(message["headers"])}
                else:
                    parts = None
            elif parts is not None:
                parts.append(message.get("body", b""))
                if sum(map(len, parts)) > self.largest:
                    parts = None
                elif not message.get("more_body", False) and start is not None:
                    route = {name: scope[name] for name in ("route", "path_params") if name in scope}
                    self._put(key, state, (start, b"".join(parts), route))
            await send(message)

        await self.app(scope, receive, keeping)

    def _get(self, key: Key, state: object) -> Answer | None:
        with self._lock:
            if state != self._state:
                self._found.clear()
                self._bytes, self._state = 0, state
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def _put(self, key: Key, state: object, answer: Answer) -> None:
        with self._lock:
            if state != self._state or key in self._found:
                return
            self._found[key] = answer
            self._bytes += len(answer[1])
            while self._bytes > self.most:
                self._bytes -= len(self._found.popitem(last=False)[1][1])
