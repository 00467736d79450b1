"""Processes: workers and the runner of jobs, each started anew when it dies, all stopped within ten seconds."""

from __future__ import annotations

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from sanchoi.api import logs, ops
from sanchoi.api.settings import Settings

GRACE_S = 6
"""So long do requests that are under way have when the service stops."""
STOP_S = 8.0
"""After this whatever still runs is killed."""
DEATHS, WITHIN_S = 5, 60.0
"""One that dies so often in so short a time is not started again: the service stops."""
FAULT = 1
SPAWN = multiprocessing.get_context("spawn")
log = logging.getLogger("sanchoi.service")


@dataclass
class Task:
    """Something that runs in a process of its own."""

    name: str
    body: Callable[..., None]
    arguments: tuple[Any, ...]
    process: multiprocessing.process.BaseProcess | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS))

    def start(self) -> None:
        """Start it."""
        self.process = SPAWN.Process(target=self.body, args=self.arguments, name=self.name)
        self.process.start()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.is_alive()

    @property
    def hopeless(self) -> bool:
        """Whether it has died too often."""
        return len(self.deaths) == DEATHS and self.deaths[-1] - self.deaths[0] < WITHIN_S


class Supervisor:
    """Keeps tasks running until a signal says stop."""

    def __init__(self, tasks: list[Task]) -> None:
        self.tasks = tasks
        self.asked = False

    def run(self, ready: Callable[[], bool], seconds: float, tell: Callable[[], None]) -> int:
        """Start everything, tell when it is ready, and return the exit code at the end."""
        before = {each: signal.signal(each, self._note) for each in (signal.SIGTERM, signal.SIGINT)}
        try:
            for task in self.tasks:
                task.start()
            deadline, told, code = time.monotonic() + seconds, False, 0
            while not self.asked:
                if not told and ready():
                    told = True
                    tell()
                if not told and time.monotonic() > deadline:
                    log.error("the service did not get ready", extra={"facts": {"seconds": seconds}})
                    code = FAULT
                    break
                if not self._mend():
                    code = FAULT
                    break
                multiprocessing.connection.wait([t.process.sentinel for t in self.tasks if t.process], 0.2)
            return code
        finally:
            self._stop()
            for each, handler in before.items():
                signal.signal(each, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.asked = True

    def _mend(self) -> bool:
        """Start again what has died; False if that is of no use."""
        for task in self.tasks:
            if task.alive or self.asked:
                continue
            code = task.process.exitcode if task.process else None
            task.deaths.append(time.monotonic())
            facts = {"process": task.name, "exit_code": code}
            if task.hopeless:
                log.error("a process dies again and again", extra={"facts": facts})
                return False
            log.warning("a process died and is started again", extra={"facts": facts})
            task.start()
        return True

    def _stop(self) -> None:
        """Ask everything to end, and end what does not."""
        running = [task.process for task in self.tasks if task.process is not None and task.process.is_alive()]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_S
        for process in running:
            process.join(max(0.0, deadline - time.monotonic()))
        for process in running:
            if process.is_alive():
                log.warning("a process is killed", extra={"facts": {"process": process.name}})
                process.kill()
                process.join()


class _Server(uvicorn.Server):
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Let streams know at once that they are to end."""
        ops.STOPPING.set()
        super().handle_exit(sig, frame)


def work(door: socket.socket, quiet: bool) -> None:
    """A worker: the application at a socket that it shares with the others."""
    _begin(quiet)
    config = uvicorn.Config(
        "sanchoi.api.app:of_environment",
        factory=True,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    _to_the_end(lambda: _Server(config).run(sockets=[door]))


def run_jobs(settings: str, quiet: bool) -> None:
    """The runner of jobs."""
    _begin(quiet)
    from sanchoi.api.jobs.runner import main  # here, so that the workers need not load it

    _to_the_end(lambda: main(Settings.of_text(settings)))


def _to_the_end(run: Callable[[], object]) -> NoReturn:
    """Run, and end the process at once: all is closed, and taking the interpreter apart takes seconds on a busy machine."""
    code: object = 0
    try:
        run()
    except SystemExit as end:
        code = end.code or 0
    logging.shutdown()
    os._exit(code if isinstance(code, int) else FAULT)


def _begin(quiet: bool) -> None:
    """End quietly when asked to, also before there is anything to end, and do not outlive the parent."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _leave)
    logs.configure(quiet)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            multiprocessing.connection.wait([parent.sentinel])
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, daemon=True, name="follow").start()


def _leave(number: int, frame: FrameType | None) -> None:
    """End once: a terminal signals the whole group, the supervisor signals again, and what is being closed is not to be torn."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _ending)
    raise SystemExit(0)


def _ending(number: int, frame: FrameType | None) -> None:
    """Nothing; Python complains of a signal that came just before it was ignored by the system."""
