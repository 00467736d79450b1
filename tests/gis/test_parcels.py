"""Parcels on the small study: verdict and effect by hand.

The limit is 310 m. A parcel of 1 m² on the road at x = 700 is reached from cells whose |y − 500| + |x − 700| is at most 310, half
a metre more or less: rows 50 m off the road have 6 columns (450 … 950), rows 150 m off 4, rows 250 m off 2; on both sides: 24
cells of 3 children. Play area A, at x = 250, covers of these only x = 450 in the rows 50 m off (200 + 50): 2 cells.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import small
from sanchoi.gis import job
from sanchoi.gis.crowding import Crowding
from sanchoi.gis.effect import Today, effect
from sanchoi.gis.errors import Infeasible, UnknownId
from sanchoi.gis.reach import Reach
from sanchoi.gis.service import Service
from small import CRS

HERE = (699.5, 499.5, 1, 1)


@pytest.fixture
def folder(tmp_path):
    folder = small.write(tmp_path / "study")
    small.replace(folder, "walk_m = 300", "walk_m = 310")
    return folder


def land(folder, *rows, more=""):
    """Parcels: (x, y, w, h, code)."""
    columns = {"no": [f"P{i + 1}" for i in range(len(rows))], "use": [row[4] for row in rows]}
    frame = gpd.GeoDataFrame(columns, geometry=[small.square(*row[:4]) for row in rows], crs=CRS)
    small.layer(folder, "land", frame)
    least = "" if "min_area_m2" in more else "min_area_m2 = 0\n"
    small.add(folder, f'\n[parcels]\npath = "land.gpkg"\nid = "no"\nland_use = "use"\n{least}{more}')
    return job.run(folder)


def test_children_reached_and_gained_by_hand(folder):
    row = land(folder, (*HERE, "BCS")).tables["parcels"].iloc[0]
    assert row["children_reached"] == pytest.approx(24 * 3, rel=1e-9)
    assert row["children_gained"] == pytest.approx(22 * 3, rel=1e-9)
    assert (row["commune_id"], row["land_class"], row["area_m2"]) == ("Hòa Phú", "A", pytest.approx(1))


def test_bands_sum_to_all_and_have_their_own_children(folder):
    tables = land(folder, (*HERE, "BCS")).tables
    by_band = tables["effects"].groupby("band")["children_gained"].sum()
    assert by_band["0-5"] == pytest.approx(22)
    assert by_band["6-14"] == pytest.approx(44)


def test_the_gain_is_that_of_a_run_with_the_play_area_built(folder):
    """Build it: the children uncovered fall by just what the effect says."""
    result = land(folder, (*HERE, "BCS"))
    before = result.tables["gaps"].query("band == 'all'")["children_uncovered"].sum()
    built = small.play_areas()
    more = built[:1].assign(site="P1", m2=np.nan).set_geometry([small.square(*HERE)], crs=CRS)
    small.layer(folder, "play_areas", gpd.GeoDataFrame(pd.concat([built, more], ignore_index=True), crs=CRS))
    after = job.run(folder).tables["gaps"].query("band == 'all'")["children_uncovered"].sum()
    assert before - after == pytest.approx(result.tables["parcels"]["children_gained"].iloc[0], rel=1e-9)


def test_a_commune_that_nobody_surveyed_leaves_the_gain_unknown(folder):
    small.layer(folder, "communes", small.communes().assign(seen=[True, False]))
    small.replace(folder, "surveyed = true", 'surveyed = "seen"')
    found = land(folder, (*HERE, "BCS"), (999.5, 499.5, 1, 1, "BCS")).tables["parcels"]
    assert found["children_gained"].notna().tolist() == [True, False]
    assert found["children_reached"].gt(0).all()


def test_an_excluded_parcel_has_no_effect_and_all_rules_in_the_ledger(folder):
    tables = land(folder, (*HERE, "NTD"), (600, 500, 5, 5, "LUC")).tables
    parcels = tables["parcels"].set_index("parcel_id")
    assert parcels["verdict"].tolist() == ["excluded", "conditional"]
    assert np.isnan(parcels.loc["P1", "children_reached"])
    assert "People's Council" in parcels.loc["P2", "who_en"]
    assert tables["screening"].groupby("parcel_id").size().nunique() == 1
    assert set(tables["effects"]["parcel_id"]) == {"P2"}


def test_the_least_ground_is_the_planners(folder):
    assert land(folder, (*HERE, "BCS"), more="min_area_m2 = 2\n").tables["parcels"]["verdict"].tolist() == ["excluded"]


def test_a_study_without_parcels_has_no_such_tables(folder):
    assert not {"parcels", "screening", "effects", "usable"} & set(job.run(folder).tables)


# --- the effect of one play area, by a table


def today(
    children, covered, *, known=(True, True), asked=(np.nan, np.nan), access=None, commune=(0, 1), mine=(True, True)
):
    access = np.zeros((2, 2)) if access is None else np.array(access, float)
    nothing = np.zeros((2, 2), dtype=bool)
    crowd = Crowding(access, np.empty(0), nothing)
    covered = np.array(covered)
    service = Service(covered, covered, covered, covered, crowd, nothing)
    return Today(
        np.array(children, float),
        np.array(mine),
        np.array(commune),
        np.array(known),
        service,
        np.array(asked, float),
        np.ones(2),
        "binary",
    )


WAY = Reach(
    np.array([0, 1, 1]), np.array([0, 0, 1]), np.array([40.0, 60.0, 50.0]), np.empty(0), np.empty(0), np.empty(0)
)
"""Two cells, two parcels; the second band may walk only 50 m."""
LIMIT = np.array([[100.0, 100.0], [50.0, 50.0]])
CHILDREN, COVERED = [[10, 1], [20, 2]], [[True, True], [False, False]]
AREA = np.array([64.0, 22.0])


def test_reached_and_gained_by_parcel_and_commune():
    found = effect(WAY, AREA, LIMIT, today(CHILDREN, COVERED))
    assert list(zip(found.parcel.tolist(), found.commune.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 1)]
    assert found.reached.tolist() == [[10, 1], [20, 0], [20, 2]]
    assert found.gained.tolist() == [[0, 0], [20, 0], [20, 2]]
    assert found.total(found.reached, 2).tolist() == [31, 22]


def test_an_unsurveyed_cell_leaves_the_gain_unknown_but_not_where_nobody_lives():
    found = effect(WAY, AREA, LIMIT, today(CHILDREN, COVERED, known=(True, False)))
    assert np.isnan(found.gained[1]).tolist() == [True, False]  # band 2 of cell 1 is out of reach of parcel 0
    assert np.isnan(found.total(found.gained, 2)).tolist() == [True, True]
    nobody = effect(WAY, AREA, LIMIT, today([[10, 1], [0, 0]], COVERED, known=(True, False)))
    assert nobody.total(nobody.gained, 2).tolist() == [0, 0]


def test_an_unknown_number_of_children_is_not_zero():
    found = effect(WAY, AREA, LIMIT, today([[10, 1], [np.nan, 2]], COVERED))
    assert np.isnan(found.total(found.reached, 2)).all()


def test_shortfall_relieved_by_hand():
    """Parcel 0: 64 m² for 10 + 1 + 20 children (band 2 of cell 1 is too far), 64/31 m² each; asked 3 m² of band 1 alone.

    Cell 0 has 2 m² a child already: it lacks 1, gets more than that, and is relieved of 10 · 1. Cell 1 has none: 20 · 64/31.
    """
    found = effect(WAY, AREA, LIMIT, today(CHILDREN, COVERED, asked=(3, np.nan), access=[[2, 0], [0, 0]]))
    assert found.demand.tolist() == [31, 22]
    assert found.relieved[:, 0].tolist() == pytest.approx([10, 20 * 64 / 31, 20 * 1.0])
    assert found.total(found.relieved, 2, np.array([True, False])).tolist() == pytest.approx([10 + 20 * 64 / 31, 20])
    assert np.isnan(found.total(found.relieved, 2, np.array([False, False]))).all()


def test_children_beyond_the_study_share_the_ground_and_are_nobodys_gain():
    found = effect(WAY, AREA, LIMIT, today(CHILDREN, COVERED, asked=(3, 3), mine=(True, False)))
    assert found.demand.tolist() == [31, 22]
    assert found.reached.tolist() == [[10, 1]]
    assert found.relieved.tolist() == [pytest.approx([10 * 64 / 31, 64 / 31])]


# --- sites


def three(folder, more):
    return land(folder, (*HERE, "BCS"), (749.5, 499.5, 1, 1, "BCS"), (1249.5, 499.5, 1, 1, "BCS"), more=more)


def build(folder, result, ids):
    """The same study with play areas on the usable pieces of these parcels."""
    pieces = result.tables["usable"].set_index("parcel_id").to_crs(CRS).loc[ids, "geometry"]
    more = gpd.GeoDataFrame({"site": ids, "m2": np.nan, "access": "public"}, geometry=pieces.to_numpy(), crs=CRS)
    built = pd.concat([small.play_areas(), more], ignore_index=True)
    small.layer(folder, "play_areas", gpd.GeoDataFrame(built, crs=CRS))
    return job.run(folder)


def test_two_sites_of_three_and_what_they_cover_is_what_a_run_with_them_built_covers(folder):
    result = three(folder, "\n[siting]\ncount = 2\n")
    sites = result.tables["sites"]
    assert sites["build_order"].tolist() == [1, 2]
    proof = result.run["siting"]
    assert proof["incumbent"] == pytest.approx(proof["bound"])
    assert proof["proven"]
    assert proof["solver"].startswith("HiGHS")
    after = build(folder, result, sites["parcel_id"].tolist()).tables["gaps"].query("band == 'all'")
    before = result.tables["gaps"].query("band == 'all'")
    gained = before["children_uncovered"].sum() - after["children_uncovered"].sum()
    assert gained == pytest.approx(proof["incumbent"], rel=1e-9)
    assert sites["children_total"].iloc[-1] == pytest.approx(proof["incumbent"])


def test_before_and_after_are_the_gaps_of_two_runs(folder):
    """Shares, m² and status after the plan equal a run with its sites built, in every commune and band."""
    small.replace(folder, "m2_per_child = 2", "m2_per_child = 3")
    rows = [(699.5, 480, 20, 30, "BCS"), (749.5, 499.5, 1, 1, "BCS"), (1249.5, 480, 25, 40, "BCS")]
    result = land(folder, *rows, more="\n[siting]\ncount = 2\n")
    found = result.tables["plan_gaps"].set_index(["commune_id", "band"])
    after = build(folder, result, result.tables["sites"]["parcel_id"].tolist()).tables["gaps"]
    after = after.set_index(["commune_id", "band"]).loc[found.index]
    for column in ("children_uncovered", "covered_share", "shortfall_m2"):
        assert found[f"{column}_after"].tolist() == pytest.approx(after[column].tolist(), rel=1e-6, abs=1e-6), column
    assert found["status_after"].tolist() == after["status"].tolist()
    assert (found["children_uncovered_before"] > found["children_uncovered_after"]).any()


def test_the_m2_relieved_are_those_of_a_run_with_the_play_area_built(folder):
    small.replace(folder, "m2_per_child = 2", "m2_per_child = 3")
    result = land(folder, (699.5, 480, 20, 30, "BCS"))
    before = result.tables["gaps"].query("band == 'all'")["shortfall_m2"].sum()
    after = build(folder, result, ["P1"]).tables["gaps"].query("band == 'all'")["shortfall_m2"].sum()
    assert before - after == pytest.approx(result.tables["parcels"]["shortfall_relieved_m2"].iloc[0], rel=1e-6)


def test_spacing_keeps_neighbours_apart(folder):
    chosen = set(three(folder, "\n[siting]\ncount = 3\nmin_spacing_m = 100\n").tables["sites"]["parcel_id"])
    assert chosen < {"P1", "P2", "P3"}


def test_parcels_without_a_cost_cannot_be_bought(folder):
    with pytest.raises(Infeasible, match="no candidate"):
        three(folder, "\n[siting]\nbudget = 5\n")


def test_without_a_survey_sites_follow_need_and_say_so(folder):
    text = (folder / "study.toml").read_text("utf-8").replace("surveyed = true", "surveyed = false")
    (folder / "study.toml").write_text(text, "utf-8")
    result = three(folder, "\n[siting]\ncount = 1\n")
    assert result.run["siting"]["by_need"]
    assert "siting_by_need" in {note["code"] for note in result.run["warnings"]}
    assert result.tables["parcels"]["children_gained"].isna().all()


def test_a_fixed_site_that_is_excluded_is_refused_with_the_reason(folder):
    with pytest.raises(Infeasible, match="fixed parcel P1 is excluded: land_use"):
        land(folder, (*HERE, "NTD"), (749.5, 499.5, 1, 1, "BCS"), more='\n[siting]\ncount = 1\nfixed = ["P1"]\n')


def test_fixed_and_forbidden_name_parcels_that_exist(folder):
    with pytest.raises(UnknownId, match="did you mean"):
        three(folder, '\n[siting]\ncount = 1\nforbidden = ["P11"]\n')


def test_a_fixed_site_is_in_the_plan_and_a_forbidden_one_is_not(folder):
    best = three(folder, "\n[siting]\ncount = 1\n").tables["sites"]["parcel_id"].tolist()
    other = next(each for each in ("P1", "P2", "P3") if each not in best)
    small.replace(folder, "count = 1", f'count = 1\nfixed = ["{other}"]')
    assert job.run(folder).tables["sites"]["parcel_id"].tolist() == [other]
    small.replace(folder, "fixed", "forbidden")
    assert job.run(folder).tables["sites"]["parcel_id"].tolist() == best


def test_a_large_parcel_is_judged_by_its_plots_and_forbidden_as_a_whole(folder):
    """300 × 100 m on the road: six plots on the grid, none of which reaches as many as the whole outline would."""
    result = land(folder, (600, 450, 300, 100, "BCS"), more="max_area_m2 = 10000\n\n[siting]\ncount = 1\n")
    parcels = result.tables["parcels"]
    assert parcels["parcel_id"].tolist() == [f"P1#{k}" for k in range(1, 7)]
    assert parcels["area_m2"].sum() == pytest.approx(30_000)
    small.replace(folder, "max_area_m2 = 10000", "max_area_m2 = 100000")
    whole = job.run(folder).tables["parcels"]
    assert whole["children_reached"].iloc[0] > parcels["children_reached"].max()
    small.replace(folder, "max_area_m2 = 100000", "max_area_m2 = 10000")
    small.replace(folder, "count = 1", 'count = 1\nforbidden = ["P1"]')
    with pytest.raises(Infeasible):
        job.run(folder)


def test_only_eligible_parcels_where_the_study_says_so(folder):
    with pytest.raises(Infeasible, match="no candidate"):
        three(folder, "\n[siting]\ncount = 1\nconditional = false\n")  # layers are missing: none is eligible


def test_a_parcel_across_communes_belongs_to_the_one_with_most_of_its_ground(folder):
    found = land(folder, (980, 480, 60, 20, "BCS"), (970, 300, 40, 20, "BCS")).tables["parcels"]
    assert found["commune_id"].tolist() == ["Đại Lãnh", "Hòa Phú"]


def test_the_budget_curve_never_falls_and_stays_under_its_bound(folder):
    curve = three(folder, "\n[siting]\ncount = 3\n").tables["budget_curve"]
    assert (np.diff(curve["value"]) >= -1e-9).all()
    assert (curve["bound"] >= curve["value"] - 1e-9).all()
    assert (curve["cost"] <= curve["budget"] + 1e-9).all()


def test_costs_by_class_by_m2_and_with_what_is_built(folder):
    """10 × 10 m: class A 100 × 2 + 50, a code of class B 100 × 3 + 50, an unknown code has none."""
    more = "min_area_m2 = 1\nbuild_cost = 50\ncost_per_m2 = { A = 2, B = 3 }\n"
    rows = [(690, 500, 10, 10, "BCS"), (750, 500, 10, 10, "HNK"), (800, 500, 10, 10, "???")]
    found = land(folder, *rows, more=more).tables["parcels"]
    assert found["cost"].tolist()[:2] == pytest.approx([250, 350])
    assert np.isnan(found["cost"].iloc[2])


def test_the_job_tells_how_far_the_choice_of_sites_is(folder):
    three(folder, "\n[siting]\ncount = 2\n")
    told = []
    job.run(folder, lambda stage, share: told.append((stage, share)))
    shares = [share for stage, share in told if stage == "siting"]
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert len(shares) > 2
    assert all(0 <= share <= 1 for share in shares)
