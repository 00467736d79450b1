"""Figures: numbers of a result as a sheet says them; unknown is said, never 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sanchoi.gis import sentences
from sanchoi.gis.sentences import number
from sanchoi.maps import style
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.words import known, say

Pairs = list[tuple[str, str]]


def said(value: Any, language: str, digits: int = 0, unit: str = "") -> str:  # noqa: ANN401 - a cell of a table
    """A number with its unit, or that it is unknown."""
    if value is None or pd.isna(value):
        return say("unknown_", language)
    return number(round(float(value), digits) + 0.0, language, digits) + (f" {unit}" if unit else "")


def percent(value: Any, language: str, target: float | None = None) -> str:  # noqa: ANN401
    """A share in per cent, or that it is unknown; never rounded to none, to all or across the target."""
    if pd.isna(value):
        return said(None, language)
    found = sentences.percent(float(value), target)
    return f"< {said(1, language, 0, '%')}" if value > 0 and found == 0 else said(found, language, 0, "%")


def target(ground: Ground) -> float:
    """The share of children at which a commune is met."""
    return float(ground.run["settings"]["target_share"])


def status(name: Any, language: str) -> str:  # noqa: ANN401
    """A status in words."""
    return say(f"s_{name if name in style.STATUS else 'unknown'}", language)


def band(name: str, language: str) -> str:
    """An age band in words."""
    return say("band_all_of", language) if name == "all" else say("band_of", language, band=name)


def bands(ground: Ground) -> list[str]:
    """Bands of the study, `all` last; of a single one that one alone."""
    own = [str(each) for each in ground.run["settings"]["bands"]]
    return own if len(own) == 1 else [*own, "all"]


def reason(row: Any, language: str) -> str:  # noqa: ANN401 - a row of gaps
    """The sentence that the result has for a row of gaps."""
    told = row.get("reason_en" if language == "en" else "reason_vi")
    return told if isinstance(told, str) else ""


def of_commune(ground: Ground, commune_id: str, language: str) -> tuple[Pairs, str]:
    """Key figures of one commune, and why."""
    rows = {each: ground.gaps(each) for each in bands(ground)}
    total = rows[list(rows)[-1]]
    pairs = [
        (say("fg_status", language, band=band(each, language)), status(table["status"].get(commune_id), language))
        for each, table in rows.items()
    ]
    if commune_id not in total.index:
        return pairs, ""
    row = total.loc[commune_id]
    pairs += [
        (say("fg_children", language), said(row["children"], language)),
        (say("fg_uncovered", language), said(row["children_uncovered"], language)),
        (say("fg_share", language), percent(row["covered_share"], language, target(ground))),
        (say("fg_m2", language), said(row["access_m2_per_child"], language, 1, "m²")),
        (say("fg_ground", language), ground_m2(row, language)),
    ]
    if not ground.run["settings"]["distance_only"]:
        pairs.append((say("fg_shortfall", language), said(row["shortfall_m2"], language, 0, "m²")))
    if pd.notna(row["survey_rank"]):
        pairs.append((say("fg_rank", language), said(row["survey_rank"], language)))
    return pairs, reason(row, language)


def ground_m2(row: Any, language: str) -> str:  # noqa: ANN401 - a row of gaps
    """Ground of play areas; at least what is known where the size of some is not."""
    if pd.notna(row["play_area_m2"]):
        return said(row["play_area_m2"], language, 0, "m²")
    if pd.notna(row["play_area_known_m2"]) and row["play_area_known_m2"] > 0:
        return say("at_least_known", language, x=said(row["play_area_known_m2"], language, 0, "m²"))
    return say("unknown_", language)


def of_several(ground: Ground, communes: Sequence[str], language: str) -> Pairs:
    """Key figures of several communes: how many are in which state, and sums over what is known."""
    rows = ground.gaps(bands(ground)[-1])
    rows = rows[rows.index.isin(communes)]
    counts = rows["status"].value_counts()
    pairs = [
        (
            say(f"s_{name}", language),
            say(
                "fg_statuses_one" if counts[name] == 1 else "fg_statuses",
                language,
                n=number(int(counts[name]), language),
            ),
        )
        for name in style.STATUS
        if name in counts
    ]
    for key, column in (("fg_children", "children"), ("fg_uncovered", "children_uncovered")):
        blank = int(rows[column].isna().sum())
        total = said(rows[column].sum(min_count=1), language)
        mixed = blank and blank < len(rows)
        pairs.append((say(key, language), say("fg_not_known", language, sum=total, n=blank) if mixed else total))
    return pairs


def kind(name: Any, prefix: str, language: str) -> str:  # noqa: ANN401
    """A kind, access or layer of the data in words, else as it stands."""
    told = str(name) if isinstance(name, str) else ""
    return known(prefix + told, language) or told
