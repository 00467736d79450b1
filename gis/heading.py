"""Heading of a table that people made for people: titles above it, cells merged over groups, rows that number the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Cells = Sequence[Sequence[object]]
Merged = Sequence[tuple[int, int, int, int]]
"""Merged cells: first row, first column, last row, last column, from 0."""

COVERED = 0.8
"""Share of the columns over which a heading must stand."""


@dataclass(frozen=True)
class Heading:
    """Where the heading of a table stands, rows from 0.

    Attributes
    ----------
    top, bottom : its rows. names : of the columns, None = none. joined : how many of them are put together from several rows.
    numbers : the row that numbers the columns, None = there is none.
    """

    top: int
    bottom: int
    names: tuple[str | None, ...]
    joined: int
    numbers: int | None

    @property
    def plain(self) -> bool:
        """Whether it is simply the first row."""
        return self.bottom == 0 and self.numbers is None


def find(cells: Cells, merged: Merged = ()) -> Heading | None:
    """Find the heading; None = no row looks like one.

    It ends in the first row in which nearly every column of the table has a text of its own, counting cells that are merged
    downwards to it; rows above belong to it while cells are merged into it from there, or over groups of its columns. A name beside
    empty cells, with names under all of them, stands over that group though nobody merged its cells.
    """
    merged = [*merged, *_implied(cells, merged)]
    over = {(r, c): area for area in merged for r in range(area[0], area[2] + 1) for c in range(area[1], area[3] + 1)}
    wide = max((len(row) for row in cells), default=0)
    used = [c for c in range(wide) if any(_own(cells, over, r, c) for r in range(len(cells)))]
    for bottom in range(len(cells)):
        leaves = [c for c in used if _own(cells, over, bottom, c)]
        texts = [c for c in leaves if _is_name(_at(cells, over, bottom, c))]
        if len(leaves) < max(min(2, len(used)), COVERED * len(used)) or len(texts) < COVERED * len(leaves):
            continue
        top = bottom
        while top > 0 and _joins(over, cells, top, used[0]):
            top -= 1
        names, joined = _names(cells, over, top, bottom, wide)
        numbers = bottom + 1 if bottom + 1 < len(cells) and _is_numbers(cells[bottom + 1], len(used)) else None
        return Heading(top, bottom, names, joined, numbers)
    return None


def _implied(cells: Cells, merged: Merged) -> list[tuple[int, int, int, int]]:
    """Cells that would be merged, had somebody done so: groups of names in two rows, the first column named above alone."""
    wide = max((len(row) for row in cells), default=0)
    filled = [[c for c in range(len(row)) if not _is_empty(row[c])] for row in cells]
    used = sorted({c for row in filled for c in row})
    for r in range(len(cells) - 1):
        up, down = filled[r], filled[r + 1]
        if any(area[0] <= r + 1 and area[2] >= r for area in merged):
            continue
        if len(up) < 2 or len(down) < 2 or set(up) | set(down) != set(used) or used[0] in down or used[0] not in up:
            continue
        if not all(_is_name(cells[r][c]) for c in up) or not all(_is_name(cells[r + 1][c]) for c in down):
            continue
        ends = [*up[1:], wide]
        groups = [(c, [k for k in used if c <= k < end]) for c, end in zip(up, ends, strict=True)]
        below = [(c, columns) for c, columns in groups if set(columns) & set(down)]
        if all(len(columns) > 1 and set(columns) <= set(down) for _, columns in below):
            named = {c for c, _ in below}
            flat = [(r, columns[0], r, columns[-1]) for _, columns in below]
            return [*flat, *((r, c, r + 1, c) for c in up if c not in named)]
    return []


def _at(cells: Cells, over: dict[tuple[int, int], tuple[int, int, int, int]], r: int, c: int) -> object:
    r, c = over[(r, c)][:2] if (r, c) in over else (r, c)
    return cells[r][c] if c < len(cells[r]) else None


def _own(cells: Cells, over: dict[tuple[int, int], tuple[int, int, int, int]], r: int, c: int) -> bool:
    """Whether a cell is filled and no wider than its column."""
    area = over.get((r, c))
    return (area is None or area[1] == area[3]) and not _is_empty(_at(cells, over, r, c))


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value != value


def _is_name(value: object) -> bool:
    return isinstance(value, str) and not re.fullmatch(r"\s*[(\[-]?[\d\s.,]*[)\]%]?\s*", value)


def _joins(over: dict[tuple[int, int], tuple[int, int, int, int]], cells: Cells, row: int, first: int) -> bool:
    """Whether the row above belongs to the heading that `row` is part of."""
    above = row - 1
    wide = len(cells[above])
    if any((area := over.get((row, c))) is not None and area[0] < row and area[1] == area[3] for c in range(wide)):
        return True
    filled = [c for c in range(wide) if not _is_empty(cells[above][c])]
    groups = [over[(above, c)] for c in filled if (above, c) in over and over[(above, c)][1] < over[(above, c)][3]]
    return bool(groups) and len(groups) == len(filled) and min(area[1] for area in groups) > first


def _names(
    cells: Cells, over: dict[tuple[int, int], tuple[int, int, int, int]], top: int, bottom: int, wide: int
) -> tuple[tuple[str | None, ...], int]:
    names: list[str | None] = []
    joined = 0
    for c in range(wide):
        parts: list[str] = []
        for r in range(top, bottom + 1):
            value = _at(cells, over, r, c)
            text = "" if _is_empty(value) else " ".join(str(value).split())
            if text and text not in parts[-1:]:
                parts.append(text)
        joined += len(parts) > 1
        names.append(" / ".join(parts) or None)
    return tuple(names), joined


def _is_numbers(row: Sequence[object], columns: int) -> bool:
    """Whether a row numbers the columns: (1), (2), (3), or 1 to n under every column; letters may stand before."""
    filled = [str(value).strip() for value in row if not _is_empty(value)]
    figures = [re.fullmatch(r"[(\[]?(\d{1,2})[)\]]?(?:\s*=.*)?", text) for text in filled]
    kept = [int(hit[1]) for hit in figures if hit]
    letters = [text for text, hit in zip(filled, figures, strict=True) if not hit]
    if (
        len(kept) < 2
        or len(filled) < COVERED * columns
        or any(not re.fullmatch(r"[(\[]?[A-Z][)\]]?", t) for t in letters)
    ):
        return False
    if kept != list(range(kept[0], kept[0] + len(kept))) or kept[0] != 1:
        return False
    return any(text[0] in "([" for text in filled) or len(filled) >= 4
