"""Catchments to draw: for each play area the cells that walk to it within the limit and have none nearer.

Kept small: runs of cells along a row, in steps of the study grid from a corner near the play area. Drawn, never measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
from sanchoi.gis.results import Result

MAX_RUNS = 12_000
"""With more runs than this the page does without catchments."""


def reach(result: Result, limits: Mapping[str, float | None]) -> dict[str, Any]:
    """Catchments by position of the play area.

    Parameters
    ----------
    result : its tables `cells` and `play_areas` are read.
    limits : walking limit of each band, metres.

    Returns
    -------
    `rings`: the limits in rising order. `by`: position → `o` [lat, lon] of the origin, `e` and `n` the steps of one cell
    eastward and northward in degrees, `r` one flat list per ring of (row, column, length) triples.
    """
    rings = sorted({limit for limit in limits.values() if limit})
    cells, cell_m = result.tables.get("cells"), float(result.run["settings"]["cell_m"])
    if cells is None or not rings:
        return {"rings": rings, "by": {}}
    near = cells[cells["walk_m"].notna() & (cells["walk_m"] <= rings[-1] * (1 + 1e-9))]
    near = near[near["play_area_id"].notna()].drop_duplicates("cell_id")
    if not len(near):
        return {"rings": rings, "by": {}}
    place = near["cell_id"].str.extract(r"N(-?\d+)E(-?\d+)$").astype(np.int64).to_numpy()
    ring = np.searchsorted(np.array(rings) * (1 + 1e-9), near["walk_m"].to_numpy(dtype=float))
    order = {code: i for i, code in enumerate(result.tables["play_areas"]["play_area_id"])}
    site = near["play_area_id"].map(order).fillna(-1).to_numpy(dtype=np.int64)
    runs = _runs(np.column_stack([site, ring, place[:, 0], place[:, 1]]))
    if len(runs) > MAX_RUNS:
        return {"rings": rings, "by": {}}
    to_degrees = pyproj.Transformer.from_crs(result.run["study"]["crs"], "EPSG:4326", always_xy=True)
    by = {}
    for code in np.unique(runs[:, 0][runs[:, 0] >= 0]):
        mine = runs[runs[:, 0] == code]
        row, column = int(mine[:, 2].min()), int(mine[:, 3].min())
        x, y = np.array([0, 1, 0]) * cell_m + column * cell_m, np.array([0, 0, 1]) * cell_m + row * cell_m
        lon, lat = (np.asarray(values) for values in to_degrees.transform(x, y))
        by[str(code)] = {
            "o": _pair(lat[0], lon[0]),
            "e": _pair(lat[1] - lat[0], lon[1] - lon[0]),
            "n": _pair(lat[2] - lat[0], lon[2] - lon[0]),
            "r": [(mine[mine[:, 1] == k][:, 2:] - [row, column, 0]).ravel().tolist() for k in range(len(rings))],
        }
    return {"rings": rings, "by": by}


def _runs(cells: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Join (site, ring, row, column) into (site, ring, row, first column, length)."""
    cells = cells[np.lexsort(cells.T[::-1])]
    step = np.diff(cells, axis=0)
    starts = np.append(True, (step[:, :3] != 0).any(axis=1) | (step[:, 3] != 1))
    first = np.flatnonzero(starts)
    length = np.diff(np.append(first, len(cells)))
    return np.column_stack([cells[first], length])


def _pair(lat: float, lon: float) -> list[float]:
    return [round(float(lat), 8), round(float(lon), 8)]
