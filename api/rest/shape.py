"""Shape of the answers: records of tables, lists in pages, and what the API document says of both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from sanchoi.api import caching, links
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.links import Link
from sanchoi.api.rest.query import Page
from sanchoi.gis.declare import pa
from sanchoi.gis.tables import DECLARATIONS
from starlette.requests import Request
from starlette.responses import Response

Record = dict[str, Any]
Schema = dict[str, Any]


def respond(found: Record, tag: str = "") -> Response:
    """A JSON answer; with an ETag where it depends on a result alone."""
    body = json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(body, media_type="application/json", headers=caching.headers(tag) if tag else {})


def respond_of(entry: Entry, request: Request, found: Record) -> Response:
    """An answer that is made of one result, with links to pages in the asker's language.

    Its ETag names its bytes too: links begin with the address that the asker used, and the same version may say more tomorrow.
    """
    answer = respond(found)
    language = language_of(request, request.app.state.settings.language)
    digest = hashlib.sha256(bytes(answer.body)).hexdigest()[:12]
    answer.headers.update(caching.headers(caching.etag(entry, language, digest)))
    answer.headers["Vary"] = "Accept-Language"
    return answer


def listing(request: Request, rows: Iterable[Record], matched: int, page: Page, more: Iterable[Link] = ()) -> Record:
    """A page of a list, with links to itself, the next and the one before."""
    items = list(rows)
    found = [links.link(request, _at(request, page, page.offset), "self"), *more]
    if page.offset + len(items) < matched and items:
        found.append(links.link(request, _at(request, page, page.offset + page.limit), "next"))
    if page.offset > 0:
        found.append(links.link(request, _at(request, page, max(0, page.offset - page.limit)), "prev"))
    return {"numberMatched": matched, "numberReturned": len(items), "links": found, "items": items}


def cut(table: pd.DataFrame, page: Page) -> pd.DataFrame:
    """The rows of a page."""
    return table.iloc[page.offset : page.offset + page.limit]


def _at(request: Request, page: Page, offset: int) -> str:
    asked = dict(request.query_params)
    asked |= {"limit": str(page.limit), "offset": str(offset)}
    return f"{request.url.path}?{urlencode(asked)}"


def row(table: str, more: Mapping[str, Schema] | None = None) -> Schema:
    """What the document says of a record: the columns of a declared table, then `more`, then its links."""
    columns = DECLARATIONS[table].schema.columns
    found: dict[str, Schema] = {name: _column(column) for name, column in columns.items()}
    found |= more or {}
    found["links"] = {"$ref": "#/components/schemas/Links"}
    return {"type": "object", "properties": found, "required": [*columns, "links"]}


def _column(column: pa.Column) -> Schema:
    kind = str(column.dtype)
    name = {"float64": "number", "int64": "integer", "Int64": "integer", "bool": "boolean", "boolean": "boolean"}
    among = next(
        (check.statistics["allowed_values"] for check in column.checks if "allowed_values" in check.statistics), ()
    )
    own = name.get(kind, "string")
    if among:
        return {"type": own, "enum": [*among, *([None] if column.nullable else [])]}
    return {"type": [own, "null"] if column.nullable else own}


def listed(item: Schema) -> Schema:
    """What the document says of a list of records."""
    whole = {"type": "integer", "minimum": 0}
    return {
        "type": "object",
        "required": ["numberMatched", "numberReturned", "links", "items"],
        "properties": {
            "numberMatched": {**whole, "description": "records in all pages"},
            "numberReturned": {**whole, "description": "records in this page"},
            "links": {"$ref": "#/components/schemas/Links"},
            "items": {"type": "array", "items": item},
        },
    }


def told(schema: Schema, example: object, text: str = "Found.") -> dict[int | str, Schema]:
    """What the document says of an answer, with an example."""
    return {200: {"description": text, "content": {"application/json": {"schema": schema, "example": example}}}}
