"""Checks: whether a value keeps a JSON Schema, as far as the inputs of our processes need one."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

Words = tuple[str, str]
KINDS: dict[str, tuple[Callable[[Any], bool], Words]] = {
    "string": (lambda v: isinstance(v, str), ("chữ", "text")),
    "number": (lambda v: _number(v), ("số", "a number")),
    "integer": (lambda v: _number(v) and float(v).is_integer(), ("số nguyên", "a whole number")),
    "boolean": (lambda v: isinstance(v, bool), ("true hoặc false", "true or false")),
    "array": (lambda v: isinstance(v, list), ("một danh sách", "a list")),
}


def fault(value: Any, schema: Mapping[str, Any]) -> Words | None:  # noqa: ANN401 - any JSON value
    """What the schema expects where the value breaks it, Vietnamese and English; None = nothing is wrong."""
    holds, words = KINDS[schema["type"]]
    if not holds(value):
        return words
    if "enum" in schema and value not in schema["enum"]:
        known = ", ".join(str(each) for each in schema["enum"][:20])
        return (f"một trong: {known}", f"one of: {known}")
    if isinstance(value, str):
        return _text(value, schema)
    if isinstance(value, list):
        return _list(value, schema)
    if "minimum" in schema and value < schema["minimum"]:
        return (f"từ {schema['minimum']:g} trở lên", f"at least {schema['minimum']:g}")
    if "maximum" in schema and value > schema["maximum"]:
        return (f"nhiều nhất {schema['maximum']:g}", f"at most {schema['maximum']:g}")
    return None


def _number(value: object) -> bool:
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:
        return False


def _text(value: str, schema: Mapping[str, Any]) -> Words | None:
    low, high = schema.get("minLength", 0), schema.get("maxLength", 1000)
    if value and high == 0:
        return ("một trong số đang có, mà hiện chưa có gì", "one of those there are, and there is none yet")
    if not low <= len(value) <= high:
        return (f"{low} đến {high} ký tự", f"{low} to {high} characters")
    if any(unicodedata.category(each) in ("Cc", "Cs") for each in value):
        return ("chữ không có ký tự điều khiển", "text without control characters")
    if "pattern" in schema and re.search(schema["pattern"], value) is None:
        return (f"dạng {schema['pattern']}", f"the form {schema['pattern']}")
    return None


def _list(value: list[object], schema: Mapping[str, Any]) -> Words | None:
    low, high = schema.get("minItems", 0), schema["maxItems"]
    if not low <= len(value) <= high:
        return (f"{low} đến {high} mục", f"{low} to {high} items")
    wrong = next((words for each in value if (words := fault(each, schema["items"]))), None)
    if wrong is None and schema.get("uniqueItems") and len(set(map(str, value))) < len(value):
        return ("các mục khác nhau", "items that differ")
    return wrong
