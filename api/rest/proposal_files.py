"""Proposal files: photos and documents of a proposal, sent as base64 in JSON or as they are, and loaded down."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Request
from sanchoi.api import links
from sanchoi.api.accounts import actor as acting
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import attached, desk
from sanchoi.api.proposals.readings import authors
from sanchoi.api.rest.proposals import private
from sanchoi.api.rest.query import Strict
from sanchoi.api.rest.shape import Record, told
from sanchoi.api.store import Attachment
from sanchoi.api.uploads import attachments
from starlette.responses import Response

router = APIRouter(prefix="/api/v1/proposals/{proposal}/attachments", tags=["proposals"], dependencies=[Strict])
NAME = "X-File-Name"
FILE: dict[str, Any] = {
    "type": "object",
    "required": ["id", "at", "author", "kind", "name", "media_type", "size", "sha256", "links"],
    "properties": {
        **{key: {"type": "string"} for key in ("id", "at", "author", "name", "media_type", "sha256")},
        "kind": {"type": "string", "enum": list(attached.KINDS)},
        "size": {"type": "integer", "minimum": 0, "description": "bytes"},
        "links": {"$ref": "#/components/schemas/Links"},
    },
}
EXAMPLE: Record = {
    "id": "0" * 32,
    "at": "2026-11-26T09:00:00+00:00",
    "author": "Trần Thị B",
    "kind": "photo",
    "name": "lối vào.jpg",
    "media_type": "image/jpeg",
    "size": 81_234,
    "sha256": "0" * 64,
    "links": [],
}
SENT: dict[str, Any] = {
    "type": "object",
    "required": ["name", "data"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 300},
        "kind": {"type": "string", "enum": list(attached.KINDS)},
        "data": {"type": "string", "contentEncoding": "base64"},
    },
}
ASKED = {
    "requestBody": {
        "required": True,
        "description": f"JSON with base64, or the bytes as they are with their name, percent-encoded, in the header {NAME}.",
        "content": {
            "application/json": {"schema": SENT, "example": {"name": "ghi chú.txt", "data": "Z2hpIGNow7o="}},
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


async def _body(request: Request) -> bytes:
    return await request.body()


@router.get(
    "",
    summary="Files of a proposal",
    responses=told(
        {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": FILE}}},
        {"items": [EXAMPLE]},
    ),
)
def every(request: Request, proposal: str) -> Response:
    """Photos and documents, the oldest first."""
    who = acting.of(request)
    with request.app.state.store.reading() as session:
        found = attached.listed(session, desk.get(session, who, proposal))
        names = authors(session, [each.author_id for each in found])
        return private({"items": [_record(request, each, names[each.author_id]) for each in found]})


@router.post(
    "",
    summary="Add a file to a proposal",
    status_code=201,
    responses={201: told(FILE, EXAMPLE, "Kept.")[200]},
    openapi_extra=ASKED,
)
def add(request: Request, proposal: str, body: Annotated[bytes, Depends(_body)]) -> Response:
    """A photo is made anew without its position; a document is kept as it is, and leaves as a download only."""
    who = acting.of(request)
    state = request.app.state
    with state.store.reading() as session:
        desk.get(session, who, proposal)  # before anything is read of what was sent
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == "application/json":
        data, name, kind = _of_json(body)
    else:
        data, name, kind = body, unquote(request.headers.get(NAME, ""), errors="replace").strip(), ""
        if not name:
            words = (f"tên tệp trong đầu mục {NAME}", f"the file's name in the header {NAME}")
            raise Problem("bad_parameter", {"name": NAME, "came": "–"}, {"expected": words})
    made = attached.add(state.store, state.settings, who, proposal, data, name, kind or attached.kind_of(data))
    with state.store.reading() as session:
        answer = private(_record(request, made, authors(session, [made.author_id])[made.author_id]))
    answer.status_code = 201
    return answer


@router.get(
    "/{attachment}",
    summary="One file of a proposal",
    response_class=Response,
    responses={
        200: {
            "description": "A file to download.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def one(request: Request, proposal: str, attachment: str) -> Response:
    """As a download that no browser opens in place."""
    with request.app.state.store.reading() as session:
        found = attached.get(session, acting.of(request), proposal, attachment)
    answer = attachments.response(request.app.state.settings, found.sha256, found.name, found.media_type)
    if answer is None:
        words = ("Tệp này không còn trên đĩa.", "This file is no longer on the disk.")
        raise Problem("unavailable", pairs={"message": words})
    answer.headers["cache-control"] = "private, no-store"
    return answer


@router.delete(
    "/{attachment}",
    summary="Take a file away",
    status_code=204,
    responses={204: {"description": "Taken away; the audit log still tells that it was there."}},
)
def remove(request: Request, proposal: str, attachment: str) -> Response:
    """While the proposal can be changed."""
    with request.app.state.store.session() as session:
        attached.remove(session, acting.of(request), proposal, attachment)
    return Response(status_code=204)


def _of_json(body: bytes) -> tuple[bytes, str, str]:
    """Data, name and kind of a file in JSON.

    Raises
    ------
    Problem : "bad_body".
    """
    words = ('{"name": …, "data": base64, "kind": photo | document}',) * 2
    try:
        told = json.loads(body)
        if not isinstance(told, Mapping) or not set(told) <= {"name", "data", "kind"}:
            raise ValueError("JSON")
        name, kind = told["name"], told.get("kind") or ""
        data = base64.b64decode(told["data"], validate=True)
        if not isinstance(name, str) or not 0 < len(name.strip()) <= 300 or kind not in ("", *attached.KINDS):
            raise ValueError("name, kind")
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise Problem(
            "bad_body", {"came": f"{type(error).__name__}: {str(error)[:60]}"}, {"expected": words}
        ) from error
    return data, name, kind


def _record(request: Request, found: Attachment, author: str) -> Record:
    at = f"/api/v1/proposals/{found.proposal_id}/attachments/{found.id}"
    return {
        "id": found.id,
        "at": found.at.isoformat(),
        "author": author,
        **{key: getattr(found, key) for key in ("kind", "name", "media_type", "size", "sha256")},
        "links": [links.link(request, at, "enclosure", kind=found.media_type)],
    }
