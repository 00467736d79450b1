"""Base: what lies under the theme of a map (ways, barriers, borders, names); each says what it drew, for the legend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
from sanchoi.maps import style
from sanchoi.maps.sheets import labels
from sanchoi.maps.sheets.canvas import GREY, POINT_MM, WHITE, Canvas
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.labels import Label
from sanchoi.maps.sheets.paper import Box
from sanchoi.maps.sheets.sheet import Key
from sanchoi.maps.sheets.theme import Ink, Theme, mixed
from sanchoi.maps.sheets.window import Window, sheet_name
from sanchoi.maps.sheets.words import say

OTHER = (2.0, 0.8, 0.4, 0.8)
OWN = (4.0, 1.0, 0.6, 1.0)
FINE = 0.03
"""What is finer than this on paper, mm, is not drawn."""
NAMED = 60_000
"""Play areas are named at this scale and larger ones."""
NAME = 120
"""Letters of a name on the map at most."""
Sample = Callable[[Canvas, Box], None]


def swatch(ink: Ink, edge: str = style.OUTLINE, dash: Sequence[float] = ()) -> Sample:
    """Sample of an area."""
    fill, mark, colour = ink

    def paint(canvas: Canvas, box: Box) -> None:
        square = shapely.box(box.left, box.top, box.right, box.bottom)
        canvas.area(square, lambda xy: xy, fill)
        canvas.hatch(square, lambda xy: xy, colour, mark)
        canvas.outline(square, lambda xy: xy, edge, 0.15, dash)

    return paint


def stroke(colour: str, width: float, dash: Sequence[float] = ()) -> Sample:
    """Sample of a line."""
    return lambda canvas, box: canvas.line(
        box.left, box.top + box.height / 2, box.right, box.top + box.height / 2, colour, width, dash
    )


def dot(colour: str) -> Sample:
    """Sample of a mark."""
    return lambda canvas, box: canvas.dot(box.left + box.width / 2, box.top + box.height / 2, 0.9, colour, WHITE)


def painted(canvas: Canvas, window: Window, shape: shapely.Geometry, ink: Ink, step: float = 2.2) -> bool:
    """Fill an area with an ink, as far as the window shows it; says whether it shows any."""
    fill, mark, colour = ink
    coarse = shapely.make_valid(shapely.simplify(shape, window.metres(FINE)))
    seen = coarse.intersection(window.ground)
    parts = [part for part in shapely.get_parts(seen) if part.area > 0]
    if not parts:
        return False
    whole = shapely.union_all(parts) if len(parts) > 1 else parts[0]
    canvas.area(whole, window.paper, fill)
    canvas.hatch(whole, window.paper, colour, mark, step)
    return True


def ways(canvas: Canvas, window: Window, ground: Ground, theme: Theme, language: str, width: float = 0.18) -> list[Key]:
    """Ways on foot."""
    found = ground.ways(window.ground)
    if not len(found):
        return []
    canvas.outline(shapely.multilinestrings(found), window.paper, theme.way, width)
    return [Key(say("way", language), stroke(theme.way, 0.3))]


def barriers(canvas: Canvas, window: Window, ground: Ground, theme: Theme, language: str) -> list[Key]:
    """Rivers and roads that cut ways."""
    near = ground.near("barriers", window.ground)
    for shape in near.geometry:
        seen = shape.intersection(window.ground.buffer(window.metres(2)))
        canvas.outline(seen, window.paper, theme.water, 0.5)
    return [Key(say("barrier", language), stroke(theme.water, 0.5))] if len(near) else []


def borders(canvas: Canvas, window: Window, ground: Ground, own: Sequence[str], language: str) -> list[Key]:
    """Borders of the communes, those of the sheet stronger."""
    near = ground.near("communes", window.ground)
    mine = near["commune_id"].isin(own).to_numpy() if len(near) else np.zeros(0, dtype=bool)
    room = window.ground.buffer(window.metres(5))
    lines = [shapely.simplify(shape.boundary, window.metres(FINE)).intersection(room) for shape in near.geometry]
    for line in lines:
        canvas.outline(line, window.paper, style.OUTLINE, 0.18, OTHER)
    for line in (line for line, is_mine in zip(lines, mine, strict=True) if is_mine):
        canvas.outline(line, window.paper, style.OUTLINE, 0.55, OWN)
    found = [Key(say("border", language), stroke(style.OUTLINE, 0.18, OTHER))] if not mine.all() else []
    return found + ([Key(say("border_own", language), stroke(style.OUTLINE, 0.55, OWN))] if mine.any() else [])


def play_areas(
    canvas: Canvas, window: Window, ground: Ground, theme: Theme, language: str
) -> tuple[list[Box], list[Key]]:
    """Play areas: their outline where it is large enough to be seen, and a mark; the room that marks take, and the legend."""
    near = ground.near("play_areas", window.ground)
    taken, kinds = [], set()
    for shape, counts in zip(near.geometry, near["counts"] if len(near) else (), strict=True):
        kinds.add(bool(counts))
        fill = theme.play if counts else theme.play_other
        if shape.area > 0:
            seen = shape.intersection(window.ground)
            canvas.area(seen, window.paper, fill if counts else mixed(fill, 0.3))
            canvas.outline(seen, window.paper, fill, 0.12)
        x, y = _middle(window, shape)
        canvas.dot(x, y, 0.9 if counts else 0.7, fill, WHITE)
        taken.append(Box(x - 1, y - 1, 2, 2))
    keys = [Key(say("play_area", language), dot(theme.play))] if True in kinds else []
    return taken, keys + ([Key(say("play_other", language), dot(theme.play_other))] if False in kinds else [])


def names(
    canvas: Canvas, window: Window, ground: Ground, taken: Sequence[Box], own: Sequence[str] = (), size: float = 9.0
) -> None:
    """Names of the communes and of the play areas that count in the map."""
    wanted = []
    communes = ground.near("communes", window.ground)
    for commune_id, name, shape in zip(communes["commune_id"], texts(communes, "name"), communes.geometry, strict=True):
        seen = shape.intersection(window.ground)
        if name and not seen.is_empty:
            mine = commune_id in own
            wanted.append(label(canvas, window, name, seen, size if mine else size * 0.85, mine, float(seen.area)))
    places = ground.near("play_areas", window.ground)
    for name, shape, counts in zip(
        texts(places, "name"), places.geometry, places["counts"] if len(places) else (), strict=True
    ):
        if name and counts and window.scale <= NAMED:
            wanted.append(label(canvas, window, name, shape, 6.0, False, 0.0, around=True))
    put(canvas, window, wanted, taken)


def put(canvas: Canvas, window: Window, wanted: Sequence[Label], taken: Sequence[Box]) -> list[Box]:
    """Write labels where there is room; returns where they stand."""
    placed = labels.place(wanted, window.box.inner(1), taken)
    for each, box in placed:
        canvas.box(Box(box.left - 0.3, box.top - 0.1, box.width + 0.6, box.height + 0.2), WHITE, None)
        canvas.text(box.left, box.bottom - 0.25 * each.height, each.text, each.height / POINT_MM, bold=each.bold)
    return [box for _, box in placed]


def texts(table: Any, column: str) -> list[str]:  # noqa: ANN401 - a table
    """A column as texts, "" = none."""
    if not len(table) or column not in table:
        return [""] * len(table)
    return [str(value) if isinstance(value, str) else "" for value in table[column]]


def label(
    canvas: Canvas,
    window: Window,
    text: str,
    shape: shapely.Geometry,
    size: float,
    bold: bool,
    weight: float,
    *,
    around: bool = False,
) -> Label:
    """A label for a shape."""
    x, y = _middle(window, shape)
    text = canvas.fitted(text[:NAME], size, window.box.width / 3, bold)
    return Label(text, x, y, canvas.width(text, size, bold), size * POINT_MM, weight, around, bold=bold)


def _middle(window: Window, shape: shapely.Geometry) -> tuple[float, float]:
    middle = shape.representative_point()
    x, y = window.paper(np.array([[middle.x, middle.y]]))[0]
    return float(x), float(y)


def locate(
    canvas: Canvas,
    box: Box,
    ground: Ground,
    own: Sequence[str],
    window: Window,
    theme: Theme,
    among: Sequence[Window] = (),
) -> None:
    """The study small, or the ground of the sheets where there are several: communes filled, windows named, this one framed."""
    layer = ground.layer("communes")
    west, south, east, north = layer.total_bounds
    if len(among) > 1:
        west, south, east, north = shapely.union_all([each.ground for each in among]).bounds
    scale = 1000 * max((east - west) / (box.width - 4), (north - south) / (box.height - 4))
    wide, high = box.width * scale / 1000, box.height * scale / 1000
    small = Window(box, (west + east - wide) / 2, (south + north + high) / 2, scale)
    shapes = shapely.simplify(layer.geometry.to_numpy(), scale * 0.0002)
    mine = layer["commune_id"].isin(own).to_numpy()
    canvas.area(shapely.union_all(shapely.make_valid(shapes)), small.paper, theme.ground)
    for shape in shapes[mine]:
        canvas.area(shape, small.paper, theme.own)
    for shape in shapes:
        canvas.outline(shape, small.paper, GREY, 0.1)
    if len(among) > 1:
        for each in among:
            canvas.outline(each.ground, small.paper, GREY, 0.15)
            size = min(6.5, small.mm(each.metres(each.box.height)) / POINT_MM * 0.6)
            x, y = _middle(small, each.ground)
            canvas.text(x, y + size * POINT_MM * 0.35, sheet_name(each), size, bold=each is window, align="centre")
    canvas.outline(window.ground, small.paper, theme.frame, 0.5)
    x, y = _middle(small, window.ground)
    if small.mm(window.metres(window.box.width)) < 2:  # too small to be seen: a ring around it
        canvas.outline(shapely.Point(x, y).buffer(2), lambda xy: xy, theme.frame, 0.4)
