"""Proposal land: what a request says of a site, read and checked: an outline or a listed parcel, and what goes with it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import shapely
from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from sanchoi.api import worth as worths
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.proposals.desk import Content
from sanchoi.api.rest.what_if import bounded
from sanchoi.api.store.geometry import shape
from sanchoi.gis.model import Model

AREAS = ("Polygon", "MultiPolygon")
GEOMETRY: dict[str, Any] = {
    "type": ["object", "null"],
    "description": "GeoJSON Polygon or MultiPolygon in EPSG:4326, longitude first",
}
LAND: dict[str, Any] = {
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[108.4, 15.8], [108.401, 15.8], [108.401, 15.801], [108.4, 15.8]]],
    },
    "land_use": "BCS",
    "owner": "UBND xã",
    "cost": 400_000_000,
}
Outline = Annotated[dict[str, Any] | None, Field(json_schema_extra=GEOMETRY)]
Money = Annotated[
    float | None,
    Field(
        ge=0,
        le=1e15,
        allow_inf_nan=False,
        description="VND for the land; what building costs is added. Null = not known",
    ),
]
Line = Annotated[str, Field(max_length=500)]
Place = Annotated[
    str | None, Field(min_length=1, max_length=200, description="a listed parcel, in place of an outline")
]


class Land(BaseModel):
    """A piece of land whose worth is asked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [LAND]})
    geometry: Outline = None
    parcel_id: Place = None
    land_use: Line = ""
    owner: Line = ""
    cost: Money = None


class Site(Land):
    """What a proposal says."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{**LAND, "name": "Sân chơi thôn 2"}]})
    name: Annotated[str, Field(min_length=1, max_length=200)]
    backer: Annotated[Line, Field(description="who stands behind it")] = ""
    note: Annotated[str, Field(max_length=5_000)] = ""
    source: Annotated[
        Literal["drawn", "corners", "parcel", "file", "offline"], Field(description="how the outline came")
    ] = "drawn"
    epsg: Annotated[int | None, Field(ge=1024, le=998_999, description="CRS in which the corners were given")] = None


class New(Site):
    """A proposal to put down."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{**LAND, "name": "Sân chơi thôn 2", "result": "demo"}]}
    )
    result: Annotated[str, Field(min_length=1, max_length=200)]


def content(request: Request, entry: Entry, site: Site) -> Content:
    """What a proposal says, its outline checked.

    Raises
    ------
    Problem : as `outline`.
    """
    return Content(
        site.name,
        outline(request, entry, site),
        site.land_use,
        site.owner,
        site.backer,
        site.note,
        site.cost,
        "parcel" if site.parcel_id is not None else site.source,
        site.parcel_id,
        site.epsg,
    ).checked()


def outline(request: Request, entry: Entry, land: Land) -> shapely.Geometry:
    """The outline of a land, or of the parcel that it is.

    Raises
    ------
    Problem : "bad_body" for neither or both, for what is no area, and as `shape`; "unknown_id" for the parcel.
    """
    if (land.geometry is None) == (land.parcel_id is None):
        came = "geometry, parcel_id: –" if land.geometry is None else "geometry + parcel_id"
        words = ("một trong hai: geometry hoặc parcel_id", "one of the two: geometry or parcel_id")
        raise Problem("bad_body", {"came": came}, {"expected": words})
    if land.parcel_id is not None:
        return parcel(entry, land.parcel_id)
    bounded(request, [{"geometry": land.geometry}])
    found = shape(land.geometry, request.app.state.settings.limits.vertices)
    if found.geom_type not in AREAS or not found.area:
        words = ("một vùng đất: Polygon hoặc MultiPolygon", "an area: Polygon or MultiPolygon")
        raise Problem("bad_body", {"came": f"geometry {found.geom_type}"}, {"expected": words})
    return found


def parcel(entry: Entry, parcel_id: str) -> shapely.Geometry:
    """The outline of a listed parcel.

    Raises
    ------
    Problem : "unknown_id".
    """
    mine = entry.rows("parcels", "parcel_id", parcel_id) if entry.has("parcels") else None
    if mine is None or mine.empty:
        short = parcel_id[:60]
        raise Problem("unknown_id", pairs={"message": (f"thửa {short}", f"parcel {short}")})
    found: shapely.Geometry = mine["geometry"].iloc[0]
    return found


def worth(entry: Entry, model: Model, site: Land, geometry: shapely.Geometry) -> dict[str, Any]:
    """What a land is worth; a listed parcel by its id, for its row is there already."""
    land: dict[str, Any] = {"land_use": site.land_use or None, "owner": site.owner or None, "cost": site.cost}
    if site.parcel_id is not None:
        return worths.worth(entry, model, {**land, "parcel_id": site.parcel_id})
    return worths.worth(entry, model, {**land, "geometry": shapely.geometry.mapping(geometry)})
