"""Rows of a table of corners as somebody types or pastes it: whatever separates columns, decimals and thousands.

Every way of writing (`Style`) is tried on the whole table; the one in which most lines hold a northing and an easting side by
side is the one it was written in. Northings and eastings of Vietnam share no value, so no order of columns is assumed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from sanchoi.gis.corner_text import (
    AREA,
    BETWEEN,
    CHARACTERS,
    EDGE_MOST,
    LINES,
    MERIDIAN,
    NAME,
    NOT_NUMBER,
    POWER,
    STYLES,
    WORD,
    Style,
    clean,
    coordinate,
    digits,
    pair,
)
from sanchoi.gis.corner_words import refusal, shown


@dataclass(frozen=True)
class Row:
    """A corner as written. `north`, `east` : metres, or degrees. `said` : the length of the edge that the line gives."""

    line: int
    text: str
    name: str
    north: float
    east: float
    said: float | None = None
    east_first: bool = False
    degrees: bool = False
    begins: bool = False


@dataclass
class Table:
    """What a text holds.

    Attributes
    ----------
    rows : corners; `begins` marks those after a blank or a line of text. between : lengths of edges by the names at their ends.
    unused : lines without corners. labels : "xy" or "yx", the order in which a heading names the columns.
    meridian : degrees, as written. area : m², as written.
    """

    rows: list[Row] = field(default_factory=list)
    between: dict[tuple[str, str], float] = field(default_factory=dict)
    unused: list[tuple[int, str]] = field(default_factory=list)
    labels: str = ""
    meridian: float | None = None
    area: float | None = None


def read(text: str) -> Table:
    """Read a table.

    Raises
    ------
    ContractError : too long, a line that cannot be read, two ways to read one.
    """
    if len(text) > CHARACTERS:
        raise refusal("long", came=(f"{len(text)} ký tự", f"{len(text)} characters"), most=CHARACTERS)
    lines = [clean(line) for line in text.splitlines()]
    if len(lines) > LINES:
        raise refusal("long", came=(f"{len(lines)} dòng", f"{len(lines)} lines"), most=LINES)
    kept = [(n, line) for n, line in enumerate(lines, 1) if line.strip()]
    if not any(digits(line) for _, line in kept):
        raise refusal("empty")
    style, found = _best(kept)
    if not found:
        kept = _cells(kept)
        style, found = _best(kept)
    return _table(lines if len(kept) == sum(bool(line.strip()) for line in lines) else [], kept, style, found)


def _best(kept: list[tuple[int, str]]) -> tuple[Style, dict[int, Row]]:
    """The way of writing in which most lines are corners, and these by the numbers of their lines."""
    there = {each for each in ("\t", ";", "|", ",", "  ", " ") if any(each in line for _, line in kept)} | {" "}
    styles = [style for style in STYLES if style.separator in there]
    kept = [(n, line) for n, line in kept if not MERIDIAN.search(line)]
    read = [(style, {n: row for n, line in kept for row in _row(style, n, line)}) for style in styles]
    most = max(len(rows) for _, rows in read)
    best = [(style, rows) for style, rows in read if len(rows) == most]
    first = best[0][1]
    for _, rows in best[1:]:
        for n, row in rows.items():
            other = first.get(n)
            if other is not None and (row.north, row.east) != (other.north, other.east):
                ways = {key: f"X {each.north}, Y {each.east}" for key, each in (("one", other), ("two", row))}
                raise refusal("ambiguous", line=n, came=shown(row.text), **ways)
    return min(best, key=lambda each: _misfit(list(each[1].values())))


def _row(style: Style, n: int, line: str) -> Iterator[Row]:
    """The corner of a line, if it is one in this way of writing."""
    if style.separator == " " == style.thousands:
        yield from _grouped(style, n, line)
        return
    fields = style.fields(line)
    values = [style.number(each) for each in fields]
    at = [i for i, (one, two) in enumerate(pairwise(values)) if pair(one, two)]
    at = [i for i in at if pair(values[i], values[i + 1]) == "metres"] or at
    if len(at) == 1:
        i = at[0]
        rest = [length for each in fields[i + 2 :] if (length := style.length(each)) is not None]
        yield _made(n, line, " ".join(fields[:i]), *_two(values[i : i + 2]), rest[0] if rest else None)


def _two(values: list[float | None]) -> tuple[float, float]:
    one, two = (math.nan if each is None else each for each in values)
    return one, two


def _grouped(style: Style, n: int, line: str) -> Iterator[Row]:
    """A line in which spaces separate both columns and thousands: the one way to divide it that gives a corner."""
    tokens = line.split()[:12]
    start = int(style.named)
    found = []
    for middle in range(start + 1, min(start + 4, len(tokens))):
        one = style.number(" ".join(tokens[start:middle]))
        for end in range(middle + 1, min(middle + 3, len(tokens)) + 1):
            two = style.number(" ".join(tokens[middle:end]))
            if pair(one, two) == "metres":
                found.append((*_two([one, two]), end))
    if found and not any((style.number(each) or 0) > EDGE_MOST for each in tokens[found[-1][2] :]):
        one, two, end = found[-1]
        rest = style.length(" ".join(tokens[end:])) if len(tokens) > end else None
        yield _made(n, line, " ".join(tokens[:start]), one, two, rest)


def _made(n: int, line: str, name: str, one: float, two: float, said: float | None) -> Row:
    degrees = pair(one, two) == "degrees"
    east_first = one > two if degrees else one < two
    north, east = (two, one) if east_first else (one, two)
    return Row(n, line, name.strip(" .:-"), north, east, said, east_first, degrees)


def _misfit(rows: list[Row]) -> float:
    """How badly the lengths of edges fit, metres; the decimal mark of a table whose coordinates have none shows in that alone."""
    ring = [*rows, rows[0]] if rows else []
    gaps = [
        min(abs(row.said - math.hypot(after.north - row.north, after.east - row.east)), 1e4)
        for row, after in pairwise(ring)
        if row.said is not None
    ]
    return sum(gaps) + 1e4 * (len(rows) - len(gaps))


def _cells(kept: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Lines made of a table that was pasted one cell a line, as PDF readers do; none where it is none."""
    cells = [(n, line.strip()) for n, line in kept if len(line.split()) <= 3]
    found: list[tuple[int, str]] = []
    loose: list[str] = []
    numbers = [
        next((v for style in STYLES if (v := style.number(text)) is not None and coordinate(v)), None)
        for _, text in cells
    ]
    i = 0
    while i < len(cells):
        if i + 1 < len(cells) and pair(numbers[i], numbers[i + 1]):
            if found and len(loose) > 1:
                found[-1] = (found[-1][0], found[-1][1] + "\t" + loose[0])
            name = loose[-1] if loose and NAME.match(loose[-1]) else ""
            found.append((cells[i][0], f"{name}\t{cells[i][1]}\t{cells[i + 1][1]}"))
            loose, i = [], i + 2
        else:
            loose.append(cells[i][1])
            i += 1
    if found and len(loose) == 1:
        found[-1] = (found[-1][0], found[-1][1] + "\t" + loose[0])
    return found or kept


def _table(lines: list[str], kept: list[tuple[int, str]], style: Style, found: dict[int, Row]) -> Table:
    """The table, with every line that is no corner accounted for."""
    table = Table()
    if not found:
        n, line = next((n, line) for n, line in kept if digits(line))
        raise _why_not(n, line, style, alone=True)
    first, last = min(found), max(found)
    begins = False
    for n, line in enumerate(lines, 1) if lines else kept:
        if n in found:
            table.rows.append(replace(found[n], begins=begins and bool(table.rows)))
            begins = False
        elif not line.strip():
            begins = True
        else:
            begins = _other(table, n, line, style, first <= n <= last) or begins
    return table


def _other(table: Table, n: int, line: str, style: Style, among: bool) -> bool:
    """Account for a line that is no corner; True = it parts the table.

    Raises
    ------
    ContractError : it ought to be a corner.
    """
    if (meridian := MERIDIAN.search(line)) is not None:
        table.meridian = float(meridian[1]) + float(meridian[2] or 0) / 60
        return False
    if (area := AREA.search(line)) is not None:
        table.area = next((v for each in (style, *STYLES) if (v := each.number(area[1])) is not None), None)
        return False
    if (edge := BETWEEN.match(line)) is not None:
        length = style.length(edge[3])
        if length is not None:
            table.between[(edge[1], edge[2])] = length
            return False
    numbers = [style.number(each) for each in style.fields(line)]
    values = [each for each in numbers if each is not None]
    filled = [each for each in style.fields(line) if each.strip()]
    if not digits(line):
        heading = re.sub(r"[^XY]", "", re.sub(r"[^\W\d_]{2,}", "", line.upper()))
        table.labels = table.labels or {"XY": "xy", "YX": "yx"}.get(heading, "")
        if not heading and not table.labels and not among:
            table.unused.append((n, shown(line)))
        return True
    suspicious = NOT_NUMBER.search(line) or POWER.search(line) or any(abs(v) > EDGE_MOST for v in values)
    if suspicious or (len(filled) >= 3 and NAME.match(filled[0]) and table.rows):
        raise _why_not(n, line, style)
    if not WORD.search(line):
        if table.rows and style.length(line) is not None and not _next_name(table, style.length(line)):
            table.rows[-1] = replace(table.rows[-1], said=style.length(line))
            return False
        if table.rows:
            raise _why_not(n, line, style)
        return False  # a line that numbers the columns: (1) (2) (3)
    table.unused.append((n, shown(line)))
    return True


def _next_name(table: Table, value: float | None) -> bool:
    """Whether a lone number is the name of a corner whose coordinates are missing."""
    name = table.rows[-1].name
    return name.isdecimal() and len(name) < 10 and value == int(name) + 1


def _why_not(n: int, line: str, style: Style, alone: bool = False) -> Exception:
    """Why a line is no corner."""
    values = [v for each in style.fields(line) if (v := style.number(each)) is not None]
    plain = {"line": n, "came": shown(line)}
    if POWER.search(line):
        return refusal("rounded", **plain)
    if NOT_NUMBER.search(line):
        return refusal("nan", **plain)
    if any(sum(_halves(each, line)) >= 4 for each in STYLES):
        return refusal("two", **plain)
    if alone:
        return refusal("none", **plain)
    large = [v for v in values if abs(v) > EDGE_MOST]
    if len(large) == 1 and coordinate(large[0]):
        return refusal("nan" if WORD.search(line) else "missing", **plain)
    return refusal("none" if large else "row", **plain)


def _halves(style: Style, line: str) -> Iterator[bool]:
    """Which fields of a line could be half a corner in metres."""
    for each in style.fields(line):
        value = style.number(each)
        yield value is not None and value > EDGE_MOST and coordinate(value)
