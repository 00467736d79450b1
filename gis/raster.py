"""Raster: a grid of numbers that carries its CRS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Raster:
    """People (or any count) per pixel.

    Attributes
    ----------
    values : float64, 2-D, first row in the north; NaN = no data.
    transform : a, b, c, d, e, f of `x = a·col + b·row + c`, `y = d·col + e·row + f`; north-up: b = d = 0, a > 0, e < 0.
    crs : CRS as WKT or "EPSG:…".
    """

    values: npt.NDArray[np.float64]
    transform: tuple[float, float, float, float, float, float]
    crs: str

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return xmin, ymin, xmax, ymax in its own CRS."""
        a, _, c, _, e, f = self.transform
        rows, cols = self.values.shape
        return c, f + rows * e, c + cols * a, f

    @property
    def pixel_area(self) -> float:
        """Area of a pixel in square units of its own CRS."""
        return abs(self.transform[0] * self.transform[4])

    def locate(self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Index (row · columns + column) of the pixel that holds each point, −1 outside."""
        a, _, c, _, e, f = self.transform
        col, row = np.floor((x - c) / a).astype(np.int64), np.floor((y - f) / e).astype(np.int64)
        rows, cols = self.values.shape
        inside = (col >= 0) & (col < cols) & (row >= 0) & (row < rows)
        return np.where(inside, row * cols + col, -1)
