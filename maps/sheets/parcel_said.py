"""What a sheet says of a parcel: figures, corner table, ledger in words, what its score is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sanchoi.gis.sentences import number
from sanchoi.maps.sheets import flow, said
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.figures import Pairs, kind
from sanchoi.maps.sheets.figures import said as told
from sanchoi.maps.sheets.flow import Atom, Column
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.scales import law
from sanchoi.maps.sheets.words import say

OWN = ("land_use", "usable_area")
"""Rules of the ledger that are in no table of constraints."""


def figures(ground: Ground, row: Any, language: str) -> Pairs:  # noqa: ANN401 - a row of parcels
    """Key figures of a parcel."""
    parcels, sites = ground.result.tables["parcels"], ground.result.tables.get("sites")
    where = say("st_outside", language)
    if isinstance(row["commune_id"], str):
        commune = ground.commune(row["commune_id"])
        where = said.called(commune["name"], commune.get("kind"), language)
    ranked = int(parcels["rank"].notna().sum())
    score = say("no_score" if row["verdict"] == "excluded" else "unknown_", language)
    if pd.notna(row["score"]):
        parts = {"score": told(row["score"], language, 3), "rank": told(row["rank"], language)}
        score = say("st_ranked", language, n=number(ranked, language), **parts)
        if pd.notna(row["score_high"]) and row["score_high"] > row["score"] + 5e-4:
            score += "; " + say("st_high", language, high=told(row["score_high"], language, 3))
    code = str(row["land_use"]) if isinstance(row["land_use"], str) else say("unknown_", language)
    if use := ground.use(row["land_use"], language):
        code = f"{code} – {use}"
    letter = row["land_class"] if isinstance(row["land_class"], str) and row["land_class"] not in ("", "?") else None
    classed = say("st_class" if letter else "st_class_unknown", language, code=code, letter=letter)
    pairs = [
        (say("st_commune", language), where),
        (say("st_land", language), classed),
        (say("st_owner", language), str(row["owner"]) if isinstance(row["owner"], str) else say("not_given", language)),
        (say("st_area", language), told(row["area_m2"], language, 1, "m²")),
        (say("st_usable", language), told(row["usable_m2"], language, 1, "m²")),
        (say("st_verdict", language), verdict(row["verdict"], language)),
        (say("st_score", language), score),
        (say("st_gained", language), told(row["children_gained"], language)),
        (say("st_reached", language), told(row["children_reached"], language)),
        (say("st_cost", language), money(row["cost"], language)),
    ]
    if sites is not None and (mine := sites[sites["parcel_id"] == row["parcel_id"]]).shape[0]:
        pairs.append((say("st_order", language), told(mine["build_order"].iloc[0], language)))
    return pairs


def verdict(name: Any, language: str) -> str:  # noqa: ANN401 - a cell
    """A verdict in words."""
    return kind(name, "v_", language)


def money(value: Any, language: str) -> str:  # noqa: ANN401 - a cell
    """A cost in million VND."""
    if pd.isna(value):
        return say("unknown_", language)
    return say("million", language, m=number(float(value) / 1e6, language, 1))


def constraint(ground: Ground, rule: str, language: str) -> str:
    """A rule by name."""
    if rule in OWN:
        return say(rule, language)
    table = ground.result.tables.get("constraints")
    found = None if table is None else table[table["constraint_id"] == rule]
    return rule if found is None or not len(found) else str(found[f"name_{language}"].iloc[0])


def ledger(canvas: Canvas, wide: float, ground: Ground, parcel_id: str, language: str, size: float) -> list[Atom]:
    """What was checked, failures first, in words."""
    table = ground.result.tables.get("screening")
    if table is None:
        return []
    mine = table[table["parcel_id"] == parcel_id]
    passed = [None if pd.isna(each) else bool(each) for each in mine["passed"]]
    counts = {key: number(passed.count(value), language) for key, value in (("a", True), ("b", False), ("c", None))}
    rules = ground.result.tables.get("constraints")
    kinds = {} if rules is None else dict(zip(rules["constraint_id"], rules["rule"], strict=True))
    order = {False: 0, None: 1, True: 2}
    rows = [
        (order[state], _ledger_row(ground, row, state, str(kinds.get(row["constraint_id"], "")), language))
        for state, row in zip(passed, mine.to_dict("records"), strict=True)
    ]
    rows.sort(key=lambda each: each[0])
    columns = [
        Column(say("lt_name", language), 2.6),
        Column(say("lt_said", language), 1.0),
        Column(say("lt_value", language), 0.9, "right"),
        Column(say("lt_limit", language), 0.9, "right"),
        Column(say("lt_source", language), 2.6),
    ]
    return [
        *flow.heading(canvas, wide, say("ledger_head", language, **counts), size * 1.15),
        *flow.table(canvas, wide, columns, [cells for _, cells in rows], size),
    ]


def _ledger_row(ground: Ground, row: Mapping[Any, Any], state: bool | None, rule: str, language: str) -> list[str]:
    outcome = say({True: "passed", False: "failed", None: "not_checked"}[state], language)
    if state is False and row["kind"] == "hard" and rule == "min_distance":
        outcome += f"; {say('lt_cut', language)}"
    if row["kind"] == "soft":
        outcome += f" ({say('soft', language)})"
    value = measure(row["value"], row["unit"], language)
    if pd.isna(row["value"]):
        value = say("not_near", language) if state and rule == "min_distance" else "–"
    limit = "–" if pd.isna(row["limit"]) else measure(row["limit"], row["unit"], language)
    cited = ", ".join(law(str(row[part]), language) for part in ("source", "article") if row[part])
    if cited and not row["verified"] and row["source"] != "set by the planner":
        cited += f" ({say('unverified', language)})"
    return [constraint(ground, str(row["constraint_id"]), language), outcome, value, limit, cited]


def measure(value: Any, unit: Any, language: str) -> str:  # noqa: ANN401 - cells
    """A value with its unit; two decimals where they matter."""
    if pd.isna(value):
        return say("unknown_", language)
    size = abs(float(value))
    if unit == "share":
        return f"{number(100 * float(value), language, 1)} %"
    text = number(float(value), language, 2 if size < 10 and size % 1 else 1 if size < 100 and size % 1 else 0)
    bare = not isinstance(unit, str) or unit in ("", "1", "0–1", "4πA/P²")
    return text if bare else f"{text} {kind(unit, 'unit_', language)}"


def score(canvas: Canvas, wide: float, ground: Ground, parcel_id: str, language: str, size: float) -> list[Atom]:
    """What the score is made of, the largest part first."""
    parts, criteria = ground.result.tables.get("contributions"), ground.result.tables.get("criteria")
    if parts is None or criteria is None:
        return []
    mine = parts[(parts["parcel_id"] == parcel_id) & (parts["weight"] > 0)]
    mine = mine.sort_values(["contribution", "criterion_id"], ascending=[False, True], na_position="last")
    about = criteria.set_index("criterion_id")
    rows = [
        [
            str(about[f"name_{language}"].get(row["criterion_id"], row["criterion_id"])),
            measure(row["value"], about["unit"].get(row["criterion_id"]), language),
            told(row["contribution"], language, 3),
            told(row["weight"], language, 3),
        ]
        for row in mine.to_dict("records")
    ]
    if not rows:
        return []
    columns = [
        Column(say("sc_name", language), 3.2),
        Column(say("sc_value", language), 1.3, "right"),
        Column(say("sc_part", language), 0.8, "right"),
        Column(say("sc_most", language), 0.8, "right"),
    ]
    return [
        *flow.heading(canvas, wide, say("score_head", language), size * 1.15),
        *flow.table(canvas, wide, columns, rows, size),
    ]
