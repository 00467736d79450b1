"""Tables of the report: rows that run over pages under a heading that comes again, each cell tagged as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sanchoi.maps.report import figures
from sanchoi.maps.report.story import ROOM, Story, space
from sanchoi.maps.report.tags import Element
from sanchoi.maps.sheets.base import swatch
from sanchoi.maps.sheets.canvas import DARK, GREY, PALE, POINT_MM, Canvas
from sanchoi.maps.sheets.flow import Atom, Column
from sanchoi.maps.sheets.paper import Box
from sanchoi.maps.sheets.theme import Ink

SIZE = 8.0
PAD, SIDE = 1.1, 1.5
LEAD, LEAST, NOTE = 1.24, 0.72, 0.94
QUIET = "#3d4650"
MARK = 3.6
"""Room of the sample of a colour before a text, mm."""
ALONE, LAST = 1, 3
"""The first so many rows do not stand at the foot of a page without the next; the last so many come to a page together."""
LINES = 24
"""Lines that one cell may have at most; a text that needs more ends in an ellipsis."""


@dataclass(frozen=True)
class Cell:
    """A text, another under it, and a sample of a colour before it. `size`, `under`: shares of the table's letters."""

    text: str
    below: str = ""
    ink: Ink | None = None
    size: float = 1.0
    bold: bool = False
    under: float = 0.8


@dataclass(frozen=True)
class Noted:
    """Cells of a row, and a text under them that runs across the table from its second column on."""

    cells: Sequence[str | Cell]
    note: str


Row = Sequence[str | Cell]


def table(
    story: Story,
    columns: Sequence[Column],
    rows: Sequence[Row | Noted],
    size: float = SIZE,
    total: Row | None = None,
    wide: float = ROOM.width,
) -> None:
    """Add a table; the row of totals stays with the one before it."""
    share = sum(column.share for column in columns)
    widths = [wide * column.share / share for column in columns]
    held: list[Element] = []
    head = [Cell(column.name, bold=True) for column in columns]
    first = replace(_row(story, widths, columns, head, size, held, "/TH"), sticks=True)
    again = _row(story, widths, columns, head, size, None, "/TH")
    body = [replace(_row(story, widths, columns, row, size, held, "/TD"), again=again) for row in rows]
    body[:ALONE] = [replace(each, sticks=True) for each in body[:ALONE]]
    body[-LAST:-1] = [replace(each, sticks=True) for each in body[-LAST:-1]]
    if total is not None:
        strong = [replace(_cell(each), bold=True) for each in total]
        if body:
            body[-1] = replace(body[-1], sticks=True)
        body.append(replace(_row(story, widths, columns, strong, size, held, "/TD", DARK), again=again))
    story.add(first, *body, space(1.6))


def plain(story: Story, columns: Sequence[Column], rows: Sequence[Row], size: float = SIZE) -> None:
    """Add a table that has no heading."""
    share = sum(column.share for column in columns)
    widths = [ROOM.width * column.share / share for column in columns]
    held: list[Element] = []
    story.add(*(_row(story, widths, columns, row, size, held, "/TD") for row in rows), space(1.2))


def pairs(story: Story, told: Sequence[tuple[str, str]], size: float = SIZE) -> None:
    """Add labels and values, two of them in a line."""
    columns = [Column("", 2.0), Column("", 3.0), Column("", 2.0), Column("", 3.0)]
    rows: list[list[str | Cell]] = []
    for k, (label, value) in enumerate(told):
        if k % 2 == 0:
            rows.append([label, Cell(value, bold=True), "", ""])
        else:
            rows[-1][2:] = [label, Cell(value, bold=True)]
    plain(story, columns, rows, size)


def summed(values: Iterable[Any], language: str) -> Cell:
    """A sum over what is known; how many are not in it is said under it."""
    told, _, rest = figures.summed(values, language).partition(" (")
    return Cell(told, rest.rstrip(")"))


def _cell(cell: str | Cell) -> Cell:
    return cell if isinstance(cell, Cell) else Cell(cell)


def _row(
    story: Story,
    widths: Sequence[float],
    columns: Sequence[Column],
    row: Row | Noted,
    size: float,
    table: list[Element] | None,
    kind: str,
    over: str | None = None,
) -> Atom:
    """A row; without a table to be of it is a heading that comes again."""
    note = row.note if isinstance(row, Noted) else ""
    cells = [_cell(each) for each in (row.cells if isinstance(row, Noted) else row)]
    told, below = [], []
    for k, (cell, wide) in enumerate(zip(cells, widths, strict=True)):
        room = wide - 2 * SIDE - (MARK if cell.ink else 0)
        cell = cells[k] = replace(cell, size=cell.size * _shrunk(story.canvas, cell, size, room, kind == "/TH"))
        told.append(_most(story.canvas, cell.text, size * cell.size, room, cell.bold or kind == "/TH"))
        below.append(_most(story.canvas, cell.below, size * cell.under, room, False) if cell.below else [])
    heights = [
        len(a) * size * cell.size * POINT_MM * LEAD + len(b) * size * cell.under * POINT_MM * LEAD
        for cell, a, b in zip(cells, told, below, strict=True)
    ]
    across = sum(widths[1:]) - 2 * SIDE
    lines = _most(story.canvas, note, size * NOTE, across, False) if note else []
    deep = max(heights) + PAD
    high = deep + len(lines) * size * NOTE * POINT_MM * LEAD + (1.6 if lines else 1.0) * PAD

    def cell_at(canvas: Canvas, k: int, left: float, y: float) -> None:
        cell, wide, column = cells[k], widths[k], columns[k]
        letters = size * cell.size
        if cell.ink is not None:
            swatch(cell.ink)(canvas, Box(left + SIDE, y + PAD + 0.3, MARK - 1.2, size * POINT_MM * 0.8))
        x0 = left + SIDE + (MARK if cell.ink else 0)
        at = {"left": x0, "centre": left + wide / 2, "right": left + wide - SIDE}[column.align]
        base = y + PAD
        bold = cell.bold or kind == "/TH"
        for line in told[k]:
            canvas.text(at, base + letters * POINT_MM * 0.94, line, letters, bold=bold, align=column.align)
            base += letters * POINT_MM * LEAD
        for line in below[k]:
            small = size * cell.under
            canvas.text(at, base + small * POINT_MM * 0.94, line, small, colour=GREY, align=column.align)
            base += small * POINT_MM * LEAD

    def paint(canvas: Canvas, x: float, y: float) -> None:
        tags = story.tags
        with tags.artifact():
            if kind == "/TH":
                canvas.box(Box(x, y, sum(widths), high), "#e6edf3", None)
            if over is not None:
                canvas.line(x, y, x + sum(widths), y, over, 0.2)
        if table is None:
            with tags.artifact():
                left = x
                for k, wide in enumerate(widths):
                    cell_at(canvas, k, left, y)
                    left += wide
        else:
            if not table:
                table.append(tags.group("/Table"))
            line = tags.group("/TR", table[0])
            left = x
            for k, wide in enumerate(widths):
                a = "<</O /Table /Scope /Column>>" if kind == "/TH" else None
                with tags.marked(tags.group(kind, line, a=a)):
                    cell_at(canvas, k, left, y)
                left += wide
        if lines and table:
            under = tags.group("/TR", table[0])
            with tags.marked(tags.group("/TD", under, a=f"<</O /Table /ColSpan {len(widths)}>>")):
                for k, line_ in enumerate(lines):
                    base = y + deep + 0.3 * PAD + size * NOTE * POINT_MM * (0.94 + k * LEAD)
                    canvas.text(x + widths[0] + SIDE, base, line_, size * NOTE, colour=QUIET)
        with tags.artifact():
            heavy = kind == "/TH"
            canvas.line(x, y + high, x + sum(widths), y + high, DARK if heavy else PALE, 0.2 if heavy else 0.12)

    return Atom(high, paint)


def _shrunk(canvas: Canvas, cell: Cell, size: float, room: float, strong: bool) -> float:
    """How much smaller letters must be that the longest word is not cut; 1 where that would make them too small."""
    letters = size * cell.size
    long = max((canvas.width(word[:80], letters, cell.bold or strong) for word in cell.text.split()), default=0.0)
    return room / long * 0.995 if room < long <= room / LEAST else 1.0


def _most(canvas: Canvas, text: str, size: float, wide: float, bold: bool) -> list[str]:
    """Lines of a text, so many as a cell may have."""
    lines = canvas.lines(text, size, wide, bold)
    if len(lines) <= LINES:
        return lines
    return [*lines[: LINES - 1], canvas.fitted(lines[LINES - 1][:-1] + "…", size, wide, bold)]
