from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sanchoi.gis import norms
from sanchoi.gis.errors import NormError, StudyError
from sanchoi.gis.norms import Band

CSV = Path(__file__).parents[2] / "data" / "norms.csv"
TODAY = date(2026, 11, 23)
BANDS = [Band(0, 5), Band(6, 14)]


@pytest.fixture(scope="module")
def rows():
    return norms.load(pd.read_csv(CSV, dtype=str, keep_default_na=False))


def test_the_seven_profiles_of_the_issue_are_there(rows):
    assert norms.profiles(rows) == [
        "qcvn-01-2021", "qcvn-01-2026", "din-18034", "fields-in-trust", "sdg-11-7-1", "who-europe", "quang-nam-2024",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("profile", "band", "tiers"),
    [  # figures as in the project's domain notes
        ("qcvn-01-2021", "0-5", [("garden", 300, None)]),
        ("qcvn-01-2026", "6-14", [("garden", 400, None), ("park-1ha", 800, 10_000), ("park-5ha", 2_000, 50_000)]),
        ("din-18034", "0-5", [("playground", 200, 500)]),
        ("fields-in-trust", "0-5", [("lap", 100, 100), ("leap", 400, 400), ("neap", 1000, 1000)]),
        ("sdg-11-7-1", "0-5", [("open-space", 400, None)]),
        ("who-europe", "0-5", [("green-space", 300, None)]),
        ("quang-nam-2024", "0-5", [("garden-or-hall", None, 200), ("play-point", None, 500)]),
    ],
)
def test_figures_of_each_profile(rows, profile, band, tiers):
    found = norms.select(rows, profile, BANDS, TODAY)
    assert [(t.tier, t.walk_m, t.min_site_m2) for t in found.of(band)] == tiers


def test_every_row_has_a_source_and_unread_figures_are_marked(rows):
    assert (rows["source"] != "").all()
    assert not rows.loc[rows["profile"].str.startswith("qcvn"), "verified"].any()
    assert norms.select(rows, "qcvn-01-2021", BANDS, TODAY).flags == ["unverified_norm"]
    assert norms.select(rows, "who-europe", BANDS, TODAY).flags == []


def test_no_row_converts_one_figure_into_another(rows):
    assert rows["m2_per_child"].isna().all()
    assert norms.select(rows, "qcvn-01-2021", BANDS, TODAY).m2_per_person == 2
    assert norms.select(rows, "qcvn-01-2021", BANDS, TODAY).m2_per_child("0-5") is None


def test_the_date_picks_the_qcvn_in_force_on_the_last_and_the_first_day(rows):
    assert norms.select(rows, None, BANDS, date(2026, 12, 31)).profile == "qcvn-01-2021"
    assert norms.select(rows, "qcvn-01", BANDS, date(2027, 1, 1)).profile == "qcvn-01-2026"


def test_a_chosen_profile_out_of_force_is_kept_and_flagged(rows):
    found = norms.select(rows, "qcvn-01-2021", BANDS, date(2027, 1, 1))
    assert found.profile == "qcvn-01-2021"
    assert "norm_out_of_date" in found.flags
    assert "norm_out_of_date" not in norms.select(rows, "qcvn-01-2021", BANDS, date(2026, 12, 31)).flags


def test_a_band_that_straddles_takes_the_stricter_row_and_says_so(rows):
    found = norms.select(rows, "din-18034", [Band(6, 14)], TODAY)
    assert [(t.walk_m, t.min_site_m2) for t in found.tiers] == [(400, 5000)]
    assert "band_straddles" in dict(found.remarks)
    exact = norms.select(rows, "din-18034", [Band(6, 11)], TODAY)
    assert "band_straddles" not in dict(exact.remarks)


def test_the_planners_figures_replace_the_tiers(rows):
    found = norms.select(rows, "qcvn-01-2026", BANDS, TODAY, walk_m=350, m2_per_child={"0-5": 2.5})
    assert [(t.band, t.tier, t.walk_m, t.min_site_m2) for t in found.tiers] == [
        ("0-5", "planner", 350, None), ("6-14", "planner", 350, None),
    ]  # fmt: skip
    assert (found.m2_per_child("0-5"), found.m2_per_child("6-14")) == (2.5, None)
    assert {t.source for t in found.tiers} == {"set by the planner"}


def test_a_misspelt_profile_names_the_near_one(rows):
    with pytest.raises(NormError, match='did you mean "din-18034"'):
        norms.select(rows, "din-18304", BANDS, TODAY)


def test_a_band_the_norm_is_silent_on_is_refused(rows):
    with pytest.raises(NormError, match="20-30"):
        norms.select(rows, "din-18034", [Band(20, 30)], TODAY)


@pytest.mark.parametrize("text", ["5-0", "a-b", "5", "-5", "0-", ""])
def test_a_band_must_be_two_ages_in_order(text):
    with pytest.raises(StudyError, match="two inclusive ages"):
        Band.parse(text)


@pytest.mark.parametrize("change", [{"verified": "yes"}, {"source": ""}, {"walk_m": "-1"}, {"walk_m": "0"}])
def test_a_bad_row_is_refused(change):
    raw = pd.read_csv(CSV, dtype=str, keep_default_na=False).head(1).assign(**change)
    with pytest.raises(NormError):
        norms.load(raw)
