"""`sanchoi audit`: look at the log of what was done, and find out whether anybody changed it or what it tells of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text
from sanchoi.api.own_state import FOLDER, Data, Database, opened
from sanchoi.api.show import err, out, print_json
from sanchoi.gis.errors import SourceError

if TYPE_CHECKING:
    from sanchoi.api.proposals.record import Checked

BROKEN = 10
"""Exit code where the record does not hold."""
app = typer.Typer(help="The log of what was done to proposals and accounts.", no_args_is_help=True)


@app.command()
def verify(
    data: Data = FOLDER,
    database: Database = "",
    receipt: Annotated[
        str, typer.Option(metavar="N:HASH", help="Row and hash from a receipt: the log must still have it.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")] = False,
) -> None:
    """Verify the chain of the log and everything that it tells of. Exit code 10 where something was changed."""
    known = row_of(receipt) if receipt else None
    with opened(data, database) as (settings, store):
        from sanchoi.api.proposals import files_kept, record

        with store.reading() as session:
            found = record.check(session, known)
        with store.reading() as session:
            lost = files_kept.faults(session, settings)
    if as_json:
        print_json({**_document(found), "files": lost})
    else:
        _print(found, lost, known)
    if not found.whole or lost:
        raise typer.Exit(BROKEN)


@app.command()
def show(
    object_: Annotated[str, typer.Option("--object", metavar="KIND:ID", help="Only rows of it: proposal:ID.")] = "",
    last: Annotated[int, typer.Option(min=1, help="So many rows, the newest.")] = 50,
    data: Data = FOLDER,
    database: Database = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")] = False,
) -> None:
    """Show the newest rows of the log, oldest first."""
    with opened(data, database) as (_, store):
        from sanchoi.api.store import AuditRow
        from sqlalchemy import select

        asked = select(AuditRow).order_by(AuditRow.id.desc()).limit(last)
        with store.reading() as session:
            rows = list(session.scalars(asked.where(AuditRow.object == object_) if object_ else asked))[::-1]
    if as_json:
        names = ("id", "at", "actor", "action", "object", "detail", "hash")
        print_json([{name: getattr(row, name) for name in names} for row in rows])
        return
    for row in rows:
        out.print(Text(f"{row.id:>6}  {row.at[:19]}  {row.action}  {row.object}  by {row.actor}"), soft_wrap=True)
        out.print(Text(f"        {row.detail}  {row.hash[:16]}…", style="dim"), soft_wrap=True)


def row_of(text: str) -> tuple[int, str]:
    """Number and hash of a row, as a receipt tells them.

    Raises
    ------
    SourceError : it is no such text.
    """
    found = re.fullmatch(r"\s*([1-9][0-9]{0,17}):([0-9a-f]{64})\s*", text.lower())
    if found is None:
        raise SourceError(
            f"--receipt {text[:80]}", "the number of a row, a colon and 64 digits or letters a–f", "see the receipt"
        )
    return int(found[1]), found[2]


def _document(found: Checked) -> dict[str, object]:
    return {
        "whole": found.whole,
        "rows": found.verdict.rows,
        "last": found.receipt,
        "chain": found.verdict.fault,
        "faults": [{"object": each.object, "fault": each.en} for each in found.faults],
        "proposals": found.proposals,
        "versions": found.versions,
        "remarks": found.remarks,
        "erased": found.erased,
    }


def _print(found: Checked, lost: list[str], known: tuple[int, str] | None) -> None:
    if found.verdict.fault:
        err.print(Text(f"the log is broken: {found.verdict.fault}", style="bold red"), soft_wrap=True)
    for each in found.faults:
        err.print(Text(f"{each.object}: {each.en}", style="bold red"), soft_wrap=True)
    for text in lost:
        err.print(Text(text, style="bold red"), soft_wrap=True)
    counts = (
        f"{found.verdict.rows} rows · {found.proposals} proposals · {found.versions} versions · {found.remarks} remarks"
        f" · {found.erased} of these erased"
    )
    if found.whole and not lost:
        out.print(Text(f"nothing was changed: {counts}"), soft_wrap=True)
        if known is not None:
            out.print(Text(f"row {known[0]} is the one on the receipt"), soft_wrap=True)
        if found.receipt:
            out.print(
                Text(f"note this down, it finds out later whether the end was cut off: {found.receipt}"), soft_wrap=True
            )
