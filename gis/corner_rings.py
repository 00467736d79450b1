"""Rings of a table of corners, and the land they bound; what keeps them from being land is said with the edges it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis.corner_rows import Row, Table
from sanchoi.gis.corner_words import Pair, number, refusal, remark, shown

Floats = npt.NDArray[np.float64]
CORNERS = 1_000
SAME_M, NEAR_M = 0.001, 0.05
SAME_DEGREES = 1e-9
BLOCK = 256


@dataclass(frozen=True)
class Ring:
    """Corners around a piece of land, the first not repeated. `xy` : (n, 2) east, north. `said` : lengths as the table has them."""

    xy: Floats
    names: tuple[str, ...]
    said: tuple[float | None, ...]
    lines: tuple[int, ...]
    degrees: bool
    east_first: bool

    @property
    def edges_m(self) -> Floats:
        """Length from each corner to the next."""
        steps: Floats = np.linalg.norm(np.roll(self.xy, -1, axis=0) - self.xy, axis=1)
        return steps

    def edge(self, i: int) -> str:
        """Name of an edge."""
        return f"{self.names[i]}–{self.names[(i + 1) % len(self.names)]}"

    def moved(self, turn: Callable[[Floats, Floats], tuple[Floats, Floats]]) -> Ring:
        """In another CRS, metres."""
        xy = np.column_stack(turn(self.xy[:, 0], self.xy[:, 1]))
        return Ring(xy, self.names, self.said, self.lines, False, self.east_first)


def rings(table: Table) -> tuple[list[Ring], list[Pair]]:
    """Divide rows into rings, and say what was left out.

    Raises
    ------
    ContractError : too many or too few corners, rows of two kinds, one name for two corners.
    """
    rows = table.rows
    if len(rows) > CORNERS:
        raise refusal("long", came=(f"{len(rows)} góc", f"{len(rows)} corners"), most=CORNERS)
    mostly = sum(row.east_first for row in rows) * 2 > len(rows)
    for row in rows:
        if row.degrees != rows[0].degrees:
            raise refusal("kinds", line=row.line, came=shown(row.text))
        if row.east_first != mostly:
            raise refusal("mixed", line=row.line, came=shown(row.text))
    told: list[Pair] = []
    found = [_ring(part, table, told, len(parts) > 1, i) for parts in [_parts(rows)] for i, part in enumerate(parts, 1)]
    return found, told


def _parts(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows by ring: a ring ends where its first corner comes again, or at a gap if all parts between gaps have three corners."""
    gaps: list[list[Row]] = []
    for row in rows:
        if row.begins or not gaps:
            gaps.append([])
        gaps[-1].append(row)
    if any(len(part) < 3 for part in gaps):
        gaps = [list(rows)]
    parts: list[list[Row]] = []
    for part in gaps:
        begun: list[Row] = []
        for row in part:
            begun.append(row)
            if len(begun) > 3 and _same(row, begun[0]):
                parts.append(begun)
                begun = []
        if begun:
            parts.append(begun)
    return parts


def _same(one: Row, two: Row, within_m: float = SAME_M) -> bool:
    within = SAME_DEGREES if one.degrees else within_m
    return abs(one.north - two.north) <= within and abs(one.east - two.east) <= within


def _ring(rows: list[Row], table: Table, told: list[Pair], several: bool, part: int) -> Ring:
    first, last = rows[0], rows[-1]
    if len(rows) > 3 and (
        _same(first, last) or (first.name and first.name == last.name and _same(first, last, NEAR_M))
    ):
        told.append(remark("closed"))
        if first.said is None and last.said is not None and rows[-2].said is None:  # lengths stand beside their ends
            rows = [first, *rows[1:]]
        rows = rows[:-1]
    kept: list[Row] = []
    for row in rows:
        if kept and _same(row, kept[-1]):
            told.append(remark("twice", line=row.line))
        else:
            kept.append(row)
    where = (f" ở vùng {part}", f" in part {part}") if several else ""
    if len(kept) < 3:
        raise refusal("few", came=len({(row.north, row.east) for row in kept}), where=where)
    _one_each(kept)
    names = tuple(row.name or str(i) for i, row in enumerate(kept, 1))
    said = tuple(
        table.between.get((name, after), table.between.get((after, name), row.said))
        for row, name, after in zip(kept, names, (*names[1:], names[0]), strict=True)
    )
    xy = np.array([(row.east, row.north) for row in kept])
    ring = Ring(xy, names, said, tuple(row.line for row in kept), first.degrees, first.east_first)
    return ring if first.degrees else _aligned(ring)


def _one_each(rows: Sequence[Row]) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        other = seen.setdefault(row.name, row) if row.name else row
        if other is not row and not _same(other, row):
            gap = float(np.hypot(other.north - row.north, other.east - row.east))
            raise refusal("name", line=row.line, came=shown(row.name), other=other.line, gap=number(gap))


def _aligned(ring: Ring) -> Ring:
    """Lengths may stand beside the corner that their edge leaves, or the one it comes to; the way that fits is the table's."""
    n = len(ring.said)
    back = (*ring.said[1:], ring.said[0])

    def misfit(said: tuple[float | None, ...]) -> float:
        return float(np.median([abs(each - ring.edges_m[i]) for i, each in enumerate(said) if each is not None]))

    if n < 3 or all(each is None for each in ring.said) or misfit(ring.said) <= misfit(back):
        return ring
    return Ring(ring.xy, ring.names, back, ring.lines, ring.degrees, ring.east_first)


def compose(found: Sequence[Ring]) -> tuple[Any, list[Pair]]:
    """The land that rings bound, in metres: holes inside, parts side by side.

    Raises
    ------
    ContractError : a ring crosses or touches itself or has no area; parts overlap.
    """
    shapes = []
    for part, ring in enumerate(found, 1):
        where = (f" ở vùng {part}", f" in part {part}") if len(found) > 1 else ""
        _check(ring, where)
        shapes.append(shapely.Polygon(ring.xy))
    told: list[Pair] = [remark("parts", n=len(found))] if len(found) > 1 else []
    holes: dict[int, list[int]] = {}
    for i, inner in enumerate(shapes):
        for j, outer in enumerate(shapes):
            if i != j and outer.contains(inner):
                holes.setdefault(j, []).append(i)
                told.append(remark("hole", inner=i + 1, outer=j + 1))
            elif i < j and not inner.contains(outer) and inner.intersection(outer).area > 0.01:
                raise refusal("overlap", one=i + 1, two=j + 1)
    within = {i for those in holes.values() for i in those}
    polygons = [
        shapely.Polygon(shape.exterior, [shapes[i].exterior for i in holes.get(j, [])])
        for j, shape in enumerate(shapes)
        if j not in within
    ]
    land = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    if not land.is_valid:
        raise refusal("touching", came=shapely.is_valid_reason(land))
    return land, told


def _check(ring: Ring, where: Pair | str) -> None:
    crossed = crossing(ring.xy)
    if crossed is not None:
        i, j = crossed
        hint: Pair = ("", "")
        if (j - i) % len(ring.names) == 2:
            one, two = ring.names[i + 1], ring.names[j]
            hint = (
                f"; có lẽ góc {one} và góc {two} đổi chỗ cho nhau",
                f"; corners {one} and {two} may be in each other's place",
            )
        raise refusal("crossing", one=ring.edge(i), two=ring.edge(j), hint=hint)
    shape = shapely.Polygon(ring.xy)
    if shape.area < 0.01 or np.linalg.matrix_rank(ring.xy - ring.xy[0], tol=SAME_M) < 2:
        raise refusal("flat", where=where)
    if not shape.is_valid:
        raise refusal("touching", came=shown(shapely.is_valid_reason(shape)))


def crossing(xy: Floats) -> tuple[int, int] | None:
    """The first two edges of a closed ring that cross: each has the ends of the other on both its sides."""
    start = xy - xy.mean(axis=0)
    end = np.roll(start, -1, axis=0)

    def side(a: Floats, b: Floats, c: Floats) -> Floats:
        turned: Floats = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (
            c[..., 0] - a[..., 0]
        )
        return turned

    n = len(xy)
    for at in range(0, n, BLOCK):
        a, b = start[at : at + BLOCK, None], end[at : at + BLOCK, None]
        c, d = start[None], end[None]
        apart = (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
        apart &= np.arange(at, at + len(a))[:, None] < np.arange(n)[None]
        if apart.any():
            i, j = np.argwhere(apart)[0]
            return int(i) + at, int(j)
    return None
