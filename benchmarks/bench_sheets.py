"""Sheets: an A3 gap sheet and the fact sheets of all communes of a result, in processor and wall time, and how memory grows.

There is no peer: no other program draws these sheets. Targets: an A3 sheet in 2 s, 78 fact sheets in 120 s, memory flat.

    SANCHOI_RESULT=FOLDER python benchmarks/run.py sheets      another result than out/demo, such as one of Quảng Nam
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from sanchoi.gis import results
from sanchoi.gis.sources import rows as packaged
from sanchoi.maps.sheets import making
from sanchoi.maps.sheets.ground import Ground
from timing import Row

STAGE = "sheets"
A3_S, FACTS_S, GROWTH_MB = 2.0, 120.0, 150.0
DEMO = Path(__file__).parents[1] / "out" / "demo"


def resident_mb() -> float:
    """Memory of this process now, MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def rows(quick: bool) -> Iterator[Row]:
    """Measure the sheets."""
    folder = Path(os.environ.get("SANCHOI_RESULT", DEMO))
    if not (folder / "run.json").is_file():
        yield Row(STAGE, "sheets", "–", "–", note=f"no result in {folder}: make demo, or set SANCHOI_RESULT")
        return
    ground = Ground(results.read(folder))
    read_mb = resident_mb()
    communes = [str(each) for each in ground.layer("communes")["commune_id"]]
    scales = packaged.packaged("sheet_scales.csv").to_dict("records")
    options = making.Options("A3", scales=scales, fit=True)
    begun = time.perf_counter()
    making.gap(ground, communes[:1], options)
    cold = time.perf_counter() - begun
    taken, work = [], []
    for commune_id in communes[1:6]:
        begun, worked = time.perf_counter(), time.process_time()
        making.gap(ground, [commune_id], options)
        taken.append(time.perf_counter() - begun)
        work.append(time.process_time() - worked)
    size = f"{len(communes)} communes, {len(ground.result.tables['cells']):,} pieces of cells"
    worst = max(taken)
    held = "held" if worst <= A3_S else "missed"
    note = f"worst of five {worst:.2f} s, processor time {max(work):.2f} s; target {A3_S:g} s: {held}"
    yield Row(STAGE, "gap sheet A3", "–", size, ours_s=sorted(taken)[len(taken) // 2], cold_s=cold, note=note)
    asked = communes[:10] if quick else communes
    begun, worked, early = time.perf_counter(), time.process_time(), 0.0
    for k, commune_id in enumerate(asked):
        making.fact(ground, commune_id, options)
        if k == len(asked) // 2:
            early = resident_mb()
    wall, worked = time.perf_counter() - begun, time.process_time() - worked
    late = resident_mb()
    note = (
        f"processor time {worked:.1f} s; target {FACTS_S:g} s for 78; memory {read_mb:.0f} MB with the result read, "
        f"{early:.0f} MB at half, {late:.0f} MB at the end: {'flat' if late - early < GROWTH_MB else 'grows'}"
    )
    yield Row(STAGE, f"{len(asked)} fact sheets", "–", size, ours_s=wall, note=note)
