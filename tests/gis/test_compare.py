"""Two results compared: parts that sum, the same ground under other names, unknown that stays unknown."""

import itertools
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import random_study
import reference
import shapely
import vintages
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis import compare_communes as through
from sanchoi.gis import compare_headings as headings
from sanchoi.gis import compare_inputs as went_in
from sanchoi.gis import compare_places as where
from sanchoi.gis import job, workbook
from sanchoi.gis.compare import compare
from sanchoi.gis.compare_cells import factors, places, rows
from sanchoi.gis.compare_parts import PARTS, Lack, parts
from sanchoi.gis.errors import ContractError, CRSError, SourceError
from sanchoi.gis.results import Result
from two_results import CRS, NOW, SITE, THEN, X, Y, box, cell, far, leng, result


def test_code_20938_is_another_commune_and_the_merger_no_change():
    found = compare(*leng())
    assert found.record["nothing_on_the_ground"] is True
    assert found.record["communes"]["codes_reused"] == [
        {"commune_id": "20938", "first_name": "Xã Trà Dơn", "second_name": "Xã Trà Leng", "ground_shared": 0.5}
    ]
    made = found.tables["made_of"]
    assert made[["commune_id", "first_id", "first_name"]].to_numpy().tolist() == [
        ["20938", "20935", "Xã Trà Leng"],
        ["20938", "20938", "Xã Trà Dơn"],
    ]
    np.testing.assert_allclose(made[["share_of_children", "share_of_area"]], 0.5, rtol=1e-6)
    row = found.tables["communes"].iloc[0]
    assert (row["status_then"], row["status_now"], row["change"]) == ("out_of_reach", "out_of_reach", "same")
    assert row["boundaries_alone"]  # Trà Dơn was met, Trà Leng had no play area: now one is out of reach
    assert "Xã Trà Dơn (đạt)" in row["why_vi"]
    assert "Xã Trà Leng (không có sân chơi)" in row["why_vi"]
    assert row["uncovered_then"] == row["uncovered_now"] == 20


def test_the_same_result_twice_has_no_change():
    one, _ = leng()
    found = compare(one, one)
    assert found.record["same_run"] is True
    assert found.record["headline"]["vi"] == "Không có gì thay đổi: hai kết quả là một."
    assert not len(found.tables["play_areas"])
    assert not len(found.tables["cells"])
    assert set(found.tables["inputs"]["change"]) == {"same"}
    assert all(value == 0 for sums in found.record["parts"].values() for value in sums.values())


def test_a_new_play_area_is_told_and_nothing_else():
    cells = [cell(0, "20938"), cell(1, "20938"), far(2, "20938"), cell(3, "20938", walk=40, site="T")]
    found = compare(*leng(cells=cells, sites=[*SITE, ("T", 350, 50, 700, "public")]))
    assert found.record["gained"] == pytest.approx(10)
    assert found.record["lost"] == 0
    assert found.record["causes"] == {"play_areas": pytest.approx(-10), "walks": 0}
    places_ = found.tables["play_areas"]
    assert places_[["change", "second_id", "commune_id"]].to_numpy().tolist() == [["opened", "T", "20938"]]
    row = found.tables["communes"].iloc[0]
    assert row["change"] == "better"
    assert row["why_vi"].endswith("10 trẻ nay đi bộ tới được sân chơi (sân chơi ở đây: mở 1).")
    assert found.tables["cells"]["cause"].tolist() == ["play_areas"]


def test_a_shorter_way_is_told_as_a_walk():
    cells = [cell(0, "20938"), cell(1, "20938"), cell(2, "20938", walk=250), far(3, "20938")]
    found = compare(*leng(cells=cells))
    assert found.record["causes"]["walks"] == pytest.approx(-10)
    assert found.record["walks"] == {"cells": 1, "children_longer": 0, "children_shorter": 10}
    assert found.record["nothing_on_the_ground"] is False


def test_more_children_at_the_same_coverage_are_data():
    cells = [cell(0, "20938"), cell(1, "20938"), far(2, "20938", 16), far(3, "20938")]
    found = compare(*leng(cells=cells))
    sums = found.record["parts"]["uncovered"]
    assert sums["children"] == pytest.approx(6)
    assert sums["ground"] == 0
    assert found.record["nothing_on_the_ground"] is True
    assert found.tables["communes"].iloc[0]["change"] == "same"


def test_known_only_now_is_no_improvement():
    then = result(
        THEN,
        [cell(0, "20938"), cell(1, "20938"), *(cell(c, "20935", 10, None, None, None, None) for c in (2, 3))],
        SITE,
        {"20935": False},
    )
    _, now = leng(sites=[*SITE, ("T", 350, 50, 700, "public")])
    found = compare(then, now)
    sums = found.record["parts"]["uncovered"]
    assert (sums["newly_known"], sums["ground"], sums["children"]) == (20, 0, 0)
    assert found.record["gained"] == found.record["lost"] == 0
    assert found.tables["play_areas"]["change"].tolist() == ["found"]  # nobody had looked there
    row = found.tables["communes"].iloc[0]
    assert row["status_then"] == "unknown"  # 10 to 30 of 40 children: met or not, nobody knows
    assert row["change"] == "not_comparable"
    assert "biết thêm chứ không phải tốt lên" in row["why_vi"]
    back = compare(now, then)
    assert back.record["parts"]["uncovered"]["no_longer_known"] == -20
    assert back.tables["play_areas"]["change"].tolist() == ["no_longer_looked_for"]
    assert set(back.tables["communes"]["change"]) == {"same", "not_comparable"}


def test_an_unknown_count_is_not_zero():
    cells = [cell(0, "20938"), cell(1, "20938"), far(2, "20938", None), far(3, "20938")]
    found = compare(*leng(cells=cells))
    assert found.record["parts"]["uncovered"]["no_longer_known"] == -10
    assert pd.isna(found.tables["communes"].iloc[0]["children_now"])
    told = found.record["headline"]["vi"] + " ".join(note["vi"] for note in found.record["notes"])
    assert "chưa rõ số trẻ em" in told
    assert "30" not in told  # a sum without the commune whose count is not known is no number of children
    assert "(0 trước đây, 1 nay)" in told
    assert found.record["moved_children"] == 0  # whom nobody counted has not gone elsewhere
    assert found.tables["communes"].iloc[0]["change"] == "not_comparable"


def test_another_limit_is_the_norms_doing():
    """A walk of 250 m: covered under 300, not under 200. Beside it one that became 150 m: covered under both."""
    then = result(THEN, [cell(0, "20938"), cell(1, "20938", walk=250), far(2, "20935"), far(3, "20935")], SITE)
    cells = [cell(0, "20938"), cell(1, "20938", covered=False, walk=250), cell(2, "20938", walk=150), far(3, "20938")]
    now = result(NOW, cells, SITE, run_id="two", walk_m=200.0)
    found = compare(then, now)
    sums = found.record["parts"]["uncovered"]
    assert sums["norm"] == pytest.approx(10)
    assert sums["ground"] == pytest.approx(-10)
    assert sums["undivided"] == 0
    assert "norm" in [note["code"] for note in found.record["notes"]]


def test_norms_that_cannot_be_told_apart_are_not_compared():
    then, now = leng(cells=[cell(0, "20938"), far(1, "20938"), far(2, "20938"), far(3, "20938")])
    now.run["norms"][0]["min_site_m2"] = 400.0
    found = compare(then, now)
    assert found.record["parts"]["uncovered"]["undivided"] == pytest.approx(10)
    assert found.record["parts"]["uncovered"]["ground"] == 0
    assert found.tables["communes"].iloc[0]["change"] == "not_comparable"


def test_ground_of_one_area_alone_is_kept_apart():
    only = {"20935": THEN["20935"]}
    found = compare(result(only, [far(2, "20935"), far(3, "20935")], SITE), leng()[1])
    sums = found.record["parts"]["uncovered"]
    assert (sums["only_second"], sums["ground"]) == (0, 0)  # those two cells are covered
    back = compare(leng()[1], result(only, [far(3, "20935")], SITE))
    assert back.record["parts"]["uncovered"]["only_first"] == 0
    assert (
        back.record["parts"]["uncovered"]["children"] == -10
    )  # the cell is in both areas; nobody is counted there now
    assert found.tables["communes"].iloc[0]["change"] == "not_comparable"  # half of it was never looked at
    assert "không có vùng này" in found.tables["communes"].iloc[0]["why_vi"]


def test_children_who_share_a_place_with_more_are_no_change_of_the_ground():
    then, _ = leng()
    cells = [cell(0, "20938", m2=1.0), cell(1, "20938", 30, m2=1.0), far(2, "20938"), far(3, "20938")]
    found = compare(then, leng(cells=cells)[1])
    sums = found.record["parts"]["lacking"]
    assert sums["ground"] == 0
    assert sums["sharing"] == pytest.approx(10 + 20)  # at the mean of the children then and now
    assert found.record["nothing_on_the_ground"] is True


# --- parts ------------------------------------------------------------------------------------------------------------

ROW = st.tuples(st.one_of(st.none(), st.integers(0, 9)), st.sampled_from(["bad", "good", "?"]))
SIDE = st.one_of(st.none(), st.lists(ROW, max_size=3))


def lack(sides):
    def column(pick):
        return np.array([[pick(rows_ or [])] for rows_ in sides], dtype=float).reshape(len(sides), 1)

    return Lack(
        column(lambda r: sum(n or 0 for n, _ in r)),
        column(lambda r: sum(n or 0 for n, state in r if state == "bad")),
        column(lambda r: sum(n or 0 for n, state in r if state == "?")),
        column(lambda r: any(n is None for n, _ in r)) > 0,
        np.array([rows_ is not None for rows_ in sides]),
    )


@given(st.lists(st.tuples(SIDE, SIDE), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_parts_are_those_of_the_slow_loop_and_sum_to_the_change(pairs):
    one, two = lack([a for a, _ in pairs]), lack([b for _, b in pairs])
    found = parts(one, two, same_norm=True)
    for k, (a, b) in enumerate(pairs):
        slow = reference.change_parts(a, b) if a is not None or b is not None else {}
        for name in PARTS:
            assert found[name][k, 0] == pytest.approx(slow.get(name, 0.0), abs=1e-12)
    np.testing.assert_allclose(sum(found.values()), two.bad - one.bad, atol=1e-12)
    back = parts(two, one, same_norm=True)
    swap = {"newly_known": "no_longer_known", "only_first": "only_second"}
    swap |= {value: key for key, value in swap.items()}
    for name in PARTS:
        np.testing.assert_allclose(back[swap.get(name, name)], -found[name], atol=1e-12)


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 2, *[st.floats(0, 1)] * 4), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_norm_and_ground_sum_to_the_whole_whatever_comes_first(rows_):
    p1, p2, b11, b12, b22, b21 = (np.array(column, dtype=float)[:, None] for column in zip(*rows_, strict=True))
    none, inside = np.zeros_like(p1), np.ones(len(p1), dtype=bool)

    def side(people, own, other):
        return Lack(people, people * own, none, none > 0, inside, people * other)

    one, two = side(p1, b11, b12), side(p2, b22, b21)
    found, back = parts(one, two, same_norm=False), parts(two, one, same_norm=False)
    np.testing.assert_allclose(sum(found.values()), two.bad - one.bad, atol=1e-12)
    for name in ("children", "norm", "ground"):
        np.testing.assert_allclose(back[name], -found[name], atol=1e-12)


# --- random studies ---------------------------------------------------------------------------------------------------


def pair(seed):
    """Two results of one random land: the second with other play areas, counts and surveyed flags."""
    rng = np.random.default_rng(seed)
    study = random_study.study(rng)
    one = random_study.inputs(rng, study)
    flags = one.communes.assign(surveyed=rng.random(len(one.communes)) < 0.8)
    counts = np.where(rng.random(one.counts.shape) < 0.1, np.nan, one.counts + rng.integers(0, 50, one.counts.shape))
    two = replace(one, communes=flags, counts=counts, play_areas=random_study.play_areas(rng))
    return study, one, two


@pytest.mark.parametrize("seed", range(3))
def test_random_changes_sum_and_turn_round(seed):
    study, one, two = pair(seed)
    a, b = job.measure(study, one), job.measure(study, two)
    there, back = compare(a, b), compare(b, a)
    for measure, sums in there.record["parts"].items():
        sides = [getattr(side, measure) for side in (there.aligned.first, there.aligned.second)]
        change = sides[1].bad.sum() - sides[0].bad.sum()
        assert sum(sums.values()) == pytest.approx(change, abs=1e-8)
        other = back.record["parts"][measure]
        for name in ("children", "norm", "ground", "places", "sharing", "undivided", "unknown_both"):
            assert other[name] == pytest.approx(-sums[name], abs=1e-8)
        assert other["newly_known"] == pytest.approx(-sums["no_longer_known"], abs=1e-8)
    assert back.record["gained"] == pytest.approx(there.record["lost"], abs=1e-8)
    uncovered = b.tables["gaps"].query("band == 'all'")["children_uncovered"].sum()
    whole = there.tables["communes"]
    known = b.tables["communes"]["surveyed"].all() and not b.tables["gaps"]["children_uncovered"].isna().any()
    if known:
        assert there.record["second"]["uncovered"] == pytest.approx(uncovered, abs=1e-6)
    for name in PARTS:
        assert whole[f"uncovered_{name}"].sum() == pytest.approx(there.record["parts"]["uncovered"][name], abs=1e-7)
    turn = {"better": "worse", "worse": "better"}
    assert back.tables["communes"]["change"].tolist() == [turn.get(c, c) for c in whole["change"]]
    kinds = {"opened": "closed", "found": "no_longer_looked_for", "listed": "unlisted", "only_first": "only_second"}
    kinds |= {value: key for key, value in kinds.items()}
    assert sorted(kinds.get(k, k) for k in back.tables["play_areas"]["change"]) == sorted(
        there.tables["play_areas"]["change"]
    )


@pytest.mark.parametrize("seed", range(3))
def test_random_results_with_themselves_have_no_change(seed):
    study, one, _ = pair(seed)
    a = job.measure(study, one)
    found = compare(a, a)
    assert found.record["same_run"] is True
    assert not len(found.tables["play_areas"])
    rows_ = found.tables["communes"]
    gaps = a.tables["gaps"].query("band == 'all'")
    for mine, own in zip(rows_.to_dict("records"), gaps.to_dict("records"), strict=True):
        if "area_unknown" not in own["flags"]:
            assert mine["status_then"] == own["status"]
        assert mine["status_then"] in (own["status"], "unknown")
        assert mine["children_then"] == pytest.approx(own["children"], nan_ok=True)


@pytest.mark.parametrize("seed", range(4))
def test_a_random_merger_is_no_change_and_the_earlier_cells_give_the_later_status(seed):
    """Four communes become two; their children are counted for the same zones: only names and borders differ."""
    rng = np.random.default_rng(100 + seed)
    study = random_study.study(rng)
    one = random_study.inputs(rng, study)
    four = one.communes[~one.communes["halo"]].assign(surveyed=True)
    counts = np.nan_to_num(one.counts[: len(four)], nan=7.0)
    shapes = [shapely.union_all(four.geometry.to_numpy()[k : k + 2]) for k in (0, 2)]
    names = {"commune_id": ["c1", "c9"], "name": ["Xã Mới", "Xã Chín"], "vintage": "2030-01-01"}
    merged = four.iloc[:2].assign(**names).set_geometry(gpd.GeoSeries(shapes, four.index[:2], CRS))
    zones = four[["commune_id", "halo", "geometry"]]
    results = [job.measure(study, replace(one, communes=each, zones=zones, counts=counts)) for each in (four, merged)]
    found = compare(*results)
    assert found.record["nothing_on_the_ground"] is True or not found.record["comparable"]["cells"]
    for sums in found.record["parts"].values():
        for name in ("ground", "norm", "undivided", "only_first", "only_second", "newly_known", "no_longer_known"):
            assert sums[name] == pytest.approx(0, abs=1e-9)
        assert sums["children"] == pytest.approx(0, abs=1e-9)
    assert found.record["first"]["children"] == pytest.approx(found.record["second"]["children"], rel=1e-12)
    rows_ = found.tables["communes"]
    assert set(rows_["change"]) <= {"same", "not_comparable"}
    gaps = results[1].tables["gaps"].query("band == 'all'")
    for mine, own in zip(rows_.to_dict("records"), gaps.to_dict("records"), strict=True):
        if "area_unknown" not in own["flags"]:
            assert mine["status_then"] == own["status"]
    made = found.tables["made_of"]
    assert made.groupby("commune_id")["first_id"].apply(sorted).to_dict() == {"c1": ["c0", "c1"], "c9": ["c2", "c3"]}
    own = results[0].tables["gaps"].query("band == 'all'").set_index("commune_id")["children"]
    np.testing.assert_allclose(made["children"], own[made["first_id"]], rtol=1e-9)  # each went whole into one


def merged_homes(seed):
    """Six communes whose borders run through the middle of cells become two; homes say where in a cell children stand."""
    rng = np.random.default_rng(200 + seed)
    study = random_study.study(rng)
    one = random_study.inputs(rng, study)
    at = rng.uniform(5, random_study.SIDE - 5, (400, 2))
    homes = gpd.GeoDataFrame({"storeys": [1.0] * 400}, geometry=gpd.points_from_xy(X + at[:, 0], Y + at[:, 1]), crs=CRS)
    boxes = [box(x, y, 350, 450) for y in (0, 450) for x in (0, 350, 700)]
    columns = {"commune_id": [f"c{i}" for i in range(6)], "vintage": "2025-07-01", "name": "Xã", "kind": None}
    more = {"halo": False, "surveyed": True, "population": np.nan}
    six = gpd.GeoDataFrame({**columns, **more}, geometry=boxes, crs=CRS)
    two = six.iloc[:2].assign(commune_id=["d0", "d1"])
    two = two.set_geometry(gpd.GeoSeries([shapely.union_all(boxes[:3]), shapely.union_all(boxes[3:])], crs=CRS))
    land = replace(one, zones=six[["commune_id", "halo", "geometry"]], counts=np.full((6, 2), 60.0))
    land = replace(land, layers=replace(one.layers, buildings=homes), play_areas=random_study.play_areas(rng))
    return compare(*(job.measure(study, replace(land, communes=each)) for each in (six, two)))


def test_a_merger_where_homes_place_the_children_is_no_change_either():
    """A border through a cell parts its homes: children stand at two places, and at one between them once it is gone."""
    moved = []
    for seed in range(4):
        found = merged_homes(seed)
        sums = found.record["parts"]["uncovered"]
        assert found.record["nothing_on_the_ground"] is True or not found.record["comparable"]["cells"]
        assert sums["ground"] == sums["norm"] == sums["undivided"] == 0
        assert set(found.tables["communes"]["change"]) <= {"same", "not_comparable"}
        sides = [side.uncovered.bad.sum() for side in (found.aligned.first, found.aligned.second)]
        assert sum(sums.values()) == pytest.approx(sides[1] - sides[0], abs=1e-8)
        moved.append(abs(sums["places"]))
    assert max(moved) > 0.1


# --- communes ---------------------------------------------------------------------------------------------------------


@given(st.integers(0, 3), st.integers(0, 3), st.lists(st.integers(20, 380), min_size=1, max_size=3, unique=True))
@settings(max_examples=12, deadline=None)
def test_rows_are_split_by_exact_areas(column, row, cuts):
    """A commune of 400 × 400 m, cut by later borders at any metre; a cell's children go by the area of each strip."""
    edges = [30, *sorted(cuts), 390]  # the later communes leave 30 m in the west and 10 m in the east
    later = {f"b{k}": (f"B{k}", a, 0, b - a, 400) for k, (a, b) in enumerate(itertools.pairwise(edges)) if b > a}
    first = result({"a": ("A", 0, 0, 400, 400)}, [(column, row, "a", 12, True, 10, "S", 1.0)])
    outlines = [
        gpd.GeoSeries([box(*each[1:]) for each in communes.values()], crs=CRS)
        for communes in ({"a": ("A", 0, 0, 400, 400)}, later)
    ]
    mine = rows(first.tables, ["0-14"], {"0-14": None})
    cut = through.split(mine, *outlines)
    strips = [(b[1], 0, b[1] + b[3], 400) for b in later.values()]
    square = (100 * column, 100 * row, 100 * column + 100, 100 * row + 100)
    expected = reference.split_by_hand(square, (0, 0, 400, 400), strips)
    found = np.zeros(len(strips) + 1)
    np.add.at(found, np.where(cut.commune < 0, len(strips), cut.commune), cut.share)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert found.sum() == pytest.approx(1, abs=1e-12)


# --- cells ------------------------------------------------------------------------------------------------------------


def test_cells_that_nest_are_summed_and_others_refused():
    assert factors(100.0, 100.0) == (1, 1)
    assert factors(50.0, 100.0) == (2, 1)
    assert factors(100.0, 25.0) == (1, 4)
    with pytest.raises(ContractError, match="do not nest"):
        factors(100.0, 150.0)


@pytest.mark.parametrize("seed", [0])
def test_finer_cells_keep_every_child(seed):
    study, one, _ = pair(seed)
    raw = {**study.raw, "study": {**study.raw["study"], "cell_m": 50}}
    fine = job.measure(random_study.parse(raw), one)
    coarse = job.measure(study, one)
    found = compare(fine, coarse)
    assert found.record["cell_m"] == 100
    assert "cell_m" in [note["code"] for note in found.record["notes"]]
    for side, made in ((found.aligned.first, fine), (found.aligned.second, coarse)):
        total = made.tables["cell_bands"]["children"].sum()
        assert side.uncovered.people.sum() == pytest.approx(total, rel=1e-13)


def test_ids_of_cells_say_where_they_lie():
    size, row, col = places(pd.Series(["100mN17512E5630", "100mN-3E-1"], dtype="str"))
    assert (size, row.tolist(), col.tolist()) == (100.0, [17512, -3], [5630, -1])
    for bad in (["cell 7"], ["100mN1E1", "50mN1E1"]):
        with pytest.raises(ContractError, match="tables of cells"):
            places(pd.Series(bad, dtype="str"))


# --- places -----------------------------------------------------------------------------------------------------------


def drawn(*sites):
    return gpd.GeoDataFrame({"play_area_id": [s[0] for s in sites]}, geometry=[s[1] for s in sites], crs=CRS)


def point(x, y):
    return shapely.Point(X + x, Y + y)


def test_places_are_matched_by_ground_and_not_by_an_id_used_again():
    one = drawn(("A", point(0, 0)), ("B", point(1000, 0)), ("C", box(2000, 0, 40, 40)), ("D", point(3000, 0)))
    two = drawn(
        ("B", point(3, 0)),
        ("X", point(1000, 4)),
        ("C2", box(2010, 0, 40, 40)),
        ("D", point(3060, 0)),
        ("A", point(9000, 0)),
    )
    assert where.match(one, two) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert where.match(two, one) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_an_id_decides_between_places_that_share_ground():
    one = drawn(("P", box(0, 0, 50, 50)), ("Q", point(25, 25)))
    two = drawn(("Q", point(26, 25)), ("P", box(0, 0, 50, 50)))
    assert where.match(one, two) == [(0, 1), (1, 0)]


def test_each_kind_of_change_of_a_place():
    then = result(
        THEN,
        [cell(0, "20938")],
        [
            ("a", 10, 10, 500, "public"),
            ("b", 110, 10, 500, "public"),
            ("c", 150, 60, None, "public"),
            ("d", 350, 50, 90, "closed"),
            ("e", 250, 20, 80, "public"),
        ],
    )
    now = result(
        NOW,
        [cell(0, "20938")],
        [
            ("a", 10, 10, 900, "public"),
            ("b", 110, 10, 500, "fee"),
            ("c", 150, 60, 300, "public"),
            ("n", 250, 20, 80, "public"),
        ],
        run_id="two",
    )
    found = compare(then, now).tables["play_areas"]
    pairs = zip(found["first_id"].fillna(""), found["second_id"].fillna(""), found["changes"], strict=True)
    told = {f"{one}>{two}": change for one, two, change in pairs}
    assert told == {"a>a": "resized", "b>b": "closed;access", "c>c": "measured", "d>": "unlisted", "e>n": "renamed"}


# --- what went in -----------------------------------------------------------------------------------------------------


def test_children_data_are_the_same_only_where_zones_carry_them():
    def run(communes, zones=True):
        files = [{"layer": "communes", "sha256": communes}, {"layer": "children", "sha256": "c"}]
        files += [{"layer": "children zones", "sha256": "z"}] if zones else []
        return {"inputs": files, "settings": {"study": {"children": {}}}}

    assert went_in.same_children(run("a"), run("b"))
    assert not went_in.same_children(run("a", False), run("b", False))
    assert went_in.same_children(run("a", False), run("b", False), outlines=True)
    assert went_in.same_children(run("a", False), run("a", False))


def test_what_differs_is_listed_with_both_sides():
    then, now = leng(inputs=[{"layer": "communes", "sha256": "b", "path": "b.gpkg", "rows": 1}])
    then.run["inputs"].append({"layer": "communes", "sha256": "a", "path": "a.gpkg", "rows": 2})
    then.run["sources"].append({"layer": "children", "name": "Census", "date": "2019-04-01"})
    now.run["sources"].append({"layer": "children", "name": "Census", "date": "2024-04-01"})
    rows_ = {(r["what"], r["key"]): r["change"] for r in went_in.differences(then.run, now.run)}
    assert rows_["input", "communes"] == "changed"
    assert rows_["source", "children"] == "changed"
    assert rows_["setting", "cell_m"] == "same"


def test_tables_in_words_hide_no_formula_and_put_the_finding_first():
    then, now = leng(cells=[far(0, "20938"), cell(1, "20938"), far(2, "20938"), far(3, "20938")])
    then.tables["cells"]["play_area_id"] = pd.array(["=S"] * 4, dtype="str")
    found = compare(then, now)
    cells_ = workbook.harmless(headings.said("cells", found.tables["cells"], "vi"))
    assert cells_["Sân gần nhất trước"].tolist() == ["'=S"]
    table = headings.said("communes", found.tables["communes"], "vi")
    assert table.columns[:5].tolist() == [
        "Mã xã/phường",
        "Địa giới từ ngày",
        "Tên",
        "Thay đổi",
        "Tình trạng trước, trên cùng phần đất",
    ]


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_what_cannot_be_compared_is_refused_in_both_languages():
    then, now = leng()
    lost = Result({k: v for k, v in now.tables.items() if k != "cell_bands"}, now.run)
    with pytest.raises(SourceError, match="result B has no table cell_bands") as told:
        compare(then, lost)
    assert "không có bảng cell_bands" in told.value.vi
    with pytest.raises(SourceError, match="does not say how"):
        compare(Result(then.tables, {"run_id": "x"}), now)
    other = Result(now.tables, {**now.run, "study": {**now.run["study"], "crs": "EPSG:9217"}})
    with pytest.raises(CRSError, match="EPSG:5899 and EPSG:9217"):
        compare(then, other)
    away = {"1": ("Xa", 90_000, 0, 100, 100)}
    with pytest.raises(CRSError, match="share no ground"):
        compare(then, result(away, [(900, 0, "1", 5, True, 1, "S", 1.0)]))
    bands = Result(now.tables, {**now.run, "settings": {**now.run["settings"], "bands": ["0-5"]}})
    with pytest.raises(ContractError, match="not of the same ages"):
        compare(then, bands)


# --- Quảng Nam --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def quang_nam(tmp_path_factory):
    """Results of 2019, of 2025, and of 2025 with one play area closed, on cells of 500 m."""
    folder = tmp_path_factory.mktemp("quang-nam")
    inventory = vintages.play_areas()
    inventory.to_file(folder / "all.gpkg", driver="GPKG")
    inventory[inventory["id"] != "P100"].to_file(folder / "less.gpkg", driver="GPKG")
    made = {}
    for name, vintage, layer in (
        ("2019", "2019-04-01", "all"),
        ("2025", "2025-07-01", "all"),
        ("less", "2025-07-01", "less"),
    ):
        vintages.write(folder / name, vintage, folder / f"{layer}.gpkg", cell_m=500)
        made[name] = job.run(folder / name)
    return made


def test_the_merger_of_quang_nam_is_no_change(quang_nam):
    found = compare(quang_nam["2019"], quang_nam["2025"])
    record = found.record
    assert (record["first"]["communes"], record["second"]["communes"]) == (244, 78)
    assert record["nothing_on_the_ground"] is True
    assert record["first"]["children"] == pytest.approx(363_994, rel=1e-9)
    assert record["second"]["children"] == pytest.approx(363_994, rel=1e-9)
    assert set(found.tables["communes"]["change"]) == {"same"}
    assert record["communes"]["boundaries_alone"] > 10
    assert record["same_children_data"] is True
    codes = {each["commune_id"]: each for each in record["communes"]["codes_reused"]}
    assert (codes["20938"]["first_name"], codes["20938"]["second_name"]) == ("Xã Trà Dơn", "Xã Trà Leng")
    made = found.tables["made_of"].query("commune_id == '20938' and share_of_area > 0.05")
    assert set(made["first_name"]) == {"Xã Trà Dơn", "Xã Trà Leng"}
    parents = found.tables["made_of"].groupby("first_id")["share_of_first"].sum()
    assert (parents <= 1 + 1e-9).all()


def test_one_play_area_closed_in_quang_nam_is_told_and_nothing_else(quang_nam):
    found = compare(quang_nam["2019"], quang_nam["less"])
    places_ = found.tables["play_areas"]
    assert places_[["change", "first_id"]].to_numpy().tolist() == [["closed", "P100"]]
    assert found.record["gained"] == 0
    known = [
        quang_nam[name].tables["gaps"].query("band == 'all'")["children_uncovered"].sum() for name in ("2025", "less")
    ]
    assert found.record["lost"] == pytest.approx(
        known[1] - known[0], rel=1e-3
    )  # at the mean of both rakings of the children
    assert found.record["lost"] > 1
    changed = found.tables["communes"].query("change != 'same'")
    assert changed["change"].tolist() == ["worse"]
    home = quang_nam["2025"].tables["play_areas"].set_index("play_area_id")["commune_id"]["P100"]
    assert changed["commune_id"].tolist() == [home]
    assert "đóng 1" in changed["why_vi"].iloc[0]


def test_communes_of_another_file_are_the_same_where_ids_and_outlines_are():
    """As after a survey, whose file has one column more; a corner that moved, or another id, makes them others."""
    one, _ = leng()
    communes = one.tables["communes"]
    turned = communes.iloc[::-1].assign(surveyed=True)
    assert went_in.same_outlines(one, replace(one, tables={**one.tables, "communes": turned}))
    moved = communes.assign(geometry=[shapely.affinity.translate(each, 1e-6) for each in communes.geometry])
    assert not went_in.same_outlines(one, replace(one, tables={**one.tables, "communes": moved}))
    named = communes.assign(commune_id=["x", *communes["commune_id"][1:]])
    assert not went_in.same_outlines(one, replace(one, tables={**one.tables, "communes": named}))
