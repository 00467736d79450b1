"""Routes of OGC API – Features: `/ogc` for the first result, `/r/{result}/ogc` for each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from sanchoi.api.features.words import COLLECTIONS
from sanchoi.api.library import Library
from sanchoi.api.ogc import documents, items, pages
from sanchoi.api.ogc.asked import GEOJSON, JSON, OPENAPI, SCHEMA, Asked, Link
from sanchoi.api.ogc.openapi import openapi
from sanchoi.api.ogc.parameters import crs_of, wanted
from starlette.responses import Response

router = APIRouter(include_in_schema=False)
Endpoint = Callable[[Request], Response]


def _at(*paths: str) -> Callable[[Endpoint], Endpoint]:
    """Serve a path for the first result and for each."""

    def added(endpoint: Endpoint) -> Endpoint:
        for base in ("/ogc", "/r/{result}/ogc"):
            for path in paths:
                router.add_api_route(base + path, endpoint, methods=["GET"])
        return endpoint

    return added


def _asked(request: Request) -> Asked:
    library: Library = request.app.state.library
    name = request.path_params.get("result")
    return Asked(request, library.first() if name is None else library.get(name))


def _data(asked: Asked, found: dict[str, Any], media: str, links: list[Link]) -> Response:
    text = json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    response = Response(text, headers=asked.headers(links))
    response.headers["content-type"] = media  # as it is: with a charset GDAL and ogctests do not know it
    return response


@_at("", "/")
def landing(request: Request) -> Response:
    """The landing page."""
    asked = _asked(request)
    asked.parameters()
    page = asked.page_wanted(JSON)
    found = documents.landing(asked, page)
    if page:
        told = asked.features.collections.values()
        return pages.page(
            asked, "landing.html", asked.entry.name, found["links"], found=found, collections=told, words=COLLECTIONS
        )
    return _data(asked, found, JSON, found["links"])


@_at("/conformance")
def conformance(request: Request) -> Response:
    """What the API keeps."""
    asked = _asked(request)
    asked.parameters()
    page = asked.page_wanted(JSON)
    found = documents.conformance(asked, page)
    if page:
        title = asked.word(pages.WORDS["conformance"])
        return pages.page(asked, "conformance.html", title, found["links"], found=found)
    return _data(asked, found, JSON, found["links"])


@_at("/api")
def api(request: Request) -> Response:
    """The OpenAPI document."""
    asked = _asked(request)
    asked.parameters()
    page = asked.page_wanted(OPENAPI)
    found = openapi(asked)
    links = asked.twins(page, OPENAPI)
    if page:
        return pages.page(asked, "api.html", asked.word(pages.WORDS["api"]), links, found=found)
    return _data(asked, found, OPENAPI, links)


@_at("/collections")
def collections(request: Request) -> Response:
    """All collections."""
    asked = _asked(request)
    asked.parameters()
    page = asked.page_wanted(JSON)
    found = documents.collections(asked, page)
    if page:
        title = asked.word(pages.WORDS["collections"])
        told = asked.features.collections.values()
        return pages.page(asked, "collections.html", title, found["links"], collections=told, words=COLLECTIONS)
    return _data(asked, found, JSON, found["links"])


@_at("/collections/{collection}")
def collection(request: Request) -> Response:
    """One collection."""
    asked = _asked(request)
    asked.parameters()
    page = asked.page_wanted(JSON)
    of = asked.features.collection(request.path_params["collection"])
    found = documents.collection(asked, of, page)
    if page:
        return pages.page(asked, "collection.html", found["title"], found["links"], of=of, found=found)
    return _data(asked, found, JSON, found["links"])


@_at("/collections/{collection}/queryables")
def queryables(request: Request) -> Response:
    """Properties that can be filtered."""
    asked = _asked(request)
    asked.parameters()
    page = asked.page_wanted(SCHEMA)
    of = asked.features.collection(request.path_params["collection"])
    found = documents.queryables(asked, of)
    links = asked.twins(page, SCHEMA)
    if page:
        title = f"{found['title']}: {asked.word(pages.WORDS['queryables'])}"
        return pages.page(asked, "queryables.html", title, links, of=of, found=found)
    return _data(asked, found, SCHEMA, links)


@_at("/collections/{collection}/items")
def many(request: Request) -> Response:
    """A page of items."""
    asked = _asked(request)
    page = asked.page_wanted(GEOJSON)
    of = asked.features.collection(request.path_params["collection"])
    how = wanted(asked, of)
    same = asked.unchanged()
    if same is not None:
        return same
    if not page:
        return items.answer(asked, of, how)
    matched = asked.features.matched(of.name, how.condition)
    blocks = asked.features.query(of.name, how.condition, how.limit, how.offset)
    return pages.items(asked, of, how, matched, blocks, items.links(asked, of, how, matched, page=True))


@_at("/collections/{collection}/items/{feature:path}")
def one(request: Request) -> Response:
    """One feature."""
    asked = _asked(request)
    page = asked.page_wanted(GEOJSON)
    of = asked.features.collection(request.path_params["collection"])
    crs = crs_of(asked)
    block = asked.features.one(of.name, request.path_params["feature"], crs)
    found, links = items.one(asked, of, block, crs.address, page)
    if page:
        return pages.feature(asked, of, found, links)
    response = _data(asked, found, GEOJSON, links)
    response.headers["Content-Crs"] = f"<{crs.address}>"
    return response
