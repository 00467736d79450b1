"""The runner and its workers as processes: every way to end, kill -9 of either, cancelling, limits, restarts."""

import contextlib
import itertools
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest
from sanchoi.api.jobs import queue, work
from sanchoi.api.jobs.runner import Runner
from sanchoi.api.settings import Limits, Settings

FAKE = (sys.executable, str(pathlib.Path(__file__).with_name("fake_worker.py")))
ALONE = (
    "import json, sys; from sanchoi.api.jobs.runner import Runner; from sanchoi.api.settings import Settings\n"
    "Runner(Settings.of_environment(), json.loads(sys.argv[1])).run()"
)
WAIT_S = 300


@pytest.fixture
def place(url, tmp_path):
    """Settings of a service that runs two jobs at once."""
    return Settings((tmp_path,), tmp_path / "data", url, limits=Limits(jobs_running=2))


def submit(store, **inputs):
    return queue.submit(store, "export", inputs, None, "vi", 20).id


def until(test, runner=None):
    """Step until a test holds."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        if runner is not None:
            runner.step()
        if found := test():
            return found
        time.sleep(0.03)
    raise TimeoutError


def ended(store, *jobs):
    return lambda: all(queue.get(store, each).status in queue.ENDS for each in jobs)


def begun(place, job, attempt=1):
    """Process id of a worker that has begun its work."""
    path = place.data / f"worker-{job}.{attempt}"
    return lambda: path.is_file() and path.read_text("utf-8") and int(path.read_text("utf-8"))


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def left(place):
    """What lies in the service's folder of half made and of published things."""
    return sorted(
        path.name for name in (work.WORK, work.RESULTS, work.EXPORTS) for path in (place.data / name).glob("*")
    )


@contextlib.contextmanager
def running(place, **others):
    runner = Runner(place, FAKE, **others)
    try:
        yield runner
    finally:
        runner.stopping.set()
        runner.run()


def test_each_way_to_end_is_told_and_harms_nothing_else(store, place):
    ways = ("exception", "study", "segfault", "kill", "exit", "published", None)
    jobs = {way: submit(store, end=way) for way in ways}
    with running(place) as runner:
        until(lambda: ended(store, *jobs.values())() and not runner.children, runner)
    found = {way: queue.get(store, job) for way, job in jobs.items()}
    assert [each.status for each in found.values()] == ["failed"] * 6 + ["successful"]
    assert found["study"].error["en"]["title"] == "The study has a fault"
    assert found["study"].error["en"]["status"] == 400
    assert found["exception"].error["vi"]["detail"] == f"Lỗi đã được ghi lại với số {jobs['exception']}."
    assert "SIGSEGV" in found["segfault"].error["en"]["detail"]
    assert "SIGKILL" in found["kill"].error["vi"]["detail"]
    assert found["exit"].error["en"]["status"] == 500
    assert found[None].output == {"result": f"made-{jobs[None][:12]}"}
    assert left(place) == [f"made-{jobs[None][:12]}"]  # nothing half made, and nothing that no job speaks of


def test_a_dismissed_job_is_killed_with_its_children_and_leaves_nothing(store, place, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    job, waiting = submit(store, sleep=600, children=1), submit(store, sleep=600)
    limits = Limits(jobs_running=1)
    with running(Settings(place.results, place.data, place.database, limits=limits)) as runner:
        pid = until(begun(place, job), runner)
        child = int((place.data / "child").read_text("utf-8"))
        assert alive(child)
        assert left(place) == [f"{job}.1"]
        queue.dismiss(store, waiting)
        queue.dismiss(store, job)
        until(lambda: not runner.children, runner)
        assert not alive(pid)
        until(lambda: not alive(child))  # killed with its parent; on a busy machine dying takes a moment
        assert left(place) == []
        assert list((tmp_path / "tmp").iterdir()) == []
        runner.step()
        assert not runner.children  # the one that waited does not start
    assert [queue.get(store, each).status for each in (job, waiting)] == ["dismissed"] * 2


def test_limits_of_time_and_memory(store, place):
    slow, fat = submit(store, sleep=600), None
    limits = Limits(job_seconds=0.5)
    with running(Settings(place.results, place.data, place.database, limits=limits)) as runner:
        until(ended(store, slow), runner)
    assert "0.5 seconds" in queue.get(store, slow).error["en"]["detail"]
    fat = submit(store, end="memory")
    limits = Limits(job_bytes=350_000_000)
    with running(Settings(place.results, place.data, place.database, limits=limits)) as runner:
        until(ended(store, fat), runner)
    assert "of memory" in queue.get(store, fat).error["en"]["detail"]


def test_a_killed_runner_takes_its_worker_and_the_next_one_resumes(store, place):
    """kill -9 of the runner: its worker ends, the next runner does the job once more; killed again, the job has failed."""
    job = submit(store, sleep=600)
    for attempt in (1, 2):
        runner = alone(place)
        pid = until(begun(place, job, attempt))
        runner.send_signal(signal.SIGKILL)
        runner.wait()
        until(lambda pid=pid: not alive(pid))
        assert queue.get(store, job).status == "running"
    with running(place) as runner:
        until(ended(store, job), runner)
        assert not runner.children
    found = queue.get(store, job)
    assert (found.status, found.attempts) == ("failed", 2)
    assert "twice" in found.error["en"]["detail"]
    assert left(place) == []
    told = [state for state, _ in itertools.groupby(each.status for each in queue.events(store, job, 0))]
    assert told == ["accepted", "running", "accepted", "running", "failed"]


def test_a_runner_that_stops_puts_its_job_back(store, place):
    job = submit(store, sleep=600)
    with running(place) as runner:
        pid = until(begun(place, job), runner)
    assert not alive(pid)
    found = queue.get(store, job)
    assert (found.status, found.attempts) == ("accepted", 0)
    assert left(place) == []


def alone(place):
    """A runner as a process."""
    return subprocess.Popen(
        [sys.executable, "-c", ALONE, json.dumps(FAKE)], env={**os.environ, "SANCHOI_SETTINGS": place.text()}
    )


def test_no_two_runners_run_one_job(store, place):
    two = [alone(place), alone(place)]
    jobs = [submit(store, sleep=0.3) for _ in range(4)]
    until(ended(store, *jobs))
    for each in two:
        each.kill()
        each.wait()
    assert [queue.get(store, each).attempts for each in jobs] == [1] * 4
    assert [queue.get(store, each).status for each in jobs] == ["successful"] * 4
    assert sorted(path.name for path in place.data.glob("worker-*")) == sorted(f"worker-{each}.1" for each in jobs)


def test_a_worker_whose_job_was_taken_over_publishes_nothing(store, place):
    """Its lease ran out while it slept, and somebody else has begun the job: what it made goes nowhere."""
    job = submit(store, go="taken")
    with running(place) as runner:
        until(begun(place, job), runner)
        assert queue.recover(store, 0.0, lambda owner: False) == [job]
        assert queue.claim(store, "elsewhere/1/x", 9).attempts == 2
        (place.data / "taken").touch()
        until(lambda: not runner.children, runner)
    assert queue.get(store, job).status == "running"
    assert [name for name in left(place) if name.startswith("made")] == []


def test_a_database_that_is_away_for_a_while_costs_no_job(store, place):
    if not store.is_sqlite:
        import postgres

        stop, start = postgres.running().stop, postgres.running().start
    else:
        away = store.file.with_suffix(".away")

        def stop():
            store.close()
            for each in (store.file, *store.file.parent.glob("sanchoi.db-*")):
                each.rename(str(each).replace("sanchoi.db", "away.db"))

        def start():
            # The file itself last: its worker waits for it.
            for each in sorted(away.parent.glob("away.db*"), reverse=True):
                each.rename(str(each).replace("away.db", "sanchoi.db"))

    job = submit(store, go="away")
    with running(place) as runner:
        until(begun(place, job), runner)
        stop()
        (place.data / "away").touch()
        time.sleep(2.0)
        start()
        until(ended(store, job), runner)
    found = queue.get(store, job)
    assert (found.status, found.attempts) == ("successful", 1)
