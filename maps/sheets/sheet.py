"""Sheet: what every sheet has around its map: title, frame with grid and coordinates, scale, north, legend, sources, signatures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from sanchoi.gis.sentences import number
from sanchoi.maps.sheets.canvas import DARK, GREY, PALE, WHITE, Canvas
from sanchoi.maps.sheets.paper import Box, Paper
from sanchoi.maps.sheets.window import Window

GRID_MM = 100.0
"""Distance of the crosses of the grid."""
CROSS_MM = 3.0
BAR_MM = 60.0
"""Length of the scale bar at most."""


@dataclass(frozen=True)
class Key:
    """One line of a legend: text, and how its sample is drawn in a box of the canvas."""

    text: str
    sample: Callable[[Canvas, Box], None]


@dataclass(frozen=True)
class Texts:
    """What stands on a sheet in words, in the language of the sheet.

    Attributes
    ----------
    signatures : labels of the signature block. notes : paragraphs of sources and norms: heading, text.
    sheet : "sheet 2 of 6 · B1", or "".
    """

    title: str
    subtitle: str
    scale: str
    north: str
    legend: str
    locator: str
    grid: str
    bar: str
    language: str = "vi"
    sheet: str = ""
    notes: Sequence[tuple[str, str]] = ()
    signatures: Sequence[str] = ()
    foot: str = ""
    banners: Sequence[str] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet. `draw` paints the map, `locate` the small map of where it lies."""

    paper: Paper
    window: Window
    texts: Texts
    draw: Callable[[Canvas, Window], None]
    legend: Sequence[Key] = ()
    locate: Callable[[Canvas, Box], None] | None = None
    swapped: bool = field(default=True)
    """Whether northing is called X and easting Y, as Vietnamese sheets do."""


def draw(canvas: Canvas, sheet: Sheet) -> None:
    """Draw a sheet on a page of its own."""
    canvas.page(sheet.paper)
    with canvas.inside(sheet.window.box):
        sheet.draw(canvas, sheet.window)
        _grid(canvas, sheet.window)
    _frame(canvas, sheet)
    _title(canvas, sheet)
    _panel(canvas, sheet)


def grid_lines(low: float, high: float, step: float) -> list[float]:
    """Multiples of a step from low to high."""
    first = np.ceil(low / step - 1e-9)
    return [float(k * step) for k in np.arange(first, np.floor(high / step + 1e-9) + 1)]


def _crosses(window: Window) -> tuple[list[float], list[float]]:
    step = window.metres(GRID_MM)
    return grid_lines(window.west, window.east, step), grid_lines(window.south, window.north, step)


def _grid(canvas: Canvas, window: Window) -> None:
    """Crosses where round coordinates meet."""
    east, north = _crosses(window)
    for x in east:
        for y in north:
            (px, py), half = window.paper(np.array([[x, y]]))[0], CROSS_MM / 2
            for width, colour in ((0.5, WHITE), (0.15, DARK)):
                canvas.line(px - half, py, px + half, py, colour, width)
                canvas.line(px, py - half, px, py + half, colour, width)


def _frame(canvas: Canvas, sheet: Sheet) -> None:
    """The frame, with ticks and whole coordinates where the grid meets it."""
    window, box, language = sheet.window, sheet.window.box, sheet.texts.language
    canvas.box(box, edge=DARK, width=0.5)
    east, north = _crosses(window)
    for x in east:
        px = float(window.paper(np.array([[x, window.north]]))[0, 0])
        for edge, way in ((box.top, -1), (box.bottom, 1)):
            canvas.line(px, edge, px, edge + way * 1.5, DARK, 0.2)
            canvas.text(px, edge + (way * 2.2 if way < 0 else 4.0), number(x, language), 6, align="centre")
    for y in north:
        py = float(window.paper(np.array([[window.west, y]]))[0, 1])
        for edge, way, turn in ((box.left, -1, 90.0), (box.right, 1, 90.0)):
            canvas.line(edge, py, edge + way * 1.5, py, DARK, 0.2)
            canvas.text(edge + (-2.2 if way < 0 else 4.0), py, number(y, language), 6, align="centre", turn=turn)


def _title(canvas: Canvas, sheet: Sheet) -> None:
    box, texts = sheet.paper.title, sheet.texts
    large = sheet.paper.name != "A4"
    right = 46.0 if large else 30.0
    canvas.text(box.left, box.top + 7, texts.title, 17 if large else 12, bold=True, most=box.width - right)
    canvas.text(box.left, box.top + 13, texts.subtitle, 9.5 if large else 8, colour=GREY, most=box.width - right)
    canvas.text(box.right, box.top + 6, texts.scale, 13 if large else 10, bold=True, align="right")
    if texts.sheet:
        canvas.text(box.right, box.top + 12, texts.sheet, 8, colour=GREY, align="right")
    y = box.top + 18
    for banner in texts.banners:
        canvas.text(box.left, y, banner, 8, bold=True, colour="#8c2d04", most=box.width)
        y += 3.6


def _panel(canvas: Canvas, sheet: Sheet) -> None:
    panel = sheet.paper.panel
    if sheet.paper.landscape:
        y = _compass(canvas, sheet, panel.left, panel.top, panel.width)
        y = _legend(canvas, sheet, panel.left, y + 4, panel.width)
        y = _locator(canvas, sheet, panel.left, y + 4, panel.width)
        _notes(canvas, sheet, Box(panel.left, y + 3, panel.width, panel.bottom - y - 3))
        return
    third = (panel.width - 8) / 3
    y = _compass(canvas, sheet, panel.left, panel.top, third)
    _locator(canvas, sheet, panel.left, y + 3, third)
    _legend(canvas, sheet, panel.left + third + 4, panel.top, third)
    _notes(canvas, sheet, Box(panel.left + 2 * third + 8, panel.top, third, panel.height))


def _compass(canvas: Canvas, sheet: Sheet, x: float, y: float, wide: float) -> float:
    """Scale bar and north; grid north is up."""
    window, language = sheet.window, sheet.texts.language
    most = min(BAR_MM, wide - 20)
    step = nice_length(window.metres(most) / 4)
    part = window.mm(step)
    for k in range(4):
        canvas.box(Box(x + k * part, y + 5, part, 1.6), DARK if k % 2 == 0 else WHITE, DARK, 0.15)
    for k in (0, 1, 2, 4):
        metres = k * step
        told = (
            f"{number(metres / 1000, language, 0 if metres % 1000 == 0 else 1)}"
            if step >= 500
            else number(metres, language)
        )
        canvas.text(x + k * part, y + 3.8, told, 6.5, align="left" if k == 0 else "centre")
    canvas.text(x + 4 * part + 2, y + 6.6, "km" if step >= 500 else "m", 6.5)
    canvas.text(x, y + 10.5, sheet.texts.bar, 6.5, colour=GREY, most=wide - 12)
    right = x + wide - 5
    arrow = shapely.Polygon([(right, y), (right + 2.4, y + 8), (right, y + 6.4), (right - 2.4, y + 8)])
    canvas.area(arrow, lambda xy: xy, DARK)
    canvas.text(right, y + 11.5, sheet.texts.north, 8, bold=True, align="centre")
    return y + 12


def nice_length(metres: float) -> float:
    """The largest of 1, 2, 5 · 10ⁿ that is not above a length."""
    power = 10.0 ** np.floor(np.log10(metres))
    return float(max(step * power for step in (1, 2, 5) if step * power <= metres * (1 + 1e-9)))


def _legend(canvas: Canvas, sheet: Sheet, x: float, y: float, wide: float) -> float:
    if not sheet.legend:
        return y
    canvas.text(x, y + 3.2, sheet.texts.legend, 9, bold=True)
    y += 5.5
    for key in sheet.legend:
        lines = canvas.lines(key.text, 7.5, wide - 12)
        key.sample(canvas, Box(x, y, 9, 4))
        for k, line in enumerate(lines):
            canvas.text(x + 11.5, y + 3 + k * 3.3, line, 7.5)
        y += max(5.2, len(lines) * 3.3 + 1.6)
    return y


def _locator(canvas: Canvas, sheet: Sheet, x: float, y: float, wide: float) -> float:
    if sheet.locate is None:
        return y
    canvas.text(x, y + 3.2, sheet.texts.locator, 8, bold=True)
    box = Box(x, y + 4.5, wide, min(wide * 0.62, 52.0))
    with canvas.inside(box):
        sheet.locate(canvas, box)
    canvas.box(box, edge=PALE)
    return box.bottom


def _notes(canvas: Canvas, sheet: Sheet, box: Box) -> None:
    """Sources, norms and the signature block; the letters shrink until everything fits."""
    texts = sheet.texts
    signed = 24.0 if texts.signatures else 0.0
    room = box.height - signed - 4
    for size in (7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0):
        if _told(canvas, texts, box, size, False) <= room or size == 4.0:
            _told(canvas, texts, box, size, True)
            break
    if texts.signatures:
        _signatures(canvas, texts, Box(box.left, box.bottom - signed, box.width, signed))
    canvas.text(box.left, box.bottom - 0.5, texts.foot, 5.5, colour=GREY, most=box.width)


def _told(canvas: Canvas, texts: Texts, box: Box, size: float, drawn: bool) -> float:
    y = box.top
    for heading, text in texts.notes:
        if drawn:
            y = canvas.paragraph(box.left, y, box.width, heading, size, bold=True)
            y = canvas.paragraph(box.left, y, box.width, text, size, colour=GREY) + size * 0.12
        else:
            lines = len(canvas.lines(heading, size, box.width, True)) + len(canvas.lines(text, size, box.width))
            y += lines * size * 25.4 / 72 * 1.3 + size * 0.12
    return y - box.top


def _signatures(canvas: Canvas, texts: Texts, box: Box) -> None:
    wide = box.width / len(texts.signatures)
    for k, label in enumerate(texts.signatures):
        x = box.left + k * wide
        lines = canvas.lines(label, 6.5, wide - 3, True)
        for n, line in enumerate(lines):
            canvas.text(x + wide / 2, box.top + 3 + n * 2.9, line, 6.5, bold=True, align="centre")
        canvas.line(x + 3, box.bottom - 5, x + wide - 3, box.bottom - 5, GREY, 0.15, (0.6, 0.8))
