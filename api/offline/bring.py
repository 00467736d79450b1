"""Bring: a proposal file of the offline form becomes a proposal, exactly once.

Which files have come is told by the audit log: each is a row `proposal.import` of its proposal, with the digest of what the file
said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from sanchoi.api import uploads
from sanchoi.api import worth as worths
from sanchoi.api.accounts.actor import PROPOSE, Actor
from sanchoi.api.library import Entry, Library
from sanchoi.api.models import Models
from sanchoi.api.offline.submission import Pair, Submission
from sanchoi.api.problems import Problem, of_error
from sanchoi.api.proposals import attached, desk, place
from sanchoi.api.proposals.attached import MOST, PHOTO, listed
from sanchoi.api.proposals.desk import Place
from sanchoi.api.proposals.states import EDITABLE, SUBMITTED
from sanchoi.api.settings import Settings
from sanchoi.api.store import AuditRow, Proposal, Store, trail
from sanchoi.api.uploads import Kept, attachments
from sanchoi.gis.errors import SanchoiError, UnknownId
from sqlalchemy import select
from sqlalchemy.orm import Session

ACTION = "proposal.import"
NEW, AGAIN, CHANGED, EDITED = "new", "again", "changed", "edited"
REASON = {"vi": "Gửi cùng lúc nhập tệp ngoại tuyến", "en": "Submitted when the offline file was imported"}
FIELDS: dict[str, Pair] = {
    "name": ("tên", "name"),
    "land_use": ("loại đất", "land use"),
    "owner": ("chủ sử dụng đất", "owner"),
    "backer": ("người/đơn vị đứng ra đề xuất", "who stands behind it"),
    "note": ("ghi chú", "note"),
    "cost": ("kinh phí", "cost"),
    "epsg": ("kinh tuyến trục", "zone"),
}


@dataclass(frozen=True)
class Outcome:
    """What became of a file.

    Attributes
    ----------
    kind : NEW, AGAIN (it had come before), CHANGED (it had, and says something else now), EDITED (which was put in).
    proposal_id, number, state, revision : of the proposal, None where the actor may not see it. at : when it first came.
    editable : whether what it says now can be put in. difference : what is different. remarks : what else should be known.
    worth : what was told of the land.
    """

    kind: str
    proposal_id: str | None = None
    number: int | None = None
    state: str = ""
    revision: int = 0
    at: str = ""
    editable: bool = False
    difference: tuple[Pair, ...] = ()
    remarks: tuple[Pair, ...] = ()
    worth: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Desk:
    """What files are brought to."""

    store: Store
    settings: Settings
    library: Library
    models: Models


@dataclass(frozen=True)
class _Judged:
    place: Place
    worth: Mapping[str, Any]
    photos: list[tuple[str, Kept, str]]
    remarks: list[Pair]


def bring(
    to: Desk,
    actor: Actor,
    sent: Submission,
    *,
    submit: bool = False,
    over: tuple[str | None, int] | None = None,
    language: str = "vi",
) -> Outcome:
    """Make a draft of a file, or say what became of it before.

    Parameters
    ----------
    submit : send the new proposal at once. over : revision of the proposal that what the file says now shall be put into.
    language : of the reason that stands with the sending.

    Raises
    ------
    Problem : "login", "forbidden" for another commune, "conflict" for a result that is not here; as `place`, `desk.create` and
        `desk.edit`.
    """
    actor.must(PROPOSE)
    with to.store.reading() as session:
        before = _before(session, actor, sent)
    if before is not None and (before.kind != CHANGED or over is None or over[0] not in (None, before.proposal_id)):
        return before
    judged = _judge(to, actor, sent)
    if before is not None and over is not None:
        return _edit(to, actor, sent, judged, str(before.proposal_id), over[1])
    with to.store.session() as session:
        made, fresh = desk.create(session, actor, judged.place, sent.content, judged.worth, origin=sent.origin)
        if fresh:
            _attach(session, actor, made, judged.photos)
            _note(session, actor, made, sent)
            if submit:
                made = desk.move(session, actor, made.id, made.revision, SUBMITTED, REASON[language])
            return _outcome(NEW, made, judged)
    with to.store.reading() as session:  # somebody sent the same file at the same moment
        found = _before(session, actor, sent)
    assert found is not None  # noqa: S101 - the unique origin is taken
    return found


def _before(session: Session, actor: Actor, sent: Submission) -> Outcome | None:
    """What a file that came before has become."""
    found = session.scalars(select(Proposal).where(Proposal.origin == sent.origin)).first()
    if found is None:
        return None
    rows = session.scalars(
        select(AuditRow)
        .where(AuditRow.object == f"proposal:{found.id}", AuditRow.action == ACTION)
        .order_by(AuditRow.id)
    ).all()
    at = rows[0].at if rows else found.created.isoformat()
    if not desk.sees(actor, found):
        return Outcome(AGAIN, at=at)
    same = any(json.loads(row.detail).get("file") == sent.digest for row in rows)
    difference = () if same else _difference(session, found, sent)
    return Outcome(
        AGAIN if same else CHANGED,
        found.id,
        found.number,
        found.state,
        found.revision,
        at,
        found.state in EDITABLE,
        difference,
    )


def _difference(session: Session, found: Proposal, sent: Submission) -> tuple[Pair, ...]:
    """What a file says otherwise than its proposal does now."""
    now = desk.current(session, found)
    said = sent.content.document()
    out = [words for key, words in FIELDS.items() if now.content.get(key) != said[key]]
    if not shapely.equals_exact(now.geometry, sent.content.geometry, 1e-9):
        out.append(("đường ranh", "outline"))
    if len(sent.photos) != sum(each.kind == PHOTO for each in listed(session, found)):
        out.append(("ảnh", "photos"))
    return tuple(out)


def _judge(to: Desk, actor: Actor, sent: Submission) -> _Judged:
    """Check a file against its result, as it is today."""
    try:
        entry = to.library.get(sent.result_id)
    except UnknownId as error:
        message = (
            f"Tệp này làm cho kết quả “{sent.result_id[:60]}”, hệ thống này không có. Hãy nộp vào đúng hệ thống đã phát tờ khai.",
            f'The file was made for the result "{sent.result_id[:60]}", which is not here. Hand it in where the form came from.',
        )
        raise Problem("conflict", pairs={"message": message}) from error
    model = to.models.get(entry)
    home = place.place(entry, model, actor, sent.content.geometry)
    remarks = _remarks(entry, sent, home)
    said = sent.content
    land = {
        "geometry": shapely.geometry.mapping(said.geometry),
        "land_use": said.land_use or None,
        "owner": said.owner or None,
        "cost": said.cost,
    }
    worth = worths.worth(entry, model, land)
    photos = []
    for n, each in enumerate(sent.photos, 1):
        name = each.name or f"{n}.jpg"
        try:
            kept = uploads.photo(each.data, name, to.settings)
        except Problem as problem:
            if problem.key == "unavailable":
                raise
            vi, en = (problem.told(code, "")["detail"] for code in ("vi", "en"))
            remarks.append((f"Ảnh {name} không nhận được: {vi}", f"Photo {name} was left out: {en}"))
            continue
        photos.append((name, kept, attachments.put(to.settings, kept)))
    return _Judged(home, worth, photos, remarks)


def _remarks(entry: Entry, sent: Submission, home: Place) -> list[Pair]:
    out: list[Pair] = []
    if sent.etag != entry.etag:
        out.append(
            (
                "Kết quả đã được tính lại từ khi làm tờ khai; câu trả lời dưới đây theo kết quả mới.",
                "The result was worked out anew since the form was made; the answer is by the new one.",
            )
        )
    if sent.commune_id is not None and sent.commune_id != home.commune_id:
        out.append(
            (
                f"Tệp ghi xã {sent.commune_id[:60]}, nhưng khu đất nằm ở xã {home.commune_id}; đề xuất được ghi cho xã "
                f"{home.commune_id}.",
                f"The file names commune {sent.commune_id[:60]}, but the land lies in {home.commune_id}, for which it is "
                f"put down.",
            )
        )
    return out


def _edit(to: Desk, actor: Actor, sent: Submission, judged: _Judged, proposal_id: str, revision: int) -> Outcome:
    with to.store.session() as session:
        found = desk.edit(session, actor, proposal_id, revision, judged.place, sent.content, judged.worth)
        had = listed(session, found)
        known = {each.sha256 for each in had}
        fresh = [each for each in judged.photos if each[2] not in known]
        if len(had) + len(fresh) > MOST:
            message = (
                f"Đề xuất đã đủ {MOST} tệp; các ảnh mới không được thêm.",
                f"The proposal has {MOST} files; no photo was added.",
            )
            judged.remarks.append(message)
            fresh = []
        _attach(session, actor, found, fresh)
        _note(session, actor, found, sent)
        return _outcome(EDITED, found, judged)


def _attach(session: Session, actor: Actor, found: Proposal, photos: list[tuple[str, Kept, str]]) -> None:
    """Put photos with a proposal, in the transaction that makes or changes it: a file is never half brought in."""
    for name, kept, sha256 in photos:
        attached.put(session, actor, found, PHOTO, name, kept, sha256)


def _note(session: Session, actor: Actor, found: Proposal, sent: Submission) -> None:
    detail = {"file": sent.digest, "revision": found.revision, "version": found.version}
    trail.note(session, actor.id, ACTION, f"proposal:{found.id}", detail)


def _outcome(kind: str, found: Proposal, judged: _Judged) -> Outcome:
    return Outcome(
        kind,
        found.id,
        found.number,
        found.state,
        found.revision,
        found.created.isoformat(),
        found.state in EDITABLE,
        (),
        tuple(judged.remarks),
        judged.worth,
    )


def problem_of(error: Problem | SanchoiError) -> Problem:
    """The problem that an error is."""
    return error if isinstance(error, Problem) else of_error(error)
