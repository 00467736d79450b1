"""The plan: chosen sites, before and after, and what other budgets would do."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sanchoi.api import links
from sanchoi.api.explain import records
from sanchoi.api.library import Entry
from sanchoi.api.rest.query import Band, Commune, Paging, Result, Strict, among
from sanchoi.api.rest.shape import Record, cut, listed, listing, respond_of, row, told
from starlette.responses import Response

router = APIRouter(prefix="/api/v1/results/{result}", tags=["plan"], dependencies=[Strict])
PROOF = {
    "type": "object",
    "description": "what the solver proved: objective, incumbent, bound, mip_gap, proven, rules, …",
}
SITE = {
    "parcel_id": "90113-2-64#2",
    "build_order": 1,
    "verdict": "conditional",
    "cost": None,
    "children_gained": 655.9,
    "links": [],
}
BEFORE = {
    "commune_id": "90101",
    "band": "all",
    "children_uncovered_before": 210.0,
    "children_uncovered_after": 0.0,
    "links": [],
}
STEP = {"budget": 1e9, "sites": 3, "cost": 9.1e8, "value": 1200.0, "bound": 1200.0, "mip_gap": 0.0}


@router.get("/sites", summary="Chosen sites in build order", responses=told(listed(row("sites")), {"items": [SITE]}))
def sites(request: Request, entry: Result, page: Paging) -> Response:
    """The sites of the plan, with its proof in `siting`."""
    table = entry.table("sites").sort_values("build_order")
    found = [{**each, "links": [_parcel(request, entry, each)]} for each in records(cut(table, page))]
    return respond_of(entry, request, {**listing(request, found, len(table), page), "siting": entry.run.get("siting")})


@router.get(
    "/plan-gaps",
    summary="Gaps before and after the plan",
    responses=told(listed(row("plan_gaps")), {"items": [BEFORE]}),
)
def plan_gaps(request: Request, entry: Result, page: Paging, band: Band = None, commune: Commune = None) -> Response:
    """One record per commune and band: today, and with the plan built."""
    table = entry.table("plan_gaps")
    among("band", band, table["band"].unique().tolist())
    for column, value in (("band", band), ("commune_id", commune)):
        if value is not None:
            table = table[table[column] == value]
    found = [{**each, "links": [_commune(request, entry, each)]} for each in records(cut(table, page))]
    return respond_of(entry, request, listing(request, found, len(table), page))


@router.get(
    "/budget-curve",
    summary="What other budgets would do",
    responses=told(listed(row("budget_curve")), {"items": [STEP]}),
)
def budget_curve(request: Request, entry: Result, page: Paging) -> Response:
    """Children newly covered for each budget, and what no plan with that budget can exceed."""
    table = entry.table("budget_curve")
    found = [{**each, "links": []} for each in records(cut(table, page))]
    return respond_of(entry, request, listing(request, found, len(table), page))


def _parcel(request: Request, entry: Entry, found: Record) -> links.Link:
    return links.link(request, f"/api/v1/results/{entry.id}/parcels/{links.part(found['parcel_id'])}", "item")


def _commune(request: Request, entry: Entry, found: Record) -> links.Link:
    return links.link(request, f"/api/v1/results/{entry.id}/communes/{links.part(found['commune_id'])}", "item")
