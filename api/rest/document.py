"""The API document: OpenAPI 3.1 of /api/v1, /what-if, /processes and /jobs, as JSON and as a plain page."""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from sanchoi.api import caching
from sanchoi.api.rest.shape import respond
from starlette.responses import HTMLResponse, Response

router = APIRouter(include_in_schema=False)
ROOTS = ("/api/v1", "/what-if", "/processes", "/jobs")
MEDIA = "application/vnd.oai.openapi+json;version=3.1"
ABOUT = (
    "Plain records of everything that the pages show. Null means unknown, never zero. Lengths are metres, areas m², shares 0–1, "
    "money VND. Every list comes in pages with `limit` and `offset`; every answer made of a result carries an ETag. "
    "Errors are problem details (RFC 9457) in Vietnamese or English."
)
SECURITY: dict[str, Any] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of an account's own page or of `sanchoi user token`; it may do what its scopes name.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sanchoi",
        "description": "A browser that has logged in. Writes carry what /api/v1/me gives as `csrf` in the header X-CSRF-Token.",
    },
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
    },
}
LINKS: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["href", "rel", "type"],
        "properties": {key: {"type": "string"} for key in ("href", "rel", "type", "title")},
    },
}


@router.get("/api/v1/openapi.json")
def document(request: Request) -> Response:
    """The document."""
    answer = respond(of(request.app), caching_tag())
    answer.headers["content-type"] = MEDIA
    return answer


def caching_tag() -> str:
    """ETag of what depends on the program alone."""
    return f'"openapi-{caching.version()}"'


def of(app: FastAPI) -> dict[str, Any]:
    """The document of an application, made once."""
    made: dict[str, Any] | None = getattr(app.state, "api_document", None)
    if made is None:
        made = _make(app)
        app.state.api_document = made
    return made


def _make(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(title="Sân Chơi", version=caching.version(), description=ABOUT, routes=app.routes)
    found["paths"] = {path: item for path, item in found["paths"].items() if _ours(path)}
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    found["components"]["securitySchemes"] = SECURITY
    found["security"] = [{}, {"token": []}, {"session": []}]
    schemas |= {"Problem": PROBLEM, "Links": LINKS}
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = {
        "description": "A problem.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    limit = app.state.settings.limits.page
    for path, item in found["paths"].items():
        for method, operation in item.items():
            answers = operation["responses"]
            answers.pop("422", None)
            answers["default"] = problem
            operation["operationId"] = f"{operation['operationId'].removesuffix('_' + method)}_{method}"
            for parameter in operation.get("parameters", []):
                if parameter["name"] == "limit" and path.startswith("/api/v1"):
                    parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": limit}
    return found


def _ours(path: str) -> bool:
    return any(path == root or path.startswith(root + "/") for root in ROOTS)


@router.get("/api/v1/docs")
def page(request: Request) -> Response:
    """The document as a plain page that loads nothing."""
    told = of(request.app)
    rows = "".join(
        _operation(path, method, operation)
        for path, item in told["paths"].items()
        for method, operation in item.items()
    )
    title, about = escape(told["info"]["title"]), escape(told["info"]["description"])
    html = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>API · {title}</title></head><body><main><h1>{title}: API</h1><p>{about}</p>"
        f'<p><a href="/api/v1/openapi.json">openapi.json</a></p>{rows}</main></body></html>'
    )
    return HTMLResponse(html, headers=caching.headers(caching_tag()))


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<li><code>{escape(each['name'])}</code> ({escape(each['in'])}): {escape(each.get('description', ''))}</li>"
        for each in operation.get("parameters", [])
    )
    name, text = escape(operation.get("summary", "")), escape(operation.get("description", ""))
    return (
        f"<section><h2><code>{escape(method.upper())} {escape(path)}</code></h2><p><strong>{name}</strong></p><p>{text}</p>"
        f"{f'<ul>{parameters}</ul>' if parameters else ''}</section>"
    )
