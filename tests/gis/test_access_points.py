"""Where play areas are entered: points, gates, outlines near a street, and the nearest place of those far from any."""

import itertools

import numpy as np
import pytest
import shapely
import town
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.gis.access_points import doors
from sanchoi.gis.attach import Attachment, place
from sanchoi.gis.network import from_lines
from sanchoi.gis.reach import walking
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

seeds = st.integers(0, 2**32 - 1)
unhurried = settings(deadline=None)  # the first call compiles the kernels
STREET = from_lines(town.geometries(LineString([(0, 0), (1000, 0)])))


def rows(found):
    return list(zip(found.site.tolist(), town.stops(found), strict=True))


def on_street(*shapes, gates=None, barriers=None, net=STREET):
    """Site, metres along the street and metres to it, of every door."""
    gates = None if gates is None else town.geometries(*gates)
    found = doors(net, town.geometries(*shapes), gates, barriers)
    return [(site, along / 1000, offset / 1000) for site, (_, along, offset) in rows(found)]


def feet(net, found):
    return np.column_stack(place(net, Attachment(found.edge, found.along_mm, found.offset_mm)))


def test_the_doors_of_the_town_by_hand():
    net = town.network()
    found = doors(net, town.SITES, town.GATES, town.RIVER)
    at = [
        (site, x, y, offset) for site, (x, y), offset in zip(found.site, feet(net, found), found.offset_mm, strict=True)
    ]
    assert [row for row in at if row[0] != town.PARK] == [
        (town.SWING, 50, 0, 10_000),
        (town.GREEN, 250, 0, 10_000),  # 8 m to the gate and 2 m on to the outline
        (town.YARD, 50, 700, 10_000),
        (town.FIELD, 0, 50, 100_000),
    ]
    corners = {row for row in at if row[0] == town.PARK and row[3] == 20_000}
    assert {row[1:3] for row in corners} == {(450, 100), (500, 150), (450, 200), (400, 150)}


def test_a_point_is_its_own_door_however_far():
    assert on_street(Point(30, 5), Point(30, 900)) == [(0, 30, 5), (1, 30, 900)]


# --- gates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gate", "door"),
    [
        ((105, 10), [(0, 105, 10)]),  # on the outline
        ((105, 6), [(0, 105, 10)]),  # 4 m before it: 6 + 4
        ((115, 15), [(0, 115, 20)]),  # 5.000 m behind it: 15 + 5
        ((130, 60), [(0, 130, 60)]),  # more than 30 m from the street
    ],
)
def test_a_polygon_with_a_gate_is_entered_there_only(gate, door):
    assert on_street(box(100, 10, 130, 80), gates=[Point(gate)]) == door


def test_a_gate_farther_than_5_m_from_the_outline_is_no_gate():
    shape = box(100, 10, 130, 80)
    without = on_street(shape)
    assert len(without) > 1
    assert on_street(shape, gates=[Point(115, 15.001)]) == without
    assert on_street(shape, gates=[]) == without


def test_every_gate_is_a_door_and_gates_are_no_ones_elses():
    left, right, other = box(0, 10, 40, 50), box(44, 10, 90, 50), box(200, 10, 210, 20)
    found = sorted(on_street(left, right, other, gates=[Point(5, 10), Point(42, 20), Point(35, 10), Point(9, 50)]))
    alone = sorted((2, *rest) for _, *rest in on_street(other))
    assert found == [(0, 5, 10), (0, 9, 50), (0, 35, 10), (0, 42, 22), (1, 42, 22), *alone]


def test_the_gate_decides_the_walk():
    """From (200, 60) it is 20 m to the fence of GREEN, but 60 + 50 m to its gate and 10 m in."""
    x, y = np.array([200.0]), np.array([60.0])
    sites = town.SITES[[town.GREEN]]
    assert walking(town.network(), x, y, sites, 500.0, gates=town.GATES).walk_m.tolist() == [120.0]
    assert walking(town.network(), x, y, sites, 500.0).walk_m.tolist() == [20.0]


# --- outlines ---------------------------------------------------------------------------------------------------------


def test_an_outline_by_the_street_is_entered_about_every_30_m():
    found = on_street(box(100, 10, 400, 80))
    along = sorted(a for _, a, offset in found if offset == 10)
    assert along[0] <= 130
    assert along[-1] >= 370
    assert max(b - a for a, b in itertools.pairwise(along)) <= 60
    assert len(along) <= 300 / 30 + 2


@pytest.mark.parametrize(("away", "many"), [(29.999, True), (30.0, True), (30.001, False)])
def test_an_outline_within_30_m_is_entered_along_it_and_a_farther_one_at_one_place(away, many):
    found = on_street(box(100, away, 200, 90))
    assert {offset for _, _, offset in found} == {away}
    assert (len(found) > 1) == many


def test_a_polygon_far_from_any_street_is_entered_at_its_nearest_place():
    spike = Polygon([(500, 300), (540, 400), (460, 400)])
    assert on_street(spike) == [(0, 500, 300)]


def test_the_nearest_place_of_an_outline_is_found_between_its_samples():
    """A street ends 3 m from the middle of a side whose samples lie 5 m to the left and to the right: 5.831 m."""
    dead_end = from_lines(town.geometries(LineString([(0, -100), (0, 0)])))
    assert min(offset for *_, offset in on_street(box(-25, 3, 25, 50), net=dead_end)) == 3


def test_where_a_street_crosses_the_outline_the_door_is_on_it():
    across = from_lines(town.geometries(LineString([(153, -50), (153, 200)])))
    found = on_street(box(100, 0, 200, 100), net=across)
    assert {(along, offset) for _, along, offset in found if offset == 0} == {(50, 0), (150, 0)}


def test_all_parts_and_holes_of_a_polygon_have_doors():
    two = MultiPolygon([box(0, 10, 20, 20), box(500, 10, 520, 20)])
    assert {round(along, -2) for _, along, _ in on_street(two)} == {0, 500}
    ring = box(-90, -90, 1090, 90).difference(box(-60, -20, 1060, 20))
    assert {offset for _, _, offset in on_street(ring)} >= {20}


# --- barriers, and nothing --------------------------------------------------------------------------------------------


def test_no_door_across_a_barrier():
    ditch = town.geometries(box(-10, 5, 2000, 6))
    shapes = (box(40, 12, 60, 20), Point(100, 12), Point(100, 3))
    assert {row[0] for row in on_street(*shapes)} == {0, 1, 2}
    assert on_street(*shapes, barriers=ditch) == [(2, 100, 3)]
    assert on_street(shapes[0], gates=[Point(50, 12)], barriers=ditch) == []


def test_a_barrier_beside_one_end_leaves_the_other_doors():
    ditch = town.geometries(box(-10, 5, 150, 6))
    assert {row[1] >= 150 for row in on_street(box(100, 10, 200, 40), barriers=ditch)} == {True}


def test_nothing_in_nothing_out():
    nothing = from_lines(town.geometries())
    for gates in (None, town.GATES, town.GATES[:0]):
        for barriers in (None, town.RIVER, town.RIVER[:0]):
            assert len(doors(nothing, town.SITES, gates, barriers).site) == 0
            assert len(doors(STREET, town.SITES[:0], gates, barriers).site) == 0


# --- random -----------------------------------------------------------------------------------------------------------


@given(seed=seeds)
@unhurried
def test_every_play_area_has_doors_and_no_door_is_nearer_than_the_play_area(seed):
    one = town.random_town(seed)
    net = one.net
    found = doors(net, one.sites)
    assert sorted(set(found.site.tolist())) == list(range(len(one.sites)))
    assert found.site.tolist() == sorted(found.site.tolist())
    away = shapely.distance(shapely.points(feet(net, found)), shapely.boundary(one.sites)[found.site])
    point = shapely.get_dimensions(one.sites) == 0
    away[point[found.site]] = shapely.distance(shapely.points(feet(net, found)), one.sites[found.site])[
        point[found.site]
    ]
    assert (found.offset_mm >= away * 1000 - 1).all()
    far = {j for j, offset in zip(found.site.tolist(), found.offset_mm, strict=True) if offset > 30_000}
    for site in far:
        assert (found.site == site).sum() == 1


@given(seed=seeds)
@unhurried
def test_the_order_of_play_areas_and_gates_does_not_matter(seed):
    one = town.random_town(seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(one.sites))
    corners = [Point(shape.bounds[:2]) for shape in one.sites if rng.random() < 0.5]
    gates, turned = town.geometries(*corners), town.geometries(*(corners[k] for k in rng.permutation(len(corners))))
    want, got = rows(doors(one.net, one.sites, gates)), rows(doors(one.net, one.sites[order], turned))
    assert sorted(want) == sorted((int(order[site]), stop) for site, stop in got)
