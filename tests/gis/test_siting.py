"""Siting: brute force on hundreds of small problems, a published one, and the proof."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.errors import Infeasible
from sanchoi.gis.siting import Problem, solve

NONE = np.empty((0, 2), dtype=np.int64)


def problem(sets, weight, cost=None, budget=1.0, conflicts=NONE):
    """sets: for each candidate the demands it covers."""
    demand = np.array([k for cover in sets for k in cover], dtype=np.int64)
    site = np.array([j for j, cover in enumerate(sets) for _ in cover], dtype=np.int64)
    cost = np.ones(len(sets)) if cost is None else np.array(cost, float)
    return Problem(
        demand, site, np.array(weight, float), cost, budget, np.array(conflicts, dtype=np.int64).reshape(-1, 2)
    )


def worth(given, chosen):
    covered = {int(k) for k, j in zip(given.demand, given.site, strict=True) if j in set(chosen)}
    return sum(given.weight[k] for k in covered)


def brute(given):
    """Best of all subsets that the budget and the conflicts allow."""
    best, n = 0.0, len(given.cost)
    for size in range(n + 1):
        for chosen in itertools.combinations(range(n), size):
            if given.cost[list(chosen)].sum() <= given.budget + 1e-9 and not any(
                i in chosen and j in chosen for i, j in given.conflicts.tolist()
            ):
                best = max(best, worth(given, chosen))
    return best


def test_greedy_alone_would_be_wrong():
    """The large set first leaves 2 of 6 uncovered; the two others cover all (the classic case of Church & ReVelle's greedy)."""
    plan = solve(problem([{0, 1, 2, 3}, {0, 1, 4}, {2, 3, 5}], [1] * 6, budget=2))
    assert sorted(plan.chosen.tolist()) == [1, 2]
    assert (plan.objective, plan.bound, plan.mip_gap) == (6, 6, 0)
    assert plan.steps.tolist() == [3, 6]
    assert plan.solver.startswith("HiGHS ")


def test_money_buys_the_better_pair():
    """One dear site with 10 children, two cheap ones with 6 each."""
    dear = [set(range(10)), set(range(10, 16)), set(range(16, 22))]
    assert solve(problem(dear, [1] * 22, cost=[4, 2, 2], budget=4)).objective == 12
    assert solve(problem(dear, [1] * 22, cost=[3, 2, 2], budget=3)).objective == 10


def test_sites_that_stand_too_close_exclude_each_other():
    given_ = problem([{0, 1}, {2, 3}, {4}], [1] * 5, budget=2, conflicts=[(0, 1)])
    assert solve(given_).objective == 3


def test_a_site_that_adds_nothing_is_not_built():
    plan = solve(problem([{0}, {0}, {0}], [5], budget=3))
    assert len(plan.chosen) == 1
    assert plan.objective == 5


def test_nothing_to_gain_is_an_empty_plan():
    plan = solve(problem([set(), set()], [1.0], budget=1))
    assert plan.chosen.tolist() == []
    assert (plan.objective, plan.mip_gap) == (0, 0)


@pytest.mark.parametrize(
    ("given_", "message"),
    [(problem([], []), "no candidate"), (problem([{0}], [1], cost=[5], budget=4.99), "below the cheapest site")],
)
def test_what_cannot_be_says_which_constraint_binds(given_, message):
    with pytest.raises(Infeasible, match=message):
        solve(given_)


@settings(deadline=None, max_examples=150)
@given(seed=st.integers(0, 2**32 - 1))
def test_equals_brute_force(seed):
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(1, 9)), int(rng.integers(1, 15))
    sets = [set(np.flatnonzero(rng.random(k) < rng.uniform(0.1, 0.6)).tolist()) for _ in range(n)]
    unit = rng.random() < 0.5
    cost = np.ones(n) if unit else rng.integers(1, 10, n).astype(float)
    budget = float(rng.integers(1, n + 1)) if unit else float(cost.min() + rng.integers(0, 20))
    pairs = [pair for pair in itertools.combinations(range(n), 2) if rng.random() < 0.15]
    given_ = problem(sets, rng.integers(0, 20, k), cost, budget, pairs or NONE)
    plan = solve(given_)
    assert plan.objective == pytest.approx(brute(given_))
    assert plan.bound == pytest.approx(plan.objective)
    assert plan.objective == pytest.approx(worth(given_, plan.chosen.tolist()))
    assert given_.cost[plan.chosen].sum() <= budget + 1e-9
    assert not any(i in plan.chosen and j in plan.chosen for i, j in pairs)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1))
def test_more_money_never_covers_less_and_order_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    sets = [set(np.flatnonzero(rng.random(30) < 0.25).tolist()) for _ in range(12)]
    weight = rng.uniform(0, 10, 30)
    by_budget = [solve(problem(sets, weight, budget=b)).objective for b in range(1, 6)]
    assert all(b >= a - 1e-9 for a, b in itertools.pairwise(by_budget))
    turned = rng.permutation(12)
    assert solve(problem([sets[j] for j in turned], weight, budget=3)).objective == pytest.approx(by_budget[2])
