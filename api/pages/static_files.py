"""Static files of the pages: style sheet, scripts and the pinned browser libraries, at addresses that change with their content."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from sanchoi.api import caching
from sanchoi.api.problems import Problem
from sanchoi.maps import assets

router = APIRouter()
FOLDER = Path(__file__).parent / "static"
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "txt": "text/plain"}
_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")


@cache
def content(name: str) -> bytes:
    """Bytes of a static file: one of the pages, else one of the pinned libraries.

    Raises
    ------
    KeyError : there is none of that name.
    """
    if not _NAME.fullmatch(name) or name.rsplit(".", 1)[-1] not in TYPES:
        raise KeyError(name)
    own = FOLDER / name
    if own.is_file():
        return own.read_bytes()
    if (assets.FOLDER / name).is_file():
        return assets.asset(name).encode()
    raise KeyError(name)


@cache
def mark(name: str) -> str:
    """Hash of a static file, for its address."""
    return hashlib.sha256(content(name)).hexdigest()[:12]


def address(name: str) -> str:
    """Address of a static file, below the root of the service."""
    return f"/static/{mark(name)}/{name}"


@router.get("/static/{hash_}/{name}")
def static(request: Request, hash_: str, name: str) -> Response:
    """A static file; kept for ever where the address names the content that is here."""
    try:
        body = content(name)
    except KeyError:
        raise Problem("not_found") from None
    etag = f'"{mark(name)}"'
    current = hash_ == mark(name)
    headers = {
        "ETag": etag,
        "Cache-Control": caching.IMMUTABLE if current else "no-cache",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{TYPES[name.rsplit('.', 1)[-1]]}; charset=utf-8", headers=headers)
