"""Backup: all that the service keeps of people's work, as it is at one moment, in one file; made while the service runs.

The file is a zip: one JSON line a row, the attachments under their SHA-256, and a manifest with the count and hash of each part.
The same state makes the same bytes, from SQLite and from PostgreSQL. Results of jobs are not in it: they can be made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanchoi.api import backup_rows
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import files_kept, record
from sanchoi.api.settings import Settings
from sanchoi.api.store import Store, trail
from sanchoi.api.uploads import attachments
from sanchoi.gis.errors import SourceError
from sqlalchemy import text
from sqlalchemy.orm import Session

FORMAT, VERSION = "sanchoi-backup", 1
MANIFEST = "manifest.json"
THEN = (1980, 1, 1, 0, 0, 0)
"""The time that every part of the file bears."""
CHUNK = 1 << 20


@dataclass(frozen=True)
class Made:
    """What was made. `missing`: hashes of attachments whose files are not in the service's folder."""

    path: Path
    size: int
    sha256: str
    rows: int
    files: int
    missing: tuple[str, ...]
    noted: bool


def make(store: Store, settings: Settings, path: Path) -> Made:
    """Make a backup. It takes its place when it is whole; nobody but its owner may read it.

    Raises
    ------
    SourceError : there is a file already, or it cannot be written. Problem : the database is not available.
    """
    if path.exists():
        raise SourceError(f"{path} is there already", "the name of a new file", "choose another; nothing was written")
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as sink:
            manifest = _write(store, settings, sink)
            sink.flush()
            os.fsync(sink.fileno())
        _into_place(half, path)
    except OSError as error:
        if isinstance(error, SourceError):
            raise
        why = error.strerror or str(error)
        raise SourceError(
            f"{path} cannot be written ({why})",
            "room and the right to write there",
            "no file was left; choose another place",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            half.unlink()
    seal = files_kept.digest(path) or ""
    rows = sum(part["rows"] for part in manifest["tables"])
    return Made(
        path,
        path.stat().st_size,
        seal,
        rows,
        len(manifest["attachments"]),
        tuple(manifest["missing"]),
        _noted(store, seal, rows),
    )


def _noted(store: Store, seal: str, rows: int) -> bool:
    """Whether the log could be told; the backup stands all the same."""
    try:
        with store.session() as session:
            trail.note(session, "system", "backup.make", "service", {"sha256": seal, "rows": rows})
    except Problem:
        return False
    return True


def _into_place(half: Path, path: Path) -> None:
    """Give the file its name, unless somebody else has taken it meanwhile."""
    try:
        os.link(half, path)
    except FileExistsError as error:
        raise SourceError(f"{path} is there already", "the name of a new file", "choose another") from error
    except OSError:  # a disk without links
        half.rename(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(store: Store, settings: Settings, sink: Any) -> dict[str, Any]:  # noqa: ANN401 - a file
    """Everything as of one moment."""
    whole = False
    packed = zipfile.ZipFile(sink, "w", allowZip64=True)
    try:
        with store.reading() as session:
            record.still(session)
            manifest = _manifest(session)
            for name in backup_rows.TABLES:
                rows, seal = _part(
                    packed, f"tables/{name}.jsonl", backup_rows.lines(session, name), zipfile.ZIP_DEFLATED
                )
                manifest["tables"].append({"name": name, "rows": rows, "sha256": seal})
            names = files_kept.hashes(session)
        for sha256 in names:
            place = attachments.path(settings, sha256)
            if place is None:
                manifest["missing"].append(sha256)
                continue
            _, seal = _part(packed, f"attachments/{sha256}", _pieces(place), zipfile.ZIP_STORED)
            if seal != sha256:
                raise SourceError(
                    f"the file of attachment {sha256} was changed",
                    "the bytes that were added",
                    "see: sanchoi audit verify",
                )
            manifest["attachments"].append(sha256)
        told = json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n"
        _part(packed, MANIFEST, [told], zipfile.ZIP_DEFLATED)
        whole = True
    finally:
        if whole:
            packed.close()
        else:
            with contextlib.suppress(Exception):  # the first error is the one that is told
                packed.close()
    return manifest


def _manifest(session: Session) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "program": importlib.metadata.version("sanchoi"),
        "schema": str(session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()),
        "left_out": list(backup_rows.LEFT_OUT),
        "tables": [],
        "attachments": [],
        "missing": [],
    }


def _part(packed: zipfile.ZipFile, name: str, pieces: Iterable[bytes], how: int) -> tuple[int, str]:
    """One part of the file; how many pieces it has, and its SHA-256."""
    seal, count = hashlib.sha256(), 0
    with packed.open(described(name, how), "w", force_zip64=True) as part:
        for piece in pieces:
            seal.update(piece)
            part.write(piece)
            count += 1
    return count, seal.hexdigest()


def described(name: str, how: int) -> zipfile.ZipInfo:
    """The description of a part: no time and no rights of this machine."""
    found = zipfile.ZipInfo(name, THEN)
    found.compress_type = how
    found.create_system = 3
    found.external_attr = 0o100600 << 16
    return found


def _pieces(place: Path) -> Iterator[bytes]:
    with place.open("rb") as source:
        while piece := source.read(CHUNK):
            yield piece


def room(path: Path) -> int:
    """Bytes that are free where a file is to be."""
    return shutil.disk_usage(path.resolve().parent).free
