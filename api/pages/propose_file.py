"""File: the land as a file of outlines. Parsed in a process of its own; where it holds several, one is chosen. Without a script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from sanchoi.api import uploads
from sanchoi.api.handlers import problem_of
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import pictures, propose_corners, propose_form, propose_page, propose_picture, propose_told
from sanchoi.api.pages.frame import entry_of, query
from sanchoi.api.pages.propose_form import Draft, Sent
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.api.uploads import limits
from sanchoi.gis.errors import SanchoiError

router = APIRouter()
AT = "/{lang:lang}/r/{result}/propose/file"
CHOICES = 50
"""So many outlines at most are shown to choose from."""
NAMES = ("name", "ten", "tên", "title", "label")


@router.get(AT)
def start(request: Request, result: str) -> Response:
    """The file to choose."""
    entry = entry_of(request, result)
    query(request, ())
    return _shown(request, entry)


@router.post(AT + "/upload")
def read(
    request: Request,
    result: str,
    file: Annotated[UploadFile | None, File()] = None,
    zone: Annotated[str, Form()] = "",
) -> Response:
    """The outlines of a file; one alone is taken at once. `zone`: its coordinates' EPSG code, for a file that names none."""
    entry = entry_of(request, result)
    t = tongue(language_of(request))
    settings = request.app.state.settings
    zone = zone if zone in {str(code) for code, _ in propose_corners.choices(entry, t)} else ""
    try:
        if file is None or not file.filename:
            words = ("Chưa chọn tệp nào.", "No file was chosen.")
            raise Problem("contract", pairs={"message": words})
        found = uploads.sites(file.file.read(), file.filename, settings, int(zone) if zone else None)
    except (Problem, SanchoiError) as error:
        told = problem_of(error).told(t.language, request.url.path)
        return _shown(request, entry, refusal=told, status=problem_of(error).status, zone=zone)
    remarks = [pair[t.language == "en"] for pair in found.remarks]
    if len(found) == 1:
        return _one(
            request,
            entry,
            propose_form.written(found[0].geometry),
            _name(found[0].properties),
            remarks=remarks,
            zone=zone,
        )
    sites = [_site(entry, each) for each in found[:CHOICES]]
    return _shown(request, entry, sites=sites, count=len(found), remarks=remarks, zone=zone)


@router.post(AT + "/choose")
def choose(request: Request, result: str, typed: Annotated[Sent, Form()]) -> Response:
    """One of several outlines."""
    return _one(request, entry_of(request, result), typed.geometry, typed.name, typed.key)


def _one(
    request: Request,
    entry: Entry,
    geometry: str,
    name: str,
    key: str = "",
    remarks: Sequence[str] = (),
    zone: str = "",
) -> Response:
    t = tongue(language_of(request))
    texts = propose_form.blank(geometry=geometry, name=name[: propose_form.MOST["name"]], source="file")
    if key:
        texts["key"] = key
    made = propose_form.read(texts, entry, t, request.app.state.settings.limits.vertices, named=False)
    refusal = None
    if "geometry" in made.faults:
        refusal = {"title": t.say("This outline cannot be used"), "detail": made.faults["geometry"]}
    return _shown(request, entry, made, refusal=refusal, remarks=remarks, zone=zone)


def _shown(
    request: Request,
    entry: Entry,
    made: Draft | None = None,
    *,
    sites: list[dict[str, Any]] | None = None,
    refusal: Any = None,  # noqa: ANN401 - title and detail
    count: int = 0,
    remarks: Sequence[str] = (),
    status: int = 200,
    zone: str = "",
) -> Response:
    made = made or Draft(propose_form.blank(source="file"))
    return propose_page.shown(
        request,
        entry,
        "file",
        made,
        propose_told.ask(request, entry, made),
        template="propose_file.html",
        status=422 if refusal and status == 200 else status,
        sites=sites or [],
        count=count,
        remarks=remarks,
        refusal=refusal,
        most_mb=_most_mb(),
        zone=zone,
        zones=propose_corners.choices(entry, tongue(language_of(request))),
        usual=propose_corners.usual_of(entry),
    )


def _most_mb() -> float:
    return limits.DEFAULT.site_bytes / 1e6


def _name(properties: dict[str, Any]) -> str:
    """What the file calls an outline."""
    for key, value in properties.items():
        if key.lower() in NAMES and isinstance(value, str) and value.strip():
            return value.strip()[:200]
    return ""


def _site(entry: Entry, found: Any) -> dict[str, Any]:  # noqa: ANN401 - an outline of a file
    shape = propose_picture.moved(found.geometry, entry.run["study"]["crs"])
    low_x, low_y, high_x, high_y = shape.bounds
    half = max((high_x - low_x) / 120, (high_y - low_y) / 90, 0.01) * 1.15
    x, y = (low_x + high_x) / 2, (low_y + high_y) / 2
    bounds = [x - 60 * half, y - 45 * half, x + 60 * half, y + 45 * half]
    return {
        "geometry": propose_form.written(found.geometry),
        "name": _name(found.properties),
        "layer": found.layer,
        "area_m2": float(shapely.area(shape)),
        "d": pictures.path(shape, bounds, 1 / half, 1),
    }
