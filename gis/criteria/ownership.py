"""Ownership: public land need not be recovered from anybody."""

from __future__ import annotations

import numpy as np
from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = 1 for public land, 0 for other land; NaN where the owner is not known (gis/owners.py).

    None where the study names no owner.
    """
    if land.public is None:
        return None
    return np.array([np.nan if each is None else float(each) for each in land.public], dtype=float)


CRITERION = Criterion(
    "ownership",
    "đất do cơ quan, đơn vị công quản lý",
    "public ownership",
    "0–1",
    worst=0.0,
    best=1.0,
    weight=4,
    reason_vi="đất công không phải thu hồi của ai",
    reason_en="public land need not be recovered from anybody",
    needs_vi="tên hoặc loại người sử dụng đất",
    needs_en="who owns or uses the parcels",
    measure=measure,
)
