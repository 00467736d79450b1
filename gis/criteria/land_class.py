"""Land class: how easily the law lets the land become a play area."""

from __future__ import annotations

import numpy as np
from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land

EASE = {"A": 1.0, "B": 0.5, "C": 0.0}


def measure(land: Land) -> Floats | None:
    """Value v = 1 for class A (easiest), 0.5 for B (ordinary conversion), 0 for C (needs a resolution of the People's Council).

    NaN for a code that is not known. None where the study names no land use.
    """
    if land.land_class is None:
        return None
    return np.array([EASE.get(each or "", np.nan) for each in land.land_class], dtype=float)


CRITERION = Criterion(
    "land_class",
    "nhóm đất theo thủ tục",
    "land class",
    "0–1",
    worst=0.0,
    best=1.0,
    weight=6,
    reason_vi="nhóm A dễ nhất, C phải có nghị quyết của Hội đồng nhân dân cấp tỉnh; B ở giữa là lựa chọn thiết kế",
    reason_en="class A is easiest, C needs a resolution of the provincial People's Council; B half-way is a design choice",
    needs_vi="mã loại đất của thửa",
    needs_en="the land-use code of the parcels",
    measure=measure,
)
