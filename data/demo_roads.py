"""Roads of the demo district: who is linked with whom, and one network of lines that meet in shared vertices."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import scipy.sparse.csgraph
import scipy.spatial
import shapely
from sanchoi.data.demo_land import GRID_M, Floats, Land, Shapes, bank, coast_x, keep_off_river
from sanchoi.data.demo_plan import BRIDGES_KM, CRS, ORIGIN
from sanchoi.data.demo_settlements import Settlement, side

BANK_M = 34.0
CLASSES = ("primary", "secondary", "tertiary", "residential")


def build(land: Land, settlements: list[Settlement], rng: np.random.Generator) -> gpd.GeoDataFrame:
    """The network layer: columns `highway`, `bridge`, `name`; LineStrings that cross water on bridges only."""
    bridge_x = ORIGIN[0] + np.array(BRIDGES_KM) * 1000.0
    ends = {s: np.round(bank(bridge_x, s, 30.0), 2) for s in (1, -1)}
    linked = [each for each in settlements if each.linked]
    closed = shapely.union_all([each.closed for each in linked if each.closed is not None]).buffer(25.0)
    links: list[tuple[shapely.LineString, int]] = []
    for bank_side in (1, -1):
        nodes = np.vstack([np.array([each.node for each in linked if side(each) == bank_side]), ends[bank_side]])
        pairs = _pairs(nodes, closed)
        over = len(nodes) - len(bridge_x)  # position of the first bridge's end
        off_axis = np.abs(nodes[:, 0] - nodes[over + 1, 0])
        highway = _course(nodes, pairs, over + 1, int(np.argmax(bank_side * nodes[:, 1] - 0.8 * off_axis)))
        inland = _course(nodes, pairs, over + 2, over) | _course(nodes, pairs, over + 2, int(np.argmax(nodes[:, 0])))
        for a, b in pairs:
            rank = 0 if (a, b) in highway else 1 if (a, b) in inland else 2
            links.append((_winding(nodes[a], nodes[b], bank_side, closed, rng), rank))
    lanes = [(lane, 3) for each in settlements for lane in each.lanes]
    bridges = shapely.linestrings(np.stack([ends[1], ends[-1]], axis=1))
    ways = _noded([*links, *lanes], land)
    rows = [
        *[(CLASSES[rank], False, None, line) for line, rank in ways],
        *[
            (("tertiary", "primary", "secondary")[i], True, f"Cầu {name}", line)
            for i, (name, line) in enumerate(zip(("Treo", "Ngói", "Lụa"), bridges, strict=True))
        ],
    ]
    frame = gpd.GeoDataFrame(
        {
            "highway": [r[0] for r in rows],
            "bridge": [r[1] for r in rows],
            "name": [r[2] for r in rows],
        },
        geometry=[r[3] for r in rows],
        crs=CRS,
    )
    return frame


def _pairs(nodes: Floats, closed: shapely.Geometry) -> list[tuple[int, int]]:
    """Neighbours that a road links: relative neighbourhood graph (Toussaint 1980), joined up round closed ground."""
    triangles = scipy.spatial.Delaunay(nodes).simplices
    every = np.unique(np.sort(np.vstack([triangles[:, p] for p in ((0, 1), (1, 2), (0, 2))]), axis=1), axis=0)
    every = every[~shapely.intersects(shapely.linestrings(nodes[every]), closed)]
    away = scipy.spatial.distance.cdist(nodes, nodes)
    length = away[every[:, 0], every[:, 1]]
    between = np.maximum(away[every[:, 0]], away[every[:, 1]]).min(axis=1)
    near = between >= length * 0.93
    order = np.lexsort((length, ~near))
    group = np.arange(len(nodes))
    kept = []
    for k in order:
        a, b = every[k]
        if group[a] != group[b]:
            group[group == group[b]] = group[a]
        elif not near[k]:
            continue
        kept.append((int(a), int(b)))
    return kept


def _course(nodes: Floats, pairs: list[tuple[int, int]], start: int, end: int) -> set[tuple[int, int]]:
    """Links on the shortest way between two nodes, long links made longer."""
    n = len(nodes)
    one, two = np.array(pairs).T
    length = np.hypot(*(nodes[one] - nodes[two]).T) ** 1.2
    graph = scipy.sparse.coo_array((length, (one, two)), shape=(n, n)).tocsr()
    _, before = scipy.sparse.csgraph.dijkstra(graph, directed=False, indices=start, return_predecessors=True)
    found = set()
    while end != start and before[end] >= 0:
        found.add((min(end, int(before[end])), max(end, int(before[end]))))
        end = int(before[end])
    return found


def _winding(
    one: Floats, two: Floats, bank_side: int, closed: shapely.Geometry, rng: np.random.Generator
) -> shapely.LineString:
    """A road between two nodes: it swings a little, and follows the bank where it meets the river."""
    length = float(np.hypot(*(two - one)))
    t = np.linspace(0.0, 1.0, max(3, int(length // 70) + 2))
    across = np.array([one[1] - two[1], two[0] - one[0]])
    swing = np.clip(rng.normal(0, 0.035, 3), -0.07, 0.07)
    shift = sum(s * np.sin(np.pi * (i + 1) * t) for i, s in enumerate(swing))
    xy = one + t[:, None] * (two - one) + np.asarray(shift)[:, None] * across
    line = shapely.LineString(xy)
    if shapely.intersects(line, closed) and not shapely.intersects(shapely.LineString([one, two]), closed):
        xy = one + t[:, None] * (two - one)
    pushed = keep_off_river(xy, bank_side, BANK_M)
    pushed[:, 0] = np.minimum(pushed[:, 0], coast_x(pushed[:, 1]) - 60.0)
    pushed[[0, -1]] = one, two
    return shapely.LineString(pushed)


def _noded(ways: list[tuple[shapely.LineString, int]], land: Land) -> list[tuple[shapely.LineString, int]]:
    """Cut all ways where they meet, so that they share a vertex; the higher class keeps a stretch that two share."""
    dry = shapely.union_all([land.mainland, land.island])
    out: list[tuple[shapely.LineString, int]] = []
    lines = np.array([line for line, _ in ways], dtype=object)
    rank = np.array([r for _, r in ways])
    wet = land.river.buffer(4.0)
    lines = shapely.intersection(shapely.difference(lines, wet), dry)
    whole = shapely.union_all(lines, grid_size=GRID_M)
    pieces: Shapes = shapely.get_parts(whole)
    pieces = pieces[shapely.length(pieces) > 0.5]
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    tree = shapely.STRtree(lines)
    piece, line = tree.query(middle, predicate="dwithin", distance=0.05)
    best = np.full(len(pieces), 3)
    np.minimum.at(best, piece, rank[line])
    for r in range(4):
        merged = shapely.line_merge(shapely.union_all(pieces[best == r]))
        out += [(shapely.normalize(part), r) for part in shapely.get_parts(merged)]
    return sorted(out, key=lambda row: (row[1], shapely.bounds(row[0]).tolist()))
