"""The whole corridor on the small study of `small.py`, against numbers that can be made by hand.

Children are spread evenly: cell centres lie at 50, 150, … 950 m. The road runs along y = 500, so a cell walks |y − 500| to it and
|x − 250| along it to play area A. Within 300 m: rows 50 m off the road have 5 columns (|x − 250| ≤ 250), rows 150 m off have 3,
rows 250 m off have 1; each row stands on both sides: 2 · (5 + 3 + 1) = 18 cells of 100.
"""

import itertools
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import small
from sanchoi.gis import job
from small import CRS, X, Y

CENTRES = [50 + 100 * i for i in range(10)]


def walk(x, y, door):
    return abs(y - 500) + abs(x - door)


@pytest.fixture
def folder(tmp_path):
    return small.write(tmp_path / "study")


def gaps(folder, band="all"):
    found = job.run(folder).tables["gaps"]
    return found[found["band"] == band].set_index("commune_id")


def test_hand_numbers_of_coverage(folder):
    for band, children in (("0-5", 100.0), ("6-14", 200.0), ("all", 300.0)):
        row = gaps(folder, band).loc["Hòa Phú"]
        assert row["children"] == pytest.approx(children, rel=1e-9)
        assert row["children_uncovered"] == pytest.approx(0.82 * children, rel=1e-9)
        assert row["covered_share"] == pytest.approx(0.18, rel=1e-9)
        assert row["status"] == "out_of_reach"
        assert row["play_area_m2"] == 500.0
        assert row["provision_m2_per_child"] == pytest.approx(500 / children, rel=1e-9)
        assert row["norm_walk_m"] == 300.0
        assert row["norm_m2_per_child"] == 2.0
        assert row["survey_rank"] is pd.NA


@pytest.mark.parametrize(("limit", "cells"), [(250, 18), (249.999, 8), (250.001, 18), (49.999, 0), (50, 2)])
def test_exactly_at_just_inside_and_just_outside_the_limit(folder, limit, cells):
    """Ten cells are exactly 250 m away: 50 + 200, 150 + 100, 250 + 0; two are exactly 50 m away."""
    small.replace(folder, "walk_m = 300", f"walk_m = {limit}")
    row = gaps(folder).loc["Hòa Phú"]
    assert row["children_uncovered"] == pytest.approx(3 * (100 - cells), rel=1e-9)


def test_crowding_shortfall_and_detour_by_plain_loops(folder):
    """Both bands stand alike and share A's 500 m²: f(d) = (e^(−½(d/300)²) − e^(−½)) / (1 − e^(−½))."""

    def decay(d):
        return (math.exp(-0.5 * (d / 300) ** 2) - math.exp(-0.5)) / (1 - math.exp(-0.5)) if d <= 300 else 0.0

    cells = [(x, y) for x in CENTRES for y in CENTRES]
    mass = sum(3 * decay(walk(x, y, 250)) for x, y in cells)
    access = [500 / mass * decay(walk(x, y, 250)) for x, y in cells]
    row = gaps(folder).loc["Hòa Phú"]
    assert row["access_m2_per_child"] == pytest.approx(sum(access) / 100, rel=1e-9)
    assert row["access_m2_per_child"] * 300 == pytest.approx(500, rel=1e-9)  # nobody else reaches A
    assert row["shortfall_m2"] == pytest.approx(sum(3 * max(0, 2 - a) for a in access), rel=1e-9)
    assert row["fgt0"] == pytest.approx(sum(a < 2 for a in access) / 100, rel=1e-9)
    assert row["fgt1"] == pytest.approx(sum(max(0, 2 - a) / 2 for a in access) / 100, rel=1e-9)
    assert row["fgt2"] == pytest.approx(sum((max(0, 2 - a) / 2) ** 2 for a in access) / 100, rel=1e-9)
    ratio = [walk(x, y, 250) / math.hypot(x - 250, y - 500) for x, y in cells]
    assert row["detour_ratio"] == pytest.approx(sum(ratio) / 100, rel=1e-9)


def test_the_parts_of_the_reason_sum_to_the_children_not_served(folder):
    result = job.run(folder)
    cells = result.tables["cell_bands"]
    lacking = cells[~(cells["covered"] & (cells["m2_per_child"] >= 2))]
    wanted = lacking.groupby(["commune_id", "band"])["children"].sum()
    parts = result.tables["reasons"].query("band != 'all'").groupby(["commune_id", "band"])["children"].sum()
    pd.testing.assert_series_equal(parts, wanted, check_names=False)


# --- statuses


def test_a_commune_that_nobody_surveyed_is_unknown_and_has_no_number_that_depends_on_supply(folder):
    small.layer(folder, "communes", small.communes().assign(seen=[True, False]))
    small.replace(folder, "surveyed = true", 'surveyed = "seen"')
    row = gaps(folder).loc["Đại Lãnh"]
    assert (row["status"], row["survey_rank"], row["children"]) == ("unknown", 1, pytest.approx(110))
    hidden = [c for c in row.index if c.endswith(("_m2", "_share", "_uncovered", "_ratio")) or c.startswith("fgt")]
    assert row[[*hidden, "access_m2_per_child", "provision_m2_per_child"]].isna().all()
    assert "Not surveyed" in row["reason_en"]
    assert "lower_bound" in gaps(folder).loc["Hòa Phú", "flags"]


def test_unknown_counts_are_not_zero(folder):
    small.replace(folder, "Đại Lãnh,50,60", "Đại Lãnh,,60", "children.csv")
    assert gaps(folder).loc["Đại Lãnh", "status"] == "unknown"
    assert math.isnan(gaps(folder).loc["Đại Lãnh", "children"])
    assert gaps(folder, "6-14").loc["Đại Lãnh", "children"] == pytest.approx(60)
    assert gaps(folder, "6-14").loc["Đại Lãnh", "status"] == "out_of_reach"


def test_no_children(folder):
    small.replace(folder, "Đại Lãnh,50,60", "Đại Lãnh,0,0", "children.csv")
    row = gaps(folder).loc["Đại Lãnh"]
    assert row["status"] == "no_children"
    assert math.isnan(row["covered_share"])
    assert row["children_uncovered"] == 0


@pytest.mark.parametrize("access", ["restricted", "fee", "closed"])
def test_no_supply_when_the_only_play_area_is_not_open(folder, access):
    small.layer(folder, "play_areas", small.play_areas().assign(access=["public", access]))
    assert gaps(folder).loc["Đại Lãnh", "status"] == "no_supply"
    assert gaps(folder).loc["Đại Lãnh", "play_area_m2"] == 0


def everywhere(folder, m2):
    """A play area in the middle of every cell."""
    place = [(X + x, Y + y) for x in (*CENTRES, *(c + 1000 for c in CENTRES)) for y in CENTRES]
    sites = {"site": [f"S{i}" for i in range(len(place))], "m2": m2, "access": "public"}
    small.layer(
        folder, "play_areas", gpd.GeoDataFrame(sites, geometry=gpd.points_from_xy(*zip(*place, strict=True)), crs=CRS)
    )


def test_met_when_all_find_enough_and_crowded_when_they_do_not(folder):
    """Every child reaches every play area: ground for 3 m² each, then for 1 m² each, where the norm asks for 2."""
    small.replace(folder, "walk_m = 300", "walk_m = 4000")
    small.replace(folder, "Đại Lãnh,50,60", "Đại Lãnh,100,200", "children.csv")
    small.replace(folder, "m2_per_child = 2", 'm2_per_child = 2\ndecay = "binary"\ntarget_share = 1.0')
    everywhere(folder, 9.0)
    assert set(gaps(folder)["status"]) == {"met"}
    everywhere(folder, 3.0)
    assert set(gaps(folder)["status"]) == {"crowded"}
    assert (gaps(folder)["shortfall_m2"] > 0).all()


def test_a_norm_exactly_met_is_met(folder):
    """One play area of 600 m² in reach of all 300 children of a commune: exactly 2 m² each."""
    small.replace(folder, "walk_m = 300", "walk_m = 1250")
    small.replace(folder, "m2_per_child = 2", 'm2_per_child = 2\ndecay = "binary"\ntarget_share = 1.0')
    small.replace(folder, "Đại Lãnh,50,60", "Đại Lãnh,0,0", "children.csv")
    small.layer(folder, "play_areas", small.play_areas()[:1].assign(m2=600.0))
    assert gaps(folder).loc["Hòa Phú", "status"] == "met"
    small.layer(folder, "play_areas", small.play_areas()[:1].assign(m2=599.9))
    assert gaps(folder).loc["Hòa Phú", "status"] == "crowded"


@pytest.mark.parametrize(("target", "status"), [(0.18, "met"), (0.1801, "out_of_reach"), (0.17, "met")])
def test_exactly_the_target_share_is_served(folder, target, status):
    small.replace(folder, "m2_per_child = 2", f"target_share = {target}")
    assert gaps(folder).loc["Hòa Phú", "status"] == status


def test_distance_only_has_no_shortfall_and_is_never_crowded(folder):
    small.replace(folder, "m2_per_child = 2\n", "")
    found = gaps(folder)
    assert found["shortfall_m2"].isna().all()
    assert found["norm_m2_per_child"].isna().all()
    assert job.run(folder).run["settings"]["distance_only"] is True


def test_an_unknown_size_leaves_the_verdict_open_only_where_it_could_change_it(folder):
    small.layer(folder, "play_areas", small.play_areas().assign(m2=[np.nan, 400.0]))
    row = gaps(folder).loc["Hòa Phú"]
    assert row["status"] == "out_of_reach"  # 18 % are covered, however large it is
    assert math.isnan(row["play_area_m2"])
    assert row["play_area_known_m2"] == 0
    assert "area_unknown" in row["flags"]
    small.replace(folder, "m2_per_child = 2", "m2_per_child = 2\ntarget_share = 0.1")
    assert gaps(folder).loc["Hòa Phú", "status"] == "unknown"  # crowded or met: that depends on its size


def test_an_island_without_a_way_is_out_of_reach_and_flagged(folder):
    """Without its half of the road, Đại Lãnh reaches only the end of the other half."""
    line = shapely.LineString([(X, Y + 500), (X + 500, Y + 500)])
    small.layer(folder, "roads", gpd.GeoDataFrame({"bridge": [False]}, geometry=[line], crs=CRS))
    small.layer(folder, "play_areas", small.play_areas()[:1])
    row = gaps(folder).loc["Đại Lãnh"]
    assert row["status"] == "no_supply"
    assert "off_network" in row["flags"]


# --- the halo and the edge


def test_children_beyond_the_border_compete_and_take_the_edge_flag_away(folder):
    small.replace(folder, "walk_m = 300", "walk_m = 700")
    before = gaps(folder).loc["Hòa Phú"]
    assert "edge" in before["flags"]
    halo = gpd.GeoDataFrame(
        {"young": [300.0], "old": [0.0]},
        geometry=[small.square(-1000, -1000, 4000, 3000).difference(small.square(0, 0, 2000, 1000))],
        crs=CRS,
    )
    small.layer(folder, "halo", halo)
    line = shapely.LineString([(X - 1000, Y + 500), (X, Y + 500), (X + 2000, Y + 500)])
    small.layer(folder, "roads", gpd.GeoDataFrame({"bridge": [False]}, geometry=[line], crs=CRS))
    small.add(folder, '\n[halo]\npath = "halo.gpkg"\n')
    after = gaps(folder)
    assert list(after.index) == ["Hòa Phú", "Đại Lãnh"]
    assert "edge" not in (after.loc["Hòa Phú", "flags"] or "")
    assert after.loc["Hòa Phú", "access_m2_per_child"] < before["access_m2_per_child"]
    assert after.loc["Hòa Phú", "children"] == pytest.approx(300)


# --- metamorphic


def test_order_and_ids_change_nothing(folder):
    before = gaps(folder)
    small.layer(folder, "communes", small.communes()[::-1])
    small.layer(folder, "play_areas", small.play_areas()[::-1].assign(site=["z", "y"]))
    pd.testing.assert_frame_equal(gaps(folder), before, rtol=1e-9)


def test_adding_a_play_area_never_lowers_coverage(folder):
    before = gaps(folder)
    more = small.play_areas()
    more = pd.concat([more, more[:1].assign(site="C").set_geometry(gpd.points_from_xy([X + 900], [Y + 400], crs=CRS))])
    small.layer(folder, "play_areas", more)
    assert (gaps(folder)["children_uncovered"] <= before["children_uncovered"] + 1e-9).all()


def test_widening_the_limit_never_lowers_coverage(folder):
    shares = []
    for low, high in itertools.pairwise((300, 350, 450, 900, 1500)):
        shares.append(gaps(folder)["covered_share"].to_numpy())
        small.replace(folder, f"walk_m = {low}", f"walk_m = {high}")
    assert all((b >= a - 1e-12).all() for a, b in itertools.pairwise(shares))


def test_a_play_area_in_two_halves_is_one(folder):
    before = gaps(folder)
    half = small.play_areas().assign(m2=[250.0, 200.0])
    small.layer(folder, "play_areas", pd.concat([half, half.assign(site=["A2", "B2"])]))
    pd.testing.assert_frame_equal(gaps(folder), before, rtol=1e-9)


def test_one_source_zone_keeps_its_total(folder):
    small.replace(
        folder,
        'path = "children.csv"\nid = "code"\nbands = { "0-5" = "young", "6-14" = "old" }',
        'total = { "0-14" = 1000.5 }',
    )
    found = job.run(folder).tables["gaps"].query("band == 'all'")
    assert found["children"].sum() == pytest.approx(1000.5, rel=1e-12)
    assert found["flags"].str.contains("estimate").all()


# --- barriers


def test_a_river_without_a_bridge_cuts_the_road_and_is_named_as_the_reason(folder):
    small.replace(folder, "m2_per_child = 2\n", "target_share = 0.9\n")
    small.replace(folder, "walk_m = 300", "walk_m = 700")
    river = gpd.GeoDataFrame(geometry=[small.square(400, -100, 20, 1200)], crs=CRS)
    small.layer(folder, "river", river)
    before = gaps(folder).loc["Hòa Phú"]
    small.add(folder, '\n[barriers]\npath = "river.gpkg"\n')
    after = gaps(folder).loc["Hòa Phú"]
    assert after["covered_share"] < before["covered_share"] - 0.2
    # Opened alone it gives back what the road carried, opened under the straight line all within 700 m of A: the mean of the two.
    beyond = [(x, y) for x in CENTRES for y in CENTRES if x > 420]
    by_road = sum(3 for x, y in beyond if walk(x, y, 250) <= 700)
    straight = sum(3 for x, y in beyond if math.hypot(x - 250, y - 500) <= 700)
    assert after["children_uncovered"] - before["children_uncovered"] == pytest.approx(by_road)
    reasons = job.run(folder).tables["reasons"].query("commune_id == 'Hòa Phú' and band == 'all'").set_index("part")
    assert reasons.loc["barrier", "children"] == pytest.approx((by_road + straight) / 2)
    roads = small.roads().assign(bridge=True)
    small.layer(folder, "roads", roads)
    assert gaps(folder).loc["Hòa Phú", "covered_share"] == pytest.approx(before["covered_share"])


def test_opening_a_barrier_takes_nobodys_way(folder):
    """The home at (35, 50) lies nearer to the street across the river than to its own; opened, it may not be sent there."""
    home = gpd.GeoDataFrame(geometry=[small.square(34.5, 49.5, 1, 1)], crs=CRS)
    small.layer(folder, "homes", home)
    lines = [[(0, 0), (0, 100)], [(65, 40), (65, 60)], [(0, 100), (0, 900)], [(65, 60), (65, 900)]]
    shapes = [shapely.LineString([(X + x, Y + y) for x, y in line]) for line in lines]
    small.layer(folder, "roads", gpd.GeoDataFrame({"bridge": [False] * 4}, geometry=shapes, crs=CRS))
    small.layer(folder, "river", gpd.GeoDataFrame(geometry=[small.square(40, -100, 20, 1200)], crs=CRS))
    site = small.play_areas()[:1]
    small.layer(folder, "play_areas", site.set_geometry(gpd.points_from_xy([X], [Y + 100], crs=CRS)))
    small.replace(folder, "walk_m = 300\nm2_per_child = 2", "walk_m = 100")
    small.add(folder, '\n[buildings]\npath = "homes.gpkg"\n\n[barriers]\npath = "river.gpkg"\n')
    assert gaps(folder).loc["Hòa Phú", "covered_share"] == pytest.approx(1.0)
    parts = job.run(folder).tables["reasons"].query("commune_id == 'Hòa Phú'")["children"]
    assert (parts >= 0).all()
    assert parts.sum() == 0
