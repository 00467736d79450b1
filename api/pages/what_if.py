"""What if a play area stood here? A list of changes to try, on a map or typed, and what they would do.

The page works without a script: every form is sent by GET and answered with the same numbers. `changes` is the list so far as
JSON; a form adds one, `remove` takes one away. With the script the list lives in the page and the answer comes from the
interface.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from sanchoi.api import caching
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import pictures
from sanchoi.api.pages import what_if_form as form
from sanchoi.api.pages import what_if_picture as picture
from sanchoi.api.pages import what_if_told as telling
from sanchoi.api.pages import what_if_words as wording
from sanchoi.api.pages.frame import Links, entry_of, page, query
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.pages.what_if_told import Told
from sanchoi.api.problems import Problem
from sanchoi.api.store import Scenario, scenarios
from sanchoi.gis import model_files
from sanchoi.gis.errors import SanchoiError
from sanchoi.gis.names import fold
from sanchoi.maps import style
from starlette.responses import JSONResponse

router = APIRouter()
KNOWN = ("changes", "do", "remove", "scenario", "commune", *form.FIELDS)
LISTED = 400
"""So many play areas at most stand in a list to choose from; if there are more, their id is typed."""


@router.get("/{lang:lang}/r/{result}/what-if")
def what_if(request: Request, result: str) -> Response:
    """The page, with the answer to the changes that its address has."""
    entry = entry_of(request, result)
    asked = query(request, KNOWN)
    saved = saved_of(request, entry, asked["scenario"]) if "scenario" in asked else None
    t = tongue(language_of(request))
    had: list[form.Change] = [] if saved is None else [each.document for each in saved.changes]
    told = Told()
    changes, typed = had, asked
    try:
        changes, typed = _changes(request, asked, had, t)
    except (Problem, SanchoiError) as error:
        told = telling.refused(request, error)
        changes = _kept(asked, had)
    else:
        told = telling.ask(request, entry, changes)
        if told.status != 200 and len(changes) > len(_kept(asked, had)):
            changes, typed = changes[:-1], asked  # what was added is not taken; it stays in its form
    return shown(request, entry, changes, told, saved=saved, typed=typed)


def shown(
    request: Request,
    entry: Entry,
    changes: list[form.Change],
    told: Told,
    *,
    saved: Scenario | None = None,
    typed: Mapping[str, str] | None = None,
    named: Mapping[str, Any] | None = None,
) -> Response:
    """The page.

    Parameters
    ----------
    saved : the scenario that is changed. typed : what the forms hold. named : name, note, version that a form of saving holds.
    """
    t = tongue(language_of(request))
    answer = told.answer
    if answer is None and changes:
        answer = telling.ask(request, entry, changes).answer
    ready = (entry.folder / model_files.FOLDER).is_dir()
    links = Links(request, t.language, entry)
    areas = wording.play_areas(entry)
    known = wording.names(entry)
    field = dict.fromkeys((*form.FIELDS, "do", "commune"), "") | dict(typed or {})
    held = {"name": "", "note": "", "version": "", "conflict": False}
    if saved is not None:
        held |= {"name": saved.name, "note": saved.note, "version": saved.version}
    return page(
        request,
        "what_if.html",
        entry,
        http_status=told.status,
        fixed=saved is None and told.status == 200,
        ready=ready,
        why="" if ready else telling.ask(request, entry, [{"action": "close", "play_area_id": ""}]).detail,
        changes=changes,
        written=form.written(changes),
        told=wording.told(changes, known, t),
        problem=told,
        **answered(entry, answer),
        places=_places(entry),
        statuses=[name for name in style.STATUS if name in pictures.statuses(entry).values()],
        areas=areas if len(areas) <= LISTED else None,
        field=field,
        saved=saved,
        named=held | dict(named or {}),
        most=request.app.state.settings.limits.changes,
        start={
            "language": t.language,
            "changes": changes,
            "words": wording.script(t),
            "bands": {band: t.band(band) for band in ("all", *entry.run["settings"]["bands"])},
            "colours": picture.COLOURS | {"site": style.SITE, "other": style.SITE_NOT, "barrier": style.BARRIER},
            "columns": list(telling.COLUMNS),
            "commune": field["commune"],
            "most": request.app.state.settings.limits.changes,
            "ask": f"{links.root}/api/v1/results/{entry.id}/what-if",
            "ground": f"{links.root}/r/{entry.id}/what-if/ground.json",
            "change": links.link("what-if", "change"),
            "communes": links.link("communes") + "/",
        },
    )


@router.get("/{lang:lang}/r/{result}/what-if/change")
def change(request: Request, result: str) -> Response:
    """What one form asks for, as the script takes it into its list."""
    entry_of(request, result)
    asked = query(request, KNOWN)
    return JSONResponse(form.change(asked, tongue(language_of(request))), headers={"Cache-Control": "no-store"})


@router.get("/r/{result}/what-if/ground.json")
def ground(request: Request, result: str) -> Response:
    """The map that the script draws on."""
    entry = entry_of(request, result)
    query(request, ())
    tag = caching.etag(entry, "what-if-ground")
    if (had := caching.known(request, tag)) is not None:
        return had
    return Response(picture.ground(entry), media_type="application/json", headers=caching.headers(tag))


def answered(entry: Entry, answer: dict[str, Any] | None) -> dict[str, Any]:
    """What the templates show of an answer: its tables and its picture, empty where there is none."""
    return {
        "answer": answer,
        "bands": telling.bands(answer) if answer else [],
        "columns": telling.columns(answer) if answer else [],
        "communes": telling.communes(answer) if answer else [],
        "drawn": picture.catchment(entry, answer) if answer else None,
        "colours": picture.COLOURS,
        "circle_m": limit_m(entry),
        "cell_m": cell_m(entry),
    }


def limit_m(entry: Entry) -> float | None:
    """The largest walking distance of the age groups, which is the radius of the circle."""
    gaps = entry.table("gaps")
    known = gaps["norm_walk_m"].dropna()
    return float(known.max()) if len(known) else None


def cell_m(entry: Entry) -> float:
    """Side of a cell."""
    return float(entry.run["settings"]["cell_m"])


def _places(entry: Entry) -> list[tuple[str, str]]:
    """Communes by name."""
    table = entry.table("communes")
    pairs = zip(table["commune_id"], table["name"].fillna("").astype(str), strict=True)
    return sorted(((str(place), name or str(place)) for place, name in pairs), key=lambda pair: fold(pair[1]))


def _changes(
    request: Request, asked: Mapping[str, str], had: list[form.Change], t: Tongue
) -> tuple[list[form.Change], dict[str, str]]:
    """The list after what the address asks for, and what the forms hold then."""
    changes = form.read(asked["changes"]) if "changes" in asked else list(had)
    most = request.app.state.settings.limits.changes
    if "remove" in asked:
        told = asked["remove"]
        if not (told.isascii() and told.isdecimal() and 1 <= int(told[:9]) <= len(changes)):
            raise Problem("bad_parameter", {"name": "remove", "came": told[:60], "expected": f"1 … {len(changes)}"})
        del changes[int(told) - 1]
        return changes, {}
    do = asked.get("do") or ("parcel" if asked.get("parcel") else "")
    if do:
        if len(changes) >= most:
            raise Problem("too_large", {"came": len(changes) + 1, "limit": most})
        changes.append(form.change({**asked, "do": do}, t))
    return changes, {key: value for key, value in asked.items() if key in ("commune", "scenario")}


def _kept(asked: Mapping[str, str], had: list[form.Change]) -> list[form.Change]:
    """The list before, where it can be read."""
    try:
        return form.read(asked["changes"]) if "changes" in asked else list(had)
    except Problem:
        return list(had)


def saved_of(request: Request, entry: Entry, scenario: str) -> Scenario:
    """A scenario of this result.

    Raises
    ------
    Problem : there is none.
    """
    with request.app.state.store.reading() as session:
        found: Scenario = scenarios.get(session, scenario)
    if found.result_id != entry.id:
        raise Problem("unknown_id", pairs={"message": (f"phương án {scenario[:40]}", f"scenario {scenario[:40]}")})
    return found
