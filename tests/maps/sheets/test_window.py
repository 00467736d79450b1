"""Window: true scale on paper, and the sheets that ground needs."""

import itertools
import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis.errors import ContractError
from sanchoi.maps.sheets.paper import SIZES, Box, Paper
from sanchoi.maps.sheets.scales import legal
from sanchoi.maps.sheets.window import Window, fitting_scale, picture_scale, sheet_name, windows

BOX = Box(20, 40, 200, 100)
ROWS = [
    {"max_area_ha": 120, "scale": 1000},
    {"max_area_ha": 500, "scale": 2000},
    {"max_area_ha": 3000, "scale": 5000},
    {"max_area_ha": None, "scale": 10000},
]


def test_a_kilometre_at_one_to_ten_thousand_is_ten_centimetres():
    window = Window(BOX, 560_000, 1_750_000, 10_000)
    (x0, y0), (x1, y1) = window.paper(np.array([[560_000, 1_750_000], [561_000, 1_749_500]]))
    assert (x0, y0) == (20, 40)
    assert (x1 - x0, y1 - y0) == (100, 50)
    assert (window.east, window.south) == (562_000, 1_749_000)


@pytest.mark.parametrize(
    ("area", "scale"),
    [(119.99, 1000), (120, 2000), (499.99, 2000), (500, 5000), (2999.99, 5000), (3000, 10000), (50_000, 10000)],
)
def test_the_legal_scale_by_area(area, scale):
    assert legal(ROWS, area)["scale"] == scale


def test_ground_that_fits_is_one_window_in_the_middle():
    (only,) = windows(shapely.box(0, 0, 1000, 500), BOX, 10_000)
    assert (only.west, only.east, only.south, only.north) == (-500, 1500, -250, 750)
    assert sheet_name(only) == "A1"


def test_larger_ground_is_cut_with_overlap_and_empty_sheets_are_left_out():
    ell = shapely.union(shapely.box(0, 0, 4500, 300), shapely.box(0, 0, 300, 2200))
    found = windows(ell, BOX, 10_000)
    assert [sheet_name(each) for each in found] == ["A1", "B1", "C1", "C2", "C3"]
    assert found[3].west == pytest.approx(found[2].east - 200)
    assert shapely.union_all([each.ground for each in found]).contains(ell)


@pytest.mark.parametrize(("tongue_m", "sheets"), [(87.9, ["A1", "A2", "B1"]), (88.1, ["A1", "A2", "B1", "B2"])])
def test_a_sheet_is_left_out_if_its_neighbours_show_its_ground_with_a_margin(tongue_m, sheets):
    """Two by two maps of 200 by 100 m; the upper ones end 94 m below the top of the ground, 6 m of them are margin."""
    ground = shapely.union_all(
        [shapely.box(0, -50, 368, 0), shapely.box(0, -168, 10, -50), shapely.box(300, -tongue_m, 310, -50)]
    )
    found = windows(ground, BOX, 1000)
    assert [sheet_name(each) for each in found] == sheets


@given(st.lists(st.tuples(st.floats(0, 2000), st.floats(0, 1000), st.floats(1, 300)), min_size=1, max_size=12))
def test_what_is_left_shows_all_and_none_could_go(squares):
    ground = shapely.union_all([shapely.box(x, y, x + side, y + side) for x, y, side in squares])
    found = windows(ground, BOX, 1000)
    assert shapely.union_all([each.ground for each in found]).buffer(1e-6).contains(ground)
    for each in found if len(found) > 1 else []:
        others = shapely.union_all([other.ground for other in found if other is not each])
        assert not shapely.covers(shapely.buffer(others, -6, join_style="mitre"), ground.intersection(each.ground))


@given(st.floats(10, 30_000), st.floats(10, 30_000), st.sampled_from([1000, 2000, 5000, 10_000, 100_000]))
def test_all_ground_is_on_some_sheet(wide, high, scale):
    ground = shapely.box(0, 0, wide, high)
    across, down = (math.ceil(side * 1000 / scale / least) for side, least in ((wide + scale, 180), (high + scale, 80)))
    if across * down > 400:  # as many at most; the overlap of 20 mm leaves 180 by 80
        return
    found = windows(ground, BOX, scale)
    assert shapely.union_all([each.ground for each in found]).buffer(1e-6).contains(ground)


@pytest.mark.parametrize("scale", [0, -1, float("nan"), 1e12])
def test_a_scale_that_is_none_is_refused(scale):
    with pytest.raises(ContractError, match="scale"):
        windows(shapely.box(0, 0, 1, 1), BOX, scale)


MAPS = [500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000]
"""Scales of Vietnamese maps."""


@pytest.mark.parametrize(("scale", "next_one"), [*itertools.pairwise(MAPS), (1_000_000, 2_000_000)])
def test_a_scale_that_fits_is_one_of_viet_nams_maps(scale, next_one):
    """Of 200 mm, 188 are free: 1,880 m at 1:10,000, and a metre more needs the next."""
    assert fitting_scale((0, 0, 0.188 * scale, 10), BOX) == scale
    assert fitting_scale((0, 0, 0.1881 * scale, 10), BOX) == next_one
    assert fitting_scale((0, 0, 1, 0.0881 * scale), BOX) == next_one


def test_what_is_smaller_than_every_scale_is_drawn_at_the_largest():
    assert fitting_scale((0, 0, 1, 1), BOX) == picture_scale((0, 0, 1, 1), BOX) == 500


@pytest.mark.parametrize(
    ("wide", "scale"),
    [
        (1880, 10_000),  # fills it
        (1881, 12_500),  # 40 % of it at 1:25,000
        (2819, 15_000),
        (2821, 25_000),  # 60 % of 188 mm are 112.8: 2,820 m at 1:25,000
        (5639, 30_000),
        (5641, 50_000),
        (112, 600),
        (114, 1_000),
        (375_999, 2_000_000),
    ],
)
def test_a_picture_is_at_a_scale_of_maps_unless_that_leaves_it_small(wide, scale):
    assert picture_scale((0, 0, wide, 10), BOX) == scale


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("landscape", [True, False])
def test_the_parts_of_a_sheet_do_not_overlap(name, landscape):
    paper = Paper(name, landscape)
    parts = [shapely.box(p.left, p.top, p.right, p.bottom) for p in (paper.title, paper.map, paper.panel)]
    page = shapely.box(0, 0, *paper.size)
    assert all(page.contains(part) for part in parts)
    assert not any(parts[i].intersects(parts[j]) for i, j in ((0, 1), (0, 2), (1, 2)))
    assert paper.size[0] * paper.size[1] == pytest.approx(SIZES[name][0] * SIZES[name][1])
