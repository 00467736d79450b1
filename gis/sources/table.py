"""Tables without geometry: CSV (comma, semicolon or tab; UTF-8) and XLSX."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pandas as pd
from sanchoi.gis.errors import SourceError
from sanchoi.gis.names import nfc

KINDS = (".csv", ".tsv", ".xlsx")


def read(path: Path) -> pd.DataFrame:
    """Read a table; text stays text, so that an id keeps its leading zeros, and an empty cell is unknown.

    Raises
    ------
    SourceError : unknown kind, not UTF-8, broken, or without a heading.
    """
    suffix = path.suffix.lower()
    if suffix not in KINDS:
        raise SourceError(
            f"{path.name} is not a table that can be read", "one of " + ", ".join(KINDS), "save it as CSV"
        )
    try:
        if suffix == ".xlsx":
            found = pd.read_excel(path, dtype=object, engine="openpyxl")
        else:
            with path.open(encoding="utf-8-sig", newline="") as file:
                head = file.readline()
            mark = max(",;\t", key=head.count)
            found = pd.read_csv(
                path,
                sep=mark,
                dtype=str,
                encoding="utf-8-sig",
                keep_default_na=False,
                na_values=[""],
                quoting=csv.QUOTE_MINIMAL,
            )
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path.name} is not in UTF-8 (byte {error.start})", "a table in UTF-8", "save it as CSV UTF-8"
        ) from error
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise SourceError(
            f"{path.name} cannot be read: {error}", "a whole table with a heading", "save it again"
        ) from error
    return found.set_axis([nfc(str(column)) for column in found.columns], axis=1)
