"""Documents: recognised by what they hold and kept as they are; never drawn, run or opened beyond their list of contents."""

from __future__ import annotations

import re
from dataclasses import replace

from sanchoi.api.uploads import archive
from sanchoi.api.uploads.limits import Limits
from sanchoi.api.uploads.words import Refused

KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain; charset=utf-8",
}
ENTRIES = 2_000
MACROS = re.compile(
    r"vbaproject|vbadata|(?:^|/)(?:basic|scripts|macrosheets|activex)/|\.(?:exe|dll|js|vbs|bat|cmd|scr|ps1|jar)$", re.I
)
TYPES = "[Content_Types].xml"


def kind(data: bytes, first: str, limits: Limits) -> str:
    """Extension of a document.

    Parameters
    ----------
    first : its kind by its first bytes.

    Raises
    ------
    Refused : it is none that is kept, or carries macros.
    """
    if first != "zip":
        return {"pdf": "pdf", "text": "txt"}[first]
    members = archive.members(data, replace(limits, entries=ENTRIES), folders=True, nested=True)
    names = {each.filename: each for each in members}
    if any(MACROS.search(name) for name in names):
        raise Refused("macros")
    if TYPES in names:
        types = archive.unpack(data, [names[TYPES]], limits)[TYPES].lower()
        if b"macroenabled" in types or b"vbaproject" in types:
            raise Refused("macros")
        for extension, part in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")):
            if part in names:
                return extension
    if "mimetype" in names:
        said = archive.unpack(data, [names["mimetype"]], limits)["mimetype"]
        if said.strip().decode("ascii", "replace") == KINDS["odt"]:
            return "odt"
    raise Refused("document_kind")
