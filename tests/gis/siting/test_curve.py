"""Budget curve: each row a plan with its bound, never falling."""

import numpy as np
import plans
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.errors import Infeasible
from sanchoi.gis.siting import Problem, curve, solve
from sanchoi.gis.siting.curve import COLUMNS, budgets


def children(given_, chosen):
    return float(sum(given_.weight[k] for k in plans.reached(given_, chosen)))


def row(cost, budget, fixed=()):
    """Sites in a row, site j alone reaches j + 1 children."""
    at = np.arange(len(cost))
    return Problem(at, at, at + 1.0, np.array(cost, float), budget, fixed=np.array(fixed, dtype=np.int64))


def test_count_of_sites_by_hand():
    """Sites with 1, 2, 3, 4 children: the best one, two, three."""
    given_ = row([1, 1, 1, 1], 3.0)
    table = curve(given_, solve(given_), 3)
    assert tuple(table.columns) == COLUMNS
    assert table["budget"].tolist() == [0, 1, 2, 3]
    assert table["sites"].tolist() == [0, 1, 2, 3]
    assert table["value"].tolist() == [0, 4, 7, 9]
    assert table["bound"].tolist() == [0, 4, 7, 9]
    assert table["cost"].tolist() == [0, 1, 2, 3]
    assert (table["mip_gap"] == 0).all()


def test_the_steps_are_equal_and_end_at_the_budget_or_where_all_sites_are_paid():
    assert budgets(row([5, 5], 8.0), 4).tolist() == [0, 2, 4, 6, 8]
    assert budgets(row([2, 2], 8.0), 4).tolist() == [0, 1, 2, 3, 4]
    assert budgets(row([1] * 9, 3.0), 10).tolist() == [0, 1, 2, 3]
    assert budgets(row([2, 3], np.inf), 5).tolist() == [0, 1, 2, 3, 4, 5]


def test_money_that_does_not_pay_for_what_is_fixed_has_no_row():
    given_ = row([3, 3, 3], 9.0, fixed=[0])
    table = curve(given_, solve(given_), 3)
    assert table["budget"].tolist() == [3, 6, 9]
    assert table["value"].tolist() == [1, 4, 6]


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32 - 1))
def test_every_row_equals_brute_force(seed):
    from dataclasses import replace

    given_ = plans.random_problem(np.random.default_rng(seed))
    try:
        plan = solve(given_)
    except Infeasible:
        return
    table = curve(given_, plan, 4)
    for each in table.itertuples():
        best = plans.brute(replace(given_, budget=each.budget), children, largest=True)
        assert each.value == pytest.approx(best)
        assert each.bound == pytest.approx(best)
        assert each.cost <= each.budget + 1e-9
    assert table["value"].is_monotonic_increasing
    assert table["value"].iloc[-1] == pytest.approx(plan.objective)
    assert table["budget"].is_monotonic_increasing


def test_without_time_the_rows_are_still_true():
    rng = np.random.default_rng(0)
    reach = rng.random((400, 80)) < 0.05
    demand, site = np.nonzero(reach)
    given_ = Problem(demand, site, rng.uniform(0, 9, 400), rng.integers(1, 9, 80).astype(float), 60.0)
    plan = solve(given_)
    hurried, whole = curve(given_, plan, 6, seconds=1e-6), curve(given_, plan, 6)
    assert (hurried["value"] <= whole["value"] + 1e-6).all()
    assert (hurried["bound"] >= whole["value"] - 1e-6).all()
    assert hurried["value"].is_monotonic_increasing
    assert hurried["bound"].is_monotonic_increasing
