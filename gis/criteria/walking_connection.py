"""Walking connection: how far the ground lies from a way that a child may walk."""

from __future__ import annotations

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = straight distance from the outline of the usable piece to the nearest point of the walking network, metres."""
    return land.offset_m


CRITERION = Criterion(
    "walking_connection",
    "khoảng cách tới đường đi bộ",
    "distance to the walking network",
    "m",
    worst=250.0,
    best=0.0,
    weight=5,
    reason_vi="xa hơn 250 m được coi là không nối với mạng đường (mặc định của phép gắn); ngay cạnh đường là tốt nhất",
    reason_en="beyond 250 m counts as off the network (the default of the attachment); on a way is best",
    needs_vi="mạng đường đi bộ",
    needs_en="a walking network",
    measure=measure,
)
