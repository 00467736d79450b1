"""Survey map: one page on which a commune's play areas are marked by hand, in lettered squares, with a table to write in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import segno
import shapely
from sanchoi.gis.sentences import exact, number
from sanchoi.gis.survey_form import KINDS, Form, Squares
from sanchoi.gis.survey_place import SQUARE_M, letters, square_of
from sanchoi.maps.cells import SOME
from sanchoi.maps.sheets import base, flow, labels, said, scales
from sanchoi.maps.sheets.canvas import DARK, GREY, PALE, POINT_MM, WHITE, Canvas
from sanchoi.maps.sheets.frame import grid_lines
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.labels import Label
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.paper import Box, Paper
from sanchoi.maps.sheets.sheet import Key, Texts, compass, fitting, legend
from sanchoi.maps.sheets.window import SERIES, Window, picture_scale, windows
from sanchoi.maps.survey_map_words import say

LEAST_MM = 16.0
"""Squares are at least so wide on paper."""
TITLE, LABELS = 15.0, 7.0
"""Height of the title; room for letters and numbers around the map."""
NOISE_M = 0.01
"""Borders are no finer than this: so much beyond a line of the squares makes no square of its own."""
LINE, QR = 7.4, 21.0
"""Height of a line to write on; side of the printed code."""
PEOPLED, OTHERS, GRID, MARK = "#fbf3d3", "#f1f1ee", "#8296aa", "#2f5d2a"
NUMBER = 7.5
"""Size of the numbers of play areas, points."""
MANY = 0.8
"""Share of the children who live in the cells that are shaded, the fullest first."""
ROOM = 0.6
"""The map is at most so much of the width."""


@dataclass(frozen=True)
class Layout:
    """Where things are on the page. `legal` : scale of the rule for the commune's area, None = no rule is known."""

    paper: Paper
    window: Window
    panel: Box
    squares: Squares
    legal: float | None


def layout(ground: Ground, commune_id: str, options: Options) -> Layout:
    """The page of a commune: all of it on one page, at a scale of the series where that fills it, else a round one."""
    paper = Paper(options.sheet.name, landscape=True)
    whole, row = paper.whole, ground.commune(commune_id)
    high = float(int(whole.height - TITLE - 2 * LABELS))
    wide = float(int(min(whole.width * ROOM, high * 1.05)))
    box = Box(whole.left + LABELS, whole.top + TITLE + LABELS, wide, high)
    outline = shapely.make_valid(row.geometry)
    window = windows(outline, box, options.scale or picture_scale(outline.bounds, box))[0]
    west, south, east, north = outline.bounds
    side = _side(window)
    left, top = np.floor((west + NOISE_M) / side) * side, np.ceil((north - NOISE_M) / side) * side
    across, down = np.ceil((east - NOISE_M - left) / side), np.ceil((top - south - NOISE_M) / side)
    panel = Box(box.right + LABELS + 4, whole.top + TITLE, whole.right - box.right - LABELS - 4, whole.height - TITLE)
    legal = None
    if options.scales:
        legal = float(str(scales.legal(options.scales, float(row["area_m2"]) / 1e4)["scale"]))
    return Layout(
        paper, window, panel, Squares(ground.crs, float(left), float(top), side, int(across), int(down)), legal
    )


def _side(window: Window) -> float:
    """Side of the squares, metres: the smallest of 1, 2, 2.5, 5 · 10ⁿ that is wide enough on paper."""
    least = window.metres(LEAST_MM)
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(k * power for k in (1, 2, 2.5, 5, 10) if k * power >= least * (1 - 1e-9)))


def draw(ground: Ground, form: Form, shapes: dict[str, Any], page: Layout, options: Options) -> bytes:
    """The page as PDF. `shapes` : of play areas on record, by id, in the study's CRS."""
    made = date.fromisoformat(str(ground.run["study"]["date"])[:10])
    title = f"{say('title', options.language)} – {form.commune}"
    with Canvas(title, options.language, datetime(made.year, made.month, made.day, tzinfo=UTC)) as canvas:
        canvas.page(page.paper)
        with canvas.inside(page.window.box):
            keys = _map(canvas, ground, form, shapes, page, options)
        _frame(canvas, page, options.language, ground.axes)
        _title(canvas, ground, form, page, options)
        _panel(canvas, ground, form, page, options, keys)
        return canvas.bytes()


def _map(
    canvas: Canvas, ground: Ground, form: Form, shapes: dict[str, Any], page: Layout, options: Options
) -> list[Key]:
    window, language, theme = page.window, options.language, options.theme
    own = ground.commune(form.commune_id).geometry
    canvas.area(window.ground.difference(shapely.make_valid(own)), window.paper, OTHERS)
    keys = _peopled(canvas, ground, form.commune_id, own, window, language)
    keys += base.ways(canvas, window, ground, theme, language, 0.4)
    keys += base.barriers(canvas, window, ground, theme, language)
    keys += base.borders(canvas, window, ground, [form.commune_id], language)
    _squares(canvas, page, own)
    taken = _numbers(canvas, form, shapes, window)
    keys.append(Key(say("square", language), _ticked))
    keys += [Key(say("listed", language), _listed)] if taken else []
    wanted = []
    near = ground.near("communes", window.ground)
    for commune_id, name, shape in zip(near["commune_id"], base.texts(near, "name"), near.geometry, strict=True):
        seen = shapely.make_valid(shape).intersection(window.ground)
        if name and commune_id != form.commune_id and seen.area > 0:
            wanted.append(base.label(canvas, window, name, seen, 7.5, False, float(seen.area)))
    base.put(canvas, window, wanted, taken)
    return keys


def _peopled(
    canvas: Canvas, ground: Ground, commune_id: str, own: shapely.Geometry, window: Window, language: str
) -> list[Key]:
    """The cells in which most children live, pale, so that one finds one's way where no ways are known."""
    if ground.cells is None:
        return []
    squares = ground.cells.squares([commune_id])
    children = np.where(squares.commune == commune_id, np.nan_to_num(squares.children), 0.0)
    order = np.sort(children)[::-1]
    total = float(order.sum())
    if total < SOME:
        return []
    least = order[min(int(np.searchsorted(np.cumsum(order), MANY * total)), len(order) - 1)]
    canvas.area(squares.union(children >= max(least, 1e-9)).intersection(own), window.paper, PEOPLED)
    return [Key(say("peopled", language), base.swatch((PEOPLED, "plain", PEOPLED)))]


def _squares(canvas: Canvas, page: Layout, own: shapely.Geometry) -> None:
    """Lines of the squares, ticks at their tenths, and in each that the commune touches its name."""
    squares, window = page.squares, page.window
    west, north, side = squares.west, squares.north, squares.side_m
    east, south = west + squares.columns * side, north - squares.rows * side
    x, y = west + np.arange(squares.columns + 1) * side, north - np.arange(squares.rows + 1) * side
    lines = [shapely.LineString([(each, south), (each, north)]) for each in x]
    lines += [shapely.LineString([(west, each), (east, each)]) for each in y]
    canvas.outline(shapely.multilinestrings(lines), window.paper, GRID, 0.15)
    half = window.metres(0.5)
    tenths = [k for k in range(squares.columns * 10) if k % 10]
    ticks = [((west + k * side / 10, at - half), (west + k * side / 10, at + half)) for at in y for k in tenths]
    tenths = [k for k in range(squares.rows * 10) if k % 10]
    ticks += [((at - half, north - k * side / 10), (at + half, north - k * side / 10)) for at in x for k in tenths]
    canvas.outline(shapely.multilinestrings(np.array(ticks)), window.paper, GRID, 0.1)
    shapely.prepare(own)
    for row in range(squares.rows):
        for column in range(squares.columns):
            left, top = west + column * side, north - row * side
            if own.intersects(shapely.box(left, top - side, left + side, top)):
                (px, py) = window.paper(np.array([[left, top]]))[0]
                canvas.text(px + 0.8, py + 2.6, f"{letters(column)}{row + 1}", 6, colour=GREY)


def _ticked(canvas: Canvas, box: Box) -> None:
    """Sample of the squares: a line with ticks."""
    middle = box.top + box.height / 2
    canvas.line(box.left, middle, box.right, middle, GRID, 0.2)
    for k in range(1, 6):
        x = box.left + k * box.width / 6
        canvas.line(x, middle - 0.5, x, middle + 0.5, GRID, 0.1)


def _listed(canvas: Canvas, box: Box) -> None:
    """Sample of a place on record: its dot and its number."""
    x, middle = box.left + box.width / 2, box.top + box.height / 2
    canvas.dot(x - 1.8, middle, 0.8, MARK, WHITE)
    canvas.box(Box(x - 0.4, middle - 1.5, 2.8, 3.0), WHITE, MARK, 0.2)
    canvas.text(x + 1.0, middle + 0.9, "1", NUMBER * 0.9, bold=True, align="centre")


def _numbers(canvas: Canvas, form: Form, shapes: dict[str, Any], window: Window) -> list[Box]:
    """Play areas on record: outline, dot, and their number beside it; returns the room they take."""
    dots, wanted = [], []
    for each in form.known:
        shape = shapes[each.play_area_id]
        if shape.area > 0:
            canvas.area(shape, window.paper, "#c9dcc4")
            canvas.outline(shape, window.paper, MARK, 0.2)
        middle = shape.representative_point()
        (x, y) = window.paper(np.array([[middle.x, middle.y]]))[0]
        canvas.dot(x, y, 0.8, MARK, WHITE)
        dots.append(Box(x - 0.9, y - 0.9, 1.8, 1.8))
        text = str(each.no)
        wide = canvas.width(text, NUMBER, True) + 1.2
        wanted.append(Label(text, x, y, wide, NUMBER * POINT_MM + 0.6, -each.no, around=True, offset=1.2, bold=True))
    placed = labels.place(wanted, window.box.inner(1), dots)
    for number_, box in placed:
        canvas.box(box, WHITE, MARK, 0.2)
        base_line = box.bottom - 0.3 - 0.14 * NUMBER * POINT_MM
        canvas.text(box.left + box.width / 2, base_line, number_.text, NUMBER, bold=True, align="centre")
    return [*dots, *(box for _, box in placed)]


def _frame(canvas: Canvas, page: Layout, language: str, axes: tuple[str, str]) -> None:
    """Letters and numbers of the squares around the map, and coordinates of their lines."""
    squares, window = page.squares, page.window
    box, side = window.box, squares.side_m
    canvas.box(box, edge=DARK, width=0.5)
    for column in range(squares.columns):
        x = float(window.paper(np.array([[squares.west + (column + 0.5) * side, 0]]))[0, 0])
        if box.left < x < box.right:
            for y in (box.top - 1.6, box.bottom + 6.6):
                canvas.text(x, y, letters(column), 10, bold=True, align="centre")
    for row in range(squares.rows):
        y = float(window.paper(np.array([[0, squares.north - (row + 0.5) * side]]))[0, 1])
        if box.top < y < box.bottom:
            canvas.text(box.left - 3.4, y + 1.3, str(row + 1), 10, bold=True, align="centre")
            canvas.text(box.right + 6.0, y + 1.3, str(row + 1), 10, bold=True, align="centre")
    step = 1 if window.mm(side) >= LEAST_MM else 2
    for each in grid_lines(window.west, window.east, side * step):
        x = float(window.paper(np.array([[each, 0]]))[0, 0])
        canvas.line(x, box.bottom, x, box.bottom + 1.2)
        canvas.text(x, box.bottom + 3.2, f"{axes[0]} {number(each, language)}", 4.8, colour=GREY, align="centre")
    for each in grid_lines(window.south, window.north, side * step):
        y = float(window.paper(np.array([[0, each]]))[0, 1])
        canvas.line(box.right, y, box.right + 1.2, y)
        canvas.text(
            box.right + 3.0, y, f"{axes[1]} {number(each, language)}", 4.8, colour=GREY, align="centre", turn=90.0
        )


def _title(canvas: Canvas, ground: Ground, form: Form, page: Layout, options: Options) -> None:
    language, whole = options.language, page.paper.whole
    study = ground.run["study"]
    place = said.names(ground, [form.commune_id], language)
    title = f"{say('title', language)} – {place}"
    scale = say("scale", language, n=number(page.window.scale, language))
    room = whole.width - canvas.width(scale, 13, True) - 6
    canvas.text(whole.left, whole.top + 6, title, fitting(canvas, title, 16, 9, room, True), bold=True, most=room)
    canvas.text(whole.right, whole.top + 6, scale, 13, bold=True, align="right")
    under = say(
        "under", language, study=study["name"], vintage=said.when(study["vintage"], language), form=form.form_id
    )
    told = " · ".join([under, *said.banners(ground.run, language)])
    canvas.text(whole.left, whole.top + 11, told, fitting(canvas, told, 8, 5, whole.width, False), colour=GREY)


def _panel(canvas: Canvas, ground: Ground, form: Form, page: Layout, options: Options, keys: Sequence[Key]) -> None:
    language, panel = options.language, page.panel
    y = canvas.paragraph(panel.left, panel.top, panel.width, say("how", language), 8.5)
    y = canvas.paragraph(panel.left, y + 1, panel.width, _scaled(page, form, language), 6.5, colour=GREY) + 2
    for key, share in (("surveyor", 0.66), ("day", 1.0)):
        left = panel.left if key == "surveyor" else panel.left + panel.width * 0.68
        told = say(key, language)
        canvas.text(left, y + 6, told, 8, bold=True)
        start = left + canvas.width(told, 8, True) + 1.5
        canvas.line(start, y + 6.3, panel.left + panel.width * share, y + 6.3, GREY, 0.2)
    y += 9.5
    canvas.box(Box(panel.left, y, 4.2, 4.2), WHITE, DARK, 0.3)
    canvas.text(panel.left + 6.5, y + 3.3, say("none", language), 9, bold=True, most=panel.width - 7)
    y += 7.5
    foot = _foot(canvas, ground, form, page, options, keys)
    _table(canvas, form, page, Box(panel.left, y, panel.width, foot - y - 2), language)


def _scaled(page: Layout, form: Form, language: str) -> str:
    scale, side = page.window.scale, page.squares.side_m
    told = say(
        "fits" if scale in SERIES else "fits_between",
        language,
        commune=form.commune,
        paper=page.paper.name,
        n=number(scale, language),
    )
    if page.legal is not None and page.legal < scale:
        told += " " + say("rule", language, n=number(page.legal, language))
    told += " " + say("squares", language, m=exact(side, language))
    if side / 10 * np.sqrt(0.5) > SQUARE_M:
        return f"{told} {say('telephone', language)}"
    return f"{told} {say('tenths', language)}" if side * np.sqrt(0.5) > SQUARE_M else told


def _table(canvas: Canvas, form: Form, page: Layout, box: Box, language: str) -> None:
    """Play areas on record, and lines to write on, as many as there is room for."""
    names = ("no", "check", "name", "square", "kind", "who", "area")
    shares = (7, 13, 40, 15, 27, 18, 13)
    widths = [box.width * each / sum(shares) for each in shares]
    lefts = [box.left + sum(widths[:k]) for k in range(len(widths))]
    head = 8.4
    canvas.box(Box(box.left, box.top, box.width, head), "#e9eef3", None)
    for name, left, wide in zip(names, lefts, widths, strict=True):
        for k, line in enumerate(canvas.lines(say(f"t_{name}", language), 6.5, wide - 1.2, True)[:3]):
            canvas.text(left + 0.8, box.top + 2.8 + k * 2.5, line, 6.5, bold=True)
    rows = int((box.height - head) // LINE)
    lines = list(form.known[: max(rows - 5, 0)])
    for k in range(rows):
        y = box.top + head + k * LINE
        known = lines[k] if k < len(lines) else None
        no = known.no if known is not None else len(form.known) + k - len(lines) + 1
        canvas.text(lefts[0] + widths[0] / 2, y + 4.8, str(no), 8, bold=known is not None, align="centre")
        if known is not None:
            kind = KINDS[known.kind][language == "en"] if known.kind in KINDS else known.kind
            area = "" if known.area_m2 is None else number(known.area_m2, language)
            canvas.text(lefts[1] + widths[1] / 2, y + 4.8, say("marks", language), 8, bold=True, align="centre")
            square = square_of(page.squares, known.lon, known.lat)
            for at, text in ((2, known.name), (3, square), (4, kind), (6, area)):
                told = canvas.lines(text, 6.5, widths[at] - 1.4)[:2]
                for n, line in enumerate(told):
                    canvas.text(lefts[at] + 0.8, y + (4.5 if len(told) == 1 else 3.0) + n * 2.7, line, 6.5)
        canvas.line(box.left, y + LINE, box.right, y + LINE, PALE, 0.15)
    bottom = box.top + head + rows * LINE
    for left in (*lefts, box.right):
        canvas.line(left, box.top, left, bottom, GREY, 0.15)
    canvas.line(box.left, box.top, box.right, box.top, DARK, 0.25)
    canvas.line(box.left, bottom, box.right, bottom, DARK, 0.25)
    if len(form.known) > len(lines):
        more = say("more", language, n=len(form.known) - len(lines))
        canvas.text(box.left, bottom + 3, more, 6.5, bold=True, most=box.width)


def _foot(canvas: Canvas, ground: Ground, form: Form, page: Layout, options: Options, keys: Sequence[Key]) -> float:
    """Code, scale bar, legend, sources at the foot of the panel; returns its upper edge."""
    language, panel, window = options.language, page.panel, page.window
    small = [f"{head}: {text}" for head, text in said.sources(ground.run, language)]
    small = [ground.crs_name, *small, said.foot(ground, options)]
    wide = panel.width - QR - 4
    lines = [line for each in small for line in canvas.lines(each, 5, wide)][:12]
    marks = legend(canvas, wide / 2 - 2, say("legend", language), keys, 0.85)
    cm = window.metres(10)
    bar = (
        say("bar", language, m=exact(cm, language))
        if cm < 1000
        else say("bar_km", language, km=exact(cm / 1000, language))
    )
    texts = Texts("", "", "", say("north", language), "", "", bar, language=language)
    rule = compass(window, texts, wide / 2 - 2)
    high = max(sum(each.height for each in marks), rule.height) + len(lines) * 2.1 + 2
    top = panel.bottom - max(high, QR + 6)
    placed, _ = flow.place(marks, [Box(panel.left + QR + 4, top, wide / 2 - 2, panel.bottom - top)])
    flow.paint(canvas, placed)
    rule.paint(canvas, panel.left + QR + 6 + wide / 2, top + 1)
    for k, line in enumerate(lines):
        canvas.text(panel.left + QR + 4, panel.bottom - (len(lines) - 1 - k) * 2.1, line, 5, colour=GREY)
    _code(canvas, form.code, Box(panel.left, panel.bottom - QR - 4, QR, QR))
    size = fitting(canvas, form.form_id, 7, 4, QR, True)
    canvas.text(panel.left + QR / 2, panel.bottom - 0.5, form.form_id, size, bold=True, align="centre")
    return top


def _code(canvas: Canvas, text: str, box: Box) -> None:
    """A QR code as squares."""
    modules = [list(row) for row in segno.make(text, micro=False, error="m").matrix]
    step = box.width / len(modules)
    dark = [
        shapely.box(box.left + k * step, box.top + n * step, box.left + (k + 1) * step, box.top + (n + 1) * step)
        for n, row in enumerate(modules)
        for k, module in enumerate(row)
        if module
    ]
    canvas.area(shapely.union_all(dark), lambda xy: xy, DARK)
