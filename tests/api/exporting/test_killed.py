"""An export that is stopped or killed leaves nothing beside its place, and takes nothing of one that is being written."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
import service
from sanchoi.api import exporting, half
from sanchoi.api.exporting import registry
from sanchoi.api.exporting.registry import Format

EXPORT = """
import sys, time
from sanchoi.api.cli import main
from sanchoi.api.exporting import registry
def make(context, each, folder):
    (folder / "half").write_text("half")
    print("begun", flush=True)
    time.sleep(600)
registry.FORMATS["slow"] = registry.Format(("a", "a"), "whole", make)
raise SystemExit(main(["export", sys.argv[1], "--out", sys.argv[2], "--format", "slow"]))
"""
BARE = """
import pathlib, sys, time
from sanchoi.api import half
with half.ended_as_stopped(), half.beside(pathlib.Path(sys.argv[2]), "export") as made:
    (made / "half").write_text("half")
    print("begun", flush=True)
    time.sleep(600)
"""
"""The same without all that an export loads."""


@pytest.fixture(autouse=True)
def _as_in_the_foreground():
    """Signals do what they do in a terminal: started with nohup, or behind "&" of a script, tests would not hear some of them."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL, signal.SIGHUP: signal.SIG_DFL}
    before = {each: signal.signal(each, handler) for each, handler in usual.items()}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@contextlib.contextmanager
def begun(out, program=BARE):
    """A process that has written a file of an export and goes on for long; and the folder that it writes."""
    before = set(out.parent.glob(".export-*"))
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(service.result()), str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "begun\n"
        (folder,) = set(out.parent.glob(".export-*")) - before
        assert len(list(folder.rglob("half"))) == 1
        yield process, folder
    finally:
        process.kill()
        process.communicate()


def quick(context, each, folder):
    (folder / "a.txt").write_text("a", "utf-8")
    return [folder / "a.txt"]


def test_a_stopped_export_leaves_nothing_and_says_so(tmp_path):
    with begun(tmp_path / "out.zip", EXPORT) as (process, _):
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "stopped; no whole result was written" in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_every_signal_that_stops_leaves_nothing(tmp_path, number):
    with begun(tmp_path / "out") as (process, _):
        process.send_signal(number)
        process.communicate(timeout=120)
    assert process.returncode not in (0, -signal.SIGTERM, -signal.SIGHUP)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_export_left_goes_with_the_next_one(tmp_path, monkeypatch):
    monkeypatch.setitem(registry.FORMATS, "quick", Format(("a", "a"), "whole", quick))
    other = tmp_path / ".export-mine"  # nobody's: it has no lock
    other.mkdir()
    (other / "letter.txt").write_text("x", "utf-8")
    with begun(tmp_path / "alive") as (alive, writing):
        with begun(tmp_path / "one") as (killed, dead):
            killed.kill()
            killed.wait()
        assert dead.is_dir()
        exporting.write(service.result(), exporting.Wish(formats=["quick"]), tmp_path / "two")
        assert not dead.exists()
        assert (writing / "made" / "half").read_text() == "half"
        assert alive.poll() is None
    assert (other / "letter.txt").is_file()
    assert (tmp_path / "two" / "a.txt").is_file()


def test_many_at_one_place_take_nothing_of_each_other(tmp_path):
    lost = []

    def work():
        for _ in range(60):
            with half.beside(tmp_path / "out", "export") as made:
                (made / "a").write_text("a")
                if not (made / "a").is_file() or list(made.iterdir()) != [made / "a"]:
                    lost.append(made)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert lost == []
    assert list(tmp_path.iterdir()) == []


def test_the_number_of_a_dead_process_may_be_anothers(tmp_path):
    left = tmp_path / f".export-{os.getpid()}-left"
    left.mkdir()
    (left / half.LOCK).touch()
    half.sweep(tmp_path, "export")
    assert not left.exists()


def test_the_handlers_of_signals_are_put_back():
    before = [signal.getsignal(each) for each in half.ENDS]

    def killed():
        with half.ended_as_stopped():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert [signal.getsignal(each) for each in half.ENDS] == before


def test_a_signal_waits_until_all_is_taken_away(tmp_path, monkeypatch):
    """Though libraries run threads of their own, to which the system may give it."""
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    real = half.shutil.rmtree

    def slow(folder, **more):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)
        real(folder, **more)

    monkeypatch.setattr(half.shutil, "rmtree", slow)
    before = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(KeyboardInterrupt), half.beside(tmp_path / "out", "export") as made:
            (made / "a").write_text("a")
    finally:
        done.set()
        other.join()
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGINT) is before
