"""Texts in a PNG: what a picture says of itself, beside what is drawn on it."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sanchoi.api.exporting.imprint import Imprint

HEAD = 33
"""Bytes of the signature and of IHDR, after which texts may stand."""


def marked(png: bytes, imprint: Imprint) -> bytes:
    """The same picture with its title and description, by the keywords of the PNG specification (11.3.3.2)."""
    told = {"Title": imprint.title, "Description": imprint.text, "Software": imprint.record["written_by"]}
    return png[:HEAD] + b"".join(_chunk(name, text) for name, text in told.items()) + png[HEAD:]


def _chunk(name: str, text: str) -> bytes:
    """An iTXt chunk: UTF-8, not compressed."""
    body = b"iTXt" + name.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8", "replace")
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
