"""Sites that fill up: the most children for whom there is ground enough (capacitated maximal covering).

    max Σ_kj z_kj;   Σ_j z_kj ≤ w_k;   Σ_k a_k z_kj ≤ g_j x_j;   0 ≤ z_kj ≤ min(w_k, g_j ÷ a_k) x_j;   x ∈ {0, 1}

z_kj: children of demand k who use site j, not whole numbers; a_k: m2_per_child; g_j: ground_m2 (Current & Storbeck 1988, with
the variable bounds that make the linear bound tight). Demands with the same candidates and the same a_k are one. In m² of ground,
a_k z_kj, this is a transport problem where a demand pays 1 ÷ a_k for each m²: what a set of sites serves is submodular, so an old
gain is an upper bound of a new one, and the build order needs few solutions.
"""

from __future__ import annotations

import heapq

import numpy as np
import scipy.sparse
from sanchoi.gis.errors import ContractError
from sanchoi.gis.siting.groups import Groups, group
from sanchoi.gis.siting.limits import Limits
from sanchoi.gis.siting.model import INF, Model, run
from sanchoi.gis.siting.order import TOLERANCE, in_order, plan
from sanchoi.gis.siting.posed import Progress, answered, posed
from sanchoi.gis.siting.problem import Floats, Ints, Plan, Problem
from sanchoi.gis.siting.rules import check
from sanchoi.gis.siting.start import greedy, kicked


def solve(problem: Problem, seconds: float = 60.0, seed: int = 0, progress: Progress | None = None) -> Plan:
    """The sites that serve the most children, each no more than its ground allows.

    Raises
    ------
    Infeasible : no plan keeps the rules. ContractError : ground or m² a child are missing or negative.
    """
    _given(problem)
    check(problem)
    groups = group(problem, problem.m2_per_child)
    ground = _Ground(problem, groups)
    m = len(problem.cost)
    model = ground.model()
    if progress:
        progress("solve", 0.2)
    first = ground.first()
    start = None
    if first is not None:
        start = np.zeros(len(model.cost))
        start[first] = 1.0
        start[m:] = ground.shared(first)
    answer = answered(problem, model, seconds, seed, start, interior=True)
    x = answer.x if len(answer.x) or start is None else start
    chosen = np.flatnonzero(x[:m] > 0.5).astype(np.int64)
    if progress:
        progress("order", 0.9)
    order, steps = ground.ordered(chosen)
    bound = (
        min(-answer.bound * ground.scale, float(groups.weight.sum()))
        if np.isfinite(answer.bound)
        else groups.weight.sum()
    )
    return plan(order, steps, ground.served(order), float(bound), answer, sense="max", unit="children", seed=seed)


def _given(problem: Problem) -> None:
    if len(problem.ground_m2) != len(problem.cost) or len(problem.m2_per_child) != len(problem.weight):
        raise ContractError(
            f"ground of {len(problem.ground_m2)} of {len(problem.cost)} candidates, m² a child of "
            f"{len(problem.m2_per_child)} of {len(problem.weight)} demands",
            "one for each",
            "fill ground_m2 and m2_per_child",
        )
    for name, values in (("ground_m2", problem.ground_m2), ("m2_per_child", problem.m2_per_child)):
        bad = np.flatnonzero(~(values >= 0) | np.isinf(values))
        if len(bad):
            raise ContractError(
                f"{name} is {values[bad[0]]:g} at position {int(bad[0])}",
                "a finite number of m², 0 or more",
                "set [norms] m2_per_child for every band, and measure the usable ground",
            )


class _Ground:
    """Who can use which site, and how much ground that takes."""

    def __init__(self, problem: Problem, groups: Groups) -> None:
        self.problem, self.groups = problem, groups
        pairs = scipy.sparse.coo_array(groups.reach)
        self.who, self.site = (np.asarray(each, dtype=np.int64) for each in pairs.coords)
        self.asked = np.zeros(len(groups.weight))
        inside = groups.of >= 0
        self.asked[groups.of[inside]] = problem.m2_per_child[inside]
        weight, need = groups.weight[self.who], self.asked[self.who]
        room = np.divide(problem.ground_m2[self.site], need, out=np.full(len(need), np.inf), where=need > 0)
        self.most = np.minimum(weight, room)
        self.scale = float(groups.weight.max(initial=0.0)) or 1.0

    def model(self) -> Model:
        """The whole model, children in units of `scale`, ground in units of the largest site."""
        problem, m, pairs = self.problem, len(self.problem.cost), len(self.who)
        g = len(self.groups.weight)
        number, top = np.arange(pairs), self.most / self.scale
        served = _rows(self.who, m + number, np.ones(pairs), (g, m + pairs))
        need = self.asked[self.who] * self.scale
        large = float(problem.ground_m2.max(initial=0.0)) or 1.0
        fits = _rows(self.site, m + number, need / large, (m, m + pairs))
        fits = fits - _rows(np.arange(m), np.arange(m), problem.ground_m2 / large, (m, m + pairs))
        open_ = _rows(number, m + number, np.ones(pairs), (pairs, m + pairs))
        open_ = open_ - _rows(number, self.site, top, (pairs, m + pairs))
        own = scipy.sparse.csr_array(scipy.sparse.vstack([served, fits, open_], format="csr"))
        high = np.concatenate([self.groups.weight / self.scale, np.zeros(m), np.zeros(pairs)])
        cost = np.concatenate([np.zeros(m), -np.ones(pairs)])
        return posed(problem, cost, own, np.full(len(high), -INF), high, top)

    def first(self) -> Ints | None:
        """A plan by greedy and kicks: what serves the most of those not yet served, again and again."""
        limits = Limits.of(self.problem)

        def build(begin: Ints | None) -> Ints | None:
            return greedy(self.problem, limits, _Serving(self), begin=begin)

        best = build(None)
        return None if best is None else kicked(self.problem, best, build, self.served)

    def gains(self, chosen: Ints) -> Floats:
        """(candidates,) children of those not yet served whom each has ground for, those who need the least first."""
        shared = self.shared(chosen)
        left = self.groups.weight - np.bincount(self.who, shared * self.scale, len(self.groups.weight))
        room = self.problem.ground_m2.astype(float).copy()
        out = np.zeros(len(room))
        for need in np.unique(self.asked):
            use = self.asked[self.who] == need
            here = np.bincount(self.site[use], np.maximum(left, 0.0)[self.who[use]], len(room))
            here = np.minimum(here, room / need) if need > 0 else here
            room -= here * need
            out += here
        return out

    def served(self, chosen: Ints) -> float:
        """Children whom a set of sites can serve."""
        return float(self.shared(chosen).sum()) * self.scale

    def shared(self, chosen: Ints) -> Floats:
        """(pairs,) children, in units of `scale`, who use each site when a set of them is built: a linear problem."""
        out = np.zeros(len(self.who))
        there = np.zeros(len(self.problem.cost), dtype=bool)
        there[chosen] = True
        use = np.flatnonzero(there[self.site])
        if not len(use):
            return out
        who, near = np.unique(self.who[use], return_inverse=True)
        where, stand = np.unique(self.site[use], return_inverse=True)
        number, shape = np.arange(len(use)), (len(who) + len(where), len(use))
        large = float(self.problem.ground_m2[where].max()) or 1.0
        need = self.asked[self.who[use]] * self.scale / large
        rows = _rows(
            np.concatenate([near, len(who) + stand]),
            np.concatenate([number, number]),
            np.concatenate([np.ones(len(use)), need]),
            shape,
        )
        high = np.concatenate([self.groups.weight[who] / self.scale, self.problem.ground_m2[where] / large])
        free = np.zeros(len(use))
        answer = run(
            Model(free - 1.0, rows, np.full(len(high), -INF), high, free, self.most[use] / self.scale, free > 0), INF
        )
        out[use] = answer.x
        return out

    def ordered(self, chosen: Ints) -> tuple[Ints, Floats]:
        """The site that serves the most more first (lazy: an old gain is never too small)."""
        built: list[int] = []
        now = 0.0
        heap = [(-np.inf, -1, j) for j in sorted(chosen.tolist())]
        order: list[int] = []
        gains: dict[int, float] = {}
        after: dict[int, float] = {}
        while heap:
            old, when, j = heapq.heappop(heap)
            if when < len(built):
                with_j = self.served(np.array([*built, j], dtype=np.int64))
                heapq.heappush(heap, (-(with_j - now), len(built), j))
                after[j] = with_j
                continue
            built.append(j)
            order.append(j)
            gains[j], now = -old, after[j]
        turn = {j: len(order) - at for at, j in enumerate(order)}
        return in_order(
            self.problem,
            np.array(order, dtype=np.int64),
            lambda j: (float(turn[j]) if gains[j] > TOLERANCE * max(now, 1.0) else 0.0,),
            lambda j: after[j],
        )


class _Serving:
    """A plan that grows, for `greedy`: gains are counted once for each plan."""

    def __init__(self, ground: _Ground) -> None:
        self.ground = ground
        self.built: list[int] = []
        self.known: Floats | None = None

    def every(self) -> Floats:
        """(candidates,) children whom each would serve besides."""
        if self.known is None:
            self.known = self.ground.gains(np.array(self.built, dtype=np.int64))
        return self.known

    def one(self, j: int) -> float:
        """Children whom candidate j would serve besides."""
        return float(self.every()[j])

    def add(self, j: int) -> None:
        """Build candidate j."""
        self.built.append(j)
        self.known = None


def _rows(row: Ints, col: Ints, value: Floats, shape: tuple[int, int]) -> scipy.sparse.csr_array:
    return scipy.sparse.csr_array((value, (row, col)), shape=shape)
