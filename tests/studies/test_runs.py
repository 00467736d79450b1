"""The real studies run end to end; their totals are those of the sources. Skipped where the shared data are absent."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from sanchoi.api.cli import main
from sanchoi.api.library import Library
from sanchoi.api.models import Models
from sanchoi.api.offline import form
from sanchoi.api.settings import Settings
from sanchoi.gis import results
from shared import shared_data

HERE = Path(__file__).parent


def run(name, folder):
    shared_data()
    assert main(["run", str(HERE / name), "--out", str(folder), "--quiet"]) == 0
    return results.read(folder)


@pytest.fixture(scope="module")
def las_palmas(tmp_path_factory):
    return run("las-palmas", tmp_path_factory.mktemp("las-palmas"))


@pytest.fixture(scope="module")
def quang_nam_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quang-nam")
    run("quang-nam", folder)
    return folder


@pytest.fixture(scope="module")
def quang_nam(quang_nam_folder):
    return results.read(quang_nam_folder)


@pytest.fixture(scope="module")
def north(tmp_path_factory):
    return run("quang-nam-north", tmp_path_factory.mktemp("quang-nam-north"))


def test_las_palmas_has_ten_sites_that_are_proven_best(las_palmas):
    siting, sites = las_palmas.run["siting"], las_palmas.tables["sites"]
    assert len(sites) == 10
    assert siting["mip_gap"] <= 1e-6
    assert siting["bound"] == pytest.approx(siting["incumbent"], rel=1e-6)
    assert sites["children_total"].max() == pytest.approx(siting["incumbent"], rel=1e-6)


def test_las_palmas_does_not_pass_what_nobody_mapped(las_palmas):
    """No dike is mapped, nobody gave flood ground or terrain: not checked, so no parcel is more than conditional."""
    parcels, ledger = las_palmas.tables["parcels"], las_palmas.tables["screening"]
    assert set(parcels["verdict"]) == {"conditional", "excluded"}
    assert ledger[ledger["constraint_id"].isin(["dike", "flood", "slope"])]["passed"].isna().all()
    assert ledger[ledger["constraint_id"] == "petrol-station"]["passed"].notna().all()
    assert set(parcels["land_use"]) == {"BCS", "DCS", "DGD", "amenity=parking"}
    assert "osm_layer_empty" in {note["code"] for note in las_palmas.run["warnings"]}


def test_the_north_is_ranked_by_need_and_claims_no_deficit(north):
    parcels = north.tables["parcels"]
    assert north.run["siting"]["by_need"] is True
    assert parcels["children_gained"].isna().all()
    assert parcels["shortfall_relieved_m2"].isna().all()
    assert parcels["rank"].notna().sum() == (parcels["verdict"] != "excluded").sum() > 0
    assert not (parcels["verdict"] == "eligible").any()
    assert parcels["commune_id"].isin(north.tables["communes"]["commune_id"]).all()


def test_the_north_knows_slopes_only_where_terrain_is(north):
    """The terrain covers a part of the parcels: the others are not checked, and nobody takes them for flat."""
    ledger = north.tables["screening"].query("constraint_id == 'slope'")
    known = ledger["value"].notna()
    assert 50 < known.sum() < len(ledger)
    assert (ledger["passed"].notna() == known).all()
    assert ledger["value"].max() < 100


def test_las_palmas_keeps_its_total_over_29_zones(las_palmas):
    gaps = las_palmas.tables["gaps"].query("band == 'all'")
    assert len(gaps) == 29
    assert gaps["children"].sum() == pytest.approx(378_797 * 0.12, rel=1e-9)
    assert las_palmas.tables["cell_bands"]["children"].sum() == pytest.approx(378_797 * 0.12, rel=1e-9)
    assert gaps["flags"].str.contains("estimate").all()
    assert las_palmas.run["settings"]["distance_only"] is True
    assert gaps["shortfall_m2"].isna().all()
    assert "crowded" not in set(gaps["status"])


def test_las_palmas_walks_longer_than_the_crow_flies(las_palmas):
    cells = las_palmas.tables["cells"]
    reached = cells[cells["walk_m"].notna()]
    assert len(reached) > 0.9 * len(cells)
    assert (reached["walk_m"] >= reached["straight_m"] - 0.01).all()
    ratio = las_palmas.tables["gaps"].query("band == 'all'")["detour_ratio"].dropna()
    assert (ratio >= 1.0).all()
    assert 1.2 < ratio.median() < 2.5


def test_las_palmas_counts_open_playgrounds_and_not_schools(las_palmas):
    sites = las_palmas.tables["play_areas"]
    assert sites.query("kind == 'playground'")["counts"].mean() > 0.8
    assert not sites.query("kind in ('schoolyard', 'pitch')")["counts"].any()
    assert 142 <= len(sites.query("kind == 'playground'")) <= 160  # 142 ways and nodes with 12 more outside the city


def test_las_palmas_covered_share_is_that_of_its_cells(las_palmas):
    cells = las_palmas.tables["cell_bands"].merge(
        las_palmas.tables["cells"][["cell_id", "commune_id", "walk_m"]], on=["cell_id", "commune_id"]
    )
    assert (cells["covered"] == (cells["walk_m"] <= 300)).all()
    inside = cells[cells["covered"].astype(bool)].groupby("commune_id")["children"].sum()
    gaps = las_palmas.tables["gaps"].query("band == 'all'").set_index("commune_id")
    expected = (inside.reindex(gaps.index).fillna(0) / gaps["children"]).to_numpy()
    np.testing.assert_allclose(gaps["covered_share"].to_numpy(), expected, rtol=1e-9)


def test_quang_nam_is_unknown_everywhere_and_shows_need(quang_nam):
    gaps = quang_nam.tables["gaps"].query("band == 'all'")
    assert len(gaps) == 78
    assert set(gaps["status"]) == {"unknown"}
    assert sorted(gaps["survey_rank"]) == list(range(1, 79))
    hidden = [
        "children_uncovered",
        "covered_share",
        "play_area_m2",
        "access_m2_per_child",
        "shortfall_m2",
        "detour_ratio",
    ]
    assert gaps[hidden].isna().all(axis=None)
    assert (gaps["children"] > 0).all()


def test_quang_nam_keeps_the_census_total(quang_nam):
    """363,994 children 0–14 in the census of 2019, all of them inside the 78 communes."""
    assert quang_nam.tables["gaps"].query("band == 'all'")["children"].sum() == pytest.approx(363_994, rel=1e-9)


def test_quang_nam_communes_made_of_whole_old_ones_have_their_children(quang_nam):
    """Where old communes lie wholly in a new one (by area), its children are the sum of theirs."""
    folder = shared_data() / "quangnam"
    old = gpd.read_file(folder / "communes_2019.gpkg").to_crs("EPSG:5899")
    new = gpd.read_file(folder / "communes_2025.gpkg").to_crs("EPSG:5899")
    old["zone"] = old["district_vn"] + " / " + old["commune_vn"]
    children = pd.read_csv(HERE / "quang-nam" / "children.csv").set_index("zone")["children_0_14"]
    shared = gpd.overlay(old[["zone", "geometry"]], new[["code", "geometry"]], "intersection", keep_geom_type=True)
    shared["share"] = shared.area / shared["zone"].map(old.set_index("zone").area)
    most = shared.sort_values("share").groupby("zone").tail(1)
    touching = shared[shared["share"] > 0.02].groupby("code")["zone"].nunique()
    held = most[most["share"] > 0.97].groupby("code")["zone"].nunique()
    clean = [code for code in touching.index if held.get(code) == touching[code]]
    assert len(clean) > 30
    estimate = most[most["code"].isin(clean)].assign(n=most["zone"].map(children)).groupby("code")["n"].sum()
    found = quang_nam.tables["gaps"].query("band == 'all'").set_index("commune_id")["children"]
    np.testing.assert_allclose(found.loc[estimate.index], estimate, rtol=0.05)


def test_quang_nam_opens_light_and_says_what_it_is(quang_nam_folder):
    page = (quang_nam_folder / "maps" / "gap.html").read_text("utf-8")
    assert len(page.encode()) < 1_000_000
    record = json.loads((quang_nam_folder / "run.json").read_text("utf-8"))
    assert record["study"]["estimate"] is True
    assert {note["code"] for note in record["warnings"]} >= {"unverified_norm", "distance_only"}
    assert "CC BY 4.0" in page


def test_the_offline_form_of_the_commune_with_the_longest_border_fits(quang_nam_folder):
    entry = Library(Settings((quang_nam_folder,), quang_nam_folder)).first()
    communes = entry.table("communes")
    longest = communes["commune_id"].iloc[communes.geometry.count_coordinates().argmax()]
    body = form.make(entry, form.model_of(entry, Models()), [longest])
    assert 80_000 < len(body) <= 1_000_000
