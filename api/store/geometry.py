"""Geometry of a request: GeoJSON in EPSG:4326, checked before anything is kept or measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from sanchoi.api.problems import Problem

TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
VERTICES = 10_000
DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def shape(document: object, vertices: int = VERTICES) -> shapely.Geometry:
    """The shapely geometry of a GeoJSON geometry; heights are left out.

    Parameters
    ----------
    vertices : how many it may have at most.

    Raises
    ------
    Problem : "bad_body" where it is none, is not valid, or lies outside longitude and latitude; "too_large".
    """
    if not isinstance(document, Mapping) or document.get("type") not in TYPES:
        kind = document.get("type") if isinstance(document, Mapping) else document
        raise _bad(f"geometry {_short(kind)}", "GeoJSON: " + ", ".join(TYPES))
    places = _places(document.get("coordinates"), DEPTH[document["type"]], vertices)
    if len(places) > vertices:
        raise Problem("too_large", {"came": f"{len(places)} vertices", "limit": vertices})
    flat = np.array(places, dtype=float).reshape(-1, 2)
    if not np.isfinite(flat).all() or (np.abs(flat) > (180.0, 90.0)).any():
        far = flat[~(np.abs(flat) <= (180.0, 90.0)).all(axis=1)][0].tolist()
        raise _bad(f"coordinates {far}", "[longitude, latitude] in degrees, EPSG:4326")
    try:
        found = shapely.force_2d(shapely.geometry.shape(dict(document)))
    except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError) as error:
        raise _bad(f"{document['type']}: {error}", "a GeoJSON geometry") from error
    if found.is_empty or not found.is_valid:
        raise _bad(f"{document['type']}: {shapely.is_valid_reason(found)}", "a geometry that is not empty and valid")
    return found


def _places(coordinates: object, depth: int, limit: int) -> list[tuple[float, float]]:
    """Every position; whatever is not a list of numbers at the right depth is refused."""
    level: list[object] = [coordinates]
    for _ in range(depth):
        level = [each for part in level for each in _list(part)]
        if len(level) > limit:
            raise Problem("too_large", {"came": f"{len(level)} vertices", "limit": limit})
    return [_place(each) for each in level]


def _list(part: object) -> Sequence[object]:
    if not isinstance(part, list) or not part:
        raise _bad(f"coordinates {_short(part)}", "lists of positions")
    return part


def _place(position: object) -> tuple[float, float]:
    numbers = position if isinstance(position, list) and len(position) in (2, 3) else []
    if not numbers or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        raise _bad(f"position {_short(position)}", "[longitude, latitude]")
    try:
        return float(numbers[0]), float(numbers[1])
    except OverflowError as error:
        raise _bad(f"position {_short(position)}", "[longitude, latitude]") from error


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "…"


def _bad(came: str, expected: str) -> Problem:
    return Problem("bad_body", {"came": came, "expected": expected})
