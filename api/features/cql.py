"""CQL2: a filter, as text or JSON, made into a condition. Names are checked against the columns, values are bound parameters."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any, NoReturn

import shapely
from sanchoi.api.features import cql_text
from sanchoi.api.features.build import GEOMETRY
from sanchoi.api.features.condition import Condition, Value, join, meeting
from sanchoi.api.features.crs import Crs
from sanchoi.api.features.functions import accenti, casei
from sanchoi.api.features.layers import Collection
from sanchoi.api.problems import Problem

SYMBOLS = {"=": "=", "<>": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
FUNCTIONS: dict[str, Callable[[str], str | None]] = {"casei": casei, "accenti": accenti}
GEOMETRIES = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection")
BIGGEST = 2**63 - 1
DAY = re.compile(r"\d{4}-[01]\d-[0-3]\d", re.ASCII)
Operand = tuple[Condition, str]
"""SQL of a value, and its type: text, number or boolean."""


def compiled(text: str, language: str, collection: Collection, crs: Crs, most: int) -> Condition:
    """The condition that a filter is.

    Parameters
    ----------
    language : cql2-text or cql2-json. crs : of the shapes in the filter. most : characters it may have.

    Raises
    ------
    Problem : it is no CQL2, names what the collection has not, or compares what cannot be compared.
    """
    if len(text) > most:
        _refuse(f"{len(text)} ký tự", f"{len(text)} characters", f"nhiều nhất {most}", f"at most {most}")
    try:
        text.encode()
        tree = cql_text.parse(text) if language == "cql2-text" else _json(text)
        return _Compiler(collection, crs).truth(tree, 0)
    except UnicodeEncodeError:
        _refuse(ascii(text[:20]), ascii(text[:20]), "chữ Unicode", "Unicode text")
    except (ValueError, RecursionError) as error:
        told = str(error)[:60] or "…"
        _refuse(
            f"không đọc được từ «{told}»", f"not read from “{told}” on", f"bộ lọc {language}", f"a {language} filter"
        )


def _json(text: str) -> Any:  # noqa: ANN401 - a tree
    def infinite(name: str) -> NoReturn:
        raise ValueError(name)

    return json.loads(text, parse_constant=infinite)


def _refuse(came_vi: str, came_en: str, expected_vi: str, expected_en: str) -> NoReturn:
    pairs = {"came": (came_vi, came_en), "expected": (expected_vi, expected_en)}
    raise Problem("bad_parameter", {"name": "filter"}, pairs)


class _Compiler:
    def __init__(self, collection: Collection, crs: Crs) -> None:
        self.collection, self.crs = collection, crs

    def truth(self, tree: Any, depth: int) -> Condition:  # noqa: ANN401 - a tree
        """A part that is true or false."""
        if depth > 2 * cql_text.MAX_DEPTH:
            _refuse(
                "quá nhiều lớp ngoặc", "too many levels", f"nhiều nhất {cql_text.MAX_DEPTH}", f"{cql_text.MAX_DEPTH}"
            )
        if isinstance(tree, bool):
            return Condition("(1 = 1)" if tree else "(1 = 0)")
        if isinstance(tree, dict) and "property" in tree:
            value, kind = self.value(tree, depth)
            return value if kind == "boolean" else _mismatch("boolean", kind)
        op, args = _parts(tree)
        if op in ("and", "or") and len(args) > 1:
            return join(op.upper(), [self.truth(each, depth + 1) for each in args])
        if op == "not" and len(args) == 1:
            part = self.truth(args[0], depth + 1)
            return Condition(f"(NOT {part.sql})", part.values)
        if op in SYMBOLS and len(args) == 2:
            return self.compared(op, args, depth)
        if op == "isNull" and len(args) == 1:
            name = args[0].get("property") if isinstance(args[0], dict) else None
            if name == GEOMETRY:
                return Condition(f'("{GEOMETRY}" IS NULL)')
            value, _ = self.value(args[0], depth)
            return Condition(f"({value.sql} IS NULL)", value.values)
        if op == "like" and len(args) == 2:
            return self.like(args, depth)
        if op == "between" and len(args) == 3:
            parts = [self.of_kind("number", each, depth) for each in args]
            sql = f"({parts[0].sql} BETWEEN {parts[1].sql} AND {parts[2].sql})"
            return Condition(sql, tuple(value for part in parts for value in part.values))
        if op == "in" and len(args) == 2 and isinstance(args[1], list) and args[1]:
            value, kind = self.value(args[0], depth)
            among = [self.of_kind(kind, each, depth) for each in args[1]]
            sql = f"({value.sql} IN ({', '.join(each.sql for each in among)}))"
            return Condition(sql, (*value.values, *(one for each in among for one in each.values)))
        if op == "s_intersects" and len(args) == 2:
            return self.spatial(args)
        return _unknown(op)

    def compared(self, op: str, args: list[Any], depth: int) -> Condition:
        (left, kind), (right, other) = (self.value(each, depth) for each in args)
        if {kind, other} == {"boolean", "number"} and any(each in (0, 1) for each in args if type(each) is int):
            kind = other = "boolean"  # GDAL says 1 for true
        if kind != other:
            return _mismatch(kind, other)
        if kind == "boolean" and op not in ("=", "<>"):
            return _unknown(op)
        return Condition(f"({left.sql} {SYMBOLS[op]} {right.sql})", left.values + right.values)

    def like(self, args: list[Any], depth: int) -> Condition:
        """LIKE minds case, as SQLite's GLOB does and its LIKE does not."""
        left = self.of_kind("text", args[0], depth)
        return Condition(f"({left.sql} GLOB ?)", (*left.values, _glob(self.constant(args[1], depth))))

    def constant(self, tree: Any, depth: int) -> str:  # noqa: ANN401 - a tree
        """A pattern: a text, or a function of one."""
        if isinstance(tree, str) and "\0" not in tree:
            return tree
        if isinstance(tree, dict) and tree.get("op") in FUNCTIONS and depth < cql_text.MAX_DEPTH:
            _, args = _parts(tree)
            if len(args) == 1:
                return FUNCTIONS[tree["op"]](self.constant(args[0], depth + 1)) or ""
        raise ValueError("LIKE")

    def of_kind(self, kind: str, tree: Any, depth: int) -> Condition:  # noqa: ANN401 - a tree
        value, found = self.value(tree, depth)
        return value if found == kind else _mismatch(kind, found)

    def value(self, tree: Any, depth: int) -> Operand:  # noqa: ANN401 - a tree
        """A property, a literal, or a function of a text."""
        if depth > 2 * cql_text.MAX_DEPTH:
            raise ValueError("…")
        if isinstance(tree, bool):
            return Condition("?", (int(tree),)), "boolean"
        if isinstance(tree, str):
            tree.encode()
            return Condition("?", (tree,)), "text"
        if isinstance(tree, int | float):
            return Condition("?", (number(tree),)), "number"
        if isinstance(tree, dict) and isinstance(tree.get("property"), str):
            return self.column(tree["property"])
        if isinstance(tree, dict) and tree.get("op") in FUNCTIONS:
            op, args = _parts(tree)
            if len(args) == 1:
                part = self.of_kind("text", args[0], depth + 1)
                return Condition(f"{op}({part.sql})", part.values), "text"
        if isinstance(tree, dict) and isinstance(tree.get("op"), str):
            return _unknown(tree["op"])
        if isinstance(tree, dict) and isinstance(tree.get("date"), str) and DAY.fullmatch(tree["date"]):
            return Condition("?", (tree["date"],)), "text"  # days are kept as texts, whose order is theirs
        kinds = {"date": "date", "timestamp": "timestamp", "interval": "interval", "bbox": "bbox", "type": "geometry"}
        told = next((kind for key, kind in kinds.items() if isinstance(tree, dict) and key in tree), "null")
        return _mismatch("text, number, boolean", told)

    def column(self, name: str) -> Operand:
        """A column that the collection has."""
        kind = self.collection.columns.get(name)
        if kind is None:
            known = ", ".join(self.collection.columns)
            _refuse(f"tên {name[:60]!r}", f"the name {name[:60]!r}", f"một trong: {known}", f"one of: {known}")
        return Condition(f'"{name}"'), "number" if kind == "integer" else kind

    def spatial(self, args: list[Any]) -> Condition:
        place = [each for each in args if isinstance(each, dict) and "property" in each]
        if len(place) != 1 or place[0]["property"] != GEOMETRY:
            _refuse("S_INTERSECTS", "S_INTERSECTS", f"S_INTERSECTS({GEOMETRY}, …)", f"S_INTERSECTS({GEOMETRY}, …)")
        shape = args[0] if args[1] is place[0] else args[1]
        if isinstance(shape, dict) and isinstance(shape.get("bbox"), list):
            return meeting(self.collection.name, self.crs.area([float(number(each)) for each in shape["bbox"]]))
        if not isinstance(shape, dict) or shape.get("type") not in GEOMETRIES:
            raise ValueError("S_INTERSECTS")
        try:
            found = shapely.from_geojson(json.dumps(shape))
        except shapely.errors.ShapelyError as error:
            raise ValueError(f"S_INTERSECTS({shape['type']})") from error
        if found is None or found.is_empty or not all(map(math.isfinite, shapely.get_coordinates(found).ravel())):
            raise ValueError(f"S_INTERSECTS({shape['type']})")
        if not shapely.is_valid(found):
            _refuse("hình tự cắt", "a shape that crosses itself", "hình hợp lệ", "a valid shape")
        return meeting(self.collection.name, self.crs.into(shapely.force_2d(found)))


def number(value: object) -> Value:
    """A number as it can be bound.

    Raises
    ------
    ValueError : it is none, or not finite.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(str(value)[:20])
    if isinstance(value, int) and abs(value) <= BIGGEST:
        return value
    try:
        wide = float(value)
    except OverflowError as error:
        raise ValueError("…") from error
    if not math.isfinite(wide):
        raise ValueError(str(wide))
    return wide


def _glob(pattern: str) -> str:
    r"""A LIKE pattern (% any, _ one, \\ takes the next as it is) as a GLOB pattern."""
    out, each = [], iter(pattern)
    for sign in each:
        plain = sign == "\\"
        if plain:
            sign = next(each, "\\")
        elif sign in "%_":
            out.append("*" if sign == "%" else "?")
            continue
        out.append(f"[{sign}]" if sign in "*?[" else sign)
    return "".join(out)


def _parts(tree: Any) -> tuple[str, list[Any]]:  # noqa: ANN401 - a tree
    if not isinstance(tree, dict) or not isinstance(tree.get("op"), str) or not isinstance(tree.get("args"), list):
        raise ValueError(json.dumps(tree, ensure_ascii=False)[:40])
    return tree["op"], tree["args"]


def _mismatch(left: str, right: str) -> NoReturn:
    _refuse(f"so {left} với {right}", f"{left} against {right}", "hai vế cùng kiểu", "both sides of one type")


def _unknown(op: str) -> NoReturn:
    known = ", ".join(["and", "or", "not", *SYMBOLS, "isNull", "like", "between", "in", "s_intersects", *FUNCTIONS])
    _refuse(f"phép {op[:40]!r}", f"the operator {op[:40]!r}", f"một trong: {known}", f"one of: {known}")
