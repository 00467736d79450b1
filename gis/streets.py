"""Streets: the ways of a study, ready to be walked; or, without a network, the straight line and its detour."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from sanchoi.gis import fragments, reach
from sanchoi.gis.barriers import Cut, cut, opened
from sanchoi.gis.network import Network, from_lines
from sanchoi.gis.notes import Notes
from sanchoi.gis.reach import Reach

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Streets:
    """What a walk goes along.

    Attributes
    ----------
    network : ways on foot without the stretches that barriers cut; None = there is no network.
    cut : the same with barriers opened and closed; None = there are no barriers, or no network.
    detour : walking ÷ straight distance where there is no network.
    """

    network: Network | None
    cut: Cut | None
    barriers: Geometries | None
    gates: Geometries | None
    detour: float

    def walk(self, x: Floats, y: Floats, geometries: Geometries, limit_m: float) -> Reach:
        """Walks from cells to play areas as things are."""
        if self.network is None:
            return reach.straight(x, y, geometries, limit_m, self.detour)
        return reach.walking(self.network, x, y, geometries, limit_m, barriers=self.barriers, gates=self.gates)

    def walk_opened(self, now: Reach, x: Floats, y: Floats, geometries: Geometries, limit_m: float) -> Reach:
        """Walks if the barriers were not there; nobody's walk is longer than `now`, which `walk` gave."""
        if self.cut is None or self.barriers is None:
            return now
        free = reach.walking(opened(self.cut, self.barriers), x, y, geometries, limit_m, gates=self.gates)
        return reach.shorter(now, free)


def build(
    lines: gpd.GeoDataFrame | None,
    barriers: gpd.GeoDataFrame | None,
    gates: gpd.GeoDataFrame | None,
    detour: float,
    notes: Notes,
) -> Streets:
    """Make streets of the layers of a study; loose fragments are left out, and barriers cut what crosses them."""
    doors = None if gates is None else gates.geometry.to_numpy()
    if lines is None:
        return Streets(None, None, None, doors, detour)
    walls = None if barriers is None or not len(barriers) else barriers.geometry.to_numpy()
    network = fragments.without(from_lines(lines), notes, walls)
    if walls is None:
        return Streets(network, None, None, doors, detour)
    both = cut(network, walls)
    return Streets(both.severed, both, walls, doors, detour)
