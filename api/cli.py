"""The command line: `sanchoi check`, `run`, `demo`, `norms`.

Results go to standard output, progress and errors to standard error. Exit codes: 0 done · 1 a fault of ours · 2 wrong usage ·
3 and up the user's, one for each class of `gis.errors.EXIT_CODES`.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from sanchoi.data import demo as demo_study
from sanchoi.gis import check as checking
from sanchoi.gis import job, norms, results
from sanchoi.gis.errors import SanchoiError, SourceError, exit_code
from sanchoi.gis.results import Result
from sanchoi.gis.sources import rows
from sanchoi.maps import gap

STAGES = {
    "read": "reading the layers",
    "demand": "placing the children on cells",
    "reach": "walking the network",
    "service": "coverage and crowding",
    "reasons": "reasons",
    "gaps": "gaps",
    "parcels": "screening parcels",
    "write": "writing the tables",
    "map": "drawing the map",
}
FAULT = 1

app = typer.Typer(
    help="Find the communes whose children lack a play area, and say why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
StudyFolder = Annotated[Path, typer.Argument(metavar="STUDY", help="Folder that holds study.toml.")]
out, err = Console(highlight=False), Console(stderr=True, highlight=False)


def _version(asked: bool) -> None:
    if asked:
        out.print(Text(f"sanchoi {importlib.metadata.version('sanchoi')}"))
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find the communes whose children lack a play area, and say why."""


@app.command()
def check(study: StudyFolder, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Say what each layer of a study is, what is wrong with it and what to do. Writes nothing."""
    report = checking.check(study)
    if as_json:
        _print_json(
            {
                "study": report.name,
                "files": [dict(each) for each in report.files],
                "facts": report.facts,
                "warnings": [vars(note) for note in report.notes],
                "errors": [_error(fault) for fault in report.faults],
            }
        )
    elif not quiet:
        _print_report(report)
    if report.faults:
        if quiet and not as_json:
            _print_error(report.faults[0])
        raise typer.Exit(exit_code(report.faults[0]))


@app.command()
def run(
    study: StudyFolder,
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Result folder; out/NAME of the study unless given.")
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Measure a study and write the result folder: tables, run.json and the offline gap map."""
    _run(study, folder or Path("out") / study.resolve().name, as_json, quiet)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="Result folder.")] = Path("out/demo"),
    seed: Annotated[int, typer.Option(min=0, help="Another seed makes another district.")] = demo_study.SEED,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Make the synthetic demo study in DIR/study, and run it. Nothing in it is real."""
    own = folder / "study" / "study.toml"
    if own.is_file() and "synthetic = true" not in own.read_text(encoding="utf-8", errors="replace"):
        raise SourceError(
            f"{own} is a study of your own", "room for the demo study", "choose another folder with --out"
        )
    try:
        demo_study.write(folder / "study", seed)
    except OSError as error:
        raise results.unwritable(folder, error) from error
    _run(folder / "study", folder, as_json, quiet)


@app.command("norms")
def list_norms(
    profile: Annotated[str | None, typer.Argument(help="Only the rows of this profile.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the norms that a study can be judged by, with source, dates and whether the figure was verified."""
    table = norms.load(rows.packaged("norms.csv"))
    if profile is not None:
        family = table["profile"].str.startswith(profile + "-")  # "qcvn-01" stands for all its editions
        if not family.any():
            norms.require(table, profile)
        table = table[(table["profile"] == profile) | family]
    if as_json:
        _print_json(json.loads(table.to_json(orient="records", date_format="iso", force_ascii=False)))
        return
    for row in table.to_dict("records"):
        out.print(Text(" · ".join(_norm(row)), style="bold"), soft_wrap=True)
        out.print(Text(f"    {row['source']}; {row['article']}"), soft_wrap=True)


def _norm(row: Mapping[Any, Any]) -> list[str]:
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


def _run(study: Path, folder: Path, as_json: bool, quiet: bool) -> None:
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=err,
        disable=quiet or as_json,
    ) as bar:
        tasks: dict[str, Any] = {}
        results.probe(folder)

        def tell(stage: str, share: float) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(STAGES.get(stage, stage), total=1.0)
            bar.update(tasks[stage], completed=share)

        result = job.run(study, tell)
        for stage, step in (("write", results.write), ("map", gap.write)):
            tell(stage, 0.0)
            step(result, folder)
            tell(stage, 1.0)
    if as_json:
        _print_json({"out": str(folder), **{k: result.run[k] for k in ("run_id", "headline", "warnings", "timings")}})
    elif not quiet:
        _print_summary(result, folder)


def _print_summary(result: Result, folder: Path) -> None:
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
    for note in result.run["warnings"]:
        out.print(Text(f"warning {note['code']}: {note['message']}", style="yellow"), soft_wrap=True)
    out.print(Text(f"open {folder / 'index.html'} in a browser; it needs no network"), soft_wrap=True)


def _print_report(report: checking.Report) -> None:
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
        _print_error(fault)
    if not report.faults:
        told = f"ready to run, with {len(report.notes)} warnings" if report.notes else "ready to run"
        out.print(Text(told, style="green"))


def _print_error(error: SanchoiError) -> None:
    err.print(Text(f"error: {error.came}", style="bold red"), soft_wrap=True)
    for heading, text in (("expected", error.expected), ("what to do", error.todo)):
        if text:
            err.print(Text(f"  {heading}: {text}"), soft_wrap=True)


def _error(error: SanchoiError) -> dict[str, object]:
    return {
        "error": type(error).__name__,
        "came": error.came,
        "expected": error.expected,
        "todo": error.todo,
        "exit_code": exit_code(error),
    }


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; an error of the user's never shows a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    call: Callable[..., Any] = typer.main.get_command(app)
    try:
        code = call(args=given, prog_name="sanchoi", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except SanchoiError as error:
        if "--json" in given:
            _print_json(_error(error))
        else:
            _print_error(error)
        return exit_code(error)
    except typer.Exit as stop:
        return stop.exit_code
    except (typer.Abort, KeyboardInterrupt):
        err.print(Text("stopped; no whole result was written"))
        return 130
    except Exception as error:  # noqa: BLE001 - the last line of defence
        return _unforeseen(error)


def _unforeseen(error: Exception) -> int:
    """Show wrong usage as the framework words it, and anything else as a fault of ours."""
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if callable(show) and isinstance(code, int):
        show()
        return code
    if os.environ.get("SANCHOI_DEBUG"):
        raise error
    err.print(Text(f"a fault in sanchoi: {type(error).__name__}: {error}", style="bold red"), soft_wrap=True)
    err.print(Text("  please report it; SANCHOI_DEBUG=1 shows where it happened"))
    return FAULT
