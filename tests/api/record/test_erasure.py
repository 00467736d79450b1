"""Erasure and retention: what is a person's goes, what planning needs stays, and the record still holds."""

import json
import os
import time
from datetime import timedelta

import people
import pytest
import service
from record_cast import Cast
from sanchoi.api import backup
from sanchoi.api.accounts.actor import SYSTEM
from sanchoi.api.cli import main
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import audit_words, erasure, record, retention
from sanchoi.api.settings import Settings
from sanchoi.api.store import (
    Attachment,
    Attempt,
    AuditRow,
    Invitation,
    Proposal,
    ProposalVersion,
    Remark,
    Replay,
    Session,
    Token,
    User,
)
from sanchoi.api.store.models import now
from sanchoi.api.uploads import Kept, attachments
from sqlalchemy import func, select, text, update

OWN = "Hộ ông Bình"
SECRETS = (
    OWN,
    "Nguyễn Thị Lan",
    "lan@example.vn",
    "Gần suối",
    "Đã có đường vào",
    "xin gửi",
    "đã bổ sung",
    "giấy của Lan",
)


@pytest.fixture
def kept(store, url, tmp_path):
    settings = Settings((), tmp_path, url)
    cast = Cast(store)
    worth = {"newly_covered": {"all": 1.0}, "ledger": [{"value": OWN}], "sentence_vi": f"Đất của {OWN}.", "cost": None}
    cast.made = cast.history()
    cast.edit(cast.made[2], worth=worth)
    with store.session() as session:
        session.execute(update(User).where(User.login == "lan").values(email="lan@example.vn"))
        user = cast.official.user_id
        session.add(Token(user_id=user, name="k", hash="h" * 64, scopes=["read"], epoch=1, expires=now()))
        session.add(Session(hash="s" * 64, user_id=user, csrf="c", epoch=1, expires=now()))
        session.add(Invitation(hash="i" * 64, user_id=user, role="commune", expires=now()))
    cast.files = [put(store, settings, cast.official, cast.made[2], name) for name in (b"a", b"b")]
    put(store, settings, cast.reviewer, cast.made[1], b"b", "bản vẽ.pdf")
    return store, settings, cast


def put(store, settings, actor, found, data, name="giấy của Lan.pdf"):
    """A file of a proposal, as `attached.add` keeps one."""
    sha256 = attachments.put(settings, Kept(b"%PDF" + data, "application/pdf", "pdf", None, None))
    with store.session() as session:
        made = Attachment(proposal_id=found.id, author_id=actor.user_id, kind="document", name=name)
        made.media_type, made.size, made.sha256 = "application/pdf", 5, sha256
        session.add(made)
        session.flush()
        detail = {"attachment": made.id, "sha256": sha256}
        record.trail.note(session, actor.id, "attachment.add", f"proposal:{found.id}", detail)
    return sha256


def bytes_of(store):
    """All that the database keeps, as one text."""
    if store.is_sqlite:
        return b"".join(each.read_bytes() for each in store.file.parent.glob("sanchoi.db*"))
    with store.reading() as session:
        names = ("users", "tokens", "proposal_versions", "proposals", "remarks", "attachments", "audit", "replays")
        rows = [repr(session.execute(text(f"SELECT * FROM {name}")).all()) for name in names]
    return "".join(rows).encode()


def holds(data, words):
    """Whether a text stands somewhere, as it is or as JSON writes it."""
    return words.encode() in data or json.dumps(words)[1:-1].encode() in data


def erased(store, settings, cast, actor=SYSTEM):
    with store.session() as session:
        return erasure.erase(session, settings, actor, cast.official.user_id)


def test_what_is_theirs_goes_and_the_record_holds(kept):
    store, settings, cast = kept
    before = bytes_of(store)
    assert [each for each in SECRETS if not holds(before, each)] == []
    with store.reading() as session:
        known = record.check(session).receipt.split(":")
    gone = erased(store, settings, cast)
    assert gone == erasure.Erased(versions=5, remarks=3, files=2, drafts=1)
    erasure.settle(store)
    after = bytes_of(store)
    assert [each for each in SECRETS if holds(after, each)] == []
    with store.reading() as session:
        found = record.check(session, (int(known[0]), known[1]))
        assert found.whole, found
        assert found.erased == 5 + 3
        user = session.get(User, cast.official.user_id)
        assert (user.name, user.email, user.password, user.subject, user.active) == ("–", "", None, None, False)
        for model in (Session, Token, Invitation, Replay):
            assert session.scalar(select(func.count()).select_from(model)) == 0, model
        one = session.get(Proposal, cast.made[0].id)
        assert (one.name, one.state, one.gained, one.geometry.area > 0) == (
            "Sân chơi thôn 2",
            "under_review",
            120,
            True,
        )
        version = session.get(ProposalVersion, (one.id, 2))
        assert (version.content["owner"], version.content["name"], version.salt) == ("", "Sân chơi thôn 2", "")
        assert version.worth["newly_covered"] == {"all": 120}
        assert session.get(Proposal, cast.made[2].id).state == "withdrawn"
        others = session.scalars(select(Remark.text).where(Remark.author_id == cast.reviewer.user_id))
        assert "thiếu ảnh" in list(others)
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(3))
        assert "xoá dữ liệu cá nhân" in audit_words.lines(session, rows, "vi")[0].what
    assert attachments.path(settings, cast.files[0]) is None
    assert attachments.path(settings, cast.files[1]) is not None  # the reviewer's proposal has the same bytes


@pytest.mark.parametrize(
    "change",
    [
        'UPDATE proposal_versions SET content = \'{"name": "Khác"}\' WHERE version = 2',
        "UPDATE proposal_versions SET worth = NULL WHERE version = 2",
        "UPDATE proposal_versions SET geometry = (SELECT geometry FROM proposals WHERE number = 2) WHERE version = 2",
    ],
)
def test_what_is_left_is_still_guarded(kept, change):
    store, settings, cast = kept
    erased(store, settings, cast)
    with store.session() as session:
        session.execute(text(change))  # the database lets erased rows be emptied further
    with store.reading() as session:
        assert any("version 2 was changed" in each.en for each in record.check(session).faults)


def test_who_may_and_who_cannot_be_erased(kept):
    store, settings, cast = kept
    administrator = people.add(store, "administrator", login="admin")
    for actor, user, key in (
        (cast.reviewer, cast.official.user_id, "forbidden"),
        (administrator, administrator.user_id, "conflict"),
        (administrator, "f" * 32, "not_found"),
        (administrator, "../x", "not_found"),
    ):
        with pytest.raises(Problem) as told, store.session() as session:
            erasure.erase(session, settings, actor, user)
        assert told.value.key == key
    erased(store, settings, cast, administrator)
    with pytest.raises(Problem) as told:
        erased(store, settings, cast, administrator)
    assert told.value.key == "conflict"


def test_nothing_goes_when_it_is_rolled_back(kept):
    store, settings, cast = kept
    with store.session() as session:
        erasure.erase(session, settings, SYSTEM, cast.official.user_id)
        session.rollback()
    assert attachments.path(settings, cast.files[0]) is not None
    with store.reading() as session:
        assert record.check(session).erased == 0


def test_a_backup_of_an_erased_person_is_restored(kept, tmp_path):
    store, settings, cast = kept
    erased(store, settings, cast)
    backup.make(store, settings, tmp_path / "b.zip")
    assert main(["restore", str(tmp_path / "b.zip"), "--data", str(tmp_path / "new")]) == 0


def test_on_the_command_line(kept, tmp_path, url, capsys):
    where = ["--data", str(tmp_path), "--database", url]
    assert main(["erase", "nobody", "--yes", *where]) == 9
    assert main(["erase", "LAN", "--yes", *where]) == 0
    told = capsys.readouterr().out
    assert "5 versions, 3 remarks, 2 files; 1 drafts withdrawn" in told
    assert "backups" in told
    assert main(["audit", "verify", *where]) == 0


def test_retention_tells_first_and_takes_only_what_is_old(kept, tmp_path, url, capsys):
    store, settings, cast = kept
    old = now() - timedelta(days=100)
    with store.session() as session:
        session.add_all([Attempt(key="old", at=old), Attempt(key="new")])
        session.execute(update(Token).values(expires=old))
        session.execute(update(Replay).values(at=old))
        session.execute(update(Proposal).where(Proposal.number == 3).values(updated=old))
        session.execute(update(Session).values(expires=now() + timedelta(hours=1)))
    assert retention.sweep(store, settings, 90, dry=True).drafts == 0  # a photo was added to the old draft only now
    with store.session() as session:
        session.execute(update(Attachment).values(at=old))
    fresh = cast.create(name="Nháp mới")
    exports = settings.data / "exports"
    exports.mkdir()
    orphan = settings.data / "attachments" / "ff" / ("f" * 64)
    orphan.parent.mkdir()
    for path, days in ((exports / "old.zip", 100), (exports / "new.zip", 1), (orphan, 2)):
        path.write_bytes(b"x")
        os.utime(path, (time.time() - days * 86_400,) * 2)
    where = ["--data", str(tmp_path), "--database", url]
    expected = retention.Swept(attempts=1, tokens=1, replays=1, drafts=1, files=1, exports=1)
    assert retention.sweep(store, settings, 90, dry=True) == expected
    assert orphan.exists()
    assert main(["retention", "--days", "90", "--dry-run", *where]) == 0
    assert "would go" in capsys.readouterr().out
    assert main(["retention", "--days", "90", *where]) == 0
    assert [each.name for each in exports.iterdir()] == ["new.zip"]
    assert not orphan.exists()
    assert attachments.path(settings, cast.files[0]) is None
    with store.reading() as session:
        assert record.check(session).whole
        assert session.get(Proposal, cast.made[2].id).state == "withdrawn"
        assert session.get(Proposal, fresh.id).state == "draft"
        assert list(session.scalars(select(Attempt.key))) == ["new"]
        assert session.scalar(select(func.count()).select_from(Session)) == 1
    assert retention.sweep(store, settings, 90, dry=False).nothing
    assert main(["audit", "verify", *where]) == 0


def test_the_page_says_what_goes_and_does_it_when_sure():
    with service.client() as asked:
        store = asked.app.state.store
        cast = Cast(store)
        administrator = people.add(store, "administrator", login="admin")
        path = f"/vi/users/{cast.official.user_id}/erase"
        people.acting(asked, cast.reviewer)
        assert asked.get(path).status_code == 403
        assert asked.post(path, data={"sure": "yes"}).status_code == 403
        people.acting(asked, administrator)
        shown = asked.get(path)
        assert "Nguyễn Thị Lan" in shown.text
        assert "bản sao lưu" in shown.text
        assert asked.post(path).status_code == 400
        assert asked.post(path, data={"sure": "yes"}).status_code == 303
        assert "đã xoá" in asked.get(path).text
        last = asked.post(f"/en/users/{administrator.user_id}/erase", data={"sure": "yes"})
        assert last.status_code == 409
        assert "only administrator" in last.text
        assert asked.get("/vi/users/zz/erase").status_code == 404
        with store.reading() as session:
            assert session.get(User, cast.official.user_id).erased is not None
