"""Receipt: one A4 page that a proposer keeps. The same state makes the same bytes; its text can be searched."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from fpdf import FPDF
from fpdf.enums import PathPaintRule, XPos, YPos
from sanchoi.api.clock import VIETNAM
from sanchoi.api.proposals.receipt_facts import Facts, rings, zone_words
from sanchoi.api.proposals.receipt_parts import BOLD, REGULAR, clipped, decimal, modules, paint, shown
from sanchoi.api.proposals.receipt_words import said
from sanchoi.api.proposals.states import STATES
from sanchoi.gis.sentences import number
from sanchoi.maps import assets
from sanchoi.maps.sheets.window import SERIES

LEFT, WIDE, TOP = 15.0, 180.0, 14.0
QR_MM = 36.0
PICTURE = (LEFT, 66.0, 62.0)
"""Left edge, width and height of the place for the outline, mm."""
TABLE = LEFT + 72.0
ROW_MM, ROWS = 3.9, 26
"""Height of a row of the table, and corners in one column at most; there are two columns at most, in smaller letters."""
BOTTOM = 297 - 12 - 50.0
"""Where the picture and the table end at the latest: the record stands below."""
MOST_NAMES = 30
SCALES = (10, 20, 50, 100, 200, *SERIES)
DARK, GREY, PALE = (20, 30, 40), (95, 95, 95), (222, 222, 216)


def pdf(facts: Facts, language: str, address: str, checking: str) -> bytes:
    """The receipt.

    Parameters
    ----------
    address : of the proposal. checking : of the public page that says whether the log still has the row.
    """
    return _Sheet(facts, language).made(address, checking)


def local(at: datetime, minutes: bool = True) -> str:
    """A moment by the clock of Việt Nam."""
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M" if minutes else "%d/%m/%Y")


class _Sheet:
    def __init__(self, facts: Facts, language: str) -> None:
        self.facts, self.language = facts, language
        self.paper = FPDF("portrait", "mm", "A4")
        for style, file in (("", REGULAR), ("B", BOLD)):
            self.paper.add_font("BeVietnamPro", style, assets.file(file))
        self.paper.set_margins(LEFT, TOP, LEFT)
        self.paper.set_auto_page_break(False)
        self.paper.set_creation_date(max(facts.since, facts.version_at).replace(microsecond=0))
        self.paper.set_lang(language)

    def made(self, address: str, checking: str) -> bytes:
        facts = self.facts
        state = STATES[facts.state][1 if self.language == "en" else 0]
        title = self._said("number", n=facts.number)
        self.paper.set_title(f"{self._said('title').capitalize()} {title}")
        self.paper.set_subject(self._said("subject", number=title, version=facts.version, state=state))
        self.paper.set_creator("Sân Chơi")
        self.paper.add_page()
        self._head(title, address)
        self._facts(state)
        self._worth()
        below = self.paper.get_y() + 4
        end = max(self._outline(below), self._corners(below))
        self._record(end + 4, checking)
        return bytes(self.paper.output())

    def _said(self, key: str, **values: object) -> str:
        return said(key, self.language, **values)

    def _font(self, size: float, bold: bool = False, grey: bool = False) -> None:
        self.paper.set_font("BeVietnamPro", "B" if bold else "", size)
        self.paper.set_text_color(*(GREY if grey else DARK))

    def _line(self, x: float, y: float, wide: float, text: str, align: str = "L", high: float = 5.0) -> float:
        """Text that is wrapped at a width; returns where it ends."""
        self.paper.set_xy(x, y)
        self.paper.multi_cell(wide, high, shown(text), align=align, new_x=XPos.LEFT, new_y=YPos.NEXT)
        return float(self.paper.get_y())

    def _head(self, title: str, address: str) -> None:
        right = LEFT + WIDE - QR_MM
        self._font(9, grey=True)
        study = f"Sân Chơi · {self.facts.study}" if self.facts.study else "Sân Chơi"
        self._line(
            LEFT, TOP, WIDE - QR_MM - 6, clipped(study, 70) + (self._said("synthetic") if self.facts.synthetic else "")
        )
        self._font(14, bold=True)
        y = self._line(LEFT, TOP + 6, WIDE - QR_MM - 6, self._said("title"), high=6.5)
        self._font(24, bold=True)
        self._line(LEFT, y + 2, 80, title, high=11)
        paint(self.paper, modules(f"{address}#{self.facts.mark}"), right, TOP, QR_MM)
        self._font(7, grey=True)
        self._line(right, TOP + QR_MM + 1, QR_MM, self._said("scan"), "C", 3.5)
        self.paper.set_y(max(self.paper.get_y() - 6, y + 15))

    def _facts(self, state: str) -> None:
        facts = self.facts
        who = facts.submitted_by or self._said("erased")
        rows = [
            ("name", facts.name),
            ("commune", self._said("commune_code", name=facts.commune, code=facts.commune_id)),
            ("submitted", self._said("submitted_by", at=local(facts.submitted), name=who)),
            ("state", self._said("state_since", state=state, at=local(facts.since))),
            ("version", self._said("version_at", n=facts.version, at=local(facts.version_at))),
            ("area", f"{number(facts.area_m2, self.language, 0)} m²"),
        ]
        if facts.parcel_id:
            rows.insert(5, ("parcel", facts.parcel_id))
        y = self.paper.get_y()
        for key, text in rows:
            self._font(9.5, grey=True)
            self._line(LEFT, y, 28, self._said(key))
            self._font(9.5, bold=key == "name")
            wide = WIDE - 28 - (QR_MM + 6 if y < TOP + QR_MM + 4 else 0)
            y = self._line(LEFT + 28, y, wide, clipped(text, 240))
        self.paper.set_y(y)

    def _worth(self) -> None:
        facts = self.facts
        y = self.paper.get_y() + 3
        top = y
        self._font(9, bold=True)
        y = self._line(LEFT + 3, y + 2, WIDE - 6, self._said("worth"))
        self._font(9.5)
        told = self._said("no_worth") if facts.sentences is None else facts.sentences[1 if self.language == "en" else 0]
        y = self._line(LEFT + 3, y, WIDE - 6, clipped(told, 600), high=4.8)
        self._font(7.5, grey=True)
        run = facts.run_id or self._said("unknown")
        vintage = local(datetime.fromisoformat(facts.vintage).replace(tzinfo=VIETNAM), False)
        origin = self._said("from_result", result=facts.result_id, run=run, vintage=vintage)
        y = self._line(LEFT + 3, y + 0.5, WIDE - 6, origin, high=4)
        self.paper.set_draw_color(*GREY)
        self.paper.set_line_width(0.25)
        self.paper.rect(LEFT, top, WIDE, y + 2 - top)
        self.paper.set_y(y + 2)

    def _outline(self, top: float) -> float:
        """The land to scale, north up, with a bar."""
        left, wide, high = PICTURE
        high = min(high, BOTTOM - top - 14)
        found = rings(self.facts.points)
        corners = [each for ring in found.values() for each in ring]
        east, north = zip(*corners, strict=True)
        span = max((max(east) - min(east)) / (wide - 8), (max(north) - min(north)) / (high - 8)) * 1000
        scale = next((each for each in SCALES if each >= span), span)
        unit = 1000 / scale
        middle = ((max(east) + min(east)) / 2, (max(north) + min(north)) / 2)
        self._font(8.5, bold=True)
        y = self._line(left, top, wide, self._said("outline", scale=number(scale, self.language, 0)))
        self.paper.set_fill_color(*PALE)
        self.paper.set_draw_color(*DARK)
        self.paper.set_line_width(0.35)
        with self.paper.new_path() as path:
            path.style.intersection_rule = "evenodd"
            path.style.paint_rule = PathPaintRule.STROKE_FILL_EVENODD
            for ring in found.values():
                for k, (e, n) in enumerate(ring):
                    x = left + wide / 2 + (e - middle[0]) * unit
                    (path.line_to if k else path.move_to)(x, y + high / 2 - (n - middle[1]) * unit)
                path.close()
        self._names(
            [(left + wide / 2 + (e - middle[0]) * unit, y + high / 2 - (n - middle[1]) * unit) for e, n in corners]
        )
        self._north(left + wide - 4, y + 1)
        self._bar(left + 1, y + high + 2, unit)
        return y + high + 9

    def _names(self, places: Sequence[tuple[float, float]]) -> None:
        """Numbers of the corners outside of them, where they are few enough to be read."""
        if len(places) > MOST_NAMES:
            return
        self._font(6.5)
        middle = [sum(each) / len(places) for each in zip(*places, strict=True)]
        for (_, name), (x, y) in zip(labels(self.facts), places, strict=True):
            away = 2.2 / max(math.hypot(x - middle[0], y - middle[1]), 0.1)
            east = x + (x - middle[0]) * away - self.paper.get_string_width(name) / 2
            self.paper.text(east, y + (y - middle[1]) * away + 0.8, name)

    def _north(self, x: float, y: float) -> None:
        self.paper.set_fill_color(*DARK)
        self.paper.polygon([(x, y + 3), (x - 1.4, y + 8), (x, y + 7), (x + 1.4, y + 8)], style="F")
        self._font(7, bold=True)
        self.paper.text(x - 1, y + 2.4, self._said("north"))

    def _bar(self, x: float, y: float, unit: float) -> None:
        """A bar of a round number of metres, about 25 mm long."""
        metres = max(
            (each for each in (s * k for k in (1, 10, 100, 1000) for s in (1, 2, 5)) if each * unit <= 32), default=1
        )
        self.paper.set_draw_color(*DARK)
        self.paper.set_line_width(0.3)
        self.paper.set_fill_color(*DARK)
        self.paper.rect(x, y, metres * unit, 1.4)
        self.paper.rect(x, y, metres * unit / 2, 1.4, style="F")
        self._font(7)
        self.paper.text(x + metres * unit + 1.5, y + 1.6, f"{metres} m")

    def _corners(self, top: float) -> float:
        """The table of corners; what does not fit is said."""
        points, zone = self.facts.points, zone_words(self.facts.epsg)
        wide = LEFT + WIDE - TABLE
        self._font(8.5, bold=True)
        y = self._line(TABLE, top, wide, self._said("corners" if zone else "plane"))
        self._font(7.5, grey=True)
        words = zone[1 if self.language == "en" else 0] if zone else ""
        y = self._line(
            TABLE,
            y,
            wide,
            self._said("zone", zone=words, epsg=self.facts.epsg) if zone else f"EPSG:{self.facts.epsg}",
            high=4,
        )
        most = min(ROWS, int((BOTTOM - y - 9) / ROW_MM))
        columns = 1 if len(points) <= most else 2
        size, shares = (7.5, (0.16, 0.3, 0.3, 0.24)) if columns == 1 else (6.0, (0.16, 0.31, 0.3, 0.23))
        each = wide / columns
        fitting = list(labels(self.facts))[: columns * most]
        ends = [y]
        for k in range(0, len(fitting), most):
            x = TABLE + each * (k // most)
            ends.append(self._column(x, y, each - (2 if columns > 1 else 0), fitting[k : k + most], size, shares))
        end = max(ends)
        self._font(7, grey=True)
        if len(points) > len(fitting):
            end = self._line(TABLE, end + 0.5, wide, self._said("more", n=len(points) - len(fitting)), high=4)
        if len(rings(points)) > 1:
            end = self._line(TABLE, end + 0.5, wide, self._said("parts", n=len(rings(points))), high=4)
        return end

    def _column(
        self, x: float, y: float, wide: float, rows: Sequence[Any], size: float, shares: Sequence[float]
    ) -> float:
        heads = [self._said(key) for key in ("corner", "x", "y", "edge")]
        cells = [(name, *(decimal(v, self.language) for v in (p.x_north, p.y_east, p.edge_m))) for p, name in rows]
        self.paper.set_draw_color(*GREY)
        self.paper.set_line_width(0.15)
        for k, row in enumerate([heads, *cells]):
            self._font(size, bold=not k)
            self.paper.set_xy(x, y)
            for text, share in zip(row, shares, strict=True):
                self.paper.cell(wide * share, ROW_MM, text, align="R", border="B")
            y += ROW_MM
        return y

    def _record(self, top: float, checking: str) -> None:
        facts, mark = self.facts, self.facts.mark
        self.paper.set_draw_color(*GREY)
        self.paper.set_line_width(0.25)
        self.paper.line(LEFT, top, LEFT + WIDE, top)
        self._font(9, bold=True)
        y = self._line(LEFT, top + 1.5, WIDE, self._said("record"))
        for key, text in (("row", str(facts.row)), ("hash", facts.hash), ("digest", facts.digest)):
            self._font(8, grey=True)
            self._line(LEFT, y, 30, self._said(key), high=4.2)
            self._font(8)
            y = self._line(LEFT + 30, y, WIDE - 30, text, high=4.2)
        self._font(7.5)
        y = self._line(LEFT, y + 1.5, WIDE, self._said("check_web", address=checking), high=3.8)
        y = self._line(LEFT, y, WIDE, f"{self._said('check_command')} {mark}", high=3.8)
        self._font(7.5, grey=True)
        self._line(LEFT, y + 1.5, WIDE, self._said("nothing_more"), high=3.8)


def labels(facts: Facts) -> Iterator[tuple[Any, str]]:
    """Each corner with its number; with that of its ring where there are several."""
    several, count = len(rings(facts.points)) > 1, dict.fromkeys(rings(facts.points), 0)
    for point in facts.points:
        count[point.part] += 1
        yield point, f"{point.part}–{count[point.part]}" if several else str(count[point.part])
