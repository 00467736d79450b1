"""Effect: what a play area on a parcel would change, walked on the network and not drawn as a circle.

A play area j of S_j m² on the parcel is shared by Q_j = Σ_b Σ_i ω_b P_ib f_b(d_ij); a child within its limit finds
S_j / Q_j · f_b(d_ij) m² more, and what the play areas of today give does not change (E2SFCA: their ratio depends on their own
children alone). So the effect of one parcel is exact without a rerun:

    reached = Σ_i P_ib [d_ij ≤ D_bj];   gained = those of them whom nothing covers today
    relieved = Σ_i P_ib (max(0, n_b − A_ib) − max(0, n_b − A_ib − S_j / Q_j · f_b(d_ij)))   m²
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sanchoi.gis.crowding import decay, within
from sanchoi.gis.reach import Reach
from sanchoi.gis.service import Service

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Today:
    """What the children of each cell have today.

    Attributes
    ----------
    children : (cells, bands), NaN = unknown. mine : (cells,) inside the study; the others share ground and are nobody's gain.
    commune : (cells,). known : (cells,) in a surveyed commune. service : coverage and m² per child.
    asked_m2 : (bands,) n_b, NaN = the norm asks for none. omega : (bands,) ω_b. kind : the decay.
    """

    children: Floats
    mine: Bools
    commune: Ints
    known: Bools
    service: Service
    asked_m2: Floats
    omega: Floats
    kind: str = "gaussian"


@dataclass(frozen=True)
class Effect:
    """Sums by parcel and commune (pairs, where a parcel reaches anybody), one column a band.

    Attributes
    ----------
    parcel, commune : (pairs,) sorted. reached, gained, relieved : (pairs, bands); NaN = not known: nobody surveyed where some
        of them live, their number is unknown, or play areas of unknown size decide; relieved: where the norm asks for none.
    demand : (parcels,) Q_j, weighted children who would share the ground; NaN where the number of some is not known.
    """

    parcel: Ints
    commune: Ints
    reached: Floats
    gained: Floats
    relieved: Floats
    demand: Floats

    def total(self, values: Floats, n: int, bands: Bools | None = None) -> Floats:
        """Sum over communes and the given bands (all unless given), one number a parcel; unknown if any part of it is."""
        used = values if bands is None else values[:, bands]
        if not used.shape[1]:
            return np.full(n, np.nan)
        whole = np.zeros(len(used))
        for column in used.T:  # one after the other: a sum must not depend on how many parcels there are
            whole += column
        return np.asarray(np.bincount(self.parcel, whole, n)[:n], dtype=float)


def effect(way: Reach, area_m2: Floats, limit_m: Floats, today: Today) -> Effect:
    """Effect of each parcel taken alone.

    Parameters
    ----------
    way : walks from cells to parcels, up to the longest limit.
    area_m2 : (parcels,) usable ground S_j.
    limit_m : (bands, parcels) D_bj for a play area of the parcel's usable size; NaN = it would be too small to count.
    today : the children, and what they have.
    """
    n_bands, n = limit_m.shape
    people = np.nan_to_num(today.children)
    weight = [decay(way.walk_m, limit_m[b, way.site], today.kind) for b in range(n_bands)]
    demand = np.zeros(n)
    for b in range(n_bands):
        demand += today.omega[b] * np.bincount(way.site, weight[b] * people[way.cell, b], n)[:n]
        hidden = (weight[b] > 0) & np.isnan(today.children[way.cell, b])
        demand[way.site[hidden]] = np.nan  # children of unknown number would share it
    ratio = np.divide(area_m2, demand, out=np.where(np.isnan(demand), np.nan, 0.0), where=demand > 0)

    mine = today.mine[way.cell]
    near = [within(way.walk_m, limit_m[b, way.site]) & mine for b in range(n_bands)]
    any_near = np.logical_or.reduce(near) if near else np.zeros(len(way.cell), dtype=bool)
    base = int(today.commune.max(initial=0)) + 1
    keys, group = np.unique(way.site[any_near] * base + today.commune[way.cell[any_near]], return_inverse=True)
    at = np.full(len(way.cell), -1)
    at[any_near] = group
    reached, gained, relieved = (np.zeros((len(keys), n_bands)) for _ in range(3))
    for b in range(n_bands):
        cell, site = way.cell[near[b]], way.site[near[b]]
        count = today.children[cell, b]
        new = np.where(today.service.covered[cell, b], 0.0, count)
        unsure = today.service.covered_possible[cell, b] & ~today.service.covered[cell, b] & (count != 0)
        new = np.where(unsure, np.nan, new)  # a play area of unknown size decides
        less = _relieved(cell, b, count, ratio[site] * weight[b][near[b]], today)
        blind = ~today.known[cell] & (count != 0)  # an unknown number is not 0 either
        for out, values in ((gained, new), (relieved, less)):
            out[:, b] = np.bincount(at[near[b]], np.where(blind, np.nan, values), len(keys))
        reached[:, b] = np.bincount(at[near[b]], count, len(keys))
    return Effect(keys // base, keys % base, reached, gained, relieved, demand)


def _relieved(cell: Ints, b: int, count: Floats, more: Floats, today: Today) -> Floats:
    """m² of shortfall that `more` m² a child takes from the children of each pair."""
    asked = today.asked_m2[b]
    if np.isnan(asked):
        return np.full(len(cell), np.nan)
    crowd = today.service.crowding
    lack = np.maximum(asked - crowd.m2_per_child[cell, b], 0.0)
    out: Floats = count * np.where(lack > 0, lack - np.maximum(lack - more, 0.0), 0.0)
    contested = crowd.contested[cell, b] if crowd.contested.size else np.zeros(len(cell), dtype=bool)
    hidden = (today.service.size_unknown[cell, b] & (lack > 0)) | contested
    return np.where(hidden & (count != 0), np.nan, out)
