"""The job: from a study folder to a result, one straight corridor to be read from top to bottom.

study.toml → inputs → demand → reach → service (coverage, crowding) → reasons → gaps → parcels → siting → Result
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis import demand as raking
from sanchoi.gis import norms, outcome, parcels, reach, reasons, site_plan, streets, supply
from sanchoi.gis.demand import Demand
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.model import Model, Reaches
from sanchoi.gis.norms import Limits
from sanchoi.gis.notes import Notes
from sanchoi.gis.plan_rules import Rules
from sanchoi.gis.reasons import Ways
from sanchoi.gis.record import record
from sanchoi.gis.results import Result
from sanchoi.gis.rulebook import Rulebook
from sanchoi.gis.service import serve, terms_of
from sanchoi.gis.sources import load
from sanchoi.gis.streets import Streets
from sanchoi.gis.study import Study
from sanchoi.gis.supply import Sites

STAGES = ("read", "demand", "reach", "service", "reasons", "gaps", "parcels", "siting")

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

    def share(self, name: str, done: float) -> None:
        """Tell that a share of a stage is done."""
        self._progress(name, min(max(done, 0.0), 1.0))


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
        ways_on_foot = streets.build(inputs.lines, inputs.barriers, inputs.gates, study.detour, notes, inputs.crossings)
        reaches = _reaches(ways_on_foot, demand, sites, limits.max_walk_m)
    with clock.stage("service"):
        terms = terms_of(study, sites.area_m2[sites.supply], sites.size_m2[sites.supply], limits)
        services = Ways(*(serve(way, demand.children, terms) for way in reaches.ways))
    with clock.stage("reasons"):
        people = np.nan_to_num(demand.children)
        parts = reasons.parts(services, people, demand.commune, len(inputs.communes))
    with clock.stage("gaps"):
        outcome.note_squares(inputs, demand, sites, reaches.ways.now, notes)
        known = outcome.state(study, inputs, demand, sites, reaches.ways.now, limits)
        found = outcome.assemble(
            study, inputs, demand, sites, known, reaches.ways.now, services.now, parts, limits, terms
        )
    told: dict[str, object] = {"seeds": {"scoring": 0, "siting": 0} if inputs.parcels is not None else {}}
    judged: parcels.Judged | None = None
    if inputs.parcels is not None:
        with clock.stage("parcels"):
            judged = parcels.judge(study, inputs, demand, services.now, limits, terms, ways_on_foot, notes, told)
            found |= judged.tables
    if inputs.parcels is not None and study["siting"]:
        with clock.stage("siting"):
            so_far = record(study, inputs, limits, notes, clock.seconds, found)
            rules = Rules.of(study["siting"])
            planned, proof = site_plan.make(found, so_far, rules, notes, lambda _, done: clock.share("siting", done))
            told["siting"] = proof
            found |= planned
        proof["seconds"] = clock.seconds["siting"]
    run = record(study, inputs, limits, notes, clock.seconds, found) | told
    model = Model.of(study, inputs, limits, demand, sites, known, reaches, services)
    book = None
    if judged is not None and judged.prepared is not None:
        book = Rulebook.of(inputs, judged.prepared, found["parcels"]["score"].to_numpy(dtype=float))
    return Result(found, run, replace(model, gaps=found["gaps"], run_id=str(run["run_id"]), book=book))


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


def _reaches(streets: Streets, demand: Demand, sites: Sites, limit: float) -> Reaches:
    """Distances now, with barriers opened, straight on each side of the barriers, and straight over everything."""
    straight = reach.straight(demand.x, demand.y, sites.geometry, limit)
    now = streets.walk(demand.x, demand.y, sites.geometry, limit)
    free = streets.walk_free(demand.x, demand.y, sites.geometry, limit)
    if free is None or streets.barriers is None:
        return Reaches(Ways(now, now, straight, straight), None, None, None, streets.gates)
    aside = reach.on_one_side(straight, demand.x, demand.y, sites.geometry, streets.barriers)
    ways = Ways(now, reach.shorter(now, free), reach.shorter(now, aside), straight)
    return Reaches(ways, free, aside, streets.barriers, streets.gates)
