"""Half made: what a command writes lies beside its place until it is whole, and is gone however the command ends.

A folder that is being written is locked by its process. Whoever writes beside the same place later takes away what processes that
were killed left there; the lock goes with the process, so that its number may be another's by then.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

LOCK = "lock"
ENDS = (signal.SIGTERM, signal.SIGHUP)
"""Signals that end a command as Ctrl-C does."""


@contextlib.contextmanager
def beside(place: Path, kind: str) -> Iterator[Path]:
    """An empty folder beside a place, on the same disk; taken away at the end with all that is in it.

    Parameters
    ----------
    kind : what is made, for the folder's name: ".KIND-…".
    """
    home = place.parent
    sweep(home, kind)
    folder, lock = _locked(home, kind)
    try:
        made = folder / "made"
        made.mkdir()
        yield made
    finally:
        with _undisturbed():
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def sweep(home: Path, kind: str) -> None:
    """Take away folders whose process has gone. One without a lock is somebody else's, and stays."""
    for folder in home.glob(f".{kind}-*"):
        try:
            lock = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # it is being written
            continue
        finally:
            os.close(lock)


def _locked(home: Path, kind: str) -> tuple[Path, int]:
    """A new folder, and its lock that is held."""
    while True:
        folder = Path(tempfile.mkdtemp(dir=home, prefix=f".{kind}-{os.getpid()}-"))
        path = folder / LOCK
        with contextlib.suppress(FileNotFoundError, BlockingIOError):  # swept before it was locked: take another
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                raise
            except OSError:  # a disk that knows no locks: nobody may take it for left
                path.unlink(missing_ok=True)
                return folder, lock
            if path.exists():
                return folder, lock
            os.close(lock)


@contextlib.contextmanager
def ended_as_stopped() -> Iterator[None]:
    """Let a signal that ends the program raise KeyboardInterrupt, so that what is half made is taken away; as Ctrl-C does."""
    own, taken = os.getpid(), []

    def stop(number: int, frame: FrameType | None) -> None:
        if os.getpid() == own:
            raise KeyboardInterrupt
        signal.signal(number, signal.SIG_DFL)  # a child of ours has nothing of its own to take away
        os.kill(os.getpid(), number)

    try:
        for each in ENDS:
            if signal.getsignal(each) is signal.SIG_DFL:
                signal.signal(each, stop)
                taken.append(each)
    except ValueError:  # not the main thread
        pass
    try:
        yield
    finally:
        for each in taken:
            if signal.getsignal(each) is stop:
                signal.signal(each, signal.SIG_DFL)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals wait: whoever presses Ctrl-C twice leaves nothing behind either.

    Of a mask the threads of libraries know nothing: the system gives them the signal, and Python stops the main one for it. So
    the handlers are others for the while.
    """
    came: list[int] = []
    before = {}
    try:
        for each in (signal.SIGINT, *ENDS):
            if signal.getsignal(each) not in (signal.SIG_IGN, None):
                before[each] = signal.signal(each, lambda number, _: came.append(number))
    except ValueError:  # not the main thread, which alone is told of signals
        pass
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        for number in dict.fromkeys(came):
            signal.raise_signal(number)
