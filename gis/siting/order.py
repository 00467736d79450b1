"""Build order: which of the chosen sites to build first, and the plan that says so."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sanchoi.gis.siting.model import Answer
from sanchoi.gis.siting.problem import Floats, Ints, Plan, Problem

TOLERANCE = 1e-9
PROVEN = 1e-6
"""A gap that small is the rounding of the solver, whose own tolerance it is, and counts as none."""


def in_order(
    problem: Problem,
    chosen: Ints,
    score: Callable[[int], tuple[float, ...]],
    take: Callable[[int], float],
    nothing: float = TOLERANCE,
) -> tuple[Ints, Floats]:
    """Best of the rest first; those that add nothing and that no rule asks for are left out.

    Parameters
    ----------
    score : what the plan gains if a site is built next, larger is better; all ≤ `nothing` = it adds nothing.
    take : builds it and gives the value of the objective after it.
    """
    left = sorted(int(j) for j in chosen)
    order: list[int] = []
    steps: list[float] = []
    trimmed = False
    while left:
        gains = {j: score(j) for j in left}
        best = max(left, key=lambda j: (gains[j], -j))
        if not trimmed and max(gains[best]) <= nothing:
            left = _needed(problem, order, left)
            trimmed = True
            continue
        left.remove(best)
        order.append(best)
        steps.append(take(best))
    return np.array(order, dtype=np.int64), np.array(steps)


def _needed(problem: Problem, order: list[int], left: list[int]) -> list[int]:
    """Those of `left` that are fixed or that fill a commune's minimum."""
    fixed = set(problem.fixed.tolist())
    if not problem.min_per_commune:
        return [j for j in left if j in fixed]
    count: dict[int, int] = {}
    for j in [*order, *(j for j in left if j in fixed)]:
        home = int(problem.commune[j])
        count[home] = count.get(home, 0) + 1
    out = []
    for j in left:
        home = int(problem.commune[j])
        if j in fixed:
            out.append(j)
        elif home >= 0 and count.get(home, 0) < problem.min_per_commune:
            count[home] = count.get(home, 0) + 1
            out.append(j)
    return out


def plan(
    order: Ints, steps: Floats, objective: float, bound: float, answer: Answer, *, sense: str, unit: str, seed: int
) -> Plan:
    """A plan with its gap; a bound on the wrong side by rounding is put on the objective."""
    bound = max(bound, objective) if sense == "max" else min(bound, objective)
    if abs(bound - objective) <= max(PROVEN * abs(objective), 1e-7):
        bound = objective
    size = abs(objective) or abs(bound)
    gap = abs(bound - objective) / size if size else 0.0
    return Plan(order, steps, objective, bound, gap, answer.solver, sense, unit, answer.seconds, seed)
