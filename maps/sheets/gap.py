"""Gap sheet: communes by status, or the cells of one commune by the walk to a play area, to scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shapely
from sanchoi.maps import style
from sanchoi.maps.sheets import base
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.paper import Box, Paper
from sanchoi.maps.sheets.sheet import Key, Sheet
from sanchoi.maps.sheets.window import Window, windows
from sanchoi.maps.sheets.words import say


def sheets(
    ground: Ground,
    communes: Sequence[str],
    paper: Paper,
    scale: float,
    language: str = "vi",
    *,
    place: str,
    signatures: Sequence[str] = (),
    extra: Sequence[tuple[str, str]] = (),
) -> list[Sheet]:
    """Sheets that show the status of communes at a scale."""
    layer = ground.layer("communes")
    shown = shapely.union_all(layer[layer["commune_id"].isin(communes)].geometry.to_numpy())
    found = windows(shown, paper.map, scale)

    def draw(canvas: Canvas, window: Window) -> None:
        _statuses(canvas, window, ground)
        base.ways(canvas, window, ground)
        base.barriers(canvas, window, ground)
        base.borders(canvas, window, ground, communes)
        taken = base.play_areas(canvas, window, ground)
        base.names(canvas, window, ground, taken)

    keys = [*_keys(ground, language), *base.keys(ground, language)]
    out = []
    for k, window in enumerate(found, 1):
        words = base.texts(
            ground,
            window,
            language,
            say("gap_title", language),
            place,
            count=len(found),
            number_=k,
            signatures=signatures,
            extra=extra,
        )

        def locate(canvas: Canvas, box: Box, window: Window = window) -> None:
            base.locate(canvas, box, ground, communes, window)

        out.append(Sheet(paper, window, words, draw, keys, locate, ground.is_vn2000))
    return out


def _statuses(canvas: Canvas, window: Window, ground: Ground) -> None:
    near = ground.near("communes", window.ground)
    statuses = ground.gaps()["status"]
    canvas.box(window.box, "#ffffff", None)
    for commune_id, shape in zip(near["commune_id"], near.geometry, strict=True):
        status = str(statuses.get(commune_id, "unknown"))
        fill, mark, colour = style.STATUS[status]
        seen = shape.intersection(window.ground)
        if not seen.is_empty and seen.area > 0:
            canvas.area(seen, window.paper, fill)
            canvas.hatch(seen, window.paper, colour, mark)


def _keys(ground: Ground, language: str) -> list[Key]:
    there = set(ground.gaps()["status"])
    return [Key(say(f"s_{status}", language), _sample(status)) for status in style.STATUS if status in there]


def _sample(status: str) -> Callable[[Canvas, Box], None]:
    fill, mark, colour = style.STATUS[status]

    def paint(canvas: Canvas, box: Box) -> None:
        square = shapely.box(box.left, box.top, box.right, box.bottom)
        canvas.area(square, lambda xy: xy, fill)
        canvas.hatch(square, lambda xy: xy, colour, mark)
        canvas.box(box, edge=style.OUTLINE, width=0.1)

    return paint
