"""`sanchoi export`: what of a result goes into a plan dossier."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from rich.text import Text
from sanchoi.api import exporting
from sanchoi.api.exporting import AS, FORMATS, Wish
from sanchoi.api.exporting.refusals import refusal
from sanchoi.api.show import err, print_json
from sanchoi.api.show import out as screen
from sanchoi.gis.errors import StudyError
from sanchoi.maps.sheets.options import Options

FIT = "fit"
"""Said for the scale at which everything is on one sheet."""


def export(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="Folder that sanchoi run wrote.")],
    out: Annotated[Path, typer.Option("--out", metavar="PLACE", help="New or empty folder, or a new file NAME.zip.")],
    commune: Annotated[list[str] | None, typer.Option(metavar="ID", help="A commune; may be given again.")] = None,
    site: Annotated[list[str] | None, typer.Option(metavar="ID", help="A parcel; may be given again.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every commune, and every site of the plan.")] = False,
    formats: Annotated[
        list[str] | None, typer.Option("--format", metavar="NAME", help="One of " + ", ".join(FORMATS) + "; again.")
    ] = None,
    as_: Annotated[str, typer.Option("--as", help="Sheets as one of " + ", ".join(AS) + ".")] = "pdf",
    paper: Annotated[str, typer.Option(help="A4 to A0.")] = "A3",
    portrait: Annotated[bool, typer.Option("--portrait", help="Upright.")] = False,
    scale: Annotated[
        str | None,
        typer.Option(help="10000 for 1:10,000; fit = one of 1:500 to 1:1,000,000, all on one sheet; else by area."),
    ] = None,
    dpi: Annotated[float, typer.Option(help="Of PNG: 150, 300 …")] = 150,
    language: Annotated[str, typer.Option("--lang", help="vi or en.")] = "vi",
    style: Annotated[str, typer.Option(help="plain or print-grey.")] = "plain",
    sign: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="Label of a signature; up to four.")] = None,
    crs: Annotated[str | None, typer.Option(metavar="EPSG:N", help="CRS of data files; else the study's.")] = None,
    bom: Annotated[bool, typer.Option("--bom/--no-bom", help="Text begins with a byte-order mark.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Write map sheets, tables and data of a result for a plan dossier, with a manifest of hashes, sources and licences."""
    if every and (commune or site):
        raise refusal("all_with", StudyError)
    usual = [*(["sheet-gap"] if commune or every else []), *(["sheet-site"] if site or every else [])]
    options = Options(
        paper, not portrait, _scale(scale), language, sign, style, fit=scale == FIT, dpi=dpi if as_ == "png" else 150
    )
    wish = Wish(commune or [], site or [], every, formats or usual, as_, options, crs, bom)
    with Progress(console=err, transient=True, disable=quiet or as_json) as bar:
        task = bar.add_task("export")
        made = exporting.write(result, wish, out, lambda done, of: bar.update(task, completed=done, total=of))
    if as_json:
        print_json(made)
        return
    for name, each in made["files"].items():
        for words in each.get("notes", ()):
            err.print(Text(f"{name}: {words}"))
    if not quiet:
        screen.print(Text(f"{len(made['files'])} files in {out}"))


def _scale(told: str | None) -> float | None:
    if told is None or told == FIT:
        return None
    bare = told.removeprefix("1:").strip()
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", bare):  # 10.000 and 10,000 are ten thousand
        bare = re.sub("[.,]", "", bare)
    try:
        return float(bare)
    except ValueError as error:
        raise refusal("scale_told", StudyError, came=told) from error
