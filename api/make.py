"""Make: what the command line and the jobs do alike to make a result: plan anew, write the tables, draw the pages."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sanchoi.gis import job, results, site_plan
from sanchoi.gis.notes import Notes
from sanchoi.gis.results import Result
from sanchoi.maps import gap, sites


def plan(result: Result, own: Mapping[str, Any]) -> Result:
    """A result with its sites chosen anew; None = as the study set it. The seconds it took are on record.

    Raises
    ------
    Infeasible, UnknownId, StudyError : as `site_plan.again`.
    """
    start = time.perf_counter()
    made = site_plan.again(result.tables, result.run, own, Notes())
    made.run["siting"]["seconds"] = round(time.perf_counter() - start, 4)
    model = None if result.model is None else replace(result.model, run_id=str(made.run["run_id"]))
    return Result(made.tables, made.run, model)


def write(result: Result, folder: Path, tell: job.Progress) -> None:
    """Write the tables and every page that the result has."""
    for stage, step in (("write", results.write), ("map", draw)):
        tell(stage, 0.0)
        step(result, folder)
        tell(stage, 1.0)


def draw(result: Result, folder: Path) -> None:
    """Draw every page that the result has."""
    gap.write(result, folder)
    if "parcels" in result.tables:
        sites.write(result, folder)
