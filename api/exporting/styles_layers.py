"""Styles of each layer, in the colours and marks of the maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from sanchoi.api.exporting.parts import Part
from sanchoi.api.exporting.styles import DARK, Class, Label, Style, Symbol, Test, chosen
from sanchoi.gis.declare import ACCESS
from sanchoi.gis.sentences import number
from sanchoi.maps import style
from sanchoi.maps.sheets.theme import PLAIN, Ink
from sanchoi.maps.sheets.words import say

LAND: dict[str, Ink] = {
    "A": ("#a9cfe6", "plain", "#a9cfe6"),
    "B": ("#fbdcae", "stripes", "#c98a3c"),
    "C": ("#c9b3d5", "dots", "#5f3a78"),
    "X": ("#e6e4de", "cross", "#8f8c84"),
}
"""Class of land → ink. Colours that Okabe and Ito's readers tell apart, and a mark of its own for each."""
ACCESS_INK: dict[str, tuple[str, str]] = {
    "public": ("plain", "circle"),
    "restricted": ("stripes", "square"),
    "fee": ("dots", "diamond"),
    "closed": ("cross", "cross2"),
    "unknown": ("hatch", "triangle"),
}
"""Access → mark of the area, shape of the point."""
LAND_WORDS = {
    "A": ("Nhóm A: dễ nhất", "Class A: easiest"),
    "B": ("Nhóm B: chuyển mục đích thông thường", "Class B: ordinary change of use"),
    "C": ("Nhóm C: Hội đồng nhân dân tỉnh chấp thuận", "Class C: the provincial People's Council"),
    "X": ("Nhóm X: loại", "Class X: excluded"),
    None: ("Mã đất chưa rõ", "Unknown code"),
}
STYLE_WORDS = {
    "status": ("Tình trạng", "Status"),
    "share": ("Tỷ lệ trẻ đi bộ tới được", "Share of children who can walk to one"),
    "outline": ("Ranh giới", "Outlines"),
    "access": ("Sân chơi", "Play areas"),
    "verdict": ("Kết luận", "Verdict"),
    "land": ("Nhóm đất", "Class of land"),
    "usable": ("Phần dùng được", "Usable piece"),
    "order": ("Thứ tự xây", "Build order"),
    "barrier": ("Vật cản", "Barriers"),
    "walk": ("Đi bộ tới sân chơi", "Walk to a play area"),
    "children": ("Trẻ em trong ô", "Children in the cell"),
}
CHILDREN = (1.0, 5.0, 20.0, 50.0)


def of(part: Part, language: str, run: Mapping[str, Any]) -> list[Style]:
    """Styles of a layer, the one that it opens with first. `run` : the record, for the norm's limits and the size of cells."""
    side = 1 if language == "en" else 0
    makers: dict[str, Callable[[Part, str], list[Style]]] = {
        "communes": _communes,
        "gaps": _gaps,
        "play_areas": _play_areas,
        "cells": lambda part, language: _cells(part, language, run),
        "barriers": lambda _, __: [_one("barrier", Symbol(style.BARRIER, outline=style.BARRIER, width=0.5), side)],
        "parcels": _parcels,
        "usable": lambda _, __: [_one("usable", Symbol("", "stripes", PLAIN.usable, PLAIN.usable, 0.35), side)],
        "sites": _sites,
    }
    made = makers[part.layer.kind](part, language) if part.layer.kind in makers else []
    return [found for found in (_with_rows(each, part.frame) for each in made) if found.classes]


def _with_rows(made: Style, frame: pd.DataFrame) -> Style:
    kept = tuple(each for each in made.classes if not each.tests or bool(chosen(frame, each.tests).any()))
    return Style(made.name, made.title, kept, made.label)


def _one(name: str, symbol: Symbol, side: int, label: Label | None = None) -> Style:
    words = STYLE_WORDS[name][side]
    return Style(name, words, (Class(words, (), symbol),), label)


def _style(name: str, classes: Sequence[Class], side: int, label: Label | None = None) -> Style:
    return Style(name, STYLE_WORDS[name][side], tuple(classes), label)


def _inked(ink: Ink, **more: object) -> Symbol:
    return Symbol(ink[0], ink[1], ink[2], **more)  # type: ignore[arg-type]


def _side(language: str) -> int:
    return 1 if language == "en" else 0


def _communes(_: Part, language: str) -> list[Style]:
    label = Label("name", size=8, bold=True, language=language)
    return [_one("outline", Symbol("", outline=DARK, width=0.4), _side(language), label)]


def _gaps(_: Part, language: str) -> list[Style]:
    side = _side(language)
    label = Label("children_uncovered", size=8, bold=True, decimals=0, unknown="?", language=language)
    status = [
        Class(say(f"s_{name}", language), (("status", "=", name),), _inked(ink)) for name, ink in PLAIN.status.items()
    ]
    ends = [0.0, 0.2, 0.4, 0.6, 0.8, 1.000001]
    share = [
        Class(
            f"{100 * low:.0f} – {100 * min(high, 1):.0f} %",
            (("covered_share", ">=", low), ("covered_share", "<", high)),
            Symbol(colour),
        )
        for low, high, colour in zip(ends[:-1], ends[1:], style.WORST_TO_BEST, strict=True)
    ]
    blank: Test = ("covered_share", "null", None)  # not drawn at all, it would look as if there were no commune
    share += [replace(each, tests=(blank, *each.tests)) for each in status]
    return [_style("status", status, side, label), _style("share", share, side, label)]


def _play_areas(part: Part, language: str) -> list[Style]:
    side = _side(language)
    classes = []
    for counts in (True, False):
        words = say("play_area" if counts else "play_other", language)
        colour = style.SITE if counts else style.SITE_NOT
        for access in ACCESS:
            mark, shape = ACCESS_INK[access]
            symbol = Symbol(
                colour if counts else "#ffffff",
                mark if part.shape == "polygon" else "plain",
                "#ffffff" if counts else colour,
                "#ffffff" if counts and part.shape == "point" else colour,
                0.3,
                shape=shape,
                size=3.0 if part.shape == "point" else 1.6,
                pin=part.shape == "polygon",
            )
            tests: tuple[Test, ...] = (("counts", "=", counts), ("access", "=", access))
            classes.append(Class(f"{words} · {say(f'a_{access}', language)}", tests, symbol))
    return [_style("access", classes, side, Label("name", 15_000, 7, language=language))]


def _cells(part: Part, language: str, run: Mapping[str, Any]) -> list[Style]:
    side = _side(language)
    ground = float(run.get("settings", {}).get("study", {}).get("cell_m") or 0)
    base = Symbol("", outline="", width=0, shape="square", size=1.6, ground=ground)
    limits = sorted({float(row["walk_m"]) for row in run.get("norms", ()) if row.get("walk_m")})
    walk = [] if not limits else [_walk(part, language, limits[0], limits[-1], base)]
    if "children" not in part.frame:
        return walk
    ends = [0.0, *CHILDREN, 1e12]
    classes = []
    for low, high, colour in zip(ends[:-1], ends[1:], PLAIN.children, strict=True):
        values = {"a": number(low, language), "b": number(high, language)}
        key = "children_under" if low == 0 else "children_more" if high > 1e9 else "children_class"
        tests: tuple[Test, ...] = (("children", ">=", low), ("children", "<", high))
        classes.append(Class(say(key, language, **values), tests, replace(base, fill=colour)))
    unknown = replace(base, fill=PLAIN.walk["unknown"][0])
    classes.append(Class(say("unknown_", language), (("children", "null", None),), unknown))
    children = _style("children", classes, side)
    return [*walk, children] if part.frame["covered"].notna().any() else [children, *walk]


def _walk(part: Part, language: str, low: float, high: float, base: Symbol) -> Style:
    """Cells by the walk. What is not known to be covered or not is unknown: a nearer place may stand where nobody looked."""
    m, twice = number(high, language), number(2 * high, language)
    slack = 1 + 1e-9
    rows: list[tuple[str, str, tuple[Test, ...]]] = [
        ("near", say("walk_near", language, m=number(low, language)), (("walk_m", "<=", low * slack),)),
        (
            "part",
            f"{number(low, language)}–{m} m",
            (("walk_m", ">", low * slack), ("walk_m", "<=", high * slack)),
        ),
        (
            "far",
            say("walk_far", language, m=m, twice=twice),
            (("walk_m", ">", high * slack), ("walk_m", "<=", 2 * high * slack)),
        ),
        ("very_far", say("walk_very_far", language, twice=twice), (("walk_m", ">", 2 * high * slack),)),
        ("no_path", say("walk_no_path", language), (("walk_m", "null", None),)),
    ]
    known: tuple[Test, ...] = (("covered", "known", None),) if "covered" in part.frame else ()
    classes = [Class(words, (*known, *tests), replace(base, fill=PLAIN.walk[name][0])) for name, words, tests in rows]
    if known:
        unknown = replace(base, fill=PLAIN.walk["unknown"][0])
        classes.append(Class(say("not_surveyed", language), (("covered", "null", None),), unknown))
    return _style("walk", classes, _side(language))


def _parcels(_: Part, language: str) -> list[Style]:
    side = _side(language)
    label = Label("land_use", 5_000, 7, language=language)
    verdict = [
        Class(
            say(f"vl_{name}", language),
            (("verdict", "=", name),),
            _inked(ink, width=0.12, dash=name == "conditional", outline="#6b6b6b"),
        )
        for name, ink in PLAIN.verdict.items()
    ]
    land = [
        Class(LAND_WORDS[name][side], (("land_class", "=", name),), _inked(ink, width=0.15))
        for name, ink in LAND.items()
    ]
    blank = Symbol("#ffffff", "hatch", "#9a9a9a", width=0.15)
    land.append(Class(LAND_WORDS[None][side], (("land_class", "null", None),), blank))
    return [_style("verdict", verdict, side, label), _style("land", land, side, label)]


def _sites(part: Part, language: str) -> list[Style]:
    shape = Symbol(PLAIN.usable, outline=PLAIN.strong, width=0.7, pin=True)
    classes = [
        Class(say("v_eligible", language), (("verdict", "=", "eligible"),), shape),
        Class(
            say("v_conditional", language),
            (("verdict", "=", "conditional"),),
            Symbol(PLAIN.verdict["conditional"][0], "stripes", PLAIN.strong, PLAIN.strong, 0.7, True, pin=True),
        ),
    ]
    label = Label("build_order", size=11, bold=True, decimals=0, language=language)
    return [_style("order", classes, _side(language), label)]
