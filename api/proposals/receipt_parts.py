"""Parts of a receipt: its QR code, and texts that its typeface can write."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF
from sanchoi.maps import assets

REGULAR, BOLD = "BeVietnamPro-Regular.ttf", "BeVietnamPro-SemiBold.ttf"


def decimal(value: float, language: str) -> str:
    """A length or coordinate to the centimetre, without marks between thousands, as papers list it."""
    text = f"{value:.2f}"
    return text if language == "en" else text.replace(".", ",")


def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """The QR code of a text: dark or light, row by row, with its quiet zone."""
    code = segno.make_qr(text, error="m")
    return tuple(tuple(bool(each) for each in row) for row in code.matrix_iter(border=4))


def paint(paper: FPDF, dark: Sequence[Sequence[bool]], x: float, y: float, wide: float) -> None:
    """Draw a QR code as one path, a rectangle for each run of dark modules."""
    unit = wide / len(dark)
    with paper.new_path() as path:
        path.style.fill_color = "#000000"
        path.style.stroke_color = None
        for row, line in enumerate(dark):
            start = None
            for column, one in enumerate((*line, False)):
                if one and start is None:
                    start = column
                elif not one and start is not None:
                    path.rectangle(x + start * unit, y + row * unit, (column - start) * unit, unit)
                    start = None


def shown(text: str) -> str:
    """A text of which every character is in the typeface: others become a sign that says so."""
    known = _characters()
    return "".join(each if each == "\n" or ord(each) in known else {"′": "'", "″": '"'}.get(each, "?") for each in text)


def clipped(text: str, most: int) -> str:
    """A text on one page with the others."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@cache
def _characters() -> frozenset[int]:
    with TTFont(assets.file(REGULAR)) as font:
        return frozenset(font.getBestCmap())
