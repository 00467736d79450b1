"""Random land for the random studies: parcels, layers that constrain them, terrain, schools, and outlines to be drawn."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import random_study
import shapely
from random_study import CRS, SIDE, X, Y
from sanchoi.gis.raster import Raster
from sanchoi.gis.sources import rows
from sanchoi.gis.study import parse

CODES = ("BCS", "DKV", "HNK", "LUC", "NTD", "ONT+CLN", "???", None)
OWNERS = ("UBND xã", "Hộ gia đình ông A", "Công ty B", None)
CLASSES = {
    "power": ("kv", (22, 110, 500, None)),
    "water": ("function", ("pollution", "ecology", None)),
    "cemeteries": ("kind", ("hung_tang", "cat_tang", None)),
    "roads": ("class", ("I", "IV", "VI", "motorway", None)),
    "bridges": ("length", (10.0, 60.0, 400.0, None)),
}
LAYERS = (*CLASSES, "petrol", "dikes", "landfill", "industry", "military", "buildings", "flood")


def study(rng):
    """A random study with [parcels], at times with figures and weights of its own."""
    found = random_study.study(rng)
    parcels = {"path": "-", "owner": "-"} if rng.random() < 0.7 else {"path": "-"}
    if rng.random() < 0.5:
        parcels["min_area_m2"] = float(rng.integers(50, 600))
    if rng.random() < 0.5:
        parcels["cost_per_m2"] = {"A": 1e5, "B": 3e5}
    if rng.random() < 0.5:
        parcels["build_cost"] = 3e8
    more = {"parcels": parcels}
    if rng.random() < 0.3:
        more["weights"] = {"usable_area": 3, "compactness": 1, "land_class": 2.5, "children_gained": 7}
    return parse({**found.raw, **more})


def inputs(rng, of):
    """The layers of a random study with land."""
    layers = {name: layer(rng, name) for name in LAYERS if rng.random() < 0.8}
    nearby = {name: frame([some(rng) for _ in range(3)]) for name in ("schools", "halls") if rng.random() < 0.7}
    return replace(
        random_study.inputs(rng, of),
        parcels=parcels(rng),
        constraint_layers=layers,
        constraints=rows.packaged("constraints.csv"),
        landuse_codes=rows.packaged("landuse_codes.csv"),
        owner_kinds=rows.packaged("owner_kinds.csv"),
        terrain=terrain(rng) if rng.random() < 0.7 else None,
        nearby=nearby,
    )


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=CRS), crs=CRS)


def some(rng, far=100.0):
    """A point, a line, a polygon: some with holes, parts, many corners."""
    x, y = X + rng.uniform(-far, SIDE + far), Y + rng.uniform(-far, SIDE + far)
    kind = rng.integers(6)
    if kind == 0:
        return shapely.Point(x, y)
    if kind == 1:
        return shapely.LineString(np.cumsum(np.vstack([[x, y], rng.normal(0, 60, (int(rng.integers(1, 60)), 2))]), 0))
    blob = shapely.Point(x, y).buffer(float(rng.uniform(2, 60)), quad_segs=int(rng.integers(1, 30)))
    if kind == 2:
        return blob.difference(shapely.box(x - 1, y - 1, x + 1, y + 1))
    if kind == 3:
        return shapely.unary_union([blob, shapely.affinity.translate(blob, 150, 20)])
    return blob if kind == 4 else shapely.box(x, y, x + rng.integers(3, 90), y + rng.integers(3, 90))


def layer(rng, name):
    shapes = [some(rng) for _ in range(int(rng.integers(0, 7)))]
    if name not in CLASSES or rng.random() < 0.1:
        return frame(shapes)
    column, values = CLASSES[name]
    return frame(shapes, **{column: pd.Series([values[rng.integers(len(values))] for _ in shapes], dtype=object)})


def parcels(rng, count=None):
    count = int(rng.integers(1, 14)) if count is None else count
    shapes = [outline(rng) for _ in range(count)]
    return land([f"L{i:02d}" for i in range(count)], shapes, rng)


def land(ids, shapes, rng):
    n = len(ids)
    return gpd.GeoDataFrame(
        {
            "parcel_id": ids,
            "land_use": pd.Series([CODES[rng.integers(len(CODES))] for _ in ids], dtype=object),
            "owner": pd.Series([OWNERS[rng.integers(len(OWNERS))] for _ in ids], dtype=object),
            "cost": np.where(rng.random(n) < 0.5, rng.integers(1, 900, n) * 1e6, np.nan),
            "cost_per_m2": np.where(rng.random(n) < 0.3, rng.integers(1, 9, n) * 1e5, np.nan),
        },
        geometry=gpd.GeoSeries(shapes, crs=CRS),
        crs=CRS,
    )


def outline(rng):
    """An outline that meets the communes: boxes, blobs, two parts, a hole, some beyond the border, few too large."""
    x, y = X + rng.uniform(-20, SIDE - 20), Y + rng.uniform(-20, SIDE - 20)
    size = float(rng.choice([12, 30, 60, 90, 160], p=[0.15, 0.4, 0.3, 0.1, 0.05]))
    kind = rng.integers(4)
    if kind == 0:
        return shapely.box(x, y, x + size, y + size * rng.uniform(0.3, 1.0))
    if kind == 1:
        turn = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(5, 12))))
        around = np.column_stack([np.cos(turn), np.sin(turn)]) * size * rng.uniform(0.4, 0.7, (len(turn), 1))
        shape = shapely.make_valid(shapely.Polygon(np.array([x + 25, y + 25]) + around))
        if shape.geom_type == "Polygon" and shape.area > 1:
            return shape
    if kind == 2:
        return shapely.MultiPolygon(
            [shapely.box(x, y, x + size, y + size), shapely.box(x + size + 9, y, x + size + 40, y + 30)]
        )
    return shapely.box(x, y, x + size, y + size).difference(shapely.box(x + 3, y + 3, x + size / 3, y + size / 3))


def terrain(rng):
    """Heights every 30 m, in metres or in degrees, with a gap."""
    heights = np.cumsum(np.cumsum(rng.normal(0, 0.4, (50, 50)), 0), 1)
    heights[rng.integers(50), :] = np.nan
    if rng.random() < 0.5:
        heights = heights.astype(np.float32).astype(float)
    if rng.random() < 0.5:
        return Raster(heights, (30.0, 0.0, X - 200, 0.0, -30.0, Y + SIDE + 200), CRS)
    lon, lat = random_study.DEGREES.transform(X - 200, Y + SIDE + 200)
    step = 0.00028
    return Raster(heights, (step, 0.0, lon, 0.0, -step, lat), "EPSG:4326")
