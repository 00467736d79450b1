"""Projections: the coordinate system that a file names, or that the user does; one is never guessed."""

from __future__ import annotations

import math
import re

import pyproj
from sanchoi.api.uploads.shapes import name_of, plain
from sanchoi.api.uploads.words import Pair, Refused, remark
from sanchoi.gis.crs import VN2000

WKT_CHARS = 10_000
FILES = re.compile(r"grids|extension|\+init|https?:|file:", re.I)
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


def of_wkt(text: str) -> tuple[pyproj.CRS, Pair]:
    """By its well-known text, as in a .prj file, and what is said of it; nothing that it may name elsewhere is looked up.

    Programs that lose the datum on the way write a zone of VN-2000 as one of WGS 84, 225 m aside: nobody draws in such a one.

    Raises
    ------
    Refused : it is none.
    """
    text = text.strip("\ufeff\x00 \r\n\t")
    if len(text) > WKT_CHARS or not re.match(r"[A-Z_]{4,20}\s*[\[(]", text) or FILES.search(text):
        raise Refused("crs", came=plain(text, 60))
    try:
        crs = pyproj.CRS.from_wkt(text)
        code = crs.to_epsg(min_confidence=90)
        crs = _usable(crs if code is None else pyproj.CRS.from_epsg(code))
        zone = None if code is not None or crs.is_bound or _vietnamese(crs) else _zone(crs)
    except pyproj.exceptions.ProjError:
        raise Refused("crs", came=plain(text, 60)) from None
    if zone is None:
        return crs, remark("crs", crs=name_of(crs))
    return pyproj.CRS.from_epsg(zone), remark("datum", crs=f"EPSG:{zone}", meridian=f"{_values(crs)[0]:g}")


def _vietnamese(crs: pyproj.CRS) -> bool:
    """Whether a CRS rests on the datum of VN-2000."""
    return crs.datum is not None and re.search(r"viet|vn[-_ ]?2000", crs.datum.name, re.I) is not None


def _values(crs: pyproj.CRS) -> tuple[float, ...]:
    """Central meridian, scale, false easting, false northing and latitude of origin of a transverse Mercator; () = another."""
    operation = crs.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return ()
    values = {each.name: float(each.value) for each in operation.params}
    names = ("Longitude of", "Scale factor", "False easting", "False northing", "Latitude of")
    return tuple(next((v for name, v in values.items() if name.startswith(each)), math.nan) for each in names)


def _zone(crs: pyproj.CRS) -> int | None:
    """The 3° zone of VN-2000 that has the same projection."""
    own = _values(crs)
    return next((code for code in VN2000 if own and own == _values(pyproj.CRS.from_epsg(code))), None)


def _usable(crs: pyproj.CRS) -> pyproj.CRS:
    if not (crs.is_projected or crs.is_geographic):
        raise Refused("crs", came=plain(crs.name, 60))
    return crs
