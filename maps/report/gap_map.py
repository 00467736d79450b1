"""The map of the report: communes by state on one upright page, with scale bar, north, legend; numbers where names have no room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from sanchoi.gis.sentences import number
from sanchoi.maps import style, summary
from sanchoi.maps.report.story import ROOM, SMALL, Story
from sanchoi.maps.report.words import say
from sanchoi.maps.sheets import base, flow, gap, labels, said, sheet
from sanchoi.maps.sheets.canvas import GREY, POINT_MM, WHITE, Canvas
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.labels import Label
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.paper import COORDINATES, Box
from sanchoi.maps.sheets.sheet import Key
from sanchoi.maps.sheets.theme import mixed
from sanchoi.maps.sheets.window import MOST, SERIES, Window, picture_scale, windows

HIGH, LEGEND, WIDE = 232.0, 38.0, 66.0
"""Height of the map with its legend, and of the legend; width of the scale bar's column."""
NAME, NUMBER, SMALLER = 6.6, 6.2, 5.0
DOTS = 1500
"""More play areas than this are not drawn."""
PIN = "#111111"
TURNS = [k * math.pi / 6 for k in range(12)]
Pin = tuple[tuple[float, float], tuple[float, float], str]
"""Where a site is, where its mark stands, its number."""
MARGIN, LEAST = 6.0, 90.0
"""Free room around the ground, and the least height of the map, mm."""


def draw(story: Story, ground: Ground, rows: pd.DataFrame, options: Options, section: int) -> None:
    """The map, or that there is none."""
    layer = ground.layer("communes")
    layer = layer[~(layer.geometry.is_empty | layer.geometry.isna())] if len(layer) else layer
    language = story.language
    if not len(layer):
        story.text(story.say("mp_none"))
        return
    bounds = [float(each) for each in layer.total_bounds]
    inside = Box(0, 0, float(int(ROOM.width - 2 * COORDINATES)), float(int(HIGH - LEGEND - 2 * COORDINATES)))
    scale = min(float(picture_scale(bounds, inside, MARGIN)), float(MOST))
    need = (bounds[3] - bounds[1]) * 1000 / scale + 2 * MARGIN
    inside = Box(0, 0, inside.width, float(int(min(inside.height, max(need, LEAST)))))
    high = inside.height + 2 * COORDINATES + LEGEND
    told = story.say("mp_scale" if scale in SERIES else "mp_picture", n=number(scale, language), crs=ground.crs_name)
    numbers = story.say("mp_numbers", k=section)
    story.text(f"{told} {numbers} {story.say('mp_neutral')}", SMALL, colour=GREY, after=1.0, sticks=True)
    alt = story.say("mp_alt", told=summary.headline(dict(ground.run), language))

    def paint(canvas: Canvas, box: Box) -> None:
        frame = Box(box.left + COORDINATES, box.top + COORDINATES, inside.width, inside.height)
        window = windows(shapely.box(*bounds).centroid.buffer(1), frame, scale, axes=ground.axes)[0]
        keys = sheet.show(canvas, window, lambda c, w: _ground(c, w, ground, rows, options), language)
        low = Box(box.left, box.bottom - LEGEND + 2, box.width, LEGEND - 2)
        words = said.around(ground, window, options, "", "", "")
        _under(canvas, low, window, words, keys)

    story.figure(high, alt, paint)


def _under(canvas: Canvas, box: Box, window: Window, words: sheet.Texts, keys: Sequence[Key]) -> None:
    """Scale bar, north and legend."""
    side, space = (box.width - WIDE) / 2, 4.0
    boxes = [Box(box.left, box.top, WIDE, box.height)]
    boxes += [Box(box.left + WIDE + space + k * side, box.top, side - space, box.height) for k in (0, 1)]
    for shrunk in (1.12, *sheet.SHRUNK, 0.62, 0.55):
        atoms = [
            sheet.compass(window, words, boxes[0].width),
            *sheet.legend(canvas, boxes[1].width, words.legend, keys, shrunk),
        ]
        placed, rest = flow.place(atoms, boxes)
        if not rest:
            break
    flow.paint(canvas, placed)


def _ground(canvas: Canvas, window: Window, ground: Ground, rows: pd.DataFrame, options: Options) -> list[Key]:
    language, theme = options.language, options.theme
    if len(rows) and (rows["status"] == "unknown").all():
        keys = _children(canvas, window, ground, rows, options)
    else:
        keys = gap.statuses(canvas, window, ground, theme, (), language)
    keys += base.barriers(canvas, window, ground, theme, language)
    keys += base.borders(canvas, window, ground, (), language)
    keys += _dots(canvas, window, ground, options)
    taken, pins = _pins(window, ground)
    _names(canvas, window, ground, rows, taken)
    for of, at, _ in pins:
        if at != of:
            canvas.line(*of, *at, PIN, 0.25)
            canvas.dot(*of, 0.5, PIN)
    for _, at, text in pins:
        _pin(canvas, *at, text)
    return keys + ([Key(say("mp_pin", language), _pin_sample)] if pins else [])


def _children(canvas: Canvas, window: Window, ground: Ground, rows: pd.DataFrame, options: Options) -> list[Key]:
    """Communes by how many children live there, where nothing more is known of any."""
    language, theme = options.language, options.theme
    counts = dict(zip(rows["commune_id"], rows["children"], strict=True))
    cuts = style.breaks(rows["children"].to_numpy(dtype=float))
    colours = style.spread(theme.children, len(cuts) + 1)
    inks = [(colour, "hatch", mixed("#5f5f5f", 0.45, colour)) for colour in colours]
    blank = theme.status["unknown"]
    layer, seen = ground.layer("communes"), set()
    for commune_id, shape in zip(layer["commune_id"], layer.geometry, strict=True):
        count = counts.get(commune_id)
        k = -1 if count is None or np.isnan(count) else int(np.searchsorted(cuts, count, side="right"))
        if shape is not None and base.painted(canvas, window, shape, blank if k < 0 else inks[k]):
            seen.add(k)
    told = [number(cut, language) for cut in cuts]
    words = [say("mp_under", language, b=told[0]) if told else say("c_children", language)]
    words += [say("mp_between", language, a=a, b=b) for a, b in pairwise(told)]
    words += [say("mp_more", language, a=told[-1])] if told else []
    return [
        Key(say("mp_no_count", language) if k < 0 else words[k], base.swatch(blank if k < 0 else inks[k]))
        for k in sorted(seen, reverse=True)
    ]


def _dots(canvas: Canvas, window: Window, ground: Ground, options: Options) -> list[Key]:
    """Play areas that count, small."""
    layer = ground.layer("play_areas")
    mine = layer[layer["counts"].astype(bool)] if len(layer) else layer
    if not 0 < len(mine) <= DOTS:
        return []
    points = shapely.get_coordinates(shapely.point_on_surface(mine.geometry.to_numpy()))
    for x, y in window.paper(points):
        canvas.dot(float(x), float(y), 0.55, options.theme.play, WHITE)
    return [Key(say("play_area", options.language), base.dot(options.theme.play))]


def _pins(window: Window, ground: Ground) -> tuple[list[Box], list[Pin]]:
    """Sites of the plan: the room they take, and where they are."""
    sites, parcels = ground.result.tables.get("sites"), ground.layer("parcels")
    if sites is None or not len(parcels):
        return [], []
    shapes = parcels.drop_duplicates("parcel_id").set_index("parcel_id").geometry
    taken: list[Box] = []
    pins: list[Pin] = []
    for parcel_id, order in zip(sites["parcel_id"], sites["build_order"], strict=True):
        shape = shapes.get(parcel_id)
        if shape is None or shape.is_empty:
            continue
        middle = shape.representative_point()
        x, y = (float(each) for each in window.paper(np.array([[middle.x, middle.y]]))[0])
        at = _free(x, y, [pin[1] for pin in pins])
        pins.append(((x, y), at, str(int(order))))
        taken.append(Box(at[0] - 2.2, at[1] - 2.2, 4.4, 4.4))
    return taken, pins


def _free(x: float, y: float, held: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The nearest place of a pin where it covers no other; its own where there is none."""
    rings = [(0.0, 0.0), *((r * math.cos(a), r * math.sin(a)) for r in (4.2, 6.3, 8.4, 12.6) for a in TURNS)]
    for dx, dy in rings:
        if all(math.hypot(x + dx - a, y + dy - b) >= 4.1 for a, b in held):
            return x + dx, y + dy
    return x, y


def _pin(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.dot(x, y, 2.0, PIN, WHITE)
    size = 6.0 if len(text) < 3 else 4.6
    canvas.text(x, y + size * POINT_MM * 0.35, text, size, bold=True, colour=WHITE, align="centre")


def _pin_sample(canvas: Canvas, box: Box) -> None:
    _pin(canvas, box.left + box.width / 2, box.top + box.height / 2, "1")


def _names(canvas: Canvas, window: Window, ground: Ground, rows: pd.DataFrame, taken: Sequence[Box]) -> None:
    """A commune's number and name where both have room, else its number, else a number beside it."""
    layer = ground.layer("communes")
    of = dict(zip(rows["commune_id"], rows["no"], strict=True))
    calls = dict(zip(rows["commune_id"], rows["name"], strict=True))
    shapes = [
        (str(of[commune_id]), str(calls[commune_id]), shape)
        for commune_id, shape in zip(layer["commune_id"], layer.geometry, strict=True)
        if commune_id in of and shape is not None and not shape.is_empty
    ]
    long, short = {}, {}
    for no, name, shape in shapes:
        seen = shape.intersection(window.ground) if shape.is_valid else shape
        if seen.is_empty:
            continue
        told = base.label(canvas, window, f"{no} {name}", seen, NAME, False, float(seen.area))
        across = window.mm(float(np.ptp(shapely.bounds(seen)[[0, 2]])))
        if told.width <= across * 1.05 and told.width < 38:
            long[no] = told
        short[no] = base.label(canvas, window, no, seen, NUMBER, True, float(seen.area) + 1e15)
    numbers = labels.place(list(short.values()), window.box.inner(1), taken)
    held = {label.text: box for label, box in numbers}
    for no in [no for no in short if no not in held]:  # no room at its middle: smaller, and beside it
        wide = canvas.width(no, SMALLER, True)
        tried = replace(short[no], width=wide, height=SMALLER * POINT_MM, around=True, offset=0.4)
        found = labels.place([tried], window.box.inner(1), [*taken, *held.values()])
        numbers += found
        held.update({label.text: box for label, box in found})
    done: list[tuple[Label, Box]] = []
    for no, told in sorted(long.items(), key=lambda each: -each[1].weight):
        others = [box for key, box in held.items() if key != no]
        found = labels.place([told], window.box.inner(1), [*taken, *others])
        if found:
            done += found
            held[no] = found[0][1]
    named = {label.text.split(" ", 1)[0] for label, _ in done}
    for label, box in [*done, *(each for each in numbers if each[0].text not in named)]:
        canvas.box(Box(box.left - 0.2, box.top, box.width + 0.4, box.height), WHITE, None)
        canvas.text(box.left, box.bottom - 0.22 * label.height, label.text, label.height / POINT_MM, bold=label.bold)
