"""A small sound study, to be spoilt one way at a time: two communes of 1 km², a road, two play areas, a raster.

  y
1000 ┌──────────────┬──────────────┐
     │   Hòa Phú    │   Đại Lãnh   │
 500 ├──road────────┼──────────────┤     play areas at (250, 500) and (1750, 500)
     │              │              │
   0 └──────────────┴──────────────┘
     0            1000           2000  x
"""

import geopandas as gpd
import numpy as np
import rasterio
import shapely

CRS = "EPSG:5899"
X, Y = 560_000.0, 1_740_000.0
"""Lower left corner: near Tam Kỳ."""

TOML = """\
[study]
name = "Small"
crs = "EPSG:5899"
date = 2026-06-01
language = "en"

[communes]
path = "communes.gpkg"
id = "code"
name = "name"
vintage = "2025-07-01"
surveyed = true

[children]
path = "children.csv"
id = "code"
bands = { "0-5" = "young", "6-14" = "old" }

[play_areas]
path = "play_areas.gpkg"
id = "site"
area = "m2"
access = "access"

[network]
path = "roads.gpkg"
bridge = "bridge"

[norms]
profile = "qcvn-01-2021"
walk_m = 300
m2_per_child = 2
"""


def square(x, y, w, h):
    return shapely.box(X + x, Y + y, X + x + w, Y + y + h)


def communes():
    names = {"code": ["Hòa Phú", "Đại Lãnh"], "name": ["Hòa Phú", "Đại Lãnh"]}
    return gpd.GeoDataFrame(names, geometry=[square(0, 0, 1000, 1000), square(1000, 0, 1000, 1000)], crs=CRS)


def play_areas():
    columns = {"site": ["A", "B"], "m2": [500.0, 400.0], "access": ["public", "public"]}
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy([X + 250, X + 1750], [Y + 500, Y + 500]), crs=CRS)


def roads():
    line = shapely.LineString([(X + 0, Y + 500), (X + 1000, Y + 500), (X + 2000, Y + 500)])
    return gpd.GeoDataFrame({"bridge": [False]}, geometry=[line], crs=CRS)


def write(folder):
    """Write the study; every file may then be replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    for name, frame in {"communes": communes(), "play_areas": play_areas(), "roads": roads()}.items():
        layer(folder, name, frame)
    rows = "code,young,old\nHòa Phú,100,200\nĐại Lãnh,50,60\n"
    (folder / "children.csv").write_text(rows, encoding="utf-8")
    return folder


def layer(folder, name, frame):
    path = folder / f"{name}.gpkg"
    path.unlink(missing_ok=True)
    frame.to_file(path, driver="GPKG")


def replace(folder, old, new, file="study.toml"):
    """Change text of a file; the old text must be there."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add(folder, text):
    path = folder / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def raster(folder, values, x=0.0, top=1000.0, size=100.0, crs=CRS, name="people.tif"):
    """A GeoTIFF whose upper left corner is at (x, top) of the drawing."""
    values = np.asarray(values, dtype="float32")
    with rasterio.open(
        folder / name,
        "w",
        driver="GTiff",
        height=values.shape[0],
        width=values.shape[1],
        count=1,
        dtype="float32",
        crs=crs,
        transform=rasterio.Affine(size, 0, X + x, 0, -size, Y + top),
        nodata=-1.0,
    ) as sink:
        sink.write(values, 1)
