"""Attach: the nearest edge of every cell, against shapely's STRtree; scipy's k-d tree on nodes answers an easier question."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from provinces import Province
from sanchoi.gis.attach import attach
from sanchoi.gis.network import MM
from scipy.spatial import cKDTree
from timing import Row, median, once

STAGE = "attach cells to edges"


def rows(quick: bool) -> Iterator[Row]:
    """Everyone builds the index and asks it in the measured time; only the shapely lines are made before."""
    province = Province(60_000 if quick else 1_200_000)
    network = province.network
    for count in (10_000,) if quick else (20_000, 200_000):
        x, y = province.cells(count)
        cold, _ = once(lambda x=x, y=y: attach(network, x, y))
        fast, mine = median(lambda x=x, y=y: attach(network, x, y))
        size = f"{count:,} points, {len(network.u):,} edges"
        points, lines = shapely.points(x, y), network.segments

        def by_tree(points: np.ndarray = points, lines: np.ndarray = lines) -> np.ndarray:
            return shapely.STRtree(lines).query_nearest(points, return_distance=True, all_matches=False)[1]

        slow, theirs = median(by_tree, repeat=3)
        apart = np.abs(mine.offset_mm - theirs * MM).max()
        note = f"distances at most {apart:.2f} mm apart"
        first = cold if count < 100_000 else None
        yield Row(STAGE, "attach.attach", "shapely STRtree", size, "1/1", fast, slow, first, bool(apart <= 1), note)

        def by_nodes(x: np.ndarray = x, y: np.ndarray = y) -> np.ndarray:
            return cKDTree(np.column_stack([network.x, network.y])).query(np.column_stack([x, y]))[0]

        slow, theirs = median(by_nodes, repeat=3)
        far = np.mean(theirs - mine.offset_mm / MM)
        note = f"easier question: nearest node, {far:.0f} m farther on average; built and asked"
        yield Row(STAGE, "attach.attach", "scipy cKDTree", size, "1/1", fast, slow, None, "easier", note, fair=False)


if __name__ == "__main__":
    import run

    run.one(__file__)
