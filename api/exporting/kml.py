"""KML: one file with a folder a layer, coloured as the maps, every value kept with its type.

Written here and not by GDAL: its driver keeps either the styles or the types, and numbers become text.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import shapely
from sanchoi.api.exporting import parts, styles_layers
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.csv_columns import heading
from sanchoi.api.exporting.gpkg import nothing
from sanchoi.api.exporting.parts import Part, plain
from sanchoi.api.exporting.styles import Style, Symbol, chosen

NAME = "sanchoi.kml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document id="sanchoi">\n'
TAIL = "</Document>\n</kml>\n"
DECIMALS = 8
SOLID = 0.75
MOST = 20_000
"""More cells than this are left out: a globe does not draw them."""
HIDDEN = ("cells", "usable")
"""Layers that are not shown until somebody asks: there are too many of them for a globe."""
TITLED = {"communes": "name", "gaps": "name", "play_areas": "name", "cells": "cell_id", "sites": "build_order"}
BALLOON: dict[str, tuple[str, ...]] = {
    "communes": ("commune_id", "kind", "surveyed", "area_m2", "population"),
    "gaps": ("band", "children", "children_uncovered", "covered_share", "shortfall_m2", "reason_vi", "reason_en"),
    "play_areas": ("play_area_id", "kind", "access", "ages", "area_m2", "counts", "commune_id"),
    "parcels": (
        "commune_id",
        "land_use",
        "land_class",
        "owner",
        "area_m2",
        "usable_m2",
        "children_gained",
        "cost",
        "score",
        "rank",
    ),
    "sites": (
        "parcel_id",
        "commune_id",
        "land_use",
        "owner",
        "usable_m2",
        "children_gained",
        "cost",
        "who_vi",
        "who_en",
    ),
}
"""Columns that the balloon of a place shows; all of them stand in its data."""
RESERVED = ("name", "description", "timestamp", "begin", "end", "altitudemode", "tessellate", "extrude", "visibility")
"""Names that GDAL's reader takes for elements of KML; they get an underscore after them."""


def make(context: Context, _: str, folder: Path) -> list[Path]:
    """Write `sanchoi.kml`.

    Raises
    ------
    ContractError : nothing to write.
    """
    path, lost, rows = folder / NAME, 0, 0
    with path.open("w", encoding="utf-8", newline="\n") as sink:
        sink.write(HEAD)
        _put(sink, _text("name", context.imprint.title))
        _put(sink, _text("description", "<br/>\n".join(map(html.escape, context.imprint.lines))))
        for part in parts.parts(context, path, most=MOST):
            lost += parts.lost(part.frame)
            rows += len(part.frame)
            made = styles_layers.of(part, context.language, context.result.run)
            _folder(sink, part, made[0] if made else None, context.language, context.imprint.mark)
        sink.write(TAIL)
    if not rows:
        path.unlink()
        raise nothing()
    context.note(
        path, "Cột name mang tên name_: name là của KML.", "The column name is called name_: name is KML's own."
    )
    if context.wish.crs is not None and not context.wish.crs.upper().endswith(":4326"):
        context.note(
            path,
            f"KML luôn theo EPSG:4326; --crs {context.wish.crs} không dùng cho tệp này.",
            f"KML is always in EPSG:4326; --crs {context.wish.crs} is not used for it.",
        )
    if lost:
        context.note(
            path,
            f"Bỏ ký tự điều khiển trong {lost} ô chữ: XML không nhận.",
            f"Control characters are left out of {lost} texts: XML takes none.",
        )
    return [path]


def hidden(part: Part) -> bool:
    """Whether a layer is not shown at first: of gaps only those of all ages are, for they lie upon each other."""
    return part.layer.kind in HIDDEN or part.layer.band not in ("", "all")


def _folder(sink: IO[str], part: Part, style: Style | None, language: str, invented: str) -> None:
    """Schema and styles of a layer, then its rows. `invented` : the mark of invented data, before its title."""
    columns = [str(each) for each in part.frame.columns.drop("geometry")]
    _put(sink, _schema(part, columns, language))
    symbols = [] if style is None else [each.symbol for each in style.classes]
    for k, symbol in enumerate(symbols):
        _put(sink, _style(f"{part.name}-{k}", symbol, part.shape))
    sink.write(f'<Folder id="{part.name}">\n')
    _put(sink, _text("name", part.name))
    _put(sink, _text("description", invented + part.title(language)))
    if hidden(part):
        _put(sink, _text("visibility", "0"))
    for mark in _placemarks(part, style, columns, language):
        _put(sink, mark)
    sink.write("</Folder>\n")


def _put(sink: IO[str], element: ET.Element) -> None:
    sink.write(plain(ET.tostring(element, encoding="unicode")) + "\n")


def _text(tag: str, words: str) -> ET.Element:
    made = ET.Element(tag)
    made.text = words
    return made


def field(column: str) -> str:
    """Name of a column in the file."""
    return f"{column}_" if column.lower() in RESERVED else column


def _schema(part: Part, columns: Sequence[str], language: str) -> ET.Element:
    made = ET.Element("Schema", name=part.name, id=f"schema-{part.name}")
    for column in columns:
        kind = ET.SubElement(made, "SimpleField", type=_type(part.frame[column]), name=field(column))
        kind.append(_text("displayName", heading(part.layer.kind, column, language)))
    return made


def _type(values: pd.Series) -> str:
    kind = values.dtype
    if pd.api.types.is_bool_dtype(kind):
        return "bool"
    if pd.api.types.is_integer_dtype(kind):
        return "int"
    return "double" if pd.api.types.is_float_dtype(kind) else "string"


def _style(name: str, symbol: Symbol, shape: str) -> ET.Element:
    made = ET.Element("Style", id=name)
    if shape == "point":
        icon = ET.SubElement(made, "IconStyle")
        icon.append(_text("color", _colour(symbol.fill, 1)))
        icon.append(_text("scale", "0.8"))
        ET.SubElement(made, "LabelStyle").append(_text("scale", "0.8"))
        return made
    line = ET.SubElement(made, "LineStyle")
    line.append(_text("color", _colour(symbol.outline, 1)))
    line.append(_text("width", f"{max(symbol.width * 4, 1):g}"))
    if shape == "polygon":
        fill = ET.SubElement(made, "PolyStyle")
        light = symbol.mark != "plain" and not symbol.fill
        fill.append(_text("color", _colour(symbol.fill or symbol.ink, 0 if not symbol.fill and not light else SOLID)))
        fill.append(_text("fill", "1" if symbol.fill or light else "0"))
    return made


def _colour(colour: str, opacity: float) -> str:
    """A colour "#rrggbb" as KML has it: aabbggrr."""
    return f"{round(opacity * 255):02x}{colour[5:7]}{colour[3:5]}{colour[1:3]}" if colour else "00ffffff"


def _placemarks(part: Part, style: Style | None, columns: Sequence[str], language: str) -> Iterator[ET.Element]:
    frame = part.frame
    kinds = pd.Series(-1, index=frame.index)
    for k, each in enumerate(style.classes if style is not None else ()):
        kinds = kinds.mask((kinds < 0) & chosen(frame, each.tests), k)
    headings = [html.escape(heading(part.layer.kind, column, language)) for column in columns]
    title = TITLED.get(part.layer.kind, "parcel_id")
    types = [_type(frame[column]) for column in columns]
    names = [field(column) for column in columns]
    other = "_vi" if language == "en" else "_en"
    balloon = BALLOON.get(part.layer.kind, ())
    shown = {j for j, column in enumerate(columns) if column in balloon and not column.endswith(other)}
    values = [_plain_values(frame[column]) for column in columns]
    titles = _plain_values(frame[title]) if title in frame else [None] * len(frame)
    for k, shape in enumerate(frame.geometry.to_numpy()):
        mark = ET.Element("Placemark")
        if titles[k] is not None:
            mark.append(_text("name", str(titles[k])))
        if hidden(part):
            mark.append(_text("visibility", "0"))
        row = [column[k] for column in values]
        known = [j for j, value in enumerate(row) if value is not None]
        told = [(headings[j], _said(row[j])) for j in known if j in shown]
        if told:
            mark.append(_text("description", _table(told)))
        if kinds.iloc[k] >= 0:
            mark.append(_text("styleUrl", f"#{part.name}-{kinds.iloc[k]}"))
        data = ET.SubElement(ET.SubElement(mark, "ExtendedData"), "SchemaData", schemaUrl=f"#schema-{part.name}")
        for j in known:
            cell = ET.SubElement(data, "SimpleData", name=names[j])
            cell.text = str(int(row[j])) if types[j] == "bool" else str(row[j])
        if shape is not None:
            mark.append(geometry(shape))
        yield mark


def _plain_values(values: pd.Series) -> list[Any]:
    """Values as Python has them; None is unknown."""
    plain_values = values.astype(object)
    return [None if pd.isna(each) else each for each in plain_values]


def _said(value: object) -> str:
    """A value in the balloon, escaped."""
    if isinstance(value, bool | np.bool_):
        return "✓" if value else "✗"
    if isinstance(value, float):
        value = f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
    return html.escape(str(value))


def _table(rows: Sequence[tuple[str, str]]) -> str:
    """Rows of a table in HTML, already escaped."""
    return "<table>" + "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows) + "</table>"


def geometry(shape: shapely.Geometry) -> ET.Element:
    """A geometry of KML."""
    if shape.geom_type == "Point":
        made = ET.Element("Point")
        made.append(_places(shape))
    elif shape.geom_type in ("LineString", "LinearRing"):
        made = ET.Element(shape.geom_type)
        made.append(_places(shape))
    elif shape.geom_type == "Polygon":
        made = ET.Element("Polygon")
        turned = shapely.orient_polygons(shape)
        for tag, ring in [
            ("outerBoundaryIs", turned.exterior),
            *(("innerBoundaryIs", each) for each in turned.interiors),
        ]:
            ET.SubElement(made, tag).append(geometry(ring))
    else:
        made = ET.Element("MultiGeometry")
        for piece in shape.geoms:
            made.append(geometry(piece))
    return made


def _places(shape: shapely.Geometry) -> ET.Element:
    xy = shapely.get_coordinates(shape)
    return _text("coordinates", " ".join(f"{x:.{DECIMALS}f},{y:.{DECIMALS}f}" for x, y in xy))
