"""Groups: demands that the same candidates can serve count as one, so that the model has one row for all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse
from sanchoi.gis.siting.problem import Floats, Ints, Problem
from sanchoi.gis.siting.walks import Walks


@dataclass(frozen=True)
class Groups:
    """Demands merged by the candidates that may be chosen and reach them.

    Attributes
    ----------
    reach : (groups, candidates) 1 where the candidate reaches the group. weight : (groups,) children.
    of : (demands,) group of each demand, −1 = no weight, or no candidate reaches it.
    """

    reach: scipy.sparse.csr_array
    weight: Floats
    of: Ints

    def walks(self) -> Walks:
        """For covering: every walk in reach is 0, and 1 without a site."""
        k, m = self.reach.shape
        return Walks.of(self.reach.indptr, self.reach.indices, np.zeros(self.reach.nnz), np.ones(k), self.weight, m)


def marks(n: int) -> npt.NDArray[np.uint64]:
    """Two random 64-bit numbers for each of n things: sets of them are equal where both sums are (Zobrist 1970)."""
    return np.random.default_rng(20).integers(0, 2**64, size=(n, 2), dtype=np.uint64)


def group(problem: Problem, key: npt.NDArray[np.generic] | None = None) -> Groups:
    """Merge demands with the same candidates, and the same `key` (one entry a demand) where one is given."""
    n, m = len(problem.weight), len(problem.cost)
    use = problem.free[problem.site] & (problem.weight[problem.demand] > 0)
    demand, site = problem.demand[use], problem.site[use]
    reach = scipy.sparse.csr_array((np.ones(len(demand)), (demand, site)), shape=(n, m))
    reach.sum_duplicates()
    reach.data[:] = 1.0
    useful = np.flatnonzero(np.diff(reach.indptr) > 0)
    row = np.repeat(np.arange(n), np.diff(reach.indptr))
    signs = np.zeros((n, 2), dtype=np.uint64)
    for side, each in enumerate(marks(m).T):
        np.add.at(signs[:, side], row, each[reach.indices])
    columns = [signs[useful, 0], signs[useful, 1]]
    if key is not None:
        columns.append(np.unique(key, return_inverse=True)[1].astype(np.uint64)[useful])
    _, first, inverse = np.unique(np.column_stack(columns), axis=0, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))  # groups in the order of their first demand
    of = np.full(n, -1, dtype=np.int64)
    of[useful] = rank[inverse.ravel()]
    count = len(first)
    weight = np.bincount(of[useful], problem.weight[useful], count)[:count]
    return Groups(scipy.sparse.csr_array(reach[useful[np.sort(first)]]), weight.astype(float), of)
