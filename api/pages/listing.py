"""Listing: rows in the order that an address asks for, unknown ones last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sanchoi.api.pages.frame import choice
from sanchoi.api.pages.tables import Row
from sanchoi.api.problems import Problem
from sanchoi.gis import names

DIGITS = 15
"""Of a page's number: more are no number of a page."""


def asked_order(asked: Mapping[str, str], columns: Sequence[str], default: str) -> str:
    """The order asked for: the name of a column, "-" before it for falling.

    Raises
    ------
    Problem : it is none of the columns.
    """
    return choice(asked, "sort", [sign + name for name in columns for sign in ("", "-")], default)


def ordered(rows: Sequence[Row], now: str, tie: str = "name") -> list[Row]:
    """Rows in that order; unknown ones last whichever way it runs, equal ones by name."""
    column, falling = now.removeprefix("-"), now.startswith("-")
    by_tie = sorted(rows, key=lambda row: names.fold(str(row.get(tie) or "")))
    known = [row for row in by_tie if row[column] is not None]
    known.sort(key=lambda row: _key(row[column]), reverse=falling)
    return known + [row for row in by_tie if row[column] is None]


def page_of(asked: Mapping[str, str], count: int, size: int) -> tuple[int, int]:
    """The page asked for and the number of pages; beyond the last it is the last.

    Raises
    ------
    Problem : it is no whole number from 1 on.
    """
    told, last = asked.get("page", "1"), max(-(-count // size), 1)
    if not told.isascii() or not told.isdecimal() or len(told) > DIGITS or int(told) < 1:
        words = ("số nguyên từ 1", "1, 2, 3, …")
        raise Problem("bad_parameter", {"name": "page", "came": told[:60]}, {"expected": words})
    return min(int(told), last), last


def _key(value: Any) -> Any:  # noqa: ANN401 - a cell of a table
    return names.fold(value) if isinstance(value, str) else value
