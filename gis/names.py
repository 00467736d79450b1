"""Names: Vietnamese text compared as people read it.

The same name is often stored in two ways: composed or decomposed letters, and the tone mark on either vowel ("Hoà", "Hòa").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Combining grave, acute, tilde, hook above, dot below: the five tone marks."""


def nfc(text: str) -> str:
    """Text with composed letters (Unicode NFC) and single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Text without accents, in lower case: "Hòa Phú" → "hoa phu". For search, not for identity."""
    plain = unicodedata.normalize("NFD", nfc(text).casefold().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def key(text: str) -> str:
    """Text in which it does not matter on which vowel a syllable bears its tone mark: "Hoà" and "Hòa" give one key."""
    words = []
    for word in unicodedata.normalize("NFD", nfc(text).casefold()).split():
        tone = "".join(sorted(letter for letter in word if letter in TONES))
        words.append("".join(letter for letter in word if letter not in TONES) + tone)
    return " ".join(words)


def explain_mismatch(missing: Sequence[str], spare: Sequence[str]) -> str:
    """Say which missing ids stand among the spare ones in another spelling; "" when none does."""
    told: list[str] = []
    for how, same in (("tone mark on another vowel", key), ("other accents or capitals", fold)):
        by_key: dict[str, list[str]] = {}
        for text in spare:
            by_key.setdefault(same(text), []).append(text)
        for text in missing:
            twins = by_key.get(same(text), [])
            if len(twins) == 1 and not any(f'"{text}"' in line for line in told):
                told.append(f'"{text}" is written "{twins[0]}" in the table ({how})')
    return "; ".join(told[:10])
