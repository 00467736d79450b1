"""Packed: many shapes as plain arrays that can be mapped from a file; only those near a place are ever made into geometry.

Coordinates are kept as they are (WKB), so a shape that comes back is the same to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]
Bounds = tuple[float, float, float, float]
TOUCH_M = 1e-3
"""Boxes are taken to be so much nearer than they are: what rounding could move in or out is looked at."""


@dataclass(frozen=True)
class Packed:
    """Shapes, none of them missing or empty.

    Attributes
    ----------
    wkb : bytes of all, one after the other. start : (shapes + 1,) where each begins. boxes : (4, shapes) xmin, ymin, xmax, ymax.
    """

    wkb: npt.NDArray[np.uint8]
    start: Ints
    boxes: Floats

    @classmethod
    def of(cls, shapes: Geometries) -> Packed:
        """Pack shapes."""
        texts = shapely.to_wkb(shapes) if len(shapes) else []
        start = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in texts], out=start[1:])
        wkb = np.frombuffer(b"".join(texts), dtype=np.uint8)
        return cls(wkb, start, np.ascontiguousarray(shapely.bounds(shapes).reshape(-1, 4).T))

    def __len__(self) -> int:
        return len(self.start) - 1

    def shapes(self, which: Ints) -> Geometries:
        """Some of the shapes."""
        out = np.empty(len(which), dtype=object)
        if len(which):
            ends = zip(self.start[which].tolist(), self.start[which + 1].tolist(), strict=True)
            out[:] = shapely.from_wkb([self.wkb[a:b].tobytes() for a, b in ends])
        return out

    def near(self, bounds: Bounds, far_m: float) -> Ints:
        """Shapes whose boxes are at most so far from a box, in order; a few more may be among them."""
        far = far_m + TOUCH_M
        low_x, low_y, high_x, high_y = self.boxes
        beside = (low_x <= bounds[2] + far) & (high_x >= bounds[0] - far)
        return np.flatnonzero(beside & (low_y <= bounds[3] + far) & (high_y >= bounds[1] - far))

    def nearest(self, bounds: Bounds) -> Ints:
        """Shapes among which the nearest of anything inside a box is, in order."""
        if not len(self):
            return np.empty(0, dtype=np.int64)
        low_x, low_y, high_x, high_y = self.boxes
        across = np.maximum(np.maximum(high_x, bounds[2]) - np.minimum(low_x, bounds[0]), 0.0)
        along = np.maximum(np.maximum(high_y, bounds[3]) - np.minimum(low_y, bounds[1]), 0.0)
        return self.near(bounds, float(np.hypot(across, along).min()))
