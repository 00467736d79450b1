"""Desk: who may do what to a proposal, what is kept of it, and that everything stands in the audit log."""

import json
import threading

import people
import pytest
import shapely
from sanchoi.api.accounts.actor import ANONYMOUS
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk
from sanchoi.api.proposals.desk import Asked, Content, Place
from sanchoi.api.store import AuditRow, Proposal, scenarios, trail
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

PLACE = Place("small", "e1", "90101", people.VINTAGE)
LAND = shapely.box(108.0, 15.0, 108.001, 15.001)
WORTH = {"newly_covered": {"all": 120.0}, "cost": None}


def content(**others):
    return Content(**{"name": "Sân chơi thôn 2", "geometry": LAND, "land_use": "BCS", "cost": 4e8, **others})


@pytest.fixture
def cast(store):
    return {
        "official": people.add(store, "commune", ["90101"], login="a"),
        "neighbour": people.add(store, "commune", ["90102"], login="b"),
        "reviewer": people.add(store, "reviewer", login="c"),
        "viewer": people.add(store, "viewer", login="d"),
    }


def made(store, actor, **others):
    with store.session() as session:
        return desk.create(session, actor, PLACE, content(**others), WORTH)[0]


def moved(store, actor, found, to, reason="vì thế"):
    with store.session() as session:
        fresh = session.get(Proposal, found.id)
        return desk.move(session, actor, found.id, fresh.revision, to, reason)


def refused(store, kind, act):
    with pytest.raises(Problem) as told, store.session() as session:
        act(session)
    assert told.value.key == kind
    return told.value


def test_the_whole_way_and_its_audit_rows(store, cast):
    official, reviewer = cast["official"], cast["reviewer"]
    found = made(store, official)
    assert (found.number, found.state, found.revision, found.gained, found.cost) == (1, "draft", 1, 120.0, 4e8)
    for actor, to in (
        (official, "submitted"),
        (reviewer, "needs_info"),
    ):
        moved(store, actor, found, to)
    with store.session() as session:
        desk.edit(session, official, found.id, 3, PLACE, content(note="đã có đường vào"), WORTH)
    for actor, to in (
        (official, "submitted"),
        (reviewer, "under_review"),
        (reviewer, "accepted"),
        (reviewer, "in_plan"),
    ):
        moved(store, actor, found, to)
    with store.reading() as session:
        last = session.get(Proposal, found.id)
        assert (last.state, last.version, last.revision) == ("in_plan", 2, 8)
        assert [v.content["note"] for v in desk.versions(session, last)] == ["", "đã có đường vào"]
        said = desk.remarks(session, official, last)
        assert next((s.from_state, s.to_state, s.text) for s in said) == ("draft", "submitted", "vì thế")
        rows = list(session.scalars(select(AuditRow).order_by(AuditRow.id)))
        assert [row.action for row in rows] == [
            "proposal.create",
            "proposal.state",
            "proposal.state",
            "proposal.edit",
            *["proposal.state"] * 4,
        ]
        assert [s.audit_id for s in said] == [2, 3, 5, 6, 7, 8]
        assert all(row.object == f"proposal:{found.id}" for row in rows)
        assert json.loads(rows[1].detail)["from"] == "draft"
        assert not any("đường" in row.detail or "Sân" in row.detail for row in rows)
        assert trail.verify(session) == trail.Verdict(8, rows[-1].hash)


def test_another_commune_and_nobody_see_nothing(store, cast):
    found = made(store, cast["official"])
    for actor in (cast["neighbour"], cast["viewer"], cast["reviewer"], ANONYMOUS):
        refused(store, "unknown_id", lambda session, actor=actor: desk.get(session, actor, found.id))
        with store.reading() as session:
            assert desk.listed(session, actor, Asked()) == ([], 0)
    refused(store, "unknown_id", lambda session: desk.move(session, cast["neighbour"], found.id, 1, "submitted", "x"))
    refused(store, "forbidden", lambda session: desk.create(session, cast["neighbour"], PLACE, content()))
    refused(store, "forbidden", lambda session: desk.create(session, cast["viewer"], PLACE, content()))
    refused(store, "login", lambda session: desk.create(session, ANONYMOUS, PLACE, content()))
    moved(store, cast["official"], found, "submitted")
    with store.reading() as session:
        assert desk.get(session, cast["reviewer"], found.id).number == 1
        assert desk.listed(session, cast["reviewer"], Asked())[1] == 1
        assert desk.listed(session, cast["neighbour"], Asked())[1] == 0


def test_the_same_codes_of_another_vintage_are_another_commune(store, cast):
    later = people.add(store, "commune", ["90101"], vintage="2025-07-01", login="later")
    refused(store, "forbidden", lambda session: desk.create(session, later, PLACE, content()))


def test_who_was_slower_is_told_the_difference_and_nothing_is_lost(store, cast):
    official = cast["official"]
    found = made(store, official)
    with store.session() as session:
        desk.edit(session, official, found.id, 1, PLACE, content(owner="UBND xã"))
    told = refused(
        store, "precondition", lambda s: desk.edit(s, official, found.id, 1, PLACE, content(owner="Hộ A", note="n"))
    )
    assert told.status == 412
    assert told.members["difference"] == {
        "owner": {"yours": "Hộ A", "theirs": "UBND xã"},
        "note": {"yours": "n", "theirs": ""},
    }
    assert told.members["revision"] == 2
    with store.reading() as session:
        assert desk.current(session, session.get(Proposal, found.id)).content["owner"] == "UBND xã"


def test_the_same_key_makes_one_proposal(store, cast):
    official = cast["official"]
    with store.session() as session:
        one, new = desk.create(session, official, PLACE, content(), WORTH, key="k1")
        assert new
    with store.session() as session:
        two, new = desk.create(session, official, PLACE, content(), WORTH, key="k1")
        assert (two.id, new) == (one.id, False)
    refused(store, "replayed", lambda s: desk.create(s, official, PLACE, content(name="Khác"), WORTH, key="k1"))
    with store.session() as session:
        assert desk.create(session, official, PLACE, content(), WORTH, key="k2")[1]


def test_at_once_the_same_key_still_makes_one(store, cast):
    official, found, start = cast["official"], [], threading.Barrier(6)

    def send():
        start.wait()
        with store.session() as session:
            found.append(desk.create(session, official, PLACE, content(), WORTH, key="k", origin="f1"))

    threads = [threading.Thread(target=send) for _ in range(6)]
    [each.start() for each in threads]
    [each.join() for each in threads]
    assert len({one.id for one, _ in found}) == 1
    assert sorted(new for _, new in found) == [False] * 5 + [True]
    with store.reading() as session:
        assert trail.verify(session).rows == 1


def test_nobody_decides_on_their_own(store, cast):
    reviewer = cast["reviewer"]
    found = made(store, reviewer)
    moved(store, reviewer, found, "submitted")
    moved(store, reviewer, found, "under_review")
    with pytest.raises(Problem) as told:
        moved(store, reviewer, found, "accepted")
    assert told.value.key == "forbidden"


def test_a_reason_is_needed_and_moves_that_do_not_exist_are_refused(store, cast):
    found = made(store, cast["official"])
    for reason in ("", "  \n", "\x00"):
        with pytest.raises(Problem) as told:
            moved(store, cast["official"], found, "submitted", reason)
        assert told.value.key == "bad_body"
    with pytest.raises(Problem) as told:
        moved(store, cast["official"], found, "in_plan")
    assert told.value.key == "conflict"
    assert "đã gửi" in told.value.told("vi", "")["detail"]


@pytest.mark.parametrize(
    "change",
    ["UPDATE audit SET detail = '{}'", "DELETE FROM audit", "UPDATE remarks SET text = 'khác'", "DELETE FROM remarks"],
)
def test_the_database_refuses_to_change_the_record(store, cast, change):
    found = made(store, cast["official"])
    moved(store, cast["official"], found, "submitted")
    with pytest.raises(DBAPIError, match="stay as they are"), store.session() as session:
        session.execute(text(change))


def test_whoever_gets_round_that_breaks_the_chain(store, cast):
    found = made(store, cast["official"])
    moved(store, cast["official"], found, "submitted")
    with store.reading() as session:
        second = session.get(AuditRow, 2)
        assert trail.verify(session, (2, second.hash)).fault == ""
        assert "receipt" in trail.verify(session, (2, "0" * 64)).fault
        assert "before row 3" in trail.verify(session, (3, "0" * 64)).fault
    with store.session() as session:
        name = "audit_unchanged"
        drop = f"DROP TRIGGER {name}" if store.is_sqlite else f"DROP TRIGGER {name} ON audit"
        session.execute(text(drop))
        session.execute(text("UPDATE audit SET actor = 'user:x' WHERE id = 1"))
    with store.reading() as session:
        assert trail.verify(session).fault == "row 1 was changed"


def test_internal_comments_are_for_reviewers(store, cast):
    found = made(store, cast["official"])
    moved(store, cast["official"], found, "submitted")
    with store.session() as session:
        desk.comment(session, cast["reviewer"], found.id, "chủ đất chưa rõ", internal=True)
        desk.comment(session, cast["reviewer"], found.id, "xin thêm ảnh")
    with store.reading() as session:
        again = session.get(Proposal, found.id)
        assert len(desk.remarks(session, cast["reviewer"], again)) == 3
        assert [r.text for r in desk.remarks(session, cast["official"], again)] == ["vì thế", "xin thêm ảnh"]
    refused(store, "forbidden", lambda s: desk.comment(s, cast["official"], found.id, "x", internal=True))


def test_sorted_by_children_per_vnd_with_the_unknown_last(store, cast):
    official = cast["official"]
    numbers = [made(store, official, cost=cost).number for cost in (4e8, 1e8, None, 2e8)]
    with store.reading() as session:
        best, count = desk.listed(session, official, Asked(sort="-value"))
        worst, _ = desk.listed(session, official, Asked(sort="value"))
    assert count == 4
    assert [p.number for p in best] == [numbers[1], numbers[3], numbers[0], numbers[2]]
    assert [p.number for p in worst] == [numbers[0], numbers[3], numbers[1], numbers[2]]


def test_a_plan_is_a_scenario_of_the_same_result(store, cast):
    found = made(store, cast["official"])
    moved(store, cast["official"], found, "submitted")
    for to in ("under_review", "accepted"):
        moved(store, cast["reviewer"], found, to)
    changes = [{"action": "remove", "play_area_id": "p1"}]
    with store.session() as session:
        mine = scenarios.create(session, "small", "e1", "Phương án", changes).id
        other = scenarios.create(session, "khác", "e1", "Phương án khác", changes).id

    def into(name):
        return lambda session: desk.move(session, cast["reviewer"], found.id, 4, "in_plan", "vì thế", name)

    for name in ("nope", "0" * 32, other):
        assert refused(store, "unknown_id", into(name))
    with store.session() as session:
        assert into(mine)(session).scenario_id == mine
    # everybody is shown it as the plan: whoever may save scenarios does not change it
    for act in (scenarios.delete, scenarios.update_):
        assert (
            "ĐX-1"
            in refused(store, "conflict", lambda session, act=act: act(session, mine, 1)).told("vi", "")["detail"]
        )
        with store.session() as session:
            act(session, other, 1)
        with store.session() as session:
            other = scenarios.create(session, "khác", "e1", "Phương án khác", changes).id

    def hide(session):
        return desk.publish(session, cast["reviewer"], found.id, 5, False, "vì thế")

    assert "ra khỏi phương án" in refused(store, "conflict", hide).told("vi", "")["detail"]
    with store.session() as session:
        back = desk.move(session, cast["reviewer"], found.id, 5, "accepted", "vì thế", mine)
        assert (back.state, back.scenario_id) == ("accepted", None)
        scenarios.delete(session, mine, 1)
