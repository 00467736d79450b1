"""Chart: children against budget, drawn as vectors: the plans found, and what is not ruled out above them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from sanchoi.gis.sentences import number
from sanchoi.maps.report.words import say
from sanchoi.maps.sheets.canvas import DARK, GREY, PALE, POINT_MM, WHITE, Canvas
from sanchoi.maps.sheets.paper import Box

FOUND, BAND, HERE = "#0b4f86", "#f8d2a5", "#c2185b"
SIZE = 7.5
NEAR = 1 + 1e-6


@dataclass(frozen=True)
class Curve:
    """Points of the curve, by budget; `here`: the plan of the result among them. `money`: budgets are millions, else sites."""

    budget: Sequence[float]
    value: Sequence[float]
    bound: Sequence[float]
    across: str
    up: str
    here: tuple[float, float] | None = None
    money: bool = True

    @property
    def open(self) -> bool:
        """Whether some plan is not proven."""
        return any(bound > value * NEAR for value, bound in zip(self.value, self.bound, strict=True))


def ticks(most: float) -> list[float]:
    """Round steps from 0 to a value."""
    if not most > 0:
        return [0.0]
    raw = most / 5
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(each * power for each in (1, 2, 2.5, 5, 10) if each * power >= raw * (1 - 1e-12))
    return [step * k for k in range(int(most / step * (1 + 1e-9)) + 1)]


def draw(canvas: Canvas, box: Box, curve: Curve, language: str) -> None:
    """The chart with its axes and what its signs mean."""
    inside = Box(box.left + 16, box.top + 9, box.width - 22, box.height - 27)
    most_x = max(curve.budget) or 1.0
    most_y = max([*curve.value, *curve.bound]) * 1.05 or 1.0

    def at(x: float, y: float) -> tuple[float, float]:
        return inside.left + x / most_x * inside.width, inside.bottom - y / most_y * inside.height

    canvas.text(box.left, box.top + 4.5, curve.up, SIZE, bold=True)
    for value in ticks(most_y):
        y = at(0, value)[1]
        canvas.line(inside.left, y, inside.right, y, PALE, 0.12)
        canvas.text(inside.left - 1.8, y + 0.9, number(value, language), SIZE, align="right")
    marks = ticks(most_x)
    digits = 0 if all(abs(each - round(each)) < 1e-9 for each in marks) else 1
    for value in marks if curve.money or not digits else [each for each in marks if each == round(each)]:
        x = at(value, 0)[0]
        canvas.line(x, inside.bottom, x, inside.bottom + 1.2, GREY, 0.15)
        canvas.text(x, inside.bottom + 4.4, number(value, language, digits), SIZE, align="centre")
    canvas.text(inside.left + inside.width / 2, inside.bottom + 8.6, curve.across, SIZE, bold=True, align="centre")
    under = [at(x, y) for x, y in zip(curve.budget, curve.value, strict=True)]
    if curve.open:
        over = [at(x, max(y, v)) for x, y, v in zip(curve.budget, curve.bound, curve.value, strict=True)]
        canvas.area(shapely.make_valid(shapely.Polygon([*over, *reversed(under)])), _same, BAND)
    canvas.line(inside.left, inside.top - 2, inside.left, inside.bottom, DARK, 0.2)
    canvas.line(inside.left, inside.bottom, inside.right, inside.bottom, DARK, 0.2)
    canvas.outline(shapely.LineString(under), _same, FOUND, 0.6)
    for x, y in under:
        canvas.dot(x, y, 0.95, FOUND, WHITE)
    if curve.here is not None and curve.here[0] <= most_x * NEAR:
        canvas.outline(shapely.Point(*at(*curve.here)).buffer(2.0), _same, HERE, 0.7)
    _keys(canvas, box.left + 16, box.bottom - 3.2, curve, language)


def _keys(canvas: Canvas, x: float, y: float, curve: Curve, language: str) -> None:
    told = [("curve_line", FOUND), *([("curve_band", BAND)] if curve.open else [])]
    for key, colour in [*told, *([("curve_here", HERE)] if curve.here is not None else [])]:
        if colour == BAND:
            canvas.box(Box(x, y - 2.2, 6, 2.6), BAND, None)
        elif colour == HERE:
            canvas.outline(shapely.Point(x + 3, y - 0.9).buffer(1.4), _same, HERE, 0.6)
        else:
            canvas.line(x, y - 0.9, x + 6, y - 0.9, FOUND, 0.6)
            canvas.dot(x + 3, y - 0.9, 0.95, FOUND, WHITE)
        text = say(key, language)
        canvas.text(x + 7.5, y, text, SIZE)
        x += 7.5 + canvas.width(text, SIZE) + 6


def _same(xy: np.ndarray) -> np.ndarray:
    return xy


HIGH = 76.0
"""Height of the chart, mm."""
LETTER = SIZE * POINT_MM
