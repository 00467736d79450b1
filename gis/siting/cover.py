"""Cover: who reaches what, and who stands too close, in the form that the compiled loops read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse
from sanchoi.gis.siting.groups import Groups
from sanchoi.gis.siting.problem import Problem

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cover:
    """Groups and candidates in the form that the compiled loops read: compressed columns and rows.

    Attributes
    ----------
    site_at, site_group : candidate j reaches groups site_group[site_at[j]:site_at[j + 1]]. weight : (groups,) children.
    """

    site_at: Ints
    site_group: Ints
    weight: Floats

    @classmethod
    def of(cls, groups: Groups) -> Cover:
        """From merged demands."""
        by_site = scipy.sparse.csc_array(groups.reach)
        return cls(by_site.indptr.astype(np.int64), by_site.indices.astype(np.int64), groups.weight.astype(float))

    def times(self, chosen: Ints) -> Ints:
        """(groups,) how many of the chosen reach each."""
        out = np.zeros(len(self.weight), dtype=np.int64)
        for j in chosen.tolist():
            out[self.site_group[self.site_at[j] : self.site_at[j + 1]]] += 1
        return out

    def worth(self, chosen: Ints) -> float:
        """Children whom the chosen cover."""
        return float(self.weight[self.times(chosen) > 0].sum())


@dataclass(frozen=True)
class Near:
    """Candidates that stand too close: those of j are near[at[j]:at[j + 1]]."""

    at: Ints
    near: Ints

    @classmethod
    def of(cls, problem: Problem) -> Near:
        """From the pairs of a problem."""
        m = len(problem.cost)
        pairs = problem.conflicts
        both = np.concatenate([pairs, pairs[:, ::-1]]) if len(pairs) else np.empty((0, 2), dtype=np.int64)
        table = scipy.sparse.csr_array((np.ones(len(both), dtype=np.int8), (both[:, 0], both[:, 1])), shape=(m, m))
        return cls(table.indptr.astype(np.int64), table.indices.astype(np.int64))
