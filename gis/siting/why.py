"""Why not: for every candidate a reason, and what the plan loses if that one is forced in.

For all at once: at least what the multipliers of the bound say (a plan with x_j = 1 covers at most L − max(0, μ c_j − s_j), see
`bound`), at most what the best exchange loses. Exact for one: the problem is solved again with it fixed (`forced`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from sanchoi.gis.siting.choose import solve
from sanchoi.gis.siting.groups import group
from sanchoi.gis.siting.losses import dominators, losses
from sanchoi.gis.siting.problem import Ints, Plan, Problem
from sanchoi.gis.siting.refusals import refusal
from sanchoi.gis.siting.rules import limit


@dataclass(frozen=True)
class Reason:
    """Why a parcel is in the plan or not, as data.

    Attributes
    ----------
    kind : "chosen"; "forbidden"; "too_dear" (costs more than the fixed ones leave of the budget); "no_gain" (reaches no child that
        counts); "conflict" (too close to `other`, which is chosen); "dominated" (`other` reaches all that it reaches for no more
        money); "loses" (others do more). "excluded" and "not_candidate" are for parcels that are not in the problem.
    other : a candidate, −1 = none. order : place in the build order from 1, 0 = not chosen.
    loss_at_least, loss_at_most : what the plan loses with the parcel forced in, in units of the objective; NaN = unknown, or no
        plan that keeps the rules can hold it.
    """

    kind: str
    other: int = -1
    order: int = 0
    loss_at_least: float = float("nan")
    loss_at_most: float = float("nan")


def reasons(problem: Problem, plan: Plan, objective: str = "cover", seconds: float = 10.0) -> list[Reason]:
    """A reason for every candidate; the losses are counted for maximal covering alone.

    Parameters
    ----------
    plan : the answer for `objective`. seconds : for the bound.
    """
    m = len(problem.cost)
    cover = group(problem).walks()
    order = {int(j): at + 1 for at, j in enumerate(plan.chosen.tolist())}
    least, most = np.full(m, np.nan), np.full(m, np.nan)
    if objective == "cover":
        least, most = losses(problem, plan, cover, seconds)
    free = problem.free
    reaches = np.diff(cover.site_at) > 0
    close = _close(problem, plan)
    better = dominators(problem, cover)
    left = limit(problem) - float(problem.cost[np.unique(problem.fixed)].sum())
    out = []
    for j in range(m):
        loss = (float(least[j]), float(most[j]))
        if j in order:
            out.append(Reason("chosen", order=order[j], loss_at_least=0.0, loss_at_most=0.0))
        elif not free[j]:
            out.append(Reason("forbidden"))
        elif objective != "cover_all" and problem.cost[j] > left:
            out.append(Reason("too_dear"))
        elif not reaches[j]:
            out.append(Reason("no_gain", -1, 0, *loss))
        elif close[j] >= 0:
            out.append(Reason("conflict", int(close[j]), 0, *loss))
        elif objective in ("cover", "cover_all") and better[j] >= 0:
            out.append(Reason("dominated", int(better[j]), 0, *loss))
        else:
            out.append(Reason("loses", -1, 0, *loss))
    return out


def forced(
    problem: Problem, plan: Plan, j: int, objective: str = "cover", seconds: float = 60.0, seed: int = 0
) -> Reason:
    """Exact: the problem solved again with candidate j fixed; "loses" with both bounds, equal where that is proven.

    Raises
    ------
    Infeasible : no plan that keeps the rules can hold it; the message names the rule.
    """
    if j in plan.chosen:
        place = int(np.flatnonzero(plan.chosen == j)[0]) + 1
        return Reason("chosen", order=place, loss_at_least=0.0, loss_at_most=0.0)
    if j in problem.forbidden:
        raise refusal("forbidden", at=j)
    with_it = solve(replace(problem, fixed=np.union1d(problem.fixed, [j]).astype(np.int64)), objective, seconds, seed)
    sign = 1.0 if plan.sense == "max" else -1.0
    least = max(0.0, sign * (plan.objective - with_it.bound))
    most = max(0.0, sign * (plan.objective - with_it.objective))
    return Reason("loses", loss_at_least=least, loss_at_most=max(least, most))


def _close(problem: Problem, plan: Plan) -> Ints:
    """(candidates,) a chosen one that stands too close, −1 = none."""
    out = np.full(len(problem.cost), -1, dtype=np.int64)
    inside = np.zeros(len(out), dtype=bool)
    inside[plan.chosen] = True
    for one, two in (problem.conflicts.T, problem.conflicts[:, ::-1].T):
        mine = inside[two]
        out[one[mine]] = two[mine]
    return out
