"""Pictures of a land that is proposed: where it lies in its commune, and its outline, as SVG for who has no script.

And the map that the script draws on, as GeoJSON: the own communes as they are, the others coarsely, play areas; listed parcels when
one looks closely.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from sanchoi.api.library import Entry
from sanchoi.api.pages import pictures, tables
from sanchoi.gis.cells import to_crs
from sanchoi.gis.tables import STORAGE_CRS
from sanchoi.maps import outline, style

Document = dict[str, Any]
COARSE, FINE_M = 2_500, 2.0
"""Vertices of all communes together; how far the border of an own commune may be moved, in metres."""
MOST_PARCELS = 1_500
WIDE, LEAST_M, ROOM = 420, 60.0, 1.7
PARCELS_NEAR = 200


@lru_cache(maxsize=32)
def ground(entry: Entry, own: tuple[str, ...]) -> bytes:
    """The map that the script draws on, for who may propose for some communes; none = for all."""
    table = gpd.GeoDataFrame(entry.table("communes"))
    crs = entry.run["study"]["crs"]
    shapes, decimals = outline.simplify(table, crs, COARSE)
    ids, names = table["commune_id"].tolist(), table["name"].fillna("").tolist()
    mine = [k for k, code in enumerate(ids) if code in own]
    fine = table.geometry.iloc[mine].to_crs(crs)
    fine = fine.simplify(FINE_M).to_crs(STORAGE_CRS)
    found = {
        "communes": _named(outline.features(shapes, decimals), ids, names),
        "own": _named(outline.features(fine, 6), [ids[k] for k in mine], [names[k] for k in mine]),
        "play_areas": _play_areas(entry),
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _named(drawn: Document, ids: list[str], names: list[str]) -> Document:
    for each in drawn["features"]:
        i = each["properties"]["i"]
        each["properties"] = {"id": ids[i], "name": names[i]}
    return drawn


def _play_areas(entry: Entry) -> list[list[Any]]:
    """Longitude, latitude, name of the play areas that count."""
    if not entry.has("play_areas"):
        return []
    table = gpd.GeoDataFrame(entry.table("play_areas"))
    table = table[table["counts"].astype(bool)]
    inner = shapely.point_on_surface(table.geometry.to_numpy())
    x, y = np.round(shapely.get_x(inner), 5).tolist(), np.round(shapely.get_y(inner), 5).tolist()
    return [list(each) for each in zip(x, y, table["name"].fillna("").astype(str).tolist(), strict=True)]


def listed(entry: Entry, box: tuple[float, float, float, float]) -> bytes:
    """Listed parcels within a box: id, verdict, outline in millionths of a degree; too many of them are none."""
    found: list[Document] = []
    if entry.has("parcels"):
        near = _within(entry, box)
        if len(near) <= MOST_PARCELS:
            for row, shape in zip(tables.rows(near), near["geometry"], strict=True):
                rings = [_ring(ring) for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
                found.append({"id": row["parcel_id"], "verdict": row["verdict"], "rings": rings})
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _ring(ring: Any) -> list[list[float]]:  # noqa: ANN401 - shapely is untyped
    found: list[list[float]] = np.round(shapely.get_coordinates(ring)[:-1], 6).tolist()
    return found


def _within(entry: Entry, box: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    """Parcels that touch a box."""
    table = gpd.GeoDataFrame(entry.table("parcels"))
    hits = np.sort(table.sindex.query(shapely.box(*box)))
    return table.iloc[hits]


def land(entry: Entry, shape: Any, usable: Any = None, communes: Collection[str] = ()) -> Document:  # noqa: ANN401
    """The picture of a land in EPSG:4326: its outline among listed parcels, and its place in the communes of the study.

    Parameters
    ----------
    usable : the piece that a play area would take, GeoJSON or None. communes : those that are drawn as the own.
    """
    crs = entry.run["study"]["crs"]
    whole = moved(shape, crs)
    piece = moved(shapely.geometry.shape(usable), crs) if usable else None
    low_x, low_y, high_x, high_y = whole.bounds
    half = max(high_x - low_x, (high_y - low_y) * 1.3, LEAST_M) * ROOM / 2
    x, y = (low_x + high_x) / 2, (low_y + high_y) / 2
    bounds = [x - half, y - half / 1.3, x + half, y + half / 1.3]
    scale = WIDE / (2 * half)
    bar = style.nice(half * 0.6)
    return {
        "wide": WIDE,
        "high": round(2 * half / 1.3 * scale) + 30,
        "floor": round(2 * half / 1.3 * scale),
        "outline": pictures.path(whole, bounds, scale, 1),
        "usable": pictures.path(piece, bounds, scale, 1) if piece is not None and not piece.is_empty else "",
        "parcels": _neighbours(entry, bounds, scale, crs),
        "corners": _corners(whole, bounds, scale),
        "bar_m": bar,
        "bar": round(bar * scale),
        "where": _where(entry, shape, communes),
    }


def _neighbours(entry: Entry, bounds: list[float], scale: float, crs: str) -> str:
    if not entry.has("parcels"):
        return ""
    frame = shapely.box(*bounds)
    there = shapely.transform(frame, lambda xy: np.column_stack(to_crs(xy[:, 0], xy[:, 1], crs, STORAGE_CRS)))
    near = _within(entry, there.bounds)["geometry"].to_numpy()
    if len(near) > PARCELS_NEAR:
        return ""
    cut = [shapely.intersection(shapely.make_valid(moved(each, crs)), frame) for each in near]
    return "".join(pictures.path(each, bounds, scale, 1) for each in cut)


def _corners(whole: Any, bounds: list[float], scale: float) -> list[tuple[int, float, float]]:  # noqa: ANN401
    """Numbers of the corners of a simple outline and where they stand."""
    parts = shapely.get_parts(whole)
    if len(parts) != 1 or len(parts[0].exterior.coords) > 25:
        return []
    xy = shapely.get_coordinates(parts[0].exterior)[:-1]
    return [
        (k, round((px - bounds[0]) * scale, 1), round((bounds[3] - py) * scale, 1)) for k, (px, py) in enumerate(xy, 1)
    ]


def _where(entry: Entry, shape: Any, communes: Collection[str]) -> Document:  # noqa: ANN401
    """The communes with the place of the land among them."""
    drawn = pictures.communes(entry, pictures.COARSE)
    table = gpd.GeoDataFrame(entry.table("communes"))
    crs = entry.run["study"]["crs"]
    low_x, _, high_x, high_y = (float(each) for each in table.geometry.to_crs(crs).total_bounds)
    scale = drawn.wide / max(high_x - low_x, 1e-6)
    middle = moved(shape, crs).centroid
    return {
        "drawn": drawn,
        "x": round((middle.x - low_x) * scale),
        "y": round((high_y - middle.y) * scale),
        "own": set(communes),
    }


def moved(shape: Any, crs: str) -> Any:  # noqa: ANN401 - shapely is untyped
    """A land in EPSG:4326 in the CRS of a study."""
    return shapely.transform(shape, lambda xy: np.column_stack(to_crs(xy[:, 0], xy[:, 1], STORAGE_CRS, crs)))
