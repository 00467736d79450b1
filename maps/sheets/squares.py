"""Squares: cells of the study grid, commune by commune, as sheets draw them. A sheet of one commune reads no others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis.results import Result

Floats = npt.NDArray[np.float64]
PLACE = re.compile(r"N(-?\d+)E(-?\d+)$", re.MULTILINE)
"""Row and column in the name of a cell."""
KEPT = 40
"""Communes whose squares are kept at once."""


@dataclass(frozen=True)
class Squares:
    """Pieces of cells: row and column of the study grid, size, commune, metres to walk (NaN: no path), children (NaN: unknown).

    `site`: which play area is nearest, −1 = none.
    """

    place: npt.NDArray[np.int64]
    size: float
    commune: npt.NDArray[np.object_]
    walk_m: Floats
    children: Floats
    site: npt.NDArray[np.int64]

    def union(self, which: npt.NDArray[np.bool_]) -> shapely.Geometry:
        """Ground of the squares of some of them."""
        low = np.unique(self.place[which], axis=0)
        north, east = (low * self.size).T
        high_north, high_east = ((low + 1) * self.size).T
        return shapely.coverage_union_all(shapely.box(east, north, high_east, high_north))

    def within(self, where: shapely.Geometry) -> npt.NDArray[np.bool_]:
        """Which touch the box around some ground."""
        west, south, east, north = (each / self.size for each in where.bounds)
        row, column = self.place.T
        return np.asarray((column + 1 >= west) & (column <= east) & (row + 1 >= south) & (row <= north), dtype=bool)


class Cells:
    """Cells of a result that give squares for the communes one asks for."""

    def __init__(self, result: Result) -> None:
        self._cells, self._bands = result.tables["cells"], result.tables["cell_bands"]
        self._size = float(result.run["settings"]["cell_m"])
        self._at = self._cells.groupby("commune_id", sort=False).indices
        self._bands_at = self._bands.groupby("commune_id", sort=False).indices
        self._sites = pd.factorize(self._cells["play_area_id"], sort=True)[0].astype(np.int64)
        self._kept: dict[str, Squares] = {}

    @property
    def reached(self) -> bool:
        """Whether any cell has a play area that is nearest."""
        return bool((self._sites >= 0).any())

    @classmethod
    def of(cls, result: Result) -> Cells | None:
        """Those of a result, None = it has none."""
        cells = result.tables.get("cells")
        return None if cells is None or "cell_bands" not in result.tables or not len(cells) else cls(result)

    def squares(self, communes: Iterable[str]) -> Squares:
        """Squares of communes."""
        found = [self._one(str(each)) for each in communes if str(each) in self._at]
        if len(found) == 1:
            return found[0]
        none = Squares(
            np.empty((0, 2), dtype=np.int64),
            self._size,
            np.empty(0, dtype=object),
            np.empty(0),
            np.empty(0),
            np.empty(0, dtype=np.int64),
        )
        parts = found or [none]
        return Squares(
            np.concatenate([each.place for each in parts]),
            self._size,
            np.concatenate([each.commune for each in parts]),
            np.concatenate([each.walk_m for each in parts]),
            np.concatenate([each.children for each in parts]),
            np.concatenate([each.site for each in parts]),
        )

    def _one(self, commune_id: str) -> Squares:
        if commune_id not in self._kept:
            if len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[commune_id] = self._read(commune_id)
        return self._kept[commune_id]

    def _read(self, commune_id: str) -> Squares:
        at = self._at[commune_id]
        cells = self._cells.iloc[at]
        bands = self._bands.iloc[self._bands_at.get(commune_id, np.empty(0, dtype=np.intp))]
        total = bands.groupby("cell_id", sort=False)["children"].sum(min_count=1)
        return Squares(
            np.array(PLACE.findall("\n".join(cells["cell_id"])), dtype=np.int64).reshape(-1, 2),
            self._size,
            np.full(len(at), commune_id, dtype=object),
            cells["walk_m"].to_numpy(dtype=float),
            total.reindex(cells["cell_id"]).to_numpy(dtype=float),
            self._sites[at],
        )
