"""Check: what each layer of a study is, what is wrong with it and what to do, all at once and before anything is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sanchoi.gis import demand as raking
from sanchoi.gis import job, streets, supply
from sanchoi.gis.errors import SanchoiError
from sanchoi.gis.inputs import Inputs
from sanchoi.gis.network import components, from_lines
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import load, rows
from sanchoi.gis.study import Study


@dataclass(frozen=True)
class Report:
    """What a check found.

    Attributes
    ----------
    files : one record per layer that could be read: layer, path, rows, crs, bytes, sha256.
    facts : plain statements about the layers. notes : warnings a run would record. faults : errors that would stop it.
    """

    name: str
    files: list[Mapping[str, object]]
    facts: list[str]
    notes: Notes
    faults: list[SanchoiError] = field(default_factory=list)


def check(folder: Path) -> Report:
    """Read every layer of a study and collect the faults of all of them; nothing is written.

    Children are placed on cells when all layers can be read, so that what is wrong with the weights is seen too.
    """
    notes, faults, facts = Notes(), list[SanchoiError](), list[str]()

    def attempt(step: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the step gives
        try:
            return step()
        except SanchoiError as error:
            faults.append(error)
            return None

    study = attempt(lambda: load.study(folder))
    if study is None:
        return Report(folder.name, [], facts, notes, faults)
    attempt(lambda: job.limits_of(study, rows.packaged("norms.csv"), notes))
    reader = load.Reader(study, folder, notes)
    communes = attempt(reader.communes)
    if communes is None:
        return Report(study.name, reader.files, facts, notes, faults)
    reader.frame(communes)
    parts = {name: attempt(step) for name, step in reader.steps(communes).items()}
    if not faults:
        inputs = attempt(lambda: reader.gather(communes, parts))
        if inputs is not None:
            facts += _facts(study, inputs)
            attempt(
                lambda: raking.rake(inputs.communes, inputs.zones, inputs.counts, inputs.layers, study.cell_m, notes)
            )
            if inputs.crossings is not None:  # whether each end has a way is seen when they are built
                ways = (inputs.lines, inputs.barriers, inputs.gates, study.detour, Notes(), inputs.crossings)
                attempt(lambda: streets.build(*ways))
    return Report(study.name, reader.files, facts, notes, faults)


def _facts(study: Study, inputs: Inputs) -> list[str]:
    inside = ~inputs.communes["halo"].to_numpy(dtype=bool)
    communes = inputs.communes[inside]
    told = [
        f"{len(communes)} communes of {study.vintage}, {communes.area.sum() / 1e6:,.1f} km²; "
        f"{int(communes['surveyed'].sum())} of them surveyed"
    ]
    counts = inputs.counts[: int(inside.sum())] if inputs.zones is None else inputs.counts
    for band, column in zip(study.bands, counts.T, strict=True):
        missing = int(np.isnan(column).sum())
        told.append(
            f"children aged {band.name}: {np.nansum(column):,.0f}"
            + (f"; unknown in {missing} zones" if missing else "")
        )
    if inputs.play_areas is not None:
        sites = supply.sites(inputs.play_areas, study.crs)
        blank = int(np.isnan(sites.area_m2[sites.supply]).sum())
        unsaid = int((sites.table["access"].iloc[sites.supply] == "unknown").sum())
        told.append(
            f"{len(sites.table)} play areas in the inventory, {len(sites.supply)} of them count"
            + (f"; {blank} of unknown size" if blank else "")
            + (f"; access not stated for {unsaid}, taken as open and free" if unsaid else "")
        )
    if inputs.lines is None:
        told.append(f"no network: walking is taken as {study.detour:g} × the straight line")
    else:
        network = from_lines(inputs.lines)
        of_edge = np.bincount(components(network)[network.u], network.length_mm) / 1e6
        told.append(
            f"{of_edge.sum():,.1f} km of ways on foot in {int((of_edge > 0).sum())} separate parts; "
            f"the largest holds {100 * of_edge.max() / of_edge.sum():.1f} %"
        )
    return told
