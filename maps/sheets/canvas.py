"""Canvas: one PDF page in millimetres, on which shapes, marks and texts are drawn as vectors.

fpdf2 makes the file, embeds the typeface and sets the text; paths are written as PDF operators at once, because there are many.
"""

from __future__ import annotations

import bisect
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely
from fpdf import FPDF
from sanchoi.maps import assets
from sanchoi.maps.sheets.marks import marks
from sanchoi.maps.sheets.paper import Box, Paper

Floats = npt.NDArray[np.float64]
POINT_MM = 25.4 / 72
FAMILY = "BeVietnamPro"
LONG = 2000
"""More letters than this are on no line."""
SAMPLE, SHORT, KEPT = 10.0, 80, 20_000
"""Size at which widths are measured; texts so short are kept, and so many of them."""
NARROW = 0.15
"""Width of the narrowest letter as a share of its size."""
DARK, GREY, PALE, WHITE = "#141e28", "#5f5f5f", "#c9c9c4", "#ffffff"
Align = Literal["left", "centre", "right"]
Transform = Callable[[Floats], Floats]
"""East and north → x and y on paper, both (n, 2)."""


class Canvas:
    """A document, page after page. Lengths in mm from the upper left corner; colours "#rrggbb"."""

    def __init__(self, title: str, language: str, made: datetime) -> None:
        self.pdf = FPDF("portrait", "mm", "A4")
        self.pdf.add_font(FAMILY, "", assets.file("BeVietnamPro-Regular.ttf"))
        self.pdf.add_font(FAMILY, "B", assets.file("BeVietnamPro-SemiBold.ttf"))
        self.pdf.set_auto_page_break(False)
        self.pdf.c_margin = 0
        self.pdf.set_title(clean(title))
        self.pdf.set_creator("Sân Chơi")
        self.pdf.set_creation_date(made)
        self.pdf.set_lang(language)
        self._widths: dict[tuple[str, bool], float] = {}

    def page(self, paper: Paper) -> None:
        """Begin a page."""
        wide, high = paper.size
        self.pdf.add_page(orientation="portrait", format=(wide, high))

    @property
    def count(self) -> int:
        """Pages so far."""
        return len(self.pdf.pages)

    def numbered(self, language: str) -> None:
        """Write on each page which it is, where there are several."""
        for page in range(1, self.count + 1 if self.count > 1 else 1):
            self.pdf.page = page
            self.pdf.current_font_is_set_on_page = False
            wide, high = self.pdf.pages[page].dimensions()
            self.pdf.h = high / self._k
            told = f"Page {page} of {self.count}" if language == "en" else f"Trang {page}/{self.count}"
            self.text(wide / self._k - 8, self._high - 4.8, told, 5.5, colour=GREY, align="right")

    def bytes(self) -> bytes:
        """The document, once."""
        made = bytes(self.pdf.output())
        self.close()
        return made

    def close(self) -> None:
        """Let go of the files of the typefaces."""
        for font in self.pdf.fonts.values():
            if hasattr(font, "ttfont"):
                font.ttfont.close()

    def __enter__(self) -> Canvas:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Shapes

    def area(self, shape: shapely.Geometry, to: Transform, fill: str) -> None:
        """Fill polygons."""
        path = _rings(shape, to, self._k, self._high)
        if path:
            self._write(f"{_rgb(fill)} rg {path}f*")

    def outline(
        self, shape: shapely.Geometry, to: Transform, colour: str, width: float, dash: Sequence[float] = ()
    ) -> None:
        """Draw lines, or the edges of polygons."""
        path = _rings(shape, to, self._k, self._high)
        if path:
            self._write(f"q {_rgb(colour)} RG {width * self._k:.3f} w 1 J 1 j {self._dashed(dash)}{path}S Q")

    def hatch(self, shape: shapely.Geometry, to: Transform, colour: str, mark: str, step: float = 2.2) -> None:
        """Fill polygons with a mark: stripes, hatch, cross (lines), dots or sparse (points)."""
        path = _rings(shape, to, self._k, self._high)
        if not path or mark == "plain":
            return
        x, y = to(shapely.get_coordinates(shape)).T
        lines = marks(mark, Box(x.min(), y.min(), np.ptp(x), np.ptp(y)), step)
        drawn = _rings(lines, lambda xy: xy, self._k, self._high)
        kind = f"{_rgb(colour)} RG {0.25 * self._k:.3f} w 1 J {drawn}S"
        self._write(f"q {path}W* n {kind} Q")

    def dot(self, x: float, y: float, radius: float, fill: str, edge: str | None = None) -> None:
        """A round mark."""
        turns = np.linspace(0, 2 * np.pi, 25)
        ring = shapely.Polygon(np.column_stack([x + radius * np.cos(turns), y + radius * np.sin(turns)]))
        self.area(ring, lambda xy: xy, fill)
        if edge is not None:
            self.outline(ring, lambda xy: xy, edge, 0.2)

    def line(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        colour: str = DARK,
        width: float = 0.2,
        dash: Sequence[float] = (),
    ) -> None:
        """A straight line."""
        k, high = self._k, self._high
        path = f"{x0 * k:.4f} {(high - y0) * k:.4f} m {x1 * k:.4f} {(high - y1) * k:.4f} l "
        self._write(f"q {_rgb(colour)} RG {width * k:.3f} w {self._dashed(dash)}{path}S Q")

    def box(self, box: Box, fill: str | None = None, edge: str | None = DARK, width: float = 0.2) -> None:
        """A rectangle."""
        path = f"{box.left * self._k:.4f} {(self._high - box.bottom) * self._k:.4f} "
        path += f"{box.width * self._k:.4f} {box.height * self._k:.4f} re "
        if fill is not None:
            self._write(f"{_rgb(fill)} rg {path}f")
        if edge is not None:
            self._write(f"q {_rgb(edge)} RG {width * self._k:.3f} w {path}S Q")

    @contextmanager
    def inside(self, box: Box) -> Iterator[None]:
        """Draw only within a rectangle."""
        k = self._k
        with self.pdf.local_context():  # not a bare "q": the typeface set inside must be set again outside
            self._write(
                f"{box.left * k:.4f} {(self._high - box.bottom) * k:.4f} {box.width * k:.4f} {box.height * k:.4f} re W n"
            )
            yield

    @contextmanager
    def enlarged(self, times: float) -> Iterator[None]:
        """Draw larger: what is drawn at x, y stands at `times` x, y."""
        if times == 1:
            yield
            return
        with self.pdf.local_context():
            self._write(f"{times:.4f} 0 0 {times:.4f} 0 {self._high * self._k * (1 - times):.4f} cm")
            yield

    # Texts

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Width of a text, mm; `size` in points. Widths of short texts are kept: tables are laid out several times."""
        text = clean(text)
        known = self._widths.get((text, bold))
        if known is None:
            self.pdf.set_font(FAMILY, "B" if bold else "", SAMPLE)
            known = float(self.pdf.get_string_width(text)) / SAMPLE
            if len(text) <= SHORT and len(self._widths) < KEPT:
                self._widths[text, bold] = known
        return known * size

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 8,
        *,
        bold: bool = False,
        colour: str = DARK,
        align: Align = "left",
        turn: float = 0.0,
        most: float | None = None,
    ) -> None:
        """One line of text on a base line at y.

        Parameters
        ----------
        turn : degrees, against the clock. most : the text is cut to so many mm.
        """
        text = clean(text) if most is None else self.fitted(text, size, most, bold)
        if not text:
            return
        wide = self.width(text, size, bold)
        self.pdf.set_font(FAMILY, "B" if bold else "", size)
        left = x - {"left": 0.0, "centre": wide / 2, "right": wide}[align]
        self.pdf.set_text_color(*_parts(colour))
        if turn:
            with self.pdf.rotation(turn, x, y):
                self.pdf.text(left, y, text)
        else:
            self.pdf.text(left, y, text)

    def fitted(self, text: str, size: float, most: float, bold: bool = False) -> str:
        """A text, or as much of it as fits, with an ellipsis."""
        text = clean(text)
        if len(text) <= LONG and self.width(text, size, bold) <= most:
            return text
        return text[: self._fits(text, size, most, bold, "…")].rstrip() + "…"

    def lines(self, text: str, size: float, most: float, bold: bool = False) -> list[str]:
        """A text broken into lines of at most `most` mm, at spaces; a longer word is cut through."""
        out: list[str] = []
        space = self.width(" ", size, bold)
        for paragraph in clean(text, "\n").split("\n"):
            line, wide = "", 0.0
            for word in paragraph.split():
                long = self.width(word, size, bold) if len(word) <= LONG else np.inf
                if line and wide + space + long <= most:
                    line, wide = f"{line} {word}", wide + space + long
                    continue
                out += [line] if line else []
                rest = word
                while len(rest) > 1 and (len(rest) > LONG or self.width(rest, size, bold) > most):
                    cut = max(self._fits(rest, size, most, bold), 1)
                    out.append(rest[:cut])
                    rest = rest[cut:]
                line, wide = rest, self.width(rest, size, bold)
            out.append(line)
        return out

    def _fits(self, text: str, size: float, most: float, bold: bool, end: str = "") -> int:
        """How many letters of a text fit; more of them than the narrowest would make are not looked at."""
        text = text[: max(4, int(most / (size * POINT_MM * NARROW)))]
        return bisect.bisect_right(range(1, len(text) + 1), most, key=lambda n: self.width(text[:n] + end, size, bold))

    def paragraph(
        self,
        x: float,
        y: float,
        most: float,
        text: str,
        size: float = 8,
        *,
        bold: bool = False,
        colour: str = DARK,
        lead: float = 1.3,
    ) -> float:
        """A text in lines; `y` is its upper edge. Returns where it ends."""
        high = size * POINT_MM
        for line in self.lines(text, size, most, bold):
            y += high
            self.text(x, y, line, size, bold=bold, colour=colour)
            y += high * (lead - 1)
        return y

    # Inner

    @property
    def _k(self) -> float:
        return float(self.pdf.k)

    @property
    def _high(self) -> float:
        return float(self.pdf.h)

    def _dashed(self, dash: Sequence[float]) -> str:
        return f"[{' '.join(f'{each * self._k:.3f}' for each in dash)}] 0 d " if dash else ""

    def _write(self, operators: str) -> None:
        self.pdf._out(operators)


def clean(text: str, kept: str = "") -> str:
    """A text in NFC without what is no letter: control characters become spaces, halves of letters a mark."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each in kept else "\ufffd" if "\ud800" <= each <= "\udfff" else " "
        for each in text
    )


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _rgb(colour: str) -> str:
    return " ".join(f"{part / 255:.3f}" for part in _parts(colour))


def _rings(shape: shapely.Geometry | Iterable[shapely.Geometry], to: Transform, k: float, high: float) -> str:
    """Path operators of lines and rings."""
    parts = shapely.get_parts(np.atleast_1d(np.asarray(shape, dtype=object)))
    while (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    parts = parts[~shapely.is_empty(parts)]
    area = shapely.get_dimensions(parts) == 2
    lines = np.concatenate([shapely.get_rings(parts[area]), parts[shapely.get_dimensions(parts) == 1]])
    if not len(lines):
        return ""
    xy, of = shapely.get_coordinates(lines, return_index=True)
    placed = to(xy)
    points = np.column_stack([placed[:, 0] * k, (high - placed[:, 1]) * k])
    first = np.r_[True, of[1:] != of[:-1]]
    closed = shapely.is_ring(lines)
    out = []
    for (x, y), begins, last, line in zip(points.tolist(), first, np.r_[first[1:], True], of, strict=True):
        if last and closed[line] and not begins:
            out.append("h")
        else:
            out.append(f"{x:.3f} {y:.3f} {'m' if begins else 'l'}")
    return " ".join(out) + " "
