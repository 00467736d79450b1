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


def small(line: str) -> str:
    """A line whose words in capitals are small where TCVN3 has not all of them; so are those beside them with other marks."""
    words = line.split(" ")
    lost = [not of(each)[1] for each in words]
    beside = [any(lost[max(at - 1, 0) : at + 2]) for at in range(len(words))]
    marked = [each.isupper() and not each.isascii() for each in words]
    lower = [lost[at] or (beside[at] and marked[at]) for at in range(len(words))]
    return " ".join(each.lower() if told else each for each, told in zip(words, lower, strict=True))


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
