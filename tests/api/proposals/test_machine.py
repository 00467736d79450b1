"""Any acts of anybody in any order: no proposal reaches a state without its right, its reason and its row in the log.

The model below is written from what is asked of the review, by hand; it shares nothing with the program but the names of states.
"""

import hashlib
import threading
from collections import Counter

import people
import postgres
import pytest
import shapely
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sanchoi.api.accounts.actor import ANONYMOUS
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk
from sanchoi.api.proposals.desk import Asked, Content, Place
from sanchoi.api.store import AuditRow, Proposal, ProposalVersion, Remark, trail
from sqlalchemy import func, select

WHO = ("official", "colleague", "neighbour", "reviewer", "second", "administrator", "viewer", "anonymous")
REVIEWERS = ("reviewer", "second", "administrator")
HERE = ("official", "colleague")
STATES = ("draft", "submitted", "needs_info", "under_review", "accepted", "rejected", "withdrawn", "in_plan")
PLACE = Place("small", "e1", "90101", people.VINTAGE)
LAND = shapely.box(108.0, 15.0, 108.001, 15.001)
PROPOSERS = {  # who stands behind it sends it, sends it again, and may take it back until it is built into a plan
    ("draft", "submitted"),
    ("draft", "withdrawn"),
    ("submitted", "withdrawn"),
    ("needs_info", "submitted"),
    ("needs_info", "withdrawn"),
    ("under_review", "withdrawn"),
    ("accepted", "withdrawn"),
}
LOOKING = {("submitted", "under_review"), ("submitted", "needs_info"), ("under_review", "needs_info")}
DECIDING = {  # never on one's own
    ("under_review", "accepted"),
    ("under_review", "rejected"),
    ("accepted", "in_plan"),
    ("accepted", "under_review"),
    ("rejected", "under_review"),
    ("in_plan", "accepted"),
}


def cast(store, mark):
    told = {
        "official": ("commune", ["90101"]),
        "colleague": ("commune", ["90101", "90103"]),
        "neighbour": ("commune", ["90102"]),
        "reviewer": ("reviewer", []),
        "second": ("reviewer", []),
        "administrator": ("administrator", []),
        "viewer": ("viewer", []),
    }
    made = {name: people.add(store, role, communes, login=f"{name}-{mark}") for name, (role, communes) in told.items()}
    return {**made, "anonymous": ANONYMOUS}


class Known:
    """What the model holds of one proposal."""

    def __init__(self, author):
        self.author, self.state, self.revision, self.public = author, "draft", 1, False
        self.versions, self.said = 1, []

    def proposers(self):
        return {self.author, *HERE} - {"viewer", "anonymous"}

    def seen_by(self, who):
        return who in self.proposers() or (self.state != "draft" and who in REVIEWERS)


def may(known, who, to):
    """What comes of a move with the right revision and a reason: "" = it is made, else the kind of refusal."""
    if not known.seen_by(who):
        return "unknown_id"
    step = (known.state, to)
    if step not in PROPOSERS | LOOKING | DECIDING:
        return "conflict"
    if step in PROPOSERS:
        return "" if who in known.proposers() else "forbidden"
    if who not in REVIEWERS:
        return "forbidden"
    return "forbidden" if step in DECIDING and who == known.author else ""


class Machine(RuleBasedStateMachine):
    store, actors = None, None

    def __init__(self):
        super().__init__()
        self.known = {}
        with self.store.reading() as session:
            self.rows = session.scalar(select(func.count()).select_from(AuditRow))
            last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).first()
            self.head = "0" * 64 if last is None else last.hash
        self.fresh = []  # what the last step must have written

    def act(self, expected, do, wrote):
        """Do something that must be refused in this way, or must write this row."""
        came, found = "", None
        try:
            with self.store.session() as session:
                found = do(session)
            self.fresh.append(wrote)
        except Problem as problem:
            came = problem.key
        assert came == expected
        return found

    def some(self, data):
        return list(self.known)[data.draw(st.integers(0, len(self.known) - 1))]  # ids are drawn by the program

    @initialize()
    def a_reviewer_has_put_one_forward(self):
        """Where one could decide on one's own; drawn at random it hardly ever comes to that."""
        self.create("reviewer", "Sân")
        for to in ("submitted", "under_review"):
            self._move(next(iter(self.known)), "reviewer", to, 0)

    @precondition(lambda self: len(self.known) < 3)
    @rule(who=st.sampled_from([*WHO, *REVIEWERS]), name=st.sampled_from(["Sân", "Bãi"]))
    def create(self, who, name):
        expected = {"anonymous": "login", "viewer": "forbidden", "neighbour": "forbidden"}.get(who, "")
        made = self.act(
            expected,
            lambda s: desk.create(s, self.actors[who], PLACE, Content(name, LAND))[0].id,
            (who, "proposal.create"),
        )
        if made is not None:
            self.known[made] = Known(who)

    @precondition(lambda self: self.known)
    @rule(
        data=st.data(), who=st.sampled_from(WHO), to=st.sampled_from(STATES), off=st.sampled_from([0, 0, 0, 0, 1, -1])
    )
    def move(self, data, who, to, off):
        self._move(self.some(data), who, to, off)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def move_rightly(self, data):
        """Random moves alone hardly ever come far."""
        key = self.some(data)
        for _ in range(3):
            ways = [(who, to) for who in WHO for to in STATES if may(self.known[key], who, to) == ""]
            if data.draw(st.integers(0, 4)):  # what is taken back comes nowhere
                ways = [(who, to) for who, to in ways if to != "withdrawn"]
            if ways:
                self._move(key, *data.draw(st.sampled_from(ways)), 0)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def move_forward(self, data):
        """The whole way into a plan, by whoever may go each step."""
        key = self.some(data)
        for to in ("submitted", "under_review", "accepted", "in_plan"):
            able = [who for who in WHO if may(self.known[key], who, to) == ""]
            if able:
                self._move(key, data.draw(st.sampled_from(able)), to, 0)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def move_without_the_right(self, data):
        """By somebody who sees it, to where it can go, but not by them: their own proposals first of all."""
        for key, known in self.known.items():
            ways = [(who, to) for who in WHO for to in STATES if may(known, who, to) == "forbidden"]
            own = [(who, to) for who, to in ways if who == known.author]
            if ways:
                self._move(key, *data.draw(st.sampled_from(own or ways)), 0)

    def _move(self, key, who, to, off):
        known = self.known[key]
        expected = may(known, who, to) or ("precondition" if off else "")
        self.act(
            expected,
            lambda s: desk.move(s, self.actors[who], key, known.revision + off, to, "vì thế"),
            (who, "proposal.state"),
        )
        if expected == "":
            known.said.append((who, "state", known.state, to))
            known.state, known.revision = to, known.revision + 1

    @precondition(lambda self: self.known)
    @rule(data=st.data(), who=st.sampled_from(WHO), reason=st.sampled_from(["", "  ", "\n", "\x00", "x" * 5001]))
    def move_without_a_reason(self, data, who, reason):
        key = self.some(data)
        known = self.known[key]
        to = next(
            to for a, to in sorted(PROPOSERS | LOOKING | DECIDING) if a == known.state or known.state == "withdrawn"
        )
        self.act("bad_body", lambda s: desk.move(s, self.actors[who], key, known.revision, to, reason), None)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), who=st.sampled_from(WHO), off=st.sampled_from([0, 0, 0, 1]), note=st.text("ab", max_size=3))
    def edit(self, data, who, off, note):
        key = self.some(data)
        known = self.known[key]
        if not known.seen_by(who):
            expected = "unknown_id"
        elif who not in known.proposers():
            expected = "forbidden"
        elif known.state not in ("draft", "needs_info"):
            expected = "conflict"
        else:
            expected = "precondition" if off else ""
        self.act(
            expected,
            lambda s: desk.edit(s, self.actors[who], key, known.revision + off, PLACE, Content("Sân", LAND, note=note)),
            (who, "proposal.edit"),
        )
        if expected == "":
            known.revision += 1
            known.versions += 1

    @precondition(lambda self: self.known)
    @rule(data=st.data(), who=st.sampled_from(WHO), internal=st.booleans())
    def comment(self, data, who, internal):
        key = self.some(data)
        known = self.known[key]
        if not known.seen_by(who):
            expected = "unknown_id"
        elif internal:
            expected = "" if who in REVIEWERS else "forbidden"
        else:
            expected = ""
        self.act(
            expected,
            lambda s: desk.comment(s, self.actors[who], key, "lời", internal=internal),
            (who, "proposal.comment"),
        )
        if expected == "":
            known.said.append((who, "comment", "", ""))

    @precondition(lambda self: self.known)
    @rule(data=st.data(), who=st.sampled_from(WHO), public=st.booleans(), off=st.sampled_from([0, 0, 1]))
    def publish(self, data, who, public, off):
        key = self.some(data)
        known = self.known[key]
        if who not in REVIEWERS:
            expected = "login" if who == "anonymous" else "forbidden"
        elif not known.seen_by(who):
            expected = "unknown_id"
        elif known.state == "draft":
            expected = "conflict"
        else:
            expected = "precondition" if off else ""
        self.act(
            expected,
            lambda s: desk.publish(s, self.actors[who], key, known.revision + off, public, "vì thế"),
            (who, "proposal.public"),
        )
        if expected == "":
            known.public, known.revision = public, known.revision + 1
            known.said.append((who, "public", "", "public" if public else "hidden"))

    @precondition(lambda self: self.known)
    @rule(data=st.data(), who=st.sampled_from(WHO))
    def look(self, data, who):
        key = self.some(data)
        with self.store.reading() as session:
            listed = {each.id for each in desk.listed(session, self.actors[who], Asked(limit=10_000))[0]}
            assert (key in listed) == self.known[key].seen_by(who)
            if key not in listed:
                with pytest.raises(Problem, match="unknown_id"):
                    desk.get(session, self.actors[who], key)
                return
            said = desk.remarks(session, self.actors[who], desk.get(session, self.actors[who], key))
        assert who in REVIEWERS or not any(each.internal for each in said)

    @invariant()
    def the_database_is_as_the_model_says(self):
        with self.store.reading() as session:
            found = {each.id: each for each in session.scalars(select(Proposal).where(Proposal.id.in_(self.known)))}
            assert set(found) == set(self.known)
            versions = Counter(
                session.scalars(select(ProposalVersion.proposal_id).where(ProposalVersion.proposal_id.in_(self.known)))
            )
            said = {key: [] for key in self.known}
            asked = select(Remark).where(Remark.proposal_id.in_(self.known)).order_by(Remark.id)
            for each in session.scalars(asked):
                said[each.proposal_id].append(each)
            rows = list(session.scalars(select(AuditRow).where(AuditRow.id > self.rows).order_by(AuditRow.id)))
            names = {actor.user_id: name for name, actor in self.actors.items() if name != "anonymous"}
            for key, known in self.known.items():
                row = found[key]
                assert (row.state, row.revision, row.public, row.version) == (
                    known.state,
                    known.revision,
                    known.public,
                    known.versions,
                )
                assert versions[key] == known.versions
                told = [(names[each.author_id], each.kind, each.from_state, each.to_state) for each in said[key]]
                assert told == known.said
                for each in said[key]:
                    assert each.text.strip()
                    assert each.at is not None
                    row = session.get(AuditRow, each.audit_id)
                    assert (row.action, row.object) == (f"proposal.{each.kind}", f"proposal:{key}")
                    assert row.actor == self.actors[names[each.author_id]].id
        assert [(row.actor, row.action) for row in rows] == [
            (self.actors[who].id, action) for who, action in self.fresh
        ]
        for row in rows:  # the chain, worked out here
            told = "\n".join([self.head, str(row.id), row.at, row.actor, row.action, row.object, row.detail])
            assert row.previous == self.head
            assert row.hash == hashlib.sha256(told.encode()).hexdigest()
            self.head, self.rows = row.hash, row.id
        self.fresh = []

    def teardown(self):
        with self.store.reading() as session:
            assert trail.verify(session).fault == ""


@pytest.mark.parametrize(("kind", "examples", "steps"), [("sqlite", 25, 30), ("postgres", 6, 25)])
def test_no_path_leads_past_the_rules(kind, examples, steps, tmp_path):
    with postgres.opened(postgres.fresh(kind, tmp_path)) as store:
        Machine.store, Machine.actors = store, cast(store, kind)
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
        with store.reading() as session:
            reached = set(session.scalars(select(Remark.to_state).where(Remark.kind == "state")))
        if kind == "sqlite":
            assert reached == set(STATES) - {"draft"}


def test_two_reviewers_and_a_proposer_at_once(store):
    """Of those who act on the same revision exactly one is heard; the others are told, and nothing is lost or done twice."""
    actors = cast(store, "at-once")
    acts = {"reviewer": "under_review", "second": "needs_info", "official": "withdrawn"}
    for turn in range(6):
        with store.session() as session:
            key = desk.create(session, actors["official"], PLACE, Content(f"Sân {turn}", LAND))[0].id
            desk.move(session, actors["official"], key, 1, "submitted", "gửi")
        start, heard, told = threading.Barrier(6), [], []

        def go(who, to, key=key, start=start, heard=heard, told=told):
            start.wait()
            try:
                with store.session() as session:
                    if to:
                        desk.move(session, actors[who], key, 2, to, f"của {who}")
                        heard.append((who, to))
                    else:
                        desk.comment(session, actors[who], key, f"lời của {who}")
            except Problem as problem:
                told.append(problem.key)

        threads = [threading.Thread(target=go, args=each) for each in acts.items()]
        threads += [threading.Thread(target=go, args=(who, "")) for who in acts]
        [each.start() for each in threads]
        [each.join() for each in threads]
        assert len(heard) == 1
        assert len(told) == 2
        assert set(told) <= {"precondition", "conflict"}
        with store.reading() as session:
            found = session.get(Proposal, key)
            assert (found.state, found.revision) == (heard[0][1], 3)
            texts = {each.text for each in desk.remarks(session, actors["reviewer"], found)}
            assert texts == {"gửi", f"của {heard[0][0]}", *(f"lời của {who}" for who in acts)}
    with store.reading() as session:
        verdict = trail.verify(session)
        assert (verdict.fault, verdict.rows) == ("", 6 * (2 + 1 + 3))
