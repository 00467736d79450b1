"""Trouble: what a database can suffer, as the problem "unavailable" (503), which says when to try again."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sanchoi.api.problems import Problem
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

WORDS: dict[str, tuple[int, tuple[str, str]]] = {
    "gone": (5, ("Không kết nối được cơ sở dữ liệu.", "The database cannot be reached.")),
    "full": (60, ("Ổ đĩa đã đầy, chưa lưu được.", "The disk is full: nothing was saved.")),
    "locked": (1, ("Cơ sở dữ liệu đang bận.", "The database is busy.")),
    "damaged": (60, ("Không đọc hoặc ghi được cơ sở dữ liệu.", "The database cannot be read or written.")),
}
"""Seconds after which to try again, and words."""

SQLITE = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CANTOPEN: "gone",
    sqlite3.SQLITE_READONLY: "damaged",
    sqlite3.SQLITE_IOERR: "damaged",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_PROTOCOL: "locked",
}
POSTGRES = {
    "53100": "full",  # disk_full
    "53200": "locked",  # out_of_memory
    "53300": "locked",  # too_many_connections
    "40001": "locked",  # serialization_failure
    "40P01": "locked",  # deadlock_detected
    "55P03": "locked",  # lock_not_available
    "57014": "locked",  # query_canceled: it took longer than it may
    "25006": "damaged",  # read_only_sql_transaction: a standby
    "58030": "damaged",  # io_error
}
GONE = ("08", "57P", "28", "3D")
"""Classes of PostgreSQL: no connection, shutting down, not let in, no such database."""


def unavailable(kind: str) -> Problem:
    """The problem of one kind of `WORDS`."""
    seconds, words = WORDS[kind]
    return Problem("unavailable", pairs={"message": words}, headers={"Retry-After": str(seconds)})


def kind_of(error: BaseException) -> str | None:
    """Which kind of trouble an error is; None = none of the database's: a fault of ours."""
    if isinstance(error, PoolTimeoutError):
        return "locked"
    if isinstance(error, DisconnectionError):
        return "gone"
    if isinstance(error, OSError):
        return "full" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else "damaged"
    if isinstance(error, sqlite3.Error):
        return SQLITE.get(getattr(error, "sqlite_errorcode", -1) & 0xFF)
    if not isinstance(error, DBAPIError):
        return None
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return SQLITE.get(code & 0xFF)
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return POSTGRES.get(state) or ("gone" if state.startswith(GONE) else None)
    return "gone" if error.connection_invalidated or type(error.orig).__name__ == "OperationalError" else None


@contextmanager
def told() -> Iterator[None]:
    """Raise the database's trouble as a problem.

    Raises
    ------
    Problem : "unavailable".
    """
    try:
        yield
    except (DBAPIError, DisconnectionError, PoolTimeoutError, sqlite3.Error) as error:
        kind = kind_of(error)
        if kind is None:
            raise
        raise unavailable(kind) from error
