"""Gap sheet: communes by status; in a sheet of one commune its cells by the walk to a play area, its neighbours pale."""

from __future__ import annotations

from collections.abc import Sequence

from sanchoi.maps import style
from sanchoi.maps.sheets import cells, communal
from sanchoi.maps.sheets.base import painted, swatch
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.sheet import Key, Sheet
from sanchoi.maps.sheets.theme import Theme, mixed
from sanchoi.maps.sheets.window import Window
from sanchoi.maps.sheets.words import say

BESIDE = 0.3
"""Opacity of the communes beside the one that is shown."""


def sheets(ground: Ground, communes: Sequence[str], options: Options) -> list[Sheet]:
    """Sheets that show the gaps of communes."""
    language, theme = options.language, options.theme
    one = len(communes) == 1

    def paint(canvas: Canvas, window: Window) -> list[Key]:
        keys = cells.draw(canvas, window, ground, theme, communes, language) if one else []
        return keys + statuses(canvas, window, ground, theme, communes if one else (), language)

    return communal.sheets(ground, communes, options, options.titled("gap_title"), paint)


def statuses(
    canvas: Canvas, window: Window, ground: Ground, theme: Theme, without: Sequence[str], language: str
) -> list[Key]:
    """Communes by status of all ages; pale where another is the subject."""
    near = ground.near("communes", window.ground)
    known = ground.gaps("all" if len(ground.run["settings"]["bands"]) > 1 else ground.run["settings"]["bands"][0])
    found: set[str] = set()
    inks = {
        name: (mixed(ink[0], BESIDE), ink[1], mixed(ink[2], BESIDE)) if without else ink
        for name, ink in theme.status.items()
    }
    for commune_id, shape in zip(near["commune_id"], near.geometry, strict=True):
        status = known["status"].get(commune_id)
        status = status if status in style.STATUS else "unknown"
        if commune_id not in without and painted(canvas, window, shape, inks[status]):
            found.add(status)
    told = {name: say(f"s_{name}", language) for name in style.STATUS}
    return [
        Key(say("other_status", language, status=told[name]) if without else told[name], swatch(inks[name]))
        for name in style.STATUS
        if name in found
    ]
