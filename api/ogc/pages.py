"""Pages: what the API answers, for people. Each is whole in itself: no script, and one style that the policy names by its hash."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanchoi.api.features import Collection
from sanchoi.api.features.index import Block
from sanchoi.api.features.words import COLLECTIONS, of_column
from sanchoi.api.ogc.asked import HTML, Asked, Link
from sanchoi.api.ogc.items import path_of
from sanchoi.api.ogc.parameters import Wanted
from sanchoi.gis.sentences import exact, number
from starlette.responses import Response

TEMPLATES = Path(__file__).parent / "templates"
WORDS: dict[str, tuple[str, str]] = {
    "home": ("Dữ liệu mở", "Open data"),
    "collections": ("Các lớp dữ liệu", "Collections"),
    "conformance": ("Các chuẩn mà API tuân theo", "Standards that the API keeps"),
    "api": ("Mô tả API", "The API, described"),
    "items": ("Xem các đối tượng", "See the features"),
    "queryables": ("Thuộc tính có thể lọc", "Properties that can be filtered"),
    "name": ("Tên", "Name"),
    "type": ("Kiểu", "Type"),
    "meaning": ("Nghĩa", "Meaning"),
    "next": ("Trang sau", "Next page"),
    "prev": ("Trang trước", "Previous page"),
    "of": ("Đối tượng {first}–{last} trong {all}", "Features {first}–{last} of {all}"),
    "none": ("Không có đối tượng nào thỏa điều kiện.", "No feature fits."),
    "unknown": ("chưa biết", "unknown"),
    "yes": ("có", "yes"),
    "no": ("không", "no"),
    "geometry": ("Hình dạng", "Geometry"),
    "id": ("Mã", "Id"),
    "other": ("Tiếng Việt", "English"),
    "qgis": (
        "Để mở trong QGIS: Layer → Add Layer → Add WFS / OGC API – Features Layer, rồi dán địa chỉ này:",
        "To open in QGIS: Layer → Add Layer → Add WFS / OGC API – Features Layer, and paste this address:",
    ),
    "parameters": ("Tham số", "Parameters"),
    "path": ("Địa chỉ", "Address"),
    "count": ("Số đối tượng", "Features"),
    "data": ("Dạng dữ liệu", "As data"),
}


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return (TEMPLATES / "style.css").read_text(encoding="utf-8")


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


def page(asked: Asked, template: str, title: str, links: Iterable[Link], **values: Any) -> Response:  # noqa: ANN401
    """A page made of a template."""
    other = "vi" if asked.language == "en" else "en"
    told = list(links)
    text = (
        _environment()
        .get_template(template)
        .render(
            title=title,
            asked=asked,
            language=asked.language,
            other=(other, WORDS["other"][0 if other == "vi" else 1], asked.again(lang=other)),
            links=told,
            style=_style(),
            w={key: asked.word(pair) for key, pair in WORDS.items()},
            cell=lambda value: cell(value, asked),
            **values,
        )
    )
    headers = asked.headers(told) | {"Content-Security-Policy": _policy()}
    return Response(text, media_type=HTML, headers=headers)


def cell(value: Any, asked: Asked) -> str:  # noqa: ANN401 - what SQLite holds
    """A value as it is read."""
    if value is None:
        return asked.word(WORDS["unknown"])
    if isinstance(value, bool):
        return asked.word(WORDS["yes" if value else "no"])
    if isinstance(value, int):
        return number(value, asked.language)
    return exact(value, asked.language) if isinstance(value, float) else str(value)


def items(
    asked: Asked, of: Collection, how: Wanted, matched: int, blocks: Iterable[Block], links: list[Link]
) -> Response:
    """A page of items as a table."""
    rows = [
        (feature, asked.address(path_of(of, feature), f="html"), values)
        for block in blocks
        for feature, values in zip(block.ids, block.values, strict=True)
    ]
    language = asked.language
    shown = {"first": how.offset + 1, "last": how.offset + len(rows), "all": matched}
    told = asked.word(WORDS["of"]).format(**{key: number(value, language) for key, value in shown.items()})
    return page(
        asked,
        "items.html",
        asked.word(COLLECTIONS[of.name][0]),
        links,
        of=of,
        told=told if rows else asked.word(WORDS["none"]),
        columns=[(name, asked.word(of_column(name))) for name in of.columns],
        rows=rows,
    )


def feature(asked: Asked, of: Collection, found: dict[str, Any], links: list[Link]) -> Response:
    """One feature as a table of two columns."""
    shape = json.dumps(found["geometry"], ensure_ascii=False)
    rows = [(name, asked.word(of_column(name)), value) for name, value in found["properties"].items()]
    title = f"{asked.word(COLLECTIONS[of.name][0])}: {found['id']}"
    return page(asked, "feature.html", title, links, of=of, rows=rows, shape=shape)
