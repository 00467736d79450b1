"""What is not known stays unknown: sizes, counts of others, zones, limits, borders. On the small study."""

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
import small
from sanchoi.gis import job
from small import CRS, X, Y


@pytest.fixture
def folder(tmp_path):
    return small.write(tmp_path / "study")


def gaps(folder, band="all"):
    found = job.run(folder).tables["gaps"]
    return found[found["band"] == band].set_index("commune_id")


def test_an_unknown_size_hides_the_area_part_and_no_other(folder):
    """A's size is unknown: 54 children reach it, and whether they find 2 m² each is not known. 246 do not reach it: that is."""
    small.layer(folder, "play_areas", small.play_areas().assign(m2=[np.nan, 400.0]))
    result = job.run(folder)
    parts = result.tables["reasons"].query("commune_id == 'Hòa Phú' and band == 'all'").set_index("part")["children"]
    assert math.isnan(parts["area"])
    assert parts.drop("area").sum() == pytest.approx(246)
    row = result.tables["gaps"].query("commune_id == 'Hòa Phú' and band == 'all'").iloc[0]
    assert row["children_uncovered"] == pytest.approx(246)
    assert math.isnan(row["shortfall_m2"])
    assert math.isnan(row["access_m2_per_child"])
    assert "too small" not in row["reason_en"]
    other = result.tables["reasons"].query("commune_id == 'Đại Lãnh'")["children"]
    assert other.notna().all()


def test_an_unknown_size_that_decides_who_is_covered_leaves_no_number(folder):
    """QCVN 01:2026 lets children walk 2,000 m to a park of 5 ha: A may be one."""
    small.layer(folder, "play_areas", small.play_areas().assign(m2=[np.nan, 400.0]))
    small.replace(folder, 'profile = "qcvn-01-2021"\nwalk_m = 300\nm2_per_child = 2', 'profile = "qcvn-01-2026"')
    result = job.run(folder)
    row = result.tables["gaps"].query("commune_id == 'Hòa Phú' and band == 'all'").iloc[0]
    assert row["status"] == "unknown"
    assert math.isnan(row["children_uncovered"])
    assert math.isnan(row["covered_share"])
    assert "area_unknown" in row["flags"]
    assert "Not decided" in row["reason_en"]
    assert result.tables["reasons"].query("commune_id == 'Hòa Phú'")["children"].isna().all()


def test_children_of_unknown_number_who_share_the_ground_leave_crowding_open(folder):
    """Both communes reach both play areas: 900 m² for 410 children. Without a count of 200 of them, nobody's share is known."""
    small.replace(folder, "walk_m = 300", "walk_m = 2000")
    small.replace(folder, "m2_per_child = 2", "m2_per_child = 3")
    counted = gaps(folder, "0-5")
    small.replace(folder, "Hòa Phú,100,200", "Hòa Phú,100,", "children.csv")
    found = gaps(folder, "0-5")
    assert (counted["status"] == "crowded").all()
    assert (found["status"] == "unknown").all()
    assert found[["access_m2_per_child", "shortfall_m2", "fgt0"]].isna().all(axis=None)
    assert found["covered_share"].notna().all()
    reasons = job.run(folder).tables["reasons"].query("commune_id == 'Hòa Phú' and band in ('6-14', 'all')")
    assert reasons["children"].isna().all()


def test_a_norm_without_a_walking_limit_judges_nobody(folder):
    small.replace(folder, 'profile = "qcvn-01-2021"\nwalk_m = 300\nm2_per_child = 2', 'profile = "quang-nam-2024"')
    small.layer(folder, "play_areas", small.play_areas()[:1])
    found = gaps(folder)
    assert (found["status"] == "unknown").all()
    assert found[["covered_share", "children_uncovered", "shortfall_m2"]].isna().all(axis=None)
    tables = job.run(folder).tables
    assert tables["reasons"]["children"].isna().all()
    assert tables["cell_bands"][["covered", "m2_per_child"]].isna().all(axis=None)


def test_a_commune_outside_the_source_zones_is_not_without_children(folder):
    small.layer(folder, "zones", gpd.GeoDataFrame({"z": ["Z"]}, geometry=[small.square(0, 0, 1100, 1000)], crs=CRS))
    (folder / "children.csv").write_text("code,young,old\nZ,100,200\n", "utf-8")
    small.replace(folder, "[children]", '[children]\nzones = "zones.gpkg"\nzones_id = "z"')
    result = job.run(folder)
    found = result.tables["gaps"].query("band == 'all'").set_index("commune_id")
    assert found.loc["Đại Lãnh", "status"] == "unknown"
    assert math.isnan(found.loc["Đại Lãnh", "children"])
    assert found.loc["Hòa Phú", "children"] == pytest.approx(300 * 10 / 11)
    assert "zones_missing" in {note["code"] for note in result.run["warnings"]}


def test_source_zones_and_a_halo_neither_lose_nor_double_children(folder):
    """The zone reaches 90 m beyond the communes, 96 % of it inside: all 410 children are theirs, with and without a halo."""
    small.layer(folder, "zones", gpd.GeoDataFrame({"z": ["Z"]}, geometry=[small.square(-90, 0, 2090, 1000)], crs=CRS))
    (folder / "children.csv").write_text("code,young,old\nZ,150,260\n", "utf-8")
    small.replace(folder, "[children]", '[children]\nzones = "zones.gpkg"\nzones_id = "z"')
    assert gaps(folder)["children"].sum() == pytest.approx(410)
    west = gpd.GeoDataFrame({"young": [50.0], "old": [0.0]}, geometry=[small.square(-1000, 0, 1000, 1000)], crs=CRS)
    small.layer(folder, "halo", west)
    small.add(folder, '\n[halo]\npath = "halo.gpkg"\n')
    assert gaps(folder)["children"].sum() == pytest.approx(410)


def test_ground_under_two_communes_is_the_smaller_ones_as_its_children_are(folder):
    found = small.communes()
    shapes = [small.square(0, 0, 1100, 1000), small.square(1000, 0, 1000, 1000)]
    small.layer(folder, "communes", found.set_geometry(gpd.GeoSeries(shapes, crs=CRS)))
    site = small.play_areas()[:1].assign(m2=500.0).set_geometry(gpd.points_from_xy([X + 1050], [Y + 500], crs=CRS))
    small.layer(folder, "play_areas", site)
    assert gaps(folder)["play_area_m2"].to_dict() == {"Hòa Phú": 0.0, "Đại Lãnh": 500.0}


def test_the_border_is_where_neither_communes_nor_halo_go_on(folder):
    west = gpd.GeoDataFrame({"young": [3.0], "old": [0.0]}, geometry=[small.square(-1000, 0, 1000, 1000)], crs=CRS)
    small.layer(folder, "halo", west)
    small.add(folder, '\n[halo]\npath = "halo.gpkg"\n')
    assert gaps(folder)["flags"].str.contains("edge").all()  # north, south and east are open still


def test_children_of_the_halo_live_where_the_raster_puts_them(folder):
    """All people of the halo live 1,150 m and more from A, out of a limit of 700 m: they share none of its ground."""
    small.replace(folder, "walk_m = 300", "walk_m = 700")
    people = np.ones((10, 30))
    people[:, 1:10] = 0  # the halo, x = −1000 … 0: everybody in its first column
    small.raster(folder, people, x=-1000)
    small.add(folder, '\n[population]\npath = "people.tif"\n')
    line = shapely.LineString([(X - 1000, Y + 500), (X, Y + 500), (X + 2000, Y + 500)])
    small.layer(folder, "roads", gpd.GeoDataFrame({"bridge": [False]}, geometry=[line], crs=CRS))
    alone = gaps(folder).loc["Hòa Phú", "access_m2_per_child"]
    west = gpd.GeoDataFrame({"young": [900.0], "old": [900.0]}, geometry=[small.square(-1000, 0, 1000, 1000)], crs=CRS)
    small.layer(folder, "halo", west)
    small.add(folder, '\n[halo]\npath = "halo.gpkg"\n')
    assert gaps(folder).loc["Hòa Phú", "access_m2_per_child"] == pytest.approx(alone, rel=1e-9)
