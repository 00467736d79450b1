"""Overlaps: shares both ways, of what stands or is one's own; of what is not one's to read only that it is there."""

import dataclasses

import people
import pytest
import shapely
from sanchoi.api.accounts.actor import ANONYMOUS
from sanchoi.api.proposals import desk, overlaps
from sanchoi.api.proposals.desk import Content, Place
from sanchoi.api.store import Proposal

PLACE = Place("small", "e1", "90101", people.VINTAGE)
BESIDE = Place("small", "e1", "90102", people.VINTAGE)


def box(west, south, east, north):
    """In ten-thousandths of a degree from a corner."""
    return shapely.box(108 + west / 1e4, 15 + south / 1e4, 108 + east / 1e4, 15 + north / 1e4)


@pytest.fixture
def official(store):
    return people.add(store, "commune", ["90101"], login="a")


@pytest.fixture
def neighbour(store):
    return people.add(store, "commune", ["90102"], login="b")


def made(store, actor, shape, place=PLACE, name="X", sent=True):
    with store.session() as session:
        found, _ = desk.create(session, actor, place, Content(name, shape))
        if sent:
            desk.move(session, actor, found.id, 1, "submitted", "vì thế")
        return found


def told(store, actor, shape, **more):
    with store.reading() as session:
        return overlaps.of(session, actor, shape, **more)


def test_shares_are_of_either_land_and_the_largest_comes_first(store, official):
    small = made(store, official, box(0, 0, 2, 2), name="nhỏ")
    large = made(store, official, box(1, 0, 11, 4), name="lớn")
    made(store, official, box(20, 20, 30, 30), name="xa")
    found = told(store, official, box(0, 0, 5, 4))
    # 4 × 4 of 5 × 4 lie on the large one, which is 10 × 4; all of the small one, 2 × 2 of 5 × 4
    assert [(each.number, each.name) for each in found] == [(large.number, "lớn"), (small.number, "nhỏ")]
    assert [each.share for each in found] == pytest.approx([16 / 20, 4 / 20], abs=1e-6)
    assert [each.theirs for each in found] == pytest.approx([16 / 40, 1.0], abs=1e-6)


def test_bounds_that_touch_share_no_ground(store, official):
    made(store, official, shapely.Polygon([(108, 15), (108.001, 15), (108, 15.001)]))
    assert told(store, official, box(6, 6, 10, 10)) == []
    assert told(store, official, box(10, 0, 12, 2)) == []  # an edge alone


def test_a_draft_is_ones_own_and_a_land_does_not_overlap_itself(store, official, neighbour):
    draft = made(store, official, box(0, 0, 10, 10), sent=False)
    assert [each.number for each in told(store, official, box(0, 0, 5, 5))] == [draft.number]
    assert told(store, neighbour, box(0, 0, 5, 5)) == []
    assert told(store, official, box(0, 0, 5, 5), but=draft.id) == []


@pytest.mark.parametrize(("state", "stands"), [("rejected", False), ("withdrawn", False), ("in_plan", True)])
def test_what_was_refused_or_taken_back_stands_no_more(store, official, state, stands):
    found = made(store, official, box(0, 0, 10, 10))
    with store.session() as session:
        session.get(Proposal, found.id).state = state
    assert bool(told(store, official, box(0, 0, 5, 5))) is stands


def test_of_others_only_that_there_is_one_unless_it_is_public(store, official, neighbour):
    found = made(store, neighbour, box(0, 0, 10, 10), BESIDE, "bí mật")
    (only,) = told(store, official, box(0, 0, 5, 5))
    assert (only.share, only.whole) == (pytest.approx(1.0), False)
    assert (only.number, only.id, only.name, only.state) == (None,) * 4
    with store.session() as session:
        session.get(Proposal, found.id).public = True
    (shown,) = told(store, official, box(0, 0, 5, 5))
    assert (shown.number, shown.name, shown.whole) == (found.number, "bí mật", False)
    (whole,) = told(store, people.add(store, "reviewer", login="c"), box(0, 0, 5, 5))
    assert whole.whole


def test_who_may_not_propose_hears_of_public_ones_only(store, official):
    found = made(store, official, box(0, 0, 10, 10), name="bí mật")
    viewer = people.add(store, "viewer", login="v")
    program = dataclasses.replace(official, user_id="0" * 32, scopes=frozenset({"read"}))  # a key that may only read
    for who in (ANONYMOUS, viewer, program):
        assert told(store, who, box(0, 0, 5, 5)) == []
    with store.session() as session:
        session.get(Proposal, found.id).public = True
    for who in (ANONYMOUS, viewer, program):
        assert [each.name for each in told(store, who, box(0, 0, 5, 5))] == ["bí mật"]
