"""Pictures: shapes as SVG paths in whole units, light enough for a page. Measures nothing; templates draw and escape."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from sanchoi.api.library import Entry
from sanchoi.api.pages import tables
from sanchoi.maps import outline, style

WIDE, HIGH = 720, 620
"""Units of a map at most."""
FINE, COARSE = 9_000, 1_500
"""Vertices of a map that is looked at, and of one that shows where a place is."""
ENOUGH = 1_000_000
LETTER = 7.7
"""Width of a letter of a name, in units of the map."""


@dataclass(frozen=True)
class Shape:
    """One commune: its path, what it is filled by, and where its name fits (None where it does not).

    `shade` is the place of its class on the scale of the drawing, None where the drawing shows statuses or nothing is known.
    """

    id: str
    name: str
    status: str
    d: str
    label: tuple[int, int] | None = None
    children: float | None = None
    shade: str = ""


@dataclass(frozen=True)
class Drawing:
    """Communes in a box of `wide` × `high` units. `scale`: colours and least values of its classes, empty for statuses."""

    wide: int
    high: int
    shapes: list[Shape] = field(default_factory=list)
    scale: list[tuple[str, float, float | None]] = field(default_factory=list)


@lru_cache(maxsize=64)
def communes(entry: Entry, vertices: int = FINE) -> Drawing:
    """The communes of a result, shared borders simplified once for both sides.

    By status; where no status is known anywhere, by the number of children, which says where to survey first.
    """
    table = gpd.GeoDataFrame(entry.table("communes"))
    crs = entry.run["study"]["crs"]
    shapes = outline.simplify(_outlines(entry), crs, vertices)[0].to_crs(crs)
    status = statuses(entry)
    bounds = [float(each) for each in shapes.total_bounds]
    if not np.isfinite(bounds).all():
        return Drawing(WIDE, WIDE // 2)
    wide = min(WIDE, max(round(HIGH * (bounds[2] - bounds[0]) / max(bounds[3] - bounds[1], 1e-6)), 1))
    scale, high = _fit(bounds, wide)
    children = _children(entry)
    classes = _classes(list(children.values())) if set(status.values()) <= {"unknown"} else []
    drawn: list[Shape] = []
    taken: list[tuple[float, float, float, float]] = []
    parts = list(zip(table["commune_id"], table["name"].fillna("").astype(str), shapes.to_numpy(), strict=True))
    for place, name, shape in sorted(parts, key=lambda each: -each[2].area):
        label = _label(name, shape, bounds, scale, taken)
        known = children.get(str(place))
        drawn.append(
            Shape(
                str(place),
                name,
                status.get(str(place), "unknown"),
                path(shape, bounds, scale),
                label,
                known,
                next((colour for colour, low, _ in reversed(classes) if known is not None and known >= low), ""),
            )
        )
    order = {str(place): k for k, place in enumerate(table["commune_id"])}
    return Drawing(wide, high, sorted(drawn, key=lambda each: order[each.id]), classes)


@lru_cache(maxsize=64)
def _outlines(entry: Entry) -> gpd.GeoDataFrame:
    """Outlines of the communes, simplified once by less than a pixel, so that nothing after it has many vertices to read."""
    table = gpd.GeoDataFrame(entry.table("communes"))
    return gpd.GeoDataFrame(geometry=outline.simplify(table, entry.run["study"]["crs"], ENOUGH)[0])


def statuses(entry: Entry) -> dict[str, str]:
    """Status of each commune over all ages."""
    gaps = entry.table("gaps")
    whole = gaps[gaps["band"] == "all"]
    return {
        str(place): str(name) if name in style.STATUS else "unknown"
        for place, name in zip(whole["commune_id"], whole["status"], strict=True)
    }


def _children(entry: Entry) -> dict[str, float | None]:
    """Children of each commune over all ages."""
    gaps = entry.table("gaps")
    return {row["commune_id"]: row["children"] for row in tables.rows(gaps[gaps["band"] == "all"])}


def _classes(values: list[float | None]) -> list[tuple[str, float, float | None]]:
    """Classes of a scale from few to many: colour, least value, value that is no longer in it."""
    known = np.array([value for value in values if value is not None], dtype=float)
    if not len(known):
        return []
    cuts = style.breaks(known)
    lows, highs = [0.0, *cuts], [*cuts, None]
    return list(zip(style.spread(style.FEW_TO_MANY, len(lows)), lows, highs, strict=True))


def parcel(entry: Entry, parcel_id: str, crs: str, wide: int = 420) -> dict[str, Any] | None:
    """A parcel, its usable piece, and a scale; None where it has no outline."""
    whole = _shape(entry, "parcels", parcel_id, crs)
    if whole is None or whole.is_empty:
        return None
    piece = _shape(entry, "usable", parcel_id, crs)
    low_x, low_y, high_x, high_y = whole.bounds
    room = 0.08 * max(high_x - low_x, high_y - low_y, 1.0)
    size = max(high_x - low_x, (high_y - low_y) * 1.2, 1.0)
    middle = (low_x + high_x) / 2
    bounds = [middle - size / 2 - room, low_y - room, middle + size / 2 + room, high_y + room]
    scale, high = _fit(bounds, wide)
    bar = style.nice(size / 3)
    return {
        "wide": wide,
        "high": high + 36,
        "floor": high,
        "outline": path(whole, bounds, scale, 1),
        "usable": path(piece, bounds, scale, 1) if piece is not None and not piece.is_empty else "",
        "bar_m": bar,
        "bar": round(bar * scale),
    }


def curve(rows: list[tables.Row], budget: float | None, here: float | None, *, money: bool) -> dict[str, Any] | None:
    """Children against budget: points of the plans, of the bound, marks of both axes; None with fewer than two plans."""
    known = [row for row in rows if row["budget"] is not None and row["value"] is not None]
    if len(known) < 2:
        return None
    wide, high, left, low, top, right = 680, 320, 70, 48, 24, 20
    unit = 1e6 if money else 1.0
    xs = [row["budget"] / unit for row in known]
    bounds = [row["value"] if row["bound"] is None else row["bound"] for row in known]
    most_x, most_y = max(xs) or 1.0, max([*(row["value"] for row in known), *bounds]) * 1.05 or 1.0

    def at(x: float, y: float) -> str:
        return f"{left + x / most_x * (wide - left - right):.1f},{high - low - y / most_y * (high - low - top):.1f}"

    under = [at(x, row["value"]) for x, row in zip(xs, known, strict=True)]
    over = [at(x, bound) for x, bound in zip(xs, bounds, strict=True)]
    inside = budget is not None and here is not None and budget / unit <= most_x
    return {
        "wide": wide,
        "high": high,
        "left": left,
        "right": wide - right,
        "floor": high - low,
        "line": " ".join(under),
        "room": " ".join([*over, *reversed(under)]),
        "open": any(b > row["value"] * (1 + 1e-6) for b, row in zip(bounds, known, strict=True)),
        "dots": [each.split(",") for each in under],
        "here": at(budget / unit, here).split(",") if inside and budget is not None and here is not None else None,
        "xs": [(at(v, 0).split(",")[0], v) for v in _ticks(most_x)],
        "ys": [(at(0, v).split(",")[1], v) for v in _ticks(most_y)],
        "digits": 1 if most_x < 10 and money else 0,
    }


def path(shape: Any, bounds: list[float], scale: float, digits: int = 0) -> str:  # noqa: ANN401 - shapely is untyped
    """Rings of a polygon as one path, in the box whose upper left corner is that of the bounds."""
    out = []
    grain = 10**digits
    for polygon in _polygons(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            xy = np.asarray(ring.coords)[:, :2]
            points = np.rint(
                np.column_stack([(xy[:, 0] - bounds[0]) * scale, (bounds[3] - xy[:, 1]) * scale]) * grain
            ).astype(int)
            keep = np.ones(len(points), dtype=bool)
            keep[1:] = (np.diff(points, axis=0) != 0).any(axis=1)
            points = points[keep]
            if len(points) < 3:
                continue
            out.append(_ring(points, grain))
    return "".join(out)


def _ring(points: Any, grain: int) -> str:  # noqa: ANN401 - an array of whole numbers
    """One ring in steps from point to point."""

    def text(value: int) -> str:
        return str(value) if grain == 1 else f"{value / grain:g}"

    steps = np.diff(points, axis=0)
    if (points[0] == points[-1]).all():
        steps = steps[:-1]
    start = f"M{text(points[0][0])} {text(points[0][1])}l"
    return start + " ".join(f"{text(dx)} {text(dy)}" for dx, dy in steps) + "z"


def _polygons(shape: Any) -> list[Any]:  # noqa: ANN401 - shapely is untyped
    return [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon" and part.area]


def _fit(bounds: list[float], wide: int) -> tuple[float, int]:
    """Units per metre, and height of the box."""
    across, up = max(bounds[2] - bounds[0], 1e-6), max(bounds[3] - bounds[1], 1e-6)
    return wide / across, max(round(up * wide / across), 1)


def _label(
    name: str,
    shape: Any,  # noqa: ANN401 - shapely is untyped
    bounds: list[float],
    scale: float,
    taken: list[tuple[float, float, float, float]],
) -> tuple[int, int] | None:
    """A place for a name where it covers no other and hardly leaves its commune."""
    if shape.is_empty or not name:
        return None
    inner = shape.representative_point()
    x, y = (inner.x - bounds[0]) * scale, (bounds[3] - inner.y) * scale
    half = len(name) * LETTER / 2
    room = (shape.bounds[2] - shape.bounds[0]) * scale
    box = (x - half, y - 9, x + half, y + 6)
    if 2 * half > 1.15 * room or any(
        box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken
    ):
        return None
    taken.append(box)
    return round(x), round(y)


def _shape(entry: Entry, table: str, parcel_id: str, crs: str) -> Any:  # noqa: ANN401 - shapely is untyped
    """Geometry of one parcel in metres; None where the table has none."""
    if not entry.has(table):
        return None
    found = entry.rows(table, "parcel_id", parcel_id)["geometry"]
    return shapely.transform(found.iloc[0], _metres(crs).transform, interleaved=False) if len(found) else None


@lru_cache(maxsize=16)
def _metres(crs: str) -> pyproj.Transformer:
    """From longitude and latitude to the CRS of a study; made once, for that takes longer than its use."""
    return pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)


def _ticks(most: float) -> list[float]:
    """Round values from 0 to the most, about five."""
    raw = most / 5
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s for s in (1, 2, 5, 10) if s * power >= raw * (1 - 1e-9)) * power
    return [k * step for k in range(int(most * 1.0001 / step) + 1)]
