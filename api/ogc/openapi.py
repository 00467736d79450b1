"""OpenAPI 3.0 of the API, with literal paths for each collection, as QGIS and GDAL read it."""

from __future__ import annotations

from typing import Any

from sanchoi.api import caching
from sanchoi.api.features import Collection
from sanchoi.api.features.words import COLLECTIONS, of_column
from sanchoi.api.ogc.asked import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Asked
from sanchoi.api.ogc.documents import TYPES
from sanchoi.api.ogc.parameters import LANGUAGES

Document = dict[str, Any]
PROBLEM = "application/problem+json"
FORMS: Document = {"type": "string", "enum": ["json", "html"]}


def openapi(asked: Asked) -> Document:
    """The document."""
    found = asked.features.collections.values()
    paths: Document = {
        "/": _get(asked, "getLandingPage", ("Trang đầu", "Landing page"), JSON, "landingPage"),
        "/conformance": _get(asked, "getConformance", ("Các chuẩn", "Conformance"), JSON, "confClasses"),
        "/api": _get(asked, "getApi", ("Tài liệu này", "This document"), OPENAPI, "anything"),
        "/collections": _get(asked, "getCollections", ("Các lớp", "Collections"), JSON, "collections"),
    }
    for each in found:
        paths |= _paths(asked, each)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": asked.entry.name,
            "version": caching.version(),
            "description": asked.word(
                ("Dữ liệu sân chơi theo OGC API – Features", "Play areas as OGC API – Features"),
            ),
        },
        "servers": [{"url": asked.root}],
        "tags": [{"name": each.name, "description": asked.word(COLLECTIONS[each.name][1])} for each in found],
        "paths": paths,
        "components": {"parameters": _parameters(asked), "schemas": SCHEMAS, "responses": _responses(asked)},
    }


def _paths(asked: Asked, of: Collection) -> Document:
    name, title = of.name, COLLECTIONS[of.name][0]
    path = f"/collections/{name}"
    shared = ["limit", "offset", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang", "filter-crs"]
    own = [
        {
            "name": column,
            "in": "query",
            "required": False,
            "description": " · ".join(of_column(column)),
            "schema": {"type": TYPES[kind]},
            "style": "form",
            "explode": False,
        }
        for column, kind in of.columns.items()
    ]
    items = _get(asked, f"get{name}Items", title, GEOJSON, "featureCollectionGeoJSON", shared, name)
    items["get"]["parameters"] += own
    one = _get(asked, f"get{name}Item", title, GEOJSON, "featureGeoJSON", ["featureId", "crs"], name)
    one["get"]["responses"]["404"] = {"$ref": "#/components/responses/NotFound"}
    queryables = _get(asked, f"get{name}Queryables", title, SCHEMA, "anything", (), name)
    described = _get(asked, f"get{name}", title, JSON, "collection", (), name)
    return {
        path: described,
        f"{path}/queryables": queryables,
        f"{path}/items": items,
        f"{path}/items/{{featureId}}": one,
    }


def _get(
    asked: Asked,
    operation: str,
    title: tuple[str, str],
    media: str,
    schema: str,
    parameters: list[str] | tuple[()] = (),
    tag: str = "",
) -> Document:
    content = {
        media: {"schema": {"$ref": f"#/components/schemas/{schema}"}},
        HTML: {"schema": {"type": "string"}},
    }
    answer: Document = {"description": asked.word(title), "content": content}
    if media == GEOJSON:
        answer["headers"] = {"Content-Crs": {"schema": {"type": "string"}, "description": "CRS"}}
    found: Document = {
        "operationId": operation,
        "summary": asked.word(title),
        "parameters": [{"$ref": f"#/components/parameters/{each}"} for each in (*parameters, "f", "lang")],
        "responses": {
            "200": answer,
            "304": {"$ref": "#/components/responses/NotModified"},
            "400": {"$ref": "#/components/responses/BadRequest"},
            "406": {"$ref": "#/components/responses/NotAcceptable"},
            "503": {"$ref": "#/components/responses/Unavailable"},
        },
    }
    if tag:
        found["tags"] = [tag]
    return {"get": found}


def _parameters(asked: Asked) -> Document:
    limits = asked.settings.limits
    crs = {
        "type": "string",
        "format": "uri",
        "enum": list(asked.features.crs),
        "default": next(iter(asked.features.crs)),
    }
    word = asked.word

    def query(name: str, vi: str, en: str, schema: Document) -> Document:
        return {
            "name": name,
            "in": "query",
            "required": False,
            "description": word((vi, en)),
            "schema": schema,
            "style": "form",
            "explode": False,
        }

    whole = {"type": "integer", "minimum": 1, "maximum": limits.page, "default": limits.page_default}
    box = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number", "format": "double"}}
    return {
        "f": query("f", "Dạng trả lời", "Form of the answer", FORMS),
        "lang": query("lang", "Ngôn ngữ", "Language", {"type": "string", "enum": ["vi", "en"]}),
        "limit": query("limit", "Số đối tượng nhiều nhất", "Features at most", whole),
        "offset": query(
            "offset", "Bỏ qua bao nhiêu", "Features to pass over", {"type": "integer", "minimum": 0, "default": 0}
        ),
        "bbox": query("bbox", "Khung tọa độ", "Features that meet a box", box),
        "bbox-crs": query("bbox-crs", "Hệ tọa độ của khung", "CRS of the box", crs),
        "datetime": query("datetime", "Thời điểm; không lớp nào có", "Time; no collection has any", {"type": "string"}),
        "crs": query("crs", "Hệ tọa độ trả về", "CRS of the answer", crs),
        "filter": query("filter", "Bộ lọc CQL2", "CQL2 filter", {"type": "string", "maxLength": limits.filter_chars}),
        "filter-lang": query(
            "filter-lang",
            "Bộ lọc viết bằng",
            "Language of the filter",
            {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
        ),
        "filter-crs": query("filter-crs", "Hệ tọa độ trong bộ lọc", "CRS of shapes in the filter", crs),
        "featureId": {
            "name": "featureId",
            "in": "path",
            "required": True,
            "description": word(("Mã đối tượng", "Id of the feature")),
            "schema": {"type": "string"},
        },
    }


def _responses(asked: Asked) -> Document:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}}}
    words = {
        "BadRequest": ("Tham số không đúng hoặc không có", "A parameter is wrong or unknown"),
        "NotFound": ("Không có", "It is not there"),
        "NotAcceptable": ("Không có dạng đó", "There is no such form"),
        "Unavailable": ("Xin thử lại sau", "Try again later"),
    }
    found: Document = {name: {"description": asked.word(pair), "content": content} for name, pair in words.items()}
    return found | {"NotModified": {"description": asked.word(("Không đổi", "Not changed"))}}


def _object(required: list[str], **properties: Document) -> Document:
    return {"type": "object", "required": required, "properties": properties}


TEXT: Document = {"type": "string"}
COUNT: Document = {"type": "integer", "minimum": 0}
LINKS: Document = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
GEOMETRY: Document = {"type": "object", "nullable": True, "properties": {"type": TEXT}}
SCHEMAS: Document = {
    "anything": {"type": "object"},
    "link": _object(["href", "rel"], href=TEXT, rel=TEXT, type=TEXT, title=TEXT),
    "landingPage": _object(["links"], title=TEXT, description=TEXT, links=LINKS),
    "confClasses": _object(["conformsTo"], conformsTo={"type": "array", "items": TEXT}),
    "collections": _object(
        ["links", "collections"],
        links=LINKS,
        crs={"type": "array", "items": TEXT},
        collections={"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
    ),
    "collection": _object(
        ["id", "links"],
        id=TEXT,
        title=TEXT,
        description=TEXT,
        itemType=TEXT,
        storageCrs=TEXT,
        extent={"type": "object"},
        crs={"type": "array", "items": TEXT},
        links=LINKS,
    ),
    "featureCollectionGeoJSON": _object(
        ["type", "features"],
        type={"type": "string", "enum": ["FeatureCollection"]},
        features={"type": "array", "items": {"$ref": "#/components/schemas/featureGeoJSON"}},
        links=LINKS,
        timeStamp={"type": "string", "format": "date-time"},
        numberMatched=COUNT,
        numberReturned=COUNT,
    ),
    "featureGeoJSON": _object(
        ["type", "geometry", "properties"],
        type={"type": "string", "enum": ["Feature"]},
        id=TEXT,
        geometry=GEOMETRY,
        properties={"type": "object", "nullable": True},
        links=LINKS,
    ),
    "problem": _object(
        ["title", "status"], type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT, instance=TEXT
    ),
}
