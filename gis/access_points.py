"""Access points: where a play area is entered on foot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis.attach import Attachment, attach
from sanchoi.gis.network import MM, Network

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]

GATE_M = 5.0
"""A gate belongs to a play area when it lies this near its outline."""
OUTLINE_M = 30.0
"""Without gates, an outline may be entered where the network comes this near, at most once in as many metres of outline."""
STEP_M = 10.0


@dataclass(frozen=True)
class Doors:
    """Access points attached to the network, sorted by site.

    Attributes
    ----------
    site : (doors,) play area. edge, along_mm : where on the network. offset_mm : from there to the play area.
    """

    site: npt.NDArray[np.int64]
    edge: npt.NDArray[np.int64]
    along_mm: npt.NDArray[np.int64]
    offset_mm: npt.NDArray[np.int64]


def doors(
    network: Network, sites: Geometries, gates: Geometries | None = None, barriers: Geometries | None = None
) -> Doors:
    """Access points of play areas.

    A point is its own. A polygon has its gates (within 5 m of the outline, that stretch counted); one without gates is entered
    where its outline comes within 30 m of the network, the nearest place in each 30 m of outline; one that is farther away,
    at the place of its outline that is nearest. Ways that cross a barrier are no access.
    """
    x, y, site, bucket, extra = _candidates(network, sites, gates)
    found = attach(network, x, y, barriers)
    offset = found.offset_mm + extra
    ok = found.edge >= 0
    gate = bucket < 0
    near = ok & (gate | (offset <= OUTLINE_M * MM))
    lonely = np.ones(len(sites), dtype=bool)
    lonely[site[near]] = False
    far = ok & lonely[site]
    kept = np.concatenate(
        [_least(near, site, bucket, offset, found), _least(far, site, np.zeros_like(bucket), offset, found)]
    )
    kept = kept[np.lexsort((kept, site[kept]))]
    return Doors(site[kept], found.edge[kept], found.along_mm[kept], offset[kept])


def _least(
    mask: npt.NDArray[np.bool_],
    site: npt.NDArray[np.int64],
    bucket: npt.NDArray[np.int64],
    offset: npt.NDArray[np.int64],
    found: Attachment,
) -> npt.NDArray[np.int64]:
    """Candidates with the least offset in each bucket of a site."""
    at = np.flatnonzero(mask)
    order = at[np.lexsort((found.along_mm[at], found.edge[at], offset[at], bucket[at], site[at]))]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (site[order][1:] != site[order][:-1]) | (bucket[order][1:] != bucket[order][:-1])
    return order[new]


def _candidates(
    network: Network, sites: Geometries, gates: Geometries | None
) -> tuple[Floats, Floats, npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """x, y, site, bucket (negative = a door of its own: gate or point) and mm already walked, for every possible door."""
    dimension = shapely.get_dimensions(sites) if len(sites) else np.empty(0, dtype=int)
    points = np.flatnonzero(dimension == 0)
    polygons = np.flatnonzero(dimension == 2)
    parts = [
        (
            shapely.get_x(sites[points]),
            shapely.get_y(sites[points]),
            points,
            np.full(len(points), -1),
            np.zeros(len(points)),
        )
    ]
    if gates is not None and len(gates) and len(polygons):
        outline = shapely.boundary(sites[polygons])
        gate, which = shapely.STRtree(outline).query(gates, predicate="dwithin", distance=GATE_M)
        order = np.lexsort((gate, which))
        gate, which = gate[order], which[order]
        away = np.rint(shapely.distance(gates[gate], outline[which]) * MM)
        parts.append((shapely.get_x(gates[gate]), shapely.get_y(gates[gate]), polygons[which], -1 - gate, away))
        polygons = np.setdiff1d(polygons, polygons[which])
    if len(polygons):
        parts.append(_outlines(network, sites[polygons], polygons))
    x, y, site, bucket, extra = (np.concatenate(column) for column in zip(*parts, strict=True))
    return x, y, site.astype(np.int64), bucket.astype(np.int64), extra.astype(np.int64)


def _outlines(
    network: Network, shapes: Geometries, site: npt.NDArray[np.int64]
) -> tuple[Floats, Floats, npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Places on outlines at most 10 m apart, and those that are nearest to ways."""
    lines, owner = shapely.get_parts(shapely.boundary(shapes), return_index=True)
    rings, of_line = shapely.get_parts(lines, return_index=True)
    owner = owner[of_line]
    xy, ring = shapely.get_coordinates(shapely.segmentize(rings, STEP_M), return_index=True)
    for more, of in _nearest_places(network, rings) if len(network.u) else []:
        xy, ring = np.concatenate([xy, more]), np.concatenate([ring, of])
    along = shapely.line_locate_point(rings[ring], shapely.points(xy))
    longest = np.floor(shapely.length(rings) / OUTLINE_M).astype(np.int64) + 1
    start = np.cumsum(longest) - longest
    bucket = start[ring] + np.minimum(np.floor(along / OUTLINE_M).astype(np.int64), longest[ring] - 1)
    return xy[:, 0], xy[:, 1], site[owner[ring]], bucket, np.zeros(len(xy))


def _nearest_places(network: Network, rings: Geometries) -> list[tuple[Floats, npt.NDArray[np.int64]]]:
    """Places of rings that samples would miss: where edges cross, nearest to nodes within 30 m, nearest to any edge."""
    used = np.unique(np.concatenate([network.u, network.v]))  # nodes of fragments that were left out lead nowhere
    segments, nodes = network.segments, shapely.points(network.x[used], network.y[used])
    tree = shapely.STRtree(segments)
    r, e = tree.query(rings, predicate="intersects")
    crossing, of = shapely.get_coordinates(shapely.intersection(rings[r], segments[e]), return_index=True)
    near_ring, near_node = shapely.STRtree(nodes).query(rings, predicate="dwithin", distance=OUTLINE_M)
    by_node = shapely.shortest_line(rings[near_ring], nodes[near_node])
    far_ring, far_edge = tree.query_nearest(rings, all_matches=True)
    by_edge = shapely.shortest_line(rings[far_ring], segments[far_edge])
    return [
        (crossing, r[of]),
        (shapely.get_coordinates(shapely.get_point(by_node, 0)), near_ring),
        (shapely.get_coordinates(shapely.get_point(by_edge, 0)), far_ring),
    ]
