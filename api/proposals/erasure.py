"""Erasure: takes a person's data away, and leaves what planning and the record need. The audit log still verifies.

Gone: name, login, e-mail, password, sessions, keys; of what they wrote: owner, who stands behind it, note, and the texts of their
remarks; their files. Left: names, outlines and worth of sites, states, times, and the digests. The log tells what was erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanchoi.api.accounts import register, throttle
from sanchoi.api.accounts.actor import ADMINISTER, ADMINISTRATOR, COMMUNE, SYSTEM, Actor
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk
from sanchoi.api.proposals.replay import stays_digest
from sanchoi.api.proposals.states import DRAFT, WITHDRAWN
from sanchoi.api.settings import Settings
from sanchoi.api.store import Attachment, Invitation, Proposal, ProposalVersion, Remark, Replay, Store, Token, trail
from sanchoi.api.store.models import now
from sanchoi.api.uploads import attachments
from sqlalchemy import delete, event, select, text
from sqlalchemy.orm import Session

PERSONAL = ("owner", "backer", "note")
"""Of the content of a proposal, what may tell of a person."""
SHORTEST = 4
"""A text of at least so many characters is also looked for in what was told of the site."""
REASONS = {
    "erased": "Người lập đã xoá dữ liệu cá nhân; bản nháp được rút. · The author's data were erased; the draft is withdrawn.",
    "old": "Bản nháp để quá hạn lưu giữ nên được rút. · The draft was kept longer than drafts are; it is withdrawn.",
}


@dataclass(frozen=True)
class Erased:
    """What was taken away."""

    versions: int
    remarks: int
    files: int
    drafts: int


def erase(session: Session, settings: Settings, actor: Actor, user_id: str) -> Erased:
    """Take a person's data away, for good; files go when the session is committed.

    Raises
    ------
    Problem : "forbidden", "not_found", "conflict" for the only administrator or one who is erased already.
    """
    if actor != SYSTEM:
        actor.must(ADMINISTER)
    overwriting(session)
    register.lock(session)
    user = register.get(session, user_id)
    if user.erased is not None:
        words = ("Dữ liệu của người này đã xoá rồi.", "This person's data were erased before.")
        raise Problem("conflict", pairs={"message": words})
    if user.role == ADMINISTRATOR and user.active and register.administrators(session) <= 1:
        words = (
            "Đây là người quản trị duy nhất; hãy giao quyền quản trị cho người khác trước.",
            "This is the only administrator; make another one first.",
        )
        raise Problem("conflict", pairs={"message": words})
    trail.lock(session)
    drafts = list(session.scalars(select(Proposal).where(Proposal.author_id == user_id, Proposal.state == DRAFT)))
    remarks = list(session.scalars(select(Remark).where(Remark.author_id == user_id, Remark.salt != "")))
    for remark in remarks:
        remark.text = remark.salt = ""
    for draft in drafts:
        withdraw(session, draft, REASONS["erased"])
    mine = select(ProposalVersion).where(ProposalVersion.author_id == user_id, ProposalVersion.erased.is_(None))
    versions = list(session.scalars(mine.order_by(ProposalVersion.proposal_id, ProposalVersion.version)))
    empty(session, actor.id, versions)
    files = drop(session, settings, actor.id, select(Attachment).where(Attachment.author_id == user_id))
    tokens = list(session.scalars(select(Token.id).where(Token.user_id == user_id)))
    names = [f"user:{user_id}", *(f"token:{each}" for each in tokens)]
    session.execute(delete(Replay).where(Replay.actor.in_(names)))
    session.execute(delete(Invitation).where(Invitation.user_id == user_id))
    session.execute(delete(Token).where(Token.user_id == user_id))
    throttle.forget(session, [user.login])
    register.turn(session, user)  # ends the sessions
    user.login, user.name, user.email = f"erased-{user_id[:12]}", "–", ""
    user.password = user.subject = None
    user.active, user.erased = False, now()
    made = Erased(len(versions), len(remarks), files, len(drafts))
    trail.note(session, actor.id, "user.erase", f"user:{user_id}", vars(made))
    session.flush()
    return made


def empty(session: Session, by: str, versions: list[ProposalVersion]) -> None:
    """Take what is personal from versions, and tell the log the digest of what is left of each."""
    told: dict[str, dict[str, str]] = {}
    for each in versions:
        lost = [value for key in PERSONAL if isinstance(value := each.content.get(key), str) and len(value) >= SHORTEST]
        each.content = {key: "" if key in PERSONAL else value for key, value in each.content.items()}
        each.worth = None if each.worth is None else _without(each.worth, lost)
        each.salt, each.erased = "", now()
        told.setdefault(each.proposal_id, {})[str(each.version)] = stays_digest(each.content, each.geometry, each.worth)
    session.flush()
    for proposal_id, digests in told.items():
        trail.note(session, by, "proposal.erase", f"proposal:{proposal_id}", {"versions": digests})


def drop(session: Session, settings: Settings, by: str, asked: Any) -> int:  # noqa: ANN401 - a select of attachments
    """Take files and their names away; how many. Bytes that another proposal has too stay."""
    found = list(session.scalars(asked.order_by(Attachment.id)))
    for each in found:
        each.name = ""
        if each.removed is None:
            each.removed = now()
            detail = {"attachment": each.id, "sha256": each.sha256}
            trail.note(session, by, "attachment.remove", f"proposal:{each.proposal_id}", detail)
    session.flush()
    hashes = sorted({each.sha256 for each in found})
    held = set(
        session.scalars(select(Attachment.sha256).where(Attachment.sha256.in_(hashes), Attachment.removed.is_(None)))
    )

    def gone(_: Session) -> None:
        for sha256 in hashes:
            if sha256 not in held:
                attachments.delete(settings, sha256)

    event.listen(session, "after_commit", gone, once=True)
    return len(found)


def withdraw(session: Session, draft: Proposal, reason: str) -> None:
    """Withdraw a draft in the name of the service."""
    author = Actor(
        SYSTEM.id,
        draft.author_id,
        role=COMMUNE,
        communes=frozenset({draft.commune_id}),
        vintage=draft.vintage,
    )
    desk.move(session, author, draft.id, draft.revision, WITHDRAWN, reason)


def settle(store: Store) -> None:
    """Let what was overwritten also leave the write-ahead log of SQLite, as far as nobody is reading."""
    if store.is_sqlite:
        with store.engine.connect() as connection:
            connection.rollback()
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def overwriting(session: Session) -> None:
    """On SQLite what is deleted is overwritten with zeros; PostgreSQL does so when it vacuums."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete = ON"))


def _without(told: Any, lost: list[str]) -> Any:  # noqa: ANN401 - JSON
    """JSON values in which some texts no longer stand."""
    if isinstance(told, str):
        for each in lost:
            told = told.replace(each, "…")
        return told
    if isinstance(told, Mapping):
        return {key: _without(value, lost) for key, value in told.items()}
    if isinstance(told, list):
        return [_without(each, lost) for each in told]
    return told
