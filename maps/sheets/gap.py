"""Gap sheet: communes by status; in a sheet of one commune its cells by the walk to a play area, its neighbours pale.

The sheet of all communes lists them too, and shades those of which nothing is known by how densely children live there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from sanchoi.gis.sentences import number
from sanchoi.maps import style
from sanchoi.maps.sheets import cells, communal, figures, flow
from sanchoi.maps.sheets.base import FINE, painted, swatch
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.flow import Atom, Column
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.sheet import Key, Sheet
from sanchoi.maps.sheets.theme import Ink, Theme, mixed
from sanchoi.maps.sheets.window import Window
from sanchoi.maps.sheets.words import say

BESIDE = 0.3
"""Opacity of the communes beside the one that is shown."""
DENSITY = (5.0, 20.0, 100.0, 500.0)
"""Children per km² from which a commune that nobody has surveyed is drawn darker."""


def sheets(ground: Ground, communes: Sequence[str], options: Options) -> list[Sheet]:
    """Sheets that show the gaps of communes."""
    language, theme = options.language, options.theme
    one = len(communes) == 1

    def paint(canvas: Canvas, window: Window) -> list[Key]:
        if not one:
            return statuses(canvas, window, ground, theme, (), language)
        keys = cells.draw(canvas, window, ground, theme, communes, language)
        keys += [Key(say("beside_head", language)), *statuses(canvas, window, ground, theme, communes, language)]
        return [*keys, Key(say("rest_head", language))]

    order = [] if one else _order(ground, communes)

    def listed(canvas: Canvas, wide: float, shrunk: float) -> Sequence[Atom]:
        return _listed(canvas, wide, shrunk, ground, order, language)

    title = options.titled("gap_title" if one else "all_title")
    numbers = {commune_id: k for k, commune_id in enumerate(order, 1)}
    return communal.sheets(ground, communes, options, title, paint, None if one else listed, numbers or None)


def _order(ground: Ground, communes: Sequence[str]) -> list[str]:
    """Communes with most children out of reach first, those that nobody has surveyed by their children after them."""
    table = ground.gaps(figures.bands(ground)[-1])
    table = table[table.index.isin(communes)]
    table = table.assign(place=range(len(table)))
    table = table.sort_values(["children_uncovered", "children", "place"], ascending=[False, False, True])
    return [str(each) for each in table.index]


def _listed(
    canvas: Canvas, wide: float, shrunk: float, ground: Ground, communes: Sequence[str], language: str
) -> list[Atom]:
    """The communes with their numbers on the map."""
    table = ground.gaps(figures.bands(ground)[-1]).loc[list(communes)]
    names = dict(zip(ground.layer("communes")["commune_id"], ground.layer("communes")["name"], strict=True))
    columns = [
        Column(say("al_number", language), 0.45, "right"),
        Column(say("al_name", language), 1.35),
        Column(say("ft_status", language), 1.2),
        Column(say("ft_children", language), 0.8, "right"),
        Column(say("ft_left", language), 0.85, "right"),
    ]
    rows = [
        [
            number(k, language),
            str(names.get(commune_id) or commune_id),
            say(f"sh_{row['status'] if row['status'] in style.STATUS else 'unknown'}", language),
            figures.said(row["children"], language),
            figures.said(row["children_uncovered"], language),
        ]
        for k, (commune_id, row) in enumerate(table.to_dict("index").items(), 1)
    ]
    size = 6.6 * shrunk
    return [
        *flow.heading(canvas, wide, say("al_head", language), 9 * shrunk),
        *flow.table(canvas, wide, columns, rows, size),
    ]


def statuses(
    canvas: Canvas, window: Window, ground: Ground, theme: Theme, without: Sequence[str], language: str
) -> list[Key]:
    """Communes by status of all ages; pale where another is the subject, else the unknown ones by children per km²."""
    near = ground.near("communes", window.ground, window.metres(FINE))
    known = ground.gaps("all" if len(ground.run["settings"]["bands"]) > 1 else ground.run["settings"]["bands"][0])
    found: set[str] = set()
    inks = {
        name: (mixed(ink[0], BESIDE), ink[1], mixed(ink[2], BESIDE)) if without else ink
        for name, ink in theme.status.items()
    }
    shades = (
        {} if without else _densities(known["children"] / ground.layer("communes").set_index("commune_id")["area_m2"])
    )
    dense: dict[int, Ink] = {}
    for commune_id, shape in zip(near["commune_id"], near.geometry, strict=True):
        status = known["status"].get(commune_id)
        status = status if status in style.STATUS else "unknown"
        shade = shades.get(commune_id) if status == "unknown" else None
        ink = inks[status] if shade is None else (theme.unseen[shade], *inks[status][1:])
        if commune_id not in without and painted(canvas, window, shape, ink, fine=False):
            if shade is None:
                found.add(status)
            else:
                dense[shade] = ink
    keys = [Key(say(f"s_{name}", language), swatch(inks[name])) for name in style.STATUS if name in found]
    if dense:
        keys.append(Key(say("density_head", language)))
        keys += [Key(_dense(shade, language), swatch(dense[shade])) for shade in sorted(dense, reverse=True)]
    return keys


def _densities(per_m2: pd.Series) -> Mapping[str, int]:
    """Class of the communes whose children are counted."""
    known = per_m2[per_m2.notna()] * 1e6
    return dict(zip(known.index, np.searchsorted(DENSITY, known, side="right").tolist(), strict=True))


def _dense(shade: int, language: str) -> str:
    """Class in words."""
    key = "density_least" if not shade else "density_class" if shade < len(DENSITY) else "density_most"
    ends = [0.0, *DENSITY, 0.0]
    return say(key, language, a=number(ends[shade], language), b=number(ends[shade + 1], language))
