"""What is told of proposals: their rows in lists, versions with what changed, remarks, and what comes next, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely
from fastapi import Request
from sanchoi.api.accounts.actor import Actor
from sanchoi.api.library import Entry
from sanchoi.api.pages import propose_form
from sanchoi.api.pages.tables import names
from sanchoi.api.pages.tongue import Tongue
from sanchoi.api.proposals import desk
from sanchoi.api.store import Proposal, ProposalVersion
from sanchoi.gis.errors import UnknownId

FIELDS = ("name", "land_use", "owner", "backer", "cost", "note", "parcel_id", "source", "epsg")
"""Of a version that are compared, besides its outline."""


def entry_of(request: Request, found: Proposal) -> Entry | None:
    """The result that a proposal belongs to; None = it is shown no more."""
    try:
        entry: Entry = request.app.state.library.get(found.result_id)
    except UnknownId:
        return None
    return entry


def value(name: str, told: object, t: Tongue) -> str:
    """A field of a proposal as people read it."""
    if told is None or told == "":
        return "–"
    if name == "cost":
        return f"{t.number(float(told))} đ"  # type: ignore[arg-type]
    if name == "source":
        return _sources(t).get(str(told), str(told))
    return str(told)


def labels(t: Tongue) -> dict[str, str]:
    """Names of the fields of a proposal."""
    return {
        "name": t.say("What people call the land"),
        "land_use": t.say("Kind of land"),
        "owner": t.say("Who uses the land now"),
        "backer": t.say("Who stands behind the proposal"),
        "cost": t.say("Cost"),
        "note": t.say("Note"),
        "geometry": t.say("Outline"),
        "parcel_id": t.say("Listed parcel"),
        "source": t.say("How the outline came"),
        "epsg": t.say("Coordinate system"),
    }


def _sources(t: Tongue) -> dict[str, str]:
    return {
        "drawn": t.say("drawn on the map"),
        "corners": t.say("typed as coordinates"),
        "parcel": t.say("a listed parcel"),
        "file": t.say("from a file"),
        "offline": t.say("from the offline form"),
    }


def land_name(entry: Entry | None, code: str, t: Tongue) -> str:
    """A land-use code with its name."""
    if not code:
        return t.say("not sure")
    if entry is None:
        return code
    return dict([*propose_form.codes(entry, t)[0], *propose_form.codes(entry, t)[1]]).get(code, code)


def row(request: Request, found: Proposal, who: Actor, t: Tongue) -> dict[str, Any]:
    """What the pages show of a proposal."""
    entry = entry_of(request, found)
    place = names(entry).get(found.commune_id, found.commune_id) if entry else found.commune_id
    return {
        "id": found.id,
        "number": found.number,
        "name": found.name,
        "state": found.state,
        "revision": found.revision,
        "commune": place,
        "result": entry.name if entry else found.result_id,
        "gained": found.gained,
        "cost": found.cost,
        "created": t.moment(found.created),
        "updated": t.moment(found.updated),
        "submitted": t.moment(found.submitted) if found.submitted else "",
        "next": _next(found, desk.proposes(who, found), t),
    }


def _next(found: Proposal, mine: bool, t: Tongue) -> str:
    """What happens next with a proposal, in plain words."""
    told = {
        "draft": t.say("Add photos if there are any, then send it."),
        "submitted": t.say("Wait: a reviewer will look at it."),
        "needs_info": t.say("A reviewer asks for more: read what, mend it, and send it again."),
        "under_review": t.say("Wait: a reviewer is looking at it."),
        "accepted": t.say("Nothing to do: it may go into the plan."),
        "rejected": t.say("Nothing to do. The reason stands on its page."),
        "withdrawn": t.say("Nothing to do: it was taken back."),
        "in_plan": t.say("Nothing to do: it is in the plan."),
    }
    return told.get(found.state, "") if mine else ""


def pairs(versions: list[ProposalVersion]) -> list[tuple[ProposalVersion | None, ProposalVersion]]:
    """Each version with the one before it, the newest first."""
    before: list[ProposalVersion | None] = [None, *versions]
    return list(zip(before, versions, strict=False))[::-1]


def version(
    found: ProposalVersion, before: ProposalVersion | None, people: Mapping[str, str], t: Tongue
) -> dict[str, Any]:
    """A version and how it differs from the one before."""
    changes: list[tuple[str, str, str]] = []
    if before is not None and not found.erased and not before.erased:
        names_ = labels(t)
        for name in FIELDS:
            was, now = before.content.get(name), found.content.get(name)
            if was != now:
                changes.append((names_[name], value(name, was, t), value(name, now, t)))
        if not shapely.equals_exact(before.geometry, found.geometry, 0):
            changes.append((names_["geometry"], corners(before.geometry, t), corners(found.geometry, t)))
    return {
        "version": found.version,
        "when": t.moment(found.at),
        "who": people.get(found.author_id, "–"),
        "first": before is None,
        "changes": changes,
        "erased": found.erased is not None,
        "sentence": (found.worth or {}).get(f"sentence_{t.language}", ""),
    }


def corners(shape: Any, t: Tongue) -> str:  # noqa: ANN401 - shapely is untyped
    """An outline in a few words."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    x, y = shape.centroid.x, shape.centroid.y
    n = sum(len(ring.coords) - 1 for ring in rings)
    return t.say("%(n)s corners around %(lat)s, %(lon)s", n=t.number(n), lat=t.number(y, 5), lon=t.number(x, 5))


def remark(found: Any, people: Mapping[str, str], t: Tongue) -> dict[str, Any]:  # noqa: ANN401 - a row of the database
    """A remark as the page shows it."""
    return {
        "who": people.get(found.author_id, "–"),
        "when": t.moment(found.at),
        "kind": found.kind,
        "from": found.from_state,
        "to": found.to_state,
        "text": found.text,
        "internal": found.internal,
    }


def whole(worth: Mapping[str, Any] | None) -> bool:
    """Whether a worth has what the pages show of it."""
    needed = ("ledger", "verdict", "score", "newly_covered", "sentence_vi", "sentences_vi", "overlaps", "commune")
    return worth is not None and all(key in worth for key in needed)
