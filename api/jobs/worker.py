"""Worker: one process for one job, `python -m sanchoi.api.jobs.worker JOB_ID`, started by the runner and ended with it."""

from __future__ import annotations

import logging
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from sanchoi.api import logs
from sanchoi.api.jobs import queue, registry, work
from sanchoi.api.problems import Problem, of_error
from sanchoi.api.settings import Settings
from sanchoi.api.store import Store
from sanchoi.gis.errors import SanchoiError

OWNER = "SANCHOI_JOB_OWNER"
GAP_S = 0.3
"""Between two tellings of the share of one stage; beginnings and ends of stages are always told."""
WAIT_S = 1.0
LOST = 3

T = TypeVar("T")
log = logging.getLogger("sanchoi.jobs")


class Lost(Exception):
    """The job is somebody else's by now, or has been dismissed."""


class Teller:
    """Tells the store where the job stands; what the database cannot take just now is not told."""

    def __init__(self, store: Store, job_id: str, owner: str, process: registry.Process) -> None:
        self.store, self.job_id, self.owner, self.process = store, job_id, owner, process
        self._last = 0.0

    def __call__(self, stage: str, share: float) -> None:
        """Tell a stage and the share of it that is done.

        Raises
        ------
        Lost : the job is no longer ours.
        """
        moment = time.monotonic()
        if 0.0 < share < 1.0 and moment - self._last < GAP_S:
            return
        self._last = moment
        try:
            whole = registry.progress(self.process, stage, share)
            held = queue.tell(self.store, self.job_id, self.owner, stage, share, whole)
        except Problem as problem:
            log.warning("progress not told: %s", problem.told("en", "")["detail"])
            return
        if not held:
            raise Lost


def main(job_id: str, works: Mapping[str, work.Doing] = work.WORKS) -> int:
    """Do one job and return the exit code."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    settings, owner = Settings.of_environment(), os.environ[OWNER]
    store = Store(settings.url, migrated=True)
    job = _surely(lambda: queue.get(store, job_id))
    try:
        tell = Teller(store, job_id, owner, registry.process(job.process_id))
        task = work.Task(settings, job_id, job.attempts, job.inputs, tell)
        task.folder.mkdir(parents=True, exist_ok=True)
        tempfile.tempdir = os.environ["CPL_TMPDIR"] = str(task.folder)  # so that nothing is left when we are killed
        made = works[job.process_id](task)
        held = _surely(lambda: queue.succeed(store, job_id, owner, lambda: made.publish(settings.data)))
    except Lost:
        held = False
    except Exception as error:  # noqa: BLE001 - whatever it is, the job has failed and says so
        problem = _problem(error, job_id)
        held = _surely(lambda: queue.fail(store, job_id, owner, problem))
    work.sweep(settings.data, job_id)
    return 0 if held else LOST


def _surely(step: Callable[[], T]) -> T:
    """Take a step that needs the database, and try again while it is away; the runner ends the worker if that lasts."""
    while True:
        try:
            return step()
        except Problem as problem:
            if problem.key != "unavailable":
                raise
            log.warning("not saved yet: %s", problem.told("en", "")["detail"])
            time.sleep(WAIT_S)


def _problem(error: Exception, job_id: str) -> Problem:
    """The problem that a job ended with."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, SanchoiError):
        return of_error(error)
    if isinstance(error, MemoryError):
        return Problem(
            "job_failed", pairs={"message": ("Máy chủ không đủ bộ nhớ.", "The server has too little memory.")}
        )
    if isinstance(error, OSError):
        words = (
            f"Không ghi hoặc đọc được tệp: {error.strerror}.",
            f"A file cannot be written or read: {error.strerror}.",
        )
        log.error("job %s", job_id, exc_info=error)
        return Problem("job_failed", pairs={"message": words})
    log.error("job %s: a fault", job_id, exc_info=error)
    return Problem("fault", {"request": job_id})


def _end_with_parent() -> None:
    """End, with all children, as soon as the runner has gone: the other end of standard input closes."""
    while True:
        try:
            if os.read(0, 1) == b"":
                break
        except OSError:
            break
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    logs.configure()
    sys.exit(main(sys.argv[1]))
