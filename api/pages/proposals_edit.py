"""Edit: change the content of a draft, or of a proposal that needs information. Who was slower is shown both, and loses nothing."""

from __future__ import annotations

from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from sanchoi.api.accounts import actor
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import proposals as shown
from sanchoi.api.pages import proposals_told as telling
from sanchoi.api.pages import propose, propose_form, propose_page, propose_told
from sanchoi.api.pages.frame import Links, query
from sanchoi.api.pages.propose_form import Draft, Sent
from sanchoi.api.pages.propose_told import Told
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk
from sanchoi.api.proposals.states import EDITABLE
from sanchoi.api.store import Proposal, ProposalVersion
from sanchoi.gis.errors import SanchoiError, UnknownId

router = APIRouter()
AT = "/{lang:lang}/proposals/{proposal:hex32}/edit"
PICKED = ("name", "land_use", "owner", "backer", "cost", "note", "geometry")
"""Fields of which, after somebody else was faster, theirs can be taken instead."""


class Edited(Sent):
    """The form, the revision it was made from, and fields of which theirs is taken."""

    revision: str = ""
    pick_name: str = ""
    pick_land_use: str = ""
    pick_owner: str = ""
    pick_backer: str = ""
    pick_cost: str = ""
    pick_note: str = ""
    pick_geometry: str = ""


@router.get(AT)
def start(request: Request, proposal: str) -> Response:
    """The form, filled in."""
    query(request, ())
    found, version, entry = _read(request, proposal)
    t = tongue(language_of(request))
    made = _filled(version, t)
    return _shown(request, entry, found, made, propose_told.ask(request, entry, made, found.id), str(found.revision))


@router.post(AT)
def save(request: Request, proposal: str, typed: Annotated[Edited, Form()]) -> Response:
    """Save the new version, or give the form back with what is wrong."""
    found, version, entry = _read(request, proposal)
    t = tongue(language_of(request))
    texts = typed.model_dump()
    theirs = _filled(version, t).texts
    for name in PICKED:
        if texts[f"pick_{name}"] == "theirs":
            texts[name] = theirs[name]
            if name == "geometry":
                texts |= {key: theirs[key] for key in ("source", "parcel_id", "epsg")}
    wanted = typed.do != "look"
    most = request.app.state.settings.limits.vertices
    made = propose_form.read(texts, entry, t, most, named=wanted)
    told = propose_told.ask(request, entry, made, found.id)
    revision, difference = typed.revision, []
    if wanted and not made.faults and told.status == 200:
        try:
            _stored(request, found.id, shown.revision_of(typed.revision), made, told)
            there = Links(request, t.language, None).top("proposals", found.id, saved=1)
            if propose.wants_json(request):
                return JSONResponse({"location": there, "number": found.number}, 200, {"Cache-Control": "no-store"})
            return RedirectResponse(there, 303)
        except (Problem, SanchoiError) as error:
            told = propose.refused(request, told, error)
            if isinstance(error, Problem) and error.key == "precondition":
                revision = str(error.members["revision"])
                difference = _difference(error.members["difference"], t)
                told.title = told.detail = ""  # told at the differences
    if propose.wants_json(request) and not difference:
        return propose.answered(made, told)
    return _shown(request, entry, found, made, told, revision, difference)


def _stored(request: Request, proposal: str, revision: int, made: Draft, told: Told) -> None:
    who = actor.of(request)
    if told.place is None:
        who.must(actor.PROPOSE)
        raise Problem("conflict", pairs={"message": ("Chưa có khu đất.", "There is no land yet.")})
    with request.app.state.store.session() as session:
        desk.edit(session, who, proposal, revision, told.place, propose_form.content(made), told.worth)


def _read(request: Request, proposal: str) -> tuple[Proposal, ProposalVersion, Entry]:
    """A proposal that the actor may change, its content, and its result.

    Raises
    ------
    Problem : "unknown_id"; "forbidden" for who may only read it.
    """
    who = actor.of(request)
    with request.app.state.store.reading() as session:
        found = desk.get(session, who, proposal)
        desk.proposing(who, found)
        version = desk.current(session, found)
    entry = telling.entry_of(request, found)
    if entry is None:
        raise UnknownId(f"result {found.result_id}", "a result that is shown", "ask whoever keeps the service")
    return found, version, entry


def _filled(version: ProposalVersion, t: Tongue) -> Draft:
    """The form with the content of a version."""
    content = version.content
    texts = {name: str(content.get(name) or "") for name in ("name", "land_use", "owner", "backer", "note", "source")}
    texts |= {"parcel_id": content.get("parcel_id") or "", "epsg": str(content.get("epsg") or "")}
    texts |= {"cost": propose_form.amount(content.get("cost"), t), "geometry": propose_form.written(version.geometry)}
    return Draft(propose_form.blank(**texts), {}, version.geometry, content.get("cost"))


def _difference(told: dict[str, Any], t: Tongue) -> list[dict[str, Any]]:
    """Fields that differ: name, label, mine and theirs as people read them."""
    names = telling.labels(t)
    rows = []
    for name, sides in told.items():
        if name not in PICKED:
            continue
        if name == "geometry":
            both = [telling.corners(shapely.geometry.shape(sides[side]), t) for side in ("yours", "theirs")]
        else:
            both = [telling.value(name, sides[side], t) for side in ("yours", "theirs")]
        rows.append({"name": name, "label": names[name], "yours": both[0], "theirs": both[1]})
    return rows


def _shown(
    request: Request,
    entry: Entry,
    found: Proposal,
    made: Draft,
    told: Told,
    revision: str,
    difference: list[dict[str, Any]] | None = None,
) -> Response:
    status = 422 if made.faults and told.status == 200 else told.status
    way = "corners" if made.texts["source"] in ("corners", "file", "offline") else "draw"
    return propose_page.shown(
        request,
        entry,
        way,
        made,
        told,
        template="proposal_edit.html",
        but=found.id,
        status=status,
        proposal=found,
        revision=revision,
        difference=difference or [],
        editable=found.state in EDITABLE,
    )
