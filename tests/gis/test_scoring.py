"""Scoring against published tables, by properties, and on bad input."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sanchoi.gis.criteria import CRITERIA, Criterion, Land
from sanchoi.gis.errors import ContractError, StudyError
from sanchoi.gis.scoring import ranks, score, weights


def bare(n):
    """Land of which nothing is asked."""
    nothing = np.zeros(n)
    return Land(np.full(n, shapely.box(0, 0, 1, 1)), nothing, nothing, nothing, nothing)


def of(matrix, weight, worst=0.0, best=1.0):
    """Criteria whose measure is a column of a matrix; ids c0, c1, …"""
    matrix = np.asarray(matrix, dtype=float)
    ends = np.broadcast_to(np.array([worst, best], dtype=float).T, (matrix.shape[1], 2))

    def column(k):
        return lambda _: matrix[:, k]

    return [
        Criterion(f"c{k}", "tên", "name", "–", *ends[k].tolist(), weight[k], "vì", "why", "cần", "needs", column(k))
        for k in range(matrix.shape[1])
    ]


def scored(matrix, weight, ids=None, **scale):
    n = len(matrix)
    return score(ids or [f"P{i:03}" for i in range(n)], bare(n), criteria=of(matrix, weight, **scale))


def test_the_weighted_sum_of_the_encyclopedia():
    """Wikipedia, Weighted sum model, as reprinted: A1 21.50, A2 22.00; A3 by hand: 6 + 1.5 + 12 + 2.5 = 22."""
    table = [[25, 20, 15, 30], [10, 30, 20, 30], [30, 10, 30, 10]]
    found = scored(table, [0.20, 0.15, 0.40, 0.25], best=40.0)
    assert (found.score * 40) == pytest.approx([21.5, 22.0, 22.0])
    assert found.rank.tolist() == [3, 1, 1]


def test_the_weighted_sum_of_chakraborty_2015():
    """Chakraborty, Zavadskas & Antucheviciene 2015, Applications of WASPAS, example 2: the weighted sum (λ = 1), ten machines.

    Cost criteria enter as least ÷ value and benefit as value ÷ most, as there. The published scores have four decimals; table and
    scores were read in the tests of scikit-criteria, not in the paper.
    """
    raw = np.array(
        [
            [581818, 54.49, 3, 5500], [595454, 49.73, 3, 4500], [586060, 51.24, 3, 5000], [522727, 45.71, 3, 5800],
            [561818, 52.66, 3, 5200], [543030, 74.46, 4, 5600], [522727, 75.42, 4, 5800], [486970, 62.62, 4, 5600],
            [509394, 65.87, 4, 6400], [513333, 70.67, 4, 6000],
        ]
    )  # fmt: skip
    table = np.column_stack([raw[:, :3].min(axis=0) / raw[:, :3], raw[:, 3] / raw[:, 3].max()])
    found = scored(table, [0.467, 0.160, 0.095, 0.278])
    published = [0.8590, 0.8194, 0.8430, 0.9420, 0.8645, 0.8315, 0.8552, 0.8983, 0.9067, 0.8784]
    assert found.score == pytest.approx(published, abs=1e-4)
    assert found.rank.tolist() == [6, 10, 8, 1, 5, 9, 7, 3, 2, 4]


def topsis(table, weight):
    """Closeness to the ideal, all criteria better when larger (Hwang & Yoon 1981)."""
    v = np.asarray(table, dtype=float) / np.linalg.norm(table, axis=0) * weight
    near, far = np.linalg.norm(v - v.max(axis=0), axis=1), np.linalg.norm(v - v.min(axis=0), axis=1)
    return far / (near + far)


TZENG = np.array([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]])


def test_topsis_cross_check_on_tzeng_and_huang_2011():
    """Tzeng & Huang 2011, Multiple attribute decision making, as read in the tests of scikit-criteria: four closenesses."""
    closeness = topsis(TZENG, [0.3, 0.4, 0.3])
    assert closeness == pytest.approx([0.5037, 0.6581, 0.7482, 0.3340], abs=1e-4)
    found = scored(TZENG, [0.3, 0.4, 0.3], best=10.0)
    assert found.rank[closeness.argmax()] == 1
    assert found.rank[closeness.argmin()] == 4


def test_topsis_reverses_ranks_when_the_loser_leaves_and_the_score_does_not():
    """Why TOPSIS is a cross-check only: its scales are those of the rivals at hand."""
    rng = np.random.default_rng(0)
    reversed_ = {"topsis": 0, "score": 0}
    for _ in range(300):
        table = rng.integers(1, 10, (4, 3))
        for name, method in {
            "topsis": lambda some: topsis(some, [0.3, 0.4, 0.3]),
            "score": lambda some: scored(some, [0.3, 0.4, 0.3], best=10.0).score.round(12),
        }.items():
            whole = method(table)
            rest = np.arange(4) != whole.argmin()
            order = np.argsort(whole[rest], kind="stable")
            reversed_[name] += not np.array_equal(np.argsort(method(table[rest]), kind="stable"), order)
    assert reversed_["topsis"] > 0
    assert reversed_["score"] == 0


tables = st.tuples(st.integers(1, 8), st.integers(1, 5)).flatmap(
    lambda shape: st.tuples(
        arrays(float, shape, elements=st.one_of(st.floats(-0.5, 1.5), st.just(np.nan))),
        arrays(float, shape[1], elements=st.floats(0.01, 10)),
    )
)


@given(tables)
def test_contributions_sum_to_the_score_and_the_bounds_hold(case):
    matrix, weight = case
    found = scored(matrix, weight)
    table = found.contributions
    assert found.weight.sum() == pytest.approx(1, abs=1e-12)
    assert table.groupby("parcel_id")["contribution"].sum().to_numpy() == pytest.approx(found.score, abs=1e-12)
    for i, row in enumerate(matrix):  # slow and obvious
        low = high = 0.0
        for value, w in zip(row, weight / weight.sum(), strict=True):
            low += 0 if np.isnan(value) else w * min(max(value, 0), 1)
            high += w if np.isnan(value) else w * min(max(value, 0), 1)
        assert (found.score[i], found.score_high[i]) == (pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12))
        assert found.score[i] <= found.score_high[i] + 1e-15
    assert (table["contribution"].to_numpy()[table["utility"].isna()] == 0).all()
    assert table["value"].isna().equals(table["utility"].isna())


@given(tables, st.randoms(use_true_random=False))
def test_leaving_a_parcel_out_or_shuffling_never_changes_the_others(case, random):
    matrix, weight = case
    ids = [f"P{i}" for i in range(len(matrix))]
    whole = dict(zip(ids, scored(matrix, weight, ids).score, strict=True))
    some = random.sample(ids, random.randint(1, len(ids)))
    part = scored(matrix[[ids.index(i) for i in some]], weight, some)
    assert dict(zip(some, part.score, strict=True)) == {i: whole[i] for i in some}
    order = sorted(some, key=lambda i: (-round(whole[i], 12), i))
    assert sorted(some, key=lambda i: (part.rank[some.index(i)], i)) == order


@given(tables, st.floats(0.001, 1000), st.floats(-100, 100))
def test_units_do_not_matter(case, factor, shift):
    """The same measure in another unit, on the same scale in that unit."""
    matrix, weight = case
    same = scored(matrix * factor + shift, weight, worst=shift, best=factor + shift)
    assert same.score == pytest.approx(scored(matrix, weight).score, abs=1e-6)


@given(tables, st.floats(0, 1))
def test_a_better_value_never_lowers_the_score(case, more):
    matrix, weight = case
    better = matrix.copy()
    better[0, 0] += more
    assert scored(better, weight).score[0] >= scored(matrix, weight).score[0]


def test_a_criterion_where_less_is_better():
    found = scored([[5.0], [10.0], [15.0]], [1.0], worst=15.0, best=5.0)
    assert found.score.tolist() == [1.0, 0.5, 0.0]


def test_equal_scores_share_the_better_rank():
    assert ranks(np.array([0.2, 0.1 + 0.2, 0.3, 0.9])).tolist() == [4, 2, 2, 1]
    assert ranks(np.array([0.3, 0.3 + 2e-12])).tolist() == [2, 1]
    assert ranks(np.empty(0)).tolist() == []


def test_a_criterion_that_cannot_be_measured_is_left_out_for_all_and_named():
    whole = of([[0.5, 1.0], [1.0, 0.0]], [1.0, 3.0])
    criteria = [whole[0], replace(whole[1], measure=lambda _: None)]
    found = score(["P1", "P2"], bare(2), criteria=criteria)
    assert found.score.tolist() == [0.5, 1.0]
    assert found.left_out == {"c1": "cần · needs"}
    rows = found.criteria.set_index("criterion_id")
    assert rows["weight"].to_dict() == {"c0": 1.0, "c1": 0.0}
    assert rows["measured"].to_dict() == {"c0": True, "c1": False}
    assert rows.at["c1", "reason"] == "không đo; điều kiện: cần · not measured, it needs: needs"
    assert set(found.contributions["criterion_id"]) == {"c0"}
    assert "c1" not in score(["P1", "P2"], bare(2), {"c0": 1.0}, criteria).left_out


def test_a_criterion_takes_the_place_and_the_weight_of_another():
    whole = of([[0.5, 1.0, 0.2]], [1.0, 3.0, 3.0])
    stand_in = replace(whole[2], instead_of="c1")
    absent = replace(whole[1], measure=lambda _: None)
    need = score(["P"], bare(1), {"c0": 1.0, "c1": 3.0}, [whole[0], absent, stand_in])
    assert need.score[0] == pytest.approx(0.25 * 0.5 + 0.75 * 0.2)
    assert list(need.left_out) == ["c1"]
    usual = score(["P"], bare(1), None, [whole[0], whole[1], replace(stand_in, measure=lambda _: None)])
    assert usual.left_out == {}
    assert usual.score[0] == pytest.approx(0.25 * 0.5 + 0.75 * 1.0)


def test_all_criteria_of_the_project_on_one_parcel():
    n = 2
    box = shapely.box(0, 0, 40, 40)
    land = Land(
        np.array([box, box]),
        np.full(n, 1600.0),
        np.full(n, 40.0),
        np.array([400.0, 400.0]),
        np.array([250.0, np.nan]),
        slope_percent=np.array([5.0, 15.0]),
        land_class=["A", None],
    )
    found = score(["b", "a"], land)
    measured = {
        "children_gained": 24,
        "usable_area": 8,
        "inscribed_circle": 5,
        "compactness": 2,
        "slope": 5,
        "land_class": 6,
    }
    total = sum(measured.values())
    shape = (
        8 * (1600 - 200) / 4800 + 5 + 2
    )  # a square is fully compact (π/4 > 0.785), a circle of 40 m beyond the scale
    assert found.score == pytest.approx([(12 + shape + 5 + 6) / total, shape / total])
    assert found.score_high[1] == pytest.approx((24 + shape + 0 + 6) / total)
    assert found.contributions["parcel_id"].tolist() == ["a"] * 6 + ["b"] * 6
    assert "children_in_reach" not in found.left_out
    assert len(found.left_out) == len(CRITERIA) - 1 - 6
    need = score(["b", "a"], replace(land, by_need=True))
    assert need.score[0] == pytest.approx((24 * 0.8 + shape + 5 + 6) / total)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"slop": 1}, 'did you mean "slope"'),
        ({"qqqq": 1}, "name one of them"),
        ({"slope": -1}, "slope = -1"),
        ({"slope": float("nan")}, "slope = nan"),
        ({"slope": float("inf")}, "slope = inf"),
        ({"slope": True}, "slope = True"),
        ({"slope": "1"}, "slope = '1'"),
        ({"slope": 0, "flood": 0.0}, "every weight"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(given, said):
    with pytest.raises(StudyError, match=said):
        weights(given)


def test_weights_of_a_study_replace_all_defaults():
    found = weights({"slope": 2})
    assert {name: w for name, w in found.items() if w} == {"slope": 2.0}
    assert weights({"children_gained": 3})["children_in_reach"] == 3.0
    assert weights({"children_gained": 3, "children_in_reach": 1})["children_in_reach"] == 1.0
    assert weights(None) == weights({}) == {each.criterion_id: each.weight for each in CRITERIA}


def test_weights_on_nothing_that_is_measured_are_refused():
    with pytest.raises(StudyError, match=r"\[weights\] on flood alone"):
        score(["P"], bare(1), {"flood": 1.0})


def test_ids_and_values_must_be_as_many_as_parcels_and_finite():
    with pytest.raises(ContractError, match="1 parcel ids for 2 parcels"):
        score(["P"], bare(2))
    with pytest.raises(ContractError, match="criterion c0"):
        scored([[np.inf]], [1.0])
    short = replace(of([[1.0]], [1.0])[0], measure=lambda _: np.zeros(3))
    with pytest.raises(ContractError, match="criterion c0"):
        score(["P"], bare(1), criteria=[short])


def test_no_parcels_is_an_answer_too():
    found = scored(np.empty((0, 2)), [1.0, 1.0])
    assert (len(found.score), len(found.contributions), len(found.criteria)) == (0, 0, 2)
