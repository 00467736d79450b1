"""Small GeoTIFFs: pixels of 100 m whose value is 10·row + column, at most 10 rows and 10 columns."""

import numpy as np
import pytest
import rasterio
from sanchoi.gis.errors import ContractError, CRSError, SourceError
from sanchoi.gis.sources import raster

CRS = "EPSG:5899"
X, Y = 560_000.0, 1_740_000.0
VALUES = np.arange(100.0).reshape(10, 10)


def tif(folder, values=VALUES, transform=None, **options):
    """A GeoTIFF from (X, Y) to (X + 1000, Y + 1000)."""
    values = np.asarray(values)
    given = {"crs": CRS, "dtype": values.dtype.name, **options}
    transform = transform or rasterio.Affine(100, 0, X, 0, -100, Y + 1000)
    height, width = values.shape
    path = folder / "people.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=height, width=width, count=1, transform=transform, **given
    ) as sink:
        sink.write(values, 1)
    return path


def around(x, y, w=1, h=1):
    return X + x, Y + y, X + x + w, Y + y + h


def test_a_raster_over_all_is_read_whole(tmp_path):
    got = raster.read(tif(tmp_path), CRS, around(0, 0, 1000, 1000))
    assert got.values.tolist() == VALUES.tolist()
    assert got.transform == (100, 0, X, 0, -100, Y + 1000)
    assert got.bounds == (X, Y, X + 1000, Y + 1000)
    assert rasterio.crs.CRS.from_user_input(got.crs) == rasterio.crs.CRS.from_epsg(5899)


def test_only_the_part_near_the_communes_is_read(tmp_path):
    """Ground inside row 4, column 5 (from the north-west): 2 spare pixels on each side give rows 2–6, columns 3–7."""
    got = raster.read(tif(tmp_path), CRS, around(520, 520, 60, 60))
    assert got.values.tolist() == VALUES[2:7, 3:8].tolist()
    assert got.bounds == (X + 300, Y + 300, X + 800, Y + 800)


@pytest.mark.parametrize(
    ("ground", "rows", "cols"),
    [
        ((-5000, -5000, 5050, 5050), (7, 10), (0, 3)),  # south-west corner
        ((980, 980, 9000, 9000), (0, 3), (7, 10)),  # north-east corner
        ((1000, 0, 9000, 1000), (0, 10), (8, 10)),  # the eastern edge alone
    ],
)
def test_the_window_ends_with_the_raster(tmp_path, ground, rows, cols):
    got = raster.read(tif(tmp_path), CRS, around(*ground))
    assert got.values.tolist() == VALUES[slice(*rows), slice(*cols)].tolist()


def test_the_part_is_found_in_the_crs_of_the_raster(tmp_path):
    """Degrees: pixels of 0.01° about 105° E on the equator; 32648 puts x = 500 km there, and 0.01° is 1.11 km."""
    path = tif(tmp_path, transform=rasterio.Affine(0.01, 0, 104.95, 0, -0.01, 0.05), crs="EPSG:4326")
    got = raster.read(path, "EPSG:32648", (500_100.0, 100.0, 501_000.0, 1_000.0))
    assert got.values.tolist() == VALUES[2:7, 3:8].tolist()
    assert got.transform == pytest.approx((0.01, 0, 104.98, 0, -0.01, 0.03))
    assert rasterio.crs.CRS.from_user_input(got.crs).to_epsg() == 4326


@pytest.mark.parametrize("dtype", ["float32", "int16", "uint8"])
def test_no_data_is_unknown_and_zero_is_zero(tmp_path, dtype):
    got = raster.read(tif(tmp_path, np.array([[0, 1], [99, 3]], dtype), nodata=99), CRS, around(0, 0, 1000, 1000))
    assert got.values.dtype == np.float64
    assert got.values[0].tolist() == [0, 1]
    assert np.isnan(got.values[1]).tolist() == [True, False]


def test_no_data_below_zero_is_no_negative_count(tmp_path):
    got = raster.read(tif(tmp_path, np.array([[-99999.0, 1.0]]), nodata=-99999), CRS, around(0, 0, 1000, 1000))
    assert np.isnan(got.values).tolist() == [[True, False]]


def test_a_negative_count_is_refused_with_its_place_in_the_file(tmp_path):
    values = VALUES.copy()
    values[4, 6] = -7
    with pytest.raises(ContractError) as caught:
        raster.read(tif(tmp_path, values), CRS, around(520, 520, 60, 60))
    assert "raster people.tif: -7 at row 4, column 6" in str(caught.value)
    assert "nodata" in str(caught.value)


def test_a_negative_count_far_away_does_not_matter(tmp_path):
    values = VALUES.copy()
    values[0, 0] = -7
    assert raster.read(tif(tmp_path, values), CRS, around(520, 520, 60, 60)).values.min() == 23


def test_a_raster_without_crs_is_refused(tmp_path):
    with pytest.raises(CRSError, match=r"raster people\.tif has no CRS"):
        raster.read(tif(tmp_path, crs=None), CRS, around(0, 0))


@pytest.mark.parametrize(
    "transform",
    [
        rasterio.Affine(100, 0, X, 0, 100, Y),  # first row in the south
        rasterio.Affine(-100, 0, X + 1000, 0, -100, Y + 1000),  # first column in the east
        rasterio.Affine(100, 20, X, 20, -100, Y + 1000),  # askew
        rasterio.Affine(0, 100, X, 100, 0, Y),  # rows run north
    ],
)
def test_a_turned_raster_is_refused(tmp_path, transform):
    with pytest.raises(ContractError, match=r"raster people\.tif is turned.*north up"):
        raster.read(tif(tmp_path, transform=transform), CRS, around(0, 0))


def test_a_raster_elsewhere_is_refused(tmp_path):
    with pytest.raises(CRSError, match="layer population lies outside the communes, 100 km away"):
        raster.read(tif(tmp_path), CRS, around(100_000, 0, 1000, 1000))


def test_a_raster_under_the_wrong_zone_is_told_its_own(tmp_path):
    with pytest.raises(CRSError, match=r"its numbers fit EPSG:5899 .*, not EPSG:9217"):
        raster.read(tif(tmp_path, crs="EPSG:9217"), CRS, around(0, 0, 1000, 1000))


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"II*\x00\x08\x00\x00\x00"])
def test_a_broken_or_missing_raster_is_named(tmp_path, content):
    if content is not None:
        (tmp_path / "people.tif").write_bytes(content)
    with pytest.raises(SourceError, match=r"raster people\.tif cannot be read"):
        raster.read(tmp_path / "people.tif", CRS, around(0, 0))


def test_half_a_raster_is_broken(tmp_path):
    path = tif(
        tmp_path, np.random.default_rng(1).random((300, 300)), transform=rasterio.Affine(4, 0, X, 0, -4, Y + 1200)
    )
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SourceError, match=r"raster people\.tif cannot be read"):
        raster.read(path, CRS, around(0, 0, 1200, 1200))
