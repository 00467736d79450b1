"""Altered: the supply with changes made, and whose ground they change; the rest is taken over as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sanchoi.gis import places, supply
from sanchoi.gis.changes import Change
from sanchoi.gis.gaps import Ground
from sanchoi.gis.model import Model
from sanchoi.gis.places import Places

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]
CLOSED = -2


@dataclass(frozen=True)
class Altered:
    """The supply after changes.

    Attributes
    ----------
    ids, shapes, area_m2, size_m2 : of each play area of the supply: id, geometry, own ground, whole size. gates : or None.
    before : (supply after) number in the supply before, −1 = new. after : (supply before) number in the supply after, −1 = closed.
    moved : (supply after) it is new or has a new outline. named : it is added or enlarged.
    ground : as before, with what the changes do to the communes. communes : those of which the ground was measured anew.
    """

    ids: npt.NDArray[np.object_]
    shapes: Geometries
    area_m2: Floats
    size_m2: Floats
    gates: Geometries | None
    before: Ints
    after: Ints
    moved: Bools
    named: Bools
    ground: Ground
    communes: Ints

    def renumbered(self, site: Ints) -> Ints:
        """Play areas of the supply before by the numbers after; −1 stays, `CLOSED` = it is no more."""
        if not len(self.after):
            return np.full(len(site), -1, dtype=np.int64)
        new = self.after[np.maximum(site, 0)]
        return np.where(site < 0, -1, np.where(new < 0, CLOSED, new))


def alter(model: Model, made: Sequence[Change]) -> Altered:
    """The supply after changes; every figure of it equals that of an inventory measured from scratch."""
    gates = places.gates(model.gates, made)
    was, old = model.places, model.sites
    if not any(change.play_area_id for change in made):
        same, none = np.arange(len(old.supply), dtype=np.int64), np.zeros(len(old.supply), dtype=bool)
        own = old.area_m2[old.supply], old.size_m2[old.supply]
        nothing = np.empty(0, dtype=np.int64)
        return Altered(was.ids[old.supply], old.geometry, *own, gates, same, same, none, none, model.ground, nothing)
    now, at = was.changed(made)
    moved, named = (_rows(now, made, outline) for outline in (True, False))
    touched = np.unique(
        np.searchsorted(was.ids, np.array([c.play_area_id for c in made if c.play_area_id], dtype=object))
    )
    touched = touched[touched < len(was.ids)]
    touched = touched[np.isin(at[touched], _rows(now, made, None))]
    where = np.concatenate([was.geometry[touched], now.geometry[named]])
    near = _near(model, at, where, named)  # shares ground with what changes
    area, size = np.full(len(now.ids), np.nan), np.full(len(now.ids), np.nan)
    area[at], size[at] = old.area_m2, old.size_m2
    if len(named):
        around = _near(model, at, now.geometry[near], near)
        shapes = now.geometry[around]
        whole = supply.size_m2(shapes, now.recorded_m2[around], now.usable_m2[around])
        mine = np.isin(around, near)
        area[near], size[near] = supply.own_m2(shapes, whole)[mine], whole[mine]
    counted = np.flatnonzero(now.counts)
    number = np.full(len(was.ids) + 1, -1, dtype=np.int64)  # the last: of a row that is new
    number[old.supply] = np.arange(len(old.supply))
    row_before = np.full(len(now.ids), -1, dtype=np.int64)
    row_before[at] = np.arange(len(at))
    before = number[row_before[counted]]
    after = np.full(len(old.supply), -1, dtype=np.int64)
    after[before[before >= 0]] = np.flatnonzero(before >= 0)
    communes = np.unique(model.trees[1].query(np.concatenate([where, now.geometry[near]]), predicate="intersects")[1])
    return Altered(
        now.ids[counted],
        now.geometry[counted],
        area[counted],
        size[counted],
        gates,
        before,
        after,
        (before < 0) | np.isin(counted, moved),
        np.isin(counted, named),
        _ground(model, now, at, area, named, communes),
        communes,
    )


def _rows(now: Places, made: Sequence[Change], outline: bool | None) -> Ints:
    """Rows of the play areas that are added or enlarged; True: those with a new outline; None: all that changes name."""
    ids = {
        change.play_area_id
        for change in made
        if change.play_area_id
        and (
            outline is None
            or change.action == "add"
            or (change.action == "enlarge" and not (outline and change.geometry is None))
        )
    }
    return np.unique(np.searchsorted(now.ids, np.array(sorted(ids), dtype=object)))


def _near(model: Model, at: Ints, shapes: Geometries, also: Ints) -> Ints:
    """Rows after of the play areas that meet any of the shapes, and some more, sorted."""
    hit = model.trees[0].query(shapes, predicate="intersects")[1] if len(shapes) else np.empty(0, dtype=np.int64)
    return np.unique(np.concatenate([at[hit], also]))


def _ground(model: Model, now: Places, at: Ints, area: Floats, named: Ints, communes: Ints) -> Ground:
    """Ground of some communes measured anew: from all open supply that lies in them, and what shares ground with it."""
    part = _near(model, at, model.outlines[communes], named)
    part = _near(model, at, now.geometry[part], part)
    part = part[now.counts[part]]
    known, unknown, home = supply.in_communes(now.geometry[part], area[part], model.outlines)
    has = supply.lies_in(known, home)
    ground = model.ground
    known_m2, size_unknown, has_supply = ground.known_m2.copy(), ground.size_unknown.copy(), ground.has_supply.copy()
    known_m2[communes], size_unknown[communes], has_supply[communes] = known[communes], unknown[communes], has[communes]
    return replace(ground, known_m2=known_m2, size_unknown=size_unknown, has_supply=has_supply)
