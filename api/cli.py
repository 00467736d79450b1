"""The command line: `sanchoi check`, `run`, `demo`, `explain`, `plan`, `norms`, `serve`.

Results go to standard output, progress and errors to standard error. Exit codes: 0 done · 1 a fault of ours · 2 wrong usage ·
3 and up the user's, one for each class of `gis.errors.EXIT_CODES` · 130 stopped by a signal.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text
from sanchoi.api import (
    cli_audit,
    cli_compare,
    cli_convert,
    cli_export,
    cli_import,
    cli_keep,
    cli_offline,
    cli_serve,
    cli_user,
    make,
)
from sanchoi.api import explain as explaining
from sanchoi.api.half import ended_as_stopped
from sanchoi.api.show import as_record, err, norm, out, print_error, print_json, print_plan, print_report, print_summary
from sanchoi.api.stages import words
from sanchoi.data import demo as demo_study
from sanchoi.gis import check as checking
from sanchoi.gis import job, norms, results, site_plan
from sanchoi.gis.errors import SanchoiError, SourceError, StudyError, exit_code
from sanchoi.gis.siting import OBJECTIVES
from sanchoi.gis.sources import rows

FAULT, STOPPED = 1, 130
STOPPED_SAID = "stopped; no whole result was written"

app = typer.Typer(
    help="Find the communes whose children lack a play area, and say why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_audit.app, name="audit")
app.add_typer(cli_import.app, name="import")
for _command in cli_keep.COMMANDS:
    app.command()(_command)
app.add_typer(cli_user.app, name="user")
app.command()(cli_serve.serve)
app.command()(cli_offline.offline)
app.command()(cli_compare.compare)
app.command()(cli_convert.convert)
app.command()(cli_export.export)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
ResultFolder = Annotated[Path, typer.Argument(metavar="RESULT", help="Folder that sanchoi run wrote.")]
StudyFolder = Annotated[Path, typer.Argument(metavar="STUDY", help="Folder that holds study.toml.")]


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
        print_json(
            {
                "study": report.name,
                "files": [dict(each) for each in report.files],
                "facts": report.facts,
                "warnings": [vars(note) for note in report.notes],
                "errors": [as_record(fault) for fault in report.faults],
            }
        )
    elif not quiet:
        print_report(report)
    if report.faults:
        if quiet and not as_json:
            print_error(report.faults[0])
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
        print_json(json.loads(table.to_json(orient="records", date_format="iso", force_ascii=False)))
        return
    for row in table.to_dict("records"):
        out.print(Text(" · ".join(norm(row)), style="bold"), soft_wrap=True)
        out.print(Text(f"    {row['source']}; {row['article']}"), soft_wrap=True)


@app.command()
def explain(
    folder: ResultFolder,
    parcel: Annotated[str, typer.Argument(metavar="PARCEL", help="Id of a parcel.")],
    exact: Annotated[
        bool, typer.Option("--exact", help="Solve again with the parcel forced in: what the plan loses just so.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say of one parcel what stands for and against it: its ledger, its score, and why it is not in the plan."""
    result = results.read(folder)
    found = explaining.facts(result, parcel)
    if exact:
        found["why_not"] = [site_plan.forced(result.tables, result.run, parcel)]
    if as_json:
        print_json(found)
    else:
        explaining.show(found, result, out)


@app.command()
def plan(
    folder: ResultFolder,
    budget: Annotated[float | None, typer.Option(min=0, help="What all sites may cost together, VND.")] = None,
    count: Annotated[int | None, typer.Option(min=1, help="How many sites.")] = None,
    objective: Annotated[str | None, typer.Option(help="One of " + ", ".join(OBJECTIVES) + ".")] = None,
    min_spacing_m: Annotated[float | None, typer.Option(min=0, help="Least distance between sites, metres.")] = None,
    min_per_commune: Annotated[int | None, typer.Option(min=0, help="Sites that each commune gets at least.")] = None,
    fixed: Annotated[list[str] | None, typer.Option(help="A parcel that must be in the plan; may be repeated.")] = None,
    forbidden: Annotated[
        list[str] | None, typer.Option(help="A parcel that must not be in it; may be repeated.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(min=0.1, help="Time limit of the solver.")] = None,
    to: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write a result folder with this plan.")
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Choose sites anew from a result, without walking the network again. What is not given stays as the study set it."""
    result = results.read(folder)
    explaining.require_parcels(result)
    if budget is not None and count is not None:
        raise StudyError("--budget and --count", "how much money, or how many sites", "give one of the two")
    own = {
        "budget": budget,
        "count": count,
        "objective": objective,
        "min_spacing_m": min_spacing_m,
        "min_per_commune": min_per_commune,
        "fixed": None if fixed is None else tuple(fixed),
        "forbidden": None if forbidden is None else tuple(forbidden),
        "seconds": seconds,
    }
    if to is not None:
        results.probe(to)
    planned = make.plan(result, own)
    if to is not None:
        make.write(planned, to, lambda stage, share: None)
    if as_json:
        print_json({"siting": planned.run["siting"], "sites": explaining.records(planned.tables["sites"])})
    elif not quiet:
        print_plan(planned, to)


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
                tasks[stage] = bar.add_task(words(stage, "en"), total=1.0)
            bar.update(tasks[stage], completed=share)

        result = job.run(study, tell)
        make.write(result, folder, tell)
    if as_json:
        print_json({"out": str(folder), **{k: result.run[k] for k in ("run_id", "headline", "warnings", "timings")}})
    elif not quiet:
        print_summary(result, folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; an error of the user's never shows a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    call: Callable[..., Any] = typer.main.get_command(app)
    try:
        with ended_as_stopped():
            code = call(args=given, prog_name="sanchoi", standalone_mode=False)
        if code == STOPPED:  # as the framework tells of Ctrl-C
            err.print(Text(STOPPED_SAID))
        return code if isinstance(code, int) else 0
    except SanchoiError as error:
        if "--json" in given:
            print_json(as_record(error))
        else:
            print_error(error)
        return exit_code(error)
    except typer.Exit as stop:
        return stop.exit_code
    except (typer.Abort, KeyboardInterrupt):
        err.print(Text(STOPPED_SAID))
        return STOPPED
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
