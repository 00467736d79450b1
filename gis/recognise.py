"""How the text of a column was encoded: told by its own words, not by the code page that a file declares.

A word witnesses for a reading when it is a Vietnamese syllable in that reading and in no other. Columns in which two readings have
witnesses are mixed; columns without any witness say nothing. Neither is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sanchoi.gis.encoding import DECODERS, decode, decode_plain, to_bytes
from sanchoi.gis.syllables import is_syllable

SPLIT = re.compile(r"[\x00\x03\x07-\x10\x18-@\[-`{-\x7f]+")
"""What stands between words in any reading: signs and digits of ASCII, and controls that are no letter of TCVN3."""
MIXED_WORDS, MIXED_SHARE = 2, 0.05
"""A second reading with at least so many witnesses, and this share of those of the first, makes a column mixed."""
EXPLAINED = 0.5
"""A column is decoded when at least this share of its accented words are syllables in the reading taken."""
NO_LETTERS = frozenset("¡¢£¤¥¦§¨©«¬\u00ad®¯°±²³´µ¶·¸¹»¼½¾¿×÷ßÞþ")
"""Signs of Latin-1, and letters of the north, that stand in a word of Vietnam only where its encoding was mistaken."""
SPARE = frozenset(
    (*range(0x20), *range(0x80, 0xA0), 0xAF, 0xBA, *range(0xBF, 0xC6), 0xCD, 0xD9, 0xDA, 0xDB, 0xE0, 0xF0, 0xFF)
)
"""Bytes that TCVN 5712 VN1 gives to capitals with tones, and ABC fonts to nothing."""
WORDS = 50_000


@dataclass(frozen=True)
class Verdict:
    """What the words of a column say.

    Attributes
    ----------
    reading : key of `encoding.DECODERS`; "unicode" = in order as it is. "" = accented words, and they fit several.
    rival : a second reading that has witnesses too; "" = none. words : different words with accents, or what stands for them.
    witnesses : words that only one reading explains, by reading.
    """

    reading: str
    rival: str
    words: int
    witnesses: dict[str, int]
    example: str = ""


def words(text: str) -> list[str]:
    """Words of a text that are not plain ASCII."""
    if text.isascii() and text.isprintable():
        return []
    return [word for word in SPLIT.split(text) if word and not (word.isascii() and word.isalpha())]


@lru_cache(maxsize=100_000)
def readings(word: str) -> tuple[str, ...]:
    """Readings in which a word is a Vietnamese syllable."""
    if len(word) == 1:  # a sign that stands alone may be just that
        return ()
    found = [name for name, read in DECODERS.items() if (text := read(word)) is not None and is_syllable(text)]
    if "unicode" in found and "tcvn3" in found and not SPARE.isdisjoint(to_bytes(word) or b""):
        found.remove("tcvn3")  # ABC fonts have none of those capitals: "Hà" is Hà, not HỔ
    return tuple(found)


def judge(values: Iterable[str]) -> Verdict:
    """Say how the texts of a column were encoded."""
    seen: dict[str, str] = {}
    for value in values:
        for word in words(value):
            seen.setdefault(word, value)
        if len(seen) >= WORDS:
            break
    fits = {word: readings(word) for word in seen}
    count = {name: sum(found == (name,) for found in fits.values()) for name in DECODERS}
    order = sorted(DECODERS, key=lambda name: -count[name])
    first, second = order[0], order[1]
    if not count[first]:
        several = next((word for word, found in fits.items() if len(found) > 1), None)
        reading = "unicode" if several is None or not _is_doubtful(fits) else ""
        return Verdict(reading, "", len(seen), {}, seen[several] if several is not None and not reading else "")
    witnesses = {name: count[name] for name in order if count[name]}
    if count[second] >= max(MIXED_WORDS, MIXED_SHARE * count[first]):
        example = next(seen[word] for word, found in fits.items() if found == (second,))
        return Verdict(first, second, len(seen), witnesses, example)
    example = next(seen[word] for word, found in fits.items() if found == (first,))
    if first == "unicode":
        return Verdict("unicode", "", len(seen), witnesses, example)
    explained = sum(first in found for found in fits.values())
    strange = any(found == (first,) and not NO_LETTERS.isdisjoint(word) for word, found in fits.items())
    if explained < EXPLAINED * len(seen) or (count[first] < MIXED_WORDS and not strange):
        return Verdict("", "", len(seen), witnesses, example)
    return Verdict(first, "", len(seen), witnesses, example)


def _is_doubtful(fits: dict[str, tuple[str, ...]]) -> bool:
    """Whether words without a witness may well be legacy text: most of them are syllables in some reading."""
    return sum(bool(found) for found in fits.values()) >= EXPLAINED * len(fits)


def read(value: str, reading: str) -> tuple[str, str]:
    """A value as NFC, and the reading taken: `reading`, unless more of its words are syllables in another one."""
    found = words(value)
    plain = decode_plain(value)
    if not found:
        return plain, reading
    score = {name: sum(name in readings(word) for word in found) for name in DECODERS}
    best = max(DECODERS, key=lambda name: (score[name], name == reading, name == "unicode"))
    text = decode(value, best)
    if text is None:  # not all of it can be read so: it is Unicode already
        return plain, "unicode"
    return text, best
