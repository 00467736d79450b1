"""Marks: stripes, hatches and dots that tell areas apart without colour."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.maps.sheets.paper import Box


def marks(mark: str, box: Box, step: float) -> npt.NDArray[np.object_]:
    """Lines of a mark over a rectangle, on a grid of the page, so that neighbours continue each other."""
    size = box.width + box.height
    if mark in ("stripes", "hatch", "cross"):
        down = 1 if mark == "hatch" else -1
        found = _slanted(box, step, down, size)
        return found if mark != "cross" else np.concatenate([found, _slanted(box, step, 1, size)])
    wide = step * (1 if mark == "dots" else 2)
    x = np.arange(np.floor(box.left / wide), np.ceil(box.right / wide) + 1) * wide
    y = np.arange(np.floor(box.top / wide), np.ceil(box.bottom / wide) + 1) * wide
    at = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return np.asarray(shapely.linestrings(np.stack([at, at + 0.02], axis=1)))


def _slanted(box: Box, step: float, down: int, size: float) -> npt.NDArray[np.object_]:
    apart = step * np.sqrt(2)
    low = box.left - down * box.bottom if down == 1 else box.left + box.top
    first = np.floor(low / apart) * apart
    c = np.arange(first, first + size + 2 * apart, apart)
    y = np.array([box.top, box.bottom])
    x = c[:, None] + down * y if down == 1 else c[:, None] - y
    ends = np.stack([x, np.broadcast_to(y, x.shape)], axis=-1)
    return np.asarray(shapely.linestrings(ends))
