"""Record: whatever is changed behind the log's back is found and named."""

import json

import postgres
import pytest
from record_cast import Cast
from sanchoi.api.cli import main
from sanchoi.api.proposals import record
from sqlalchemy import text

TABLES = ("audit", "remarks", "proposal_versions")


@pytest.fixture
def cast(store):
    found = Cast(store)
    found.made = found.history()
    return found


def disarm(session):
    """Take away what the database itself refuses with, as somebody with all its rights could."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for name in ("undeleted", "unchanged", *([] if sqlite else ["unemptied"])):
            session.execute(text(f"DROP TRIGGER {table}_{name}" + ("" if sqlite else f" ON {table}")))


def checked(store, known=None):
    with store.reading() as session:
        return record.check(session, known)


def test_a_record_that_nobody_touched_holds(store, cast):
    found = checked(store)
    assert (found.whole, found.faults) == (True, ())
    assert (found.verdict.rows, found.proposals, found.versions, found.remarks, found.erased) == (11, 3, 4, 7, 0)
    number, mark = found.receipt.split(":")
    assert (number, len(mark)) == ("11", 64)
    assert checked(store, (11, mark)).whole


ONE = "(SELECT id FROM proposals WHERE number = 1)"
TAMPERED = {
    "the words of a log row": ("UPDATE audit SET detail = '{}' WHERE id = 3", "row 3 was changed"),
    "who did it": ("UPDATE audit SET actor = 'user:x' WHERE id = 4", "row 4 was changed"),
    "when it was done": ("UPDATE audit SET at = '2026-01-01T00:00:00.000000+00:00' WHERE id = 2", "row 2 was changed"),
    "a log row taken out": ("DELETE FROM audit WHERE id = 5", "row 5 is missing"),
    "the first row taken out": ("DELETE FROM audit WHERE id = 1", "row 1 is missing"),
    "the end of the log cut off": ("DELETE FROM audit WHERE id > 9", "is not in the log"),
    "a log row before the first": (
        "INSERT INTO audit (id, at, actor, action, object, detail, previous, hash)"
        " SELECT 0, at, actor, action, object, detail, previous, hash FROM audit WHERE id = 1",
        "before row 1",
    ),
    "a log row put at the end": (
        "INSERT INTO audit (id, at, actor, action, object, detail, previous, hash)"
        " SELECT 12, at, actor, action, object, detail, previous, hash FROM audit WHERE id = 8",
        "row 12 was changed",
    ),
    "words that are no JSON": ("UPDATE audit SET detail = 'x' WHERE id = 6", "row 6 cannot be read"),
    "the content of a version": (
        "UPDATE proposal_versions SET content = (SELECT content FROM proposal_versions WHERE version = 2)"
        " WHERE version = 1 AND proposal_id = " + ONE,
        "version 1 was changed",
    ),
    "the salt of a version": ("UPDATE proposal_versions SET salt = 'x' WHERE version = 2", "version 2 was changed"),
    "what was told of the worth": (
        """UPDATE proposal_versions SET worth = '{"sentence_vi": "rất tốt"}' WHERE version = 2""",
        "version 2 was changed",
    ),
    "the digest of a version": ("UPDATE proposal_versions SET digest = 'x' WHERE version = 2", "version 2 was changed"),
    "the outline of a version": (
        "UPDATE proposal_versions SET geometry = (SELECT geometry FROM proposals WHERE number = 3) WHERE version = 2",
        "version 2 was changed",
    ),
    "the author of a version": (
        "UPDATE proposal_versions SET author_id = (SELECT id FROM users WHERE login = 'huy') WHERE version = 2",
        "version 2 was changed",
    ),
    "a version said to be erased": (
        "UPDATE proposal_versions SET erased = at, content = '{}', salt = '' WHERE version = 2",
        "version 2 was changed",
    ),
    "a version taken out": ("DELETE FROM proposal_versions WHERE version = 2", "version 2 is missing"),
    "a version of no log row": (
        "INSERT INTO proposal_versions (proposal_id, version, author_id, at, content, worth, geometry, salt, digest)"
        " SELECT proposal_id, 9, author_id, at, content, worth, geometry, salt, digest FROM proposal_versions"
        " WHERE version = 2",
        "version 9 is not in the log",
    ),
    "the text of a remark": ("UPDATE remarks SET text = 'đồng ý' WHERE audit_id = 3", "(row 3) was changed"),
    "a remark emptied": ("UPDATE remarks SET text = '', salt = '' WHERE audit_id = 3", "(row 3) was changed"),
    "who is meant to see a remark": ("UPDATE remarks SET internal = NOT internal WHERE audit_id = 8", "(row 8) was"),
    "whose remark it is": (
        "UPDATE remarks SET author_id = (SELECT id FROM users WHERE login = 'lan') WHERE audit_id = 3",
        "(row 3) was changed",
    ),
    "when it was said": ("UPDATE remarks SET at = '2026-01-01 00:00:00' WHERE audit_id = 3", "(row 3) was changed"),
    "a remark taken out": ("DELETE FROM remarks WHERE audit_id = 8", "remark of row 8 is missing"),
    "a remark of no log row": (
        "INSERT INTO remarks (id, proposal_id, at, author_id, kind, from_state, to_state, text, internal, salt, audit_id)"
        " SELECT 99, proposal_id, at, author_id, kind, from_state, to_state, text, internal, salt, 1 FROM remarks"
        " WHERE audit_id = 3",
        "remark 99 is not in the log",
    ),
    "a remark said twice": (
        "INSERT INTO remarks (id, proposal_id, at, author_id, kind, from_state, to_state, text, internal, salt, audit_id)"
        " SELECT 99, proposal_id, at, author_id, kind, from_state, to_state, text, internal, salt, 3 FROM remarks"
        " WHERE audit_id = 3",
        "remark 99 is not in the log",
    ),
    "a state that does not follow": (
        "UPDATE proposals SET state = 'accepted' WHERE number = 1",
        "leads to under_review",
    ),
    "a revision": ("UPDATE proposals SET revision = 40 WHERE number = 1", "revision is 40"),
    "a version in force": ("UPDATE proposals SET version = 1 WHERE number = 1", "version is 1"),
    "what is public": ("UPDATE proposals SET public = NOT public WHERE number = 2", "public is True"),
    "when it was submitted": ("UPDATE proposals SET submitted = '2026-01-01 00:00:00' WHERE number = 1", "submission"),
    "never submitted": ("UPDATE proposals SET submitted = NULL WHERE number = 1", "submission"),
    "the commune": ("UPDATE proposals SET commune_id = '90102' WHERE number = 2", "commune is 90102"),
    "the name shown": ("UPDATE proposals SET name = 'Khác' WHERE number = 1", "name is not that of version 2"),
    "the number of children": ("UPDATE proposals SET gained = 9000 WHERE number = 1", "number of children is not"),
    "the cost": ("UPDATE proposals SET cost = 1 WHERE number = 2", "cost is not"),
    "the parcel": ("UPDATE proposals SET parcel_id = 'P1' WHERE number = 2", "parcel is not"),
    "the outline shown": (
        "UPDATE proposals SET geometry = (SELECT geometry FROM proposals WHERE number = 3) WHERE number = 1",
        "outline is not",
    ),
    "a proposal taken out": ("DELETE FROM proposals WHERE number = 2", "the proposal is missing"),
    "an account said to be erased": ("UPDATE users SET erased = created WHERE login = 'lan'", "does not say so"),
}


@pytest.fixture(scope="module", params=postgres.DATABASES)
def kept(request, tmp_path_factory):
    """One history for all changes: each is taken back."""
    with postgres.opened(postgres.fresh(request.param, tmp_path_factory.mktemp("kept"))) as store:
        Cast(store).history()
        yield store


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_found(kept, what):
    change, told = TAMPERED[what]
    with kept.session() as session:
        disarm(session)
        assert session.execute(text(change)).rowcount >= 1
        found = record.check(session, begun=True)
        session.rollback()
    assert not found.whole
    said = [found.verdict.fault, *(each.en for each in found.faults)]
    assert any(told in each for each in said), said
    assert found.verdict.fault or len(found.faults) <= 3 or "log" in what, found.faults
    assert all(each.vi and each.object for each in found.faults)


def test_the_whole_end_cut_off_is_found_by_a_receipt_alone(store, cast):
    last = checked(store).receipt.split(":")
    with store.session() as session:  # the draft, which nothing else refers to, never was
        disarm(session)
        for change in (
            "DELETE FROM audit WHERE id = 11",
            "DELETE FROM proposal_versions WHERE proposal_id = (SELECT id FROM proposals WHERE number = 3)",
            "DELETE FROM proposals WHERE number = 3",
        ):
            session.execute(text(change))
    assert checked(store).whole
    assert "the log ends before row 11" in checked(store, (int(last[0]), last[1])).verdict.fault


def test_a_log_written_anew_is_found_by_a_receipt(store, cast):
    """Somebody changes a reason and computes every hash anew."""
    number, mark = checked(store).receipt.split(":")
    with store.session() as session:
        disarm(session)
        rows = list(session.scalars(record.select(record.trail.AuditRow).order_by(record.trail.AuditRow.id)))
        rows[4].actor = "system"
        for before, row in zip([None, *rows], rows, strict=False):
            row.previous = record.trail.START if before is None else before.hash
            row.hash = row.digest()
    found = checked(store)
    assert found.verdict.fault == ""  # the chain alone is whole again
    assert "not the one on the receipt" in checked(store, (int(number), mark)).verdict.fault


def test_on_the_command_line(store, cast, url, capsys):
    where = ["--database", url]
    assert main(["audit", "verify", *where]) == 0
    told = capsys.readouterr().out
    assert "11 rows · 3 proposals · 4 versions · 7 remarks" in told
    last = told.split(": ")[-1].strip()
    assert main(["audit", "verify", *where, "--receipt", last]) == 0
    assert "row 11 is the one on the receipt" in capsys.readouterr().out
    assert main(["audit", "verify", *where, "--receipt", "11:" + "0" * 64]) == 10
    assert "not the one on the receipt" in capsys.readouterr().err
    assert main(["audit", "verify", *where, "--receipt", "0:" + "0" * 64]) == 4
    assert main(["audit", "verify", *where, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["whole"] is True
    assert main(["audit", "show", *where, "--object", f"proposal:{cast.made[1].id}"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("proposal.") == 2
    assert "thôn" not in shown
    with store.session() as session:
        disarm(session)
        session.execute(text("UPDATE proposals SET state = 'in_plan' WHERE number = 1"))
    assert main(["audit", "verify", *where, "--json"]) == 10
    found = json.loads(capsys.readouterr().out)
    assert found["faults"][0]["fault"] == "state is in_plan; the log leads to under_review"


def test_a_database_that_is_not_there_is_not_made(tmp_path, capsys):
    assert main(["audit", "verify", "--data", str(tmp_path / "nothing")]) == 4
    assert "is not there" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()
