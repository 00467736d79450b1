"""Sandbox: starts a worker for one upload, waits for it no longer than it may take, and takes everything of it away."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sanchoi.api.problems import Problem
from sanchoi.api.uploads import drivers
from sanchoi.api.uploads.limits import DEFAULT, Limits
from sanchoi.api.uploads.words import Refused

COMMAND = (sys.executable, "-I", "-B", "-m", "sanchoi.api.uploads.worker")
DRIVERS = {"zip": "ESRI Shapefile", "dxf": "DXF"}
FOLDER = "uploads"
LEFT_S = 3_600.0
KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA", "SYSTEMROOT")
"""What of the environment a worker sees: where the libraries lie, no settings and no secrets."""
CPU_SIGNALS = (-signal.SIGXCPU, -signal.SIGKILL)

log = logging.getLogger("sanchoi.service")
_free = threading.BoundedSemaphore(DEFAULT.workers)


def run(
    data: bytes, what: str, kind: str, home: Path, limits: Limits, assume_epsg: int | None = None
) -> tuple[dict[str, Any], bytes]:
    """Let a worker read an upload.

    Parameters
    ----------
    what : sites, photo or document. kind : by its first bytes. home : folder in which the worker gets one of its own.

    Raises
    ------
    Refused : the worker refuses it, takes too long or too much, or breaks. Problem : all workers are busy, or none starts.
    """
    asked = {"what": what, "kind": kind, "limits": asdict(limits), "assume_epsg": assume_epsg}
    if not _free.acquire(timeout=limits.wait_seconds):
        words = ("Nhiều tệp đang được đọc.", "Many files are being read.")
        raise Problem("unavailable", pairs={"message": words})
    try:
        with _folder(home) as folder:
            code, late = _started(data, json.dumps(asked), folder, _environment(kind, what, folder), limits)
            told, kept = _answer(folder / "answer", limits)
    finally:
        _free.release()
    if late or (not told and code in CPU_SIGNALS):
        raise Refused("time", most=f"{limits.seconds:g}")
    if "refused" in told:
        raise Refused(str(told["refused"]), **told["values"])
    if not told or "fault" in told:
        log.error("a worker could not read an upload: %s", told.get("fault", f"it ended with {code}"))
        raise Refused("crash")
    return told, kept


def _environment(kind: str, what: str, folder: Path) -> dict[str, str]:
    own = {name: os.environ[name] for name in KEPT if name in os.environ}
    driver = DRIVERS.get(kind, "") if what == "sites" else ""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    inside = str(folder / "inside")
    return {**own, **threads, **drivers.environment(driver), "LC_ALL": "C.UTF-8", "HOME": inside, "TMPDIR": inside}


def _started(data: bytes, asked: str, folder: Path, environment: dict[str, str], limits: Limits) -> tuple[int, bool]:
    """Start a worker and wait; its exit code, and whether it was too late."""
    (folder / "inside").mkdir()
    (folder / "upload").write_bytes(data)
    with (folder / "upload").open("rb") as source, (folder / "answer").open("wb") as sink:
        try:
            process = subprocess.Popen(
                [*COMMAND, asked],
                stdin=source,
                stdout=sink,
                stderr=subprocess.DEVNULL,
                cwd=folder / "inside",
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            log.error("no worker can be started for an upload: %s", error)
            words = ("Máy chủ không mở được chương trình đọc tệp.", "The service cannot start a reader of files.")
            raise Problem("unavailable", pairs={"message": words}) from error
        late = False
        try:
            process.wait(limits.seconds)
        except subprocess.TimeoutExpired:
            late = True
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
    return code, late


def _answer(path: Path, limits: Limits) -> tuple[dict[str, Any], bytes]:
    """What a worker wrote; {} = nothing that can be read."""
    with path.open("rb") as source:
        text = source.read(limits.answer_bytes + 1)
    line, _, kept = text.partition(b"\n")
    try:
        told = json.loads(line) if len(text) <= limits.answer_bytes else {}
    except ValueError:
        told = {}
    return told if isinstance(told, dict) else {}, kept


@contextlib.contextmanager
def _folder(home: Path) -> Iterator[Path]:
    """A folder for one worker, empty at first and gone afterwards; those that a killed service left are taken away too."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in home.iterdir():
        with contextlib.suppress(OSError):
            if left.stat().st_mtime < time.time() - LEFT_S:
                shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="upload-", dir=home)).resolve()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
