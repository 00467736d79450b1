"""Changes: what if a play area stood here, were closed or larger, or a crossing were built?

A change is written as one JSON object and is the same everywhere: in a question to the service, in a scenario, in a study that
carries it. `places.apply` makes it in the layers of a study, for a full run; `what_if` works out only what it touches.

    {"action": "add", "geometry": Point | Polygon | MultiPolygon, "area_m2": …, "access_points": [[lon, lat], …], "name": …}
    {"action": "close", "play_area_id": …}
    {"action": "enlarge", "play_area_id": …, "area_m2": …, "geometry": …}
    {"action": "crossing", "geometry": LineString, "kind": "footbridge" | "crossing"}

Geometry is GeoJSON in EPSG:4326, longitude first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis.access_points import GATE_M
from sanchoi.gis.cells import to_crs
from sanchoi.gis.change_words import refusal
from sanchoi.gis.errors import UnknownId
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
CORNERS = 1_000
AROUND_M, ALL_AROUND_M = 20_000.0, 60_000.0
"""Corners and length of an outline, and length of all outlines of a question: more takes minutes to walk around."""
LONGEST_M = 2_000.0
"""A crossing that is longer is no crossing."""
OUTSIDE_M = 10_000.0
TEXT_CHARS = 200
Geometries = npt.NDArray[np.object_]


UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    shapely.errors.ShapelyError,
)
"""What a JSON value that is no geometry makes its readers raise."""


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
    ids: Set[str],
    open_ids: Set[str],
    crs: str,
    bounds: Sequence[float] | None = None,
) -> tuple[Change, ...]:
    """Check changes and put them into the study's CRS.

    Parameters
    ----------
    documents : one mapping a change. ids, open_ids : play areas of the inventory, and those of them that count. crs : of the study.
    bounds : xmin, ymin, xmax, ymax of the study in its CRS: a geometry more than 10 km outside is refused.

    Raises
    ------
    ContractError : a change that is not one, a geometry that cannot be a play area or a crossing; the message names the change.
    UnknownId : a play area that is not open in the inventory.
    """
    new: set[str] = set()
    closed: set[str] = set()
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
            out.append(reader.added(ids, new))
            new.add(out[-1].play_area_id)
        else:
            name = document.get("play_area_id")
            if not isinstance(name, str) or name in closed or not (name in open_ids or name in new):
                raise refusal("unknown", UnknownId, n=n, came=_short(name))
            out.append(Change("close", name) if action == "close" else reader.enlarged(name))
            if action == "close":
                closed.add(name)
    around = sum(change.geometry.length for change in out if change.geometry is not None and change.play_area_id)
    if around > ALL_AROUND_M:
        raise refusal("around", came=f"{around / 1000:,.0f}", most=f"{ALL_AROUND_M / 1000:g}")
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

    def added(self, ids: Set[str], new: Set[str]) -> Change:
        shape, area = self.geometry("add"), self.area()
        if shape.geom_type == "Point" and math.isnan(area):
            raise refusal("size", n=self.n)
        self.small(shape)
        free = (f"new-{k}" for k in range(1, len(ids) + len(new) + 2))
        name = self.text("id") or next(name for name in free if name not in ids and name not in new)
        if name in ids or name in new:
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
        if shape.length > AROUND_M:
            raise refusal("winding", n=self.n, came=f"{shape.length:,.0f}", most=f"{AROUND_M:,.0f}")

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
        except UNREADABLE as error:
            raise refusal("geometry", n=self.n, came=_short(error), known=known) from error
        if not finite(document):  # also beside the coordinates: no answer could repeat it as JSON
            raise refusal("geometry", n=self.n, came="NaN, Infinity", known=known)
        if found.geom_type not in TYPES[action] or found.is_empty:
            came = f"{found.geom_type} EMPTY" if found.is_empty else found.geom_type
            raise refusal("geometry", n=self.n, came=came, known=known)
        if not np.isfinite(xy).all() or (np.abs(xy) > (180.0, 90.0)).any():
            raise refusal("geometry", n=self.n, came="±180, ±90", known=known)
        corners = int(shapely.get_num_coordinates(found))
        if corners > CORNERS:
            raise refusal("corners", n=self.n, came=f"{corners:,}", most=f"{CORNERS:,}")
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
        except UNREADABLE as error:
            raise refusal("access", n=self.n) from error
        if xy.ndim != 2 or xy.shape[1] != 2 or not np.isfinite(xy).all() or (np.abs(xy) > (180.0, 90.0)).any():
            raise refusal("access", n=self.n)
        if (
            shape.geom_type == "Point"
        ):  # it is entered where it lies; play areas beside it would take the points for their gates
            raise refusal("pointed", n=self.n)
        points = np.asarray(shapely.points(*to_crs(xy[:, 0], xy[:, 1], STORAGE_CRS, self.crs)), dtype=object)
        away = float(shapely.distance(points, shape.boundary).max())
        if not away <= GATE_M:
            raise refusal("aside", n=self.n, came=f"{away:,.0f}")
        return points


def finite(document: object) -> bool:
    """Whether all numbers of a JSON value are; without recursion, for it may be nested deep."""
    todo = [document]
    while todo:
        each = todo.pop()
        if isinstance(each, float) and not math.isfinite(each):
            return False
        if isinstance(each, Mapping):
            todo += each.values()
        elif isinstance(each, list | tuple):
            todo += each
    return True


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
