"""Restore: puts a backup into an empty database, whole or not at all, and looks whether its record holds."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import uuid
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanchoi.api import backup_rows
from sanchoi.api.backup import CHUNK, FORMAT, MANIFEST, VERSION
from sanchoi.api.proposals import record
from sanchoi.api.proposals.record import Checked
from sanchoi.api.settings import Settings
from sanchoi.api.store import Attempt, Invitation, Store
from sanchoi.api.uploads.attachments import FOLDER
from sanchoi.gis.errors import SourceError
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

LINE = 256 << 20
"""Bytes of one row at most."""
MOST_MANIFEST = 64 << 20


@dataclass(frozen=True)
class Restored:
    """What was restored, and what checking it found."""

    rows: int
    files: int
    missing: tuple[str, ...]
    checked: Checked


def restore(store: Store, settings: Settings, path: Path, even_if_broken: bool = False) -> Restored:
    """Restore a backup.

    Parameters
    ----------
    even_if_broken : also where its log or its proposals were changed before the backup was made.

    Raises
    ------
    SourceError : no backup, damaged, of a newer program; the database is not empty; its record does not hold.
    """
    with _read(path) as packed:
        manifest = _manifest(packed, path)
        _look(packed, manifest, path)
        made: list[Path] = []
        try:
            with store.session() as session:
                checked = _put(session, packed, manifest, even_if_broken, path)
                for sha256 in manifest["attachments"]:
                    _file(packed, settings, sha256, made)
        except BaseException:
            for place in made:
                with contextlib.suppress(OSError):
                    place.unlink()
            raise
    return Restored(
        sum(part["rows"] for part in manifest["tables"]),
        len(manifest["attachments"]),
        tuple(manifest["missing"]),
        checked,
    )


@contextlib.contextmanager
def _read(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as packed:
            yield packed
    except FileNotFoundError as error:
        raise SourceError(f"{path} is not there", "a file that sanchoi backup made", "name another") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise _damaged(path, str(error)) from error
    except (DBAPIError, StatementError) as error:
        if getattr(error, "connection_invalidated", False) or not isinstance(error, DBAPIError):
            raise
        raise _damaged(path, str(error.orig).splitlines()[0]) from error
    except OSError as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(
            f"{error.filename or path}: {error.strerror or error}",
            "a file to read and a folder with room",
            "nothing was restored",
        ) from error


def _manifest(packed: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        info = packed.getinfo(MANIFEST)
        if info.file_size > MOST_MANIFEST:
            raise ValueError("too long")
        found = json.loads(packed.read(info))
        if found["format"] != FORMAT:
            raise ValueError("another format")
    except (KeyError, ValueError, TypeError) as error:
        raise SourceError(
            f"{path} is no backup of sanchoi", "a file that sanchoi backup made", "name another"
        ) from error
    known = _schemas()
    if not isinstance(found["version"], int) or found["version"] > VERSION or found.get("schema") not in known:
        raise SourceError(
            f"{path} was made by sanchoi {found.get('program')}, newer than this program",
            f"format {VERSION}, schema {', '.join(sorted(known))}",
            "update sanchoi first; nothing was restored",
        )
    names = [part.get("name") for part in found.get("tables", []) if isinstance(part, Mapping)]
    right = names == [name for name in backup_rows.TABLES if name in names] and "audit" in names
    files = found.get("attachments"), found.get("missing")
    if not right or not all(isinstance(each, list) and all(map(_is_hash, each)) for each in files):
        raise _damaged(path, "its manifest is not whole")
    return dict(found)


def _schemas() -> set[str]:
    from alembic.script import ScriptDirectory
    from sanchoi.api.store.migrate import SCRIPTS

    return {each.revision for each in ScriptDirectory(str(SCRIPTS)).walk_revisions()}


def _is_hash(text_: object) -> bool:
    return isinstance(text_, str) and re.fullmatch("[0-9a-f]{64}", text_) is not None


def _look(packed: zipfile.ZipFile, manifest: Mapping[str, Any], path: Path) -> None:
    """Every part is there, no other, and each has the hash and count that the manifest says; nothing is written yet."""
    parts = {f"tables/{part['name']}.jsonl": part.get("sha256") for part in manifest["tables"]}
    parts |= {f"attachments/{sha256}": sha256 for sha256 in manifest["attachments"]}
    names = packed.namelist()
    if sorted(names) != sorted([*parts, MANIFEST]):
        odd = sorted(set(names) ^ {*parts, MANIFEST})
        raise _damaged(path, f"parts are missing, or there are others: {', '.join(odd)[:200] or 'one twice'}")
    for name, expected in parts.items():
        seal = hashlib.sha256()
        with packed.open(name) as part:
            while piece := part.read(CHUNK):
                seal.update(piece)
        if seal.hexdigest() != expected:
            raise _damaged(path, f"{name} is not as it was written")


def _put(
    session: Session, packed: zipfile.ZipFile, manifest: Mapping[str, Any], even_if_broken: bool, path: Path
) -> Checked:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))
    _require_empty(session)
    session.execute(delete(Invitation))
    session.execute(delete(Attempt))
    for part in manifest["tables"]:
        batch: list[dict[str, Any]] = []
        count = 0
        for row in _rows(packed, part["name"], path):
            batch.append(row)
            count += 1
            if len(batch) >= backup_rows.BATCH:
                backup_rows.put(session, part["name"], batch)
                batch = []
        backup_rows.put(session, part["name"], batch)
        if count != part.get("rows"):
            raise _damaged(path, f"{part['name']} has {count} rows, not {part.get('rows')}")
    backup_rows.go_on(session)
    checked = record.check(session, begun=True)
    if not checked.whole and not even_if_broken:
        fault = checked.verdict.fault or f"{checked.faults[0].object}: {checked.faults[0].en}"
        raise SourceError(
            f"the record in {path} does not hold: {fault}",
            "a log and proposals that nobody changed",
            "take an earlier backup, or restore it all the same with --even-if-broken; nothing was restored",
        )
    return checked


def _rows(packed: zipfile.ZipFile, name: str, path: Path) -> Iterator[dict[str, Any]]:
    with packed.open(f"tables/{name}.jsonl") as part:
        while line := part.readline(LINE):
            try:
                yield backup_rows.row_of(name, line)
            except Exception as error:
                raise _damaged(path, f"{name}: {error}") from error


def _require_empty(session: Session) -> None:
    for name in backup_rows.TABLES:
        count = session.scalar(select(func.count()).select_from(backup_rows.table(name))) or 0
        if count:
            raise SourceError(
                f"the database is not empty: {count} rows in {name}",
                "an empty one, in which no service was started yet",
                "name a new folder with --data, or a new database; what is there stays as it is",
            )


def _file(packed: zipfile.ZipFile, settings: Settings, sha256: str, made: list[Path]) -> None:
    """Write one attachment, unless it is there."""
    place = settings.data / FOLDER / sha256[:2] / sha256
    if place.is_file():
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = place.with_name(f".{sha256}.{uuid.uuid4().hex}")
    made.append(half)
    with (
        packed.open(f"attachments/{sha256}") as source,
        open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink,
    ):
        while piece := source.read(CHUNK):
            sink.write(piece)
        sink.flush()
        os.fsync(sink.fileno())
    half.replace(place)
    made[-1] = place


def _damaged(path: Path, why: str) -> SourceError:
    return SourceError(f"{path} is damaged: {why[:200]}", "a whole file", "take another copy; nothing was restored")
