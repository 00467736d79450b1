"""Packing: shapes as short texts, simplified no more than their share of the file's bytes asks for.

A line is written as steps on a grid of `GRID_M`: each step zigzag-coded, five bits a character, from an alphabet that neither JSON
nor HTML has to escape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

GRID_M = 0.1
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LADDER = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Metres by which a line may leave its place, tried in order."""
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Packed:
    """Shapes that fit: `kept` are the positions of those that are there, `lines` their texts, `tolerance_m` what it cost."""

    kept: npt.NDArray[np.int64]
    lines: list[list[str]]
    tolerance_m: float
    bytes: int


def fit(
    shapes: Shapes,
    origin: tuple[float, float],
    limit: int,
    worth: npt.NDArray[np.float64],
    beside: int = 8,
    simplified: Callable[[Shapes, float], Shapes] = lambda shapes, metres: np.asarray(shapely.simplify(shapes, metres)),
) -> Packed:
    """Shapes in at most `limit` bytes: first simplified, and only then without the least.

    Parameters
    ----------
    shapes : in metres. worth : what is left out last. beside : bytes that stand in the file with each shape.
    """
    texts: list[list[str]] = []
    sizes = np.zeros(0, dtype=np.int64)
    metres = LADDER[0]
    for metres in LADDER:
        texts = lines(simplified(shapes, metres) if metres else shapes, origin)
        sizes = np.array([beside + 2 + sum(len(line) + 3 for line in each) for each in texts], dtype=np.int64)
        if sizes.sum() <= limit:
            break
    order = np.argsort(-worth, kind="stable")
    kept = np.sort(order[np.cumsum(sizes[order]) <= limit])
    kept = np.array([k for k in kept.tolist() if texts[k]], dtype=np.int64)
    return Packed(kept, [texts[k] for k in kept], metres, int(sizes[kept].sum()))


def lines(shapes: Shapes, origin: tuple[float, float]) -> list[list[str]]:
    """Texts of the lines of each shape; rings that bound it run counter-clockwise, holes clockwise. Points have none."""
    out: list[list[str]] = [[] for _ in shapes]
    parts, owner = shapely.get_parts(shapes, return_index=True)
    kinds = shapely.get_type_id(parts)
    areas = kinds == shapely.GeometryType.POLYGON
    turned, whose = _counter_clockwise(parts[areas]), owner[areas]
    rings, part = shapely.get_rings(turned, return_index=True)
    simple = np.isin(kinds, (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING))
    for found, of, closed in ((rings, whose[part], True), (parts[simple], owner[simple], False)):
        for line, k in zip(_texts(found, origin, closed), of.tolist(), strict=True):
            if line:
                out[k].append(line)
    return out


def _counter_clockwise(polygons: Shapes) -> Shapes:
    return np.array([shapely.geometry.polygon.orient(each) for each in polygons], dtype=object)


def _texts(found: Shapes, origin: tuple[float, float], closed: bool) -> list[str]:
    """A text a line; of rings the last place, which is the first, is left out; empty = nothing of it is left on the grid."""
    xy, line = shapely.get_coordinates(found, return_index=True)
    if not len(xy):
        return [""] * len(found)
    grid = np.round((xy - origin) / GRID_M).astype(np.int64)
    last = np.append(line[1:] != line[:-1], True)
    keep = ~last if closed else np.ones(len(xy), dtype=bool)
    grid, line = grid[keep], line[keep]
    first = np.append(True, line[1:] != line[:-1])
    moved = first | np.append(True, (grid[1:] != grid[:-1]).any(axis=1))
    grid, line, first = grid[moved], line[moved], first[moved]
    steps = np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    steps[first] = grid[first]
    count = np.bincount(line, minlength=len(found))
    signs, ends = _signs(steps.ravel())
    stops = np.concatenate([[0], ends[1::2]])[np.concatenate([[0], np.cumsum(count)])]
    least = 3 if closed else 2
    return [signs[stops[k] : stops[k + 1]] if count[k] >= least else "" for k in range(len(found))]


def text(xy: npt.NDArray[np.float64], origin: tuple[float, float]) -> str:
    """Places as steps from the origin."""
    grid = np.round((xy - origin) / GRID_M).astype(np.int64)
    return _signs(np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel())[0]


def _signs(steps: npt.NDArray[np.int64]) -> tuple[str, npt.NDArray[np.int64]]:
    """All steps as one text, and where each ends in it."""
    rest = np.where(steps >= 0, steps * 2, -steps * 2 - 1)
    digits = np.empty((len(rest), 12), dtype=np.int64)
    used = np.zeros(digits.shape, dtype=bool)
    for k in range(digits.shape[1]):
        used[:, k] = (rest > 0) | (k == 0)
        digits[:, k] = rest & 31
        rest = rest >> 5
    length = used.sum(axis=1)
    digits += 32 * (np.arange(digits.shape[1]) < (length - 1)[:, None])
    letters = np.frombuffer(LETTERS.encode(), dtype=np.uint8)
    return letters[digits[used]].tobytes().decode(), np.cumsum(length)
