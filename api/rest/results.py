"""Results: the landing page of the API, the list of results, and one of them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sanchoi.api import caching, links
from sanchoi.api.library import Entry
from sanchoi.api.links import Link
from sanchoi.api.rest.query import Paging, Result, Strict
from sanchoi.api.rest.shape import Record, listed, listing, respond, respond_of, told
from starlette.responses import Response

router = APIRouter(prefix="/api/v1", tags=["results"], dependencies=[Strict])
PARTS = ("gaps", "communes", "parcels", "sites", "plan-gaps", "budget-curve", "norms", "sources", "methods")
LANDED = {
    "type": "object",
    "required": ["title", "version", "links"],
    "properties": {"links": {"$ref": "#/components/schemas/Links"}},
}
SHORT: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name", "run_id", "links"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "run_id": {"type": "string", "description": "hash of inputs and settings"},
        "date": {"type": "string", "description": "day whose norms are in force"},
        "synthetic": {"type": "boolean", "description": "invented data"},
        "estimate": {"type": "boolean", "description": "children were counted for other areas than the communes"},
        "headline": {"type": "object"},
        "links": {"$ref": "#/components/schemas/Links"},
    },
}
EXAMPLE = {
    "id": "demo",
    "name": "Huyện mẫu Sông Lụa",
    "run_id": "0123456789ab",
    "date": "2026-07-01",
    "synthetic": True,
    "estimate": False,
    "headline": {"communes": 25, "children": 28838.0, "children_uncovered": None},
    "links": [{"href": "/api/v1/results/demo", "rel": "self", "type": "application/json"}],
}


@router.get(
    "", summary="What the API has", responses=told(LANDED, {"title": "Sân Chơi", "version": "0.1.0", "links": []})
)
def landing(request: Request) -> Response:
    """Links to everything else."""
    found = [
        links.link(request, "/api/v1", "self"),
        links.link(request, "/api/v1/results", "data", "results"),
        links.link(
            request, "/api/v1/openapi.json", "service-desc", kind="application/vnd.oai.openapi+json;version=3.1"
        ),
        links.link(request, "/api/v1/docs", "service-doc", kind="text/html"),
        links.link(request, "/ogc", "related", "OGC API – Features"),
        links.link(request, "/processes", "related", "OGC API – Processes"),
    ]
    return respond({"title": "Sân Chơi", "version": caching.version(), "links": found})


@router.get(
    "/results",
    summary="All results",
    responses=told(listed(SHORT), {"numberMatched": 1, "numberReturned": 1, "links": [], "items": [EXAMPLE]}),
)
def all_results(request: Request, page: Paging) -> Response:
    """Every result that the service shows, in order; the first is the one that is meant where none is named."""
    entries = request.app.state.library.entries()
    part = entries[page.offset : page.offset + page.limit]
    return respond(listing(request, [_short(request, each) for each in part], len(entries), page))


@router.get("/results/{result}", summary="One result", responses=told(SHORT, EXAMPLE))
def one_result(request: Request, entry: Result) -> Response:
    """What a result found, by which norm, with which warnings; and links to its parts, files and pages."""
    run = entry.run
    found = _short(request, entry)
    kept = {
        key: run.get(key) for key in ("study", "norm", "warnings", "versions", "seeds", "scoring", "siting", "tables")
    }
    found["links"] += _parts(request, entry)
    return respond_of(entry, request, {**found, **kept, "links": found["links"]})


def _short(request: Request, entry: Entry) -> Record:
    run, study = entry.run, entry.run["study"]
    return {
        "id": entry.id,
        "name": entry.name,
        "run_id": run["run_id"],
        "date": study.get("date"),
        "synthetic": bool(study.get("synthetic")),
        "estimate": bool(study.get("estimate")),
        "headline": run.get("headline", {}),
        "links": [
            links.link(request, f"/api/v1/results/{entry.id}", "self"),
            links.page(request, entry.id, "", entry.name),
        ],
    }


def _parts(request: Request, entry: Entry) -> list[Link]:
    parcels = {"parcels": "parcels", "sites": "sites", "plan-gaps": "plan_gaps", "budget-curve": "budget_curve"}
    names = [part for part in PARTS if part not in parcels or entry.has(parcels[part])]
    return [
        *(links.link(request, f"/api/v1/results/{entry.id}/{part}", "item", part) for part in names),
        links.link(request, f"/r/{entry.id}/ogc", "related", "OGC API – Features"),
        links.link(request, f"/r/{entry.id}/files/run.json", "enclosure", "run.json"),
        links.link(
            request, f"/r/{entry.id}/files/result.gpkg", "enclosure", "result.gpkg", "application/geopackage+sqlite3"
        ),
    ]
