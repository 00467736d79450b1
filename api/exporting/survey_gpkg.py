"""Survey form as a GeoPackage: layers to draw in, what is on record in them, the commune and its ways, lists to choose from."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from sanchoi.api.exporting import gpkg, qml, sld
from sanchoi.api.exporting.imprint import Imprint
from sanchoi.api.exporting.styles import Class, Label, Style, Symbol
from sanchoi.api.exporting.survey_words import LAYERS as TITLES
from sanchoi.api.survey_files import HEADER, LAYERS, RECORD
from sanchoi.gis.results import fixed_clock
from sanchoi.gis.survey_form import CHOICES, COLUMNS, DRAWN, HEAD, Form, Known
from sanchoi.gis.workbook import FIXED_CLOCK

MARK = "#2f5d2a"
SYMBOLS: dict[str, tuple[str, Symbol]] = {
    LAYERS[0]: ("point", Symbol(MARK, outline="#ffffff", size=3.2)),
    LAYERS[1]: ("polygon", Symbol("#c9dcc4", outline=MARK, width=0.4, opacity=0.8, pin=True)),
    "ranh_gioi": ("polygon", Symbol("", outline="#141e28", width=0.6, dash=True)),
    "duong": ("line", Symbol("", outline="#8a857b", width=0.3)),
}
"""Layer → its shape and how it is drawn."""
NUMBERS = {"no": "int64", "area_m2": "float64"}
SCHEMA = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
  definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
  description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL,
  value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
"""


def make(
    form: Form,
    crs: str,
    shapes: dict[str, Any],
    outline: shapely.Geometry,
    ways: Sequence[Any],
    language: str,
    path: Path,
    imprint: Imprint,
) -> None:
    """Write the form. `shapes` : of play areas on record, by id; all geometry in `crs`, that of the study."""
    points = [each for each in form.known if shapes[each.play_area_id].geom_type == "Point"]
    areas = [each for each in form.known if each not in points]
    layers: dict[str, tuple[gpd.GeoDataFrame, str]] = {
        LAYERS[0]: (_rows(points, shapes, crs), "Point"),
        LAYERS[1]: (_rows(areas, shapes, crs), "MultiPolygon"),
        "ranh_gioi": (
            gpd.GeoDataFrame({"commune_id": [form.commune_id], "name": [form.commune]}, geometry=[outline], crs=crs),
            "MultiPolygon",
        ),
        "duong": (gpd.GeoDataFrame(geometry=list(ways), crs=crs), "LineString"),
    }
    side = language == "en"
    with fixed_clock():
        for name, (frame, kind) in layers.items():
            told = f"{imprint.mark}{TITLES[name][side]}\n{imprint.text}"
            options = {"DESCRIPTION": told, "IDENTIFIER": name}
            pyogrio.write_dataframe(
                frame, path, layer=name, driver="GPKG", geometry_type=kind, promote_to_multi=kind.startswith("Multi"),
                append=path.exists(), layer_options=options, dataset_options={"VERSION": gpkg.VERSION},
            )  # fmt: skip
    database = sqlite3.connect(path)
    try:
        _tables(database, form, side)
        _lists(database, side)
        _styles(database, language)
        database.commit()
    finally:
        database.close()


def _rows(known: Sequence[Known], shapes: dict[str, Any], crs: str) -> gpd.GeoDataFrame:
    rows = [
        {
            **dict.fromkeys(COLUMNS),
            **{key: value for key, value in vars(each).items() if key in COLUMNS},
            "area_m2": np.nan if each.area_m2 is None else each.area_m2,
            "measured": None if each.area_m2 is None else "mapped",
        }
        for each in known
    ]
    names = [each for each in COLUMNS if each not in DRAWN]
    frame = pd.DataFrame(rows, columns=names).astype({name: NUMBERS.get(name, "object") for name in names})
    return gpd.GeoDataFrame(frame, geometry=[shapes[each.play_area_id] for each in known], crs=crs)


def _tables(database: sqlite3.Connection, form: Form, side: bool) -> None:
    """What is filled in once, and what the form keeps of itself."""
    database.execute(
        f"CREATE TABLE {HEADER} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, surveyor TEXT, surveyed_on DATE, none BOOLEAN)"
    )
    database.execute(f"INSERT INTO {HEADER} (surveyor, surveyed_on, none) VALUES (NULL, NULL, 0)")
    database.execute(f"CREATE TABLE {RECORD} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, key TEXT, value TEXT)")
    database.executemany(f"INSERT INTO {RECORD} (key, value) VALUES (?, ?)", form.record().items())
    for name in (HEADER, RECORD):
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
            "VALUES (?, 'attributes', ?, ?, ?)",
            (name, name, TITLES[name][side], FIXED_CLOCK),
        )


def _lists(database: sqlite3.Connection, side: bool) -> None:
    """Names of columns, and what may be chosen in them, as the extension "schema" of GeoPackage keeps them."""
    database.executescript(SCHEMA)
    for table in ("gpkg_data_columns", "gpkg_data_column_constraints"):
        row = (table, "gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema", "read-write")
        database.execute("INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, ?)", row)
    for column, words in CHOICES.items():
        rows = [(column, key, pair[side]) for key, pair in words.items()]
        database.executemany(
            "INSERT INTO gpkg_data_column_constraints (constraint_name, constraint_type, value, description) "
            "VALUES (?, 'enum', ?, ?)",
            rows,
        )
    named = [(layer, column, COLUMNS[column][side]) for layer in LAYERS for column in COLUMNS if column not in DRAWN]
    named += [(HEADER, column, pair[side]) for column, pair in HEAD.items()]
    database.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, constraint_name) VALUES (?, ?, ?, ?, ?)",
        [(layer, column, words, words, column if column in CHOICES else None) for layer, column, words in named],
    )


def _styles(database: sqlite3.Connection, language: str) -> None:
    """How the layers look when they are opened, and what their columns are called."""
    database.execute(gpkg.STYLES)
    database.execute(gpkg.CONTENT, (FIXED_CLOCK,))
    side = language == "en"
    for name, (shape, symbol) in SYMBOLS.items():
        title = TITLES[name][side]
        label = Label("name") if name in LAYERS else None
        style = Style(name, title, (Class(title, (), symbol),), label)
        columns = [column for column in COLUMNS if column not in DRAWN] if name in LAYERS else []
        aliases = {column: COLUMNS[column][side] for column in columns}
        document = qml.text(style, shape, aliases, "name" if aliases else "")
        database.execute(
            gpkg.STYLE, (name, title[:30], document, sld.text(style, name, shape), True, title, FIXED_CLOCK)
        )


def joined(ways: Sequence[Any]) -> list[Any]:
    """Ways as few lines."""
    if not len(ways):
        return []
    return list(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(ways)))))
