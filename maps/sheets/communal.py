"""Communal: sheets that show communes (gaps, reach), cut into as many as the scale needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import shapely
from sanchoi.maps.sheets import base, figures, said, scales
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.flow import Atom
from sanchoi.maps.sheets.frame import beside
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.paper import Box
from sanchoi.maps.sheets.sheet import Key, Sheet
from sanchoi.maps.sheets.window import Window, windows
from sanchoi.maps.sheets.words import say

Theme = Callable[[Canvas, Window], list[Key]]
Listed = Callable[[Canvas, float, float], Sequence[Atom]]


def sheets(
    ground: Ground,
    communes: Sequence[str],
    options: Options,
    title: str,
    theme: Theme,
    listed: Listed | None = None,
    numbers: Mapping[str, int] | None = None,
) -> list[Sheet]:
    """Sheets of communes.

    Parameters
    ----------
    theme : paints what lies under ways, borders and names. listed : makes more of the first panel. numbers : of the communes in it.
    """
    language, paper = options.language, options.sheet
    rows = [ground.commune(each) for each in communes]
    shown = shapely.geometrycollections([shapely.make_valid(row.geometry) for row in rows])
    kind = scales.COMMUNE if len(rows) == 1 else scales.PROVINCE
    area = sum(float(row["area_m2"]) for row in rows) / 1e4
    scale, scaled = scales.chosen(options, area, kind, shown.bounds, paper.map, ground.in_vietnam)
    found = windows(shown, paper.map, scale, axes=ground.axes)
    place = said.names(ground, communes, language)
    if len(rows) == 1:
        pairs, why = figures.of_commune(ground, communes[0], language)
    else:
        pairs, why = figures.of_several(ground, communes, language), ""

    def draw(canvas: Canvas, window: Window) -> list[Key]:
        keys = theme(canvas, window)
        keys += base.ways(canvas, window, ground, options.theme, language, several=len(rows) > 1)
        keys += base.barriers(canvas, window, ground, options.theme, language)
        keys += base.borders(canvas, window, ground, communes, language)
        taken, marks = base.play_areas(canvas, window, ground, options.theme, language)
        base.names(canvas, window, ground, taken, communes, 9.0 * paper.letters, numbers)
        return keys + marks

    out = []
    for k, window in enumerate(found, 1):
        last = said.signs(ground, communes, language)
        words = said.around(ground, window, options, title, place, scaled, found, k, last)
        head = say("figures_head" if len(rows) == 1 else "figures_all", language)
        words = replace(words, figures_head=head, figures=pairs, remark=why)

        def locate(canvas: Canvas, box: Box, window: Window = window) -> None:
            base.locate(canvas, box, ground, communes, window, options.theme, found)

        more = listed if k == 1 else None
        out.append(Sheet(paper, window, words, draw, locate, blocks_after=more, beside=beside(window, found)))
    return out
