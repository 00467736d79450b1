"""Texts in a drawing: letters beyond ASCII as codes that every reader knows, and how large a text is that fits its shape."""

from __future__ import annotations

import math
import re
from typing import Any

import shapely

PLACEHOLDER = "?"
MOST, WRAP = 250, 100
WIDE = 0.75
"""Width of a letter, in heights of the text."""
HEIGHTS: dict[str, tuple[float, float, float]] = {
    "communes": (0.05, 10.0, 250.0),
    "gaps": (0.03, 6.0, 150.0),
    "play_areas": (0.1, 1.0, 5.0),
    "parcels": (0.2, 0.4, 2.5),
    "sites": (0.25, 2.0, 10.0),
}
"""Kind → share of the shape's side, least and greatest height of its texts in metres."""


def one_line(text: str) -> str:
    """A text without control characters, on one line; what lies beyond the first 65,536 letters becomes "?"."""
    flat = "".join(" " if each.isspace() or not each.isprintable() else each for each in text)
    return re.sub(" +", " ", "".join(each if ord(each) < 0x10000 else PLACEHOLDER for each in flat)).strip()


def coded(text: str) -> str:
    """A line as an MTEXT of a DXF holds it: Vietnamese letters by their codes, which GDAL reads too; codes of the text are none."""
    return "".join(f"\\U+{ord(each):04X}" if ord(each) > 126 or each in "\\{}^%;" else each for each in text)


def block(lines: list[str]) -> str:
    """Lines as one MTEXT of at most `MOST` characters, beyond which a drawing cuts it in two; a longer line ends in "..."."""
    room = MOST // max(len(lines), 1) - 2
    return "\\P".join(_within(each, room) for each in lines)


def wrapped(text: str, wide: int = WRAP) -> list[str]:
    """A text on lines of at most so many letters, each of which fits an MTEXT; a word that fits none is cut."""
    out: list[str] = []
    for word in one_line(text).split(" "):
        longer = f"{out[-1]} {word}" if out else word
        if out and len(longer) <= wide and len(coded(longer)) <= MOST - 2:
            out[-1] = longer
        else:
            out.append(word)
    return [each for each in out if each]


def _within(line: str, room: int) -> str:
    whole = coded(line)
    if len(whole) <= room:
        return whole
    kept = line
    while len(coded(kept)) > room - 3:
        kept = kept[:-1]
    return coded(kept) + "..."


def height(kind: str, area: float, lines: list[str]) -> float:
    """Height of texts in a shape of so many m²."""
    share, least, most = HEIGHTS[kind]
    side = math.sqrt(max(area, 0.0))
    fitting = 0.8 * side / (WIDE * max(map(len, lines)))
    return round(min(max(min(share * side, fitting), least), most), 2)


def places(kind: str, shapes: Any) -> Any:  # noqa: ANN401 - arrays of shapely
    """Points inside shapes at which their texts stand: the middle of the largest circle for communes, else any."""
    if kind in ("communes", "gaps"):
        return [_middle(each) for each in shapes]
    return list(shapely.point_on_surface(shapes))


def _middle(shape: Any) -> Any:  # noqa: ANN401 - a shapely geometry
    parts = shapely.get_parts(shape)
    largest = parts[shapely.area(parts).argmax()] if len(parts) else shape
    if largest is None or largest.is_empty or largest.area <= 0:
        return shapely.point_on_surface(shape)
    return shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=math.sqrt(largest.area) / 50), 0)
