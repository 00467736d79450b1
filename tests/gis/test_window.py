"""Window: a part of a network gives places the attachments and doors that the whole gives them."""

import numpy as np
import town
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.access_points import doors
from sanchoi.gis.attach import attach
from sanchoi.gis.window import Around, Squares, to_box

FAR = np.array([[5_000.0, 5_000.0], [-900.0, 200.0], [310.0, 205.0], [335.0, 400.0], [450.0, 150.0]])


def test_on_the_tiny_town_with_its_river():
    net = town.network()
    around = Around(net, Squares.of(net), town.RIVER)
    one, two = attach(net, *FAR.T, town.RIVER), around.attach(*FAR.T)
    for name in ("edge", "along_mm", "offset_mm"):
        assert getattr(one, name).tolist() == getattr(two, name).tolist(), name
    whole, part = doors(net, town.SITES, town.GATES, town.RIVER), around.doors(town.SITES, town.GATES)
    for name in ("site", "edge", "along_mm", "offset_mm"):
        assert getattr(whole, name).tolist() == getattr(part, name).tolist(), name


@settings(deadline=None)
@given(st.integers(0, 100_000))
def test_on_random_towns(seed):
    one = town.random_town(seed)
    net = one.net
    around = Around(net, Squares.of(net))
    mine, whole = around.attach(*one.cell.T), attach(net, *one.cell.T)
    for name in ("edge", "along_mm", "offset_mm"):
        assert getattr(mine, name).tolist() == getattr(whole, name).tolist(), name
    mine, whole = around.doors(one.sites, None), doors(net, one.sites)
    for name in ("site", "edge", "along_mm", "offset_mm"):
        assert getattr(mine, name).tolist() == getattr(whole, name).tolist(), name


def test_distance_to_a_box():
    x, y = np.array([0.0, 13.0, 5.0, -3.0]), np.array([0.0, 14.0, 5.0, 5.0])
    assert to_box(x, y, (0, 0, 10, 10)).tolist() == [0.0, 5.0, 0.0, 3.0]
