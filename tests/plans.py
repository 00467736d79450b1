"""Small siting problems at random with all rules mixed, and the slow obvious answers: every subset, plain loops."""

import itertools
import math

import numpy as np
import scipy.optimize
from sanchoi.gis.siting.problem import Problem

BEYOND_M = 900.0


LIMITS_M = {1.0: 200.0, 2.0: 400.0, 3.5: 700.0}
"""Walking limit of each band, the bands named by the m² that each of their children needs."""
SPACING_M = 150.0


def random_problem(rng, candidates=None, money=None):
    """The problem of a random town."""
    return random_town(rng, candidates, money)[0]


def random_town(rng, candidates=None, money=None):
    """A problem with a few cells, and where its candidates stand; walks are whole tens of metres, so that ties occur."""
    m = candidates or int(rng.integers(2, 8))
    n = int(rng.integers(1, 12))
    money = rng.random() < 0.5 if money is None else money
    far = np.round(rng.uniform(0, 900, (n, m)), -1)
    m2_per_child = rng.choice(list(LIMITS_M), n)
    limit = np.array([LIMITS_M[each] for each in m2_per_child])
    demand, site = np.nonzero(far <= limit[:, None])
    shuffled = rng.permutation(len(demand))
    demand, site = demand[shuffled], site[shuffled]
    communes = int(rng.integers(1, 4))
    home = rng.integers(0, communes, n)
    weight = rng.integers(0, 20, n) * rng.choice([1.0, 0.25])
    lacking = np.bincount(home, weight, communes)
    covered = rng.integers(0, 30, communes).astype(float)
    cost = rng.integers(1, 10, m).astype(float) if money else np.ones(m)
    fixed = np.flatnonzero(rng.random(m) < 0.15) if rng.random() < 0.4 else np.empty(0, dtype=np.int64)
    forbidden = (
        np.setdiff1d(np.flatnonzero(rng.random(m) < 0.2), fixed) if rng.random() < 0.4 else np.empty(0, np.int64)
    )
    forbidden = forbidden[: max(0, m - 1 - len(fixed))]
    cheapest = np.delete(cost, forbidden).min()
    places = rng.uniform(0, 1000, (m, 2))
    if rng.random() < 0.3:
        places *= 10  # nobody stands close to anybody
    for j in fixed.tolist()[1:]:
        places[j] += 100_000.0 * (1 + j)  # fixed ones keep their distance
    pairs = [p for p in itertools.combinations(range(m), 2) if math.dist(places[p[0]], places[p[1]]) < SPACING_M]
    given = Problem(
        demand=demand.astype(np.int64),
        site=site.astype(np.int64),
        weight=weight,
        cost=cost,
        budget=max(float(cost[fixed].sum() + rng.integers(1, 15 if money else 4)), float(cheapest)),
        conflicts=np.array(pairs, dtype=np.int64).reshape(-1, 2),
        walk_m=far[demand, site],
        today_m=np.where(rng.random(n) < 0.4, np.inf, np.round(rng.uniform(100, 1200, n), -1)),
        beyond_m=BEYOND_M,
        commune=rng.integers(-1, communes, m),
        min_per_commune=int(rng.random() < 0.25),
        fixed=fixed,
        forbidden=forbidden,
        home=home,
        children=lacking + covered,
        covered=covered,
        ground_m2=np.round(rng.uniform(5, 60, m)),
        m2_per_child=m2_per_child,
    )
    return given, places


def keeps(given, chosen, budget=True):
    """Whether a set of candidates keeps every rule."""
    picked = set(chosen)
    if not set(given.fixed.tolist()) <= picked or picked & set(given.forbidden.tolist()):
        return False
    if budget and sum(given.cost[j] for j in picked) > given.budget + 1e-9:
        return False
    if any(i in picked and j in picked for i, j in given.conflicts.tolist()):
        return False
    for commune in set(given.commune.tolist()) - {-1}:
        may = [j for j in range(len(given.cost)) if given.commune[j] == commune and j not in given.forbidden]
        if len(may) >= given.min_per_commune > sum(j in picked for j in may):
            return False
    return True


def plans(given, budget=True):
    """Every set of candidates that keeps the rules."""
    m = len(given.cost)
    for size in range(m + 1):
        for chosen in itertools.combinations(range(m), size):
            if keeps(given, chosen, budget):
                yield chosen


def brute(given, value, largest, budget=True):
    """Best value over all plans; None where there is none."""
    values = [value(given, chosen) for chosen in plans(given, budget)]
    values = [each for each in values if each is not None]
    return (max(values) if largest else min(values)) if values else None


def reached(given, chosen):
    """Demands that one of the chosen reaches."""
    return {int(k) for k, j in zip(given.demand, given.site, strict=True) if j in chosen and given.weight[k] > 0}


def price(given, chosen):
    """Cost of a plan that covers all who can be covered; None for another."""
    may = set(range(len(given.cost))) - set(given.forbidden.tolist())
    return float(sum(given.cost[j] for j in chosen)) if reached(given, chosen) == reached(given, may) else None


def walks(given, chosen):
    """Metres that each demand walks under a plan."""
    out = [min(today, given.beyond_m) for today in given.today_m.tolist()]
    for k, j, walk in zip(given.demand, given.site, given.walk_m, strict=True):
        if j in chosen:
            out[k] = min(out[k], walk)
    return out


def mean_walk(given, chosen):
    """Metres a child."""
    total = sum(given.weight)
    return sum(w * d for w, d in zip(given.weight, walks(given, chosen), strict=True)) / total if total else 0.0


def ede(given, chosen):
    """Kolm-Pollak EDE with ε = −1 and α of today."""
    today, total = walks(given, ()), sum(given.weight)
    if not total:
        return 0.0
    kappa = -sum(w * d for w, d in zip(given.weight, today, strict=True)) / sum(
        w * d * d for w, d in zip(given.weight, today, strict=True)
    )
    mean = sum(w * math.exp(-kappa * d) for w, d in zip(given.weight, walks(given, chosen), strict=True)) / total
    return -math.log(mean) / kappa


def shares(given, chosen):
    """Covered share of each commune that some candidate can raise."""
    may = set(range(len(given.cost))) - set(given.forbidden.tolist())
    raised = {int(given.home[k]) for k in reached(given, may)}
    new = reached(given, chosen)
    return {
        c: (given.covered[c] + sum(given.weight[k] for k in new if given.home[k] == c)) / given.children[c]
        for c in raised
    }


def smallest(given, chosen):
    """Smallest covered share."""
    return min(shares(given, chosen).values())


def served(given, chosen):
    """Children whom the ground of the chosen serves, as one plain linear problem over pairs."""
    pairs = [
        (int(k), int(j)) for k, j in zip(given.demand, given.site, strict=True) if j in chosen and given.weight[k] > 0
    ]
    if not pairs:
        return 0.0
    limits, tops = [], []
    for k in {k for k, _ in pairs}:
        limits.append([float(k == a) for a, _ in pairs])
        tops.append(given.weight[k])
    for j in {j for _, j in pairs}:
        limits.append([given.m2_per_child[a] * (b == j) for a, b in pairs])
        tops.append(given.ground_m2[j])
    return -scipy.optimize.linprog([-1.0] * len(pairs), limits, tops, method="highs").fun
