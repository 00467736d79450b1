"""Flow: texts, tables and legend lines run down columns and on to the next; nothing is drawn over an edge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sanchoi.maps.sheets.canvas import DARK, GREY, PALE, POINT_MM, Align, Canvas
from sanchoi.maps.sheets.paper import Box

Paint = Callable[[Canvas, float, float], None]
LEAD = 1.3
ROWS = 40
"""Lines that one cell of a table, or one line of a legend, may have at most."""


@dataclass(frozen=True)
class Atom:
    """What is never cut: its height in mm, and how it is painted with its upper left corner at x, y.

    `sticks`: not the last of a column. `again`: painted first where the atom begins a column (the heading of its table).
    `note`: of what stands on every sheet of an atlas alike.
    """

    height: float
    paint: Paint
    sticks: bool = False
    again: Atom | None = None
    note: bool = False


Placed = tuple[Atom, float, float]


def place(atoms: Sequence[Atom], boxes: Sequence[Box]) -> tuple[list[Placed], list[Atom]]:
    """Where each stands, and those for which there is no room."""
    placed: list[Placed] = []
    at, left = 0, list(atoms)
    for box in boxes:
        y = box.top
        begins = True
        while at < len(left):
            group = [left[at]]
            while group[-1].sticks and at + len(group) < len(left):
                group.append(left[at + len(group)])
            head = left[at].again if begins else None
            high = sum(each.height for each in group) + (head.height if head is not None else 0)
            if y + high > box.bottom + 1e-6:
                break
            for each in [*([head] if head is not None else []), *group]:
                placed.append((each, box.left, y))
                y += each.height
            at += len(group)
            begins = False
    return placed, left[at:]


def whole(atoms: Sequence[Atom], kept: bool = True) -> list[Atom]:
    """Atoms that stay together in one column."""
    return [replace(each, sticks=True) for each in atoms[:-1]] + list(atoms[-1:]) if kept else list(atoms)


def paint(canvas: Canvas, placed: Sequence[Placed]) -> None:
    """Paint what has a place."""
    for atom, x, y in placed:
        atom.paint(canvas, x, y)


def space(height: float) -> Atom:
    """Nothing."""
    return Atom(height, lambda canvas, x, y: None)


def text(
    canvas: Canvas,
    wide: float,
    words: str,
    size: float,
    *,
    bold: bool = False,
    colour: str = DARK,
    sticks: bool = False,
) -> list[Atom]:
    """A paragraph, an atom a line."""
    high = size * POINT_MM * LEAD

    def line(told: str) -> Paint:
        return lambda canvas, x, y: canvas.text(x, y + size * POINT_MM, told, size, bold=bold, colour=colour)

    return [Atom(high, line(told), sticks) for told in canvas.lines(words, size, wide, bold)]


def heading(canvas: Canvas, wide: float, words: str, size: float) -> list[Atom]:
    """A heading, kept with what follows."""
    return [
        replace(space(size * 0.22), sticks=True),
        *text(canvas, wide, words, size, bold=True, sticks=True),
        replace(space(size * 0.06), sticks=True),
    ]


def pair(canvas: Canvas, wide: float, label: str, value: str, size: float) -> Atom:
    """A label at the left and what it is at the right; both broken into lines where they must be."""
    need = canvas.width(value, size, True) + 2
    right = min(max(need, wide * 0.3), wide * 0.6)
    labels = canvas.lines(label, size, wide - right - 1)[:ROWS]
    values = canvas.lines(value, size, right, True)[:ROWS]
    step = size * POINT_MM * LEAD

    def drawn(canvas: Canvas, x: float, y: float) -> None:
        for k, each in enumerate(labels):
            canvas.text(x, y + size * POINT_MM + k * step, each, size, colour=GREY)
        for k, each in enumerate(values):
            canvas.text(x + wide, y + size * POINT_MM + k * step, each, size, bold=True, align="right")

    return Atom(step * max(len(labels), len(values)) + 0.4, drawn)


@dataclass(frozen=True)
class Column:
    """A column of a table: heading, share of the width, which side its cells stand on."""

    name: str
    share: float
    align: Align = "left"


def table(
    canvas: Canvas, wide: float, columns: Sequence[Column], rows: Sequence[Sequence[str]], size: float
) -> list[Atom]:
    """A table, an atom a row; its heading comes again in every column or page that it runs on to."""
    total = sum(column.share for column in columns)
    widths = [wide * column.share / total for column in columns]
    head = _row(canvas, widths, columns, [column.name for column in columns], size, True)
    first = replace(head, sticks=True)
    return [first, *(replace(_row(canvas, widths, columns, row, size, False), again=head) for row in rows)]


def _row(
    canvas: Canvas, widths: Sequence[float], columns: Sequence[Column], cells: Sequence[str], size: float, bold: bool
) -> Atom:
    step, pad = size * POINT_MM * 1.22, 0.8
    told = [canvas.lines(cell, size, w - 3 * pad, bold)[:ROWS] for cell, w in zip(cells, widths, strict=True)]
    high = step * max(len(lines) for lines in told) + 2 * pad

    def drawn(canvas: Canvas, x: float, y: float) -> None:
        if bold:
            canvas.box(Box(x, y, sum(widths), high), "#efece4", None)
        left = x
        for lines, w, column in zip(told, widths, columns, strict=True):
            at = {"left": left + pad, "centre": left + w / 2, "right": left + w - 2 * pad}[column.align]
            for k, line in enumerate(lines):
                base = y + pad + size * POINT_MM * 0.92 + k * step
                canvas.text(at, base, line, size, bold=bold, align=column.align)
            left += w
        canvas.line(x, y + high, x + sum(widths), y + high, DARK if bold else PALE, 0.2 if bold else 0.12)

    return Atom(high, drawn)


def columns(box: Box, count: int, gap: float = 5.0) -> list[Box]:
    """A box cut into columns of one width."""
    wide = (box.width - (count - 1) * gap) / count
    return [Box(box.left + k * (wide + gap), box.top, wide, box.height) for k in range(count)]
