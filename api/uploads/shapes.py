"""Shapes: whatever a file holds becomes plain polygons in degrees, or is refused with the number of the shape and the place."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyproj
import shapely
from sanchoi.api.uploads.limits import Limits
from sanchoi.api.uploads.words import Pair, Refused, remark

SPARE_DEGREES = 3.0
NORTH, EAST = (880_000, 2_630_000), (150_000, 850_000)
"""Metres north and east that land in Vietnam has in VN-2000: no number is both."""


@dataclass(frozen=True)
class Raw:
    """A shape as read: geometry in the file's own coordinates, None = it has none that can be told; `kind` names it then."""

    geometry: Any
    properties: Mapping[str, Any] = field(default_factory=dict)
    layer: str = ""
    kind: str = ""


@dataclass
class Found:
    """What a worker answers: shapes as plain values, and remarks."""

    sites: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[Pair] = field(default_factory=list)


def finish(raws: Iterable[Raw], crs: pyproj.CRS, limits: Limits, remarks: Iterable[Pair] = ()) -> Found:
    """Polygons in EPSG:4326.

    Raises
    ------
    Refused : too many, no polygon, a coordinate that is none, an outline that crosses itself.
    """
    found, others, count = Found(remarks=list(remarks)), Counter[str](), [0, 0]
    try:
        turn = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except pyproj.exceptions.ProjError:
        raise Refused("crs", came=plain(crs.name, 60)) from None
    height = cut = False
    for n, raw in enumerate(raws, 1):
        if n > limits.features:
            raise Refused("features", most=limits.features)
        polygons = [] if raw.geometry is None else _polygons(raw.geometry)
        if not polygons:
            others[raw.kind or ("" if raw.geometry is None else raw.geometry.geom_type) or "?"] += 1
            continue
        shape = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
        count[0] += shapely.get_num_coordinates(shape)
        count[1] += sum(1 + len(each.interiors) for each in polygons)
        if count[0] > limits.vertices or count[1] > limits.rings:
            raise Refused("vertices", most=limits.vertices)
        height = height or bool(shapely.has_z(shape))
        place = _placed(shapely.force_2d(shape), crs, turn, n, found)
        properties = texts(raw.properties, limits)
        cut = cut or len(raw.properties) > limits.fields
        found.sites.append(
            {
                "wkb": shapely.to_wkb(place, hex=True),
                "properties": properties,
                "layer": plain(raw.layer, limits.key_chars),
                "crs": name_of(crs),
            }
        )
    kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(others.items()))
    if not found.sites:
        raise Refused("no_polygons", others=(f" (chỉ có: {kinds})", f" (only: {kinds})") if kinds else "")
    if others:
        found.remarks.append(remark("others", n=others.total(), kinds=kinds))
    if height:
        found.remarks.append(remark("height"))
    if cut:
        found.remarks.append(remark("fields", most=limits.fields))
    return found


def name_of(crs: pyproj.CRS) -> str:
    """A CRS as it is told."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code is not None else crs.name[:80]


def _polygons(shape: Any) -> list[Any]:  # noqa: ANN401 - shapely geometry
    """The polygons of a geometry; of a mixture only if all parts are polygons."""
    if shape.geom_type == "Polygon":
        return [] if shape.is_empty else [shape]
    if shape.geom_type in ("MultiPolygon", "GeometryCollection"):
        parts = [_polygons(each) for each in shape.geoms]
        return [] if any(not each for each in parts) else [polygon for each in parts for polygon in each]
    return []


def _placed(shape: Any, crs: pyproj.CRS, turn: pyproj.Transformer, n: int, found: Found) -> Any:  # noqa: ANN401
    xy = shapely.get_coordinates(shape)
    if not np.isfinite(xy).all():
        raise Refused("finite", n=n)
    if crs.is_projected and _within(xy[:, 0], NORTH) and _within(xy[:, 1], EAST):
        shape = shapely.transform(shape, lambda pairs: pairs[:, ::-1])
        xy = xy[:, ::-1]
        if (word := remark("swapped")) not in found.remarks:
            found.remarks.append(word)
    most = 180.0 if crs.is_geographic else 1e8
    if np.abs(xy).max() > most:
        raise Refused("range", n=n, came=_came(xy[np.abs(xy).max(axis=1).argmax()]), crs=name_of(crs))
    there = shapely.transform(shape, turn.transform, interleaved=False)
    away = shapely.get_coordinates(there)
    box = (-180.0, -90.0, 180.0, 90.0)
    if crs.is_projected and crs.area_of_use is not None:
        west, south, east, north = crs.area_of_use.bounds
        box = (west - SPARE_DEGREES, south - SPARE_DEGREES, east + SPARE_DEGREES, north + SPARE_DEGREES)
    bad = ~np.isfinite(away).all(axis=1) | (away < box[:2]).any(axis=1) | (away > box[2:]).any(axis=1)
    if bad.any():
        raise Refused("range", n=n, came=_came(xy[bad.argmax()]), crs=name_of(crs))
    if not there.is_valid:
        why = shapely.is_valid_reason(there)
        words, _, place = why.partition("[")
        lon, _, lat = place.rstrip("]").partition(" ")
        raise Refused("invalid", n=n, lon=_degrees(lon), lat=_degrees(lat), why=words.strip())
    if not there.area > 0:
        raise Refused("flat", n=n)
    return there


def _within(values: Any, bounds: tuple[int, int]) -> bool:  # noqa: ANN401 - an array
    return bool((values >= bounds[0]).all() and (values <= bounds[1]).all())


def _came(pair: Any) -> str:  # noqa: ANN401 - two numbers
    return f"({pair[0]:.10g}, {pair[1]:.10g})"


def _degrees(text: str) -> str:
    try:
        return f"{float(text):.6f}"
    except ValueError:
        return "?"


def plain(value: object, most: int) -> str:
    """A text: NFC, trimmed, without control characters, no longer than `most`."""
    text = unicodedata.normalize("NFC", str(value)[: 4 * most])
    text = "".join(" " if each in "\t\r\n" else each for each in text if each in "\t\r\n" or _shows(each))
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _shows(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def texts(properties: Mapping[str, Any], limits: Limits) -> dict[str, str | int | float]:
    """Properties of a shape: texts and numbers, bounded in number and length; what is unknown is left out."""
    kept: dict[str, str | int | float] = {}
    for key, value in properties.items():
        if len(kept) == limits.fields:
            break
        name = plain(key, limits.key_chars)
        if isinstance(value, np.generic):
            value = value.item()
        if not name or value is None or (isinstance(value, float) and not math.isfinite(value)):
            continue
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 2**53:
            kept[name] = value
        elif isinstance(value, (str, int, float)) and (text := plain(value, limits.text_chars)):
            kept[name] = text
    return kept


def less(limits: Limits, sites: list[dict[str, Any]]) -> Limits:
    """What is left of limits after some shapes."""
    polygons = shapely.from_wkb([each["wkb"] for each in sites])
    return replace(
        limits,
        features=limits.features - len(sites),
        vertices=limits.vertices - int(shapely.get_num_coordinates(polygons).sum()),
    )
