"""What a review found: each test says what should hold, and is expected to fail until the fault is mended; then drop its mark."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import small
from sanchoi.gis import job, workbook
from small import CRS, X, Y

SITE = "\n[siting]\ncount = 1\n"


@pytest.fixture
def folder(tmp_path):
    return small.write(tmp_path / "study")


def land(folder, *rows, more="", **columns):
    """Parcels: (x, y, w, h, code)."""
    names = {"no": [f"P{i + 1}" for i in range(len(rows))], "use": [row[4] for row in rows], **columns}
    small.layer(folder, "land", gpd.GeoDataFrame(names, geometry=[small.square(*row[:4]) for row in rows], crs=CRS))
    small.add(folder, f'\n[parcels]\npath = "land.gpkg"\nid = "no"\nland_use = "use"\n{more}')
    return job.run(folder)


def ledger(result, rule):
    table = result.tables["screening"]
    return table[table["constraint_id"] == rule].iloc[0]


HERE = (680, 480, 40, 40, "BCS")


def test_an_empty_land_use_among_others_is_conditional(folder):
    assert land(folder, HERE, (800, 480, 20, 20, None)).tables["parcels"]["verdict"].tolist()[1] == "conditional"


def test_a_norm_without_a_walk_leaves_the_children_in_reach_unknown(folder):
    small.replace(folder, 'profile = "qcvn-01-2021"\nwalk_m = 300\nm2_per_child = 2', 'profile = "quang-nam-2024"')
    assert land(folder, HERE).tables["parcels"]["children_reached"].isna().all()


def test_ground_that_is_a_play_area_today_is_not_gained_again(folder):
    small.replace(folder, "m2_per_child = 2", "m2_per_child = 40")
    here = {"site": ["A"], "m2": [None], "access": ["public"]}
    ground = gpd.GeoDataFrame(here, geometry=[small.square(*HERE[:4])], crs=CRS)
    small.layer(folder, "play_areas", ground.astype({"m2": float}))
    found = land(folder, (*HERE[:4], "DKV")).tables["parcels"].iloc[0]
    assert (found["verdict"], found["usable_m2"]) == ("excluded", 0)
    assert "play-area" in found["against"]


def test_costs_that_cannot_be_read_stay_unknown_beside_what_is_built(folder):
    found = land(folder, HERE, more='cost = "price"\nbuild_cost = 1000\n', price=["1.200.000.000"])
    assert found.tables["parcels"]["cost"].isna().all()


def test_met_is_not_promised_where_unknown_children_share_the_ground(folder):
    small.replace(folder, "walk_m = 300", "walk_m = 2500")
    (folder / "children.csv").write_text("code,young,old\nHòa Phú,100,200\nĐại Lãnh,,\n", encoding="utf-8")
    small.layer(folder, "play_areas", small.play_areas()[:0])
    found = land(folder, (480, 420, 40, 100, "BCS"), more='\n[siting]\ncount = 1\nfixed = ["P1"]\n').tables["plan_gaps"]
    assert "met" not in found["status_after"].tolist()


def test_points_of_industry_on_a_parcel_are_not_passed(folder):
    works = gpd.GeoDataFrame({"n": ["x"]}, geometry=[shapely.Point(X + 700, Y + 500)], crs=CRS)
    small.layer(folder, "works", works)
    passed = ledger(land(folder, HERE, more='\n[constraints.industry]\npath = "works.gpkg"\n'), "industry")["passed"]
    assert passed is pd.NA


def test_a_condition_that_selects_nothing_is_said(folder):
    water = gpd.GeoDataFrame({"kind": ["sông"]}, geometry=[small.square(700, 480, 280, 60)], crs=CRS)
    small.layer(folder, "water", water)
    more = '\n[constraints.water]\npath = "water.gpkg"\nwhere = "kind = \'song\'"\n'
    found = land(folder, HERE, more=more)
    assert any("water" in str(note["layer"]) for note in found.run["warnings"])


def test_no_play_area_on_a_landfill(folder):
    small.layer(folder, "tip", gpd.GeoDataFrame({"n": [1]}, geometry=[small.square(600, 400, 200, 200)], crs=CRS))
    found = land(folder, HERE, more='\n[constraints.landfill]\npath = "tip.gpkg"\n')
    assert found.tables["parcels"]["verdict"].tolist() == ["excluded"]


def test_roads_of_unknown_class_are_not_far_main_roads(folder):
    line = shapely.LineString([(X, Y + 530), (X + 2000, Y + 530)])
    small.layer(folder, "big", gpd.GeoDataFrame({"class": ["QL1A"]}, geometry=[line], crs=CRS))
    found = land(folder, HERE, more='\n[constraints.roads]\npath = "big.gpkg"\n').tables["contributions"]
    assert not (found.query("criterion_id == 'main_roads'")["utility"] == 1).any()


def test_the_value_of_a_rule_is_not_headed_as_children(folder):
    found = land(folder, HERE, more=SITE)
    sheet = workbook.sites(found.tables, found.run)[workbook.SHEETS["ledger"][1]]
    assert workbook.HEADINGS["children_gained"][1] not in sheet.columns


def test_no_dearer_parcel_is_said_to_cost_no_more(folder):
    rows = (680, 440, 40, 20, "BCS"), (690, 540, 1, 1, "BCS")
    found = land(folder, *rows, more='cost = "price"\n' + SITE, price=[9e9, 1.0])
    assert not found.tables["why_not"]["reason_en"].str.contains("no higher cost").any()


def test_where_some_communes_are_not_surveyed_the_plan_says_whom_it_leaves_out(folder):
    small.layer(folder, "communes", small.communes().assign(seen=[True, False]))
    small.replace(folder, "surveyed = true", 'surveyed = "seen"')
    found = land(folder, (1600, 480, 20, 20, "BCS"), (800, 480, 20, 20, "BCS"), more=SITE)
    assert "siting" in {note["layer"] for note in found.run["warnings"]}
