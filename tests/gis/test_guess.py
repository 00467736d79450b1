"""Guessing a zone from ground, with places moved by hand between zones."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from sanchoi.gis import guess

X, Y = 560_000.0, 1_740_000.0
GROUND = shapely.box(X, Y, X + 8_000, Y + 8_000)
PLACES = shapely.points(*np.random.default_rng(3).uniform([X, Y], [X + 8_000, Y + 8_000], (200, 2)).T)


def stored(code):
    return guess.places(gpd.GeoSeries(PLACES, crs=5899).to_crs(code).to_numpy())


@pytest.mark.parametrize("code", [5899, 5898, 9216, 9217, 4326])
@pytest.mark.parametrize("swapped", [False, True])
def test_the_one_zone_that_fits_is_found(code, swapped):
    """The ground is 8 km wide, and zones lie 27 km apart."""
    xy = stored(code)
    found = guess.guess(xy[:, ::-1] if swapped else xy, GROUND, "EPSG:5899", 5899)
    assert (found.best.epsg, found.best.swapped, found.rivals) == (code, swapped, ())
    assert found.best.share > 0.99
    assert found.sure
    assert found.usual == (code == 5899)


def test_utm_on_both_datums_fits_and_neither_is_sure():
    """They differ by 225 m on 8 km."""
    found = guess.guess(stored(32649), GROUND, "EPSG:5899", 5899)
    assert {found.best.epsg, *(each.epsg for each in found.rivals)} == {32649, 3406}
    assert not found.sure


def test_a_wide_ground_holds_several_zones_and_the_usual_one_is_taken():
    wide = shapely.box(X - 60_000, Y - 60_000, X + 60_000, Y + 60_000)
    found = guess.guess(stored(5899), wide, "EPSG:5899", 5899)
    assert (found.best.epsg, found.usual, found.sure) == (5899, True, True)
    assert {each.epsg for each in found.rivals} >= {5898, 9216}
    assert not guess.guess(stored(5899), wide, "EPSG:5899").sure


def test_another_place_fits_nothing():
    assert guess.guess(stored(5899) + 300_000, GROUND, "EPSG:5899", 5899) is None


def test_numbers_with_north_first_are_known_by_themselves():
    xy = stored(5899)
    assert guess.is_swapped(xy[:, ::-1])
    assert not guess.is_swapped(xy)
    assert guess.are_metres(xy)
    assert guess.are_metres(xy[:, ::-1])
    assert not guess.are_metres(stored(4326))


TM = "+proj=tmerc +lat_0=0 +lon_0={} +k={} +x_0=500000 +y_0=0 +units=m"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TM.format(107.75, 0.9999) + " +ellps=WGS84", 5899),
        (TM.format(107.75, 0.9999) + " +datum=WGS84", 5899),
        (TM.format(108.25, 0.9999) + " +datum=WGS84", 9217),
        (TM.format(107.75, 0.9996) + " +datum=WGS84", None),
        (TM.format(111, 0.9996) + " +datum=WGS84", None),
        (TM.format(107.75, 0.9999) + " +ellps=WGS84 +towgs84=-191.9,-39.3,-111.5,0,0,0,0", None),
        ("EPSG:5899", None),
        ("EPSG:32649", None),
        ("EPSG:4326", None),
    ],
)
def test_a_zone_without_its_datum(text, code):
    assert guess.lost_datum(pyproj.CRS.from_user_input(text)) == code


def test_nothing_named_is_no_lost_datum():
    assert guess.lost_datum(None) is None
