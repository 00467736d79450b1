"""Losses: what a plan loses with each other candidate forced in, between two bounds, and who is dominated by whom.

At least: no plan with x_j = 1 covers more than the multipliers allow (see `bound`). At most: the worth of the plan with j in it,
without what stands too close to j and without the sites that are missed least for the money that j takes.
"""

from __future__ import annotations

import numpy as np
from sanchoi.gis.kernels import compiled
from sanchoi.gis.siting.bound import ceiling
from sanchoi.gis.siting.limits import Limits
from sanchoi.gis.siting.problem import Bools, Floats, Ints, Plan, Problem
from sanchoi.gis.siting.walks import Walks


def losses(problem: Problem, plan: Plan, cover: Walks, seconds: float = 10.0) -> tuple[Floats, Floats]:
    """(candidates,) at least and at most what the plan loses with each forced in; NaN = no such plan is known."""
    limits = Limits.of(problem)
    top = ceiling(problem, cover, limits, plan.chosen, seconds)
    least = np.maximum(plan.objective - top, 0.0)
    least[plan.chosen] = 0.0
    least[~limits.may] = np.nan
    worth = _forced(cover, limits, plan.chosen.astype(np.int64))
    most = np.where(worth >= 0, np.maximum(plan.objective - worth, 0.0), np.nan)
    least = np.fmin(least, np.where(np.isnan(most), np.inf, most))  # rounding
    return least, most


def dominators(problem: Problem, cover: Walks) -> Ints:
    """(candidates,) one that reaches all that each reaches for no more money, −1 = none; of equal ones the first stands."""
    free = problem.free
    free[problem.conflicts.ravel()] = False
    home = problem.commune if problem.min_per_commune else np.zeros(len(free), dtype=np.int64)
    return np.asarray(_dominators(cover, problem.cost.astype(float), free, home.astype(np.int64)))


@compiled
def _dominators(  # type: ignore[no-untyped-def] # noqa: ANN202
    cover: Walks, cost: Floats, free: Bools, home: Ints
):
    """Only sites that reach the group of j that fewest reach can hold all of j's groups."""
    site_at, site_group, group_at, group_site = cover.site_at, cover.demand, cover.at, cover.site
    m = len(cost)
    out = np.full(m, -1, dtype=np.int64)
    mark = np.full(len(group_at) - 1, -1, dtype=np.int64)
    for j in range(m):
        size = site_at[j + 1] - site_at[j]
        if size == 0:
            continue
        rare, fewest = -1, m + 1
        for e in range(site_at[j], site_at[j + 1]):
            k = site_group[e]
            mark[k] = j
            if group_at[k + 1] - group_at[k] < fewest:
                rare, fewest = k, group_at[k + 1] - group_at[k]
        for f in range(group_at[rare], group_at[rare + 1]):
            i = group_site[f]
            other = site_at[i + 1] - site_at[i]
            if i == j or not free[i] or cost[i] > cost[j] or other < size or home[i] != home[j]:
                continue
            if other == size and cost[i] == cost[j] and i > j:
                continue
            common = 0
            for e in range(site_at[i], site_at[i + 1]):
                if mark[site_group[e]] == j:
                    common += 1
            if common == size:
                out[j] = i
                break
    return out


@compiled
def _forced(  # type: ignore[no-untyped-def] # noqa: ANN202
    cover: Walks, limits: Limits, chosen: Ints
):
    """(candidates,) worth of a plan with each: what stands too close goes, then the least loss for the money; −1 = none found."""
    site_at, site_group, weight = cover.site_at, cover.demand, cover.weight
    cost, budget, commune, least = limits.cost, limits.budget, limits.commune, limits.least
    m = len(cost)
    out = np.full(m, -1.0)
    start = np.zeros(len(weight), dtype=np.int64)
    for i in chosen:
        for e in range(site_at[i], site_at[i + 1]):
            start[site_group[e]] += 1
    whole = 0.0
    for k in range(len(weight)):
        if start[k] > 0:
            whole += weight[k]
    held = np.zeros(m, dtype=np.bool_)
    held[chosen] = True
    times = start.copy()
    bars = np.zeros(m, dtype=np.bool_)
    for j in range(m):
        if held[j]:
            out[j] = whole
            continue
        if not limits.may[j]:
            continue
        times[:] = start
        value, spent = whole, cost[j]
        for e in range(site_at[j], site_at[j + 1]):
            if times[site_group[e]] == 0:
                value += weight[site_group[e]]
            times[site_group[e]] += 1
        inside = held.copy()
        count = np.zeros(limits.communes + 1, dtype=np.int64)
        for i in chosen:
            spent += cost[i]
            count[commune[i]] += 1
        count[commune[j]] += 1
        bars[:] = False
        for e in range(limits.near_at[j], limits.near_at[j + 1]):
            bars[limits.near[e]] = True
        good = True
        while True:
            best, drop = 1e300, -1
            must = False
            for i in chosen:
                if not inside[i]:
                    continue
                if bars[i]:
                    drop, must = i, True
                    break
                if spent <= budget or limits.locked[i] or cost[i] <= 0:
                    continue
                if commune[i] >= 0 and count[commune[i]] <= least:
                    continue
                loss = 0.0
                for e in range(site_at[i], site_at[i + 1]):
                    if times[site_group[e]] == 1:
                        loss += weight[site_group[e]]
                # one that makes room enough alone is judged by its loss, others by their loss for the money
                each = loss / min(cost[i], spent - budget)
                if each < best:
                    best, drop = each, i
            if not must and spent <= budget:
                break
            if drop < 0:
                good = False
                break
            inside[drop] = False
            spent -= cost[drop]
            count[commune[drop]] -= 1
            for e in range(site_at[drop], site_at[drop + 1]):
                k = site_group[e]
                times[k] -= 1
                if times[k] == 0:
                    value -= weight[k]
        for c in range(limits.communes):
            if count[c] < least:
                good = False
        for i in chosen:
            if limits.locked[i] and not inside[i]:
                good = False
        if good:
            out[j] = value
    return out
