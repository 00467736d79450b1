"""Cliques of sites that stand too close: every pair in one of them, and no two in one that may stand together."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis.siting.cliques import cliques


def sets(pairs, m):
    row, at = cliques(np.array(pairs, dtype=np.int64).reshape(-1, 2), m)
    return [sorted(at[row == r].tolist()) for r in range(int(row.max(initial=-1)) + 1)]


def test_a_triangle_is_one_set_and_a_path_is_two():
    assert sets([(0, 1), (1, 2), (2, 0)], 3) == [[0, 1, 2]]
    assert sets([(0, 1), (1, 2)], 4) == [[0, 1], [1, 2]]
    assert sets([], 4) == []


def test_a_pair_that_stands_twice_or_with_itself_changes_nothing():
    assert sets([(1, 0), (0, 1), (2, 2)], 3) == [[0, 1]]


@given(st.integers(2, 9).flatmap(lambda m: st.tuples(st.just(m), st.lists(st.tuples(*[st.integers(0, m - 1)] * 2)))))
def test_every_pair_is_in_a_set_and_nothing_else(town):
    m, pairs = town
    close = {tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1]}
    found = sets(pairs, m)
    held = {pair for each in found for pair in itertools.combinations(each, 2)}
    assert held == close
    assert all(len(each) > 1 for each in found)
