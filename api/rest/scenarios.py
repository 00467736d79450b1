"""Scenarios: named chains of changes to a result, saved, answered, compared, and exported as a study."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sanchoi.api import answers, links, scenario_study
from sanchoi.api.accounts import gate
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.rest.query import Paging, Result, Strict
from sanchoi.api.rest.shape import Record, listed, listing, respond, told
from sanchoi.api.rest.what_if import ANSWER, ANSWERED, CHANGE, EXAMPLE, bounded
from sanchoi.api.store import Store, scenarios
from sanchoi.api.store.models import Scenario
from starlette.responses import Response

router = APIRouter(prefix="/api/v1", tags=["scenarios"], dependencies=[Strict])
Changes = Annotated[list[Annotated[dict[str, Any], Field(json_schema_extra=CHANGE)]], Field(min_length=1)]
RECORD: dict[str, Any] = {
    "type": "object",
    "required": ["id", "result", "name", "note", "version", "changes", "stale", "created_at", "updated_at", "links"],
    "properties": {
        **{key: {"type": "string"} for key in ("id", "result", "name", "note", "created_at", "updated_at")},
        "version": {"type": "integer"},
        "stale": {"type": "boolean", "description": "the result was made anew since the scenario was saved"},
        "changes": {"type": "array", "items": {"type": "object"}},
        "links": {"$ref": "#/components/schemas/Links"},
    },
}
SAVED = {
    "id": "0" * 32,
    "result": "demo",
    "name": "Thêm sân ở Bến Cau",
    "note": "",
    "version": 1,
    "stale": False,
    "changes": EXAMPLE["changes"],
    "created_at": "2026-11-26T09:00:00+00:00",
    "updated_at": "2026-11-26T09:00:00+00:00",
    "links": [],
}
COMPARED: dict[str, Any] = {
    "type": "object",
    "required": ["one", "two", "difference"],
    "properties": {key: {"type": "object"} for key in ("one", "two", "difference")},
}


class New(BaseModel):
    """A scenario to save."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "A", "changes": EXAMPLE["changes"]}]}
    )
    name: str
    note: str = ""
    changes: Changes


class Changed(BaseModel):
    """What is changed of a scenario; `version` is the one that was read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"version": 1, "name": "B"}]})
    version: Annotated[int, Field(ge=1, le=2**31 - 2)]
    name: str | None = None
    note: str | None = None
    changes: Changes | None = None


@router.get(
    "/results/{result}/scenarios", summary="Scenarios of a result", responses=told(listed(RECORD), {"items": [SAVED]})
)
def listing_of(request: Request, entry: Result, page: Paging) -> Response:
    """The one changed last first."""
    with _store(request).reading() as session:
        found, count = scenarios.listed(session, entry.id, page.limit, page.offset)
        rows = [record(request, entry, each) for each in found]
    return respond(listing(request, rows, count, page))


@router.post(
    "/results/{result}/scenarios",
    summary="Save a scenario",
    status_code=201,
    dependencies=[gate.TO_SAVE],
    responses={201: told(RECORD, SAVED, "Saved.")[200]},
)
def save(request: Request, entry: Result, new: Annotated[New, Body()]) -> Response:
    """The changes are checked as a question would be; what cannot be answered is not saved."""
    bounded(request, new.changes)
    answers.ask(entry, request.app.state.models.get(entry), new.changes)
    limits = request.app.state.settings.limits
    with _store(request).session() as session:
        made = scenarios.create(
            session,
            entry.id,
            entry.etag,
            new.name,
            new.changes,
            new.note,
            most=limits.changes,
            vertices=limits.vertices,
        )
        found = record(request, entry, made)
    answer = respond(found)
    answer.status_code = 201
    answer.headers["location"] = f"/api/v1/scenarios/{found['id']}"
    return answer


@router.get("/scenarios/{scenario}", summary="One scenario", responses=told(RECORD, SAVED))
def one(request: Request, scenario: str) -> Response:
    """Its name, note, version and changes."""
    entry, found = read(request, scenario)
    return respond(record(request, entry, found))


@router.put(
    "/scenarios/{scenario}", summary="Change a scenario", dependencies=[gate.TO_SAVE], responses=told(RECORD, SAVED)
)
def change(request: Request, scenario: str, new: Annotated[Changed, Body()]) -> Response:
    """Refused where somebody has changed it since `version` was read."""
    entry, _ = read(request, scenario)
    if new.changes is not None:
        bounded(request, new.changes)
        answers.ask(entry, request.app.state.models.get(entry), new.changes)
    limits = request.app.state.settings.limits
    with _store(request).session() as session:
        found = scenarios.update_(
            session,
            scenario,
            new.version,
            name=new.name,
            note=new.note,
            changes=new.changes,
            etag=None if new.changes is None else entry.etag,
            most=limits.changes,
            vertices=limits.vertices,
        )
        out = record(request, entry, found)
    return respond(out)


@router.delete(
    "/scenarios/{scenario}",
    summary="Delete a scenario",
    status_code=204,
    dependencies=[gate.TO_SAVE],
    responses={204: {"description": "Deleted."}},
)
def delete(
    request: Request, scenario: str, version: Annotated[int | None, Query(ge=1, le=2**31 - 2)] = None
) -> Response:
    """With `version`, only if nobody has changed it since."""
    with _store(request).session() as session:
        scenarios.delete(session, scenario, version)
    return Response(status_code=204)


@router.get("/scenarios/{scenario}/result", summary="What a scenario does", responses=told(ANSWER, ANSWERED))
def result_of(request: Request, scenario: str) -> Response:
    """The answer to its changes, worked out now."""
    return respond(_answer(request, scenario))


@router.get("/scenarios/{scenario}/compare", summary="Two scenarios beside each other", responses=told(COMPARED, {}))
def compare(
    request: Request,
    scenario: str,
    other: Annotated[str, Query(alias="with", min_length=1, max_length=64, description="Id of the other scenario.")],
) -> Response:
    """Both answers without their cells, and the children newly covered by the second beyond the first, by band."""
    return respond(compared(_answer(request, scenario), _answer(request, other)))


@router.get(
    "/scenarios/{scenario}/export",
    summary="A scenario as a study",
    response_class=Response,
    responses={
        200: {
            "description": "A zip file.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def export(request: Request, scenario: str) -> Response:
    """study.toml, the layers that change, and the others where the service has them."""
    entry, found = read(request, scenario)
    model = request.app.state.models.get(entry)
    changes = [answers.resolved(entry, each.document, n) for n, each in enumerate(found.changes, 1)]
    body = scenario_study.packed(entry, model, found.name, changes)
    headers = {"content-disposition": f'attachment; filename="scenario-{found.id[:12]}.zip"'}
    return Response(body, media_type="application/zip", headers=headers)


def compared(one: Record, two: Record) -> Record:
    """Two answers beside each other."""
    if one["result"] != two["result"]:
        words = ("Hai phương án thuộc hai kết quả khác nhau.", "The two scenarios belong to different results.")
        raise Problem("conflict", pairs={"message": words})
    sides = [{key: value for key, value in each.items() if key != "cells"} for each in (one, two)]
    bands = one["newly_covered"]
    difference = {
        key: {band: two[key][band] - one[key][band] for band in bands} for key in ("newly_covered", "no_longer_covered")
    }
    return {"one": sides[0], "two": sides[1], "difference": difference}


def read(request: Request, scenario: str) -> tuple[Entry, Scenario]:
    """A scenario and the result it belongs to.

    Raises
    ------
    Problem : there is no such scenario. UnknownId : its result is shown no more.
    """
    with _store(request).reading() as session:
        found = scenarios.get(session, scenario)
    return request.app.state.library.get(found.result_id), found


def record(request: Request, entry: Entry, found: Scenario) -> Record:
    """A scenario as JSON values."""
    own = f"/api/v1/scenarios/{found.id}"
    return {
        "id": found.id,
        "result": found.result_id,
        "name": found.name,
        "note": found.note,
        "version": found.version,
        "stale": found.etag != entry.etag,
        "changes": [each.document for each in found.changes],
        "created_at": found.created_at.isoformat(),
        "updated_at": found.updated_at.isoformat(),
        "links": [
            links.link(request, own, "self"),
            links.link(request, own + "/result", "related"),
            links.link(request, own + "/export", "enclosure", kind="application/zip"),
            links.page(request, found.result_id, f"scenarios/{found.id}"),
        ],
    }


def _answer(request: Request, scenario: str) -> Record:
    entry, found = read(request, scenario)
    answer = answers.ask(entry, request.app.state.models.get(entry), [each.document for each in found.changes])
    return {**answer, "scenario": {"id": found.id, "name": found.name, "version": found.version}}


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store
