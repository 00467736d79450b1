"""Projections: the coordinate system that a file names, or that the user does; one is never guessed."""

from __future__ import annotations

import re

import pyproj
from sanchoi.api.uploads.shapes import plain
from sanchoi.api.uploads.words import Refused

WKT_CHARS = 10_000
FILES = re.compile(r"grids|extension|\+init|@|https?:|file:|/|\\", re.I)
"""What a text must not hold: names of files or addresses that PROJ would look up."""


def assumed(epsg: int | None, kind: str) -> pyproj.CRS:
    """The one that the user names.

    Raises
    ------
    Refused : the user named none.
    """
    if epsg is None:
        raise Refused("no_crs", kind=kind)
    return of_code(epsg)


def of_code(code: object) -> pyproj.CRS:
    """By its EPSG code.

    Raises
    ------
    Refused : there is none, or it is no plane or degrees on earth.
    """
    if not isinstance(code, int) or not 1024 <= code <= 999_999:
        raise Refused("crs", came=plain(code, 40))
    try:
        return _usable(pyproj.CRS.from_epsg(code))
    except pyproj.exceptions.CRSError:
        raise Refused("crs", came=f"EPSG:{code}") from None


def of_wkt(text: str) -> pyproj.CRS:
    """By its well-known text, as in a .prj file; nothing that it may name elsewhere is looked up.

    Raises
    ------
    Refused : it is none.
    """
    text = text.strip("\ufeff\x00 \r\n\t")
    named = FILES.search(re.sub(r'"[^"]*"', lambda found: found[0] if FILES.search(found[0]) else '""', text))
    if (
        len(text) > WKT_CHARS
        or not re.match(r"[A-Z_]{4,20}\s*[\[(]", text)
        or (named and re.search(r"grids|extension", text, re.I))
    ):
        raise Refused("crs", came=plain(text, 60))
    try:
        crs = pyproj.CRS.from_wkt(text)
    except pyproj.exceptions.CRSError:
        raise Refused("crs", came=plain(text, 60)) from None
    code = crs.to_epsg(min_confidence=70)
    return _usable(crs if code is None else pyproj.CRS.from_epsg(code))


def _usable(crs: pyproj.CRS) -> pyproj.CRS:
    if not (crs.is_projected or crs.is_geographic):
        raise Refused("crs", came=plain(crs.name, 60))
    return crs
