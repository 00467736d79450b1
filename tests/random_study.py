"""Random small studies in memory, with everything that can go wrong in a real one, and random questions to them. Metres, EPSG:5899.

Four communes of 500 m, streets on a jittered lattice of 100 m with gaps, a river with bridges, play areas that overlap, are closed
or have no known size, communes that nobody surveyed, children whose number is unknown, ground beyond the border.
"""

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from sanchoi.gis.demand import Layers
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.sources import rows
from sanchoi.gis.study import parse

CRS = "EPSG:5899"
X, Y = 560_000.0, 1_740_000.0
SIDE = 1000.0
DEGREES = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
NORMS = (
    {"profile": "qcvn-01-2021", "walk_m": {"0-5": 200, "6-14": 350}, "m2_per_child": 2.0},
    {"profile": "qcvn-01-2021", "walk_m": 300, "m2_per_child": 3.0, "decay": "step", "target_share": 0.5},
    {"profile": "fields-in-trust", "m2_per_child": {"0-5": 1.0}, "decay": "binary"},
    {"profile": "din-18034"},
)


def degrees(shape):
    """GeoJSON of a shape in the study's CRS."""
    return shapely.geometry.mapping(
        shapely.transform(shape, lambda xy: np.column_stack(DEGREES.transform(xy[:, 0], xy[:, 1])))
    )


def study(rng):
    network = {"path": "-"} if rng.random() < 0.8 else {"detour": 1.2}
    return parse(
        {
            "study": {"name": "random", "crs": CRS, "date": "2026-07-01", "cell_m": 100},
            "communes": {"path": "-", "id": "-", "name": "-", "vintage": "2025-07-01"},
            "children": {"path": "-", "id": "-", "bands": {"0-5": "a", "6-14": "b"}},
            "play_areas": {"path": "-"},
            "network": network,
            "norms": NORMS[rng.integers(len(NORMS))],
        }
    )


def inputs(rng, of):
    boxes = [shapely.box(X + x, Y + y, X + x + 500, Y + y + 500) for y in (0, 500) for x in (0, 500)]
    halo = rng.random() < 0.4
    if halo:
        boxes.append(shapely.box(X - 300, Y, X, Y + SIDE))
    n = len(boxes)
    communes = gpd.GeoDataFrame(
        {
            "commune_id": [f"c{i}" for i in range(n)],
            "vintage": "2025-07-01",
            "name": [f"Xã {i}" for i in range(n)],
            "kind": None,
            "surveyed": rng.random(n) < 0.8,
            "population": np.where(rng.random(n) < 0.5, 5000.0, np.nan),
            "halo": [False] * 4 + [True] * (n - 4),
        },
        geometry=boxes,
        crs=CRS,
    )
    counts = np.where(rng.random((n, 2)) < 0.08, np.nan, rng.integers(0, 300, (n, 2)))
    has_ways = of["network"]["path"] is not None
    barriers = None
    if has_ways and rng.random() < 0.5:
        river = shapely.box(X - 400, Y + 420, X + SIDE + 100, Y + 450)
        barriers = gpd.GeoDataFrame(geometry=[river], crs=CRS)
    return Inputs(
        communes,
        counts,
        None,
        Layers(),
        play_areas(rng),
        ways(rng) if has_ways else None,
        gates(rng),
        barriers,
        rows.packaged("norms.csv"),
    )


def ways(rng):
    jitter = rng.uniform(-20, 20, (15, 12, 2)) if rng.random() < 0.7 else np.zeros((15, 12, 2))
    at = np.stack(np.meshgrid(np.arange(15) * 100.0 - 350, np.arange(12) * 100.0 - 50, indexing="ij"), axis=-1) + jitter
    at = np.round(at + np.array([X, Y]), 3)
    lines, bridge = [], []
    for i in range(15):
        for j in range(12):
            for di, dj in ((1, 0), (0, 1)):
                if i + di < 15 and j + dj < 12 and rng.random() < 0.7:
                    lines.append(shapely.LineString([at[i, j], at[i + di, j + dj]]))
                    bridge.append(bool(rng.random() < 0.2))
    return gpd.GeoDataFrame({"bridge": bridge}, geometry=lines, crs=CRS)


def some_place(rng):
    return X + rng.uniform(-100, SIDE + 100), Y + rng.uniform(-100, SIDE + 100)


def some_shape(rng):
    x, y = some_place(rng)
    wide, high = rng.integers(5, 120, 2)
    return shapely.box(x, y, x + wide, y + high)


def play_areas(rng):
    count = int(rng.integers(0, 9))
    shapes = [shapely.Point(some_place(rng)) if rng.random() < 0.5 else some_shape(rng) for _ in range(count)]
    point = np.array([shape.geom_type == "Point" for shape in shapes], dtype=bool)
    known = rng.random(count) < 0.8
    texts = {"name": None, "ages": None}
    return gpd.GeoDataFrame(
        {
            "play_area_id": [f"p{i}" for i in range(count)],
            **{key: np.full(count, value, dtype=object) for key, value in texts.items()},
            "kind": np.full(count, "playground", dtype=object),
            "access": rng.choice(["public", "unknown", "closed"], count, p=[0.7, 0.2, 0.1]).astype(object),
            "area_m2": np.where(point & known, rng.integers(50, 3000, count), np.nan),
            "usable_m2": np.where(~point & ~known, rng.integers(10, 200, count), np.nan),
            "kind_counts": rng.random(count) < 0.9,
        },
        geometry=gpd.GeoSeries(shapes, crs=CRS) if count else gpd.GeoSeries([], crs=CRS),
        crs=CRS,
    )[["play_area_id", "name", "kind", "access", "ages", "area_m2", "usable_m2", "kind_counts", "geometry"]]


def gates(rng):
    if rng.random() < 0.6:
        return None
    return gpd.GeoDataFrame(geometry=[shapely.Point(some_place(rng)) for _ in range(4)], crs=CRS)


def question(rng, of, layers):
    """One to four changes of every kind; what is closed is not enlarged after."""
    out, open_, closed = [], [], set()
    table = layers.play_areas
    counted = table["kind_counts"].to_numpy(dtype=bool) & table["access"].isin(["public", "unknown"]).to_numpy()
    open_ = table["play_area_id"][counted].tolist()
    for _ in range(int(rng.integers(1, 5))):
        kind = ("point", "outline", "close", "enlarge", "crossing")[rng.integers(5)]
        left = [name for name in open_ if name not in closed]
        if kind == "point":
            out.append(
                {
                    "action": "add",
                    "geometry": degrees(shapely.Point(some_place(rng))),
                    "area_m2": float(rng.integers(50, 4000)),
                }
            )
        elif kind == "outline":
            shape = some_shape(rng)
            change = {"action": "add", "geometry": degrees(shape)}
            if rng.random() < 0.5:
                change["area_m2"] = float(shape.area * rng.uniform(0.2, 0.9))
            if rng.random() < 0.4:
                corner = degrees(shapely.Point(shape.exterior.coords[int(rng.integers(4))]))
                change["access_points"] = [list(corner["coordinates"])]
            out.append(change)
        elif kind == "close" and left:
            out.append({"action": "close", "play_area_id": str(rng.choice(left))})
            closed.add(out[-1]["play_area_id"])
        elif kind == "enlarge" and left:
            name = str(rng.choice(left))
            shape = table.geometry[table["play_area_id"] == name].iloc[0]
            change = {"action": "enlarge", "play_area_id": name}
            if shape.geom_type == "Point" and rng.random() < 0.6:
                change["area_m2"] = float(rng.integers(50, 9000))
            else:
                change["geometry"] = degrees(shape.buffer(float(rng.integers(5, 60))))
            out.append(change)
        elif layers.lines is not None:
            a, b = some_place(rng), some_place(rng)
            far = np.hypot(a[0] - b[0], a[1] - b[1])
            b = tuple(np.array(a) + (np.array(b) - a) * min(1.0, 250 / max(far, 1e-9)))
            out.append({"action": "crossing", "geometry": degrees(shapely.LineString([a, b]))})
    return out or question(rng, of, layers)
