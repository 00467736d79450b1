"""Packing: shapes as short texts, simplified no more than their share of the file's bytes asks for.

A line is written as steps on a grid of `GRID_M`: each step zigzag-coded, five bits a character, from an alphabet that neither JSON
nor HTML has to escape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

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
    metres = LADDER[0]
    for metres in LADDER:
        texts = [lines(each, origin) for each in (simplified(shapes, metres) if metres else shapes)]
        if _size(texts, beside) <= limit:
            break
    sizes = np.array([_size([each], beside) for each in texts], dtype=np.int64)
    order = np.argsort(-worth, kind="stable")
    fits = np.cumsum(sizes[order]) <= limit
    kept = np.sort(order[fits])
    kept = kept[[bool(texts[k]) for k in kept]] if len(kept) else kept
    return Packed(kept, [texts[k] for k in kept], metres, int(sizes[kept].sum()))


def lines(shape: Any, origin: tuple[float, float]) -> list[str]:  # noqa: ANN401 - shapely geometry
    """A text for every line of a shape; rings first those that bound it counter-clockwise, holes clockwise."""
    found: list[str] = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            turned = shapely.geometry.polygon.orient(part)
            rings = [turned.exterior, *turned.interiors]
            found += [text for ring in rings if (text := _text(shapely.get_coordinates(ring)[:-1], origin, 3))]
        elif part.geom_type in ("LineString", "LinearRing"):
            found += [text for text in (_text(shapely.get_coordinates(part), origin, 2),) if text]
    return found


def text(xy: npt.NDArray[np.float64], origin: tuple[float, float]) -> str:
    """Places as steps from the origin."""
    return _text(xy, origin, 1)


def _text(xy: npt.NDArray[np.float64], origin: tuple[float, float], least: int) -> str:
    grid = np.round((xy - origin) / GRID_M).astype(np.int64)
    if least > 1:
        moved = np.concatenate([[True], (np.diff(grid, axis=0) != 0).any(axis=1)])
        grid = grid[moved]
    if len(grid) < least:
        return ""
    steps = np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel()
    return "".join(_number(int(step)) for step in steps)


def _number(step: int) -> str:
    rest = step << 1 if step >= 0 else ((-step) << 1) - 1
    out = []
    while rest > 31:
        out.append(LETTERS[32 + (rest & 31)])
        rest >>= 5
    out.append(LETTERS[rest])
    return "".join(out)


def _size(texts: Sequence[Sequence[str]], beside: int) -> int:
    """Bytes of the texts as JSON."""
    return sum(beside + 2 + sum(len(line) + 3 for line in each) for each in texts)
