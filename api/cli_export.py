"""`sanchoi export`: map sheets of a result for a plan dossier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from rich.text import Text
from sanchoi.api import exporting
from sanchoi.api.exporting import AS, SHEETS, Wish
from sanchoi.api.show import err, print_json
from sanchoi.api.show import out as screen
from sanchoi.gis.errors import StudyError
from sanchoi.maps.sheets.making import Options


def export(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="Folder that sanchoi run wrote.")],
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the sheets, new or empty.")],
    commune: Annotated[list[str] | None, typer.Option(metavar="ID", help="A commune; may be given again.")] = None,
    site: Annotated[list[str] | None, typer.Option(metavar="ID", help="A parcel; may be given again.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every commune, and every site of the plan.")] = False,
    formats: Annotated[
        list[str] | None, typer.Option("--format", metavar="NAME", help="One of " + ", ".join(SHEETS) + "; again.")
    ] = None,
    as_: Annotated[str, typer.Option("--as", help="One of " + ", ".join(AS) + ".")] = "pdf",
    paper: Annotated[str, typer.Option(help="A4 to A0.")] = "A3",
    portrait: Annotated[bool, typer.Option("--portrait", help="Upright.")] = False,
    scale: Annotated[float | None, typer.Option(help="10000 for 1:10,000; else by the commune's area.")] = None,
    language: Annotated[str, typer.Option("--lang", help="vi or en.")] = "vi",
    style: Annotated[str, typer.Option(help="plain or print-grey.")] = "plain",
    sign: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="Label of a signature; up to four.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Draw map sheets to scale: gap, reach, site plan, fact sheet of a commune. Writes a manifest beside them."""
    if every and (commune or site):
        raise StudyError("--all with --commune or --site", "one of them", "leave the other out")
    communes, sites = exporting.everything(result) if every else (commune or [], site or [])
    wanted = formats or [*(["sheet-gap"] if communes else []), *(["sheet-site"] if sites else [])]
    options = Options(paper, not portrait, scale, language, sign, style)
    wish = Wish(communes, sites, wanted, as_, options)
    with Progress(console=err, transient=True, disable=quiet or as_json) as bar:
        task = bar.add_task("sheets")
        made = exporting.write(result, wish, folder, lambda done, of: bar.update(task, completed=done, total=of))
    if as_json:
        print_json(made)
    elif not quiet:
        screen.print(Text(f"{len(made['files'])} files in {folder}"))
