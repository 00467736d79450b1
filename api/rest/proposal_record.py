"""Proposal records: a proposal as JSON values, whole for those whom it concerns and short for everybody, and their schema."""

from __future__ import annotations

from typing import Any

import shapely
from sanchoi.api import links
from sanchoi.api.proposals import desk, figures
from sanchoi.api.proposals.readings import authors
from sanchoi.api.proposals.states import MOVES, STATES
from sanchoi.api.rest.shape import Record
from sanchoi.api.store import Proposal, ProposalVersion, Remark
from sqlalchemy.orm import Session
from starlette.requests import Request

OPEN_FACTS = ("area_m2", "usable_m2", "verdict", "score", "score_high", "rank", "of")
"""What everybody may read of the worth of a public proposal, besides its sentences, children and classes."""
OPEN_WORTH = (*OPEN_FACTS, "newly_covered", "changed_class", "children_per_billion_vnd", "sentence_vi", "sentence_en")
TEXT: dict[str, Any] = {"type": "string"}
MAYBE: dict[str, Any] = {"type": ["string", "null"]}
FIGURE: dict[str, Any] = {"type": ["number", "null"]}
WHOLE: dict[str, Any] = {"type": "integer", "minimum": 1}
SHORT: dict[str, Any] = {
    **dict.fromkeys(("id", "result", "vintage", "commune_id", "name", "state_vi", "state_en"), TEXT),
    "number": {**WHOLE, "description": "what people call it by"},
    "state": {"type": "string", "enum": list(STATES)},
    "public": {"type": "boolean"},
    "submitted_at": MAYBE,
    "gained": {**FIGURE, "description": "children newly covered"},
    "cost": {**FIGURE, "description": "VND"},
    "score": FIGURE,
    "rank": {"type": ["integer", "null"]},
    "figures_run": {
        **MAYBE,
        "description": "run of the result that gained, score and rank are of; null: there are none",
    },
    "figures_current": {
        "type": ["boolean", "null"],
        "description": "whether that is the run shown now; false: figures of an earlier run, which may be others today; "
        "null: there are none, or the result is shown no more",
    },
    "links": {"$ref": "#/components/schemas/Links"},
}
OWN: dict[str, Any] = {
    "revision": {**WHOLE, "description": "its ETag; send it back in If-Match"},
    "version": {**WHOLE, "description": "of its content"},
    **dict.fromkeys(("created_at", "updated_at", "author", "land_use", "owner", "backer", "note", "source"), TEXT),
    **dict.fromkeys(("parcel_id", "scenario_id"), MAYBE),
    "epsg": {"type": ["integer", "null"], "description": "CRS in which the corners were given"},
    "moves": {
        "type": "array",
        "items": TEXT,
        "description": "states that it can be brought to, by whoever has the right",
    },
}
MORE: dict[str, Any] = {"geometry": {"type": "object"}, "worth": {"type": ["object", "null"]}}
LISTED: dict[str, Any] = {"type": "object", "required": list(SHORT), "properties": {**SHORT, **OWN}}
RECORD: dict[str, Any] = {
    "type": "object",
    "required": [*SHORT, *MORE],
    "properties": {**SHORT, **OWN, **MORE},
    "description": "Whole for its proposer, officials of its commune and reviewers; for others, if it is public, without "
    "owner, note, author and all that was said of it.",
}
SAID: dict[str, Any] = {
    "type": "object",
    "required": ["id", "at", "author", "kind", "from", "to", "text", "internal", "audit_id"],
    "properties": {
        **dict.fromkeys(("at", "author", "from", "to", "text"), TEXT),
        **dict.fromkeys(("id", "audit_id"), WHOLE),
        "kind": {"type": "string", "enum": ["comment", "state", "public"]},
        "internal": {"type": "boolean"},
    },
}
EXAMPLE: Record = {
    "id": "0" * 32,
    "number": 12,
    "result": "demo",
    "vintage": "2025-07-01",
    "commune_id": "90101",
    "name": "Sân chơi thôn 2",
    "state": "submitted",
    "state_vi": STATES["submitted"][0],
    "state_en": STATES["submitted"][1],
    "public": False,
    "submitted_at": "2026-11-26T09:00:00+00:00",
    "gained": 312.0,
    "cost": 400_000_000.0,
    "score": 0.61,
    "rank": 3,
    "figures_run": "3d3e4d6eaf60",
    "figures_current": True,
    "links": [],
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[108.4, 15.8], [108.401, 15.8], [108.401, 15.801], [108.4, 15.8]]],
    },
    "worth": None,
}
REMARK: Record = {
    "id": 1,
    "at": "2026-11-26T09:00:00+00:00",
    "author": "Trần Thị B",
    "kind": "state",
    "from": "submitted",
    "to": "needs_info",
    "text": "Xin thêm ảnh lối vào.",
    "internal": False,
    "audit_id": 4,
}


def short(request: Request, found: Proposal, version: ProposalVersion) -> Record:
    """What everybody may know of a public proposal, without its outline."""
    vi, en = STATES[found.state]
    worth = version.worth or {}
    own = f"/api/v1/proposals/{found.id}"
    return {
        "id": found.id,
        "number": found.number,
        "result": found.result_id,
        "vintage": found.vintage,
        "commune_id": found.commune_id,
        "name": found.name,
        "state": found.state,
        "state_vi": vi,
        "state_en": en,
        "public": found.public,
        "submitted_at": None if found.submitted is None else found.submitted.isoformat(),
        "gained": found.gained,
        "cost": found.cost,
        "score": worth.get("score"),
        "rank": worth.get("rank"),
        "figures_run": figures.run(version),
        "figures_current": figures.current(found, version, figures.entry(request.app.state.library, found)),
        "links": [links.link(request, own, "self")],
    }


def own(request: Request, found: Proposal, version: ProposalVersion, author: str) -> Record:
    """What those whom it concerns may know, without outline and worth."""
    content = version.content
    told = short(request, found, version)
    at = f"/api/v1/proposals/{found.id}"
    told["links"] += [links.link(request, f"{at}/{part}", "related") for part in ("remarks", "versions", "attachments")]
    return {
        **told,
        "revision": found.revision,
        "version": found.version,
        "created_at": found.created.isoformat(),
        "updated_at": found.updated.isoformat(),
        "author": author,
        **{key: content.get(key, "") for key in ("land_use", "owner", "backer", "note", "source")},
        "epsg": content.get("epsg"),
        "parcel_id": found.parcel_id,
        "scenario_id": found.scenario_id,
        "moves": [to for before, to in MOVES if before == found.state],
    }


def whole(request: Request, session: Session, found: Proposal) -> Record:
    """A proposal with its outline and its worth."""
    version = desk.current(session, found)
    told = own(request, found, version, authors(session, [found.author_id])[found.author_id])
    return {**told, "geometry": shapely.geometry.mapping(found.geometry), "worth": version.worth}


def open_(request: Request, session: Session, found: Proposal) -> Record:
    """A public proposal, for everybody."""
    version = desk.current(session, found)
    worth = version.worth
    told = None if worth is None else {key: worth.get(key) for key in OPEN_WORTH}
    return {
        **short(request, found, version),
        "geometry": shapely.geometry.mapping(found.geometry),
        "worth": told,
    }


def said(each: Remark, names: dict[str, str]) -> Record:
    """A remark."""
    return {
        "id": each.id,
        "at": each.at.isoformat(),
        "author": names[each.author_id],
        "kind": each.kind,
        "from": each.from_state,
        "to": each.to_state,
        "text": each.text,
        "internal": each.internal,
        "audit_id": each.audit_id,
    }
