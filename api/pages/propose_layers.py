"""Layers: what helps people find their way on the map they draw on: ways, water, and where children live, light enough to send.

Positions are whole hundred-thousandths of a degree, which is a metre; those after the first of a way are steps.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely
from sanchoi.gis.cells import to_crs
from sanchoi.gis.model import Model
from sanchoi.gis.tables import STORAGE_CRS

UNIT = 1e5
MOST_WAYS, MOST_WATER, MOST_HOMES = 5_000, 6_000, 4_000
"""Segments, vertices, and cells at most: the longest and the fullest of them."""
NEAR_M = 100.0


def layers(model: Model, own: tuple[str, ...]) -> bytes:
    """Ways, water and homes in some communes; in none named, of the whole study."""
    ids = model.communes["commune_id"].astype(str).to_numpy()
    chosen = np.isin(ids, own) if own else model.inside
    area = shapely.buffer(shapely.union_all(np.asarray(model.outlines)[chosen]), NEAR_M)
    shapely.prepare(area)
    found = {"ways": _ways(model, area), "water": _water(model, area), "homes": _homes(model, chosen)}
    return json.dumps(found | {"cell_m": model.study.cell_m}, separators=(",", ":"), allow_nan=False).encode()


def _whole(model: Model, x: Any, y: Any) -> Any:  # noqa: ANN401 - arrays of numbers
    lon, lat = to_crs(np.asarray(x, dtype=float), np.asarray(y, dtype=float), model.study.crs, STORAGE_CRS)
    return np.rint(np.column_stack([lon, lat]) * UNIT).astype(int)


def _ways(model: Model, area: Any) -> list[list[int]]:  # noqa: ANN401 - shapely is untyped
    """Segments of the walking network: where one begins, and the step to its end."""
    if model.now is None:
        return []
    network = model.now.around.network
    lines = shapely.intersects(area, network.segments)
    kept = np.flatnonzero(lines)
    kept = kept[np.argsort(-network.length_mm[kept], kind="stable")[:MOST_WAYS]]
    ends = [_whole(model, network.x[side[kept]], network.y[side[kept]]) for side in (network.u, network.v)]
    rows: list[list[int]] = np.column_stack([ends[0], ends[1] - ends[0]]).tolist() if len(kept) else []
    return rows


def _water(model: Model, area: Any) -> list[list[list[int]]]:  # noqa: ANN401 - shapely is untyped
    """Outlines of barriers, simplified until they are light."""
    if model.barriers is None:
        return []
    parts = shapely.get_parts(shapely.intersection(shapely.make_valid(model.barriers), area))
    parts = parts[~shapely.is_empty(parts)]
    tolerance = 3.0
    simple = shapely.simplify(parts, tolerance)
    while shapely.get_num_coordinates(simple).sum() > MOST_WATER and tolerance < 500:
        tolerance *= 2
        simple = shapely.simplify(parts, tolerance)
    found = []
    for shape in simple:
        line = shape.exterior if shape.geom_type == "Polygon" else shape
        if line.geom_type not in ("LineString", "LinearRing") or line.is_empty:
            continue
        xy = shapely.get_coordinates(line)
        rows = _whole(model, xy[:, 0], xy[:, 1])
        found.append(rows.tolist())
    return found


def _homes(model: Model, chosen: Any) -> list[list[int]]:  # noqa: ANN401 - an array
    """Middles of the cells where children live, and how many in tens of a child, 9 at most."""
    children = np.nansum(model.children, axis=1)
    kept = np.flatnonzero((children > 0) & chosen[model.commune])
    kept = kept[np.argsort(-children[kept], kind="stable")[:MOST_HOMES]]
    side = model.study.cell_m
    middle = [(np.floor(each[kept] / side) + 0.5) * side for each in (model.x, model.y)]
    rows: list[list[int]] = np.column_stack(
        [_whole(model, *middle), np.clip(np.ceil(children[kept] / 5), 1, 9).astype(int)]
    ).tolist()
    return rows
