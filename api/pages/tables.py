"""Tables as the pages read them: rows as plain values with None for unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sanchoi.api.lazy import Lazy
from sanchoi.api.library import Entry
from sanchoi.api.pages.tongue import missing
from sanchoi.gis.results import Result

Row = dict[str, Any]


def result(entry: Entry) -> Result:
    """The result as the maps take it, its tables read when needed."""
    return Result(Lazy(entry), entry.run)


def rows(table: pd.DataFrame) -> list[Row]:
    """Rows as plain values; None = unknown. Geometry is left out."""
    plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
    return [{str(name): _plain(value) for name, value in row.items()} for row in plain.to_dict("records")]


def of(entry: Entry, name: str, key: str, value: str) -> list[Row]:
    """Rows of a table whose key has a value; none where the result has no such table."""
    return rows(entry.rows(name, key, value)) if entry.has(name) else []


def first(entry: Entry, name: str, key: str, value: str) -> Row | None:
    """The first of those rows."""
    found = of(entry, name, key, value)
    return found[0] if found else None


def names(entry: Entry) -> dict[str, str]:
    """Names of the communes by their code."""
    table = entry.table("communes")
    return {row["commune_id"]: row["name"] or row["commune_id"] for row in rows(table[["commune_id", "name"]])}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of a table
    if isinstance(value, str):
        return value
    if missing(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
