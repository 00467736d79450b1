"""Proposal acts: moves from state to state, whether everybody sees it, what is said of it, and its versions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import shapely
from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field
from sanchoi.api.accounts import actor as acting
from sanchoi.api.proposals import desk
from sanchoi.api.proposals.readings import authors
from sanchoi.api.proposals.states import STATES
from sanchoi.api.rest import proposal_record as telling
from sanchoi.api.rest.conditions import Revision
from sanchoi.api.rest.proposal_record import EXAMPLE, RECORD, REMARK, SAID
from sanchoi.api.rest.proposals import private
from sanchoi.api.rest.query import Strict
from sanchoi.api.rest.shape import told
from starlette.responses import Response

router = APIRouter(prefix="/api/v1/proposals/{proposal}", tags=["proposals"], dependencies=[Strict])
Words = Annotated[str, Field(min_length=1, max_length=5_000)]
State = Literal["submitted", "needs_info", "under_review", "accepted", "rejected", "withdrawn", "in_plan"]
assert set(State.__args__) == set(STATES) - {"draft"}  # type: ignore[attr-defined]  # noqa: S101 - nothing goes back to a draft
VERSION: dict[str, Any] = {
    "type": "object",
    "required": ["version", "at", "author", "content", "worth", "geometry", "digest", "erased"],
    "properties": {
        "version": {"type": "integer", "minimum": 1},
        **{key: {"type": "string"} for key in ("at", "author", "digest")},
        **{key: {"type": ["object", "null"]} for key in ("content", "worth", "geometry")},
        "erased": {"type": "boolean", "description": "the person's data were taken away"},
    },
}
VERSIONED = {
    "version": 1,
    "at": "2026-11-26T09:00:00+00:00",
    "author": "Trần Thị B",
    "content": {"name": "Sân chơi thôn 2"},
    "worth": None,
    "geometry": None,
    "digest": "0" * 64,
    "erased": False,
}


class Moved(BaseModel):
    """To which state, and why; `scenario_id` for what goes into the plan."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"to": "submitted", "reason": "Đã đủ hồ sơ."}]}
    )
    to: State
    reason: Words
    scenario_id: Annotated[str | None, Field(min_length=1, max_length=32, pattern="^[0-9A-Za-z]+$")] = None


class Shown(BaseModel):
    """Whether everybody is to see it, and why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"public": True, "reason": "Lấy ý kiến dân."}]}
    )
    public: bool
    reason: Words


class Said(BaseModel):
    """Something to say; `internal`: reviewers alone will read it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": "Xin thêm ảnh lối vào."}]})
    text: Words
    internal: bool = False


@router.post("/moves", summary="Bring a proposal to another state", responses=told(RECORD, EXAMPLE, "Moved."))
def move(request: Request, proposal: str, revision: Revision, asked: Annotated[Moved, Body()]) -> Response:
    """Each move needs its right and a reason, and stands in the audit log."""
    with request.app.state.store.session() as session:
        found = desk.move(session, acting.of(request), proposal, revision, asked.to, asked.reason, asked.scenario_id)
        return private(telling.whole(request, session, found), found)


@router.post(
    "/publication", summary="Show a proposal to everybody, or no more", responses=told(RECORD, EXAMPLE, "Done.")
)
def publish(request: Request, proposal: str, revision: Revision, asked: Annotated[Shown, Body()]) -> Response:
    """Its name, commune, state, outline and worth; never its owner, author, note, or what was said of it."""
    with request.app.state.store.session() as session:
        found = desk.publish(session, acting.of(request), proposal, revision, asked.public, asked.reason)
        return private(telling.whole(request, session, found), found)


@router.get(
    "/remarks",
    summary="What was said of a proposal",
    responses=told(
        {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": SAID}}},
        {"items": [REMARK]},
    ),
)
def remarks(request: Request, proposal: str) -> Response:
    """Oldest first: comments, and the reason of every change of state. Internal ones for reviewers alone."""
    who = acting.of(request)
    with request.app.state.store.reading() as session:
        found = desk.remarks(session, who, desk.get(session, who, proposal))
        names = authors(session, [each.author_id for each in found])
        return private({"items": [telling.said(each, names) for each in found]})


@router.post(
    "/remarks",
    summary="Say something of a proposal",
    status_code=201,
    responses={201: told(SAID, REMARK, "Said.")[200]},
)
def comment(request: Request, proposal: str, asked: Annotated[Said, Body()]) -> Response:
    """It cannot be taken back."""
    who = acting.of(request)
    with request.app.state.store.session() as session:
        made = desk.comment(session, who, proposal, asked.text, asked.internal)
        answer = private(telling.said(made, authors(session, [made.author_id])))
    answer.status_code = 201
    return answer


@router.get(
    "/versions",
    summary="Versions of a proposal",
    responses=told(
        {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": VERSION}}},
        {"items": [VERSIONED]},
    ),
)
def versions(request: Request, proposal: str) -> Response:
    """Oldest first, each as it stood. `digest` is in the audit log too."""
    who = acting.of(request)
    with request.app.state.store.reading() as session:
        found = desk.versions(session, desk.get(session, who, proposal))
        names = authors(session, [each.author_id for each in found])
        items = [
            {
                "version": each.version,
                "at": each.at.isoformat(),
                "author": names[each.author_id],
                "content": each.content,
                "worth": each.worth,
                "geometry": shapely.geometry.mapping(each.geometry),
                "digest": each.digest,
                "erased": each.erased is not None,
            }
            for each in found
        ]
        return private({"items": items})
