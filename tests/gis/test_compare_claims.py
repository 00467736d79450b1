"""What a comparison must not claim: that nothing changed where nobody can tell, and that what was learned was built or lost."""

import numpy as np
import pandas as pd
import pytest
from sanchoi.gis import compare_inputs as went_in
from sanchoi.gis import compare_sentences as sentences
from sanchoi.gis import compare_words as words
from sanchoi.gis.compare import compare
from two_results import NOW, SITE, THEN, cell, far, leng, result

FILES = [{"layer": "communes", "sha256": "a"}, {"layer": "children", "sha256": "c"}]
ALL = [cell(0, "20938"), cell(1, "20938"), far(2, "20938"), far(3, "20938")]


def codes(found):
    return [note["code"] for note in found.record["notes"]]


def test_norms_that_cannot_be_told_apart_claim_nothing_of_the_ground():
    """Ten children more are not covered, under a norm that asks for a least size: by it or by a closure, nobody can tell."""
    then, now = leng(cells=[cell(0, "20938"), cell(1, "20938", covered=False), far(2, "20938"), far(3, "20938")])
    now.run["norms"][0]["min_site_m2"] = 400.0
    for one, two in ((then, now), (now, then)):
        told = compare(one, two).record["headline"]
        assert "no child gained or lost" not in told["en"]
        assert "không trẻ nào" not in told["vi"]
        assert "cannot be told" in told["en"]
        assert "không tách được" in told["vi"]


def test_an_unknown_count_then_is_not_read_as_nobody():
    """Of 40 children the earlier result counted 20, 10 of them not covered: how many of all were not is not known."""
    then = result(
        THEN, [cell(0, "20938"), cell(1, "20938", None), far(2, "20935"), far(3, "20935", None)], SITE, inputs=FILES
    )
    row = compare(then, leng()[1]).tables["communes"].iloc[0]
    assert pd.isna(row["children_then"])
    assert pd.isna(row["uncovered_then"])


def test_half_of_a_commune_is_not_told_as_the_whole_then():
    """The earlier result holds Trà Leng alone: 20 of the 40 children of today's commune."""
    only = {"20935": THEN["20935"]}
    then = result(only, [far(2, "20935"), far(3, "20935")], SITE)
    row = compare(then, leng()[1]).tables["communes"].iloc[0]
    assert row["area_share_then"] == pytest.approx(0.5)
    assert pd.isna(row["children_then"])
    assert pd.isna(row["uncovered_then"])


@pytest.mark.parametrize("turned", [False, True])
def test_another_area_is_no_change_of_the_children(turned):
    """The same files, one result of Trà Leng alone: 20 children live where the other does not look. Nobody moved."""
    only = {"20935": THEN["20935"]}
    four = [cell(0, "20938"), cell(1, "20938"), far(2, "20935"), far(3, "20935")]
    both = result(THEN, four, SITE, inputs=FILES)
    half = result(only, [far(2, "20935"), far(3, "20935")], SITE, inputs=FILES, run_id="two")
    found = compare(*((half, both) if turned else (both, half)))
    assert found.record["moved_children"] == 0
    assert found.record["outside"] == {"children_then": 0 if turned else 20, "children_now": 20 if turned else 0}
    assert codes(found) == ["extent"]
    told = found.record["headline"]
    assert "children on the ground that both cover are still 20" in told["en"]
    assert "trẻ em trên phần đất chung vẫn là 20" in told["vi"]
    assert "merger" not in told["en"]


def test_children_who_moved_are_counted_once():
    """Five leave the first cell for the third; whom only one side counts has not moved."""
    cells = [cell(0, "20938", 5), cell(1, "20938"), far(2, "20938", 15), far(3, "20938", 12)]
    assert compare(*leng(cells=cells)).record["moved_children"] == 5


def test_the_same_children_from_another_file_are_not_told_to_differ():
    then, now = leng(inputs=[FILES[0], {"layer": "children", "sha256": "with a column of notes"}])
    then.run["inputs"] = FILES
    assert codes(compare(then, now)) == []


def crowd(first_m2, second_m2, near):
    """A hundred children with so much ground each, and two who are far from any, or beside a new place."""
    last = cell(2, "20938", 2, walk=40, site="T") if near else far(2, "20938", 2)
    cells = [cell(0, "20938", 50, m2=first_m2), cell(1, "20938", 50, m2=second_m2), last, far(3, "20938", 0)]
    sites = [("S", 50, 50, 100 * first_m2, "public"), *([("T", 250, 50, 20, "public")] if near else [])]
    return result(NOW, cells, sites, run_id=f"{near}", inputs=FILES)


def test_a_few_who_gained_do_not_hide_the_many_who_lost():
    """Two children can walk to a place now; a hundred find half of the ground that they had: 98 more in all lack something."""
    then, now = crowd(3.0, 3.0, near=False), crowd(1.0, 1.0, near=True)
    found, back = compare(then, now), compare(now, then)
    assert found.record["parts"]["lacking"]["ground"] == pytest.approx(98)
    row, turned = (each.tables["communes"].iloc[0] for each in (found, back))
    assert (row["change"], turned["change"]) == ("worse", "better")
    assert "2 children can now walk to a play area, 98 children no longer find enough ground" in row["why_en"]
    assert "2 children can no longer walk to a play area, 98 children now find enough ground" in turned["why_en"]
    assert "98 children no longer find enough ground" in found.record["headline"]["en"]
    assert "98 trẻ nay có đủ đất chơi" in back.record["headline"]["vi"]


def test_a_place_that_shrank_is_told_in_the_finding():
    found = compare(crowd(3.0, 3.0, near=False), crowd(1.0, 1.0, near=False))
    told = found.record["headline"]["en"]
    assert "no child gained or lost a play area within reach; 100 children no longer find enough ground" in told


def test_less_than_a_child_hides_nobody():
    """A fifth of a child lost its play area, a hundred children half of their ground."""
    record = compare(crowd(3.0, 3.0, near=False), crowd(1.0, 1.0, near=False)).record
    record["parts"]["uncovered"]["ground"] = record["lost"] = 0.2
    assert "100 children no longer find enough ground" in words.headline(record)["en"]


def test_barriers_that_only_one_study_knows_are_no_change_of_the_ground():
    """The later study was given the river that was always there: ten children are found not to cross it."""
    then, now = leng(cells=[cell(0, "20938"), far(1, "20938"), far(2, "20938"), far(3, "20938")])
    now.run["settings"]["study"]["barriers"] = {"path": "river.gpkg"}
    for one, two in ((then, now), (now, then)):
        found = compare(one, two)
        sums = found.record["parts"]["uncovered"]
        assert found.record["same_method"] is False
        assert (sums["ground"], abs(sums["undivided"])) == (0, pytest.approx(10))
        assert found.tables["communes"]["change"].iloc[0] in ("not_comparable",)
        rows = found.tables["inputs"]
        changed = rows[(rows["what"] == "setting") & (rows["change"] != "same")]
        assert changed["key"].tolist() == ["barriers"]
        assert codes(found)[:2] == ["method", "undivided"]  # and no word of another norm


def test_a_status_that_the_way_of_measuring_changed_is_put_down_to_it():
    row = {"uncovered_newly_known": 0.0, "uncovered_no_longer_known": 0.0, "uncovered_unknown_both": 0.0}
    known = {"same_norm": False, "same_rules": True}
    assert sentences._cause(row, known) == "by_method"
    assert sentences._cause(row, {**known, "same_rules": False}) == "by_norm"


@pytest.mark.parametrize(("section", "key"), [("barriers", "path"), ("play_areas", "gates"), ("network", "bridge")])
def test_how_a_walk_is_measured_is_more_than_its_network(section, key):
    then, now = leng()
    assert went_in.same_method(then.run, now.run)
    now.run["settings"]["study"][section] = {key: "x.gpkg"}
    assert not went_in.same_method(then.run, now.run)
    then.run["settings"]["study"][section] = {key: "y.gpkg"}
    assert went_in.same_method(then.run, now.run)


@pytest.mark.parametrize("known", ["public", "closed"])
def test_learning_who_may_enter_is_no_change_of_the_ground(known):
    """Whether the public may enter S was not known, and it was taken to; now it is: open as thought, or closed all along."""
    cells = ALL[:2] if known == "public" else [far(0, "20938", walk=None), far(1, "20938", walk=None)]
    then = result(NOW, ALL[:2], [("S", 50, 50, 500, "unknown")], inputs=FILES)
    now = result(NOW, cells, [("S", 50, 50, 500, known)], run_id="two", inputs=FILES)
    there, back = compare(then, now), compare(now, then)
    for found, part, sign in ((there, "newly_known", 1), (back, "no_longer_known", -1)):
        assert found.tables["play_areas"]["change"].tolist() == ["learned"]
        assert found.record["nothing_on_the_ground"] is (True if known == "public" else None)
        assert found.record["gained"] == found.record["lost"] == 0
        for measure in ("uncovered", "lacking"):
            sums = found.record["parts"][measure]
            assert sums["ground"] == 0
            assert sums[part] == pytest.approx(0 if known == "public" else sign * 20)
        assert found.tables["communes"]["change"].iloc[0] == ("same" if known == "public" else "not_comparable")


def test_no_children_now_is_not_unknown_children():
    then, now = leng(cells=[cell(k, "20938", 0) for k in range(4)], status={"20938": "no_children"})
    row = compare(then, now).tables["communes"].iloc[0]
    assert (row["change"], row["status_now"]) == ("same", "no_children")
    assert "not known" not in row["why_en"]


@pytest.mark.parametrize("which", [0, 1])
def test_invented_data_are_told(which):
    pair = leng()
    pair[which].run["study"]["synthetic"] = True
    pair[which].run["study"]["estimate"] = True
    found = compare(*pair)
    assert f"synthetic_{which + 1}" in codes(found)
    assert f"estimate_{which + 1}" in codes(found)


def test_numbers_of_a_commune_are_those_of_its_cells():
    """Trà Leng then: 20 not covered of 40, whichever of both results is asked."""
    row = compare(*leng()).tables["communes"].iloc[0]
    assert (row["children_then"], row["uncovered_then"]) == (40, 20)
    assert np.isclose(row["area_share_then"], 1)


NEIGHBOUR = ("T", 250, 50, 500, "public")
"""A play area just beyond the border, within reach of the second cell of Trà Dơn."""


def beside(sites, seen, m2=3.0):
    """Trà Dơn, whose second cell only T could serve, beside Trà Leng."""
    near = [cell(0, "20938"), cell(1, "20938", walk=100, site="T", m2=m2) if seen else far(1, "20938")]
    return [*near, cell(2, "20935", site="T"), cell(3, "20935", site="T")], sites


def turned(found, part, count):
    sums = found.record["parts"]["uncovered"]
    assert found.record["gained"] == found.record["lost"] == 0
    assert sums["ground"] == 0
    assert sums[part] == pytest.approx(count)
    assert sums["children"] == pytest.approx(0)
    assert sum(sums.values()) == pytest.approx(sum(sums[key] for key in (part, "only_first", "only_second")))
    assert "can now walk" not in found.record["headline"]["en"]
    assert "can no longer walk" not in found.record["headline"]["en"]


def test_a_place_that_a_survey_found_next_door_was_not_built():
    """Nobody had surveyed Trà Leng. Ten children of Trà Dơn, which was surveyed, are found to reach its play area."""
    blind = [cell(c, "20935", 10, None, None, None, None) for c in (2, 3)]
    then = result(THEN, [cell(0, "20938"), far(1, "20938"), *blind], SITE, {"20935": False}, inputs=FILES)
    cells, sites = beside([*SITE, NEIGHBOUR], seen=True)
    now = result(THEN, cells, sites, run_id="two", inputs=FILES)
    there, back = compare(then, now), compare(now, then)
    turned(there, "newly_known", -10)
    turned(back, "no_longer_known", 10)
    assert there.tables["play_areas"]["change"].tolist() == ["found"]
    assert there.tables["play_areas"]["not_known_in"].tolist() == ["first"]
    assert there.record["parts"]["lacking"]["ground"] == 0
    row = there.tables["communes"].set_index("commune_id").loc["20938"]
    assert (row["change"], row["status_then"], row["status_now"]) == ("same", "out_of_reach", "met")
    assert "what only one of the results knows" in row["why_en"]


def test_a_place_beyond_the_border_of_one_result_was_not_built():
    """The earlier result ends where Trà Dơn does, and knows of no place beyond."""
    then = result({"20938": THEN["20938"]}, [cell(0, "20938"), far(1, "20938")], SITE, inputs=FILES)
    cells, sites = beside([*SITE, NEIGHBOUR], seen=True)
    now = result(THEN, cells, sites, run_id="two", inputs=FILES)
    there, back = compare(then, now), compare(now, then)
    turned(there, "newly_known", -10)
    turned(back, "no_longer_known", 10)
    assert there.tables["play_areas"]["change"].tolist() == ["only_second"]


def test_what_was_written_of_an_unsurveyed_place_is_no_change_of_it():
    """T stood on a map with another size, and as closed, while nobody had surveyed Trà Leng."""
    blind = [cell(c, "20935", 10, None, None, None, None) for c in (2, 3)]
    old = ("T", 250, 50, 90, "closed")
    then = result(THEN, [cell(0, "20938"), far(1, "20938"), *blind], [*SITE, old], {"20935": False}, inputs=FILES)
    cells, sites = beside([*SITE, NEIGHBOUR], seen=True)
    now = result(THEN, cells, sites, run_id="two", inputs=FILES)
    there, back = compare(then, now), compare(now, then)
    turned(there, "newly_known", -10)
    turned(back, "no_longer_known", 10)
    assert there.tables["play_areas"]["changes"].tolist() == ["corrected"]
    assert there.record["play_areas_changed"] == 0
    assert there.record["nothing_on_the_ground"] is True


def test_a_place_that_opened_where_both_had_looked_was_built():
    cells, sites = beside(SITE, seen=False)
    then = result(THEN, cells, sites, inputs=FILES)
    cells, sites = beside([*SITE, NEIGHBOUR], seen=True)
    found = compare(then, result(THEN, cells, sites, run_id="two", inputs=FILES))
    assert found.tables["play_areas"]["change"].tolist() == ["opened"]
    assert found.record["gained"] == pytest.approx(10)
