"""Siting: which parcels together cover the most children, with proof.

Maximal covering (Church & ReVelle 1974), with a number of sites or a budget:

    max Σ_k w_k y_k;  y_k ≤ Σ_{j ∈ N_k} x_j;  x keeps the rules (see `rules`);  x ∈ {0, 1}, 0 ≤ y ≤ 1

k: groups of children with the same set N_k of parcels in reach. On the way to the proof, groups are merged; greedy and exchanges
give a start; Lagrangian multipliers give a bound and better plans, and settle most candidates (see `bound`); the linear model of
what is left settles more by its reduced costs; HiGHS (Huangfu & Hall 2018) closes the gap on the rest. A candidate is settled only
where no plan with it (without it) covers more than the plan at hand. The bound is printed with the plan: a plan that is not proven
says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse
from sanchoi.gis.siting.bound import Bounded, bounded
from sanchoi.gis.siting.groups import group
from sanchoi.gis.siting.infeasible import explained, too_short
from sanchoi.gis.siting.limits import Limits
from sanchoi.gis.siting.model import Answer, Model, run, unsolved
from sanchoi.gis.siting.order import in_order, plan
from sanchoi.gis.siting.posed import Progress
from sanchoi.gis.siting.problem import Floats, Ints, Plan, Problem
from sanchoi.gis.siting.rules import check, kept, rules
from sanchoi.gis.siting.start import first_plan, greedy
from sanchoi.gis.siting.swap import improve
from sanchoi.gis.siting.walks import Shorter, Walks

LEAST_SECONDS = 0.01
INTERIOR = 3000
"""From so many rows on, the first linear model is solved by an interior point method."""


def solve(
    problem: Problem,
    seconds: float = 60.0,
    seed: int = 0,
    progress: Progress | None = None,
    *,
    first: Ints | None = None,
    cover: Walks | None = None,
) -> Plan:
    """Choose the candidates that cover the most.

    Parameters
    ----------
    seconds : of solving, after which the best plan so far is given with its bound.
    first : a plan to begin with. cover : of a problem that differs in its budget and its fixed sites alone.

    Raises
    ------
    Infeasible : no plan keeps the rules; the message names the one that binds. Or none was found in the time given.
    """
    check(problem)
    tell = progress or (lambda stage, share: None)
    tell("merge", 0.0)
    cover = cover or group(problem).walks()
    limits = Limits.of(problem)
    tell("start", 0.1)
    start = first_plan(problem, limits, cover)
    if first is not None and kept(problem, first):
        better = improve(limits, cover, first)
        start = better if start is None or cover.worth(better) > cover.worth(start) else start
    tell("bound", 0.2)
    state = bounded(problem, cover, limits, start, seconds)
    answer = _finish(problem, cover, limits, state, seconds, seed, tell)
    if state.best is None:
        raise too_short(seconds)
    order, steps = _ordered(problem, cover, state.best)
    tell("done", 1.0)
    return plan(order, steps, state.worth, state.bound, answer, sense="max", unit="children", seed=seed)


def _finish(
    problem: Problem, cover: Walks, limits: Limits, state: Bounded, seconds: float, seed: int, tell: Progress
) -> Answer:
    """Close the gap of `state`, or narrow it; the answer holds the seconds of both runs."""
    if state.proven:
        return unsolved()
    tell("linear", 0.4)
    small = Small.of(problem, cover, state, whole=False)
    linear = run(small.model, max(seconds, LEAST_SECONDS), seed, interior=small.many)
    if linear.status == "infeasible":
        if state.best is None:
            raise explained(problem, seed)
        state.bound = state.worth  # nothing better is left among the open ones
    elif linear.status == "optimal":
        _learn(problem, cover, limits, state, small, linear)
    left = seconds - linear.seconds
    if state.proven or (left < LEAST_SECONDS and state.best is not None):
        return linear
    tell("solve", 0.5)
    small = Small.of(problem, cover, state, whole=True)
    begin = None if state.best is None else small.point(cover, state.best)
    answer = run(small.model, max(left, LEAST_SECONDS), seed, begin, interior=small.many)
    if answer.status == "infeasible":
        if state.best is None:
            raise explained(problem, seed)
        state.bound = state.worth
    elif len(answer.x):
        _try(problem, cover, limits, state, small.columns[answer.x[: len(small.columns)] > 0.5])
    if answer.status != "infeasible" and np.isfinite(answer.bound):
        state.bound = max(min(state.bound, small.value(answer.bound)), state.worth)
    return replace(answer, seconds=linear.seconds + answer.seconds)


def _learn(problem: Problem, cover: Walks, limits: Limits, state: Bounded, small: Small, linear: Answer) -> None:
    """Bound, plans and settled candidates of the linear model's answer."""
    n = len(small.columns)
    value = small.value(linear.objective)
    state.bound = min(state.bound, value)
    x = linear.x[:n]
    _try(problem, cover, limits, state, small.columns[np.argsort(-x, kind="stable")][: int((x > 1e-6).sum())])
    _try(problem, cover, limits, state, small.columns[x > 0.5])
    gap = np.where(small.model.low[:n] > 0, 0.0, -linear.reduced[:n] * small.scale)  # what is sure has no choice
    state.settle(small.columns, value, gap)
    state.bound = max(state.bound, state.worth)


def _try(problem: Problem, cover: Walks, limits: Limits, state: Bounded, wanted: Ints) -> None:
    """Offer a plan of the sites wanted, as far as the rules allow, filled up and improved."""
    chosen = np.sort(wanted) if kept(problem, wanted) else greedy(problem, limits, Shorter(cover), first=wanted)
    state.offer(cover, None if chosen is None else improve(limits, cover, chosen))


@dataclass(frozen=True)
class Small:
    """The model of the candidates that are still open.

    Attributes
    ----------
    columns : candidate of each of the first columns of `model`. base : children covered whatever is chosen among them.
    scale : children a unit of the model's objective. groups : (rows that stand for groups) a demand of the cover in each.
    """

    model: Model
    columns: Ints
    base: float
    scale: float
    groups: Ints

    @property
    def many(self) -> bool:
        """Whether an interior point method is the faster one."""
        return len(self.groups) > INTERIOR

    def value(self, objective: float) -> float:
        """Children, for an objective of the model."""
        return self.base - objective * self.scale

    def point(self, cover: Walks, chosen: Ints) -> Floats:
        """A plan as a point of the model, as far as its sites are there."""
        seen = cover.times(chosen)[self.groups] > 0
        return np.concatenate([np.isin(self.columns, chosen).astype(float), seen.astype(float)])

    @classmethod
    def of(cls, problem: Problem, cover: Walks, state: Bounded, whole: bool) -> Small:
        """Sure candidates are 1 and what they cover is counted beforehand; groups that are the same now are merged again."""
        m = len(problem.cost)
        sure = np.flatnonzero(state.sure)
        covered = cover.times(sure) > 0
        base = float(cover.weight[covered].sum())
        shut = np.flatnonzero(~state.open_)
        rest = replace(
            problem,
            demand=cover.who(),
            site=cover.site,
            weight=np.where(covered, 0.0, cover.weight),
            forbidden=shut,
            fixed=sure,
        )
        groups = group(rest)
        one_of = np.full(len(groups.weight), -1, dtype=np.int64)
        used = np.flatnonzero(groups.of >= 0)
        one_of[groups.of[used]] = used
        columns = np.flatnonzero(state.open_)
        reach = scipy.sparse.csr_array(scipy.sparse.csc_array(groups.reach)[:, columns])
        size = np.diff(reach.indptr)
        alone = size == 1
        scale = float(groups.weight.mean()) if len(groups.weight) else 1.0
        gain = np.bincount(reach.indices[reach.indptr[:-1][alone]], groups.weight[alone], len(columns))[: len(columns)]
        reach, weight = scipy.sparse.csr_array(reach[~alone]), groups.weight[~alone]
        k, n = len(weight), len(columns)
        ruled, rule_low, rule_high, low, high = rules(problem, m)
        low = np.maximum(low, state.sure.astype(float))[columns]
        mine = scipy.sparse.hstack(
            [scipy.sparse.csc_array(ruled)[:, columns], scipy.sparse.csr_array((ruled.shape[0], k))]
        )
        own = scipy.sparse.hstack([reach, -scipy.sparse.eye_array(k)])
        model = Model(
            cost=-np.concatenate([gain, weight]) / scale,
            matrix=scipy.sparse.csr_array(scipy.sparse.vstack([own, mine], format="csr")),
            row_low=np.concatenate([np.zeros(k), rule_low]),
            row_high=np.concatenate([np.full(k, np.inf), rule_high]),
            low=np.concatenate([low, np.zeros(k)]),
            high=np.concatenate([high[columns], np.ones(k)]),
            whole=np.arange(n + k) < (n if whole else 0),
        )
        return cls(model, columns, base, scale, one_of[~alone])


def _ordered(problem: Problem, cover: Walks, chosen: Ints) -> tuple[Ints, Floats]:
    """Most children newly covered first; the value is the children covered so far."""
    left = Shorter(cover)
    total = 0.0

    def take(j: int) -> float:
        nonlocal total
        total += left.one(j)
        left.add(j)
        return total

    return in_order(problem, chosen, lambda j: (left.one(j),), take)
