"""Paper: sizes of ISO 216, and where the parts of a sheet lie on it. All lengths in millimetres, from the upper left corner."""

from __future__ import annotations

from dataclasses import dataclass

from sanchoi.maps.sheets.refusals import refusal

SIZES: dict[str, tuple[float, float]] = {
    "A4": (210.0, 297.0),
    "A3": (297.0, 420.0),
    "A2": (420.0, 594.0),
    "A1": (594.0, 841.0),
    "A0": (841.0, 1189.0),
}
"""Width and height upright."""
BINDING, MARGIN = 15.0, 8.0
"""Left margin, where a sheet is bound, and the others."""
TITLE, COORDINATES, GAP = 20.0, 6.0, 3.0
"""Height of the title, room for the coordinates around the map, room between parts; larger where letters are."""
LETTERS = {"A4": 1.0, "A3": 1.0, "A2": 1.25, "A1": 1.5, "A0": 1.8}
"""How much larger letters are on large paper, which is read from further away."""
COLUMN = 75.0
"""Width of a column of the panel below a map, at least, at letters of 1."""
PANEL = {"A4": 52.0, "A3": 76.0, "A2": 92.0, "A1": 110.0, "A0": 130.0}
"""Width of the panel beside the map on a landscape sheet; height of the one below it on an upright sheet."""


@dataclass(frozen=True)
class Box:
    """A rectangle on paper: left, top, width, height."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def inner(self, by: float) -> Box:
        """The same, smaller by a length on every side."""
        return Box(self.left + by, self.top + by, self.width - 2 * by, self.height - 2 * by)

    def over(self, times: float) -> Box:
        """The same on a canvas that is enlarged."""
        return Box(self.left / times, self.top / times, self.width / times, self.height / times)


@dataclass(frozen=True)
class Paper:
    """A sheet of paper. `landscape`: on its long side."""

    name: str = "A3"
    landscape: bool = True

    def __post_init__(self) -> None:
        if self.name not in SIZES:
            raise refusal("paper", came=self.name, known=", ".join(SIZES))

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        wide, high = SIZES[self.name]
        return (high, wide) if self.landscape else (wide, high)

    @property
    def letters(self) -> float:
        """How much larger its letters are than on A3."""
        return LETTERS[self.name]

    @property
    def after(self) -> Paper:
        """The paper of the pages of text after a map: large maps are followed by pages that one can hold."""
        return self if self.name in ("A4", "A3") else Paper("A4", landscape=False)

    @property
    def whole(self) -> Box:
        """What is inside the margins."""
        wide, high = self.size
        return Box(BINDING, MARGIN, wide - BINDING - MARGIN, high - 2 * MARGIN)

    @property
    def title(self) -> Box:
        """Where the title stands."""
        whole = self.whole
        return Box(whole.left, whole.top, whole.width, TITLE * self.letters)

    @property
    def panel(self) -> Box:
        """Where legend, locator, sources and signatures stand."""
        whole, top = self.whole, self.title.bottom + GAP
        if self.landscape:
            return Box(whole.right - PANEL[self.name], top, PANEL[self.name], whole.bottom - top)
        high = PANEL[self.name] * 1.25
        return Box(whole.left, whole.bottom - high, whole.width, high)

    @property
    def columns(self) -> int:
        """Columns of the panel."""
        return 1 if self.landscape else max(3, int(self.panel.width / self.letters // COLUMN))

    @property
    def map(self) -> Box:
        """The inside of the map's frame; its size is a whole number of millimetres."""
        whole, panel = self.whole, self.panel
        room = COORDINATES * self.letters
        left, top = whole.left + room, self.title.bottom + GAP + room
        right = panel.left - GAP - room if self.landscape else whole.right - room
        bottom = whole.bottom - room if self.landscape else panel.top - GAP - room
        return Box(left, top, float(int(right - left)), float(int(bottom - top)))
