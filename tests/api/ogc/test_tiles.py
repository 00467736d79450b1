"""Tiles: one by one and from the archive, against the parcels that lie there."""

import gzip
import io
import math
import time

import pyogrio
import pytest
import service
import shapely
from pmtiles.reader import MmapSource, Reader, all_tiles
from sanchoi.api.features.index import place
from sanchoi.api.features.tiling import TILINGS
from sanchoi.api.library import Library

BASE = "/r/odd/tiles/parcels"


@pytest.fixture(scope="module")
def archive(client, settings):
    """Path of the archive, once it is there; asked before, it is said to be on its way."""
    first = client.get(f"{BASE}.pmtiles")
    assert first.status_code in (200, 503)
    if first.status_code == 503:
        assert first.headers["retry-after"] == "5"
        assert first.json()["type"] == "/problems/unavailable"
    for _ in range(600):
        if client.get(f"{BASE}.pmtiles", headers={"Range": "bytes=0-0"}).status_code == 206:
            break
        time.sleep(0.1)
    return place(Library(settings).get("odd"), settings, "-parcels.pmtiles")


def features_of(body, z, x, y, folder):
    """Features of a tile, by GDAL."""
    path = folder / f"{z}-{x}-{y}.mvt"
    path.write_bytes(body)
    return pyogrio.read_dataframe(path)


def test_the_archive_is_whole_and_holds_every_parcel(archive, odd, tmp_path):
    with archive.open("rb") as file:
        get = MmapSource(file)
        header = Reader(get).header()
        how = TILINGS["parcels"]
        assert (header["min_zoom"], header["max_zoom"]) == (how.least, how.most)
        seen = set()
        for (z, x, y), body in all_tiles(get):
            if z == how.most:
                found = features_of(gzip.decompress(body), z, x, y, tmp_path)
                seen |= set(found["id"])
                assert set(found.columns) >= {"id", "verdict"}
        assert seen == set(odd.land["parcel_id"])


def test_a_tile_is_the_one_of_the_archive(client, archive):
    with archive.open("rb") as file:
        get = MmapSource(file)
        tiles = dict(all_tiles(get))
        for (z, x, y), body in list(tiles.items())[:20]:
            answer = client.get(f"{BASE}/{z}/{x}/{y}.mvt")
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
            assert answer.headers["content-encoding"] == "gzip"
            assert answer.content == gzip.decompress(body)
            plain = client.get(f"{BASE}/{z}/{x}/{y}.mvt", headers={"Accept-Encoding": "identity"})
            assert "content-encoding" not in plain.headers
            assert plain.content == answer.content
        z, x, y = next(iter(tiles))
        first = client.get(f"{BASE}/{z}/{x}/{y}.mvt")
        again = client.get(f"{BASE}/{z}/{x}/{y}.mvt", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_parcels_lie_in_their_tile(client, archive, odd, tmp_path):
    """A parcel's middle, in the tile that its place is in by the formula of the web's tiles."""
    for row in odd.land.iloc[[0, 57, 399]].itertuples():
        lon, lat = row.geometry.centroid.coords[0]
        z, count = 14, 2**14
        fx = (lon + 180) / 360 * count
        fy = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * count
        answer = client.get(f"{BASE}/{z}/{int(fx)}/{int(fy)}.mvt")
        found = features_of(answer.content, z, int(fx), int(fy), tmp_path).set_index("id")
        assert row.parcel_id in found.index
        assert found.loc[row.parcel_id, "verdict"] == row.verdict
        middle = found.loc[
            row.parcel_id, "geometry"
        ].centroid  # in Web Mercator: GDAL reads the place in the file's name
        edge = 2 * math.pi * 6378137
        assert shapely.distance(middle, shapely.Point((fx / count - 0.5) * edge, (0.5 - fy / count) * edge)) < 3


def test_empty_tiles_zooms_beyond_and_unknown_layers(client, archive):
    assert client.get(f"{BASE}/14/0/0.mvt").status_code == 204
    for path in (f"{BASE}/10/0/0.mvt", f"{BASE}/15/0/0.mvt", f"{BASE}/14/16384/0.mvt", f"{BASE}/14/-1/0.mvt"):
        assert client.get(path).status_code == 404
    assert client.get("/r/odd/tiles/cells/10/1/1.mvt").status_code == 404
    assert client.get("/r/odd/tiles/communes.pmtiles").status_code == 404
    assert client.get("/r/nothing/tiles/parcels.pmtiles").status_code == 404
    assert client.get(f"{BASE}/a/0/0.mvt").status_code == 400


RANGES = [
    ("bytes=0-126", 0, 127),
    ("bytes=100-", 100, None),
    ("bytes=-10", -10, None),
    ("bytes=5-5", 5, 6),
    ("bytes=0-99999999999", 0, None),
    ("bytes=-99999999999", 0, None),
]


@pytest.mark.parametrize(("asked", "start", "end"), RANGES)
def test_ranges(client, archive, asked, start, end):
    whole = archive.read_bytes()
    answer = client.get(f"{BASE}.pmtiles", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == whole[start:end]
    first = start if start >= 0 else len(whole) + start
    last = (len(whole) if end is None else end) - 1
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
    assert answer.headers["content-length"] == str(last - first + 1)
    assert "content-encoding" not in answer.headers


def test_ranges_that_are_none(client, archive):
    whole = archive.read_bytes()
    for asked in ("", "bytes=", "bytes=-", "items=0-1", "bytes=0-1,3-4", "bytes=9-3", "bytes=a-b"):
        answer = client.get(f"{BASE}.pmtiles", headers={"Range": asked, "Accept-Encoding": "gzip"})
        assert (answer.status_code, answer.content) == (200, whole)
        assert answer.headers["accept-ranges"] == "bytes"
    for asked in (f"bytes={len(whole)}-", "bytes=-0"):
        answer = client.get(f"{BASE}.pmtiles", headers={"Range": asked})
        assert answer.status_code == 416
        assert answer.headers["content-range"] == f"bytes */{len(whole)}"
    tag = client.get(f"{BASE}.pmtiles").headers["etag"]
    same = client.get(f"{BASE}.pmtiles", headers={"Range": "bytes=0-9", "If-Range": tag})
    other = client.get(f"{BASE}.pmtiles", headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (same.status_code, other.status_code) == (206, 200)


def test_a_reader_of_pmtiles_reads_it_over_ranges(client, archive):
    def fetch(offset, length):
        return client.get(f"{BASE}.pmtiles", headers={"Range": f"bytes={offset}-{offset + length - 1}"}).content

    with archive.open("rb") as file:
        z, x, y = next(iter(all_tiles(MmapSource(file))))[0]
        assert Reader(fetch).get(z, x, y) == Reader(MmapSource(file)).get(z, x, y)


def test_cells_have_tiles_too(client):
    address = f"/r/{service.RESULT}/tiles/cells.pmtiles"
    for _ in range(600):
        answer = client.get(address)
        if answer.status_code == 200:
            break
        time.sleep(0.1)
    body = io.BytesIO(answer.content)

    def get(offset, length):
        body.seek(offset)
        return body.read(length)

    assert Reader(get).header()["max_zoom"] == TILINGS["cells"].most
    assert {layer["id"] for layer in Reader(get).metadata()["vector_layers"]} == {"cells"}
