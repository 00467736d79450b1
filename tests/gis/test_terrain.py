"""Slope by hand, on planes, on the published example; means over land."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis.errors import ContractError, CRSError
from sanchoi.gis.raster import Raster
from sanchoi.gis.terrain import cell_size_m, mean_over, slope, slope_percent

NAN = np.nan


def plane(rows, cols, east=0.0, south=0.0, dx=1.0, dy=1.0):
    """Heights that grow by `east` and `south` a metre."""
    row, col = np.indices((rows, cols))
    return 100.0 + east * col * dx + south * row * dy


def test_the_published_example_of_how_slope_works():
    """Esri, How Slope works: dz/dx = 0.05, dz/dy = −3.8, rise ÷ run 3.80032, 75.25762 degrees."""
    found = slope_percent(np.array([[50, 45, 50], [30, 30, 30], [8, 10, 10]], dtype=float), 5, 5)
    assert found[1, 1] == pytest.approx(380.032, abs=1e-3)
    assert np.degrees(np.arctan(found[1, 1] / 100)) == pytest.approx(
        75.25762, abs=1e-4
    )  # it rounds radians to 5 places
    assert np.isnan(found).sum() == 8


def test_one_raised_corner_by_hand():
    """c alone is 8 m up: dz/dx = 8/8 = 1, dz/dy = −8/8 = −1 with cells of 1 m: √2 = 141.4 %."""
    heights = np.zeros((3, 3))
    heights[0, 2] = 8
    assert slope_percent(heights, 1, 1)[1, 1] == pytest.approx(100 * np.sqrt(2))


@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(1, 100), st.floats(1, 100))
def test_a_plane_has_its_own_slope_everywhere(east, south, dx, dy):
    found = slope_percent(plane(5, 6, east, south, dx, dy), dx, dy)
    assert found[1:-1, 1:-1] == pytest.approx(100 * np.hypot(east, south), abs=1e-6)
    assert np.isnan(found[[0, -1]]).all()
    assert np.isnan(found[:, [0, -1]]).all()


@given(st.floats(0, 2 * np.pi), st.floats(0, 1))
def test_turning_a_plane_does_not_change_its_slope(angle, steep):
    found = slope_percent(plane(4, 4, steep * np.cos(angle), steep * np.sin(angle)), 1, 1)
    assert found[1:-1, 1:-1] == pytest.approx(100 * steep, abs=1e-9)


def test_mirrors_and_quarter_turns_give_the_same_slopes():
    heights = np.random.default_rng(0).normal(50, 5, (7, 9))
    whole = slope_percent(heights, 10, 10)
    assert slope_percent(heights.T, 10, 10) == pytest.approx(whole.T, nan_ok=True)
    assert slope_percent(heights[::-1], 10, 10) == pytest.approx(whole[::-1], nan_ok=True)
    assert slope_percent(heights + 1000, 10, 10) == pytest.approx(whole, nan_ok=True)
    assert slope_percent(heights * 3, 30, 30) == pytest.approx(whole, nan_ok=True)


def test_slow_and_fast_agree():
    rng = np.random.default_rng(1)
    z, dx, dy = rng.normal(0, 9, (6, 7)), rng.uniform(20, 30, 6), rng.uniform(20, 30, 6)
    z[2, 5] = NAN
    found = slope_percent(z, dx, dy)
    for r in range(1, 5):
        for c in range(1, 6):
            east = (z[r - 1, c + 1] + 2 * z[r, c + 1] + z[r + 1, c + 1]) - (
                z[r - 1, c - 1] + 2 * z[r, c - 1] + z[r + 1, c - 1]
            )
            down = (z[r + 1, c - 1] + 2 * z[r + 1, c] + z[r + 1, c + 1]) - (
                z[r - 1, c - 1] + 2 * z[r - 1, c] + z[r - 1, c + 1]
            )
            known = abs(r - 2) > 1 or abs(c - 5) > 1
            by_hand = 100 * ((east / 8 / dx[r]) ** 2 + (down / 8 / dy[r]) ** 2) ** 0.5 if known else NAN
            assert found[r, c] == pytest.approx(by_hand, nan_ok=True)


def test_unknown_heights_make_their_neighbours_unknown_and_no_others():
    heights = plane(7, 7, 0.1)
    heights[3, 3] = NAN
    unknown = np.isnan(slope_percent(heights, 1, 1)[1:-1, 1:-1])
    expected = np.zeros((5, 5), dtype=bool)
    expected[1:4, 1:4] = True
    assert (unknown == expected).all()


def test_a_raster_too_small_for_a_neighbourhood_is_unknown():
    assert np.isnan(slope_percent(np.zeros((2, 5)), 1, 1)).all()


@pytest.mark.parametrize(("dem", "dx"), [(np.zeros(3), 1), (np.zeros((3, 3)), 0), (np.zeros((3, 3)), NAN)])
def test_terrain_that_is_none_is_refused(dem, dx):
    with pytest.raises(ContractError):
        slope_percent(dem, dx, 1)


def test_cells_in_degrees_are_narrower_away_from_the_equator():
    """One degree on WGS84: 111,319.49 m along the equator, 110,574.39 m of meridian from 0° to 1°."""
    width, _ = cell_size_m(np.array([0.0, 60.0]), 1.0, 1.0)
    assert width[0] == pytest.approx(111319.491, abs=0.01)
    assert width[1] / width[0] == pytest.approx(0.5, abs=0.002)
    _, height = cell_size_m(np.array([0.5]), 1.0, 1.0)
    assert height[0] == pytest.approx(110574.389, abs=0.01)


def test_slope_of_a_model_in_degrees_and_of_the_same_in_metres():
    """1 m up for each cell of 1″ to the east at 16° N: 1″ is some 29.7 m there, so 3.4 %."""
    second = 1 / 3600
    found = slope(Raster(plane(5, 5, 1.0), (second, 0, 108.0, 0, -second, 16.0), "EPSG:4326"))
    width = (
        np.radians(second) * 6378137 * np.cos(np.radians(16)) / np.sqrt(1 - 0.00669438 * np.sin(np.radians(16)) ** 2)
    )
    assert found.values[2, 2] == pytest.approx(100 / width, rel=1e-4)
    metric = slope(Raster(plane(5, 5, 1.0), (30.0, 0, 550000.0, 0, -30.0, 1750000.0), "EPSG:5899"))
    assert metric.values[2, 2] == pytest.approx(100 / 30)
    assert (metric.transform, metric.crs) == ((30.0, 0, 550000.0, 0, -30.0, 1750000.0), "EPSG:5899")


def test_feet_are_turned_into_metres_and_a_local_grid_is_refused():
    feet = slope(Raster(plane(3, 3, 1.0), (10.0, 0, 0.0, 0, -10.0, 0.0), "EPSG:2263"))
    assert feet.values[1, 1] == pytest.approx(100 / (10 * 1200 / 3937))
    with pytest.raises(CRSError, match="terrain in"):
        slope(Raster(plane(3, 3), (1.0, 0, 0.0, 0, -1.0, 0.0), 'LOCAL_CS["yard",UNIT["metre",1]]'))


GRID = Raster(np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]), (10.0, 0, 0.0, 0, -10.0, 30.0), "EPSG:5899")


def areas(*shapes, crs="EPSG:5899"):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=crs)


def test_mean_is_weighted_by_the_exact_share_of_each_cell():
    """The 3 × 3 grid of exactextract: the box over a quarter of four corners, half of four sides and the centre has mean 5."""
    found = mean_over(GRID, areas(shapely.box(5, 5, 25, 25), shapely.box(0, 20, 15, 30), shapely.Polygon()))
    assert found[:2] == pytest.approx([5.0, (1 * 1 + 2 * 0.5) / 1.5])
    assert np.isnan(found[2])


def test_land_that_known_cells_do_not_cover_is_unknown():
    found = mean_over(GRID, areas(*(shapely.box(0, 0, width, 10) for width in (37.4, 37.5, 37.6, 300))))
    assert found[:2] == pytest.approx([8.0, 8.0])  # 30 of 37.5 m are 80 %
    assert np.isnan(found[2:]).all()
    hole = Raster(np.where(GRID.values == 5, NAN, GRID.values), GRID.transform, GRID.crs)
    inside = mean_over(hole, areas(shapely.box(12, 12, 18, 18), shapely.box(0, 0, 30, 30)))
    assert np.isnan(inside[0])
    assert inside[1] == pytest.approx(5.0)


def test_land_in_another_crs_finds_its_cells():
    shape = areas(shapely.box(550005, 1750005, 550025, 1750025))
    raster = Raster(GRID.values, (10.0, 0, 550000.0, 0, -10.0, 1750030.0), "EPSG:5899")
    assert mean_over(raster, shape.to_crs("EPSG:4326")) == pytest.approx([5.0], abs=1e-4)


def test_land_outside_the_raster_and_no_land_at_all():
    assert np.isnan(mean_over(GRID, areas(shapely.box(900, 900, 910, 910)))).all()
    assert len(mean_over(GRID, areas())) == 0
