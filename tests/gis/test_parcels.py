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
from sanchoi.gis.effect import effect
from sanchoi.gis.errors import Infeasible
from sanchoi.gis.reach import Reach
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
    small.add(folder, f'\n[parcels]\npath = "land.gpkg"\nid = "no"\nland_use = "use"\n{more}')
    return job.run(folder)


def test_children_reached_and_gained_by_hand(folder):
    row = land(folder, (*HERE, "BCS")).tables["parcels"].iloc[0]
    assert row["children_reached"] == pytest.approx(24 * 3, rel=1e-9)
    assert row["children_gained"] == pytest.approx(22 * 3, rel=1e-9)
    assert (row["commune_id"], row["land_class"], row["area_m2"]) == ("Hòa Phú", "A", pytest.approx(1))


def test_bands_sum_to_all_and_have_their_own_children(folder):
    tables = land(folder, (*HERE, "BCS")).tables
    by_band = tables["effects"].set_index("band")["children_gained"]
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


def test_effect_by_a_table():
    """Two cells, two parcels: cell 0 is covered, cell 1 is not; the second band may walk only 50 m."""
    way = Reach(
        np.array([0, 1, 1]), np.array([0, 0, 1]), np.array([40.0, 60.0, 50.0]), np.empty(0), np.empty(0), np.empty(0)
    )
    children, covered = np.array([[10.0, 1.0], [20.0, 2.0]]), np.array([[True, True], [False, False]])
    limit = np.array([[100.0, 100.0], [50.0, 50.0]])
    found = effect(way, children, covered, np.array([True, True]), limit)
    assert found.reached.tolist() == [[30, 1], [20, 2]]
    assert found.gained.tolist() == [[20, 0], [20, 2]]
    unknown = effect(way, children, covered, np.array([True, False]), limit)
    assert np.isnan(unknown.gained[0, 0])
    assert unknown.gained[0, 1] == 0


# --- sites


def three(folder, more):
    return land(folder, (*HERE, "BCS"), (749.5, 499.5, 1, 1, "BCS"), (1249.5, 499.5, 1, 1, "BCS"), more=more)


def test_two_sites_of_three_and_what_they_cover_is_what_a_run_with_them_built_covers(folder):
    result = three(folder, "\n[siting]\ncount = 2\n")
    sites = result.tables["sites"]
    assert sites["build_order"].tolist() == [1, 2]
    proof = result.run["siting"]
    assert proof["incumbent"] == pytest.approx(proof["bound"])
    assert proof["mip_gap"] == pytest.approx(0, abs=1e-9)
    assert proof["solver"].startswith("HiGHS")
    before = result.tables["gaps"].query("band == 'all'")["children_uncovered"].sum()
    outlines = result.tables["usable"].set_index("parcel_id").to_crs(CRS).loc[sites["parcel_id"], "geometry"]
    more = gpd.GeoDataFrame(
        {"site": sites["parcel_id"], "m2": np.nan, "access": "public"}, geometry=outlines.to_numpy(), crs=CRS
    )
    built = pd.concat([small.play_areas(), more], ignore_index=True)
    small.layer(folder, "play_areas", gpd.GeoDataFrame(built, crs=CRS))
    after = job.run(folder).tables["gaps"].query("band == 'all'")["children_uncovered"].sum()
    assert before - after == pytest.approx(proof["incumbent"], rel=1e-9)
    assert sites["children_total"].iloc[-1] == pytest.approx(proof["incumbent"])


def test_spacing_keeps_neighbours_apart(folder):
    assert set(three(folder, "\n[siting]\ncount = 3\nmin_spacing_m = 100\n").tables["sites"]["parcel_id"]) < {
        "P1",
        "P2",
        "P3",
    }


def test_parcels_without_a_cost_cannot_be_bought(folder):
    with pytest.raises(Infeasible, match="no candidate"):
        three(folder, "\n[siting]\nbudget = 5\n")


def test_without_a_survey_sites_follow_need_and_say_so(folder):
    text = (folder / "study.toml").read_text("utf-8").replace("surveyed = true", "surveyed = false")
    (folder / "study.toml").write_text(text, "utf-8")
    result = three(folder, "\n[siting]\ncount = 1\n")
    assert result.run["siting"]["objective"] == "children in reach"
    assert "siting_by_need" in {note["code"] for note in result.run["warnings"]}
    assert result.tables["parcels"]["children_gained"].isna().all()
