"""A study copied by sanchoi import survey stands on its own: with the old one gone it gives the same numbers."""

import os
import shutil

import numpy as np
import pandas as pd
import pytest
import rasterio
import rasterio.shutil
import small
import survey_kit as kit
from rasterio.enums import Resampling
from sanchoi.api import scenario_study, study_files
from sanchoi.gis import job
from survey_kit import HOME, KNOWN, OTHER, bring, filled

PEOPLE = np.zeros((10, 20), dtype="float32")
PEOPLE[5, 2] = 1  # x 200 to 300, y 400 to 500: beside the road, and the play area at (250, 500)
PEOPLE[5, 12] = 1  # x 1200 to 1300: 450 m from the play area at (1750, 500) at the least


def tfw(folder):
    """A GeoTIFF that keeps nothing in itself: place in a world file, CRS in .aux.xml, pyramids in .ovr."""
    small.raster(folder, PEOPLE, name="whole.tif")
    rasterio.shutil.copy(folder / "whole.tif", folder / "people.tif", driver="GTiff", PROFILE="BASELINE", TFW="YES")
    (folder / "whole.tif").unlink()
    with rasterio.Env(TIFF_USE_OVR="YES"), rasterio.open(folder / "people.tif", "r+") as sink:
        sink.build_overviews([2], Resampling.nearest)
    beside = {path.name for path in folder.glob("people.*")}
    assert {"people.tif", "people.tfw", "people.tif.aux.xml", "people.tif.ovr"} <= beside
    return "people.tif"


def pgw(folder):
    """A picture of whole numbers with its world file in capitals."""
    small.raster(folder, PEOPLE, name="whole.tif")
    with rasterio.open(folder / "whole.tif") as source:
        profile = {**source.profile, "dtype": "uint8", "driver": "PNG", "nodata": None}
    (folder / "whole.tif").unlink()
    (folder / "rasters").mkdir()
    with rasterio.open(folder / "rasters" / "people.png", "w", **profile, WORLDFILE="YES") as sink:
        sink.write(PEOPLE.astype("uint8"), 1)
    (folder / "rasters" / "people.wld").rename(folder / "rasters" / "people.PGW")
    return "rasters/people.png"


def grid(folder):
    """A grid as text, its CRS beside it."""
    small.raster(folder, PEOPLE, name="whole.tif")
    rasterio.shutil.copy(folder / "whole.tif", folder / "people.asc", driver="AAIGrid")
    (folder / "whole.tif").unlink()
    assert (folder / "people.prj").is_file()
    return "people.asc"


def virtual(folder):
    """A raster made of another."""
    (folder / "parts").mkdir()
    small.raster(folder, PEOPLE, name="parts/one.tif")
    rasterio.shutil.copy(folder / "parts" / "one.tif", folder / "people.vrt", driver="VRT")
    assert 'relativeToVRT="1"' in (folder / "people.vrt").read_text("utf-8")
    return "people.vrt"


def absolute(folder):
    """A raster in the study's folder that is named from the root of the disk."""
    small.raster(folder, PEOPLE)
    return (folder / "people.tif").as_posix()


def around(folder):
    """A raster in the study's folder that is named from outside."""
    small.raster(folder, PEOPLE)
    return f"../{folder.name}/people.tif"


def linked(folder):
    """A link to a raster elsewhere in the study's folder."""
    (folder / "store").mkdir()
    small.raster(folder, PEOPLE, name="store/r.tif")
    os.symlink(folder / "store" / "r.tif", folder / "people.tif")
    return "people.tif"


@pytest.mark.parametrize("make", [tfw, pgw, grid, virtual, absolute, around, linked])
def test_the_new_study_needs_nothing_of_the_old_one(tmp_path, make):
    folder = kit.study(tmp_path / "study")
    people = make(folder)
    small.add(folder, f'\n[population]\npath = "{people}"\n')
    assert bring(filled(tmp_path / "a.xlsx", KNOWN), study=folder, out=tmp_path / "new") == 0
    (folder / "communes.gpkg").unlink()
    small.layer(folder, "communes", small.communes())
    small.replace(folder, 'surveyed = "seen"', "surveyed = true")
    before = job.run(folder).tables["gaps"]
    shutil.rmtree(folder)
    found = job.run(tmp_path / "new").tables["gaps"]
    pd.testing.assert_frame_equal(found, before)
    young = found[found["band"] == "0-5"].set_index("commune_id")
    assert young.loc[HOME, "children_uncovered"] == 0  # all live beside their play area
    assert young.loc[OTHER, "children_uncovered"] == pytest.approx(50)  # nobody within 300 m


def test_every_kind_of_layer_takes_its_parts_along_and_no_other_layer(tmp_path):
    def made(*names):
        for name in names:
            (tmp_path / name).touch()

    made("a.shp", "a.SHX", "a.dbf", "a.prj", "a.cpg", "a.shp.xml", "a.gpkg", "a.tif", "a.tfw", "ab.dbf", "a.toml")
    made("t.tab", "t.dat", "t.map", "t.id", "m.mif", "m.mid")
    told = {name: {each.name for each in study_files.parts(tmp_path / name)} for name in ("a.shp", "t.tab", "m.mif")}
    assert told["a.shp"] >= {"a.shp", "a.SHX", "a.dbf", "a.prj", "a.cpg", "a.shp.xml"}
    assert not told["a.shp"] & {"a.gpkg", "a.tif", "ab.dbf", "a.toml"}
    assert told["t.tab"] == {"t.tab", "t.dat", "t.map", "t.id"}
    assert told["m.mif"] == {"m.mif", "m.mid"}


@pytest.mark.parametrize("name", ["parcels.gpkg", "parcels.csv", "parcels.geojson", "parcels.shp", "parcels.tif"])
def test_what_only_shares_a_name_stays(tmp_path, name):
    """A scenario is handed out: a list of owners beside the parcels is none of its files."""
    for end in ("xls", "ods", "docx", "pdf", "txt", "parquet", "kml", "mdb", "bak", "owners.dbf", "tsv", "DBF"):
        (tmp_path / f"parcels.{end}").touch()
    (tmp_path / name).touch()
    table = {"parcels.DBF"} if name.endswith(".shp") else set()
    assert {each.name for each in study_files.parts(tmp_path / name)} == {name, *table}


def test_a_folder_that_is_a_layer_goes_whole(tmp_path):
    """A study cannot be run on a FileGDB, which is a folder; whoever wrote it into study.toml finds it in the new place."""
    store = tmp_path / "old" / "land.gdb"
    store.mkdir(parents=True)
    (store / "a00000001.gdbtable").write_bytes(b"x")
    (tmp_path / "work").mkdir()
    document = {"parcels": {"path": "land.gdb"}, "play_areas": {"path": "land.gdb"}}
    study_files.copied(tmp_path / "old", document, tmp_path / "work", tmp_path / "new")
    assert (tmp_path / "work" / "land.gdb" / "a00000001.gdbtable").read_bytes() == b"x"
    assert document["parcels"]["path"] == "land.gdb"


def test_a_scenario_takes_what_belongs_to_a_file_along_and_nothing_of_other_folders(tmp_path):
    folder = tmp_path / "study"
    (folder / "layers").mkdir(parents=True)
    mine = ("communes.shp", "communes.dbf", "communes.shx", "communes.prj", "layers/height.tif", "layers/height.tfw")
    for name in (*mine, "communes.gpkg", "layers/other.tif"):
        (folder / name).write_bytes(b"x")
    (tmp_path / "roads.gpkg").write_bytes(b"x")
    document = {
        "communes": {"path": "communes.shp"},
        "terrain": {"path": "layers/height.tif"},
        "network": {"path": "../roads.gpkg"},
        "barriers": {"path": "gone.gpkg"},
        "play_areas": {"path": "communes.gpkg"},
    }
    held, missing = scenario_study._held(document, folder)
    assert held == sorted(mine)
    assert missing == ["../roads.gpkg", "gone.gpkg"]
