"""Siting: which parcels together cover the most children, with proof.

Maximal covering (Church & ReVelle 1974), with a number of sites or a budget:

    max Σ_k w_k y_k;  y_k ≤ Σ_{j ∈ N_k} x_j;  Σ_j c_j x_j ≤ B;  x_i + x_j ≤ 1 for pairs that stand too close;  x ∈ {0, 1}, 0 ≤ y ≤ 1

k: groups of children with the same set N_k of parcels in reach. Rows that are the same are merged, a greedy plan with exchanges is
the start, and HiGHS (Huangfu & Hall 2018) closes the gap. The bound is printed with the plan: a plan that is not proven says so.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
import scipy.sparse
from sanchoi.gis.errors import Infeasible

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Problem:
    """What is to be covered, and by what.

    Attributes
    ----------
    demand, site : (pairs,) demand k is covered by candidate j. weight : (demands,) children. cost : (candidates,).
    budget : what all chosen may cost together; with unit costs, their number.
    conflicts : (pairs, 2) candidates that may not both be chosen.
    """

    demand: Ints
    site: Ints
    weight: Floats
    cost: Floats
    budget: float
    conflicts: Ints


@dataclass(frozen=True)
class Plan:
    """Chosen candidates in build order, with proof.

    Attributes
    ----------
    chosen : candidates; each next one is the best of the rest to build now. steps : children covered by the first 1, 2, … of them.
    objective : children covered by all. bound : no plan covers more. mip_gap : (bound − objective) ÷ objective.
    """

    chosen: Ints
    steps: Floats
    objective: float
    bound: float
    mip_gap: float
    solver: str


def solve(problem: Problem, seconds: float = 60.0, seed: int = 0) -> Plan:
    """Choose the candidates that cover the most.

    Raises
    ------
    Infeasible : the budget is below the cheapest candidate, or there is none.
    """
    n = len(problem.cost)
    if not n:
        raise Infeasible(
            "there is no candidate", "at least one parcel that is not excluded", "look into table screening"
        )
    if problem.budget < problem.cost.min() - TOLERANCE:
        raise Infeasible(
            f"budget {problem.budget:,g} is below the cheapest site ({problem.cost.min():,g})",
            "a budget for one site at least",
            "raise [siting] budget, or offer cheaper land",
        )
    cover, weight = _merged(problem)
    allowed = _conflict_table(problem, n)
    first = _exchange(cover, weight, problem, allowed, _greedy(cover, weight, problem, allowed))
    chosen, bound, version = _mip(cover, weight, problem, first, seconds, seed)
    worth = _worth(cover, weight, chosen)
    order, steps = _build_order(cover, weight, chosen)
    bound = max(bound, worth)
    gap = (bound - worth) / worth if worth > 0 else 0.0
    return Plan(order, steps, worth, bound, gap, version)


def _merged(problem: Problem) -> tuple[scipy.sparse.csc_array, Floats]:
    """Matrix of demands × candidates, one row for all demands with the same candidates."""
    n, m = len(problem.weight), len(problem.cost)
    rows = scipy.sparse.csr_array((np.ones(len(problem.demand)), (problem.demand, problem.site)), shape=(n, m))
    rows.sum_duplicates()
    rows.sort_indices()
    useful = np.flatnonzero((np.diff(rows.indptr) > 0) & (problem.weight > 0))
    groups: dict[bytes, int] = {}
    group = np.empty(len(useful), dtype=np.int64)
    for at, k in enumerate(useful):
        group[at] = groups.setdefault(rows.indices[rows.indptr[k] : rows.indptr[k + 1]].tobytes(), len(groups))
    weight = np.bincount(group, problem.weight[useful], len(groups)).astype(float)
    _, kept = np.unique(group, return_index=True)
    return scipy.sparse.csc_array(rows[useful[kept]]), weight


def _conflict_table(problem: Problem, n: int) -> list[set[int]]:
    table: list[set[int]] = [set() for _ in range(n)]
    for i, j in problem.conflicts.tolist():
        table[i].add(j)
        table[j].add(i)
    return table


def _column(cover: scipy.sparse.csc_array, j: int) -> Ints:
    return np.asarray(cover.indices[cover.indptr[j] : cover.indptr[j + 1]], dtype=np.int64)


def _seen(cover: scipy.sparse.csc_array, chosen: Iterable[int]) -> npt.NDArray[np.bool_]:
    """Groups that the chosen cover."""
    seen = np.zeros(cover.shape[0], dtype=bool)
    for j in chosen:
        seen[_column(cover, int(j))] = True
    return seen


def _worth(cover: scipy.sparse.csc_array, weight: Floats, chosen: Iterable[int]) -> float:
    return float(weight[_seen(cover, chosen)].sum())


def _greedy(cover: scipy.sparse.csc_array, weight: Floats, problem: Problem, conflicts: list[set[int]]) -> list[int]:
    """The candidate that gains most per cost, again and again; gains only fall, so an old one is an upper bound (lazy greedy)."""
    seen = np.zeros(len(weight), dtype=bool)
    heap = [(-float(weight[_column(cover, j)].sum()) / c, j) for j, c in enumerate(problem.cost.tolist())]
    heapq.heapify(heap)
    chosen: list[int] = []
    spent, barred = 0.0, set[int]()
    while heap:
        old, j = heapq.heappop(heap)
        if j in barred or spent + problem.cost[j] > problem.budget + TOLERANCE:
            continue
        column = _column(cover, j)
        now = -float(weight[column[~seen[column]]].sum()) / problem.cost[j]
        if now >= 0:
            continue
        if heap and now > heap[0][0] + TOLERANCE and now > old:
            heapq.heappush(heap, (now, j))
            continue
        chosen.append(j)
        spent += float(problem.cost[j])
        seen[column] = True
        barred |= conflicts[j]
    return chosen


def _exchange(
    cover: scipy.sparse.csc_array, weight: Floats, problem: Problem, conflicts: list[set[int]], chosen: list[int]
) -> list[int]:
    """Swap one chosen for one other candidate as long as that covers more."""
    improved = True
    while improved:
        improved = False
        times = np.zeros(len(weight), dtype=np.int64)
        for j in chosen:
            times[_column(cover, j)] += 1
        spent = float(problem.cost[chosen].sum()) if chosen else 0.0
        for position, j in enumerate(chosen):
            without = times.copy()
            without[_column(cover, j)] -= 1
            open_ = np.where(without > 0, 0.0, weight)
            gain = np.asarray(cover.T @ open_)
            rest = set(chosen) - {j}
            gain[[i for i in range(len(gain)) if i in rest or conflicts[i] & rest]] = -1.0
            gain[spent - problem.cost[j] + problem.cost > problem.budget + TOLERANCE] = -1.0
            best = int(np.argmax(gain))
            if gain[best] > gain[j] + 1e-6 and best != j:
                chosen[position] = best
                improved = True
                break
    return chosen


def _mip(
    cover: scipy.sparse.csc_array, weight: Floats, problem: Problem, start: list[int], seconds: float, seed: int
) -> tuple[Ints, float, str]:
    """Exact model; variables are candidates (whole), then groups of children."""
    groups, sites = cover.shape
    model: Any = highspy._core._Highs()  # the class above it prints a banner on standard output
    version = f"HiGHS {model.version()}"
    for option, value in (("output_flag", False), ("time_limit", seconds), ("random_seed", seed), ("mip_rel_gap", 0.0)):
        model.setOptionValue(option, value)
    columns = sites + groups
    model.addVars(columns, np.zeros(columns), np.ones(columns))
    model.changeColsCost(columns, np.arange(columns, dtype=np.int32), np.concatenate([np.zeros(sites), -weight]))
    kind = np.array([highspy.HighsVarType.kInteger] * sites + [highspy.HighsVarType.kContinuous] * groups)
    model.changeColsIntegrality(columns, np.arange(columns, dtype=np.int32), kind)
    inf = highspy.kHighsInf
    by_row = scipy.sparse.csr_array(cover)
    for k in range(groups):
        near = by_row.indices[by_row.indptr[k] : by_row.indptr[k + 1]]
        index = np.concatenate([near, [sites + k]]).astype(np.int32)
        model.addRow(0.0, inf, len(index), index, np.concatenate([np.ones(len(near)), [-1.0]]))
    model.addRow(-inf, problem.budget, sites, np.arange(sites, dtype=np.int32), problem.cost)
    for i, j in problem.conflicts.tolist():
        model.addRow(-inf, 1.0, 2, np.array([i, j], dtype=np.int32), np.ones(2))
    known = np.zeros(columns)
    known[start] = 1.0
    known[sites:] = _seen(cover, start)
    solution = highspy.HighsSolution()
    solution.col_value = known.tolist()
    model.setSolution(solution)
    model.run()
    picked = np.asarray(model.getSolution().col_value)[:sites]
    found = np.flatnonzero(picked > 0.5)
    if not len(picked) or _worth(cover, weight, found) < _worth(cover, weight, start) - TOLERANCE:
        found = np.array(start, dtype=np.int64)
    bound = -float(model.getInfo().mip_dual_bound)
    return (
        found.astype(np.int64),
        min(bound, float(weight.sum())) if np.isfinite(bound) else float(weight.sum()),
        version,
    )


def _build_order(cover: scipy.sparse.csc_array, weight: Floats, chosen: Ints) -> tuple[Ints, Floats]:
    """The best of the rest first; ones that add nothing are left out."""
    seen = np.zeros(len(weight), dtype=bool)
    left, order, steps = sorted(int(j) for j in chosen), [], []
    while left:
        gains = [float(weight[_column(cover, j)[~seen[_column(cover, j)]]].sum()) for j in left]
        best = int(np.argmax(gains))
        if gains[best] <= TOLERANCE:
            break
        j = left.pop(best)
        seen[_column(cover, j)] = True
        order.append(j)
        steps.append(float(weight[seen].sum()))
    return np.array(order, dtype=np.int64), np.array(steps)
