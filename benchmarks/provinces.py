"""Provinces: synthetic road networks, children, play areas, rasters and communes of any size, from a seed.

A lattice of roads 100 m apart, every crossing moved by up to 30 m, three edges in ten left out. `province()` has about 1.2 M nodes,
about the roads of the former province of Quảng Nam; `province(scale=10)` about 12 M.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from sanchoi.gis.network import MM, Network

CRS = "EPSG:5899"
SPACING_M = 100.0
JITTER_M = 30.0
REMOVED = 0.3
NODES = 1_200_000
EAST, NORTH = 500_000.0, 1_700_000.0
COMMUNES = 240
SITES_PER_NODE = 1 / 400
CELLS_PER_NODE = 1 / 6


@dataclass(frozen=True)
class Province:
    """A synthetic province of about `nodes` crossings; every layer is drawn from `seed` and made when first asked for."""

    nodes: int
    seed: int = 20250701

    @cached_property
    def side(self) -> int:
        """Crossings along one side."""
        return round(self.nodes**0.5)

    @cached_property
    def network(self) -> Network:
        """Roads: nodes numbered from west to east as `network.from_lines` would, lengths in whole millimetres."""
        random = np.random.default_rng([self.seed, 1])
        n = self.side
        row, col = np.divmod(np.arange(n * n), n)
        xy = np.column_stack([EAST + col * SPACING_M, NORTH + row * SPACING_M])
        xy = np.round(xy + random.uniform(-JITTER_M, JITTER_M, xy.shape), 3)
        order = np.lexsort((xy[:, 1], xy[:, 0]))
        number = np.empty(n * n, dtype=np.int32)
        number[order] = np.arange(n * n, dtype=np.int32)
        right = np.flatnonzero(col < n - 1)
        up = np.flatnonzero(row < n - 1)
        a, b = np.concatenate([right, up]), np.concatenate([right + 1, up + n])
        keep = random.random(len(a)) >= REMOVED
        a, b = a[keep], b[keep]
        length = np.rint(np.hypot(*(xy[a] - xy[b]).T) * MM).astype(np.int32)
        u, v = np.minimum(number[a], number[b]), np.maximum(number[a], number[b])
        order_e = np.lexsort((v, u))
        at = xy[order]
        nothing = np.zeros(len(u), dtype=bool)
        return Network(at[:, 0].copy(), at[:, 1].copy(), u[order_e], v[order_e], length[order_e], nothing)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Bounds: xmin, ymin, xmax, ymax."""
        far = (self.side - 1) * SPACING_M
        return EAST, NORTH, EAST + far, NORTH + far

    def points(self, count: int, key: int) -> tuple[np.ndarray, np.ndarray]:
        """Points drawn evenly over the province."""
        random = np.random.default_rng([self.seed, 2, key])
        low_x, low_y, high_x, high_y = self.box
        return random.uniform(low_x, high_x, count), random.uniform(low_y, high_y, count)

    def site_nodes(self, count: int | None = None) -> np.ndarray:
        """Nodes of the network that hold a play area, no node twice."""
        random = np.random.default_rng([self.seed, 3])
        total = self.side**2
        return np.sort(random.choice(total, count or max(int(total * SITES_PER_NODE), 1), replace=False))

    def cells(self, count: int | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Where children live."""
        return self.points(count or int(self.nodes * CELLS_PER_NODE), 1)

    def play_areas(self, count: int | None = None) -> np.ndarray:
        """Points of play areas."""
        return shapely.points(*self.points(count or int(self.nodes * SITES_PER_NODE), 2))

    def children(self, count: int) -> np.ndarray:
        """Children per cell, one band."""
        return np.random.default_rng([self.seed, 4]).gamma(1.0, 3.0, (count, 1))

    def raster(self, pixel_m: float = 100.0) -> tuple[np.ndarray, tuple[float, float, float, float]]:
        """People per pixel, over the whole province and a little more, with its bounds."""
        low_x, low_y, high_x, _ = self.box
        size = int(np.ceil((high_x - low_x + 4000.0) / pixel_m))
        values = np.random.default_rng([self.seed, 5]).gamma(0.3, 10.0, (size, size))
        return values, (
            low_x - 2000.0,
            low_y - 2000.0,
            low_x - 2000.0 + size * pixel_m,
            low_y - 2000.0 + size * pixel_m,
        )

    def communes(self, count: int = COMMUNES) -> gpd.GeoDataFrame:
        """Polygons that share winding borders, a vertex every 50 m or so."""
        seeds = shapely.multipoints(np.column_stack(self.points(count, 3)))
        cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=shapely.box(*self.box)))
        cells = shapely.intersection(cells, shapely.box(*self.box))
        return gpd.GeoDataFrame(geometry=shapely.transform(shapely.segmentize(cells, 50.0), _wind), crs=CRS)


def _wind(xy: np.ndarray) -> np.ndarray:
    """Move points by a smooth wave, so that straight borders wind and neighbours still share them."""
    x, y = xy.T
    return np.column_stack([x + 120.0 * np.sin(y / 310.0) + 40.0 * np.sin(x / 97.0), y + 120.0 * np.sin(x / 270.0)])


def province(scale: float = 1) -> Province:
    """Province of about 1.2 M nodes times `scale`."""
    return Province(round(NODES * scale))
