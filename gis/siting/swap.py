"""Swap: one chosen site for one other, as long as that covers more.

With t_k the number of chosen sites that reach group k,

    Δ(in, out) = Σ_{k ∈ in: t_k = 0} w_k − Σ_{k ∈ out: t_k = 1} w_k + Σ_{k ∈ in ∩ out: t_k = 1} w_k

is counted for all sites that may go at once (fast interchange: Resende & Werneck 2007).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sanchoi.gis.kernels import compiled
from sanchoi.gis.siting.cover import Cover, Near
from sanchoi.gis.siting.problem import Problem
from sanchoi.gis.siting.rules import asking, limit, may

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def improve(problem: Problem, cover: Cover, near: Near, chosen: Ints, rounds: int = 50) -> Ints:
    """Exchange one chosen site for one other, and add what fits, as long as that covers more; all rules are kept."""
    m = len(problem.cost)
    inside = np.zeros(m, dtype=np.bool_)
    inside[chosen] = True
    locked = np.zeros(m, dtype=np.bool_)
    locked[problem.fixed] = True
    commune = np.full(m, -1, dtype=np.int64)
    asked = asking(problem)
    if len(asked):
        at = np.flatnonzero(np.isin(problem.commune, asked))
        commune[at] = np.searchsorted(asked, problem.commune[at])
    count = np.bincount(commune[inside & (commune >= 0)], minlength=len(asked) + 1).astype(np.int64)
    budget = limit(problem) if np.isfinite(problem.budget) else 1e300
    _exchange(
        cover.site_at,
        cover.site_group,
        cover.weight,
        np.ascontiguousarray(problem.cost, dtype=np.float64),
        budget,
        near.at,
        near.near,
        may(problem),
        locked,
        commune,
        count,
        problem.min_per_commune,
        inside,
        rounds,
    )
    return np.flatnonzero(inside).astype(np.int64)


@compiled
def _exchange(
    site_at: Ints,
    site_group: Ints,
    weight: Floats,
    cost: Floats,
    budget: float,
    near_at: Ints,
    near: Ints,
    allowed: Bools,
    locked: Bools,
    commune: Ints,
    count: Ints,
    least: int,
    inside: Bools,
    rounds: int,
) -> None:
    """`improve`, in place on `inside`: each candidate in turn takes the place of the one it is best exchanged with."""
    m, groups = len(cost), len(weight)
    times = np.zeros(groups, dtype=np.int64)
    owner = np.zeros(groups, dtype=np.int64)  # sum of the chosen that reach a group: the one, where there is one
    loss = np.zeros(m)
    extra = np.zeros(m)
    bars = np.zeros(m, dtype=np.int64)
    chosen = np.flatnonzero(inside)
    spent = 0.0
    for i in chosen:
        spent += cost[i]
        for e in range(site_at[i], site_at[i + 1]):
            times[site_group[e]] += 1
            owner[site_group[e]] += i
        for e in range(near_at[i], near_at[i + 1]):
            bars[near[e]] += 1
    for k in range(groups):
        if times[k] == 1:
            loss[owner[k]] += weight[k]
    tolerance = 1e-9 * max(1.0, weight.sum())
    for _ in range(rounds):
        moved = False
        for j in range(m):
            if inside[j] or not allowed[j]:
                continue
            gain = 0.0
            for e in range(site_at[j], site_at[j + 1]):
                k = site_group[e]
                if times[k] == 0:
                    gain += weight[k]
                elif times[k] == 1:
                    extra[owner[k]] += weight[k]
            best, out = tolerance, -2
            if bars[j] == 0 and spent + cost[j] <= budget and gain > best:
                best, out = gain, -1
            if bars[j] <= 1 and out == -2:
                only = -1
                if bars[j] == 1:
                    for e in range(near_at[j], near_at[j + 1]):
                        if inside[near[e]]:
                            only = int(near[e])
                for i in chosen:
                    if locked[i] or (only >= 0 and i != only) or spent - cost[i] + cost[j] > budget:
                        continue
                    home = commune[i]
                    if home >= 0 and home != commune[j] and count[home] <= least:
                        continue
                    change = gain - loss[i] + extra[i]
                    if change > best:
                        best, out = change, int(i)
            for e in range(site_at[j], site_at[j + 1]):
                k = site_group[e]
                if times[k] == 1:
                    extra[owner[k]] = 0.0
            if out == -2:
                continue
            moved = True
            if out >= 0:
                inside[out] = False
                spent -= cost[out]
                if commune[out] >= 0:
                    count[commune[out]] -= 1
                for e in range(near_at[out], near_at[out + 1]):
                    bars[near[e]] -= 1
                for e in range(site_at[out], site_at[out + 1]):
                    k = site_group[e]
                    times[k] -= 1
                    owner[k] -= out
                    if times[k] == 1:
                        loss[owner[k]] += weight[k]
                loss[out] = 0.0
            inside[j] = True
            spent += cost[j]
            if commune[j] >= 0:
                count[commune[j]] += 1
            for e in range(near_at[j], near_at[j + 1]):
                bars[near[e]] += 1
            for e in range(site_at[j], site_at[j + 1]):
                k = site_group[e]
                if times[k] == 1:
                    loss[owner[k]] -= weight[k]
                elif times[k] == 0:
                    loss[j] += weight[k]
                times[k] += 1
                owner[k] += j
            chosen = np.flatnonzero(inside)
        if not moved:
            return
