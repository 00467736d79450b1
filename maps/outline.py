"""Outlines: commune borders light enough for a page, without slivers.

Shared borders are simplified once for both neighbours (`shapely.coverage_simplify`, Visvalingam & Whyatt 1993), never each
polygon on its own: that opens gaps and overlaps.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

MAX_VERTICES = 12_000
GRAINS = 1500
"""A border may leave its place by about 1/1500 of the map's diagonal: less than a pixel of a screen that shows it all."""
METRES_PER_DEGREE = 111_320


def simplify(areas: gpd.GeoDataFrame, crs: str, max_vertices: int = MAX_VERTICES) -> tuple[gpd.GeoSeries, int]:
    """Simplify outlines as one coverage.

    Parameters
    ----------
    areas : polygons in any CRS.
    crs : the study CRS, metres: where the tolerance is meant.
    max_vertices : the tolerance is doubled until no more are left.

    Returns
    -------
    Outlines in EPSG:4326 and the number of decimals of a degree that they are worth.
    """
    metric = areas.geometry.to_crs(crs)
    shapes = shapely.make_valid(metric.to_numpy())
    low_x, low_y, high_x, high_y = metric.total_bounds
    span = float(np.hypot(high_x - low_x, high_y - low_y))
    tolerance = span / GRAINS / 4
    simple = shapely.coverage_simplify(shapes, tolerance)
    while shapely.get_num_coordinates(simple).sum() > max_vertices and tolerance < span / 50:
        tolerance *= 2
        simple = shapely.coverage_simplify(shapes, tolerance)
    decimals = decimals_for(tolerance)
    return gpd.GeoSeries(simple, index=areas.index, crs=crs).to_crs("EPSG:4326"), decimals


def decimals_for(metres: float) -> int:
    """Decimals of a degree that keep an error well below `metres`; 4 to 6."""
    return int(np.clip(np.ceil(np.log10(METRES_PER_DEGREE / max(metres, 1e-3))) + 1, 4, 6))


def features(shapes: gpd.GeoSeries, decimals: int) -> dict[str, Any]:
    """GeoJSON FeatureCollection with rounded coordinates; the only property is `i`, the position. Empty shapes are left out."""
    out = []
    for i, shape in enumerate(shapes.to_numpy()):
        if shape is None or shape.is_empty:
            continue
        drawn = _rounded(shapely.geometry.mapping(_drawable(shape)), decimals)
        out.append({"type": "Feature", "properties": {"i": i}, "geometry": drawn})
    return {"type": "FeatureCollection", "features": out}


def _drawable(shape: shapely.Geometry) -> shapely.Geometry:
    """Without the stray lines that mending a polygon can leave."""
    if not isinstance(shape, shapely.GeometryCollection) or isinstance(
        shape, shapely.MultiPolygon | shapely.MultiLineString | shapely.MultiPoint
    ):
        return shape
    parts = [part for part in shapely.get_parts(shape) if part.geom_type.endswith("Polygon")]
    return shapely.union_all(parts) if parts else shape


def _rounded(mapping: dict[str, Any], decimals: int) -> dict[str, Any]:
    if "geometries" in mapping:
        return {"type": mapping["type"], "geometries": [_rounded(m, decimals) for m in mapping["geometries"]]}
    return {"type": mapping["type"], "coordinates": _round(mapping["coordinates"], decimals)}


def _round(coordinates: Any, decimals: int) -> Any:  # noqa: ANN401 - nested lists of any depth
    if isinstance(coordinates[0], float | int):
        return [round(float(value), decimals) for value in coordinates[:2]]
    nested = [_round(each, decimals) for each in coordinates]
    if isinstance(nested[0][0], list):
        return nested
    kept = [pair for k, pair in enumerate(nested) if k == 0 or pair != nested[k - 1]]  # equal after rounding
    return kept if len(kept) > 3 else nested
