"""`sanchoi compare`: two results of one place, of other communes or another year, told apart by what made the difference."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text
from sanchoi.api.languages import LANGUAGES
from sanchoi.api.show import out, print_json
from sanchoi.gis import results
from sanchoi.gis.errors import SourceError

if TYPE_CHECKING:
    from sanchoi.gis.compare import Comparison

SHOWN = 12
"""So many communes that changed are printed; the tables have all."""


def compare(
    first: Annotated[Path, typer.Argument(metavar="RESULT_A", help="Folder of the earlier result.")],
    second: Annotated[Path, typer.Argument(metavar="RESULT_B", help="Folder of the later result.")],
    to: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the page, the tables and compare.json here.")
    ] = None,
    language: Annotated[str, typer.Option("--lang", help="vi or en; the page has both.")] = "vi",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Say what changed between two results: in the data, on the ground, and by the boundaries of communes alone."""
    from sanchoi.api import compare_folder
    from sanchoi.gis import compare as comparing
    from sanchoi.gis import compare_files

    if language not in LANGUAGES:
        raise SourceError(f"--lang {language[:40]}", "vi or en", "choose one of the two")
    if to is not None:
        for folder in (first, second):
            if to.resolve() == folder.resolve():
                raise SourceError(f"--out {to} is one of the results", "a folder of its own", "name another")
        if (to / "run.json").exists() or (
            to / "study.toml"
        ).exists():  # tables there have the names of those written here
            raise SourceError(f"--out {to} is a result or a study", "a folder of its own", "name another")
        results.probe(to)
    found = comparing.compare(results.read(first), results.read(second))
    if to is not None:
        compare_folder.write(found, to, language)
    if as_json:
        print_json(compare_files.document(found))
    elif not quiet:
        _print(found, language, to)


def _print(found: Comparison, language: str, to: Path | None) -> None:
    """The finding, the notes, the communes that changed."""
    record = found.record
    out.print(Text(record["headline"][language], style="bold"), soft_wrap=True)
    for note in record["notes"]:
        out.print(Text(f"  {note[language]}", style="yellow"), soft_wrap=True)
    communes = found.tables["communes"]
    changed = communes[communes["change"].isin(["better", "worse"])]
    changed = changed.reindex(changed["uncovered_ground"].abs().sort_values(ascending=False, kind="stable").index)
    for row in changed.head(SHOWN).to_dict("records"):
        out.print(Text(f"  {row['name']} ({row['commune_id']}): {row[f'why_{language}']}"), soft_wrap=True)
    if len(changed) > SHOWN:
        out.print(Text(f"  … {len(changed) - SHOWN:,}"))
    if to is not None:
        out.print(Text(str(to / "compare.html")), soft_wrap=True)
