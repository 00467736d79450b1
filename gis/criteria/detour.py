"""Detour: how much longer the walk is than the straight line."""

from __future__ import annotations

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = Σ P_i (d_ij / e_ij) / Σ P_i over the children in reach: walk ÷ straight line; NaN where none is."""
    return land.detour


CRITERION = Criterion(
    "detour",
    "hệ số đường vòng",
    "detour ratio",
    "×",
    worst=2.0,
    best=1.0,
    weight=4,
    reason_vi="1 là đường thẳng; 2 là phải đi xa gấp đôi: lựa chọn thiết kế, không phải quy chuẩn",
    reason_en="1 is a straight way; 2 is twice as far: a design choice, not a norm",
    needs_vi="mạng đường đi bộ",
    needs_en="a walking network",
    measure=measure,
)
