"""Tongue: how one language says messages, numbers, dates and what is not known.

Message ids are English; `locale/vi/LC_MESSAGES/sanchoi.po` has the Vietnamese, read at start. Words that the maps have are taken
from their tables by key and not said twice.
"""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from markupsafe import Markup
from sanchoi.api.clock import VIETNAM
from sanchoi.api.proposals.states import STATES
from sanchoi.gis.sentences import exact, number, percent
from sanchoi.maps import advice_words, sites_words, words

HERE = Path(__file__).parent
CATALOGUE = HERE / "locale" / "vi" / "LC_MESSAGES" / "sanchoi.po"
NAMES = {"vi": "Tiếng Việt", "en": "English"}
_DATES = {"vi": ("vi", "dd/MM/yyyy"), "en": ("en_GB", "long")}


@cache
def catalogue() -> Catalog:
    """The Vietnamese catalogue."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="vi")


@cache
def _messages() -> dict[str, str]:
    return {str(each.id): str(each.string) for each in catalogue() if each.id and each.string}


class Unknown(str):
    """What stands where something is not known: plain in a sentence, set apart where it stands alone on a page."""

    __slots__ = ()

    def __html__(self) -> str:
        return Markup('<span class="unknown">{}</span>').format(str(self))


class Tongue:
    """One language. Every method takes what may be unknown (None, NaN) and says so.

    Attributes
    ----------
    language : "vi" or "en".
    """

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, message: str, **values: object) -> str:
        """A message in this language, its blanks %(name)s filled; a sign % of its own is written twice."""
        return self.gettext(message) % values

    def gettext(self, message: str) -> str:
        """A message in this language, its blanks left."""
        return _messages().get(message, message) if self.language == "vi" else message

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The form for n of something."""
        return self.gettext(one if n == 1 else many)

    def word(self, key: str, **values: object) -> str:
        """A word of the gap map, else of the sites map, by key."""
        table = words if key in words.WORDS else sites_words
        return str(table.word(key, self.language, **values))

    def land(self, key: str, **values: object) -> str:
        """A word of the sites map by key, where both maps have one."""
        return sites_words.word(key, self.language, **values)

    def coded(self, prefix: str, code: object) -> str:
        """The word for a code of the data ("k_" and "park"), else the code as it is."""
        key = f"{prefix}{code}"
        return self.word(key) if key in words.WORDS or key in sites_words.WORDS else str(code)

    def state(self, name: str) -> str:
        """State of a proposal."""
        return STATES[name][0 if self.language == "vi" else 1] if name in STATES else name

    def law(self, text: str) -> str:
        """A source or an article: those that the data have in English are told in Vietnamese."""
        return advice_words.LAWS.get(text, text) if self.language == "vi" else text

    @property
    def unknown(self) -> Unknown:
        """What stands where something is not known."""
        return Unknown(self.word("unknown_value"))

    def number(self, value: float | None, digits: int = 0, unit: str = "") -> str:
        """A number with its unit, or that it is unknown. The two stay on one line; what rounds to nothing has no sign."""
        if missing(value):
            return self.unknown
        text = number(round(float(value), digits) + 0.0, self.language, digits)  # type: ignore[arg-type]
        return f"{text}\u00a0{unit}" if unit else text

    def exact(self, value: float | None, unit: str = "") -> str:
        """A figure as it stands, with its unit."""
        if missing(value):
            return self.unknown
        text = exact(float(value), self.language)  # type: ignore[arg-type]
        return f"{text}\u00a0{unit}" if unit else text

    def percent(self, share: float | None, digits: int = 0) -> str:
        """A share as per cent."""
        return self.number(None if missing(share) else 100 * float(share), digits, "%")  # type: ignore[arg-type]

    def covered(self, share: float | None, target: float, digits: int = 0, unit: str = "%") -> str:
        """A share of children, never rounded to none, to all or across the target."""
        if missing(share):
            return self.unknown
        said = percent(float(share), target, digits)  # type: ignore[arg-type]
        least = 10.0**-digits
        return f"<\u00a0{self.number(least, digits, unit)}" if share and not said else self.number(said, digits, unit)

    def chance(self, share: float | None, low: bool = False) -> str:
        """A probability: what is small is not nothing. `low`: it may be more, for something is not known."""
        if missing(share):
            return self.unknown
        if low:
            return f"≥\u00a0{self.percent(int(100 * float(share) + 1e-9) / 100)}"  # type: ignore[arg-type]
        return f"<\u00a0{self.number(0.5, 1, '%')}" if 0 < float(share) < 0.005 else self.percent(share)  # type: ignore[arg-type]

    def area(self, value: float | None) -> str:
        """Square metres."""
        return self.number(value, 0, "m²")

    def metres(self, value: float | None, digits: int = 0) -> str:
        """Metres."""
        return self.number(value, digits, "m")

    def million(self, value: float | None) -> str:
        """Millions without their unit."""
        return self.number(None if missing(value) else float(value) / 1e6, 1)  # type: ignore[arg-type]

    def money(self, value: float | None) -> str:
        """Dong, in millions."""
        if missing(value):
            return self.unknown
        millions = round(float(value) / 1e6, 1)  # type: ignore[arg-type]
        return self.word("million", m=self.number(millions, 0 if millions == int(millions) else 1))

    def date(self, value: Any) -> str:  # noqa: ANN401 - a date, a text of one, or nothing
        """A date the way the language writes it; a text that is none stays as it is."""
        if value is None or value == "":
            return "…"
        try:
            day = value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value)[:10])
        except ValueError:
            return str(value)
        locale, form = _DATES[self.language]
        return format_date(day, format=form, locale=locale)

    def moment(self, at: datetime.datetime) -> str:
        """Day and time in Việt Nam."""
        there = at.astimezone(VIETNAM)
        return f"{self.date(there.date())}, {there:%H:%M}"

    def band(self, band: str) -> str:
        """Name of an age group."""
        return self.word("band_all") if band == "all" else self.word("band_ages", band=band.replace("-", "–"))

    def capital(self, text: str) -> str:
        """The text with a capital letter."""
        return text[:1].upper() + text[1:]


def missing(value: object) -> bool:
    """Whether a cell of a table has nothing in it."""
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


@cache
def tongue(language: str) -> Tongue:
    """The tongue of a language."""
    return Tongue(language)
