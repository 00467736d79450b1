"""Choose: the one way in to all objectives."""

from __future__ import annotations

from collections.abc import Callable

from sanchoi.gis.errors import StudyError
from sanchoi.gis.siting import capacitated, cover_all, covering, max_min, pmedian
from sanchoi.gis.siting.posed import Progress
from sanchoi.gis.siting.problem import Plan, Problem

SOLVERS: dict[str, Callable[[Problem, float, int, Progress | None], Plan]] = {
    "cover": covering.solve,
    "cover_all": cover_all.solve,
    "p_median": pmedian.solve,
    "max_min": max_min.solve,
    "capacitated": capacitated.solve,
    "kolm_pollak": pmedian.kolm_pollak,
}
"""What answers each of `OBJECTIVES`."""


def solve(
    problem: Problem,
    objective: str = "cover",
    seconds: float = 60.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> Plan:
    """The best plan for an objective, with its bound.

    Raises
    ------
    Infeasible : no plan keeps the rules; the message names the one that binds. StudyError : no such objective.
    """
    if objective not in SOLVERS:
        raise StudyError(
            f'objective "{objective}"', "one of " + ", ".join(SOLVERS), "set [siting] objective to one of these"
        )
    return SOLVERS[objective](problem, seconds, seed, progress)
