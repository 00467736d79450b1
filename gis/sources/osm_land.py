"""Land from OpenStreetMap extracts: layers that constrain parcels, places nearby, and parcels themselves, by rows of tags.

`osm_constraints.csv` says which tags make which layer, `osm_parcels.csv` which ground is a parcel and what land it is taken for.
Rows of both tables have

    key, value     the tag; * is any value but no
    except         "tunnel = yes | culvert": features with one of these values are left out; empty is a tag that is absent
    shapes         point, line, area: what a feature may be; an area whose outline does not close is kept as its known lines
    column, column_value   what the feature gets: a plain word, or =voltage (kV, raised to the next level that a rule knows), or
                   =length (metres of a bridge from end to end, over all of its ways)

All layers of a study come from one reading of the file. Nothing mapped is not nothing there: who calls decides what an empty layer
means.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import osm, osm_extract, rows
from sanchoi.gis.sources.osm import Geometries
from sanchoi.gis.sources.osm_extract import Extract
from sanchoi.gis.sources.osm_passes import Box, Tags

Row = dict[str, str]

LEVELS_KV = (22, 35, 110, 220, 500)
"""Voltages that rules speak of; a line between two of them is held to the higher."""


def layer(path: Path, crs: str, bounds: Box, name: str, notes: Notes) -> gpd.GeoDataFrame:
    """One layer of `osm_constraints.csv`: osm_id ("way/123"), the columns its rows give, and shapes that meet `bounds`.

    Areas whose outline does not close are counted in `notes`: a way is kept as its known lines, a multipolygon is left out.
    """
    table = [row for row in _table("osm_constraints.csv") if row["layer"] == name]
    found = osm_extract.read(path, crs, bounds)
    ids, tags, of, shapes, broken = _features(found, table)
    if broken:
        notes.add(
            "osm_broken_areas",
            f"layer {name}: {len(broken)} areas of {path.name} have an outline that does not close: {', '.join(broken[:10])} · "
            "closed rings of known nodes · ways are kept as lines without ground, multipolygons are left out; use an extract that "
            "holds them whole",
            layer=name,
            count=len(broken),
            ids=broken,
        )
    out = gpd.GeoDataFrame({"osm_id": ids}, geometry=osm.project(osm.array(shapes), crs), crs=crs)
    column = next((row["column"] for row in table if row["column"]), None)
    if column is not None:
        told = [_told(row, tag) if row["column"] else None for row, tag in zip(of, tags, strict=True)]
        out[column] = np.array(told, dtype=object)
        whole = np.array([row["column_value"] == "=length" for row in of], dtype=bool)
        if whole.any():
            out[column] = bridge_lengths(out.geometry.to_numpy())
    return osm.near(out, bounds, "osm_id")


def parcels(path: Path, crs: str, bounds: Box, notes: Notes) -> gpd.GeoDataFrame:
    """Parcels by `osm_parcels.csv`: osm_id, land_use (a code, or "key=value" where the table states none), and polygons.

    A feature is what the first row says that it has; smaller ones than the row's `min_m2` are none.
    """
    table = [{**row, "shapes": "area"} for row in _table("osm_parcels.csv")]
    found = osm_extract.read(path, crs, bounds)
    ids, _, of, shapes, broken = _features(found, table, lines_too=False)
    if broken:
        notes.add(
            "osm_broken_areas",
            f"{len(broken)} parcels of {path.name} have an outline that does not close: {', '.join(broken[:10])} · closed rings of "
            "known nodes · they are left out",
            layer="parcels",
            count=len(broken),
            ids=broken,
        )
    out = gpd.GeoDataFrame(
        {"osm_id": ids, "land_use": [row["land_use"] or f"{row['key']}={row['value']}" for row in of]},
        geometry=osm.project(osm.array(shapes), crs),
        crs=crs,
    )
    least = np.array([float(row["min_m2"] or 0) for row in of], dtype=float)
    return osm.near(out[out.area.to_numpy() >= least], bounds, "osm_id")


def kilovolts(text: str | None) -> int | None:
    """Level of a voltage tag ("220000;110000" → 220); None = not tagged, no number, or above the highest level."""
    parts = [part.strip() for part in (text or "").split(";")]
    volts = max((float(part) for part in parts if re.fullmatch(r"\d+(\.\d+)?", part)), default=0.0)
    return next((level for level in LEVELS_KV if 0 < volts <= level * 1000), None)


def bridge_lengths(lines: Geometries) -> npt.NDArray[np.float64]:
    """Metres of the whole bridge that each way is a part of: ways that meet end to end are one bridge."""
    if not len(lines):
        return np.empty(0)
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.get_parts(lines))))
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    way, part = shapely.STRtree(merged).query_nearest(middle)
    out = np.zeros(len(lines))
    np.maximum.at(out, way, shapely.length(merged)[part])
    return out


def _features(
    found: Extract, table: Sequence[Row], lines_too: bool = True
) -> tuple[list[str], list[Tags], list[Row], list[shapely.Geometry], list[str]]:
    """Ids, tags, rows and shapes (lon, lat) of what the table names, and ids of areas that cannot be drawn."""
    ids: list[str] = []
    tags: list[Tags] = []
    of: list[Row] = []
    shapes: list[shapely.Geometry] = []
    broken: list[str] = []

    def keep(osm_id: str, tag: Tags, row: Row, shape: shapely.Geometry) -> None:
        ids.append(osm_id)
        tags.append(tag)
        of.append(row)
        shapes.append(shape)

    for key, tag, place in zip(found.nodes, found.node_tags, found.node_xy, strict=True):
        row = _row(tag, table, "point")
        if row is not None:
            keep(f"node/{key}", tag, row, shapely.Point(place))
    ways = {i: row for i, tag in enumerate(found.way_tags) if (row := _row(tag, table, "line", "area")) is not None}
    solid = [i for i, row in ways.items() if "area" in row["shapes"]]
    drawn = {i: shape for i, shape in zip(solid, found.polygons(solid), strict=True) if shape is not None}
    for i, shape in drawn.items():
        keep(f"way/{found.ways[i]}", found.way_tags[i], ways[i], shape)
    rest = [i for i in ways if i not in drawn]
    if lines_too:
        pieces, way = found.lines(rest)
        for shape, i in zip(pieces, way.tolist(), strict=True):
            keep(f"way/{found.ways[i]}", found.way_tags[i], ways[i], shape)
    broken += [f"way/{found.ways[i]}" for i in rest if "line" not in ways[i]["shapes"].split()]
    for key, tag, shape in zip(found.relations, found.relation_tags, found.relation_shapes, strict=True):
        row = _row(tag, table, "area")
        if row is not None and shape is not None:
            keep(f"relation/{key}", tag, row, shape)
        elif row is not None:
            broken.append(f"relation/{key}")
    return ids, tags, of, shapes, broken


def _row(tags: Tags, table: Sequence[Row], *shapes: str) -> Row | None:
    """First row that a feature has, among those for one of the shapes."""
    for row in table:
        value = tags.get(row["key"])
        if value is None or value == "no" or row["value"] not in ("*", value):
            continue
        if any(shape in row["shapes"].split() for shape in shapes) and not _left_out(row["except"], tags):
            return row
    return None


def _left_out(text: str, tags: Tags) -> bool:
    key, values = _except(text)
    return bool(key) and tags.get(key, "") in values


@cache
def _except(text: str) -> tuple[str, frozenset[str]]:
    key, _, values = text.partition("=")
    return key.strip(), frozenset(value.strip() for value in values.split("|"))


def _table(name: str) -> list[Row]:
    found = rows.packaged(name)
    return [dict(zip(found.columns, row, strict=True)) for row in found.itertuples(index=False, name=None)]


def _told(row: Row, tags: Tags) -> object:
    """What a feature gets in its column."""
    if row["column_value"] == "=voltage":
        return kilovolts(tags.get("voltage"))
    return math.nan if row["column_value"] == "=length" else row["column_value"]


def uncovered(path: Path, crs: str, bounds: Box) -> bool:
    """Whether a file says that it ends before `bounds` do; one that names no box says nothing."""
    box = osm_extract.header_box(path)
    if box is None:
        return False
    west, south, east, north = osm_extract.lonlat(crs, bounds)
    pad = osm_extract.PAD_DEGREES
    return not (box[0] <= west + pad and box[1] <= south + pad and box[2] >= east - pad and box[3] >= north - pad)


def known() -> tuple[str, ...]:
    """Layers that an extract can give."""
    return tuple(pd.unique(rows.packaged("osm_constraints.csv")["layer"]))
