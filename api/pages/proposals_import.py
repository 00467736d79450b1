"""Proposal files of the offline form are handed in here: several at once, each told on its own line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from sanchoi.api.accounts import actor as acting
from sanchoi.api.accounts.actor import PROPOSE
from sanchoi.api.clock import VIETNAM
from sanchoi.api.languages import language_of
from sanchoi.api.offline import bring, submission
from sanchoi.api.pages.frame import page, query
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.api.uploads.attachments import safe_name
from sanchoi.gis.errors import SanchoiError

router = APIRouter()
AT = "/{lang:lang}/proposals/import"
MOST_FILES = 20
OVER = re.compile(r"([0-9a-f]{32}):([1-9]\d{0,8})")


@dataclass(frozen=True)
class Line:
    """What is told of one file: its name, what became of it or why it was refused, and the status that it alone would be answered
    with.
    """

    name: str
    outcome: bring.Outcome | None = None
    title: str = ""
    detail: str = ""
    status: int = 200


@router.get(AT)
def form(request: Request) -> Response:
    """Where to choose the files."""
    query(request, ())
    return _shown(request, [])


@router.post(AT)
def take(
    request: Request,
    files: Annotated[list[UploadFile] | None, File()] = None,
    submit: Annotated[str, Form()] = "",
    over: Annotated[str, Form()] = "",
) -> Response:
    """Bring each file in, exactly once."""
    query(request, ())
    who = acting.of(request)
    who.must(PROPOSE)
    t = tongue(language_of(request))
    sent = [each for each in files or [] if each.filename]
    if not sent:
        return _shown(request, [Line("", None, t.say("Something is missing"), t.say("No file was chosen."), 422)])
    asked = OVER.fullmatch(over)
    lines = []
    for n, each in enumerate(sent):
        if n == MOST_FILES:
            detail = t.say("At most %(n)s files at once; choose the rest again.", n=MOST_FILES)
            lines.append(Line(safe_name(each.filename or ""), None, t.say("Not read"), detail, 413))
            break
        lines.append(_one(request, each, bool(submit), (asked[1], int(asked[2])) if asked else None))
    return _shown(request, lines)


def _one(request: Request, file: UploadFile, submit: bool, over: tuple[str, int] | None) -> Line:
    name, state, language = safe_name(file.filename or ""), request.app.state, language_of(request)
    desk = bring.Desk(state.store, state.settings, state.library, state.models)
    try:
        read = submission.read(file.file.read(submission.MOST_BYTES + 1), state.settings.limits.vertices)
        return Line(name, bring.bring(desk, acting.of(request), read, submit=submit, over=over, language=language))
    except (Problem, SanchoiError) as error:
        problem = bring.problem_of(error)
        told = problem.told(language, request.url.path)
        return Line(name, None, told["title"], told["detail"], problem.status)


def _shown(request: Request, lines: list[Line]) -> Response:
    who = acting.of(request)
    t = tongue(language_of(request))
    side = 1 if t.language == "en" else 0
    faults = [line.status for line in lines if line.status != 200]
    status = faults[0] if faults and len(faults) == len(lines) else 200
    return page(
        request,
        "proposals_import.html",
        http_status=status,
        fixed=False,
        allowed=who.may(PROPOSE),
        lines=[(line, _told(line.outcome, side, t)) for line in lines],
        most_mb=submission.MOST_BYTES / 1e6,
        all_mb=request.app.state.settings.limits.upload_bytes / 1e6,
        most_files=MOST_FILES,
    )


def _told(outcome: bring.Outcome | None, side: int, t: Any) -> dict[str, Any]:  # noqa: ANN401 - Tongue
    """An outcome as the template shows it."""
    if outcome is None:
        return {}
    at = datetime.fromisoformat(outcome.at).astimezone(VIETNAM)
    worth = outcome.worth or {}
    return {
        "kind": outcome.kind,
        "id": outcome.proposal_id,
        "number": outcome.number,
        "state": outcome.state,
        "revision": outcome.revision,
        "when": f"{t.date(at.date())}, {at:%H:%M}",
        "editable": outcome.editable,
        "difference": [each[side] for each in outcome.difference],
        "remarks": [each[side] for each in outcome.remarks],
        "sentence": worth.get(f"sentence_{t.language}") or "",
    }
