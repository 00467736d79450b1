"""Live: an index in memory, of rows that change while the service runs; asked in the same way as the index of a result."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

import numpy as np
import shapely
from sanchoi.api.features.build import GEOMETRY
from sanchoi.api.features.index import Index
from sanchoi.api.features.layers import ID, Collection

SQL = {"text": "TEXT", "number": "REAL", "integer": "INTEGER", "boolean": "BOOLEAN"}
HEAD = b"GP\x00\x01" + struct.pack("<i", 4326)
"""Header of a geometry in a GeoPackage: little-endian, without an envelope, EPSG:4326."""


class Live(Index):
    """One collection, made of rows.

    Parameters
    ----------
    name : of the collection. columns : name → text, number, integer or boolean. rows : id, geometry in EPSG:4326, values in the
        order of the columns; at least one.
    """

    def __init__(
        self, name: str, columns: Mapping[str, str], rows: Sequence[tuple[str, shapely.Geometry, Sequence[Any]]]
    ) -> None:
        with closing(sqlite3.connect(":memory:")) as base:
            _fill(base, name, columns, rows)
            self._image = base.serialize()
        shapes = np.array([shape for _, shape, _ in rows], dtype=object)
        west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
        self._begin()
        self.collections = {
            name: Collection(name, dict(columns), len(rows), (west, south, east, north), "polygon"),
        }

    def _connect(self) -> sqlite3.Connection:
        base = sqlite3.connect(":memory:", check_same_thread=False, cached_statements=64)
        base.deserialize(self._image)
        return base


def _fill(
    base: sqlite3.Connection,
    name: str,
    columns: Mapping[str, str],
    rows: Sequence[tuple[str, shapely.Geometry, Sequence[Any]]],
) -> None:
    told = ", ".join(f'"{column}" {SQL[kind]}' for column, kind in columns.items())
    base.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY, "{GEOMETRY}" BLOB, "{ID}" TEXT UNIQUE, {told})')
    base.execute(f'CREATE VIRTUAL TABLE "rtree_{name}_{GEOMETRY}" USING rtree(id, minx, maxx, miny, maxy)')
    blanks = ", ".join("?" * (3 + len(columns)))
    for fid, (feature, shape, values) in enumerate(rows, 1):
        base.execute(f'INSERT INTO "{name}" VALUES ({blanks})', (fid, HEAD + shapely.to_wkb(shape), feature, *values))
        west, south, east, north = shape.bounds
        base.execute(f'INSERT INTO "rtree_{name}_{GEOMETRY}" VALUES (?, ?, ?, ?, ?)', (fid, west, east, south, north))
    base.commit()
