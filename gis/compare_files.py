"""What the files of a comparison hold: compare.json, and tables in words. Pure: `api.compare_folder` writes them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from sanchoi.gis import compare_headings as headings
from sanchoi.gis.compare import Comparison

NAMES = ("communes", "made_of", "play_areas", "parts", "inputs", "cells")


def sheets(found: Comparison, language: str) -> dict[str, pd.DataFrame]:
    """Tables in words by their names, for CSV and workbook."""
    return {name: headings.said(name, found.tables[name], language) for name in NAMES}


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
