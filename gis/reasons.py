"""Reasons: why children are not served, in parts that sum to their number.

Three switches are thrown in every combination and the service is computed anew each time: barriers opened; the straight line
instead of the network, which while barriers are closed holds for pairs on one side of them; every reached play area large enough
for those who reach it. The part of a switch is its Shapley value (Shapley 1953; Shorrocks 2013), which does not depend on the
order in which the switches are thrown. What no switch mends is the supply part: no play area is near even as the crow flies.

    children not served = barrier + detour + area + supply
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
from sanchoi.gis.service import Service
from sanchoi.gis.tables import PARTS

Floats = npt.NDArray[np.float64]
T = TypeVar("T")

SWITCHES = ("barrier", "detour", "area")


@dataclass(frozen=True)
class Ways(Generic[T]):
    """One thing for each set of distances.

    Attributes
    ----------
    now : on the network as it is. opened : on the network with barriers opened. dry : along the straight line where it crosses no
        barrier, else as now. straight : along the straight line.
    """

    now: T
    opened: T
    dry: T
    straight: T

    def __iter__(self) -> Iterator[T]:
        yield from (self.now, self.opened, self.dry, self.straight)


def parts(services: Ways[Service], children: Floats, commune: npt.NDArray[np.integer], n: int) -> dict[str, Floats]:
    """Children not served, by part.

    Parameters
    ----------
    services : the service under each set of distances.
    children : (cells, bands).
    commune : (cells,) position of the cell's commune.
    n : number of communes.

    Returns
    -------
    part → (communes, bands) children. A part can be negative: a shorter way also lets more children compete.

    Where children lack ground near a play area of unknown size, the area part is NaN and the others explain who is not covered;
    where an unknown size decides who is covered, every part is NaN.
    """
    full, distance = (_shapley(services, children, commune, n, ground) for ground in (True, False))
    blind_ground = _anywhere([s.size_unknown & ~s.enough for s in services], children, commune, n)
    blind_cover = _anywhere([s.covered_possible & ~s.covered for s in services], children, commune, n)
    out = {part: np.where(blind_ground, distance[part], full[part]) for part in PARTS}
    out["area"] = np.where(blind_ground, np.nan, out["area"])
    return {part: np.where(blind_cover, np.nan, values) for part, values in out.items()}


def _anywhere(
    masks: list[npt.NDArray[np.bool_]], children: Floats, commune: npt.NDArray[np.integer], n: int
) -> npt.NDArray[np.bool_]:
    """(communes, 1): whether any mask holds for a cell with children in any band."""
    found = np.any(masks, axis=0) & (children > 0)
    return (np.bincount(commune, found.any(axis=1), n)[:n] > 0)[:, None]


def _shapley(
    services: Ways[Service], children: Floats, commune: npt.NDArray[np.integer], n: int, ground: bool
) -> dict[str, Floats]:
    """Shapley values of the switches, and what is left when all are thrown; `ground`: a child also needs enough of it."""

    def left(thrown: frozenset[str]) -> Floats:
        if "detour" in thrown:
            service = services.straight if "barrier" in thrown else services.dry
        else:
            service = services.opened if "barrier" in thrown else services.now
        good = service.served if ground and "area" not in thrown else service.covered
        return sum_by(np.where(good, 0.0, children), commune, n)

    worth = {thrown: left(thrown) for thrown in _subsets(SWITCHES)}
    out = {switch: np.zeros((n, children.shape[1])) for switch in SWITCHES}
    orders = list(permutations(SWITCHES))
    for order in orders:
        thrown: frozenset[str] = frozenset()
        for switch in order:
            out[switch] += (worth[thrown] - worth[thrown | {switch}]) / len(orders)
            thrown = thrown | {switch}
    out["supply"] = worth[frozenset(SWITCHES)]
    return out


def _subsets(items: tuple[str, ...]) -> list[frozenset[str]]:
    out = [frozenset[str]()]
    for item in items:
        out += [one | {item} for one in out]
    return out


def sum_by(values: Floats, group: npt.NDArray[np.integer], n: int) -> Floats:
    """Sum the rows of `values` (rows, bands) by group: (n, bands)."""
    return np.column_stack([np.bincount(group, column, n)[:n].astype(float) for column in values.T])
