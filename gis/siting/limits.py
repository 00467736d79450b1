"""Limits: the rules of a problem in the form that the compiled loops read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse
from sanchoi.gis.siting.problem import Bools, Floats, Ints, Problem
from sanchoi.gis.siting.rules import asking, limit, may

NO_BUDGET = 1e300


class Limits(NamedTuple):
    """What a plan may not break; a named tuple, for compiled code reads such.

    Attributes
    ----------
    cost : (candidates,). budget : with its tolerance. may : (candidates,) can be in a plan. locked : (candidates,) fixed.
    commune : (candidates,) number of the commune that asks for sites, −1 = none. communes : how many ask. least : sites for each.
    near_at, near : candidates near[near_at[j]:near_at[j + 1]] stand too close to j.
    """

    cost: Floats
    budget: float
    may: Bools
    locked: Bools
    commune: Ints
    communes: int
    least: int
    near_at: Ints
    near: Ints

    @classmethod
    def of(cls, problem: Problem) -> Limits:
        """From a problem."""
        m = len(problem.cost)
        locked = np.zeros(m, dtype=np.bool_)
        locked[problem.fixed] = True
        commune = np.full(m, -1, dtype=np.int64)
        asked = asking(problem)
        at = np.flatnonzero(np.isin(problem.commune, asked))
        commune[at] = np.searchsorted(asked, problem.commune[at])
        both = np.concatenate([problem.conflicts, problem.conflicts[:, ::-1]]).astype(np.int64)
        table = scipy.sparse.csr_array((np.ones(len(both), dtype=np.int8), (both[:, 0], both[:, 1])), shape=(m, m))
        return cls(
            problem.cost.astype(np.float64),
            float(limit(problem)) if np.isfinite(problem.budget) else NO_BUDGET,
            may(problem),
            locked,
            commune,
            len(asked),
            int(problem.min_per_commune),
            table.indptr.astype(np.int64),
            table.indices.astype(np.int64),
        )

    def close(self, j: int) -> Ints:
        """Candidates that stand too close to j."""
        return self.near[self.near_at[j] : self.near_at[j + 1]]
