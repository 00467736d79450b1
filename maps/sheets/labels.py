"""Labels: where names stand so that no two overlap and none leaves the map.

Greedy, as in Imhof's rules of thumb (1975) and Christensen, Marks and Shieber (1995): labels in order of importance, each at the
first of its places that is free. A label that finds none is left out: better no name than an unreadable one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from sanchoi.maps.sheets.paper import Box

ROOM = 0.6
"""Free room around a label, mm."""


@dataclass(frozen=True)
class Label:
    """A text of some size that wants to stand at x, y (mm).

    `around`: True = beside a mark there (right, left, above, below), False = on the place itself, or near it. `weight`: the
    larger, the earlier it is placed; equal ones by text. `away`: the side of the mark that is tried first. `fixed`: on the place
    itself or nowhere. `more`: other places, tried last. `key`: what it names.
    """

    text: str
    x: float
    y: float
    width: float
    height: float
    weight: float = 0.0
    around: bool = False
    offset: float = 1.6
    bold: bool = False
    away: tuple[float, float] | None = None
    fixed: bool = False
    more: tuple[tuple[float, float], ...] = ()
    key: str = ""

    def places(self) -> list[tuple[float, float]]:
        """Centres to try, the best first."""
        if self.fixed:
            return [(self.x, self.y)]
        dx, dy = self.width / 2 + self.offset, self.height / 2 + self.offset
        if self.around:
            steps = [(dx, 0), (dx, -dy), (dx, dy), (-dx, 0), (-dx, -dy), (-dx, dy), (0, -dy), (0, dy)]
            if self.away is not None:
                east, down = self.away
                steps.sort(key=lambda step: -(step[0] * east + step[1] * down) / math.hypot(*step))
        else:
            half = self.height * 0.6
            steps = [(0.0, 0.0), (0, half), (0, -half), (0, 2 * half), (0, -2 * half), (dx / 2, 0), (-dx / 2, 0)]
        return [*((self.x + a, self.y + b) for a, b in steps), *self.more]


def place(labels: Sequence[Label], inside: Box, taken: Sequence[Box] = ()) -> list[tuple[Label, Box]]:
    """Labels that found a place, with it.

    Parameters
    ----------
    inside : the map. taken : marks that no label may cover.
    """
    held: list[shapely.Geometry] = [_shape(box) for box in taken]
    out: list[tuple[Label, Box]] = []
    for label in sorted(labels, key=lambda each: (-each.weight, each.text, each.x, each.y)):
        tree = shapely.STRtree(held) if held else None
        for x, y in label.places():
            box = Box(x - label.width / 2, y - label.height / 2, label.width, label.height)
            inner = (
                box.left >= inside.left
                and box.right <= inside.right
                and box.top >= inside.top
                and box.bottom <= inside.bottom
            )
            shape = _shape(box)
            if inner and (tree is None or not len(tree.query(shape, predicate="intersects"))):
                held.append(_shape(Box(box.left - ROOM, box.top - ROOM, box.width + 2 * ROOM, box.height + 2 * ROOM)))
                out.append((label, box))
                break
    return out


def _shape(box: Box) -> shapely.Polygon:
    return shapely.box(box.left, box.top, box.right, box.bottom)
