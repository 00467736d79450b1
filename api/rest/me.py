"""Me: who asks, what they may do, and what the requests of their session must carry."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sanchoi.api.accounts import actor, guard
from sanchoi.api.accounts.actor import ROLES, WORDS
from sanchoi.api.rest.query import Strict
from sanchoi.api.rest.shape import respond, told
from starlette.responses import Response

router = APIRouter(prefix="/api/v1", tags=["accounts"], dependencies=[Strict])
RECORD: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name", "role", "rights", "communes", "vintage", "csrf"],
    "properties": {
        "id": {"type": ["string", "null"], "description": "of the account; null = nobody has logged in"},
        "name": {"type": "string"},
        "role": {"type": ["string", "null"], "enum": [*ROLES, None]},
        "rights": {"type": "array", "items": {"type": "string", "enum": list(WORDS)}},
        "communes": {"type": "array", "items": {"type": "string"}, "description": "for which an official may propose"},
        "vintage": {"type": ["string", "null"], "description": "date of the boundaries that the codes are of"},
        "csrf": {
            "type": ["string", "null"],
            "description": "goes into the header X-CSRF-Token of every write of a session; null with a token",
        },
    },
}
EXAMPLE = {
    "id": "0" * 32,
    "name": "Hà",
    "role": "commune",
    "rights": ["read", "propose"],
    "communes": ["90101"],
    "vintage": "2025-07-01",
    "csrf": None,
}


@router.get("/me", summary="Who asks", responses=told(RECORD, EXAMPLE))
def me(request: Request) -> Response:
    """The account of the session or token that the request comes with, and what it may do."""
    known = actor.of(request)
    found = {
        "id": known.user_id,
        "name": known.name,
        "role": known.role or None,
        "rights": [right for right in WORDS if known.may(right)],
        "communes": sorted(known.communes),
        "vintage": known.vintage or None,
        "csrf": guard.csrf_of(request) or None,
    }
    answer = respond(found)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Vary"] = "Cookie, Authorization"
    return answer
