"""GeoPackage, read with SQLite alone: the tables of shapes that it lists, no views, triggers, virtual tables or functions."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyproj
import shapely
from sanchoi.api.uploads import projections, shapes
from sanchoi.api.uploads.limits import Limits
from sanchoi.api.uploads.words import Pair, Refused, remark

LAYERS = 50
ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
LISTS = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
NONE = (0, -1, 99999)
"""Numbers with which a GeoPackage says that it knows no CRS; the last is GDAL's."""
PRAGMAS = ("trusted_schema", "cell_size_check", "query_only")


def read(data: bytes, folder: Path, limits: Limits, assume: int | None) -> shapes.Found:
    """Polygons of a GeoPackage.

    Raises
    ------
    Refused : it is none, or as `shapes.finish`.
    """
    path = folder / "upload.gpkg"
    path.write_bytes(data)
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            return _read(connection, limits, assume)
    except (sqlite3.Error, struct.error, UnicodeError):
        raise Refused("broken", kind="GPKG", why="") from None


def _read(connection: sqlite3.Connection, limits: Limits, assume: int | None) -> shapes.Found:
    allowed = {"sqlite_master", *LISTS}

    def judge(action: int, one: str | None, two: str | None, schema: str | None, trigger: str | None) -> int:
        if trigger is not None:  # a view or trigger asks
            return sqlite3.SQLITE_DENY
        known = one is not None and one.lower() in allowed
        fine = action == sqlite3.SQLITE_SELECT or (action == sqlite3.SQLITE_READ and known)
        fine = fine or (action == sqlite3.SQLITE_PRAGMA and one in PRAGMAS)
        return sqlite3.SQLITE_OK if fine else sqlite3.SQLITE_DENY

    connection.set_authorizer(judge)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * limits.site_bytes)
    tables = {
        str(name).lower()
        for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master")
        if kind == "table" and str(sql).lower().lstrip().startswith("create table")
    }
    if not tables.issuperset(LISTS):
        raise Refused("broken", kind="GPKG", why="")
    listed = connection.execute(
        "SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c, gpkg_geometry_columns g "
        "WHERE c.table_name = g.table_name AND c.data_type = 'features' ORDER BY c.table_name"
    ).fetchmany(LAYERS + 1)
    if len(listed) > LAYERS:
        raise Refused("layers", most=LAYERS)
    whole = shapes.Found()
    problem: Refused | None = None
    left = limits
    for table, column, srs in listed:
        if str(table).lower() not in tables:
            raise Refused("broken", kind="GPKG", why=(": bảng là một view", ": a table of it is a view"))
        allowed.add(str(table).lower())
        crs, words = _crs(connection, srs, assume)
        try:
            found = shapes.finish(_rows(connection, str(table), str(column), limits), crs, left, [words])
        except Refused as refused:
            if refused.code != "no_polygons":
                raise
            problem = refused
            continue
        whole.sites += found.sites
        whole.remarks += [each for each in found.remarks if each not in whole.remarks]
        left = shapes.less(limits, whole.sites)
    if not whole.sites:
        raise problem or Refused("no_polygons", others="")
    return whole


def _rows(connection: sqlite3.Connection, table: str, column: str, limits: Limits) -> Iterator[shapes.Raw]:
    quoted = '"' + table.replace('"', '""') + '"'
    cursor = connection.execute(f"SELECT * FROM {quoted} LIMIT ?", (limits.features + 1,))
    names = [str(each[0]) for each in cursor.description]
    if column not in names:
        raise Refused("broken", kind="GPKG", why="")
    at = names.index(column)
    for n, row in enumerate(cursor, 1):
        properties = {name: value for i, (name, value) in enumerate(zip(names, row, strict=True)) if i != at}
        yield shapes.Raw(None if row[at] is None else _geometry(row[at], n), properties, table)


def _geometry(blob: Any, n: int) -> Any:  # noqa: ANN401 - a value of SQLite, shapely geometry
    """The geometry in a GeoPackage's blob, after its header."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        raise Refused("shape", n=n)
    flags = blob[3]
    if flags & 0x20 or (flags >> 1) & 7 not in ENVELOPES:
        raise Refused("shape", n=n)
    if flags & 0x10:
        return None
    try:
        return shapely.from_wkb(blob[8 + ENVELOPES[(flags >> 1) & 7] :])
    except (shapely.errors.GEOSException, ValueError):
        raise Refused("shape", n=n) from None


def _crs(connection: sqlite3.Connection, srs: object, assume: int | None) -> tuple[pyproj.CRS, Pair]:
    """The CRS of a layer, and what is said of it."""
    row = None
    if srs not in NONE:
        row = connection.execute(
            "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
            (srs,),
        ).fetchone()
    if row is None:
        crs = projections.assumed(assume, "GPKG")
        return crs, remark("assumed", crs=shapes.name_of(crs))
    if str(row[0]).upper() == "EPSG":
        crs = projections.of_code(row[1])
        return crs, remark("crs", crs=shapes.name_of(crs))
    return projections.of_wkt(str(row[2]))
