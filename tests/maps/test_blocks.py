"""Packed parcels: what was packed is what the page reads."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from many_parcels import unpack
from sanchoi.maps import blocks


@given(st.lists(st.lists(st.none() | st.integers(-blocks.MOST + 1, blocks.MOST - 1)), max_size=5))
def test_columns_come_back(columns):
    packed = [np.array([blocks.NULL if v is None else v for v in column], dtype=np.int64) for column in columns]
    assert unpack(blocks.pack(packed, {"id": ["Đất\n</script>"]})) == (columns, {"id": ["Đất\n</script>"]})


def test_what_is_packed_cannot_end_its_element():
    assert "<" not in blocks.pack([], ["</script><script>alert(1)</script>"])


@pytest.mark.parametrize(
    ("values", "decimals", "whole", "fit"),
    [
        ([1.25, None, -0.5], 2, [125, None, -50], 2),
        ([0.0, float("nan"), float("inf")], 1, [0, None, None], 1),
        ([2e12, 5e5], 0, [200_000_000, 50], -4),  # 2e12 does not fit: units of 10,000
        ([None], 3, [None], 3),
    ],
)
def test_numbers_become_whole_and_large_ones_coarser(values, decimals, whole, fit):
    found, left = blocks.scaled(np.array(values, dtype=float), decimals)
    assert [None if v == blocks.NULL else int(v) for v in found] == whole
    assert left == fit


def test_an_outline_comes_back_to_the_pixel_with_its_hole():
    """At the equator, lon 0: the plane's middle; a pixel of zoom 20 is 360 / 2^28 degrees."""
    pixel = 360 / 2**28
    shape = shapely.box(0, 0, 100 * pixel, 50 * pixel).difference(
        shapely.box(10 * pixel, 10 * pixel, 20 * pixel, 20 * pixel)
    )
    found = blocks.rings(gpd.GeoSeries([shape, None, shapely.Polygon()], crs="EPSG:4326"))
    middle = 2**27
    assert found.start.tolist() == [0, 2, 2, 2]
    assert found.at.tolist() == [0, 4, 8]
    corners = {(int(x) - middle, middle - int(y)) for x, y in zip(found.x, found.y, strict=True)}
    assert corners == {(0, 0), (100, 0), (100, 50), (0, 50), (10, 10), (20, 10), (20, 20), (10, 20)}
    ring = shapely.LinearRing(np.column_stack([found.x[:4], found.y[:4]]))
    hole = shapely.LinearRing(np.column_stack([found.x[4:], found.y[4:]]))
    assert ring.is_ccw != hole.is_ccw  # so that one path of many parcels stays filled, save the holes
    per_shape, per_ring, dx, dy = found.part(0, 3)
    assert per_shape.tolist() == [2, 0, 0]
    assert per_ring.tolist() == [4, 4]
    assert np.cumsum(dx).tolist() == found.x.tolist()
    assert np.cumsum(dy).tolist() == found.y.tolist()
    assert blocks.boxes(found) == [[middle, middle - 50, middle + 100, middle]]


def test_large_parcels_stand_apart_and_empty_ones_come_last():
    small = [shapely.box(k * 0.001, 0, k * 0.001 + 0.0005, 0.0005) for k in range(5)]
    shapes = gpd.GeoSeries([small[0], None, small[1], shapely.box(0, 0, 1, 1), *small[2:]], crs="EPSG:4326")
    order = blocks.order(shapes).tolist()
    assert order[0] == 3
    assert order[-1] == 1
    assert sorted(order) == list(range(len(shapes)))
