"""Work: what each process does, in its worker. Everything is made in a folder of the job's own and published when whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanchoi.api.jobs import registry
from sanchoi.api.settings import Settings
from sanchoi.gis.errors import StudyError, worded

if TYPE_CHECKING:  # long to load
    from sanchoi.api.library import Library

RESULTS = "results"
WORK = "work"
EXPORTS = "exports"
DIGITS = 12
"""Digits of the job's id that the name of what it makes ends with."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Task:
    """What a worker has to do: a job's inputs, where to put what it makes, and whom to tell how far it is."""

    settings: Settings
    job_id: str
    attempt: int
    inputs: dict[str, Any]
    tell: Progress

    @cached_property
    def library(self) -> Library:
        """The results that the service shows."""
        from sanchoi.api.library import Library

        return Library(self.settings)

    @property
    def folder(self) -> Path:
        """Folder for what is half made."""
        return self.settings.data / WORK / f"{self.job_id}.{self.attempt}"

    def named(self, name: str) -> str:
        """Name of what the job makes: the one given, and the job's own so that no two are the same."""
        from sanchoi.api.library import slug

        return f"{slug(name)}-{self.job_id[:DIGITS]}"


@dataclass(frozen=True)
class Made:
    """What a job made, not yet in its place: `kind` is the folder of the service that it belongs in."""

    path: Path
    kind: str
    name: str

    def publish(self, data: Path) -> dict[str, Any]:
        """Put it in its place, whole or not at all, and say what it is; what is there already is the same, made before."""
        place = data / self.kind / self.name
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            _settle(self.path)
            self.path.rename(place)
            _settle_one(place.parent)
        return {"result": self.name} if self.kind == RESULTS else {"file": self.name, "bytes": place.stat().st_size}


def run(task: Task) -> Made:
    """Measure a study.

    Raises
    ------
    SanchoiError : as `job.run`; StudyError also where the study is no more among those that may be run.
    """
    from sanchoi.api import make
    from sanchoi.gis import job

    name = task.inputs["study"]
    allowed = registry.studies(task.library, task.settings)
    if name not in allowed:
        raise worded(
            StudyError,
            ("nghiên cứu {name}", "một trong: {allowed}", "chọn nghiên cứu khác"),
            ("study {name}", "one of {allowed}", "choose another"),
            name=name,
            allowed=", ".join(allowed),
        )
    result = job.run(allowed[name], task.tell)
    made = task.folder / "result"
    make.write(result, made, task.tell)
    return Made(made, RESULTS, task.named(task.inputs.get("name", name)))


def plan(task: Task) -> Made:
    """Choose the sites of a result anew.

    Raises
    ------
    SanchoiError : as `site_plan.again`.
    """
    from sanchoi.api import make
    from sanchoi.gis import results

    own = {name: value for name, value in task.inputs.items() if name not in ("result", "name")}
    task.tell("read", 0.0)
    result = results.read(task.library.get(task.inputs["result"]).folder)
    task.tell("read", 1.0)
    task.tell("siting", 0.0)
    planned = make.plan(result, own)
    task.tell("siting", 1.0)
    made = task.folder / "result"
    make.write(planned, made, task.tell)
    return Made(made, RESULTS, task.named(task.inputs.get("name", task.inputs["result"] + "-plan")))


def proposals_plan(task: Task) -> Made:
    """Choose sites anew among the parcels of a result and proposals.

    Raises
    ------
    Problem, SanchoiError : as `proposals_work.plan`.
    """
    from sanchoi.api.jobs import proposals_work

    entry = task.library.get(task.inputs["result"])
    made = proposals_work.plan(task.settings, entry, task.inputs, task.folder / "result", task.tell)
    return Made(made, RESULTS, task.named(task.inputs.get("name", task.inputs["result"] + "-de-xuat")))


def export(task: Task) -> Made:
    """Write an export into one zip file.

    Raises
    ------
    Problem, SanchoiError : there is no such result, or as `export_work.pack`.
    """
    from sanchoi.api.jobs import export_work

    entry = task.library.get(task.inputs["result"])
    made = export_work.pack(entry, task.inputs, task.folder, task.tell)
    return Made(made, EXPORTS, task.named(entry.id) + ".zip")


Doing = Callable[[Task], Made]
WORKS: dict[str, Doing] = {"run": run, "plan": plan, "proposals-plan": proposals_plan, "export": export}


def sweep(data: Path, job_id: str, published: bool = False) -> None:
    """Take away what a job left half made; with `published`, also what it put in its place without being able to say so."""
    for path in (data / WORK).glob(f"{job_id}.*"):
        shutil.rmtree(path, ignore_errors=True)
    if published:
        for path in [
            *(data / RESULTS).glob(f"*-{job_id[:DIGITS]}"),
            *(data / EXPORTS).glob(f"*-{job_id[:DIGITS]}.zip"),
        ]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _settle(path: Path) -> None:
    """Let everything under a path reach the disk."""
    for each in sorted(path.rglob("*")) if path.is_dir() else []:
        _settle_one(each)
    _settle_one(path)


def _settle_one(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
