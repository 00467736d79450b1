"""The record of a comparison, its sums, and the cells whose children gained or lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis import compare_cells as on_cells
from sanchoi.gis import compare_inputs as went_in
from sanchoi.gis import compare_places as where
from sanchoi.gis import compare_words as words
from sanchoi.gis.compare_causes import CAUSES
from sanchoi.gis.compare_cells import Aligned, Side
from sanchoi.gis.compare_inputs import Taken
from sanchoi.gis.compare_parts import PARTS, Lack
from sanchoi.gis.compare_told import CLASSES, ONE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Parted = Mapping[str, Mapping[str, Floats]]


def record(
    first: Taken,
    second: Taken,
    aligned: Aligned,
    found: Mapping[str, Mapping[str, Floats]],
    places: pd.DataFrame,
    cause: npt.NDArray[np.object_],
    bands: list[str],
    data: pd.DataFrame,
    on_foot: npt.NDArray[np.int8],
) -> dict[str, Any]:
    """What compare.json says, all ages."""
    one, two = aligned.first.uncovered, aligned.second.uncovered
    ground = found["uncovered"]["ground"].sum(axis=1)
    kinds = {kind: int((places["change"] == kind).sum()) for kind in where.KINDS}
    pieces = places["changes"].str.split(";") if len(places) else pd.Series([], dtype=object)
    told = sum(bool(set(each) & set(where.GROUND)) for each in pieces)
    walks = _walks(aligned, on_foot)
    sums = {m: {p: total(v) for p, v in each.items()} for m, each in found.items()}
    still = all(abs(s[p]) < ONE for s in sums.values() for p in ("ground", "undivided"))
    still &= total(np.abs(ground)) < ONE
    lack = found.get("lacking")
    if lack is not None:
        still &= total(np.abs(lack["ground"].sum(axis=1))) < ONE
    known = one.known & two.known & (one.inside & two.inside)[:, None]
    other = np.where(one.blank | two.blank, 0.0, two.people - one.people)
    record: dict[str, Any] = {
        "first": _about(first, one),
        "second": _about(second, two),
        "crs": str(second.run["study"]["crs"]),
        "bands": bands,
        "cell_m": aligned.cell_m,
        "same_run": first.run["run_id"] == second.run["run_id"] and not len(places) and not _differ(one, two),
        "same_children_data": went_in.same_children(first.run, second.run, went_in.same_outlines(first, second)),
        "same_norm": went_in.same_ground(first.run, second.run) and _same_target(first.run, second.run),
        "same_rules": went_in.same_rules(first.run, second.run) and _same_target(first.run, second.run),
        "same_method": went_in.same_method(first.run, second.run),
        "inputs_changed": sorted(set(data[(data["what"] == "input") & (data["change"] != "same")]["key"])),
        "parts": sums,
        "gained": total(np.maximum(-ground, 0.0)),
        "lost": total(np.maximum(ground, 0.0)),
        "causes": {name: total(ground[cause == name]) for name in CAUSES[:2]},
        "play_areas": kinds,
        "play_areas_changed": told,
        "walks": walks,
        "comparable": {
            "children_then": total(one.people[known]),
            "children_now": total(two.people[known]),
            "cells": int(known.all(axis=1).sum()),
        },
        "moved_children": min(total(np.maximum(other, 0.0)), total(np.maximum(-other, 0.0))),
        "outside": {
            "children_then": total(one.people[one.inside & ~two.inside]),
            "children_now": total(two.people[two.inside & ~one.inside]),
        },
        "shared": {
            "children_then": total(one.people[one.inside & two.inside]),
            "children_now": total(two.people[one.inside & two.inside]),
        },
        "nothing_on_the_ground": bool(told == 0 and still and walks["cells"] == 0) if known.any() else None,
    }
    record["notes"] = words.notes(record, first.run, second.run)
    return record


def _differ(one: Lack, two: Lack) -> bool:
    """Whether any cell has other numbers."""
    return any(not np.array_equal(getattr(one, key), getattr(two, key)) for key in ("people", "bad", "unsure", "blank"))


def _same_target(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    return bool(first["settings"].get("target_share") == second["settings"].get("target_share"))


def _about(taken: Taken, lack: Lack) -> dict[str, Any]:
    study, communes = taken.run["study"], taken.tables["communes"]
    looked = communes["surveyed"].to_numpy(dtype=bool)
    return {
        "run_id": taken.run["run_id"],
        "name": study["name"],
        "date": str(study["date"]),
        "vintage": study.get("vintage") or str(communes["vintage"].iloc[0]),
        "synthetic": bool(study.get("synthetic")),
        "estimate": bool(study.get("estimate")),
        "communes": len(communes),
        "surveyed": int(looked.sum()),
        "children": total(lack.people),
        "children_unknown_communes": int(taken.tables["gaps"].query("band == 'all'")["children"].isna().sum()),
        "uncovered": total(lack.bad),
        "unsure": total(lack.unsure),
        "play_areas": int(taken.tables["play_areas"]["counts"].sum()),
    }


def _walks(aligned: Aligned, walked: npt.NDArray[np.int8]) -> dict[str, Any]:
    people = aligned.second.uncovered.people.sum(axis=1)
    return {
        "cells": int((walked != 0).sum()),
        "children_longer": total(people[walked > 0]),
        "children_shorter": total(people[walked < 0]),
    }


def parts_table(aligned: Aligned, found: Mapping[str, Mapping[str, Floats]], bands: list[str]) -> pd.DataFrame:
    """Measure, band, part, children; the parts of a measure and band sum to what both results differ by."""
    rows = []
    for measure, each in found.items():
        sides = [_lack(side, measure) for side in (aligned.first, aligned.second)]
        for b, band in enumerate([*bands, *(["all"] if bands != ["all"] else [])]):
            pick: Any = slice(None) if band == "all" else slice(b, b + 1)
            values = {"first": total(sides[0].bad[:, pick]), "second": total(sides[1].bad[:, pick])}
            values |= {part: total(each[part][:, pick]) for part in PARTS}
            rows += [{"measure": measure, "band": band, "part": k, "children": v} for k, v in values.items()]
    return pd.DataFrame(rows)


def _lack(side: Side, measure: str) -> Lack:
    found = side.uncovered if measure == "uncovered" else side.lacking
    return side.uncovered if found is None else found


def changed_cells(
    aligned: Aligned,
    found: Mapping[str, Mapping[str, Floats]],
    cause: npt.NDArray[np.object_],
    classes: npt.NDArray[np.uint8],
    crs: str,
) -> gpd.GeoDataFrame:
    """Cells whose children gained or lost coverage or ground."""
    at = np.flatnonzero(classes < 2)
    lon, lat = on_cells.centres(aligned, at, crs)
    columns: dict[str, Any] = {"cell_id": on_cells.ids(aligned, at), "change": [CLASSES[k] for k in classes[at]]}
    columns |= {
        "children_then": aligned.first.uncovered.people[at].sum(axis=1),
        "children_now": aligned.second.uncovered.people[at].sum(axis=1),
        "uncovered_ground": found["uncovered"]["ground"][at].sum(axis=1),
        "cause": cause[at],
        "walk_then_m": aligned.first.walk_m[at],
        "walk_now_m": aligned.second.walk_m[at],
        "place_then": aligned.first.site[at],
        "place_now": aligned.second.site[at],
    }
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326")


def total(values: Floats) -> float:
    """Sum of an array; numpy adds it up in pairs, so that a million cells lose no more than the last digits."""
    return float(np.ascontiguousarray(values).sum())
