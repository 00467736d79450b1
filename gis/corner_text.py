"""Ways of writing a table of corners: what separates columns, decimals and thousands; signs as word processors leave them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import product

NORTH = (880_000.0, 2_630_000.0)
EAST = (150_000.0, 850_000.0)
LATITUDE, LONGITUDE = (7.0, 24.5), (101.0, 118.0)
"""Where Vietnam lies: metres of VN-2000 (3° and 6° zones), and degrees."""
LINES, CHARACTERS = 2_000, 200_000
EDGE_MOST = 20_000.0

SPACES = dict.fromkeys(
    map(ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"), " "
)
STRANGE = SPACES | {0x2212: "-", 0x200B: None, 0xFEFF: None, 0x2019: "'", 0x2032: "'", 0x201D: '"', 0x2033: '"'}
DEGREES = re.compile(
    r"""(\d{1,3})\s*[°º˚]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*'\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:"|''))?)?\s*(?:[NEBĐ](?!\w))?"""
)
MERIDIAN = re.compile(r"(?:kinh\s*tuy[eế]n|ktt?tw?|meridian)\D{0,25}(\d{3})(?:\s*[°ºo˚ ]\s*(\d{2})?|\s*(?=\D|$))", re.I)
AREA = re.compile(r"(?:diện\s*tích|dien\s*tich|\barea)\D{0,12}([\d., ]*\d)\s*(?:m2|m²)", re.I)
POWER = re.compile(r"\d[.,]?\d*e[+-]?\d+", re.I)
NOT_NUMBER = re.compile(r"(?<!\w)(?:nan|inf|infinity|#(?:n/a|value!|ref!|num!|div/0!))(?!\w)", re.I)
LABEL = re.compile(r"[;,]?\s*(?<!\w)[XYNE]\s*(?:\(m\))?\s*[=:]\s*", re.I)
BETWEEN = re.compile(r"^\s*([^\s-]{1,12})\s*[-–÷]\s*([^\s:=-]{1,12})[\s:=]+([\d.,]+)\s*m?\s*$")
NAME = re.compile(r"^[^\W\d_]{0,4}[ .-]?\d{1,4}[^\W\d_]?$")
UNIT = re.compile(r"\s*m$")
WORD = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Style:
    """A way of writing: what separates columns, the decimal mark, the mark of thousands, whether a name comes first."""

    separator: str
    decimal: str
    thousands: str
    named: bool = False

    def number(self, text: str) -> float | None:
        """The number that a field holds, None = none in this way of writing."""
        text = UNIT.sub("", text.strip().strip("()[]\"'"))
        if not _numbers(self.decimal, self.thousands).fullmatch(text):
            return None
        return float((text.replace(self.thousands, "") if self.thousands else text).replace(self.decimal, "."))

    def length(self, text: str) -> float | None:
        """The length of an edge, metres, whichever its decimal mark; None = none that an edge could have."""
        found = self.number(text)
        if found is None:
            found = Style(self.separator, "," if self.decimal == "." else ".", "").number(text)
        return found if found is not None and 0 < found < EDGE_MOST else None

    def fields(self, line: str) -> list[str]:
        """The fields of a line."""
        if self.separator == " ":
            return line.split()
        if self.separator == "  ":
            return re.split(r" {2,}", line.strip())
        return [each.strip() for each in line.split(self.separator)]


@cache
def _numbers(decimal: str, thousands: str) -> re.Pattern[str]:
    whole = r"\d{1,15}"
    if thousands:
        whole = rf"(?:\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|{whole})"
    return re.compile(rf"[-+]?{whole}(?:{re.escape(decimal)}\d{{1,12}})?")


STYLES = tuple(
    Style(separator, decimal, thousands)
    for separator, decimal, thousands in product(("\t", ";", "|", ",", "  ", " "), ".,", ("", ".", ",", "'", " "))
    if decimal != thousands and separator not in (decimal, thousands)
) + tuple(Style(" ", decimal, " ", named) for decimal in ".," for named in (False, True))


def clean(line: str) -> str:
    """A line with plain spaces and marks, and degrees, minutes and seconds as degrees."""
    line = unicodedata.normalize("NFC", line).translate(STRANGE)
    if MERIDIAN.search(line):
        return line
    return LABEL.sub("\t", DEGREES.sub(_decimal, line))


def _decimal(found: re.Match[str]) -> str:
    whole, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
    return f"{whole + minutes / 60 + seconds / 3600:.10f} "


def digits(line: str) -> bool:
    """Whether a line holds numbers, or what stands in their place."""
    return any(letter.isdecimal() for letter in line) or bool(NOT_NUMBER.search(line))


def pair(one: float | None, two: float | None) -> str:
    """What two numbers side by side are: "metres", "degrees" or "" = no corner."""
    if one is None or two is None:
        return ""
    low, high = min(one, two), max(one, two)
    if EAST[0] <= low <= EAST[1] and NORTH[0] <= high <= NORTH[1]:
        return "metres"
    return "degrees" if LATITUDE[0] <= low <= LATITUDE[1] and LONGITUDE[0] <= high <= LONGITUDE[1] else ""


def coordinate(value: float) -> bool:
    """Whether a number could be half a corner."""
    return any(low <= value <= high for low, high in (NORTH, EAST, LATITUDE, LONGITUDE))
