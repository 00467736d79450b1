"""Rows of a backup: what is in one, in which order, and each row as a line of JSON that is the same from either database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import shapely
from sanchoi.api.store import Base
from sanchoi.api.store.columns import Moment, Shape
from sanchoi.api.store.models import BOXES
from sanchoi.api.store.proposed import PROPOSAL_BOXES
from sqlalchemy import JSON, Boolean, ColumnElement, Float, Integer, String, Table, select, text, tuple_
from sqlalchemy.orm import Session

TABLES = (
    "users",
    "tokens",
    "jobs",
    "job_events",
    "scenarios",
    "scenario_changes",
    "proposals",
    "proposal_versions",
    "remarks",
    "attachments",
    "replays",
    "audit",
)
"""Tables of a backup, each after those that its rows refer to."""
LEFT_OUT = ("sessions", "invitations", "attempts")
"""What lets somebody in without a password, and what is of no use later."""
BATCH = 500
BOXED = {"scenario_changes": (BOXES, "id"), "proposals": (PROPOSAL_BOXES, "number")}
"""Tables with an R*Tree on SQLite: its name, and the column that its ids are."""


def table(name: str) -> Table:
    """A table by its name."""
    return Base.metadata.tables[name]


def lines(session: Session, name: str) -> Iterator[bytes]:
    """Every row of a table in the order of its key, letters in the order of their codes whatever the database's own is."""
    of = table(name)
    key = [_plain(session, column) for column in of.primary_key.columns]
    after: Sequence[Any] | None = None
    while True:
        asked = select(of).order_by(*key).limit(BATCH)
        if after is not None:
            asked = asked.where(tuple_(*key) > tuple_(*after) if len(key) > 1 else key[0] > after[0])
        batch = session.execute(asked).mappings().all()
        for row in batch:
            told = {column.name: _told(row[column.name]) for column in of.columns}
            yield json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        if len(batch) < BATCH:
            return
        after = [batch[-1][column.name] for column in of.primary_key.columns]


def row_of(name: str, line: bytes) -> dict[str, Any]:
    """A row from its line.

    Raises
    ------
    ValueError : it is none of that table.
    """
    told = json.loads(line)
    columns = {column.name: column for column in table(name).columns}
    if not isinstance(told, Mapping) or not set(told) <= set(columns):
        raise ValueError(f"a row of {name} has other columns")
    for key, column in columns.items():
        if key not in told and not column.nullable and column.default is None:
            raise ValueError(f"a row of {name} lacks {key}")
    return {key: _value(columns[key].type, bool(columns[key].nullable), value) for key, value in told.items()}


def put(session: Session, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as they are, and their boxes on SQLite."""
    if not rows:
        return
    session.execute(table(name).insert(), list(rows))
    if name in BOXED and session.get_bind().dialect.name == "sqlite":
        boxes, key = BOXED[name]
        made = [
            dict(zip(("id", "west", "south", "east", "north"), (row[key], *row["geometry"].bounds), strict=True))
            for row in rows
            if row.get("geometry") is not None
        ]
        if made:
            into = f"INSERT INTO {boxes} (id, west, east, south, north) VALUES (:id, :west, :east, :south, :north)"
            session.execute(text(into), made)


def go_on(session: Session) -> None:
    """Let new rows be numbered after those that were put in with their numbers; SQLite does so by itself."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for name in TABLES:
        key = list(table(name).primary_key.columns)
        if len(key) == 1 and isinstance(key[0].type, Integer) and key[0].autoincrement is not False:
            column = key[0].name
            session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{name}', '{column}'), coalesce(max({column}), 1),"
                    f" max({column}) IS NOT NULL) FROM {name}"
                )
            )


def _plain(session: Session, column: Any) -> ColumnElement[Any]:  # noqa: ANN401 - a column of any type
    words = isinstance(column.type, String) and session.get_bind().dialect.name == "postgresql"
    found: ColumnElement[Any] = column.collate("C") if words else column
    return found


def _told(value: Any) -> Any:  # noqa: ANN401 - any value of a column
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, shapely.Geometry):
        return shapely.to_wkb(value, hex=True)
    return value


def _value(kind: Any, nullable: bool, value: Any) -> Any:  # noqa: ANN401 - any value of a column
    """What a column takes, of what a line says."""
    if value is None:
        if not nullable:
            raise ValueError("nothing where something must be")
        return None
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    if isinstance(kind, Shape):
        return shapely.from_wkb(value)
    if isinstance(kind, JSON):
        return value
    types: tuple[type[Any], ...] = (str,)
    if isinstance(kind, Boolean):
        types = (bool,)
    elif isinstance(kind, Float):
        types = (int, float)
    elif isinstance(kind, Integer):
        types = (int,)
    if not isinstance(value, types) or (bool not in types and isinstance(value, bool)):
        raise ValueError(f"{str(value)[:40]} of another kind than its column")
    return float(value) if isinstance(kind, Float) else value
