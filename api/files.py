"""Files of a result as they lie in its folder: the two maps, sealed into a sandbox, and what can be downloaded."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi import APIRouter, Request
from sanchoi.api import caching
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from starlette.responses import FileResponse, Response

router = APIRouter(include_in_schema=False)
MAPS = ("gap.html", "sites.html")
SHEETS = ("tables/gaps.csv", "tables/gaps.xlsx", "tables/sites.xlsx")
TYPES = {
    ".json": "application/json",
    ".gpkg": "application/geopackage+sqlite3",
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SANDBOX = "sandbox allow-scripts; frame-ancestors 'self'"
_META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"<>\r\n]+)">')
_RANGE = re.compile(r"bytes=(?:\d{1,18}-\d{0,18}|-\d{1,18})(?:, *(?:\d{1,18}-\d{0,18}|-\d{1,18})){0,9}", re.ASCII)
CLOSED = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""For a page that names no policy of its own: no script runs."""


@router.get("/r/{result}/maps/{name}")
def drawn(request: Request, result: str, name: str) -> Response:
    """A map of the result, as it can also be opened from a USB stick; in a sandbox, so that it reaches nothing of the service."""
    entry: Entry = request.app.state.library.get(result)
    path = entry.folder / "maps" / name
    if name not in MAPS or not path.is_file():
        raise Problem("not_found")
    tag = caching.etag(entry, name, _written(path))
    known = caching.known(request, tag)
    if known is not None:
        return known
    html = path.read_text(encoding="utf-8")
    own = _META.search(html, 0, 2000)
    headers = caching.headers(tag)
    headers["Content-Security-Policy"] = f"{SANDBOX}; {own[1] if own else CLOSED}"
    # A browser refuses to open a sandboxed page by itself where it also asks for a group of windows of its own.
    headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return Response(html, media_type="text/html; charset=utf-8", headers=headers)


@router.get("/r/{result}/files/{path:path}")
def file(request: Request, result: str, path: str) -> Response:
    """A file of the result, to be kept; a part of it where the asker wants one."""
    entry: Entry = request.app.state.library.get(result)
    if path not in names(entry):
        raise Problem("not_found")
    place = entry.folder / path
    found = place.stat()
    _ranged(request, found.st_size)
    headers = caching.headers(caching.etag(entry, path.replace("/", "-"), _written(place)))
    name = f"{entry.id}-{place.name}"
    return FileResponse(place, headers=headers, media_type=TYPES[place.suffix], filename=name, stat_result=found)


def names(entry: Entry) -> list[str]:
    """Paths of the files that a result lets be downloaded."""
    tables = [f"tables/{table}.parquet" for table in entry.run["tables"]]
    known = ["run.json", "result.gpkg", *SHEETS, *tables]
    return [path for path in known if (entry.folder / path).is_file()]


def _written(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size:x}.{found.st_mtime_ns:x}"


def _ranged(request: Request, size: int) -> None:
    """Overlook a Range header that is no range, as HTTP asks; refuse one that lies beyond the end.

    Raises
    ------
    Problem : it lies beyond the end.
    """
    asked = request.headers.get("range", "")
    if not _RANGE.fullmatch(asked):
        request.scope["headers"] = [pair for pair in request.scope["headers"] if pair[0] != b"range"]
        return
    for each in asked.removeprefix("bytes=").split(","):
        first, _, last = each.strip().partition("-")
        backwards = bool(first) and bool(last) and int(last) < int(first)
        if backwards or (first and int(first) >= size) or (not first and int(last) == 0):
            raise Problem("range", {"size": size}, headers={"Content-Range": f"bytes */{size}"})
