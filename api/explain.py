"""Explain: what a result says of one parcel, for the command line and as JSON."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sanchoi.gis.errors import SourceError, UnknownId
from sanchoi.gis.results import Result

NO_PARCELS = "a result with parcels: add [parcels] to study.toml and run it again"


def require_parcels(result: Result) -> pd.DataFrame:
    """The parcels of a result.

    Raises
    ------
    SourceError : the result has none.
    """
    if "parcels" not in result.tables:
        raise SourceError("the result has no parcels", NO_PARCELS, "see docs/study.md, [parcels]")
    return result.tables["parcels"]


def facts(result: Result, parcel_id: str) -> dict[str, Any]:
    """All that the tables say of a parcel; null = unknown.

    Raises
    ------
    SourceError : the result has no parcels. UnknownId : no parcel of that id.
    """
    parcels = require_parcels(result)
    mine = parcels[parcels["parcel_id"] == parcel_id]
    if mine.empty:
        near = difflib.get_close_matches(parcel_id, parcels["parcel_id"].tolist(), 1)
        raise UnknownId(
            f"parcel {parcel_id}",
            "the id of a parcel of the result",
            f'did you mean "{near[0]}"?' if near else "look into tables/parcels.parquet",
        )
    found: dict[str, Any] = {"run_id": result.run["run_id"], "parcel": records(mine.drop(columns="geometry"))[0]}
    for name in ("screening", "contributions", "acceptability", "effects", "sites", "why_not"):
        table = result.tables.get(name)
        found[name] = [] if table is None else records(table[table["parcel_id"] == parcel_id])
    return found


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON values, numbers exact; null = unknown."""
    columns = [_values(table[name]) for name in table.columns]
    return [dict(zip(table.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(column: pd.Series) -> list[Any]:
    known = column.notna().to_numpy(dtype=bool)
    if column.dtype.kind == "f":
        known = known & np.isfinite(column.to_numpy(dtype=float))
    return [value if there else None for value, there in zip(column.tolist(), known, strict=True)]


def show(found: Mapping[str, Any], result: Result, out: Console) -> None:
    """Print the verdict, the ledger, the score and why the parcel is not in the plan."""
    parcel = found["parcel"]
    out.print(Text(f"{parcel['parcel_id']}: {parcel['verdict']}", style="bold"), soft_wrap=True)
    if parcel["who_en"]:
        out.print(Text(f"  who decides: {parcel['who_en']} ({parcel['who_vi']})"), soft_wrap=True)
    if parcel["near_misses"]:
        out.print(Text(f"  near misses: {parcel['near_misses'].replace(';', ', ')}"), soft_wrap=True)
    said = [
        f"land use {parcel['land_use'] or '?'} (class {parcel['land_class'] or '?'})",
        f"{_number(parcel['usable_m2'])} of {_number(parcel['area_m2'])} m² usable",
        f"cost {_number(parcel['cost'])} VND",
    ]
    out.print(Text("  " + " · ".join(said)), soft_wrap=True)
    _print_ledger(found["screening"], result.tables["constraints"].set_index("constraint_id")["name_en"], out)
    if parcel["score"] is not None:
        _print_score(found, result.tables["criteria"].set_index("criterion_id")["name_en"], out)
        gained = _number(parcel["children_gained"])
        out.print(
            Text(f"children within reach: {_number(parcel['children_reached'])}; newly covered: {gained}"),
            soft_wrap=True,
        )
    for row in found["why_not"]:
        out.print(Text(f"plan: {row['reason_en']}"), soft_wrap=True)


def _print_ledger(rows: list[dict[str, Any]], names: pd.Series, out: Console) -> None:
    table = Table(title="ledger", title_justify="left")
    for heading in ("constraint", "result", "value", "limit", "unit", "source"):
        table.add_column(heading, justify="right" if heading in ("value", "limit") else "left", overflow="fold")
    words = {True: "passed", False: "FAILED", None: "not checked"}
    for row in rows:
        name = names.get(row["constraint_id"], row["constraint_id"].replace("_", " "))
        source = "; ".join(filter(None, (row["source"], row["article"]))) + ("" if row["verified"] else " [unverified]")
        verdict = words[row["passed"]] + (" (near miss)" if row["near_miss"] else "")
        value = "none" if row["passed"] and row["value"] is None and row["limit"] is not None else _number(row["value"])
        cells = [name, verdict, value, _number(row["limit"]), row["unit"], source]
        table.add_row(*(Text(str(cell)) for cell in cells))
    out.print(table)


def _print_score(found: Mapping[str, Any], names: pd.Series, out: Console) -> None:
    parcel = found["parcel"]
    table = Table(title=Text(_headline(parcel)), title_justify="left")
    for heading in ("criterion", "value", "utility", "weight", "contribution"):
        table.add_column(heading, justify="left" if heading == "criterion" else "right", overflow="fold")
    for row in sorted(found["contributions"], key=lambda each: (-each["contribution"], each["criterion_id"])):
        name = str(names.get(row["criterion_id"], row["criterion_id"]))
        figures = (_number(row["value"]), *(_share(row[key]) for key in ("utility", "weight", "contribution")))
        table.add_row(*(Text(each) for each in (name, *figures)))
    out.print(table)


def _headline(parcel: Mapping[str, Any]) -> str:
    score = f"score {_share(parcel['score'])}, rank {parcel['rank']}"
    if parcel["score_high"] > parcel["score"] + 1e-9:
        score += f" (up to {_share(parcel['score_high'])} if what is unknown were best)"
    if parcel["in_best"] is not None:
        score += f"; among the best in {parcel['in_best']:.0%} of the weights drawn"
    return score


def _number(value: float | None) -> str:
    if value is None:
        return "?"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def _share(value: float | None) -> str:
    return "?" if value is None else f"{value:.3f}"
