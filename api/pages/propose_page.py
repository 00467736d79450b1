"""The page on which a land is put forward, whichever way it came: who may, the ways there are, what is told of it, and the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from sanchoi.api.accounts import actor
from sanchoi.api.accounts.actor import Actor
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import propose_form, propose_picture, propose_told, propose_words
from sanchoi.api.pages.frame import Links, page
from sanchoi.api.pages.propose_form import Draft
from sanchoi.api.pages.propose_told import Told
from sanchoi.api.pages.tables import names
from sanchoi.api.pages.tongue import tongue
from sanchoi.gis import model_files

WAYS = ("draw", "corners", "parcel", "file", "offline")


def own(request: Request, entry: Entry) -> tuple[str, ...]:
    """Communes of a result that the actor proposes for by name; empty for reviewers, who may for all, and for who may for none."""
    who = actor.of(request)
    if who.may(actor.REVIEW) or not who.may(actor.PROPOSE) or who.vintage != vintage(entry):
        return ()
    known = set(entry.table("communes")["commune_id"].astype(str))
    return tuple(sorted(who.communes & known))


def vintage(entry: Entry) -> str:
    """Of the communes of a result."""
    return str(entry.run["study"]["vintage"])


def barred(request: Request, entry: Entry) -> str:
    """Why the actor cannot propose here: "login", "role", "vintage" or "commune"; empty = they can."""
    who = actor.of(request)
    if who.may(actor.REVIEW):
        return ""
    if not who.may(actor.PROPOSE):
        return "role" if who.known else "login"
    if who.vintage != vintage(entry):
        return "vintage"
    return "" if own(request, entry) else "commune"


def shown(
    request: Request,
    entry: Entry,
    way: str,
    made: Draft | None = None,
    told: Told | None = None,
    *,
    template: str = "propose.html",
    status: int = 200,
    but: str = "",
    **values: Any,  # noqa: ANN401 - what the template of a way needs
) -> Response:
    """The page, with the form as it was filled in and what is told of its land. `but`: the proposal whose land it is."""
    t = tongue(language_of(request))
    made = made or Draft(propose_form.blank(source=way if way in ("corners", "parcel", "file") else "drawn"))
    told = told or Told()
    mine, known = own(request, entry), names(entry)
    usable = (told.worth or {}).get("usable")
    barrier = barred(request, entry)
    used, others = propose_form.codes(entry, t)
    links = Links(request, t.language, entry)
    if told.status != 200:
        status = told.status if status == 200 else status
    return page(
        request,
        template,
        entry,
        http_status=status,
        fixed=False,
        way=way,
        ways=WAYS,
        ready=(entry.folder / model_files.FOLDER).is_dir(),
        barred=barrier,
        who=actor.of(request),
        vintage=vintage(entry),
        mine=[(code, known[code]) for code in mine],
        text=made.texts,
        faults=made.faults,
        has_land=made.shape is not None,
        told=told,
        rows=propose_told.rows(entry, told.worth, t),
        build_cost=propose_form.build_cost(entry),
        drawn=None if made.shape is None else propose_picture.land(entry, made.shape, usable, mine),
        codes_used=used,
        codes_others=others,
        start=_start(request, entry, links, mine, made, actor.of(request), but),
        **values,
    )


def _start(
    request: Request, entry: Entry, links: Links, mine: tuple[str, ...], made: Draft, who: Actor, but: str
) -> Mapping[str, Any]:
    """What the scripts of the page need."""
    t = tongue(links.lang)
    return {
        "language": t.language,
        "result": entry.id,
        "who": who.user_id or "",
        "own": list(mine),
        "words": propose_words.script(t, [names(entry)[code] for code in mine]),
        "ground": f"{links.root}/r/{entry.id}/propose/ground.json?own={'.'.join(mine)}",
        "layers": f"{links.root}/r/{entry.id}/propose/layers.json?own={'.'.join(mine)}",
        "parcels": f"{links.root}/r/{entry.id}/propose/parcels.json" if entry.has("parcels") else "",
        "ask": links.link("propose", "answer", but=but),
        "save": links.link("propose"),
        "login": links.top("account", "login", next=links.link("propose")),
        "shaped": made.shape is not None,
    }
