"""`sanchoi backup`, `restore`, `erase`, `retention`: what is kept of people's work, for how long, and where else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text
from sanchoi.api.own_state import FOLDER, Data, Database, opened
from sanchoi.api.show import err, out, print_json
from sanchoi.gis.errors import UnknownId

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")]


def backup(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; only you may read it.")],
    data: Data = FOLDER,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Write all that people made into one file, while the service runs: accounts, proposals, scenarios, files, the log."""
    with opened(data, database) as (settings, store):
        from sanchoi.api import backup as backing

        made = backing.make(store, settings, path)
    if as_json:
        print_json({**vars(made), "path": str(made.path)})
        return
    out.print(Text(f"{made.path}: {made.rows:,} rows, {made.files:,} files, {made.size:,} bytes"), soft_wrap=True)
    out.print(Text(f"sha256 {made.sha256}"), soft_wrap=True)
    out.print(
        Text("not in it: sessions, invitations, failed log-ins; results of jobs (run them again)"), soft_wrap=True
    )
    for sha256 in made.missing:
        err.print(
            Text(f"warning: attachment {sha256} has no file; it is not in the backup", style="yellow"), soft_wrap=True
        )
    if not made.noted:
        err.print(Text("warning: the audit log could not be told of this backup", style="yellow"), soft_wrap=True)


def restore(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A file that sanchoi backup wrote.")],
    data: Data = FOLDER,
    database: Database = "",
    even_if_broken: Annotated[
        bool, typer.Option("--even-if-broken", help="Also where somebody had changed the record before the backup.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup into an empty database, whole or not at all. Everybody logs in again."""
    with opened(data, database, new=True) as (settings, store):
        from sanchoi.api import restore as restoring

        made = restoring.restore(store, settings, path, even_if_broken)
    if as_json:
        last = made.checked.receipt
        print_json(
            {"rows": made.rows, "files": made.files, "missing": made.missing, "whole": made.checked.whole, "last": last}
        )
        return
    words = "the record holds" if made.checked.whole else "the record does NOT hold, see: sanchoi audit verify"
    out.print(Text(f"{made.rows:,} rows and {made.files:,} files are restored; {words}"), soft_wrap=True)
    out.print(Text(f"last row of the log: {made.checked.receipt or 'none'}"), soft_wrap=True)
    for sha256 in made.missing:
        err.print(Text(f"warning: attachment {sha256} was not in the backup", style="yellow"), soft_wrap=True)


def erase(
    login: Annotated[str, typer.Argument(metavar="USER", help="Log-in name or id of an account.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = FOLDER,
    database: Database = "",
) -> None:
    """Take a person's data away for good: account, words and files. Sites, states and the audit log stay."""
    with opened(data, database) as (settings, store):
        from sanchoi.api.accounts import register
        from sanchoi.api.accounts.actor import SYSTEM
        from sanchoi.api.proposals import erasure
        from sanchoi.api.store import User

        with store.reading() as session:
            found = register.of_login(session, login) or session.get(User, login)
        if found is None:
            raise UnknownId(f"user {login[:80]}", "a log-in name", "see: sanchoi user list")
        if not yes:
            typer.confirm(f"Erase the data of {found.name} ({found.login})? It cannot be undone.", abort=True, err=True)
        with store.session() as session:
            gone = erasure.erase(session, settings, SYSTEM, found.id)
        erasure.settle(store)
    out.print(
        Text(
            f"erased: the account, {gone.versions} versions, {gone.remarks} remarks, {gone.files} files;"
            f" {gone.drafts} drafts withdrawn"
        ),
        soft_wrap=True,
    )
    out.print(Text("backups that were made before still hold these data: delete them when you may"), soft_wrap=True)


def retention(
    days: Annotated[int, typer.Option(min=1, help="What is older than so many days goes.")],
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    data: Data = FOLDER,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Take away what need not be kept: old log-ins, expired keys, drafts never sent, files nobody refers to, exports of jobs."""
    with opened(data, database) as (settings, store):
        from sanchoi.api.proposals import retention as retaining

        swept = retaining.sweep(store, settings, days, dry)
    if as_json:
        print_json({"dry_run": dry, **vars(swept)})
        return
    out.print(Text("would go:" if dry else "gone:"))
    for name, count in vars(swept).items():
        out.print(Text(f"  {count:>6,} {name}"))


COMMANDS = (backup, restore, erase, retention)
