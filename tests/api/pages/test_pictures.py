"""Pictures: shapes light enough for a first page, without slivers, and charts whose points stand where the numbers say."""

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from sanchoi.api.pages import pictures

CRS = "EPSG:5899"
X, Y, STEP, SIDE = 560_000.0, 1_740_000.0, 5_000.0, 9


class Made:
    """What a picture reads of a result."""

    def __init__(self, communes, statuses=None, children=None):
        ids = communes["commune_id"]
        gaps = pd.DataFrame(
            {"commune_id": ids, "band": "all", "status": statuses or "met", "children": children or 100.0}
        )
        self._tables = {"communes": communes.to_crs("EPSG:4326"), "gaps": gaps}
        self.run = {"study": {"crs": CRS}}

    def table(self, name):
        return self._tables[name]


def wiggly(points=600):
    """81 communes on a grid whose borders wander: some 100,000 vertices."""
    along = np.linspace(0, 1, points)
    random = np.random.default_rng(3)

    def line(a, b):
        sway = np.concatenate([[0.0], random.normal(0, 1, points - 1).cumsum()])
        sway = (sway - along * sway[-1]) * 8
        across = np.array([b[1] - a[1], a[0] - b[0]]) / STEP
        return shapely.LineString(np.outer(1 - along, a) + np.outer(along, b) + np.outer(sway, across))

    corner = [[(X + STEP * i, Y + STEP * j) for j in range(SIDE + 1)] for i in range(SIDE + 1)]
    across = [line(corner[i][j], corner[i + 1][j]) for i in range(SIDE) for j in range(SIDE + 1)]
    up = [line(corner[i][j], corner[i][j + 1]) for i in range(SIDE + 1) for j in range(SIDE)]
    cells = list(shapely.get_parts(shapely.polygonize([shapely.unary_union(across + up)])))
    cells = sorted(cells, key=lambda cell: -cell.area)[: SIDE * SIDE]
    names = [f"Xã {k}" for k in range(len(cells))]
    return gpd.GeoDataFrame({"commune_id": names, "name": names}, geometry=cells, crs=CRS)


def rings(path):
    """Polygons of a path, read here on their own."""
    out = []
    for ring in re.findall(r"M([^z]*)z", path):
        start, steps = ring.split("l")
        moves = [float(each) for each in steps.split()]
        points = np.array([[float(each) for each in start.split()], *zip(moves[::2], moves[1::2], strict=True)]).cumsum(
            axis=0
        )
        out.append(shapely.Polygon(points))
    return out


@pytest.fixture(scope="module")
def many():
    return pictures.communes(Made(wiggly()))


def test_a_province_is_light(many):
    assert len(many.shapes) == SIDE * SIDE
    assert sum(len(shape.d) for shape in many.shapes) < 120_000
    assert max(many.wide, many.high) <= 720


def test_neighbours_keep_their_border(many):
    """Put together again, the communes leave no hole; where rounding folds a corner over, it is by less than two units."""
    shapes = [shapely.union_all([ring.buffer(0) for ring in rings(shape.d)]) for shape in many.shapes]
    whole = shapely.union_all(shapes)
    outside = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(whole)])
    assert outside.area - whole.area == pytest.approx(0, abs=1e-6)
    assert sum(shape.area for shape in shapes) - whole.area == pytest.approx(0, abs=2)


def test_names_cover_no_other(many):
    boxes = [
        shapely.box(x - len(shape.name) * 3.5, y - 8, x + len(shape.name) * 3.5, y + 5)
        for shape in many.shapes
        if shape.label
        for x, y in [shape.label]
    ]
    assert len(boxes) > 20
    tree = shapely.STRtree(boxes)
    assert len(tree.query(boxes, predicate="overlaps")[0]) == 0


def test_a_tall_study_fits_the_height():
    squares = [shapely.box(X, Y + k * 1000, X + 1000, Y + (k + 1) * 1000) for k in range(4)]
    drawn = pictures.communes(
        Made(gpd.GeoDataFrame({"commune_id": list("abcd"), "name": list("abcd")}, geometry=squares, crs=CRS))
    )
    assert (drawn.wide, drawn.high) == (155, 620)


def test_where_nothing_is_known_the_map_shows_children():
    squares = [shapely.box(X + k * 1000, Y, X + (k + 1) * 1000, Y + 1000) for k in range(3)]
    frame = gpd.GeoDataFrame({"commune_id": list("abc"), "name": list("abc")}, geometry=squares, crs=CRS)
    drawn = pictures.communes(Made(frame, "unknown", [10.0, 500.0, None]))
    assert [shape.shade == "" for shape in drawn.shapes] == [False, False, True]
    assert drawn.shapes[0].shade != drawn.shapes[1].shade
    lows = [low for _, low, _ in drawn.scale]
    assert lows[0] == 0
    assert lows == sorted(lows)
    assert drawn.scale[-1][2] is None
    known = pictures.communes(Made(frame, ["met", "unknown", "unknown"], [10.0, 500.0, None]))
    assert known.scale == []


def test_a_hole_and_an_island_are_drawn():
    ring = shapely.Polygon([(0, 0), (100, 0), (100, 100), (0, 100)], [[(40, 40), (60, 40), (60, 60), (40, 60)]])
    both = shapely.MultiPolygon([ring, shapely.box(150, 0, 160, 10)])
    path = pictures.path(both, [0, 0, 160, 100], 1.0)
    assert path.count("M") == 3
    assert [round(each.area) for each in rings(path)] == [10_000, 400, 100]


def test_the_curve_stands_where_its_numbers_say():
    rows = [
        {"budget": 0.0, "value": 0.0, "bound": 0.0},
        {"budget": 1e9, "value": 100.0, "bound": 120.0},
        {"budget": 2e9, "value": 150.0, "bound": None},
    ]
    drawn = pictures.curve(rows, 1e9, 100.0, money=True)
    xs = [float(x) for x, _ in drawn["dots"]]
    ys = [float(y) for _, y in drawn["dots"]]
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1], abs=0.11)
    assert (ys[0] - ys[1]) / (ys[0] - ys[2]) == pytest.approx(100 / 150, abs=0.01)
    assert drawn["here"] == drawn["dots"][1]
    assert drawn["open"] is True
    assert [value for _, value in drawn["xs"]] == [0, 500, 1000, 1500, 2000]
    assert pictures.curve(rows[:1], None, None, money=True) is None
    assert pictures.curve(rows, 5e9, 1.0, money=True)["here"] is None
