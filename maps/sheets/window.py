"""Window: the ground that one map shows, to scale; and the sheets that ground needs when one is too small for it.

mm = 1000 · metres / scale,   so that at 1:10,000 a kilometre is 100 mm
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.maps.sheets.paper import Box
from sanchoi.maps.sheets.refusals import grouped, refusal

Floats = npt.NDArray[np.float64]
SERIES = (500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000)
"""The scales that maps have in Viet Nam."""
ROUND = (1, 2, 2.5, 5)
"""Steps · 10ⁿ beyond the series."""
BETWEEN = (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
"""Steps · 10ⁿ of a picture that the series would leave too small."""
FULL = 0.6
"""A picture takes at least so much of the width or the height of its frame."""
LEAST, MOST = 100, 10_000_000
SHEETS = 400


@dataclass(frozen=True)
class Window:
    """Ground in a metric CRS, east and north in metres, and where it is shown.

    Attributes
    ----------
    box : the map's frame on paper, mm. west, north : ground at its upper left corner. scale : 10,000 for 1:10,000.
    axes : what the coordinates along top and sides are called: Y and X in Viet Nam.
    row, column : its place among several sheets, counted from the north-west; 0, 0 where there is one.
    """

    box: Box
    west: float
    north: float
    scale: float
    row: int = 0
    column: int = 0
    axes: tuple[str, str] = ("E", "N")

    @property
    def east(self) -> float:
        """Ground at the right edge."""
        return self.west + self.metres(self.box.width)

    @property
    def south(self) -> float:
        """Ground at the lower edge."""
        return self.north - self.metres(self.box.height)

    @property
    def ground(self) -> shapely.Polygon:
        """The ground shown."""
        return shapely.box(self.west, self.south, self.east, self.north)

    def metres(self, mm: float) -> float:
        """Length on the ground."""
        return mm * self.scale / 1000

    def mm(self, metres: float) -> float:
        """Length on paper."""
        return metres * 1000 / self.scale

    def paper(self, xy: Floats) -> Floats:
        """(n, 2) east, north → x, y on paper, y downwards."""
        k = 1000 / self.scale
        return np.column_stack([self.box.left + (xy[:, 0] - self.west) * k, self.box.top + (self.north - xy[:, 1]) * k])


def fitting_scale(bounds: Sequence[float], box: Box, margin_mm: float = 6.0) -> int:
    """The largest scale of the series at which ground fits into one map with a margin; beyond the series, a round one."""
    need = _need(bounds, box, margin_mm)
    return next((each for each in SERIES if each >= need), None) or _round(need, ROUND)


def picture_scale(bounds: Sequence[float], box: Box, margin_mm: float = 6.0) -> int:
    """The same for a map that is looked at more than measured: where the series leaves it too small, a round scale between."""
    need, found = _need(bounds, box, margin_mm), fitting_scale(bounds, box, margin_mm)
    return found if found == SERIES[0] or need >= FULL * found else _round(need, BETWEEN)


def _need(bounds: Sequence[float], box: Box, margin_mm: float) -> float:
    """The largest scale at which ground fits, round or not."""
    west, south, east, north = bounds
    need = max((east - west) / (box.width - 2 * margin_mm), (north - south) / (box.height - 2 * margin_mm)) * 1000
    return need * (1 - 1e-12)


def _round(need: float, steps: Sequence[float]) -> int:
    power = 10.0 ** math.floor(math.log10(max(need, LEAST)))
    return round(next(step * power for step in (*steps, 10) if step * power >= need))


def windows(
    ground: shapely.Geometry,
    box: Box,
    scale: float,
    overlap_mm: float = 20.0,
    margin_mm: float = 6.0,
    axes: tuple[str, str] = ("E", "N"),
) -> list[Window]:
    """Windows that together show ground at a scale, row by row from the north-west.

    One window, centred, where it fits with a margin. Else neighbours share at least `overlap_mm`; sheets that show none of the
    ground, or only what lies within the margins of their neighbours too, are left out.

    Raises
    ------
    ContractError : a scale that is none, ground without extent, or more than `SHEETS` sheets.
    """
    if not LEAST <= scale <= MOST:
        raise refusal("scale", came=f"{scale:g}", least=grouped(LEAST), most=grouped(MOST))
    if ground.is_empty:
        raise refusal("no_ground")
    west, south, east, north = ground.bounds
    k = 1000 / scale
    columns = _count((east - west) * k + 2 * margin_mm, box.width, overlap_mm)
    rows = _count((north - south) * k + 2 * margin_mm, box.height, overlap_mm)
    if columns * rows > SHEETS:
        raise refusal("sheets", count=grouped(columns * rows), scale=grouped(scale), most=SHEETS)
    wide, high = box.width / k, box.height / k
    shared = overlap_mm / k
    across, down = columns * wide - (columns - 1) * shared, rows * high - (rows - 1) * shared
    left, top = (west + east - across) / 2, (south + north + down) / 2
    found = []
    for row in range(rows):
        for column in range(columns):
            each = Window(box, left + column * (wide - shared), top - row * (high - shared), scale, row, column, axes)
            if shapely.intersects(each.ground, ground):
                found.append(each)
    return _needed(found, ground, (margin_mm - 0.01) / k)


def _needed(found: list[Window], ground: shapely.Geometry, margin_m: float) -> list[Window]:
    """Leave out each window whose ground the others show, with the margin; those that show least go first."""
    parts = {each: shapely.intersection(each.ground, ground) for each in found}
    kept = list(found)
    for each in sorted(found, key=lambda each: float(shapely.area(parts[each]))):
        near = [
            other.ground
            for other in kept
            if other is not each and abs(other.row - each.row) <= 1 and abs(other.column - each.column) <= 1
        ]
        if near and shapely.covers(shapely.buffer(shapely.union_all(near), -margin_m, join_style="mitre"), parts[each]):
            kept.remove(each)
    return kept


def _count(need_mm: float, have_mm: float, overlap_mm: float) -> int:
    if need_mm <= have_mm:
        return 1
    return math.ceil((need_mm - overlap_mm) / (have_mm - overlap_mm) - 1e-9)


def sheet_name(window: Window) -> str:
    """Row and column as people say them: A1 in the north-west, B1 below it."""
    letters, row = "", window.row
    while True:
        letters = chr(ord("A") + row % 26) + letters
        row = row // 26 - 1
        if row < 0:
            return f"{letters}{window.column + 1}"
