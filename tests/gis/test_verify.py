"""The verifier: agrees with every objective on random towns, and sees each kind of breach in a plan that was tampered with."""

import copy
import itertools
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import plans
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sanchoi.gis.errors import Infeasible
from sanchoi.gis.siting import capacitated, cover_all, covering, max_min, pmedian
from sanchoi.gis.verify import verify

CRS = "EPSG:32648"
SIDE_M = 10.0
ORIGIN = np.array([800_000.0, 1_740_000.0])

OBJECTIVES = {
    "cover": (covering.solve, lambda each, chosen: sum(each.weight[k] for k in plans.reached(each, chosen))),
    "cover_all": (cover_all.solve, plans.price),
    "p_median": (pmedian.solve, plans.mean_walk),
    "kolm_pollak": (pmedian.kolm_pollak, plans.ede),
    "max_min": (max_min.solve, plans.smallest),
    "capacitated": (capacitated.solve, plans.served),
}


def tables(town, places, plan):
    """The tables of a result whose problem and plan these are: each demand lives on its own cell."""
    n, m = len(town.weight), len(town.cost)
    near = dict(zip(zip(town.demand.tolist(), town.site.tolist(), strict=True), town.walk_m.tolist(), strict=True))
    bands = [f"{each:g}" for each in town.m2_per_child]
    limit = [plans.LIMITS_M[each] for each in town.m2_per_child]
    cells = [(f"k{k}", f"c{town.home[k]}", bands[k], town.weight[k], False) for k in range(n)]
    cells += [(f"done{c}", f"c{c}", "1", count, True) for c, count in enumerate(town.covered)]
    frame = pd.DataFrame(cells, columns=["cell_id", "commune_id", "band", "children", "covered"])
    today = [*np.where(np.isinf(town.today_m), np.nan, town.today_m), *([50.0] * len(town.covered))]
    squares = [shapely.box(0, 0, SIDE_M, SIDE_M)] * m
    shapes = [shapely.affinity.translate(s, *(at + ORIGIN)) for s, at in zip(squares, places, strict=True)]
    ids = [f"p{j}" for j in range(m)]
    chosen = plan.chosen.tolist()
    covered = [sum(town.weight[k] for k in plans.reached(town, chosen[: at + 1])) for at in range(len(chosen))]
    cost = town.cost[plan.chosen]
    return {
        "cells": frame[["cell_id", "commune_id"]].assign(walk_m=today),
        "cell_bands": frame.astype({"covered": "boolean"}),
        "parcels": pd.DataFrame(
            {
                "parcel_id": [*ids, "x"],
                "verdict": ["eligible", *["conditional"] * (m - 1), "excluded"],
                "cost": [*town.cost, 1.0],
                "usable_m2": [*town.ground_m2, 500.0],
                "commune_id": [*(None if c < 0 else f"c{c}" for c in town.commune), None],
            }
        ),
        "usable": gpd.GeoDataFrame({"parcel_id": ids}, geometry=shapes, crs=CRS).to_crs("EPSG:4326"),
        "walks": pd.DataFrame(
            [
                (f"k{k}", f"c{town.home[k]}", f"p{j}", near.get((k, j), limit[k] + 1.0))
                for k, j in itertools.product(range(n), range(m))
            ],
            columns=["cell_id", "commune_id", "parcel_id", "walk_m"],
        ),
        "parcel_limits": pd.DataFrame(
            [(i, f"{m2:g}", limit_m) for i, (m2, limit_m) in itertools.product([*ids, "x"], plans.LIMITS_M.items())],
            columns=["parcel_id", "band", "limit_m"],
        ),
        "sites": pd.DataFrame(
            {
                "parcel_id": [ids[j] for j in chosen],
                "build_order": np.arange(1, len(chosen) + 1),
                "cost": cost,
                "cost_total": np.cumsum(cost),
                "children_gained": np.diff([0.0, *covered]),
                "children_total": covered,
                "objective_total": plan.steps,
            }
        ),
    }


def record(town, plan, objective):
    """What run.json says of it."""
    money = bool((town.cost != 1).any())
    return {
        "study": {"crs": CRS},
        "siting": {
            "objective": objective,
            "sense": plan.sense,
            "unit": plan.unit,
            "incumbent": plan.objective,
            "bound": plan.bound,
            "mip_gap": plan.mip_gap,
            "proven": plan.mip_gap == 0,
            "by_need": False,
            "rules": {
                "budget": town.budget if money else None,
                "count": None if money else int(town.budget),
                "money": money,
                "min_spacing_m": plans.SPACING_M - SIDE_M * math.sqrt(2) if len(town.conflicts) else 0.0,
                "min_per_commune": town.min_per_commune,
                "fixed": [f"p{j}" for j in town.fixed],
                "forbidden": [f"p{j}" for j in town.forbidden],
                "conditional": True,
                "beyond_m": town.beyond_m,
                "m2_per_child": {f"{each:g}": each for each in plans.LIMITS_M},
            },
        },
    }


@pytest.mark.parametrize("objective", OBJECTIVES)
@settings(deadline=None, max_examples=60)
@example(seed=249)  # two squares that stand cornerwise
@given(seed=st.integers(0, 2**32 - 1))
def test_agrees_with_every_objective(objective, seed):
    town, places = plans.random_town(np.random.default_rng(seed))
    solve, obvious = OBJECTIVES[objective]
    try:
        plan = solve(town)
    except Infeasible:
        return
    seen = verify(tables(town, places, plan), record(town, plan, objective))
    assert seen.breaches == ()
    assert seen.holds
    assert seen.objective == pytest.approx(plan.objective)
    assert seen.objective == pytest.approx(obvious(town, plan.chosen.tolist()))
    assert list(seen.steps) == pytest.approx(plan.steps.tolist())
    assert seen.cost == pytest.approx(town.cost[plan.chosen].sum())


@pytest.mark.parametrize("objective", ["capacitated", "max_min", "kolm_pollak", "p_median", "cover"])
@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32 - 1))
def test_agrees_on_plans_that_are_not_the_best(objective, seed):
    """Any set of sites, however bad, in any order."""
    rng = np.random.default_rng(seed)
    town, places = plans.random_town(rng)
    if objective == "max_min" and not plans.shares(town, ()):
        return
    obvious = OBJECTIVES[objective][1]
    chosen = rng.permutation(len(town.cost))[: int(rng.integers(0, len(town.cost) + 1))]
    steps = np.array([obvious(town, chosen[: at + 1].tolist()) for at in range(len(chosen))])
    value = obvious(town, chosen.tolist())
    sense = "min" if objective in ("kolm_pollak", "p_median") else "max"
    plan = covering.Plan(chosen, steps, value, value, 0.0, "none", sense)
    seen = verify(tables(town, places, plan), record(town, plan, objective))
    assert seen.objective == pytest.approx(value)
    assert list(seen.steps) == pytest.approx(steps.tolist())


def made(objective="cover"):
    """Three sites on a road, 200 m from one to the next; site 1 may not be left out, 2 reaches most; two are built."""
    town = plans.Problem(
        demand=np.array([0, 1, 2, 3]),
        site=np.array([0, 1, 2, 2]),
        weight=np.array([5.0, 6.0, 7.0, 8.0]),
        cost=np.array([2.0, 3.0, 4.0]),
        budget=7.0,
        walk_m=np.array([10.0, 20.0, 30.0, 40.0]),
        today_m=np.full(4, np.inf),
        beyond_m=900.0,
        commune=np.array([0, 0, 1]),
        fixed=np.array([1]),
        forbidden=np.empty(0, dtype=np.int64),
        home=np.array([0, 0, 1, 1]),
        children=np.array([21.0, 20.0]),
        covered=np.array([10.0, 5.0]),
        ground_m2=np.array([100.0, 100.0, 100.0]),
        m2_per_child=np.array([1.0, 1.0, 2.0, 3.5]),
    )
    chosen = np.array([2, 1])
    obvious = OBJECTIVES[objective][1]
    steps = np.array([obvious(town, [2]), obvious(town, [2, 1])])
    plan = covering.Plan(chosen, steps, float(steps[-1]), float(steps[-1]), 0.0, "none")
    places = np.array([[0.0, 0.0], [200.0, 0.0], [400.0, 0.0]])
    return tables(town, places, plan), record(town, plan, objective)


def test_a_plan_by_hand():
    """15 children, then 6 more, for 4 + 3 VND. Shares: (10 + 6) ÷ 21 and (5 + 15) ÷ 20."""
    seen = verify(*made())
    assert (seen.objective, seen.steps, seen.children, seen.cost, seen.breaches) == (21, (15, 21), (15, 21), 7, ())
    assert verify(*made("max_min")).objective == pytest.approx(16 / 21)
    assert verify(*made("p_median")).objective == pytest.approx((5 * 900 + 6 * 20 + 7 * 30 + 8 * 40) / 26)
    assert verify(*made("capacitated")).objective == pytest.approx(21)


def swap(parcel, other):
    def change(found, run):
        found["sites"]["parcel_id"] = found["sites"]["parcel_id"].replace(parcel, other)

    return change


def rule(name, value):
    return lambda found, run: run["siting"]["rules"].__setitem__(name, value)


def told(name, value):
    return lambda found, run: run["siting"].__setitem__(name, value)


def cell(table, column, row, value):
    def change(found, run):
        found[table][column] = found[table][column].astype(object if isinstance(value, str) else float)
        found[table].loc[row, column] = value

    return change


def east(parcel, metres):
    """Put the usable piece of a parcel so far east of where it lies."""

    def change(found, run):
        at = found["usable"]["parcel_id"] == parcel
        moved = found["usable"].to_crs(CRS)
        moved.loc[at, "geometry"] = moved.geometry[at].translate(metres)
        found["usable"] = moved.to_crs("EPSG:4326")

    return change


TAMPERED = {
    "budget": (rule("budget", 6.99), "the sites cost 7 VND, the budget is 6.99 VND"),
    "count": (rule("count", 1), "2 sites are chosen, at most 1 may be"),
    "excluded": (swap("p2", "x"), "site x is excluded"),
    "unknown": (swap("p2", "p9"), "site p9 is no parcel of the study"),
    "twice": (swap("p1", "p2"), "site p2 stands twice in the plan"),
    "fixed": (swap("p1", "p0"), "fixed parcel p1 is not in the plan"),
    "forbidden": (rule("forbidden", ["p2"]), "site p2 is forbidden"),
    "conditional": (rule("conditional", False), "site p2 is conditional, and conditional parcels may not be chosen"),
    "spacing": (rule("min_spacing_m", 191), "sites p1 and p2 are 190.0 m apart, at least 191 m are asked for"),
    "ground": (east("p1", 194.0), "sites p1 and p2 stand on the same 40.0 m² of ground"),
    "commune": (rule("min_per_commune", 2), "commune c0 has 1 sites, at least 2 are asked for"),
    "incumbent": (told("incumbent", 21.001), "the plan is worth 21, 21.001 is claimed"),
    "walk": (cell("walks", "walk_m", 11, 701.0), "the plan is worth 13, 21 is claimed"),
    "bound": (told("bound", 20.9), "the bound 20.9 is below what the plan reaches, 21"),
    "gap": (told("bound", 42.0), "the gap between plan and bound is 1, 0 is claimed"),
    "proven": (told("bound", 42.0), "the plan is called proven with a gap of 1"),
    "cost": (cell("sites", "cost", 0, 3.0), "site p2: cost is 3, the tables give 4"),
    "cost_total": (cell("sites", "cost_total", 1, 8.0), "site p1: cost_total is 8, the tables give 7"),
    "no cost": (cell("parcels", "cost", 2, math.nan), "site p2 has no cost, and there is a budget"),
    "children": (cell("sites", "children_total", 1, 22.0), "site p1: children_total is 22, the tables give 21"),
    "gained": (cell("sites", "children_gained", 1, 7.0), "site p1: children_gained is 7, the tables give 6"),
    "steps": (cell("sites", "objective_total", 0, 16.0), "site p2: objective_total is 16, the tables give 15"),
    "order": (cell("sites", "build_order", 1, 3), "the build order is [1, 3], not 1 to 2"),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_every_breach_is_seen(kind):
    change, sentence = TAMPERED[kind]
    found, run = copy.deepcopy(made())
    change(found, run)
    assert sentence in verify(found, run).breaches


@pytest.mark.parametrize(
    "change", [rule("budget", 7.0), rule("count", 2), rule("min_spacing_m", 190.0), told("incumbent", 21.00001)]
)
def test_exactly_at_the_limit_is_kept(change):
    found, run = copy.deepcopy(made())
    change(found, run)
    assert verify(found, run).breaches == ()


@pytest.mark.parametrize(("metres", "holds"), [(190.0, True), (190.1, True), (190.11, False), (200.0, False)])
def test_no_ground_is_used_twice(metres, holds):
    """Squares of 10 m, 190 m apart: side by side, with 1 m² in common, 1.1 m², and one upon the other."""
    found, run = copy.deepcopy(made())
    east("p1", metres)(found, run)
    assert verify(found, run).holds is holds


def test_ground_that_nobody_builds_on_may_be_shared():
    """p0 lies on p1 and is not chosen."""
    found, run = copy.deepcopy(made())
    east("p0", 200.0)(found, run)
    assert verify(found, run).breaches == ()


def test_ground_whose_outline_crosses_itself_is_measured():
    """A change of CRS can cross what only touched."""
    found, run = copy.deepcopy(made())
    pieces = found["usable"].to_crs(CRS)
    x, y = pieces.geometry[pieces["parcel_id"] == "p2"].iloc[0].bounds[:2]
    for parcel, corners in (
        ("p2", [(0, 0), (10, 10), (10, 0), (0, 10)]),
        ("p1", [(1, 1), (9, 9), (9, 2), (1, 8.5)]),
    ):
        pieces.loc[pieces["parcel_id"] == parcel, "geometry"] = shapely.Polygon([(x + a, y + b) for a, b in corners])
    found["usable"] = pieces.to_crs("EPSG:4326")
    (told,) = verify(found, run).breaches
    assert told.startswith("sites p1 and p2 stand on the same ")


def test_a_site_without_ground_is_told():
    found, run = copy.deepcopy(made())
    found["usable"] = found["usable"][found["usable"]["parcel_id"] != "p2"]
    assert verify(found, run).breaches == ("site p2 has no usable piece",)


@pytest.mark.parametrize("bound", [346.0, 198.0])
def test_less_is_better_turns_the_bound_round(bound):
    found, run = made("p_median")
    value = verify(found, run).objective
    run["siting"] |= {"bound": bound, "mip_gap": abs(bound - value) / value, "proven": False}
    assert [each.startswith(f"the bound {bound:g} is above") for each in verify(found, run).breaches] == [True] * (
        bound > value
    )


def test_children_left_over_break_a_set_cover():
    """Candidate 0 reaches 5 children that the plan leaves."""
    found, run = made("cover")
    run["siting"] |= {"objective": "cover_all", "unit": "VND", "incumbent": 7.0, "bound": 7.0}
    found["sites"]["objective_total"] = [4.0, 7.0]
    assert verify(found, run).breaches == ("5 children are left whom a candidate could reach",)
    run["siting"]["rules"]["forbidden"] = ["p0"]
    assert verify(found, run).breaches == ()


def test_unknown_coverage_is_nobodys_lack():
    """A cell whose coverage is unknown is not wanted, unless sites are chosen by need, where all children are."""
    found, run = made()
    found["cell_bands"].loc[3, "covered"] = pd.NA
    assert verify(found, run).objective == 13
    run["siting"]["by_need"] = True
    assert verify(found, run).objective == 21


def test_at_exactly_the_walking_limit_a_child_is_covered():
    found, run = made()
    for walk, worth in ((700.0, 21), (700.001, 13)):
        found["walks"].loc[11, "walk_m"] = walk
        assert verify(found, run).objective == worth


def test_an_empty_plan_is_worth_what_there_is_today():
    found, run = made("p_median")
    found["sites"] = found["sites"].iloc[:0]
    run["siting"]["rules"]["fixed"] = []
    run["siting"] |= {"incumbent": 900.0, "bound": 900.0}
    seen = verify(found, run)
    assert (seen.objective, seen.steps, seen.cost, seen.breaches) == (900, (), 0, ())
