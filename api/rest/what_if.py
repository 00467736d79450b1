"""What if? A question to a result, answered at once and kept nowhere."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field
from sanchoi.api import answers
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.rest.query import Result, Strict
from sanchoi.api.rest.shape import respond, told
from starlette.responses import Response

DEPTH = 32
"""So deep may the lists and objects of a change lie in each other; those of a MultiPolygon lie six deep."""
_BROKEN = re.compile("[\ud800-\udfff]")
router = APIRouter(tags=["what-if"], dependencies=[Strict])
CHANGE: dict[str, Any] = {
    "type": "object",
    "required": ["action"],
    "properties": {
        "action": {"type": "string", "enum": ["add", "close", "enlarge", "crossing"]},
        "geometry": {"type": "object", "description": "GeoJSON in EPSG:4326, longitude first"},
        "parcel_id": {"type": "string", "description": "add: a listed parcel, its usable ground"},
        "play_area_id": {"type": "string", "description": "close, enlarge: which"},
        "area_m2": {"type": "number", "exclusiveMinimum": 0, "description": "m² that can be played on"},
        "access_points": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
        "name": {"type": "string"},
        "id": {"type": "string"},
        "kind": {"type": "string", "enum": ["footbridge", "crossing"]},
    },
}
EXAMPLE: dict[str, Any] = {
    "changes": [
        {"action": "add", "geometry": {"type": "Point", "coordinates": [108.43, 15.807]}, "area_m2": 600},
        {"action": "close", "play_area_id": "PG-90101-01"},
    ]
}
ANSWERED = {
    "result": "demo",
    "run_id": "0123456789ab",
    "sentence_en": "If 1 play area is added: 312 more children can walk to a play area.",
    "newly_covered": {"0-5": 101.0, "6-14": 211.0, "all": 312.0},
    "communes": [],
    "cells": {"cell_m": 100.0, "cell_id": []},
    "seconds": 0.05,
}
ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["result", "run_id", "sentence_vi", "sentence_en", "newly_covered", "communes", "cells", "seconds"],
    "properties": {
        "sentence_vi": {"type": "string"},
        "sentence_en": {"type": "string"},
        "newly_covered": {"type": "object", "additionalProperties": {"type": "number"}},
        "communes": {"type": "array", "items": {"type": "object"}, "description": "rows that change, before and after"},
        "cells": {"type": "object", "description": "column by column"},
    },
}


class Question(BaseModel):
    """What is asked: changes, made one after the other."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    changes: Annotated[list[Annotated[dict[str, Any], Field(json_schema_extra=CHANGE)]], Field(min_length=1)]


class OpenQuestion(Question):
    """The same, of the first result or of the one that is named."""

    result: str | None = None


@router.post("/api/v1/results/{result}/what-if", summary="What if?", responses=told(ANSWER, ANSWERED))
def of_result(request: Request, entry: Result, question: Annotated[Question, Body()]) -> Response:
    """The new gap of every commune that the changes touch, equal to a full run of the changed study."""
    return _answer(request, entry, question)


@router.post("/what-if", summary="What if? Of the first result, or of the one named", responses=told(ANSWER, ANSWERED))
def of_any(request: Request, question: Annotated[OpenQuestion, Body()]) -> Response:
    """The same for the first result, or for `result`."""
    library = request.app.state.library
    entry = library.first() if question.result is None else library.get(question.result)
    return _answer(request, entry, question)


def bounded(request: Request, changes: list[dict[str, Any]]) -> None:
    """Refuse more changes, or more vertices, than one request may bring, and values that no answer could repeat.

    Raises
    ------
    Problem : too many; half a character; nested without end.
    """
    limits = request.app.state.settings.limits
    if len(changes) > limits.changes:
        raise Problem("too_large", {"came": len(changes), "limit": limits.changes})
    for n, change in enumerate(changes, 1):
        fault = _unspeakable(change)
        if fault is not None:
            words = ("chữ đọc được, không lồng quá sâu", "readable text, not nested without end")
            raise Problem("bad_body", {"came": f"{n}: {fault}"}, {"expected": words})
    vertices = sum(_numbers(change.get("geometry")) + _numbers(change.get("access_points")) for change in changes) // 2
    if vertices > limits.vertices:
        raise Problem("too_large", {"came": vertices, "limit": limits.vertices})


def _unspeakable(part: Any) -> str | None:  # noqa: ANN401 - whatever JSON holds
    """Text in a JSON value that no answer and no database can hold, or nesting without end; None = nothing of that."""
    todo = [(part, 0)]
    while todo:
        each, depth = todo.pop()
        if isinstance(each, list | dict):
            if depth == DEPTH:
                return "[[[…"
            if isinstance(each, dict):
                todo += [(key, depth) for key in each]
                each = [*each.values()]
            todo += [(inner, depth + 1) for inner in each]
        elif isinstance(each, str) and ("\x00" in each or (not each.isascii() and _BROKEN.search(each))):
            return ascii(each[:60])
    return None


def _numbers(part: Any) -> int:  # noqa: ANN401 - whatever JSON holds
    """How many numbers a JSON value holds, without recursion: it may be nested deep."""
    todo, count = [part], 0
    while todo:
        each = todo.pop()
        if isinstance(each, list):
            todo += each
        elif isinstance(each, dict):
            todo += each.values()
        elif isinstance(each, int | float) and not isinstance(each, bool):
            count += 1
    return count


def _answer(request: Request, entry: Entry, question: Question) -> Response:
    bounded(request, question.changes)
    model = request.app.state.models.get(entry)
    return respond(answers.ask(entry, model, question.changes))
