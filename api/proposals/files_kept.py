"""Files kept: the bytes of attachments in the service's folder, under their SHA-256, two letters of it a folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sanchoi.api.settings import Settings
from sanchoi.api.store import Attachment
from sqlalchemy import select
from sqlalchemy.orm import Session

FOLDER = "attachments"
CHUNK = 1 << 20


def place(settings: Settings, sha256: str) -> Path:
    """Where the bytes of a hash lie."""
    return settings.data / FOLDER / sha256[:2] / sha256


def hashes(session: Session) -> list[str]:
    """Hashes of all attachments that are not removed, each once, in order."""
    asked = select(Attachment.sha256).where(Attachment.removed.is_(None)).distinct().order_by(Attachment.sha256)
    return list(session.scalars(asked))


def faults(session: Session, settings: Settings) -> list[str]:
    """Files that are missing or whose bytes are others, in words."""
    told = []
    for sha256 in hashes(session):
        found = digest(place(settings, sha256))
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
