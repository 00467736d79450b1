"""Instances of the literature with a known optimum, each with its citation; the data stand in tests/published/ or here."""

import itertools

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sanchoi.gis.siting import Problem, solve
from shared import ROOT

PUBLISHED = ROOT / "tests" / "published"


def problem(near, weight, budget, cost=None, walk=None):
    """Near: (demands, candidates) who reaches what; walk: the metres of the same, for p-median."""
    demand, site = np.nonzero(near)
    m = near.shape[1]
    walks = (
        {} if walk is None else {"walk_m": walk[demand, site], "today_m": np.full(len(near), np.inf), "beyond_m": 1e6}
    )
    cost = np.ones(m) if cost is None else np.array(cost, float)
    return Problem(demand, site, np.array(weight, float), cost, float(budget), **walks)


def proven(plan):
    return (plan.bound, plan.mip_gap) == (plan.objective, 0)


def san_francisco():
    table = pd.read_csv(PUBLISHED / "san_francisco_stores.csv")
    return table.drop(columns=["tract", "people"]).to_numpy(dtype=float), table["people"].to_numpy(dtype=float)


def test_p_median_of_the_or_library():
    """pmed1: 100 nodes, p = 5, optimum 5819 (Beasley, "A note on solving large p-median problems", EJOR 21 (1985) 270–273).

    An edge that is listed twice has the length that is listed last; walks are shortest paths.
    """
    numbers = np.loadtxt(PUBLISHED / "pmed1.txt", dtype=np.int64)
    (n, edges, p), rows = numbers[0], numbers[1:]
    assert len(rows) == edges == 200
    length = np.zeros((n, n))
    for u, v, metres in rows - [1, 1, 0]:
        length[u, v] = length[v, u] = metres
    far = scipy.sparse.csgraph.shortest_path(length)
    plan = solve(problem(far >= 0, np.ones(n), p, walk=far), "p_median")
    assert plan.objective * n == pytest.approx(5819)
    assert proven(plan)
    assert len(plan.chosen) == 5


def test_p_median_of_san_francisco():
    """205 census tracts, 16 stores, p = 4: 2982.1268579890657 m a person (spopt 0.7.0, tests/test_locate/test_p_median.py)."""
    far, people = san_francisco()
    plan = solve(problem(far >= 0, people, 4, walk=far), "p_median")
    assert plan.objective == pytest.approx(2982.1268579890657, rel=1e-6)
    assert proven(plan)


def test_maximal_covering_of_san_francisco():
    """The same within 5,000 m: 21 tracts are left uncovered, 89.756 % of 205 are not (spopt, tests/test_locate/test_mclp.py).

    Of the people, 875,247 of 955,113 are covered: the best of all 1,820 plans, counted here.
    """
    far, people = san_francisco()
    near = far <= 5000
    plan = solve(problem(near, people, 4))
    assert (~near[:, plan.chosen].any(axis=1)).sum() == 21
    best = max(people[near[:, list(each)].any(axis=1)].sum() for each in itertools.combinations(range(16), 4))
    assert plan.objective == pytest.approx(best)
    assert best == 875_247
    assert proven(plan)


def test_set_covering_with_costs():
    """Southwestern Airways: 12 sequences of flights that cover 11 flights for 18 (thousand dollars).

    Hillier & Lieberman, Introduction to Operations Research, "Covering all characteristics": x3 = x4 = x11 = 1, or 1, 5 and
    12. Their model also asks for three crews; the cheapest cover has three without that, by all 4,095 sets.
    """
    flights = [
        {1, 4, 7, 10},
        {2, 5, 8, 11},
        {3, 6, 9, 12},
        {4, 7, 9, 10, 12},
        {1, 6, 10, 11},
        {4, 5, 9},
        {7, 8, 10, 11, 12},
        {2, 4, 5, 9},
        {5, 8, 11},
        {3, 7, 8, 12},
        {6, 9, 10, 11, 12},
    ]
    near = np.array([[j in each for j in range(1, 13)] for each in flights])
    cost = np.array([2, 3, 4, 6, 7, 5, 7, 8, 9, 9, 8, 9])
    plan = solve(problem(near, np.ones(11), 1, cost), "cover_all")
    assert plan.objective == 18
    assert set((plan.chosen + 1).tolist()) in ({3, 4, 11}, {1, 5, 12})
    assert proven(plan)
    sets = (list(each) for size in range(1, 13) for each in itertools.combinations(range(12), size))
    assert min(cost[each].sum() for each in sets if near[:, each].any(axis=1).all()) == 18


def lines(dimension):
    """Lines of the affine space over three elements: three points that are one point, or all three, in each coordinate."""
    points = list(itertools.product(range(3), repeat=dimension))
    place = {point: at for at, point in enumerate(points)}
    found = set()
    for one, two in itertools.combinations(points, 2):
        three = tuple((-a - b) % 3 for a, b in zip(one, two, strict=True))
        found.add(frozenset((place[one], place[two], place[three])))
    return np.array([[at in each for at in range(len(points))] for each in sorted(map(sorted, found))])


@pytest.mark.parametrize(("dimension", "triples", "least"), [(2, 12, 5), (3, 117, 18)])
def test_set_covering_of_steiner_triples(dimension, triples, least):
    """A9 and A27, hard for their size: 5 and 18 (Fulkerson, Nemhauser & Trotter, Mathematical Programming Study 2 (1974) 72–81).

    What meets every line is what a largest set without a line leaves: 9 − 4 and 27 − 9.
    """
    near = lines(dimension)
    assert near.shape == (triples, 3**dimension)
    plan = solve(problem(near, np.ones(triples), 1), "cover_all")
    assert plan.objective == least
    assert proven(plan)
