"""Faces of lines: drawings small enough to be checked on paper.

10 ┌────┬────┐
   │ A  │ B  │    two squares of 10 m that share a side
 0 └────┴────┘
   0    10   20
"""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sanchoi.gis import outlined


def lines(*coords):
    return np.array([shapely.LineString(each) for each in coords], dtype=object)


OUTER = [(0, 0), (20, 0), (20, 10), (0, 10), (0, 0)]
SIDE = [(10, 0), (10, 10)]


def test_lines_that_meet_enclose_faces():
    found = outlined.faces(lines(OUTER, SIDE))
    assert [each.bounds for each in found.polygons] == [(0, 0, 10, 10), (10, 0, 20, 10)]
    assert (len(found.gaps), found.loose) == (0, 0)


def test_an_overshoot_does_no_harm():
    found = outlined.faces(lines(OUTER, [(10, -0.3), (10, 10.2)]))
    assert [each.area for each in found.polygons] == [100, 100]
    assert (len(found.gaps), found.loose) == (0, 0)


@pytest.mark.parametrize("gap", [0.01, 0.2, 0.49])
def test_a_gap_is_told_and_closed_when_asked(gap):
    drawing = lines(OUTER, [(10, 0), (10, 10 - gap)])
    left = outlined.faces(drawing)
    assert [each.area for each in left.polygons] == [200]
    assert [shapely.length(each) for each in left.gaps] == pytest.approx([gap])
    closed = outlined.faces(drawing, close=True)
    assert [round(each.area, 6) for each in closed.polygons] == [100, 100]


def test_numbers_of_vietnam_are_large_and_gaps_small():
    """A tolerance that grew with the numbers would be 17 m here."""
    drawing = shapely.transform(lines(OUTER, [(10, 0), (10, 9.8)]), lambda xy: np.add(xy, (560_000, 1_740_000)))
    found = outlined.faces(drawing, close=True)
    assert [round(each.area, 3) for each in found.polygons] == [100, 100]
    assert [each.coords[-1] for each in found.gaps] == [(560_010, 1_740_010)]


def test_a_gap_wider_than_the_tolerance_is_a_loose_end():
    found = outlined.faces(lines(OUTER, [(10, 0), (10, 9.4)]), close=True)
    assert [each.area for each in found.polygons] == [200]
    assert (len(found.gaps), found.loose) == (0, 1)


def test_an_outline_that_nearly_closes_and_a_line_that_nearly_meets_itself():
    ring = [(0, 0), (20, 0), (20, 10), (0, 10), (0, 0.3)]
    assert len(outlined.faces(lines(ring)).polygons) == 0
    assert [each.area for each in outlined.faces(lines(ring), close=True).polygons] == [200]
    hook = [(-20, 0), (20, 0), (20, 10), (0, 10), (0, 0.3)]
    assert [each.area for each in outlined.faces(lines(hook), close=True).polygons] == [200]


def test_two_ends_that_face_each_other_are_one_gap():
    halves = lines([(0, 5), (0, 10), (20, 10), (20, 5)], [(0, 4.8), (0, 0), (20, 0), (20, 5)])
    found = outlined.faces(halves, close=True)
    assert len(found.gaps) == 1
    assert [each.area for each in found.polygons] == [200]


def test_a_parcel_inside_another_leaves_a_hole():
    found = outlined.faces(np.array([shapely.box(0, 0, 10, 10), shapely.box(4, 4, 6, 6)], dtype=object))
    assert sorted(each.area for each in found.polygons) == [4, 96]


def test_nothing_to_enclose():
    assert len(outlined.faces(np.array([shapely.Point(0, 0), None], dtype=object)).polygons) == 0
    assert len(outlined.faces(np.empty(0, dtype=object)).polygons) == 0


@given(
    st.lists(st.integers(1, 9), max_size=4, unique=True),
    st.lists(st.integers(1, 9), max_size=4, unique=True),
    st.randoms(use_true_random=False),
)
def test_a_grid_gives_its_rectangles(columns, rows, order):
    """Cut into pieces, turned and shuffled: the faces are the products of the steps."""
    pieces = [shapely.box(0, 0, 10, 10).exterior]
    pieces += [shapely.LineString([(x, 0), (x, 10)]) for x in columns]
    pieces += [shapely.LineString([(10, y), (0, y)]) for y in rows]
    order.shuffle(pieces)
    found = outlined.faces(np.array(pieces, dtype=object))
    steps = [np.diff([0, *sorted(each), 10]) for each in (columns, rows)]
    assert sorted(round(each.area, 6) for each in found.polygons) == sorted(np.outer(*steps).ravel().tolist())
    assert len(found.gaps) == 0


def test_texts_belong_to_the_parcel_they_lie_in():
    faces = outlined.faces(lines(OUTER, SIDE)).polygons
    points = np.array([shapely.Point(each) for each in [(5, 3), (5, 7), (15, 5), (25, 5)]], dtype=object)
    assert outlined.texts_inside(faces, points) == ([[1, 0], [2]], [3])
