"""Constraints: rules that a parcel passes or fails, each a row with limit, source and date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sanchoi.gis.errors import ContractError

RULES = ("min_distance", "max_value")
KINDS = ("hard", "soft")


@dataclass(frozen=True)
class Constraint:
    """One rule.

    Attributes
    ----------
    layer : the study's layer it speaks of. column, value : only its features with that value ("" = all).
    rule : "min_distance" (metres from the layer) or "max_value". kind : "hard" takes ground away, "soft" makes conditional.
    """

    constraint_id: str
    layer: str
    column: str
    value: str
    rule: str
    limit: float
    unit: str
    kind: str
    name_vi: str
    name_en: str
    source: str
    article: str
    verified: bool


def load(rows: pd.DataFrame, on: date) -> list[Constraint]:
    """Check and type the rows of `data/constraints.csv` that hold on a day.

    Raises
    ------
    ContractError : an unknown rule or kind, no positive limit, no source, or an id that stands twice.
    """
    found = []
    for row in rows.to_dict("records"):
        try:
            limit = float(row["limit"])
        except ValueError:
            limit = float("nan")
        sound = row["rule"] in RULES and row["kind"] in KINDS and row["source"] and row["verified"] in ("true", "false")
        if not (sound and limit > 0):
            raise ContractError(
                f"constraint {row['constraint_id']}: rule {row['rule']!r}, kind {row['kind']!r}, limit {row['limit']!r}",
                f"rule among {', '.join(RULES)}, kind hard or soft, a positive limit, a source, verified = true|false",
                "mend the row",
            )
        start, end = (date.fromisoformat(row[key]) if row[key] else None for key in ("valid_from", "valid_to"))
        if (start is not None and on < start) or (end is not None and on > end):
            continue
        column, _, value = (part.strip() for part in row["where"].partition("="))
        found.append(
            Constraint(
                row["constraint_id"],
                row["layer"],
                column,
                value,
                row["rule"],
                limit,
                row["unit"],
                row["kind"],
                row["name_vi"],
                row["name_en"],
                row["source"],
                row["article"],
                row["verified"] == "true",
            )
        )
    ids = [each.constraint_id for each in found]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if twice:
        raise ContractError(f"constraint {twice[0]} stands twice", "one row an id", "rename one")
    return found
