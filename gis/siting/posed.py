"""An objective's own model joined with the rules that every plan keeps, solved, and what it means when there is no answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse
from sanchoi.gis.siting.infeasible import explained, too_short
from sanchoi.gis.siting.model import Answer, Model, run
from sanchoi.gis.siting.problem import Floats, Problem
from sanchoi.gis.siting.rules import rules

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
    problem: Problem,
    model: Model,
    seconds: float,
    seed: int,
    start: Floats | None = None,
    interior: bool = False,
    asked: scipy.sparse.csr_array | None = None,
) -> Answer:
    """Answer of the solver, with a point or a known `start` behind it; `asked` : see `explained`.

    Raises
    ------
    Infeasible : no plan keeps the rules, with the rule that binds; or none was found in the time given.
    """
    answer = run(model, max(seconds, 0.01), seed, start, interior=interior)
    if "infeasible" in answer.status:
        raise explained(problem, seed, asked)
    if not len(answer.x) and start is None:
        raise too_short(seconds)
    return answer
