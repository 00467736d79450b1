"""Trail: the audit log. Rows are only ever added, each chained to the one before by its hash.

    hash_n = SHA-256(hash_{n−1}, n, at, actor, action, object, detail),   a line each;   hash_0 = 64 zeros

Nothing personal stands in it: people are the ids of their accounts, texts are salted digests. So a person's data can be erased,
and the chain still verifies. The database itself refuses to change or delete a row (triggers); whoever gets round that breaks
the chain, and whoever cuts the end off is found out by a receipt, which names a row and its hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sanchoi.api.store.models import Base
from sqlalchemy import Index, String, Text, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

START = "0" * 64
LOCK = 5_720_431
"""Name of the lock under which rows are added on PostgreSQL."""
BATCH = 1_000


class AuditRow(Base):
    """One thing that was done. `at` and `detail` are the very texts that were hashed."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_object", "object", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(64))
    object: Mapped[str] = mapped_column(String(120))
    detail: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    def digest(self) -> str:
        """The hash that the row must have."""
        parts = (self.previous, str(self.id), self.at, self.actor, self.action, self.object, self.detail)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What verifying found. `fault` "" = the chain is whole; else which row breaks it and how, English and Vietnamese."""

    rows: int
    head: str
    fault: str = ""
    fault_vi: str = ""


def lock(session: Session) -> None:
    """Let nobody else write to the log until the session ends; on SQLite every writer holds that already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": LOCK})


def note(session: Session, actor: str, action: str, object_: str, detail: Mapping[str, Any] | None = None) -> AuditRow:
    """Add a row in the same transaction as what it tells of.

    Parameters
    ----------
    actor : "user:ID", "token:ID", "system" or "anonymous". action : such as "proposal.submit". object_ : "proposal:ID".
    detail : JSON values; nothing personal.
    """
    lock(session)
    last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).first()
    made = AuditRow(
        id=1 if last is None else last.id + 1,
        at=datetime.now(UTC).isoformat(timespec="microseconds"),
        actor=actor,
        action=action,
        object=object_,
        detail=json.dumps(detail or {}, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False),
        previous=START if last is None else last.hash,
    )
    made.hash = made.digest()
    session.add(made)
    session.flush()
    return made


def rows(session: Session, after: int = 0) -> Iterator[AuditRow]:
    """Every row in order, read in batches."""
    while batch := list(
        session.scalars(select(AuditRow).where(AuditRow.id > after).order_by(AuditRow.id).limit(BATCH))
    ):
        yield from batch
        after = batch[-1].id
        session.expunge_all()


def verify(session: Session, known: tuple[int, str] | None = None) -> Verdict:
    """Go through the whole log.

    Parameters
    ----------
    known : number and hash of a row, as a receipt tells them: the log must still have it.
    """
    count, head = 0, START
    for row in rows(session):
        count += 1
        if row.id != count:
            return Verdict(count, head, f"row {count} is missing", f"thiếu dòng {count}")
        if row.previous != head or row.hash != row.digest():
            return Verdict(count, head, f"row {row.id} was changed", f"dòng {row.id} đã bị sửa")
        head = row.hash
        if known is not None and known[0] == row.id and known[1] != row.hash:
            return Verdict(
                count, head, f"row {row.id} is not the one on the receipt", f"dòng {row.id} khác với giấy biên nhận"
            )
    if known is not None and known[0] > count:
        return Verdict(count, head, f"the log ends before row {known[0]}", f"nhật ký bị cắt trước dòng {known[0]}")
    return Verdict(count, head)
