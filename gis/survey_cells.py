"""Cells of a survey form: what somebody typed, as a text, a choice, an area or a date. Unknown stays unknown."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime

from sanchoi.gis.corner_words import number, shown
from sanchoi.gis.names import fold, nfc
from sanchoi.gis.study_keys import nearest
from sanchoi.gis.survey_form import CHOICES, COLUMNS, FIXED, Formula, Line
from sanchoi.gis.survey_words import Pair, refusal

TEXT, NOTE = 120, 500
"""Letters of a name, and of a note, at most."""
MOST_M2 = 1_000_000
UNKNOWN = ("", "?", "-", "chua biet", "chua ro", "khong ro", "khong biet", "unknown", "not known", "n/a")
YES = ("x", "v", "✓", "✔", "☑", "☒", "1", "co", "yes", "true", "dung")
NO = ("", "0", "-", "khong", "no", "false", "☐")
YEARS = 10
"""A survey older than this is none of today."""
DATES = (
    r"(?P<d>\d{1,2})\s*[/.-]\s*(?P<m>\d{1,2})\s*[/.-]\s*(?P<y>\d{4})",
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?",
    r"ngay (?P<d>\d{1,2}) thang (?P<m>\d{1,2}) nam (?P<y>\d{4})",
)
MOST_OF = {"note": NOTE}


def plain(value: object) -> str:
    """A cell as text: composed letters, single spaces, no control characters, whole numbers without ".0"."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return nfc(text).removeprefix("'")


def is_blank(line: Line) -> bool:
    """Whether nobody wrote anything in a line, beside what the form fills itself."""
    written = any(plain(value) for column, value in line.cells.items() if column not in FIXED)
    return not written and line.geometry is None


def formulas(line: Line, file: str) -> None:
    """Refuse formulas: what they show depends on other cells, and on the program that opens them.

    Raises
    ------
    ContractError : a cell holds one.
    """
    for column, value in line.cells.items():
        if isinstance(value, Formula):
            raise refusal("formula", file=file, at=line.at, column=COLUMNS[column], came=shown(value.text))


def text(line: Line, column: str, file: str) -> str:
    """A text; "" = nothing."""
    found, most = plain(line.cells.get(column)), MOST_OF.get(column, TEXT)
    if len(found) > most:
        raise refusal("text", file=file, at=line.at, column=COLUMNS[column], came=len(found), most=most)
    return found


def choice(line: Line, column: str, file: str) -> str:
    """A word of a list, whichever language it came in, with or without accents; "" = nothing."""
    came = plain(line.cells.get(column))
    if not came:
        return ""
    words = CHOICES[column]
    known = {fold(each): key for key, pair in words.items() for each in (key, *pair)}
    found = known.get(fold(came).strip(" ."))
    if found is None:
        near = nearest(fold(came), list(known))
        pair = words[known[near]] if near else None
        hint = (f": “{pair[0]}”?", f': "{pair[1]}"?') if pair else ""
        raise refusal(
            "choice", file=file, at=line.at, column=COLUMNS[column], came=shown(came), known=all_of(words), near=hint
        )
    return found


def all_of(words: Mapping[str, Pair]) -> Pair:
    """All words of a list."""
    return "; ".join(pair[0] for pair in words.values()), "; ".join(pair[1] for pair in words.values())


def area(line: Line, file: str) -> float | None:
    """m², None = unknown."""
    came = line.cells.get("area_m2")
    said = plain(came)
    if fold(said) in UNKNOWN:
        return None
    near: Pair | str = ""
    if isinstance(came, int | float) and not isinstance(came, bool):
        found = float(came)
    else:
        bare = re.sub(r"\s*(m2|m²)$", "", said, flags=re.I)
        if re.fullmatch(r"[1-9]\d{0,2}([. ,]\d{3})+", bare):  # 1.200 may be 1200 or 1.2
            whole = re.sub(r"\D", "", bare)
            near = (f": {whole}?", f": {whole}?")
        found = float(bare.replace(",", ".")) if not near and re.fullmatch(r"\d+([.,]\d+)?", bare) else math.nan
    if not 1 <= found <= MOST_M2:
        raise refusal("area", file=file, at=line.at, came=shown(said), most=number(MOST_M2, 0), near=near)
    return found


def ticked(value: object, file: str) -> bool:
    """Whether a box is ticked."""
    if isinstance(value, Formula):
        raise refusal("none", file=file, came=shown(value.text))
    said = fold(plain(value))
    if said in YES:
        return True
    if said in NO:
        return False
    raise refusal("none", file=file, came=shown(plain(value)))


def day(value: object, today: date, file: str) -> date:
    """The day of the survey.

    Raises
    ------
    ContractError : none, no date, a day that is still to come, or long past.
    """
    found = _day(value)
    if found is None:
        came = value.text if isinstance(value, Formula) else plain(value)
        raise refusal("date_empty", file=file) if not came else refusal("date", file=file, came=shown(came))
    if found > today:
        raise refusal("date_future", file=file, came=written(found), today=written(today))
    if found.year < today.year - YEARS:
        raise refusal("date_old", file=file, came=written(found), most=YEARS)
    return found


def written(day: date) -> str:
    """A day as people write it."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    said = fold(plain(value))
    for pattern in DATES:
        found = re.fullmatch(pattern, said)
        if found:
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None


def surveyor(value: object, file: str) -> str:
    """The office that surveyed."""
    said = "" if isinstance(value, Formula) else plain(value)
    if not 2 <= len(said) <= TEXT:
        raise refusal("surveyor", file=file)
    return said
