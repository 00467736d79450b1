"""Here: the part of a study around one piece of land, put together from its model, to judge the land by.

All that could change the judgement is in it: features as far as any rule reaches, the nearest way, the cells within the longest
walk and the play areas that those can walk to. What is left out is left out because it is too far to count.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis import grounds, merits, terrain
from sanchoi.gis.appraise import Scene, Walked
from sanchoi.gis.catchments import inside, pairs
from sanchoi.gis.criteria.land import FAR_M
from sanchoi.gis.crowding import Shared
from sanchoi.gis.effect import Today
from sanchoi.gis.model import Model
from sanchoi.gis.network import MM
from sanchoi.gis.packed import Bounds
from sanchoi.gis.reach import Reach, straight, with_inside
from sanchoi.gis.rulebook import Rulebook
from sanchoi.gis.service import Service, serve
from sanchoi.gis.window import to_box

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]
TOUCH_M = 0.01


def scene(model: Model, book: Rulebook, bounds: Bounds) -> Scene:
    """What land within a box is judged by."""
    study, rules = model.study, model.rules
    lines = None if book.lines is None else book.lines.shapes(book.lines.nearest(bounds))
    steep = None if book.heights is None else merits.Slope(terrain.slope_as_needed(book.heights), study.crs)
    communes = model.communes
    return Scene(
        study,
        model.limits,
        model.terms,
        rules,
        grounds.grounds(rules, book.prepared(rules, bounds)),
        book.codes,
        book.kinds,
        book.layers(bounds, FAR_M),
        lines,
        steep,
        bool(communes.loc[~communes["halo"], "surveyed"].any()),
        lambda shapes: walk(model, shapes),
    )


def walk(model: Model, shapes: Geometries) -> Walked:
    """Walks from the cells of a study to pieces of land, and what those cells have today."""
    cell, site, walk_m = reach(model, shapes)
    cells, local = np.unique(cell, return_inverse=True)
    commune = model.commune[cells]
    nothing = np.empty(0)
    way = Reach(local.astype(np.int64), site, walk_m, nothing, nothing.astype(np.int64), nothing)
    terms = model.terms
    children = np.asarray(model.children[cells])
    today = Today(
        children,
        model.inside[commune],
        commune,
        model.communes["surveyed"].to_numpy(dtype=bool)[commune],
        _service(model, cells, children),
        terms.asked_m2,
        np.ones(children.shape[1]) if terms.band_weights is None else terms.band_weights,
        terms.kind,
    )
    return Walked(way, np.asarray(model.x[cells]), np.asarray(model.y[cells]), today)


def reach(model: Model, shapes: Geometries) -> tuple[Ints, Ints, Floats]:
    """Walks from the cells of a study to pieces of land, within the longest limit: cell, piece, metres."""
    return _circles(model, shapes) if model.now is None else _along(model, shapes)


def _circles(model: Model, shapes: Geometries) -> tuple[Ints, Ints, Floats]:
    """Straight walks within the limit, without a network."""
    limit, detour = model.limits.max_walk_m, model.study.detour
    at = _within(model, shapes, limit / detour)
    found = straight(model.x[at], model.y[at], shapes, limit, detour)
    return at[found.cell], found.site, found.walk_m


def _along(model: Model, shapes: Geometries) -> tuple[Ints, Ints, Floats]:
    """Walks within the limit, along the network as it is."""
    path = model.now
    if path is None or not len(shapes):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    entered = path.around.doors(shapes, model.gates)
    at = _within(model, shapes, 0.0)
    cell, site = inside(model.x[at], model.y[at], shapes)
    cell, site, mm = with_inside(*pairs(path.steps.homes, entered, len(shapes), 1), at[cell], site)
    return cell, site, mm / MM


def _within(model: Model, shapes: Geometries, far_m: float) -> Ints:
    """Cells at most so far from the box of any shape, in order."""
    near = np.zeros(len(model.x), dtype=bool)
    for bounds in shapely.bounds(shapes) if len(shapes) else ():
        near |= to_box(model.x, model.y, bounds) <= far_m + TOUCH_M
    return np.flatnonzero(near)


def _service(model: Model, cells: Ints, children: Floats) -> Service:
    """The service of some cells today."""
    walks, terms = model.walks.now, model.terms
    at = walks.of_cells(cells)
    used, local = np.unique(walks.site[at], return_inverse=True)
    mine = replace(
        terms,
        area_m2=terms.area_m2[used],
        limit_m=terms.limit_m[:, used],
        possible_m=terms.possible_m[:, used],
    )
    nothing = np.empty(0)
    cell = np.searchsorted(cells, walks.cell[at])
    way = Reach(cell, local, walks.walk_m[at], nothing, nothing.astype(np.int64), nothing)
    return serve(way, children, mine, Shared(walks.shared.demand[used], walks.shared.blank[used]))
