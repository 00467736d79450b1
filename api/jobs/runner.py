"""Runner: one process beside the web workers that starts each waiting job as a process of its own and watches it.

`python -m sanchoi.api.jobs.runner` with the settings in the environment. Several runners on one database share the work; a job
belongs to one of them as long as its heartbeat is fresh. A runner that is killed takes its workers with it, and the next one
tries their jobs once more.
"""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from sanchoi.api import logs
from sanchoi.api.jobs import queue, work
from sanchoi.api.jobs.worker import LOST, OWNER
from sanchoi.api.problems import Problem
from sanchoi.api.settings import VARIABLE, Settings
from sanchoi.api.store import Store

WORKER = (sys.executable, "-m", "sanchoi.api.jobs.worker")
TICK_S = 0.25
BEAT_S = 5.0
LEASE_S = 60.0
"""Without a heartbeat for so long, a job's holder is taken for gone."""

log = logging.getLogger("sanchoi.jobs")


@dataclass
class Child:
    """A worker. `beaten` : when its job's heartbeat was last saved. `reason` : why it was killed, if it was."""

    job_id: str
    owner: str
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    beaten: float = field(default_factory=time.monotonic)
    reason: Problem | None = None
    ended: bool = False

    def kill(self) -> None:
        """Kill it with its children; it is the leader of a group."""
        if self.ended:
            return
        self.ended = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()


class Runner:
    """Runs jobs until it is stopped.

    Parameters
    ----------
    command : starts a worker; the id of the job is added.
    """

    def __init__(self, settings: Settings, command: Sequence[str] = WORKER, lease_s: float = LEASE_S) -> None:
        self.settings, self.command, self.lease_s = settings, tuple(command), lease_s
        self.store = Store(settings.url)
        self.name = f"{place()}/{os.getpid()}/{uuid.uuid4().hex[:12]}"
        self.children: dict[str, Child] = {}
        self.stopping = threading.Event()
        self._swept = False

    def run(self) -> None:
        """Work until `stopping` is set; then kill what runs and put it back into the queue."""
        while not self.stopping.is_set():
            try:
                self.step()
            except Problem as problem:
                log.warning("%s", problem.told("en", "")["detail"])
                self.stopping.wait(1.0)
            self.stopping.wait(TICK_S)
        for child in list(self.children.values()):
            child.kill()
            with contextlib.suppress(Problem):
                queue.release(self.store, child.job_id, child.owner)
            work.sweep(self.settings.data, child.job_id)
        self.store.close()

    def step(self) -> None:
        """Look after every worker, put back what others left, and start what waits.

        Raises
        ------
        Problem : the database is not available.
        """
        for child in list(self.children.values()):
            self._look_after(child)
        if not self._swept:
            self._sweep()
        for job_id in queue.recover(self.store, self.lease_s, self._gone):
            log.info("job %s: its runner has gone", job_id)
            self._clean(job_id)
        while len(self.children) < self.settings.limits.jobs_running:
            job = queue.claim(self.store, self.name, self.settings.limits.jobs_running)
            if job is None:
                break
            self._start(job.id, f"{self.name}/{job.attempts}")

    def _start(self, job_id: str, owner: str) -> None:
        environment = {**os.environ, VARIABLE: self.settings.text(), OWNER: owner}
        try:
            process = subprocess.Popen(
                [*self.command, job_id], stdin=subprocess.PIPE, start_new_session=True, env=environment
            )
        except OSError as error:
            log.error("no worker can be started: %s", error)
            queue.release(self.store, job_id, owner)
            return
        log.info("job %s started in process %d", job_id, process.pid)
        self.children[job_id] = Child(job_id, owner, process)

    def _look_after(self, child: Child) -> None:
        """Kill a worker that may not go on, and say how one ended."""
        if child.process.poll() is None:
            child.reason = self._too_much(child)
            if child.reason is None and self._held(child):
                return
        child.kill()
        code = child.process.returncode
        if code not in (0, LOST):
            queue.fail(self.store, child.job_id, child.owner, child.reason or _crash(code))
        elif queue.fail(self.store, child.job_id, child.owner, _crash(code)):
            log.error("job %s: its worker ended without a word", child.job_id)
        self._clean(child.job_id)
        # Not before nothing of it is left: while the database is away it is tried again.
        del self.children[child.job_id]
        log.info("job %s ended", child.job_id)

    def _held(self, child: Child) -> bool:
        """Whether the job is still ours to run: not dismissed, and its heartbeat is kept fresh."""
        moment = time.monotonic()
        try:
            job = queue.get(self.store, child.job_id)
            held = job.status == "running" and job.owner == child.owner
            if held and moment - child.beaten > min(BEAT_S, self.lease_s / 4):
                held = queue.beat(self.store, child.job_id, child.owner)
                child.beaten = moment
        except Problem as problem:
            if problem.key != "unavailable":
                return False
            return moment - child.beaten < 0.75 * self.lease_s
        return held

    def _too_much(self, child: Child) -> Problem | None:
        limits = self.settings.limits
        if time.monotonic() - child.started > limits.job_seconds:
            words = (
                f"Việc này cần hơn {limits.job_seconds:g} giây, quá thời gian cho phép.",
                f"It took more than the {limits.job_seconds:g} seconds that a job may take.",
            )
            return Problem("job_failed", pairs={"message": words})
        most = limits.job_bytes or int(0.75 * _memory())
        if 0 < most < _used(child.process.pid):
            words = (
                f"Việc này cần hơn {most / 1e9:.1f} GB bộ nhớ.",
                f"It needed more than {most / 1e9:.1f} GB of memory.",
            )
            return Problem("job_failed", pairs={"message": words})
        return None

    def _gone(self, owner: str) -> bool:
        """Whether a job's holder is known to be dead: a process of this machine that is no more, or a forgotten own one."""
        home, _, rest = owner.partition("/")
        number = rest.partition("/")[0]
        if home != place() or not number.isdecimal():
            return False
        if int(number) == os.getpid():
            return not any(child.owner == owner for child in self.children.values())
        return not _alive(int(number))

    def _clean(self, job_id: str) -> None:
        status = queue.get(self.store, job_id).status
        if status != "running":
            work.sweep(self.settings.data, job_id, published=status in ("failed", "dismissed"))

    def _sweep(self) -> None:
        """At the start, take away what jobs that have ended left half made."""
        for path in (self.settings.data / work.WORK).glob("*.*"):
            with contextlib.suppress(Problem):
                self._clean(path.name.partition(".")[0])
        self._swept = True


def place() -> str:
    """Name of this machine, and of the process numbers that it counts by: containers may share a name."""
    try:
        numbers = os.readlink("/proc/self/ns/pid")
    except OSError:
        numbers = ""
    return (platform.node() + numbers).replace("/", "-")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True


def _crash(code: int) -> Problem:
    name = signal.Signals(-code).name if -code in signal.valid_signals() else str(code)
    return Problem(
        "job_failed",
        pairs={"message": (f"Chương trình bị dừng đột ngột ({name}).", f"The program was ended all at once ({name}).")},
    )


def _memory() -> int:
    """Memory of this machine, bytes; 0 = unknown."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0


def _used(pid: int) -> int:
    """Memory that a process holds, bytes; 0 = unknown."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def main(settings: Settings) -> int:
    """Run jobs until SIGTERM or SIGINT."""
    runner = Runner(settings)

    def stop(number: int, frame: FrameType | None) -> None:
        runner.stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    runner.run()
    return 0


if __name__ == "__main__":
    logs.configure()
    sys.exit(main(Settings.of_environment()))
