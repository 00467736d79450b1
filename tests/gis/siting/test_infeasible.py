"""Infeasible: the rule that binds is named, and the money that is missing."""

from dataclasses import replace

import numpy as np
import plans
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.errors import Infeasible
from sanchoi.gis.siting import Problem, solve
from sanchoi.gis.siting.infeasible import cheapest, explained


def town(**rules):
    """Four sites of 1, 2, 3, 4 in two communes; each reaches a child of its own."""
    at = np.arange(4)
    basis = Problem(at, at, np.ones(4), np.array([1.0, 2.0, 3.0, 4.0]), 10.0, commune=np.array([0, 0, 1, 1]))
    return replace(basis, **rules)


def test_the_budget_that_the_communes_ask_for():
    """One site each: 1 + 3 = 4."""
    with pytest.raises(Infeasible) as caught:
        solve(town(min_per_commune=1, budget=3.0))
    assert "the budget of 3 is 1 too small" in str(caught.value)
    assert "min_per_commune asks for 1 sites in 2 communes" in str(caught.value)
    assert "raise [siting] budget to 4" in caught.value.todo
    assert sorted(solve(town(min_per_commune=1, budget=4.0)).chosen.tolist()) == [0, 2]


def test_spacing_against_the_communes():
    """Both sites of each commune are asked for and stand too close."""
    pairs = np.array([[0, 1]])
    with pytest.raises(Infeasible) as caught:
        solve(town(min_per_commune=2, conflicts=pairs))
    assert "min_spacing_m or shared ground keeps 1 pairs" in str(caught.value)
    assert "min_per_commune asks for 2" in str(caught.value)
    assert "budget" not in caught.value.came


def test_a_fixed_site_that_bars_a_commune():
    """Site 0 stands too close to both sites of commune 1."""
    pairs = np.array([[0, 2], [0, 3]])
    with pytest.raises(Infeasible) as caught:
        solve(town(min_per_commune=1, conflicts=pairs, fixed=np.array([0])))
    assert "1 sites are fixed" in str(caught.value)


def test_what_is_not_to_blame_is_not_named():
    """Site 3 is fixed, sites 0 and 1 stand too close, both are asked for: money would not help, nor would site 3 free."""
    error = explained(town(min_per_commune=2, conflicts=np.array([[0, 1]]), budget=10.0, fixed=np.array([3])))
    assert "min_per_commune" in error.came
    assert "min_spacing_m" in error.came
    assert "budget" not in error.came
    assert "fixed" not in error.came


@settings(deadline=None, max_examples=150)
@given(seed=st.integers(0, 2**32 - 1))
def test_least_money_equals_brute_force(seed):
    given_ = plans.random_problem(np.random.default_rng(seed))
    least = plans.brute(given_, lambda p, chosen: float(sum(p.cost[j] for j in chosen)), largest=False, budget=False)
    assert cheapest(given_) == (None if least is None else pytest.approx(least))
