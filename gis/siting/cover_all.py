"""What would it take: the least money with which every child that some candidate reaches is covered (Toregas et al. 1971).

    min Σ_j c_j x_j;   Σ_{j ∈ N_k} x_j ≥ 1 for every demand k with children and N_k not empty;   x ∈ {0, 1}

The budget is not a rule here: it is the answer. Children whom no candidate reaches cannot be asked for: the plan says how many they
are (`unreachable`). Demands with the same N_k are one row; a row whose N_k holds another row's is dropped, for it is covered
whenever that one is; so is a candidate whose rows another one covers for no more money, where no rule names it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse
from sanchoi.gis.siting.groups import Groups, group
from sanchoi.gis.siting.limits import Limits
from sanchoi.gis.siting.model import INF
from sanchoi.gis.siting.order import in_order, plan
from sanchoi.gis.siting.posed import Progress, answered, posed
from sanchoi.gis.siting.problem import Bools, Floats, Ints, Plan, Problem
from sanchoi.gis.siting.rules import check
from sanchoi.gis.siting.start import greedy
from sanchoi.gis.siting.walks import Shorter, Walks

PAIRS = 50_000_000
"""More comparisons than this cost more time than the rows and candidates they would save."""


def solve(problem: Problem, seconds: float = 60.0, seed: int = 0, progress: Progress | None = None) -> Plan:
    """The cheapest sites that cover every child a candidate reaches; `steps` is the money spent so far.

    Raises
    ------
    Infeasible : the spacing, or what is fixed, makes it impossible to cover them all; the message names the rule.
    """
    problem = replace(problem, budget=INF)
    check(problem)
    groups = group(problem)
    if progress:
        progress("reduce", 0.1)
    rows, sites = reduced(problem, groups.reach)
    small = scipy.sparse.csr_array(groups.reach[rows])
    scale = float(problem.cost.max(initial=0.0)) or 1.0
    pay = problem.cost / scale
    model = posed(problem, pay, small, np.ones(len(rows)), np.full(len(rows), INF), np.empty(0))
    model.high[~sites] = 0.0
    first = _first(problem, small, sites)
    start = None if first is None else np.isin(np.arange(len(pay)), first).astype(float)
    if progress:
        progress("solve", 0.3)
    answer = answered(problem, model, seconds, seed, start, asked=small)
    x = answer.x
    if start is not None and (not len(x) or pay[x > 0.5].sum() > pay @ start):
        x = start
    found = np.flatnonzero(x > 0.5)
    order, steps = _ordered(problem, groups.walks(), found)
    unit = "sites" if bool((problem.cost == 1).all()) else "VND"
    objective, bound = float(problem.cost[order].sum()), answer.bound * scale
    bound = max(bound, 0.0) if np.isfinite(bound) else 0.0
    best = plan(order, steps, objective, bound, answer, sense="min", unit=unit, seed=seed)
    return replace(best, unreachable=float(problem.weight[groups.of < 0].sum()))


def reduced(problem: Problem, reach: scipy.sparse.csr_array) -> tuple[Ints, Bools]:
    """Rows that still ask for something, and candidates (bool) that may still be worth choosing."""
    by_site = scipy.sparse.csc_array(reach)
    rows = _leanest(scipy.sparse.csr_array(reach))
    sites = np.ones(len(problem.cost), dtype=bool)
    named = np.zeros(len(problem.cost), dtype=bool)
    named[problem.fixed] = True
    bound_to = np.zeros(len(problem.cost), dtype=bool)
    bound_to[problem.conflicts.ravel()] = True
    bound_to[problem.forbidden] = True
    if problem.min_per_commune:
        return rows, sites
    lean = scipy.sparse.csc_array(scipy.sparse.csr_array(by_site)[rows])
    if _pairs(scipy.sparse.csr_array(lean)) > PAIRS:
        return rows, sites
    common = scipy.sparse.coo_array(lean.T @ lean)
    count = np.diff(lean.indptr)
    i, j = common.coords  # i covers all rows of j
    holds = (common.data >= count[j]) & (i != j) & (problem.cost[i] <= problem.cost[j])
    same = (count[i] == count[j]) & (problem.cost[i] == problem.cost[j])
    holds &= (~same | (i < j)) & ~bound_to[i] & ~named[j]
    sites[j[holds]] = False
    sites[(count == 0) & ~named & (problem.cost >= 0)] = False
    return rows, sites


def _leanest(reach: scipy.sparse.csr_array) -> Ints:
    """Rows that hold no other row's candidates (of equal ones there are none: groups are merged)."""
    if _pairs(scipy.sparse.csc_array(reach)) > PAIRS:
        return np.arange(reach.shape[0])
    count = np.diff(reach.indptr)
    common = scipy.sparse.coo_array(reach @ reach.T)
    small, large = common.coords
    drop = (common.data >= count[small]) & (count[small] < count[large])
    keep = np.ones(reach.shape[0], dtype=bool)
    keep[large[drop]] = False
    return np.flatnonzero(keep)


def _pairs(matrix: scipy.sparse.csr_array | scipy.sparse.csc_array) -> int:
    """Comparisons that a product of the matrix with itself takes."""
    return int((np.diff(matrix.indptr).astype(np.int64) ** 2).sum())


def _first(problem: Problem, reach: scipy.sparse.csr_array, sites: Bools) -> Ints | None:
    """A first plan: most rows for the money, again and again; None where it does not cover them all."""
    rest = replace(problem, forbidden=np.flatnonzero(~(sites & problem.free)))
    walks = Groups(reach, np.ones(reach.shape[0]), np.empty(0, dtype=np.int64)).walks()
    chosen = greedy(rest, Limits.of(rest), Shorter(walks))
    return chosen if chosen is not None and walks.times(chosen).all() else None


def _ordered(problem: Problem, walks: Walks, chosen: Ints) -> tuple[Ints, Floats]:
    """Most children newly covered for the money first; the value is the money spent so far."""
    left = Shorter(walks)
    spent = 0.0

    def take(j: int) -> float:
        nonlocal spent
        left.add(j)
        spent += float(problem.cost[j])
        return spent

    return in_order(problem, chosen, lambda j: (left.one(j) / max(float(problem.cost[j]), 1e-9),), take, nothing=0.0)
