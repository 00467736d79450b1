"""Exports in tests: a result of one's own making with odd rows, written as a format and held against what went in."""

import functools
import math
import shutil
import subprocess

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import service
import shapely
from hypothesis import strategies as st
from sanchoi.api.exporting import FORMATS, Wish
from sanchoi.api.exporting.context import Context
from sanchoi.gis import results
from sanchoi.gis.results import Result
from sanchoi.maps.sheets.options import Options

METRIC = 5899
LON, LAT = 108.2, 15.9
SQUARE = shapely.box(LON, LAT, LON + 0.01, LAT + 0.01)
RING = shapely.Polygon(
    SQUARE.exterior.coords, [shapely.box(LON + 0.002, LAT + 0.002, LON + 0.004, LAT + 0.004).exterior.coords]
)
TWO = shapely.MultiPolygon([RING, shapely.box(LON + 0.02, LAT, LON + 0.03, LAT + 0.01)])
SHAPES = (shapely.Point(LON + 1 / 3, LAT + 1 / 7), SQUARE, RING, TWO, None, shapely.Point(), shapely.Polygon())
TEXTS = (
    "Sân chơi Đặng Thùy Trâm",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE gpkg_contents; --",
    "<b>\"&amp;']]>",
    "😀 🛝",
    "a\x01b\x0bc\x1f",
    "đầu\ncuối\r\n\tthụt",
    "",
    " ",
    "NULL",
    "dài " * 5000,
    "%s{0}$[x]",
    None,
)
NUMBERS = (0.0, -0.0, 1 / 3, -1e300, 1e-300, 123456789.123456789, math.nan, math.inf, -math.inf)


def context(tables=None, crs=None, folder=None, **wish):
    """An export of the small result, or of tables of one's own, at work."""
    read = small() if tables is None else Result(tables, {**RUN})
    options = Options(language=wish.pop("language", "vi"))
    return Context(folder or service.result(), read, Wish(crs=crs, options=options, **wish))


RUN = {
    "run_id": "x",
    "study": {
        "name": "Thử <&>",
        "crs": f"EPSG:{METRIC}",
        "language": "vi",
        "date": "2026-07-01",
        "vintage": "2025-07-01",
        "synthetic": False,
        "estimate": False,
    },
    "norm": {"profile": "own", "name_vi": "Mức riêng", "name_en": "Own"},
    "norms": [
        {
            "band": band,
            "walk_m": walk,
            "min_site_m2": None,
            "m2_per_child": None,
            "source": "",
            "article": "",
            "verified": True,
        }
        for band, walk in (("0-5", 300.0), ("6-14", 500.0))
    ],
    "settings": {"study": {"cell_m": 100}, "set_by_planner": [], "distance_only": False, "target_share": 0.8},
    "headline": {"communes": 1, "communes_known": 1, "communes_by_status": {}},
    "warnings": [],
    "sources": [],
    "inputs": [],
    "versions": {"sanchoi": "0.1.0"},
}


@functools.cache
def small():
    """The small result. Do not change it."""
    return results.read(service.result())


def make(name, into, given=None, **wish):
    """Files of a format, and the export that made them."""
    into.mkdir(parents=True, exist_ok=True)
    at_work = given if isinstance(given, Context) else context(given, **wish)
    return {path.name: path for path in FORMATS[name].make(at_work, "", into)}, at_work


def communes():
    """One commune in two pieces, with a hole."""
    return gpd.GeoDataFrame(
        {
            "commune_id": ["20001"],
            "vintage": ["2025-07-01"],
            "name": ["Hòa Phú"],
            "kind": [None],
            "surveyed": [True],
            "area_m2": [1.5],
            "population": [math.nan],
            "weights": ["buildings"],
        },
        geometry=[TWO],
        crs=4326,
    ).astype({"kind": "str"})


def odd(texts=TEXTS, numbers=NUMBERS, shapes=SHAPES):
    """Tables whose play areas have everything that a format may trip over: one row each, and columns of every type."""
    count = max(len(texts), len(numbers), len(shapes))

    def turned(values):
        return [values[k % len(values)] for k in range(count)]

    return {"communes": communes(), "play_areas": places(turned(texts), turned(numbers), turned(shapes))}


def places(texts, numbers, shapes):
    count = len(texts)
    frame = pd.DataFrame(
        {
            "play_area_id": [f"S{k}" for k in range(count)],
            "name": pd.Series(texts, dtype="str"),
            "access": [("public", "fee", "closed", "unknown", "restricted")[k % 5] for k in range(count)],
            "area_m2": pd.Series(numbers, dtype="float64"),
            "counts": [k % 2 == 0 for k in range(count)],
            "maybe": pd.array([(True, False, None)[k % 3] for k in range(count)], dtype="boolean"),
            "rank": pd.array([(2**53 + 1, -7, None)[k % 3] for k in range(count)], dtype="Int64"),
            "built": pd.to_datetime([("2025-07-01", None, "1999-12-31")[k % 3] for k in range(count)]),
            "commune_id": pd.Series(["20001"] * count, dtype="str"),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=list(shapes), crs=4326)


def same(read, table, key, drop=lambda text: text):
    """Every value that was read is the one of the table, and unknown where that is; every place lies within 1 mm."""
    assert sorted(read[key]) == sorted(table[key])
    there = read.set_index(key).loc[table[key]]
    for column in table.columns.drop(["geometry", key], errors="ignore"):
        for wanted, found in zip(table[column], there[column], strict=True):
            assert unknown(wanted) == unknown(found), (column, wanted, found)
            if not unknown(wanted):
                assert alike(wanted, found, drop), (column, wanted, found)
    if "geometry" in table and isinstance(read, gpd.GeoDataFrame):
        near(there.geometry, table.geometry)


def near(found, wanted):
    for one, other in zip(gpd.GeoSeries(found, crs=found.crs).to_crs(METRIC), wanted.to_crs(METRIC), strict=True):
        assert (one is None or one.is_empty) == (other is None or other.is_empty)
        if other is not None and not other.is_empty:
            assert shapely.hausdorff_distance(one, other) < 1e-3
            assert len(shapely.get_parts(one)) == len(shapely.get_parts(other))


def unknown(value):
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and not math.isfinite(value))


def alike(wanted, found, drop):
    if isinstance(wanted, str) and isinstance(found, pd.Timestamp):
        return found == pd.Timestamp(wanted)  # readers guess that it is a day
    if isinstance(wanted, str):
        return drop(wanted) == found
    if isinstance(wanted, bool | np.bool_):
        return bool(int(found)) == bool(wanted)
    if isinstance(wanted, pd.Timestamp):
        return pd.Timestamp(found) == wanted
    return float(found) == float(wanted)


def ogrinfo(path, *more):
    """What Debian's ogrinfo says of a file."""
    if shutil.which("ogrinfo") is None:
        pytest.skip("needs ogrinfo: apt-get install gdal-bin")
    done = subprocess.run(
        ["ogrinfo", "-ro", str(path), *more], capture_output=True, text=True, errors="replace", timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert "ERROR" not in done.stderr, done.stderr[-500:]
    return done.stdout


def feature_count(path, layer=None):
    told = ogrinfo(path, "-so", *([layer] if layer else ["-al"]))
    return int(told.split("Feature Count: ")[1].split("\n")[0])


def hostile_tables():
    """Tables with texts, numbers and shapes that nobody chose."""
    letters = st.characters(exclude_categories=("Cs",))
    text = st.none() | st.text(letters, max_size=30) | st.sampled_from(TEXTS)
    number = st.floats() | st.sampled_from(NUMBERS)
    row = st.tuples(text, number, st.sampled_from(SHAPES))
    return st.lists(row, min_size=1, max_size=6).map(
        lambda rows: {"communes": communes(), "play_areas": places(*map(list, zip(*rows, strict=True)))}
    )
