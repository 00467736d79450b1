"""Attachments: files that are kept, named by what they hold, on the disk before anybody is told that they are kept.

They leave as downloads only, under a policy of their own; a photo that was made anew may also be shown by pages.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import unicodedata
import uuid
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sanchoi.api.uploads import Kept
from starlette.responses import Response

if TYPE_CHECKING:
    from sanchoi.api.settings import Settings

FOLDER = "attachments"
NAME = re.compile(r"[0-9a-f]{64}")
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-cache",
}
NAME_CHARS = 100


def put(settings: Settings, kept: Kept) -> str:
    """Keep a file; its SHA-256, under which it is found again. When this returns, it is on the disk."""
    name = hashlib.sha256(kept.bytes).hexdigest()
    place = _place(settings, name)
    if place.exists():
        return name
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = place.with_name(f".{name}.{uuid.uuid4().hex}")
    try:
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
            sink.write(kept.bytes)
            sink.flush()
            os.fsync(sink.fileno())
        half.replace(place)
    finally:
        with contextlib.suppress(FileNotFoundError):
            half.unlink()
    for folder in (place.parent, place.parent.parent, place.parent.parent.parent):
        _settle(folder)
    return name


def path(settings: Settings, sha256: str) -> Path | None:
    """Where a file lies; None = it is not kept."""
    if not NAME.fullmatch(sha256):
        return None
    place = _place(settings, sha256)
    return place if place.is_file() else None


def delete(settings: Settings, sha256: str) -> bool:
    """Take a file away for good; whether it was there. Whoever calls makes sure that nothing else refers to it."""
    place = path(settings, sha256)
    if place is None:
        return False
    place.unlink(missing_ok=True)
    _settle(place.parent)
    return True


def response(settings: Settings, sha256: str, filename: str, media_type: str) -> Response | None:
    """A file as a download that no browser opens in place; None = it is not kept."""
    place = path(settings, sha256)
    if place is None:
        return None
    data = place.read_bytes()
    headers = {**HEADERS, "Content-Disposition": disposition(filename), "ETag": f'"{sha256}"'}
    return Response(data, media_type=media_type, headers=headers)


def picture(settings: Settings, sha256: str) -> Response | None:
    """A photo that was made anew, to be shown by a page; None = it is not kept, or is no JPEG of ours."""
    place = path(settings, sha256)
    if place is None:
        return None
    data = place.read_bytes()
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    headers = {**HEADERS, "Content-Disposition": 'inline; filename="photo.jpg"', "ETag": f'"{sha256}"'}
    return Response(data, media_type="image/jpeg", headers=headers)


def disposition(filename: str) -> str:
    """The header that makes it a download, with its name for old and new browsers (RFC 6266, RFC 5987)."""
    name = safe_name(filename)
    plain = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", plain).strip() or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def safe_name(filename: str, extension: str = "") -> str:
    """A name as it may be kept and told: without folders and control characters, not long; with its true ending if one is given."""
    name = unicodedata.normalize("NFC", filename).replace("\\", "/").rpartition("/")[2]
    name = "".join(each for each in name if unicodedata.category(each)[0] != "C" and each not in '<>:"|?*')
    name = " ".join(name.split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 8:
        stem, ending = name, ""
    ending = extension or ending
    stem = stem[: NAME_CHARS - len(ending) - 1].strip(". ") or "file"
    return f"{stem}.{ending}" if ending else stem


def _place(settings: Settings, sha256: str) -> Path:
    return settings.data / FOLDER / sha256[:2] / sha256


def _settle(folder: Path) -> None:
    """Let the entries of a folder reach the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
