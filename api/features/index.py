"""Index: where a result's GeoPackage lies, how it comes there, and how it is read."""

from __future__ import annotations

import json
import logging
import os
import queue
import sqlite3
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.api.features.build import FORMAT, GEOMETRY
from sanchoi.api.features.condition import Condition
from sanchoi.api.features.crs import CRS84, Crs, known
from sanchoi.api.features.functions import stripped, teach
from sanchoi.api.features.layers import ID, Collection
from sanchoi.api.features.locks import locked
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.settings import Settings
from sanchoi.gis.errors import UnknownId

BLOCK = 500
"""Features that are in memory at once."""
KEPT_BYTES = 64_000_000
"""Room for the answers of filters that are kept, so that the next page need not look again."""
GRACE_S = 600
log = logging.getLogger("sanchoi.service")


@dataclass(frozen=True)
class Block:
    """Some features: ids, values of each in the order of the columns, and geometries (None = it has none)."""

    ids: list[str]
    values: list[tuple[Any, ...]]
    shapes: npt.NDArray[np.object_]


def place(entry: Entry, settings: Settings, ending: str = ".gpkg") -> Path:
    """Where a file that is made of this result alone lies."""
    return settings.data / "index" / f"{entry.etag}{ending}"


def prepare(entry: Entry, settings: Settings) -> Path:
    """The index of a result, made if it is missing. Of several who ask at once, one makes it and the others wait.

    Raises
    ------
    Problem : it cannot be made.
    """
    target = place(entry, settings)
    if _format(target) == FORMAT:
        return target
    with locked(target):
        if _format(target) != FORMAT:
            make([sys.executable, "-m", "sanchoi.api.features", str(entry.folder)], target)
    return target


def make(command: list[str], target: Path) -> None:
    """Run a command that writes the file named last, under a name of its own until it is whole.

    Raises
    ------
    Problem : it failed.
    """
    draft = target.with_name(f".{os.getpid()}-{threading.get_ident()}-{target.name}")
    try:
        done = subprocess.run([*command, str(draft)], capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
            raise Problem("unavailable", {"message": f"{target.name}: {last}"})
        with draft.open("rb") as whole:
            os.fsync(whole.fileno())
        draft.replace(target)
    finally:
        for left in target.parent.glob(f"{draft.name}*"):
            left.unlink(missing_ok=True)


def tidy(entries: Iterable[Entry], settings: Settings) -> list[Path]:
    """Remove what was made of results that are gone, unless it is quite new: another process may know a newer result."""
    kept = {entry.etag for entry in entries}
    gone = []
    for path in (settings.data / "index").glob("*"):
        if path.name.lstrip(".").partition(".")[0].partition("-")[0] in kept:
            continue
        try:
            if time.time() - path.stat().st_mtime > GRACE_S:
                path.unlink()
                gone.append(path)
        except FileNotFoundError:  # another process was faster
            continue
    return gone


def warm(entries: Iterable[Entry], settings: Settings) -> threading.Thread:
    """Make the indexes that are missing and remove the old ones, beside the work of the service."""

    def work() -> None:
        for entry in entries:
            try:
                prepare(entry, settings)
            except (Problem, OSError) as error:
                log.error("the index of %s could not be made", entry.id, exc_info=error)
        tidy(entries, settings)

    thread = threading.Thread(target=work, name="indexes", daemon=True)
    thread.start()
    return thread


def _format(path: Path) -> int | None:
    """Format of an index that is there; None = there is none, or it is damaged."""
    if not path.is_file():
        return None
    try:
        with closing(_open(path)) as base:
            found = base.execute("SELECT format FROM sanchoi_index LIMIT 1").fetchone()
            return int(found[0]) if found else FORMAT
    except sqlite3.Error:
        return None


def _open(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False, cached_statements=64)


class Index:
    """One index, open. Connections are lent to one reader at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._begin()
        with self.reading() as base:
            told = base.execute("SELECT collection FROM sanchoi_index ORDER BY rowid").fetchall()
        self.collections = {each.name: each for each in (Collection.of_text(row[0]) for row in told)}

    def _begin(self) -> None:
        self._free: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._answers: OrderedDict[object, npt.NDArray[np.int64]] = OrderedDict()
        self._lock = threading.Lock()

    def _connect(self) -> sqlite3.Connection:
        return _open(self.path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for one reader."""
        try:
            base = self._free.get_nowait()
        except queue.Empty:
            base = self._connect()
            teach(base)
        try:
            yield base
        finally:
            self._free.put(base)

    def found(self, name: str, condition: Condition) -> npt.NDArray[np.int64]:
        """Numbers of the features for which a condition holds, in order."""
        key = (name, condition)
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        with self.reading() as base:
            told = base.execute(f'SELECT fid FROM "{name}" WHERE {condition.sql} ORDER BY fid', condition.values)
            answer = np.fromiter((row[0] for row in told), dtype=np.int64)
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > 1 and sum(each.nbytes for each in self._answers.values()) > KEPT_BYTES:
                self._answers.popitem(last=False)
        return answer


@lru_cache(maxsize=32)
def _index(path: Path, made_ns: int) -> Index:
    return Index(path)


class Features:
    """The features of one result, from its index, and from another for collections that change."""

    def __init__(self, entry: Entry, settings: Settings, more: Index | None = None) -> None:
        path = prepare(entry, settings)
        self._index, self._more = _index(path, path.stat().st_mtime_ns), more
        self.crs = known(str(entry.run["study"]["crs"]))

    @property
    def collections(self) -> dict[str, Collection]:
        """Collections that the result has, in order."""
        return self._index.collections | ({} if self._more is None else self._more.collections)

    def collection(self, name: str) -> Collection:
        """One of them.

        Raises
        ------
        UnknownId : the result has none of that name.
        """
        if name not in self.collections:
            raise UnknownId(f"collection {name}", "one of " + ", ".join(self.collections), "see /collections")
        return self.collections[name]

    def _of(self, name: str) -> Index:
        """The index that has a collection."""
        return self._more if self._more is not None and name in self._more.collections else self._index

    def matched(self, name: str, condition: Condition) -> int:
        """How many features a condition holds for."""
        return self.collection(name).count if condition.all else len(self._of(name).found(name, condition))

    def query(
        self, name: str, condition: Condition, limit: int, offset: int = 0, crs: Crs | None = None
    ) -> Iterator[Block]:
        """Features for which a condition holds, from the one at `offset`, at most `limit`, in blocks."""
        columns = self.collection(name).columns
        if condition.all:  # numbered from 1 without a gap
            numbers = np.arange(offset + 1, min(offset + limit, self.collection(name).count) + 1, dtype=np.int64)
        else:
            numbers = self._of(name).found(name, condition)[offset : offset + limit]
        return self._blocks(name, columns, numbers, crs or self.crs[CRS84])

    def _blocks(self, name: str, columns: dict[str, str], numbers: npt.NDArray[np.int64], crs: Crs) -> Iterator[Block]:
        chosen = ", ".join(f'"{each}"' for each in columns)
        flags = [place for place, kind in enumerate(columns.values()) if kind == "boolean"]
        for start in range(0, len(numbers), BLOCK):
            part = numbers[start : start + BLOCK].tolist()
            with self._of(name).reading() as base:
                rows = base.execute(
                    f'SELECT "{ID}", "{GEOMETRY}", {chosen} FROM "{name}" '
                    "WHERE fid IN (SELECT value FROM json_each(?)) ORDER BY fid",
                    (json.dumps(part),),
                ).fetchall()
            shapes = shapely.from_wkb([None if row[1] is None else stripped(row[1]) for row in rows])
            values = [row[2:] for row in rows]
            if flags:
                values = [_truths(row, flags) for row in values]
            yield Block([row[0] for row in rows], values, crs.out(shapes))

    def one(self, name: str, feature: str, crs: Crs | None = None) -> Block:
        """One feature by its id.

        Raises
        ------
        UnknownId : there is none.
        """
        columns = self.collection(name).columns
        with self._of(name).reading() as base:
            row = base.execute(f'SELECT fid FROM "{name}" WHERE "{ID}" = ?', (feature,)).fetchone()
        if row is None:
            raise UnknownId(f"{name} {feature}", "an id of the collection", "see its items")
        return next(self._blocks(name, columns, np.array([row[0]]), crs or self.crs[CRS84]))


def _truths(row: tuple[Any, ...], flags: list[int]) -> tuple[Any, ...]:
    told = list(row)
    for each in flags:
        told[each] = None if told[each] is None else bool(told[each])
    return tuple(told)
