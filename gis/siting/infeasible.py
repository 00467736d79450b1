"""Infeasible: which rule, taken away alone, leaves a plan, and how much money the rules ask for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse
from sanchoi.gis.errors import Infeasible
from sanchoi.gis.siting.model import Answer, Model, run
from sanchoi.gis.siting.problem import Problem
from sanchoi.gis.siting.rules import amount, asking, rules

SECONDS = 10.0


def explained(problem: Problem, seed: int = 0, asked: scipy.sparse.csr_array | None = None) -> Infeasible:
    """The error for a problem that no plan answers: each rule alone that binds, and the least budget where that is one.

    The rules are taken away one at a time: spacing, minimum a commune, fixed, forbidden, budget.

    Parameters
    ----------
    asked : (rows, candidates) a plan must also hold one candidate at least of each row.
    """
    none = np.empty(0, dtype=np.int64)
    names: list[str] = []
    todo: list[str] = []
    least = cheapest(problem, seed, asked)
    if least is not None and np.isfinite(problem.budget):
        names.append(f"the budget of {amount(problem.budget)} is {amount(least - problem.budget)} too small")
        todo.append(f"raise [siting] budget to {amount(least)}")
    for said, advice, on, looser in (
        (
            f"min_spacing_m keeps {len(problem.conflicts)} pairs of sites apart",
            "lower min_spacing_m",
            len(problem.conflicts) > 0,
            replace(problem, conflicts=np.empty((0, 2), dtype=np.int64)),
        ),
        (
            f"min_per_commune asks for {problem.min_per_commune} sites in {len(asking(problem))} communes",
            "lower min_per_commune",
            problem.min_per_commune > 0,
            replace(problem, min_per_commune=0),
        ),
        (f"{len(problem.fixed)} sites are fixed", "fix fewer", len(problem.fixed) > 0, replace(problem, fixed=none)),
        (
            f"{len(problem.forbidden)} sites are forbidden",
            "forbid fewer",
            len(problem.forbidden) > 0,
            replace(problem, forbidden=none),
        ),
    ):
        if on and _any(looser, seed, asked).status == "optimal":
            names.append(said)
            todo.append(advice)
    if not names:
        return Infeasible(
            "no set of sites keeps all rules, and no single rule is to blame",
            "rules that can be kept together",
            "loosen two of [siting] budget, min_spacing_m, min_per_commune, fixed, forbidden",
        )
    return Infeasible(
        f"no set of sites keeps all rules: {'; '.join(names)}", "rules that can be kept together", ", or ".join(todo)
    )


def too_short(seconds: float) -> Infeasible:
    """The error for a time in which no plan was found."""
    return Infeasible(
        f"no plan that keeps the rules was found in {seconds:g} s",
        "time enough to find one",
        "raise [siting] seconds, or loosen a rule",
    )


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
