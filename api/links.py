"""Links: addresses of the service, whole, as JSON answers carry them."""

from __future__ import annotations

from urllib.parse import quote

from sanchoi.api.languages import language_of
from starlette.requests import Request

Link = dict[str, str]


def base(request: Request) -> str:
    """The address that all of the service lies under, without a slash at its end."""
    own: str = request.app.state.settings.base_url
    return (own or str(request.base_url)).rstrip("/")


def part(text: str) -> str:
    """An id as a part of an address, whatever it is made of."""
    return quote(text, safe="")


def link(request: Request, path: str, rel: str, title: str = "", kind: str = "application/json") -> Link:
    """One link of a record."""
    found = {"href": base(request) + path, "rel": rel, "type": kind}
    return {**found, "title": title} if title else found


def page(request: Request, result: str, path: str, title: str = "") -> Link:
    """Link to a page of a result, in the asker's language."""
    language = language_of(request, request.app.state.settings.language)
    return link(request, f"/{language}/r/{result}/{path}", "alternate", title, "text/html")
