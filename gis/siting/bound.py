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
from sanchoi.gis.kernels import compiled
from sanchoi.gis.siting.limits import Limits
from sanchoi.gis.siting.problem import Bools, Floats, Ints, Problem
from sanchoi.gis.siting.rules import limit
from sanchoi.gis.siting.start import greedy
from sanchoi.gis.siting.swap import improve
from sanchoi.gis.siting.walks import Shorter, Walks

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

    def offer(self, cover: Walks, chosen: Ints | None) -> None:
        """Keep a plan if it is better."""
        if chosen is None:
            return
        worth = cover.worth(chosen)
        if self.best is None or worth > self.worth:
            self.best, self.worth = chosen, worth


def bounded(problem: Problem, cover: Walks, limits: Limits, first: Ints | None, seconds: float) -> Bounded:
    """Best plan, bound and open candidates after `PHASES` rounds at most."""
    relaxed = _Relaxed(problem, cover, first, seconds)
    state = Bounded(None, -1.0, float(cover.weight.sum()), limits.may.copy(), limits.locked.copy())
    state.offer(cover, first)
    tried: set[bytes] = set()
    for _ in range(PHASES):
        columns = np.flatnonzero(state.open_ & ~limits.locked)
        if state.proven or not relaxed.descend(columns, state.worth):
            break
        state.bound = min(state.bound, relaxed.value)
        order = columns[np.argsort(-relaxed.score / relaxed.cost[columns], kind="stable")]
        fits = np.searchsorted(np.cumsum(relaxed.cost[order]), relaxed.left, side="right")
        taken = order[: max(1, int(fits))]
        key = np.sort(taken).tobytes()
        if key not in tried:
            tried.add(key)
            plan = greedy(problem, limits, Shorter(cover), first=taken)
            state.offer(cover, None if plan is None else improve(limits, cover, plan))
        state.settle(columns, relaxed.value, relaxed.gap)
    state.bound = max(state.bound, state.worth)
    return state


def ceiling(problem: Problem, cover: Walks, limits: Limits, chosen: Ints, seconds: float) -> Floats:
    """(candidates,) no plan that holds the candidate covers more; `chosen` is a good plan. Phases and steps as for `bounded`."""
    relaxed = _Relaxed(problem, cover, chosen, seconds)
    out = np.full(len(problem.cost), float(cover.weight.sum()))
    columns = np.flatnonzero(limits.may & ~limits.locked)
    worth = cover.worth(chosen)
    for _ in range(PHASES):
        if not relaxed.descend(columns, worth):
            break
        out = np.minimum(out, relaxed.value)
        out[columns] = np.minimum(out[columns], relaxed.value + np.minimum(relaxed.gap, 0.0))
    return out


class _Relaxed:
    """The relaxed problem on its way down, what the fixed sites cover and cost taken off.

    Attributes
    ----------
    value : L, of all children. score : s of the columns. gap : s − μ c of the columns. cost, left : in units of the dearest site.
    """

    def __init__(self, problem: Problem, cover: Walks, chosen: Ints | None, seconds: float) -> None:
        self.cover = cover
        done = cover.times(problem.fixed) > 0
        self.base = float(cover.weight[done].sum())
        self.weight = np.where(done, 0.0, cover.weight)
        scale = float(problem.cost.max(initial=0.0)) or 1.0
        self.cost = np.maximum(problem.cost / scale, 1e-12)
        spent = float(problem.cost[problem.fixed].sum())
        self.left = (limit(problem) - spent) / scale + 1e-12 * len(problem.cost)
        held = cover.times(np.empty(0, dtype=np.int64) if chosen is None else chosen)
        self.lam = 0.5 * self.weight / np.maximum(1, held)
        self.direction = np.zeros(len(self.weight))
        self.step, self.ratio = 1.0, 0.0
        self.visits = seconds * STEPS_A_SECOND
        self.value = np.inf
        self.score = self.gap = np.empty(0)

    def descend(self, columns: Ints, worth: float) -> bool:
        """`ROUNDS` steps over these columns, `worth` of a plan at hand; False where time or steps are used up."""
        at, grp = _columns(self.cover, columns)
        self.visits -= ROUNDS * (len(grp) + len(self.weight))
        if self.visits < 0 or self.step < LEAST_STEP or not len(columns):
            return False
        cost, aim = self.cost[columns], max(worth - self.base, 0.0)
        value, self.lam, self.score, self.ratio, self.step = _descend(
            at, grp, self.weight, cost, self.left, aim, ROUNDS, self.lam, self.direction, self.step, self.ratio
        )
        self.value = self.base + value
        self.gap = self.score - self.ratio * cost
        return True


def _columns(cover: Walks, columns: Ints) -> tuple[Ints, Ints]:
    """The cover of some candidates alone."""
    count = np.diff(cover.site_at)[columns]
    at = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    where = np.repeat(cover.site_at[:-1][columns] - at[:-1], count) + np.arange(at[-1])
    return at, cover.demand[where]


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
