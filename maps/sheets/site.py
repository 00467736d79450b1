"""Site plan: one parcel with its corners, its usable piece and what lies around it; its ledger on the pages after the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sanchoi.gis import corners
from sanchoi.gis.errors import CRSError
from sanchoi.gis.sentences import number
from sanchoi.maps.sheets import base, constraining, corner_table, flow, parcel_said, said, sheet
from sanchoi.maps.sheets.canvas import DARK, POINT_MM, WHITE, Canvas
from sanchoi.maps.sheets.flow import Atom
from sanchoi.maps.sheets.frame import beside
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.labels import Label
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.paper import Box
from sanchoi.maps.sheets.refusals import refusal
from sanchoi.maps.sheets.sheet import Key, Sheet
from sanchoi.maps.sheets.theme import mixed
from sanchoi.maps.sheets.window import Window, fitting_scale, windows
from sanchoi.maps.sheets.words import say

IN_PANEL = 16
"""Corners that the panel of the map has room for; more stand on the next page."""
ROOM = 0.32
"""Share of the map left around the site on each side, so that its surroundings are seen."""
LONG, LONG_ROOM = 12.0, 0.1
"""A site is long when the square of its extent is so many times its area; the share of the map left around it."""
SIZE = 7.2
LEAST = 0.87
"""Letters of the panel are not made smaller than this: there is a page after it."""
PALE = 0.55
CODES = 8
"""Land-use codes that the legend explains one by one, at most."""


def draw(canvas: Canvas, ground: Ground, parcel_id: str, options: Options) -> dict[int, Window]:
    """Draw the plan and the pages after it; returns page → map."""
    row, language = ground.parcel(parcel_id), options.language
    code = ground.epsg
    if code is None:
        raise refusal("no_epsg", CRSError, crs=ground.crs_name)
    paper = options.sheet
    given = options.scale is not None
    scale = options.scale or fitting_scale(
        row.geometry.bounds, paper.map, _room(row.geometry) * min(paper.map.width, paper.map.height)
    )
    found = windows(row.geometry, paper.map, float(scale), axes=ground.axes)
    stored = ground.result.tables["parcels"]
    points = corners.table(stored.geometry[(stored["parcel_id"] == parcel_id).to_numpy()].iloc[0], code)

    def table(canvas: Canvas, wide: float, size: float) -> list[Atom]:
        return corner_table.atoms(canvas, wide, ground, points, row.geometry, size, language)

    def blocks(canvas: Canvas, wide: float, shrunk: float) -> list[Atom]:
        if len(points) <= IN_PANEL:
            return table(canvas, wide, 6.8 * shrunk)
        return flow.text(
            canvas, wide, say("corners_more", language, n=number(len(points), language)), 7 * shrunk, bold=True
        )

    pairs = parcel_said.figures(ground, row, language)
    last = said.signs(ground, [row["commune_id"]] if isinstance(row["commune_id"], str) else [], language)
    scaled = say("given" if given else "fits", language)
    maps: dict[int, Window] = {}
    over: list[Atom] = []
    notes: list[Atom] = []
    head = say("site_head", language, id=parcel_id)
    for k, window in enumerate(found, 1):
        words = said.around(
            ground, window, options, options.titled("site_title"), f"{head} · {pairs[0][1]}", scaled, found, k, last
        )
        words = replace(words, figures_head=head, figures=pairs)

        def locate(canvas: Canvas, box: Box, window: Window = window) -> None:
            own = [row["commune_id"]] if isinstance(row["commune_id"], str) else []
            base.locate(canvas, box, ground, own, window, options.theme, found)

        def paint(canvas: Canvas, window: Window) -> list[Key]:
            return _paint(canvas, window, ground, row, points, options)

        maps[canvas.count] = window
        drawn = Sheet(paper, window, words, paint, locate, blocks, beside=beside(window, found))
        rest = sheet.on_map(canvas, drawn, LEAST)
        over += [atom for atom in rest if not atom.note]
        notes = max(notes, [atom for atom in rest if atom.note], key=len)
    wide = min(165.0, paper.after.whole.width)
    more = [*table(canvas, wide, SIZE), flow.space(3)] if len(points) > IN_PANEL else []
    more += parcel_said.ledger(canvas, wide, ground, parcel_id, language, SIZE)
    more += [flow.space(3), *parcel_said.score(canvas, wide, ground, parcel_id, language, SIZE), flow.space(3)]
    sheet.after(canvas, drawn, [*more, *over, *notes], wide)
    return maps


def _room(shape: shapely.Geometry) -> float:
    """Share of the map left around a site on each side: less around a long one."""
    west, south, east, north = shape.bounds
    return LONG_ROOM if shape.area * LONG < max(east - west, north - south) ** 2 else ROOM


def _paint(
    canvas: Canvas,
    window: Window,
    ground: Ground,
    row: Any,  # noqa: ANN401 - a row of parcels
    points: Sequence[corners.Point],
    options: Options,
) -> list[Key]:
    language, theme = options.language, options.theme
    canvas.box(window.box, "#ffffff", None)
    keys, wanted = _parcels(canvas, window, ground, str(row["parcel_id"]), options)
    layers, named = constraining.draw(canvas, window, ground, options)
    keys += layers
    keys += base.ways(canvas, window, ground, theme, language, 0.25)
    keys += base.borders(canvas, window, ground, [row["commune_id"]], language)
    taken, marks = base.play_areas(canvas, window, ground, theme, language)
    usable = ground.layer("usable")
    mine = usable[usable["parcel_id"] == row["parcel_id"]] if len(usable) else usable
    there = float(row["usable_m2"]) if pd.notna(row["usable_m2"]) else 0.0
    if there > 0:
        for shape in mine.geometry:
            canvas.hatch(shape, window.paper, theme.usable, "stripes", 1.6)
            canvas.outline(shape, window.paper, theme.usable, 0.3, (1.5, 0.7))
    canvas.outline(row.geometry, window.paper, DARK, 0.7)
    keys += marks
    keys.append(Key(say("k_parcel", language), base.stroke(DARK, 0.7)))
    if there > 0 and bool(mine.intersects(window.ground).any()):
        ink = ("#ffffff", "stripes", theme.usable)
        keys.append(Key(say("k_usable", language), base.swatch(ink, theme.usable, (1.5, 0.7))))
    keys.append(Key(say("k_corner", language), base.dot(DARK)))
    boxes, numbers = _corners(canvas, window, points, options.sheet.letters)
    if isinstance(row["land_use"], str):
        code = base.label(
            canvas, window, row["land_use"], row.geometry, 8.0 * options.sheet.letters, True, 1e11, fixed=True
        )
        wanted.append(code)
    base.put(canvas, window, [*numbers, *wanted, *named], [*taken, *boxes])
    return keys


def _corners(
    canvas: Canvas, window: Window, points: Sequence[corners.Point], letters: float
) -> tuple[list[Box], list[Label]]:
    xy = window.paper(np.array([[point.y_east, point.x_north] for point in points]))
    boxes, wanted = [], []
    middle = xy.mean(axis=0)
    size = (6.5 if len(points) <= 60 else 4.5) * letters
    for (x, y), point in zip(xy.tolist(), points, strict=True):
        canvas.dot(x, y, 0.55, DARK, WHITE)
        boxes.append(Box(x - 0.5, y - 0.5, 1, 1))
        wide = canvas.width(point.name, size, True)
        wanted.append(
            Label(point.name, x, y, wide, size * POINT_MM, 1e12, True, 0.9, True, (x - middle[0], y - middle[1]))
        )
    return boxes, wanted


def _parcels(
    canvas: Canvas, window: Window, ground: Ground, own: str, options: Options
) -> tuple[list[Key], list[Label]]:
    """Other parcels by verdict, their codes as labels; the site itself keeps the paper's white."""
    near = ground.near("parcels", window.ground)
    language, theme = options.language, options.theme
    near = near[near["parcel_id"] != own]
    inks = {name: (mixed(ink[0], PALE), ink[1], mixed(ink[2], PALE)) for name, ink in theme.verdict.items()}
    found, wanted, letters = set(), [], options.sheet.letters
    for verdict, code, shape in zip(near["verdict"], base.texts(near, "land_use"), near.geometry, strict=True):
        if verdict not in inks or not base.painted(canvas, window, shape, inks[verdict], 4.0):
            continue
        canvas.outline(shape, window.paper, "#77736a", 0.15)
        found.add(verdict)
        seen = shapely.make_valid(shape).intersection(window.ground)
        if code and (size := base.code_size(canvas, window, code, seen)):
            wanted.append(base.label(canvas, window, code, seen, size * letters, False, float(seen.area), fixed=True))
    keys = [
        Key(say("k_verdict", language, verdict=parcel_said.verdict(name, language).lower()), base.swatch(ink))
        for name, ink in inks.items()
        if name in found
    ]
    return keys + _codes(ground, [each.text for each in wanted], language), wanted


def _codes(ground: Ground, seen: Sequence[str], language: str) -> list[Key]:
    """What the letters on parcels mean, where that is known of all and they are few; else that they are land-use codes."""
    codes = sorted(set(seen))
    uses = [ground.use(code, language) for code in codes]
    if codes and len(codes) <= CODES and all(uses):
        return [Key(use, _letters(code)) for code, use in zip(codes, uses, strict=True)]
    return [Key(say("k_code", language), _letters("DKV"))] if codes else []


def _letters(code: str) -> base.Sample:
    return lambda canvas, box: canvas.text(
        box.left + box.width / 2, box.top + box.height * 0.8, code, 6.5, align="centre"
    )
