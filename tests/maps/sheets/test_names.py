"""Names in small maps: a neighbour of which only a sliver is seen makes no other name smaller."""

from datetime import UTC, datetime

import geopandas as gpd
import pytest
import shapely
from sanchoi.maps.sheets import base
from sanchoi.maps.sheets.canvas import POINT_MM, Canvas
from sanchoi.maps.sheets.paper import Paper
from sanchoi.maps.sheets.window import windows

SCALE = 10_000
X, Y = 560_000, 1_740_000


class Few:
    """As much of a ground as names need: a commune, a neighbour that is one millimetre wide at the edge, a play area."""

    def __init__(self, window):
        west, south, east, north = window.ground.bounds
        edge = east - SCALE / 1000
        self.layers = {
            "communes": gpd.GeoDataFrame(
                {"commune_id": ["1", "2"], "name": ["Khe Lim", "Một xã có tên dài"]},
                geometry=[shapely.box(west, south, edge, north), shapely.box(edge, south, east + 5000, north)],
                crs=5899,
            ),
            "play_areas": gpd.GeoDataFrame(
                {"name": ["Sân chơi"], "counts": [True]}, geometry=[shapely.Point(X - 300, Y - 300)], crs=5899
            ),
        }

    def near(self, name, where, coarse=0.0):
        return self.layers[name]


@pytest.mark.parametrize(("size", "name", "place"), [(8.0, 8.0, 8 * 2 / 3), (6.0, 6.0, base.SMALLEST)])
def test_a_sliver_without_room_for_its_name_makes_no_other_smaller(monkeypatch, size, name, place):
    paper = Paper("A4", landscape=False)
    (window,) = windows(shapely.Point(X, Y).buffer(1), paper.map, SCALE)
    kept = []
    monkeypatch.setattr(base, "write", lambda canvas, placed: kept.extend(placed))
    with Canvas("t", "vi", datetime(2026, 1, 1, tzinfo=UTC)) as canvas:
        canvas.page(paper)
        base.names(canvas, window, Few(window), [], ["1"], size)
    found = {label.text: label.height / POINT_MM for label, _ in kept}
    assert found == {"Khe Lim": pytest.approx(name), "Sân chơi": pytest.approx(place)}
