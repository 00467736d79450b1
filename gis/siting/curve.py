"""Budget curve: what money buys, with a bound at each step.

n equal steps up to the budget, so that the last row is the plan itself and the rows before it say what less money would have done.
Each budget begins with the plan of the one before: less money never covers more. What no plan exceeds with more money, none exceeds
with less: a bound is taken from a larger budget where that one is lower.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from sanchoi.gis.siting import covering
from sanchoi.gis.siting.groups import group
from sanchoi.gis.siting.infeasible import cheapest
from sanchoi.gis.siting.order import PROVEN
from sanchoi.gis.siting.problem import Floats, Plan, Problem
from sanchoi.gis.siting.rules import TOLERANCE

COLUMNS = ("budget", "sites", "cost", "value", "bound", "mip_gap")


def curve(problem: Problem, plan: Plan, count: int = 10, seconds: float = 60.0, seed: int = 0) -> pd.DataFrame:
    """Plans for `budgets` and none, one row each, by maximal covering; columns `COLUMNS`.

    Budgets below what the rules ask for (fixed sites, a minimum in each commune) have no plan and no row; 0 has one where the rules
    ask for nothing. `value` never falls; `bound` is at least `value`; `mip_gap` = (bound − value) ÷ value.

    Parameters
    ----------
    plan : the plan for the whole budget. count : budgets, besides none. seconds : for all of them together.
    """
    needed: float | None = 0.0
    if len(problem.fixed) or problem.min_per_commune:
        needed = cheapest(problem, seed)
    if needed is None:
        needed = float(problem.cost[plan.chosen].sum())
    steps = budgets(problem, count)
    cover = group(problem).walks()
    open_ = np.delete(problem.cost, problem.forbidden)
    found: list[Plan] = []
    spent = 0.0
    kept: list[float] = []
    for at, budget in enumerate(steps.tolist()):
        if budget < needed * (1 - TOLERANCE):
            continue
        kept.append(budget)
        if at == len(steps) - 1:
            found.append(plan)
            continue
        if budget < open_.min() * (1 - TOLERANCE):
            found.append(replace(plan, chosen=plan.chosen[:0], steps=plan.steps[:0], objective=0.0, bound=0.0))
            continue
        share = max(seconds - spent, 0.0) / (len(steps) - 1 - at)
        first = found[-1].chosen if found else None
        each = covering.solve(replace(problem, budget=budget), share, seed, first=first, cover=cover)
        spent += each.seconds
        found.append(each)
    return _table(problem, np.array(kept), found)


def budgets(problem: Problem, count: int) -> Floats:
    """Budgets in equal steps up to that of the problem, none first; whole numbers where all sites cost the same."""
    top = float(min(problem.budget, problem.cost.sum()))  # all sites together may cost less
    steps = np.append(np.linspace(0.0, top, count + 1)[:-1], top)
    if len(problem.cost) and (problem.cost == 1).all():
        steps = np.floor(steps + TOLERANCE)
    return np.unique(steps)


def _table(problem: Problem, steps: Floats, found: list[Plan]) -> pd.DataFrame:
    """Rows of plans; a plan that a larger budget's own falls short of stands for it too, and a bound holds for all that is less."""
    value = np.array([each.objective for each in found])
    bound = np.array([each.bound for each in found])
    sites = np.array([len(each.chosen) for each in found], dtype=np.int64)
    cost = np.array([float(problem.cost[each.chosen].sum()) for each in found])
    for at in range(1, len(found)):
        if value[at] < value[at - 1]:
            value[at], sites[at], cost[at] = value[at - 1], sites[at - 1], cost[at - 1]
    bound = np.maximum(np.minimum.accumulate(bound[::-1])[::-1], value)
    gap = np.divide(bound - value, value, out=np.zeros(len(value)), where=value > 0)
    gap[gap <= PROVEN] = 0.0
    return pd.DataFrame(dict(zip(COLUMNS, (steps, sites, cost, value, bound, gap), strict=True)))
