"""Sheet: what every sheet has around its map: title, frame with grid and coordinates, scale, north, legend, sources, signatures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from sanchoi.gis.sentences import number
from sanchoi.maps.sheets import flow
from sanchoi.maps.sheets.canvas import DARK, GREY, PALE, POINT_MM, WHITE, Canvas
from sanchoi.maps.sheets.flow import Atom
from sanchoi.maps.sheets.frame import frame, grid
from sanchoi.maps.sheets.paper import Box, Paper
from sanchoi.maps.sheets.window import Window

BAR_MM = 60.0
"""Length of the scale bar at most."""
SIGNED = 26.0
"""Height of the signature block."""
LAST = 120.0
"""Width of the notes on the last page of an atlas."""
FOOT = 5
"""Lines of the foot at most."""
LISTED = 0.87
"""Letters of a list in the panel are not made smaller than this: it has a page of its own then."""
SHRUNK = (1.0, 0.93, 0.87, 0.81, 0.75, 0.7)
"""Letters of the panel become smaller, so far, before something goes to a page of its own."""


@dataclass(frozen=True)
class Key:
    """One line of a legend: text, and how its sample is drawn in a box of the canvas; None = it heads the lines after it."""

    text: str
    sample: Callable[[Canvas, Box], None] | None = None


@dataclass(frozen=True)
class Texts:
    """What stands on a sheet in words, in the language of the sheet.

    Attributes
    ----------
    bar : the scale in words. sheet : "sheet 2 of 6 · B1", or "". figures : rows of label and value, under `figures_head`.
    remark : sentences under the figures. notes : paragraphs of sources and norms: heading, text. more : see the next page;
    more_last : the last one, in an atlas.
    signatures : labels of the signature block. signed : what stands under each line to sign on; sealed : under the last, where it
        is another.
    """

    title: str
    subtitle: str
    scale: str
    north: str
    legend: str
    locator: str
    bar: str
    more: str = ""
    more_last: str = ""
    language: str = "vi"
    sheet: str = ""
    figures_head: str = ""
    figures: Sequence[tuple[str, str]] = ()
    remark: str = ""
    notes: Sequence[tuple[str, str]] = ()
    signatures: Sequence[str] = ()
    signed: str = ""
    sealed: str = ""
    foot: str = ""
    banners: Sequence[str] = ()
    strong: str = "#8c2d04"


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    draw : paints the map and says what it painted, for the legend. locate : the small map of where it lies.
    blocks, blocks_after : more of the panel, before and after the legend, made for a width and a size of letters.
    beside : side → name of the next sheet.
    """

    paper: Paper
    window: Window
    texts: Texts
    draw: Callable[[Canvas, Window], Sequence[Key]]
    locate: Callable[[Canvas, Box], None] | None = None
    blocks: Callable[[Canvas, float, float], Sequence[Atom]] | None = None
    blocks_after: Callable[[Canvas, float, float], Sequence[Atom]] | None = None
    beside: Mapping[str, str] = field(default_factory=dict)


def atlas(canvas: Canvas, sheets: Sequence[Sheet], drawn: Callable[[Sheet], None]) -> None:
    """Draw sheets, each on a page of its own; what its panel has no room for stands on pages after it.

    Notes that sheets of an atlas have no room for stand once, on the last page. `drawn`: told of each before it is drawn.
    """
    late = False
    for each in sheets:
        drawn(each)
        rest = on_map(canvas, each)
        if len(sheets) > 1 and rest and all(atom.note for atom in rest):
            late = True
        else:
            after(canvas, each, rest, widths(each.paper)[-1])
    if late:
        wide = min(LAST, sheets[-1].paper.after.whole.width)
        after(canvas, sheets[-1], _notes(canvas, wide, sheets[-1], 1.0), wide)


def widths(paper: Paper) -> list[float]:
    """Widths of the columns of the panel, on the enlarged canvas."""
    panel = paper.panel.over(paper.letters)
    return [each.width for each in flow.columns(panel, paper.columns)]


def on_map(canvas: Canvas, sheet: Sheet, least: float = 0.0) -> list[Atom]:
    """Draw the page of the map; returns what its panel has no room for, letters not smaller than a share of their size."""
    canvas.page(sheet.paper)
    paper = sheet.paper
    keys = show(canvas, sheet.window, sheet.draw, sheet.texts.language, sheet.beside, paper.letters)
    with canvas.enlarged(paper.letters):
        title(canvas, paper.title.over(paper.letters), sheet.texts, paper.name != "A4")
        return _panel(canvas, sheet, keys, [each for each in SHRUNK if each >= least])


def after(canvas: Canvas, sheet: Sheet, atoms: Sequence[Atom], wide: float) -> None:
    """Pages after the map."""
    rest, paper = list(atoms), sheet.paper.after
    while rest:
        canvas.page(paper)
        title(canvas, paper.title, sheet.texts, paper.name != "A4", mapped=False)
        rest = fill(canvas, rest, paper, wide)


def fill(canvas: Canvas, atoms: Sequence[Atom], paper: Paper, wide: float) -> list[Atom]:
    """Fill the page below the title with atoms of a width; returns those that found no room."""
    whole = paper.whole
    room = Box(whole.left, paper.title.bottom + 4, whole.width, whole.bottom - paper.title.bottom - 4)
    count = max(1, int((room.width + 5) // (wide + 5)))
    placed, rest = flow.place(atoms, flow.columns(room, count))
    if not placed:  # an atom higher than a page: better cut than never ending
        placed, rest = [(atoms[0], room.left, room.top)], list(atoms[1:])
    flow.paint(canvas, placed)
    return rest


def show(
    canvas: Canvas,
    window: Window,
    paint: Callable[[Canvas, Window], Sequence[Key]],
    language: str,
    beside: Mapping[str, str] | None = None,
    letters: float = 1.0,
) -> list[Key]:
    """A map in its frame; returns its legend, each line once."""
    with canvas.inside(window.box):
        keys = paint(canvas, window)
        grid(canvas, window)
    frame(canvas, window, language, beside, letters)
    found = list({key.text: key for key in keys}.values())
    return [key for key, then in zip(found, [*found[1:], None], strict=True) if not _empty(key, then)]


def _empty(key: Key, then: Key | None) -> bool:
    """Whether a heading heads nothing."""
    return key.sample is None and (then is None or then.sample is None)


def title(canvas: Canvas, box: Box, texts: Texts, large: bool, mapped: bool = True) -> None:
    """Title, subtitle, scale and banners."""
    right = (60.0 if large else 42.0) if mapped else 0.0
    wide = box.width - right
    size = fitting(canvas, texts.title, 17 if large else 12, 8, wide, True)
    canvas.text(box.left, box.top + 7, texts.title, size, bold=True, most=wide)
    size = fitting(canvas, texts.subtitle, 9.5 if large else 8, 6, wide, False)
    canvas.text(box.left, box.top + 13, texts.subtitle, size, colour=GREY, most=wide)
    if mapped:
        canvas.text(box.right, box.top + 6, texts.scale, 13 if large else 10, bold=True, align="right")
        if texts.sheet:
            canvas.text(box.right, box.top + 12, texts.sheet, 8, colour=GREY, align="right")
    told = " · ".join(texts.banners)
    size = fitting(canvas, told, 8, 4.5, box.width, True)
    canvas.text(box.left, box.top + 18, told, size, bold=True, colour=texts.strong, most=box.width)


def fitting(canvas: Canvas, text: str, most: float, least: float, wide: float, bold: bool) -> float:
    """Size of letters at which a text fits a width, between two sizes."""
    long = canvas.width(text[:500], most, bold)
    return most if long <= wide else max(least, most * wide / long * 0.995)


def _panel(canvas: Canvas, sheet: Sheet, keys: Sequence[Key], sizes: Sequence[float]) -> list[Atom]:
    """The panel; returns what it has no room for."""
    texts = sheet.texts
    boxes = flow.columns(sheet.paper.panel.over(sheet.paper.letters), sheet.paper.columns)
    last = boxes[-1]
    pinned = SIGNED if texts.signatures else 0.0
    foot = canvas.lines(texts.foot, 5.5, last.width)[:FOOT]
    low = pinned + len(foot) * 2.6 + 1.5
    boxes[-1] = Box(last.left, last.top, last.width, last.height - low)
    for shrunk, whole, listed in _tries(sizes, sheet.blocks_after is not None):
        atoms = _atoms(canvas, sheet, keys, last.width, shrunk, whole, listed)
        placed, rest = flow.place(atoms, boxes)
        if not rest:
            break
    more = sheet.blocks_after(canvas, last.width, 1.0) if sheet.blocks_after is not None and not listed else []
    if rest or more:
        boxes[-1] = Box(last.left, last.top, last.width, last.height - low - 4)
        placed, rest = flow.place(atoms, boxes)
        rest += more
        told = texts.more_last if texts.more_last and all(atom.note for atom in rest) else texts.more
        canvas.text(last.left, last.bottom - low - 0.5, told, 6.5, bold=True, most=last.width)
    flow.paint(canvas, placed)
    if texts.signatures:
        y = last.bottom - low + 0.5
        signatures(canvas, texts.signatures, Box(last.left, y, last.width, pinned), texts.signed, texts.sealed)
    for k, line in enumerate(foot):
        canvas.text(last.left, last.bottom - 0.5 - (len(foot) - 1 - k) * 2.6, line, 5.5, colour=GREY)
    return rest


def _tries(sizes: Sequence[float], more: bool) -> list[tuple[float, bool, bool]]:
    """Size of letters, whether the legend stays whole, whether what follows it is there: the best first."""
    listed = [(each, whole, True) for each in sizes if each >= LISTED for whole in (True, False)] if more else []
    return [*listed, *((each, whole, False) for each in sizes for whole in (True, False))]


def _atoms(
    canvas: Canvas, sheet: Sheet, keys: Sequence[Key], wide: float, shrunk: float, whole: bool, listed: bool
) -> list[Atom]:
    """What stands in the panel; `whole`: the legend is not cut; `listed`: with what follows it."""
    texts = sheet.texts
    out = [compass(sheet.window, texts, wide)]
    if texts.figures:
        out += flow.heading(canvas, wide, texts.figures_head, 9 * shrunk)
        out += [flow.pair(canvas, wide, *each, 7.5 * shrunk) for each in texts.figures]
    if texts.remark:
        out += [flow.space(0.8), *flow.text(canvas, wide, texts.remark, 7.2 * shrunk)]
    if sheet.blocks is not None:
        out += sheet.blocks(canvas, wide, shrunk)
    out += flow.whole(legend(canvas, wide, texts.legend, keys, shrunk), whole)
    if sheet.blocks_after is not None and listed:
        out += sheet.blocks_after(canvas, wide, shrunk)
    return out + _notes(canvas, wide, sheet, shrunk)


def _notes(canvas: Canvas, wide: float, sheet: Sheet, shrunk: float) -> list[Atom]:
    """Where the sheet lies, coordinates, scale, norms and sources."""
    texts, small = sheet.texts, 7.0 * shrunk
    out = [] if sheet.locate is None else locator(canvas, wide, texts.locator, sheet.locate, shrunk)
    out.append(flow.space(1.5))
    for heading, text in texts.notes:
        out += flow.text(canvas, wide, heading, small, bold=True, sticks=True)
        out += [*flow.text(canvas, wide, text, small, colour=GREY), flow.space(small * 0.12)]
    return [replace(each, note=True) for each in out]


def legend(canvas: Canvas, wide: float, name: str, keys: Sequence[Key], shrunk: float) -> list[Atom]:
    """The legend, an atom a line."""
    if not keys:
        return []
    size = 7.5 * shrunk
    step = size * POINT_MM * 1.25

    def line(key: Key) -> Atom:
        told = canvas.lines(key.text, size, wide - 12)[: flow.ROWS]

        def paint(canvas: Canvas, x: float, y: float) -> None:
            if key.sample is not None:
                key.sample(canvas, Box(x, y + 0.2, 9, 4 * shrunk))
            for k, each in enumerate(told):
                canvas.text(x + 11.5, y + 0.2 + 3 * shrunk + k * step, each, size)

        return Atom(max(5.2 * shrunk, len(told) * step + 1.6 * shrunk), paint)

    out = flow.heading(canvas, wide, name, 9 * shrunk)
    for key in keys:
        out += [line(key)] if key.sample is not None else flow.heading(canvas, wide, key.text, 7.5 * shrunk)
    return out


def locator(canvas: Canvas, wide: float, name: str, locate: Callable[[Canvas, Box], None], shrunk: float) -> list[Atom]:
    """The small map of where the sheet lies."""
    high = min(wide * 0.48, 48.0) * shrunk

    def paint(canvas: Canvas, x: float, y: float) -> None:
        box = Box(x, y, wide, high)
        with canvas.inside(box):
            locate(canvas, box)
        canvas.box(box, edge=PALE)

    return [*flow.heading(canvas, wide, name, 8 * shrunk), Atom(high + 1, paint)]


def compass(window: Window, texts: Texts, wide: float) -> Atom:
    """Scale bar and north; grid north is up."""
    language = texts.language
    most = min(BAR_MM, wide - 20)
    step = nice_length(window.metres(most) / 4)
    part = window.mm(step)

    def paint(canvas: Canvas, x: float, y: float) -> None:
        for k in range(4):
            canvas.box(Box(x + k * part, y + 5, part, 1.6), DARK if k % 2 == 0 else WHITE, DARK, 0.15)
        for k in (0, 1, 2, 4) if part >= 8 else (0, 2, 4):
            metres = k * step
            told = number(metres / 1000, language, 0 if metres % 1000 == 0 else 1)
            told = told if step >= 500 else number(metres, language)
            canvas.text(x + k * part, y + 3.8, told, 6.5, align="left" if k == 0 else "centre")
        canvas.text(x + 4 * part + 2, y + 6.6, "km" if step >= 500 else "m", 6.5)
        small = fitting(canvas, texts.bar, 6.5, 4.5, wide - 14, False)
        canvas.text(x, y + 10.5, texts.bar, small, colour=GREY, most=wide - 14)
        right = x + wide - 6
        arrow = shapely.Polygon([(right, y), (right + 2.4, y + 8), (right, y + 6.4), (right - 2.4, y + 8)])
        canvas.area(arrow, lambda xy: xy, DARK)
        for k, line in enumerate(texts.north.split("\n")):
            canvas.text(right, y + 11.2 + 2.4 * k, line, 8 if k == 0 else 5.5, bold=k == 0, align="centre")

    return Atom(15.0, paint)


def nice_length(metres: float) -> float:
    """The largest of 1, 2, 5 · 10ⁿ that is not above a length."""
    power = 10.0 ** np.floor(np.log10(metres))
    return float(max(step * power for step in (1, 2, 5) if step * power <= metres * (1 + 1e-9)))


def signatures(canvas: Canvas, labels: Sequence[str], box: Box, under: str, last: str = "") -> None:
    """The signature block: a label, a line to sign on, and what stands under it, for each; `last`: under the last one."""
    wide = box.width / len(labels)
    for k, label in enumerate(labels):
        x = box.left + k * wide
        for n, line in enumerate(canvas.lines(label, 6.5, wide - 3, True)[:5]):
            canvas.text(x + wide / 2, box.top + 3 + n * 2.9, line, 6.5, bold=True, align="centre")
        canvas.line(x + 3, box.bottom - 5, x + wide - 3, box.bottom - 5, GREY, 0.15, (0.6, 0.8))
        told = last if last and k == len(labels) - 1 else under
        for n, line in enumerate(canvas.lines(told, 5.2, wide - 2)[:2]):
            canvas.text(x + wide / 2, box.bottom - 2.6 + n * 2.2, line, 5.2, colour=GREY, align="centre", most=wide - 1)
