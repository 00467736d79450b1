"""The job: from a study folder to a result, one straight corridor to be read from top to bottom.

study.toml → inputs → demand → reach → service (coverage, crowding) → reasons → gaps → Result
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis import demand as raking
from sanchoi.gis import fragments, norms, outcome, reach, reasons, supply
from sanchoi.gis.barriers import cut, opened
from sanchoi.gis.demand import Demand
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.network import Network, from_lines
from sanchoi.gis.norms import Limits
from sanchoi.gis.notes import Notes
from sanchoi.gis.reach import Reach
from sanchoi.gis.reasons import Ways
from sanchoi.gis.record import record
from sanchoi.gis.results import Result
from sanchoi.gis.service import Terms, serve
from sanchoi.gis.sources import load
from sanchoi.gis.study import Study
from sanchoi.gis.supply import Sites

STAGES = ("read", "demand", "reach", "service", "reasons", "gaps")

Floats = npt.NDArray[np.float64]
Progress = Callable[[str, float], None]


class Clock:
    """Times the stages and tells the caller where the job stands."""

    def __init__(self, progress: Progress | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress or (lambda stage, share: None)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage; the progress callback gets (stage, 0.0) before and (stage, 1.0) after it."""
        self._progress(name, 0.0)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 4)
        self._progress(name, 1.0)


def run(folder: Path, progress: Progress | None = None) -> Result:
    """Read a study folder and measure it.

    Parameters
    ----------
    folder : holds study.toml; paths in it are relative to the folder.
    progress : called with a stage of `STAGES` and the share of it that is done.

    Raises
    ------
    SanchoiError : the study, a layer or a norm cannot be used; see `errors`.
    """
    clock, notes = Clock(progress), Notes()
    with clock.stage("read"):
        study = load.study(folder)
        inputs = load.inputs(study, folder, notes)
    return measure(study, inputs, notes, clock)


def measure(study: Study, inputs: Inputs, notes: Notes | None = None, clock: Clock | None = None) -> Result:
    """Measure a study whose layers are in memory: no file is read here."""
    notes, clock = Notes() if notes is None else notes, clock or Clock()
    limits = limits_of(study, inputs.norms, notes)
    with clock.stage("demand"):
        demand = raking.rake(inputs.communes, inputs.zones, inputs.counts, inputs.layers, study.cell_m, notes)
    with clock.stage("reach"):
        sites = supply.sites(inputs.play_areas, study.crs)
        ways = _reaches(study, inputs, demand, sites, limits, notes)
    with clock.stage("service"):
        terms = _terms(study, sites, limits)
        services = Ways(*(serve(way, demand.children, terms) for way in ways))
    with clock.stage("reasons"):
        people = np.nan_to_num(demand.children)
        parts = reasons.parts(services, people, demand.commune, len(inputs.communes))
    with clock.stage("gaps"):
        found = outcome.assemble(study, inputs, demand, sites, ways.now, services.now, parts, limits, terms)
    return Result(found, record(study, inputs, limits, notes, clock.seconds, found))


def limits_of(study: Study, rows: pd.DataFrame, notes: Notes) -> Limits:
    """Limits of the study's norm; what is to be known of it is noted."""
    own = study["norms"]
    limits = norms.select(
        norms.load(rows),
        own["profile"],
        study.bands,
        study.date,
        walk_m=own["walk_m"],
        m2_per_child=own["m2_per_child"],
        target_share=own["target_share"] or 0.8,
    )
    for code, text in limits.remarks:
        notes.add(code, text, layer="norms")
    return limits


def _reaches(study: Study, inputs: Inputs, demand: Demand, sites: Sites, limits: Limits, notes: Notes) -> Ways[Reach]:
    """Distances now, with barriers opened, straight on each side of the barriers, and straight over everything."""
    limit = limits.max_walk_m
    straight = reach.straight(demand.x, demand.y, sites.geometry, limit)
    if inputs.lines is None:
        now = reach.straight(demand.x, demand.y, sites.geometry, limit, study.detour)
        return Ways(now, now, straight, straight)
    barriers = None if inputs.barriers is None or not len(inputs.barriers) else inputs.barriers.geometry.to_numpy()
    network = fragments.without(from_lines(inputs.lines), notes, barriers)
    gates = None if inputs.gates is None else inputs.gates.geometry.to_numpy()

    def walk(ways: Network, barriers: npt.NDArray[np.object_] | None) -> Reach:
        return reach.walking(ways, demand.x, demand.y, sites.geometry, limit, barriers=barriers, gates=gates)

    if barriers is None:
        now = walk(network, None)
        return Ways(now, now, straight, straight)
    both = cut(network, barriers)
    now = walk(both.severed, barriers)
    dry = reach.shorter(now, reach.on_one_side(straight, demand.x, demand.y, sites.geometry, barriers))
    # a cell may join another street once the barrier is gone, but never for a longer walk than now
    free = reach.shorter(now, walk(opened(both, barriers), None))
    return Ways(now, free, dry, straight)


def _terms(study: Study, sites: Sites, limits: Limits) -> Terms:
    names = [band.name for band in study.bands]
    area = sites.area_m2[sites.supply]
    low, high = supply.reach_limits(limits, names, sites.size_m2[sites.supply])
    asked = [limits.m2_per_child(name) for name in names]
    weights = study["norms"]["band_weights"]
    return Terms(
        area,
        low,
        high,
        np.array([np.nan if a is None else a for a in asked]),
        study["norms"]["decay"] or "gaussian",
        None if weights is None else np.array([float(weights.get(name, 1.0)) for name in names]),
    )
