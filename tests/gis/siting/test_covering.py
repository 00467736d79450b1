"""Maximal covering: brute force on hundreds of small problems with all rules mixed, hand-made ones, and the proof."""

from dataclasses import replace

import numpy as np
import plans
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.errors import Infeasible, StudyError
from sanchoi.gis.siting import Problem, covering, solve
from sanchoi.gis.siting.bound import bounded, ceiling
from sanchoi.gis.siting.groups import group
from sanchoi.gis.siting.limits import Limits
from sanchoi.gis.siting.rules import check, kept
from sanchoi.gis.siting.start import first_plan, greedy
from sanchoi.gis.siting.swap import improve
from sanchoi.gis.siting.walks import Shorter

NONE = np.empty((0, 2), dtype=np.int64)
SEEDS = st.integers(0, 2**32 - 1)


def problem(sets, weight, cost=None, budget=1.0, conflicts=NONE, **rules):
    """sets: for each candidate the demands it covers."""
    demand = np.array([k for cover in sets for k in cover], dtype=np.int64)
    site = np.array([j for j, cover in enumerate(sets) for _ in cover], dtype=np.int64)
    cost = np.ones(len(sets)) if cost is None else np.array(cost, float)
    pairs = np.array(conflicts, dtype=np.int64).reshape(-1, 2)
    rules = {
        name: np.array(value, dtype=np.int64) if name != "min_per_commune" else value for name, value in rules.items()
    }
    return Problem(demand, site, np.array(weight, float), cost, budget, pairs, **rules)


def children(given_, chosen):
    return float(sum(given_.weight[k] for k in plans.reached(given_, chosen)))


def clusters(seed, demands=300, sites=60, budget=8.0, money=False):
    """Demands and sites around a few centres: large enough for every stage to have work to do."""
    rng = np.random.default_rng(seed)
    centre = rng.uniform(0, 10, (6, 2))
    cells = centre[rng.integers(0, 6, demands)] + rng.normal(0, 0.8, (demands, 2))
    places = centre[rng.integers(0, 6, sites)] + rng.normal(0, 0.8, (sites, 2))
    far = np.abs(cells[:, None] - places[None]).sum(axis=2)
    demand, site = np.nonzero(far < 0.7)
    cost = rng.integers(1, 9, sites).astype(float) if money else np.ones(sites)
    return Problem(demand, site, rng.gamma(1.0, 5.0, demands), cost, budget)


def test_greedy_alone_would_be_wrong():
    """The large set first leaves 2 of 6 uncovered; the two others cover all (the classic case of Church & ReVelle's greedy)."""
    given_ = problem([{0, 1, 2, 3}, {0, 1, 4}, {2, 3, 5}], [1] * 6, budget=2)
    plan = solve(given_)
    assert sorted(plan.chosen.tolist()) == [1, 2]
    assert (plan.objective, plan.bound, plan.mip_gap) == (6, 6, 0)
    assert plan.steps.tolist() == [3, 6]
    assert (plan.sense, plan.unit, plan.seed) == ("max", "children", 0)
    assert plan.solver.startswith("HiGHS ")
    assert 0 in greedy(given_, Limits.of(given_), Shorter(group(given_).walks())).tolist()


def test_money_buys_the_better_pair():
    """One dear site with 10 children, two cheap ones with 6 each."""
    dear = [set(range(10)), set(range(10, 16)), set(range(16, 22))]
    assert solve(problem(dear, [1] * 22, cost=[4, 2, 2], budget=4)).objective == 12
    assert solve(problem(dear, [1] * 22, cost=[3, 2, 2], budget=3)).objective == 10


@pytest.mark.parametrize(("budget", "worth"), [(4.0, 12), (3.999999, 6), (4.000001, 12)])
def test_the_budget_is_kept_to_the_last_dong(budget, worth):
    """Two sites of 2 thousand million, budgets just below, at and just above their sum."""
    given_ = problem([set(range(6)), set(range(6, 12))], [1] * 12, cost=[2e9, 2e9], budget=budget * 1e9)
    assert solve(given_).objective == worth


def test_sites_that_stand_too_close_exclude_each_other():
    assert solve(problem([{0, 1}, {2, 3}, {4}], [1] * 5, budget=2, conflicts=[(0, 1)])).objective == 3


def test_a_fixed_site_is_built_though_it_adds_nothing_and_a_forbidden_one_is_not():
    given_ = problem([set(), {0, 1}, {0, 1, 2}], [1] * 3, budget=2, fixed=[0], forbidden=[2])
    plan = solve(given_)
    assert sorted(plan.chosen.tolist()) == [0, 1]
    assert plan.chosen.tolist() == [1, 0]
    assert plan.steps.tolist() == [2, 2]


def test_each_commune_gets_its_site_where_it_has_one():
    """Commune 1 has 1 child, commune 0 has 9; with two sites the second would go to commune 0 too. Commune 2 has no candidate."""
    given_ = problem([{0}, {1}, {2}], [5, 4, 1], budget=2, commune=[0, 0, 1], min_per_commune=1)
    assert sorted(solve(given_).chosen.tolist()) == [0, 2]
    assert sorted(solve(replace(given_, min_per_commune=0)).chosen.tolist()) == [0, 1]
    assert sorted(solve(replace(given_, min_per_commune=2, budget=2)).chosen.tolist()) == [0, 1]


def test_a_site_that_adds_nothing_is_not_built():
    plan = solve(problem([{0}, {0}, {0}], [5], budget=3))
    assert len(plan.chosen) == 1
    assert plan.objective == 5


def test_nothing_to_gain_is_an_empty_plan():
    plan = solve(problem([set(), set()], [1.0], budget=1))
    assert plan.chosen.tolist() == []
    assert (plan.objective, plan.mip_gap) == (0, 0)


def test_a_site_that_costs_nothing_is_always_taken():
    assert solve(problem([{0}, {1}], [3, 4], cost=[0, 5], budget=0.0)).objective == 3
    assert solve(problem([{0}, {1}], [3, 4], cost=[0, 5], budget=5.0)).objective == 7


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        (problem([], []), "no candidate"),
        (problem([{0}], [1], cost=[5], budget=4.99), "below the cheapest site"),
        (problem([{0}, {0}], [1], cost=[1, 5], budget=4, forbidden=[0]), "below the cheapest site"),
        (problem([{0}], [1], forbidden=[0]), "every candidate is forbidden"),
        (problem([{0}, {0}], [1], cost=[2, 3], budget=4, fixed=[0, 1]), "cost 5, the budget is 4"),
        (problem([{0}, {0}], [1], fixed=[1], forbidden=[1]), "both fixed and forbidden"),
        (problem([{0}, {0}], [1], budget=2, fixed=[0, 1], conflicts=[(0, 1)]), "too close"),
        (problem([{0}], [1], fixed=[1]), "fixed holds position 1"),
        (problem([{0}], [1], forbidden=[-1]), "forbidden holds position -1"),
        (problem([{1}], [1]), "demand holds position 1"),
        (problem([{0}], [1], cost=[-1]), "costs -1"),
        (problem([{0}], [1], cost=[np.nan]), "costs nan"),
        (problem([{0}], [1], budget=np.nan), "not a number"),
        (problem([{0}], [1], min_per_commune=1), "0 of 1 candidates have a commune"),
    ],
)
def test_what_is_plainly_impossible_is_said_without_solving(given_, message):
    with pytest.raises(Infeasible, match=message):
        check(given_)


def test_an_objective_that_is_not_there():
    with pytest.raises(StudyError, match="one of cover, cover_all"):
        solve(problem([{0}], [1]), "coverr")


@settings(deadline=None, max_examples=400)
@given(seed=SEEDS)
def test_equals_brute_force_with_all_rules_mixed(seed):
    given_ = plans.random_problem(np.random.default_rng(seed), candidates=None)
    best = plans.brute(given_, children, largest=True)
    if best is None:
        with pytest.raises(Infeasible):
            solve(given_)
        return
    plan = solve(given_)
    assert plan.objective == pytest.approx(best)
    assert plan.bound == pytest.approx(best)
    assert plan.mip_gap == 0
    assert plan.objective == pytest.approx(children(given_, plan.chosen.tolist()))
    assert plans.keeps(given_, plan.chosen.tolist())
    assert plan.steps.tolist() == pytest.approx(
        [children(given_, plan.chosen[: n + 1].tolist()) for n in range(len(plan.chosen))]
    )


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS, money=st.booleans())
def test_equals_the_plain_model_where_every_stage_has_work(seed, money):
    """The whole model in one call to a solver, with nothing merged, priced out or started."""
    import scipy.optimize

    given_ = clusters(seed, money=money, budget=20.0 if money else 8.0)
    m, n = len(given_.cost), len(given_.weight)
    reach = np.zeros((n, m))
    reach[given_.demand, given_.site] = 1
    rows = np.vstack([np.hstack([reach, -np.eye(n)]), np.concatenate([given_.cost, np.zeros(n)])[None]])
    low, high = np.concatenate([np.zeros(n), [-np.inf]]), np.concatenate([np.full(n, np.inf), [given_.budget]])
    plain = scipy.optimize.milp(
        np.concatenate([np.zeros(m), -given_.weight]),
        constraints=scipy.optimize.LinearConstraint(rows, low, high),
        integrality=np.arange(m + n) < m,
        bounds=scipy.optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    plan = solve(given_)
    assert plan.objective == pytest.approx(-plain.fun, rel=1e-6)
    assert plan.mip_gap == 0


@settings(deadline=None, max_examples=100)
@given(seed=SEEDS)
def test_the_start_keeps_the_rules_and_exchanges_never_lose(seed):
    given_ = plans.random_problem(np.random.default_rng(seed))
    cover, limits = group(given_).walks(), Limits.of(given_)
    try:
        check(given_)
    except Infeasible:
        return
    first = greedy(given_, limits, Shorter(cover))
    if first is None:
        return
    better = improve(limits, cover, first)
    assert plans.keeps(given_, first.tolist())
    assert plans.keeps(given_, better.tolist())
    assert children(given_, better.tolist()) >= children(given_, first.tolist()) - 1e-9


@settings(deadline=None, max_examples=100)
@given(seed=SEEDS)
def test_a_settled_candidate_is_in_no_better_plan(seed):
    """Every plan better than the one at hand holds all that is sure and nothing that is closed; no plan is above the ceilings."""
    given_ = plans.random_problem(np.random.default_rng(seed))
    cover, limits = group(given_).walks(), Limits.of(given_)
    try:
        check(given_)
    except Infeasible:
        return
    state = bounded(given_, cover, limits, first_plan(given_, limits, cover), 1.0)
    chosen = np.empty(0, dtype=np.int64) if state.best is None else state.best
    top = ceiling(given_, cover, limits, chosen, 1.0)
    for plan in plans.plans(given_):
        worth = children(given_, plan)
        assert worth <= state.bound + 1e-6
        assert all(worth <= top[j] + 1e-6 for j in plan)
        if worth > state.worth + 1e-6:
            assert state.open_[list(plan)].all()
            assert set(np.flatnonzero(state.sure).tolist()) <= set(plan)


def test_a_run_out_of_time_does_not_claim_a_proof():
    given_ = clusters(3, demands=3000, sites=400, budget=15.0)
    proven = solve(given_)
    hurried = solve(given_, seconds=1e-6)
    assert hurried.objective <= proven.objective + 1e-6 <= hurried.bound + 2e-6
    assert hurried.mip_gap > 0
    assert kept(given_, hurried.chosen)


def test_what_is_done_is_told():
    told = []
    solve(clusters(1), progress=lambda stage, share: told.append((stage, share)))
    assert [stage for stage, _ in told][:2] == ["merge", "start"]
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1] == ("done", 1.0)


@settings(deadline=None, max_examples=20)
@given(seed=SEEDS)
def test_shuffled_rows_split_demands_and_split_sites_change_nothing(seed):
    rng = np.random.default_rng(seed)
    given_ = clusters(seed, demands=100, sites=30, budget=5.0)
    best = solve(given_).objective
    turned, mixed = rng.permutation(30), rng.permutation(100)
    pairs = rng.permutation(len(given_.demand))
    weight = np.empty(100)
    weight[mixed] = given_.weight
    other = Problem(mixed[given_.demand][pairs], turned[given_.site][pairs], weight, given_.cost, 5.0)
    assert solve(other).objective == pytest.approx(best)
    twice = replace(
        given_,
        demand=np.concatenate([given_.demand, given_.demand + 100]),
        site=np.concatenate([given_.site, given_.site]),
        weight=np.concatenate([given_.weight / 2, given_.weight / 2]),
    )
    assert solve(twice).objective == pytest.approx(best)
    one_more = replace(
        given_,
        demand=np.concatenate([given_.demand, given_.demand[given_.site == 0]]),
        site=np.concatenate([given_.site, np.full((given_.site == 0).sum(), 30)]),
        cost=np.ones(31),
    )
    assert solve(one_more).objective == pytest.approx(best)


def test_the_same_problem_gives_the_same_plan():
    one, two = solve(clusters(5)), solve(clusters(5))
    assert one.chosen.tolist() == two.chosen.tolist()
    assert covering.solve(clusters(5), first=one.chosen).objective == pytest.approx(one.objective)
