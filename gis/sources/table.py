"""Tables without geometry: CSV (comma, semicolon or tab; UTF-8) and XLSX."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pandas as pd
from sanchoi.gis import recognise
from sanchoi.gis.arrival_words import Remark
from sanchoi.gis.encoding import LEGACY
from sanchoi.gis.errors import SourceError
from sanchoi.gis.names import nfc
from sanchoi.gis.sources import sheet, texts
from sanchoi.gis.sources.arrival import AS_IS, Arrival

KINDS = (".csv", ".tsv", ".xlsx")
SEEN = (*LEGACY, "cp1258")
"""Encodings of bytes that their own words show."""


def read(
    path: Path, layer: str | None = None, arrival: Arrival = AS_IS, told: list[Remark] | None = None
) -> pd.DataFrame:
    """Read a table; text stays text, so that an id keeps its leading zeros, and an empty cell is unknown.

    Rows without anything in them are passed over.

    Parameters
    ----------
    layer : sheet of a workbook that holds several. told : what was recognised is added to it.

    Raises
    ------
    SourceError : unknown kind, not UTF-8, broken, several sheets, a heading that stands twice, or a row longer than the heading.
    ContractError : its text is in two encodings.
    """
    told = [] if told is None else told
    suffix = path.suffix.lower()
    if suffix not in KINDS:
        raise SourceError(
            f"{path.name} is not a table that can be read", "one of " + ", ".join(KINDS), "save it as CSV"
        )
    try:
        found, sure = (sheet.read(path, layer, told), True) if suffix == ".xlsx" else _text(path, arrival)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path.name} is not in UTF-8 (byte {error.start})", "a table in UTF-8", "save it as CSV UTF-8"
        ) from error
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, csv.Error) as error:
        reason = str(error).replace(str(path), path.name)
        raise SourceError(
            f"{path.name} cannot be read: {reason}", "a whole table with a heading", "save it again"
        ) from error
    found = texts.settle(found, arrival, path.name, told, "unicode" if sure else "")
    found = found.set_axis([nfc(str(column)) for column in found.columns], axis=1).dropna(how="all", ignore_index=True)
    twice = found.columns[found.columns.duplicated()]
    if len(twice):
        raise SourceError(f'{path.name}: the heading "{twice[0]}" stands twice', "one column a heading", "rename one")
    return found


def _text(path: Path, arrival: Arrival) -> tuple[pd.DataFrame, bool]:
    """Rows of a text, and whether it is in UTF-8."""
    data, sure = path.read_bytes(), True
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text, sure = (
            data.decode("latin-1"),
            False,
        )  # bytes of an old encoding, if that is said or seen; else they are refused
        if arrival.encoding not in LEGACY and recognise.judge(text.splitlines()).reading not in SEEN:
            raise
    head = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True))
    if not rows or not any(rows[0]):
        raise ValueError("it holds no heading")
    wide = len(rows[0])
    for number, row in enumerate(rows[1:], start=2):
        if any(row[wide:]):
            raise ValueError(f"row {number} has {len(row)} cells under {wide} headings")
    cells = [[cell or None for cell in (row + [""] * wide)[:wide]] for row in rows[1:]]
    return pd.DataFrame(cells, columns=rows[0], dtype="str"), sure
