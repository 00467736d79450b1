"""Scenarios: lists of changes that were saved under a name. Listed, shown, changed, compared and deleted, by plain forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sanchoi.api.accounts import gate
from sanchoi.api.languages import LANGUAGES, language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import listing, what_if
from sanchoi.api.pages import what_if_form as form
from sanchoi.api.pages import what_if_told as telling
from sanchoi.api.pages import what_if_words as wording
from sanchoi.api.pages.frame import Links, entry_of, page, query
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.api.store import Scenario, scenarios
from sanchoi.gis.errors import SanchoiError
from sanchoi.gis.names import fold

router = APIRouter()
SIZE = 50
CHOICES = 200
"""So many scenarios at most stand in a list to choose from."""
Text = Annotated[str, Form()]
AT = "/{lang:lang}/r/{result}/scenarios"
MOST_VERSION = 2**31 - 2


@router.get(AT)
def every(request: Request, result: str) -> Response:
    """Scenarios of a result, the one changed last first."""
    entry = entry_of(request, result)
    asked = query(request, ("page", "deleted"))
    with request.app.state.store.reading() as session:
        count = scenarios.listed(session, entry.id, 1)[1]
        number, last = listing.page_of(asked, count, SIZE)
        rows, _ = scenarios.listed(session, entry.id, SIZE, (number - 1) * SIZE)
        choices, _ = scenarios.listed(session, entry.id, CHOICES)
    return page(
        request,
        "scenarios.html",
        entry,
        fixed=False,
        rows=[_row(entry, each) for each in rows],
        choices=choices,
        count=count,
        number=number,
        last=last,
        deleted="deleted" in asked,
    )


@router.post(AT, dependencies=[gate.TO_SAVE])
def save(request: Request, result: str, changes: Text = "[]", name: Text = "", note: Text = "") -> Response:
    """Save the list of the what-if page; what cannot be saved comes back with all that was written."""
    entry = entry_of(request, result)
    query(request, ())
    return _write(request, entry, changes, name, note)


@router.get(AT + "/compare")
def compare(request: Request, result: str) -> Response:
    """Two scenarios beside each other."""
    entry = entry_of(request, result)
    asked = query(request, ("one", "two"))
    t = tongue(language_of(request))
    for key in ("one", "two"):
        if key not in asked:
            raise Problem("bad_parameter", {"name": key, "came": "–", "expected": t.say("a saved scenario")})
    found = [_read(request, entry, asked[key]) for key in ("one", "two")]
    told = [telling.ask(request, entry, [each.document for each in one.changes]) for one in found]
    known = wording.names(entry)
    lists = [[each.document for each in one.changes] for one in found]
    return page(
        request,
        "scenario_compare.html",
        entry,
        fixed=False,
        sides=[
            {
                "scenario": one,
                "told": each,
                "bands": telling.bands(each.answer) if each.answer else [],
                "short": telling.short_m2(each.answer) if each.answer else None,
                "only": wording.told([c for c in mine if c not in other], known, t, where=True),
            }
            for one, each, mine, other in zip(found, told, lists, lists[::-1], strict=True)
        ],
        both=wording.told([c for c in lists[0] if c in lists[1]], known, t, where=True),
        rows=_beside([each.answer for each in told]),
        bands=["all", *entry.run["settings"]["bands"]],
    )


@router.get(AT + "/{scenario}")
def one(request: Request, result: str, scenario: str) -> Response:
    """One scenario: what it changes and what that does."""
    entry = entry_of(request, result)
    asked = query(request, ("saved",))
    found = _read(request, entry, scenario)
    with request.app.state.store.reading() as session:
        others, _ = scenarios.listed(session, entry.id, CHOICES)
    t = tongue(language_of(request))
    changes = [each.document for each in found.changes]
    told = telling.ask(request, entry, changes)
    return page(
        request,
        "scenario.html",
        entry,
        fixed=False,
        row=_row(entry, found),
        told=wording.told(changes, wording.names(entry), t),
        problem=told,
        **what_if.answered(entry, told.answer),
        others=[each for each in others if each.id != found.id],
        export=f"{Links(request, t.language, entry).root}/api/v1/scenarios/{found.id}/export",
        saved="saved" in asked,
    )


@router.post(AT + "/{scenario}", dependencies=[gate.TO_SAVE])
def change(
    request: Request,
    result: str,
    scenario: str,
    changes: Text = "[]",
    name: Text = "",
    note: Text = "",
    version: Text = "",
) -> Response:
    """Save a scenario that was changed; if somebody else has saved it meanwhile, say so and lose nothing."""
    entry = entry_of(request, result)
    query(request, ())
    return _write(request, entry, changes, name, note, _read(request, entry, scenario), version)


@router.get(AT + "/{scenario}/delete")
def ask_delete(request: Request, result: str, scenario: str) -> Response:
    """Ask whether it shall be deleted."""
    entry = entry_of(request, result)
    query(request, ())
    return page(
        request,
        "scenario_delete.html",
        entry,
        fixed=False,
        row=_row(entry, _read(request, entry, scenario)),
        changed=False,
    )


@router.post(AT + "/{scenario}/delete", dependencies=[gate.TO_SAVE])
def delete(request: Request, result: str, scenario: str, version: Text = "") -> Response:
    """Delete it; if somebody has saved it meanwhile, ask again."""
    entry = entry_of(request, result)
    query(request, ())
    _read(request, entry, scenario)
    try:
        with request.app.state.store.session() as session:
            scenarios.delete(session, scenario, _version(version))
    except Problem as problem:
        if problem.key != "conflict":
            raise
        row = _row(entry, _read(request, entry, scenario))
        return page(request, "scenario_delete.html", entry, http_status=409, fixed=False, row=row, changed=True)
    links = Links(request, language_of(request), entry)
    return RedirectResponse(links.link("scenarios", deleted=1), 303)


def _write(
    request: Request,
    entry: Entry,
    text: str,
    name: str,
    note: str,
    saved: Scenario | None = None,
    version: str = "",
) -> Response:
    """Save a new scenario, or the new state of one."""
    t = tongue(language_of(request))
    named: dict[str, Any] = {"name": name, "note": note, "version": version}
    changes: list[form.Change] = []
    try:
        changes = form.read(text)
        if not changes:
            raise Problem(
                "bad_body", {"came": t.say("The list of changes is empty"), "expected": t.say("at least one change")}
            )
        told = telling.ask(request, entry, changes)
        if told.status != 200:
            return what_if.shown(request, entry, changes, told, saved=saved, named=named)
        found = _stored(request, entry, changes, name, note.replace("\r\n", "\n"), saved, version)
    except (Problem, SanchoiError) as error:
        told = telling.refused(request, error)
        if "version" in told.members:  # somebody else was faster: the next press saves over it, or as a new one
            named["version"], named["conflict"] = told.members["version"], True
        return what_if.shown(request, entry, changes, told, saved=saved, named=named)
    return RedirectResponse(Links(request, t.language, entry).link("scenarios", found.id, saved=1), 303)


def _stored(
    request: Request,
    entry: Entry,
    changes: Sequence[form.Change],
    name: str,
    note: str,
    saved: Scenario | None,
    version: str,
) -> Scenario:
    limits = request.app.state.settings.limits
    most = {"most": limits.changes, "vertices": limits.vertices}
    with request.app.state.store.session() as session:
        if saved is None:
            return scenarios.create(session, entry.id, entry.etag, name, changes, note, **most)
        return scenarios.update_(
            session, saved.id, _version(version), name=name, note=note, changes=changes, etag=entry.etag, **most
        )


def _version(text: str) -> int:
    """The version that a form was made from.

    Raises
    ------
    Problem : it is no whole number from 1 on.
    """
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:12]) <= MOST_VERSION):
        raise Problem("bad_parameter", {"name": "version", "came": text[:60], "expected": "1, 2, 3, …"})
    return int(text)


def _read(request: Request, entry: Entry, scenario: str) -> Scenario:
    return what_if.saved_of(request, entry, scenario)


def _row(entry: Entry, found: Scenario) -> dict[str, Any]:
    """What the pages show of a scenario."""
    return {
        "id": found.id,
        "name": found.name,
        "note": found.note,
        "version": found.version,
        "count": len(found.changes),
        "when": {code: tongue(code).moment(found.updated_at) for code in LANGUAGES},
        "stale": found.etag != entry.etag,
    }


def _beside(answers: Sequence[dict[str, Any] | None]) -> list[dict[str, Any]]:
    """Communes that either of two answers changes: status and ground that is short, before and after each."""
    rows: dict[str, dict[str, Any]] = {}
    for k, answer in enumerate(answers):
        for each in telling.communes(answer) if answer else []:
            row = rows.setdefault(
                each["commune_id"],
                {
                    "commune_id": each["commune_id"],
                    "name": each["name"],
                    "before": each["before"],
                    "after": [each["before"], each["before"]],
                },
            )
            row["after"][k] = each["after"]
    return sorted(rows.values(), key=lambda row: (fold(row["name"] or ""), row["commune_id"]))
