"""Constraints: rules that a parcel passes or fails, each a row with limit, source and date.

A row speaks of all features of its layer, or by `where` of some:

    kind = hung_tang       the column holds that value (capitals and spaces do not matter)
    class = I | motorway   one of several values
    length = 20..60        a number from 20 up to, not including, 60; `300..` has no upper end. At a shared end the row of the
                           larger numbers holds

A feature of a kind that no row names (no such column, no value, another value) may be of any kind. It takes no ground, for nobody
knows how much; but a parcel within a row's limit of it has not been checked for that row, and one farther away has. So a layer
of cemeteries that says nothing of the kind of burial leaves open just the parcels for which the kind matters.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis.errors import ContractError

Mask = npt.NDArray[np.bool_]

RULES = ("min_distance", "max_value", "outside")
KINDS = ("hard", "soft")
RESERVED = ("land_use", "usable_area")
"""Rows of the ledger that are no rows of the constraints table."""


@dataclass(frozen=True)
class Constraint:
    """One rule.

    Attributes
    ----------
    layer : the study's layer it speaks of. column, value : only its features with that value, see above ("" = all).
    rule : "min_distance" (metres from the layer), "max_value" (of the layer's number for the parcel) or "outside" (no ground
        within the layer's polygons; limit 0).
    kind : "hard" takes ground away (or excludes, for a value), "soft" makes conditional.
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
    note: str = ""


def load(rows: pd.DataFrame, on: date) -> list[Constraint]:
    """Check and type the rows of `data/constraints.csv` that hold on a day.

    Raises
    ------
    ContractError : an unknown rule or kind, a limit that is not positive (or, for `outside`, not 0), no source, a `where` or a
        date that cannot be read, or an id that stands twice or is one of `RESERVED`.
    """
    found = []
    for row in rows.to_dict("records"):
        limit = _number(row["limit"])
        limited = limit == 0 if row["rule"] == "outside" else 0 < limit < math.inf
        sound = row["rule"] in RULES and row["kind"] in KINDS and row["source"] and row["verified"] in ("true", "false")
        if not (sound and limited):
            raise ContractError(
                f"constraint {row['constraint_id']}: rule {row['rule']!r}, kind {row['kind']!r}, limit {row['limit']!r}",
                f"rule among {', '.join(RULES)}, kind hard or soft, a positive limit (outside: 0), a source, verified = true|false",
                "mend the row",
            )
        column, sign, value = (part.strip() for part in row["where"].partition("="))
        if row["where"].strip() and not (column and sign and value and _sound_value(value)):
            raise ContractError(
                f"constraint {row['constraint_id']}: where {row['where']!r}",
                "column = value, column = value | value, or column = low..high",
                "mend the row",
            )
        try:
            start, end = (date.fromisoformat(row[key]) if row[key] else None for key in ("valid_from", "valid_to"))
        except ValueError as error:
            raise ContractError(
                f"constraint {row['constraint_id']}: {error}", "dates as 2026-01-31, or none", "mend the row"
            ) from error
        if (start is not None and on < start) or (end is not None and on > end):
            continue
        texts = (row[key] for key in ("rule", "unit", "kind", "name_vi", "name_en", "source", "article"))
        rule, unit, kind, name_vi, name_en, source, article = texts
        proven = row["verified"] == "true"
        found.append(
            Constraint(
                row["constraint_id"],
                row["layer"],
                column,
                value,
                rule,
                limit,
                unit,
                kind,
                name_vi,
                name_en,
                source,
                article,
                proven,
                row["note"],
            )
        )
    ids = [each.constraint_id for each in found]
    twice = sorted({each for each in ids if ids.count(each) > 1 or each in RESERVED})
    if twice:
        raise ContractError(f"constraint {twice[0]} stands twice", "one row an id", "rename one")
    return found


def told_apart(rule: Constraint, rules: Sequence[Constraint], layer: pd.DataFrame) -> tuple[Mask, Mask]:
    """Which features of its layer a rule speaks of, and which it may speak of, because no rule names their kind."""
    nothing = np.zeros(len(layer), dtype=bool)
    if not rule.column:
        return ~nothing, nothing
    if rule.column not in layer:
        return nothing, ~nothing
    values = layer[rule.column]
    named = nothing
    for value in {each.value for each in (rule, *rules) if (each.layer, each.column) == (rule.layer, rule.column)}:
        named = named | _holds(value, values)
    return _holds(rule.value, values), ~named


def frame(rules: Sequence[Constraint], checked: Collection[str]) -> pd.DataFrame:
    """Rows of the result's table `constraints`; `checked`: ids of the rules whose layer was given."""
    columns = ("constraint_id", "layer", "name_vi", "name_en", "rule", "limit", "unit", "kind", "source", "article")
    table = pd.DataFrame({name: [getattr(rule, name) for rule in rules] for name in columns})
    table["verified"] = np.array([rule.verified for rule in rules], dtype=bool)
    table["note"] = [rule.note for rule in rules]
    table["checked"] = np.array([rule.constraint_id in checked for rule in rules], dtype=bool)
    return table


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _range(value: str) -> tuple[float, float] | None:
    """Ends of "20..60"; None = the value is no range."""
    low, dots, high = (part.strip() for part in value.partition(".."))
    return (_number(low), _number(high) if high else math.inf) if dots else None


def _sound_value(value: str) -> bool:
    ends = _range(value)
    return all(part.strip() for part in value.split("|")) if ends is None else ends[0] < ends[1]


def _holds(value: str, column: pd.Series) -> Mask:
    ends = _range(value)
    if ends is not None:
        numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        return np.asarray((numbers >= ends[0]) & (numbers < ends[1]))
    texts = column.astype("object").astype(str).str.strip().str.removesuffix(".0").str.casefold()
    return np.asarray(texts.isin([part.strip().casefold() for part in value.split("|")]).to_numpy(dtype=bool))
