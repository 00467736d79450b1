"""The demo study: the same bytes each time, sound layers, and each showcase shows what it is built for.

What each commune shows is checked twice: on the ground, from the layers alone, by distances that a reader can follow;
and by the whole job.
"""

import hashlib
import tomllib
import unicodedata
from pathlib import Path

import geopandas as gpd
import numpy as np
import offline_file
import pandas as pd
import pyogrio
import pytest
import rasterio
import scipy.sparse
import scipy.sparse.csgraph
import shapely
from sanchoi.data import demo
from sanchoi.data.demo_plan import COMMUNES, M2_PER_CHILD, TARGET_SHARE, WALK_M
from sanchoi.gis import results, study, tables
from sanchoi.gis.network import components, from_lines

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
CONSTRAINTS = (
    *("road_classes", "power", "dikes", "cemeteries", "industry", "petrol", "flood"),
    *("schools", "halls", "nothing"),
)
LAYERS = ("barriers", "buildings", "communes", "halo", "parcels", "play_areas", "roads", *CONSTRAINTS)
CODES = {  # land-use codes of the demo: a row of the classes A, B, C, X that later work knows
    *("DKV", "DSH", "DTT", "DVH", "BCS", "TSC", "DGD"),
    *("HNK", "CLN", "NTS", "ONT", "ODT", "TMD"),
    *("LUC", "RSX", "RPH"),
    *("NTD", "SON", "MNC", "SKK"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return demo.write(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def layer(folder):
    return {name: gpd.read_file(folder / f"{name}.gpkg") for name in LAYERS}


def hashes(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


# --- files


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(folder, tmp_path):
    again, other = hashes(demo.write(tmp_path / "again")), hashes(demo.write(tmp_path / "other", seed=1))
    assert again == hashes(folder)
    assert {name for name in again if again[name] == other[name]} == {
        *("study.toml", "children.csv", "barriers.gpkg", "dem.tif", "nothing.gpkg"),
    }


def test_writing_over_an_earlier_demo_leaves_the_same_bytes(tmp_path):
    once = hashes(demo.write(tmp_path))
    assert hashes(demo.write(tmp_path)) == once


def test_it_is_small_and_leaves_gdal_as_it_was(folder):
    assert sum(path.stat().st_size for path in folder.iterdir()) < 3_500_000
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}.gpkg" for name in LAYERS),
        *("children.csv", "population.tif", "dem.tif", "study.toml"),
    }
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_study_toml_is_a_good_study_that_names_files_that_exist(folder):
    found = study.parse(tomllib.loads((folder / "study.toml").read_text(encoding="utf-8")))
    assert (found.crs, found.language, found.synthetic, found.cell_m) == ("EPSG:5899", "vi", True, 100.0)
    assert {name: found["norms"][name] for name in ("profile", "walk_m", "m2_per_child", "target_share")} == {
        "profile": "qcvn-01-2021",
        "walk_m": WALK_M,
        "m2_per_child": M2_PER_CHILD,
        "target_share": TARGET_SHARE,
    }
    for section in found.sections.values():
        if section and "path" in section.values:
            assert (folder / section["path"]).is_file()
    assert {"communes", "children", "buildings", "play_areas", "network", "barriers"} <= {
        row["layer"] for row in found.sources
    }


# --- layers


def test_communes_fit_together_exactly(layer):
    communes = layer["communes"]
    assert len(communes) == 25
    assert communes.crs == "EPSG:5899"
    assert shapely.coverage_is_valid(communes.geometry.to_numpy())
    assert communes.is_valid.all()
    assert communes["commune_id"].is_unique
    assert communes["name"].is_unique
    assert all(unicodedata.is_normalized("NFC", name) for name in communes["name"])
    assert communes.loc[~communes["surveyed"], "name"].tolist() == ["Mây Trắng"]
    assert communes.area.between(4e6, 20e6).all()


def test_children_and_halo_are_whole_numbers_of_the_same_columns(folder, layer):
    children = pd.read_csv(folder / "children.csv", dtype={"commune_id": str})
    assert children["commune_id"].tolist() == layer["communes"]["commune_id"].tolist()
    counts = children[["children_0_5", "children_6_14"]]
    assert (counts.dtypes == "int64").all()
    assert children.loc[counts.sum(axis=1) == 0, "name"].tolist() == ["Kho Muối"]
    assert (layer["communes"]["population"].to_numpy() > counts.sum(axis=1)).all()
    ground = layer["halo"].query("halo_id != 'Biển'")
    assert (ground[["children_0_5", "children_6_14"]] > 0).all(axis=None)
    assert layer["halo"].query("halo_id == 'Biển'")[["children_0_5", "children_6_14"]].sum(axis=None) == 0
    halo, communes = layer["halo"].union_all(), layer["communes"].union_all()
    assert halo.intersection(communes).area < 1.0
    away = shapely.distance(communes.boundary, shapely.points(shapely.get_coordinates(halo)))
    assert away.max() > max(WALK_M.values())


def fold(name):
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    words = "".join(c for c in plain if not unicodedata.combining(c))
    for kind in ("xa ", "phuong ", "thi tran ", "thanh pho ", "huyen ", "thi xa "):
        words = words.removeprefix(kind)
    return words.strip()


def test_no_name_is_that_of_a_real_commune():
    lists = {
        "communes_2025.gpkg": ["name"],
        "communes_2019.gpkg": ["district_vn", "commune_vn"],
        "census2019_communes.csv": ["dist", "commune"],
        "codes_2019_to_2025.csv": ["new_name", "old_name"],
    }
    if not all((SHARED / "quangnam" / name).is_file() for name in lists):
        pytest.skip("../shared/data/quangnam, the lists of real communes, is absent")
    real = set()
    for name, names in lists.items():
        path = SHARED / "quangnam" / name
        frame = gpd.read_file(path) if path.suffix == ".gpkg" else pd.read_csv(path, dtype=str)
        real |= {fold(v) for column in names for v in frame[column].dropna()}
    assert len(real) > 250
    assert not {plan.name for plan in COMMUNES if fold(plan.name) in real}


def test_roads_cross_the_river_on_three_bridges_only_and_hang_together(layer):
    roads, river = layer["roads"], layer["barriers"].union_all()
    wet = roads[roads.intersects(river)]
    assert len(wet) == 3
    assert wet["bridge"].all()
    assert int(roads["bridge"].sum()) == 3
    network = from_lines(roads)
    group = components(network)
    sizes = np.sort(np.bincount(group))[::-1]
    assert sizes[1] < 30  # the island hamlet, and lanes that no road reaches
    assert sizes[0] > 0.99 * len(group)
    assert from_lines(roads.sample(frac=1, random_state=1)).length_mm.sum() == network.length_mm.sum()


def test_houses_stand_on_land_clear_of_each_other_the_river_and_the_roads(layer):
    houses = layer["buildings"]
    shapes = houses.geometry.to_numpy()
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (one == two).all()
    assert not houses.intersects(layer["barriers"].union_all()).any()
    assert not len(shapely.STRtree(shapes).query(layer["roads"].geometry.to_numpy(), predicate="intersects")[0])
    land = pd.concat([layer["communes"], layer["halo"].query("halo_id != 'Biển'")]).union_all()
    assert shapely.covers(land, shapely.centroid(shapes)).all()
    assert houses["storeys"].between(1, 4).all()
    assert len(houses) > 3_500


def test_play_areas_have_the_columns_and_the_cases_that_a_survey_has(layer):
    found = layer["play_areas"]
    assert found["play_area_id"].is_unique
    assert set(found["access"]) == {"public", "restricted", "fee", "closed"}
    assert set(found["access"]) <= set(tables.ACCESS)
    assert set(found.geom_type) == {"Polygon", "Point"}
    assert found.is_valid.all()
    points = found[found.geom_type == "Point"]
    assert points["area_m2"].isna().sum() == 1
    assert points["area_m2"].notna().sum() >= 3
    assert (found["usable_m2"] < found.area).sum() >= 3


def test_parcels_have_codes_and_do_not_overlap(layer):
    parcels = layer["parcels"]
    assert parcels["parcel_id"].is_unique
    assert set(parcels["land_use"]) == CODES
    assert parcels["cost"].isna().all()
    assert parcels.is_valid.all()
    shapes = parcels.geometry.to_numpy()
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    keep = one < two
    shared = shapely.area(shapely.intersection(shapes[one[keep]], shapes[two[keep]]))
    assert shared.max() < 1.0  # corners are rounded to a centimetre
    river = parcels[parcels["land_use"] == "SON"].union_all()
    inland = layer["barriers"].union_all().intersection(layer["communes"].union_all())
    assert river.symmetric_difference(inland).area < 0.01 * inland.area


def test_the_raster_lies_on_the_grid_and_follows_the_houses(folder, layer):
    with rasterio.open(folder / "population.tif") as source:
        values, transform = source.read(1, masked=True), source.transform
        assert source.crs.to_epsg() == 5899
    assert (transform.a, transform.e) == (100.0, -100.0)
    assert transform.c % 100 == 0
    assert transform.f % 100 == 0
    homes = layer["buildings"].query("residential")
    floor = float((homes.area * homes["storeys"]).sum())
    assert values.sum() * 22.0 == pytest.approx(floor, rel=0.05)


# --- what each commune shows, on the ground


def commune(layer, key):
    code, name = demo.SHOWCASE[key]
    row = layer["communes"].set_index("commune_id").loc[code]
    assert row["name"] == name
    return row


def homes(layer, key):
    inner = layer["buildings"].query("residential").set_geometry(layer["buildings"].query("residential").centroid)
    return inner[inner.within(commune(layer, key).geometry)].geometry.to_numpy()


def open_ground(layer):
    return layer["play_areas"].query("access == 'public'")


def children(folder, key):
    table = pd.read_csv(folder / "children.csv", dtype={"commune_id": str}).set_index("commune_id")
    return table.loc[demo.SHOWCASE[key][0], ["children_0_5", "children_6_14"]].sum()


def walk(layer, start, end):
    """Metres on foot between the network's nodes nearest to two points; inf without a way."""
    network = from_lines(layer["roads"])
    n = len(network.x)
    graph = scipy.sparse.coo_array((network.length_mm / 1000, (network.u, network.v)), shape=(n, n)).tocsr()
    ends = [int(np.argmin(np.hypot(network.x - p.x, network.y - p.y))) for p in (start, end)]
    return scipy.sparse.csgraph.dijkstra(graph, directed=False, indices=ends[0])[ends[1]]


def test_showcase_names_every_status_and_every_part_with_a_commune_of_its_own():
    assert set(demo.SHOWCASE) == {*tables.STATUSES, *tables.PARTS}
    assert len(set(demo.SHOWCASE.values())) == len(demo.SHOWCASE)


def test_unknown_nobody_surveyed_a_commune_with_children(folder, layer):
    assert not commune(layer, "unknown")["surveyed"]
    assert children(folder, "unknown") > 0


def test_no_children_a_commune_with_workshops_and_a_hostel(folder, layer):
    assert children(folder, "no_children") == 0
    assert len(homes(layer, "no_children")) == 1
    assert layer["buildings"].intersects(commune(layer, "no_children").geometry).sum() > 10


def test_no_supply_no_open_play_area_within_500_m_of_any_home(layer):
    inventory = layer["play_areas"]
    inside = inventory[inventory.intersects(commune(layer, "no_supply").geometry)]
    assert set(inside["access"]) == {"restricted", "fee", "closed"}
    assert shapely.distance(homes(layer, "no_supply"), open_ground(layer).union_all()).min() > WALK_M["6-14"]


@pytest.mark.parametrize("key", ["out_of_reach", "supply"])
def test_supply_one_village_has_a_play_area_and_the_others_have_none_near(layer, key):
    away = shapely.distance(homes(layer, key), open_ground(layer).union_all())
    assert 0.1 < (away < WALK_M["0-5"]).mean() < 0.5
    assert ((away > WALK_M["0-5"]) & (away <= WALK_M["6-14"])).mean() < 0.1


@pytest.mark.parametrize(("key", "low", "high"), [("crowded", 0.4, 0.8), ("area", 0.3, 0.6), ("met", 5.0, 9.0)])
def test_play_areas_stand_near_every_home_and_differ_in_ground_per_child(folder, layer, key, low, high):
    ground = open_ground(layer)
    away = shapely.distance(homes(layer, key), ground.union_all())
    assert (away < WALK_M["0-5"]).mean() > 0.95
    own = ground[ground.intersects(commune(layer, key).geometry)]
    assert low < own.area.sum() / children(folder, key) < high


def test_barrier_the_park_is_near_across_the_river_and_the_bridge_is_far(layer):
    park = layer["play_areas"].query("name == 'Công viên Bờ Nam'").geometry.iloc[0]
    river = layer["barriers"].union_all()
    mine = homes(layer, "barrier")
    across = shapely.shortest_line(mine, park)
    seen = (shapely.length(across) <= WALK_M["0-5"]) & shapely.intersects(across, river)
    assert seen.mean() > 0.4
    bridges = layer["roads"].query("bridge").geometry
    assert bridges.distance(park).min() > 2_000
    assert walk(layer, mine[seen][0], park.centroid) > 4_000


def test_detour_the_playground_is_near_as_the_crow_flies_with_no_river_between_and_far_on_foot(layer):
    ground = layer["play_areas"].query("name == 'Sân chơi Gò Trâm Dưới'").geometry.iloc[0]
    mine = homes(layer, "detour")
    straight = shapely.shortest_line(mine, ground)
    near = shapely.length(straight) <= WALK_M["0-5"]
    assert near.mean() > 0.4
    assert not shapely.intersects(straight[near], layer["barriers"].union_all()).any()
    entrance = shapely.Point(shapely.get_coordinates(ground)[0])
    assert walk(layer, mine[near][0], entrance) > 1_200


# --- what each commune shows, by the whole job


@pytest.fixture(scope="module")
def result(folder):
    job = pytest.importorskip("sanchoi.gis.job", reason="the job cannot be imported yet", exc_type=ImportError)
    return job.run(folder)


@pytest.mark.parametrize("status", tables.STATUSES)
def test_the_job_gives_each_showcase_its_status(result, status):
    code, name = demo.SHOWCASE[status]
    rows = result.tables["gaps"]
    rows = rows[rows["commune_id"] == code]
    assert set(rows["name"]) == {name}
    assert set(rows["band"]) == {"0-5", "6-14", "all"}
    assert set(rows["status"]) == {status}


@pytest.mark.parametrize("part", tables.PARTS)
def test_the_job_gives_each_showcase_its_reason(result, part):
    code, _ = demo.SHOWCASE[part]
    rows = result.tables["reasons"].query("band == 'all'")
    parts = rows[rows["commune_id"] == code].set_index("part")["children"]
    assert parts.sum() > 300
    assert parts[part] > 0.85 * parts.sum()
    if part != "barrier":
        assert parts["barrier"] == pytest.approx(0, abs=1e-6)


def test_the_job_marks_the_demo_as_synthetic_and_measures_with_the_halo(result):
    assert result.run["study"]["synthetic"] is True
    gaps = result.tables["gaps"]
    assert len(gaps) == 3 * len(COMMUNES)
    assert not gaps["flags"].str.contains("edge").any()
    assert gaps.query("commune_id == '90112'")["flags"].str.contains("area_unknown").all()
    island = result.tables["cells"].query("commune_id == '90125' and walk_m.isna()")
    assert len(island) > 0


def test_the_offline_form_of_its_largest_commune_fits(result, tmp_path):
    folder = results.write(result, tmp_path / "demo")
    ids = result.tables["parcels"]["commune_id"].value_counts().index
    body = offline_file.made(folder, ids[0])
    assert 50_000 < len(body) <= 1_000_000
