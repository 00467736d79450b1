"""Causes: whether a play area, a walk or a place taken for a home lies behind what changed in a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import compare_cells as on_cells
from sanchoi.gis import compare_inputs as went_in
from sanchoi.gis.compare_cells import Aligned
from sanchoi.gis.compare_inputs import Taken
from sanchoi.gis.compare_parts import parts
from scipy.spatial import cKDTree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
CAUSES = ("play_areas", "walks", "places")
"""Why a cell is covered or not any more: a play area, a walk, or its children are taken to stand elsewhere in it."""


def causes(aligned: Aligned, ground: Floats, steady: Mapping[str, str]) -> npt.NDArray[np.object_]:
    """(cells,) one of `CAUSES` where the ground part is not nothing, else "".

    Who lost looks at the place that was the nearest, who gained at the one that is: one that the other side does not have, or
    that changed there, is the cause; else the walk to it is, unless the children of the cell are taken to stand elsewhere in
    it.
    """
    out = np.full(len(ground), "", dtype=object)
    total = ground.sum(axis=1)
    kept = set(steady), set(steady.values())
    elsewhere = on_cells.moved(aligned.first, aligned.second)
    for cell in np.flatnonzero(np.abs(total) > 1e-9).tolist():
        side = 0 if total[cell] > 0 else 1
        site = str((aligned.first, aligned.second)[side].site[cell])
        out[cell] = "play_areas" if site not in kept[side] else "places" if elsewhere[cell] else "walks"
    return out


def walked(aligned: Aligned, first: Taken, second: Taken, steady: Mapping[str, str]) -> npt.NDArray[np.int8]:
    """(cells,) 1 = a longer, −1 = a shorter walk to the same unchanged place from the same spot: ways or barriers changed."""
    one, two = aligned.first, aligned.second
    if not went_in.same_method(first.run, second.run):
        return np.zeros(len(one.there), dtype=np.int8)
    same = (pd.Series(one.site).map(steady).to_numpy() == two.site) & ~on_cells.moved(one, two)
    with np.errstate(invalid="ignore"):
        change = np.where(same, two.walk_m - one.walk_m, 0.0)
        return (change > 1e-3).astype(np.int8) - (change < -1e-3).astype(np.int8)


def touched(aligned: Aligned, places: gpd.GeoDataFrame, reach_m: float, walked: npt.NDArray[np.bool_], crs: str) -> Any:  # noqa: ANN401
    """(cells,) whether a place that changed lies within reach, or a walk that changed leads to a place within reach."""
    x, y = (aligned.col + 0.5) * aligned.cell_m, (aligned.row + 0.5) * aligned.cell_m
    slack = aligned.cell_m  # children need not stand at the centre
    out = np.zeros(len(x), dtype=bool)
    kinds = places[~places["change"].isin(["learned", "renamed", "listed", "unlisted"])]
    out[near(aligned, kinds, reach_m, crs)] = True
    if walked.any():
        changed = cKDTree(np.column_stack([x[walked], y[walked]]))
        found, _ = changed.query(np.column_stack([x, y]), distance_upper_bound=2 * (reach_m + slack))
        out |= np.isfinite(found)
    return out


def near(aligned: Aligned, places: gpd.GeoDataFrame, reach_m: float, crs: str) -> Ints:
    """Cells from which one of these places may be within reach."""
    if not len(places):
        return np.empty(0, dtype=np.int64)
    x, y = (aligned.col + 0.5) * aligned.cell_m, (aligned.row + 0.5) * aligned.cell_m
    far = reach_m + aligned.cell_m + places["moved_m"].fillna(0.0).to_numpy(dtype=float)
    tree = shapely.STRtree(shapely.points(x, y))
    found = tree.query(places.to_crs(crs).geometry.to_numpy(), predicate="dwithin", distance=far)[1]
    return np.unique(found).astype(np.int64)


def with_assumed(
    aligned: Aligned, places: gpd.GeoDataFrame, same: Mapping[str, bool], reach_m: float, crs: str
) -> Aligned:
    """The same cells, told where a side took a place for open of which the other side knows that the public may not enter.

    Nobody opened or closed it: what differs there is known on one side only.
    """
    learned = places[(places["change"] == "learned") & (places["first_counts"] != places["second_counts"])]
    if not len(learned):
        return aligned
    sides = [aligned.first, aligned.second]
    ground = parts(sides[0].uncovered, sides[1].uncovered, same["uncovered"])["ground"].sum(axis=1)
    lacking = [side.lacking for side in sides]
    room = np.zeros(len(ground), dtype=bool)
    if lacking[0] is not None and lacking[1] is not None:
        room |= (np.abs(parts(lacking[0], lacking[1], same["lacking"])["ground"]) > 1e-9).any(axis=1)
    for k, (key, turn) in enumerate((("first", 1), ("second", -1))):
        blind = learned[learned[f"{key}_access"] == "unknown"]
        side = sides[k]
        mine = (turn * ground > 1e-9) & np.isin(side.site.astype(str), blind[f"{key}_id"].astype(str))
        close = np.zeros(len(ground), dtype=bool)
        close[near(aligned, blind, reach_m, crs)] = True
        low = None if side.lacking is None else replace(side.lacking, assumed=mine | (close & room))
        sides[k] = replace(side, uncovered=replace(side.uncovered, assumed=mine), lacking=low)
    return replace(aligned, first=sides[0], second=sides[1])
