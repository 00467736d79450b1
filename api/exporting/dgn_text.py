"""Texts of a DGN V7 file, whose letters are bytes: TCVN3, as the fonts of Vietnamese cadastral drawings have it."""

from __future__ import annotations

import unicodedata

from sanchoi.gis import encoding

UNKNOWN = "?"


def of(text: str) -> tuple[bytes, bool]:
    """Bytes of a line, and whether all of it is there: capitals with a tone become small, what TCVN3 has not becomes "?"."""
    out = bytearray()
    whole = True
    for letter in unicodedata.normalize("NFC", text):
        byte = _byte(letter)
        if byte is None:
            whole = False
            byte = _byte(letter.lower()) if len(letter.lower()) == 1 else None
        out.append(ord(UNKNOWN) if byte is None else byte)
    return bytes(out), whole


def _byte(letter: str) -> int | None:
    if " " <= letter <= "~":
        return ord(letter)
    try:
        found = encoding.encode(letter, "tcvn3")
    except ValueError:
        return None
    fits = len(found) == 1 and 0xA1 <= ord(found) <= 0xFF
    toned = letter.isupper() and letter not in "ĂÂÊÔƠƯĐ"  # fonts have no capitals with a tone
    return ord(found) if fits and letter.isalpha() and not toned else None
