"""Flood: how much of the ground lies where floods reach."""

from __future__ import annotations

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land, covered_share


def measure(land: Land) -> Floats | None:
    """Value v = area of (usable piece ∩ union of flood ground) ÷ area of the usable piece, 0–1; ground flooded twice counts once.

    None where no layer of floods is given.
    """
    features = land.features("flood")
    return None if features is None else covered_share(land.usable, features)


CRITERION = Criterion(
    "flood",
    "tỷ lệ diện tích ngập lụt",
    "share of the ground that floods",
    "share",
    worst=1.0,
    best=0.0,
    weight=4,
    reason_vi="0 là không ngập, 1 là ngập toàn bộ",
    reason_en="0 is no flooded ground, 1 all of it",
    needs_vi="lớp vùng ngập",
    needs_en="a layer of flooded ground",
    measure=measure,
)
