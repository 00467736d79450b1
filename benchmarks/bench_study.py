"""Study: whole runs from files to a result, each in a process of its own; nobody to compare with, so the stages are told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sanchoi.data import demo
from timing import Row, peak_mb

STAGE = "whole run"
ROOT = Path(__file__).resolve().parent.parent
STUDIES = ("las-palmas", "quang-nam")


def rows(quick: bool) -> Iterator[Row]:
    """The demo, and unless quick the studies on real data, where the data are there."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        demo.write(Path(folder))
        made = time.perf_counter() - start
        yield measured("demo", Path(folder), f"demo written in {made:.1f} s; ")
    if quick:
        return
    for name in STUDIES:
        folder = ROOT / "tests" / "studies" / name
        if (ROOT.parent / "shared" / "data").exists() and folder.exists():
            yield measured(name, folder)
        else:
            yield Row(STAGE, name, "–", "–", "–", note="its data are not here")


def measured(name: str, folder: Path, note: str = "") -> Row:
    """Run one study twice in a new process: the first run compiles, the second is warm."""
    with tempfile.TemporaryDirectory() as cache:
        child = subprocess.run(
            [sys.executable, __file__, "--study", str(folder)],
            env={**os.environ, "NUMBA_CACHE_DIR": cache},
            capture_output=True,
            text=True,
            check=False,
        )
    if child.returncode:
        last = (child.stderr.strip().splitlines() or ["no message"])[-1]
        return Row(STAGE, name, "–", "–", "–", same=False, note=f"failed: {last[:150]}")
    found = json.loads(child.stdout.splitlines()[-1])
    stages = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in found["timings"].items())
    note += f"warm, s: {stages}"
    return Row(STAGE, name, "–", found["n"], "all/–", found["warm"], None, found["cold"], None, note, None, found["mb"])


def child(folder: Path) -> None:
    """Run a study twice and print what it took."""
    from sanchoi.gis.job import run

    spent = []
    for _ in range(2):
        start = time.perf_counter()
        result = run(folder)
        spent.append(time.perf_counter() - start)
    print(
        json.dumps(
            {
                "cold": spent[0],
                "warm": spent[1],
                "timings": result.run["timings"],
                "mb": round(peak_mb()),
                "n": size(result),
            }
        )
    )


def size(result) -> str:
    """Size of a study, in words."""
    tables = result.tables if hasattr(result, "tables") else vars(result)
    counts = [f"{len(tables[name]):,} {name}" for name in ("communes", "cells", "play_areas") if name in tables]
    return ", ".join(counts) or "–"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--study"]:
        child(Path(sys.argv[2]))
    else:
        import run

        run.one(__file__)
