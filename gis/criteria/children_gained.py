"""Children gained: those within walking distance whom no open play area covers today."""

from __future__ import annotations

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = Σ_b Σ_i P_ib [d_ij ≤ D_bj] [cell i, band b not covered today], children (gis/effect.py).

    NaN where some of the children live in a commune that nobody surveyed. None where no commune is surveyed: then
    `children_in_reach` stands in its place.
    """
    return None if land.by_need else land.children_gained


CRITERION = Criterion(
    "children_gained",
    "trẻ em được phục vụ thêm",
    "children newly covered",
    "children",
    worst=0.0,
    best=500.0,
    weight=24,
    reason_vi="500 trẻ trở lên được coi là tốt nhất: lựa chọn thiết kế, không phải quy chuẩn",
    reason_en="500 children and more count as best: a design choice, not a norm",
    needs_vi="ít nhất một xã đã khảo sát sân chơi",
    needs_en="at least one commune whose play areas are surveyed",
    measure=measure,
)
