"""Naming: file names of an export."""

from __future__ import annotations

import hashlib
import re

from sanchoi.gis.names import fold

LONGEST = 60


def plain(text: str) -> str:
    """An id as part of a file name; two ids never share one."""
    made = re.sub(r"[^a-z0-9-]+", "-", fold(text)).strip("-")[:LONGEST]
    return made if made == text else f"{made}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
