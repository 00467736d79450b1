"""p-median: the sites with the shortest mean walk (Hakimi 1964), and the same with an aversion to unequal walks.

    min Σ_k w_k d_k ÷ Σ_k w_k,   d_k = min(today_m, beyond_m, walks to the chosen sites in reach)

Every child counts, also one whom nothing reaches: at beyond_m. The model has no assignments. Let D_k1 < D_k2 < … be the distinct
walks of demand k below min(today_m, beyond_m) =: D_k,R+1, and z_S = 1 where no site of the set S is chosen; then

    d_k = D_k1 + Σ_r (D_k,r+1 − D_kr) z_S(k,r),   S(k,r) = {j: d_kj ≤ D_kr}
    z_S(k,r) ≥ z_S(k,r−1) − Σ_j x_j over the j in S(k,r) that S(k,r−1) does not hold

which is the formulation of Cornuéjols, Nemhauser & Wolsey (1980) with the sparse rows of Elloumi (2010): its linear bound is that
of the assignment model. Sets that are the same share one z, whichever demands they come from.

Kolm-Pollak (Horton et al. 2024, arXiv:2401.15452): the walk that, if every child had it, would be as bad as the walks they have,

    EDE = ln(Σ_k w_k e^(−κ d_k) ÷ Σ_k w_k) ÷ (−κ),   κ = ε α,   α = Σ_k w_k d_k ÷ Σ_k w_k d_k²

with ε = −1: walks are a burden, so ε is negative, and −1 is the value their own program takes. α is taken from the walks of today
and not from those of the plan, so that plans are compared on one scale. ln is monotone: the least Σ w e^(−κ d) is the least EDE,
which is the model above over e^(−κ d) in place of d, and its bound becomes a bound of the EDE by the same formula.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse
from sanchoi.gis.errors import ContractError
from sanchoi.gis.siting.groups import marks
from sanchoi.gis.siting.limits import Limits
from sanchoi.gis.siting.model import INF, Model
from sanchoi.gis.siting.order import in_order, plan
from sanchoi.gis.siting.posed import Progress, answered, posed
from sanchoi.gis.siting.problem import Floats, Ints, Plan, Problem
from sanchoi.gis.siting.rules import check
from sanchoi.gis.siting.start import KICKS, first_plan
from sanchoi.gis.siting.walks import Shorter, Walks

EPSILON = -1.0
"""Aversion to inequality ε of Kolm-Pollak."""


def solve(problem: Problem, seconds: float = 60.0, seed: int = 0, progress: Progress | None = None) -> Plan:
    """The sites with the shortest mean walk; objective in metres a child.

    Raises
    ------
    Infeasible : no plan keeps the rules. ContractError : walks, or the walk beyond reach, are missing.
    """
    walks = _walks(problem)
    return _least(problem, walks, lambda mean: mean, seconds, seed, progress)


def kolm_pollak(problem: Problem, seconds: float = 60.0, seed: int = 0, progress: Progress | None = None) -> Plan:
    """The sites with the least Kolm-Pollak EDE of the walks; objective in metres.

    Raises
    ------
    Infeasible, ContractError : see `solve`.
    """
    walks = _walks(problem)
    steep = aversion(walks.base, walks.weight)
    if steep == 0.0:
        return _least(problem, walks, lambda mean: mean, seconds, seed, progress)
    top = float(walks.base.max())
    bent = walks._replace(
        far=np.exp(steep * (walks.far - top)),
        site_far=np.exp(steep * (walks.site_far - top)),
        base=np.exp(steep * (walks.base - top)),
    )

    def back(mean: float) -> float:
        return top + float(np.log(mean)) / steep

    return _least(problem, bent, back, seconds, seed, progress)


def aversion(today_m: Floats, weight: Floats) -> float:
    """−κ = −ε Σ w d ÷ Σ w d², in 1/m; 0 where nobody walks."""
    square = float(weight @ today_m**2)
    return -EPSILON * float(weight @ today_m) / square if square > 0 else 0.0


def _walks(problem: Problem) -> Walks:
    """The walks shorter than what each demand has without a plan, one for each pair, the shortest first."""
    if len(problem.walk_m) != len(problem.demand) or len(problem.today_m) != len(problem.weight):
        raise ContractError(
            f"{len(problem.walk_m)} walks for {len(problem.demand)} pairs, {len(problem.today_m)} walks of today for "
            f"{len(problem.weight)} demands",
            "a walk for every pair and every demand",
            "fill walk_m and today_m",
        )
    if not (np.isfinite(problem.beyond_m) and problem.beyond_m > 0) or np.isnan(problem.today_m).any():
        raise ContractError(
            f"the walk beyond reach is {problem.beyond_m:g} m",
            "a finite walk above 0 m, and no walk of today that is NaN",
            "set beyond_m, and inf where nothing is in reach today",
        )
    base = np.minimum(problem.today_m, problem.beyond_m)
    use = problem.free[problem.site] & (problem.weight[problem.demand] > 0)
    use &= problem.walk_m < base[problem.demand]
    at = np.flatnonzero(use)
    at = at[np.lexsort([problem.site[at], problem.walk_m[at], problem.demand[at]])]
    pair = problem.demand[at] * len(problem.cost) + problem.site[at]
    at = at[np.sort(np.unique(pair, return_index=True)[1])]
    weight = np.where(problem.weight > 0, problem.weight, 0.0)
    from_ = np.concatenate([[0], np.cumsum(np.bincount(problem.demand[at], minlength=len(base)))])
    return Walks.of(from_, problem.site[at], problem.walk_m[at], base, weight, len(problem.cost))


def _least(
    problem: Problem,
    walks: Walks,
    shown: Callable[[float], float],
    seconds: float,
    seed: int,
    progress: Progress | None,
) -> Plan:
    """Least Σ w d ÷ Σ w; `shown` turns that mean into what is reported and rises with it."""
    check(problem)
    n, total = len(problem.cost), float(walks.weight.sum())
    if progress:
        progress("start", 0.05)
    first = first_plan(problem, Limits.of(problem), walks, KICKS)
    if progress:
        progress("model", 0.2)
    under = walks.base if first is None else walks.under(first)
    known = float(walks.weight @ under)
    scale = 1e3 / known if known > 0 else 1.0
    model, who, within_m = _model(problem, walks, scale)
    start = None
    if first is not None:
        start = np.zeros(len(model.cost))
        start[first] = 1.0
        start[n:] = under[who] > within_m
    if progress:
        progress("solve", 0.3)
    answer = answered(problem, model, seconds, seed, start)
    found = np.flatnonzero(answer.x[:n] > 0.5)
    if first is not None and (not len(answer.x) or walks.worth(first) > walks.worth(found)):
        found = first
    order, steps = _ordered(problem, walks, found, shown)
    least = _floor(walks)
    bound = max(answer.bound / scale + least, least) if np.isfinite(answer.bound) else least
    if total == 0:
        return plan(order, steps * 0.0, 0.0, 0.0, answer, sense="min", unit="m", seed=seed)
    objective = shown(float(walks.weight @ walks.under(order)) / total)
    return plan(order, steps, objective, shown(bound / total), answer, sense="min", unit="m", seed=seed)


def _floor(walks: Walks) -> float:
    """Σ w d with every candidate built: no plan is better."""
    best, some = walks.base.copy(), np.diff(walks.at) > 0
    best[some] = walks.far[walks.at[:-1][some]]
    return float(walks.weight @ best)


def _model(problem: Problem, walks: Walks, scale: float) -> tuple[Model, Ints, Floats]:
    """Model over x and z, without its constant; and for each z a demand and a walk: z = 1 where its nearest is farther."""
    m, pairs = len(problem.cost), len(walks.site)
    demand = walks.who()
    head = np.zeros(pairs, dtype=bool)
    head[walks.at[:-1][np.diff(walks.at) > 0]] = True
    run = np.cumsum(head) - 1 if pairs else np.empty(0, dtype=np.int64)
    last = np.ones(pairs, dtype=bool)  # of its distinct walk
    last[:-1] = head[1:] | (walks.far[1:] != walks.far[:-1])
    sign = marks(m)[walks.site]
    total = np.bitwise_xor.accumulate(sign, axis=0) if pairs else sign
    before = np.zeros_like(sign)
    before[1:] = total[:-1]
    total = total ^ before[np.flatnonzero(head)][run] if pairs else total
    ends = np.flatnonzero(last)
    far = walks.far[ends]
    final = np.ones(len(ends), dtype=bool)  # of its demand
    final[:-1] = demand[ends[1:]] != demand[ends[:-1]]
    following = walks.base[demand[ends]].copy()
    following[:-1][~final[:-1]] = far[1:][~final[:-1]]
    _, where, number = np.unique(total[ends], axis=0, return_index=True, return_inverse=True)
    number = number.ravel()
    sets = len(where)
    worth = np.bincount(number, (following - far) * walks.weight[demand[ends]], sets)[:sets] * scale
    level = np.cumsum(last) - last  # the level each pair belongs to
    parent = np.full(len(ends), -1, dtype=np.int64)
    parent[1:][~final[:-1]] = number[:-1][~final[:-1]]
    shown = np.zeros(len(ends), dtype=bool)  # the levels whose rows stand for their set
    shown[where] = True
    use = shown[level] if pairs else np.empty(0, dtype=bool)
    rows = [number[level[use]], np.arange(sets)]
    columns = [walks.site[use], m + np.arange(sets)]
    values = [np.ones(int(use.sum())), np.ones(sets)]
    older = parent[where]
    rows.append(np.flatnonzero(older >= 0))
    columns.append(m + older[older >= 0])
    values.append(np.full(int((older >= 0).sum()), -1.0))
    own = scipy.sparse.csr_array(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(sets, m + sets)
    )
    low = np.where(older >= 0, 0.0, 1.0)
    cost = np.concatenate([np.zeros(m), worth])
    model = posed(problem, cost, own, low, np.full(sets, INF), np.ones(sets))
    return model, demand[ends[where]], far[where]


def _ordered(problem: Problem, walks: Walks, chosen: Ints, shown: Callable[[float], float]) -> tuple[Ints, Floats]:
    """What shortens the walks most first."""
    total = float(walks.weight.sum()) or 1.0
    left = Shorter(walks)
    size = float(walks.weight @ walks.base) or 1.0

    def take(j: int) -> float:
        left.add(j)
        return shown(float(walks.weight @ left.now) / total)

    return in_order(problem, chosen, lambda j: (left.one(j) / size,), take, nothing=1e-12)
