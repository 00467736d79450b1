"""Frame of a map: crosses of the grid, whole coordinates where the grid meets the frame, names of the sheets beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sanchoi.gis.sentences import number
from sanchoi.maps.sheets.canvas import DARK, WHITE, Canvas
from sanchoi.maps.sheets.window import Window, sheet_name
from sanchoi.maps.sheets.words import say

GRID_MM = 100.0
"""Distance of the crosses of the grid."""
CROSS_MM = 3.0
SIDES = {"north": (-1, 0), "south": (1, 0), "west": (0, -1), "east": (0, 1)}


def grid_lines(low: float, high: float, step: float) -> list[float]:
    """Multiples of a step from low to high."""
    first = np.ceil(low / step - 1e-9)
    return [float(k * step) for k in np.arange(first, np.floor(high / step + 1e-9) + 1)]


def crosses(window: Window) -> tuple[list[float], list[float]]:
    """East and north of the crosses."""
    step = window.metres(GRID_MM)
    return grid_lines(window.west, window.east, step), grid_lines(window.south, window.north, step)


def grid(canvas: Canvas, window: Window) -> None:
    """The crosses."""
    east, north = crosses(window)
    for x in east:
        for y in north:
            (px, py), half = window.paper(np.array([[x, y]]))[0], CROSS_MM / 2
            for width, colour in ((0.5, WHITE), (0.15, DARK)):
                canvas.line(px - half, py, px + half, py, colour, width)
                canvas.line(px, py - half, px, py + half, colour, width)


def frame(
    canvas: Canvas,
    window: Window,
    language: str,
    beside: Mapping[str, str] | None = None,
    letters: float = 1.0,
) -> None:
    """The frame with ticks and coordinates; `beside`: side → name of the next sheet there. `letters`: how large they are."""
    box, size = window.box, 6 * letters
    canvas.box(box, edge=DARK, width=0.5)
    east, north = crosses(window)
    across = [float(window.paper(np.array([[x, window.north]]))[0, 0]) for x in east]
    down = [float(window.paper(np.array([[window.west, y]]))[0, 1]) for y in north]
    for x, px in zip(east, across, strict=True):
        for edge, way in ((box.top, -1), (box.bottom, 1)):
            canvas.line(px, edge, px, edge + way * 1.5, DARK, 0.2)
            told = f"{window.axes[0]} {_metres(x, language)}"
            at = min(max(px, box.left + canvas.width(told, size) / 2), box.right - canvas.width(told, size) / 2)
            canvas.text(at, edge + (-2.2 if way < 0 else 1.9 + 2.1 * letters), told, size, align="centre")
    for y, py in zip(north, down, strict=True):
        for edge, way in ((box.left, -1), (box.right, 1)):
            canvas.line(edge, py, edge + way * 1.5, py, DARK, 0.2)
            told = f"{window.axes[1]} {_metres(y, language)}"
            at = min(max(py, box.top + canvas.width(told, size) / 2), box.bottom - canvas.width(told, size) / 2)
            canvas.text(edge + (-2.2 if way < 0 else 1.9 + 2.1 * letters), at, told, size, align="centre", turn=90.0)
    for side, name in (beside or {}).items():
        told = say("next_sheet", language, name=name)
        if side in ("north", "south"):
            at, edge = _free(box.left, box.right, across, letters), box.top - 2.0
            edge = edge if side == "north" else box.bottom + 1.9 + 2.3 * letters
            canvas.text(at, edge, told, 7 * letters, bold=True, align="centre")
        else:
            at = _free(box.top, box.bottom, down, letters)
            edge = box.left - 2.2 if side == "west" else box.right + 1.9 + 2.1 * letters
            canvas.text(edge, at, told, 7 * letters, bold=True, align="centre", turn=90.0)


def _metres(value: float, language: str) -> str:
    return number(value, language, 0 if abs(value - round(value)) < 1e-6 else 1)


def _free(low: float, high: float, taken: Sequence[float], letters: float) -> float:
    """A place near the middle that is far from others."""
    middle, far = (low + high) / 2, 20.0 * letters
    tried = [middle + step for step in (0, 25, -25, 50, -50) if low < middle + step < high]
    return max(tried, key=lambda at: min((min(abs(at - each), far) for each in taken), default=far))


def beside(window: Window, among: Sequence[Window]) -> dict[str, str]:
    """Side → name of the sheet that follows there."""
    places = {(each.row, each.column): sheet_name(each) for each in among}
    return {
        side: places[at]
        for side, (down, across) in SIDES.items()
        if (at := (window.row + down, window.column + across)) in places
    }
