"""A worker whose work is told by its inputs: to sleep, to end badly in one of many ways, or to make a small result."""

import ctypes
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from sanchoi.api.jobs import work, worker
from sanchoi.gis.errors import StudyError


def fake(task):
    do = task.inputs
    task.tell("read", 0.0)
    half = task.folder / "result"
    (half / "tables").mkdir(parents=True)
    (half / "tables" / "gaps.parquet").write_bytes(b"half")
    (pathlib.Path(tempfile.mkdtemp(prefix="of-a-worker-")) / "half").write_bytes(b"half")
    task.tell("read", 1.0)
    if "children" in do:
        child = subprocess.Popen(["sleep", "600"])
        (task.settings.data / "child").write_text(str(child.pid), encoding="utf-8")
    (task.settings.data / f"worker-{task.job_id}.{task.attempt}").write_text(str(os.getpid()), encoding="utf-8")
    while "go" in do and not (task.settings.data / do["go"]).exists():  # until the test has done what it must do first
        time.sleep(0.02)
    until = time.monotonic() + do.get("sleep", 0)
    while time.monotonic() < until:
        time.sleep(0.05)
    end = do.get("end")
    if end == "exception":
        raise ValueError("oops")
    if end == "study":
        raise StudyError("key colour", "a known key", "leave it out")
    if end == "segfault":
        ctypes.string_at(0)
    if end == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if end == "exit":
        os._exit(0)
    if end == "memory":
        kept = bytearray(400_000_000)
        kept[::4096] = b"x" * len(kept[::4096])
        time.sleep(60)
    (half / "run.json").write_text('{"tables": [], "study": {"name": "x"}}', encoding="utf-8")
    made = work.Made(half, work.RESULTS, f"made-{task.job_id[: work.DIGITS]}")
    if end == "published":  # killed after the result was put in its place, before anybody could be told
        made.publish(task.settings.data)
        os.kill(os.getpid(), signal.SIGKILL)
    return made


if __name__ == "__main__":
    sys.exit(worker.main(sys.argv[1], {"export": fake}))
