"""SMAA: how sure a rank is when nobody knows the weights exactly.

Stochastic multicriteria acceptability analysis, SMAA-2 (Lahdelma & Salminen 2001; Monte Carlo as in Tervonen & Lahdelma 2007):
weights are drawn many times around the stated ones, the parcels are ranked anew each time, and it is counted how often each
parcel takes each rank.

    W ~ Dirichlet(κ w),   E W_k = w_k,   sd W_k / w_k = √((1 − w_k) / (w_k (κ + 1)))
    acceptability b_j^r = share of the draws in which parcel j has rank r

With 10,000 draws the standard error of a share b is √(b (1 − b) / 10,000): at most 0.005. Only the weights are uncertain here; a
value that is not known contributes 0, as in the score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis.errors import ContractError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DRAWS = 10_000
SPREAD = 1 / 3
"""A weight of average size (1/m of m criteria) has a standard deviation of a third of itself. A design choice: nearly all
draws then lie between a third of such a weight and twice it, and a weight twice as large as another mostly stays the larger."""
RANKS = 10
DIGITS = 12
CHUNK_BYTES = 32 * 2**20
LIKELY = 500
"""So many kinds, those of the best mean score, set a bar in each draw that others must reach. It only saves time."""


@dataclass(frozen=True)
class Acceptability:
    """How often each parcel takes each rank, in the order of the parcels.

    Attributes
    ----------
    rank_first : (parcels,) share of the draws in which it is best. in_best : (parcels,) in which it is among the best p; sums to
        min(p, parcels).
    ranks : (parcels, min(p, 10, parcels)) share of the draws in which it has rank 1, 2, …; each column sums to 1.
    p, draws, seed : as asked. kappa : the concentration κ; None = uniform weights.
    """

    rank_first: Floats
    in_best: Floats
    ranks: Floats
    p: int
    draws: int
    seed: int
    kappa: float | None

    def table(self, parcel_id: Sequence[str]) -> pd.DataFrame:
        """Rows parcel_id, rank, share, where share > 0; sorted by both."""
        row, column = np.nonzero(self.ranks)
        out = pd.DataFrame(
            {
                "parcel_id": np.asarray(parcel_id, dtype=object)[row],
                "rank": column.astype(np.int64) + 1,
                "share": self.ranks[row, column],
            }
        ).astype({"parcel_id": "str"})
        return out.sort_values(["parcel_id", "rank"], ignore_index=True)


def concentration(criteria: int, spread: float = SPREAD) -> float:
    """κ with which a weight of average size 1/m varies by `spread`: κ = (m − 1) / spread² − 1.

    From (1 − 1/m) / (1/m (κ + 1)) = spread².

    Raises
    ------
    ContractError : a spread that no Dirichlet distribution has: 0 or less, or √(m − 1) and more.
    """
    if not spread > 0 or (criteria > 1 and spread**2 >= criteria - 1):
        raise ContractError(
            f"spread {spread} of {criteria} weights", f"above 0 and below √{criteria - 1}", "choose a smaller spread"
        )
    return (criteria - 1) / spread**2 - 1


def acceptability(
    utility: Floats,
    weight: Floats,
    p: int,
    *,
    spread: float | None = SPREAD,
    draws: int = DRAWS,
    seed: int = 0,
) -> Acceptability:
    """Rank acceptability of parcels.

    Parameters
    ----------
    utility : (parcels, criteria) 0–1; NaN (not known) counts as 0.
    weight : (criteria,) the stated weights, in any unit; those of 0 stay 0.
    p : how many sites are wanted.
    spread : relative standard deviation of a weight of average size, see `concentration`; None = every set of weights is as likely.

    Notes
    -----
    Parcels whose utilities are equal (to 12 decimals) tie in every draw: each gets an equal share of the ranks that they take
    together. They are counted as one with a multiplicity, and the rest is sorted by utility, so neither row order nor ids change
    anything. Memory is bounded: as many draws at a time as have 32 MB of scores.

    Raises
    ------
    ContractError : weights that are negative, not numbers, all 0 or of another number than the criteria; p or draws below 1.
    """
    stated = np.asarray(weight, dtype=float)
    if utility.ndim != 2 or stated.shape != utility.shape[1:]:
        raise ContractError(
            f"{stated.shape} weights for utilities {utility.shape}", "one weight a criterion", "give as many of both"
        )
    if not (np.isfinite(stated).all() and (stated >= 0).all() and stated.sum() > 0):
        raise ContractError(f"weights {stated.tolist()}", "0 or more, one above 0", "mend the weights")
    if p < 1 or draws < 1:
        raise ContractError(f"p = {p}, draws = {draws}", "1 or more of each", "mend the number")
    counts = np.flatnonzero(stated > 0)
    kappa = None if spread is None or len(counts) == 1 else concentration(len(counts), spread)
    alpha = np.ones(len(counts)) if kappa is None else kappa * stated[counts] / stated.sum()
    drawn = np.random.default_rng(seed).dirichlet(alpha, draws)
    n = len(utility)
    if n == 0:
        return Acceptability(np.zeros(0), np.zeros(0), np.zeros((0, 0)), p, draws, seed, kappa)
    known = np.round(np.nan_to_num(utility[:, counts]), DIGITS) + 0.0
    kinds, kind, copies = np.unique(known, axis=0, return_inverse=True, return_counts=True)
    best, ranks = _count(kinds, copies.astype(np.int64), drawn, min(p, n), min(p, RANKS, n))
    kind = kind.ravel()
    best, ranks = (
        np.minimum(best[kind] / draws, 1.0),
        np.minimum(ranks[kind] / draws, 1.0),
    )  # thirds may pass 1 by 1e-16
    return Acceptability(ranks[:, 0].copy(), best, ranks, p, draws, seed, kappa)


def _count(kinds: Floats, copies: Ints, drawn: Floats, p: int, top: int) -> tuple[Floats, Floats]:
    """Draws in which a parcel of each kind is among the best p, and in which it has rank 1 … top.

    `copies` of a kind that stand at places b + 1 … b + c share them: each has every one of these ranks in 1/c of the draw, and is
    among the best p in clip(p − b, 0, c) / c of it.
    """
    n = len(kinds)
    keep = min(p, n)
    best, ranks = np.zeros(n), np.zeros((n, top))
    step = max(1, CHUNK_BYTES // (8 * n))
    columns = np.ascontiguousarray(kinds.T)
    likely = np.argsort(-(drawn.mean(axis=0) @ columns), kind="stable")[: max(4 * keep, LIKELY)]
    for start in range(0, len(drawn), step):
        scores = drawn[start : start + step] @ columns
        bar = -np.partition(-scores[:, likely], keep - 1, axis=1)[:, keep - 1]  # none below it is among the best
        alive = np.flatnonzero((scores >= bar[:, None]).any(axis=0))
        scores = scores[:, alive]
        rest = len(alive) - keep
        found = np.sort(np.argpartition(scores, rest, axis=1)[:, rest:], axis=1)
        order = np.argsort(-np.take_along_axis(scores, found, axis=1), axis=1, kind="stable")
        found = alive[np.take_along_axis(found, order, axis=1)]
        many = copies[found]
        before = np.cumsum(many, axis=1) - many
        best += np.bincount(found.ravel(), (np.clip(p - before, 0, many) / many).ravel(), n)
        for rank in range(top):
            at = (before[:, :top] <= rank).sum(axis=1, keepdims=True) - 1
            who = np.take_along_axis(found, at, axis=1).ravel()
            ranks[:, rank] += np.bincount(who, 1.0 / copies[who], n)
    return best, ranks
