"""Start: a first plan by the best next site for its money, improved by exchanges (see `swap`).

Greedy: the gain of a site only falls while others are added, so an old gain is an upper bound and few are counted again (lazy
greedy, Minoux 1978).
"""

from __future__ import annotations

import heapq

import numpy as np
import numpy.typing as npt
from sanchoi.gis.kernels import compiled
from sanchoi.gis.siting.cover import Cover, Near
from sanchoi.gis.siting.problem import Problem
from sanchoi.gis.siting.rules import asking, kept, limit, may
from sanchoi.gis.siting.swap import improve

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def first_plan(problem: Problem, cover: Cover, near: Near) -> Ints | None:
    """The better of two greedy plans (by gain for the money, by gain), after exchanges; None where none of them keeps the rules."""
    best: Ints | None = None
    worth = -1.0
    plain = bool((problem.cost == problem.cost[0]).all())
    for by_cost in (True,) if plain else (True, False):
        chosen = greedy(problem, cover, near, by_cost)
        if chosen is None:
            continue
        chosen = improve(problem, cover, near, chosen)
        value = cover.worth(chosen)
        if value > worth:
            best, worth = chosen, value
    return best


def greedy(problem: Problem, cover: Cover, near: Near, by_cost: bool = True, first: Ints | None = None) -> Ints | None:
    """The site that gains most (for its money), again and again, after the fixed ones and what the communes are owed.

    Parameters
    ----------
    first : sites to try before all others, in this order; those that break a rule are passed over.
    """
    state = _State(problem, cover, near)
    for j in problem.fixed.tolist():
        state.add(j)
    for j in first.tolist() if first is not None else ():
        if state.fits(j) and state.gain(j) > 0:
            state.add(j)
    if not state.fill_communes():
        return None
    cost = np.maximum(problem.cost, 1e-12) if by_cost else np.ones(len(problem.cost))
    open_ = np.where(state.times == 0, cover.weight, 0.0)
    gain = _gains(cover.site_at, cover.site_group, open_) / cost
    usable = np.flatnonzero(state.allowed & (gain > 0))
    heap = list(zip((-gain[usable]).tolist(), usable.tolist(), strict=True))
    heapq.heapify(heap)
    while heap:
        old, j = heap[0]
        if not state.fits(j):
            heapq.heappop(heap)
            continue
        now = -state.gain(j) / float(cost[j])
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
    """A plan that grows."""

    def __init__(self, problem: Problem, cover: Cover, near: Near) -> None:
        self.problem, self.cover, self.near = problem, cover, near
        self.allowed = may(problem)
        self.inside = np.zeros(len(problem.cost), dtype=bool)
        self.barred = np.zeros(len(problem.cost), dtype=bool)
        self.times = np.zeros(len(cover.weight), dtype=np.int64)
        self.left = limit(problem)
        self.chosen: list[int] = []

    def groups(self, j: int) -> Ints:
        return self.cover.site_group[self.cover.site_at[j] : self.cover.site_at[j + 1]]

    def gain(self, j: int) -> float:
        mine = self.groups(j)
        return float(self.cover.weight[mine[self.times[mine] == 0]].sum())

    def fits(self, j: int) -> bool:
        return bool(self.allowed[j] and not self.inside[j] and not self.barred[j] and self.problem.cost[j] <= self.left)

    def add(self, j: int) -> None:
        if self.inside[j]:
            return
        self.inside[j] = True
        self.chosen.append(j)
        self.left -= float(self.problem.cost[j])
        self.times[self.groups(j)] += 1
        self.barred[self.near.near[self.near.at[j] : self.near.at[j + 1]]] = True

    def fill_communes(self) -> bool:
        """Give each commune its least number: by gain for the money where that leaves enough for the rest, else the cheapest."""
        problem = self.problem
        short = {}
        for home in asking(problem).tolist():
            members = np.flatnonzero((problem.commune == home) & self.allowed)
            lacks = problem.min_per_commune - int(self.inside[members].sum())
            if lacks > 0:
                short[home] = (members, lacks)
        owed = sum(float(np.sort(problem.cost[m[~self.inside[m]]])[:n].sum()) for m, n in short.values())
        for members, lacks in short.values():
            owed -= float(np.sort(problem.cost[members[~self.inside[members]]])[:lacks].sum())
            for missing in range(lacks, 0, -1):
                fits = [int(j) for j in members if self.fits(int(j))]
                if len(fits) < missing:
                    return False
                cheap = sorted(float(problem.cost[j]) for j in fits)[: missing - 1]
                room = self.left - owed - sum(cheap)
                worth = [j for j in fits if problem.cost[j] <= room]
                if worth:
                    self.add(max(worth, key=lambda j: (self.gain(j) / max(float(problem.cost[j]), 1e-12), -j)))
                else:
                    self.add(min(fits, key=lambda j: (float(problem.cost[j]), j)))
        return True


@compiled
def _gains(site_at: Ints, site_group: Ints, open_: Floats) -> Floats:
    """(candidates,) sum of `open_` over the groups each reaches."""
    out = np.zeros(len(site_at) - 1)
    for j in range(len(out)):
        total = 0.0
        for e in range(site_at[j], site_at[j + 1]):
            total += open_[site_group[e]]
        out[j] = total
    return out
