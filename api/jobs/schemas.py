"""Schemas: what the API document says of processes and jobs beyond what the routes' signatures say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sanchoi.api.jobs import queue, registry
from sanchoi.api.settings import Settings

if TYPE_CHECKING:  # long to load
    from sanchoi.api.library import Library

Schema = dict[str, Any]
NOWHERE = Settings((), Path("/nonexistent"))
LANG: Schema = {
    "name": "lang",
    "in": "query",
    "description": "Language of titles and messages, else by Accept-Language.",
    "schema": {"type": "string", "enum": ["vi", "en"]},
}
PREFER: Schema = {
    "name": "Prefer",
    "in": "header",
    "description": "Every execution is asynchronous, whether this is given or not.",
    "schema": {"type": "string"},
    "example": "respond-async",
}
MOMENT: Schema = {"type": "string", "format": "date-time"}


def _input(each: registry.Input) -> Schema:
    schema = dict(each.schema)
    if schema == {"type": "string", "maxLength": 0}:  # one of the names that the service knows then
        schema = {"type": "string", "maxLength": 200}
    return {"description": each.title[1], **schema}


def _execution(process: registry.Process) -> Schema:
    inputs = process.inputs(cast("Library", ()), NOWHERE)  # of a service without results
    needed = [name for name, each in inputs.items() if each.required]
    return {
        "title": process.id,
        "description": f"{process.title[1]}. What results or studies there are: see /processes/{process.id}.",
        "type": "object",
        "required": ["inputs"],
        "properties": {
            "inputs": {
                "type": "object",
                "required": needed,
                "additionalProperties": False,
                "properties": {name: _input(each) for name, each in inputs.items()},
            }
        },
    }


def _listed(name: str, among: tuple[str, ...], text: str) -> Schema:
    return {
        "name": name,
        "in": "query",
        "description": text,
        "style": "form",
        "explode": False,
        "schema": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(among)}},
    }


def _whole(name: str, low: int, text: str) -> Schema:
    return {
        "name": name,
        "in": "query",
        "description": text,
        "schema": {"type": "integer", "minimum": low, "maximum": 2**31 - 1},
    }


STATUS: Schema = {
    "type": "object",
    "required": [
        "processID",
        "type",
        "jobID",
        "status",
        "message",
        "created",
        "updated",
        "progress",
        "inputs",
        "links",
    ],
    "properties": {
        "processID": {"type": "string"},
        "type": {"type": "string", "enum": ["process"]},
        "jobID": {"type": "string"},
        "status": {"type": "string", "enum": list(queue.STATES)},
        "message": {"type": "string", "description": "where it stands, in the asker's language"},
        **dict.fromkeys(("created", "started", "finished", "updated"), MOMENT),
        "progress": {"type": "integer", "minimum": 0, "maximum": 100},
        "stage": {"type": ["string", "null"]},
        "stage_words": {"type": ["string", "null"]},
        "share": {"type": "number", "minimum": 0, "maximum": 1, "description": "of the stage"},
        "attempts": {"type": "integer", "minimum": 0},
        "inputs": {"type": "object"},
        "exception": {"$ref": "#/components/schemas/Problem"},
        "links": {"$ref": "#/components/schemas/Links"},
    },
}
JOBS: Schema = {
    "type": "object",
    "required": ["jobs", "numberMatched", "numberReturned", "links"],
    "properties": {
        "jobs": {"type": "array", "items": STATUS},
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
        "links": {"$ref": "#/components/schemas/Links"},
    },
}
ASKED: Schema = {"parameters": [LANG]}
EXECUTION: Schema = {
    "parameters": [LANG, PREFER],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"anyOf": [_execution(each) for each in registry.PROCESSES.values()]},
                "examples": {
                    each.id: {"summary": each.title[1], "value": dict(each.example)}
                    for each in registry.PROCESSES.values()
                },
            }
        },
    },
}
LIST: Schema = {
    "parameters": [
        LANG,
        _listed("status", queue.STATES, "Only jobs in these states."),
        _listed("processID", tuple(registry.PROCESSES), "Only jobs of these processes."),
        _whole("limit", 1, "Jobs in a page."),
        _whole("offset", 0, "Jobs to pass over."),
    ]
}
EVENTS: Schema = {
    "parameters": [
        LANG,
        _whole("after", 0, "Go on after the event of this number."),
        {
            "name": "Last-Event-ID",
            "in": "header",
            "description": "The same, as an EventSource sends it; it has the last word.",
            "schema": {"type": "string"},
        },
    ],
}


def json_(schema: Schema, text: str = "Found.", **more: Any) -> Schema:  # noqa: ANN401 - further members
    """What the document says of a JSON answer."""
    return {"description": text, "content": {"application/json": {"schema": schema}}, **more}


MADE: dict[int | str, Schema] = {
    201: json_(
        STATUS,
        "The job waits for its turn.",
        headers={
            "Location": {"description": "The job.", "schema": {"type": "string", "format": "uri"}},
            "Preference-Applied": {"schema": {"type": "string"}},
        },
    )
}
