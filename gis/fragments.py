"""Fragments: short pieces of network that hang apart from ways close by, as gates and mapping gaps leave them.

A child who lives beside one does not stay on it: places join the ways that lead on. Where nothing else is near (an islet, a
hamlet that only its lane serves) the piece stays.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis.attach import crosses
from sanchoi.gis.network import MM, Network, components
from sanchoi.gis.notes import Notes

SHORT_M = 500.0
NEAR_M = 100.0


def without(network: Network, notes: Notes, barriers: npt.NDArray[np.object_] | None = None) -> Network:
    """Network without its fragments; a note counts them.

    A fragment is a connected part with less than `SHORT_M` metres of ways, of which one lies within `NEAR_M` of a longer part
    with no barrier between.
    """
    if not len(network.u):
        return network
    part = components(network)[network.u]
    metres = np.bincount(part, network.length_mm) / MM
    short = metres[part] < SHORT_M
    if not short.any() or short.all():
        return network
    segments = network.segments
    ours, theirs = np.flatnonzero(short), np.flatnonzero(~short)
    found = shapely.STRtree(segments[theirs]).query_nearest(segments[ours], max_distance=NEAR_M, all_matches=False)
    one, two = ours[found[0]], theirs[found[1]]
    if barriers is not None and len(barriers):
        one = one[~crosses(shapely.shortest_line(segments[one], segments[two]), shapely.STRtree(barriers))]
    gone = np.isin(part, part[one])
    if gone.any():
        count = len(np.unique(part[gone]))
        km = network.length_mm[gone].sum() / MM / 1000
        notes.add(
            "fragments",
            f"{count} parts of the network, {km:,.1f} km in all, hang apart from ways less than {NEAR_M:g} m away · ways that "
            "share a vertex where they meet · whoever lives beside one joins the nearest way that leads on",
            layer="network",
            count=count,
        )
    keep = ~gone
    return Network(
        network.x, network.y, network.u[keep], network.v[keep], network.length_mm[keep], network.bridge[keep]
    )
