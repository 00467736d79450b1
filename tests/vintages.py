"""Quảng Nam in the communes of 2019 and of 2025, all else equal. The inventory of play areas is invented for the test."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shared import ROOT, shared_data

CRS = "EPSG:5899"
CENSUS = ROOT / "tests" / "studies" / "quang-nam" / "children.csv"
STUDY = """\
[study]
name = "Quảng Nam, {name}"
crs = "EPSG:5899"
date = 2026-11-23
language = "vi"
estimate = true
cell_m = {cell_m}

[communes]
path = "communes.gpkg"
id = "code"
name = "name"
vintage = "{vintage}"
surveyed = {surveyed}

[children]
path = "{census}"
id = "zone"
bands = {{ "0-14" = "children_0_14" }}
zones = "{data}/communes_2019.gpkg"
zones_id = ["district_vn", "commune_vn"]
estimate = true

[population]
path = "{data}/worldpop_2020_1km.tif"

[play_areas]
path = "{play_areas}"
id = "id"
area = "m2"
access = "access"

[network]
detour = 1.3

[norms]
profile = "qcvn-01-2021"
walk_m = 2000
m2_per_child = 0.2
target_share = 0.5
"""


def communes_2019():
    """Outlines of 2019 with the official code where the name is written once, as in the table of codes."""
    folder = shared_data() / "quangnam"
    old = gpd.read_file(folder / "communes_2019.gpkg")
    codes = pd.read_csv(folder / "codes_2019_to_2025.csv", dtype=str).drop_duplicates("old_code")
    codes = codes[codes["new_code"].isin(communes_2025()["code"])]
    once = codes[~codes["old_name"].str.lower().duplicated(keep=False)]
    known = dict(zip(once["old_name"].str.lower(), once["old_code"], strict=True))
    names = old["commune_vn"]
    alone = ~names.str.lower().duplicated(keep=False)
    code = [known.get(n.lower()) if one else None for n, one in zip(names, alone, strict=True)]
    code = [c or f"QN2019-{i:03d}" for i, c in enumerate(code)]
    return gpd.GeoDataFrame({"code": code, "name": names}, geometry=old.geometry, crs=old.crs)


def communes_2025():
    new = gpd.read_file(shared_data() / "quangnam" / "communes_2025.gpkg")
    new = new[new["former_province"] == "Quảng Nam"]
    return new[["code", "full_name", "geometry"]].rename(columns={"full_name": "name"})


def play_areas(seed=1, count=400):
    """Two points near the middle of each commune of 2019, at invented places."""
    old = communes_2019().to_crs(CRS)
    rng = np.random.default_rng(seed)
    points = []
    for shape in old.geometry:
        near = shape.representative_point()
        points += [shapely.Point(near.x + rng.uniform(-900, 900), near.y + rng.uniform(-900, 900)) for _ in range(2)]
    points = points[:count]
    area = rng.integers(100, 3000, len(points)).astype(float)
    ids = [f"P{i:03d}" for i in range(len(points))]
    return gpd.GeoDataFrame({"id": ids, "m2": area, "access": "public"}, geometry=points, crs=CRS)


def write(folder, vintage, inventory, surveyed="true", cell_m=100):
    """Write the study of one vintage, with this inventory (a path)."""
    folder.mkdir(parents=True, exist_ok=True)
    made = communes_2019() if vintage.startswith("2019") else communes_2025()
    made.to_file(folder / "communes.gpkg", driver="GPKG")
    text = STUDY.format(
        name=vintage[:4],
        vintage=vintage,
        census=CENSUS,
        data=shared_data() / "quangnam",
        play_areas=inventory,
        surveyed=surveyed,
        cell_m=cell_m,
    )
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder
