"""Swap: one chosen site for one other, as long as that saves more.

With d1 and d2 the nearest and second nearest walk of each demand under the plan (fast interchange: Resende & Werneck 2007),

    saving(in, out) = gain(in) − loss(out) + extra(in, out)
    gain(in) = Σ_k w_k (d1_k − d_k,in)⁺,  loss(out) = Σ_{k: nearest is out} w_k (d2_k − d1_k)
    extra(in, out) = Σ_{k: nearest is out, d_k,in < d2_k} w_k (d2_k − max(d_k,in, d1_k))

is counted for all sites that may go at once.
"""

from __future__ import annotations

import numpy as np
from sanchoi.gis.kernels import compiled
from sanchoi.gis.siting.limits import Limits
from sanchoi.gis.siting.problem import Bools, Floats, Ints
from sanchoi.gis.siting.walks import Walks

ROUNDS = 50
NONE, ALONE = -2, -1


def improve(limits: Limits, walks: Walks, chosen: Ints) -> Ints:
    """Exchange one chosen site for one other, and add what fits, as long as that saves more; all rules are kept."""
    inside = np.zeros(len(limits.cost), dtype=np.bool_)
    inside[chosen] = True
    _exchange(walks, limits, inside, ROUNDS)
    return np.flatnonzero(inside).astype(np.int64)


@compiled
def _exchange(walks: Walks, limits: Limits, inside: Bools, rounds: int) -> None:
    """`improve`, in place on `inside`: each candidate in turn takes the place of the one it is best exchanged with."""
    site_at, demand, site_far, weight = walks.site_at, walks.demand, walks.site_far, walks.weight
    cost, commune, near_at, near = limits.cost, limits.commune, limits.near_at, limits.near
    m, n = len(cost), len(walks.base)
    times, first, second = np.zeros(n, dtype=np.int64), np.full(n, -1), np.full(n, -1)
    d1, d2 = walks.base.copy(), walks.base.copy()
    loss, extra, bars = np.zeros(m), np.zeros(m), np.zeros(m, dtype=np.int64)
    count = np.zeros(limits.communes + 1, dtype=np.int64)  # the last one is for sites in no commune
    chosen = np.flatnonzero(inside)
    spent = 0.0
    for i in chosen:
        spent += cost[i]
        count[commune[i]] += 1
        _enter(walks, i, times, first, second, d1, d2, loss)
        for e in range(near_at[i], near_at[i + 1]):
            bars[near[e]] += 1
    tolerance = 1e-9 * (weight * walks.base).sum()
    for _ in range(rounds):
        moved = False
        for j in range(m):
            if inside[j] or not limits.may[j] or bars[j] > 1:
                continue
            gain = 0.0
            for e in range(site_at[j], site_at[j + 1]):
                k, far = demand[e], site_far[e]
                if far < d2[k]:
                    if far >= d1[k]:
                        extra[first[k]] += weight[k] * (d2[k] - far)
                    else:
                        gain += weight[k] * (d1[k] - far)
                        if first[k] >= 0:
                            extra[first[k]] += weight[k] * (d2[k] - d1[k])
            best, out = tolerance, NONE
            if bars[j] == 0 and spent + cost[j] <= limits.budget and gain > best:
                best, out = gain, ALONE
            else:
                only = -1
                if bars[j] == 1:
                    for e in range(near_at[j], near_at[j + 1]):
                        if inside[near[e]]:
                            only = int(near[e])
                for i in chosen:
                    change = gain - loss[i] + extra[i]
                    extra[i] = 0.0
                    if change <= best or limits.locked[i] or (only >= 0 and i != only):
                        continue
                    if spent - cost[i] + cost[j] > limits.budget:
                        continue
                    if commune[i] >= 0 and commune[i] != commune[j] and count[commune[i]] <= limits.least:
                        continue
                    best, out = change, int(i)
            if out == ALONE:
                extra[chosen] = 0.0
            if out == NONE:
                continue
            moved = True
            if out >= 0:
                inside[out] = False
                spent -= cost[out]
                count[commune[out]] -= 1
                for e in range(near_at[out], near_at[out + 1]):
                    bars[near[e]] -= 1
                _leave(walks, out, inside, times, first, second, d1, d2, loss)
            inside[j] = True
            spent += cost[j]
            count[commune[j]] += 1
            for e in range(near_at[j], near_at[j + 1]):
                bars[near[e]] += 1
            _enter(walks, j, times, first, second, d1, d2, loss)
            chosen = np.flatnonzero(inside)
        if not moved:
            return


@compiled
def _enter(walks: Walks, j: int, times: Ints, first: Ints, second: Ints, d1: Floats, d2: Floats, loss: Floats) -> None:
    """Site j is built: nearest, second nearest and losses follow."""
    loss[j] = 0.0
    for e in range(walks.site_at[j], walks.site_at[j + 1]):
        k, far = walks.demand[e], walks.site_far[e]
        times[k] += 1
        if far < d1[k]:
            if first[k] >= 0:
                loss[first[k]] -= walks.weight[k] * (d2[k] - d1[k])
            loss[j] += walks.weight[k] * (d1[k] - far)
            first[k], second[k], d1[k], d2[k] = j, first[k], far, d1[k]
        elif far < d2[k]:
            loss[first[k]] -= walks.weight[k] * (d2[k] - far)
            second[k], d2[k] = j, far


@compiled
def _leave(
    walks: Walks,
    j: int,
    inside: Bools,
    times: Ints,
    first: Ints,
    second: Ints,
    d1: Floats,
    d2: Floats,
    loss: Floats,
) -> None:
    """Site j, no longer `inside`, is given up: nearest, second nearest and losses follow."""
    for e in range(walks.site_at[j], walks.site_at[j + 1]):
        k = walks.demand[e]
        times[k] -= 1
        if first[k] != j and second[k] != j:
            continue
        loss[first[k]] -= walks.weight[k] * (d2[k] - d1[k])
        if first[k] == j:
            first[k], d1[k] = second[k], d2[k]
        second[k], d2[k] = -1, walks.base[k]
        if times[k] > 1:
            for f in range(walks.at[k], walks.at[k + 1]):
                if inside[walks.site[f]] and walks.site[f] != first[k]:
                    second[k], d2[k] = walks.site[f], walks.far[f]
                    break
        if first[k] >= 0:
            loss[first[k]] += walks.weight[k] * (d2[k] - d1[k])
    loss[j] = 0.0
