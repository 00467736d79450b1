"""Infeasible: which rule, taken away alone, leaves a plan, and how much money the rules ask for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse
from sanchoi.gis.errors import Infeasible
from sanchoi.gis.siting.model import Answer, Model, run
from sanchoi.gis.siting.problem import Problem
from sanchoi.gis.siting.refusals import Pair, amount, refusal, rule
from sanchoi.gis.siting.rules import asking, rules

SECONDS = 10.0


def explained(problem: Problem, seed: int = 0, asked: scipy.sparse.csr_array | None = None) -> Infeasible:
    """The error for a problem that no plan answers: each rule alone that binds, and the least budget where that is one.

    The rules are taken away one at a time: spacing, minimum a commune, fixed, forbidden, budget.

    Parameters
    ----------
    asked : (rows, candidates) a plan must also hold one candidate at least of each row.
    """
    none = np.empty(0, dtype=np.int64)
    names: list[Pair] = []
    todo: list[Pair] = []
    least = cheapest(problem, seed, asked)
    if least is not None and np.isfinite(problem.budget):
        names.append(rule("budget", budget=amount(problem.budget), lack=amount(least - problem.budget)))
        todo.append(rule("budget_todo", least=amount(least)))
    spacing = replace(problem, conflicts=np.empty((0, 2), dtype=np.int64))
    for name, count, looser in (
        ("spacing", len(problem.conflicts), spacing),
        ("minimum", len(asking(problem)) if problem.min_per_commune else 0, replace(problem, min_per_commune=0)),
        ("fixed", len(problem.fixed), replace(problem, fixed=none)),
        ("forbidden", len(problem.forbidden), replace(problem, forbidden=none)),
    ):
        if count and _any(looser, seed, asked).status == "optimal":
            names.append(rule(name, count=count, least=problem.min_per_commune))
            todo.append(rule(f"{name}_todo"))
    if not names:
        return refusal("together_unsaid")
    (said_vi, said_en), (todo_vi, todo_en) = zip(*names, strict=True), zip(*todo, strict=True)
    return refusal(
        "together",
        names=("; ".join(said_vi), "; ".join(said_en)),
        todo=(", hoặc ".join(todo_vi), ", or ".join(todo_en)),
    )


def too_short(seconds: float) -> Infeasible:
    """The error for a time in which no plan was found."""
    return refusal("too_short", seconds=f"{seconds:g}")


def cheapest(problem: Problem, seed: int = 0, asked: scipy.sparse.csr_array | None = None) -> float | None:
    """Least money with which all other rules can be kept; None where they cannot, or none was found in `SECONDS`."""
    found = _any(replace(problem, budget=float("inf")), seed, asked, cost=True)
    if found.status != "optimal":
        return None
    return float(problem.cost[found.x > 0.5].sum())


def _any(problem: Problem, seed: int, asked: scipy.sparse.csr_array | None, cost: bool = False) -> Answer:
    """Some plan that keeps the rules; the cheapest with `cost`."""
    m = len(problem.cost)
    matrix, row_low, row_high, low, high = rules(problem, m)
    if (low > high).any():
        return Answer(np.empty(0), np.inf, np.inf, "infeasible", "", 0.0, np.empty(0))
    if asked is not None:
        matrix = scipy.sparse.csr_array(scipy.sparse.vstack([matrix, asked], format="csr"))
        row_low = np.concatenate([row_low, np.ones(asked.shape[0])])
        row_high = np.concatenate([row_high, np.full(asked.shape[0], np.inf)])
    pay = problem.cost / (float(problem.cost.max()) or 1.0) if cost else np.zeros(m)
    return run(Model(pay, matrix, row_low, row_high, low, high, np.ones(m, dtype=bool)), SECONDS, seed)
