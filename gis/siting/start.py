"""Start: a first plan by the best next site for its money, improved by exchanges (see `swap`).

Greedy: the gain of a site only falls while others are added, so an old gain is an upper bound and few are counted again (lazy
greedy, Minoux 1978).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Protocol

import numpy as np
from sanchoi.gis.siting.limits import Limits
from sanchoi.gis.siting.problem import Floats, Ints, Problem
from sanchoi.gis.siting.rules import asking, kept, limit
from sanchoi.gis.siting.swap import improve
from sanchoi.gis.siting.walks import Shorter, Walks

KICKS = 40
"""Times that a part of the best plan is thrown out and built again: the linear bound is only as useful as the plan is good."""


class Gains(Protocol):
    """A plan that grows, and what each candidate would add next."""

    def every(self) -> Floats:
        """(candidates,) what each adds."""

    def one(self, j: int) -> float:
        """What candidate j adds."""

    def add(self, j: int) -> None:
        """Build candidate j."""


def first_plan(problem: Problem, limits: Limits, walks: Walks, kicks: int = 0) -> Ints | None:
    """The better of two greedy plans (by gain for the money, by gain), after exchanges and kicks; None = none keeps the rules."""

    def build(begin: Ints, by_cost: bool = True) -> Ints | None:
        chosen = greedy(problem, limits, Shorter(walks), by_cost, begin)
        return None if chosen is None else improve(limits, walks, chosen)

    none = np.empty(0, dtype=np.int64)
    plans = [build(none)] if (problem.cost == problem.cost[0]).all() else [build(none), build(none, by_cost=False)]
    best = max((each for each in plans if each is not None), key=walks.worth, default=None)
    return None if best is None else kicked(problem, best, build, walks.worth, kicks)


def kicked(
    problem: Problem,
    best: Ints,
    build: Callable[[Ints], Ints | None],
    worth: Callable[[Ints], float],
    kicks: int = KICKS,
) -> Ints:
    """The best plan found when a part of the best so far is thrown out and built again (iterated local search).

    Parameters
    ----------
    build : a plan made of the sites it is given, as far as the rules allow, and more. worth : of a plan, larger is better.
    """
    dice = np.random.default_rng(0)
    most = worth(best)
    for _ in range(kicks):
        loose = np.setdiff1d(best, problem.fixed)
        if len(loose) < 3:
            break
        out = dice.choice(loose, size=max(2, len(loose) // 5), replace=False)
        strangers = dice.choice(len(problem.cost), size=2)
        trial = build(np.concatenate([np.setdiff1d(best, out), strangers]))
        if trial is not None and worth(trial) > most:
            best, most = trial, worth(trial)
    return best


def greedy(
    problem: Problem,
    limits: Limits,
    gains: Gains,
    by_cost: bool = True,
    begin: Ints | None = None,
    first: Ints | None = None,
) -> Ints | None:
    """The site that gains most (for its money), again and again, after the fixed ones and what the communes are owed.

    Parameters
    ----------
    gains : of an empty plan. begin, first : sites to take before all others, in this order, as far as the rules allow; of `first`
        those alone that gain something.
    """
    state = _State(problem, limits, gains)
    for j in problem.fixed.tolist():
        state.add(j)
    for wanted, gainful in ((begin, False), (first, True)):
        for j in [] if wanted is None else wanted.tolist():
            if state.fits(j) and not (gainful and gains.one(j) <= 0):
                state.add(j)
    if not state.fill_communes():
        return None
    cost = np.maximum(problem.cost, 1e-12) if by_cost else np.ones(len(problem.cost))
    gain = gains.every() / cost
    usable = np.flatnonzero(limits.may & (gain > 0))
    cheapest = float(problem.cost[usable].min(initial=np.inf))
    heap = list(zip((-gain[usable]).tolist(), usable.tolist(), strict=True))
    heapq.heapify(heap)
    while heap and cheapest <= state.left:
        old, j = heap[0]
        if not state.fits(j):
            heapq.heappop(heap)
            continue
        now = -gains.one(j) / float(cost[j])
        if now >= 0:
            heapq.heappop(heap)
        elif now > old * (1 - 1e-12):
            heapq.heapreplace(heap, (now, j))
        else:
            heapq.heappop(heap)
            state.add(j)
    chosen = np.array(sorted(state.chosen), dtype=np.int64)
    return chosen if kept(problem, chosen) else None


class _State:
    """A plan that grows and keeps the rules."""

    def __init__(self, problem: Problem, limits: Limits, gains: Gains) -> None:
        self.problem, self.limits, self.gains = problem, limits, gains
        self.shut = ~limits.may
        self.left = limit(problem)
        self.chosen: list[int] = []

    def fits(self, j: int) -> bool:
        return bool(not self.shut[j] and self.problem.cost[j] <= self.left)

    def add(self, j: int) -> None:
        self.shut[j] = True
        self.shut[self.limits.close(j)] = True
        self.chosen.append(j)
        self.left -= float(self.problem.cost[j])
        self.gains.add(j)

    def fill_communes(self) -> bool:
        """Give each commune its least number: by gain for the money where that leaves enough for the rest, else the cheapest."""
        problem = self.problem
        short = {}
        for home in asking(problem).tolist():
            members = np.flatnonzero(problem.commune == home)
            lacks = problem.min_per_commune - int(np.isin(members, self.chosen).sum())
            if lacks > 0:
                short[home] = (members[self.limits.may[members] & ~np.isin(members, self.chosen)], lacks)
        owed = sum(float(np.sort(problem.cost[members])[:lacks].sum()) for members, lacks in short.values())
        for members, lacks in short.values():
            owed -= float(np.sort(problem.cost[members])[:lacks].sum())
            for missing in range(lacks, 0, -1):
                fits = [int(j) for j in members if self.fits(int(j))]
                if len(fits) < missing:
                    return False
                cheap = sorted(float(problem.cost[j]) for j in fits)[: missing - 1]
                room = self.left - owed - sum(cheap)
                worth = [j for j in fits if problem.cost[j] <= room]
                if worth:
                    self.add(max(worth, key=lambda j: (self.gains.one(j) / max(float(problem.cost[j]), 1e-12), -j)))
                else:
                    self.add(min(fits, key=lambda j: (float(problem.cost[j]), j)))
        return True
