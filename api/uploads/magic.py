"""Magic: what a file is by its first bytes. Its name decides nothing; nothing is opened before this."""

from __future__ import annotations

import re

from sanchoi.api.uploads.words import Refused

HEAD = 4_096
ZIP = b"PK\x03\x04"
_TEXT_SIGNS = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|link|meta|style|\?xml|img)\b", re.I
)


def _text(data: bytes) -> bytes:
    """The beginning of a text without its mark of order and spaces."""
    return data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()


def site(data: bytes) -> str:
    """Kind of a file of outlines: geojson, gpkg, zip, kml or dxf.

    Raises
    ------
    Refused : none of them.
    """
    if not data:
        raise Refused("empty")
    if data.startswith(b"SQLite format 3\x00"):
        # Offset 68: the application that the file is of. GP10 and GP11 name it by version, GPKG since.
        if data[68:72] in (b"GPKG", b"GP10", b"GP11"):
            return "gpkg"
    elif data.startswith(ZIP):
        return "zip"
    else:
        text = _text(data)
        if text.startswith((b"{", b"[")):
            return "geojson"
        if text.startswith(b"<") and re.search(rb"<(?:\w+:)?kml[\s>/]", data[:HEAD]):
            return "kml"
        if re.match(rb"(?:999\r?\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION\b", text):
            return "dxf"
    raise Refused("site_kind")


def photo(data: bytes) -> str:
    """Kind of a photo: JPEG, PNG or WEBP.

    Raises
    ------
    Refused : none of them.
    """
    if not data:
        raise Refused("empty")
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in (
        b"heic",
        b"heix",
        b"hevc",
        b"heim",
        b"heis",
        b"hevm",
        b"mif1",
        b"msf1",
        b"avif",
    ):
        raise Refused("heic")
    raise Refused("photo_kind")


def document(data: bytes) -> str:
    """Kind of a document: pdf, zip (which must turn out to be of an office) or text.

    Raises
    ------
    Refused : none of them, or a text with markup of web pages.
    """
    if not data:
        raise Refused("empty")
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(ZIP):
        return "zip"
    if data.startswith((b"MZ", b"\x7fELF", b"#!", b"\xd0\xcf\x11\xe0")):
        raise Refused("document_kind")
    plain = data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            plain = data.decode("utf-16").encode()
        except UnicodeError:
            raise Refused("document_kind") from None
    try:
        plain.decode()
    except UnicodeError:
        raise Refused("document_kind") from None
    if re.search(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]", plain):
        raise Refused("document_kind")
    if _TEXT_SIGNS.search(plain):
        raise Refused("markup")
    return "text"
