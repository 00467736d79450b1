"""Library: the results that the service shows, each read when it is first asked for and never written."""

from __future__ import annotations

import hashlib
import json
import logging
import math
import re
import threading
import time
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from sanchoi.api.groups import Groups
from sanchoi.api.settings import Settings
from sanchoi.gis import results
from sanchoi.gis.errors import SourceError, UnknownId
from sanchoi.gis.tables import DECLARATIONS

RESULTS = "results"
"""Folder in the service's own folder where jobs leave their results."""
LOOK_S, FRESH_S = 1.0, 0.02
"""The folders are looked at no more often than this; where something new is asked for, than that."""
RECORD: dict[str, type] = {
    "run_id": str,
    "study": dict,
    "inputs": list,
    "settings": dict,
    "norm": dict,
    "norms": list,
    "versions": dict,
    "headline": dict,
    "sources": list,
    "warnings": list,
    "tables": list,
}
"""What run.json must hold for the pages to be drawn."""
FULL = ("run_id", "study", "settings", "headline", "tables")
"""And what of it is never empty."""
Stamp = tuple[int, int, int]
log = logging.getLogger("sanchoi.service")


class Entry:
    """One result. Tables are read on demand and kept; whoever gets one must not change it.

    Attributes
    ----------
    id : its name in addresses: letters, digits, "-" and "_". folder : where it lies. etag : hash of its record, so that
        whatever is made of this result alone may be cached by it.
    """

    def __init__(self, name: str, folder: Path, record: bytes) -> None:
        self.id, self.folder = name, folder
        self.etag = hashlib.sha256(record).hexdigest()[:16]
        self._record = record
        self._tables: dict[str, pd.DataFrame] = {}
        self._groups: dict[tuple[str, str], Groups] = {}
        self._lock = threading.RLock()

    @cached_property
    def run(self) -> dict[str, Any]:
        """What run.json says."""
        found: dict[str, Any] = json.loads(self._record)
        return found

    @property
    def name(self) -> str:
        """Name of the study."""
        return str(self.run["study"]["name"])

    def has(self, table: str) -> bool:
        """Whether the result has a table."""
        return table in self.run["tables"]

    def table(self, name: str) -> pd.DataFrame:
        """One table of the result.

        Raises
        ------
        UnknownId : the result has no such table. SourceError : its file is damaged.
        """
        if not self.has(name):
            raise UnknownId(
                f"table {name}", "a table of the result: " + ", ".join(self.run["tables"]), "choose another"
            )
        with self._lock:
            if name not in self._tables:
                found = results.read_table(self.folder, name)
                columns = DECLARATIONS[name].schema.columns if name in DECLARATIONS else {}
                lost = [key for key, column in columns.items() if not column.nullable and key not in found]
                if lost:
                    raise SourceError(
                        f"{name}.parquet of {self.id} lacks {', '.join(lost)}",
                        "tables of this version",
                        "run the study again",
                    )
                self._tables[name] = found
            return self._tables[name]

    def rows(self, name: str, column: str, key: str) -> pd.DataFrame:
        """Rows of a table that have a value in a column, found through an index that is made once; none = an empty table.

        Raises
        ------
        UnknownId, SourceError : as `table`.
        """
        table = self.table(name)
        with self._lock:
            if (name, column) not in self._groups:
                self._groups[name, column] = Groups(table[column])
        return table.iloc[self._groups[name, column].places(key)]


class Library:
    """The results in the folders of the settings and those that jobs have made; new ones are found within a second.

    A damaged result is left out, and said once in the log; the others are served.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._shelf: dict[Path, tuple[Stamp, Entry | str]] = {}
        """By folder: its stamp, and its entry or what is wrong with it."""
        self._entries: dict[str, Entry] = {}
        self._looked = -math.inf
        self._lock = threading.RLock()
        if not self.entries():
            places = ", ".join(str(path) for path in settings.results)
            raise SourceError(
                f"{places} holds no result that can be read",
                "result folders",
                "make one with: sanchoi run STUDY --out DIR",
            )

    def entries(self, fresh: bool = False) -> list[Entry]:
        """All results, those of the settings first, in order; `fresh`: also one that a job has made just now."""
        with self._lock:
            if time.monotonic() - self._looked >= (FRESH_S if fresh else LOOK_S):
                self._look()
                self._looked = time.monotonic()
            return list(self._entries.values())

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries())

    def get(self, name: str) -> Entry:
        """One result by its id.

        Raises
        ------
        UnknownId : there is none.
        """
        self.entries(fresh=name not in self._entries)
        found = self._entries.get(name)
        if found is None:
            known = ", ".join([*self._entries][:10])
            raise UnknownId(f"result {name}", f"one of {known}", "see /api/v1/results")
        return found

    def first(self) -> Entry:
        """The result that is shown when none is named.

        Raises
        ------
        SourceError : all of them have gone.
        """
        found = self.entries()
        if not found:
            raise SourceError("there is no result any more", "a result folder", "make one with: sanchoi run")
        return found[0]

    def _look(self) -> None:
        """Find the folders, and read the records that have changed."""
        places = [folder for path in self._settings.results for folder in _folders(path)]
        places += _folders(self._settings.data / RESULTS)
        shelf: dict[Path, tuple[Stamp, Entry | str]] = {}
        entries: dict[str, Entry] = {}
        for folder in dict.fromkeys(each.resolve() for each in places):
            stamp = _stamp(folder)
            name = slug(folder.name)
            if name in entries:  # two folders of one name: the address of the later one follows from where it lies
                name += "-" + hashlib.sha256(str(folder).encode()).hexdigest()[:6]
            before, entry = self._shelf.get(folder, (None, ""))
            if isinstance(entry, str) or stamp != before or entry.id != name:
                # one with a fault is looked at each time: its record may have been copied before its tables
                found = _entry(name, folder)
                if isinstance(found, str) and (before, entry) != (stamp, found):
                    log.warning("a result is left out", extra={"facts": {"folder": str(folder), "fault": found}})
                entry = found
            shelf[folder] = (stamp, entry)
            if isinstance(entry, Entry):
                entries[name] = entry
        self._shelf, self._entries = shelf, entries


def _folders(path: Path) -> list[Path]:
    """The folder itself if it is a result, else the results that lie in it."""
    if (path / "run.json").is_file():
        return [path]
    try:
        return sorted(each.parent for each in path.glob("*/run.json"))
    except OSError:
        return []


def _stamp(folder: Path) -> Stamp:
    """What changes when the record of a result is written anew."""
    try:
        found = (folder / "run.json").stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _entry(name: str, folder: Path) -> Entry | str:
    """The result in a folder, or what is wrong with it: it may be damaged, or still being written."""
    try:
        record = (folder / "run.json").read_bytes()
        entry = Entry(name, folder, record)
        return _fault(entry) or entry
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        return f"run.json cannot be read ({type(error).__name__}: {error})"


def _fault(entry: Entry) -> str:
    """What is wrong with a result; empty = nothing. Every table is looked at, none is read."""
    run = entry.run
    wrong = [key for key, kind in RECORD.items() if not isinstance(run[key], kind) or (key in FULL and not run[key])]
    if wrong:
        return f"run.json: {', '.join(wrong)} empty, or of another kind"
    if not {"communes", "gaps"} <= set(run["tables"]) or not entry.name:
        return "run.json lacks the name of the study, or the tables communes and gaps"
    if not all(re.fullmatch(r"\w+", table) for table in run["tables"]):
        return "run.json names tables that are none"
    if "parcels" in run["tables"] and not isinstance(run.get("scoring"), dict):
        return "run.json does not say how the parcels were scored"
    json.dumps(run, allow_nan=False, ensure_ascii=False).encode()
    for table in run["tables"]:
        with (entry.folder / "tables" / f"{table}.parquet").open("rb") as file:
            head = file.read(4)
            file.seek(-4, 2)
            if (head, file.read(4)) != (b"PAR1", b"PAR1"):
                return f"tables/{table}.parquet is cut off or no Parquet"
    return ""


def slug(name: str) -> str:
    """Letters, digits, "-" and "_" of a folder's name, without accents."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    text = re.sub(r"[^A-Za-z0-9_-]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
    return text or "result"
