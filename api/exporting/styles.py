"""Styles: how a layer looks in another program: classes with tests and symbols, from which QML, SLD and KML are written."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
from sanchoi.maps import style

Value = str | float | bool | None
Compare = Literal["=", "<", "<=", ">", ">=", "null", "known"]
Test = tuple[str, Compare, Value]
"""Column, how, and with what: ("status", "=", "met")."""

DARK = style.OUTLINE

COMPARE: dict[str, Any] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Symbol:
    """How a class is drawn; lengths in millimetres.

    Attributes
    ----------
    fill : colour, "" = none. mark, ink : pattern over it and its colour. outline, width, dash : of the edge, or of the line.
    shape, size : of a point; ground : its size in metres on the ground instead, 0 = none.
    pin : whether an area has a point in it too, so that it is seen from afar.
    """

    fill: str
    mark: str = "plain"
    ink: str = ""
    outline: str = DARK
    width: float = 0.2
    dash: bool = False
    shape: str = "circle"
    size: float = 2.4
    opacity: float = 1.0
    ground: float = 0.0
    pin: bool = False


@dataclass(frozen=True)
class Class:
    """One class: its words in the legend, all tests that its rows pass (none = every row), and its symbol."""

    label: str
    tests: tuple[Test, ...]
    symbol: Symbol


@dataclass(frozen=True)
class Label:
    """Names on the map. `column` : what is written. `decimals` : of a number, None = as it is.

    `scale` : the smallest scale at which they are shown (5000 = 1:5,000), 0 = always. `unknown` : what stands for no value.
    """

    column: str
    scale: int = 0
    size: float = 8.0
    bold: bool = False
    decimals: int | None = None
    unknown: str = ""
    language: str = "vi"


@dataclass(frozen=True)
class Style:
    """One style of a layer. `name` : key of `STYLE_WORDS`. `classes` : in order of the legend; those without rows are left out."""

    name: str
    title: str
    classes: tuple[Class, ...]
    label: Label | None = None

    @property
    def column(self) -> str:
        """The one column that all classes ask about by one test each; "" when there is none."""
        asked = {each.tests[0][0] if len(each.tests) == 1 else "" for each in self.classes}
        if len(asked) != 1 or "" in asked:
            return ""
        return asked.pop() if all(each.tests[0][1] == "=" for each in self.classes) else ""

    @property
    def ranged(self) -> str:
        """The column of which all classes are ranges (from, to); "" when they are not."""
        for each in self.classes:
            if [how for _, how, _ in each.tests] != [">=", "<"] or len({name for name, _, _ in each.tests}) != 1:
                return ""
        names = {each.tests[0][0] for each in self.classes}
        return names.pop() if len(names) == 1 else ""


def chosen(frame: pd.DataFrame, tests: Sequence[Test]) -> pd.Series:
    """Which rows pass all tests; what is unknown passes none but "null"."""
    found = pd.Series(True, index=frame.index)
    for column, how, value in tests:
        values = frame[column]
        if how in ("null", "known"):
            found &= values.isna() if how == "null" else values.notna()
        else:
            found &= COMPARE[how](values, value).fillna(False).astype(bool)
    return found
