"""Effect: what a play area on a parcel would change, walked on the network and not drawn as a circle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sanchoi.gis.crowding import within
from sanchoi.gis.reach import Reach

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Effect:
    """Children by parcel and band, (parcels, bands).

    Attributes
    ----------
    reached : children who could walk to a play area there within their limit.
    gained : those of them whom no open play area covers today; NaN where some live in a commune nobody surveyed.
    """

    reached: Floats
    gained: Floats


def effect(way: Reach, children: Floats, covered: Bools, known: Bools, limit_m: Floats) -> Effect:
    """Effect of each parcel taken alone.

    Parameters
    ----------
    way : walks from cells to parcels, up to the longest limit.
    children : (cells, bands), NaN = unknown. covered : (cells, bands) today. known : (cells,) in a surveyed commune.
    limit_m : (bands, parcels) D_bj for a play area of the parcel's usable size; NaN = it would be too small to count.
    """
    n_bands, n = limit_m.shape
    reached, gained = np.zeros((n, n_bands)), np.zeros((n, n_bands))
    for b in range(n_bands):
        near = within(way.walk_m, limit_m[b, way.site])
        cell, parcel = way.cell[near], way.site[near]
        people = children[cell, b]
        new = np.where(known[cell], np.where(covered[cell, b], 0.0, people), np.where(people == 0, 0.0, np.nan))
        reached[:, b] = np.bincount(parcel, people, n)[:n]
        gained[:, b] = np.bincount(parcel, new, n)[:n]
    return Effect(reached, gained)
