"""Who is covered and who finds enough ground, on a line of cells before one or two play areas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis.reach import Reach
from sanchoi.gis.service import Terms, serve

seeds = st.integers(0, 2**32 - 1)
BINARY = "binary"


def reach_of(d):
    """Reach of a dense table (cells × sites); inf = no pair."""
    d = np.asarray(d, float)
    cell, site = np.nonzero(np.isfinite(d))
    least = d.min(axis=1, initial=np.inf)
    first = np.where(np.isfinite(least), d.argmin(axis=1) if d.shape[1] else -1, -1)
    return Reach(cell, site, d[cell, site], least, first, np.zeros(len(d)))


def terms(area, limit, asked, possible=None, **more):
    limit = np.asarray(limit, float)
    return Terms(
        np.asarray(area, float),
        limit,
        limit if possible is None else np.asarray(possible, float),
        np.asarray(asked, float),
        **more,
    )


@pytest.mark.parametrize(("walk_m", "covered"), [(299.999, True), (300.0, True), (300.001, False)])
def test_the_limit_is_inside(walk_m, covered):
    got = serve(reach_of([[walk_m]]), np.array([[10.0]]), terms([500], [[300]], [np.nan]))
    assert got.covered.tolist() == [[covered]]
    assert got.served.tolist() == [[covered]]


def test_each_band_has_its_own_limit_and_may_have_none():
    """A play area 400 m away: too far for the youngest, near enough for the next, and not counted for the last."""
    got = serve(reach_of([[400.0]]), np.ones((1, 3)), terms([500], [[300], [500], [np.nan]], [np.nan] * 3))
    assert got.covered.tolist() == [[False, True, False]]


@pytest.mark.parametrize(("area", "enough"), [(79.999, False), (80.0, True), (80.001, True)])
def test_exactly_the_ground_asked_for_is_enough(area, enough):
    """10 children who may each ask for 8 m² on one play area."""
    got = serve(reach_of([[10.0]]), np.array([[10.0]]), terms([area], [[300]], [8], kind=BINARY))
    assert got.enough.tolist() == [[enough]]
    assert got.served.tolist() == [[enough]]
    assert got.covered.tolist() == [[True]]


def test_where_the_norm_asks_for_no_ground_everyone_has_enough():
    got = serve(reach_of([[10.0], [np.inf]]), np.full((2, 1), 99.0), terms([1], [[300]], [np.nan]))
    assert got.enough.tolist() == [[True], [True]]
    assert got.served.tolist() == [[True], [False]]


def test_crowded_is_covered_without_enough():
    """Two cells of 10 share 100 m²; a third of 10 has 100 m² alone. 8 m² are asked for, 5 and 10 are found."""
    d = [[10, np.inf], [10, np.inf], [np.inf, 10]]
    got = serve(reach_of(d), np.full((3, 1), 10.0), terms([100, 100], [[300, 300]], [8], kind=BINARY))
    assert got.crowding.m2_per_child.ravel().tolist() == [5, 5, 10]
    assert got.covered.all()
    assert got.served.ravel().tolist() == [False, False, True]


def test_an_unknown_size_could_be_enough():
    """Cell 0 reaches a play area of unknown size, cell 1 a small one, cell 2 none."""
    d = [[10, np.inf], [np.inf, 10], [np.inf, np.inf]]
    got = serve(reach_of(d), np.full((3, 1), 10.0), terms([np.nan, 10], [[300, 300]], [8]))
    assert got.covered.ravel().tolist() == got.covered_possible.ravel().tolist() == [True, True, False]
    assert got.enough.ravel().tolist() == [False, False, False]
    assert got.enough_possible.ravel().tolist() == [True, False, False]


def test_an_unknown_size_could_meet_the_floor_of_a_tier():
    """Not counted as it is, within 300 m if it were large enough: possibly covered, and with possibly enough."""
    got = serve(reach_of([[10]]), np.full((1, 1), 10.0), terms([np.nan], [[np.nan]], [8], possible=[[300]]))
    masks = (got.covered, got.enough, got.covered_possible, got.enough_possible)
    assert [mask.item() for mask in masks] == [False, False, True, True]


def test_nothing_in_nothing_out():
    for cells, sites in ((0, 0), (0, 2), (2, 0)):
        got = serve(
            reach_of(np.zeros((cells, sites))), np.ones((cells, 2)), terms(np.ones(sites), np.ones((2, sites)), [8, 8])
        )
        assert got.served.shape == (cells, 2)
        assert not got.covered.any()
        assert not got.served.any()


def town_of(seed):
    rng = np.random.default_rng(seed)
    n, m, b = (int(k) for k in rng.integers(1, (9, 6, 4)))
    d = np.where(rng.random((n, m)) < 0.3, np.inf, rng.integers(0, 8, (n, m)) * 100.0)
    area = np.where(rng.random(m) < 0.3, np.nan, rng.uniform(1, 900, m))
    possible = np.where(rng.random((b, m)) < 0.2, np.nan, rng.choice([200.0, 300.0, 500.0], (b, 1)))
    limit = np.where(np.isnan(area) & (rng.random((b, m)) < 0.5), np.nan, possible)
    asked = np.where(rng.random(b) < 0.3, np.nan, rng.uniform(0, 30, b))
    return d, rng.uniform(0, 50, (n, b)), terms(area, limit, asked, possible)


@given(seed=seeds)
def test_covered_by_two_plain_loops(seed):
    d, children, rules = town_of(seed)
    got = serve(reach_of(d), children, rules)
    for i in range(len(d)):
        for b in range(children.shape[1]):
            assert got.covered[i, b] == any(d[i, j] <= rules.limit_m[b, j] for j in range(d.shape[1]))
            assert got.covered_possible[i, b] == any(d[i, j] <= rules.possible_m[b, j] for j in range(d.shape[1]))


@given(seed=seeds)
def test_what_is_so_is_possible(seed):
    d, children, rules = town_of(seed)
    got = serve(reach_of(d), children, rules)
    assert (got.covered <= got.covered_possible).all()
    assert (got.enough <= got.enough_possible).all()
    assert (got.served <= got.covered).all()


@given(seed=seeds)
def test_one_more_play_area_or_a_wider_limit_uncovers_no_one(seed):
    d, children, rules = town_of(seed)
    want = serve(reach_of(d), children, rules).covered
    fewer = Terms(rules.area_m2[1:], rules.limit_m[:, 1:], rules.possible_m[:, 1:], rules.asked_m2)
    assert (serve(reach_of(d[:, 1:]), children, fewer).covered <= want).all()
    wider = Terms(rules.area_m2, rules.limit_m * 1.5, rules.possible_m * 1.5, rules.asked_m2)
    assert (want <= serve(reach_of(d), children, wider).covered).all()


@given(seed=seeds)
def test_the_order_of_cells_and_play_areas_does_not_matter(seed):
    d, children, rules = town_of(seed)
    rng = np.random.default_rng(seed)
    cell, site = rng.permutation(len(d)), rng.permutation(d.shape[1])
    want = serve(reach_of(d), children, rules)
    other = Terms(rules.area_m2[site], rules.limit_m[:, site], rules.possible_m[:, site], rules.asked_m2)
    got = serve(reach_of(d[np.ix_(cell, site)]), children[cell], other)
    for mask in ("covered", "covered_possible", "enough", "enough_possible"):
        assert np.array_equal(getattr(got, mask), getattr(want, mask)[cell]), mask
