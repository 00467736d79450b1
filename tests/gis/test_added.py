"""Added land: to the bit what a run gives whose layer of parcels has that land too, and plans that never take one ground twice."""

import shutil

import geopandas as gpd
import pandas as pd
import pytest
import service
import shapely
import small
from sanchoi.gis import added, job, model_files, results, site_plan
from sanchoi.gis.added import Land
from sanchoi.gis.errors import Infeasible, SanchoiError
from sanchoi.gis.notes import Notes

LANDS = [
    ("ĐX-1", (640.0, 480.0, 30.0), "BCS", "UBND xã", 4e8),
    ("ĐX-2", (1400.0, 500.0, 35.0), "HNK", None, None),
    ("ĐX-3", (340.0, 801.0, 25.0), "NTD", None, 1e8),  # excluded: a cemetery
    ("ĐX-4", (20.0, 20.0, 20.0), "???", "Hộ gia đình", 2e8),  # nobody can walk there
]
ALIKE = ("parcels", "usable", "screening", "effects", "walks", "parcel_limits", "contributions", "acceptability")


def degrees(x, y, side):
    return gpd.GeoSeries([small.square(x, y, side, side)], crs=small.CRS).to_crs(4326).iloc[0]


@pytest.fixture(scope="module")
def base():
    return results.read(service.result()), model_files.found(service.result())


@pytest.fixture(scope="module")
def more(base):
    lands = [(name, Land(degrees(*at), use, owner, cost)) for name, at, use, owner, cost in LANDS]
    return added.add(base[0].tables, base[0].run, base[1], lands)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run of the study with the same land in its layer of parcels."""
    folder = tmp_path_factory.mktemp("added") / "study"

    shutil.copytree(service.study(), folder)
    land = gpd.read_file(folder / "land.gpkg")
    shapes = [degrees(*at) for _, at, *_ in LANDS]
    rows = gpd.GeoDataFrame(
        {
            "no": [each[0] for each in LANDS],
            "use": [each[2] for each in LANDS],
            "owner": [each[3] for each in LANDS],
            "price": [each[4] for each in LANDS],
        },
        geometry=shapes,
        crs=4326,
    ).to_crs(land.crs)
    (folder / "land.gpkg").unlink()
    gpd.GeoDataFrame(pd.concat([land, rows], ignore_index=True), crs=land.crs).to_file(folder / "land.gpkg")
    return job.run(folder)


@pytest.mark.parametrize("table", ALIKE)
def test_every_row_is_that_of_a_run(more, whole, table):
    mine, theirs = more.tables[table], whole.tables[table]
    if table == "parcels":
        ids = [each[0] for each in LANDS]
        mine = mine.assign(owner=mine["owner"].where(~mine["parcel_id"].isin(ids)))
        theirs = theirs.assign(owner=theirs["owner"].where(~theirs["parcel_id"].isin(ids)))
        assert mine.loc[mine["parcel_id"].isin(ids), "owner"].isna().all()
    if table == "screening":
        mine, theirs = (each.sort_values(["parcel_id", "constraint_id"], ignore_index=True) for each in (mine, theirs))
    if "geometry" in mine:
        assert shapely.equals_exact(mine.geometry.to_numpy(), theirs.geometry.to_numpy(), 1e-9).all()
        mine, theirs = (pd.DataFrame(each.drop(columns="geometry")) for each in (mine, theirs))
    pd.testing.assert_frame_equal(mine, theirs, check_exact=False, rtol=1e-9, atol=1e-9)
    if table == "parcels":
        assert set(mine.loc[mine["parcel_id"].isin(ids), "verdict"]) == {"eligible", "conditional", "excluded"} & set(
            theirs.loc[theirs["parcel_id"].isin(ids), "verdict"]
        )


@pytest.mark.parametrize("rules", [{"count": 2}, {"count": 3}, {"budget": 9e8}, {"count": 2, "objective": "max_min"}])
def test_the_plan_is_that_of_a_run(more, whole, rules):
    mine = site_plan.again(more.tables, more.run, rules, Notes())
    theirs = site_plan.again(whole.tables, whole.run, rules, Notes())
    assert mine.run["siting"]["verified"]
    assert mine.run["siting"]["incumbent"] == pytest.approx(theirs.run["siting"]["incumbent"])
    pd.testing.assert_frame_equal(mine.tables["sites"], theirs.tables["sites"], rtol=1e-9)
    pd.testing.assert_frame_equal(mine.tables["plan_gaps"], theirs.tables["plan_gaps"], rtol=1e-9)


def test_a_fixed_land_is_in_the_plan(more):
    found = site_plan.again(more.tables, more.run, {"count": 2, "fixed": ["ĐX-2"]}, Notes())
    assert "ĐX-2" in set(found.tables["sites"]["parcel_id"])
    with pytest.raises(Infeasible, match="ĐX-3 is excluded"):
        site_plan.again(more.tables, more.run, {"count": 2, "fixed": ["ĐX-3"]}, Notes())


def test_no_ground_is_taken_twice(base):
    """Land upon the listed parcel P1: both are good, and only one of them can be built."""
    lands = [("ĐX-9", Land(degrees(*service.ROWS[0][1:4]), "BCS", None, 4e8))]
    more = added.add(base[0].tables, base[0].run, base[1], lands)
    found = site_plan.again(more.tables, more.run, {"count": 4, "fixed": ["ĐX-9"]}, Notes())
    chosen = set(found.tables["sites"]["parcel_id"])
    assert "ĐX-9" in chosen
    assert "P1" not in chosen
    with pytest.raises(SanchoiError):
        site_plan.again(more.tables, more.run, {"count": 4, "fixed": ["ĐX-9", "P1"]}, Notes())


def test_an_id_is_given_once_and_land_that_is_too_large_is_refused(base):
    with pytest.raises(Infeasible, match="P1 is a parcel already"):
        added.add(base[0].tables, base[0].run, base[1], [("P1", Land(degrees(640, 480, 30)))])
    with pytest.raises(SanchoiError):
        added.add(base[0].tables, base[0].run, base[1], [("x", Land(degrees(100, 100, 400)))])


def test_the_model_ranks_the_next_land_among_all(more):
    assert len(more.model.book.scores) == more.tables["parcels"]["score"].notna().sum()
