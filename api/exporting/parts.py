"""Parts: layers made ready for a file: one shape each, texts that a file can hold, coordinates in the CRS that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.layers import Layer, layers, words
from sanchoi.api.features.layers import ID
from sanchoi.gis.errors import CRSError
from sanchoi.gis.results import MAX_CELLS

WGS84 = pyproj.CRS("EPSG:4326")
SHAPES = {0: "point", 1: "line", 2: "polygon"}
ENDINGS = {"point": "points", "line": "lines", "polygon": "areas"}
NEVER = re.compile("[\x00\ud800-\udfff]")
"""What no file holds: the end of a C string, and halves of letters."""
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML forbids."""


@dataclass(frozen=True)
class Part:
    """One layer of one shape.

    Attributes
    ----------
    name : of the layer in the file. layer : that it is of. frame : rows, without the id that only services need.
    shape : point, line or polygon.
    """

    name: str
    layer: Layer
    frame: gpd.GeoDataFrame
    shape: str

    @property
    def kind(self) -> str:
        """Type of its geometry, such as MultiPolygon."""
        known = self.frame.geom_type.dropna()
        plain = {"point": "Point", "line": "LineString", "polygon": "Polygon"}
        return str(known.iloc[0]) if len(known) else plain[self.shape]

    def title(self, language: str) -> str:
        """Title in a language, with the ages where there are some."""
        more = {"point": (" (điểm)", " (points)"), "line": (" (đường)", " (lines)"), "polygon": (" (vùng)", " (areas)")}
        shape = "" if self.name == self.layer.name else more[self.shape][language == "en"]
        return words(self.layer, language) + shape


def target(context: Context) -> pyproj.CRS:
    """CRS of data files.

    Raises
    ------
    CRSError : unknown, or neither degrees nor metres on the ground.
    """
    try:
        crs = context.crs
    except CRSError as error:
        error.vi = (
            f"{context.wish.crs} không phải là một hệ tọa độ · cần một mã như EPSG:5899 (VN-2000, kinh tuyến trục 107°45′) · "
            "hãy sửa mã"
        )
        raise
    units = {axis.unit_name for axis in crs.axis_info[:2]}
    if not (crs.is_projected and units == {"metre"}) and not (crs.is_geographic and units == {"degree"}):
        wrong = CRSError(
            f"{crs.to_string()[:80]} ({crs.name}) has {' and '.join(sorted(units)) or 'no axes'}",
            "a CRS in metres or degrees, such as EPSG:5899",
            "choose another with --crs",
        )
        wrong.vi = (
            f"{crs.to_string()[:80]} ({crs.name}) dùng đơn vị {', '.join(sorted(units)) or 'không rõ'} · cần hệ tọa độ theo mét "
            "hoặc độ, như EPSG:5899 · hãy chọn hệ khác bằng --crs"
        )
        raise wrong
    return crs


def wanted(context: Context, path: Path, most: int = MAX_CELLS) -> Iterator[Layer]:
    """Layers of what was chosen; more cells than `most` are left out, and that is said of a file."""
    for layer in layers(context):
        if layer.kind == "cells" and len(layer.frame) > most:
            count, limit = (f"{each:,}" for each in (len(layer.frame), most))
            context.note(
                path,
                f"Bỏ {count.replace(',', '.')} ô dân cư, nhiều hơn {limit.replace(',', '.')}: hãy chọn xã; "
                "đủ trong tables/cells.parquet của kết quả.",
                f"{count} cells are left out, more than {limit}: choose communes; "
                "all of them are in tables/cells.parquet of the result.",
            )
        else:
            yield layer


def parts(context: Context, path: Path, crs: pyproj.CRS = WGS84, most: int = MAX_CELLS) -> Iterator[Part]:
    """Layers of one shape each, in a CRS, one at a time; of areas and points come two: `play_areas`, `play_areas_points`."""
    for layer in wanted(context, path, most):
        yield from of(layer, crs)


def of(layer: Layer, crs: pyproj.CRS) -> Iterator[Part]:
    """The parts of one layer; what has no place stays with the first of them."""
    frame = tidy(layer.frame.drop(columns=ID, errors="ignore"))
    frame = frame if crs == WGS84 else frame.to_crs(crs)
    dimension = np.where(shapely.is_missing(frame.geometry), -1, shapely.get_dimensions(frame.geometry.to_numpy()))
    kinds = [int(each) for each in sorted(set(dimension[dimension >= 0]), reverse=True)]
    for k, each in enumerate(kinds or [2]):
        chosen = (dimension == each) | ((dimension < 0) & (k == 0))
        name = layer.name if k == 0 else f"{layer.name}_{ENDINGS[SHAPES[each]]}"
        rows = frame[chosen].reset_index(drop=True)
        yield Part(name, layer, rows.set_geometry(_alike(rows.geometry)), SHAPES[each])


def tidy(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Infinite numbers and empty places are unknown; texts without what no file holds; plain objects become text."""
    out = frame.copy()
    for column in out.columns.drop("geometry"):
        values = out[column]
        if pd.api.types.is_float_dtype(values.dtype):
            out[column] = values.where(np.isfinite(values.astype(float)))
        elif pd.api.types.is_string_dtype(values.dtype) or values.dtype == object:
            out[column] = pd.Series(
                [None if _none(each) else NEVER.sub("", str(each)) for each in values], index=values.index, dtype="str"
            )
    shapes = np.array(shapely.force_2d(out.geometry.to_numpy()), dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    return gpd.GeoDataFrame(out.drop(columns="geometry"), geometry=shapes, crs=frame.crs)


def lost(frame: pd.DataFrame) -> int:
    """How many texts of a table lose signs that XML forbids."""
    return sum(
        NOT_XML.search(text) is not None
        for column in frame.columns
        if pd.api.types.is_string_dtype(frame[column].dtype)
        for text in frame[column].dropna()
    )


def plain(text: object) -> str:
    """Text without what XML forbids."""
    return NOT_XML.sub("", str(text))


def code(crs: pyproj.CRS) -> str:
    """How a CRS is named in words."""
    return f"{crs.to_string()} ({crs.name})" if crs.to_authority() else crs.name


def _none(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value))


def _alike(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Where some have several pieces, all are written as collections of pieces."""
    kinds = {int(each) for each in shapely.get_type_id(shapes.to_numpy()) if each >= 0}
    if len(kinds) < 2:
        return shapes
    makers = {0: shapely.multipoints, 1: shapely.multilinestrings, 3: shapely.multipolygons}
    out = []
    for shape in shapes:
        make = None if shape is None else makers.get(int(shapely.get_type_id(shape)))
        out.append(shape if make is None else make([shape]))
    return gpd.GeoSeries(out, crs=shapes.crs)
