"""`sanchoi offline`: the form for an official without a network, as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sanchoi.api.show import out
from sanchoi.gis.errors import SourceError


def offline(
    folder: Annotated[Path, typer.Argument(metavar="RESULT", help="Folder that sanchoi run wrote.")],
    commune: Annotated[list[str], typer.Option(help="Id of a commune to draw in; may be repeated.")],
    to: Annotated[Path, typer.Option("--out", metavar="FILE", help="The HTML file.")],
    language: Annotated[str, typer.Option(help="vi or en; the form has a switch for both.")] = "vi",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Write the offline form of a commune: it opens from a USB stick, and what it saves is imported by the service."""
    from sanchoi.api.library import Library
    from sanchoi.api.models import Models
    from sanchoi.api.offline import form
    from sanchoi.api.problems import Problem
    from sanchoi.api.settings import Settings

    if language not in ("vi", "en"):
        raise SourceError(f"--language {language}", "vi or en", "choose one of the two")
    entry = Library(Settings((folder,), folder)).first()
    try:
        body = form.make(entry, form.model_of(entry, Models()), commune, language)
    except Problem as problem:
        raise SourceError(problem.told("en", "")["detail"], "", "") from problem
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(body)
    except OSError as error:
        raise SourceError(
            f"{to} cannot be written ({error.strerror})", "a file that can", "name another with --out"
        ) from error
    if not quiet:
        out.print(f"{to}: {len(body):,} bytes", markup=False, highlight=False, soft_wrap=True)
