"""Crowding against hand tables, a published case and a slow reference."""

import numpy as np
import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis.crowding import crowding, decay

HALF = (np.exp(-0.125) - np.exp(-0.5)) / (1 - np.exp(-0.5))  # Gaussian weight at half the limit


def full(d):
    """Pairs of a dense distance matrix (cells × sites)."""
    cell, site = np.indices(d.shape)
    return cell.ravel(), site.ravel(), d.ravel()


def test_decay_is_one_at_the_door_and_zero_at_the_limit():
    w = decay(np.array([0.0, 150.0, 300.0, 300.001, np.inf]), np.full(5, 300.0))
    assert w == pytest.approx([1.0, HALF, 0.0, 0.0, 0.0], abs=1e-15)


def test_binary_and_step_decay_are_inclusive_of_their_limits():
    d = np.array([100.0, 200.0, 300.0, 300.1])
    assert decay(d, np.full(4, 300.0), "binary").tolist() == [1, 1, 1, 0]
    assert decay(d, np.full(4, 300.0), "step").tolist() == [1, 0.68, 0.22, 0]


def test_one_site_shared_by_ten_children():
    out = crowding(*full(np.array([[0.0]])), np.array([[10.0]]), np.array([500.0]), np.array([[300.0]]))
    assert out.m2_per_child[0, 0] == pytest.approx(50.0)


def test_bands_compete_for_the_same_ground():
    """10 young and 30 older children at the gate of 400 m²: 10 m² for each of the 40."""
    limit = np.array([[200.0], [400.0]])
    out = crowding(*full(np.array([[0.0]])), np.array([[10.0, 30.0]]), np.array([400.0]), limit)
    assert out.m2_per_child.tolist() == [[10.0, 10.0]]


def test_the_published_gaussian_case_of_sdc_catchment():
    """3 consumers of 100 and 2 providers of 10 on a line, README of sdc-catchment (PyPI): 0.065179, 0.069641, 0.065179.

    Its weight is e^(−½d²) at d = 0, 1, 2; the distances below are those at which our decay has that weight.
    """
    published = np.exp(-0.5 * np.array([[0.0, 2.0], [1.0, 1.0], [2.0, 0.0]]) ** 2)
    edge = np.exp(-0.5)
    d = 300 * np.sqrt(-2 * np.log(published * (1 - edge) + edge))
    out = crowding(*full(d), np.full((3, 1), 100.0), np.array([10.0, 10.0]), np.full((1, 2), 300.0))
    assert out.m2_per_child.ravel() == pytest.approx([0.065179, 0.069641, 0.065179], abs=5e-7)


def test_unknown_size_adds_nothing_and_is_told():
    out = crowding(
        *full(np.array([[0.0, 0.0], [0.0, 900.0]])),
        np.array([[10.0], [10.0]]),
        np.array([200.0, np.nan]),
        np.full((1, 2), 300.0),
    )
    assert out.m2_per_child.ravel().tolist() == [10.0, 10.0]
    assert out.size_unknown.ravel().tolist() == [True, False]


def test_unknown_children_do_not_compete_and_spread_no_nan():
    out = crowding(*full(np.zeros((2, 1))), np.array([[10.0], [np.nan]]), np.array([200.0]), np.array([[300.0]]))
    assert out.m2_per_child.ravel().tolist() == [20.0, 20.0]


def test_a_site_the_norm_does_not_count_gives_nothing():
    out = crowding(*full(np.zeros((1, 1))), np.array([[10.0]]), np.array([200.0]), np.array([[np.nan]]))
    assert out.m2_per_child.tolist() == [[0.0]]
    assert out.demand.tolist() == [0.0]


towns = st.integers(0, 2**32 - 1)


def town(seed):
    rng = np.random.default_rng(seed)
    n, m, b = rng.integers(1, 9), rng.integers(1, 6), rng.integers(1, 4)
    d = rng.uniform(0, 800, (n, m)).round(rng.integers(0, 3))
    children = rng.uniform(0, 50, (n, b)) * (rng.random((n, b)) > 0.2)
    limit = np.tile(rng.choice([100.0, 300.0, 500.0], b)[:, None], m)
    omega = rng.uniform(0.5, 2, b)
    return d, children, rng.uniform(1, 900, m), limit, omega


@pytest.mark.parametrize("kind", ["gaussian", "binary", "step"])
@given(seed=towns)
def test_equals_the_slow_reference(kind, seed):
    d, children, area, limit, omega = town(seed)
    out = crowding(*full(d), children, area, limit, kind=kind, band_weights=omega)
    assert out.m2_per_child == pytest.approx(
        np.array(reference.crowding(d, children, area, limit, kind, omega)), rel=1e-9
    )


@given(seed=towns)
def test_ground_is_conserved(seed):
    """Σ ω P A = Σ S over play areas with demand."""
    d, children, area, limit, omega = town(seed)
    out = crowding(*full(d), children, area, limit, band_weights=omega)
    assert (omega * children * out.m2_per_child).sum() == pytest.approx(area[out.demand > 0].sum(), rel=1e-9)


@given(seed=towns)
def test_splitting_a_site_or_a_cell_in_two_halves_changes_nothing(seed):
    d, children, area, limit, _omega = town(seed)
    whole = crowding(*full(d), children, area, limit).m2_per_child
    sites = crowding(
        *full(np.hstack([d, d[:, :1]])),
        children,
        np.r_[area[0] / 2, area[1:], area[0] / 2],
        np.hstack([limit, limit[:, :1]]),
    ).m2_per_child
    assert sites == pytest.approx(whole, rel=1e-9)
    half = children.copy()
    half[0] /= 2
    cells = crowding(*full(np.vstack([d, d[:1]])), np.vstack([half, half[:1]]), area, limit).m2_per_child
    assert cells[:-1] == pytest.approx(whole, rel=1e-9)


@given(seed=towns)
def test_the_order_of_pairs_does_not_matter(seed):
    d, children, area, limit, _ = town(seed)
    cell, site, walk = full(d)
    order = np.random.default_rng(seed).permutation(len(cell))
    one = crowding(cell, site, walk, children, area, limit).m2_per_child
    two = crowding(cell[order], site[order], walk[order], children, area, limit).m2_per_child
    assert two == pytest.approx(one, rel=1e-12)
