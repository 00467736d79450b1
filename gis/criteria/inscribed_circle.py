"""Inscribed circle: the widest round ground that fits, for games that need width."""

from __future__ import annotations

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = diameter of the largest circle inside the usable piece, metres (to 1 m; gis/screening.py)."""
    return land.circle_m


CRITERION = Criterion(
    "inscribed_circle",
    "đường kính vòng tròn nội tiếp",
    "diameter of the largest inscribed circle",
    "m",
    worst=10.0,
    best=32.0,
    weight=5,
    reason_vi="vòng tròn trong hình vuông 100 m² (LAP) và 1.000 m² (NEAP) của Fields in Trust",
    reason_en="the circle inside a square of 100 m² (LAP) and of 1,000 m² (NEAP) of Fields in Trust",
    needs_vi="không cần thêm dữ liệu",
    needs_en="nothing more",
    measure=measure,
)
