"""Reach sheet: cells by the real walk against the limits, with ways, barriers, play areas and their catchments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sanchoi.gis.sentences import exact
from sanchoi.maps.sheets import cells, communal
from sanchoi.maps.sheets.base import stroke
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.sheet import Key, Sheet
from sanchoi.maps.sheets.window import Window
from sanchoi.maps.sheets.words import say

EDGE = 0.35


def sheets(ground: Ground, communes: Sequence[str], options: Options) -> list[Sheet]:
    """Sheets that show the walk to a play area in communes."""
    language, theme = options.language, options.theme

    def paint(canvas: Canvas, window: Window) -> list[Key]:
        keys = cells.draw(canvas, window, ground, theme, communes, language)
        keys += catchments(canvas, window, ground, theme.play, language)
        return [*keys, Key(say("rest_head", language))]

    return communal.sheets(ground, communes, options, options.titled("reach_title"), paint)


def catchments(canvas: Canvas, window: Window, ground: Ground, colour: str, language: str) -> list[Key]:
    """Outlines of the cells that have one play area nearest, within the longest limit."""
    if ground.cells is None or not ground.cells.reached or not ground.limits:
        return []
    squares = ground.near_squares(window.ground)
    limit = ground.limits[-1][0]
    near = np.nan_to_num(squares.walk_m, nan=np.inf) <= limit * cells.TOLERANCE
    named = near & (squares.site >= 0) & squares.within(window.ground)
    for site in np.unique(squares.site[named]).tolist():
        canvas.outline(squares.union(named & (squares.site == site)), window.paper, colour, EDGE, (1.2, 0.8))
    if not named.any():
        return []
    return [Key(say("catchment", language, m=exact(limit, language)), stroke(colour, EDGE, (1.2, 0.8)))]
