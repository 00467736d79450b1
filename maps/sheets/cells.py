"""Cells on a sheet: ground by the real walk to a play area against the limits of the age bands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from sanchoi.gis.sentences import exact, number
from sanchoi.maps.cells import CHILDREN_BREAKS, SOME
from sanchoi.maps.sheets.base import painted, swatch
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.sheet import Key
from sanchoi.maps.sheets.squares import Squares
from sanchoi.maps.sheets.theme import Ink, Theme, mixed
from sanchoi.maps.sheets.window import Window
from sanchoi.maps.sheets.words import say
from sanchoi.maps.style import PALE

CLASSES = ("near", "part", "far", "very_far", "no_path")
TOLERANCE = 1 + 1e-9


def classed(walk_m: npt.NDArray[np.float64], limits: Sequence[float]) -> npt.NDArray[np.intp]:
    """Position in `CLASSES`: within the shortest limit; within the longest; within twice that; beyond; no path (NaN)."""
    low, high = limits[0] * TOLERANCE, limits[-1] * TOLERANCE
    found = np.select([np.isnan(walk_m), walk_m <= low, walk_m <= high, walk_m <= 2 * high], [4, 0, 1, 2], 3)
    return np.asarray(found, dtype=np.intp)


def draw(
    canvas: Canvas, window: Window, ground: Ground, theme: Theme, communes: Sequence[str], language: str
) -> list[Key]:
    """Cells of communes; the rest of their ground is where nobody lives, hatched where nobody has looked."""
    near = ground.near("communes", window.ground)
    near = near[near["commune_id"].isin(communes)]
    keys: list[Key] = []
    surveyed = near["surveyed"].to_numpy(dtype=bool) if len(near) else np.zeros(0, dtype=bool)
    limits = [limit for limit, _ in ground.limits]
    squares = None if ground.cells is None else ground.cells.squares(near["commune_id"] if len(near) else ())
    blank = (theme.ground, "plain", theme.ground)
    seen = [painted(canvas, window, shape, blank) for shape in near.geometry[surveyed]]
    unseen = [painted(canvas, window, shape, theme.walk["unknown"]) for shape in near.geometry[~surveyed]]
    if any(seen):
        keys.append(Key(say("inside_head", language)))
    if squares is not None and limits and any(seen):
        known = set(near["commune_id"][surveyed])
        mine = squares.within(window.ground) & np.isin(squares.commune, list(known))
        outline = dict(zip(near["commune_id"], near.geometry, strict=True))
        keys += _classes(canvas, window, ground, theme, squares, mine, outline, language)
    if any(seen):
        keys.append(Key(say("nobody", language), swatch(blank)))
    if any(unseen):
        keys.append(Key(say("children_head", language)))
        outline = dict(zip(near["commune_id"][~surveyed], near.geometry[~surveyed], strict=True))
        keys += _children(canvas, window, squares, theme, outline, language)
        keys.append(Key(say("not_surveyed", language), swatch(theme.walk["unknown"])))
    return keys


def _classes(
    canvas: Canvas,
    window: Window,
    ground: Ground,
    theme: Theme,
    squares: Squares,
    mine: npt.NDArray[np.bool_],
    outline: dict[str, shapely.Geometry],
    language: str,
) -> list[Key]:
    code = classed(squares.walk_m, [limit for limit, _ in ground.limits])
    empty = squares.children < SOME
    found: dict[str, Ink] = {}
    pale = False
    for k, name in enumerate(CLASSES):
        for blank in (False, True):
            chosen = mine & (code == k) & (empty == blank)
            if not chosen.any():
                continue
            ink = _pale(theme.walk[name], theme.ground) if blank else theme.walk[name]
            if painted(canvas, window, _ground(squares, chosen, outline), ink):
                pale = pale or blank
                if not blank or name not in found:
                    found[name] = theme.walk[name]
    keys = [Key(_said(ground, name, language), swatch(found[name])) for name in CLASSES if name in found]
    if pale:
        keys.append(Key(say("pale", language), swatch(_pale(theme.walk["near"], theme.ground))))
    return keys


def _children(
    canvas: Canvas,
    window: Window,
    squares: Squares | None,
    theme: Theme,
    outline: dict[str, shapely.Geometry],
    language: str,
) -> list[Key]:
    """Where children live in communes that nobody has surveyed: what is known of them."""
    if squares is None:
        return []
    some = squares.within(window.ground) & np.isin(squares.commune, list(outline)) & (squares.children >= SOME)
    code = np.searchsorted(CHILDREN_BREAKS, np.nan_to_num(squares.children), side="right")
    keys = []
    ends = [0.0, *CHILDREN_BREAKS, np.inf]
    for k, colour in enumerate(theme.children):
        chosen = some & (code == k)
        ink = (colour, "plain", colour)
        if chosen.any() and painted(canvas, window, _ground(squares, chosen, outline), ink):
            low, high = number(ends[k], language), number(ends[k + 1], language) if np.isfinite(ends[k + 1]) else ""
            key = "children_more" if not high else "children_under" if k == 0 else "children_class"
            keys.append(Key(say(key, language, a=low, b=high), swatch(ink)))
    return keys


def _ground(squares: Squares, chosen: npt.NDArray[np.bool_], outline: dict[str, shapely.Geometry]) -> shapely.Geometry:
    """Squares, each as far as its commune holds it."""
    parts = []
    for commune, shape in outline.items():
        mine = chosen & (squares.commune == commune)
        if mine.any():
            parts.append(squares.union(mine).intersection(shape))
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _pale(ink: Ink, under: str) -> Ink:
    return mixed(ink[0], PALE, under), ink[1], mixed(ink[2], PALE, under)


def _said(ground: Ground, name: str, language: str) -> str:
    limits = [limit for limit, _ in ground.limits]
    low, high = exact(limits[0], language), exact(limits[-1], language)
    if name == "near" and len(limits) > 1:
        return say("walk_near_all", language, m=low)
    if name == "part":
        longer = ", ".join(band for limit, bands in ground.limits if limit > limits[0] for band in bands)
        return say("walk_part", language, a=low, b=high, bands=longer)
    return say(f"walk_{name}", language, m=high, twice=exact(2 * limits[-1], language))
