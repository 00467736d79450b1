"""Replay: what the rows of the audit log lead to, and the digests that stand in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import shapely
from sanchoi.api.proposals.states import DRAFT, MOVES, SUBMITTED
from sanchoi.api.store import AuditRow


@dataclass(frozen=True)
class Version:
    """A version as the log has it; `worth` is empty in rows that do not tell its digest."""

    digest: str
    worth: str
    actor: str
    at: datetime | None


@dataclass(frozen=True)
class Said:
    """A remark as the log has it."""

    proposal_id: str
    kind: str
    digest: str
    from_state: str
    to_state: str
    internal: bool
    actor: str
    at: datetime | None


@dataclass
class Added:
    """An attachment as the log has it."""

    proposal_id: str
    sha256: str
    removed: bool = False


@dataclass
class Course:
    """What the log leads to for one proposal. `erased`: by version, digests of what was left, one for each time."""

    commune: str = ""
    state: str = DRAFT
    revision: int = 0
    public: bool = False
    submitted: datetime | None = None
    digests: dict[int, Version] = field(default_factory=dict)
    erased: dict[int, list[str]] = field(default_factory=dict)


@dataclass
class Told:
    """What the whole log leads to. `remarks`: by the number of their row. `faults`: object, English, Vietnamese."""

    proposals: dict[str, Course] = field(default_factory=dict)
    remarks: dict[int, Said] = field(default_factory=dict)
    attachments: dict[str, Added] = field(default_factory=dict)
    erased_people: set[str] = field(default_factory=set)
    faults: list[tuple[str, str, str]] = field(default_factory=list)


def replay(rows: Iterable[AuditRow]) -> Told:
    """Go through the rows in order."""
    told = Told()
    for row in rows:
        try:
            detail = json.loads(row.detail)
            _step(told, row, detail)
        except (ValueError, LookupError, TypeError, AttributeError):
            told.faults.append(
                (row.object, f"row {row.id} cannot be read", f"không đọc được dòng {row.id} của nhật ký")
            )
    return told


def _step(told: Told, row: AuditRow, detail: Mapping[str, Any]) -> None:
    kind, _, key = row.object.partition(":")
    noun, _, verb = row.action.partition(".")
    if row.action == "user.erase":
        told.erased_people.add(key)
    if kind != "proposal":
        return
    if noun == "attachment":
        _attachment(told, key, verb, detail)
        return
    if noun != "proposal":
        return
    if verb == "create":
        told.proposals[key] = Course(commune=str(detail.get("commune", "")))
    course = told.proposals[key]
    at = datetime.fromisoformat(row.at)
    if verb in ("create", "edit"):
        version = int(detail.get("version", 1))
        course.digests[version] = Version(detail["digest"], detail.get("worth", ""), row.actor, at)
    elif verb in ("state", "public", "comment"):
        said = Said(
            key,
            verb,
            detail["text"],
            detail.get("from", ""),
            detail.get("to", ""),
            bool(detail.get("internal", False)),
            row.actor,
            at,
        )
        told.remarks[row.id] = said
        _moved(told, course, row, said)
    elif verb == "erase":
        for version, digest in detail["versions"].items():
            course.erased.setdefault(int(version), []).append(digest)
        return
    if "revision" in detail:
        course.revision = int(detail["revision"])


def _moved(told: Told, course: Course, row: AuditRow, said: Said) -> None:
    if said.kind == "public":
        course.public = said.to_state == "public"
    if said.kind != "state":
        return
    if said.from_state != course.state or (said.from_state, said.to_state) not in MOVES:
        told.faults.append(
            (
                row.object,
                f"row {row.id}: there is no way from {course.state} to {said.to_state}",
                f"dòng {row.id}: không thể chuyển từ {course.state} sang {said.to_state}",
            )
        )
    course.state = said.to_state
    if said.to_state == SUBMITTED:
        course.submitted = said.at


def _attachment(told: Told, proposal_id: str, verb: str, detail: Mapping[str, Any]) -> None:
    name = str(detail["attachment"])
    if verb == "add":
        told.attachments[name] = Added(proposal_id, str(detail.get("sha256", "")))
    elif verb == "remove":
        told.attachments[name].removed = True


def content_digest(salt: str, content: Mapping[str, Any], geometry: Any) -> str:  # noqa: ANN401 - shapely geometry
    """Of a version, as `desk` makes it."""
    return _sealed([salt, dict(content), shapely.to_wkb(geometry, hex=True)])


def worth_digest(worth: Mapping[str, Any] | None) -> str:
    """Of what was told of a site."""
    return _sealed(worth)


def stays_digest(content: Mapping[str, Any], geometry: Any, worth: Mapping[str, Any] | None) -> str:  # noqa: ANN401
    """Of what erasing a person leaves of a version: nothing of it is personal."""
    return _sealed([dict(content), shapely.to_wkb(geometry, hex=True), worth])


def text_digest(salt: str, text: str) -> str:
    """Of a remark, as `desk` makes it."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def _sealed(told: object) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
