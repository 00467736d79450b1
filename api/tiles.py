"""Tiles: parcels and cells as vector tiles, one by one or as one archive. Made once, beside the work of the service."""

from __future__ import annotations

import logging
import mmap
import re
import sys
import threading
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request
from pmtiles.tile import Compression, deserialize_directory, deserialize_header, find_tile, zxy_to_tileid
from pmtiles.tile import Entry as Place
from sanchoi.api import caching
from sanchoi.api.features.index import make, place, prepare
from sanchoi.api.features.locks import locked
from sanchoi.api.features.tiling import TILINGS
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Settings
from sanchoi.gis.errors import UnknownId
from starlette.responses import Response, StreamingResponse

MVT, PMTILES = "application/vnd.mapbox-vector-tile", "application/vnd.pmtiles"
RETRY_S = 5
FAILED_S = 300
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
CHUNK = 1 << 18
router = APIRouter(include_in_schema=False)
log = logging.getLogger("sanchoi.service")
_making: dict[Path, threading.Thread] = {}
_guard = threading.Lock()


class Archive:
    """One archive of tiles, mapped into memory, its directories read once each."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.head = deserialize_header(self.bytes[0:127])
        self._directory = lru_cache(maxsize=256)(self._read)

    def _read(self, offset: int, length: int) -> list[Place]:
        found: list[Place] = deserialize_directory(self.bytes[offset : offset + length])
        return found

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """One tile as it is stored; None = it is empty."""
        number = zxy_to_tileid(z, x, y)
        offset, length = self.head["root_offset"], self.head["root_length"]
        for _ in range(4):  # directories lie three deep at most
            entry = find_tile(self._directory(offset, length), number)
            if entry is None:
                return None
            if entry.run_length:
                start = self.head["tile_data_offset"] + entry.offset
                return self.bytes[start : start + entry.length]
            offset, length = self.head["leaf_directory_offset"] + entry.offset, entry.length
        return None

    @property
    def encoding(self) -> str:
        """How tiles are compressed: gzip, or nothing."""
        return "gzip" if self.head["tile_compression"] == Compression.GZIP else ""


@lru_cache(maxsize=16)
def _archive(path: Path, made_ns: int) -> Archive:
    return Archive(path)


def archive(entry: Entry, settings: Settings, collection: str) -> Path:
    """The archive of a collection.

    Raises
    ------
    UnknownId : the result has no such tiles. Problem : it is being made; ask again.
    """
    if collection not in TILINGS or not entry.has(collection):
        known = ", ".join(each for each in TILINGS if entry.has(each))
        raise UnknownId(f"tiles of {collection}", f"one of {known}", "choose another")
    target = place(entry, settings, f"-{collection}.pmtiles")
    if not target.is_file():
        with _guard:
            if target not in _making or not _making[target].is_alive():
                _making[target] = threading.Thread(
                    target=_make, args=(entry, settings, collection, target), daemon=True
                )
                _making[target].start()
        words = ("Các ô bản đồ đang được tạo.", "The tiles are being made.")
        raise Problem("unavailable", pairs={"message": words}, headers={"Retry-After": str(RETRY_S)})
    return target


def _make(entry: Entry, settings: Settings, collection: str, target: Path) -> None:
    try:
        index = prepare(entry, settings)
        with locked(target):
            if not target.is_file():
                make([sys.executable, "-m", "sanchoi.api.features.tiling", str(index), collection], target)
    except (Problem, OSError) as error:
        log.error("tiles of %s could not be made", collection, exc_info=error)


def _headers(entry: Entry, collection: str) -> dict[str, str]:
    return caching.headers(caching.etag(entry, collection))


@router.get("/r/{result}/tiles/{collection}/{z}/{x}/{y}.mvt")
def tile(request: Request, result: str, collection: str, z: int, x: int, y: int) -> Response:
    """One tile; 204 where there is nothing, 404 beyond the zooms that there are."""
    entry: Entry = request.app.state.library.get(result)
    path = archive(entry, request.app.state.settings, collection)
    found = _archive(path, path.stat().st_mtime_ns)
    low, high = found.head["min_zoom"], found.head["max_zoom"]
    if not (low <= z <= high and 0 <= x < 2**z and 0 <= y < 2**z):
        raise UnknownId(f"tile {z}/{x}/{y}", f"zoom {low} to {high}", "ask for another")
    headers = _headers(entry, collection)
    body = found.tile(z, x, y)
    if body is None:
        return Response(status_code=204, headers=headers)
    if found.encoding and "gzip" in request.headers.get("accept-encoding", ""):
        headers |= {"Content-Encoding": found.encoding}
    elif found.encoding:
        body = zlib.decompress(body, wbits=31)
    return Response(body, media_type=MVT, headers={**headers, "Vary": "Accept-Encoding"})


@router.get("/r/{result}/tiles/{collection}.pmtiles")
def whole(request: Request, result: str, collection: str) -> Response:
    """The archive, or the part of it that the request's Range names."""
    entry: Entry = request.app.state.library.get(result)
    path = archive(entry, request.app.state.settings, collection)
    size = path.stat().st_size
    headers = {**_headers(entry, collection), "Accept-Ranges": "bytes"}
    asked = request.headers.get("range", "")
    fresh = request.headers.get("if-range", headers["ETag"]) == headers["ETag"]
    match = RANGE.fullmatch(asked.strip()) if fresh else None
    if match is None or match[1] == match[2] == "":  # none, several, or not bytes: the whole
        start, end, status = 0, size - 1, 200
    elif match[1] == "":
        start, end, status = max(0, size - int(match[2])), size - 1, 206
    else:
        start, end, status = int(match[1]), min(int(match[2] or size - 1), size - 1), 206
    if status == 206 and start > end:
        if match is not None and match[1] and match[2] and int(match[1]) > int(match[2]):
            start, end, status = 0, size - 1, 200  # no range at all
        else:
            raise Problem("range", {"size": size}, headers={"Content-Range": f"bytes */{size}"})
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    headers["Content-Length"] = str(end - start + 1)
    return StreamingResponse(_part(path, start, end), status, media_type=PMTILES, headers=headers)


def _part(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        left = end - start + 1
        while left > 0:
            block = file.read(min(CHUNK, left))
            if not block:
                return
            left -= len(block)
            yield block
