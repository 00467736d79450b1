"""Walks: who reaches what and how far it is, in the form that the compiled loops read.

Covering is the case where every walk in reach is 0 and without a site it is 1: what a plan saves is then the children it covers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse
from sanchoi.gis.kernels import compiled
from sanchoi.gis.siting.problem import Floats, Ints


class Walks(NamedTuple):
    """Walks by demand and by candidate; a named tuple, for compiled code reads such.

    Attributes
    ----------
    at, site, far : demand k can walk to candidates site[at[k]:at[k + 1]], the nearest first, `far` metres (or what they weigh).
    site_at, demand, site_far : the same by candidate: j serves demand[site_at[j]:site_at[j + 1]].
    base : (demands,) the walk without a plan; every other is less. weight : (demands,) children.
    """

    at: Ints
    site: Ints
    far: Floats
    site_at: Ints
    demand: Ints
    site_far: Floats
    base: Floats
    weight: Floats

    @classmethod
    def of(cls, at: Ints, site: Ints, far: Floats, base: Floats, weight: Floats, candidates: int) -> Walks:
        """From walks by demand, those of each from the nearest."""
        by_site = scipy.sparse.csc_array(scipy.sparse.csr_array((far, site, at), shape=(len(base), candidates)))
        return cls(
            at.astype(np.int64),
            site.astype(np.int64),
            far.astype(np.float64),
            by_site.indptr.astype(np.int64),
            by_site.indices.astype(np.int64),
            by_site.data.astype(np.float64),
            base.astype(np.float64),
            weight.astype(np.float64),
        )

    def who(self) -> Ints:
        """(pairs,) demand of each walk by demand."""
        return np.repeat(np.arange(len(self.base)), np.diff(self.at))

    def column(self, j: int) -> Ints:
        """Demands that candidate j serves."""
        return self.demand[self.site_at[j] : self.site_at[j + 1]]

    def times(self, chosen: Ints) -> Ints:
        """(demands,) how many of the chosen serve each."""
        out = np.zeros(len(self.base), dtype=np.int64)
        for j in chosen.tolist():
            out[self.column(j)] += 1
        return out

    def under(self, chosen: Ints) -> Floats:
        """(demands,) the walk under a plan."""
        left = Shorter(self)
        for j in chosen.tolist():
            left.add(j)
        return left.now

    def worth(self, chosen: Ints) -> float:
        """What a plan saves, Σ w (base − walk); for covering, the children it covers."""
        return float((self.weight * (self.base - self.under(chosen))).sum())


class Shorter:
    """A plan that grows, and what each candidate would save next."""

    def __init__(self, walks: Walks) -> None:
        self.walks = walks
        self.now = walks.base.copy()

    def every(self) -> Floats:
        """(candidates,) what each saves."""
        return np.asarray(_savings(self.walks, self.now))

    def one(self, j: int) -> float:
        """What candidate j saves."""
        walks = self.walks
        here = slice(walks.site_at[j], walks.site_at[j + 1])
        at = walks.demand[here]
        return float(walks.weight[at] @ np.maximum(self.now[at] - walks.site_far[here], 0.0))

    def add(self, j: int) -> None:
        """Build candidate j."""
        here = slice(self.walks.site_at[j], self.walks.site_at[j + 1])
        at = self.walks.demand[here]
        self.now[at] = np.minimum(self.now[at], self.walks.site_far[here])


@compiled
def _savings(walks: Walks, now: Floats) -> Floats:
    site_at, demand, far, weight = walks.site_at, walks.demand, walks.site_far, walks.weight
    out = np.zeros(len(site_at) - 1)
    for j in range(len(out)):
        total = 0.0
        for e in range(site_at[j], site_at[j + 1]):
            k = demand[e]
            if far[e] < now[k]:
                total += weight[k] * (now[k] - far[e])
        out[j] = total
    return out
