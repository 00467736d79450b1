"""The service in tests: one small result with parcels and sites, made once, and a client over it.

from service import client, result

with client() as asked:
    asked.get("/api/v1/results").json()
"""

import atexit
import contextlib
import functools
import shutil
import tempfile
import warnings
from pathlib import Path

import geopandas as gpd
import small
from hostile import BAD, WORSE, hostile
from sanchoi.api.app import create
from sanchoi.api.cli import main
from sanchoi.api.settings import Limits, Settings

with warnings.catch_warnings():  # it would rather have another client, which is not among the pinned packages
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

ROWS = [
    ("P1", 699.5, 499.5, 30, "BCS", "UBND xã", 500.0),
    ("P2#1", 749.5, 499.5, 30, "HNK", "Hộ gia đình", 300.0),
    ("P/3", 1249.5, 480.0, 20, "BCS", "=cmd|' /C calc'!A0", 900.0),
    ("P4", 300.0, 800.0, 25, "NTD", None, 1.0),
    ("P5", 1100.0, 530.0, 25, "???", None, None),
]
"""Parcels of the small result: id, x, y, side, land use, owner, cost; ids that need care in an address among them."""
RESULT = "small"


@functools.cache
def shelf() -> Path:
    """A folder that is there as long as the tests run."""
    folder = Path(tempfile.mkdtemp(prefix="sanchoi-service-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _with_parcels(folder, texts=lambda text: text):
    columns = {
        "no": [row[0] for row in ROWS],
        "use": [row[4] for row in ROWS],
        "owner": [texts(row[5]) for row in ROWS],
        "price": [row[6] for row in ROWS],
    }
    shapes = [small.square(x, y, size, size) for _, x, y, size, *_ in ROWS]
    small.layer(folder, "land", gpd.GeoDataFrame(columns, geometry=shapes, crs=small.CRS))
    small.replace(folder, "walk_m = 300", "walk_m = 310")
    small.add(
        folder,
        '\n[parcels]\npath = "land.gpkg"\nid = "no"\nland_use = "use"\nowner = "owner"\ncost = "price"\n'
        "\n[siting]\ncount = 2\n",
    )
    return folder


def _run(study, out):
    assert main(["run", str(study), "--out", str(out), "--quiet"]) == 0
    return out


@functools.cache
def study() -> Path:
    """The small study with parcels. Do not change it."""
    return _with_parcels(small.write(shelf() / "study"))


@functools.cache
def result() -> Path:
    """Its result: two communes, two play areas, five parcels, two sites; its id is RESULT. Do not change it."""
    return _run(study(), shelf() / "results" / RESULT)


@functools.cache
def hostile_result() -> Path:
    """A result in which every text tries to become markup. Do not change it."""
    folder = _with_parcels(hostile(shelf() / "hostile-study"), lambda text: BAD if text is None else WORSE)
    return _run(folder, shelf() / "hostile" / "hostile")


def settings(*folders, data=None, limits=None, **others) -> Settings:
    """Settings over result folders (the small one unless named), with a state folder of their own."""
    own = Path(data) if data is not None else Path(tempfile.mkdtemp(prefix="data-", dir=shelf()))
    return Settings(tuple(folders) or (result(),), own, limits=limits or Limits(), **others)


@contextlib.contextmanager
def client(*folders, raises=True, headers=None, **others):
    """A client of the whole application; `raises=False` lets a fault of ours be answered as the service would."""
    app = create(settings(*folders, **others))
    with TestClient(app, raise_server_exceptions=raises, headers=headers, follow_redirects=False) as asked:
        yield asked
