"""Halls: a village hall nearby means people who look after the place."""

from __future__ import annotations

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = straight distance from the usable piece to the nearest of the layer `halls`, metres, at most 5,000.

    None where it is not given.
    """
    return land.distance_m("halls")


CRITERION = Criterion(
    "halls",
    "khoảng cách tới nhà văn hóa thôn",
    "distance to a village hall",
    "m",
    worst=1000.0,
    best=0.0,
    weight=2,
    reason_vi="1.000 m là quãng đi bộ dài nhất của DIN 18034-1:2020; sát bên là tốt nhất",
    reason_en="1,000 m is the longest walk of DIN 18034-1:2020; next door is best",
    needs_vi="lớp nhà văn hóa ([nearby.halls])",
    needs_en="a layer of village halls ([nearby.halls])",
    measure=measure,
)
