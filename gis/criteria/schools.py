"""Schools: children are there every day, and the way is known to them."""

from __future__ import annotations

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = straight distance from the usable piece to the nearest of the layer `schools`, metres, at most 5,000.

    None where it is not given.
    """
    return land.distance_m("schools")


CRITERION = Criterion(
    "schools",
    "khoảng cách tới trường học",
    "distance to a school",
    "m",
    worst=1000.0,
    best=0.0,
    weight=3,
    reason_vi="1.000 m là quãng đi bộ dài nhất của DIN 18034-1:2020; sát bên là tốt nhất",
    reason_en="1,000 m is the longest walk of DIN 18034-1:2020; next door is best",
    needs_vi="lớp trường học ([nearby.schools])",
    needs_en="a layer of schools ([nearby.schools])",
    measure=measure,
)
