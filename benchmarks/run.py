"""Run: every stage against its peers, in one table.

    python benchmarks/run.py [--quick] [--markdown] [stage ...]

Each stage runs in a process of its own with an empty cache of compiled code, so that its first call is truly the first.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

from timing import Row, machine, markdown, peak_mb, table

HERE = Path(__file__).parent
STAGES = (
    "nearest",
    "catchments",
    "attach",
    "zonal",
    "crowding",
    "screening",
    "smaa",
    "siting",
    "what_if",
    "worth",
    "ogc",
    "sheets",
    "service",
    "proposals",
    "study",
)


def measured(stage: str, quick: bool) -> list[Row]:
    """Rows of one stage, measured in a child process; a stage that fails gives a row that says why."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows.json"
        child = subprocess.run(
            [sys.executable, __file__, "--child", str(out), *(["--quick"] if quick else []), stage],
            env={**os.environ, "NUMBA_CACHE_DIR": str(Path(folder) / "numba")},
            capture_output=True,
            text=True,
            check=False,
        )
        lines = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
        rows = [Row(**json.loads(line)) for line in lines]
        if child.returncode:
            last = (child.stderr.strip().splitlines() or [f"exit code {child.returncode}"])[-1]
            rows.append(Row(stage, "–", "–", "–", "–", same=False, note=f"failed: {last[:150]}"))
    return rows


def child(stage: str, quick: bool, out: Path) -> None:
    """Measure one stage and write its rows as they come."""
    with out.open("w", encoding="utf-8") as file:
        for row in importlib.import_module(f"bench_{stage}").rows(quick):
            whole = row if row.peak_mb is not None else replace(row, peak_mb=round(peak_mb()))
            same = row.same if row.same is None or isinstance(row.same, str) else bool(row.same)
            print(json.dumps(asdict(replace(whole, same=same))), file=file, flush=True)


def verdict(rows: list[Row]) -> str:
    """What was missed, in plain words."""
    lines = [
        f"  missed: {row.stage}, {row.ours} against {row.peer} at {row.n}: ratio {row.ratio:.3g}, target {row.target or 1:g}"
        for row in rows
        if row.missed
    ]
    lines += [f"  WRONG: {row.stage}, {row.ours} against {row.peer}: {row.note}" for row in rows if row.same is False]
    return "\n".join(["Targets missed:", *lines] if lines else ["All targets met; all answers agree."])


def one(script: str) -> None:
    """Run a single script as if it were named to run.py."""
    sys.exit(main([*sys.argv[1:], Path(script).stem.removeprefix("bench_")]))


def main(given: list[str] | None = None) -> int:
    """Run the stages; 1 if an answer differs from the peer's or a stage fails, 0 otherwise, targets missed or not."""
    parser = argparse.ArgumentParser(prog="run.py", description="Measure against named peers.")
    parser.add_argument("stages", nargs="*", metavar="stage", help=", ".join(STAGES))
    parser.add_argument("--quick", action="store_true", help="small sizes, under a minute in all")
    parser.add_argument("--markdown", action="store_true", help="print the table for README.md")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(given)
    unknown = sorted(set(asked.stages) - set(STAGES))
    if unknown:
        parser.error(f"stage {unknown[0]!r} is not one of: {', '.join(STAGES)}")
    if asked.child:
        child(asked.stages[0], asked.quick, asked.child)
        return 0
    rows = []
    for stage in asked.stages or STAGES:
        print(f"measuring {stage} …", file=sys.stderr, flush=True)
        rows += measured(stage, asked.quick)
    print((markdown if asked.markdown else table)(rows))
    print(f"\nMachine: {machine()}. Ratio = our time / the peer's.")
    print(verdict(rows))
    return int(any(row.same is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
