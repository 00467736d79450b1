"""Bound: how much any plan can cover at most, by Lagrangian multipliers, and which candidates no better plan can hold.

With multipliers 0 ≤ λ_k ≤ w_k on y_k ≤ Σ_{j ∈ N_k} x_j, and of all rules the budget alone,

    L(λ) = Σ_k (w_k − λ_k) + max {Σ_j s_j x_j : Σ_j c_j x_j ≤ B, 0 ≤ x ≤ 1},   s_j = Σ_{k: j ∈ N_k} λ_k

is at least what any plan covers, for every λ (Fisher 1981; for covering: Galvão & ReVelle 1996). The inner problem is filled by
s_j ÷ c_j; μ is the ratio of the last one that goes in. A plan with x_j = 1 covers at most L − max(0, μ c_j − s_j), one without it
at most L − max(0, s_j − μ c_j): where that is no more than a plan at hand, x_j is settled. λ moves along the subgradient weighed by
w_k, and the sites that L takes are the start of further plans.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sanchoi.gis.kernels import compiled
from sanchoi.gis.siting.cover import Cover, Near
from sanchoi.gis.siting.problem import Problem
from sanchoi.gis.siting.rules import limit, may
from sanchoi.gis.siting.start import greedy
from sanchoi.gis.siting.swap import improve

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
ROUNDS, PHASES = 25, 24
"""Steps of λ between two plans, and how often."""
STEPS_A_SECOND = 1.5e8
"""Pairs of a candidate and a group looked at in a second: what time allows is counted so, and the same on every machine."""
LEAST_STEP = 2e-3
CLOSE = 1e-9


@dataclass
class Bounded:
    """Where the search stands.

    Attributes
    ----------
    best : the best plan known, None = none. worth : children it covers. bound : no plan covers more.
    open_ : (candidates,) a plan better than `best` may hold it. sure : (candidates,) every better plan holds it.
    """

    best: Ints | None
    worth: float
    bound: float
    open_: Bools
    sure: Bools

    def settle(self, columns: Ints, value: float, gap: Floats) -> None:
        """Settle candidates: with one a plan covers at most `value` + min(gap, 0), without it `value` − max(gap, 0)."""
        if self.best is None:
            return
        floor = self.worth + CLOSE * max(1.0, abs(self.worth))
        self.open_[columns[value + np.minimum(gap, 0.0) <= floor]] = False
        self.sure[columns[value - np.maximum(gap, 0.0) <= floor]] = True
        if (self.sure & ~self.open_).any():
            self.bound = self.worth

    @property
    def proven(self) -> bool:
        """Whether no plan is better than the best."""
        return self.best is not None and self.bound <= self.worth + CLOSE * max(1.0, abs(self.worth))

    def offer(self, cover: Cover, chosen: Ints | None) -> None:
        """Keep a plan if it is better."""
        if chosen is None:
            return
        worth = cover.worth(chosen)
        if self.best is None or worth > self.worth:
            self.best, self.worth = chosen, worth


def bounded(problem: Problem, cover: Cover, near: Near, first: Ints | None, seconds: float) -> Bounded:
    """Best plan, bound and open candidates after `PHASES` rounds at most."""
    m = len(problem.cost)
    sure = np.zeros(m, dtype=bool)
    sure[problem.fixed] = True
    state = Bounded(None, -1.0, float(cover.weight.sum()), may(problem), sure)
    state.offer(cover, first)
    fixed = sure.copy()
    times = cover.times(problem.fixed)
    base = float(cover.weight[times > 0].sum())
    weight = np.where(times > 0, 0.0, cover.weight)
    scale = float(problem.cost.max(initial=0.0)) or 1.0
    cost = np.maximum(problem.cost / scale, 1e-12)
    left = (limit(problem) - float(problem.cost[fixed].sum())) / scale + 1e-12 * m
    held = cover.times(first) if first is not None else np.zeros(len(weight), dtype=np.int64)
    lam = 0.5 * weight / np.maximum(1, held)
    direction = np.zeros(len(weight))
    step, ratio = 1.0, 0.0
    visits = seconds * STEPS_A_SECOND
    tried: set[bytes] = set()
    for _ in range(PHASES):
        columns = np.flatnonzero(state.open_ & ~fixed)
        at, grp = _columns(cover, columns)
        visits -= ROUNDS * (len(grp) + len(weight))
        if visits < 0 or state.proven or step < LEAST_STEP or not len(columns):
            break
        aim = max(state.worth - base, 0.0)
        value, lam, score, ratio, step = _descend(
            at, grp, weight, cost[columns], left, aim, ROUNDS, lam, direction, step, ratio
        )
        state.bound = min(state.bound, base + value)
        order = columns[np.argsort(-score / cost[columns], kind="stable")]
        taken = order[: max(1, int(np.searchsorted(np.cumsum(cost[order]), left, side="right")))]
        key = np.sort(taken).tobytes()
        if key not in tried:
            tried.add(key)
            plan = greedy(problem, cover, near, first=taken)
            state.offer(cover, None if plan is None else improve(problem, cover, near, plan))
        state.settle(columns, base + value, score - ratio * cost[columns])
    state.bound = max(state.bound, state.worth)
    return state


def ceiling(problem: Problem, cover: Cover, chosen: Ints, seconds: float) -> Floats:
    """(candidates,) no plan that holds the candidate covers more; `chosen` is a good plan. Phases and steps as for `bounded`."""
    m = len(problem.cost)
    out = np.full(m, float(cover.weight.sum()))
    fixed = np.zeros(m, dtype=bool)
    fixed[problem.fixed] = True
    times = cover.times(problem.fixed)
    base = float(cover.weight[times > 0].sum())
    weight = np.where(times > 0, 0.0, cover.weight)
    scale = float(problem.cost.max(initial=0.0)) or 1.0
    cost = np.maximum(problem.cost / scale, 1e-12)
    left = (limit(problem) - float(problem.cost[fixed].sum())) / scale + 1e-12 * m
    columns = np.flatnonzero(may(problem) & ~fixed)
    at, grp = _columns(cover, columns)
    lam, direction = 0.5 * weight / np.maximum(1, cover.times(chosen)), np.zeros(len(weight))
    step, ratio = 1.0, 0.0
    visits = seconds * STEPS_A_SECOND
    aim = max(cover.worth(chosen) - base, 0.0)
    for _ in range(PHASES):
        visits -= ROUNDS * (len(grp) + len(weight))
        if visits < 0 or step < LEAST_STEP or not len(columns):
            break
        value, lam, score, ratio, step = _descend(
            at, grp, weight, cost[columns], left, aim, ROUNDS, lam, direction, step, ratio
        )
        out = np.minimum(out, base + value)
        out[columns] = np.minimum(out[columns], base + value + np.minimum(score - ratio * cost[columns], 0.0))
    return out


def _columns(cover: Cover, columns: Ints) -> tuple[Ints, Ints]:
    """The cover of some candidates alone."""
    count = np.diff(cover.site_at)[columns]
    at = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    where = np.repeat(cover.site_at[:-1][columns] - at[:-1], count) + np.arange(at[-1])
    return at, cover.site_group[where]


@compiled
def _descend(  # type: ignore[no-untyped-def] # noqa: ANN202
    at: Ints,
    grp: Ints,
    weight: Floats,
    cost: Floats,
    budget: float,
    aim: float,
    rounds: int,
    lam: Floats,
    direction: Floats,
    step: float,
    guess: float,
):
    """`rounds` steps of λ: the least L, its λ, s, μ, and the step's factor; `aim` is a plan's worth, `guess` a μ nearby."""
    n, groups = len(cost), len(weight)
    total = weight.sum()
    best, best_lam, best_score, best_ratio = 1e300, lam.copy(), np.zeros(n), 0.0
    score, ratio, slope = np.zeros(n), np.zeros(n), np.zeros(groups)
    stale = 0
    for _ in range(rounds):
        value = total - lam.sum()
        slope[:] = 1.0
        for j in range(n):
            s = 0.0
            for e in range(at[j], at[j + 1]):
                s += lam[grp[e]]
            score[j] = s
            ratio[j] = s / cost[j]
        low = 0.7 * guess
        while True:  # only what may go in is sorted
            spent, count = 0.0, 0
            for j in range(n):
                if ratio[j] >= low:
                    spent += cost[j]
                    count += 1
            if spent > budget or count == n:
                break
            low = 0.5 * low if low > 1e-12 else -1.0
        index = np.empty(count, dtype=np.int64)
        count = 0
        for j in range(n):
            if ratio[j] >= low:
                index[count] = j
                count += 1
        left, guess = budget, 0.0
        for j in index[np.argsort(-ratio[index])]:
            share = 1.0 if cost[j] <= left else left / cost[j]
            left -= share * cost[j]
            value += share * score[j]
            for e in range(at[j], at[j + 1]):
                slope[grp[e]] -= share
            if share < 1.0 or left <= 0.0:
                guess = ratio[j]
                break
        if value < best:
            stale = 0 if value < best * (1 - 1e-5) else stale + 1
            best, best_ratio = value, guess
            best_lam[:] = lam
            best_score[:] = score
        else:
            stale += 1
        if stale >= 10:
            step *= 0.7
            stale = 0
        norm = 0.0
        for k in range(groups):
            direction[k] = 0.7 * slope[k] + 0.3 * direction[k]
            up = direction[k] > 0
            if (lam[k] >= weight[k] and up) or (lam[k] <= 0 and not up):
                continue
            norm += direction[k] * direction[k] * weight[k]
        if norm == 0.0 or value <= aim:
            break
        move = step * (value - aim) / norm
        for k in range(groups):
            lam[k] = min(max(lam[k] + move * weight[k] * direction[k], 0.0), weight[k])
    return best, best_lam, best_score, best_ratio, step
