"""Lazy: the tables of a result, each read when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from sanchoi.api.library import Entry


class Lazy(Mapping[str, pd.DataFrame]):
    """The tables of a result, each read when it is asked for."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def __getitem__(self, name: str) -> pd.DataFrame:
        if not self._entry.has(name):
            raise KeyError(name)
        return self._entry.table(name)

    def __contains__(self, name: object) -> bool:
        return self._entry.has(str(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._entry.run["tables"])

    def __len__(self) -> int:
        return len(self._entry.run["tables"])
