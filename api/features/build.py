"""Build: the index of a result, one GeoPackage with a layer a collection, written once and never changed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from sanchoi.api.features.layers import ID, INDEXED, Collection, layers
from sanchoi.gis.results import fixed_clock

FORMAT = 1
"""Grows when the index is made in another way, so that older ones are made anew."""
GEOMETRY = "geom"
SHAPES = {"Point": "point", "Polygon": "polygon", "MultiPolygon": "polygon"}


def build(folder: Path, target: Path) -> None:
    """Make the index of a result folder as `target`.

    Raises
    ------
    SourceError : a table is missing or damaged. OSError : the file cannot be written.
    """
    tables = json.loads((folder / "run.json").read_text(encoding="utf-8"))["tables"]
    made = []
    for name, frame in layers(folder, tables):
        _write(frame, target, name)
        made.append(_collection(name, frame))
        del frame
    with closing(sqlite3.connect(target, isolation_level=None)) as base:
        base.execute("PRAGMA synchronous = OFF")
        for each in made:
            base.execute(f'CREATE UNIQUE INDEX "ix_{each.name}_id" ON "{each.name}" ("{ID}")')
            for column in INDEXED[each.name]:
                if column in each.columns:
                    base.execute(f'CREATE INDEX "ix_{each.name}_{column}" ON "{each.name}" ("{column}")')
        base.execute("CREATE TABLE sanchoi_index (format INTEGER NOT NULL, collection TEXT NOT NULL)")
        base.executemany("INSERT INTO sanchoi_index VALUES (?, ?)", [(FORMAT, each.text()) for each in made])
        base.execute("ANALYZE")


def _write(frame: gpd.GeoDataFrame, target: Path, name: str) -> None:
    kinds = set(frame.geometry.geom_type.dropna())
    shape = "MultiPolygon" if kinds == {"Polygon", "MultiPolygon"} else kinds.pop() if len(kinds) == 1 else "Unknown"
    with fixed_clock():
        pyogrio.write_dataframe(
            frame,
            target,
            layer=name,
            driver="GPKG",
            append=target.exists(),
            geometry_type=shape,
            promote_to_multi=shape == "MultiPolygon",
            use_arrow=False,
            layer_options={"FID": "fid", "GEOMETRY_NAME": GEOMETRY, "SPATIAL_INDEX": "YES"},
        )


def _collection(name: str, frame: gpd.GeoDataFrame) -> Collection:
    columns = {str(each): _kind(frame[each]) for each in frame.columns if each not in (ID, "geometry")}
    west, south, east, north = (float(each) for each in frame.total_bounds)
    shapes = {SHAPES.get(each, "any") for each in frame.geometry.geom_type.dropna().unique()}
    return Collection(
        name, columns, len(frame), (west, south, east, north), shapes.pop() if len(shapes) == 1 else "any"
    )


def _kind(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column.dtype):
        return "boolean"
    if pd.api.types.is_integer_dtype(column.dtype):
        return "integer"
    return "number" if pd.api.types.is_float_dtype(column.dtype) else "text"
