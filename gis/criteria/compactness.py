"""Compactness: a compact piece is overseen from one place, a strip is not."""

from __future__ import annotations

import numpy as np
import shapely
from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = 4πA / P² of the usable piece: 1 for a circle, π/4 for a square, 40π/22² = 0.26 for a strip of 1 to 10.

    Notes
    -----
    Polsby & Popper 1991 (the roundness of Cox 1927). P includes the outlines of holes: ground around a pond is not compact.
    A ragged outline lengthens P, so parcels drawn at different detail compare badly (Li, Goodchild & Church 2013): hence the small
    weight, and the inscribed circle beside it.
    """
    area, outline = shapely.area(land.usable), shapely.length(land.usable)
    out: Floats = np.divide(4 * np.pi * area, outline**2, out=np.full(len(land), np.nan), where=outline > 0)
    return out


CRITERION = Criterion(
    "compactness",
    "độ gọn của hình dạng",
    "compactness",
    "4πA/P²",
    worst=0.25,
    best=0.785,
    weight=2,
    reason_vi="0,785 là hình vuông; 0,25 là dải đất dài gấp khoảng mười lần chiều rộng",
    reason_en="0.785 is a square; 0.25 a strip some ten times as long as it is wide",
    needs_vi="không cần thêm dữ liệu",
    needs_en="nothing more",
    measure=measure,
)
