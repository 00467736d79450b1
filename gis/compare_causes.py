"""Causes: whether a play area, a walk or a place taken for a home lies behind what changed in a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import compare_cells as on_cells
from sanchoi.gis import compare_inputs as went_in
from sanchoi.gis import compare_places as where
from sanchoi.gis.compare_cells import Aligned, Side
from sanchoi.gis.compare_inputs import Taken
from sanchoi.gis.compare_parts import parts
from scipy.spatial import cKDTree

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]
WRITTEN = ("learned", "corrected", "renamed", "listed", "unlisted")
"""Changes of what is written of a place, not of the place."""
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


def touched(aligned: Aligned, places: pd.DataFrame, ground: Geometries, reach_m: float, walked: Bools) -> Bools:
    """(cells,) whether a place that changed lies within reach, or a walk that changed leads to a place within reach.

    Parameters
    ----------
    ground : of each place, on either side.
    """
    x, y = (aligned.col + 0.5) * aligned.cell_m, (aligned.row + 0.5) * aligned.cell_m
    slack = aligned.cell_m  # children need not stand at the centre
    built = ~places["change"].isin([*where.ALONE, *WRITTEN]).to_numpy(dtype=bool)
    out = near(aligned, ground[built], reach_m)
    if walked.any():
        changed = cKDTree(np.column_stack([x[walked], y[walked]]))
        found, _ = changed.query(np.column_stack([x, y]), distance_upper_bound=2 * (reach_m + slack))
        out |= np.isfinite(found)
    return out


def near(aligned: Aligned, ground: Geometries, reach_m: float) -> Bools:
    """(cells,) whether one of these places may be within reach."""
    out = np.zeros(len(aligned.row), dtype=bool)
    if len(ground):
        x, y = (aligned.col + 0.5) * aligned.cell_m, (aligned.row + 0.5) * aligned.cell_m
        tree = shapely.STRtree(shapely.points(x, y))
        out[np.unique(tree.query(ground, predicate="dwithin", distance=reach_m + aligned.cell_m)[1])] = True
    return out


def _is_site(side: Side, ids: pd.Series) -> npt.NDArray[np.bool_]:
    """(cells,) whether the nearest play area is one of these."""
    return np.isin(side.site.astype(str), ids.dropna().astype(str).to_numpy(dtype=str))


def with_assumed(
    aligned: Aligned, places: pd.DataFrame, ground: Geometries, same: Mapping[str, bool], reach_m: float
) -> Aligned:
    """The same cells, told where what differs rests on a place of which one side could not know: nobody had looked there, it lies
    beyond that side's area, or who may enter was taken for granted. Nobody built or closed it: it is known on one side only.
    """
    settled = (places["change"] == "learned") & (places["first_counts"] == places["second_counts"])
    counts = (places["first_counts"] == True) | (places["second_counts"] == True)  # noqa: E712 - None is no
    unseen = (places["not_known_in"].notna() & counts & ~settled).to_numpy(dtype=bool)
    if not unseen.any():
        return aligned
    sides = [aligned.first, aligned.second]
    change = parts(sides[0].uncovered, sides[1].uncovered, same["uncovered"])["ground"].sum(axis=1)
    lacking = [side.lacking for side in sides]
    room = np.zeros(len(change), dtype=bool)
    if lacking[0] is not None and lacking[1] is not None:
        room |= (np.abs(parts(lacking[0], lacking[1], same["lacking"])["ground"]) > 1e-9).any(axis=1)
    for k, key in enumerate(("first", "second")):
        blind = unseen & places["not_known_in"].isin([key, "both"]).to_numpy(dtype=bool)
        side = sides[k]
        mine = (change > 1e-9) & _is_site(aligned.first, places["first_id"][blind])
        mine |= (change < -1e-9) & _is_site(aligned.second, places["second_id"][blind])
        close = near(aligned, ground[blind], reach_m)
        low = None if side.lacking is None else replace(side.lacking, assumed=mine | (close & room))
        sides[k] = replace(side, uncovered=replace(side.uncovered, assumed=mine), lacking=low)
    return replace(aligned, first=sides[0], second=sides[1])
