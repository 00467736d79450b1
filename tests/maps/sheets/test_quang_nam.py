"""Names on the sheets of Quảng Nam, where 78 communes and 244 older ones crowd the plain: none over another, none cut."""

from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sanchoi.maps.sheets import base
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.paper import Paper
from sanchoi.maps.sheets.window import fitting_scale, windows
from shared import shared_data


class Outlines:
    """As much of a ground as names need."""

    def __init__(self, frame):
        self.frame = frame

    def near(self, name, where, coarse=0.0):
        return self.frame[self.frame.intersects(where)] if name == "communes" else self.frame.iloc[:0].assign(counts=[])


@pytest.fixture(scope="module", params=["2025", "2019"])
def communes(request):
    frame = gpd.read_file(shared_data() / "quangnam" / f"communes_{request.param}.gpkg").to_crs(5899)
    if request.param == "2025":
        frame = frame[frame["former_province"] == "Quảng Nam"]
    frame = frame.drop(columns="name", errors="ignore").reset_index(drop=True)
    frame = frame.rename(columns={"full_name": "name", "commune_vn": "name"})
    frame["commune_id"] = [str(k) for k in range(len(frame))]
    frame["geometry"] = shapely.make_valid(frame.geometry.simplify(60).to_numpy())
    return frame[["commune_id", "name", "geometry"]]


@pytest.mark.parametrize(
    ("name", "landscape", "scale"), [("A0", True, 100_000), ("A1", False, None), ("A3", True, None)]
)
def test_no_name_covers_another_or_is_cut_and_most_communes_are_named_or_numbered(
    communes, monkeypatch, name, landscape, scale
):
    paper = Paper(name, landscape)
    scale = scale or fitting_scale(communes.total_bounds, paper.map)
    kept = []
    monkeypatch.setattr(base, "write", lambda canvas, placed: kept.append(placed))
    numbers = {each: k for k, each in enumerate(communes["commune_id"], 1)}
    with Canvas("t", "vi", datetime(2026, 1, 1, tzinfo=UTC)) as canvas:
        canvas.page(paper)
        for window in windows(shapely.geometrycollections(list(communes.geometry)), paper.map, scale):
            kept.clear()
            base.names(canvas, window, Outlines(communes), [], list(numbers), 9.0 * paper.letters, numbers)
            placed = [each for group in kept for each in group]
            boxes = [shapely.box(b.left, b.top, b.right, b.bottom) for _, b in placed]
            frame = shapely.box(window.box.left, window.box.top, window.box.right, window.box.bottom)
            assert all(frame.contains(each) for each in boxes)
            tree = shapely.STRtree(np.array(boxes))
            a, b = tree.query(np.array(boxes), predicate="intersects")
            assert (a == b).all()
            shown = communes[communes.intersects(window.ground)]
            # at 1:1,000,000, the scale at which A3 holds them, a plain of 244 communes has not room for all
            assert len(placed) >= (0.8 if scale < 1_000_000 else 0.7) * len(shown)
            for label, box in placed:
                x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
                assert frame.contains(shapely.Point(x, y))
                assert "…" not in label.text
