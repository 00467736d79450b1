"""Handlers: every error, whatever raised it, becomes a problem in the asker's language. No traceback leaves the house."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sanchoi.api.languages import language_of
from sanchoi.api.logs import REQUEST
from sanchoi.api.problems import MEDIA_TYPE, Problem, of_error
from sanchoi.gis.errors import SanchoiError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("sanchoi.service")
RETRY_S = 5
EXPECTED: dict[str, tuple[str, str]] = {
    "missing": ("phải có", "a value"),
    "extra_forbidden": ("bỏ mục này đi", "nothing of that name"),
    "string_type": ("chữ", "text"),
    "list_type": ("một danh sách", "a list"),
    "dict_type": ("một đối tượng JSON", "a JSON object"),
    "model_type": ("một đối tượng JSON", "a JSON object"),
    "model_attributes_type": ("một đối tượng JSON", "a JSON object"),
    "too_short": ("ít nhất {min_length} mục", "at least {min_length} items"),
    "too_long": ("nhiều nhất {max_length} mục", "at most {max_length} items"),
    "string_too_short": ("ít nhất {min_length} ký tự", "at least {min_length} characters"),
    "int_parsing_size": ("số nhỏ hơn", "a smaller number"),
    "int_parsing": ("số nguyên", "a whole number"),
    "int_type": ("số nguyên", "a whole number"),
    "int_from_float": ("số nguyên", "a whole number"),
    "float_parsing": ("số", "a number"),
    "float_type": ("số", "a number"),
    "finite_number": ("số hữu hạn", "a finite number"),
    "bool_parsing": ("true hoặc false", "true or false"),
    "greater_than_equal": ("từ {ge} trở lên", "at least {ge}"),
    "less_than_equal": ("nhiều nhất {le}", "at most {le}"),
    "greater_than": ("lớn hơn {gt}", "more than {gt}"),
    "literal_error": ("một trong: {expected}", "one of: {expected}"),
    "enum": ("một trong: {expected}", "one of: {expected}"),
    "string_too_long": ("nhiều nhất {max_length} ký tự", "at most {max_length} characters"),
    "json_invalid": ("JSON", "JSON"),
}
"""Kinds of pydantic's errors → what was expected."""
OTHER = ("giá trị đúng như mô tả ở /api/v1/docs", "a value as /api/v1/docs describes it")


class Details(JSONResponse):
    """Problem details. What came may hold halves of characters that no encoding has: they are told as "?"."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - JSON
        """The JSON text."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def install(app: FastAPI) -> None:
    """Let an application answer every error with a problem."""
    app.state.render_problem = None
    for kind in (Problem, SanchoiError, HTTPException, RequestValidationError, OperationalError):
        app.add_exception_handler(kind, _handle)


async def _handle(request: Request, error: Exception) -> Response:
    return answer(request, problem_of(error))


def problem_of(error: Exception) -> Problem:
    """The problem that any error is; what nobody foresaw is a fault of ours, logged with its traceback."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, SanchoiError):
        return of_error(error)
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, RequestValidationError):
        return _of_validation(error.errors())
    if isinstance(error, OperationalError):
        log.error("the database did not answer", exc_info=error)
        words = ("Cơ sở dữ liệu không trả lời.", "The database does not answer.")
        return Problem("unavailable", pairs={"message": words})
    log.error("a fault", exc_info=error)
    return Problem("fault", {"request": REQUEST.get()}, members={"request": REQUEST.get()})


def answer(request: Request, problem: Problem) -> Response:
    """A problem as a response; a page where the asker is a browser on a page and the pages can draw it."""
    language = language_of(request, request.app.state.settings.language)
    told = problem.told(language, quote(request.scope["path"], safe="/:@!$&'()*+,;="))
    headers = {"Content-Language": language, "Vary": "Accept-Language, Accept", "Cache-Control": "no-store"}
    if problem.status in (429, 503):
        headers["Retry-After"] = str(RETRY_S)
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    headers |= problem.headers
    render = request.app.state.render_problem
    if render is not None and _wants_page(request):
        page: Response = render(request, told, language)
        page.status_code = problem.status
        page.headers.update(headers)
        return page
    return Details(told, problem.status, headers)


def _wants_page(request: Request) -> bool:
    on_page = request.url.path == "/" or request.url.path.startswith(("/vi", "/en"))
    return on_page and "text/html" in request.headers.get("accept", "")


def _of_http(error: HTTPException) -> Problem:
    headers = dict(error.headers or {})
    if error.status_code == 405:
        return Problem("method", {"allowed": headers.get("Allow", headers.get("allow", "GET"))}, headers=headers)
    if error.status_code == 404:
        return Problem("not_found", headers=headers)
    if str(error.detail).startswith("Too many"):  # fields or files of a form
        words = ("quá nhiều ô trong một biểu mẫu", "too many fields in one form")
        return Problem("too_large", {"limit": "1000"}, {"came": words}, headers=headers)
    key = {413: "too_large", 415: "media", 416: "range"}.get(error.status_code, "bad_body")
    values: dict[str, object] = {
        "came": f"HTTP {error.status_code}",
        "expected": "JSON",
        "limit": "",
        "known": "JSON",
    }
    return Problem(key, values, headers=headers)


def _of_validation(errors: Sequence[Any]) -> Problem:
    first = errors[0]
    place, *names = first["loc"]
    pair = EXPECTED.get(first["type"], OTHER)
    context = {key: str(value).replace(" or ", ", ") for key, value in first.get("ctx", {}).items()}
    expected = (pair[0].format(**context), pair[1].format(**context))
    name = ".".join(str(each) for each in names)
    if first["type"] == "json_invalid":
        return Problem("bad_body", {"came": _short(first.get("ctx", {}).get("error", "?"))}, {"expected": expected})
    if place == "body":
        came = f"{name}: {_short(first.get('input'))}" if name else _short(first.get("input"))
        return Problem("bad_body", {"came": came}, {"expected": expected}, {"field": name})
    return Problem("bad_parameter", {"name": name, "came": _short(first.get("input"))}, {"expected": expected})


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"


class Faults:
    """Answers what the handlers do not reach: errors of middlewares, and faults of ours.

    Inside the other middlewares, so that such an answer too has its number and its security headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as error:
            problem = problem_of(error)
            if begun:  # half an answer is out: cut it off, so that nobody takes it for a whole one
                raise
            await answer(Request(scope, receive), problem)(scope, receive, send)
