"""The folder of a comparison (an edge: files out): compare.json, tables as CSV and one workbook. The page is `maps.compare`.

The same two results give the same bytes: nothing in it is of the day it was made.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sanchoi.gis import compare_headings as headings
from sanchoi.gis import workbook
from sanchoi.gis.compare import Comparison
from sanchoi.gis.results import unwritable

NAMES = ("communes", "made_of", "play_areas", "parts", "inputs", "cells")
MOST_ROWS = 100_000
"""More rows than this stay out of the workbook; the CSV has them all."""


def write(found: Comparison, folder: Path, language: str) -> list[Path]:
    """Write compare.json, tables/NAME.csv and compare.xlsx; what an earlier comparison left there is replaced.

    Raises
    ------
    SourceError : the folder cannot be written.
    """
    try:
        (folder / "tables").mkdir(parents=True, exist_ok=True)
        made = [folder / "compare.json"]
        text = json.dumps(document(found), ensure_ascii=False, indent=1, allow_nan=False)
        made[0].write_text(text + "\n", encoding="utf-8")
        k = 0 if language == "vi" else 1
        sheets = {headings.SHEETS["about"][k]: about(found, k)}
        for name in NAMES:
            table = headings.said(name, found.tables[name], language)
            path = folder / "tables" / f"{name}.csv"
            workbook.harmless(table).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
            made.append(path)
            if len(table) <= MOST_ROWS:
                sheets[headings.SHEETS[name][k]] = table
        made.append(folder / "compare.xlsx")
        workbook.write(sheets, made[-1])
    except OSError as error:
        raise unwritable(folder, error) from error
    return made


def document(found: Comparison) -> dict[str, Any]:
    """All of a comparison save its cells, as JSON types; null = unknown."""
    tables = {name: records(found.tables[name]) for name in NAMES if name != "cells"}
    out: dict[str, Any] = native({**found.record, "tables": tables})
    return out


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table without geometry."""
    rows = pd.DataFrame(table.drop(columns="geometry", errors="ignore")).to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in rows]


def native(value: Any) -> Any:  # noqa: ANN401 - any value of a record
    """A value in JSON types; NaN and NA are null."""
    if isinstance(value, dict):
        return {str(key): native(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [native(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value if isinstance(value, bool | int | float | str) else str(value)


def about(found: Comparison, k: int) -> pd.DataFrame:
    """The finding and what must be known of it, as rows of key and value."""
    record, language = found.record, ("vi", "en")[k]
    words = {"first": ("Kết quả trước", "Earlier result"), "second": ("Kết quả sau", "Later result")}
    rows = [(("Kết luận", "Finding")[k], record["headline"][language])]
    for side in ("first", "second"):
        one = record[side]
        rows.append((words[side][k], f"{one['name']} · {one['date']} · {one['vintage']} · {one['run_id']}"))
    rows += [(("Lưu ý", "Note")[k], note[language]) for note in record["notes"]]
    for code in record["communes"]["codes_reused"]:
        told = f"{code['commune_id']}: {code['first_name']} → {code['second_name']}"
        rows.append((("Mã dùng lại cho đất khác", "Code that means other ground now")[k], told))
    return pd.DataFrame(rows, columns=[("Mục", "Item")[k], ("Nội dung", "Content")[k]])
