"""Parameters of a request for items, each read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sanchoi.api.features import Collection
from sanchoi.api.features.condition import Condition, equal, every, meeting
from sanchoi.api.features.cql import compiled, number
from sanchoi.api.features.crs import CRS84, Crs
from sanchoi.api.ogc.asked import Asked, bad

ITEMS = ("limit", "offset", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang", "filter-crs")
LANGUAGES = ("cql2-text", "cql2-json")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d))?")
WHOLE = re.compile(r"\d{1,15}")
NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?\s*")


@dataclass(frozen=True)
class Wanted:
    """Which items, and how."""

    condition: Condition
    limit: int
    offset: int
    crs: Crs


def wanted(asked: Asked, collection: Collection) -> Wanted:
    """What a request for items wants.

    Raises
    ------
    Problem : a parameter is unknown or cannot be understood.
    """
    found = asked.parameters((*ITEMS, *collection.columns))
    limits = asked.settings.limits
    _moments(found.get("datetime"))
    parts = [_same(collection, name, found[name]) for name in collection.columns if name in found]
    bbox_crs, filter_crs = _crs(asked, found, "bbox-crs"), _crs(asked, found, "filter-crs")
    if "bbox" in found:
        parts.append(_box(collection, found["bbox"], bbox_crs))
    language = found.get("filter-lang", LANGUAGES[0])
    if language not in LANGUAGES:
        raise bad("filter-lang", language, " hoặc ".join(LANGUAGES), " or ".join(LANGUAGES))
    if "filter" in found:
        parts.append(compiled(found["filter"], language, collection, filter_crs, limits.filter_chars))
    return Wanted(
        every(parts),
        min(_whole(found, "limit", limits.page_default, 1), limits.page),
        _whole(found, "offset", 0, 0),
        _crs(asked, found, "crs"),
    )


def crs_of(asked: Asked) -> Crs:
    """CRS that a request for one feature wants.

    Raises
    ------
    Problem : a parameter is unknown, or the CRS is.
    """
    return _crs(asked, asked.parameters(("crs",)), "crs")


def _crs(asked: Asked, found: Mapping[str, str], name: str) -> Crs:
    known = asked.features.crs
    address = found.get(name, CRS84).removeprefix("[").removesuffix("]")  # a safe CURIE of an address is that address
    if address not in known:
        raise bad(name, address, "một trong: " + ", ".join(known), "one of: " + ", ".join(known))
    return known[address]


def _whole(found: Mapping[str, str], name: str, usual: int, least: int) -> int:
    text = found.get(name)
    if text is None:
        return usual
    if not WHOLE.fullmatch(text) or not text.isascii() or int(text) < least:
        raise bad(name, text, f"số nguyên từ {least} trở lên", f"a whole number, {least} or more")
    return int(text)


def _box(collection: Collection, text: str, crs: Crs) -> Condition:
    parts = text.split(",")
    try:
        if not all(NUMBER.fullmatch(each) for each in parts):
            raise ValueError(text)
        return meeting(collection.name, crs.area([float(each) for each in parts]))
    except ValueError as error:
        raise bad(
            "bbox",
            text,
            "bốn hoặc sáu số, góc dưới trước, trong phạm vi của hệ tọa độ",
            "four or six numbers, the lower corner first, where the CRS reaches",
        ) from error


def _same(collection: Collection, name: str, text: str) -> Condition:
    """A property that is to be equal to a value."""
    kind = collection.columns[name]
    if kind == "text":
        return equal(name, text)
    if kind == "boolean":
        if text not in ("true", "false", "1", "0"):  # GDAL says 1 for true
            raise bad(name, text, "true hoặc false", "true or false")
        return equal(name, int(text in ("true", "1")))
    try:
        if not NUMBER.fullmatch(text) or not text.isascii():
            raise ValueError(text)
        exact = text.strip().lstrip("+-").isdecimal()
        return equal(name, number(int(text) if exact else float(text)))
    except ValueError as error:
        raise bad(name, text, "một số", "a number") from error


def _moments(text: str | None) -> None:
    """Check a time or an interval. No collection has a time, so that all of its features match."""
    if text is None:
        return
    told: list[datetime | None] = []
    for part in text.split("/"):
        if part in ("", "..") and "/" in text:
            told.append(None)
            continue
        try:
            if not MOMENT.fullmatch(part):
                raise ValueError(part)
            moment = datetime.fromisoformat(part.upper().replace("Z", "+00:00"))
            told.append(moment if moment.tzinfo else moment.replace(tzinfo=None).astimezone())
        except ValueError as error:
            raise _bad_moment(text) from error
    if len(told) > 2 or (len(told) == 2 and told[0] and told[1] and told[0] > told[1]) or told == [None, None]:
        raise _bad_moment(text)


def _bad_moment(text: str) -> Exception:
    example = "2026-01-31T00:00:00Z, …/.."
    return bad(
        "datetime", text, f"thời điểm hoặc khoảng thời gian, như {example}", f"a time or an interval, as {example}"
    )
