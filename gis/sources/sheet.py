"""Sheets of workbooks: the table in them is found, whatever titles stand above it and however its heading is merged."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from sanchoi.gis import heading
from sanchoi.gis.arrival_words import Remark, remark


class SharedInt(int):
    """A number in a cell that several rows share: it is of all of them, and of none alone."""


class SharedFloat(float):
    """As `SharedInt`."""


WITHIN = 60
"""Rows from the top in which a heading is looked for."""


def read(path: Path, sheet: str | None, told: list[Remark]) -> pd.DataFrame:
    """Read the table of one sheet.

    Raises
    ------
    ValueError : several sheets hold cells and none is named, or there is no such sheet. Others of openpyxl: a broken file.
    """
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except (
        zlib.error,
        SyntaxError,
        TypeError,
        AttributeError,
        IndexError,
        EOFError,
        RuntimeError,
    ) as error:  # XML faults are SyntaxErrors
        raise ValueError(f"it is no whole workbook ({error})") from error
    filled = [
        each for each in book.worksheets if any(v is not None for row in each.iter_rows(values_only=True) for v in row)
    ]
    if sheet is not None:
        filled = [each for each in filled if each.title == sheet]
        if not filled:
            raise ValueError(f'it holds no sheet "{sheet}" with cells, but {", ".join(book.sheetnames)}')
    if len(filled) != 1:
        names = ", ".join(each.title for each in filled)
        raise ValueError(f"it holds {len(filled)} sheets with cells ({names}), not one: name it as the layer")
    return _table(path, filled[0], told)


def _table(path: Path, sheet: Any, told: list[Remark]) -> pd.DataFrame:  # noqa: ANN401 - a sheet
    cells = [[_value(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    merged = [
        (area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1) for area in sheet.merged_cells.ranges
    ]
    found = heading.find(cells[:WITHIN], merged)
    if found is None:
        found = heading.Heading(0, 0, tuple(None if v is None else str(v) for v in cells[0]), 0, None)
    start = (found.bottom if found.numbers is None else found.numbers) + 1
    if not found.plain or found.joined:
        rows = f"{found.top + 1}" if found.top == found.bottom else f"{found.top + 1}–{found.bottom + 1}"
        told.append(remark("heading_found", file=path.name, rows=rows, above=found.top, joined=found.joined))
    if found.numbers is not None:
        told.append(remark("numbers_row", file=path.name, row=found.numbers + 1))
    down, numbers = 0, []
    for first, column, last, end in merged:
        if first >= start and column == end:
            value = _shared(cells[first][column]) if last > first else cells[first][column]
            for row in range(first, last + 1):
                cells[row][column] = value
            down += last - first
            numbers += [value] if isinstance(value, (SharedInt, SharedFloat)) else []
    if down:
        told.append(remark("merged_filled", count=down, file=path.name, n=down))
    if numbers:
        told.append(remark("merged_numbers", count=len(numbers), file=path.name, n=len(numbers), example=numbers[0]))
    body = cells[start:]
    kept = [c for c, name in enumerate(found.names) if name is not None or any(row[c] is not None for row in body)]
    names = [found.names[c] or f"Unnamed: {c}" for c in kept]
    return pd.DataFrame([[row[c] for c in kept] for row in body], columns=names, dtype=object)


def _shared(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return SharedInt(value)
    return SharedFloat(value) if isinstance(value, float) else value


def _value(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value
