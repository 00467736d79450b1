"""Proposals: what a site is worth, and the proposals of sites: listed, put down, read and changed.

Answers here are for the asker alone: they are not kept by anybody and not shown to pages of other hosts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Query, Request
from sanchoi.api.accounts import actor as acting
from sanchoi.api.accounts.actor import PROPOSE, REVIEW
from sanchoi.api.languages import language_of
from sanchoi.api.proposals import desk, exports, place, readings
from sanchoi.api.proposals import public as public_
from sanchoi.api.proposals.desk import Asked
from sanchoi.api.rest import proposal_land as land
from sanchoi.api.rest import proposal_record as telling
from sanchoi.api.rest.conditions import Key, Revision
from sanchoi.api.rest.proposal_record import EXAMPLE, LISTED, RECORD
from sanchoi.api.rest.query import Commune, Paging, Result, Strict
from sanchoi.api.rest.shape import Record, listed, listing, respond, told
from sanchoi.api.store import Proposal, Store
from starlette.responses import Response

router = APIRouter(prefix="/api/v1", tags=["proposals"], dependencies=[Strict])
State = Literal["draft", "submitted", "needs_info", "under_review", "accepted", "rejected", "withdrawn", "in_plan"]
Sort = Literal[
    "number",
    "-number",
    "updated",
    "-updated",
    "submitted",
    "-submitted",
    "gained",
    "-gained",
    "cost",
    "-cost",
    "value",
    "-value",
]
WORTH: dict[str, Any] = {
    "type": "object",
    "required": ["result", "newly_covered", "changed_class", "sentence_vi", "sentence_en"],
    "properties": {
        "newly_covered": {"type": "object"},
        "changed_class": {"type": "array"},
        "sentence_vi": {"type": "string"},
        "sentence_en": {"type": "string"},
    },
}
WORTHY = {
    "result": "demo",
    "verdict": "conditional",
    "score": 0.61,
    "rank": 3,
    "newly_covered": {"0-5": 101.0, "6-14": 211.0, "all": 312.0},
    "changed_class": [],
    "sentence_vi": "312 trẻ em mới đi bộ được tới sân chơi.",
    "sentence_en": "312 more children can walk to a play area.",
}


@router.post("/results/{result}/worth", summary="What a site is worth", responses=told(WORTH, WORTHY))
def worth(request: Request, entry: Result, site: Annotated[land.Land, Body()]) -> Response:
    """What a full run would say of a land had it been one more parcel: its ledger, score, rank, children, classes. Kept nowhere."""
    outline = land.outline(request, entry, site)
    return respond(land.worth(entry, request.app.state.models.get(entry), site, outline))


def filters(
    result: Annotated[str | None, Query(max_length=200, description="Only of this result.")] = None,
    commune: Commune = None,
    state: Annotated[State | None, Query(description="Only in this state.")] = None,
    public: Annotated[bool | None, Query(description="Only those shown to everybody, or only the others.")] = None,
    mine: Annotated[bool, Query(description="Only those that the asker put down.")] = False,
    sort: Annotated[
        Sort | None, Query(description="value: children newly covered per VND. Unknown values come last.")
    ] = None,
) -> Asked:
    """Which proposals a list holds."""
    states = () if state is None else (state,)
    return Asked(result or "", commune or "", states, public, mine, sort or "-updated")


Filters = Annotated[Asked, Depends(filters)]


@router.get("/proposals", summary="Proposals", responses=told(listed(LISTED), {"items": [EXAMPLE]}))
def every(request: Request, page: Paging, wanted: Filters) -> Response:
    """Those that the asker may see whole; who may propose nothing sees the public ones, in short."""
    who = acting.of(request)
    everybody = not (who.may(PROPOSE) or who.may(REVIEW))
    asked = replace(wanted, limit=page.limit, offset=page.offset)
    with _store(request).reading() as session:
        found, count = public_.listed(session, asked) if everybody else desk.listed(session, who, asked)
        versions = readings.currents(session, found)
        if everybody:
            rows = [telling.short(request, each, versions[each.id]) for each in found]
        else:
            names = readings.authors(session, [each.author_id for each in found])
            rows = [telling.own(request, each, versions[each.id], names[each.author_id]) for each in found]
    return private(listing(request, rows, count, page))


@router.get(
    "/proposals/export",
    summary="Proposals as a file",
    response_class=Response,
    responses={
        200: {
            "description": "A file to download.",
            "content": {each.partition(";")[0]: {"schema": {"type": "string"}} for each in exports.FORMS.values()},
        }
    },
)
def export(
    request: Request,
    wanted: Filters,
    f: Annotated[Literal["csv", "xlsx", "gpkg"], Query(description="Form of the file.")] = "csv",
    bom: Annotated[bool, Query(description="CSV begins with the mark by which Excel knows UTF-8.")] = True,
    crs: Annotated[
        Literal["EPSG:4326", "study"], Query(description="Of a GeoPackage; study: that of the study.")
    ] = "EPSG:4326",
) -> Response:
    """The whole filtered list, for reviewers; that it was made stands in the audit log."""
    language = language_of(request, request.app.state.settings.language)
    with _store(request).session() as session:
        made = exports.make(
            session, acting.of(request), request.app.state.library, wanted, f, language, bom=bom, crs=crs
        )
    return download(made)


@router.post(
    "/proposals",
    summary="Put a proposal down",
    status_code=201,
    responses={
        201: told(RECORD, EXAMPLE, "A draft is there.")[200],
        200: told(RECORD, EXAMPLE, "It was there already, made with the same key.")[200],
    },
)
def create(request: Request, key: Key, new: Annotated[land.New, Body()]) -> Response:
    """A draft of the asker's own; `moves` submits it. The land must lie in the asker's commune."""
    who = acting.of(request)
    who.must(PROPOSE)
    entry = request.app.state.library.get(new.result)
    model = request.app.state.models.get(entry)
    content = land.content(request, entry, new)
    home = place.place(entry, model, who, content.geometry)
    value = land.worth(entry, model, new, content.geometry)
    with _store(request).session() as session:
        made, fresh = desk.create(session, who, home, content, value, key=key)
        found = telling.whole(request, session, made)
    answer = private(found, made)
    answer.status_code = 201 if fresh else 200
    answer.headers["location"] = f"/api/v1/proposals/{found['id']}"
    return answer


@router.get("/proposals/{proposal}", summary="One proposal", responses=told(RECORD, EXAMPLE))
def one(request: Request, proposal: str) -> Response:
    """Whole for those whom it concerns, with its revision as ETag; in short for everybody, if it is public."""
    who = acting.of(request)
    with _store(request).reading() as session:
        shown = public_.get(session, proposal)
        if shown is not None and not desk.sees(who, shown):
            return private(telling.open_(request, session, shown))
        found = desk.get(session, who, proposal)
        return private(telling.whole(request, session, found), found)


@router.put("/proposals/{proposal}", summary="Change a proposal", responses=told(RECORD, EXAMPLE, "Changed."))
def change(request: Request, proposal: str, revision: Revision, site: Annotated[land.Site, Body()]) -> Response:
    """All of its content anew; the earlier version stays. Refused with the difference (412) where somebody was faster."""
    who = acting.of(request)
    with _store(request).reading() as session:
        result = desk.get(session, who, proposal).result_id
    who.must(PROPOSE)
    entry = request.app.state.library.get(result)
    model = request.app.state.models.get(entry)
    content = land.content(request, entry, site)
    home = place.place(entry, model, who, content.geometry)
    value = land.worth(entry, model, site, content.geometry)
    with _store(request).session() as session:
        found = desk.edit(session, who, proposal, revision, home, content, value)
        return private(telling.whole(request, session, found), found)


def private(found: Record, of: Proposal | None = None) -> Response:
    """An answer that nobody keeps; with the revision of a proposal as its ETag."""
    answer = respond(found)
    answer.headers["cache-control"] = "no-store"
    if of is not None:
        answer.headers["etag"] = f'"{of.revision}"'
    return answer


def download(file: exports.File) -> Response:
    """A file for the asker alone."""
    headers = {"content-disposition": f'attachment; filename="{file.name}"', "cache-control": "no-store"}
    return Response(file.data, media_type=file.media, headers=headers)


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store
