"""Places: communes that an account can be of: those of the results that are loaded, by the date of their boundaries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sanchoi.api.library import Library
from sanchoi.api.problems import Problem
from sanchoi.gis.errors import SanchoiError
from sanchoi.gis.names import fold


@dataclass(frozen=True, order=True)
class Place:
    """A commune of one vintage; `key` is what a form sends."""

    vintage: str
    sort: str
    code: str
    name: str

    @property
    def key(self) -> str:
        """Vintage and code in one text."""
        return f"{self.vintage} {self.code}"


def known(library: Library) -> list[Place]:
    """Every commune of every result that can be read, the newest boundaries first, then by name."""
    found: dict[tuple[str, str], Place] = {}
    for entry in library.entries():
        try:
            table = entry.table("communes")[["commune_id", "vintage", "name"]]
        except (SanchoiError, OSError, KeyError):
            continue
        for code, vintage, name in table.itertuples(index=False):
            told = name if isinstance(name, str) and name else str(code)
            found.setdefault((str(vintage), str(code)), Place(str(vintage), fold(told), str(code), told))
    by_name = sorted(found.values())
    return sorted(by_name, key=lambda place: place.vintage, reverse=True)


def parted(chosen: Iterable[str]) -> tuple[list[str], str]:
    """Codes and vintage of what a form sends.

    Raises
    ------
    Problem : they are of more than one vintage.
    """
    pairs = [each.partition(" ") for each in chosen if each.strip()]
    vintages = sorted({vintage for vintage, _, _ in pairs})
    if len(vintages) > 1:
        words = ("các xã, phường của cùng một bộ địa giới", "communes of one set of boundaries")
        raise Problem("bad_parameter", {"name": "communes", "came": ", ".join(vintages)[:60]}, {"expected": words})
    return [code for _, _, code in pairs], vintages[0] if vintages else ""
