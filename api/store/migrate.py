"""Migrate: bring the tables of a database to the program's version, in one transaction, by one process at a time."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sanchoi.gis.errors import SourceError
from sqlalchemy import Connection, Engine, text

SCRIPTS = Path(__file__).parent / "migrations"
WAIT_S = 60.0
LOCK = 5_899_001
"""Number of the advisory lock on PostgreSQL."""


def upgrade(engine: Engine, file: Path | None) -> None:
    """Upgrade to the newest version that the program knows.

    Raises
    ------
    SourceError : the database is newer than the program, or has no PostGIS.
    """
    if file is not None:
        _make(file)
    with engine.begin() as connection:  # on SQLite this takes the lock for writing
        if file is None:
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            _require_postgis(connection)
        _upgrade(connection)


def config(connection: Connection) -> Config:
    """Alembic's settings, for a connection that is open."""
    found = Config()
    found.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    found.attributes["connection"] = connection
    return found


def _upgrade(connection: Connection) -> None:
    settings = config(connection)
    known = {each.revision for each in ScriptDirectory.from_config(settings).walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise SourceError(
            f"the database is of version {', '.join(sorted(unknown))}, newer than this program",
            "a version that it knows: " + ", ".join(sorted(known)),
            "update sanchoi, or give another database with --database",
        )
    command.upgrade(settings, "head")


def _make(file: Path) -> None:
    """Make the file if it is missing, for its owner alone, and switch it to write-ahead logging, which stays so."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(
            f"the folder {file.parent} cannot be made ({error.strerror})", "a folder to write in", "choose another"
        ) from error
    with suppress(OSError):  # it holds hashes of passwords; the files beside it get the same mode
        file.touch(mode=0o600, exist_ok=False)
    until = time.monotonic() + WAIT_S
    while True:
        try:
            with closing(sqlite3.connect(file, timeout=1.0)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CANTOPEN:
                raise SourceError(
                    f"the database {file} cannot be opened", "a file that you may write", "choose another folder"
                ) from error
            busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not busy or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _require_postgis(connection: Connection) -> None:
    if connection.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")):
        return
    missing = SourceError(
        "the database has no PostGIS",
        "PostgreSQL with the extension postgis",
        "let its administrator run: CREATE EXTENSION postgis",
    )
    allowed = connection.scalar(
        text(
            "SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
            " AND EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'postgis')"
        )
    )
    if not allowed:
        raise missing
    connection.execute(text("CREATE EXTENSION postgis"))
