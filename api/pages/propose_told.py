"""What is told of a land that somebody drew: what it is worth, what the rules say, what it overlaps, as rows for the templates."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from fastapi import Request
from sanchoi.api import worth
from sanchoi.api.accounts import actor
from sanchoi.api.handlers import problem_of
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import advice, propose_form
from sanchoi.api.pages.propose_form import Draft
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import overlaps, place
from sanchoi.api.proposals.desk import Place
from sanchoi.api.proposals.overlaps import Overlap
from sanchoi.gis.errors import SanchoiError

Document = dict[str, Any]
log = logging.getLogger("sanchoi.service")


@dataclass
class Told:
    """What is said of a land.

    Attributes
    ----------
    worth : as `api.worth` gives it, None = nothing was asked or it was refused. place : to what a proposal of it would belong,
        None = it cannot be proposed. title, detail : of a refusal, status 200 = none.
    """

    worth: Document | None = None
    place: Place | None = None
    overlaps: list[Overlap] = field(default_factory=list)
    title: str = ""
    detail: str = ""
    status: int = 200


def ask(request: Request, entry: Entry, made: Draft, but: str = "") -> Told:
    """What the land of a form is worth, or the words of its refusal.

    Parameters
    ----------
    but : the proposal that it is the land of, which it does not overlap.
    """
    if made.shape is None:
        return Told()
    told = Told()
    try:
        model = request.app.state.models.get(entry)
        who = actor.of(request)
        if who.may(actor.PROPOSE):
            told.place = place.place(entry, model, who, made.shape)
        told.worth = worth.worth(entry, model, propose_form.land(made, entry))
        told.overlaps = standing(request, made.shape, but)
    except (Problem, SanchoiError) as error:
        problem = problem_of(error)
        words = problem.told(language_of(request), request.url.path)
        told.title, told.detail, told.status = words["title"], words["detail"], problem.status
    return told


def standing(request: Request, shape: shapely.Geometry, but: str = "") -> list[Overlap]:
    """Proposals on the same ground."""
    with request.app.state.store.reading() as session:
        return overlaps.of(session, actor.of(request), shape, but)


def rows(entry: Entry, told: Mapping[str, Any] | None, t: Tongue) -> Document | None:
    """The worth of a land as the templates show it."""
    if told is None:
        return None
    found = told.get("ledger")
    ledger = advice.told([dict(row) for row in found], advice.rules_of(entry), t) if found else advice.Ledger()
    use = told.get("land_use") or {}
    land = {
        "verdict": told["verdict"],
        "against": ";".join(_against(found or [], use)),
        "usable_m2": told["usable_m2"],
        "land_use": use.get("code"),
        "land_class": use.get("class"),
        **{f"who_{code}": use.get(f"who_{code}") for code in ("vi", "en")},
        "parcel_id": "",
    }
    why, unchecked = advice.why(land, ledger, t) if ledger.rows else ([], False)
    return {
        "worth": told,
        "sentence": told[f"sentence_{t.language}"],
        "sentences": [each for each in told[f"sentences_{t.language}"] if each not in told[f"sentence_{t.language}"]],
        "ledger": ledger,
        "verdict": advice.verdict(land, ledger, t) if told["verdict"] else "",
        "why": why,
        "todo": _todo(land, unchecked, t),
        "near": advice.near_misses(ledger, t),
        "low": told["score_high"] is not None and told["score_high"] > (told["score"] or 0) + 5e-4,
        "parts": _parts(told, t),
        "bands": [(band, n) for band, n in told["newly_covered"].items() if band != "all"],
        "whole": told["newly_covered"].get("all"),
    }


def _against(ledger: list[Document], use: Mapping[str, Any]) -> list[str]:
    """Rules that stand against a land, as the table of parcels has them."""
    names = [row["constraint_id"] for row in ledger if row["passed"] is not True]
    if use.get("who_vi") and "land_use" not in names:
        names.insert(0, "land_use")
    return names


def _todo(land: Document, unchecked: bool, t: Tongue) -> list[str]:
    """What to do about it, without the line that is for readers of a finished result."""
    return advice.todo(land, unchecked, "", t)[:-1] if land["verdict"] else []


def _parts(told: Mapping[str, Any], t: Tongue) -> list[Document]:
    """What each criterion adds to the score, the largest first."""
    found = [row for row in told.get("criteria") or [] if row["weight"]]
    found.sort(key=lambda row: (-(row["contribution"] or 0), -row["weight"], row["criterion_id"]))
    return [{**row, "name": row[f"name_{t.language}"] or row["criterion_id"]} for row in found]


def tongue_of(request: Request) -> Tongue:
    """The tongue of a page's address."""
    return tongue(language_of(request))
