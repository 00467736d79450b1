import os
from pathlib import Path

import osmium
import pytest
from osmium.osm.mutable import Node, Way
from sanchoi.gis.errors import CRSError, SourceError
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import osm, osm_extract
from sanchoi.gis.sources.files import find, is_pbf, sha256

CRS = "EPSG:32648"
BOUNDS = (500_000.0, 0.0, 501_000.0, 1_000.0)
"""A square kilometre at 105° E on the equator: 0.009° by 0.009°."""


def test_a_file_is_found_beside_the_study_or_below_it(tmp_path):
    (tmp_path / "layers").mkdir()
    (tmp_path / "layers" / "xã.gpkg").touch()
    assert find(tmp_path, "layers/xã.gpkg") == tmp_path / "layers" / "xã.gpkg"
    assert find(tmp_path / "layers", str(tmp_path / "layers" / "xã.gpkg")).is_file()


def test_a_missing_file_is_refused_with_the_nearest_name(tmp_path):
    (tmp_path / "communes.gpkg").touch()
    with pytest.raises(SourceError, match=r'no file comunes\.gpkg.*did you mean "communes\.gpkg"'):
        find(tmp_path, "comunes.gpkg")


@pytest.mark.parametrize("name", ["zz.tif", "no/such/folder.gpkg", "layers", "."])
def test_a_missing_file_with_no_like_name_and_a_folder_are_refused(tmp_path, name):
    (tmp_path / "layers").mkdir()
    (tmp_path / "communes.gpkg").touch()
    with pytest.raises(SourceError, match=r"check the path in study\.toml"):
        find(tmp_path, name)


def test_sha256_is_that_of_the_standard(tmp_path):
    """FIPS 180-2, example B.1: "abc"."""
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_sha256_follows_a_file_that_changes(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"abd")
    before = sha256(path)
    path.write_bytes(b"abc")
    os.utime(path, ns=(1, 1))
    assert sha256(path) != before


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.osm.pbf", True),
        ("A.OSM.PBF", True),
        ("a.pbf", True),
        ("pbf", False),
        ("a.pbf.gpkg", False),
        ("a.osm", False),
    ],
)
def test_an_extract_is_known_by_its_name(name, told):
    assert is_pbf(Path(name)) is told


def extract(path, far=0):
    """5000 nodes 100 m within the bounds in one way, and `far` more 1° to the north."""
    with osmium.SimpleWriter(str(path), overwrite=True) as sink:
        for i in range(1, 5001):
            sink.add_node(Node(id=i, version=1, location=(105.001 + 1e-7 * i, 0.001)))
        for i in range(5001, 5001 + far):
            sink.add_node(Node(id=i, version=1, location=(105.001, 1 + 1e-7 * i)))
        sink.add_way(Way(id=1, version=1, nodes=[1, 5000], tags={"highway": "path"}))
    return path


READERS = {
    "network": osm.network,
    "play_areas": lambda path, crs, bounds: osm.play_areas(path, crs, bounds, Notes()),
    "buildings": osm.buildings,
    "landuse": osm.landuse,
    "gates": osm.gates,
}


def broken(path, how):
    whole = extract(path).read_bytes()
    middle = len(whole) // 2
    path.unlink()
    contents = {
        "missing": None,
        "empty": b"",
        "text": b"this is no map\n" * 99,
        "cut": whole[:middle],
        "spoilt": whole[:middle] + bytes(99) + whole[middle + 99 :],
        "other": b"SQLite format 3\x00" + bytes(99),
    }
    if contents[how] is not None:
        path.write_bytes(contents[how])
    return path


@pytest.mark.parametrize("reader", list(READERS))
@pytest.mark.parametrize("how", ["missing", "empty", "text", "cut", "spoilt", "other"])
def test_a_broken_or_missing_extract_is_named(tmp_path, reader, how):
    with pytest.raises(SourceError, match=r"^town\.osm\.pbf cannot be read: .* · a whole OSM extract in PBF") as caught:
        READERS[reader](broken(tmp_path / "town.osm.pbf", how), CRS, BOUNDS)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("reader", list(READERS))
def test_an_extract_with_nothing_near_gives_an_empty_layer_in_the_crs(tmp_path, reader):
    with osmium.SimpleWriter(str(tmp_path / "none.osm.pbf")):
        pass
    got = READERS[reader](tmp_path / "none.osm.pbf", CRS, BOUNDS)
    assert (len(got), got.crs) == (0, CRS)


def test_only_what_is_near_is_held(tmp_path):
    path = extract(tmp_path / "town.osm.pbf", far=1000)
    assert osm_extract.read(path, CRS, BOUNDS).stored == 5000


def test_readers_of_one_study_share_one_reading(tmp_path):
    path = extract(tmp_path / "town.osm.pbf")
    first = osm_extract.read(path, CRS, BOUNDS)
    assert osm_extract.read(path, CRS, (500_100.0, 100.0, 500_200.0, 200.0)) is first
    assert osm_extract.read(path, CRS, (499_000.0, 0.0, 501_000.0, 1_000.0)) is not first
    again = osm_extract.read(path, CRS, BOUNDS)
    extract(path, far=1)
    assert osm_extract.read(path, CRS, BOUNDS) is not again


@pytest.mark.parametrize("bounds", [(1e12, 0.0, 2e12, 1.0), (float("inf"),) * 4, (float("nan"),) * 4])
def test_bounds_nowhere_on_earth_are_refused(tmp_path, bounds):
    with pytest.raises(CRSError, match=r"have no lon and lat in EPSG:32648"):
        osm.network(extract(tmp_path / "town.osm.pbf"), CRS, bounds)
