"""GeoJSON, read by hand: no driver sees it, and what is wrong is said with the number of the shape."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import pyproj
import shapely
from sanchoi.api.uploads import shapes
from sanchoi.api.uploads.limits import Limits
from sanchoi.api.uploads.words import Pair, Refused, remark

CRS_NAME = re.compile(r"(?:urn:ogc:def:crs:(EPSG|OGC):[\d.]{0,8}:|(EPSG):|(OGC):)(CRS84|\d{4,6})", re.I)


def read(data: bytes, limits: Limits, assume: int | None) -> shapes.Found:
    """Polygons of a GeoJSON text.

    Raises
    ------
    Refused : it is none, or as `shapes.finish`.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeError:
        raise Refused("broken", kind="GeoJSON", why=(": không phải UTF-8", ": it is not UTF-8")) from None
    _depth(text, limits)
    try:
        found = json.loads(text, parse_constant=_constant)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        why = (f": dòng {line}", f": line {line}") if line else ""
        raise Refused("broken", kind="GeoJSON", why=why) from None
    if not isinstance(found, dict):
        raise Refused("broken", kind="GeoJSON", why="")
    raws = list(_features(found, limits))
    named = _crs(found.get("crs"))
    remarks: list[Pair] = []
    crs = named or pyproj.CRS.from_epsg(4326)
    if named is not None:
        remarks.append(remark("crs", crs=shapes.name_of(named)))
    elif any(raw.geometry is not None and _metres(raw.geometry) for raw in raws):
        if assume is None:
            raise Refused("no_crs", kind="GeoJSON")
        crs = pyproj.CRS.from_epsg(assume)
        remarks.append(remark("assumed", crs=shapes.name_of(crs)))
    return shapes.finish(raws, crs, limits, remarks)


def _depth(text: str, limits: Limits) -> None:
    """Refuse brackets in brackets without end, before the reader of JSON sees them."""
    depth, quoted = 0, False
    for mark in re.finditer(r'\\.|["\[\]{}]', text, re.S):
        sign = mark[0]
        if sign == '"':
            quoted = not quoted
        elif not quoted and sign in "[{":
            depth += 1
            if depth > limits.depth:
                raise Refused("deep", kind="GeoJSON", most=limits.depth)
        elif not quoted and sign in "]}":
            depth -= 1


def _constant(name: str) -> float:
    """NaN and Infinity are no JSON; they are told as numbers that are none."""
    return math.nan


def _features(found: dict[str, Any], limits: Limits) -> Iterator[shapes.Raw]:
    kind = found.get("type")
    if kind == "FeatureCollection":
        features = found.get("features")
        if not isinstance(features, list):
            raise Refused("broken", kind="GeoJSON", why="")
        if len(features) > limits.features:
            raise Refused("features", most=limits.features)
    else:
        features = [found if kind == "Feature" else {"type": "Feature", "geometry": found}]
    for n, feature in enumerate(features, 1):
        if not isinstance(feature, dict):
            raise Refused("shape", n=n)
        properties = feature.get("properties")
        geometry = feature.get("geometry")
        yield shapes.Raw(
            None if geometry is None else _geometry(geometry, n, limits),
            properties if isinstance(properties, dict) else {},
            kind=str(geometry.get("type", ""))[:20] if isinstance(geometry, dict) else "",
        )


def _geometry(geometry: Any, n: int, limits: Limits) -> Any:  # noqa: ANN401 - JSON, shapely geometry
    """A polygon; None = another kind."""
    if not isinstance(geometry, dict):
        raise Refused("shape", n=n)
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, list) or len(parts) > limits.rings:
            raise Refused("shape", n=n)
        polygons = [_geometry(each, n, limits) for each in parts]
        return shapely.GeometryCollection(polygons) if polygons and None not in polygons else None
    if kind not in ("Polygon", "MultiPolygon"):
        return None
    try:
        parts = [coordinates] if kind == "Polygon" else [*coordinates]  # type: ignore[misc]
        made = [shapely.Polygon(_ring(part[0], n), [_ring(each, n) for each in part[1:]]) for part in parts]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError, shapely.errors.GEOSException):
        raise Refused("shape", n=n) from None
    if not made:
        return None
    return made[0] if kind == "Polygon" else shapely.MultiPolygon(made)


def _ring(positions: Any, n: int) -> list[tuple[float, float]]:  # noqa: ANN401 - JSON
    pairs = []
    for position in positions:
        if not isinstance(position, list) or not 2 <= len(position) <= 4:
            raise Refused("shape", n=n)
        if not all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in position):
            raise Refused("shape", n=n)
        pair = (float(position[0]), float(position[1]))
        if not all(map(math.isfinite, pair)):
            raise Refused("finite", n=n)
        pairs.append(pair)
    if len(pairs) < 4:
        raise Refused("shape", n=n)
    return pairs


def _metres(shape: Any) -> bool:  # noqa: ANN401 - shapely geometry
    west, south, east, north = shape.bounds
    low, high = sorted((max(abs(west), abs(east)), max(abs(south), abs(north))))
    return bool(low > 180 and high < 1e7)


def _crs(member: Any) -> pyproj.CRS | None:  # noqa: ANN401 - JSON
    """The CRS that the old member "crs" names; None = GeoJSON's own."""
    if member is None:
        return None
    name = ""
    if isinstance(member, dict) and member.get("type") == "name" and isinstance(member.get("properties"), dict):
        name = str(member["properties"].get("name", ""))
    found = CRS_NAME.fullmatch(name.strip())
    if found is None:
        raise Refused("crs", came=shapes.plain(name or "link", 60))
    if found[4].upper() == "CRS84":
        return None
    try:
        crs = pyproj.CRS.from_epsg(int(found[4]))
    except pyproj.exceptions.CRSError:
        raise Refused("crs", came=shapes.plain(name, 60)) from None
    return None if found[4] == "4326" else crs
