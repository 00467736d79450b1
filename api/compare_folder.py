"""The folder of a comparison: compare.json, tables as CSV, one workbook, and the page.

The same two results give the same bytes: nothing in it is of the day it was made.
"""

from __future__ import annotations

import json
from pathlib import Path

from sanchoi.gis import compare_files as files
from sanchoi.gis import compare_headings as headings
from sanchoi.gis import workbook
from sanchoi.gis.compare import Comparison
from sanchoi.gis.results import unwritable
from sanchoi.maps import compare as page

MOST_ROWS = 100_000
"""More rows than this stay out of the workbook; the CSV has them all."""


def write(found: Comparison, folder: Path, language: str) -> None:
    """Write compare.html, compare.json, compare.xlsx and tables/NAME.csv; what an earlier comparison left there is replaced.

    Raises
    ------
    SourceError : the folder cannot be written, or the browser assets are missing.
    """
    k = 0 if language == "vi" else 1
    book = {headings.SHEETS["about"][k]: files.about(found, k)}
    try:
        (folder / "tables").mkdir(parents=True, exist_ok=True)
        text = json.dumps(files.document(found), ensure_ascii=False, indent=1, allow_nan=False)
        (folder / "compare.json").write_text(text + "\n", encoding="utf-8")
        for name, table in files.sheets(found, language).items():
            path = folder / "tables" / f"{name}.csv"
            workbook.harmless(table).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
            if len(table) <= MOST_ROWS:
                book[headings.SHEETS[name][k]] = table
        workbook.write(book, folder / "compare.xlsx")
    except OSError as error:
        raise unwritable(folder, error) from error
    page.write(found, folder, language)
