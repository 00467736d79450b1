"""Shortfall relieved: m² of play area lacking today that the parcel would make up for."""

from __future__ import annotations

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = Σ_ib P_ib (max(0, n_b − A_ib) − max(0, n_b − A_ib − ΔA_ib)), m² (gis/effect.py, E2SFCA).

    NaN where what the children have today is not known; None where the norm asks for no m² per child or nothing is surveyed.
    """
    return None if land.by_need else land.shortfall_relieved_m2


CRITERION = Criterion(
    "shortfall_relieved",
    "diện tích thiếu được bù",
    "shortfall relieved",
    "m²",
    worst=0.0,
    best=2000.0,
    weight=14,
    reason_vi="bù được 2.000 m² trở lên được coi là tốt nhất: lựa chọn thiết kế, không phải quy chuẩn",
    reason_en="2,000 m² and more made up for count as best: a design choice, not a norm",
    needs_vi="quy chuẩn có số m² mỗi trẻ và ít nhất một xã đã khảo sát",
    needs_en="a norm with m² per child, and at least one surveyed commune",
    measure=measure,
)
