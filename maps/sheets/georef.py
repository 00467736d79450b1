"""Georeference: a PDF that knows where its maps lie (ISO 32000-2, 12.10: viewport and measure), so that GIS open it in place.

Corners are given in degrees of the map's own datum, as the standard asks and GDAL reads; the CRS by its code and its WKT.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
import pyproj
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, TextStringObject
from sanchoi.maps.sheets.canvas import POINT_MM
from sanchoi.maps.sheets.window import Window

Maps = dict[int, Window]
"""Page, counted from 0 → the map on it."""
UNIT = (0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0)
"""Corners of the frame in its own unit square: lower left, upper left, upper right, lower right."""


def placed(pdf: bytes, maps: Mapping[int, Window], crs: str) -> bytes:
    """The same document with the place of its maps."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for number, window in maps.items():
        page = writer.pages[number]
        page[NameObject("/VP")] = ArrayObject([_viewport(window, crs, float(page.mediabox.height))])
    writer.pdf_header = "%PDF-1.7"
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


class Exact(FloatObject):
    """A number with all its digits: the usual eight are too few for a centimetre in degrees."""

    def myrepr(self) -> str:
        """As it is written."""
        return f"{float(self):.12f}".rstrip("0").rstrip(".") or "0"


def _viewport(window: Window, crs: str, high: float) -> DictionaryObject:
    box = window.box
    frame = (box.left / POINT_MM, high - box.bottom / POINT_MM, box.right / POINT_MM, high - box.top / POINT_MM)
    known = pyproj.CRS.from_user_input(crs)
    to_degrees = pyproj.Transformer.from_crs(known, known.geodetic_crs, always_xy=True)
    x = np.array([window.west, window.west, window.east, window.east])
    y = np.array([window.south, window.north, window.north, window.south])
    lon, lat = (np.asarray(each) for each in to_degrees.transform(x, y))
    system = DictionaryObject({NameObject("/Type"): NameObject("/PROJCS")})
    code = known.to_epsg()
    if code is not None:
        system[NameObject("/EPSG")] = NumberObject(code)
    system[NameObject("/WKT")] = TextStringObject(known.to_wkt("WKT1_ESRI"))
    measure = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Measure"),
            NameObject("/Subtype"): NameObject("/GEO"),
            NameObject("/Bounds"): _numbers(UNIT),
            NameObject("/GCS"): system,
            NameObject("/GPTS"): _numbers(np.column_stack([lat, lon]).ravel(), 12),
            NameObject("/LPTS"): _numbers(UNIT),
        }
    )
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Viewport"),
            NameObject("/BBox"): _numbers(frame, 6),
            NameObject("/Name"): TextStringObject("map"),
            NameObject("/Measure"): measure,
        }
    )


def _numbers(values: object, digits: int = 1) -> ArrayObject:
    return ArrayObject([Exact(round(float(each), digits)) for each in np.asarray(values).tolist()])
