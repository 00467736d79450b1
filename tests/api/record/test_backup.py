"""Backup and restore: the same bytes again, from and to either database, whole or not at all."""

import hashlib
import json
import random
import resource
import stat
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor

import postgres
import pytest
import shapely
from record_cast import Cast
from sanchoi.api import backup, backup_rows, restore
from sanchoi.api.accounts.actor import COMMUNE
from sanchoi.api.cli import main
from sanchoi.api.proposals import record
from sanchoi.api.settings import Settings
from sanchoi.api.store import (
    Attachment,
    Attempt,
    Base,
    Invitation,
    Job,
    JobEvent,
    Proposal,
    Session,
    Token,
    scenarios,
    trail,
)
from sanchoi.api.store.models import now
from sanchoi.api.uploads import Kept, attachments
from sqlalchemy import func, select, text

PHOTO = b"\xff\xd8\xff" + random.Random(5).randbytes(100_000)
POINT = {"type": "Point", "coordinates": [108.123456789012, 15.1]}


def settings_of(folder, url):
    folder.mkdir(exist_ok=True)
    return Settings((), folder, url)


def fill(store, settings):
    """Something in every table."""
    cast = Cast(store)
    found = cast.history()
    kept = Kept(PHOTO, "image/jpeg", "jpg", 2, 2)
    sha256 = attachments.put(settings, kept)
    with store.session() as session:
        made = Attachment(
            proposal_id=found[0].id,
            author_id=cast.official.user_id,
            kind="photo",
            name="ảnh.jpg",
            media_type="image/jpeg",
            size=len(PHOTO),
            sha256=sha256,
        )
        session.add(made)
        session.flush()
        detail = {"attachment": made.id, "sha256": sha256}
        trail.note(session, cast.official.id, "attachment.add", f"proposal:{found[0].id}", detail)
        changes = [{"action": "add", "geometry": POINT, "z": 1, "a": 0.1 + 0.2}, {"action": "close"}]
        scenarios.create(session, "small", "e", "Phương án É", changes)
        job = Job(
            process_id="plan", inputs={"budget": 3e9, "b": None}, error=None, output={"x": [1, 2.5]}, finished=now()
        )
        session.add(job)
        session.flush()
        session.add(JobEvent(job_id=job.id, number=1, status="running", stage="s", share=0.25, progress=3))
        user = cast.official.user_id
        session.add(Token(user_id=user, name="k", hash="h" * 64, scopes=["read"], epoch=1, expires=now()))
        session.add(Session(hash="s" * 64, user_id=user, csrf="c", epoch=1, expires=now()))
        session.add(Invitation(hash="i" * 64, role=COMMUNE, expires=now()))
        session.add(Attempt(key="k"))
    return cast, sha256


@pytest.fixture
def filled(store, url, tmp_path):
    settings = settings_of(tmp_path / "data", url)
    cast, sha256 = fill(store, settings)
    return store, settings, cast, sha256


@pytest.fixture(params=postgres.DATABASES)
def other(request, tmp_path):
    """An empty database of either kind, and a folder."""
    folder = tmp_path / "other"
    folder.mkdir()
    url = postgres.fresh(request.param, folder)
    with postgres.opened(url) as store:
        yield store, settings_of(folder, url)


def test_every_table_is_in_it_or_left_out_on_purpose():
    assert {*backup_rows.TABLES, *backup_rows.LEFT_OUT} == set(Base.metadata.tables)
    order = {name: k for k, name in enumerate(backup_rows.TABLES)}
    for name in backup_rows.TABLES:
        for key in backup_rows.table(name).foreign_keys:
            assert order[key.column.table.name] < order[name]


def test_what_is_restored_makes_the_same_bytes_again(filled, other, tmp_path):
    store, settings, _, sha256 = filled
    there, new = other
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    made = backup.make(store, settings, one)
    assert (made.missing, made.files, made.noted) == ((), 1, True)
    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert made.sha256 == hashlib.sha256(one.read_bytes()).hexdigest()
    restored = restore.restore(there, new, one)
    assert restored.checked.whole
    assert restored.checked.verdict.rows == 12
    assert (restored.rows, restored.files) == (made.rows, 1)
    assert attachments.path(new, sha256).read_bytes() == PHOTO
    backup.make(there, new, two)
    assert one.read_bytes() == two.read_bytes()
    with there.reading() as session:  # what lets somebody in is not there, what was made is
        for model, count in ((Session, 0), (Invitation, 0), (Attempt, 0), (Token, 1), (Job, 1), (Proposal, 3)):
            assert session.scalar(select(func.count()).select_from(model)) == count, model
    assert [len(there.changes_in((108.1, 15, 108.2, 15.2)))] == [1]  # the index has it


def test_work_goes_on_in_what_was_restored(filled, other, tmp_path):
    store, settings, cast, _ = filled
    there, new = other
    backup.make(store, settings, tmp_path / "b.zip")
    restore.restore(there, new, tmp_path / "b.zip")
    again = Cast.__new__(Cast)
    again.store, again.official, again.reviewer = there, cast.official, cast.reviewer
    found = again.create(geometry=shapely.box(108.1, 15.1, 108.101, 15.101))
    again.move(found, "submitted")
    with there.session() as session:
        scenarios.create(session, "small", "e", "x", [{"geometry": POINT}])
    assert found.number == 4
    with there.reading() as session:
        assert record.check(session).whole


def test_one_moment_while_five_write(store, url, tmp_path):
    settings, cast = settings_of(tmp_path / "data", url), Cast(store)
    stop, counts, begun = threading.Event(), [0] * 5, [threading.Event() for _ in range(5)]

    def write(k):
        while not stop.is_set() and counts[k] < 12:
            found = cast.create(geometry=shapely.box(108 + k / 100, 15, 108.001 + k / 100, 15.001))
            cast.move(found, "submitted")
            counts[k] += 1
            begun[k].set()

    made = []
    with ThreadPoolExecutor(5) as pool:
        writers = [pool.submit(write, k) for k in range(5)]
        try:
            assert all(each.wait(120) for each in begun)
            for k in range(2):
                before = sum(counts)
                made.append((before, backup.make(store, settings, tmp_path / f"{k}.zip").path, sum(counts)))
        finally:
            stop.set()
        assert [each.result() for each in writers] == [None] * 5
    assert sum(counts) >= 5
    for k, (before, path, after) in enumerate(made):
        with postgres.opened(f"sqlite:///{tmp_path / f'{k}.db'}") as there:
            found = restore.restore(there, settings_of(tmp_path / f"new{k}", there.url), path)
        assert found.checked.whole
        assert before <= found.checked.proposals <= after + 5


def part_changed(path, into, name, change):
    """The same file with one part changed, its manifest as it was."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(into, "w") as sink:
        for each in source.namelist():
            data = source.read(each)
            sink.writestr(each, change(data) if each == name else data)


def resealed(path, into, change):
    """The same file with rows changed, and the manifest made to agree."""
    with zipfile.ZipFile(path) as source:
        parts = {each: source.read(each) for each in source.namelist()}
    manifest = json.loads(parts[backup.MANIFEST])
    change(parts, manifest)
    for part in manifest["tables"]:
        data = parts[f"tables/{part['name']}.jsonl"]
        part["sha256"], part["rows"] = hashlib.sha256(data).hexdigest(), data.count(b"\n")
    parts[backup.MANIFEST] = json.dumps(manifest).encode()
    with zipfile.ZipFile(into, "w") as sink:
        for name, data in parts.items():
            sink.writestr(name, data)


def drop_row(name):
    def change(parts, manifest):
        key = f"tables/{name}.jsonl"
        parts[key] = b"".join(parts[key].splitlines(keepends=True)[:-1])

    return change


def replace(name, old, new):
    def change(parts, manifest):
        key = f"tables/{name}.jsonl"
        assert old in parts[key]
        parts[key] = parts[key].replace(old, new, 1)

    return change


def with_manifest(**others):
    return lambda parts, manifest: manifest.update(others)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    with postgres.opened(f"sqlite:///{folder / 'a.db'}") as store:
        settings = settings_of(folder / "data", str(store.url))
        fill(store, settings)
        backup.make(store, settings, folder / "b.zip")
    return folder / "b.zip"


BROKEN = {
    "cut off": (lambda a, b: b.write_bytes(a.read_bytes()[:-300]), "is damaged"),
    "a byte changed": (lambda a, b: b.write_bytes(flipped(a.read_bytes())), "is damaged"),
    "not a zip": (lambda a, b: b.write_bytes(b"xin chao"), "is damaged"),
    "empty": (lambda a, b: b.write_bytes(b""), "is damaged"),
    "another zip": (lambda a, b: zipfile.ZipFile(b, "w").close(), "is no backup"),
    "a part changed": (
        lambda a, b: part_changed(a, b, "tables/users.jsonl", lambda d: d.replace(b"commune", b"reviewer", 1)),
        "tables/users.jsonl is not as it was written",
    ),
    "a part more": (lambda a, b: resealed(a, b, lambda p, m: p.update({"../x": b"1"})), "there are others: ../x"),
    "an attachment changed": (
        lambda a, b: resealed(a, b, lambda p, m: p.update({f"attachments/{m['attachments'][0]}": b"<script>"})),
        "is not as it was written",
    ),
    "a name that is no hash": (lambda a, b: resealed(a, b, with_manifest(attachments=["../../x"])), "its manifest"),
    "newer": (lambda a, b: resealed(a, b, with_manifest(version=99, program="9.0")), "newer than this program"),
    "of a newer schema": (lambda a, b: resealed(a, b, with_manifest(schema="0999")), "newer than this program"),
    "foreign": (lambda a, b: resealed(a, b, with_manifest(format="other")), "is no backup"),
    "a column more": (lambda a, b: resealed(a, b, replace("users", b'"login"', b'"x":1,"login"')), "other columns"),
    "another type": (lambda a, b: resealed(a, b, replace("proposals", b'"number":1', b'"number":"1"')), "another kind"),
    "nothing where something must be": (
        lambda a, b: resealed(a, b, replace("proposals", b'"number":1', b'"number":null')),
        "nothing where something must be",
    ),
    "no JSON": (lambda a, b: resealed(a, b, replace("jobs", b"{", b"[")), "jobs:"),
    "no geometry": (
        lambda a, b: resealed(a, b, replace("proposals", b'"geometry":"01', b'"geometry":"zz')),
        "proposals:",
    ),
    "a user lost": (lambda a, b: resealed(a, b, drop_row("users")), ""),
    "a log row lost": (lambda a, b: resealed(a, b, drop_row("audit")), "does not hold"),
    "a remark lost": (lambda a, b: resealed(a, b, drop_row("remarks")), "does not hold"),
    "a state changed": (
        lambda a, b: resealed(a, b, replace("proposals", b'"under_review"', b'"accepted"')),
        "does not hold",
    ),
    "twice the same row": (
        lambda a, b: resealed(a, b, lambda p, m: p.update({"tables/users.jsonl": 2 * p["tables/users.jsonl"]})),
        "is damaged",
    ),
}


def flipped(data):
    at = data.index(b"tables/users.jsonl") + 60
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_damaged_or_foreign_is_refused_and_nothing_is_left(saved, tmp_path, what, capsys):
    make, told = BROKEN[what]
    broken = tmp_path / "broken.zip"
    make(saved, broken)
    assert main(["restore", str(broken), "--data", str(tmp_path / "new")]) == 4
    said = capsys.readouterr().err
    assert told in said
    assert "fault in sanchoi" not in said
    with postgres.opened(f"sqlite:///{tmp_path / 'new' / 'sanchoi.db'}") as store, store.reading() as session:
        for name in Base.metadata.tables:
            assert session.scalar(text(f"SELECT count(*) FROM {name}")) == 0, name
    assert not [each for each in (tmp_path / "new").rglob("*") if each.is_file() and "sanchoi.db" not in each.name]


@pytest.mark.parametrize("what", ["a user lost", "a state changed"])
def test_refused_on_postgresql_too(saved, tmp_path, what):
    BROKEN[what][0](saved, tmp_path / "broken.zip")
    url = postgres.fresh("postgres", tmp_path)
    assert main(["restore", str(tmp_path / "broken.zip"), "--data", str(tmp_path), "--database", url]) == 4
    with postgres.opened(url) as store, store.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM jobs")) == 0
    assert main(["restore", str(saved), "--data", str(tmp_path), "--database", url]) == 0


def test_a_broken_record_is_restored_only_when_asked(saved, tmp_path, capsys):
    broken = tmp_path / "broken.zip"
    BROKEN["a state changed"][0](saved, broken)
    new = ["--data", str(tmp_path / "new")]
    assert main(["restore", str(broken), *new, "--even-if-broken"]) == 0
    assert "does NOT hold" in capsys.readouterr().out
    assert main(["audit", "verify", *new]) == 10


def test_what_is_there_stays(saved, tmp_path, capsys):
    new = ["--data", str(tmp_path / "new")]
    assert main(["restore", str(saved), *new]) == 0
    assert "the record holds" in capsys.readouterr().out
    assert main(["audit", "verify", *new]) == 0
    assert main(["restore", str(saved), *new]) == 4
    assert "is not empty" in capsys.readouterr().err
    assert main(["backup", str(saved), *new]) == 4
    assert "is there already" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "none"), *new]) == 4
    assert main(["backup", str(tmp_path / "no" / "folder.zip"), *new]) == 4


def test_a_lost_attachment_is_told_and_the_rest_is_kept(saved, tmp_path, capsys):
    new = ["--data", str(tmp_path / "new")]
    assert main(["restore", str(saved), *new]) == 0
    kept = [each for each in (tmp_path / "new" / "attachments").rglob("*") if each.is_file()]
    kept[0].unlink()
    assert main(["audit", "verify", *new]) == 10
    assert "its file is missing" in capsys.readouterr().err
    assert main(["backup", str(tmp_path / "b.zip"), *new]) == 0
    assert kept[0].name in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "b.zip"), "--data", str(tmp_path / "newer")]) == 0
    assert "was not in the backup" in capsys.readouterr().err


def test_a_full_disk_leaves_no_half_file(saved, tmp_path, capsys):
    """The system refuses after 60,000 bytes; the file would be larger."""
    new = ["--data", str(tmp_path / "new")]
    assert main(["restore", str(saved), *new]) == 0
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, before[1]))
    try:
        code = main(["backup", str(tmp_path / "b.zip"), *new])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    said = capsys.readouterr().err
    assert code == 4
    assert "cannot be written (File too large)" in said
    assert "no file was left" in said
    assert sorted(each.name for each in tmp_path.iterdir()) == ["new"]


def test_the_log_tells_of_backups(saved, tmp_path):
    new = ["--data", str(tmp_path / "new")]
    assert main(["restore", str(saved), *new]) == 0
    assert main(["backup", str(tmp_path / "b.zip"), *new, "--json"]) == 0
    with postgres.opened(f"sqlite:///{tmp_path / 'new' / 'sanchoi.db'}") as store, store.reading() as session:
        row = session.scalars(select(record.trail.AuditRow).order_by(record.trail.AuditRow.id.desc())).first()
        assert row.action == "backup.make"
        assert json.loads(row.detail)["sha256"] == hashlib.sha256((tmp_path / "b.zip").read_bytes()).hexdigest()
