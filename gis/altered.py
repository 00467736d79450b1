"""Altered: the inventory with changes made, and whose ground they change; the rest is taken over as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import changes as changing
from sanchoi.gis import supply
from sanchoi.gis.changes import Change
from sanchoi.gis.gaps import Ground
from sanchoi.gis.model import Model
from sanchoi.gis.supply import Sites

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Altered:
    """The inventory after changes.

    Attributes
    ----------
    sites : the inventory. gates : or None. before : (supply after) number in the supply before, −1 = new. after : (supply
        before) number in the supply after, −1 = closed. moved : (supply after) it is new or has a new outline.
    ground : as before, with what the changes do to the communes. communes : those of which the ground was measured anew.
    """

    sites: Sites
    gates: Geometries | None
    before: Ints
    after: Ints
    moved: Bools
    ground: Ground
    communes: Ints

    @property
    def closed(self) -> Ints:
        """Play areas of the supply before that are no more."""
        return np.flatnonzero(self.after < 0)


def alter(model: Model, made: Sequence[Change]) -> Altered:
    """The inventory after changes; every figure of it equals that of an inventory measured from scratch."""
    old = model.sites
    table = changing.inventory(old.table, made, model.study.crs)
    gates = changing.gates(model.gates, made)
    if table is old.table or table is None:
        same = np.arange(len(old.supply), dtype=np.int64)
        return Altered(
            old, gates, same, same, np.zeros(len(same), dtype=bool), model.ground, np.empty(0, dtype=np.int64)
        )
    ids = pd.Index(table["play_area_id"])
    at = ids.get_indexer(model.place)  # row after of each row before
    fresh = {c.play_area_id for c in made if c.action == "add" or (c.action == "enlarge" and c.geometry is not None)}
    named = ids.get_indexer(
        pd.Index(sorted({c.play_area_id for c in made if c.action in ("add", "enlarge")}), dtype=object)
    )
    touched = {c.play_area_id for c in made if c.play_area_id}
    here = model.place.get_indexer(pd.Index(sorted(touched), dtype=object))
    where = np.concatenate([old.table.geometry.to_numpy()[here[here >= 0]], table.geometry.to_numpy()[named]])
    row_before = np.full(len(table), -1, dtype=np.int64)
    row_before[at] = np.arange(len(at))
    area, size = np.full(len(table), np.nan), np.full(len(table), np.nan)
    area[at], size[at] = old.area_m2, old.size_m2
    near = _near(model, at, where, named)  # shares ground with what changes
    if len(named):
        around = _near(model, at, table.geometry.to_numpy()[near], near)
        part = table.iloc[around]
        mine = np.isin(around, near)
        area[near], size[near] = supply.ground(part)[mine], supply.size(part)[mine]
    sites = Sites(table, area, size, np.flatnonzero(supply.counted(table)))
    number = np.full(len(old.table), -1, dtype=np.int64)
    number[old.supply] = np.arange(len(old.supply))
    was = row_before[sites.supply]
    before = np.where(was >= 0, number[was], -1)
    after = np.full(len(old.supply), -1, dtype=np.int64)
    after[before[before >= 0]] = np.flatnonzero(before >= 0)
    moved = (before < 0) | np.isin(ids[sites.supply].to_numpy(dtype=object), list(fresh))
    communes = np.unique(
        model.trees[1].query(np.concatenate([where, table.geometry.to_numpy()[near]]), predicate="intersects")[1]
    )
    return Altered(sites, gates, before, after, moved, _ground(model, sites, at, named, communes), communes)


def _near(model: Model, at: Ints, shapes: Geometries, also: Ints) -> Ints:
    """Rows after of the play areas that meet any of the shapes, and some more, sorted."""
    hit = model.trees[0].query(shapes, predicate="intersects")[1] if len(shapes) else np.empty(0, dtype=np.int64)
    return np.unique(np.concatenate([at[hit], also]))


def _ground(model: Model, sites: Sites, at: Ints, named: Ints, communes: Ints) -> Ground:
    """Ground of some communes measured anew: from all open supply that lies in them, and what shares ground with it."""
    outlines = model.communes.geometry.to_numpy()
    shapes = sites.table.geometry.to_numpy()
    part = _near(model, at, outlines[communes], named)
    part = _near(model, at, shapes[part], part)
    part = part[np.isin(part, sites.supply)]
    known, unknown, home = supply.in_communes(sites.table.iloc[part], sites.area_m2[part], model.communes)
    has = supply.lies_in(known, home)
    ground = model.ground
    new = {
        "known_m2": ground.known_m2.copy(),
        "size_unknown": ground.size_unknown.copy(),
        "has_supply": ground.has_supply.copy(),
    }
    for name, values in (("known_m2", known), ("size_unknown", unknown), ("has_supply", has)):
        new[name][communes] = values[communes]
    return replace(ground, **new)


def changed(before: Geometries, after: Geometries) -> Bools:
    """Which geometries differ."""
    return ~np.asarray(shapely.equals_exact(before, after))
