"""Gaps and communes: what every commune has and lacks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import geopandas as gpd
import pandas as pd
from fastapi import APIRouter, Path, Query, Request
from sanchoi.api import links
from sanchoi.api.explain import records
from sanchoi.api.library import Entry
from sanchoi.api.rest.query import Band, Commune, Paging, Result, Strict, among
from sanchoi.api.rest.shape import Record, cut, listed, listing, respond_of, row, told
from sanchoi.gis.errors import UnknownId
from starlette.responses import Response

router = APIRouter(prefix="/api/v1/results/{result}", tags=["communes"], dependencies=[Strict])
Status = Literal["unknown", "no_children", "no_supply", "out_of_reach", "crowded", "met"]
BBOX: dict[str, Any] = {
    "bbox": {
        "type": "array",
        "items": {"type": "number"},
        "minItems": 4,
        "maxItems": 4,
        "description": "west, south, east, north",
    }
}
ROWS = {"type": "array", "items": {"type": "object"}}
COMMUNE = row("communes", BBOX)
WHOLE = row("communes", {**BBOX, "gaps": ROWS, "reasons": ROWS, "coverage_by_tier": ROWS, "plan_gaps": ROWS})
GAP_EXAMPLE = {
    "commune_id": "90101",
    "name": "Khe Lim",
    "band": "all",
    "children": 600.0,
    "children_uncovered": 210.0,
    "covered_share": 0.65,
    "status": "out_of_reach",
    "survey_rank": None,
    "links": [],
}
COMMUNE_EXAMPLE = {
    "commune_id": "90101",
    "name": "Khe Lim",
    "kind": "xã",
    "surveyed": True,
    "population": None,
    "links": [],
}


@router.get(
    "/gaps", summary="Gaps of every commune and band", responses=told(listed(row("gaps")), {"items": [GAP_EXAMPLE]})
)
def gaps(
    request: Request,
    entry: Result,
    page: Paging,
    band: Band = None,
    status: Annotated[Status | None, Query(description="Only this status.")] = None,
    commune: Commune = None,
) -> Response:
    """One record per commune and band: children, those not covered, what is lacking, and the reason in words."""
    table = entry.table("gaps")
    among("band", band, table["band"].unique().tolist())
    for column, value in (("band", band), ("status", status), ("commune_id", commune)):
        if value is not None:
            table = table[table[column] == value]
    found = [_linked(request, entry, each) for each in records(cut(table, page))]
    return respond_of(entry, request, listing(request, found, len(table), page))


@router.get("/communes", summary="Communes", responses=told(listed(COMMUNE), {"items": [COMMUNE_EXAMPLE]}))
def communes(request: Request, entry: Result, page: Paging) -> Response:
    """Every commune, with its bounding box in EPSG:4326 as longitude and latitude."""
    table = entry.table("communes")
    found = [_linked(request, entry, each) for each in with_bbox(cut(table, page))]
    return respond_of(entry, request, listing(request, found, len(table), page))


@router.get(
    "/communes/{commune:path}", summary="One commune", responses=told(WHOLE, {**COMMUNE_EXAMPLE, "gaps": [GAP_EXAMPLE]})
)
def commune(
    request: Request, entry: Result, commune: Annotated[str, Path(description="Id of the commune.", examples=["90101"])]
) -> Response:
    """A commune with its gaps by band, the reasons, the coverage by tier, and what the plan changes."""
    mine = entry.rows("communes", "commune_id", commune)
    if mine.empty:
        raise UnknownId(
            f"commune {commune}", "the id of a commune of the result", f"see /api/v1/results/{entry.id}/communes"
        )
    found = _linked(request, entry, with_bbox(mine)[0])
    for name in ("gaps", "reasons", "coverage_by_tier", "plan_gaps"):
        found[name] = records(entry.rows(name, "commune_id", commune)) if entry.has(name) else []
    return respond_of(entry, request, found)


def with_bbox(table: pd.DataFrame) -> list[Record]:
    """Records of a table with geometry: the box of the geometry instead of it."""
    boxes = gpd.GeoSeries(table["geometry"]).bounds.to_numpy().tolist()
    return [{**each, "bbox": box} for each, box in zip(records(table.drop(columns="geometry")), boxes, strict=True)]


def _linked(request: Request, entry: Entry, found: Record) -> Record:
    own = links.part(found["commune_id"])
    found["links"] = [
        links.link(request, f"/api/v1/results/{entry.id}/communes/{own}", "self" if "kind" in found else "collection"),
        links.page(request, entry.id, f"communes/{own}", found["name"]),
        links.link(request, f"/r/{entry.id}/ogc/collections/communes/items/{own}", "item", kind="application/geo+json"),
    ]
    return found
