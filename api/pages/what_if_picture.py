"""Pictures of the what-if page: the map that its script draws on, as GeoJSON, and the catchment as SVG for who has no script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from sanchoi.api.library import Entry
from sanchoi.api.pages import pictures, tables
from sanchoi.gis.tables import STORAGE_CRS
from sanchoi.maps import outline, style

CLASSES = ("new", "reached", "claimed", "lost")
"""Cells: newly covered on foot; reached on foot by who had one before, or of whom it is not known; only inside the circle; lost."""
COLOURS = {
    "new": style.CIRCLE["reached"],
    "reached": "#9cc7e0",
    "claimed": style.CIRCLE["claimed"],
    "lost": style.WALK["no_path"],
}
VERTICES = 8_000
"""Of barriers at most."""
WIDE = 640
LEAST_M = 1_200.0
"""A picture shows so much of the land at least."""
ROOM = 1.12


@lru_cache(maxsize=8)
def ground(entry: Entry) -> bytes:
    """Communes with name and status, barriers, and every play area, for the script."""
    table = gpd.GeoDataFrame(entry.table("communes"))
    shapes, decimals = outline.simplify(table, entry.run["study"]["crs"])
    communes = outline.features(shapes, decimals)
    status = pictures.statuses(entry)
    ids, names = table["commune_id"].tolist(), table["name"].fillna("").tolist()
    for each in communes["features"]:
        i = each["properties"]["i"]
        each["properties"] = {"id": ids[i], "name": names[i], "status": status.get(ids[i], "unknown")}
    found = {
        "communes": communes,
        "barriers": _barriers(entry),
        "play_areas": _play_areas(entry),
        "grid": grid(shapes, entry.run["study"]["crs"]),
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def grid(shapes: gpd.GeoSeries, crs: str) -> dict[str, Any]:
    """From metres of the study to longitude and latitude as polynomials of third degree: cells are squares of its grid.

    Powers in the order of `_powers`, of x and y less `x`, `y`, in units of `unit`. Over 300 km they err by less than a metre.
    """
    low_x, low_y, high_x, high_y = (float(each) for each in shapes.to_crs(crs).total_bounds)
    x0, y0 = round((low_x + high_x) / 2), round((low_y + high_y) / 2)
    unit = round(max(high_x - low_x, high_y - low_y, 2_000.0) / 2)
    u, v = (each.ravel() for each in np.meshgrid(np.linspace(-1.1, 1.1, 12), np.linspace(-1.1, 1.1, 12)))
    places = pyproj.Transformer.from_crs(crs, STORAGE_CRS, always_xy=True).transform(x0 + unit * u, y0 + unit * v)
    fitted = [np.linalg.lstsq(_powers(u, v), np.asarray(each), rcond=None)[0].tolist() for each in places]
    return {"x": x0, "y": y0, "unit": unit, "lon": fitted[0], "lat": fitted[1]}


def _powers(u: Any, v: Any) -> Any:  # noqa: ANN401 - arrays of numbers
    return np.column_stack([u**i * v**j for i in range(4) for j in range(4 - i)])


def _barriers(entry: Entry) -> dict[str, Any]:
    if not entry.has("barriers"):
        return {"type": "FeatureCollection", "features": []}
    table = gpd.GeoDataFrame(entry.table("barriers"))
    metric = table.geometry.to_crs(entry.run["study"]["crs"])
    tolerance = 5.0
    simple = metric.simplify(tolerance)
    while shapely.get_num_coordinates(simple.to_numpy()).sum() > VERTICES and tolerance < 500:
        tolerance *= 2
        simple = metric.simplify(tolerance)
    return outline.features(simple.to_crs(STORAGE_CRS), 5)


def _play_areas(entry: Entry) -> list[dict[str, Any]]:
    if not entry.has("play_areas"):
        return []
    table = gpd.GeoDataFrame(entry.table("play_areas"))
    inner = shapely.point_on_surface(table.geometry.to_numpy())
    x, y = np.round(shapely.get_x(inner), 6).tolist(), np.round(shapely.get_y(inner), 6).tolist()
    keep = ("play_area_id", "name", "area_m2", "counts")
    return [
        {**{key: row[key] for key in keep}, "lon": lon, "lat": lat}
        for row, lon, lat in zip(tables.rows(table), x, y, strict=True)
    ]


def classes(cells: Mapping[str, Any]) -> list[str]:
    """What each cell of an answer is, one of `CLASSES`; the script says the same (what_if_map.js)."""
    rows = zip(cells["covered_before"], cells["covered_after"], cells["new_m"], cells["straight_m"], strict=True)
    return [_class(*row) for row in rows]


def _class(before: bool | None, after: bool | None, new_m: float | None, straight_m: float | None) -> str:
    if before is False and after is True:
        return "new"
    if before is True and after is False:
        return "lost"
    if new_m is not None:
        return "reached"
    return "claimed" if straight_m is not None else "reached"


def catchment(entry: Entry, answer: Mapping[str, Any]) -> dict[str, Any] | None:
    """Cells against circles, as paths by class; None where there is nothing to draw."""
    metres = pyproj.Transformer.from_crs(STORAGE_CRS, entry.run["study"]["crs"], always_xy=True)
    cells, places = answer["cells"], answer["places"]
    drawn = [each for each in (_shape(change, metres) for change in answer["changes"]) if each is not None]
    middles = shapely.points(*metres.transform([p["lon"] for p in places], [p["lat"] for p in places]))
    circles = shapely.buffer(middles, [p["limit_m"] or 0.0 for p in places], quad_segs=24)
    x, y = (np.array(each) for each in metres.transform(cells["lon"], cells["lat"]))
    side = cells["cell_m"]
    left, low = np.floor(x / side) * side, np.floor(y / side) * side  # homes stand anywhere in their cell
    squares = shapely.box(left, low, left + side, low + side)
    shown = [*squares, *circles, *middles, *drawn]
    if not shown:
        return None
    bounds = _bounds(shapely.total_bounds(np.array(shown, dtype=object)))
    frame, scale = shapely.box(*bounds), WIDE / (bounds[2] - bounds[0])
    told = np.array(classes(cells))
    bar = style.nice((bounds[2] - bounds[0]) / 5)

    def path(shapes: Sequence[Any], digits: int = 1) -> str:
        return "".join(pictures.path(each, bounds, scale, digits) for each in shapes)

    return {
        "wide": WIDE,
        "high": round((bounds[3] - bounds[1]) * scale),
        "communes": path(_near(entry, "communes", frame, metres)),
        "barriers": path(_near(entry, "barriers", frame, metres)),
        "cells": {name: path(squares[told == name]) for name in CLASSES if (told == name).any()},
        "circles": path(circles),
        "outlines": path([each for each in drawn if each.geom_type.endswith("Polygon")]),
        "lines": [_line(each, bounds, scale) for each in drawn if each.geom_type == "LineString"],
        "places": [_line(each, bounds, scale).split(",") for each in middles],
        "bar_m": bar,
        "bar": round(bar * scale),
    }


def _bounds(told: Any) -> list[float]:  # noqa: ANN401 - an array of numbers
    low_x, low_y, high_x, high_y = (float(each) for each in told)
    size = max(high_x - low_x, (high_y - low_y) * 1.3, LEAST_M) * ROOM / 2
    high = max((high_y - low_y) / 2 * ROOM, size / 1.6)
    x, y = (low_x + high_x) / 2, (low_y + high_y) / 2
    return [x - size, y - high, x + size, y + high]


def _near(entry: Entry, name: str, frame: Any, metres: pyproj.Transformer) -> list[Any]:  # noqa: ANN401
    """Shapes of a table within a frame, in metres."""
    if not entry.has(name):
        return []
    back = shapely.transform(frame.buffer(200), lambda xy: _back(metres, xy))
    shapes = gpd.GeoDataFrame(entry.table(name)).geometry.to_numpy()
    shapes = shapes[shapely.intersects(shapely.box(*back.bounds), shapes)]
    moved = shapely.transform(shapely.force_2d(shapes), lambda xy: np.column_stack(metres.transform(*xy.T)))
    cut = shapely.intersection(shapely.make_valid(moved), frame)
    polygons = [part for each in cut for part in shapely.get_parts(each) if part.geom_type == "Polygon"]
    return [shapely.simplify(part, (frame.bounds[2] - frame.bounds[0]) / 1500) for part in polygons]


def _back(metres: pyproj.Transformer, xy: Any) -> Any:  # noqa: ANN401 - arrays of numbers
    return np.column_stack(metres.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))


def _shape(change: Mapping[str, Any], metres: pyproj.Transformer) -> Any:  # noqa: ANN401 - shapely is untyped
    """What somebody drew, in metres; None = nothing, or it was a point."""
    if not isinstance(change.get("geometry"), dict) or change["geometry"].get("type") == "Point":
        return None
    found = shapely.geometry.shape(change["geometry"])
    return shapely.transform(found, lambda xy: np.column_stack(metres.transform(*xy.T)))


def _line(shape: Any, bounds: list[float], scale: float) -> str:  # noqa: ANN401 - shapely is untyped
    """Points as "x,y x,y"."""
    xy = shapely.get_coordinates(shape)
    return " ".join(f"{(x - bounds[0]) * scale:.1f},{(bounds[3] - y) * scale:.1f}" for x, y in xy)
