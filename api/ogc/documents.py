"""Documents of the API besides the items: landing page, conformance, collections, queryables."""

from __future__ import annotations

from typing import Any

from sanchoi.api.features import Collection
from sanchoi.api.features.build import GEOMETRY
from sanchoi.api.features.crs import CRS84
from sanchoi.api.features.words import COLLECTIONS, of_column
from sanchoi.api.features.words import GEOMETRY as GEOMETRY_WORDS
from sanchoi.api.ogc.asked import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Asked, Link, link

Document = dict[str, Any]
RELS = "http://www.opengis.net/def/rel/ogc/1.0/"
SPEC = "http://www.opengis.net/spec/"
CONFORMS = [
    *(f"{SPEC}ogcapi-features-1/1.0/conf/{each}" for each in ("core", "oas30", "html", "geojson")),
    f"{SPEC}ogcapi-features-2/1.0/conf/crs",
    *(
        f"{SPEC}ogcapi-features-3/1.0/conf/{each}"
        for each in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"{SPEC}cql2/1.0/conf/{each}"
        for each in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "property-property",
        )
    ),
]
TYPES = {"text": "string", "number": "number", "integer": "integer", "boolean": "boolean"}
SHAPES = {"point": "geometry-point", "polygon": "geometry-polygon-or-multipolygon", "any": "geometry-any"}
TILED = ("parcels", "cells")
QUERYABLES = ("Thuộc tính có thể lọc", "Properties that can be filtered")


def landing(asked: Asked, page: bool) -> Document:
    """The landing page."""
    words = {
        "service-desc": ("Mô tả API (OpenAPI)", "The API, described (OpenAPI)"),
        "service-doc": ("Mô tả API (trang)", "The API, described (page)"),
        "conformance": ("Các chuẩn mà API tuân theo", "Standards that the API keeps"),
        "data": ("Các lớp dữ liệu", "Collections"),
    }
    return {
        "title": asked.entry.name,
        "description": asked.word(
            (
                "Các lớp dữ liệu của một nghiên cứu sân chơi. Ô trống là chưa biết.",
                "Layers of one study of play areas. Null is unknown.",
            )
        ),
        "links": [
            *asked.twins(page, JSON),
            link("service-desc", asked.address("/api", f="json"), OPENAPI, asked.word(words["service-desc"])),
            link("service-doc", asked.address("/api", f="html"), HTML, asked.word(words["service-doc"])),
            link("conformance", asked.address("/conformance"), JSON, asked.word(words["conformance"])),
            link(f"{RELS}conformance", asked.address("/conformance"), JSON, asked.word(words["conformance"])),
            link("data", asked.address("/collections"), JSON, asked.word(words["data"])),
            link(f"{RELS}data", asked.address("/collections"), JSON, asked.word(words["data"])),
        ],
    }


def conformance(asked: Asked, page: bool) -> Document:
    """What the API keeps."""
    return {"conformsTo": CONFORMS, "links": asked.twins(page, JSON)}


def collections(asked: Asked, page: bool) -> Document:
    """All collections."""
    return {
        "links": asked.twins(page, JSON),
        "crs": list(asked.features.crs),
        "collections": [_collection(asked, each) for each in asked.features.collections.values()],
    }


def collection(asked: Asked, of: Collection, page: bool) -> Document:
    """One collection."""
    found = _collection(asked, of)
    found["links"] = asked.twins(page, JSON) + found["links"][2:]
    return found


def _collection(asked: Asked, of: Collection) -> Document:
    title, description = COLLECTIONS[of.name]
    path = f"/collections/{of.name}"
    links = [
        link("self", asked.address(path, f="json"), JSON, "JSON"),
        link("alternate", asked.address(path, f="html"), HTML, "HTML"),
        link("items", asked.address(f"{path}/items", f="json"), GEOJSON, "GeoJSON"),
        link("items", asked.address(f"{path}/items", f="html"), HTML, "HTML"),
        queryables_link(asked, of),
    ]
    if of.name in TILED:
        tiles = f"{asked.host}/r/{asked.entry.id}/tiles/{of.name}.pmtiles"
        links.append(link("enclosure", tiles, "application/vnd.pmtiles", "PMTiles"))
    return {
        "id": of.name,
        "title": asked.word(title),
        "description": asked.word(description),
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [list(of.box)], "crs": CRS84}},
        "crs": list(asked.features.crs),
        "storageCrs": CRS84,
        "links": links,
    }


def queryables_link(asked: Asked, of: Collection) -> Link:
    """Link to the properties that can be filtered."""
    address = asked.address(f"/collections/{of.name}/queryables", f="json")
    return link(f"{RELS}queryables", address, SCHEMA, asked.word(QUERYABLES))


def queryables(asked: Asked, of: Collection) -> Document:
    """Properties that can be filtered, as a JSON Schema."""
    told: Document = {
        GEOMETRY: {
            "title": asked.word(GEOMETRY_WORDS),
            "format": SHAPES[of.shape],
            "x-ogc-role": "primary-geometry",
        }
    }
    for name, kind in of.columns.items():
        vi, en = of_column(name)
        told[name] = {"title": asked.word((vi, en)), "description": f"{vi} · {en}", "type": TYPES[kind]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": asked.again() if asked.request.url.query else asked.address(f"/collections/{of.name}/queryables"),
        "type": "object",
        "title": asked.word(COLLECTIONS[of.name][0]),
        "description": asked.word(COLLECTIONS[of.name][1]),
        "properties": told,
        "additionalProperties": False,
    }
