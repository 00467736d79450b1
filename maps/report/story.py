"""Story: texts, tables and pictures that run down A4 pages, with headings that are bookmarks, and a foot on every page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sanchoi.maps.report.tags import Element, Tags
from sanchoi.maps.report.words import say
from sanchoi.maps.sheets import flow
from sanchoi.maps.sheets.canvas import DARK, GREY, PALE, POINT_MM, Canvas
from sanchoi.maps.sheets.flow import Atom
from sanchoi.maps.sheets.paper import Box, Paper
from sanchoi.maps.sheets.sheet import fitting
from sanchoi.maps.sheets.theme import PLAIN, Theme

PAPER = Paper("A4", landscape=False)
ROOM = Box(25.0, 20.0, 168.0, 257.0)
"""What text may take; the left margin is for the binding."""
BODY, SMALL, HEAD, SUB, TOC = 10.0, 8.0, 14.0, 11.0, 9.0
"""Letters in points: text, notes, headings of sections, headings inside them, contents."""
ACCENT = "#0b4f86"


@dataclass(frozen=True)
class Heading(Atom):
    """A heading that the contents and the bookmarks name."""

    key: str = ""
    name: str = ""


@dataclass(frozen=True)
class Space(Atom):
    """Room between parts; none where a page begins or ends."""


@dataclass(frozen=True)
class Break(Atom):
    """What follows begins a page."""


@dataclass
class Story:
    """A report in the making: atoms in their order, then pages."""

    canvas: Canvas
    language: str
    head: str
    foot: str
    theme: Theme = PLAIN
    atoms: list[Atom] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tags = Tags(self.canvas.pdf)
        self.pages_of: dict[str, tuple[int, float]] = {}
        self.sections: list[tuple[str, str]] = []

    def say(self, key: str, **values: object) -> str:
        """A word."""
        return say(key, self.language, **values)

    # Parts

    def add(self, *atoms: Atom) -> None:
        """Put atoms at the end."""
        self.atoms += atoms

    def section(self, key: str, name: str, fresh: bool = False) -> None:
        """Begin a section, on a page of its own if so wished."""
        number = len(self.sections) + 1
        self.sections.append((key, f"{number}. {name}"))
        if fresh:
            self.add(Break(0.0, _nothing))
        else:
            self.add(space(4.0))
        told = f"{number}. {name}"
        lines = self.canvas.lines(told, HEAD, ROOM.width, True)
        step = HEAD * POINT_MM * 1.2

        def paint(canvas: Canvas, x: float, y: float) -> None:
            with self.tags.marked(self.tags.group("/H2")):
                for k, line in enumerate(lines):
                    canvas.text(x, y + HEAD * POINT_MM + k * step, line, HEAD, bold=True, colour=ACCENT)
            with self.tags.artifact():
                canvas.line(x, y + step * len(lines) + 1.6, x + ROOM.width, y + step * len(lines) + 1.6, ACCENT, 0.35)

        self.add(Heading(step * len(lines) + 4.2, paint, sticks=True, key=key, name=told))

    def heading(self, words: str, wide: float = ROOM.width) -> None:
        """A heading inside a section, kept with what follows."""
        lines = self._lines(words, SUB, "/H3", bold=True, sticks=True, wide=wide)
        self.add(space(2.4, True), *lines)
        self.add(space(0.8, True))

    def text(
        self,
        words: str,
        size: float = BODY,
        *,
        bold: bool = False,
        colour: str = DARK,
        sticks: bool = False,
        after: float = 1.6,
        indent: float = 0.0,
        lead: str = "",
        wide: float = ROOM.width,
    ) -> None:
        """A paragraph; its first two lines, and its last two, stay together. `lead`: its first words, in bold."""
        atoms = self._lines(
            words, size, "/P", bold=bold, colour=colour, sticks=sticks, indent=indent, lead=lead, wide=wide
        )
        if len(atoms) > 1 and not sticks:
            atoms = [replace(each, sticks=k in (0, len(atoms) - 2)) for k, each in enumerate(atoms)]
        self.add(*atoms, space(after, sticks))

    def bullets(self, items: Sequence[str], size: float = BODY, colour: str = DARK, ordered: bool = False) -> None:
        """A list."""
        parent: list[Element] = []
        for n, item in enumerate(items, 1):
            mark = f"{n}." if ordered else "•"
            atoms = self._lines(item, size, "/LI", colour=colour, indent=5.0, mark=mark, parent=parent)
            if len(atoms) > 1:
                atoms = [replace(each, sticks=k in (0, len(atoms) - 2)) for k, each in enumerate(atoms)]
            self.add(*atoms, space(size * 0.1))

    def figure(self, high: float, alt: str, paint: Callable[[Canvas, Box], None], sticks: bool = False) -> None:
        """A picture across the page, with what it shows in words."""

        def drawn(canvas: Canvas, x: float, y: float) -> None:
            with self.tags.marked(self.tags.group("/Figure", alt=alt)):
                paint(canvas, Box(x, y, ROOM.width, high))

        self.add(Atom(high, drawn, sticks))

    def aside(self, left: Callable[[float], None], right: Callable[[float], None]) -> None:
        """Two parts side by side, neither of them cut; each is given its width and adds its atoms."""
        gap, start = 8.0, len(self.atoms)
        wide = (ROOM.width - gap) / 2
        sides = []
        for make in (left, right):
            make(wide)
            sides.append(self.atoms[start:])
            del self.atoms[start:]
        if not all(sides):
            self.atoms += [*sides[0], *sides[1]]
            return

        def paint(canvas: Canvas, x: float, y: float) -> None:
            for k, atoms in enumerate(sides):
                at = y
                for atom in atoms:
                    atom.paint(canvas, x + k * (wide + gap), at)
                    at += atom.height

        self.add(Atom(max(sum(atom.height for atom in atoms) for atoms in sides), paint))

    def contents(self) -> None:
        """The contents in two columns, each line a link; call it when all sections are known."""
        step, gap = TOC * POINT_MM * 1.5, 8.0
        wide = (ROOM.width - gap) / 2
        half = (len(self.sections) + 1) // 2
        parent: list[Element] = []

        def entry(canvas: Canvas, x: float, y: float, key: str, name: str) -> None:
            page, top = self.pages_of[key]
            base, number, right = y + TOC * POINT_MM, str(page), x + wide
            size = fitting(canvas, name, TOC, TOC * 0.7, wide - 12, False)
            told = canvas.fitted(name, size, wide - 12)
            end = x + canvas.width(told, size)
            with self.tags.marked(self.tags.group("/TOCI", self._once(parent, "/TOC"))):
                canvas.text(x, base, told, size)
                canvas.text(right, base, number, TOC, align="right")
            with self.tags.artifact():
                canvas.line(end + 2, base, right - canvas.width(number, TOC) - 2, base, GREY, 0.15, (0.2, 1.0))
            link = canvas.pdf.add_link(page=page, y=max(top - 4, 0))
            canvas.pdf.link(x, y, wide, step, link)

        def columns(canvas: Canvas, x: float, y: float) -> None:
            for k, (key, name) in enumerate(self.sections):
                entry(canvas, x + (wide + gap) * (k // half), y + step * (k % half), key, name)

        self.add(Atom(step * half, columns))

    # Pages

    def bytes(self) -> bytes:
        """Place everything on pages, paint them, and give the document."""
        placed = self._placed()
        for k, page in enumerate(placed, 1):
            for atom, _, y in page:
                if isinstance(atom, Heading):
                    self.pages_of[atom.key] = (k, y)
        for k, page in enumerate(placed, 1):
            self.canvas.page(PAPER)
            self._around(k, len(placed))
            for atom, x, y in page:
                if isinstance(atom, Heading):
                    self.canvas.pdf.set_y(y - 4)
                    self.canvas.pdf.start_section(atom.name)
                atom.paint(self.canvas, x, y)
        return self.canvas.bytes()

    def _placed(self) -> list[list[flow.Placed]]:
        chunks: list[list[Atom]] = [[]]
        for atom in self.atoms:
            if isinstance(atom, Break):
                chunks.append([])
            else:
                chunks[-1].append(atom)
        pages = []
        for chunk in chunks:
            while chunk and isinstance(chunk[-1], Space):
                chunk.pop()
            rest = chunk
            while rest:
                if isinstance(rest[0], Space):
                    rest = rest[1:]
                    continue
                placed, left = flow.place(rest, [ROOM])
                if not placed:  # what sticks together is higher than a page: cut it rather than never end
                    placed, left = [(rest[0], ROOM.left, ROOM.top)], rest[1:]
                pages.append(placed)
                rest = left
        return pages

    def _around(self, page: int, count: int) -> None:
        canvas, low = self.canvas, 297.0 - 14.0
        with self.tags.artifact():
            if page > 1:
                canvas.text(ROOM.left, 13.0, canvas.fitted(self.head, 7.5, ROOM.width), 7.5, colour=GREY)
                canvas.line(ROOM.left, 15.0, ROOM.right, 15.0, PALE, 0.2)
            canvas.line(ROOM.left, low - 3.6, ROOM.right, low - 3.6, PALE, 0.2)
            told = self.say("rp_page", k=page, n=count)
            canvas.text(ROOM.right, low, told, 8, align="right")
            for k, line in enumerate(canvas.lines(self.foot, 6.5, ROOM.width - 26)[:3]):
                canvas.text(ROOM.left, low + 2.9 * k, line, 6.5, colour=GREY)

    # Inner

    def _once(self, held: list[Element], kind: str) -> Element:
        if not held:
            held.append(self.tags.group(kind))
        return held[0]

    def _lines(
        self,
        words: str,
        size: float,
        kind: str,
        *,
        bold: bool = False,
        colour: str = DARK,
        sticks: bool = False,
        indent: float = 0.0,
        mark: str = "",
        parent: list[Element] | None = None,
        lead: str = "",
        wide: float = ROOM.width,
    ) -> list[Atom]:
        """A paragraph, an atom a line, all of one element."""
        held: list[Element] = []

        def line(told: str, first: bool) -> flow.Paint:
            def paint(canvas: Canvas, x: float, y: float) -> None:
                if not held:
                    held.append(self.tags.group(kind, None if parent is None else self._once(parent, "/L")))
                with self.tags.marked(held[0]):
                    if first and mark:
                        canvas.text(x, y + size * POINT_MM, mark, size, colour=colour)
                    x += indent
                    if first and lead:
                        canvas.text(x, y + size * POINT_MM, lead, size, bold=True, colour=colour)
                        x += canvas.width(lead + " ", size, True)
                    canvas.text(x, y + size * POINT_MM, told, size, bold=bold, colour=colour)

            return paint

        high = size * POINT_MM * 1.34
        lines = self.canvas.lines(words, size, wide - indent, bold)
        if lead:  # its letters are wider: the first line is broken again with the room that they leave
            rest = words.removeprefix(lead).strip()
            room = wide - indent - self.canvas.width(lead + " ", size, True)
            begun = self.canvas.lines(rest, size, max(room, 20.0), bold)[0]
            later = rest.removeprefix(begun).strip()
            lines = [begun, *(self.canvas.lines(later, size, wide - indent, bold) if later else [])]
        return [Atom(high, line(told, k == 0), sticks) for k, told in enumerate(lines)]


def space(height: float, sticks: bool = False) -> Space:
    """Nothing, so many mm of it."""
    return Space(height, _nothing, sticks)


def _nothing(canvas: Canvas, x: float, y: float) -> None:
    """Paint nothing."""
