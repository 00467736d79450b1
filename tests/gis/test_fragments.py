"""Fragments: which loose ends of a network are left out, and which stay."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sanchoi.gis.fragments import without
from sanchoi.gis.network import from_lines
from sanchoi.gis.notes import Notes

MAIN = [(0, 0), (1000, 0)]


def lengths(*lines, barriers=None):
    """Metres of the edges that stay, and the codes of the notes."""
    notes = Notes()
    frame = gpd.GeoDataFrame(geometry=[shapely.LineString(line) for line in lines], crs="EPSG:5899")
    found = without(from_lines(frame), notes, None if barriers is None else np.array(barriers, dtype=object))
    return sorted((found.length_mm / 1000).tolist()), notes.codes


def test_a_short_piece_near_a_longer_one_is_left_out_and_noted():
    assert lengths(MAIN, [(0, 50), (200, 50)]) == ([1000.0], ["fragments"])


@pytest.mark.parametrize(("away", "stays"), [(99.9, False), (100.0, False), (100.1, True)])
def test_an_islet_stays(away, stays):
    assert lengths(MAIN, [(0, away), (200, away)])[0] == ([200.0, 1000.0] if stays else [1000.0])


@pytest.mark.parametrize(("length", "stays"), [(499.999, False), (500.0, True)])
def test_a_hamlet_with_half_a_kilometre_of_lanes_stays(length, stays):
    assert (lengths(MAIN, [(0, 50), (length, 50)])[1] == []) is stays


def test_a_piece_across_a_river_stays():
    river = shapely.box(-100, 20, 1100, 30)
    assert lengths(MAIN, [(0, 50), (200, 50)], barriers=[river]) == ([200.0, 1000.0], [])


def test_the_parts_of_a_piece_go_together():
    """Only its near end lies within 100 m; the far one goes with it."""
    assert lengths(MAIN, [(0, 50), (0, 200), (100, 200)])[0] == [1000.0]


def test_a_network_of_short_pieces_alone_is_left_alone():
    assert lengths([(0, 0), (100, 0)], [(0, 50), (100, 50)]) == ([100.0, 100.0], [])
    assert lengths() == ([], [])
