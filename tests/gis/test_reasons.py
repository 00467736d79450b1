"""Parts of a reason, by hand and by their sum."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis.crowding import Crowding
from sanchoi.gis.reasons import SWITCHES, Ways, parts, sum_by
from sanchoi.gis.service import Service

seeds = st.integers(0, 2**32 - 1)
ONE = np.zeros(1, dtype=int)


def service(covered, enough=None):
    """Service of one cell or a table of masks (cells, bands)."""
    covered = np.atleast_2d(np.asarray(covered, bool))
    enough = np.ones_like(covered) if enough is None else np.atleast_2d(np.asarray(enough, bool))
    unknown = np.zeros_like(covered)
    return Service(covered, enough, covered, enough, Crowding(np.zeros(covered.shape), np.zeros(0), ~covered), unknown)


def one_cell(now, opened, dry, straight):
    """Parts of 60 children in one cell; each of the four is (covered, enough)."""
    ways = Ways(*(service(*pair) for pair in (now, opened, dry, straight)))
    got = parts(ways, np.array([[60.0]]), ONE, 1)
    return {part: round(float(value.item()), 9) for part, value in got.items() if value.item()}


NO, CROWDED, YES = (False, False), (True, False), (True, True)
# not covered, yet enough ground there: it does not make a child served
IDLE = (False, True)


@pytest.mark.parametrize(
    ("now", "opened", "dry", "straight", "want"),
    [
        (YES, YES, YES, YES, {}),
        (NO, NO, NO, NO, {"supply": 60}),
        (IDLE, IDLE, IDLE, IDLE, {"supply": 60}),
        (NO, YES, NO, YES, {"barrier": 60}),
        (NO, NO, YES, YES, {"detour": 60}),
        (CROWDED, CROWDED, CROWDED, CROWDED, {"area": 60}),
        (NO, YES, YES, YES, {"barrier": 30, "detour": 30}),  # either mends it
        (NO, NO, NO, YES, {"barrier": 30, "detour": 30}),  # only both mend it
        (NO, CROWDED, NO, CROWDED, {"barrier": 30, "area": 30}),  # reached over the river, and crowded there
        (NO, NO, NO, CROWDED, {"barrier": 20, "detour": 20, "area": 20}),  # all three together
        (NO, CROWDED, YES, YES, {"barrier": 10, "detour": 40, "area": 10}),  # the detour, or barrier and area
    ],
)
def test_shares_of_the_switches_by_hand(now, opened, dry, straight, want):
    assert one_cell(now, opened, dry, straight) == pytest.approx(want)


def test_a_part_can_be_negative_when_more_children_come():
    """Served now; with the barrier open others come over, and the ground no longer suffices."""
    got = one_cell(YES, CROWDED, YES, CROWDED)
    assert got == {"barrier": -30, "area": 30}


def test_communes_and_bands_are_kept_apart():
    """Cells 0 and 2 in commune 0, cell 1 in commune 2; commune 1 has none. Two bands."""
    covered = np.array([[False, True], [False, False], [True, False]])
    children = np.array([[1.0, 2.0], [4.0, 8.0], [16.0, 32.0]])
    got = parts(Ways(*[service(covered)] * 4), children, np.array([0, 2, 0]), 3)
    assert list(got) == ["barrier", "detour", "area", "supply"]
    assert got["supply"].tolist() == [[1, 32], [0, 0], [4, 8]]
    assert not np.any([got[switch] for switch in SWITCHES])


def test_no_cells():
    got = parts(Ways(*[service(np.zeros((0, 2)))] * 4), np.zeros((0, 2)), np.zeros(0, int), 2)
    assert [value.tolist() for value in got.values()] == [[[0, 0], [0, 0]]] * 4


def random_ways(seed):
    rng = np.random.default_rng(seed)
    n, b, k = (int(top) for top in rng.integers(1, (12, 4, 5)))
    ways = Ways(*(service(*(rng.random((2, n, b)) < rng.random())) for _ in range(4)))
    return ways, rng.uniform(0, 50, (n, b)), rng.integers(0, k, n), k


@given(seed=seeds)
def test_parts_sum_to_the_children_not_served(seed):
    ways, children, commune, k = random_ways(seed)
    got = parts(ways, children, commune, k)
    left = np.zeros((k, children.shape[1]))
    for i, home in enumerate(commune):
        left[home] += np.where(ways.now.covered[i] & ways.now.enough[i], 0.0, children[i])
    assert sum(got.values()) == pytest.approx(left, abs=1e-9)
    unreached = np.zeros_like(left)
    for i, home in enumerate(commune):
        unreached[home] += np.where(ways.straight.covered[i], 0.0, children[i])
    assert got["supply"] == pytest.approx(unreached, abs=1e-9)


@given(seed=seeds)
def test_equals_the_mean_over_all_orders_cell_by_cell(seed):
    ways, children, commune, k = random_ways(seed)
    want = {switch: np.zeros((k, children.shape[1])) for switch in SWITCHES}
    table = {(False, False): ways.now, (True, False): ways.opened, (False, True): ways.dry, (True, True): ways.straight}
    for i, b in np.ndindex(children.shape):
        for order in permutations(SWITCHES):
            on = dict.fromkeys(SWITCHES, False)
            for switch in order:
                left = []
                for _ in range(2):
                    there = table[on["barrier"], on["detour"]]
                    good = there.covered[i, b] and (on["area"] or there.enough[i, b])
                    left.append(0.0 if good else children[i, b])
                    on[switch] = True
                want[switch][commune[i], b] += (left[0] - left[1]) / 6
    got = parts(ways, children, commune, k)
    for switch in SWITCHES:
        assert got[switch] == pytest.approx(want[switch], abs=1e-9), switch


@given(seed=seeds)
def test_two_switches_that_do_the_same_share_alike(seed):
    """Where the ground always suffices and `opened` is `dry`, barrier and detour cannot be told apart."""
    ways, children, commune, k = random_ways(seed)
    now, opened, _, straight = (service(way.covered) for way in ways)
    got = parts(Ways(now, opened, opened, straight), children, commune, k)
    assert got["barrier"] == pytest.approx(got["detour"], abs=1e-9)
    assert got["area"] == pytest.approx(np.zeros_like(got["area"]), abs=1e-9)


@given(seed=seeds)
def test_the_order_of_cells_does_not_matter(seed):
    ways, children, commune, k = random_ways(seed)
    order = np.random.default_rng(seed).permutation(len(commune))
    turned = Ways(*(service(way.covered[order], way.enough[order]) for way in ways))
    want, got = parts(ways, children, commune, k), parts(turned, children[order], commune[order], k)
    for part, value in want.items():
        assert got[part] == pytest.approx(value, abs=1e-9), part


def test_sum_by_keeps_empty_groups():
    assert sum_by(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([2, 2]), 4).tolist() == [[0, 0], [0, 0], [4, 6], [0, 0]]
