"""Conditions: SQL in which every value is a bound parameter, and the parts from which it is put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from sanchoi.api.features.build import GEOMETRY
from sanchoi.api.features.crs import inner
from shapely.geometry.base import BaseGeometry

Value = str | int | float | bytes


@dataclass(frozen=True)
class Condition:
    """A condition on the rows of one layer."""

    sql: str = "1"
    values: tuple[Value, ...] = ()

    @property
    def all(self) -> bool:
        """Whether it holds for every row."""
        return self.sql == "1"


def every(parts: Sequence[Condition]) -> Condition:
    """All of them."""
    return join("AND", [each for each in parts if not each.all])


def join(word: str, parts: Sequence[Condition]) -> Condition:
    """Parts joined by AND or OR, halved again and again so that many do not lie deep."""
    if len(parts) < 2:
        return parts[0] if parts else Condition()
    half = len(parts) // 2
    left, right = join(word, parts[:half]), join(word, parts[half:])
    return Condition(f"({left.sql} {word} {right.sql})", (*left.values, *right.values))


def equal(column: str, value: Value) -> Condition:
    """A column that is a value."""
    return Condition(f'"{column}" = ?', (value,))


def meeting(layer: str, shape: BaseGeometry) -> Condition:
    """Features that have a point in common with a shape in CRS84.

    The R-tree finds those near it; what lies wholly in a box inside the shape is in, and only the rest is looked at closely.
    """
    tree = f'"rtree_{layer}_{GEOMETRY}"'
    west, south, east, north = shape.bounds
    near = f"fid IN (SELECT id FROM {tree} WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?)"
    close, values = f'meets(?, "{GEOMETRY}")', (west, east, south, north)
    wkb = shapely.to_wkb(shape)
    box = inner(shape)
    if box is None:
        return Condition(f"({near} AND {close})", (*values, wkb))
    within = f"fid IN (SELECT id FROM {tree} WHERE minx >= ? AND maxx <= ? AND miny >= ? AND maxy <= ?)"
    return Condition(f"({near} AND ({within} OR {close}))", (*values, box[0], box[2], box[1], box[3], wkb))
