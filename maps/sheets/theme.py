"""Themes: colours and marks of the sheets, for colour print and for grey; in both every class has a mark of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sanchoi.maps import style
from sanchoi.maps.sheets.refusals import refusal

Ink = tuple[str, str, str]
"""Fill, mark, colour of the mark."""


@dataclass(frozen=True)
class Theme:
    """Colours of a sheet.

    Attributes
    ----------
    status, walk, verdict : class → fill, mark, colour of the mark; of walk: near, part (some bands), far, very_far, no_path,
        unknown. children : few to many. unseen : few to many in communes of which nothing else is known.
    ground : a commune of the sheet where nobody lives. own : its place in the locator. frame : what marks the window there.
    """

    status: Mapping[str, Ink]
    walk: Mapping[str, Ink]
    children: tuple[str, ...]
    unseen: tuple[str, ...]
    verdict: Mapping[str, Ink]
    way: str
    water: str
    building: str
    ground: str
    own: str
    frame: str
    play: str
    play_other: str
    usable: str
    strong: str


PLAIN = Theme(
    status=style.STATUS,
    walk={
        "near": (style.WALK["near"], "plain", style.WALK["near"]),
        "part": ("#9cc7e0", "dots", "#2a6fa8"),
        "far": (style.WALK["far"], "stripes", "#fdf0d5"),
        "very_far": (style.WALK["very_far"], "hatch", "#f6d3b5"),
        "no_path": (style.WALK["no_path"], "cross", "#d8b8a8"),
        "unknown": ("#e8e8e8", "hatch", "#9a9a9a"),
    },
    children=style.FEW_TO_MANY,
    unseen=("#f4f4f4", "#dedede", "#c4c4c4", "#a6a6a6", "#858585"),
    verdict={
        "eligible": ("#a9cfe6", "plain", "#a9cfe6"),
        "conditional": ("#fbdcae", "stripes", "#c98a3c"),
        "excluded": ("#e6e4de", "cross", "#b5b1a6"),
    },
    way="#a39e93",
    water=style.BARRIER,
    building="#bdb4a7",
    ground="#f7f6f1",
    own="#c9b18a",
    frame="#b3260b",
    play=style.SITE,
    play_other=style.SITE_NOT,
    usable="#0b4f86",
    strong="#8c2d04",
)
GREY = Theme(
    status={
        "no_supply": ("#2b2b2b", "cross", "#d0d0d0"),
        "out_of_reach": ("#7d7d7d", "stripes", "#f0f0f0"),
        "crowded": ("#bdbdbd", "dots", "#303030"),
        "met": ("#f4f4f4", "plain", "#f4f4f4"),
        "no_children": ("#ffffff", "sparse", "#8b8b8b"),
        "unknown": ("#ffffff", "hatch", "#6f6f6f"),
    },
    walk={
        "near": ("#d2d2d2", "plain", "#d2d2d2"),
        "part": ("#dedede", "dots", "#303030"),
        "far": ("#a0a0a0", "stripes", "#f4f4f4"),
        "very_far": ("#6a6a6a", "hatch", "#e0e0e0"),
        "no_path": ("#262626", "cross", "#c8c8c8"),
        "unknown": ("#ffffff", "hatch", "#6f6f6f"),
    },
    children=("#f0f0f0", "#d0d0d0", "#a6a6a6", "#757575", "#3c3c3c"),
    unseen=("#ffffff", "#ececec", "#d8d8d8", "#c2c2c2", "#aaaaaa"),
    verdict={
        "eligible": ("#f4f4f4", "plain", "#f4f4f4"),
        "conditional": ("#d2d2d2", "stripes", "#707070"),
        "excluded": ("#a6a6a6", "cross", "#6c6c6c"),
    },
    way="#8c8c8c",
    water="#5c5c5c",
    building="#9c9c9c",
    ground="#ffffff",
    own="#9a9a9a",
    frame="#000000",
    play="#000000",
    play_other="#7a7a7a",
    usable="#000000",
    strong="#000000",
)
THEMES = {"plain": PLAIN, "print-grey": GREY}


def theme(name: str) -> Theme:
    """Theme by name.

    Raises
    ------
    ContractError : there is none of that name.
    """
    if name not in THEMES:
        raise refusal("style", came=name, known=", ".join(THEMES))
    return THEMES[name]


def mixed(colour: str, share: float, under: str = "#ffffff") -> str:
    """A colour laid over another with some opacity; paper has no transparency."""
    pairs = ((int(colour[k : k + 2], 16), int(under[k : k + 2], 16)) for k in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)
