"""Drawer: gives the service sheets, drawn by one process beside it, so that twenty who ask at once do not hold up the others."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from sanchoi.api.problems import Problem
from sanchoi.api.uploads.sandbox import KEPT
from sanchoi.gis import errors

COMMAND = (sys.executable, "-I", "-B", "-m", "sanchoi.api.drawing")
SECONDS = 120.0
WAITING = 12
"""Sheets that are drawn or wait at once; who comes later is asked to come again."""
PAGES = 12
"""Sheets of one answer; more are a job's work."""
log = logging.getLogger("sanchoi.service")


@dataclass(frozen=True)
class Sheet:
    """A sheet that is asked for; see `drawing.Drawing.draw`."""

    folder: str
    name: str
    etag: str
    kind: str
    of: str
    paper: str = "A3"
    portrait: bool = False
    scale: float | str | None = None
    language: str = "vi"
    style: str = "plain"
    pages: int = PAGES


class Drawer:
    """Draws sheets one after another in a process that is started when first needed. The same sheet is drawn once for all."""

    def __init__(self, command: tuple[str, ...] = COMMAND, seconds: float = SECONDS, waiting: int = WAITING) -> None:
        self.command, self.seconds, self.waiting = command, seconds, waiting
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="drawer")
        self._going: dict[Sheet, Future[bytes]] = {}
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    async def draw(self, sheet: Sheet) -> bytes:
        """The sheet as PDF.

        Raises
        ------
        Problem : "unavailable" where too many wait, it takes too long, or the result is made anew. SanchoiError : as `making`.
        """
        with self._lock:
            going = self._going.get(sheet)
            if going is None:
                if len(self._going) >= self.waiting:
                    raise _later("Nhiều bản đồ đang được vẽ. Xin thử lại sau một phút.", "Many sheets are being drawn.")
                going = self._going[sheet] = self._thread.submit(self._one, sheet)
                going.add_done_callback(lambda done: self._done(sheet))
        return await asyncio.shield(asyncio.wrap_future(going))  # others may wait for it when this asker goes

    def _done(self, sheet: Sheet) -> None:
        with self._lock:
            self._going.pop(sheet, None)

    def close(self) -> None:
        """End the process."""
        self._closed = True
        self._end()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def _one(self, sheet: Sheet) -> bytes:
        line = json.dumps(asdict(sheet)).encode() + b"\n"
        for _ in range(2):  # the process may have ended since, for want of work
            if self._closed:
                break
            late = threading.Event()
            told, body = self._asked(line, late)
            if late.is_set():
                raise _later(
                    f"Bản đồ này vẽ lâu hơn {self.seconds:g} giây. Hãy dùng trang “Xuất hồ sơ”.",
                    f"This sheet takes more than {self.seconds:g} seconds. Start an export as a job.",
                )
            if told is not None:
                return _read(told, body)
        log.error("the process that draws sheets does not answer")
        raise _later("Chương trình vẽ bản đồ không trả lời.", "The program that draws sheets does not answer.")

    def _asked(self, line: bytes, late: threading.Event) -> tuple[dict[str, Any] | None, bytes]:
        """Ask the process; None = it has gone, or was too late and is ended."""
        process = self._process or self._start()
        if process is None or process.stdin is None or process.stdout is None:
            return None, b""

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.seconds, end)
        timer.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            head = process.stdout.readline()
            told = json.loads(head) if head else None
            body = process.stdout.read(told["bytes"]) if told is not None else b""
            if told is not None and len(body) < told["bytes"]:
                told = None
        except (OSError, ValueError):
            told, body = None, b""
        finally:
            timer.cancel()
        if told is None or told["last"]:
            self._end()
        return told, body

    def _start(self) -> subprocess.Popen[bytes] | None:
        own = {name: os.environ[name] for name in KEPT if name in os.environ}
        threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
        try:
            self._process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**own, **threads, "LC_ALL": "C.UTF-8"}
            )
        except OSError as error:
            log.error("no process can be started to draw sheets: %s", error)
        return self._process


def _read(told: dict[str, Any], body: bytes) -> bytes:
    """The sheet, or the error that stands in its place."""
    if "changed" in told:
        raise _later("Kết quả này đang được tính lại.", "This result is being made anew.")
    if "fault" in told:
        raise RuntimeError("a sheet could not be drawn; see the log")
    if "error" in told:
        kind: type[errors.SanchoiError] = getattr(errors, told["error"])
        error = kind(*told["told"])
        error.vi = told["vi"]
        raise error
    return body


def _later(vi: str, en: str) -> Problem:
    return Problem("unavailable", pairs={"message": (vi, en)})
