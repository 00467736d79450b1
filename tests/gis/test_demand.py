"""Demand on grids that a reader can check by eye."""

import itertools

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis.cells import Grid, shares, without_overlaps
from sanchoi.gis.demand import Layers, rake
from sanchoi.gis.notes import Notes
from sanchoi.gis.raster import Raster
from shapely.geometry import Point, box

CRS = "EPSG:5899"
X, Y = 500_000, 1_700_000  # a corner of the study grid


def areas(*boxes):
    return gpd.GeoDataFrame(geometry=[box(X + a, Y + b, X + c, Y + d) for a, b, c, d in boxes], crs=CRS)


def children_of(demand, commune):
    return {
        (round(x - X), round(y - Y)): c.tolist()
        for x, y, k, c in zip(demand.x, demand.y, demand.commune, demand.children, strict=True)
        if k == commune
    }


def rake_area(communes, counts, **layers):
    notes = Notes()
    return rake(communes, None, np.array(counts, float), Layers(**layers), 100.0, notes), notes


def test_shares_of_the_exactextract_example():
    """Box (0.5, 0.5)–(2.5, 2.5) over 3 × 3 unit cells: corners a quarter, edges a half, the middle whole."""
    got = shares(areas((50, 50, 250, 250)), Grid.over((X, Y, X + 300, Y + 300), 100.0))
    assert got["share"].tolist() == [0.25, 0.5, 0.25, 0.5, 1.0, 0.5, 0.25, 0.5, 0.25]
    assert got["share"].sum() == pytest.approx(4)


def test_cell_ids_count_from_the_crs_origin():
    grid = Grid.over((X + 10, Y + 10, X + 90, Y + 90), 100.0)
    assert grid.ids(np.array([0])) == ["100mN17000E5000"]


def test_a_cell_cut_by_a_border_is_shared_by_area():
    """Two communes split the middle cell of three 1 : 3; 100 and 100 children on 125 m and 175 m of width."""
    demand, _ = rake_area(areas((0, 0, 125, 100), (125, 0, 300, 100)), [[100], [100]])
    assert children_of(demand, 0) == {(50, 50): [80.0], (150, 50): [20.0]}
    assert children_of(demand, 1)[(150, 50)] == [pytest.approx(100 * 75 / 175)]


def test_buildings_carry_the_children_and_their_place():
    """One home of 100 m² with 1 storey and one of 100 m² with 3: a quarter and three quarters."""
    homes = gpd.GeoDataFrame(
        {"storeys": [np.nan, 3.0]}, geometry=areas((10, 10, 20, 20), (210, 60, 220, 70)).geometry, crs=CRS
    )
    demand, _ = rake_area(areas((0, 0, 300, 100)), [[8]], buildings=homes)
    assert children_of(demand, 0) == {(15, 15): [2.0], (215, 65): [6.0]}
    assert demand.weights == ["buildings"]


def test_residential_land_carries_the_children():
    land = areas((0, 0, 50, 100), (100, 0, 200, 100))
    demand, _ = rake_area(areas((0, 0, 300, 100)), [[9]], residential=land)
    assert children_of(demand, 0) == {(50, 50): [3.0], (150, 50): [6.0]}


def raster(values, cell=100.0):
    values = np.array(values, float)
    return Raster(values, (cell, 0.0, X, 0.0, -cell, Y + cell * len(values)), CRS)


def test_a_raster_as_fine_as_the_cells_is_kept_cell_by_cell():
    demand, _ = rake_area(areas((0, 0, 300, 300)), [[45]], population=raster([[7, 8, 9], [4, 5, 6], [1, 2, 3]]))
    assert children_of(demand, 0)[(150, 250)] == [pytest.approx(8)]
    assert not demand.coarse.any()


def test_a_pixel_cut_by_a_border_counts_by_its_share():
    """exactextract's example: box of 2 × 2 cells about the middle of 1…9; the sum of shares · values is 20."""
    demand, _ = rake_area(areas((50, 50, 250, 250)), [[20]], population=raster([[1, 2, 3], [4, 5, 6], [7, 8, 9]]))
    got = children_of(demand, 0)
    assert got[(150, 150)] == [pytest.approx(5)]
    assert got[(50, 250)] == [pytest.approx(0.25 * 1)]
    assert demand.children.sum() == pytest.approx(20)


def test_a_coarse_raster_is_spread_evenly_and_flagged():
    demand, _ = rake_area(areas((0, 0, 400, 200)), [[40]], population=raster([[30, 10]], 200.0))
    got = children_of(demand, 0)
    assert [got[(50, 50)], got[(150, 150)], got[(250, 50)]] == [[pytest.approx(v)] for v in (7.5, 7.5, 2.5)]
    assert demand.coarse.tolist() == [True]


def test_a_coarse_raster_is_spread_by_homes_where_there_are_any():
    homes = gpd.GeoDataFrame({"storeys": [1.0]}, geometry=areas((10, 10, 20, 20)).geometry, crs=CRS)
    demand, _ = rake_area(areas((0, 0, 200, 200)), [[30]], population=raster([[30]], 200.0), buildings=homes)
    assert children_of(demand, 0) == {(50, 50): [30.0]}
    assert demand.coarse.tolist() == [False]


@pytest.mark.parametrize(("columns", "used"), [(7, "area"), (8, "population"), (9, "population")])
def test_a_raster_must_cover_80_percent_of_a_commune(columns, used):
    """Ten cells in a row: 7 covered is too few, exactly 8 is enough."""
    demand, notes = rake_area(areas((0, 0, 1000, 100)), [[10]], population=raster([[5.0] * columns]))
    assert demand.weights == [used]
    assert ("weights_fell_back" in notes.codes) == (used == "area")
    assert demand.children.sum() == pytest.approx(10)


def test_weights_that_are_all_zero_fall_back_and_say_so():
    demand, notes = rake_area(areas((0, 0, 100, 100)), [[10]], population=raster([[0.0]]))
    assert demand.weights == ["area"]
    assert notes.codes == ["weights_fell_back"]


def test_zero_and_unknown_counts_are_not_the_same():
    demand, _ = rake_area(areas((0, 0, 100, 100), (100, 0, 200, 100), (200, 0, 300, 100)), [[0], [np.nan], [5]])
    assert children_of(demand, 0) == {}
    assert np.isnan(children_of(demand, 1)[(150, 50)][0])
    assert children_of(demand, 2) == {(250, 50): [5.0]}


def test_an_overlap_belongs_to_the_smaller_commune():
    big, small = (0, 0, 300, 300), (200, 200, 400, 300)
    flat, shared, pairs = without_overlaps(areas(big, small))
    assert (flat.area.tolist(), shared, pairs) == ([80_000, 20_000], 10_000, 1)
    _, notes = rake_area(areas(big, small), [[8], [2]])
    assert notes.codes == ["communes_overlap"]


def test_source_zones_are_raked_on_their_own_cells_then_summed_to_communes():
    """One zone of 40 over two communes of 1 and 3 cells; 100 % inside, nothing is lost."""
    notes = Notes()
    communes, zone = areas((0, 0, 100, 100), (100, 0, 400, 100)), areas((0, 0, 400, 100))
    demand = rake(communes, zone, np.array([[40.0]]), Layers(), 100.0, notes)
    assert np.bincount(demand.commune, demand.children[:, 0]).tolist() == [10, 30]
    assert notes == []


def test_children_outside_the_communes_are_left_out_and_counted():
    notes = Notes()
    demand = rake(areas((0, 0, 200, 100)), areas((0, 0, 400, 100)), np.array([[40.0]]), Layers(), 100.0, notes)
    assert demand.children.sum() == pytest.approx(20)
    assert notes.codes == ["children_outside"]
    assert notes[0].message.startswith("20 children")


@pytest.mark.parametrize(("width", "kept"), [(360, 40.0), (350, 35.0)])
def test_a_zone_nine_tenths_inside_is_taken_whole(width, kept):
    demand = rake(areas((0, 0, width, 100)), areas((0, 0, 400, 100)), np.array([[40.0]]), Layers(), 100.0, Notes())
    assert demand.children.sum() == pytest.approx(kept)


@given(st.integers(0, 2**32 - 1))
def test_totals_are_kept_whatever_the_weights(seed):
    """Σ over a commune's cells equals its count, for random communes, rasters, homes, and two bands."""
    rng = np.random.default_rng(seed)
    cuts = np.sort(rng.uniform(0, 900, 3))
    edges = [0, *cuts, 900]
    communes = areas(*((a, 0, b, 470) for a, b in itertools.pairwise(edges) if b - a > 1))
    counts = rng.uniform(0, 1e5, (len(communes), 2))
    size = rng.choice([37.0, 100.0, 230.0])
    n = int(np.ceil(900 / size))
    values = rng.uniform(0, 9, (n, n)) * (rng.random((n, n)) > 0.3)
    spots = [Point(X + x, Y + y).buffer(5) for x, y in rng.uniform(0, 470, (5, 2))]
    layers = Layers(
        raster(values, size) if rng.random() > 0.3 else None,
        gpd.GeoDataFrame({"storeys": 1.0}, index=range(5), geometry=spots, crs=CRS) if rng.random() > 0.3 else None,
        None,
    )
    demand = rake(communes, None, counts, layers, 100.0, Notes())
    for b in range(2):
        got = np.bincount(demand.commune, demand.children[:, b], len(communes))
        assert got == pytest.approx(counts[:, b], rel=1e-9)


def test_rows_in_another_order_give_the_same_cells():
    communes, counts = areas((0, 0, 130, 100), (130, 0, 300, 100)), np.array([[10.0], [20.0]])
    one = rake(communes, None, counts, Layers(), 100.0, Notes())
    two = rake(communes.iloc[::-1].reset_index(drop=True), None, counts[::-1], Layers(), 100.0, Notes())
    assert children_of(one, 0) == children_of(two, 1)
    assert children_of(one, 1) == children_of(two, 0)
