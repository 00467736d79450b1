"""Problems as pages: what went wrong and what to do, in the asker's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from sanchoi.api.library import Entry
from sanchoi.api.pages import account_login
from sanchoi.api.pages.frame import page
from sanchoi.api.pages.tongue import tongue
from sanchoi.gis.errors import SanchoiError


def render_problem(request: Request, told: Mapping[str, Any], language: str) -> Response:
    """The page of a problem. `told` is the problem details object; the caller sets its headers."""
    status = int(told["status"])
    if status == 401:
        after = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return account_login.form(request, after if request.method == "GET" else "", status=401, why=told["detail"])
    return page(
        request,
        "problem.html",
        _entry(request),
        http_status=status,
        fixed=False,
        title=told["title"],
        detail=told["detail"],
        code=status,
        advice=_advice(status, language),
    )


def _entry(request: Request) -> Entry | None:
    """The result that the address speaks of, so that the page keeps its navigation."""
    parts = request.url.path.split("/")
    try:
        found: Entry = request.app.state.library.get(parts[parts.index("r") + 1])
        return found if found.run["study"] else None
    except (ValueError, LookupError, SanchoiError, OSError):
        return None


def _advice(status: int, language: str) -> str:
    """What to do now."""
    t = tongue(language)
    if status in (404, 405):
        return t.say("Check the address, or go on from the list of pages above.")
    if status in (400, 403, 406, 413, 422):
        return t.say("Go back, change what you asked for, and try again.")
    if status in (429, 503):
        return t.say("Wait a minute and open the page again.")
    return t.say("Try again later. If it happens again, tell whoever runs this service and give the number above.")
