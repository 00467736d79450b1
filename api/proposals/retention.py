"""Retention: takes away what need not be kept longer than some days. A dry run tells what would go."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path

from sanchoi.api.jobs.work import EXPORTS
from sanchoi.api.proposals import erasure
from sanchoi.api.proposals.states import DRAFT, WITHDRAWN
from sanchoi.api.settings import Settings
from sanchoi.api.store import (
    Attachment,
    Attempt,
    Invitation,
    Proposal,
    ProposalVersion,
    Remark,
    Replay,
    Session,
    Store,
    Token,
    trail,
)
from sanchoi.api.store.models import now
from sanchoi.api.uploads.attachments import FOLDER
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session as Database

ORPHAN_S = 86_400.0
"""A file of attachments that no row refers to may be one whose row is about to be written."""
LEAST_DAYS = 1


@dataclass(frozen=True)
class Swept:
    """How many of each went, or would go.

    `drafts`: never submitted and not touched since: withdrawn, what is personal in them and their files taken away.
    `files`: of attachments that were removed, or that nothing refers to. `exports`: zip files that jobs made.
    """

    attempts: int = 0
    sessions: int = 0
    invitations: int = 0
    tokens: int = 0
    replays: int = 0
    drafts: int = 0
    files: int = 0
    exports: int = 0

    @property
    def nothing(self) -> bool:
        """Whether there was nothing to do."""
        return not any(getattr(self, each.name) for each in fields(self))


def sweep(store: Store, settings: Settings, days: int, dry: bool) -> Swept:
    """Take away what is older than so many days.

    Parameters
    ----------
    dry : only count.
    """
    days = max(days, LEAST_DAYS)
    before = now() - timedelta(days=days)
    tables = {
        "attempts": (Attempt, Attempt.at < before),
        "sessions": (Session, Session.expires < now()),
        "invitations": (Invitation, Invitation.expires < before),
        "tokens": (Token, or_(Token.expires < before, Token.revoked < before)),
        "replays": (Replay, Replay.at < before),
    }
    with store.reading() if dry else store.session() as session:
        counts = {
            name: session.scalar(select(func.count()).select_from(model).where(old)) or 0
            for name, (model, old) in tables.items()
        }
        drafts = _drafts(session, before)
        kept = set(session.scalars(select(Attachment.sha256).where(Attachment.removed.is_(None))))
        aged = set(session.scalars(select(Attachment.sha256).where(Attachment.removed < before))) - kept
        known = set(session.scalars(select(Attachment.sha256)))
        if not dry:
            for model, old in tables.values():
                session.execute(delete(model).where(old))
            _end(session, settings, drafts)
    files = [
        each for each in _files(settings) if each.name in aged or (each.name not in known and _old(each, ORPHAN_S))
    ]
    exports = [each for each in (settings.data / EXPORTS).glob("*.zip") if _old(each, days * 86_400.0)]
    swept = Swept(**counts, drafts=len(drafts), files=len(files), exports=len(exports))
    if dry:
        return swept
    for each in (*files, *exports):
        each.unlink(missing_ok=True)
    if not swept.nothing:
        with store.session() as session:
            trail.note(session, "system", "retention.run", "service", {"days": days, **vars(swept)})
    erasure.settle(store)
    return swept


def _drafts(session: Database, before: object) -> list[Proposal]:
    """Proposals that were never submitted, not touched since, and of which something personal is left.

    Whoever adds a file or says something touches them too.
    """
    whole = select(ProposalVersion.proposal_id).where(ProposalVersion.erased.is_(None))
    mine = (
        Proposal.submitted.is_(None),
        Proposal.updated < before,
        Proposal.state.in_((DRAFT, WITHDRAWN)),
        Proposal.id.in_(whole),
        Proposal.id.not_in(select(Attachment.proposal_id).where(Attachment.at >= before)),
        Proposal.id.not_in(select(Remark.proposal_id).where(Remark.at >= before)),
    )
    return list(session.scalars(select(Proposal).where(*mine).order_by(Proposal.number)))


def _end(session: Database, settings: Settings, drafts: list[Proposal]) -> None:
    if not drafts:
        return
    erasure.overwriting(session)
    trail.lock(session)
    for each in drafts:
        if each.state == DRAFT:
            erasure.withdraw(session, each, erasure.REASONS["old"])
        versions = select(ProposalVersion).where(
            ProposalVersion.proposal_id == each.id, ProposalVersion.erased.is_(None)
        )
        erasure.empty(session, "system", list(session.scalars(versions.order_by(ProposalVersion.version))))
    ids = [each.id for each in drafts]
    erasure.drop(session, settings, "system", select(Attachment).where(Attachment.proposal_id.in_(ids)))


def _files(settings: Settings) -> Iterator[Path]:
    """Files of attachments, and halves of such that were never finished."""
    for each in (settings.data / FOLDER).glob("??/*"):
        if re.fullmatch(r"[0-9a-f]{64}|\.[0-9a-f]{64}\.[0-9a-f]{32}", each.name) and each.is_file():
            yield each


def _old(path: Path, seconds: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime > seconds
    except OSError:
        return False
