"""Rank acceptability against cases with a known answer and a slow reference; ties, order, bad input."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sanchoi.gis import smaa
from sanchoi.gis.errors import ContractError
from sanchoi.gis.smaa import acceptability, concentration

ERROR = 4 * 0.005  # four standard errors of a share in 10,000 draws


def slow(utility, weight, p, spread, draws, seed=0):
    """One draw after the other, each parcel compared with each other one."""
    n, used = len(utility), np.flatnonzero(weight > 0)
    m = len(used)
    stated = weight[used] / weight.sum()
    alpha = np.ones(m) if spread is None or m == 1 else ((m - 1) / spread**2 - 1) * stated
    first, best, ranks = np.zeros(n), np.zeros(n), np.zeros((n, min(p, 10, n)))
    for w in np.random.default_rng(seed).dirichlet(alpha, draws):
        score = [sum(w[k] * (0 if np.isnan(u) else u) for k, u in enumerate(row[used])) for row in utility]
        for j in range(n):
            ahead = sum(other > score[j] + 1e-11 for other in score)
            equal = sum(abs(other - score[j]) <= 1e-11 for other in score)
            for rank in range(ahead, ahead + equal):
                best[j] += (rank < p) / equal
                first[j] += (rank == 0) / equal
                if rank < ranks.shape[1]:
                    ranks[j, rank] += 1 / equal
    return first / draws, best / draws, ranks / draws


@pytest.mark.parametrize(("w", "spread"), [(0.5, 1 / 3), (0.6, 1 / 3), (0.7, 0.5), (0.4, 0.2)])
def test_two_parcels_and_two_criteria_follow_the_beta_distribution(w, spread):
    """The first is best where W1 · 1 > W2 · 0.8, that is W1 > 0.8 / 1.8, and W1 ~ Beta(κ w, κ (1 − w)) with κ = 1 / spread² − 1."""
    kappa = 1 / spread**2 - 1
    found = acceptability(np.array([[1.0, 0.0], [0.0, 0.8]]), np.array([w, 1 - w]), 1, spread=spread)
    assert found.kappa == pytest.approx(kappa)
    chance = scipy.stats.beta(kappa * w, kappa * (1 - w)).sf(0.8 / 1.8)
    assert found.rank_first == pytest.approx([chance, 1 - chance], abs=ERROR)


def test_uniform_weights_where_the_answer_is_an_area():
    """The first is best where W1 > 0.5 W2: two thirds of the line W1 + W2 = 1, whatever weights are stated."""
    found = acceptability(np.array([[1.0, 0.0], [0.0, 0.5]]), np.array([0.1, 0.9]), 1, spread=None)
    assert found.kappa is None
    assert found.rank_first == pytest.approx([2 / 3, 1 / 3], abs=ERROR)


def test_three_parcels_each_best_in_one_thing():
    found = acceptability(np.eye(3), np.ones(3), 2)
    assert found.rank_first == pytest.approx([1 / 3] * 3, abs=ERROR)
    assert found.in_best == pytest.approx([2 / 3] * 3, abs=ERROR)
    assert found.ranks == pytest.approx(np.full((3, 2), 1 / 3), abs=ERROR)


def test_a_weight_of_average_size_varies_by_the_spread():
    for m in (2, 5, 12):
        kappa = concentration(m)
        drawn = np.random.default_rng(1).dirichlet(np.full(m, kappa / m), 200_000)[:, 0]
        assert drawn.std() / drawn.mean() == pytest.approx(1 / 3, rel=0.01)


def test_a_parcel_that_is_better_in_everything_is_always_first():
    rng = np.random.default_rng(2)
    utility = rng.uniform(0, 0.8, (30, 4))
    utility[7], utility[3] = 0.9, 0.0
    found = acceptability(utility, np.array([1.0, 2.0, 3.0, 4.0]), 29, draws=500)
    assert (found.rank_first[7], found.in_best[7], found.in_best[3]) == (1, 1, 0)


def test_equal_parcels_share_their_ranks():
    """Two equal parcels before a third: each is first in half of the draws."""
    found = acceptability(np.array([[0.9, 0.9], [0.1, 0.1], [0.9, 0.9]]), np.ones(2), 2, draws=100)
    assert found.rank_first.tolist() == [0.5, 0, 0.5]
    assert found.in_best.tolist() == [1, 0, 1]
    assert found.ranks.tolist() == [[0.5, 0.5], [0, 0], [0.5, 0.5]]
    only = acceptability(np.array([[0.9, 0.9], [0.1, 0.1], [0.9, 0.9]]), np.ones(2), 1, draws=100)
    assert only.in_best.tolist() == [0.5, 0, 0.5]
    three = acceptability(np.full((3, 2), 0.4), np.ones(2), 2, draws=10)
    assert three.in_best == pytest.approx([2 / 3] * 3)


def test_unknown_counts_as_worst_and_a_weight_of_0_stays_0():
    utility = np.array([[np.nan, 0.5, 1.0], [0.4, 0.4, 0.0]])
    found = acceptability(utility, np.array([0.5, 0.5, 0.0]), 1)
    same = acceptability(np.array([[0.0, 0.5], [0.4, 0.4]]), np.array([1.0, 1.0]), 1)
    assert found.rank_first.tolist() == same.rank_first.tolist()
    one = acceptability(utility, np.array([0.0, 2.0, 0.0]), 1)
    assert (one.kappa, one.rank_first.tolist()) == (None, [1.0, 0.0])


cases = st.tuples(st.integers(1, 9), st.integers(1, 4)).flatmap(
    lambda shape: st.tuples(
        arrays(float, shape, elements=st.sampled_from([0.0, 0.25, 1 / 3, 0.8, 1.0, np.nan])),
        # weights that differ more draw weights of 1e-20, and two parcels then differ by less than a double can hold
        arrays(float, shape[1], elements=st.floats(1, 5)),
        st.integers(1, 11),
        st.sampled_from([None, 1 / 3, 0.5]),
    )
)


@settings(deadline=None)
@given(cases)
def test_fast_equals_slow(case):
    utility, weight, p, spread = case
    found = acceptability(utility, weight, p, spread=spread, draws=20)
    first, best, ranks = slow(utility, weight, p, spread, 20)
    assert found.rank_first == pytest.approx(first, abs=1e-12)
    assert found.in_best == pytest.approx(best, abs=1e-12)
    assert found.ranks == pytest.approx(ranks, abs=1e-12)


@pytest.mark.parametrize("p", [1, 3, 40, 200, 700])
def test_many_parcels_equal_full_sorting(p, monkeypatch):
    """With few likely kinds and small chunks, so that every shortcut is taken."""
    monkeypatch.setattr(smaa, "LIKELY", 5)
    monkeypatch.setattr(smaa, "CHUNK_BYTES", 100_000)
    rng = np.random.default_rng(4)
    utility, weight = rng.random((700, 6)), rng.uniform(1, 5, 6)
    found = acceptability(utility, weight, p, draws=300)
    drawn = np.random.default_rng(0).dirichlet(concentration(6) * weight / weight.sum(), 300)
    order = np.argsort(-(drawn @ utility.T), axis=1)
    best, ranks = np.zeros(700), np.zeros((700, min(p, 10)))
    for row in order:
        best[row[:p]] += 1
        ranks[row[: ranks.shape[1]], np.arange(ranks.shape[1])] += 1
    assert found.in_best == pytest.approx(best / 300, abs=1e-12)
    assert found.ranks == pytest.approx(ranks / 300, abs=1e-12)


@given(cases)
def test_shares_sum_to_whole_ranks(case):
    utility, weight, p, spread = case
    found = acceptability(utility, weight, p, spread=spread, draws=15)
    n = len(utility)
    assert found.ranks.shape == (n, min(p, 10, n))
    assert found.ranks.sum(axis=0) == pytest.approx(1)
    assert found.in_best.sum() == pytest.approx(min(p, n))
    assert max(found.in_best.max(), found.ranks.max()) <= 1
    assert (found.rank_first == found.ranks[:, 0]).all()
    assert (found.in_best >= found.ranks.sum(axis=1) - 1e-12).all()


@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_parcels_changes_not_one_bit(case, random):
    utility, weight, p, spread = case
    order = list(range(len(utility)))
    random.shuffle(order)
    one = acceptability(utility, weight, p, spread=spread, draws=15)
    other = acceptability(utility[order], weight, p, spread=spread, draws=15)
    assert other.ranks.tolist() == one.ranks[order].tolist()
    assert other.in_best.tolist() == one.in_best[order].tolist()


def test_the_unit_of_weights_does_not_matter_and_the_seed_does():
    utility, weight = np.random.default_rng(5).random((20, 3)), np.array([1.0, 2.0, 5.0])
    one = acceptability(utility, weight, 3, draws=200)
    assert one.in_best.tolist() == acceptability(utility, weight * 8, 3, draws=200).in_best.tolist()
    assert one.in_best.tolist() != acceptability(utility, weight, 3, draws=200, seed=1).in_best.tolist()


def test_the_table_holds_what_is_above_0():
    found = acceptability(np.array([[0.9, 0.9], [0.1, 0.1], [0.9, 0.9]]), np.ones(2), 3, draws=10)
    table = found.table(["c", "b", "a"])
    assert table.to_dict("list") == {
        "parcel_id": ["a", "a", "b", "c", "c"],
        "rank": [1, 2, 3, 1, 2],
        "share": [0.5, 0.5, 1.0, 0.5, 0.5],
    }


def test_no_parcels_is_an_answer_too():
    found = acceptability(np.empty((0, 2)), np.ones(2), 5)
    assert (len(found.rank_first), len(found.table([]))) == (0, 0)


@pytest.mark.parametrize(
    ("weight", "options", "said"),
    [
        ([1.0], {}, "one weight a criterion"),
        ([1.0, -1.0], {}, "0 or more"),
        ([0.0, 0.0], {}, "one above 0"),
        ([1.0, np.nan], {}, "0 or more"),
        ([1.0, 1.0], {"p": 0}, "p = 0"),
        ([1.0, 1.0], {"draws": 0}, "draws = 0"),
        ([1.0, 1.0], {"spread": 0.0}, "spread 0.0"),
        ([1.0, 1.0], {"spread": 1.0}, "below √1"),
    ],
)
def test_bad_input_is_refused(weight, options, said):
    with pytest.raises(ContractError, match=said):
        acceptability(np.array([[0.5, 0.5]]), np.array(weight), **({"p": 1} | options))
