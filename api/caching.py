"""Caching: ETags of what is made of a result alone. The answer is asked for again each time, and sent only if it has changed."""

from __future__ import annotations

import importlib.metadata
from functools import cache

from sanchoi.api.library import Entry
from sanchoi.api.middleware import matches
from starlette.requests import Request
from starlette.responses import Response

IMMUTABLE = "public, max-age=31536000, immutable"


@cache
def version() -> str:
    """Version of the program."""
    return importlib.metadata.version("sanchoi")


def etag(entry: Entry, *parts: str) -> str:
    """ETag of an answer that depends on one result, this program, and `parts` such as the language."""
    return '"' + "-".join((entry.etag, version(), *parts)) + '"'


def headers(tag: str) -> dict[str, str]:
    """Headers of an answer with an ETag."""
    return {"ETag": tag, "Cache-Control": "no-cache"}


def known(request: Request, tag: str) -> Response | None:
    """304 if the asker has this answer already: spares the work of making it."""
    return (
        Response(status_code=304, headers=headers(tag))
        if matches(request.headers.get("if-none-match", ""), tag)
        else None
    )
