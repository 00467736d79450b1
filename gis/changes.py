"""Changes: what if a play area stood here, were closed or larger, or a crossing were built?

A change is written as one JSON object and is the same everywhere: in a question to the service, in a scenario, in a study that
carries it. `apply` makes it in the layers of a study, for a full run; `what_if` works out only what it touches.

    {"action": "add", "geometry": Point | Polygon | MultiPolygon, "area_m2": …, "access_points": [[lon, lat], …], "name": …}
    {"action": "close", "play_area_id": …}
    {"action": "enlarge", "play_area_id": …, "area_m2": …, "geometry": …}
    {"action": "crossing", "geometry": LineString, "kind": "footbridge" | "crossing"}

Geometry is GeoJSON in EPSG:4326, longitude first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from sanchoi.gis.cells import to_crs
from sanchoi.gis.errors import ContractError, UnknownId
from sanchoi.gis.inputs import PLAY_AREA_COLUMNS, Inputs
from sanchoi.gis.tables import STORAGE_CRS

ACTIONS = {
    "add": {"geometry", "area_m2", "access_points", "name", "id"},
    "close": {"play_area_id"},
    "enlarge": {"play_area_id", "area_m2", "geometry"},
    "crossing": {"geometry", "kind"},
}
"""Action → what it may say."""
CROSSINGS = ("footbridge", "crossing")
TYPES = {
    "add": ("Point", "Polygon", "MultiPolygon"),
    "enlarge": ("Polygon", "MultiPolygon"),
    "crossing": ("LineString",),
}
KIND = "playground"
MOST_M2 = 1e7
"""Ten square kilometres: whatever is larger is no play area."""
LONGEST_M = 2_000.0
"""A crossing that is longer is no crossing."""
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Change:
    """One change, checked, in the study's CRS.

    Attributes
    ----------
    action : a key of `ACTIONS`. play_area_id : the play area that is added, closed or enlarged; "" for a crossing.
    geometry : its new place; None = as it is. area_m2 : its ground, NaN = that of the geometry.
    access_points : points where it is entered; empty = where its outline meets the ways.
    """

    action: str
    play_area_id: str = ""
    geometry: shapely.Geometry | None = None
    area_m2: float = math.nan
    access_points: Geometries = field(default_factory=lambda: np.empty(0, dtype=object))
    name: str | None = None
    kind: str = KIND


def parse(documents: Sequence[Mapping[str, Any]], play_areas: gpd.GeoDataFrame | None, crs: str) -> tuple[Change, ...]:
    """Check changes and put them into the study's CRS.

    Parameters
    ----------
    documents : one mapping a change. play_areas : the inventory, `PLAY_AREA_COLUMNS`; None = there is none. crs : of the study.

    Raises
    ------
    ContractError : a change that is not one, a geometry that cannot be a play area or a crossing; the message names the change.
    UnknownId : a play area that is not in the inventory.
    """
    known = set() if play_areas is None else set(play_areas["play_area_id"])
    closed: set[str] = set()
    out: list[Change] = []
    for number, document in enumerate(documents, 1):
        where = f"change {number}"
        action = document.get("action") if isinstance(document, Mapping) else None
        if action not in ACTIONS:
            raise ContractError(f"{where}: action {action!r}", "one of " + ", ".join(ACTIONS), "mend the change")
        strange = sorted(set(document) - ACTIONS[action] - {"action"})
        if strange:
            raise ContractError(
                f'{where}: "{strange[0]}"', "keys of " + action + ": " + ", ".join(sorted(ACTIONS[action])), "mend it"
            )
        if action == "crossing":
            line = _geometry(document.get("geometry"), action, crs, where)
            kind = document.get("kind", "footbridge")
            if kind not in CROSSINGS:
                raise ContractError(f"{where}: kind {kind!r}", "one of " + ", ".join(CROSSINGS), "mend the change")
            if not 0 < line.length <= LONGEST_M:
                raise ContractError(
                    f"{where}: {line.length:,.0f} m long",
                    f"a crossing of up to {LONGEST_M:g} m",
                    "draw it from way to way",
                )
            out.append(Change(action, geometry=line, kind=kind))
        elif action == "add":
            new = _added(document, known, crs, where)
            known.add(new.play_area_id)
            out.append(new)
        else:
            name = str(document.get("play_area_id", ""))
            if name not in known or name in closed:
                state = "is closed already" if name in closed else "is not in the inventory"
                raise UnknownId(
                    f"play area {name} ({where})",
                    "the id of an open play area",
                    f"it {state}; see the table play_areas",
                )
            if action == "close":
                closed.add(name)
                out.append(Change(action, name))
            else:
                out.append(_enlarged(document, name, crs, where))
    return tuple(out)


def _added(document: Mapping[str, Any], known: set[str], crs: str, where: str) -> Change:
    shape = _geometry(document.get("geometry"), "add", crs, where)
    area = _area(document.get("area_m2"), where)
    if shape.geom_type == "Point" and math.isnan(area):
        raise ContractError(f"{where}: a point without area_m2", "m² of ground, or an outline", "give area_m2")
    if shape.area > MOST_M2:
        raise ContractError(
            f"{where}: {shape.area:,.0f} m²", f"a play area of up to {MOST_M2:,.0f} m²", "draw its outline alone"
        )
    name = str(document.get("id") or _free(known))
    if name in known:
        raise ContractError(f"{where}: id {name}", "an id that no play area has", "choose another, or none")
    text = document.get("name")
    if text is not None and not isinstance(text, str):
        raise ContractError(f"{where}: name {text!r}", "a text", "mend the change")
    return Change("add", name, shape, area, _points(document.get("access_points"), shape, crs, where), text)


def _enlarged(document: Mapping[str, Any], name: str, crs: str, where: str) -> Change:
    given = document.get("geometry")
    shape = None if given is None else _geometry(given, "enlarge", crs, where)
    area = _area(document.get("area_m2"), where)
    if shape is None and math.isnan(area):
        raise ContractError(
            f"{where}: neither area_m2 nor geometry", "how large the play area would be", "give one of them"
        )
    if shape is not None and shape.area > MOST_M2:
        raise ContractError(
            f"{where}: {shape.area:,.0f} m²", f"a play area of up to {MOST_M2:,.0f} m²", "draw its outline alone"
        )
    return Change("enlarge", name, shape, area)


def _free(known: set[str]) -> str:
    return next(name for k in range(1, len(known) + 2) if (name := f"new-{k}") not in known)


def _area(value: object, where: str) -> float:
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MOST_M2:
        raise ContractError(f"{where}: area_m2 {value!r}", f"m² above 0, up to {MOST_M2:,.0f}", "mend the figure")
    return float(value)


def _geometry(document: object, action: str, crs: str, where: str) -> shapely.Geometry:
    """A GeoJSON geometry in the study's CRS, valid and of a type that the action takes."""
    expected = f"GeoJSON {' or '.join(TYPES[action])} in EPSG:4326, longitude first"
    try:
        found = shapely.geometry.shape(document)
        xy = shapely.get_coordinates(found)
    except Exception as error:
        raise ContractError(f"{where}: geometry cannot be read ({error})", expected, "mend the geometry") from error
    if found.geom_type not in TYPES[action] or found.is_empty:
        raise ContractError(
            f"{where}: {'an empty ' if found.is_empty else ''}{found.geom_type}", expected, "mend the geometry"
        )
    if not np.isfinite(xy).all() or (np.abs(xy) > (180.0, 90.0)).any():
        raise ContractError(f"{where}: coordinates beyond ±180, ±90", expected, "give degrees, longitude first")
    moved = _moved(shapely.force_2d(found), crs)
    if not moved.is_valid:
        raise ContractError(
            f"{where}: {shapely.is_valid_reason(moved)}", "an outline that does not cross itself", "draw it again"
        )
    return moved


def _moved(shape: shapely.Geometry, crs: str) -> shapely.Geometry:
    """From EPSG:4326 to the study's CRS."""
    return shapely.transform(shape, lambda xy: np.column_stack(to_crs(xy[:, 0], xy[:, 1], STORAGE_CRS, crs)))


def _points(document: object, shape: shapely.Geometry, crs: str, where: str) -> Geometries:
    if document is None or document == []:
        return np.empty(0, dtype=object)
    try:
        xy = np.array(document, dtype=float).reshape(-1, 2)
    except (TypeError, ValueError) as error:
        raise ContractError(f"{where}: access_points cannot be read", "[[lon, lat], …]", "mend them") from error
    if not np.isfinite(xy).all() or (np.abs(xy) > (180.0, 90.0)).any():
        raise ContractError(f"{where}: access_points beyond ±180, ±90", "[[lon, lat], …] in degrees", "mend them")
    points = np.asarray(shapely.points(*to_crs(xy[:, 0], xy[:, 1], STORAGE_CRS, crs)), dtype=object)
    if shape.geom_type != "Point":
        away = shapely.distance(points, shape.boundary)
        if away.max() > 5.0:
            raise ContractError(
                f"{where}: an access point {away.max():,.0f} m from the outline", "points within 5 m of it", "move it"
            )
    return points


def inventory(
    table: gpd.GeoDataFrame | None, changes: Iterable[Change], crs: str | pyproj.CRS
) -> gpd.GeoDataFrame | None:
    """The inventory with changes made, sorted by id: a closed play area stays in it, and does not count."""
    added = [change for change in changes if change.action == "add"]
    out = table
    if added:
        rows: dict[str, Any] = dict.fromkeys(PLAY_AREA_COLUMNS)
        polygon = [change.geometry is not None and change.geometry.geom_type != "Point" for change in added]
        rows |= {
            "play_area_id": [change.play_area_id for change in added],
            "name": [change.name for change in added],
            "kind": KIND,
            "access": "public",
            "area_m2": [math.nan if poly else change.area_m2 for change, poly in zip(added, polygon, strict=True)],
            "usable_m2": [change.area_m2 if poly else math.nan for change, poly in zip(added, polygon, strict=True)],
            "kind_counts": True,
        }
        new = gpd.GeoDataFrame(rows, geometry=[change.geometry for change in added], crs=crs)
        if table is None or not len(table):
            out = new
        else:
            texts = {column: table[column].dtype for column in ("name", "ages")}
            out = gpd.GeoDataFrame(pd.concat([table, new.astype(texts)], ignore_index=True), crs=crs)
        out = out.sort_values("play_area_id", ignore_index=True)
    if out is None:
        return None
    return _altered(out, [change for change in changes if change.action in ("close", "enlarge")])


def _altered(table: gpd.GeoDataFrame, changes: Sequence[Change]) -> gpd.GeoDataFrame:
    if not changes:
        return table
    out = table.copy()
    at = pd.Index(out["play_area_id"])
    geometry = out.geometry.to_numpy().copy()
    columns = {name: out[name].to_numpy(dtype=object).copy() for name in ("access", "area_m2", "usable_m2")}
    for change in changes:
        row = int(at.get_loc(change.play_area_id))
        if change.action == "close":
            columns["access"][row] = "closed"
            continue
        if change.geometry is not None:
            geometry[row] = change.geometry
            columns["usable_m2"][row] = math.nan
        if not math.isnan(change.area_m2):
            outline = shapely.get_dimensions(geometry[row]) == 2
            if outline and change.area_m2 > geometry[row].area * (1 + 1e-9):
                raise ContractError(
                    f"play area {change.play_area_id}: {change.area_m2:,.0f} m² in an outline of {geometry[row].area:,.0f} m²",
                    "no more ground than the outline holds",
                    "give the new outline as geometry",
                )
            columns["usable_m2" if outline else "area_m2"][row] = change.area_m2
    for name, values in columns.items():
        out[name] = values.astype(float) if name.endswith("_m2") else values
    return gpd.GeoDataFrame(out.set_geometry(gpd.GeoSeries(geometry, out.index, table.crs)))


def gates(before: Geometries | None, changes: Iterable[Change]) -> Geometries | None:
    """Points where play areas are entered, with those of the changes."""
    more = [change.access_points for change in changes if len(change.access_points)]
    if not more:
        return before
    return np.concatenate([np.empty(0, dtype=object) if before is None else before, *more])


def crossings(changes: Iterable[Change]) -> Geometries:
    """Lines of the crossings that are built, in order."""
    out = [change.geometry for change in changes if change.action == "crossing"]
    lines = np.empty(len(out), dtype=object)
    lines[:] = out
    return lines


def apply(inputs: Inputs, changes: Sequence[Change]) -> Inputs:
    """The layers of a study with the changes made."""
    crs = inputs.communes.crs
    doors = gates(None if inputs.gates is None else inputs.gates.geometry.to_numpy(), changes)
    built = crossings(changes)
    if inputs.crossings is not None and len(built):
        built = np.concatenate([inputs.crossings.geometry.to_numpy(), built])
    if len(built) and inputs.lines is None:
        raise ContractError("a crossing in a study without a network", "a network of ways", "add [network] path")
    return replace(
        inputs,
        play_areas=inventory(inputs.play_areas, changes, crs),
        gates=None if doors is None else gpd.GeoDataFrame(geometry=doors, crs=crs),
        crossings=gpd.GeoDataFrame(geometry=built, crs=crs) if len(built) else inputs.crossings,
    )
