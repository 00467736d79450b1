"""Keys: secrets that nobody guesses. The database holds only their hashes."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

BYTES = 32
TOKEN = "sc_"
"""A token begins with it, so that one which got into a file or a log is found."""
_SHAPE = re.compile(r"[A-Za-z0-9_-]{20,100}")


def make(prefix: str = "") -> str:
    """A new secret of 256 bits, as it stands in a cookie or a link."""
    return prefix + secrets.token_urlsafe(BYTES)


def digest(secret: str) -> str:
    """The hash under which a secret is looked up."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def shaped(text: str) -> bool:
    """Whether a text can be a secret of ours at all; nothing else is looked for in the database."""
    return _SHAPE.fullmatch(text) is not None


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, told in the same time whatever they are."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
