"""Engine: the Store, which opens sessions on SQLite or PostgreSQL and turns the database's trouble into problems."""

from __future__ import annotations

import contextlib
import os
import threading
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanchoi.api.problems import Problem
from sanchoi.api.store import trouble
from sanchoi.api.store.models import BOXES, Job, ScenarioChange
from sanchoi.gis.errors import SourceError
from sqlalchemy import Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    import shapely

WAIT_S = 5.0
STATEMENT_S = 30.0
WRITES = "sanchoi_writes"


class Store:
    """The database of the service.

    Parameters
    ----------
    url : sqlite:///path or postgresql://…
    migrated : the tables are known to be there and up to date: whoever started this process has seen to it.

    Raises
    ------
    SourceError : a URL of another kind.
    """

    def __init__(self, url: str, migrated: bool = False) -> None:
        self.url = _url(url)
        self.file = Path(self.url.database or "").resolve() if self.url.get_backend_name() == "sqlite" else None
        self._lock = threading.Lock()
        self._migrated = migrated
        self._inode: tuple[int, int] | None = None
        self.engine = _sqlite(self.url, self.file) if self.file is not None else _postgres(self.url)
        self._writes = self.engine.execution_options(**{WRITES: True})

    @classmethod
    def of(cls, url: str) -> Store:
        """The store with its tables up to date, or brought up to date when the database is available again.

        Raises
        ------
        SourceError : as `migrate`.
        """
        store = cls(url)
        try:
            store.migrate()
        except Problem:  # each session tries again
            pass
        except SourceError:
            store.close()
            raise
        return store

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite."""
        return self.file is not None

    def migrate(self) -> None:
        """Bring the tables to the program's version; several processes may do so at once.

        Raises
        ------
        SourceError : the database is newer than the program, or has no PostGIS. Problem : it is not available.
        """
        with self._lock, trouble.told():
            if not self._migrated:
                from sanchoi.api.store import migrate  # Alembic is long to load, and workers need it not

                migrate.upgrade(self._writes, self.file)
                self._migrated = True

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that may write: committed at the end, rolled back on an error. On SQLite one writer at a time.

        Raises
        ------
        Problem : the database is not available.
        """
        with self._session(self._writes) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; on SQLite it waits for no writer.

        Raises
        ------
        Problem : the database is not available.
        """
        with self._session(self.engine) as session:
            yield session

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        self._look()
        if not self._migrated:
            self.migrate()
        with trouble.told(), Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def lock(self, session: Session, name: int) -> None:
        """Let nobody else hold this lock until the session ends; on SQLite every writer holds it already."""
        if not self.is_sqlite:
            session.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": name})

    def ping(self) -> None:
        """Find out whether the database answers.

        Raises
        ------
        Problem : it does not.
        """
        with self.reading() as session:
            session.execute(text("SELECT 1 FROM jobs LIMIT 1"))

    def changes_in(self, box: Sequence[float]) -> list[ScenarioChange]:
        """Changes whose geometry touches a box (west, south, east, north), by scenario and position.

        The index of either database gives those whose bounds may touch it; the geometry itself decides.
        """
        with self.reading() as session:
            return changes_in(session, box)

    def job_counts(self) -> dict[str, int]:
        """Jobs by state, for the metrics; none where the database does not answer."""
        with contextlib.suppress(Problem), self.reading() as session:
            found = session.execute(select(Job.status, func.count()).group_by(Job.status))
            return {str(row[0]): int(row[1]) for row in found}
        return {}

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _look(self) -> None:
        """Drop connections to a file that was taken away or replaced: SQLite would go on reading what is no more."""
        if self.file is None:
            return
        try:
            found = self.file.stat()
        except OSError as error:
            if self._migrated:
                self._inode = None
                self.engine.dispose()
                raise trouble.unavailable("gone") from error
            return
        inode = (found.st_dev, found.st_ino)
        if self._inode not in (None, inode):
            self.engine.dispose()
        self._inode = inode


def changes_in(session: Session, box: Sequence[float]) -> list[ScenarioChange]:
    """The same within a session."""
    import shapely

    west, south, east, north = box
    found = select(ScenarioChange).order_by(ScenarioChange.scenario_id, ScenarioChange.position)
    values: dict[str, Any] = {"west": west, "south": south, "east": east, "north": north}
    if session.get_bind().dialect.name == "sqlite":
        near = f"SELECT id FROM {BOXES} WHERE west <= :east AND east >= :west AND south <= :north AND north >= :south"
        found = found.where(text(f"scenario_changes.id IN ({near})"))
    else:
        found = found.where(text("scenario_changes.geometry && ST_MakeEnvelope(:west, :south, :east, :north, 4326)"))
    area: shapely.Geometry = shapely.box(west, south, east, north)
    if west == east or south == north:
        area = (
            shapely.LineString([(west, south), (east, north)])
            if (west, south) != (east, north)
            else shapely.Point(west, south)
        )
    return [each for each in session.scalars(found, values) if shapely.intersects(each.geometry, area)]


def _url(text_: str) -> URL:
    try:
        url = make_url(text_)
    except ArgumentError as error:
        raise _refused("the text given", error) from error
    if url.get_backend_name() in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in ("sqlite", "sqlite+pysqlite") and url.database not in (None, "", ":memory:"):
        return url
    raise _refused(url.render_as_string(hide_password=True), None)


def _refused(came: str, error: Exception | None) -> SourceError:
    found = SourceError(f"database {came}", "sqlite:///PATH or postgresql://…", "see docs/service.md")
    found.__cause__ = error
    return found


def _sqlite(url: URL, file: Path) -> Engine:
    """SQLite in a file that must be there (`migrate` makes it), so that one taken away is missed and not made anew."""
    engine = create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=40, pool_timeout=WAIT_S)
    address = "file:" + urllib.parse.quote(os.fspath(file)) + "?mode=rw"

    @event.listens_for(engine, "do_connect")
    def _address(dialect: Any, record: Any, cargs: list[Any], cparams: dict[str, Any]) -> None:  # noqa: ANN401
        cargs[:] = [address]
        cparams.update(uri=True, timeout=WAIT_S, check_same_thread=False, isolation_level=None)

    @event.listens_for(engine, "connect")
    def _set(connection: Any, record: Any) -> None:  # noqa: ANN401
        for pragma in ("foreign_keys=ON", f"busy_timeout={int(WAIT_S * 1000)}", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(url: URL) -> Engine:
    engine = create_engine(
        url, pool_pre_ping=True, pool_size=5, max_overflow=15, pool_timeout=WAIT_S, connect_args={"connect_timeout": 5}
    )

    @event.listens_for(engine, "connect")
    def _set(connection: Any, record: Any) -> None:  # noqa: ANN401
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {int(WAIT_S * 1000)}")
            cursor.execute(f"SET statement_timeout = {int(STATEMENT_S * 1000)}")
            cursor.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    return engine
