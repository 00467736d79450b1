"""Terms: norms, sources and methods of a result, and what of them nobody has verified."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sanchoi.api import links
from sanchoi.api.explain import records
from sanchoi.api.library import Entry
from sanchoi.api.rest.query import Result, Strict
from sanchoi.api.rest.shape import Record, respond_of, told
from starlette.responses import Response

router = APIRouter(prefix="/api/v1/results/{result}", tags=["terms"], dependencies=[Strict])
ROWS = {"type": "array", "items": {"type": "object"}}
UNVERIFIED = {"type": "array", "items": {"type": "string"}, "description": "what nobody has read in the legal text"}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    properties["links"] = {"$ref": "#/components/schemas/Links"}
    return {"type": "object", "required": [*properties], "properties": properties}


@router.get(
    "/norms",
    summary="Norms that were used",
    responses=told(
        _object(norm={"type": "object"}, norms=ROWS, unverified=UNVERIFIED),
        {
            "norm": {"profile": "qcvn-01-2021"},
            "norms": [{"band": "0-5", "walk_m": 300.0}],
            "unverified": [],
            "links": [],
        },
    ),
)
def norms(request: Request, entry: Result) -> Response:
    """The norm's rows with source, article and dates, and the limit that each band was judged by."""
    run = entry.run
    rows = [*run.get("norms", []), *run.get("norm", {}).get("rows", [])]
    unverified = sorted({f"{each['profile']} {each['tier']}" for each in rows if not each.get("verified")})
    found = {"norm": run.get("norm", {}), "norms": run.get("norms", []), "unverified": unverified}
    return respond_of(entry, request, _linked(request, entry, "norms", found))


@router.get(
    "/sources",
    summary="Where the data come from",
    responses=told(
        _object(sources=ROWS, inputs=ROWS),
        {
            "sources": [{"layer": "communes", "licence": "MIT"}],
            "inputs": [{"layer": "communes", "sha256": "…"}],
            "links": [],
        },
    ),
)
def sources(request: Request, entry: Result) -> Response:
    """Attribution and licence of each layer, and every input file with its SHA-256."""
    found = {"sources": entry.run.get("sources", []), "inputs": entry.run.get("inputs", [])}
    return respond_of(entry, request, _linked(request, entry, "sources", found))


@router.get(
    "/methods",
    summary="How the numbers were made",
    responses=told(
        _object(run_id={"type": "string"}, criteria=ROWS, constraints=ROWS, warnings=ROWS, unverified=UNVERIFIED),
        {
            "run_id": "0123456789ab",
            "criteria": [],
            "constraints": [],
            "warnings": [],
            "unverified": ["dike"],
            "links": [],
        },
    ),
)
def methods(request: Request, entry: Result) -> Response:
    """Settings, criteria with their scales, constraints with their sources, warnings, versions and seeds."""
    run = entry.run
    constraints = _rows(entry, "constraints")
    found = {
        **{key: run.get(key) for key in ("run_id", "study", "scoring", "siting", "versions", "seeds")},
        "criteria": _rows(entry, "criteria"),
        "constraints": constraints,
        "warnings": run.get("warnings", []),
        "unverified": [each["constraint_id"] for each in constraints if not each["verified"]],
    }
    return respond_of(entry, request, _linked(request, entry, "methods", found))


def _rows(entry: Entry, table: str) -> list[Record]:
    return records(entry.table(table)) if entry.has(table) else []


def _linked(request: Request, entry: Entry, name: str, found: Record) -> Record:
    own = f"/api/v1/results/{entry.id}/{name}"
    return {**found, "links": [links.link(request, own, "self"), links.page(request, entry.id, "methods")]}
