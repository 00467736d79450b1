"""Usable area: ground of the largest piece that hard constraints leave."""

from __future__ import annotations

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = area of the largest usable piece, m², in the study CRS."""
    return land.usable_m2


CRITERION = Criterion(
    "usable_area",
    "diện tích sử dụng được",
    "usable area",
    "m²",
    worst=200.0,
    best=5000.0,
    weight=8,
    reason_vi="200 m² là vườn hoa nhỏ nhất theo kế hoạch trang bị của Quảng Nam 2024–2026; "
    "5.000 m² là sân chơi cho trẻ 6–11 tuổi theo DIN 18034-1:2020",
    reason_en="200 m² is the smallest garden of Quảng Nam's equipment plan 2024–26; "
    "5,000 m² the play area for ages 6–11 of DIN 18034-1:2020",
    needs_vi="không cần thêm dữ liệu",
    needs_en="nothing more",
    measure=measure,
)
