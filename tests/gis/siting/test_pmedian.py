"""p-median and Kolm-Pollak: hand-made walks, the linear bound, and brute force on hundreds of small problems."""

import math
from dataclasses import replace

import numpy as np
import plans
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.errors import ContractError, Infeasible
from sanchoi.gis.siting import Problem
from sanchoi.gis.siting.limits import Limits
from sanchoi.gis.siting.pmedian import _walks as walks_of
from sanchoi.gis.siting.pmedian import aversion, kolm_pollak, solve
from sanchoi.gis.siting.start import KICKS, first_plan
from sanchoi.gis.siting.swap import improve

BOTH = pytest.mark.parametrize(("solver", "obvious"), [(solve, plans.mean_walk), (kolm_pollak, plans.ede)])


def problem(far, weight, p=1.0, today=None, beyond=1000.0, **rules):
    """Far: metres from each demand (row) to each candidate, None = out of reach."""
    pairs = [(k, j, walk) for k, row in enumerate(far) for j, walk in enumerate(row) if walk is not None]
    demand, site, walk = (np.array(each) for each in zip(*pairs, strict=True))
    today = [math.inf] * len(far) if today is None else today
    rules = {name: np.array(each, dtype=np.int64) for name, each in rules.items()}
    return Problem(
        demand.astype(np.int64),
        site.astype(np.int64),
        np.array(weight, float),
        np.ones(len(far[0])),
        p,
        walk_m=walk.astype(float),
        today_m=np.array(today, float),
        beyond_m=beyond,
        **rules,
    )


LINE = [[0, 100, 300], [100, 0, 200], [300, 200, 0]]
"""Three hamlets on a road at 0, 100 and 300 m, a candidate in each."""


def test_three_hamlets_on_a_road():
    """With 1, 1, 1 children the middle: (100 + 0 + 200) ÷ 3. With 1, 1, 9 the far end: (300 + 200) ÷ 11."""
    assert solve(problem(LINE, [1, 1, 1])).objective == pytest.approx(100)
    plan = solve(problem(LINE, [1, 1, 9]))
    assert (plan.chosen.tolist(), plan.objective) == ([2], pytest.approx(500 / 11))
    assert (plan.sense, plan.unit, plan.bound, plan.mip_gap) == ("min", "m", plan.objective, 0)


def test_build_order_takes_the_best_of_the_rest():
    """First the middle (mean 100), then the far end (mean 33.3), then the last one (0)."""
    plan = solve(problem(LINE, [1, 1, 1], p=3))
    assert plan.chosen.tolist() == [1, 2, 0]
    assert plan.steps.tolist() == pytest.approx([100, 100 / 3, 0])


def test_a_play_area_of_today_and_the_walk_beyond_reach_count():
    """Hamlet 3 has one at 40 m today; hamlet 2 is out of reach of the only candidate and counts 1,000 m."""
    plan = solve(problem([[50], [None], [30]], [2, 1, 1], today=[math.inf, math.inf, 40]))
    assert plan.objective == pytest.approx((2 * 50 + 1000 + 30) / 4)
    assert solve(problem([[50], [None], [50]], [2, 1, 1], today=[math.inf, math.inf, 40])).objective == pytest.approx(
        (2 * 50 + 1000 + 40) / 4
    )


@pytest.mark.parametrize(("walk", "chosen"), [(399.0, [0]), (400.0, []), (401.0, [])])
def test_a_site_no_nearer_than_today_is_not_built(walk, chosen):
    assert solve(problem([[walk]], [1], today=[400])).chosen.tolist() == chosen


def test_kolm_pollak_takes_from_the_near_to_give_to_the_far():
    """Two plans of one site, means 100 and 105 m, but walks 10/10/280 against 105/105/105: the mean takes the first, the EDE the
    second, whose EDE is 105 m whatever κ."""
    given_ = problem([[10, 105], [10, 105], [280, 105]], [1, 1, 1])
    assert solve(given_).chosen.tolist() == [0]
    fair = kolm_pollak(given_)
    assert (fair.chosen.tolist(), fair.objective) == ([1], pytest.approx(105))
    kappa = 1000 * 3 / (1000**2 * 3)  # all walk 1,000 m today
    unfair = math.log((2 * math.exp(kappa * 10) + math.exp(kappa * 280)) / 3) / kappa
    assert unfair > 105
    assert fair.steps.tolist() == pytest.approx([105])


def test_aversion_of_equal_walks_is_one_over_the_walk():
    assert aversion(np.array([200.0, 200.0]), np.array([3.0, 1.0])) == pytest.approx(1 / 200)
    assert aversion(np.zeros(2), np.ones(2)) == 0


def test_equal_walks_have_that_walk_as_ede():
    assert kolm_pollak(problem([[70], [70]], [1, 5])).objective == pytest.approx(70)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_ede_is_never_below_the_mean(seed):
    given_ = plans.random_problem(np.random.default_rng(seed))
    for chosen in plans.plans(given_):
        assert plans.ede(given_, chosen) >= plans.mean_walk(given_, chosen) - 1e-9


@BOTH
def test_nobody_walks_where_there_are_no_children(solver, obvious):
    plan = solver(problem([[10, 20]], [0.0]))
    assert (plan.chosen.tolist(), plan.objective, plan.mip_gap) == ([], 0, 0)


@BOTH
@settings(deadline=None, max_examples=150)
@given(seed=st.integers(0, 2**32 - 1))
def test_equals_brute_force(solver, obvious, seed):
    given_ = plans.random_problem(np.random.default_rng(seed))
    best = plans.brute(given_, obvious, largest=False)
    if best is None:
        with pytest.raises(Infeasible):
            solver(given_)
        return
    plan = solver(given_)
    assert plan.objective == pytest.approx(best)
    assert (plan.bound, plan.mip_gap) == (plan.objective, 0)
    assert obvious(given_, plan.chosen.tolist()) == pytest.approx(best)
    assert plans.keeps(given_, plan.chosen.tolist())
    parts = [obvious(given_, plan.chosen[: at + 1].tolist()) for at in range(len(plan.chosen))]
    assert plan.steps.tolist() == pytest.approx(parts)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_first_plan_keeps_the_rules_and_no_exchange_betters_it(seed):
    given_ = plans.random_problem(np.random.default_rng(seed))
    walks = walks_of(given_)
    found = first_plan(given_, Limits.of(given_), walks, KICKS)
    if found is None:
        return
    first = found.tolist()
    assert plans.keeps(given_, first)
    total = plans.mean_walk(given_, first) * sum(given_.weight)
    assert walks.weight @ walks.under(found) == pytest.approx(total)
    assert walks.worth(found) == pytest.approx(plans.mean_walk(given_, []) * sum(given_.weight) - total)
    best = plans.mean_walk(given_, first)
    for out in set(first) - set(given_.fixed.tolist()):
        for into in set(range(len(given_.cost))) - set(first):
            swapped = [j for j in first if j != out] + [into]
            if plans.keeps(given_, swapped):
                assert plans.mean_walk(given_, swapped) >= best - 1e-6


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32 - 1))
def test_exchanges_end_where_no_exchange_betters(seed):
    """Five of fourteen sites, far from the best at first; every single exchange is tried afterwards."""
    rng = np.random.default_rng(seed)
    far = np.round(rng.uniform(1, 900, (40, 14)), -1)
    weight = rng.integers(1, 9, 40).astype(float)
    given_ = problem([[each if each < 700 else None for each in row] for row in far], weight, p=5)
    far = np.where(far < 700, far, 1000.0)
    chosen = improve(Limits.of(given_), walks_of(given_), rng.choice(14, 5, replace=False))
    assert len(chosen) == 5
    now = weight @ far[:, chosen].min(axis=1)
    for out in chosen:
        for into in range(14):
            swapped = [j for j in chosen if j != out] + [into]
            assert weight @ far[:, swapped].min(axis=1) >= now - 1e-6


@BOTH
@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_of_rows_and_halved_cells_change_nothing(solver, obvious, seed):
    """Shuffle the pairs; split every demand into two halves on the same spot."""
    rng = np.random.default_rng(seed)
    given_ = replace(plans.random_problem(rng), min_per_commune=0)
    turn, n = rng.permutation(len(given_.demand)), len(given_.weight)
    halves = replace(
        given_,
        demand=np.concatenate([given_.demand[turn], given_.demand + n]),
        site=np.concatenate([given_.site[turn], given_.site]),
        walk_m=np.concatenate([given_.walk_m[turn], given_.walk_m]),
        weight=np.tile(given_.weight / 2, 2),
        today_m=np.tile(given_.today_m, 2),
    )
    assert solver(halves).objective == pytest.approx(solver(given_).objective)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"walk_m": np.empty(0)}, "0 walks for 9 pairs"),
        ({"today_m": np.empty(0)}, "0 walks of today"),
        ({"beyond_m": 0.0}, "beyond reach is 0 m"),
        ({"beyond_m": math.inf}, "beyond reach is inf m"),
        ({"today_m": np.array([1.0, np.nan, 1.0])}, "no walk of today that is NaN"),
    ],
)
def test_missing_walks_are_refused(change, message):
    with pytest.raises(ContractError, match=message):
        solve(replace(problem(LINE, [1, 1, 1]), **change))


@BOTH
def test_out_of_time_says_so(solver, obvious):
    """A plan is there, its bound holds, and it is not called proven."""
    rng = np.random.default_rng(3)
    far = np.round(np.hypot(*(rng.uniform(0, 3000, (200, 1, 2)) - rng.uniform(0, 3000, (1, 60, 2))).transpose(2, 0, 1)))
    given_ = problem(far.tolist(), rng.integers(1, 30, 200), p=8, beyond=1500.0)
    hasty, best = solver(given_, seconds=0.01), solver(given_)
    assert best.mip_gap == 0
    assert hasty.bound <= best.objective * (1 + 1e-9) <= hasty.objective * (1 + 2e-9)
    assert len(hasty.chosen) == 8
