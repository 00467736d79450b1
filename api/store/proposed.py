"""Proposed: proposals of sites with every version, what was said of them, and what is attached."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sanchoi.api.store.columns import Moment, Shape
from sanchoi.api.store.models import Base, Document, keep_box, new_id, now
from sqlalchemy import Connection, Float, ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

PROPOSAL_BOXES = "proposal_boxes"
"""R*Tree over the bounds of the proposals, on SQLite alone; its ids are their numbers."""


class Proposal(Base):
    """A proposal as it stands now.

    Attributes
    ----------
    number : what people call it by, counted from 1. etag, vintage : of the result and its communes when it was last changed.
    state : see `proposals.states`. revision : grows with every change of content or state. version : of its content.
    public : shown to everybody (name, commune, state, outline and worth; nothing else). origin : id of the offline file it came
        from, or null. parcel_id : the listed parcel that it is, or null. scenario_id : the scenario it is in the plan of.
    gained : children newly covered; cost : VND; either null where it is not known.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        Index("proposals_result_state", "result_id", "state"),
        Index("proposals_commune", "commune_id", "vintage"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    result_id: Mapped[str] = mapped_column(Text)
    etag: Mapped[str] = mapped_column(Text)
    vintage: Mapped[str] = mapped_column(String(10))
    commune_id: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    revision: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    updated: Mapped[datetime] = mapped_column(Moment, default=now)
    submitted: Mapped[datetime | None] = mapped_column(Moment)
    public: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[str | None] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text)
    parcel_id: Mapped[str | None] = mapped_column(Text)
    gained: Mapped[float | None] = mapped_column(Float)
    cost: Mapped[float | None] = mapped_column(Float)
    scenario_id: Mapped[str | None] = mapped_column(String(32))
    geometry: Mapped[Any] = mapped_column(Shape)


class ProposalVersion(Base):
    """The content of a proposal at one time, never changed; erasing a person empties `content` and `salt`, not `digest`.

    `content`: name, land_use, owner, backer (who stands behind it), note, cost, source (how the outline came), epsg.
    `worth`: what was told of it then (see `api.worth`), or null. `digest`: SHA-256 of salt, content and outline, which the audit
    log has too.
    """

    __tablename__ = "proposal_versions"

    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    worth: Mapped[dict[str, Any] | None] = mapped_column(Document)
    geometry: Mapped[Any] = mapped_column(Shape)
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    erased: Mapped[datetime | None] = mapped_column(Moment)


class Remark(Base):
    """Something said of a proposal, only ever added: a comment, or the reason of a change of state or of publication.

    `kind`: comment, state, public. `internal`: for reviewers' eyes only. `audit_id`: its row in the audit log.
    """

    __tablename__ = "remarks"
    __table_args__ = (Index("remarks_proposal", "proposal_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(16))
    from_state: Mapped[str] = mapped_column(String(16), default="")
    to_state: Mapped[str] = mapped_column(String(16), default="")
    text: Mapped[str] = mapped_column(Text)
    internal: Mapped[bool] = mapped_column(default=False)
    salt: Mapped[str] = mapped_column(String(32))
    audit_id: Mapped[int]


class Attachment(Base):
    """A photo or document of a proposal; its bytes lie in the service's folder under their SHA-256."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    removed: Mapped[datetime | None] = mapped_column(Moment)


class Replay(Base):
    """What was answered to a submission with an Idempotency-Key, so that sending it again does nothing again."""

    __tablename__ = "replays"

    actor: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    proposal_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment, default=now)


@event.listens_for(Proposal, "after_insert")
@event.listens_for(Proposal, "after_update")
def _box(mapper: Mapper[Proposal], connection: Connection, proposal: Proposal) -> None:
    """Keep the R*Tree in the same transaction. (A trigger takes deleted rows away.)"""
    keep_box(connection, PROPOSAL_BOXES, proposal.number, proposal.geometry)
