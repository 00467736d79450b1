"""Regrown: one network with crossings built, and what joins it elsewhere: cells, doors of play areas, labels of the nearest one.

New labels of the nearest play area spread from new doors and from the border of what closed ones leave, not from everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis import crossings
from sanchoi.gis.access_points import GATE_M, OUTLINE_M, Doors
from sanchoi.gis.altered import Altered
from sanchoi.gis.attach import Attachment
from sanchoi.gis.catchments import NOWHERE, Homes, ends, nearest_places
from sanchoi.gis.kernels import LOW
from sanchoi.gis.lists import spans
from sanchoi.gis.model import Model, Path
from sanchoi.gis.network import MM, Network
from sanchoi.gis.window import FIRST_M, Around, boxes, to_box

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.integer]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]
TOUCH_M = 0.01
NEAR_M = 2 * OUTLINE_M
_NONE, _STALE = np.int64(-1), np.int64(-2)
"""Labels of a place that nothing reaches, and of one whose play area is no more or has other doors."""


@dataclass(frozen=True)
class Regrown:
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


def gated(model: Model, altered: Altered) -> Bools:
    """Play areas to which a new gate belongs."""
    out = np.zeros(len(altered.before), dtype=bool)
    old = 0 if model.gates is None else len(model.gates)
    new = np.empty(0, dtype=object) if altered.gates is None else altered.gates[old:]
    if len(new):
        shapes = altered.shapes
        out[shapely.STRtree(shapes).query(new, predicate="dwithin", distance=GATE_M + TOUCH_M)[1]] = True
    return out


def regrow(model: Model, altered: Altered, path: Path, lines: Geometries, entered: Bools) -> Regrown:
    """A network with crossings built, the cells and doors that join it elsewhere, and whom that may concern."""
    base, around = path.steps.homes, path.around
    redone, reached = altered.moved | entered, np.zeros(len(altered.before), dtype=bool)
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
    return Regrown(homes, Doors(site[order], *columns), edges, redone, reached, shifted)


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
        near |= to_box(model.x, model.y, box) <= offset
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


def labels(path: Path, now: Regrown, altered: Altered) -> Ints:
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
    place, start, site = (np.concatenate(column).astype(np.int64) for column in zip(*seeds, strict=True))
    return nearest_places(network, place, start, site, key=key, workers=1)


def _seed(key: Ints, from_: Numbers, to: Numbers, step: Numbers) -> tuple[Ints, Ints, Ints]:
    """Labels that pass from labelled places to their neighbours."""
    known = key[from_] != NOWHERE
    label = key[from_[known]]
    return to[known].astype(np.int64), (label >> 32) + step[known], label & LOW
