"""Uploads: files of outlines, photos and documents from anybody, read where they can do no harm."""

from __future__ import annotations

import builtins
import logging
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from sanchoi.api.uploads import magic, words
from sanchoi.api.uploads.limits import DEFAULT, Limits
from sanchoi.api.uploads.words import Pair, Refused

if TYPE_CHECKING:  # long to load, and the worker needs neither
    from sanchoi.api.problems import Problem
    from sanchoi.api.settings import Settings

__all__ = ["Kept", "Limits", "Site", "Sites", "document", "photo", "sites"]
log = logging.getLogger("sanchoi.refused")

MACRO_NAMES = (".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".xlam", ".pptm")
RUN_NAMES = (
    *(
        ".exe",
        ".com",
        ".dll",
        ".scr",
        ".msi",
        ".bat",
        ".cmd",
        ".ps1",
        ".vbs",
        ".js",
        ".jse",
        ".wsf",
        ".hta",
        ".jar",
        ".lnk",
    ),
    *(
        ".sh",
        ".py",
        ".php",
        ".html",
        ".htm",
        ".xhtml",
        ".mht",
        ".svg",
        ".svgz",
        ".xml",
        ".xsl",
        ".swf",
        ".url",
        ".reg",
        ".iso",
    ),
)
"""Endings that are refused whatever the file holds: those who load it down would run it or open it in a browser."""


@dataclass(frozen=True)
class Site:
    """A piece of land from a file. `geometry` : polygons in EPSG:4326. `crs` : of the file, as told."""

    geometry: Any
    properties: dict[str, str | int | float]
    layer: str
    crs: str


class Sites(list[Site]):
    """Sites of one file, with remarks on what was recognised or left out: (Vietnamese, English)."""

    def __init__(self, found: list[Site], remarks: list[Pair]) -> None:
        super().__init__(found)
        self.remarks = remarks


@dataclass(frozen=True)
class Kept:
    """A file to be kept. `width`, `height` : of a photo, pixels."""

    bytes: builtins.bytes
    media_type: str
    extension: str
    width: int | None = None
    height: int | None = None


def sites(
    data: bytes, filename: str, settings: Settings, assume_epsg: int | None = None, limits: Limits = DEFAULT
) -> Sites:
    """Outlines in a file: GeoJSON, GPKG, zipped Shapefile, KML, KMZ, DXF.

    Parameters
    ----------
    filename : as the sender names it; decides only whether a zip file is KMZ.
    assume_epsg : the user's word on the CRS, for files that name none.

    Raises
    ------
    Problem : bad_file, too_large, media; unavailable if too many files are being read.
    """
    try:
        _small(data, limits.site_bytes)
        kind = magic.site(data)
        if kind == "zip" and filename.lower().endswith(".kmz"):
            kind = "kmz"
        told, _ = _run(data, "sites", kind, settings, limits, assume_epsg)
        return _sites(told, limits)
    except Refused as refused:
        raise _problem("sites", refused, len(data), limits.site_bytes) from None


def photo(data: bytes, filename: str, settings: Settings, limits: Limits = DEFAULT) -> Kept:
    """A photo made anew as JPEG: upright, at most 1600 pixels long, without position, profile or comments.

    Raises
    ------
    Problem : as `sites`.
    """
    try:
        _small(data, limits.photo_bytes)
        told, made = _run(data, "photo", magic.photo(data), settings, limits)
        if not made.startswith(b"\xff\xd8\xff"):
            raise Refused("crash")
        return Kept(made, "image/jpeg", "jpg", int(told["width"]), int(told["height"]))
    except Refused as refused:
        raise _problem("photo", refused, len(data), limits.photo_bytes) from None


def document(data: bytes, filename: str, settings: Settings, limits: Limits = DEFAULT) -> Kept:
    """A document as it is: PDF, DOCX, XLSX, ODT or plain text.

    Raises
    ------
    Problem : as `sites`; also macros, programs and pages of the web.
    """
    from sanchoi.api.uploads.papers import KINDS

    try:
        _small(data, limits.document_bytes)
        ending = PurePosixPath(filename.replace("\\", "/").lower().rstrip(". ")).suffix
        if ending in MACRO_NAMES:
            raise Refused("macros")
        if ending in RUN_NAMES:
            raise Refused("document_kind")
        told, _ = _run(data, "document", magic.document(data), settings, limits)
        extension = str(told["extension"])
        return Kept(data, KINDS[extension], extension)
    except Refused as refused:
        raise _problem("document", refused, len(data), limits.document_bytes) from None


def _small(data: bytes, most: int) -> None:
    if len(data) > most:
        raise Refused("large", came=f"{len(data) / 1e6:.1f}")


def _run(
    data: bytes, what: str, kind: str, settings: Settings, limits: Limits, assume: int | None = None
) -> tuple[dict[str, Any], bytes]:
    from sanchoi.api.uploads import sandbox

    return sandbox.run(data, what, kind, settings.data / sandbox.FOLDER, limits, assume)


def _sites(told: dict[str, Any], limits: Limits) -> Sites:
    """Sites of a worker's answer; a worker that a file has taken over is not believed either."""
    import shapely

    found = []
    for each in told["sites"][: limits.features]:
        shape = shapely.from_wkb(str(each["wkb"]))
        if shape.geom_type not in ("Polygon", "MultiPolygon") or not shape.is_valid:
            raise Refused("crash")
        found.append(Site(shape, dict(each["properties"]), str(each["layer"]), str(each["crs"])))
    return Sites(found, [words.pair_of(each) for each in told["remarks"]])


def _problem(what: str, refused: Refused, size: int, most: int) -> Problem:
    """The problem that a refusal is, logged with its reason and size, and nothing of what the file holds."""
    from sanchoi.api.problems import Problem

    facts = {"what": what, "reason": refused.code, "bytes": size}
    log.warning("upload refused: %s, %s, %d bytes", what, refused.code, size, extra={"facts": facts})
    key, vi, en = words.REFUSALS.get(refused.code, words.REFUSALS["crash"])
    pair = words.told((vi, en), refused.values)
    name = {"too_large": "came", "media": "expected"}.get(key, "message")
    return Problem(key, {"limit": f"{most / 1e6:g} MB"}, {name: pair}, {"reason": refused.code})
