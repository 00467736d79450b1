"""Propose a site: a commune's official draws it, or picks a listed parcel, sees at once what it is worth, and puts a draft down.

Every way ends in the same form, which is posted here and works without a script. With the script the answer comes while one draws,
and what is typed is kept in the browser until the service has it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from sanchoi.api import caching
from sanchoi.api.accounts import actor
from sanchoi.api.handlers import problem_of
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import propose_form, propose_layers, propose_page, propose_picture, propose_told, tables
from sanchoi.api.pages.frame import Links, entry_of, page, query
from sanchoi.api.pages.propose_form import Draft, Sent
from sanchoi.api.pages.propose_told import Told
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk
from sanchoi.api.store import Proposal, Replay
from sanchoi.gis.errors import SanchoiError, UnknownId

router = APIRouter()
AT = "/{lang:lang}/r/{result}/propose"
LISTED = 300
"""So many parcels at most stand in the list to pick from."""


@router.get(AT)
def start(request: Request, result: str) -> Response:
    """The map to draw on, or one listed parcel with its worth."""
    entry = entry_of(request, result)
    asked = query(request, ("parcel",))
    if "parcel" not in asked:
        return propose_page.shown(request, entry, "draw")
    row = propose_form.parcel(entry, asked["parcel"])
    if row is None:
        raise UnknownId(f"parcel {asked['parcel']}", "the id of a parcel of this result", "see the table of parcels")
    t = tongue(language_of(request))
    made = Draft(
        propose_form.blank(
            name=t.say("Parcel %(id)s", id=asked["parcel"]),
            land_use=row["land_use"],
            owner=row["owner"],
            cost=propose_form.amount(row["cost"], t),
            source="parcel",
            parcel_id=asked["parcel"],
            geometry=propose_form.written(row["geometry"]),
        ),
        shape=row["geometry"],
        cost=row["cost"],
    )
    return propose_page.shown(request, entry, "parcel", made, propose_told.ask(request, entry, made))


@router.get(AT + "/parcels")
def parcels(request: Request, result: str) -> Response:
    """Listed parcels of the own communes, the best score first."""
    entry = entry_of(request, result)
    asked = query(request, ("all",))
    return propose_page.shown(
        request, entry, "parcel", template="propose_parcels.html", **_listed(request, entry, "all" in asked)
    )


@router.post(AT)
def save(request: Request, result: str, typed: Annotated[Sent, Form()]) -> Response:
    """Put a draft down; what cannot be saved comes back with all that was written."""
    return _save(request, result, typed.model_dump())


@router.post(AT + "/answer")
def answer(request: Request, result: str, typed: Annotated[Sent, Form()]) -> Response:
    """What the land of a form is worth, for the script: a piece of the page and what the map shows.

    `but`, in the address, is the proposal that it is the land of.
    """
    return _answer(request, result, typed.model_dump(), query(request, ("but",)).get("but", ""))


@router.get("/r/{result}/propose/ground.json")
def ground(request: Request, result: str) -> Response:
    """The map that the script draws on."""
    entry = entry_of(request, result)
    own = _own(request, entry)
    return _kept(request, entry, "propose-ground-" + ".".join(own), lambda: propose_picture.ground(entry, own))


@router.get("/r/{result}/propose/layers.json")
def layers(request: Request, result: str) -> Response:
    """Ways, water and homes, to find one's way on that map."""
    entry = entry_of(request, result)
    model = request.app.state.models.get(entry)
    own = _own(request, entry)
    return _kept(request, entry, "propose-layers-" + ".".join(own), lambda: propose_layers.layers(model, own))


@router.get("/r/{result}/propose/parcels.json")
def near(request: Request, result: str) -> Response:
    """Listed parcels where the map looks closely."""
    entry = entry_of(request, result)
    told = query(request, ("box",)).get("box", "")
    try:
        west, south, east, north = (float(each) for each in told.split(","))
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValueError(told)
    except ValueError:
        raise Problem("bad_parameter", {"name": "box", "came": told[:60], "expected": "W,S,E,N"}) from None
    box = (west, south, east, north)
    return _kept(request, entry, f"propose-parcels-{told[:80]}", lambda: propose_picture.listed(entry, box))


def _save(request: Request, result: str, texts: Mapping[str, str]) -> Response:
    entry = entry_of(request, result)
    t = tongue(language_of(request))
    most = request.app.state.settings.limits.vertices
    wanted = texts.get("do", "save") != "look"
    made = propose_form.read(texts, entry, t, most, named=wanted)
    told = propose_told.ask(request, entry, made)
    if wanted and not made.faults and told.status == 200:
        try:
            found, _ = stored(request, made, told)
        except (Problem, SanchoiError) as error:
            told = refused(request, told, error)
            if problem_of(error).key == "replayed":
                had = _had(request, made.texts["key"])
                made.texts["key"] = propose_form.blank()["key"]
                return _again(request, entry, made, told, had=had)
        else:
            there = Links(request, t.language, entry).top("proposals", found.id, saved=1)
            if wants_json(request):
                return JSONResponse({"location": there, "number": found.number}, 201, {"Cache-Control": "no-store"})
            return RedirectResponse(there, 303)
    return _again(request, entry, made, told)


def _again(request: Request, entry: Entry, made: Draft, told: Told, had: Proposal | None = None) -> Response:
    """The form once more, with what is wrong."""
    status = 422 if made.faults and told.status == 200 else told.status
    if wants_json(request) and had is None:
        return answered(made, told)
    way = {"corners": "corners", "file": "file", "parcel": "parcel"}.get(made.texts["source"], "draw")
    return propose_page.shown(request, entry, way, made, told, status=status, had=had)


def answered(made: Draft, told: Told) -> Response:
    """What is wrong with a form, for the script."""
    status = 422 if made.faults and told.status == 200 else told.status
    body = {"title": told.title, "detail": told.detail, "faults": made.faults}
    return JSONResponse(body, status, {"Cache-Control": "no-store"})


def stored(request: Request, made: Draft, told: Told) -> tuple[Proposal, bool]:
    """Put it down, once for each key.

    Raises
    ------
    Problem : as `desk.create`.
    """
    who = actor.of(request)
    who.must(actor.PROPOSE)
    if told.place is None:
        raise Problem("conflict", pairs={"message": ("Chưa có khu đất.", "There is no land yet.")})
    with request.app.state.store.session() as session:
        found: tuple[Proposal, bool] = desk.create(
            session, who, told.place, propose_form.content(made), told.worth, key=made.texts["key"]
        )
        return found


def refused(request: Request, told: Told, error: Exception) -> Told:
    """The same with the words of a refusal."""
    problem = problem_of(error)
    words = problem.told(language_of(request), request.url.path)
    told.title, told.detail, told.status = words["title"], words["detail"], problem.status
    return told


def _had(request: Request, key: str) -> Proposal | None:
    """What was saved with a key before."""
    with request.app.state.store.reading() as session:
        had = session.get(Replay, (actor.of(request).id, key))
        return None if had is None else session.get(Proposal, had.proposal_id)


def _answer(request: Request, result: str, texts: Mapping[str, str], but: str) -> Response:
    entry = entry_of(request, result)
    t = tongue(language_of(request))
    made = propose_form.read(texts, entry, t, request.app.state.settings.limits.vertices, named=False)
    told = propose_told.ask(request, entry, made, but)
    if "geometry" in made.faults and not told.title:
        told.title, told.detail = t.say("This outline cannot be used"), made.faults["geometry"]
    drawn = page(
        request,
        "propose_panel.html",
        entry,
        fixed=False,
        told=told,
        rows=propose_told.rows(entry, told.worth, t),
        text=made.texts,
        build_cost=propose_form.build_cost(entry),
    )
    worth = told.worth or {}
    found: dict[str, Any] = {
        "html": bytes(drawn.body).decode(),
        "fine": told.worth is not None,
        "faults": {name: words for name, words in made.faults.items() if name != "geometry"},
        "sentence": worth.get(f"sentence_{t.language}", ""),
        "usable": worth.get("usable"),
        "verdict": worth.get("verdict"),
        "score": worth.get("score"),
        "rank": worth.get("rank"),
        "newly_covered": worth.get("newly_covered"),
        "overlaps": [
            {"share": round(each.share, 4), "theirs": round(each.theirs, 4), "number": each.number}
            for each in told.overlaps
        ],
    }
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


def _listed(request: Request, entry: Entry, every: bool) -> dict[str, Any]:
    """Parcels to pick from: those that are not excluded, the best first, of the own communes where there are such."""
    if not entry.has("parcels"):
        return {"parcels": [], "count": 0, "every": every}
    table = entry.table("parcels")
    mine = propose_page.own(request, entry)
    if mine:
        table = table[table["commune_id"].isin(mine).to_numpy(dtype=bool, na_value=False)]
    if not every:
        table = table[(table["verdict"] != "excluded").to_numpy(dtype=bool)]
    table = table.sort_values(["rank", "parcel_id"], na_position="last")
    return {"parcels": tables.rows(table.iloc[:LISTED]), "count": len(table), "every": every}


def _own(request: Request, entry: Entry) -> tuple[str, ...]:
    """Communes that an address names, as far as the result has them."""
    known = set(entry.table("communes")["commune_id"].astype(str))
    return tuple(sorted(known & set(query(request, ("own",)).get("own", "").split("."))))


def _kept(request: Request, entry: Entry, name: str, make: Any) -> Response:  # noqa: ANN401 - gives bytes
    tag = caching.etag(entry, hashlib.sha256(name.encode()).hexdigest()[:16])
    if (had := caching.known(request, tag)) is not None:
        return had
    return Response(make(), media_type="application/json", headers=caching.headers(tag))


def wants_json(request: Request) -> bool:
    """Whether the script asks, which shows by itself what is answered."""
    return "application/json" in request.headers.get("accept", "")
