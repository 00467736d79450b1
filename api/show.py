"""What the command line prints: results to standard output, errors to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sanchoi.gis import check as checking
from sanchoi.gis.errors import SanchoiError, exit_code
from sanchoi.gis.results import Result

out, err = Console(highlight=False), Console(stderr=True, highlight=False)


def norm(row: Mapping[Any, Any]) -> list[str]:
    """What one norm row asks for, in words."""
    asked = [
        text.format(f"{row[key]:,g}")
        for key, text in (
            ("walk_m", "walk ≤ {} m"),
            ("min_site_m2", "site ≥ {} m²"),
            ("m2_per_child", "≥ {} m² a child"),
            ("m2_per_person", "≥ {} m² a person"),
        )
        if row[key] == row[key]
    ]
    span = f"in force {row['valid_from'] or '…'} – {row['valid_to'] or '…'}"
    verified = "verified" if row["verified"] else "NOT VERIFIED"
    return [row["profile"], row["tier"], f"ages {row['ages']}", *asked, span, verified]


def print_summary(result: Result, folder: Path) -> None:
    """Print what a run found, in a few lines."""
    found: Mapping[str, Any] = result.run["headline"]
    out.print(Text(str(result.run["study"]["name"]), style="bold"))
    for status, count in found["communes_by_status"].items():
        if count:
            out.print(Text(f"  {count:>4} {'commune' if count == 1 else 'communes'} {status}"))
    if found["children_uncovered"] is not None:
        out.print(
            Text(
                f"  {found['children_uncovered']:,.0f} of {found['children_in_known']:,.0f} children in "
                f"{found['communes_known']} known communes cannot walk to a play area"
            )
        )
    if "parcels" in result.tables:
        verdicts = result.tables["parcels"]["verdict"].value_counts()
        out.print(Text(f"  parcels: {', '.join(f'{count:,} {name}' for name, count in verdicts.items())}"))
    if "sites" in result.tables:
        out.print(Text(f"  {len(result.tables['sites'])} sites: {told_proof(result.run['siting'])}"), soft_wrap=True)
    for note in result.run["warnings"]:
        out.print(Text(f"warning {note['code']}: {note['message']}", style="yellow"), soft_wrap=True)
    out.print(Text(f"open {folder / 'index.html'} in a browser; it needs no network"), soft_wrap=True)


def print_report(report: checking.Report) -> None:
    """Print what `sanchoi check` found."""
    shown = Table(title=Text(report.name), title_justify="left")
    for heading in ("layer", "file", "rows", "CRS", "MB"):
        shown.add_column(heading, justify="right" if heading in ("rows", "MB") else "left", overflow="fold")
    for row in report.files:
        size = f"{int(str(row['bytes'])) / 1e6:.2f}"
        cells = [row["layer"], row["path"], f"{row['rows']:,}", row["crs"] or "–", size]
        shown.add_row(*(Text(str(cell)) for cell in cells))
    if report.files:
        out.print(shown)
    for fact in report.facts:
        out.print(Text(f"· {fact}"), soft_wrap=True)
    for note in report.notes:
        out.print(Text(f"warning {note.code}: {note.message}", style="yellow"), soft_wrap=True)
    for fault in report.faults:
        print_error(fault)
    if not report.faults:
        told = f"ready to run, with {len(report.notes)} warnings" if report.notes else "ready to run"
        out.print(Text(told, style="green"))


def print_error(error: SanchoiError) -> None:
    """Print an error: what came, what was expected, what to do."""
    err.print(Text(f"error: {error.came}", style="bold red"), soft_wrap=True)
    for heading, text in (("expected", error.expected), ("what to do", error.todo)):
        if text:
            err.print(Text(f"  {heading}: {text}"), soft_wrap=True)
    if error.vi:
        err.print(Text(f"  tiếng Việt: {error.vi}"), soft_wrap=True)


def as_record(error: SanchoiError) -> dict[str, object]:
    """An error as a JSON value."""
    return {
        "error": type(error).__name__,
        "came": error.came,
        "expected": error.expected,
        "todo": error.todo,
        "exit_code": exit_code(error),
        **({"vi": error.vi} if error.vi else {}),
    }


def print_json(value: object) -> None:
    """Print one JSON value."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def print_plan(result: Result, folder: Path | None) -> None:
    """Print the plan of a result: its sites in build order, and its proof."""
    proof, sites = result.run["siting"], result.tables["sites"]
    table = Table(title=Text(f"{len(sites)} sites, objective {proof['objective']}"), title_justify="left")
    for heading in ("order", "parcel", "verdict", "newly covered", "in all", "cost VND"):
        table.add_column(heading, justify="left" if heading in ("parcel", "verdict") else "right", overflow="fold")
    for row in sites.to_dict("records"):
        cost = f"{row['cost']:,.0f}" if row["cost"] == row["cost"] else "?"
        figures = (f"{row['children_gained']:,.0f}", f"{row['children_total']:,.0f}", cost)
        table.add_row(*(Text(str(each)) for each in (row["build_order"], row["parcel_id"], row["verdict"], *figures)))
    out.print(table)
    out.print(Text(told_proof(proof)), soft_wrap=True)
    for note in result.run["warnings"]:
        if note["layer"] in ("siting", "parcels"):
            out.print(Text(f"warning {note['code']}: {note['message']}", style="yellow"), soft_wrap=True)
    if folder is not None:
        out.print(Text(f"open {folder / 'maps' / 'sites.html'} in a browser; it needs no network"), soft_wrap=True)


def told_proof(proof: Mapping[str, Any]) -> str:
    """What the solver proved, in one sentence."""
    share = proof["unit"] == "share"
    value, bound = (f"{proof[k]:.2%}" if share else f"{proof[k]:,.6g} {proof['unit']}" for k in ("incumbent", "bound"))
    if proof["unreachable"]:
        value += f" ({proof['unreachable']:,.0f} children whom no parcel reaches are left out)"
    if proof["communes_left_out"]:
        value += f" ({len(proof['communes_left_out'])} communes that no parcel can raise are left out)"
    if proof["proven"]:
        return (
            f"{value}: proven, no plan that keeps the rules does better ({proof['solver']}, {proof['seconds']:.1f} s)"
        )
    return (
        f"{value}: not proven; no plan does better than {bound} ({proof['mip_gap']:.2%} away; "
        f"{proof['solver']} stopped after {proof['seconds']:.1f} s)"
    )
