"""A mixed-integer model handed to HiGHS (Huangfu & Hall 2018) as one sparse matrix, and its answer with the bound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
import scipy.sparse
from sanchoi.gis.siting.problem import Bools, Floats

INF = float(highspy.kHighsInf)


@dataclass(frozen=True)
class Model:
    """min cost · x;  row_low ≤ A x ≤ row_high;  low ≤ x ≤ high;  x whole where `whole`. To maximise, negate the cost."""

    cost: Floats
    matrix: scipy.sparse.csr_array
    row_low: Floats
    row_high: Floats
    low: Floats
    high: Floats
    whole: Bools


@dataclass(frozen=True)
class Answer:
    """What HiGHS found.

    Attributes
    ----------
    x : the best point, empty = none was found. objective : its cost. bound : no point costs less.
    status : "optimal", "infeasible", "time_limit" or another of HiGHS's words. solver : name and version. seconds : its run time.
    reduced : (columns,) reduced costs of a linear model, empty for one with whole variables.
    """

    x: Floats
    objective: float
    bound: float
    status: str
    solver: str
    seconds: float
    reduced: Floats


def run(
    model: Model, seconds: float, seed: int = 0, start: Floats | None = None, gap: float = 0.0, interior: bool = False
) -> Answer:
    """Solve a model; one thread and a seed, so that the same model gives the same answer.

    Parameters
    ----------
    start : a point to begin with, for a model with whole variables. gap : relative, at which to stop.
    interior : solve linear models, and the first of a mixed one, by an interior point method: faster where there are many rows.
    """
    engine: Any = highspy._core._Highs()  # the class above it prints a banner on standard output
    mixed = bool(model.whole.any())
    options: dict[str, Any] = {
        "output_flag": False,
        "time_limit": float(seconds),
        "random_seed": seed,
        "mip_rel_gap": gap,
        "mip_abs_gap": 1e-7,
        "threads": 1,
    }
    if interior:
        options["mip_lp_solver" if mixed else "solver"] = "ipm"
    for option, value in options.items():
        engine.setOptionValue(option, value)
    rows, columns = model.matrix.shape
    by_row = scipy.sparse.csr_array(model.matrix)
    engine.passModel(
        columns,
        rows,
        by_row.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        np.asarray(model.cost, dtype=np.float64),
        np.asarray(model.low, dtype=np.float64),
        np.asarray(model.high, dtype=np.float64),
        np.asarray(model.row_low, dtype=np.float64),
        np.asarray(model.row_high, dtype=np.float64),
        by_row.indptr.astype(np.int32),
        by_row.indices.astype(np.int32),
        by_row.data.astype(np.float64),
        np.asarray(model.whole, dtype=np.int32),
    )
    if start is not None and mixed:
        engine.setSolution(columns, np.arange(columns, dtype=np.int32), np.asarray(start, dtype=np.float64))
    engine.run()
    info, found = engine.getInfo(), engine.getSolution()
    solved = str(engine.modelStatusToString(engine.getModelStatus())).lower().replace(" ", "_")
    ready = found.value_valid
    x = np.asarray(found.col_value) if ready else np.empty(0)
    taken = float(engine.getRunTime())
    objective = float(info.objective_function_value) if ready else INF
    if start is not None and mixed and ready and not np.isclose(float(model.cost @ x), objective, rtol=1e-6, atol=1e-6):
        # HiGHS 1.16 may value a start wrongly in its reduced model and give it back beside that value: then without it
        again = run(model, max(seconds - taken, 0.01), seed, None, gap, interior)
        return replace(again, seconds=taken + again.seconds)
    reduced = np.asarray(found.col_dual) if ready and not mixed else np.empty(0)
    bound = float(info.mip_dual_bound) if mixed else (objective if solved == "optimal" else -INF)
    return Answer(x, objective, bound, solved, f"HiGHS {engine.version()}", taken, reduced)


def unsolved() -> Answer:
    """An answer without a run, for what is proven before: it names the solver all the same."""
    engine: Any = highspy._core._Highs()
    return Answer(np.empty(0), INF, -INF, "not_run", f"HiGHS {engine.version()}", 0.0, np.empty(0))
