"""An objective's own model joined with the rules that every plan keeps, solved, and what it means when there is no answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import scipy.sparse
from sanchoi.gis.errors import Infeasible
from sanchoi.gis.siting.model import INF, Answer, Model, run
from sanchoi.gis.siting.problem import Problem
from sanchoi.gis.siting.rules import rules

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Progress = Callable[[str, float], None]


def posed(problem: Problem, cost: Floats, own: scipy.sparse.csr_array, low: Floats, high: Floats, top: Floats) -> Model:
    """Model of `own` rows and the rules; the candidates are the first columns and whole, the others run from 0 to `top`.

    Parameters
    ----------
    cost : (columns,) to be made small. own : (rows, columns), between `low` and `high`. top : (columns − candidates,).
    """
    m = len(problem.cost)
    matrix, rule_low, rule_high, least, most = rules(problem, len(cost))
    free = np.arange(len(cost)) >= m
    return Model(
        cost=cost,
        matrix=scipy.sparse.csr_array(scipy.sparse.vstack([own, matrix], format="csr")),
        row_low=np.concatenate([low, rule_low]),
        row_high=np.concatenate([high, rule_high]),
        low=np.concatenate([least[:m], np.zeros(len(top))]),
        high=np.concatenate([most[:m], top]),
        whole=~free,
    )


def answered(
    problem: Problem, model: Model, seconds: float, seed: int, start: Floats | None = None, interior: bool = False
) -> Answer:
    """Answer of the solver, with a point or a known `start` behind it.

    Raises
    ------
    Infeasible : no plan keeps the rules, with the rule that binds; or none was found in the time given.
    """
    answer = run(model, max(seconds, 0.01), seed, start, interior=interior)
    if "infeasible" in answer.status:
        raise Infeasible(
            f"no set of sites keeps all rules: {binding(problem, model, seed)}",
            "rules that can be kept together",
            "loosen the rule that is named",
        )
    if not len(answer.x) and start is None:
        raise Infeasible(
            f"no plan that keeps the rules was found in {seconds:g} s",
            "time enough to find one",
            "raise [siting] seconds, or loosen a rule",
        )
    return answer


def binding(problem: Problem, model: Model, seed: int) -> str:
    """Which single rule, taken away, leaves a plan; in words."""
    none = np.empty(0, dtype=np.int64)
    n = len(problem.conflicts)
    without = {
        f"min_spacing_m keeps {n} pairs of sites apart": replace(problem, conflicts=np.empty((0, 2), dtype=np.int64)),
        f"min_per_commune asks for {problem.min_per_commune}": replace(problem, min_per_commune=0),
        f"the budget is {problem.budget:,.10g}": replace(problem, budget=INF),
        f"{len(problem.fixed)} sites are fixed": replace(problem, fixed=none),
        f"{len(problem.forbidden)} sites are forbidden": replace(problem, forbidden=none),
    }
    own = _own_rows(problem, model)
    for words, looser in without.items():
        trial = posed(looser, model.cost * 0.0, *own)
        if run(trial, 10.0, seed).status == "optimal":
            return words
    return "several together"


def _own_rows(problem: Problem, model: Model) -> tuple[scipy.sparse.csr_array, Floats, Floats, Floats]:
    """The model without the rows of the rules, which stand last."""
    ruled = rules(problem, len(model.cost))[0].shape[0]
    n = model.matrix.shape[0] - ruled
    return model.matrix[:n], model.row_low[:n], model.row_high[:n], model.high[len(problem.cost) :]
