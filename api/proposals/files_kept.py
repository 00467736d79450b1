"""Files kept: whether the bytes of the attachments are there, and still those that were added."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sanchoi.api.settings import Settings
from sanchoi.api.store import Attachment
from sanchoi.api.uploads import attachments
from sqlalchemy import select
from sqlalchemy.orm import Session

CHUNK = 1 << 20


def hashes(session: Session) -> list[str]:
    """Hashes of all attachments that are not removed, each once, in order."""
    asked = select(Attachment.sha256).where(Attachment.removed.is_(None)).distinct()
    return sorted(session.scalars(asked))


def faults(session: Session, settings: Settings, look_in: bool = True) -> list[str]:
    """Files that are missing or whose bytes are others, in words; `look_in`: read their bytes, which takes time."""
    told = []
    for sha256 in hashes(session):
        place = attachments.path(settings, sha256)
        found = None if place is None else digest(place) if look_in else sha256
        if found != sha256:
            told.append(f"attachment {sha256}: its file is {'missing' if found is None else 'changed'}")
    return told


def digest(path: Path) -> str | None:
    """SHA-256 of a file's bytes; None where it cannot be read."""
    seal = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                seal.update(piece)
    except OSError:
        return None
    return seal.hexdigest()
