"""Plan: which accepted proposals may be chosen and which must be, and the job that chooses sites anew among all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict
from sanchoi.api import processes
from sanchoi.api.accounts import actor
from sanchoi.api.accounts.actor import REVIEW
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import desk as listing
from sanchoi.api.pages import jobs_forms, jobs_words
from sanchoi.api.pages import jobs_read as reading
from sanchoi.api.pages.frame import Links, entry_of, page, query
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk, planned
from sanchoi.api.proposals.candidates import STANDING
from sanchoi.api.proposals.desk import Asked
from sanchoi.api.proposals.states import IN_PLAN
from sanchoi.api.store import Proposal

router = APIRouter()
AT = "/{lang:lang}/desk/plan"
USES = ("no", "may", "must")
MOST = 1_000


class Plan(BaseModel):
    """The form. `use`: for each proposal its id, a colon, and no, may or must."""

    model_config = ConfigDict(extra="ignore")
    result: str = ""
    use: list[str] = []
    publish: str = ""
    reason: str = ""
    budget: str = ""
    count: str = ""
    objective: str = "cover"
    min_spacing_m: str = ""
    min_per_commune: str = ""
    name: str = ""


@router.get(AT)
def ask(request: Request) -> Response:
    """The form for one result, filled in with the rules of its plan; and the plans that were made before."""
    actor.of(request).must(REVIEW)
    asked = query(request, ("result",))
    entry = _entry(request, asked.get("result", ""))
    if entry is None:
        return page(request, "desk_plan_none.html", fixed=False)
    rules = entry.run.get("siting", {}).get("rules", {})
    typed = jobs_forms.typed_of({**rules, "name": ""}, tongue(language_of(request)))
    return _shown(request, entry, Plan.model_validate(typed))


@router.post(AT)
def start(request: Request, typed: Annotated[Plan, Form()]) -> Response:
    """Start the job, or give the form back with what is wrong."""
    who = actor.of(request)
    who.must(REVIEW)
    entry = entry_of(request, typed.result)
    t = tongue(language_of(request))
    chosen = _uses(typed.use)
    inputs, faults = reading.plan({**typed.model_dump(), "fixed": "", "forbidden": ""}, entry, t)
    for name in ("fixed", "forbidden"):  # as the result's own plan has them
        inputs.pop(name)
    rows = {each.id: each for each in _standing(request, entry)}
    taken = {key: use for key, use in chosen.items() if use != "no" and key in rows}
    if not taken:
        faults["use"] = t.say("Choose at least one proposal.")
    hidden = [rows[key] for key in taken if not rows[key].public]
    if hidden and not typed.publish:
        numbers = ", ".join(t.say("P-%(n)s", n=each.number) for each in hidden)
        faults["publish"] = t.say(
            "Everybody sees a plan, and these are not shown to everybody yet: %(ids)s.", ids=numbers
        )
    if hidden and typed.publish and not typed.reason.strip():
        faults["reason"] = t.say("Say why they are shown to everybody.")
    if faults:
        return _shown(request, entry, typed, faults=faults)
    with request.app.state.store.session() as session:
        for each in hidden:
            desk.publish(session, who, each.id, each.revision, True, typed.reason)
    inputs |= {
        "proposals": [key for key, use in taken.items() if use == "may"],
        "fixed_proposals": [key for key, use in taken.items() if use == "must"],
    }
    try:
        job = processes.submit(request, "proposals-plan", inputs, t.language)
    except Problem as problem:
        told = problem.told(t.language, request.url.path)
        return _shown(request, entry, typed, problem=told, status=problem.status)
    return RedirectResponse(Links(request, t.language, None).top("jobs", job.id), 303)


def _shown(
    request: Request,
    entry: Entry,
    typed: Plan,
    *,
    faults: Mapping[str, str] | None = None,
    problem: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    t = tongue(language_of(request))
    found = _standing(request, entry)
    chosen = _uses(typed.use)
    with request.app.state.store.reading() as session:
        rows = listing.rows(request, session, found, t)
    for row, each in zip(rows, found, strict=True):
        row["use"] = chosen.get(each.id, "must" if each.state == IN_PLAN else "may")
    return page(
        request,
        "desk_plan.html",
        http_status=400 if faults and status == 200 else status,
        fixed=False,
        of=entry,
        results=_results(request),
        rows=rows,
        hidden=any(not each.public for each in found),
        value=typed,
        objectives=jobs_words.objectives(t),
        priced=bool(entry.table("parcels")["cost"].notna().any() or any(each.cost is not None for each in found)),
        faults=faults or {},
        problem=problem,
        made=_made(request, entry, t),
    )


def _results(request: Request) -> list[tuple[str, str]]:
    """Results that a plan can be made of: those with parcels that are no such plan themselves."""
    return [
        (each.id, each.name)
        for each in request.app.state.library.entries(fresh=True)
        if each.has("parcels") and planned.told(each) is None
    ]


def _entry(request: Request, asked: str) -> Entry | None:
    """The result asked for, else the one that has most accepted proposals, else the first with parcels."""
    if asked:
        return entry_of(request, asked)
    ids = [key for key, _ in _results(request)]
    counts = {key: len(_standing(request, entry_of(request, key))) for key in ids}
    best = max(ids, key=lambda key: (counts[key], -ids.index(key)), default=None)
    return None if best is None else entry_of(request, best)


def _standing(request: Request, entry: Entry) -> Sequence[Proposal]:
    """Accepted proposals of a result, and those in its plan, the best value first."""
    wish = Asked(result_id=entry.id, states=STANDING, sort="-value", limit=MOST)
    with request.app.state.store.reading() as session:
        return desk.listed(session, actor.of(request), wish)[0]


def _made(request: Request, entry: Entry, t: Tongue) -> list[dict[str, Any]]:
    """Plans with proposals that were made of a result, the newest first."""
    out = []
    for each in request.app.state.library.entries(fresh=True):
        told = planned.told(each)
        if told is not None and told.get("of") == entry.id and each.has("sites"):
            sites = planned.sites(each)
            out.append(
                {
                    "id": each.id,
                    "when": each.run.get("created", ""),
                    "sites": len(sites),
                    "proposals": [t.say("P-%(n)s", n=site.number) for site in sites if site.proposal],
                }
            )
    return out[::-1]


def _uses(told: Sequence[str]) -> dict[str, str]:
    """What the form says of each proposal."""
    pairs = [each.partition(":") for each in told[:MOST]]
    return {key: use for key, _, use in pairs if use in USES and len(key) <= 32}
