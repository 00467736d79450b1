"""Files of a proposal: photos and documents added, shown, downloaded and taken away, by plain forms."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from sanchoi.api.accounts import actor
from sanchoi.api.handlers import problem_of
from sanchoi.api.languages import language_of
from sanchoi.api.pages import proposals as shown
from sanchoi.api.pages.frame import Links, query
from sanchoi.api.pages.propose_told import Told
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import attached
from sanchoi.api.store import Attachment
from sanchoi.api.uploads import attachments
from sanchoi.gis.errors import SanchoiError

router = APIRouter()
AT = "/{lang:lang}/proposals/{proposal:hex32}/attachments"


@router.post(AT)
def add(request: Request, proposal: str, files: Annotated[list[UploadFile] | None, File()] = None) -> Response:
    """Add photos and documents; what is refused is told by its name, the others are kept."""
    t = tongue(language_of(request))
    store, settings, who = request.app.state.store, request.app.state.settings, actor.of(request)
    wrong: list[tuple[str, str, int]] = []
    kept = 0
    for each in files or []:
        if not each.filename:
            continue
        data = each.file.read()
        try:
            attached.add(store, settings, who, proposal, data, each.filename, attached.kind_of(data))
            kept += 1
        except (Problem, SanchoiError) as error:
            problem = problem_of(error)
            if problem.key in ("unknown_id", "login", "forbidden"):
                raise
            told = problem.told(t.language, request.url.path)
            wrong.append((each.filename, f"{told['title']}: {told['detail']}", problem.status))
    if not kept and not wrong:
        missing = Told(title=t.say("Something is missing"), detail=t.say("No file was chosen."), status=422)
        return shown.shown(request, proposal, wrong=missing)
    if wrong:
        words = Told(title=t.say("Not every file was kept"), status=wrong[0][2])
        words.detail = " ".join(f"{attachments.safe_name(name)} – {why}" for name, why, _ in wrong)
        return shown.shown(request, proposal, wrong=words)
    return RedirectResponse(Links(request, t.language, None).top("proposals", proposal, attached=kept) + "#files", 303)


@router.get(AT + "/{attachment}")
def one(request: Request, proposal: str, attachment: str) -> Response:
    """A file to download; `shown` for a photo that was made anew, in its page."""
    asked = query(request, ("shown",))
    found = _find(request, proposal, attachment)
    settings = request.app.state.settings
    answer = (
        attachments.picture(settings, found.sha256)
        if "shown" in asked and found.kind == attached.PHOTO
        else attachments.response(settings, found.sha256, found.name, found.media_type)
    )
    if answer is None:
        raise Problem("not_found")
    return answer


@router.post(AT + "/{attachment}/remove")
def remove(request: Request, proposal: str, attachment: str) -> Response:
    """Take a file away."""
    try:
        with request.app.state.store.session() as session:
            attached.remove(session, actor.of(request), proposal, attachment)
    except Problem as problem:
        if problem.key != "conflict":
            raise
        told = problem.told(language_of(request), request.url.path)
        return shown.shown(request, proposal, wrong=Told(title=told["title"], detail=told["detail"], status=409))
    links = Links(request, language_of(request), None)
    return RedirectResponse(links.top("proposals", proposal, removed=1) + "#files", 303)


def _find(request: Request, proposal: str, attachment: str) -> Attachment:
    with request.app.state.store.reading() as session:
        return attached.get(session, actor.of(request), proposal, attachment)
