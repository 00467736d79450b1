"""Processes and jobs: a subset of OGC API – Processes. Every execution is asynchronous."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from sanchoi.api.accounts import actor, gate
from sanchoi.api.jobs import events, queue, registry, schemas, told
from sanchoi.api.languages import language_of
from sanchoi.api.links import link
from sanchoi.api.problems import MEDIA_TYPE, Problem
from sanchoi.api.settings import Settings
from sanchoi.api.store import trail
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

router = APIRouter(tags=["processes"])
FRESH = {"Cache-Control": "no-store"}
LAST = 2**31 - 1


@router.get("/processes", openapi_extra=schemas.ASKED)
def processes(request: Request) -> Response:
    """The processes that the service runs."""
    _only(request)
    language = _language(request)
    found = [told.summary(request, each, language) for each in registry.PROCESSES.values()]
    links = [
        link(request, "/processes", "self"),
        link(request, "/processes/conformance", told.OGC_REL + "conformance"),
        link(request, "/jobs", told.OGC_REL + "job-list"),
    ]
    return _json({"processes": found, "links": links}, language)


@router.get("/processes/conformance", openapi_extra=schemas.ASKED)
def conformance(request: Request) -> Response:
    """Conformance classes. Executions are asynchronous alone, whatever is preferred."""
    _only(request)
    return _json({"conformsTo": told.CONFORMS}, _language(request))


@router.get("/processes/{process_id}", openapi_extra=schemas.ASKED)
def process(request: Request, process_id: str) -> Response:
    """One process: its inputs with their schemas, its outputs, an example."""
    _only(request)
    found = registry.process(process_id)
    language = _language(request)
    inputs = found.inputs(request.app.state.library, request.app.state.settings)
    return _json(told.description(request, found, inputs, language), language)


@router.post(
    "/processes/{process_id}/execution",
    status_code=201,
    dependencies=[gate.TO_RUN],
    openapi_extra=schemas.EXECUTION,
    responses=schemas.MADE,
)
async def execute(request: Request, process_id: str) -> Response:
    """Start a job."""
    _only(request)
    body = await request.body()
    return await run_in_threadpool(_execute, request, process_id, body)


def _execute(request: Request, process_id: str, body: bytes) -> Response:
    found = registry.process(process_id)
    language = _language(request)
    job = submit(request, found.id, _document(body).get("inputs", {}), language)
    headers = {"Location": link(request, f"/jobs/{job.id}", "self")["href"], "Preference-Applied": "respond-async"}
    return _json(told.status(request, job, language), language, 201, headers)


def submit(request: Request, process_id: str, inputs: object, language: str) -> Any:  # noqa: ANN401 - a Job
    """Check the inputs of a process and put a job into the queue; pages use it too.

    Raises
    ------
    Problem : the inputs are not as the process asks, or too many jobs wait.
    """
    state = request.app.state
    settings: Settings = state.settings
    state.library.entries(fresh=True)  # the result that the last job made may be asked for at once
    checked = registry.checked(registry.process(process_id), inputs, state.library, settings)
    result = checked.get("result")
    job = queue.submit(state.store, process_id, checked, result, language, settings.limits.jobs_waiting)
    if process_id == "export":
        _note_export(request, job)
    return job


def _note_export(request: Request, job: Any) -> None:  # noqa: ANN401 - a Job
    """Leave a row in the log: what was taken out of which run, and by whom."""
    given = {name: job.inputs[name] for name in ("formats", "parts") if name in job.inputs}
    chosen = {name: len(job.inputs[name]) for name in ("communes", "sites") if job.inputs.get(name)}
    run = request.app.state.library.get(job.result_id).run["run_id"]
    with request.app.state.store.session() as session:
        detail = {"result": job.result_id, "run": run, **given, **chosen, "all": bool(job.inputs.get("all"))}
        trail.note(session, actor.of(request).id, "export.make", f"job:{job.id}", detail)


@router.get("/jobs", openapi_extra=schemas.LIST, responses={200: schemas.json_(schemas.JOBS)})
def jobs(request: Request) -> Response:
    """The jobs, the newest first: ?status=&processID=&limit=&offset=."""
    _only(request, "status", "processID", "limit", "offset")
    language, limits = _language(request), request.app.state.settings.limits
    limit = _number(request, "limit", min(limits.page_default, limits.page), 1, limits.page)
    offset = _number(request, "offset", 0, 0, LAST)
    states = _some(request, "status", queue.STATES)
    kinds = _some(request, "processID", tuple(registry.PROCESSES))
    found, count = queue.listed(request.app.state.store, limit, offset, states, kinds)
    links = [link(request, _page(request, offset), "self")]
    if offset + limit < count:
        links.append(link(request, _page(request, offset + limit), "next"))
    if offset > 0:
        links.append(link(request, _page(request, max(0, offset - limit)), "prev"))
    told_jobs = [told.status(request, each, language) for each in found]
    return _json({"jobs": told_jobs, "numberMatched": count, "numberReturned": len(found), "links": links}, language)


@router.get("/jobs/{job_id}", openapi_extra=schemas.ASKED, responses={200: schemas.json_(schemas.STATUS)})
def job(request: Request, job_id: str) -> Response:
    """Where a job stands."""
    _only(request)
    language = _language(request)
    return _json(told.status(request, queue.get(request.app.state.store, job_id), language), language)


@router.delete(
    "/jobs/{job_id}",
    dependencies=[gate.TO_RUN],
    openapi_extra=schemas.ASKED,
    responses={200: schemas.json_(schemas.STATUS)},
)
def dismiss(request: Request, job_id: str) -> Response:
    """Dismiss a job that waits or runs."""
    _only(request)
    language = _language(request)
    return _json(told.status(request, queue.dismiss(request.app.state.store, job_id), language), language)


@router.get("/jobs/{job_id}/results", openapi_extra=schemas.ASKED)
def results(request: Request, job_id: str) -> Response:
    """What a job made: links to its pages, or to its file. Of a job that failed, why (409 for a fault of ours)."""
    _only(request)
    language = _language(request)
    found = queue.get(request.app.state.store, job_id)
    if found.status == "failed" and found.error is not None:
        error = found.error[language]
        status = error["status"] if error["status"] < 500 else 409
        return JSONResponse({**error, "status": status}, status, {**FRESH, "Content-Language": language}, MEDIA_TYPE)
    return _json(told.results(request, found, language), language)


@router.get("/jobs/{job_id}/results/file", openapi_extra=schemas.ASKED)
def results_file(request: Request, job_id: str) -> Response:
    """The file that a job made."""
    _only(request)
    name, path = told.file(request, queue.get(request.app.state.store, job_id))
    return FileResponse(path, media_type="application/zip", filename=name, headers={"Cache-Control": "private"})


@router.get("/jobs/{job_id}/events", openapi_extra=schemas.EVENTS)
async def job_events(request: Request, job_id: str) -> Response:
    """A job's progress as server-sent events: `progress` as it comes, `done` at its end. Last-Event-ID goes on from there."""
    _only(request, "after")
    store = request.app.state.store
    found = await run_in_threadpool(queue.get, store, job_id)
    heard = request.headers.get("last-event-id", "")
    after = int(heard) if heard.isdecimal() and len(heard) < 10 else _number(request, "after", 0, 0, LAST)
    if found.status in queue.ENDS and after >= found.events:
        return Response(status_code=204, headers=FRESH)  # an EventSource then asks no more
    headers = {**FRESH, "X-Accel-Buffering": "no", "Content-Language": _language(request)}
    return StreamingResponse(
        events.stream(store, job_id, after, _language(request)), media_type="text/event-stream", headers=headers
    )


def _language(request: Request) -> str:
    return language_of(request, request.app.state.settings.language)


def _json(content: Any, language: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:  # noqa: ANN401 - JSON
    own = {**FRESH, "Content-Language": language, "Vary": "Accept-Language", **(headers or {})}
    return JSONResponse(content, status, own)


def _document(body: bytes) -> dict[str, Any]:
    """The body of an execution.

    Raises
    ------
    Problem : "bad_body" where it is not JSON or holds what we do not know.
    """
    words = ('JSON: {"inputs": {…}}', 'JSON: {"inputs": {…}}')
    try:
        found = json.loads(body or b"{}", parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Problem("bad_body", {"came": str(error)[:120]}, {"expected": words}) from error
    if not isinstance(found, dict):
        raise Problem("bad_body", {"came": type(found).__name__}, {"expected": words})
    unknown = sorted(set(found) - {"inputs", "outputs", "response"})
    if unknown:
        raise Problem("bad_body", {"came": unknown[0][:60], "expected": "inputs, outputs, response"})
    return found


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


def _only(request: Request, *known: str) -> None:
    """Refuse parameters that are unknown or given twice.

    Raises
    ------
    Problem : there is one.
    """
    known = (*known, "lang")
    given = [name for name, _ in request.query_params.multi_items()]
    for name in given:
        if name not in known:
            raise Problem("unknown_parameter", {"name": name[:60], "known": ", ".join(known)})
        if given.count(name) > 1:
            words = ("một giá trị", "one value")
            raise Problem("bad_parameter", {"name": name, "came": f"×{given.count(name)}"}, {"expected": words})


def _number(request: Request, name: str, default: int, low: int, high: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 12 and low <= int(text) <= high):
        words = (f"số nguyên từ {low} đến {high}", f"a whole number from {low} to {high}")
        raise Problem("bad_parameter", {"name": name, "came": text[:60]}, {"expected": words})
    return int(text)


def _some(request: Request, name: str, known: tuple[str, ...]) -> list[str]:
    """Values of a parameter, separated by commas.

    Raises
    ------
    Problem : one is not known.
    """
    text = request.query_params.get(name)
    found = [] if text is None else text.split(",")
    for each in found:
        if each not in known:
            words = (", ".join(known), ", ".join(known))
            raise Problem("bad_parameter", {"name": name, "came": each[:60]}, {"expected": words})
    return found


def _page(request: Request, offset: int) -> str:
    query = request.url.include_query_params(offset=offset) if offset else request.url.remove_query_params("offset")
    return "/jobs" + (f"?{query.query}" if query.query else "")
