"""Set covering: a textbook case, hand-made rules, and brute force on hundreds of small problems."""

import numpy as np
import plans
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.errors import Infeasible
from sanchoi.gis.siting import Problem
from sanchoi.gis.siting.cover_all import reduced, solve
from sanchoi.gis.siting.groups import group


def problem(sets, weight, cost=None, **rules):
    """Sets: for each candidate the demands it covers."""
    demand = np.array([k for cover in sets for k in sorted(cover)], dtype=np.int64)
    site = np.array([j for j, cover in enumerate(sets) for _ in cover], dtype=np.int64)
    cost = np.ones(len(sets)) if cost is None else np.array(cost, float)
    rules = {
        name: np.array(value, dtype=np.int64) if isinstance(value, list) else value for name, value in rules.items()
    }
    return Problem(demand, site, np.array(weight, float), cost, **{"budget": 1.0, **rules})


def test_kilroy_county():
    """Fire stations within 15 minutes of six cities: z = 2, x2 = x4 = 1 (Winston, Operations Research, 4th ed., section 9.2)."""
    minutes = [
        [0, 10, 20, 30, 30, 20],
        [10, 0, 25, 35, 20, 10],
        [20, 25, 0, 15, 30, 20],
        [30, 35, 15, 0, 15, 25],
        [30, 20, 30, 15, 0, 14],
        [20, 10, 20, 25, 14, 0],
    ]
    plan = solve(problem([{k for k in range(6) if row[k] <= 15} for row in minutes], [1] * 6))
    assert sorted(plan.chosen.tolist()) == [1, 3]
    assert (plan.objective, plan.bound, plan.mip_gap) == (2, 2, 0)
    assert (plan.sense, plan.unit) == ("min", "sites")
    assert plan.steps.tolist() == [1, 2]


def test_two_cheap_sites_beat_a_dear_one():
    sets = [{0, 1, 2, 3}, {0, 1}, {2, 3}]
    assert solve(problem(sets, [1] * 4, cost=[5e9, 2e9, 2e9])).objective == 4e9
    dear = solve(problem(sets, [1] * 4, cost=[3e9, 2e9, 2e9]))
    assert (dear.chosen.tolist(), dear.objective, dear.unit) == ([0], 3e9, "VND")


def test_the_budget_is_the_answer_and_no_rule():
    assert solve(problem([{0}, {1}], [1, 1], cost=[4, 5], budget=0.5)).objective == 9


def test_the_most_children_for_the_money_are_built_first():
    plan = solve(problem([{0}, {1}, {2}], [3, 40, 8], cost=[1, 10, 1]))
    assert plan.chosen.tolist() == [2, 1, 0]
    assert plan.steps.tolist() == [1, 11, 12]


def test_whom_nobody_reaches_is_left_and_told():
    given_ = problem([{0}, {1}], [5, 7, 11, 0], forbidden=[1])
    plan = solve(given_)
    assert plan.chosen.tolist() == [0]
    assert plan.unreachable == 7 + 11


def test_a_handful_of_children_is_not_rounded_away():
    """A hundred-millionth of a child for a milliard: still to be covered."""
    plan = solve(problem([{0}, {1}], [100, 1e-8], cost=[1e9, 1e9]))
    assert plan.objective == 2e9


def test_nothing_to_cover_costs_nothing():
    plan = solve(problem([{0}, {0}], [0.0]))
    assert (plan.chosen.tolist(), plan.objective, plan.mip_gap) == ([], 0, 0)


def test_fixed_sites_are_paid_for():
    plan = solve(problem([{0}, {0, 1}, set()], [1, 1], cost=[7, 5, 2], fixed=[0, 2]))
    assert sorted(plan.chosen.tolist()) == [0, 1, 2]
    assert plan.objective == 14


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"conflicts": [[0, 1]]}, "min_spacing_m or shared ground keeps 1 pairs"),
        ({"fixed": [2], "conflicts": [[1, 2]]}, "min_spacing_m"),
        ({"forbidden": [0, 1, 2]}, "every candidate is forbidden"),
    ],
)
def test_spacing_may_make_it_impossible(rules, message):
    with pytest.raises(Infeasible, match=message):
        solve(problem([{0}, {1}, {0}][: 2 + ("fixed" in rules or "forbidden" in rules)], [1, 1], **rules))


def test_only_what_bars_the_cover_is_named():
    """Sites 0 and 1 are both needed and stand too close; the fixed site and the forbidden one have no part in it."""
    with pytest.raises(
        Infeasible, match=r"keeps all rules: min_spacing_m or shared ground keeps 1 pairs of sites apart ·"
    ):
        solve(problem([{0}, {1}, set(), set()], [1, 1], conflicts=[[0, 1]], fixed=[2], forbidden=[3]))


def test_dominated_rows_and_candidates_are_dropped():
    """Demand 1 asks for {0, 1}, demand 0 for {0} alone: row 1 follows from row 0; then 1 and 2 cover nothing that 0 does not."""
    given_ = problem([{0, 1}, {1}, {0, 1}], [1, 1], cost=[1, 1, 2], forbidden=[])
    rows, sites = reduced(given_, group(given_).reach)
    assert len(rows) == 1
    assert sites.tolist() == [True, False, False]
    bound_ = problem([{0, 1}, {1}, {0, 1}], [1, 1], cost=[1, 1, 2], conflicts=[[0, 1]])
    assert reduced(bound_, group(bound_).reach)[1].tolist() == [True, False, True]


@settings(deadline=None, max_examples=150)
@given(seed=st.integers(0, 2**32 - 1))
def test_equals_brute_force(seed):
    given_ = plans.random_problem(np.random.default_rng(seed))
    best = plans.brute(given_, plans.price, largest=False, budget=False)
    if best is None:
        with pytest.raises(Infeasible, match="keeps all rules"):
            solve(given_)
        return
    plan = solve(given_)
    assert plan.objective == pytest.approx(best)
    assert (plan.bound, plan.mip_gap) == (plan.objective, 0)
    assert plans.price(given_, plan.chosen.tolist()) == pytest.approx(best)
    assert plans.keeps(given_, plan.chosen.tolist(), budget=False)
    assert plan.steps.tolist() == pytest.approx(np.cumsum(given_.cost[plan.chosen]).tolist())


def test_progress_is_told_in_order():
    told = []
    solve(problem([{0}, {1}], [1, 1]), progress=lambda stage, share: told.append((stage, share)))
    assert [stage for stage, _ in told] == ["reduce", "solve"]
    assert [share for _, share in told] == sorted(share for _, share in told)
