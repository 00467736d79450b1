"""Columns of a layer as the tables need them: ids, texts, numbers, yes or no. Every refusal names the first bad row."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis import names
from sanchoi.gis.errors import ContractError
from sanchoi.gis.sources.sheet import SharedFloat, SharedInt
from sanchoi.gis.study import nearest

Floats = npt.NDArray[np.float64]


def series(frame: pd.DataFrame, column: str, layer: str) -> pd.Series:
    """A column by name; ContractError with a did-you-mean when the layer has none."""
    if column not in frame.columns:
        raise ContractError(
            f"layer {layer} has no column {column}",
            "one of its columns: " + ", ".join(str(c) for c in frame.columns if c not in ("geometry", "_key")),
            f"mend the column's name in study.toml{_hint(column, frame)}",
        )
    return frame[column]


def _hint(column: str, frame: pd.DataFrame) -> str:
    near = nearest(column, [str(c) for c in frame.columns])
    return f'; did you mean "{near}"?' if near else ""


def keys(frame: pd.DataFrame, column: str | list[str], layer: str) -> list[str]:
    """Text ids; several columns are joined with " / "; whole numbers lose the ".0" a spreadsheet gives them."""
    parts = [
        [_key_text(value, layer, each) for value in series(frame, each, layer)]
        for each in ([column] if isinstance(column, str) else column)
    ]
    return [names.nfc(" / ".join(row)) for row in zip(*parts, strict=True)]


def _key_text(value: Any, layer: str, column: str) -> str:  # noqa: ANN401 - a cell
    if pd.isna(value) or not str(value).strip():
        raise ContractError(f"layer {layer}: a feature without {column}", "an id for every feature", "fill the column")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text


def unique(keys: list[str], layer: str, column: str) -> None:
    """Refuse an id that stands twice."""
    seen = pd.Series(keys)
    twice = sorted(set(seen[seen.duplicated()]))
    if twice:
        raise ContractError(
            f"layer {layer}: {len(twice)} ids stand more than once in {column}: {', '.join(twice[:10])}",
            "one feature per id",
            "dissolve or remove the doubles, or name the columns that make the id unique as a list",
        )


def texts(frame: pd.DataFrame, column: str | None, layer: str) -> list[str | None]:
    """A column as text in NFC, None where empty or where no column is named."""
    if column is None:
        return [None] * len(frame)
    return [None if pd.isna(v) else names.nfc(str(v)) for v in series(frame, column, layer)]


def numbers(frame: pd.DataFrame, column: str | None, layer: str, keys: list[str] | None = None) -> Floats:
    """A column as numbers, NaN where empty; refuses text and negatives with the first bad row's key."""
    if column is None:
        return np.full(len(frame), np.nan)
    values = series(frame, column, layer)
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
    labels = (
        keys
        if keys is not None
        else (frame["_key"].tolist() if "_key" in frame else [str(i) for i in range(len(frame))])
    )
    shared = np.flatnonzero([isinstance(value, (SharedInt, SharedFloat)) for value in values])
    if len(shared):
        raise ContractError(
            f"layer {layer}, column {column}: {values.iloc[shared[0]]} at {labels[shared[0]]} stands in one cell "
            f"merged over several rows ({len(shared)} rows in all)",
            "a number of its own for each row",
            "write what each row has, or leave it empty if only the sum is known",
        )
    marked = [grouped(value) for value in values]
    if any(marked):
        at = marked.index(True)
        plain = str(values.iloc[at]).strip().replace(".", "")
        raise ContractError(
            f'layer {layer}, column {column}: "{values.iloc[at]}" at {labels[at]} may mean {plain} or {float(numbers[at]):g}'
            if np.isfinite(numbers[at])
            else f'layer {layer}, column {column}: "{values.iloc[at]}" at {labels[at]}',
            "numbers without marks between thousands",
            f"write {plain}, or more or fewer decimals if a fraction is meant",
        )
    text = np.flatnonzero(
        np.isnan(numbers) & values.notna().to_numpy() & (values.astype(str).str.strip() != "").to_numpy()
    )
    if len(text):
        raise ContractError(
            f'layer {layer}, column {column}: "{values.iloc[text[0]]}" at {labels[text[0]]}',
            "a number",
            "mend the value",
        )
    bad = np.flatnonzero((numbers < 0) | np.isinf(numbers))
    if len(bad):
        raise ContractError(
            f"layer {layer}, column {column}: {numbers[bad[0]]:g} at {labels[bad[0]]} ({len(bad)} in all)",
            "a count of 0 or more, or empty for unknown",
            "mend the value, or leave it empty if it is not known",
        )
    return numbers


def grouped(value: object) -> bool:
    """Whether a text such as "1.200" may have a mark between thousands."""
    return isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", value.strip()) is not None


def flags(frame: pd.DataFrame, given: bool | str | None, layer: str) -> npt.NDArray[np.bool_]:
    """Yes or no for each feature: one value for all, or a column of true/false, 1/0, yes/no, có/không. Empty is no."""
    if given is None or isinstance(given, bool):
        return np.full(len(frame), bool(given))
    words = {"true": True, "1": True, "1.0": True, "yes": True, "có": True}
    words |= {
        "false": False,
        "0": False,
        "0.0": False,
        "no": False,
        "không": False,
        "": False,
        "none": False,
        "nan": False,
    }
    texts = [names.nfc(str(v)).strip().lower() if not pd.isna(v) else "" for v in series(frame, given, layer)]
    wrong = sorted({t for t in texts if t not in words})
    if wrong:
        raise ContractError(
            f'layer {layer}, column {given}: "{wrong[0]}"', "true or false (có or không)", "mend the values"
        )
    return np.array([words[t] for t in texts], dtype=bool)
