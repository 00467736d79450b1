"""Rules that every plan keeps, whatever it is to do best: budget, spacing, sites a commune, fixed and forbidden ones.

    Σ_j c_j x_j ≤ B;   Σ_{j ∈ Q} x_j ≤ 1 for sets Q of sites that stand too close to each other, each to each;
    Σ_{j in commune c} x_j ≥ n where c has n candidates that may be chosen;   x_j = 1 fixed;   x_j = 0 forbidden

A site that costs more than what the fixed ones leave of the budget, or that stands too close to a fixed one, cannot be chosen.
Pairs that stand too close are gathered in cliques: one row for a clique says more to the solver than a row for each of its pairs.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse
from sanchoi.gis.siting.cliques import cliques
from sanchoi.gis.siting.problem import Bools, Floats, Ints, Problem
from sanchoi.gis.siting.refusals import amount, refusal

TOLERANCE = 1e-9
"""Relative: a plan may cost so much more than the budget, for sums of decimals are rounded."""


def rules(
    problem: Problem, columns: int, offset: int = 0
) -> tuple[scipy.sparse.csr_array, Floats, Floats, Floats, Floats]:
    """Rows that a plan keeps, for any model.

    Parameters
    ----------
    columns : of the model. offset : column of the first candidate.

    Returns
    -------
    matrix (rows, columns), row_low, row_high : row_low ≤ A x ≤ row_high. low, high : (candidates,) bounds of each candidate.
    """
    m = len(problem.cost)
    low, high = np.zeros(m), may(problem).astype(float)
    low[problem.fixed] = 1.0
    blocks: list[scipy.sparse.coo_array] = []
    least: list[Floats] = []
    most: list[Floats] = []
    open_ = high > 0
    if np.isfinite(problem.budget) and problem.cost[open_].sum() > limit(problem):
        scale = _scale(problem)
        at = np.flatnonzero(open_ & (problem.cost != 0))
        blocks.append(_rows(np.zeros(len(at), dtype=np.int64), at, problem.cost[at] / scale, 1, m))
        least.append(np.full(1, -np.inf))
        most.append(np.full(1, problem.budget / scale))
    near = problem.conflicts[open_[problem.conflicts].all(axis=1)] if len(problem.conflicts) else problem.conflicts
    if len(near):
        row, at = cliques(near, m)
        count = int(row[-1]) + 1
        blocks.append(_rows(row, at, np.ones(len(at)), count, m))
        least.append(np.full(count, -np.inf))
        most.append(np.ones(count))
    asked = asking(problem)
    if len(asked):
        at = np.flatnonzero(np.isin(problem.commune, asked) & open_)
        row = np.searchsorted(asked, problem.commune[at])
        blocks.append(_rows(row, at, np.ones(len(at)), len(asked), m))
        least.append(np.full(len(asked), float(problem.min_per_commune)))
        most.append(np.full(len(asked), np.inf))
    matrix = scipy.sparse.coo_array(
        scipy.sparse.vstack(blocks) if blocks else scipy.sparse.coo_array((0, m), dtype=np.float64)
    )
    wide = scipy.sparse.csr_array(
        (matrix.data, (matrix.coords[0], matrix.coords[1] + offset)), shape=(matrix.shape[0], columns)
    )
    return wide, np.concatenate([*least, []]), np.concatenate([*most, []]), low, high


def _rows(row: Ints, at: Ints, value: Floats, count: int, m: int) -> scipy.sparse.coo_array:
    return scipy.sparse.coo_array((value, (row, at)), shape=(count, m))


def _scale(problem: Problem) -> float:
    """What the costs are divided by: small numbers keep the solver's tolerance far below a site's cost."""
    return float(problem.cost.max(initial=0.0)) or 1.0


def limit(problem: Problem) -> float:
    """The budget with the tolerance of a rounded sum."""
    return problem.budget + TOLERANCE * max(abs(problem.budget), 1.0)


def may(problem: Problem) -> Bools:
    """(candidates,) whether one can be in any plan, as far as it is seen without solving; fixed ones are."""
    out = problem.free
    if len(problem.fixed):
        held = np.zeros(len(out), dtype=bool)
        held[problem.fixed] = True
        if len(problem.conflicts):
            one, two = problem.conflicts.T
            out[two[held[one]]] = False
            out[one[held[two]]] = False
        left = limit(problem) - float(problem.cost[problem.fixed].sum())
        out &= problem.cost <= left
        out[problem.fixed] = True
    else:
        out &= problem.cost <= limit(problem)
    return out


def asking(problem: Problem) -> Ints:
    """Communes that must get `min_per_commune` sites: those with as many candidates that are not forbidden."""
    if not problem.min_per_commune or not len(problem.commune):
        return np.empty(0, dtype=np.int64)
    communes, count = np.unique(problem.commune[problem.free], return_counts=True)
    return communes[(count >= problem.min_per_commune) & (communes >= 0)].astype(np.int64)


def check(problem: Problem) -> None:
    """Raise what is plain without solving.

    Raises
    ------
    Infeasible : no candidate; a position that is not there; a cost that is unknown or below 0; a budget below the cheapest site or
        below the fixed ones; a site both fixed and forbidden; two fixed ones that stand too close.
    """
    m = len(problem.cost)
    if not m:
        raise refusal("no_candidate")
    _positions(problem, m)
    if not np.isfinite(problem.cost).all() or (problem.cost < 0).any():
        at = int(np.argmin(np.isfinite(problem.cost) & (problem.cost >= 0)))
        raise refusal("cost", at=at, cost=f"{problem.cost[at]:g}")
    if np.isnan(problem.budget):
        raise refusal("budget_none")
    free = problem.free
    both = np.intersect1d(problem.fixed, problem.forbidden)
    if len(both):
        raise refusal("both", count=len(both), first=both[0])
    if not free.any():
        raise refusal("all_forbidden")
    cheapest = float(problem.cost[free].min())
    if cheapest > limit(problem):
        raise refusal("budget_small", budget=amount(problem.budget), cheapest=amount(cheapest))
    spent = float(problem.cost[problem.fixed].sum())
    if spent > limit(problem):
        more, budget = amount(spent - problem.budget), amount(problem.budget)
        raise refusal("fixed_cost", count=len(problem.fixed), spent=amount(spent), budget=budget, more=more)
    if len(problem.fixed) and len(problem.conflicts):
        close = problem.conflicts[np.isin(problem.conflicts, problem.fixed).all(axis=1)]
        if len(close):
            raise refusal("fixed_close", count=len(close), first=close[0, 0], second=close[0, 1])


def _positions(problem: Problem, m: int) -> None:
    """Raise Infeasible where a position names no candidate or demand."""
    for name, given, count in (
        ("site", problem.site, m),
        ("demand", problem.demand, len(problem.weight)),
        ("fixed", problem.fixed, m),
        ("forbidden", problem.forbidden, m),
        ("conflicts", problem.conflicts.ravel(), m),
    ):
        if len(given) and (given.min() < 0 or given.max() >= count):
            wrong = int(given[(given < 0) | (given >= count)][0])
            raise refusal("position", name=name, wrong=wrong, last=count - 1)
    if problem.min_per_commune and len(problem.commune) != m:
        raise refusal("commune_missing", count=len(problem.commune), of=m)


def kept(problem: Problem, chosen: Ints) -> bool:
    """Whether a set of candidates keeps all rules."""
    inside = np.zeros(len(problem.cost), dtype=bool)
    inside[chosen] = True
    if not inside[problem.fixed].all() or inside[problem.forbidden].any():
        return False
    if float(problem.cost[inside].sum()) > limit(problem):
        return False
    if len(problem.conflicts) and inside[problem.conflicts].all(axis=1).any():
        return False
    asked = asking(problem)
    if not len(asked):
        return True
    homes = problem.commune[inside]
    count = np.bincount(np.searchsorted(asked, homes[np.isin(homes, asked)]), minlength=len(asked))
    return bool((count >= problem.min_per_commune).all())
