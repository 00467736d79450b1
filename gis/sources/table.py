"""Tables without geometry: CSV (comma, semicolon or tab; UTF-8) and XLSX."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pandas as pd
from sanchoi.gis.errors import SourceError
from sanchoi.gis.names import nfc

KINDS = (".csv", ".tsv", ".xlsx")


def read(path: Path) -> pd.DataFrame:
    """Read a table; text stays text, so that an id keeps its leading zeros, and an empty cell is unknown.

    Rows without anything in them are passed over.

    Raises
    ------
    SourceError : unknown kind, not UTF-8, broken, several sheets, a heading that stands twice, or a row longer than the heading.
    """
    suffix = path.suffix.lower()
    if suffix not in KINDS:
        raise SourceError(
            f"{path.name} is not a table that can be read", "one of " + ", ".join(KINDS), "save it as CSV"
        )
    try:
        found = _sheet(path) if suffix == ".xlsx" else _text(path)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path.name} is not in UTF-8 (byte {error.start})", "a table in UTF-8", "save it as CSV UTF-8"
        ) from error
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, csv.Error) as error:
        reason = str(error).replace(str(path), path.name)
        raise SourceError(
            f"{path.name} cannot be read: {reason}", "a whole table with a heading", "save it again"
        ) from error
    found = found.set_axis([nfc(str(column)) for column in found.columns], axis=1).dropna(how="all", ignore_index=True)
    twice = found.columns[found.columns.duplicated()]
    if len(twice):
        raise SourceError(f'{path.name}: the heading "{twice[0]}" stands twice', "one column a heading", "rename one")
    return found


def _text(path: Path) -> pd.DataFrame:
    text = path.read_bytes().decode("utf-8-sig")
    head = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True))
    if not rows or not any(rows[0]):
        raise ValueError("it holds no heading")
    wide = len(rows[0])
    for number, row in enumerate(rows[1:], start=2):
        if any(row[wide:]):
            raise ValueError(f"row {number} has {len(row)} cells under {wide} headings")
    cells = [[cell or None for cell in (row + [""] * wide)[:wide]] for row in rows[1:]]
    return pd.DataFrame(cells, columns=rows[0], dtype="str")


def _sheet(path: Path) -> pd.DataFrame:
    sheets = pd.read_excel(path, sheet_name=None, dtype=object, engine="openpyxl")
    filled = [name for name, sheet in sheets.items() if len(sheet.columns)]
    if len(filled) != 1:
        raise ValueError(f"it holds {len(filled)} sheets with cells ({', '.join(map(str, filled))}), not one")
    return sheets[filled[0]]
