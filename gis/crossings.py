"""Crossings: footbridges and street crossings that are built, joined to the ways at both ends.

Each end joins the nearest point of the nearest way on its own side. The way is split there, its two pieces together as long as the
whole to the millimetre, so that no other walk changes; a crossing is carried over what lies below, and no barrier cuts it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis.attach import Attachment, place
from sanchoi.gis.change_words import refusal
from sanchoi.gis.network import MM, Network

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]
Attach = Callable[[Network, Floats, Floats], Attachment]
Piece = tuple[int, int, int, bool]
"""From node, to node, mm, bridge."""

JOIN_M = 100.0
"""An end that is farther than this from any way on its side leads nowhere."""


def build(network: Network, lines: Geometries, attach: Attach) -> Network:
    """The network with crossings built one after the other: a later one may join an earlier one.

    Parameters
    ----------
    lines : LineStrings in the study CRS. attach : gives the place on a network that each end joins.

    Returns
    -------
    Network whose nodes and edges are those of `network` in the same order, then the new ones. Of an edge that is split the first
        piece keeps its number.

    Raises
    ------
    ContractError : an end has no way within 100 m on its side of the barriers.
    """
    for line in lines:
        xy = shapely.get_coordinates(shapely.get_point(line, [0, -1]))
        network = _join(network, shapely.get_coordinates(line), attach(network, xy[:, 0], xy[:, 1]))
    return network


def _join(network: Network, line: Floats, found: Attachment) -> Network:
    lost = np.flatnonzero((found.edge < 0) | (found.offset_mm > JOIN_M * MM))
    if len(lost):
        raise refusal("ends", most=f"{JOIN_M:g}")
    px, py = place(network, found)
    x, y = [], []  # of new nodes
    ends: list[int] = []
    first: dict[int, Piece] = {}
    more: list[Piece] = []
    stops = list(zip(found.edge.tolist(), found.along_mm.tolist(), strict=True))
    at: dict[tuple[int, int], int] = {}
    for e in sorted(set(found.edge.tolist())):
        u, v, whole = int(network.u[e]), int(network.v[e]), int(network.length_mm[e])
        at[e, 0], at[e, whole] = u, v
        start, done, pieces = u, 0, []
        for i in sorted((i for i in (0, 1) if stops[i][0] == e), key=lambda i: stops[i][1]):
            if stops[i] not in at:
                x.append(px[i])
                y.append(py[i])
                at[stops[i]] = len(network.x) + len(x) - 1
                pieces.append((start, at[stops[i]], stops[i][1] - done, bool(network.bridge[e])))
                start, done = at[stops[i]], stops[i][1]
        if pieces:
            first[e] = pieces[0]
            more += [*pieces[1:], (start, v, whole - done, bool(network.bridge[e]))]
    ends = [at[stop] for stop in stops]
    nodes = []
    for i, (vx, vy) in enumerate(line.tolist()):
        end = {0: 0, len(line) - 1: 1}.get(i)
        if end is not None and found.offset_mm[end] == 0:
            nodes.append(ends[end])
            continue
        x.append(vx)
        y.append(vy)
        nodes.append(len(network.x) + len(x) - 1)
    steps = np.maximum(np.rint(np.hypot(*np.diff(line, axis=0).T) * MM).astype(int), 1).tolist()
    built = [(ends[0], nodes[0], int(found.offset_mm[0]), True), (nodes[-1], ends[1], int(found.offset_mm[1]), True)]
    built += [(a, b, mm, True) for a, b, mm in zip(nodes[:-1], nodes[1:], steps, strict=True)]
    return _grown(network, x, y, first, [*more, *(piece for piece in built if piece[0] != piece[1])])


def _grown(network: Network, x: list[float], y: list[float], first: dict[int, Piece], more: list[Piece]) -> Network:
    """The network with new nodes and edges, and edges replaced by their first piece; its graph keeps the places that are there."""
    u, v, length = network.u.copy(), network.v.copy(), network.length_mm.copy()
    for e, piece in first.items():
        u[e], v[e], length[e] = piece[:3]
    rows = np.array([piece[:3] for piece in more], dtype=np.int32).reshape(-1, 3)
    grown = Network(
        np.concatenate([network.x, x]),
        np.concatenate([network.y, y]),
        np.concatenate([u, rows[:, 0]]),
        np.concatenate([v, rows[:, 1]]),
        np.concatenate([length, rows[:, 2]]),
        np.concatenate([network.bridge, np.array([piece[3] for piece in more], dtype=bool)]),
    )
    grown.__dict__["graph"] = network.graph.grown(network, grown)  # the cached property
    return grown
