"""Refusals in both languages: the same figures in each, written as each writes them."""

import string

import numpy as np
import pytest
from sanchoi.gis.errors import Infeasible
from sanchoi.gis.siting import Problem, solve
from sanchoi.gis.siting.refusals import RULES, WORDS

NONE = np.empty(0, dtype=np.int64)


def names(texts):
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def sites(cost, budget, conflicts=(), fixed=()):
    """As many candidates as costs, each with a child of its own."""
    m = np.arange(len(cost))
    pairs = np.array(conflicts, dtype=np.int64).reshape(-1, 2)
    fixed = np.array(fixed, dtype=np.int64)
    return Problem(m, m, np.ones(len(cost)), np.array(cost, dtype=float), budget, pairs, fixed=fixed)


@pytest.mark.parametrize("word", sorted(WORDS))
def test_both_languages_tell_the_same(word):
    vi, en = WORDS[word]
    assert len(vi) == len(en) == 3
    assert names(vi[:1]) == names(en[:1])
    assert names(vi) == names(en)
    assert all(vi + en)


@pytest.mark.parametrize("word", sorted(RULES))
def test_rules_too(word):
    vi, en = RULES[word]
    assert vi != en
    assert names([vi]) == names([en])


def refused(given):
    with pytest.raises(Infeasible) as caught:
        solve(given)
    return str(caught.value), caught.value.vi


def test_money_is_written_as_each_language_does():
    assert refused(sites([2_500_000, 3_000_000], 1_500_000)) == (
        "budget 1,500,000 is below the cheapest site (2,500,000) · a budget for one site at least · "
        "raise [siting] budget, or offer cheaper land",
        "ngân sách 1.500.000 thấp hơn địa điểm rẻ nhất (2.500.000) · đủ tiền cho ít nhất một địa điểm · "
        "tăng ngân sách, hoặc đưa thêm đất rẻ hơn",
    )


def test_parts_of_money_too():
    en, vi = refused(sites([1.5, 2], 2, fixed=[0, 1]))
    assert "the 2 fixed sites cost 3.5, the budget is 2 ·" in en
    assert "riêng 2 thửa phải chọn đã hết 3,5, ngân sách là 2 ·" in vi
    assert en.endswith("raise [siting] budget by 1.5, or fix fewer")
    assert vi.endswith("tăng ngân sách thêm 1,5, hoặc bớt thửa phải chọn")


def test_fixed_sites_that_stand_too_close():
    en, vi = refused(sites([1, 1, 1], 3, conflicts=[[0, 2]], fixed=[0, 2]))
    assert en.startswith("1 pairs of fixed sites stand too close or share ground, the first are candidates 0 and 2 ·")
    assert vi.startswith("1 cặp thửa phải chọn nằm quá gần nhau hoặc chồng lên nhau, đầu tiên là ứng viên 0 và 2 ·")
