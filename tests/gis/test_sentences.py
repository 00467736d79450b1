"""Sentences: numbers in the writing of each language, never rounded across the target, parts that sum."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis.sentences import Facts, number, percent, sentence, whole
from sanchoi.gis.tables import PARTS


def facts(**changes):
    values = {
        "name": "Xã A",
        "band": "all",
        "status": "out_of_reach",
        "children": 1000.0,
        "uncovered": 250.0,
        "covered_share": 0.75,
        "enough_share": None,
        "target_share": 0.8,
        "walk_m": 300.0,
        "asked_m2": None,
        "access_m2": None,
        "shortfall_m2": None,
        "parts": {"barrier": 50.0, "detour": 0.0, "area": 0.0, "supply": 200.0},
        "why": "",
    }
    return Facts(**{**values, **changes})


def test_numbers_are_written_as_the_language_does():
    assert number(1234.5, "vi", 1) == "1.234,5"
    assert number(1234.5, "en", 1) == "1,234.5"


def test_out_of_reach_in_both_languages():
    assert sentence(facts(), "en") == (
        "250 of 1,000 children (25 %) cannot walk to a play area within 300 m. "
        "Not served: 250 children: 200 because no play area is near at all, 50 because a river or main road is in the way."
    )
    assert sentence(facts(), "vi") == (
        "250 trong 1.000 trẻ em (25 %) không đi bộ được tới sân chơi trong 300 m. "
        "Chưa được phục vụ: 250 trẻ, gồm 200 trẻ vì không có sân chơi nào ở gần, 50 trẻ vì sông hoặc đường lớn chắn lối."
    )


def test_one_reason_alone_is_not_listed():
    said = sentence(facts(parts={"barrier": 0.0, "detour": 0.0, "area": 0.0, "supply": 250.0}), "en")
    assert said.endswith("Not served: 250 children, all because no play area is near at all.")


@pytest.mark.parametrize(("share", "shown"), [(0.796, "21 %"), (0.7999999, "21 %"), (0.794, "21 %"), (0.7, "30 %")])
def test_a_share_below_the_target_never_reads_as_the_target(share, shown):
    """79.6 % covered under a target of 80 % reads 79 covered, 21 not."""
    assert f"({shown})" in sentence(facts(covered_share=share), "en")


@pytest.mark.parametrize(
    ("share", "target", "digits", "said"),
    [
        (0.796, 0.8, 0, 79),
        (0.7999, 0.8, 1, 79.9),
        (0.8, 0.8, 0, 80),
        (0.7949, 0.8, 0, 79),
        (0.804, 0.8, 0, 80),
        (0.6374, 0.6375, 0, 63),
        (0.997, 0.8, 0, 99),
        (0.997, None, 0, 99),
        (0.9996, 0.8, 1, 99.9),
        (1.0, 0.8, 0, 100),
        (0.0, 0.8, 0, 0),
    ],
)
def test_a_share_is_not_rounded_to_all_or_across_the_target(share, target, digits, said):
    assert percent(share, target, digits) == pytest.approx(said, abs=1e-12)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("status", ["unknown", "no_children", "no_supply", "out_of_reach", "crowded", "met"])
@pytest.mark.parametrize("why", ["survey", "children", "limit", "area", ""])
@pytest.mark.parametrize("band", ["all", "0-5"])
def test_every_status_has_a_whole_sentence(language, status, why, band):
    if status == "unknown" and not why:
        return
    said = sentence(
        facts(status=status, why=why, band=band, asked_m2=2.0, enough_share=0.5, shortfall_m2=10.0), language
    )
    assert re.match(r"^[\wÀ-ỹ].*\.$", said)
    assert "{" not in said
    assert "None" not in said
    assert "nan" not in said


def test_what_is_not_known_of_the_covered_is_not_said():
    """Without an area part, only those who cannot walk to one are explained."""
    said = sentence(facts(parts={"barrier": 50.0, "detour": 0.0, "supply": 200.0}), "en")
    assert "Not served" not in said
    assert said.endswith(
        "Of the 250 who cannot walk to one: 200 because no play area is near at all, 50 because a river or main road is in the way."
    )


def test_a_part_below_zero_is_said_in_words():
    said = sentence(facts(parts={"barrier": 0.0, "detour": -15.0, "area": 65.0, "supply": 200.0}), "en")
    assert "-15" not in said
    assert "less 15, for shorter ways would also bring more children to the same ground" in said


def test_figures_of_norms_stand_as_they_are():
    assert "within 1,249.6 m" in sentence(facts(walk_m=1249.6), "en")
    assert "trong 1.249,6 m" in sentence(facts(walk_m=1249.6), "vi")
    assert "find 2.25 m² each" in sentence(facts(status="met", asked_m2=2.25, enough_share=0.9), "en")
    assert "within 300 m with at least 500 m²" in sentence(facts(floor_m2=500.0), "en")


@pytest.mark.parametrize("target", [0.07, 0.14, 0.28, 0.55, 0.56, 0.8])
def test_just_below_any_target_reads_below_it(target):
    covered = 100 - int(
        sentence(facts(covered_share=target - 0.001, target_share=target), "en").split("(")[1].split(" ")[0]
    )
    assert covered < round(100 * target)


def test_bands_that_ask_for_different_ground():
    said = sentence(facts(status="met", enough_share=0.67, judged_m2=True), "en")
    assert "67 % find the m² that their age asks for" in said
    assert "distance only" not in said


def test_bounds_are_said_to_be_bounds():
    said = sentence(facts(parts={}, unsure_cover=True), "en")
    assert said == "At least 250 of 1,000 children (25 %) cannot walk to a play area within 300 m."
    assert sentence(facts(parts={}, unsure_cover=True), "vi").startswith("Ít nhất 250 trong 1.000 trẻ em (25 %)")
    crowded = facts(status="crowded", covered_share=0.9, asked_m2=2.0, enough_share=0.3, parts={}, unsure_ground=True)
    assert "but at most 30 % find 2 m² each" in sentence(crowded, "en")
    assert "nhưng nhiều nhất 30 % có đủ" in sentence(crowded, "vi")
    met = facts(status="met", covered_share=0.9, asked_m2=2.0, enough_share=0.85, unsure_ground=True, unsure_cover=True)
    assert sentence(met, "en").startswith("At least 90 % of 1,000 children can walk")
    assert "and at least 85 % find" in sentence(met, "en")


@given(st.lists(st.floats(-50, 500), min_size=4, max_size=4))
def test_rounded_parts_sum_to_the_rounded_whole(values):
    rounded = whole(dict(zip(PARTS, values, strict=True)))
    assert sum(rounded.values()) == round(sum(values))
    assert all(abs(rounded[part] - value) < 1 for part, value in zip(PARTS, values, strict=True))
