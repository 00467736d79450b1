"""Jobs: what the service has been asked to do, how far each is, what it made, and why it could not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sanchoi.api import stages
from sanchoi.api.accounts import gate
from sanchoi.api.jobs import queue, registry, told
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import jobs_words, listing
from sanchoi.api.pages.frame import Links, choice, page, query
from sanchoi.api.pages.jobs_words import Row
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.problems import Problem
from sanchoi.api.store import Job
from sanchoi.api.store.models import now

router = APIRouter()
SIZE = 50
SOON_S = 30
"""A job that waits longer than this while none runs is told to be waiting for a runner."""
AT = "/{lang:lang}/jobs"


@router.get(AT)
def every(request: Request) -> Response:
    """The jobs, the newest first; of one state if asked."""
    asked = query(request, ("state", "page"))
    state = choice(asked, "state", queue.STATES, "")
    t = tongue(language_of(request))
    store, states = request.app.state.store, (state,) if state else ()
    count = queue.listed(store, 1, 0, states)[1]
    number, last = listing.page_of(asked, count, SIZE)
    found, _ = queue.listed(store, SIZE, (number - 1) * SIZE, states)
    shown = {entry.id: entry for entry in request.app.state.library.entries()}
    return page(
        request,
        "jobs.html",
        _only(shown),
        fixed=False,
        rows=[_row(each, shown, t) for each in found],
        states=[(each, _state(each, t)) for each in queue.STATES],
        state=state,
        count=count,
        number=number,
        last=last,
        starts=list(shown.values()),
        runs=bool(registry.studies(request.app.state.library, request.app.state.settings)),
    )


@router.get(AT + "/{job_id}")
def one(request: Request, job_id: str) -> Response:
    """One job."""
    query(request, ())
    t = tongue(language_of(request))
    job = queue.get(request.app.state.store, job_id)
    shown = {entry.id: entry for entry in request.app.state.library.entries()}
    entry = shown.get(job.result_id or "") or _only(shown)
    links = Links(request, t.language, shown.get(job.result_id or ""))
    return page(
        request,
        "job.html",
        entry,
        fixed=False,
        row=_row(job, shown, t),
        asked=jobs_words.asked(job, t),
        going=job.status not in queue.ENDS,
        waits=_waits(request, job, t) if job.status == "accepted" else "",
        events=f"{links.root}/jobs/{job.id}/events?lang={t.language}&after={job.events}",
        made=_made(request, job, t),
        error=_error(job, t),
        again=_again(job, links),
    )


@router.post(AT + "/{job_id}/cancel", dependencies=[gate.TO_RUN])
def cancel(request: Request, job_id: str) -> Response:
    """Dismiss a job; one that has ended meanwhile stays as it ended, and its page says how."""
    query(request, ())
    try:
        queue.dismiss(request.app.state.store, job_id)
    except Problem as problem:
        if problem.key != "conflict":
            raise
    return RedirectResponse(Links(request, language_of(request), None).top("jobs", job_id), 303)


def _only(shown: Mapping[str, Entry]) -> Entry | None:
    """The only result that the service shows, for the pages to go on to."""
    return next(iter(shown.values())) if len(shown) == 1 else None


def _state(status: str, t: Tongue) -> str:
    return told.STATUS[status][1 if t.language == "en" else 0]


def _row(job: Job, shown: Mapping[str, Entry], t: Tongue) -> Row:
    """What the pages show of a job."""
    return {
        "id": job.id,
        "title": jobs_words.title(job, t),
        "name": str(job.inputs.get("name", "")),
        "of": jobs_words.subject(job, shown),
        "of_id": job.result_id if job.result_id in shown else "",
        "status": job.status,
        "state": _state(job.status, t),
        "stage": t.capital(stages.words(job.stage, t.language)) if job.stage and job.status == "running" else "",
        "progress": job.progress,
        "share": None if job.status in ("failed", "dismissed") else job.progress / 100,
        "created": t.moment(job.created),
        "started": t.moment(job.started) if job.started else "",
        "finished": t.moment(job.finished) if job.finished else "",
    }


def _waits(request: Request, job: Job, t: Tongue) -> str:
    """Why a job waits, as far as that is known: nobody says here whether a runner lives, only whether one works."""
    store = request.app.state.store
    limit = request.app.state.settings.limits.jobs_waiting
    ahead = sum(each.created < job.created for each in queue.listed(store, limit, 0, ("accepted",))[0])
    running = queue.listed(store, 1, 0, ("running",))[1]
    if running or ahead:
        text = t.say("It starts when those before it have ended: %(n)s.", n=t.number(running + ahead))
    else:
        text = t.say("It starts in a moment.")
    if not running and (now() - job.created).total_seconds() > SOON_S:
        text = t.say(
            "No job is running on the server now. This one is kept and waits; if it still waits in a few minutes, "
            "tell whoever runs this service."
        )
    return text


def _made(request: Request, job: Job, t: Tongue) -> Row | None:
    """What a job made: a file or a result; `gone` where it has been taken away since."""
    if job.status != "successful" or job.output is None:
        return None
    root = Links(request, t.language, None).root
    if "file" in job.output:
        try:
            name, path = told.file(request, job)
        except Problem:
            return {"gone": True}
        return {
            "gone": False,
            "file": name,
            "size": path.stat().st_size,
            "address": f"{root}/jobs/{job.id}/results/file",
        }
    made = told.entry_id(request, job)
    if made is None:
        return {"gone": True}
    entry = request.app.state.library.get(made)
    links = Links(request, t.language, entry)
    return {
        "gone": False,
        "file": "",
        "name": entry.name,
        "id": entry.id,
        "address": links.link(),
        "sites": links.link("sites") if entry.has("sites") else "",
        "plan": links.top("desk", "plan", entry.id) if job.process_id == "proposals-plan" else "",
    }


def _error(job: Job, t: Tongue) -> Row | None:
    """Why a job failed, and what to do."""
    if job.status != "failed" or job.error is None:
        return None
    error: Mapping[str, Any] = job.error[t.language]
    foreign = t.language == "vi" and error["detail"] == job.error["en"]["detail"]
    key = str(error["type"]).rsplit("/", 1)[-1]
    return {
        "title": error["title"],
        "detail": error["detail"],
        "lang": "en" if foreign else t.language,
        "todo": jobs_words.todo(key, job.process_id, t),
        "ours": error["status"] >= 500,
    }


def _again(job: Job, links: Links) -> str:
    """The form that a job came from, filled in as it was; empty where there is none."""
    if job.process_id == "run":
        return links.top("run", job=job.id)
    if job.process_id == "proposals-plan":
        return links.top("desk", "plan", result=job.result_id)
    if links.entry is None:
        return ""
    form = {"plan": "plan-again", "export": "export"}.get(job.process_id)
    return links.link(form, job=job.id) if form else ""
