"""Locks between processes: a file beside what is made, held while it is made; the system lets go of it when a process dies."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold the lock of a file that is to be made; its folder is made if missing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(f"{target.name}.lock").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
