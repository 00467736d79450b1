"""Water safety: how far the ground lies from open water, in which children drown."""

from __future__ import annotations

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = straight distance from the usable piece to the nearest water, metres, at most 5,000.

    None where no layer of water is given.
    """
    return land.distance_m("water")


CRITERION = Criterion(
    "water_safety",
    "khoảng cách tới mặt nước",
    "distance to water",
    "m",
    worst=0.0,
    best=100.0,
    weight=7,
    reason_vi="từ 100 m trở lên được coi là tốt nhất: lựa chọn thiết kế; hành lang bảo vệ nguồn nước nằm ở phần ràng buộc",
    reason_en="100 m and more count as best: a design choice; the corridors of Decree 53/2024 stand among the constraints",
    needs_vi="lớp mặt nước",
    needs_en="a layer of water",
    measure=measure,
)
