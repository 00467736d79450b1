"""Told: jobs and processes as OGC API – Processes words them, with links, in the asker's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sanchoi.api import stages
from sanchoi.api.jobs import queue, work
from sanchoi.api.jobs.registry import VERSION, Input, Process
from sanchoi.api.library import RESULTS
from sanchoi.api.links import Link, base, link
from sanchoi.api.problems import Problem
from sanchoi.api.store import Job, JobEvent
from starlette.requests import Request

STATUS: dict[str, tuple[str, str]] = {
    "accepted": ("Đang chờ", "Waiting"),
    "running": ("Đang làm", "Running"),
    "successful": ("Đã xong", "Done"),
    "failed": ("Không xong", "Failed"),
    "dismissed": ("Đã hủy", "Dismissed"),
}
OGC_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
NOT_READY = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready"
CONFORMS = [
    f"http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/{each}"
    for each in ("ogc-process-description", "json", "job-list", "dismiss")
]
"""Not "core": that has its landing page and its conformance at the root, where our pages are."""


def status(request: Request, job: Job, language: str) -> dict[str, Any]:
    """A statusInfo document."""
    links = [
        link(request, f"/jobs/{job.id}", "self"),
        link(request, f"/jobs/{job.id}/events", "monitor", kind="text/event-stream"),
        link(request, f"/processes/{job.process_id}", "process"),
    ]
    if job.status == "successful":
        links.append(link(request, f"/jobs/{job.id}/results", OGC_REL + "results"))
    times = {"created": job.created, "started": job.started, "finished": job.finished}
    found = {
        "processID": job.process_id,
        "type": "process",
        "jobID": job.id,
        "status": job.status,
        "message": message(job, language),
        **{name: moment(each) for name, each in times.items() if each is not None},
        "updated": moment(job.finished or job.heartbeat or job.created),
        "progress": job.progress,
        "stage": job.stage or None,
        "stage_words": stages.words(job.stage, language) if job.stage else None,
        "share": job.share,
        "attempts": job.attempts,
        "inputs": job.inputs,
        "links": links,
    }
    if job.error is not None:
        found["exception"] = job.error.get(language, job.error.get("vi"))
    return found


def message(job: Job, language: str) -> str:
    """Where a job stands, in a few words."""
    words = STATUS[job.status][1 if language == "en" else 0]
    if job.status == "running" and job.stage:
        return f"{words}: {stages.words(job.stage, language)}"
    if job.error is not None:
        return f"{words}: {job.error.get(language, job.error['vi'])['detail']}"
    return words


def event(each: JobEvent, language: str) -> dict[str, Any]:
    """One event of a job."""
    return {
        "status": each.status,
        "status_words": STATUS[each.status][1 if language == "en" else 0],
        "stage": each.stage or None,
        "stage_words": stages.words(each.stage, language) if each.stage else None,
        "share": each.share,
        "progress": each.progress,
    }


def moment(when: datetime) -> str:
    """RFC 3339, UTC."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def results(request: Request, job: Job, language: str) -> dict[str, Any]:
    """What a job made, as links.

    Raises
    ------
    Problem : it has made nothing (yet).
    """
    if job.status != "successful" or job.output is None:
        words = (f"kết quả: việc {job.id} {STATUS[job.status][0].lower()}", f"result of job {job.id}: {job.status}")
        raise Problem("unknown_id", pairs={"message": words}, members={"type": NOT_READY})
    if "file" in job.output:
        file = {"href": f"{base(request)}/jobs/{job.id}/results/file", "type": "application/zip"}
        return {"file": {**file, "title": job.output["file"]}}
    name = entry_id(request, job)
    if name is None:
        words = (f"kết quả của việc {job.id} nữa", f"result of job {job.id} any more")
        raise Problem("unknown_id", pairs={"message": words}, members={"type": NOT_READY})
    pages = {"href": f"{base(request)}/{language}/r/{name}/", "type": "text/html", "hreflang": language}
    return {
        "result": {**pages, "title": name},
        "api": {"href": f"{base(request)}/api/v1/results/{name}", "type": "application/json"},
    }


def entry_id(request: Request, job: Job) -> str | None:
    """Id of the result that a job made; None = it made none, or it has been taken away since."""
    if job.output is None or "result" not in job.output:
        return None
    place = (request.app.state.settings.data / RESULTS / str(job.output["result"])).resolve()
    return next((entry.id for entry in request.app.state.library.entries(fresh=True) if entry.folder == place), None)


def file(request: Request, job: Job) -> tuple[str, Any]:
    """Name and path of the file that a job made.

    Raises
    ------
    Problem : it made none, or it has been taken away since.
    """
    name = str((job.output or {}).get("file", ""))
    path = request.app.state.settings.data / work.EXPORTS / name
    if not name or job.status not in queue.ENDS or not path.is_file():
        words = (f"tệp của việc {job.id}", f"file of job {job.id}")
        raise Problem("unknown_id", pairs={"message": words}, members={"type": NOT_READY})
    return name, path


def summary(request: Request, process: Process, language: str) -> dict[str, Any]:
    """A process in the list of processes."""
    side = 1 if language == "en" else 0
    return {
        "id": process.id,
        "title": process.title[side],
        "description": process.description[side],
        "version": VERSION,
        "jobControlOptions": ["async-execute", "dismiss"],
        "outputTransmission": ["reference"],
        "links": [link(request, f"/processes/{process.id}", "self")],
    }


def description(request: Request, process: Process, inputs: dict[str, Input], language: str) -> dict[str, Any]:
    """A process with the schemas of its inputs and outputs, and an example."""
    side = 1 if language == "en" else 0
    titles = {
        "result": (("Trang của kết quả", "Pages of the result"), "text/html"),
        "api": (("Kết quả dạng JSON", "The result as JSON"), "application/json"),
        "file": (("Tệp zip", "Zip file"), "application/zip"),
    }
    outputs = ("result", "api") if process.output == "result" else ("file",)
    found = summary(request, process, language)
    links: list[Link] = [
        *found["links"],
        link(request, f"/processes/{process.id}/execution", OGC_REL + "execute", process.title[side]),
    ]
    return {
        **found,
        "inputs": {
            name: {
                "title": each.title[side],
                "schema": dict(each.schema),
                "minOccurs": int(each.required),
                "maxOccurs": 1,
            }
            for name, each in inputs.items()
        },
        "outputs": {
            name: {
                "title": titles[name][0][side],
                "schema": {"type": "string", "format": "uri", "contentMediaType": titles[name][1]},
            }
            for name in outputs
        },
        "example": dict(process.example),
        "links": links,
    }
