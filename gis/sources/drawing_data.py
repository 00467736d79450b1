"""Attributes in a drawing: what each shape of an exported DXF is, as extended data of its own, and back to rows.

Each polyline, hatch or point names its layer, its row, the part of its shape and the ring in it; the first one of a row carries the
values: "name=" followed by a number, or "name=text", "name+=text" when a text needs several pieces. What is not there is unknown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

APPID = "SANCHOI"
PIECE = 250
"""Bytes of a piece of text; a drawing allows 255."""
MOST_BYTES = 15_000
"""Of all values of one shape; a drawing allows 16 kB."""
TEXT, REAL, WHOLE, SHORT = 1000, 1040, 1071, 1070
Tag = tuple[int, Any]


def escape(text: str) -> str:
    """Text on one line: control characters as ^J, ^ itself as "^ ", and no backslash that would begin a code."""
    out = []
    for at, letter in enumerate(text):
        code = ord(letter)
        if letter == "^":
            out.append("^ ")
        elif code < 32:
            out.append("^" + chr(code + 64))
        elif (
            127 <= code < 160 or code in (0x2028, 0x2029) or (letter == "\\" and text[at + 1 : at + 3] in ("U+", "M+"))
        ):
            out.append(f"\\U+{code:04X}")
        else:
            out.append(letter)
    return "".join(out)


def plain(text: str) -> str:
    """The text that was escaped; codes of four digits are letters."""
    return re.sub(r"\\U\+([0-9A-Fa-f]{4})|\^(.)", _letter, text, flags=re.DOTALL)


def _letter(hit: re.Match[str]) -> str:
    if hit[1]:
        return chr(int(hit[1], 16))
    return "^" if hit[2] == " " else chr((ord(hit[2]) - 64) % 128)


def tags(
    layer: str, row: int, part: int, ring: int, values: Mapping[str, Any] | None = None
) -> tuple[list[Tag], list[str]]:
    """Extended data of a shape, and the names of values that found no room."""
    made: list[Tag] = [(TEXT, f"layer={layer}"), (WHOLE, row), (WHOLE, part), (WHOLE, ring)]
    left: list[str] = []
    room = MOST_BYTES
    for name, value in (values or {}).items():
        own = list(_value(name, value))
        size = sum(len(str(each).encode()) + 8 for _, each in own)
        if size > room:
            left.append(name)
            continue
        room -= size
        made += own
    return made, left


def _value(name: str, value: Any) -> Iterator[Tag]:  # noqa: ANN401 - a cell of a table
    if isinstance(value, str):
        mark = "="
        for piece in _pieces(escape(value), PIECE - len(name.encode()) - 2):
            yield TEXT, f"{name}{mark}{piece}"
            mark = "+="
    elif pd.isna(value):
        return
    elif isinstance(value, bool) or type(value).__name__ == "bool":
        yield from ((TEXT, f"{name}="), (SHORT, int(value)))
    elif float(value).is_integer() and abs(value) < 2**31 and not isinstance(value, float):
        yield from ((TEXT, f"{name}="), (WHOLE, int(value)))
    elif math.isfinite(float(value)):
        yield from ((TEXT, f"{name}="), (REAL, float(value)))


def _pieces(text: str, most: int) -> Iterator[str]:
    """Text cut between letters, never within a code."""
    piece, size = "", 0
    for token in re.findall(r"\^.|\\U\+[0-9A-F]{4}|.", text, re.DOTALL) or [""]:
        width = len(token.encode())
        if size + width > most:
            yield piece
            piece, size = "", 0
        piece, size = piece + token, size + width
    yield piece


def values(found: list[Tag]) -> dict[str, Any]:
    """Values of extended data, those after the four that say where the shape belongs."""
    out: dict[str, Any] = {}
    texts: dict[str, str] = {}
    name = ""
    for code, value in found:
        if code == TEXT:
            name, mark, piece = re.match(r"([^=+]*)(\+?=)(.*)", str(value), re.DOTALL).groups()  # type: ignore[union-attr]
            texts[name] = texts.get(name, "") + piece if mark == "+=" else piece
            out[name] = None
        elif code in (REAL, WHOLE, SHORT) and name:
            texts.pop(name, None)
            out[name] = bool(value) if code == SHORT else value
    return {key: plain(texts[key]) if key in texts else value for key, value in out.items()}


def layers(path: Path) -> dict[str, gpd.GeoDataFrame] | None:
    """Layers of an exported drawing with their attributes; None = it has none. Texts and hatches without data are left out."""
    with path.open("rb") as file:
        if APPID.encode() not in file.read(2_000_000):
            return None
    from ezdxf.filemanagement import readfile
    from ezdxf.lldxf.const import DXFError

    try:
        drawing = readfile(path)
    except (DXFError, OSError, ValueError, UnicodeError):
        return None
    rings: dict[str, dict[int, dict[int, list[Any]]]] = {}
    told: dict[str, dict[int, dict[str, Any]]] = {}
    for entity in drawing.modelspace():
        if not entity.has_xdata(APPID):
            continue
        data = [(tag.code, tag.value) for tag in entity.get_xdata(APPID)]
        if len(data) < 4 or not str(data[0][1]).startswith("layer="):
            continue
        layer, row, part = str(data[0][1])[6:], int(data[1][1]), int(data[2][1])
        rings.setdefault(layer, {}).setdefault(row, {}).setdefault(part, []).extend(_outline(entity))
        told.setdefault(layer, {}).setdefault(row, {}).update(values(data[4:]))
    return {layer: _frame(rings[layer], told[layer]) for layer in rings} or None


def _outline(entity: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - an entity of ezdxf
    kind = entity.dxftype()
    if kind == "LWPOLYLINE":
        yield ("ring" if entity.closed else "line"), [(x, y) for x, y, *_ in entity.get_points("xy")]
    elif kind == "HATCH":
        for path in entity.paths:
            yield "ring", [(vertex[0], vertex[1]) for vertex in path.vertices]
    elif kind == "POINT":
        yield "point", (entity.dxf.location.x, entity.dxf.location.y)


def _frame(rings: dict[int, dict[int, list[Any]]], told: dict[int, dict[str, Any]]) -> gpd.GeoDataFrame:
    order = sorted(rings)
    shapes = [_shape([rings[row][part] for part in sorted(rings[row])]) for row in order]
    return gpd.GeoDataFrame(pd.DataFrame([told[row] for row in order]), geometry=shapes)


def _shape(parts: list[list[Any]]) -> Any:  # noqa: ANN401 - a shapely geometry
    made = []
    for part in parts:
        kind = part[0][0]
        if kind == "point":
            made += [shapely.Point(xy) for _, xy in part]
        elif kind == "line":
            made += [shapely.LineString(xy) for _, xy in part]
        else:
            made.append(shapely.Polygon(part[0][1], [xy for _, xy in part[1:]]))
    if len(made) == 1:
        return made[0]
    many = {"Point": shapely.MultiPoint, "LineString": shapely.MultiLineString, "Polygon": shapely.MultiPolygon}
    kinds = {each.geom_type for each in made}
    return many[kinds.pop()](made) if len(kinds) == 1 else shapely.GeometryCollection(made)
