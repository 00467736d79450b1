"""Why not: each kind of reason has a sentence in both languages, and the loss is said no more exactly than it is known."""

import numpy as np
import pandas as pd
import pytest
from sanchoi.gis.siting import Reason
from sanchoi.gis.why_words import SENTENCES, UNITS, number, sentence, table

NAMES = ["T1", "T2"]


@pytest.mark.parametrize("kind", sorted(SENTENCES))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_has_a_whole_sentence(kind, language):
    told = sentence(Reason(kind, 1, 3, 2.0, 7.0), NAMES, "children", language)
    assert told[0].isupper()
    assert told.endswith(".")
    assert "{" not in told
    if kind in ("conflict", "dominated"):
        assert "T2" in told


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [
        (12.0, 12.0, "Were it forced in, the plan reaches 12 fewer children."),
        (0.0, 0.0, "just as good"),
        (3.0, 1250.0, "reaches between 3 and 1,250 fewer children"),
        (0.0, 40.0, "reaches at most 40 fewer children"),
        (3.0, np.nan, "at least 3 fewer children"),
    ],
)
def test_the_loss_is_said_as_far_as_it_is_known(least, most, said):
    assert said in sentence(Reason("loses", -1, 0, least, most), NAMES, "children", "en")


@pytest.mark.parametrize(
    ("unit", "least", "most", "vi", "en"),
    [
        ("VND", 2e6, 3.25e6, "phương án tốn thêm từ 2 đến 3,3 triệu đồng", "costs between 2 and 3.3 million VND more"),
        ("sites", 1.0, 1.0, "cần thêm 1 điểm", "needs 1 more sites"),
        ("m", 4.0, 4.0, "mỗi trẻ phải đi bộ xa thêm 4 m", "a child walks 4 m further"),
        ("share", 0.004, 0.05, "giảm từ 0,4 đến 5 điểm phần trăm", "falls by between 0.4 and 5 percentage points"),
    ],
)
def test_a_loss_is_told_in_what_the_plan_is_for(unit, least, most, vi, en):
    assert vi in sentence(Reason("loses", -1, 0, least, most), NAMES, unit, "vi")
    assert en in sentence(Reason("loses", -1, 0, least, most), NAMES, unit, "en")


def test_bounds_are_rounded_outwards():
    told = sentence(Reason("loses", -1, 0, 3.19, 140.2), NAMES, "children", "en")
    assert "between 3.1 and 141 fewer children" in told
    assert "at most 0.1 fewer" in sentence(Reason("loses", -1, 0, 0.0, 0.02), NAMES, "children", "en")


def test_nothing_is_said_of_a_loss_that_is_unknown():
    assert sentence(Reason("loses"), NAMES, "m", "en") == "Other sites do more."


def test_numbers_are_written_as_the_language_does():
    assert number(1234.5, "vi") == "1.234"
    assert number(12.5, "vi") == "12,5"
    assert number(12.5, "en") == "12.5"


def test_every_unit_of_a_plan_has_words():
    assert set(UNITS) == {"children", "VND", "sites", "m", "share"}


def test_every_parcel_gets_a_row_also_those_that_are_no_candidates():
    parcels = pd.DataFrame(
        {"parcel_id": ["T1", "T2", "X", "C"], "verdict": ["eligible"] * 2 + ["excluded", "conditional"]}
    )
    found = table(
        parcels, parcels.iloc[:2], [Reason("chosen", order=1), Reason("no_gain", -1, 0, 5.0, 5.0)], "children"
    )
    assert found["parcel_id"].tolist() == ["T1", "T2", "X", "C"]
    assert "excluded" in found["reason_en"].iloc[2]
    assert "approve" in found["reason_en"].iloc[3]
    assert found["loss_at_most"].isna().tolist() == [True, False, True, True]
