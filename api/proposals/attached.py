"""Attached: photos and documents of a proposal, added while it can be changed, listed, read and taken away.

The file is on the disk before its row is written; a row that could not be written leaves at worst a file that nobody refers to.
"""

from __future__ import annotations

from sanchoi.api import uploads
from sanchoi.api.accounts.actor import REVIEW, Actor
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk
from sanchoi.api.proposals.states import DRAFT, EDITABLE, STATES
from sanchoi.api.settings import Settings
from sanchoi.api.store import Attachment, Proposal, Store, trail
from sanchoi.api.store.models import now
from sanchoi.api.uploads import Kept, attachments
from sqlalchemy import func, select
from sqlalchemy.orm import Session

PHOTO, DOCUMENT = KINDS = ("photo", "document")
MOST = 20
"""Files of one proposal."""
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


def kind_of(data: bytes) -> str:
    """What a file is taken for when the sender does not say."""
    return PHOTO if data.startswith(PICTURES) else DOCUMENT


def add(
    store: Store, settings: Settings, actor: Actor, proposal_id: str, data: bytes, filename: str, kind: str
) -> Attachment:
    """Look at a file where it can do no harm, keep it, and put it with a proposal.

    Raises
    ------
    Problem : "unknown_id", "forbidden", "conflict" in a state that is not changed, "too_large" for too many; as `uploads.photo`.
    """
    with store.reading() as session:
        _open(session, actor, proposal_id)
    kept: Kept = (uploads.photo if kind == PHOTO else uploads.document)(data, filename, settings)
    sha256 = attachments.put(settings, kept)
    with store.session() as session:
        found = _open(session, actor, proposal_id)
        trail.lock(session)
        return put(session, actor, found, kind, filename, kept, sha256)


def put(
    session: Session, actor: Actor, found: Proposal, kind: str, filename: str, kept: Kept, sha256: str
) -> Attachment:
    """Put a file that is kept under `sha256` with a proposal, in the caller's transaction, with its audit row."""
    made = Attachment(
        proposal_id=found.id,
        author_id=actor.user_id,
        kind=kind,
        name=attachments.safe_name(filename, kept.extension),
        media_type=kept.media_type,
        size=len(kept.bytes),
        sha256=sha256,
    )
    session.add(made)
    session.flush()
    detail = {"attachment": made.id, "sha256": sha256, "size": made.size, "kind": kind}
    trail.note(session, actor.id, "attachment.add", f"proposal:{found.id}", detail)
    return made


def listed(session: Session, found: Proposal) -> list[Attachment]:
    """Files of a proposal, the oldest first."""
    mine = (Attachment.proposal_id == found.id) & Attachment.removed.is_(None)
    return list(session.scalars(select(Attachment).where(mine).order_by(Attachment.at, Attachment.id)))


def get(session: Session, actor: Actor, proposal_id: str, attachment_id: str) -> Attachment:
    """One file of a proposal that the actor may see whole.

    Raises
    ------
    Problem : "unknown_id".
    """
    found = desk.get(session, actor, proposal_id)
    plain = len(attachment_id) <= 32 and attachment_id.isalnum() and attachment_id.isascii()
    one = session.get(Attachment, attachment_id) if plain else None
    if one is None or one.proposal_id != found.id or one.removed is not None:
        short = attachment_id[:40]
        raise Problem("unknown_id", pairs={"message": (f"tệp {short}", f"file {short}")})
    return one


def remove(session: Session, actor: Actor, proposal_id: str, attachment_id: str) -> None:
    """Take a file away from a proposal; that it was there stays in the audit log.

    Raises
    ------
    Problem : as `get` and `add`.
    """
    found = _open(session, actor, proposal_id, adding=False)
    one = get(session, actor, proposal_id, attachment_id)
    trail.lock(session)
    one.removed = now()
    trail.note(
        session, actor.id, "attachment.remove", f"proposal:{found.id}", {"attachment": one.id, "sha256": one.sha256}
    )
    session.flush()


def _open(session: Session, actor: Actor, proposal_id: str, *, adding: bool = True) -> Proposal:
    """The proposal, if the actor may change its files now: proposers while they may edit it, reviewers once it is sent."""
    found = desk.get(session, actor, proposal_id)
    if not (actor.may(REVIEW) and found.state != DRAFT):
        desk.proposing(actor, found)
        if found.state not in EDITABLE:
            vi, en = STATES[found.state]
            message = (
                f"Đề xuất đang ở trạng thái “{vi}”, lúc này không thêm bớt tệp được.",
                f'The proposal is "{en}"; its files cannot be changed now.',
            )
            raise Problem("conflict", pairs={"message": message}, members={"state": found.state})
    mine = (Attachment.proposal_id == found.id) & Attachment.removed.is_(None)
    count = session.scalar(select(func.count()).select_from(Attachment).where(mine)) or 0
    if adding and count >= MOST:
        raise Problem("too_large", {"came": count + 1, "limit": MOST})
    return found
