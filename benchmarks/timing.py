"""Timing: medians of several calls, first calls with compilation, peak memory, and the table that shows them."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")
REPEAT = 5
BUDGET_S = 25.0
"""No further repetition of a call begins after this many seconds; one always runs."""


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes
    ----------
    stage : what is asked. ours, peer : who answers. n : size, in words. threads : ours/peer.
    ours_s, peer_s : medians of warm calls, seconds; None = not measured. cold_s : our first call, with compilation.
    same : whether the answers are equal, or how far apart. target : largest ratio aimed at. peak_mb : of the whole process.
    fair : False where the peer answers an easier question; such a row has no target.
    """

    stage: str
    ours: str
    peer: str
    n: str
    threads: str = "1/1"
    ours_s: float | None = None
    peer_s: float | None = None
    cold_s: float | None = None
    same: bool | str | None = None
    note: str = ""
    target: float | None = None
    peak_mb: float | None = None
    fair: bool = True

    @property
    def ratio(self) -> float | None:
        """Our seconds per second of the peer: below 1 we are ahead."""
        return self.ours_s / self.peer_s if self.ours_s and self.peer_s else None

    @property
    def missed(self) -> bool:
        """Slower than the target, which is 1 unless it says otherwise."""
        return self.fair and self.ratio is not None and self.ratio > (self.target or 1.0)


def once(call: Callable[[], T]) -> tuple[float, T]:
    """Seconds of one call, and its answer."""
    start = time.perf_counter()
    answer = call()
    return time.perf_counter() - start, answer


def median(call: Callable[[], T], repeat: int = REPEAT, budget_s: float = BUDGET_S) -> tuple[float, T]:
    """Median seconds of up to `repeat` calls, and the last answer."""
    spent: list[float] = []
    while True:
        seconds, answer = once(call)
        spent.append(seconds)
        if len(spent) >= repeat or sum(spent) >= budget_s:
            return statistics.median(spent), answer


def peer(name: str) -> ModuleType | None:
    """Return a module to compare with; None = not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def absent(stage: str, ours: str, name: str, n: str, ours_s: float | None = None) -> Row:
    """Row of a peer that is not there."""
    return Row(stage, ours, name, n, "1/–", ours_s, note=f"{name} is not installed: pip install -e '.[bench]'")


def peak_mb() -> float:
    """Peak memory of this process, MB.

    Linux keeps the peak of the parent in `ru_maxrss` of a child, so the figure of /proc is taken where there is one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def machine() -> str:
    """One line on what the numbers were measured with."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        cpu = models[0] if models else cpu
    names = (
        "numba",
        "numpy",
        "scipy",
        "shapely",
        "exactextract",
        "pandana",
        "networkx",
        "access",
        "rasterstats",
        "highspy",
        "spopt",
    )
    parts = [f"{name} {version}" for name in names if (version := _version(name))]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f"load {os.getloadavg()[0]:.1f}, " if hasattr(os, "getloadavg") else ""
    return f"{cores} CPUs ({cpu}), {load}Python {platform.python_version()}, " + ", ".join(parts)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


HEAD = ("stage", "ours", "peer", "N", "threads", "cold", "warm", "peer", "ratio", "target", "same", "peak MB", "note")


def cells(row: Row) -> tuple[str, ...]:
    """One row as text."""
    same = {True: "yes", False: "NO", None: "–"}[row.same] if not isinstance(row.same, str) else row.same
    return (
        row.stage,
        row.ours,
        row.peer,
        row.n,
        row.threads,
        seconds(row.cold_s),
        seconds(row.ours_s),
        seconds(row.peer_s),
        "–" if row.ratio is None else f"{row.ratio:.3g}" + (" !" if row.missed else ""),
        "–" if row.ratio is None or not row.fair else f"≤ {row.target or 1:g}",
        same,
        "–" if row.peak_mb is None else f"{row.peak_mb:,.0f}",
        row.note,
    )


def seconds(value: float | None) -> str:
    """Seconds with three figures, – where not measured."""
    if value is None:
        return "–"
    return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s" if value < 1000 else f"{value:,.0f} s"


def table(rows: Iterable[Row]) -> str:
    """Aligned columns, a line a row; "!" marks a missed target."""
    lines = [HEAD, *(cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, tuple("─" * width for width in widths))
    return "\n".join("  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def markdown(rows: Iterable[Row]) -> str:
    """Table for README.md."""
    lines = [HEAD, ("---",) * len(HEAD), *(cells(row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
