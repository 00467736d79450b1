"""Labels and columns: nothing over another, nothing over an edge."""

import itertools

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sanchoi.maps.sheets import cells, flow, labels
from sanchoi.maps.sheets.paper import Box

INSIDE = Box(10, 20, 200, 120)
LABELS = st.lists(
    st.builds(
        labels.Label,
        st.text("abc", min_size=1, max_size=4),
        st.floats(0, 220),
        st.floats(0, 160),
        st.floats(1, 60),
        st.floats(1, 8),
        st.floats(0, 5),
        st.booleans(),
    ),
    max_size=40,
)


def square(box):
    return shapely.box(box.left, box.top, box.right, box.bottom)


@settings(max_examples=60, deadline=None)
@given(LABELS)
def test_labels_never_overlap_and_never_leave_the_map(wanted):
    taken = [Box(50, 50, 2, 2), Box(100, 80, 2, 2)]
    placed = [square(box) for _, box in labels.place(wanted, INSIDE, taken)]
    everything = [*placed, *map(square, taken)]
    assert not any(a.intersects(b) for a, b in itertools.combinations(everything, 2))
    assert all(square(INSIDE).buffer(1e-9).contains(each) for each in placed)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.floats(0.5, 30), st.booleans()), max_size=30))
def test_columns_hold_what_they_hold_and_lose_nothing(heights):
    atoms = [flow.Atom(high, lambda canvas, x, y: None, sticks) for high, sticks in heights]
    boxes = flow.columns(Box(0, 0, 100, 60), 3)
    placed, rest = flow.place(atoms, boxes)
    assert [each for each, _, _ in placed] + rest == atoms
    for atom, x, y in placed:
        box = next(each for each in boxes if each.left == x)
        assert box.top <= y
        assert y + atom.height <= box.bottom + 1e-6


def test_a_table_that_runs_on_has_its_heading_again():
    head = flow.Atom(5, lambda canvas, x, y: None)
    rows = [flow.Atom(10, lambda canvas, x, y: None, again=head) for _ in range(5)]
    placed, rest = flow.place([head, *rows], [Box(0, 0, 10, 30), Box(20, 0, 10, 40)])
    assert [(atom is head, x, y) for atom, x, y in placed] == [
        (True, 0, 0),
        (False, 0, 5),
        (False, 0, 15),
        (True, 20, 0),
        (False, 20, 5),
        (False, 20, 15),
        (False, 20, 25),
    ]
    assert rest == []


def test_cells_are_classed_by_the_limits_of_the_bands():
    walk = np.array([0, 300, 300.1, 500, 500.1, 1000, 1000.1, np.nan])
    told = [cells.CLASSES[k] for k in cells.classed(walk, [300.0, 500.0])]
    assert told == ["near", "near", "part", "part", "far", "far", "very_far", "no_path"]
