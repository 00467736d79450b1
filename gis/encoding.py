"""Text in TCVN3 (ABC fonts) or VNI, as it stands in old Shapefiles, MapInfo tables and drawings: to Unicode, and back for tests.

"Legacy text" is what a program shows that takes such bytes for Latin-1 or Windows-1252: "T©n Ch©u", "Taân Chaâu" for "Tân Châu".
TCVN3 is read with the capitals of TCVN 5712 VN1, which most files do not hold. A capitals font (.VnTimeH) shows small letters as
capitals: it changes no byte, so that "hµ néi" is decoded as "hà nội" whatever the map showed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

LEGACY = ("tcvn3", "vni")

_HIGH = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"  # 80–9F
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"  # A0–BF
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"  # C0–DF
    "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"  # E0–FF
)
_LOW = {1: "Ú", 2: "Ụ", 4: "Ừ", 5: "Ử", 6: "Ữ", 17: "Ứ", 18: "Ự", 19: "Ỳ", 20: "Ỷ", 21: "Ỹ", 22: "Ý", 23: "Ỵ"}
TCVN3 = {**_LOW, **{0x80 + i: letter for i, letter in enumerate(_HIGH)}}
"""Byte → letter, as in TCVN 5712 VN1; B0–B4 are combining marks."""

_MARKS = {"ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ù": "\u0301", "ï": "\u0323"}
_HATS = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVES = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}


def _pairs() -> dict[str, str]:
    """VNI: letter and mark → Vietnamese letter, in both cases."""
    found = {base + mark: base + tone for base in "aeouyôö" for mark, tone in _MARKS.items() if base + mark != "yï"}
    found |= {base + mark: base + "\u0302" + tone for base in "aeo" for mark, tone in _HATS.items()}
    found |= {"a" + mark: "a\u0306" + tone for mark, tone in _BREVES.items()}
    small = {
        key: unicodedata.normalize("NFC", _ALONE.get(value[0], value[0]) + value[1:]) for key, value in found.items()
    }
    small |= _ALONE
    return small | {key.upper(): value.upper() for key, value in small.items()}


VNI = _pairs()
"""One or two characters (Latin-1) → letter."""
_TO_VNI = {letter: text for text, letter in VNI.items()}
_TO_TCVN3 = {letter: chr(byte) for byte, letter in TCVN3.items() if not unicodedata.combining(letter)}
_COMBINING = {byte: letter for byte, letter in TCVN3.items() if unicodedata.combining(letter)}
_VNI = re.compile("|".join(sorted({re.escape(key) for key in VNI if len(key) == 2}, key=len)) + "|.", re.DOTALL)
_ANY_CASE = {key[0] + key[1].swapcase(): value for key, value in VNI.items() if len(key) == 2}
_WINDOWS = {
    bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


def to_bytes(text: str) -> bytes | None:
    """Bytes of a text that was taken for Latin-1 or Windows-1252; None = it holds letters that neither has."""
    found = bytearray()
    for letter in text:
        byte = ord(letter) if ord(letter) < 256 else _WINDOWS.get(letter)
        if byte is None:
            return None
        found.append(byte)
    return bytes(found)


def decode_tcvn3(text: str) -> str | None:
    """Legacy text as NFC; None = it is none (see `to_bytes`).

    The marks B0–B4 are joined to the letter before them where that gives a Vietnamese letter, else they stay: "m²" is m².
    """
    data = to_bytes(text)
    if data is None:
        return None
    found: list[str] = []
    for byte, letter in zip(data, text, strict=True):
        if byte in _COMBINING:
            whole = unicodedata.normalize("NFC", (found[-1] if found else "") + _COMBINING[byte])
            if found and whole in _TO_TCVN3:
                found[-1] = whole
            else:
                found.append(letter)
        else:
            found.append(TCVN3.get(byte, letter))
    return unicodedata.normalize("NFC", "".join(found))


def decode_vni(text: str) -> str | None:
    """Legacy text as NFC; None = it is none. A mark may stand in the other case than its letter; a mark without one stays."""
    if to_bytes(text) is None:
        return None
    found = _VNI_ALL.sub(lambda hit: VNI.get(hit[0]) or _ANY_CASE.get(hit[0]) or hit[0], text)
    return unicodedata.normalize("NFC", found)


_VNI_ALL = re.compile(
    "|".join(re.escape(key) for key in (*(key for key in VNI if len(key) == 2), *_ANY_CASE)) + "|.", re.DOTALL
)


def decode_utf8(text: str) -> str | None:
    """UTF-8 that was taken for Latin-1 or Windows-1252; None = it is none."""
    data = to_bytes(text)
    try:
        return None if data is None or data.isascii() else unicodedata.normalize("NFC", data.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def decode_cp1258(text: str) -> str | None:
    """Windows-1258 that was taken for Latin-1 or Windows-1252; None = it is none."""
    data = to_bytes(text)
    try:
        return None if data is None else unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        return None


def decode_plain(text: str) -> str:
    """Text that is in order, with composed letters."""
    return unicodedata.normalize("NFC", text)


DECODERS: dict[str, Callable[[str], str | None]] = {
    "unicode": decode_plain,
    "utf-8": decode_utf8,
    "tcvn3": decode_tcvn3,
    "vni": decode_vni,
    "cp1258": decode_cp1258,
}
"""Ways in which a text may be read."""


def decode(text: str, encoding: str) -> str | None:
    """Text as NFC; None = it cannot be read so. `encoding` : a key of `DECODERS`."""
    return DECODERS[encoding](text)


def encode(text: str, encoding: str) -> str:
    """Vietnamese text as legacy text.

    Raises
    ------
    ValueError : a character that the encoding does not have. KeyError : no such encoding.
    """
    table = {"tcvn3": _TO_TCVN3, "vni": _TO_VNI}[encoding]
    found = "".join(table.get(letter, letter) for letter in unicodedata.normalize("NFC", text))
    if decode(found, encoding) != unicodedata.normalize("NFC", text):
        raise ValueError(f"{text!r} cannot be written in {encoding}")
    return found
