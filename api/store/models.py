"""Models: the tables of the service's own state."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sanchoi.api.store.columns import Moment, Shape
from sqlalchemy import JSON, Connection, Float, ForeignKey, Index, String, Text, UniqueConstraint, event, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Mapper, mapped_column, relationship

BOXES = "scenario_change_boxes"
"""R*Tree over the bounds of the changes, on SQLite alone."""

Document = JSON(none_as_null=True)


def now() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """An id that nobody guesses."""
    return uuid.uuid4().hex


class Base(DeclarativeBase):
    """Base of the models."""


class Job(Base):
    """A job.

    Attributes
    ----------
    status : accepted, running, successful, failed, dismissed; the last three are ends. progress : 0-100 of all.
    stage, share : where it stands, and what share of that stage is done. error : problem details by language.
    owner : who runs it: nobody else may write to it while its heartbeat is fresh. attempts : how often it was started.
    events : how many events it has told.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index("jobs_status_created", "status", "created"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    process_id: Mapped[str] = mapped_column(String(64))
    result_id: Mapped[str | None] = mapped_column(Text)
    inputs: Mapped[dict[str, Any]] = mapped_column(Document)
    status: Mapped[str] = mapped_column(String(16), default="accepted")
    progress: Mapped[int] = mapped_column(default=0)
    stage: Mapped[str] = mapped_column(String(32), default="")
    share: Mapped[float] = mapped_column(Float, default=0.0)
    message: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[dict[str, Any] | None] = mapped_column(Document)
    output: Mapped[dict[str, Any] | None] = mapped_column(Document)
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    started: Mapped[datetime | None] = mapped_column(Moment)
    finished: Mapped[datetime | None] = mapped_column(Moment)
    heartbeat: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8), default="vi")
    events: Mapped[int] = mapped_column(default=0)


class JobEvent(Base):
    """One thing that a job told, numbered from 1, so that a listener who lost the line hears the rest."""

    __tablename__ = "job_events"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(32))
    share: Mapped[float] = mapped_column(Float)
    progress: Mapped[int]


class Scenario(Base):
    """A named chain of changes to one result; `etag` is that of the result when it was saved."""

    __tablename__ = "scenarios"
    __table_args__ = (Index("scenarios_result_updated", "result_id", "updated_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    result_id: Mapped[str] = mapped_column(Text)
    etag: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)
    version: Mapped[int] = mapped_column(default=1)
    changes: Mapped[list[ScenarioChange]] = relationship(
        back_populates="scenario",
        cascade="all, delete-orphan",
        order_by="ScenarioChange.position",
        passive_deletes=True,
        lazy="selectin",
    )


class ScenarioChange(Base):
    """One change of a scenario; `geometry` is that of its document, null where it has none."""

    __tablename__ = "scenario_changes"
    __table_args__ = (UniqueConstraint("scenario_id", "position", name="scenario_changes_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[str] = mapped_column(ForeignKey("scenarios.id", ondelete="CASCADE"))
    position: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    geometry: Mapped[Any | None] = mapped_column(Shape)
    scenario: Mapped[Scenario] = relationship(back_populates="changes")


@event.listens_for(ScenarioChange, "after_insert")
@event.listens_for(ScenarioChange, "after_update")
def _box(mapper: Mapper[ScenarioChange], connection: Connection, change: ScenarioChange) -> None:
    """Keep the R*Tree in the same transaction; SQLite cannot read WKB in a trigger. (A trigger takes deleted rows away.)"""
    keep_box(connection, BOXES, change.id, change.geometry)


def keep_box(connection: Connection, table: str, id_: int, geometry: Any) -> None:  # noqa: ANN401 - a geometry or None
    """Write the bounds of a row's geometry into an R*Tree, on SQLite alone; none where it has no geometry."""
    if connection.dialect.name != "sqlite":
        return
    connection.execute(text(f"DELETE FROM {table} WHERE id = :id"), {"id": id_})
    if geometry is not None:
        west, south, east, north = geometry.bounds
        connection.execute(
            text(f"INSERT INTO {table} (id, west, east, south, north) VALUES (:id, :west, :east, :south, :north)"),
            {"id": id_, "west": west, "east": east, "south": south, "north": north},
        )
