"""Rewalked: the walks that changes touch, walked anew along the same network; all others stay as they are.

New labels of the nearest play area spread from new doors and from the border of what closed ones leave, not from everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis import crossings, reach
from sanchoi.gis.access_points import GATE_M, OUTLINE_M, Doors
from sanchoi.gis.altered import Altered
from sanchoi.gis.attach import Attachment, crosses
from sanchoi.gis.catchments import NOWHERE, Homes, ends, inside, nearest_places, pairs
from sanchoi.gis.change_words import refusal
from sanchoi.gis.lists import spans
from sanchoi.gis.model import Model, Path
from sanchoi.gis.network import MM, Network
from sanchoi.gis.reasons import Ways
from sanchoi.gis.window import FIRST_M, Around, boxes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]
Triples = tuple[Ints, Ints, Floats]
"""Cell, play area of the supply after, metres: sorted by cell, then play area."""
LOW = np.int64(0xFFFFFFFF)
TOUCH_M = 0.01
NEAR_M = 2 * OUTLINE_M
_NONE, _STALE = np.int64(-1), np.int64(-2)
"""Labels of a place that nothing reaches, and of one whose play area is no more or has other doors."""


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


@dataclass(frozen=True)
class _Now:
    """One network after the changes: homes, doors of the whole supply, and what of them is new.

    `edges`: of the network, split or new. `redone`: (supply after) whose doors were looked for anew. `reached`: whose walks may
    pass a new way.
    """

    homes: Homes
    doors: Doors
    edges: Ints
    redone: Bools
    reached: Bools
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
    gated = _gated(model, altered)
    now = _network(model, altered, model.now, lines, gated)
    free = None if model.free is None else _network(model, altered, model.free, lines, gated)
    fresh = now.redone | now.reached
    if free is not None:
        fresh |= free.redone | free.reached
    which = np.flatnonzero(fresh)
    inner = _inner(model, altered)
    mine = np.isin(inner[1], which)
    near = inner[0][mine], inner[1][mine]
    walked = _pairs(now, which, near)
    opened = walked
    if free is not None:
        opened = reach.shortest(*_joined(walked, _pairs(free, which, near)))
    straight, dry = _beside(model, altered, which)
    if model.barriers is not None:
        one = tuple(column[dry] for column in straight)
        straight_or_dry: Triples = reach.shortest(*_joined(walked, one))
    else:
        straight_or_dry = straight
    key = _labels(model.now, now, altered)
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
    near_m, near = model.nearest_m.copy(), _renumbered(model.nearest_site, altered.after)
    gone = (near < 0) | np.isin(near, which)
    lost = np.flatnonzero(gone)
    if len(lost):
        found = reach.straight(model.x[lost], model.y[lost], shapes, 0.0, detour)
        near_m[lost], near[lost] = found.nearest_m, found.nearest_site
    for site in which.tolist():
        box = _to_box(model.x, model.y, shapely.bounds(shapes[site]))
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
        near |= _to_box(model.x, model.y, bounds) * detour <= limit + TOUCH_M
    at = np.flatnonzero(near)
    found = reach.straight(model.x[at], model.y[at], shapes, limit, detour)
    return at[found.cell], which[found.site], found.walk_m


def _beside(model: Model, altered: Altered, which: Ints) -> tuple[Triples, Bools]:
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
        dry[: len(new[0])] = ~crosses(ways, model.now.around.walls) if model.now is not None else True
    order = np.lexsort((site, cell))
    return (cell[order], site[order], walk_m[order]), dry[order]


# --- along a network


def _gated(model: Model, altered: Altered) -> Bools:
    """Play areas to which a new gate belongs."""
    out = np.zeros(len(altered.before), dtype=bool)
    old = 0 if model.gates is None else len(model.gates)
    new = np.empty(0, dtype=object) if altered.gates is None else altered.gates[old:]
    if len(new):
        shapes = altered.shapes
        out[shapely.STRtree(shapes).query(new, predicate="dwithin", distance=GATE_M + TOUCH_M)[1]] = True
    return out


def _network(model: Model, altered: Altered, path: Path, lines: Geometries, gated: Bools) -> _Now:
    """A network with crossings built, the cells and doors that join it elsewhere, and whom that may concern."""
    base, around = path.steps.homes, path.around
    redone, reached = altered.moved | gated, np.zeros(len(altered.before), dtype=bool)
    homes, edges, shifted = base, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    kept = _kept_doors(path.steps.doors, altered)
    if len(lines):
        network = crossings.build(base.network, lines, lambda net, x, y: _around(path, net).attach(x, y))
        around = _around(path, network)
        edges = _new_edges(base.network, network)
        homes, shifted = _moved_cells(model, base, around, edges)
        redone |= _near_edges(altered, kept, network, edges)
        reached = _passing(model, altered, kept, base, homes, edges, shifted)
    which = np.flatnonzero(redone)
    new = around.doors(altered.shapes[which], altered.gates)
    keep = ~redone[kept.site]
    site = np.concatenate([kept.site[keep], which[new.site]])
    order = np.argsort(site, kind="stable")
    columns = [
        np.concatenate([getattr(kept, name)[keep], getattr(new, name)])[order]
        for name in ("edge", "along_mm", "offset_mm")
    ]
    return _Now(homes, Doors(site[order], *columns), edges, redone, reached, shifted)


def _around(path: Path, network: Network) -> Around:
    """Where to look places up in a network that has grown out of the path's."""
    if network is path.around.network:
        return path.around
    return Around(network, path.around.squares, path.around.barriers, len(path.around.network.u))


def _kept_doors(doors: Doors, altered: Altered) -> Doors:
    """Doors of the play areas that stay, by their new numbers."""
    site = altered.after[doors.site]
    keep = site >= 0
    return Doors(site[keep], doors.edge[keep], doors.along_mm[keep], doors.offset_mm[keep])


def _new_edges(old: Network, new: Network) -> Ints:
    """Edges that were split or are new."""
    n = len(old.u)
    split = np.flatnonzero((new.v[:n] != old.v) | (new.u[:n] != old.u))
    return np.concatenate([split, np.arange(n, len(new.u))])


def _moved_cells(model: Model, base: Homes, around: Around, edges: Ints) -> tuple[Homes, Ints]:
    """Homes after, and the cells that join the network elsewhere."""
    cells = base.cells
    offset = np.where(cells.edge < 0, FIRST_M, cells.offset_mm / MM) + TOUCH_M
    near = np.zeros(len(offset), dtype=bool)
    for box in boxes(around.network, edges).T:
        near |= _to_box(model.x, model.y, box) <= offset
    at = np.flatnonzero(near | np.isin(cells.edge, edges))
    found = around.attach(model.x[at], model.y[at])
    columns = [getattr(cells, name).copy() for name in ("edge", "along_mm", "offset_mm")]
    new = [found.edge, found.along_mm, found.offset_mm]
    differs = np.zeros(len(at), dtype=bool)
    for column, values in zip(columns, new, strict=True):
        differs |= column[at] != values
        column[at] = values
    return base.moved(around.network, Attachment(*columns), at), at[differs]


def _near_edges(altered: Altered, doors: Doors, network: Network, edges: Ints) -> Bools:
    """Play areas that may be entered from a new way: near it, or entered from a way that was split."""
    n = len(altered.before)
    farthest = np.zeros(n)
    np.maximum.at(farthest, doors.site, doors.offset_mm / MM)
    none = np.ones(n, dtype=bool)
    none[doors.site] = False
    farthest[none] = FIRST_M
    u, v = network.u[edges], network.v[edges]
    ends = np.stack([np.column_stack([network.x[k], network.y[k]]) for k in (u, v)], axis=1)
    away = shapely.distance(altered.shapes, shapely.multilinestrings(shapely.linestrings(ends)))
    out = away <= np.maximum(farthest + GATE_M + TOUCH_M, NEAR_M)
    out[doors.site[np.isin(doors.edge, edges)]] = True
    return np.asarray(out)


def _passing(
    model: Model, altered: Altered, doors: Doors, base: Homes, homes: Homes, edges: Ints, shifted: Ints
) -> Bools:
    """Play areas from which a walk within the limit may pass a new place, or reach a cell that has moved."""
    out = np.zeros(len(altered.before), dtype=bool)
    network = homes.network
    new = np.unique(np.concatenate([network.u[edges], network.v[edges]]))
    nothing = np.zeros(len(new), dtype=np.int64)
    key = nearest_places(network, network.graph.rank[new].astype(np.int64), nothing, nothing, homes.limit, workers=1)
    place, start = ends(base.network, doors.edge, doors.along_mm, doors.offset_mm)
    ways = np.where(key[place] == NOWHERE, NOWHERE, (key[place] >> 32) + start)
    near = np.minimum(*np.split(ways, 2)) <= homes.limit
    out[doors.site[near | np.isin(doors.edge, edges)]] = True
    walks = model.walks.now
    sites = altered.after[walks.site[walks.of_cells(shifted)]]
    out[sites[sites >= 0]] = True
    return out


def _inner(model: Model, altered: Altered) -> tuple[Ints, Ints]:
    """Cells that lie in play areas, after."""
    old = model.now.steps.inner if model.now is not None else (np.empty(0, dtype=np.int64),) * 2
    cell, site = old[0], altered.after[old[1]] if len(altered.after) else old[1]
    keep = (site >= 0) & ~altered.moved[np.maximum(site, 0)]
    parts = [(cell[keep], site[keep])]
    shapes = altered.shapes
    for new in np.flatnonzero(altered.moved):
        at = np.flatnonzero(_to_box(model.x, model.y, shapely.bounds(shapes[new])) <= 0)
        found, _ = inside(model.x[at], model.y[at], shapes[new : new + 1])
        parts.append((at[found], np.full(len(found), new)))
    one, two = (np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True))
    return one, two


def _pairs(now: _Now, which: Ints, inner: tuple[Ints, Ints]) -> Triples:
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


def _labels(path: Path, now: _Now, altered: Altered) -> Ints:
    """Labels of the nearest play area of every place, after the changes."""
    network, graph = now.homes.network, now.homes.network.graph
    old, n = path.steps.key, len(altered.after)
    number = np.full(n + 1, _NONE)  # of each play area before, and of no label
    stay = altered.after >= 0
    stay[stay] = ~now.redone[altered.after[stay]]
    number[:n] = np.where(stay, altered.after, _STALE)
    new = number[np.minimum(old & LOW, n)]
    key = np.full(len(graph.order), NOWHERE)
    np.copyto(key[: len(old)], (old & ~LOW) | new, where=new >= 0)
    lost = np.zeros(len(key), dtype=bool)
    lost[: len(old)] = new == _STALE
    at = np.flatnonzero(lost)
    beside = spans(graph.indptr, at)
    from_, step = graph.indices[beside], graph.weights[beside].astype(np.int64)
    to = np.repeat(at, graph.indptr[at + 1] - graph.indptr[at])
    place, start = ends(network, now.doors.edge, now.doors.along_mm, now.doors.offset_mm)
    owner = np.tile(now.doors.site, 2)
    first = now.redone[owner] | lost[place]
    u, v, mm = (graph.rank[network.u[now.edges]], graph.rank[network.v[now.edges]], network.length_mm[now.edges])
    seeds = [_seed(key, from_, to, step), _seed(key, u, v, mm), _seed(key, v, u, mm)]
    seeds.append((place[first], start[first], owner[first]))
    joined = [np.concatenate(column).astype(np.int64) for column in zip(*seeds, strict=True)]
    return nearest_places(network, *joined, key=key, workers=1)


def _seed(key: Ints, from_: Ints, to: Ints, step: Ints) -> tuple[Ints, Ints, Ints]:
    """Labels that pass from labelled places to their neighbours."""
    known = key[from_] != NOWHERE
    label = key[from_[known]]
    return to[known], (label >> 32) + step[known], label & LOW


# --- small things


def _renumbered(site: Ints, after: Ints) -> Ints:
    if not len(after):
        return np.full(len(site), -1, dtype=np.int64)
    return np.where(site >= 0, after[np.maximum(site, 0)], -1)


def _joined(one: Triples, two: tuple[npt.NDArray[np.generic], ...]) -> Triples:
    cell, site, walk_m = (np.concatenate(column) for column in zip(one, two, strict=True))
    return cell, site, walk_m


def _to_box(x: Floats, y: Floats, box: npt.ArrayLike) -> Floats:
    """Metres from points to a box."""
    low_x, low_y, high_x, high_y = np.asarray(box, dtype=float)
    return np.hypot(
        np.maximum(np.maximum(low_x - x, x - high_x), 0.0), np.maximum(np.maximum(low_y - y, y - high_y), 0.0)
    )
