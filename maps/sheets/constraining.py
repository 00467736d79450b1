"""Constraining: layers that constrain land on a site plan; each has a mark or dash of its own, and a name where there is room."""

from __future__ import annotations

import numpy as np
import shapely
from sanchoi.maps.sheets import base
from sanchoi.maps.sheets.canvas import WHITE, Canvas
from sanchoi.maps.sheets.figures import kind
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.labels import Label
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.sheet import Key
from sanchoi.maps.sheets.window import Window
from sanchoi.maps.sheets.words import say

Style = tuple[str, float, str, tuple[float, ...]]
"""Colour, width of the line, mark of areas, dash of lines."""
LAYERS: dict[str, Style] = {
    "water": ("#7fb2d1", 0.4, "stripes", ()),
    "flood": ("#9ec9e2", 0.3, "sparse", (1.0, 1.0)),
    "roads": ("#8f867a", 0.7, "hatch", ()),
    "power": ("#b3260b", 0.45, "hatch", (3.0, 0.8)),
    "dikes": ("#7a5c2e", 0.6, "hatch", (0.8, 0.8)),
    "cemeteries": ("#6b4c7a", 0.4, "cross", ()),
    "industry": ("#8a5a2b", 0.4, "hatch", ()),
    "petrol": ("#b3260b", 0.6, "dots", ()),
    "landfill": ("#5c4a1f", 0.5, "dots", (2.0, 0.6, 0.5, 0.6)),
    "military": ("#4a5c3a", 0.5, "cross", (2.5, 0.7)),
    "bridges": ("#444444", 0.8, "plain", (0.4, 0.4)),
}
OTHER: Style = ("#7a6a55", 0.3, "hatch", (1.5, 0.5, 0.5, 0.5))
GREY = "#4a4a4a"
NAMELESS = ("buildings", "roads")
"""Layers that are everywhere, and need no name."""
NAMED = 3
"""Pieces of a layer that are named, the largest ones."""


def draw(canvas: Canvas, window: Window, ground: Ground, options: Options) -> tuple[list[Key], list[Label]]:
    """Layers that constrain, as far as the run left them."""
    keys: list[Key] = []
    wanted: list[Label] = []
    room = window.ground.buffer(window.metres(2))
    for name, shapes in ground.constraining(window.ground).items():
        if name == "play_areas" or not len(shapes):
            continue
        seen = [part for part in shapely.intersection(shapely.make_valid(shapes), room) if not part.is_empty]
        if not seen:
            continue
        told = kind(name, "cl_", options.language)
        keys.append(_drawn(canvas, window, name, seen, options, say("k_layer", options.language, name=told)))
        if name in NAMELESS:
            continue
        inside = [part for each in seen if not (part := each.intersection(window.ground)).is_empty]
        inside.sort(key=lambda part: (-part.area, -part.length))
        wanted += [
            base.label(canvas, window, told, part, 5.5 * options.sheet.letters, False, part.area)
            for part in inside[:NAMED]
        ]
    return keys, wanted


def _drawn(canvas: Canvas, window: Window, name: str, seen: list[shapely.Geometry], options: Options, told: str) -> Key:
    colour, width, mark, dash = LAYERS.get(name, OTHER)
    colour = GREY if options.style == "print-grey" else colour
    areas = [part for part in seen if part.area > 0]
    if name == "buildings":
        fill = options.theme.building
        if areas:
            canvas.area(np.array(areas, dtype=object), window.paper, fill)
        return Key(told, base.swatch((fill, "plain", colour)))
    for part in areas:
        canvas.hatch(part, window.paper, colour, mark, 5.0)
    for part in (each for each in seen if shapely.get_dimensions(each) == 0):
        for point in shapely.get_parts(part):
            x, y = window.paper(shapely.get_coordinates(point))[0]
            canvas.dot(float(x), float(y), 1.0, colour, WHITE)
    lines = [part for part in seen if shapely.get_dimensions(part)]
    canvas.outline(np.array(lines, dtype=object), window.paper, colour, width, dash)
    if not lines:
        return Key(told, base.dot(colour))
    return Key(
        told, base.swatch(("#ffffff", mark, colour), colour, dash) if areas else base.stroke(colour, width, dash)
    )
