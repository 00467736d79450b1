"""Crowding: m² of play area per child, shared by all children who can walk to it.

Enhanced two-step floating catchment area (Luo & Wang 2003; Luo & Qi 2009) with the Gaussian decay of Dai (2010):

    f_b(d) = (e^(−½(d/D_b)²) − e^(−½)) / (1 − e^(−½))  for d ≤ D_b, else 0
    R_j    = S_j / Σ_b Σ_k ω_b P_kb f_b(d_kj)
    A_ib   = Σ_j R_j f_b(d_ij)

Bands compete for the same ground. Conservation: Σ_ib ω_b P_ib A_ib = Σ_j S_j over play areas with positive weighted demand.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Shared:
    """Who shares each play area.

    Attributes
    ----------
    demand : (play areas,) Σ_b Σ_k ω_b P_kb f_b(d_kj), weighted children. blank : children of unknown number are among them.
    """

    demand: Floats
    blank: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Crowding:
    """Result of `crowding`.

    Attributes
    ----------
    m2_per_child : (cells, bands) A_ib. 0 where no play area is reached. Play areas of unknown size add nothing: a lower bound.
    shared : who shares each play area.
    size_unknown : (cells, bands) bool: a play area of unknown size is within the limit, so A is a lower bound there.
    least_m2, contested : A without the play areas that children of unknown number compete for, and where there are such: A is an
        upper bound there.
    """

    m2_per_child: Floats
    shared: Shared
    size_unknown: npt.NDArray[np.bool_]
    least_m2: Floats = field(default_factory=lambda: np.empty((0, 0)))
    contested: npt.NDArray[np.bool_] = field(default_factory=lambda: np.empty((0, 0), dtype=bool))

    @property
    def demand(self) -> Floats:
        """(play areas,) weighted children who can walk to each play area."""
        return self.shared.demand


def decay(walk_m: Floats, limit_m: Floats, kind: str = "gaussian") -> Floats:
    """Weight of a walk of `walk_m` under a limit of `limit_m`, 0–1; exactly 0 beyond the limit and where it is NaN.

    "gaussian" falls from 1 to 0 at the limit; "binary" is 1 within it; "step" is 1, 0.68, 0.22 in the thirds of the limit
    (the weights of Luo & Qi 2009).
    """
    share = np.divide(walk_m, limit_m, out=np.full(np.shape(walk_m), np.inf), where=limit_m > 0)
    inside = share <= 1 + TOLERANCE
    share = np.where(inside, np.minimum(share, 1.0), 1.0)
    if kind == "binary":
        weight = np.ones_like(share)
    elif kind == "step":
        weight = np.select([share <= 1 / 3, share <= 2 / 3], [1.0, 0.68], 0.22)
    else:
        edge = np.exp(-0.5)
        weight = (np.exp(-0.5 * share**2) - edge) / (1 - edge)
    return np.where(inside, weight, 0.0)


def crowding(
    cell: npt.NDArray[np.integer],
    site: npt.NDArray[np.integer],
    walk_m: Floats,
    children: Floats,
    area_m2: Floats,
    limit_m: Floats,
    *,
    kind: str = "gaussian",
    band_weights: Floats | None = None,
    shared: Shared | None = None,
) -> Crowding:
    """m² per child for every cell and band.

    Parameters
    ----------
    cell, site, walk_m : one entry per pair of a cell and a play area it reaches, metres on foot.
    children : (cells, bands) P_ib; NaN (unknown) competes for nothing.
    area_m2 : (play areas,) S_j; NaN = unknown.
    limit_m : (bands, play areas) D_bj; NaN = the norm does not let this band count on it.
    kind : the decay, see `decay`.
    band_weights : (bands,) ω_b, 1 unless given.
    shared : who shares each play area, where that is known already: children beyond the given cells may be among them.
    """
    n_cells, n_bands = children.shape
    n_sites = len(area_m2)
    weights = [decay(walk_m, limit_m[b, site], kind) for b in range(n_bands)]
    if shared is None:
        shared = _share(cell, site, weights, children, n_sites, band_weights)
    demand, blank = shared.demand, shared.blank
    ratio = np.divide(np.nan_to_num(area_m2), demand, out=np.zeros(n_sites), where=demand > 0)
    access = np.zeros((n_cells, n_bands))
    unknown = np.zeros((n_cells, n_bands), dtype=bool)
    hidden = np.isnan(area_m2)[site]
    for b, weight in enumerate(weights):
        access[:, b] = np.bincount(cell, weight * ratio[site], n_cells)[:n_cells]
        unknown[cell[hidden & within(walk_m, limit_m[b, site])], b] = True
    least, contested = access, np.zeros((n_cells, n_bands), dtype=bool)
    if blank.any():
        least = np.zeros((n_cells, n_bands))
        for b, weight in enumerate(weights):
            least[:, b] = np.bincount(cell, weight * np.where(blank, 0.0, ratio)[site], n_cells)[:n_cells]
            contested[cell[(weight > 0) & blank[site]], b] = True
    return Crowding(access, shared, unknown, least, contested)


def share(
    cell: npt.NDArray[np.integer],
    site: npt.NDArray[np.integer],
    walk_m: Floats,
    children: Floats,
    limit_m: Floats,
    *,
    kind: str = "gaussian",
    band_weights: Floats | None = None,
) -> Shared:
    """Who shares each play area; parameters as of `crowding`."""
    weights = [decay(walk_m, limit_m[b, site], kind) for b in range(children.shape[1])]
    return _share(cell, site, weights, children, limit_m.shape[1], band_weights)


def _share(
    cell: npt.NDArray[np.integer],
    site: npt.NDArray[np.integer],
    weights: list[Floats],
    children: Floats,
    n_sites: int,
    band_weights: Floats | None,
) -> Shared:
    omega = np.ones(len(weights)) if band_weights is None else band_weights
    demand, blank = np.zeros(n_sites), np.zeros(n_sites, dtype=bool)
    for b, weight in enumerate(weights):
        count = children[cell, b]
        hidden = np.isnan(count)
        blank[site[(weight > 0) & hidden]] = True
        demand += omega[b] * np.bincount(site, weight * np.where(hidden, 0.0, count), n_sites)[:n_sites]
    return Shared(demand, blank)


def within(walk_m: Floats, limit_m: Floats) -> npt.NDArray[np.bool_]:
    """D ≤ D with the shared tolerance; False where the limit is NaN."""
    with np.errstate(invalid="ignore"):
        return np.asarray(walk_m <= limit_m * (1 + TOLERANCE))
