"""Corner table of a site: ring by ring, to the centimetre, with edges, and the area on the grid and on the ellipsoid."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pyproj
import shapely
from sanchoi.gis.corners import Point
from sanchoi.gis.sentences import number
from sanchoi.maps.sheets import flow
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.flow import Atom, Column
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.words import say


def atoms(
    canvas: Canvas,
    wide: float,
    ground: Ground,
    points: Sequence[Point],
    shape: shapely.Geometry,
    size: float,
    language: str,
) -> list[Atom]:
    """The table of a site's corners (`gis.corners.table`); `shape`: the site in the study's CRS."""
    x, y = ("cr_x", "cr_y") if ground.is_vn2000 else ("cr_n", "cr_e")
    columns = [
        Column(say("cr_name", language), 0.6),
        Column(say(x, language), 1.25, "right"),
        Column(say(y, language), 1.15, "right"),
        Column(say("cr_edge", language), 0.85, "right"),
    ]
    out = flow.heading(canvas, wide, say("corners_head", language, crs=ground.crs_name), size * 1.15)
    kinds = rings(shape)
    for (_, ring), (part, hole) in zip(itertools.groupby(points, lambda each: each.part), kinds, strict=True):
        if len(kinds) > 1:
            out += flow.text(canvas, wide, _called(part, hole, shape, language), size, bold=True, sticks=True)
        rows = [
            [each.name, *(number(value, language, 2) for value in (each.x_north, each.y_east, each.edge_m))]
            for each in ring
        ]
        out += [*flow.table(canvas, wide, columns, rows, size), flow.space(0.6)]
    told = say(
        "cr_area",
        language,
        area=number(grid_m2(points, kinds), language, 1),
        true=number(true_m2(shape, ground.crs), language, 1),
    )
    return [
        *out,
        *flow.text(canvas, wide, told, size, bold=True),
        *flow.text(canvas, wide, say("cr_edge_to", language), size * 0.9),
    ]


def rings(shape: shapely.Geometry) -> list[tuple[int, int]]:
    """Rings in the order of the table: part, counted from 1, and which hole of it, 0 = its outer ring."""
    return [
        (part, hole)
        for part, polygon in enumerate(shapely.get_parts(shape), 1)
        for hole in range(1 + shapely.get_num_interior_rings(polygon))
    ]


def grid_m2(points: Sequence[Point], kinds: Sequence[tuple[int, int]]) -> float:
    """Area on the grid from the coordinates as the table prints them, holes taken off."""
    total = 0.0
    for (_, ring), (_, hole) in zip(itertools.groupby(points, lambda each: each.part), kinds, strict=True):
        xy = np.round([(each.y_east, each.x_north) for each in ring], 2)
        area = float(shapely.Polygon(xy).area)
        total += -area if hole else area
    return total


def true_m2(shape: shapely.Geometry, crs: str) -> float:
    """Area on the ellipsoid of the CRS, m² (Karney 2013)."""
    known = pyproj.CRS.from_user_input(crs)
    turn = pyproj.Transformer.from_crs(known, known.geodetic_crs, always_xy=True)
    there = shapely.transform(shape, turn.transform, interleaved=False)
    ellipsoid = known.get_geod()
    if ellipsoid is None:
        return float("nan")
    return abs(float(ellipsoid.geometry_area_perimeter(shapely.orient_polygons(there))[0]))


def _called(part: int, hole: int, shape: shapely.Geometry, language: str) -> str:
    many = shapely.get_num_geometries(shape) > 1
    key = ("cr_hole" if hole else "cr_outer") + ("_of" if many else "")
    return say(key, language, k=part, n=hole)
