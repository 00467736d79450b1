"""Archives: members of a zip file, unpacked in memory and counted while they come; names are compared, never used as paths."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib

from sanchoi.api.uploads.limits import Limits
from sanchoi.api.uploads.words import Refused

NESTED = (".zip", ".kmz", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".gpkg", ".docx", ".xlsx")
STEP = 1 << 16


def members(data: bytes, limits: Limits, folders: bool = False, nested: bool = False) -> list[zipfile.ZipInfo]:
    """Members of a zip file whose names are harmless.

    Parameters
    ----------
    folders : plain folders in names are allowed, as offices and Google Earth write them. nested : archives too: none is opened.

    Raises
    ------
    Refused : too many, a path, a link, a password, an archive in it, a name twice.
    """
    if data.count(b"PK\x01\x02") > 10 * limits.entries:
        raise Refused("entries", most=limits.entries)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise Refused("broken", kind="zip", why="") from None
    if len(found) > limits.entries:
        raise Refused("entries", most=limits.entries)
    seen: set[str] = set()
    for each in found:
        _check(each, folders)
        if not nested and each.filename.casefold().endswith(NESTED):
            raise Refused("nested", came=short(each.filename))
        name = each.filename.casefold()
        if name in seen:
            raise Refused("twice", came=short(each.filename))
        seen.add(name)
    return found


def _check(member: zipfile.ZipInfo, folders: bool) -> None:
    name = member.orig_filename
    came = short(name)
    parts = name.replace("\\", "/").split("/")
    away = name.startswith(("/", "\\")) or ":" in name or "\x00" in name or ".." in parts or "\\" in name
    if away or (not folders and len(parts) > 1):
        raise Refused("path", came=came)
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Refused("link", came=came)
    if member.flag_bits & 0x41:
        raise Refused("locked")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("method")


def unpack(data: bytes, wanted: list[zipfile.ZipInfo], limits: Limits) -> dict[str, bytes]:
    """Unpack members, by name, and stop as soon as they grow too large: what the file says of its sizes is not believed.

    Raises
    ------
    Refused : too much in all, or of too little; broken.
    """
    out, whole, packed = {}, 0, 0
    for member in wanted:
        parts: list[bytes] = []
        own = 0
        packed += max(member.compress_size, 1)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(member) as source:
                while part := source.read(STEP):
                    own += len(part)
                    whole += len(part)
                    much = whole > limits.ratio_from and whole > limits.ratio * min(packed, len(data))
                    if whole > limits.inflated_bytes or much:
                        raise Refused("inflates", most=limits.inflated_bytes // 1_000_000, ratio=f"{limits.ratio:g}")
                    parts.append(part)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            raise Refused("broken", kind="zip", why="") from None
        if own and b"".join(parts[:1]).startswith((b"PK\x03\x04", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")):
            raise Refused("nested", came=short(member.filename))
        out[member.filename] = b"".join(parts)
    return out


def short(name: str) -> str:
    """A name as it is quoted."""
    name = "".join(letter if letter.isprintable() else "?" for letter in name)
    return name if len(name) <= 60 else name[:59] + "…"
