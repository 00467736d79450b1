"""A first plan for walks: the best site for its money, again and again, then exchanges of one site for another.

The exchange is the fast interchange of Resende & Werneck (2007): with d1 and d2 the nearest and second nearest walk of each demand,

    saving(in, out) = gain(in) − loss(out) + extra(in, out)
    gain(in) = Σ_k w_k (d1_k − d_k,in)⁺,  loss(out) = Σ_{k: nearest is out} w_k (d2_k − d1_k)
    extra(in, out) = Σ_{k: nearest is out, d_k,in < d2_k} w_k (d2_k − max(d_k,in, d1_k))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse
from sanchoi.gis.siting.groups import allowed
from sanchoi.gis.siting.problem import Problem
from sanchoi.gis.siting.rules import asking, kept, limit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
TOLERANCE = 1e-9
ROUNDS = 1000
KICKS = 40
"""Times that a part of the best plan is thrown out and built again: the linear bound is only as useful as the plan is good."""


@dataclass(frozen=True)
class Walks:
    """Walks that are worth something, sorted by demand and then by length.

    Attributes
    ----------
    demand, site, far : (pairs,) `far` is the walk, or what it weighs. base : (demands,) without a plan; every `far` is less.
    weight : (demands,) children.
    """

    demand: Ints
    site: Ints
    far: Floats
    base: Floats
    weight: Floats

    @property
    def size(self) -> float:
        """Σ_k w_k d_k without a plan."""
        return float(self.weight @ self.base)


def value(walks: Walks, chosen: list[int], n: int) -> float:
    """Σ_k w_k d_k under a plan."""
    return float(walks.weight @ nearest(walks, chosen, n)[0])


def nearest(walks: Walks, chosen: list[int], n: int) -> tuple[Floats, Floats, Ints]:
    """Nearest and second nearest of each demand, and the site that is nearest (−1 = none of the plan)."""
    there = np.zeros(n, dtype=bool)
    there[chosen] = True
    at = np.flatnonzero(there[walks.site])
    first, second, who = walks.base.copy(), walks.base.copy(), np.full(len(walks.base), -1, dtype=np.int64)
    demand = walks.demand[at]
    head = np.ones(len(at), dtype=bool)
    head[1:] = demand[1:] != demand[:-1]
    first[demand[head]] = walks.far[at[head]]
    who[demand[head]] = walks.site[at[head]]
    heads = np.flatnonzero(head)
    follow = heads + 1
    ok = follow < len(at)
    ok[ok] = ~head[follow[ok]]
    second[demand[follow[ok]]] = walks.far[at[follow[ok]]]
    return first, second, who


def first_plan(problem: Problem, walks: Walks) -> list[int] | None:
    """A plan by greedy, exchange and kicks that keeps the rules; None where these steps find none."""
    n = len(problem.cost)
    close = _conflicts(problem)

    def build(begin: list[int]) -> list[int] | None:
        plan = greedy(problem, lambda chosen: _gain(walks, nearest(walks, chosen, n)[0], n), begin, walks.size)
        return None if plan is None else _swap(problem, walks, plan, close)

    return kicked(problem, build, lambda plan: -value(walks, plan, n))


def kicked(
    problem: Problem, build: Callable[[list[int]], list[int] | None], worth: Callable[[list[int]], float]
) -> list[int] | None:
    """The best plan found when a part of the best so far is thrown out and built again, `KICKS` times (iterated local search).

    Parameters
    ----------
    build : a plan made of the sites it is given and more, None = none. worth : of a plan, larger is better.
    """
    close = _conflicts(problem)
    fixed = set(problem.fixed.tolist())
    dice = np.random.default_rng(0)
    best: list[int] | None = None
    most = -np.inf
    base = problem.fixed.tolist()
    for _ in range(KICKS + 1):
        trial = build(base)
        if trial is not None and kept(problem, np.array(trial, dtype=np.int64)) and worth(trial) > most:
            best, most = trial, worth(trial)
        if best is None:
            return None
        loose = [j for j in best if j not in fixed]
        if len(loose) < 3:
            break
        out = set(dice.choice(loose, size=max(2, len(loose) // 5), replace=False).tolist())
        base = [j for j in best if j not in out]
        for j in dice.choice(len(problem.cost), size=2).tolist():  # two strangers, where they may stand
            if _addable(problem, base, close)[j]:
                base = [*base, j]
    return best


def greedy(
    problem: Problem, gains: Callable[[list[int]], Floats], begin: list[int], size: float = 1.0
) -> list[int] | None:
    """Most gain for the money, again and again, the communes' minima first; None where these cannot be filled.

    Parameters
    ----------
    gains : what each candidate adds to a plan. begin : sites that are in it already. size : gains of 1e-9 of it are none.
    """
    close = _conflicts(problem)
    chosen = list(begin)
    price = np.maximum(problem.cost, 1e-9)
    for short in (True, False):
        while True:
            may = _addable(problem, chosen, close)
            if short:
                lacking = _short(problem, chosen)
                if not lacking:
                    break
                may &= np.isin(problem.commune, lacking)
            elif not may.any():
                break
            gain = gains(chosen)
            best = int(np.argmax(np.where(may, (gain + TOLERANCE * size) / price, -1.0)))
            if short and not may[best]:
                return None
            if not short and gain[best] <= TOLERANCE * size:
                break
            chosen.append(best)
    return chosen


def cover_plan(problem: Problem, reach: scipy.sparse.csr_array, weight: Floats) -> list[int] | None:
    """The same for covering, where every walk in reach is 0 and every other 1."""
    demand = np.repeat(np.arange(reach.shape[0]), np.diff(reach.indptr))
    site = reach.indices.astype(np.int64)
    return first_plan(problem, Walks(demand, site, np.zeros(len(site)), np.ones(len(weight)), weight))


def _conflicts(problem: Problem) -> dict[int, list[int]]:
    close: dict[int, list[int]] = {}
    for i, j in problem.conflicts.tolist():
        close.setdefault(i, []).append(j)
        close.setdefault(j, []).append(i)
    return close


def _barred(problem: Problem, chosen: list[int], close: dict[int, list[int]]) -> Ints:
    """How many of the chosen stand too close to each candidate."""
    out = np.zeros(len(problem.cost), dtype=np.int64)
    for j in chosen:
        out[close.get(j, [])] += 1
    return out


def _addable(problem: Problem, chosen: list[int], close: dict[int, list[int]]) -> Bools:
    spent = float(problem.cost[chosen].sum())
    may = allowed(problem) & (_barred(problem, chosen, close) == 0)
    may &= problem.cost <= limit(problem) - spent
    may[chosen] = False
    return np.asarray(may)


def _gain(walks: Walks, now: Floats, n: int) -> Floats:
    less = np.maximum(now[walks.demand] - walks.far, 0.0) * walks.weight[walks.demand]
    return np.asarray(np.bincount(walks.site, less, n)[:n])


def _short(problem: Problem, chosen: list[int]) -> list[int]:
    """Communes that have fewer chosen sites than they must."""
    asked = asking(problem)
    if not len(asked):
        return []
    homes = problem.commune[np.array(chosen, dtype=np.int64)]
    have = np.bincount(np.searchsorted(asked, homes[np.isin(homes, asked)]), minlength=len(asked))
    return [int(c) for c in asked[have < problem.min_per_commune]]


def _swap(problem: Problem, walks: Walks, chosen: list[int], close: dict[int, list[int]]) -> list[int]:
    """Exchange one for another as long as that saves something; then add what still fits."""
    n = len(problem.cost)
    fixed = set(problem.fixed.tolist())
    may = allowed(problem)
    for _ in range(ROUNDS):
        out = [j for j in chosen if j not in fixed]
        if not out:
            break
        first, second, who = nearest(walks, chosen, n)
        at = np.full(n, -1)
        at[out] = np.arange(len(out))
        saving = _saving(walks, first, second, who, at, n, len(out))
        room = limit(problem) - float(problem.cost[chosen].sum())
        fits = problem.cost[:, None] <= room + problem.cost[out][None, :]
        fits &= may[:, None]
        fits[chosen] = False
        fits &= _apart(_barred(problem, chosen, close), close, out)
        if problem.min_per_commune:
            for column, j in enumerate(out):
                for home in _short(problem, [i for i in chosen if i != j]):
                    fits[:, column] &= problem.commune == home
        saving[~fits] = -np.inf
        best = int(np.argmax(saving))
        into, drop = divmod(best, len(out))
        if saving[into, drop] <= TOLERANCE * float(walks.weight @ first):
            break
        chosen = [j for j in chosen if j != out[drop]] + [into]
    while True:
        gain = np.where(_addable(problem, chosen, close), _gain(walks, nearest(walks, chosen, n)[0], n), -1.0)
        if not len(gain) or gain.max() <= TOLERANCE * float(walks.weight @ walks.base):
            return chosen
        chosen = [*chosen, int(np.argmax(gain))]


def _saving(walks: Walks, first: Floats, second: Floats, who: Ints, at: Ints, n: int, p: int) -> Floats:
    """(candidates, chosen that may go) what an exchange saves."""
    d1, d2, w = first[walks.demand], second[walks.demand], walks.weight[walks.demand]
    gain = np.bincount(walks.site, np.maximum(d1 - walks.far, 0.0) * w, n)[:n]
    mine = np.where(who >= 0, at[who], -1)
    goes = mine >= 0
    loss = np.bincount(mine[goes], ((second - first) * walks.weight)[goes], p)[:p]
    use = (mine[walks.demand] >= 0) & (walks.far < d2)
    extra = (d2 - np.maximum(walks.far, d1))[use] * w[use]
    key = walks.site[use] * p + mine[walks.demand][use]
    table = np.bincount(key, extra, n * p)[: n * p].reshape(n, p)
    return np.asarray(gain[:, None] - loss[None, :] + table, dtype=float)


def _apart(barred: Ints, close: dict[int, list[int]], out: list[int]) -> Bools:
    """(candidates, chosen that may go) no other chosen stands too close once that one is gone."""
    left = np.repeat(barred[:, None], len(out), axis=1)
    for column, j in enumerate(out):
        left[close.get(j, []), column] -= 1
    return np.asarray(left == 0)
