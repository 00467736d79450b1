"""Slope: flat ground is cheaper to build on, and open to every child."""

from __future__ import annotations

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = mean slope of the usable piece, % (gis/terrain.py, Horn 1981); NaN where the terrain model does not cover it."""
    return land.slope_percent


CRITERION = Criterion(
    "slope",
    "độ dốc",
    "slope",
    "%",
    worst=15.0,
    best=5.0,
    weight=5,
    reason_vi="dốc tới 5 % là lý tưởng, 15 % là giới hạn: lựa chọn thiết kế, không phải quy chuẩn",
    reason_en="up to 5 % is ideal, 15 % the limit: a design choice, not a norm",
    needs_vi="mô hình số độ cao",
    needs_en="a terrain model",
    measure=measure,
)
