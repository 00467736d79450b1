"""Base: what lies under the theme of a sheet (ways, barriers, borders, names), and what is said around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from sanchoi.gis.sentences import number
from sanchoi.maps import style, summary
from sanchoi.maps.sheets import labels
from sanchoi.maps.sheets.canvas import DARK, GREY, POINT_MM, WHITE, Canvas
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.labels import Label
from sanchoi.maps.sheets.paper import Box, Paper
from sanchoi.maps.sheets.sheet import GRID_MM, Key, Texts
from sanchoi.maps.sheets.window import Window, sheet_name
from sanchoi.maps.sheets.words import say

WAY = "#a39e93"
PLAIN = "#f7f6f1"


def ways(canvas: Canvas, window: Window, ground: Ground) -> None:
    """Ways on foot."""
    found = ground.ways(window.ground)
    if len(found):
        canvas.outline(shapely.multilinestrings(found), window.paper, WAY, 0.18)


def barriers(canvas: Canvas, window: Window, ground: Ground) -> None:
    """Rivers and roads that cut ways."""
    for shape in ground.near("barriers", window.ground).geometry:
        canvas.outline(shape, window.paper, style.BARRIER, 0.5)


def borders(canvas: Canvas, window: Window, ground: Ground, own: Sequence[str]) -> None:
    """Borders of the communes, those of the sheet stronger."""
    near = ground.near("communes", window.ground)
    for shape in near.geometry:
        canvas.outline(shape, window.paper, style.OUTLINE, 0.18, (2.0, 0.8, 0.4, 0.8))
    for shape in near[near["commune_id"].isin(own)].geometry:
        canvas.outline(shape, window.paper, style.OUTLINE, 0.55, (4.0, 1.0, 0.6, 1.0))


def play_areas(canvas: Canvas, window: Window, ground: Ground) -> list[Box]:
    """Play areas: their outline where it is large enough to be seen, and a mark; returns the ground that the marks take."""
    near = ground.near("play_areas", window.ground)
    taken = []
    for shape, counts in zip(near.geometry, near["counts"] if len(near) else (), strict=True):
        fill = style.SITE if counts else style.SITE_NOT
        if shape.area > 0:
            canvas.area(shape, window.paper, fill)
        middle = shape.representative_point()
        x, y = window.paper(np.array([[middle.x, middle.y]]))[0]
        canvas.dot(x, y, 0.9, fill, WHITE)
        taken.append(Box(x - 1, y - 1, 2, 2))
    return taken


def names(canvas: Canvas, window: Window, ground: Ground, taken: Sequence[Box]) -> None:
    """Names of the communes and of the play areas in the map."""
    wanted = []
    for name, shape in zip(*_columns(ground, "communes", window), strict=True):
        seen = shape.intersection(window.ground)
        if not seen.is_empty:
            wanted.append(_label(canvas, window, name, seen, 9.0, True, float(seen.area)))
    for name, shape in zip(*_columns(ground, "play_areas", window), strict=True):
        if name:
            wanted.append(_label(canvas, window, name, shape, 6.0, False, 0.0))
    for label, box in labels.place(wanted, window.box.inner(1), taken):
        canvas.box(Box(box.left - 0.3, box.top - 0.2, box.width + 0.6, box.height + 0.4), WHITE, None)
        size = label.height / POINT_MM
        canvas.text(box.left, box.bottom - 0.25 * label.height, label.text, size, bold=not label.around, colour=DARK)


def _columns(ground: Ground, layer: str, window: Window) -> tuple[list[str], list[Any]]:
    near = ground.near(layer, window.ground)
    if not len(near):
        return [], []
    return [str(name) if isinstance(name, str) else "" for name in near["name"]], list(near.geometry)


def _label(
    canvas: Canvas, window: Window, text: str, shape: shapely.Geometry, size: float, bold: bool, weight: float
) -> Label:
    middle = shape.representative_point()
    x, y = window.paper(np.array([[middle.x, middle.y]]))[0]
    wide = canvas.width(text, size, bold)
    return Label(text, float(x), float(y), wide, size * POINT_MM, weight, not bold)


def keys(ground: Ground, language: str) -> list[Key]:
    """Lines of the legend for the base."""

    def stroke(colour: str, width: float, dash: Sequence[float] = ()) -> Any:  # noqa: ANN401 - a painter
        return lambda canvas, box: canvas.line(
            box.left, box.top + box.height / 2, box.right, box.top + box.height / 2, colour, width, dash
        )

    def dot(colour: str) -> Any:  # noqa: ANN401
        return lambda canvas, box: canvas.dot(box.left + box.width / 2, box.top + box.height / 2, 0.9, colour, WHITE)

    found = [Key(say("play_area", language), dot(style.SITE)), Key(say("play_other", language), dot(style.SITE_NOT))]
    if ground.result.model is not None and ground.result.model.now is not None:
        found.append(Key(say("way", language), stroke(WAY, 0.3)))
    if len(ground.layer("barriers")):
        found.append(Key(say("barrier", language), stroke(style.BARRIER, 0.5)))
    found.append(Key(say("border", language), stroke(style.OUTLINE, 0.18, (2.0, 0.8, 0.4, 0.8))))
    found.append(Key(say("border_own", language), stroke(style.OUTLINE, 0.55, (4.0, 1.0, 0.6, 1.0))))
    return found


def locate(canvas: Canvas, box: Box, ground: Ground, own: Sequence[str], window: Window) -> None:
    """The whole study small, with the communes of the sheet filled and its window framed."""
    layer = ground.layer("communes")
    west, south, east, north = layer.total_bounds
    scale = 1000 * max((east - west) / (box.width - 4), (north - south) / (box.height - 4))
    wide, high = box.width * scale / 1000, box.height * scale / 1000
    small = Window(box, (west + east - wide) / 2, (south + north + high) / 2, scale)
    shapes = shapely.simplify(layer.geometry.to_numpy(), scale * 0.0002)
    mine = layer["commune_id"].isin(own).to_numpy()
    canvas.area(shapely.union_all(shapes), small.paper, PLAIN)
    for shape in shapes[mine]:
        canvas.area(shape, small.paper, "#c9b18a")
    for shape in shapes:
        canvas.outline(shape, small.paper, GREY, 0.1)
    canvas.outline(window.ground, small.paper, "#b3260b", 0.4)


def texts(
    ground: Ground,
    window: Window,
    language: str,
    title: str,
    place: str,
    *,
    count: int = 1,
    number_: int = 1,
    signatures: Sequence[str] = (),
    extra: Sequence[tuple[str, str]] = (),
) -> Texts:
    """What stands around a map of a result."""
    run, study = ground.run, ground.run["study"]
    cm = window.metres(10)
    bar = (
        say("bar_km", language, km=number(cm / 1000, language, 0 if cm % 1000 == 0 else 2))
        if cm >= 1000
        else say("bar", language, m=number(cm, language, 0 if cm == int(cm) else 1))
    )
    version = next((str(v) for k, v in run["versions"].items() if k == "sanchoi"), "")
    return Texts(
        title=title,
        subtitle=say("subtitle", language, place=place, study=study["name"], vintage=study["vintage"]),
        scale=say("scale", language, n=number(window.scale, language)),
        north=say("north", language),
        legend=say("legend", language),
        locator=say("locator", language),
        grid="",
        bar=bar,
        language=language,
        sheet=say("sheet", language, k=number_, n=count, name=sheet_name(window)) if count > 1 else "",
        notes=[*extra, _crs(ground, window, language), _norms(run, language), _sources(run, language)],
        signatures=signatures,
        foot=say("foot", language, version=version, run_id=run["run_id"], date=study["date"]),
        banners=[" · ".join(str(each[language]) for each in summary.banners(run) if each["tone"] != "plain")],
    )


def _crs(ground: Ground, window: Window, language: str) -> tuple[str, str]:
    key = "crs_vn" if ground.is_vn2000 else "crs_other"
    step = number(window.metres(GRID_MM), language)
    return say("crs_head", language), say(key, language, crs=ground.crs_name, m=step, how=ground.transformation)


def _norms(run: Mapping[str, Any], language: str) -> tuple[str, str]:
    told = []
    for row in run["norms"]:
        parts = [f"{row['band']}:"]
        if row["walk_m"] is not None:
            parts.append(f"≤ {number(row['walk_m'], language)} m")
        if row["m2_per_child"] is not None:
            parts.append(f"≥ {number(row['m2_per_child'], language, 1)} m²")
        mark = "" if row["verified"] else f" ({say('unverified', language)})"
        told.append(" ".join(parts) + f" – {row['source']}, {row['article']}{mark}")
    return say("norms_head", language), "; ".join(dict.fromkeys(told))


def _sources(run: Mapping[str, Any], language: str) -> tuple[str, str]:
    told = []
    for row in summary.sources(run):
        parts = [part for part in (row["name"], row["attribution"], row["licence"]) if part]
        told.append(", ".join(dict.fromkeys(parts)))
    return say("sources_head", language), "; ".join(dict.fromkeys(told))


def default_signatures(language: str) -> list[str]:
    """Labels of the signature block unless others are given."""
    return [say(key, language) for key in ("sign_made", "sign_checked", "sign_commune")]


def sheet_paper(name: str = "A3", landscape: bool = True) -> Paper:
    """Paper by name."""
    return Paper(name.upper(), landscape)
