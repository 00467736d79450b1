"""Library: the results that the service shows, each read when it is first asked for and never written."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from sanchoi.api.settings import Settings
from sanchoi.gis import results
from sanchoi.gis.errors import SourceError, UnknownId

RESULTS = "results"
"""Folder in the service's own folder where jobs leave their results."""


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
                self._tables[name] = results.read_table(self.folder, name)
            return self._tables[name]


class Library:
    """The results in the folders of the settings and those that jobs have made; new ones are found when they are there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._entries: dict[Path, Entry] = {}
        self._lock = threading.RLock()
        if not self.entries():
            places = ", ".join(str(path) for path in settings.results)
            raise SourceError(
                f"{places} holds no result", "result folders", "make one with: sanchoi run STUDY --out DIR"
            )

    def entries(self) -> list[Entry]:
        """All results, those of the settings first, in order."""
        with self._lock:
            found = [folder for path in self._settings.results for folder in _folders(path)]
            found += _folders(self._settings.data / RESULTS)
            kept: dict[Path, Entry] = {}
            taken: set[str] = set()
            for folder in dict.fromkeys(each.resolve() for each in found):
                record = _record(folder)
                if record is None:
                    continue
                name = _free(_slug(folder.name), taken)
                taken.add(name)
                old = self._entries.get(folder)
                kept[folder] = (
                    old if old is not None and old._record == record and old.id == name else Entry(name, folder, record)
                )
            self._entries = kept
            return list(kept.values())

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries())

    def get(self, name: str) -> Entry:
        """One result by its id.

        Raises
        ------
        UnknownId : there is none.
        """
        found = {entry.id: entry for entry in self.entries()}
        if name not in found:
            raise UnknownId(f"result {name}", "one of " + ", ".join(found), "see /api/v1/results")
        return found[name]

    def first(self) -> Entry:
        """The result that is shown when none is named."""
        return self.entries()[0]


def _folders(path: Path) -> list[Path]:
    """The folder itself if it is a result, else the results that lie in it."""
    if (path / "run.json").is_file():
        return [path]
    return sorted(each.parent for each in path.glob("*/run.json")) if path.is_dir() else []


def _record(folder: Path) -> bytes | None:
    try:
        record = (folder / "run.json").read_bytes()
        return record if "tables" in json.loads(record) else None
    except (OSError, ValueError, TypeError):  # being written, or damaged: not there yet
        return None


def _slug(name: str) -> str:
    """Letters, digits, "-" and "_" of a folder's name, without accents."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    text = re.sub(r"[^A-Za-z0-9_-]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
    return text or "result"


def _free(name: str, taken: set[str]) -> str:
    return name if name not in taken else next(f"{name}-{k}" for k in range(2, 10_000) if f"{name}-{k}" not in taken)
