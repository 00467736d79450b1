"""Page: the canvas of a report, which shows letters that the typeface does not have as "?" and never as nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sanchoi.maps.sheets.canvas import FAMILY, Canvas


class Page(Canvas):
    """A canvas for names in any writing."""

    def __init__(self, title: str, language: str, made: datetime) -> None:
        super().__init__(title, language, made)
        self._known = set(self.pdf.fonts[FAMILY.lower()].cmap)  # type: ignore[union-attr]

    def shown(self, text: str) -> str:
        """A text as the typeface can show it."""
        if all(ord(each) in self._known for each in text):
            return text
        return "".join(each if ord(each) in self._known or not each.isprintable() else "?" for each in text)

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Width of a text, mm."""
        return super().width(self.shown(text), size, bold)

    def text(self, x: float, y: float, text: str, size: float = 8, **how: Any) -> None:  # noqa: ANN401 - as of a canvas
        """One line of text on a base line at y."""
        super().text(x, y, self.shown(text), size, **how)

    def fitted(self, text: str, size: float, most: float, bold: bool = False) -> str:
        """A text, or as much of it as fits, with an ellipsis."""
        return super().fitted(self.shown(text), size, most, bold)

    def lines(self, text: str, size: float, most: float, bold: bool = False) -> list[str]:
        """A text broken into lines of at most `most` mm."""
        return super().lines(self.shown(text), size, most, bold)
