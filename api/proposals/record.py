"""Record: compares what stands in the database with what the audit log tells, word for word as far as nobody's data was erased.

The chain of the log is `store.trail`'s. Here its rows are gone through again: every proposal must be in the state, at the
revision and of the content that they lead to; every version and remark must be there, and no other, with the log's digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import shapely
from sanchoi.api.proposals.replay import Told, content_digest, replay, stays_digest, text_digest, worth_digest
from sanchoi.api.store import Attachment, Proposal, ProposalVersion, Remark, User, trail
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

BATCH = 500
SLACK = timedelta(minutes=10)
"""So far apart the moment of a row and that of its audit row may be: they are taken one after the other."""
MOST = 200
"""Faults told at most."""


@dataclass(frozen=True)
class Fault:
    """Something that does not agree with the log: of what, and how, English and Vietnamese."""

    object: str
    en: str
    vi: str


@dataclass(frozen=True)
class Checked:
    """What checking found. `erased`: versions and remarks of which only the digest is left, as the log says."""

    verdict: trail.Verdict
    faults: tuple[Fault, ...]
    proposals: int
    versions: int
    remarks: int
    erased: int

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.verdict.fault and not self.faults

    @property
    def receipt(self) -> str:
        """The last row and its hash: whoever notes it down finds out later whether the end was cut off."""
        return f"{self.verdict.rows}:{self.verdict.head}" if self.verdict.rows else ""


def check(session: Session, known: tuple[int, str] | None = None, begun: bool = False) -> Checked:
    """Verify the chain, and compare the proposals with it, all at one moment.

    Parameters
    ----------
    session : one that has read nothing yet, unless it has `begun`. known : number and hash of a row, from a receipt.
    """
    if not begun:
        still(session)
    verdict = trail.verify(session, known)
    if not verdict.fault and session.scalar(select(func.count()).select_from(trail.AuditRow)) != verdict.rows:
        verdict = trail.Verdict(
            verdict.rows, verdict.head, "there are rows before row 1", "có dòng đứng trước dòng 1 của nhật ký"
        )
    told = replay(trail.rows(session))
    checking = _Checking(session, told)
    checking.run()
    faults = [Fault(row, en, vi) for row, en, vi in told.faults] + checking.faults
    return Checked(verdict, tuple(faults[:MOST]), *checking.counts)


def still(session: Session) -> None:
    """Let a session see the database as it is at one moment; SQLite does so by itself."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


class _Checking:
    def __init__(self, session: Session, told: Told) -> None:
        self.session, self.told = session, told
        self.faults: list[Fault] = []
        self.erased = 0
        self.counts = (0, 0, 0, 0)

    def run(self) -> None:
        versions = self._versions()
        remarks = self._remarks()
        proposals = self._proposals()
        self._attachments()
        self._people()
        self.counts = (proposals, versions, remarks, self.erased)

    def _say(self, object_: str, en: str, vi: str) -> None:
        self.faults.append(Fault(object_, en, vi))

    def _proposals(self) -> int:
        seen: set[str] = set()
        for found in _all(self.session, Proposal, Proposal.id):
            seen.add(found.id)
            self._proposal(found)
        for lost in sorted(set(self.told.proposals) - seen):
            self._say(f"proposal:{lost}", "the proposal is missing", "thiếu đề xuất này")
        return len(seen)

    def _proposal(self, found: Proposal) -> None:
        name, log = f"proposal:{found.id}", self.told.proposals.get(found.id)
        if log is None:
            self._say(name, "the log does not know this proposal", "nhật ký không có đề xuất này")
            return
        pairs: list[tuple[str, str, object, object]] = [
            ("state", "trạng thái", found.state, log.state),
            ("revision", "số lần sửa", found.revision, log.revision),
            ("version", "bản nội dung", found.version, max(log.digests, default=0)),
            ("public", "công khai", found.public, log.public),
        ]
        if found.version == 1:
            pairs.append(("commune", "xã, phường", found.commune_id, log.commune))
        for en, vi, there, expected in pairs:
            if there != expected:
                self._say(
                    name,
                    f"{en} is {there}; the log leads to {expected}",
                    f"{vi} là {there}; theo nhật ký phải là {expected}",
                )
        if not _near(found.submitted, log.submitted):
            self._say(name, "the time of submission was changed", "ngày giờ gửi đã bị sửa")
        self._as_its_version(found, name)

    def _as_its_version(self, found: Proposal, name: str) -> None:
        """What the proposal shows must be what its version says."""
        version = self.session.get(ProposalVersion, (found.id, found.version))
        if version is None:
            return  # told as missing already
        worth = version.worth or {}
        columns = [
            (_same(found.geometry, version.geometry), "outline", "ranh"),
            (found.gained == (worth.get("newly_covered") or {}).get("all"), "number of children", "số trẻ"),
        ]
        content = version.content
        cost = worth["cost"] if worth.get("cost") is not None else content.get("cost")
        columns += [
            (found.name == content.get("name"), "name", "tên"),
            (found.parcel_id == content.get("parcel_id"), "parcel", "thửa đất"),
            (found.cost == cost, "cost", "kinh phí"),
        ]
        for right, en, vi in columns:
            if not right:
                self._say(name, f"{en} is not that of version {found.version}", f"{vi} khác bản {found.version}")

    def _versions(self) -> int:
        seen: set[tuple[str, int]] = set()
        for found in _all(self.session, ProposalVersion, ProposalVersion.proposal_id, ProposalVersion.version):
            seen.add((found.proposal_id, found.version))
            self._version(found)
        for proposal_id, log in self.told.proposals.items():
            for version in log.digests:
                if (proposal_id, version) not in seen:
                    self._say(f"proposal:{proposal_id}", f"version {version} is missing", f"thiếu bản {version}")
        return len(seen)

    def _version(self, found: ProposalVersion) -> None:
        name, log = f"proposal:{found.proposal_id}", self.told.proposals.get(found.proposal_id)
        logged = log.digests.get(found.version) if log else None
        if log is None or logged is None:
            en, vi = f"version {found.version} is not in the log", f"bản {found.version} không có trong nhật ký"
            self._say(name, en, vi)
            return
        if found.version in log.erased:
            self.erased += 1
            right = (
                not found.salt and stays_digest(found.content, found.geometry, found.worth) in log.erased[found.version]
            )
        else:
            right = not found.erased and content_digest(found.salt, found.content, found.geometry) == logged.digest
            if logged.worth:
                right = right and worth_digest(found.worth) == logged.worth
        right = right and found.digest == logged.digest and _near(found.at, logged.at)
        if logged.actor.startswith("user:"):
            right = right and logged.actor == f"user:{found.author_id}"
        if not right:
            self._say(name, f"version {found.version} was changed", f"bản {found.version} đã bị sửa")

    def _remarks(self) -> int:
        seen: set[int] = set()
        count = 0
        for found in _all(self.session, Remark, Remark.id):
            count += 1
            self._remark(found, found.audit_id in seen)
            seen.add(found.audit_id)
        for row, log in self.told.remarks.items():
            if row not in seen:
                self._say(
                    f"proposal:{log.proposal_id}",
                    f"the remark of row {row} is missing",
                    f"thiếu lời ghi của dòng {row} trong nhật ký",
                )
        return count

    def _remark(self, found: Remark, again: bool) -> None:
        log = self.told.remarks.get(found.audit_id)
        name = f"proposal:{found.proposal_id}"
        if log is None or again:
            en, vi = f"remark {found.id} is not in the log", f"lời ghi {found.id} không có trong nhật ký"
            self._say(name, en, vi)
            return
        same = (found.proposal_id, found.kind, found.from_state, found.to_state, found.internal)
        right = same == (log.proposal_id, log.kind, log.from_state, log.to_state, log.internal) and _near(
            found.at, log.at
        )
        if not found.salt and found.author_id in self.told.erased_people:
            self.erased += 1
            right = right and not found.text
        else:
            right = right and text_digest(found.salt, found.text) == log.digest
        if log.actor.startswith("user:"):
            right = right and log.actor == f"user:{found.author_id}"
        if not right:
            en = f"remark {found.id} (row {found.audit_id}) was changed"
            self._say(name, en, f"lời ghi {found.id} (dòng {found.audit_id}) đã bị sửa")

    def _attachments(self) -> None:
        """Every file that the log says was added is there, as removed or not as the log says; and no other."""
        for found in _all(self.session, Attachment, Attachment.id):
            log = self.told.attachments.pop(found.id, None)
            name = f"proposal:{found.proposal_id}"
            if log is None:
                self._say(name, f"file {found.id} is not in the log", f"tệp {found.id} không có trong nhật ký")
            elif (found.proposal_id, found.sha256) != (log.proposal_id, log.sha256 or found.sha256) or bool(
                found.removed
            ) != log.removed:
                self._say(name, f"file {found.id} was changed", f"tệp {found.id} đã bị sửa")
        for lost, log in self.told.attachments.items():
            self._say(f"proposal:{log.proposal_id}", f"file {lost} is missing", f"thiếu tệp {lost}")

    def _people(self) -> None:
        """An account is erased if and only if the log says so."""
        said = self.told.erased_people
        for found in self.session.scalars(select(User).where(User.erased.is_not(None))):
            if found.id not in said:
                self._say(
                    f"user:{found.id}",
                    "the account is erased, the log does not say so",
                    "tài khoản đã xoá mà nhật ký không ghi",
                )
        for user_id in said:
            one = self.session.get(User, user_id)
            if one is not None and (one.erased is None or one.email or one.password or one.subject):
                self._say(
                    f"user:{user_id}",
                    "the log says that the account was erased; it has data again",
                    "nhật ký ghi tài khoản đã xoá, nhưng lại có dữ liệu",
                )


def _all(session: Session, model: type[Any], *key: Any) -> Iterator[Any]:  # noqa: ANN401 - any table
    """Every row of a table by its key, a batch at a time, so that memory does not grow with the table."""
    after: Sequence[Any] | None = None
    while True:
        asked = select(model).order_by(*key).limit(BATCH)
        if after is not None:
            asked = asked.where(_beyond(key, after))
        batch = list(session.scalars(asked))
        yield from batch
        if len(batch) < BATCH:
            return
        after = [getattr(batch[-1], column.key) for column in key]
        session.expunge_all()


def _beyond(key: Sequence[Any], after: Sequence[Any]) -> Any:  # noqa: ANN401 - a condition
    return key[0] > after[0] if len(key) == 1 else tuple_(*key) > tuple_(*after)


def _near(there: datetime | None, said: datetime | None) -> bool:
    if there is None or said is None:
        return there is said
    return abs(there - said) <= SLACK


def _same(one: Any, two: Any) -> bool:  # noqa: ANN401 - shapely geometry
    return bool(shapely.to_wkb(one) == shapely.to_wkb(two))
