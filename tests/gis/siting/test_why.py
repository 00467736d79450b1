"""Why not: each kind by hand, and the losses against brute force."""

from dataclasses import replace

import numpy as np
import plans
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.errors import Infeasible
from sanchoi.gis.siting import Problem, forced, reasons, solve


def children(given_, chosen):
    return float(sum(given_.weight[k] for k in plans.reached(given_, chosen)))


def town(sets, weight, cost, budget, **rules):
    demand = np.array([k for cover in sets for k in cover], dtype=np.int64)
    site = np.array([j for j, cover in enumerate(sets) for _ in cover], dtype=np.int64)
    return Problem(demand, site, np.array(weight, float), np.array(cost, float), budget, **rules)


def test_each_kind_by_hand():
    """0 and 1 are built. 2 is part of 0; 3 stands beside 1; 4 reaches nobody; 5 is too dear; 6 is forbidden; 7 has 2 children."""
    sets = [{0, 1}, {2, 3}, {0}, {4}, set(), {5}, {5}, {6}]
    given_ = town(
        sets,
        [5, 5, 5, 5, 3, 9, 2, 2],
        [1, 1, 1, 1, 1, 3, 1, 1],
        2.0,
        conflicts=np.array([[1, 3]]),
        forbidden=np.array([6]),
    )
    plan = solve(given_)
    assert plan.objective == 20
    found = reasons(given_, plan)
    assert [each.kind for each in found] == [
        "chosen",
        "chosen",
        "dominated",
        "conflict",
        "no_gain",
        "too_dear",
        "forbidden",
        "loses",
    ]
    assert (found[2].other, found[3].other) == (0, 1)
    assert {found[0].order, found[1].order} == {1, 2}
    # with 2 the plan keeps 0 or 1: 5 + 10 = 15 at best; with 3: 3 + 10; with 4: 10; with 7: 10 + 2
    assert [found[j].loss_at_most for j in (2, 3, 4, 7)] == [5, 7, 10, 8]
    assert np.isnan([found[j].loss_at_most for j in (5, 6)]).all()
    exact = forced(given_, plan, 7)
    assert (exact.loss_at_least, exact.loss_at_most) == (8, 8)
    assert forced(given_, plan, 0).kind == "chosen"
    with pytest.raises(Infeasible, match="forbidden"):
        forced(given_, plan, 6)
    with pytest.raises(Infeasible, match="cost 3, the budget is 2"):
        forced(given_, plan, 5)


def test_twins_name_the_first_and_lose_nothing():
    given_ = town([{0}, {0}], [4], [1, 1], 1.0)
    plan = solve(given_)
    found = reasons(given_, plan)
    other = 1 - int(plan.chosen[0])
    assert (found[other].loss_at_least, found[other].loss_at_most) == (0, 0)


@settings(deadline=None, max_examples=200)
@given(seed=st.integers(0, 2**32 - 1))
def test_losses_hold_the_true_one_between_them(seed):
    given_ = plans.random_problem(np.random.default_rng(seed))
    try:
        plan = solve(given_)
    except Infeasible:
        return
    for j, reason in enumerate(reasons(given_, plan)):
        with_it = replace(given_, fixed=np.union1d(given_.fixed, [j]).astype(np.int64))
        best = plans.brute(with_it, children, largest=True)
        if best is None:
            assert np.isnan(reason.loss_at_most)
            continue
        true = plan.objective - best
        assert not reason.loss_at_least > true + 1e-6
        assert not reason.loss_at_most < true - 1e-6
        if reason.kind == "chosen":
            assert true == pytest.approx(0)
        if j not in plan.chosen:
            exact = forced(given_, plan, j)
            assert exact.loss_at_least == pytest.approx(true, abs=1e-6)
            assert exact.loss_at_most == pytest.approx(true, abs=1e-6)
        if reason.kind == "dominated":
            other = reason.other
            assert given_.cost[other] <= given_.cost[j]
            assert plans.reached(given_, [j]) <= plans.reached(given_, [other])
        if reason.kind == "no_gain":
            assert not plans.reached(given_, [j])


@pytest.mark.parametrize("objective", ["p_median", "max_min", "capacitated"])
def test_other_objectives_have_reasons_and_exact_losses(objective):
    rng = np.random.default_rng(4)
    given_ = plans.random_problem(rng, candidates=6)
    given_ = replace(given_, fixed=given_.fixed[:0], forbidden=given_.forbidden[:0], min_per_commune=0)
    plan = solve(given_, objective)
    assert len(reasons(given_, plan, objective)) == 6
    for j in set(range(6)) - set(plan.chosen.tolist()):
        if given_.cost[j] <= given_.budget:
            exact = forced(given_, plan, j, objective)
            assert 0 <= exact.loss_at_least <= exact.loss_at_most
