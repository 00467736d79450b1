"""Children in reach: need, where nobody knows yet which play areas there are."""

from __future__ import annotations

from sanchoi.gis.criteria.criterion import Criterion
from sanchoi.gis.criteria.land import Floats, Land


def measure(land: Land) -> Floats | None:
    """Value v = Σ_b Σ_i P_ib [d_ij ≤ D_bj], children, walked on the network.

    Measured only where no commune is surveyed. It ranks parcels by need and claims no gain: some of these children may have a play
    area already.
    """
    return land.children_reached if land.by_need else None


CRITERION = Criterion(
    "children_in_reach",
    "trẻ em trong tầm đi bộ (theo nhu cầu)",
    "children within walking distance (by need)",
    "children",
    worst=0.0,
    best=500.0,
    weight=24,
    reason_vi="500 trẻ trở lên được coi là tốt nhất: lựa chọn thiết kế, không phải quy chuẩn",
    reason_en="500 children and more count as best: a design choice, not a norm",
    needs_vi="chưa xã nào được khảo sát (nếu có thì tính số trẻ được phục vụ thêm)",
    needs_en="no commune surveyed (else children gained are counted)",
    measure=measure,
    instead_of="children_gained",
)
