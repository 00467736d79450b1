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
from sanchoi.gis import supply
from sanchoi.gis.access_points import GATE_M
from sanchoi.gis.cells import to_crs
from sanchoi.gis.change_words import refusal
from sanchoi.gis.errors import UnknownId
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
OUTSIDE_M = 10_000.0
TEXT_CHARS = 200
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


def parse(
    documents: Sequence[Mapping[str, Any]],
    play_areas: gpd.GeoDataFrame | None,
    crs: str,
    bounds: Sequence[float] | None = None,
) -> tuple[Change, ...]:
    """Check changes and put them into the study's CRS.

    Parameters
    ----------
    documents : one mapping a change. play_areas : the inventory, `PLAY_AREA_COLUMNS`; None = there is none. crs : of the study.
    bounds : xmin, ymin, xmax, ymax of the study in its CRS: a geometry more than 10 km outside is refused.

    Raises
    ------
    ContractError : a change that is not one, a geometry that cannot be a play area or a crossing; the message names the change.
    UnknownId : a play area that is not open in the inventory.
    """
    ids = set() if play_areas is None else set(play_areas["play_area_id"])
    open_ = set() if play_areas is None else set(play_areas["play_area_id"][supply.counted(play_areas)])
    out: list[Change] = []
    for n, document in enumerate(documents, 1):
        action = document.get("action") if isinstance(document, Mapping) else None
        if not isinstance(action, str) or action not in ACTIONS:
            raise refusal("action", n=n, came=_short(action), known=", ".join(ACTIONS))
        for key in document:
            if key not in (*ACTIONS[action], "action"):
                raise refusal("key", n=n, came=_short(key), known=", ".join(("action", *ACTIONS[action])))
        reader = _Reader(n, document, crs, bounds)
        if action == "crossing":
            out.append(reader.crossing())
        elif action == "add":
            out.append(reader.added(ids))
            ids.add(out[-1].play_area_id)
            open_.add(out[-1].play_area_id)
        else:
            name = document.get("play_area_id")
            if not isinstance(name, str) or name not in open_:
                raise refusal("unknown", UnknownId, n=n, came=_short(name))
            out.append(Change("close", name) if action == "close" else reader.enlarged(name))
            if action == "close":
                open_.discard(name)
    return tuple(out)


@dataclass(frozen=True)
class _Reader:
    """Reads the parts of one change."""

    n: int
    document: Mapping[str, Any]
    crs: str
    bounds: Sequence[float] | None

    def crossing(self) -> Change:
        line = self.geometry("crossing")
        kind = self.document.get("kind", CROSSINGS[0])
        if kind not in CROSSINGS:
            raise refusal("kind", n=self.n, came=_short(kind), known=", ".join(CROSSINGS))
        if not 0 < line.length <= LONGEST_M:
            raise refusal("long", n=self.n, came=f"{line.length:,.0f}", most=f"{LONGEST_M:g}")
        return Change("crossing", geometry=line, kind=kind)

    def added(self, ids: set[str]) -> Change:
        shape, area = self.geometry("add"), self.area()
        if shape.geom_type == "Point" and math.isnan(area):
            raise refusal("size", n=self.n)
        self.small(shape)
        name = self.text("id") or next(name for k in range(1, len(ids) + 2) if (name := f"new-{k}") not in ids)
        if name in ids:
            raise refusal("taken", n=self.n, came=name)
        self.holds(shape, area, name)
        return Change("add", name, shape, area, self.access(shape), self.text("name"))

    def enlarged(self, name: str) -> Change:
        shape = None if self.document.get("geometry") is None else self.geometry("enlarge")
        area = self.area()
        if shape is None and math.isnan(area):
            raise refusal("nothing", n=self.n)
        if shape is not None:
            self.small(shape)
            self.holds(shape, area, name)
        return Change("enlarge", name, shape, area)

    def text(self, key: str) -> str | None:
        value = self.document.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > TEXT_CHARS or not value.isprintable():
            raise refusal("text", n=self.n, key=key, came=_short(value), most=TEXT_CHARS)
        return value.strip() or None

    def area(self) -> float:
        value = self.document.get("area_m2")
        if value is None:
            return math.nan
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MOST_M2:
            raise refusal("area", n=self.n, came=_short(value), most=f"{MOST_M2:,.0f}")
        return float(value)

    def small(self, shape: shapely.Geometry) -> None:
        if shape.area > MOST_M2:
            raise refusal("large", n=self.n, came=f"{shape.area:,.0f}", most=f"{MOST_M2:,.0f}")

    def holds(self, shape: shapely.Geometry, area: float, name: str) -> None:
        if shape.geom_type != "Point" and area > shape.area * (1 + 1e-9):
            raise refusal("outline", name=name, came=f"{area:,.0f}", most=f"{shape.area:,.0f}")

    def geometry(self, action: str) -> shapely.Geometry:
        """A valid geometry in the study's CRS, of a type that the action takes."""
        known = " / ".join(TYPES[action])
        document = self.document.get("geometry")
        try:
            found = shapely.geometry.shape(document)
            xy = shapely.get_coordinates(found)
        except (
            ArithmeticError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
            shapely.errors.ShapelyError,
        ) as error:
            raise refusal("geometry", n=self.n, came=_short(error), known=known) from error
        if found.geom_type not in TYPES[action] or found.is_empty:
            came = f"{found.geom_type} EMPTY" if found.is_empty else found.geom_type
            raise refusal("geometry", n=self.n, came=came, known=known)
        if not np.isfinite(xy).all() or (np.abs(xy) > (180.0, 90.0)).any():
            raise refusal("geometry", n=self.n, came="±180, ±90", known=known)
        moved = shapely.transform(
            shapely.force_2d(found), lambda xy: np.column_stack(to_crs(xy[:, 0], xy[:, 1], STORAGE_CRS, self.crs))
        )
        if not np.isfinite(shapely.get_coordinates(moved)).all() or not moved.is_valid:
            raise refusal("geometry", n=self.n, came=_short(shapely.is_valid_reason(moved)), known=known)
        if self.bounds is not None:
            away = float(shapely.distance(shapely.box(*self.bounds), moved))
            if away > OUTSIDE_M:
                raise refusal("far", n=self.n, came=f"{away / 1000:,.0f}")
        return moved

    def access(self, shape: shapely.Geometry) -> Geometries:
        document = self.document.get("access_points")
        if document is None or document == []:
            return np.empty(0, dtype=object)
        try:
            xy = np.array(document, dtype=float)
        except (TypeError, ValueError) as error:
            raise refusal("access", n=self.n) from error
        if xy.ndim != 2 or xy.shape[1] != 2 or not np.isfinite(xy).all() or (np.abs(xy) > (180.0, 90.0)).any():
            raise refusal("access", n=self.n)
        points = np.asarray(shapely.points(*to_crs(xy[:, 0], xy[:, 1], STORAGE_CRS, self.crs)), dtype=object)
        if shape.geom_type != "Point":
            away = float(shapely.distance(points, shape.boundary).max())
            if not away <= GATE_M:
                raise refusal("aside", n=self.n, came=f"{away:,.0f}")
        return points


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


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
                most = f"{geometry[row].area:,.0f}"
                raise refusal("outline", name=change.play_area_id, came=f"{change.area_m2:,.0f}", most=most)
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
        raise refusal("network")
    return replace(
        inputs,
        play_areas=inventory(inputs.play_areas, changes, crs),
        gates=None if doors is None else gpd.GeoDataFrame(geometry=doors, crs=crs),
        crossings=gpd.GeoDataFrame(geometry=built, crs=crs) if len(built) else inputs.crossings,
    )
