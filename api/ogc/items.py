"""Items: features as GeoJSON, written block by block, so that a large page is never in memory as a whole."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import shapely
from sanchoi.api.features import Collection
from sanchoi.api.features.index import BLOCK, Block
from sanchoi.api.ogc.asked import GEOJSON, JSON, Asked, Link, link
from sanchoi.api.ogc.documents import queryables_link
from sanchoi.api.ogc.parameters import Wanted
from starlette.responses import Response, StreamingResponse

ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def links(asked: Asked, of: Collection, how: Wanted, matched: int, page: bool) -> list[Link]:
    """Links of a page of items."""
    found = asked.twins(page, GEOJSON)
    form = "html" if page else "json"
    media = found[1 if page else 0]["type"]
    if how.offset + how.limit < matched:
        after = asked.again(f=form, limit=how.limit, offset=how.offset + how.limit)
        found.append(link("next", after, media, asked.word(("Trang sau", "Next page"))))
    if how.offset:
        before = asked.again(f=form, limit=how.limit, offset=max(0, how.offset - how.limit) or None)
        found.append(link("prev", before, media, asked.word(("Trang trước", "Previous page"))))
    found.append(link("collection", asked.address(f"/collections/{of.name}"), JSON, of.name))
    found.append(queryables_link(asked, of))
    return found


def answer(asked: Asked, of: Collection, how: Wanted) -> Response:
    """A page of items as GeoJSON."""
    matched = asked.features.matched(of.name, how.condition)
    told = links(asked, of, how, matched, page=False)
    count = max(0, min(how.limit, matched - how.offset))
    head = ENCODER.encode(
        {
            "type": "FeatureCollection",
            "links": told,
            "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "numberMatched": matched,
            "numberReturned": count,
        }
    )
    blocks = asked.features.query(of.name, how.condition, how.limit, how.offset, how.crs)
    first = next(blocks, None)  # here, so that what goes wrong is still answered as a problem
    parts = _text(head, itertools.chain([] if first is None else [first], blocks), list(of.columns))
    headers = asked.headers(told) | {"Content-Crs": f"<{how.crs.address}>"}
    if count <= BLOCK:
        return Response(b"".join(parts), media_type=GEOJSON, headers=headers)
    return StreamingResponse(parts, media_type=GEOJSON, headers=headers)


def one(asked: Asked, of: Collection, block: Block, crs: str, page: bool) -> tuple[dict[str, Any], list[Link]]:
    """One feature as GeoJSON, and its links."""
    told = [
        *asked.twins(page, GEOJSON),
        link("collection", asked.address(f"/collections/{of.name}"), JSON, of.name),
    ]
    geometry = shapely.to_geojson(block.shapes[0])
    return {
        "type": "Feature",
        "id": block.ids[0],
        "geometry": None if geometry is None else json.loads(geometry),
        "properties": dict(zip(of.columns, block.values[0], strict=True)),
        "links": told,
    }, told


def path_of(of: Collection, feature: str) -> str:
    """Path of one feature below the API."""
    return f"/collections/{of.name}/items/{quote(feature, safe='')}"


def _text(head: str, blocks: Iterator[Block], names: list[str]) -> Iterator[bytes]:
    yield head[:-1].encode() + b',"features":['
    mark = ""
    for block in blocks:
        parts = []
        for feature, values, shape in zip(block.ids, block.values, shapely.to_geojson(block.shapes), strict=True):
            told = ENCODER.encode(dict(zip(names, values, strict=True)))
            parts.append(
                f'{mark}\n{{"type":"Feature","id":{ENCODER.encode(feature)},"geometry":{shape or "null"},'
                f'"properties":{told}}}'
            )
            mark = ","
        yield "".join(parts).encode()
    yield b"\n]}\n"
