"""Compare: two results of one place, on cells, so that a merger of communes does not read as change.

    inputs → rows → the same cells → parts of the change → communes of the later through the earlier → words

Three things are told apart: what changed in the data (files, norms, settings, counts, where somebody looked), what changed on
the ground (play areas, walks), and what changed by boundaries alone. Unknown stays unknown: whoever is known now and was not
before is no improvement. Pure: takes tables and records, gives tables and a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import compare_causes as causing
from sanchoi.gis import compare_cells as on_cells
from sanchoi.gis import compare_communes as through
from sanchoi.gis import compare_inputs as went_in
from sanchoi.gis import compare_places as where
from sanchoi.gis import compare_record as recording
from sanchoi.gis import compare_told as telling
from sanchoi.gis import compare_words as words
from sanchoi.gis.compare_cells import Aligned
from sanchoi.gis.compare_inputs import Taken
from sanchoi.gis.compare_parts import parts
from sanchoi.gis.compare_words import refuse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
NEEDED = ("communes", "cells", "cell_bands", "gaps", "play_areas")


@dataclass(frozen=True)
class Comparison:
    """Tables of a comparison, geometry in EPSG:4326, its record, and for pictures the class of each cell and the communes of both.

    Tables: `communes` (later ones, all bands), `made_of`, `play_areas`, `parts`, `inputs`, `cells` (those whose children
    gained or lost).
    """

    tables: Mapping[str, pd.DataFrame]
    record: Mapping[str, Any]
    aligned: Aligned
    classes: npt.NDArray[np.uint8]
    outlines: tuple[pd.DataFrame, pd.DataFrame]


def compare(first: Taken, second: Taken) -> Comparison:
    """Compare an earlier result with a later one.

    Raises
    ------
    SourceError : a table is missing. ContractError : another CRS, cell sizes that do not nest, other ages. CRSError : places
    apart.
    """
    for which, taken in (("A", first), ("B", second)):
        _require(which, taken)
    crs = _same_crs(first.run, second.run)
    bands, one_band = _bands(first.run, second.run)
    rows = tuple(
        on_cells.rows(t.tables, list(t.run["settings"]["bands"]), went_in.asked_m2(t.run)) for t in (first, second)
    )
    on_cells.factors(rows[0].cell_m or rows[1].cell_m, rows[1].cell_m or rows[0].cell_m)
    shapes = tuple(through.outlines(t.tables["communes"], crs) for t in (first, second))
    if not shapely.intersects(shapely.box(*shapes[0].total_bounds), shapely.box(*shapes[1].total_bounds)):
        raise refuse("apart", one=_name(first), two=_name(second))
    cut = through.split(rows[0], shapes[0], shapes[1])
    if not len(cut.pieces):
        raise refuse("apart", one=_name(first), two=_name(second))
    same = {
        "uncovered": went_in.same_limits(first.run, second.run),
        "lacking": went_in.same_ground(first.run, second.run),
    }
    others = _other_limits(first.run, second.run, same["uncovered"])
    aligned = on_cells.align(rows[0], rows[1], (shapes[0], shapes[1]), others, one_band)
    places, steady, land = where.changes((first.tables, second.tables), (shapes[0], shapes[1]), crs)
    reach_m = max(float(t.run["settings"].get("max_walk_m") or 0.0) for t in (first, second))
    aligned = causing.with_assumed(aligned, places, land, same, reach_m)
    on_foot = causing.walked(aligned, first, second, steady)
    covers = aligned.first.uncovered, aligned.second.uncovered, same["uncovered"]
    cause = causing.causes(aligned, parts(*covers)["ground"], steady)
    found = {"uncovered": parts(*covers, cause != "places", "places")}
    if aligned.first.lacking is not None and aligned.second.lacking is not None:
        touched = causing.touched(aligned, places, land, reach_m, on_foot != 0)
        found["lacking"] = parts(aligned.first.lacking, aligned.second.lacking, same["lacking"], touched)
    share = telling.shares(aligned, rows[1], cut)
    communes = telling.communes(first, second, aligned, found, share, rows[0], cut, shapes[1])
    made = through.made_of(cut, rows[0], (first.tables, second.tables))
    data = pd.DataFrame(went_in.differences(first.run, second.run))
    classes = telling.classes(aligned, found)
    record = recording.record(first, second, aligned, found, places, cause, bands, data, on_foot)
    communes = telling.told(communes, made, first, second, places, record)
    record["communes"] = telling.counted(communes, made, first, second)
    record["headline"] = words.headline(record)
    tables = {
        "communes": communes,
        "made_of": made,
        "play_areas": places,
        "parts": recording.parts_table(aligned, found, bands),
        "inputs": data,
        "cells": recording.changed_cells(aligned, found, cause, classes, crs),
    }
    return Comparison(tables, record, aligned, classes, (first.tables["communes"], second.tables["communes"]))


def _require(which: str, taken: Taken) -> None:
    missing = [name for name in NEEDED if name not in taken.tables]
    if missing:
        raise refuse("table", which=which, came=missing[0])
    if any(key not in taken.run for key in ("run_id", "study", "settings", "norms")):
        raise refuse("record", which=which)


def _name(taken: Taken) -> str:
    return str(taken.run["study"]["name"])


def _same_crs(first: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    one, two = (str(run["study"]["crs"]) for run in (first, second))
    if one != two:
        raise refuse("crs", one=one, two=two)
    return one


def _bands(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[list[str], bool]:
    """Bands that can be compared, and whether that is only all of them together."""
    one, two = (list(run["settings"]["bands"]) for run in (first, second))
    if one == two:
        return one, False
    try:
        alike = went_in.ages(one) == went_in.ages(two)
    except ValueError:
        alike = False
    if not alike:
        raise refuse("bands", one=", ".join(one), two=", ".join(two))
    return ["all"], True


def _other_limits(
    first: Mapping[str, Any], second: Mapping[str, Any], same: bool
) -> tuple[list[float] | None, list[float] | None]:
    """For each side the limits of the other, where every walk can be judged by both."""
    if same or not went_in.same_method(first, second) or first["settings"]["bands"] != second["settings"]["bands"]:
        return None, None
    bands = list(first["settings"]["bands"])
    one, two = went_in.single(first, bands), went_in.single(second, bands)
    return (two, one) if one is not None and two is not None else (None, None)
