"""Figures of the report: rows by need, sums over what is known, dates and money in words. Measures nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from sanchoi.gis.sentences import number
from sanchoi.maps.report.words import say
from sanchoi.maps.sheets import figures, said
from sanchoi.maps.sheets.ground import Ground

NAME = 160
"""Letters of a name at most."""
NAMED = 8
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def band(ground: Ground) -> str:
    """The band that speaks for all ages."""
    return figures.bands(ground)[-1]


def rows(ground: Ground) -> pd.DataFrame:
    """One row per commune, all ages: by need, those whose need is unknown last in the order of survey. `no` counts them."""
    communes = ground.result.tables["communes"]
    gaps = ground.gaps(band(ground)).drop(columns=["name", "vintage"], errors="ignore")
    kept = [name for name in ("commune_id", "name", "kind", "surveyed") if name in communes]
    table = pd.DataFrame(communes[kept]).merge(gaps, left_on="commune_id", right_index=True, how="left")
    for key in ("children_uncovered", "shortfall_m2", "children", "survey_rank"):
        table[key] = pd.to_numeric(table[key], errors="coerce").astype(float)
    table["status"] = table["status"].where(table["status"].notna(), "unknown")
    table["blank"] = table["children_uncovered"].isna()
    table = table.sort_values(
        ["blank", "children_uncovered", "shortfall_m2", "survey_rank", "children", "commune_id"],
        ascending=[True, False, False, True, False, True],
        na_position="last",
        kind="stable",
    ).reset_index(drop=True)
    table["no"] = table.index + 1
    return table


def called(row: Any, language: str) -> str:  # noqa: ANN401 - a row
    """A commune as people call it, not longer than a cell can show."""
    told = said.called(row["name"], row.get("kind"), language)
    return told if len(told) <= NAME else told[: NAME - 1].rstrip() + "…"


def summed(values: Any, language: str, digits: int = 0) -> str:  # noqa: ANN401 - a column
    """A sum over what is known; how many are not in it is said."""
    column = pd.to_numeric(pd.Series(list(values)), errors="coerce")
    blank = int(column.isna().sum())
    if blank == len(column):
        return say("unknown_", language)
    told = figures.said(float(column.sum()), language, digits)
    return f"{told} ({say('not_counted', language, n=number(blank, language))})" if blank else told


def some(names: Sequence[str], language: str, most: int = NAMED) -> str:
    """Names, the first of many and how many more."""
    shown = ", ".join(names[:most])
    rest = len(names) - most
    return shown if rest <= 0 else f"{shown} {say('and_more', language, n=number(rest, language))}"


def day(value: object, language: str) -> str:
    """A day as people write it; what is no day stays as it is."""
    text = str(value or "").strip()
    if not re.fullmatch(r"\d{4}-\d\d-\d\d.*", text):
        return text
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return text
    if language == "vi":
        return f"{found:%d/%m/%Y}"
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def million(value: Any, language: str, digits: int = 1) -> str:  # noqa: ANN401 - a cell
    """Money in millions, without a unit."""
    return figures.said(None if value is None or pd.isna(value) else float(value) / 1e6, language, digits)


def money(value: Any, language: str) -> str:  # noqa: ANN401 - a cell
    """Money with its unit."""
    if value is None or pd.isna(value):
        return say("unknown_", language)
    digits = 0 if abs(float(value) / 1e6 % 1) < 0.05 or float(value) >= 1e9 else 1
    return say("million", language, m=million(value, language, digits))
