"""Forms that start jobs: choose sites anew, measure a study. What is refused is told beside its field."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict
from sanchoi.api import processes
from sanchoi.api.accounts import gate
from sanchoi.api.jobs import queue, registry
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import jobs_read as reading
from sanchoi.api.pages import jobs_words
from sanchoi.api.pages.frame import Links, entry_of, page, query
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.problems import Problem
from sanchoi.gis.sentences import exact

router = APIRouter()
Values = dict[str, Any]
PLAN = "/{lang:lang}/r/{result}/plan-again"
RUN = "/{lang:lang}/run"


class Plan(BaseModel):
    """Fields of the form that has sites chosen anew; what else is sent is passed over."""

    model_config = ConfigDict(extra="ignore")
    budget: str = ""
    count: str = ""
    objective: str = "cover"
    fixed: str = ""
    forbidden: str = ""
    min_spacing_m: str = ""
    min_per_commune: str = ""
    name: str = ""


@router.get(PLAN, dependencies=[gate.TO_RUN])
def ask_plan(request: Request, result: str) -> Response:
    """The form, filled in with the rules of the plan that is there, or of a job."""
    entry = entry_of(request, result)
    asked = query(request, ("job",))
    if not entry.has("parcels"):
        return page(request, "no_parcels.html", entry)
    rules = inputs_of(request, asked, "plan", entry) or entry.run.get("siting", {}).get("rules", {})
    return _plan_page(request, entry, typed_of(rules, tongue(language_of(request))))


@router.post(PLAN, dependencies=[gate.TO_RUN])
def start_plan(request: Request, result: str, typed: Annotated[Plan, Form()]) -> Response:
    """Start the job, or give the form back with what is wrong."""
    entry = entry_of(request, result)
    query(request, ("job",))
    if not entry.has("parcels"):
        return page(request, "no_parcels.html", entry, http_status=404, fixed=False)
    values = typed.model_dump()
    inputs, faults = reading.plan(values, entry, tongue(language_of(request)))
    return start(request, "plan", inputs, faults, lambda **told: _plan_page(request, entry, values, **told))


@router.get(RUN, dependencies=[gate.TO_RUN])
def ask_run(request: Request) -> Response:
    """The form, with the studies that may be run."""
    asked = query(request, ("job", "study"))
    had = inputs_of(request, asked, "run", None)
    return _run_page(request, had.get("study") or asked.get("study", ""), had.get("name", ""))


@router.post(RUN, dependencies=[gate.TO_RUN])
def start_run(request: Request, study: Annotated[str, Form()] = "", name: Annotated[str, Form()] = "") -> Response:
    """Start the job, or give the form back with what is wrong."""
    query(request, ("job", "study"))
    t = tongue(language_of(request))
    inputs = {"study": study, **({"name": name.strip()} if name.strip() else {})}
    faults = {} if study else {"study": t.say("Choose a study.")}
    return start(request, "run", inputs, faults, lambda **told: _run_page(request, study, name, **told))


def start(
    request: Request, process_id: str, inputs: Values, faults: dict[str, str], again: Callable[..., Response]
) -> Response:
    """Put the job into the queue and go to its page; else the form again, with all that was typed."""
    language = language_of(request)
    if faults:
        return again(faults=faults, http_status=400)
    try:
        job = processes.submit(request, process_id, inputs, language)
    except Problem as problem:
        told = problem.told(language, request.url.path)
        name = str(problem.values.get("name", ""))
        if problem.key == "bad_parameter" and name in inputs and "expected" in problem.pairs:
            words = problem.pairs["expected"][1 if language == "en" else 0]
            said = tongue(language).say("Needed: %(expected)s.", expected=words)
            return again(faults={name: said}, http_status=400)
        answer = again(problem=told, http_status=problem.status)
        answer.headers.update(problem.headers)
        return answer
    return RedirectResponse(Links(request, language, None).top("jobs", job.id), 303)


def inputs_of(request: Request, asked: Mapping[str, str], process_id: str, entry: Entry | None) -> Values:
    """What an earlier job of this result was asked; empty where none is named or it is another's."""
    if "job" not in asked:
        return {}
    job = queue.get(request.app.state.store, asked["job"])
    mine = job.process_id == process_id and (entry is None or job.result_id == entry.id)
    return dict(job.inputs) if mine else {}


def typed_of(rules: Mapping[str, Any], t: Tongue) -> dict[str, str]:
    """Rules as somebody would type them."""

    def said(name: str, unit: float = 1.0) -> str:
        value = rules.get(name)
        return "" if value is None else exact(float(value) / unit, t.language)

    return {
        "budget": said("budget", reading.MILLION),
        "count": said("count"),
        "objective": str(rules.get("objective") or "cover"),
        "fixed": "\n".join(rules.get("fixed") or ()),
        "forbidden": "\n".join(rules.get("forbidden") or ()),
        "min_spacing_m": said("min_spacing_m"),
        "min_per_commune": said("min_per_commune"),
        "name": str(rules.get("name") or ""),
    }


def form(
    request: Request,
    template: str,
    entry: Entry | None,
    *,
    faults: Mapping[str, str] | None = None,
    problem: Mapping[str, Any] | None = None,
    http_status: int = 200,
    **values: Any,  # noqa: ANN401 - what the template needs
) -> Response:
    """A form, with what is wrong if something is."""
    return page(
        request, template, entry, http_status=http_status, fixed=False, faults=faults or {}, problem=problem, **values
    )


def _plan_page(request: Request, entry: Entry, values: Mapping[str, str], **told: Any) -> Response:  # noqa: ANN401
    t = tongue(language_of(request))
    priced = bool(entry.table("parcels")["cost"].notna().any())
    return form(
        request, "jobs_plan.html", entry, value=values, objectives=jobs_words.objectives(t), priced=priced, **told
    )


def _run_page(request: Request, chosen: str, name: str, **told: Any) -> Response:  # noqa: ANN401
    library, settings = request.app.state.library, request.app.state.settings
    entries = {entry.id: entry for entry in library.entries(fresh=True)}
    studies = []
    for key, folder in registry.studies(library, settings).items():
        try:
            about = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8")).get("study", {})
            title = str(about.get("name") or key)
        except (OSError, ValueError, AttributeError):  # the job will say what is wrong with it
            title = key
        shown = folder.parent == entries[key].folder if key in entries else False
        studies.append({"id": key, "title": title, "shown": shown})
    only = next(iter(entries.values())) if len(entries) == 1 else None
    return form(request, "jobs_run.html", only, studies=studies, chosen=chosen, name=name, **told)
