"""The commune that is worst off first: the largest smallest covered share (max-min), then as many children as possible.

    1. max t;   t ≤ (covered_c + Σ_{k in c} w_k y_k) ÷ children_c for each commune c
       y_k ≤ Σ_{j ∈ N_k} x_j;   x ∈ {0, 1};   0 ≤ y ≤ 1
    2. max Σ_k w_k y_k with t held at what stage 1 found

c runs over the communes that some candidate can raise. The others stay where they are whatever is built, and would hide what is
done for the rest: they are left out, and the plan says which. Its bound and gap are those of stage 1; `children_gap` is that of
stage 2, among the plans with the share that stage 1 found.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse
from sanchoi.gis.errors import ContractError
from sanchoi.gis.siting.groups import Groups, group
from sanchoi.gis.siting.limits import Limits
from sanchoi.gis.siting.model import INF, Answer
from sanchoi.gis.siting.order import TOLERANCE, in_order, plan
from sanchoi.gis.siting.posed import Progress, answered, posed
from sanchoi.gis.siting.problem import Bools, Floats, Ints, Plan, Problem
from sanchoi.gis.siting.refusals import refusal
from sanchoi.gis.siting.rules import check
from sanchoi.gis.siting.start import KICKS, first_plan

FIRST = 0.7
"""Part of the time that stage 1 may take."""


def solve(problem: Problem, seconds: float = 60.0, seed: int = 0, progress: Progress | None = None) -> Plan:
    """The sites with the largest smallest covered share, and among them those that cover the most children.

    Raises
    ------
    Infeasible : no plan keeps the rules, or no candidate reaches a child of a commune whose children are known.
    ContractError : children, covered or home are missing.
    """
    _given(problem)
    check(problem)
    groups = group(problem, problem.home)
    home = _homes(problem, groups)
    known = (home >= 0) & (problem.children[home] > 0)
    lacking = np.unique(problem.home[(problem.weight > 0) & (problem.home >= 0)])
    groups, home = _kept(groups, known), home[known]
    raised = np.unique(home)
    if not len(raised):
        raise refusal("none_raised")
    if progress:
        progress("worst commune", 0.1)
    worst = _Shares(problem, groups, home, raised)
    first = worst.stage_1(seconds * FIRST, seed)
    best = _sites(first, problem)
    share = worst.least(best)
    if progress:
        progress("most children", 0.6)
    second = worst.stage_2(share, best, max(seconds - first.seconds, seconds * (1 - FIRST)), seed)
    if len(second.x) and worst.least(_sites(second, problem)) >= share - TOLERANCE:
        best = _sites(second, problem)
    order, steps = worst.ordered(best)
    both = replace(first, seconds=first.seconds + second.seconds)
    bound = min(-first.bound, worst.ceiling()) if np.isfinite(first.bound) else worst.ceiling()
    fair = plan(order, steps, worst.least(order), bound, both, sense="max", unit="share", seed=seed)
    children, most = worst.walks.worth(order), float(groups.weight.sum())
    most = min(-second.bound * worst.scale, most) if np.isfinite(second.bound) else most
    rest = plan(order, steps, children, most, both, sense="max", unit="children", seed=seed)
    return replace(fair, left_out=np.setdiff1d(lacking, raised), children_gap=rest.mip_gap)


def _given(problem: Problem) -> None:
    if len(problem.home) != len(problem.weight) or len(problem.children) != len(problem.covered):
        raise ContractError(
            f"{len(problem.home)} homes for {len(problem.weight)} demands, {len(problem.children)} communes with children and "
            f"{len(problem.covered)} with covered ones",
            "a commune for every demand, and both counts for every commune",
            "fill home, children and covered",
        )


def _homes(problem: Problem, groups: Groups) -> Ints:
    """Commune of each group; a demand outside all communes is in none, and its group goes with commune −1."""
    out = np.full(len(groups.weight), -1, dtype=np.int64)
    inside = groups.of >= 0
    out[groups.of[inside]] = problem.home[inside]
    return out


def _kept(groups: Groups, keep: Bools) -> Groups:
    return Groups(scipy.sparse.csr_array(groups.reach[np.flatnonzero(keep)]), groups.weight[keep], groups.of)


def _sites(answer: Answer, problem: Problem) -> Ints:
    return np.flatnonzero(answer.x[: len(problem.cost)] > 0.5).astype(np.int64)


class _Shares:
    """Covered shares of the communes that can be raised."""

    def __init__(self, problem: Problem, groups: Groups, home: Ints, raised: Ints) -> None:
        self.problem, self.groups = problem, groups
        self.at = np.searchsorted(raised, home)
        self.count = len(raised)
        self.children = problem.children[raised].astype(float)
        self.today = problem.covered[raised] / self.children
        self.walks = groups.walks()
        self.part = groups.weight / self.children[self.at]
        self.scale = float(groups.weight.max())

    def after(self, done: Bools) -> Floats:
        """(communes,) covered share with these groups covered."""
        return np.asarray(self.today + np.bincount(self.at[done], self.part[done], self.count)[: self.count])

    def least(self, chosen: Ints) -> float:
        """Smallest share under a plan."""
        return float(self.after(self.walks.times(chosen) > 0).min())

    def ceiling(self) -> float:
        """Smallest share if everything were built."""
        return float(self.after(np.ones(len(self.at), dtype=bool)).min())

    def _rows(self, extra: int) -> tuple[scipy.sparse.csr_array, Floats, Floats]:
        """Rows y ≤ Σ x of each group, and the share of each commune less t (where there is a t, `extra` = 1)."""
        m, g = len(self.problem.cost), len(self.groups.weight)
        cover = scipy.sparse.hstack([self.groups.reach, -scipy.sparse.eye_array(g), scipy.sparse.csr_array((g, extra))])
        sums = scipy.sparse.csr_array((self.part, (self.at, np.arange(g))), shape=(self.count, g))
        least = scipy.sparse.csr_array(-np.ones((self.count, extra)))
        share = scipy.sparse.hstack([scipy.sparse.csr_array((self.count, m)), sums, least])
        rows = scipy.sparse.csr_array(scipy.sparse.vstack([cover, share], format="csr"))
        return rows, np.concatenate([np.zeros(g), -self.today]), np.full(g + self.count, INF)

    def stage_1(self, seconds: float, seed: int) -> Answer:
        """The largest smallest share."""
        m, g = len(self.problem.cost), len(self.groups.weight)
        rows, low, high = self._rows(1)
        cost = np.concatenate([np.zeros(m + g), [-1.0]])
        top = np.concatenate([np.ones(g), [self.ceiling()]])
        start = None
        shares = self.walks._replace(weight=self.part)
        chosen = first_plan(self.problem, Limits.of(self.problem), shares, KICKS)
        if chosen is not None:
            start = np.concatenate([self.point(chosen), [self.least(chosen)]])
        answer = answered(self.problem, posed(self.problem, cost, rows, low, high, top), seconds, seed, start)
        return answer if len(answer.x) or start is None else replace(answer, x=start)

    def point(self, chosen: Ints) -> Floats:
        """The variables x and y of a plan."""
        x = np.zeros(len(self.problem.cost))
        x[chosen] = 1.0
        return np.concatenate([x, (self.walks.times(chosen) > 0).astype(float)])

    def stage_2(self, share: float, chosen: Ints, seconds: float, seed: int) -> Answer:
        """The most children with the smallest share held."""
        m, g = len(self.problem.cost), len(self.groups.weight)
        rows, low, high = self._rows(0)
        low[g:] += share - TOLERANCE
        cost = np.concatenate([np.zeros(m), -self.groups.weight / self.scale])
        model = posed(self.problem, cost, rows, low, high, np.ones(g))
        return answered(self.problem, model, seconds, seed, self.point(chosen))

    def ordered(self, chosen: Ints) -> tuple[Ints, Floats]:
        """What raises the smallest share most first, then what covers the most children."""
        done = np.zeros(len(self.groups.weight), dtype=bool)

        def score(j: int) -> tuple[float, ...]:
            mine = self.walks.column(j)
            new = mine[~done[mine]]
            gained = done.copy()
            gained[new] = True
            rise = float(self.after(gained).min() - self.after(done).min())
            return (rise if rise > TOLERANCE else 0.0, float(self.groups.weight[new].sum()))

        def take(j: int) -> float:
            done[self.walks.column(j)] = True
            return float(self.after(done).min())

        return in_order(self.problem, chosen, score, take)
