"""Base: what lies under the theme of a map (ways, barriers, borders, names); each says what it drew, for the legend."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from sanchoi.maps import style
from sanchoi.maps.sheets import labels
from sanchoi.maps.sheets.canvas import GREY, POINT_MM, WHITE, Canvas
from sanchoi.maps.sheets.frame import CROSS_MM, crosses
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
SLIVER = 0.25
"""Gaps between neighbours that are closed for their outer border, mm on each side."""
CODE, LEAST_CODE = 6.5, 5.0
"""Points of a land-use code; as small as that in a narrow parcel."""
ROOMY = 0.7
"""Radius of the largest circle in a parcel that is labelled, mm at least."""
CROWD = 150
"""More other places than this in a map are drawn small."""
WALKED = 30_000
"""Ways on foot are drawn at this scale and larger ones."""
CLOSE = 10_000
"""On a sheet of several communes, ways and names of play areas are drawn at this scale and larger ones."""
MOST = 0.95
"""Share of the communes that must be named before their names become smaller."""
SIZES = (1.0, 0.85, 0.72, 0.6)
"""Names of communes become smaller, so far, before some are left out."""
SMALLEST = 5.0
"""Points below which the name of a play area cannot be read on paper."""
SPREAD = 5
"""So many places are tried across a commune, and as many down, where its middle is taken."""
NAMED = 60_000
"""Play areas are named at this scale and larger ones."""
PLAYED, OTHERS = 0.5, 0.3
"""Opacity of the ground of a play area that counts, and of another place."""
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


def painted(
    canvas: Canvas, window: Window, shape: shapely.Geometry, ink: Ink, step: float = 2.2, *, fine: bool = True
) -> bool:
    """Fill an area with an ink, as far as the window shows it; says whether it shows any. `fine`: it is not simplified yet."""
    fill, mark, colour = ink
    coarse = shapely.make_valid(shapely.simplify(shape, window.metres(FINE))) if fine else shape
    seen = coarse.intersection(window.ground)
    parts = [part for part in shapely.get_parts(seen) if part.area > 0]
    if not parts:
        return False
    whole = shapely.union_all(parts) if len(parts) > 1 else parts[0]
    canvas.area(whole, window.paper, fill)
    canvas.hatch(whole, window.paper, colour, mark, step)
    return True


def ways(
    canvas: Canvas,
    window: Window,
    ground: Ground,
    theme: Theme,
    language: str,
    width: float = 0.18,
    several: bool = False,
) -> list[Key]:
    """Ways on foot, where they can be seen; `several`: the sheet is of several communes."""
    found = ground.ways(window.ground) if window.scale <= (CLOSE if several else WALKED) else ()
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
    near = ground.near("communes", window.ground, window.metres(FINE))
    mine = near["commune_id"].isin(own).to_numpy() if len(near) else np.zeros(0, dtype=bool)
    room = window.ground.buffer(window.metres(5))
    lines = [shape.boundary.intersection(room) for shape in near.geometry]
    several = len(own) > 1
    thin, dash = (0.3, ()) if several else (0.18, OTHER)
    for line in lines:
        canvas.outline(line, window.paper, style.OUTLINE, thin, dash)
    strong = [line for line, is_mine in zip(lines, mine, strict=True) if is_mine]
    if several and strong:
        strong = [_around(window, near.geometry[mine]).intersection(room)]
    for line in strong:
        canvas.outline(line, window.paper, style.OUTLINE, 0.55, OWN)
    drawn = any(not line.is_empty for line in strong)
    found = [Key(say("border", language), stroke(style.OUTLINE, thin, dash))] if several or not mine.all() else []
    key = "border_all" if several else "border_own"
    return found + ([Key(say(key, language), stroke(style.OUTLINE, 0.55, OWN))] if drawn else [])


def _around(window: Window, shapes: Sequence[shapely.Geometry]) -> shapely.Geometry:
    """The outer border of neighbours, whose outlines may leave slivers between them."""
    room = window.metres(SLIVER)
    whole = shapely.union_all(shapely.buffer(np.asarray(shapes, dtype=object), room, quad_segs=1, join_style="mitre"))
    whole = shapely.buffer(whole, -room, quad_segs=1, join_style="mitre")
    least = window.metres(1) * window.metres(1)
    outer = [
        shapely.Polygon(part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area > 9 * least])
        for part in shapely.get_parts(whole)
        if part.area > least
    ]
    return shapely.multipolygons(outer).boundary if outer else shapely.MultiLineString()


def play_areas(
    canvas: Canvas, window: Window, ground: Ground, theme: Theme, language: str
) -> tuple[list[Box], list[Key]]:
    """Play areas: their outline where it is large enough to be seen, and a mark; the room that marks take, and the legend."""
    near = ground.near("play_areas", window.ground)
    counted = near["counts"].to_numpy(dtype=bool) if len(near) else np.zeros(0, dtype=bool)
    crowded = int((~counted).sum()) > CROWD
    taken: list[Box] = []
    drawn: dict[bool, set[str]] = {True: set(), False: set()}
    for k in np.argsort(counted, kind="stable").tolist():  # those that count lie on top
        shape, counts = near.geometry.iloc[k], bool(counted[k])
        fill = theme.play if counts else theme.play_other
        if shape.area > 0:
            seen = shape.intersection(window.ground)
            canvas.area(seen, window.paper, mixed(fill, PLAYED if counts else OTHERS))
            canvas.outline(seen, window.paper, fill, 0.3 if counts else 0.12)
            drawn[counts] |= {"ground"} if seen.area > 0 else set()
        x, y = _middle(window, shape)
        radius = 0.9 if counts else 0.35 if crowded else 0.7
        if not _within(window.box, x, y) or (crowded and not counts and window.scale > WALKED):
            continue
        drawn[counts].add("mark")
        canvas.dot(x, y, radius, fill, WHITE if counts or not crowded else None)
        if counts or not crowded:
            taken.append(Box(x - radius - 0.1, y - radius - 0.1, 2 * radius + 0.2, 2 * radius + 0.2))
    keys = [Key(say("play_area", language), _played(theme.play, PLAYED))] if drawn[True] else []
    if drawn[False]:
        sample = _played(theme.play_other, OTHERS) if "ground" in drawn[False] else dot(theme.play_other)
        keys.append(Key(say("play_other", language), sample))
    return taken, keys


def _within(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _played(colour: str, share: float) -> Sample:
    """Sample of a play area: its ground and its mark."""
    ground, mark = swatch((mixed(colour, share), "plain", colour), colour), dot(colour)

    def paint(canvas: Canvas, box: Box) -> None:
        ground(canvas, box)
        mark(canvas, box)

    return paint


def names(
    canvas: Canvas,
    window: Window,
    ground: Ground,
    taken: Sequence[Box],
    own: Sequence[str] = (),
    size: float = 9.0,
    numbers: Mapping[str, int] | None = None,
) -> None:
    """Names of the communes and of the play areas that count in the map.

    Parameters
    ----------
    size : points of a commune's name; smaller where not all find room. numbers : of communes in a list; they stand before the
        names, and alone where there is no room for a name.
    """
    communes = ground.near("communes", window.ground, window.metres(FINE))
    seen = {
        str(commune_id): (name, part)
        for commune_id, name, shape in zip(
            communes["commune_id"], texts(communes, "name"), communes.geometry, strict=True
        )
        if name and not (part := shape.intersection(window.ground)).is_empty
    }
    known = numbers or {}

    def labelled(share: float, of: Collection[str], short: bool = False) -> list[Label]:
        out = []
        for commune_id in of:
            name, part = seen[commune_id]
            mine = commune_id in own
            told = f"{known[commune_id]} {name}" if commune_id in known else name
            told = str(known[commune_id]) if short else told
            points = size * share * (1 if mine else 0.85)
            found = label(canvas, window, told, part, points, mine, float(part.area))
            out.append(replace(found, key=commune_id, more=_spread(window, part)))
        return out

    inside = window.box.inner(1)
    taken = [*taken, *_crosses(window)]
    tried = []
    for share in SIZES:
        placed = labels.place(labelled(share, seen), inside, taken)
        tried.append((share, placed))
        if len(placed) >= MOST * len(seen):
            break
    else:  # slivers at the edge find room at no size: for them the others do not become smaller
        most = max(len(found) for _, found in tried)
        share, placed = next(each for each in tried if len(each[1]) >= MOST * most)
    boxes = [box for _, box in placed]
    left = [each for each in seen if each in known and each not in {found.key for found, _ in placed}]
    placed += labels.place(labelled(SIZES[-1], left, short=True), inside, [*taken, *boxes])
    boxes = [box for _, box in placed]
    write(canvas, placed)
    places = ground.near("play_areas", window.ground)
    wanted = [
        label(canvas, window, name, shape, max(size * share * 2 / 3, SMALLEST), False, 0.0, around=True)
        for name, shape, counts in zip(
            texts(places, "name"), places.geometry, places["counts"] if len(places) else (), strict=True
        )
        if name and counts and window.scale <= (NAMED if numbers is None else CLOSE)
    ]
    put(canvas, window, wanted, [*taken, *(box.inner(-labels.ROOM) for box in boxes)])


def _crosses(window: Window) -> list[Box]:
    """Room of the crosses of the grid."""
    east, north = crosses(window)
    half = CROSS_MM / 2
    at = window.paper(np.array([(x, y) for x in east for y in north]).reshape(-1, 2))
    return [Box(x - half, y - half, CROSS_MM, CROSS_MM) for x, y in at.tolist()]


def _spread(window: Window, shape: shapely.Geometry) -> tuple[tuple[float, float], ...]:
    """Places all over a shape, those near its middle first."""
    west, south, east, north = shape.bounds
    share = (np.arange(SPREAD) + 0.5) / SPREAD
    at = np.stack(np.meshgrid(west + share * (east - west), south + share * (north - south)), axis=-1).reshape(-1, 2)
    at = at[shapely.contains_xy(shape, at)]
    if not len(at):
        return ()
    middle = shape.representative_point()
    order = np.argsort(np.hypot(at[:, 0] - middle.x, at[:, 1] - middle.y), kind="stable")
    return tuple((float(x), float(y)) for x, y in window.paper(at[order]))


def put(canvas: Canvas, window: Window, wanted: Sequence[Label], taken: Sequence[Box]) -> list[Box]:
    """Write labels where there is room; returns where they stand."""
    placed = labels.place(wanted, window.box.inner(1), taken)
    write(canvas, placed)
    return [box for _, box in placed]


def write(canvas: Canvas, placed: Sequence[tuple[Label, Box]]) -> None:
    """Write labels that have a place."""
    for each, box in placed:
        canvas.box(Box(box.left - 0.3, box.top - 0.1, box.width + 0.6, box.height + 0.2), WHITE, None)
        canvas.text(box.left, box.bottom - 0.25 * each.height, each.text, each.height / POINT_MM, bold=each.bold)


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
    fixed: bool = False,
) -> Label:
    """A label for a shape; `fixed`: in the middle of its widest part or nowhere."""
    x, y = _middle(window, shape)
    if fixed:
        (x, y), _ = _widest(window, shape)
    text = canvas.fitted(text[:NAME], size, window.box.width / 3, bold)
    return Label(text, x, y, canvas.width(text, size, bold), size * POINT_MM, weight, around, bold=bold, fixed=fixed)


def code_size(canvas: Canvas, window: Window, code: str, shape: shapely.Geometry) -> float:
    """Points of a code in a parcel: smaller in a narrow one, 0 = too narrow to be labelled."""
    _, radius = _widest(window, shape)
    if radius < ROOMY:
        return 0.0
    return CODE if canvas.width(code[:NAME], CODE) <= 2.2 * radius else LEAST_CODE


def _widest(window: Window, shape: shapely.Geometry) -> tuple[tuple[float, float], float]:
    """Middle of the largest circle in a shape, and its radius, on paper."""
    parts = [part for part in shapely.get_parts(shape) if part.area > 0]
    if not parts:
        return _middle(window, shape), 0.0
    largest = max(parts, key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=window.metres(0.3))
    xy = window.paper(shapely.get_coordinates(circle)[:1])[0]
    return (float(xy[0]), float(xy[1])), window.mm(float(circle.length))


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
    west, south = min(west, window.west), min(south, window.south)
    east, north = max(east, window.east), max(north, window.north)
    scale = 1000 * max((east - west) / (box.width - 4), (north - south) / (box.height - 4))
    wide, high = box.width * scale / 1000, box.height * scale / 1000
    small = Window(box, (west + east - wide) / 2, (south + north + high) / 2, scale)
    near = ground.near("communes", small.ground, scale * 0.0002)
    mine = near["commune_id"].isin(own).to_numpy() if len(near) else np.zeros(0, dtype=bool)
    for shape, is_mine in zip(near.geometry, mine, strict=True):
        canvas.area(shape, small.paper, theme.own if is_mine else theme.ground)
    for shape in near.geometry:
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
