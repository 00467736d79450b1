"""Functions that the index's SQL is taught: shapes that meet, and texts compared without case or accents."""

from __future__ import annotations

import sqlite3
import unicodedata
from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

ENVELOPES = (0, 32, 48, 48, 64)
"""Bytes of the envelope in the header of a GeoPackage's geometry, by its kind."""


def stripped(blob: bytes) -> bytes:
    """The WKB in a geometry of a GeoPackage."""
    return blob[8 + ENVELOPES[(blob[3] >> 1) & 7] :]


def casei(text: str | None) -> str | None:
    """Text without case."""
    return None if text is None else unicodedata.normalize("NFC", text).casefold()


def accenti(text: str | None) -> str | None:
    """Text without accents: `Đại Lãnh` is `Dai Lanh`."""
    if text is None:
        return None
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(each for each in plain if not unicodedata.combining(each))


@lru_cache(maxsize=64)
def _prepared(wkb: bytes) -> BaseGeometry:
    shape = shapely.from_wkb(wkb)
    shapely.prepare(shape)
    return shape


def meets(wkb: bytes, blob: bytes | None) -> bool | None:
    """Whether a shape, given as WKB, and a geometry of the index have a point in common."""
    return None if blob is None else bool(shapely.intersects(_prepared(wkb), shapely.from_wkb(stripped(blob))))


def teach(base: sqlite3.Connection) -> None:
    """Give a connection the functions."""
    base.create_function("meets", 2, meets, deterministic=True)
    base.create_function("casei", 1, casei, deterministic=True)
    base.create_function("accenti", 1, accenti, deterministic=True)
