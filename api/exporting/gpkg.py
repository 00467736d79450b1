"""GeoPackage: all layers in one file, with headings for their columns and styles by which they open coloured in a GIS."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyogrio
from sanchoi.api.exporting import parts, qml, sld, styles_layers
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.csv_columns import heading, meaning
from sanchoi.api.exporting.imprint import Imprint
from sanchoi.api.exporting.parts import Part
from sanchoi.api.exporting.styles import Style
from sanchoi.gis.errors import ContractError
from sanchoi.gis.results import fixed_clock
from sanchoi.gis.workbook import FIXED_CLOCK

NAME = "sanchoi.gpkg"
VERSION = "1.2"
"""Of the format: the newest that GDAL 3.2 to 3.12 read without a warning."""
STYLES = """CREATE TABLE layer_styles (
 id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
 f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
 useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
 update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""
STYLE = """INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
 styleSLD, useAsDefault, description, owner, ui, update_time) VALUES ('', '', ?, 'geom', ?, ?, ?, ?, ?, '', NULL, ?)"""
CONTENT = """INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
 VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)"""
COLUMNS = """CREATE TABLE gpkg_data_columns (
 table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,
 CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name))"""
COLUMN_LIMITS = """CREATE TABLE gpkg_data_column_constraints (
 constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
 max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
 CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))"""
SCHEMA = "http://www.geopackage.org/spec121/#extension_schema"
DISPLAY = {"communes": "name", "gaps": "name", "play_areas": "name", "cells": "cell_id", "sites": "build_order"}


def make(context: Context, _: str, folder: Path) -> list[Path]:
    """Write `sanchoi.gpkg`.

    Raises
    ------
    CRSError : the CRS that is asked for is unknown or not in metres or degrees. ContractError : nothing to write.
    """
    crs = parts.target(context)
    path = folder / NAME
    written: list[tuple[Part, list[Style]]] = []
    with fixed_clock(), _unsynced():
        for part in parts.parts(context, path, crs):
            write(part, path, context.language, context.imprint)
            made = styles_layers.of(part, context.language, context.result.run)
            written.append((_bare(part), made))
    if not written:
        raise nothing()
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("PRAGMA synchronous = OFF")
        _headings(base, [part for part, _ in written], context.language)
        _styles(base, written, context.language)
    return [path]


@contextmanager
def _unsynced() -> Iterator[None]:
    """Let GDAL not wait for the disk at every layer: a file that was cut short is thrown away anyway."""
    name = "OGR_SQLITE_SYNCHRONOUS"
    before = pyogrio.get_gdal_config_option(name)
    pyogrio.set_gdal_config_options({name: "OFF"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({name: before})


def nothing() -> ContractError:
    """The error for an export without a single row."""
    error = ContractError("no layer has a row", "a result with at least one commune", "choose other communes or sites")
    error.vi = "không có lớp nào có dữ liệu · cần ít nhất một xã, phường · hãy chọn xã hoặc thửa khác"
    return error


def write(part: Part, path: Path, language: str, imprint: Imprint) -> None:
    """One layer, added to a file, with what it says of itself: in its description for people, in its metadata for programs."""
    pyogrio.write_dataframe(
        part.frame,
        path,
        layer=part.name,
        driver="GPKG",
        geometry_type=part.kind,
        dataset_options=None if path.exists() else {"VERSION": VERSION},
        dataset_metadata=None if path.exists() else imprint.items(),
        layer_metadata=imprint.items(),
        layer_options={
            "IDENTIFIER": part.name,
            "DESCRIPTION": f"{imprint.mark}{part.title(language)}\n{imprint.text}",
            "GEOMETRY_NAME": "geom",
        },
    )


def _bare(part: Part) -> Part:
    """Without its rows: what is written need not be kept."""
    return Part(part.name, part.layer, part.frame.iloc[:0].copy(), part.shape)


def _headings(base: sqlite3.Connection, written: Iterable[Part], language: str) -> None:
    base.execute(COLUMNS)
    base.execute(COLUMN_LIMITS)
    for part in written:
        for column in part.frame.columns.drop("geometry"):
            vi, en, unit = meaning(part.layer.kind, column)
            words = f"{vi} · {en}" + (f" [{unit}]" if unit else "")
            row = (part.name, column, column, heading(part.layer.kind, column, language), words)
            base.execute("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)", row)
    for table in ("gpkg_data_columns", "gpkg_data_column_constraints"):
        row = (table, None, "gpkg_schema", SCHEMA, "read-write")
        base.execute("INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)", row)


def _styles(base: sqlite3.Connection, written: Iterable[tuple[Part, list[Style]]], language: str) -> None:
    base.execute(STYLES)
    base.execute(CONTENT, (FIXED_CLOCK,))
    for part, made in written:
        aliases = {column: heading(part.layer.kind, column, language) for column in part.frame.columns.drop("geometry")}
        for k, style in enumerate(made):
            shown = DISPLAY.get(part.layer.kind, "parcel_id")
            document = qml.text(style, part.shape, aliases, shown if shown in aliases else "")
            other = sld.text(style, part.name, part.shape)
            default, title = k == 0, part.title(language)
            row = (part.name, style.title[:30], document, other, default, title, FIXED_CLOCK)
            base.execute(STYLE, row)
