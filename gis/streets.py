"""Streets: the ways of a study, ready to be walked; or, without a network, the straight line and its detour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from sanchoi.gis import crossings as building
from sanchoi.gis import fragments, reach
from sanchoi.gis.attach import attach
from sanchoi.gis.barriers import cut, opened
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
    free : the same with barriers opened; None = there are no barriers, or no network.
    detour : walking ÷ straight distance where there is no network.
    """

    network: Network | None
    free: Network | None
    barriers: Geometries | None
    gates: Geometries | None
    detour: float

    def walk(self, x: Floats, y: Floats, geometries: Geometries, limit_m: float) -> Reach:
        """Walks from cells to play areas as things are."""
        if self.network is None:
            return reach.straight(x, y, geometries, limit_m, self.detour)
        return reach.walking(self.network, x, y, geometries, limit_m, barriers=self.barriers, gates=self.gates)

    def walk_free(self, x: Floats, y: Floats, geometries: Geometries, limit_m: float) -> Reach | None:
        """Walks if the barriers were not there; None where there are none."""
        if self.free is None:
            return None
        return reach.walking(self.free, x, y, geometries, limit_m, gates=self.gates)


def build(
    lines: gpd.GeoDataFrame | None,
    barriers: gpd.GeoDataFrame | None,
    gates: gpd.GeoDataFrame | None,
    detour: float,
    notes: Notes,
    crossings: gpd.GeoDataFrame | None = None,
) -> Streets:
    """Make streets of the layers of a study; loose fragments are left out, and barriers cut what crosses them.

    Raises
    ------
    ContractError : a crossing ends where there is no way.
    """
    doors = None if gates is None else gates.geometry.to_numpy()
    if lines is None:
        return Streets(None, None, None, doors, detour)
    walls = None if barriers is None or not len(barriers) else barriers.geometry.to_numpy()
    built = np.empty(0, dtype=object) if crossings is None else crossings.geometry.to_numpy()
    network = fragments.without(from_lines(lines), notes, walls)
    if walls is None:
        return Streets(building.build(network, built, attach), None, None, doors, detour)
    both = cut(network, walls)
    severed = building.build(both.severed, built, partial(attach, barriers=walls))
    return Streets(severed, building.build(opened(both, walls), built, attach), walls, doors, detour)
