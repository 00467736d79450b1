"""Rewalked: the walks that changes touch, walked anew along the same network; all others stay as they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis import reach
from sanchoi.gis.access_points import Doors
from sanchoi.gis.altered import Altered
from sanchoi.gis.attach import crosses
from sanchoi.gis.catchments import inside, pairs
from sanchoi.gis.change_words import refusal
from sanchoi.gis.model import Model, Path
from sanchoi.gis.network import MM
from sanchoi.gis.reasons import Ways
from sanchoi.gis.regrown import TOUCH_M, Regrown, gated, labels, regrow
from sanchoi.gis.window import to_box

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]
Triples = tuple[Ints, Ints, Floats]
"""Cell, play area of the supply after, metres: sorted by cell, then play area."""


@dataclass(frozen=True)
class Rewalked:
    """What is walked anew.

    Attributes
    ----------
    fresh : (supply after) its walks are those of `ways`, not those of the model. ways : under each set of distances.
    nearest_m, nearest_site, offset_m : (cells,) all cells, after the changes. shifted : cells that join the network elsewhere.
    """

    fresh: Bools
    ways: Ways[Triples]
    nearest_m: Floats
    nearest_site: Ints
    offset_m: Floats
    shifted: Ints


def walk(model: Model, altered: Altered, lines: Geometries) -> Rewalked:
    """Walk anew what changes touch.

    Parameters
    ----------
    altered : the inventory after. lines : crossings that are built.

    Raises
    ------
    ContractError : a crossing ends where there is no way, or the study has no network.
    """
    if model.now is None:
        if len(lines):
            raise refusal("network")
        return _straight(model, altered)
    entered = gated(model, altered)
    now = regrow(model, altered, model.now, lines, entered)
    free = None if model.free is None else regrow(model, altered, model.free, lines, entered)
    fresh = now.redone | now.reached
    if free is not None:
        fresh |= free.redone | free.reached
    which = np.flatnonzero(fresh)
    inner = _inner(model, altered, model.now)
    mine = np.isin(inner[1], which)
    near = inner[0][mine], inner[1][mine]
    walked = _pairs(now, which, near)
    opened = walked
    if free is not None:
        opened = reach.shortest(*_joined(walked, _pairs(free, which, near)))
    straight, dry = _beside(model, altered, which, model.now)
    if model.barriers is not None:
        one = tuple(column[dry] for column in straight)
        straight_or_dry: Triples = reach.shortest(*_joined(walked, one))
    else:
        straight_or_dry = straight
    key = labels(model.now, now, altered)
    nearest_m, nearest_site = reach.nearest(now.homes, now.doors, key, inner)
    return Rewalked(
        fresh,
        Ways(walked, opened, straight_or_dry, straight),
        nearest_m,
        nearest_site,
        reach.offsets(now.homes.cells),
        now.shifted,
    )


# --- without a network


def _straight(model: Model, altered: Altered) -> Rewalked:
    which = np.flatnonzero(altered.moved)
    detour = model.study.detour
    walked, straight = (_circles(model, altered, which, factor) for factor in (detour, 1.0))
    nearest_m, nearest_site = _nearest_straight(model, altered, which, detour)
    nothing = np.empty(0, dtype=np.int64)
    return Rewalked(
        altered.moved,
        Ways(walked, walked, straight, straight),
        nearest_m,
        nearest_site,
        np.zeros(len(model.x)),
        nothing,
    )


def _nearest_straight(model: Model, altered: Altered, which: Ints, detour: float) -> tuple[Floats, Ints]:
    """Nearest play area of each cell by straight line: those whose nearest is gone look anew, the others at what is new."""
    shapes = altered.shapes
    near_m, near = model.nearest_m.copy(), altered.renumbered(model.nearest_site)
    gone = (near < 0) | np.isin(near, which)
    lost = np.flatnonzero(gone)
    if len(lost):
        found = reach.straight(model.x[lost], model.y[lost], shapes, 0.0, detour)
        near_m[lost], near[lost] = found.nearest_m, found.nearest_site
    for site in which.tolist():
        box = to_box(model.x, model.y, shapely.bounds(shapes[site]))
        at = np.flatnonzero(~gone & (box * detour <= near_m + TOUCH_M))
        away = shapely.distance(shapely.points(model.x[at], model.y[at]), shapes[site]) * detour
        better = (away < near_m[at]) | ((away == near_m[at]) & (site < near[at]))
        near_m[at[better]], near[at[better]] = away[better], site
    return near_m, near


def _circles(model: Model, altered: Altered, which: Ints, detour: float) -> Triples:
    """Straight walks from cells to some play areas, within the limit."""
    limit = model.limits.max_walk_m
    shapes = altered.shapes[which]
    near = np.zeros(len(model.x), dtype=bool)
    for bounds in shapely.bounds(shapes) if len(shapes) else ():
        near |= to_box(model.x, model.y, bounds) * detour <= limit + TOUCH_M
    at = np.flatnonzero(near)
    found = reach.straight(model.x[at], model.y[at], shapes, limit, detour)
    return at[found.cell], which[found.site], found.walk_m


def _beside(model: Model, altered: Altered, which: Ints, path: Path) -> tuple[Triples, Bools]:
    """Straight walks to some play areas, and which of them cross no barrier."""
    moved = altered.moved[which]
    new = _circles(model, altered, which[moved], 1.0)
    kept = altered.before[which[~moved]]
    walks = model.walks.straight
    at = walks.of_sites(kept)
    old = walks.cell[at].astype(np.int64), altered.after[walks.site[at]], walks.walk_m[at]
    cell, site, walk_m = _joined(new, old)
    dry = np.ones(len(cell), dtype=bool)
    if model.barriers is not None and model.dry is not None:
        dry[len(new[0]) :] = model.dry[at]
        shapes = altered.shapes
        ways = shapely.shortest_line(shapely.points(model.x[new[0]], model.y[new[0]]), shapes[new[1]])
        dry[: len(new[0])] = ~crosses(ways, path.around.walls)
    order = np.lexsort((site, cell))
    return (cell[order], site[order], walk_m[order]), dry[order]


# --- along a network


def _inner(model: Model, altered: Altered, path: Path) -> tuple[Ints, Ints]:
    """Cells that lie in play areas, after."""
    old = path.steps.inner
    cell, site = old[0], altered.after[old[1]] if len(altered.after) else old[1]
    keep = site >= 0
    keep[keep] = ~altered.moved[site[keep]]  # where the last play area is closed there is none to look up
    parts = [(cell[keep], site[keep])]
    shapes = altered.shapes
    for new in np.flatnonzero(altered.moved):
        at = np.flatnonzero(to_box(model.x, model.y, shapely.bounds(shapes[new])) <= 0)
        found, _ = inside(model.x[at], model.y[at], shapes[new : new + 1])
        parts.append((at[found], np.full(len(found), new)))
    one, two = (np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True))
    return one, two


def _pairs(now: Regrown, which: Ints, inner: tuple[Ints, Ints]) -> Triples:
    """Walks to some play areas along one network."""
    place = np.full(max(int(now.doors.site.max(initial=-1)), int(which.max(initial=-1))) + 1, -1)
    place[which] = np.arange(len(which))
    mine = place[now.doors.site] >= 0
    doors = Doors(
        place[now.doors.site[mine]], now.doors.edge[mine], now.doors.along_mm[mine], now.doors.offset_mm[mine]
    )
    cell, site, mm = pairs(now.homes, doors, len(which))
    cell, site, mm = reach.with_inside(cell, which[site], mm, *inner)
    return cell, site, mm / MM


def _joined(one: Triples, two: tuple[npt.NDArray[np.generic], ...]) -> Triples:
    cell, site, walk_m = (np.concatenate(column) for column in zip(one, two, strict=True))
    return cell, site, walk_m
