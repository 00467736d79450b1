"""What a database can suffer: killed writers, a full disk, a lock, a server that stops; nothing acknowledged is lost."""

import contextlib
import pathlib
import sqlite3
import subprocess
import sys
import threading
import time

import postgres
import pytest
from sanchoi.api.problems import Problem
from sanchoi.api.store import Scenario, ScenarioChange, Store, scenarios
from sqlalchemy import event, func, select, text

SAVER = pathlib.Path(__file__).with_name("saver.py")
POINT = {"geometry": {"type": "Point", "coordinates": [108, 15]}}


def save(store, name="x", note=""):
    with store.session() as session:
        return scenarios.create(session, "demo", "e", name, [POINT], note)


def names(store):
    with store.reading() as session:
        return set(session.scalars(select(Scenario.name)))


def unavailable(call):
    with pytest.raises(Problem) as found:
        call()
    assert found.value.key == "unavailable"
    assert found.value.status == 503
    assert int(found.value.headers["Retry-After"]) > 0
    return found.value.told("vi", "/")["detail"], found.value.told("en", "/")["detail"]


def test_every_acknowledged_save_survives_kill_9(store, url):
    store.close()
    done = subprocess.run(
        [sys.executable, str(SAVER), url, "50"], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    postgres.settled(url)
    said = done.stdout.split()
    assert len(said) >= 50
    with store.reading() as session:
        counts = dict(
            session.execute(select(ScenarioChange.scenario_id, func.count()).group_by(ScenarioChange.scenario_id)).all()
        )
        kept = set(session.scalars(select(Scenario.id)))
        if store.is_sqlite:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            boxes = session.scalar(text("SELECT count(*) FROM scenario_change_boxes"))
            assert boxes == 3 * len(kept)
    assert set(said) <= kept
    assert counts == dict.fromkeys(kept, 3)  # whole or not at all
    assert len(kept) <= len(said) + 50  # at most one a kill was saved and not yet said
    assert len(store.changes_in((108.05, 14, 108.15, 16))) == len(kept)
    save(store)


def test_a_full_disk_of_sqlite_is_503_and_passes(tmp_path):
    with postgres.opened(postgres.fresh("sqlite", tmp_path)) as store:
        save(store, "trước")

        @event.listens_for(store.engine, "begin")
        def _narrow(connection):
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + room}")

        room = 0
        told = unavailable(lambda: [save(store, f"đầy {k}", "x" * 5000) for k in range(9)])
        assert told == ("Ổ đĩa đã đầy, chưa lưu được.", "The disk is full: nothing was saved.")
        assert "trước" in names(store)  # reading goes on
        room = 10_000
        save(store, "sau")
        assert {"trước", "sau"} <= names(store)


def test_a_real_full_file_system_is_503_and_passes(tmp_path):
    """A file system of 1 MB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"needs to mount a tmpfs: {mounted.stderr.strip()}")
    try:
        with postgres.opened(postgres.fresh("sqlite", place)) as store:
            save(store, "trước")
            ballast = place / "ballast"
            with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as sink:
                while True:
                    sink.write(b"x" * 4096)
            unavailable(lambda: [save(store, f"đầy {k}", "x" * 5000) for k in range(200)])
            before = names(store)
            ballast.unlink()
            save(store, "sau")
            assert names(store) == before | {"sau"}
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def test_a_full_disk_of_postgres_is_503(tmp_path):
    """The server raises what it raises when the disk is full."""
    with postgres.opened(postgres.fresh("postgres", tmp_path)) as store:
        with store.session() as session:
            session.execute(
                text(
                    "CREATE FUNCTION full_() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$"
                )
            )
            session.execute(text("CREATE TRIGGER t BEFORE INSERT ON scenarios EXECUTE FUNCTION full_()"))
        assert "disk is full" in unavailable(lambda: save(store))[1]
        with store.session() as session:
            session.execute(text("DROP TRIGGER t ON scenarios"))
        save(store, "sau")
        assert names(store) == {"sau"}


def test_postgres_stopped_is_503_and_comes_back(tmp_path):
    server = postgres.running()
    with postgres.opened(postgres.fresh("postgres", tmp_path)) as store:
        save(store, "trước")
        server.stop()
        try:
            assert "cannot be reached" in unavailable(lambda: save(store, "mất"))[1]
            unavailable(store.ping)
            late = Store(store.url.render_as_string(hide_password=False))  # a service that starts now
            unavailable(late.ping)
        finally:
            server.start()
        save(store, "sau")
        assert names(store) == names(late) == {"trước", "sau"}
        late.close()


def test_postgres_stopped_in_the_middle_of_a_save(tmp_path):
    server = postgres.running()
    with postgres.opened(postgres.fresh("postgres", tmp_path)) as store:

        def cut():
            with store.session() as session:
                scenarios.create(session, "demo", "e", "nửa chừng", [POINT])
                server.stop()

        try:
            unavailable(cut)
        finally:
            server.start()
        assert names(store) == set()
        save(store)


def test_a_sqlite_file_taken_away_is_503_and_comes_back(tmp_path):
    with postgres.opened(postgres.fresh("sqlite", tmp_path)) as store:
        save(store, "trước")
        away = tmp_path / "away.db"
        store.file.rename(away)
        unavailable(lambda: save(store))
        unavailable(lambda: names(store))
        unavailable(store.ping)
        assert store.job_counts() == {}
        assert not store.file.exists()  # no empty one was made in its place
        away.rename(store.file)
        save(store, "sau")
        assert names(store) == {"trước", "sau"}


def test_a_lock_held_too_long_is_503(store):
    """Somebody holds the row, or the file, longer than a writer waits: five seconds, and once."""
    made = save(store)
    waits = (
        "PRAGMA busy_timeout" if store.is_sqlite else "SELECT setting::int FROM pg_settings WHERE name = 'lock_timeout'"
    )
    with store.session() as session:
        assert session.scalar(text(waits)) == 5000
    given_up = []
    event.listen(store.engine, "handle_error", lambda context: given_up.append(context.statement))
    with store.engine.connect() as other:
        if store.is_sqlite:
            held = sqlite3.connect(store.file, isolation_level=None)
            held.execute("BEGIN IMMEDIATE")
        else:
            other.execute(text("SELECT 1 FROM scenarios FOR UPDATE"))

        def change():
            with store.session() as session:
                scenarios.update_(session, made.id, 1, name="y")

        start = time.monotonic()
        unavailable(change)
        assert time.monotonic() - start > 4
        assert len(given_up) == 1, given_up
        assert names(store) == {"x"}  # readers do not wait
        if store.is_sqlite:
            held.close()
    change()
    assert names(store) == {"y"}


def test_writers_wait_for_each_other(store):
    made = save(store)
    lost, won = [], []

    def change(k):
        try:
            with store.session() as session:
                scenarios.update_(session, made.id, 1, name=f"bản {k}")
            won.append(f"bản {k}")
        except Problem as problem:
            lost.append(problem.key)

    threads = [threading.Thread(target=change, args=(k,)) for k in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(won) == 1
    assert lost == ["conflict"] * 7
    assert names(store) == set(won)
