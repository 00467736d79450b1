"""Places: the inventory of play areas as plain columns, and what changes make of it.

`apply` makes changes in the layers of a study, so that a full run can be compared with what `what_if` works out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from sanchoi.gis.change_words import refusal
from sanchoi.gis.changes import KIND, Change
from sanchoi.gis.inputs import PLAY_AREA_COLUMNS, Inputs
from sanchoi.gis.supply import counted

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Places:
    """An inventory, one entry a play area, sorted by id.

    Attributes
    ----------
    ids : texts. geometry : in the study's CRS. recorded_m2, usable_m2 : NaN = not recorded. counts : it is supply.
    """

    ids: npt.NDArray[np.object_]
    geometry: Geometries
    recorded_m2: Floats
    usable_m2: Floats
    counts: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, table: gpd.GeoDataFrame) -> Places:
        """Of an inventory as it was read."""
        return cls(
            table["play_area_id"].to_numpy(dtype=object),
            table.geometry.to_numpy(),
            table["area_m2"].to_numpy(dtype=float),
            table["usable_m2"].to_numpy(dtype=float),
            counted(table),
        )

    def changed(self, changes: Sequence[Change]) -> tuple[Places, Ints]:
        """The inventory with changes made, and the place in it of each play area of this one. One that is closed stays in it.

        Raises
        ------
        ContractError : more ground than the outline of the play area holds.
        """
        added = sorted((change for change in changes if change.action == "add"), key=lambda change: change.play_area_id)
        at = np.searchsorted(self.ids, np.array([change.play_area_id for change in added], dtype=object))
        shapes = np.empty(len(added), dtype=object)
        shapes[:] = [change.geometry for change in added]
        point = shapely.get_dimensions(shapes) < 2 if len(added) else np.empty(0, dtype=bool)
        area = np.array([change.area_m2 for change in added])
        out = Places(
            np.insert(self.ids, at, [change.play_area_id for change in added]),
            np.insert(self.geometry, at, shapes),
            np.insert(self.recorded_m2, at, np.where(point, area, np.nan)),
            np.insert(self.usable_m2, at, np.where(point, np.nan, area)),
            np.insert(self.counts, at, True),
        )
        for change in changes:
            out._alter(change)
        old = np.arange(len(self.ids))
        return out, old + np.searchsorted(at, old, side="right")

    def _alter(self, change: Change) -> None:
        """Make one change to a play area that is here, in place: the columns are copies of this inventory's own."""
        if change.action not in ("close", "enlarge"):
            return
        row = int(np.searchsorted(self.ids, change.play_area_id))
        if change.action == "close":
            self.counts[row] = False
            return
        if change.geometry is not None:
            self.geometry[row] = change.geometry
            self.usable_m2[row] = math.nan
            self.recorded_m2[row] = math.nan
        if math.isnan(change.area_m2):
            return
        if shapely.get_dimensions(self.geometry[row]) < 2:
            self.recorded_m2[row] = change.area_m2
            return
        most = float(self.geometry[row].area)
        if change.area_m2 > most * (1 + 1e-9):
            raise refusal("outline", name=change.play_area_id, came=f"{change.area_m2:,.0f}", most=f"{most:,.0f}")
        self.usable_m2[row] = change.area_m2


def inventory(
    table: gpd.GeoDataFrame | None, changes: Sequence[Change], crs: str | pyproj.CRS
) -> gpd.GeoDataFrame | None:
    """The table of an inventory with changes made, sorted by id; None stays None where nothing is added."""
    if table is None:
        if not any(change.action == "add" for change in changes):
            return None
        empty = {
            column: np.empty(0, dtype=float if column.endswith(("_m2", "_m")) else object)
            for column in PLAY_AREA_COLUMNS
        }
        table = gpd.GeoDataFrame(empty, geometry=np.empty(0, dtype=object), crs=crs)
    if not any(change.play_area_id for change in changes):
        return table
    before = Places.of(table.assign(kind_counts=table["kind_counts"].astype(bool)))
    after, at = before.changed(changes)
    old = np.full(len(after.ids), -1)
    old[at] = np.arange(len(at))
    names = {change.play_area_id: change.name for change in changes if change.action == "add"}

    def column(name: str, new: object) -> npt.NDArray[np.object_]:
        found = np.full(len(old), new, dtype=object)
        found[at] = table[name].to_numpy(dtype=object)
        return found

    name = column("name", None)
    name[old < 0] = [names[key] for key in after.ids[old < 0]]
    access = column("access", "public")
    access[at[before.counts & ~after.counts[at]]] = "closed"
    return gpd.GeoDataFrame(
        {
            "play_area_id": after.ids,
            "name": pd.array(name, dtype="str"),
            "kind": column("kind", KIND),
            "access": access,
            "ages": pd.array(column("ages", None), dtype="str"),
            "area_m2": after.recorded_m2,
            "usable_m2": after.usable_m2,
            "kind_counts": column("kind_counts", True).astype(bool),
            "within_m": column("within_m", np.nan).astype(float) if "within_m" in table else np.nan,
        },
        geometry=after.geometry,
        crs=crs,
    )


def gates(before: Geometries | None, changes: Iterable[Change]) -> Geometries | None:
    """Points where play areas are entered, with those of the changes."""
    more = [change.access_points for change in changes if len(change.access_points)]
    if not more:
        return before
    return np.concatenate([np.empty(0, dtype=object) if before is None else before, *more])


def crossings(changes: Iterable[Change]) -> Geometries:
    """Lines of the crossings that are built, in order."""
    out = [change.geometry for change in changes if change.action == "crossing"]
    lines = np.empty(len(out), dtype=object)
    lines[:] = out
    return lines


def apply(inputs: Inputs, changes: Sequence[Change]) -> Inputs:
    """The layers of a study with the changes made.

    Raises
    ------
    ContractError : a crossing in a study without a network; more ground than an outline holds.
    """
    crs = inputs.communes.crs
    doors = gates(None if inputs.gates is None else inputs.gates.geometry.to_numpy(), changes)
    built = crossings(changes)
    if inputs.crossings is not None and len(built):
        built = np.concatenate([inputs.crossings.geometry.to_numpy(), built])
    if len(built) and inputs.lines is None:
        raise refusal("network")
    return replace(
        inputs,
        play_areas=inventory(inputs.play_areas, changes, crs),
        gates=None if doors is None else gpd.GeoDataFrame(geometry=doors, crs=crs),
        crossings=gpd.GeoDataFrame(geometry=built, crs=crs) if len(built) else inputs.crossings,
    )
