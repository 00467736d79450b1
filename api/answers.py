"""Answers: what the service says to "what if?", as one JSON document, from what the analysis found."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.gis import what_if
from sanchoi.gis.cells import to_crs
from sanchoi.gis.model import Model
from sanchoi.gis.tables import STORAGE_CRS
from sanchoi.gis.what_if import Answer
from sanchoi.maps import what_if_words

Document = dict[str, Any]
SHOWN = (
    "status",
    "children",
    "children_uncovered",
    "covered_share",
    "access_m2_per_child",
    "play_area_m2",
    "shortfall_m2",
    "flags",
    "reason_vi",
    "reason_en",
)
KEYS = ("commune_id", "vintage", "name", "band")
DIGITS = 7
"""Decimals of a degree: a centimetre."""


def ask(entry: Entry, model: Model, changes: Sequence[Mapping[str, Any]]) -> Document:
    """What changes to a result do.

    Parameters
    ----------
    changes : as in `gis.changes`; an "add" may name a `parcel_id` of the result instead of a geometry.

    Raises
    ------
    Problem : a parcel that is not there, or has no usable ground. ContractError, UnknownId : see `what_if.ask`.
    """
    start = time.perf_counter()
    answer = what_if.ask(model, [resolved(entry, change, n) for n, change in enumerate(changes, 1)])
    return document(entry, model, answer, changes, time.perf_counter() - start)


def document(
    entry: Entry, model: Model, answer: Answer, changes: Sequence[Mapping[str, Any]], seconds: float
) -> Document:
    """An answer as JSON values; null = unknown."""
    return {
        "result": entry.id,
        "run_id": answer.run_id,
        "changes": list(changes),
        "sentence_vi": what_if_words.sentence(answer, "vi"),
        "sentence_en": what_if_words.sentence(answer, "en"),
        "newly_covered": answer.newly_covered,
        "no_longer_covered": answer.no_longer_covered,
        "undecided": answer.undecided,
        "in_reach": answer.in_reach,
        "unsurveyed": answer.unsurveyed,
        "uncounted": [dict(zip(("commune_id", "name", "band"), row, strict=True)) for row in answer.uncounted],
        "changed_class": [
            dict(zip(("commune_id", "name", "from", "to"), row, strict=True)) for row in answer.changed_class
        ],
        "communes": _communes(answer),
        "places": _places(model, answer),
        "cells": _cells(model, answer.cells),
        "seconds": round(seconds, 4),
    }


def resolved(entry: Entry, change: Mapping[str, Any], n: int) -> Mapping[str, Any]:
    """A change in which a parcel is replaced by its usable ground.

    Raises
    ------
    Problem : "unknown_id" where there is no such parcel; "conflict" where nothing of it is left.
    """
    if not isinstance(change, Mapping) or change.get("action") != "add" or change.get("parcel_id") is None:
        return change
    parcel = change["parcel_id"]
    if change.get("geometry") is not None:
        raise Problem(
            "bad_body",
            {"came": f"{n}: parcel_id + geometry"},
            {"expected": ("một trong hai", "one of the two")},
        )
    found = entry.table("usable") if entry.has("usable") else pd.DataFrame({"parcel_id": []})
    mine = found[found["parcel_id"] == parcel] if isinstance(parcel, str) else found[:0]
    if not len(mine):
        known = (
            isinstance(parcel, str) and entry.has("parcels") and (entry.table("parcels")["parcel_id"] == parcel).any()
        )
        words = (
            (f"Thửa {parcel} không còn phần đất nào dùng được.", f"Nothing of parcel {parcel} can be used.")
            if known
            else (f"thửa {str(parcel)[:60]}", f"parcel {str(parcel)[:60]}")
        )
        raise Problem("conflict" if known else "unknown_id", pairs={"message": words})
    shape = mine.geometry.iloc[0].__geo_interface__
    rest = {key: value for key, value in change.items() if key != "parcel_id"}
    return {**rest, "geometry": shape, "name": rest.get("name") or parcel}


def _communes(answer: Answer) -> list[Document]:
    """Rows that change, before and after."""
    before, after = (_records(frame) for frame in (answer.before, answer.after))
    out = []
    for was, now in zip(before, after, strict=True):
        sides = [{key: row[key] for key in SHOWN} for row in (was, now)]
        if sides[0] != sides[1]:
            out.append({**{key: was[key] for key in KEYS}, "before": sides[0], "after": sides[1]})
    return out


def _records(frame: pd.DataFrame) -> list[Document]:
    found: list[Document] = json.loads(frame[[*KEYS, *SHOWN]].to_json(orient="records", double_precision=15))
    return found


def _places(model: Model, answer: Answer) -> list[Document]:
    """Where the circle of each play area that is added or enlarged would be drawn, and how far a child may walk to it."""
    limit = model.limits.max_walk_m
    out = []
    shapes: dict[str, Any] = {}  # of those that an earlier change drew
    for change in answer.changes:
        if change.action not in ("add", "enlarge"):
            continue
        shape = change.geometry or shapes.get(change.play_area_id)
        if shape is None:
            shape = model.places.geometry[int(np.searchsorted(model.places.ids, change.play_area_id))]
        shapes[change.play_area_id] = shape
        lon, lat = to_crs(np.array([shape.centroid.x]), np.array([shape.centroid.y]), model.study.crs, STORAGE_CRS)
        out.append(
            {
                "play_area_id": change.play_area_id,
                "lon": round(float(lon[0]), DIGITS),
                "lat": round(float(lat[0]), DIGITS),
                "limit_m": limit or None,
            }
        )
    return out


def _cells(model: Model, cells: pd.DataFrame) -> Document:
    """Cells column by column: a tenth of the bytes of one object each."""
    lon, lat = to_crs(cells["x"].to_numpy(), cells["y"].to_numpy(), model.study.crs, STORAGE_CRS)
    out: Document = {
        "cell_m": model.study.cell_m,
        "cell_id": cells["cell_id"].tolist(),
        "commune_id": cells["commune_id"].tolist(),
    }
    out |= {"lon": np.round(lon, DIGITS).tolist(), "lat": np.round(lat, DIGITS).tolist()}
    for name, decimals in (("children", 6), ("before_m", 3), ("after_m", 3), ("new_m", 3), ("straight_m", 3)):
        out[name] = [None if math.isnan(v) else round(v, decimals) for v in cells[name].tolist()]
    for name in ("covered_before", "covered_after"):
        out[name] = [None if v is pd.NA else bool(v) for v in cells[name]]
    return out
