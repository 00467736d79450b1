"""Words about exports: groups of formats, what there is one file of for each, kinds of sheets, papers and colours."""

from __future__ import annotations

from typing import Any

from sanchoi.api.exporting import AS, FORMATS
from sanchoi.api.pages.tongue import Tongue
from sanchoi.maps.sheets.paper import SIZES
from sanchoi.maps.sheets.theme import THEMES

Row = dict[str, Any]
TABLES = ("xlsx", "csv")


def group_of(name: str) -> str:
    """The group that a format is offered in."""
    if name.startswith("sheet-") or name == "fact-sheet":
        return "sheets"
    if name in TABLES:
        return "tables"
    return name.partition("-")[0] if name.startswith(("report", "survey")) else "data"


def groups(t: Tongue) -> list[tuple[str, list[str]]]:
    """Groups of formats with their names, in the order in which they are offered."""
    told = {
        "sheets": t.say("Maps and sheets to print"),
        "report": t.say("Report"),
        "tables": t.say("Tables"),
        "data": t.say("Map data for other programs"),
        "survey": t.say("To survey communes that nobody has surveyed"),
    }
    found = [(words, [name for name in FORMATS if group_of(name) == key]) for key, words in told.items()]
    return [each for each in found if each[1]]


def name_of(name: str, t: Tongue) -> str:
    """A format in words."""
    return FORMATS[name].words[1 if t.language == "en" else 0] if name in FORMATS else name


def per(name: str, t: Tongue) -> str:
    """What there is one file of for each."""
    if name == "report":
        return t.say("always of the whole result")
    return {
        "commune": t.say("one file for each commune"),
        "site": t.say("one file for each site"),
        "whole": t.say("for all the places chosen together"),
    }[FORMATS[name].per]


def kinds(t: Tongue) -> dict[str, str]:
    """Kinds of files that sheets are drawn as."""
    told = {
        "pdf": t.say("PDF, to print and sign"),
        "geopdf": t.say("GeoPDF, which map programs lay in its place"),
        "png": t.say("PNG pictures, for slides and text"),
    }
    return {name: told.get(name, name) for name in AS}


def styles(t: Tongue) -> dict[str, str]:
    """Colours of sheets."""
    told = {"plain": t.say("In colour"), "print-grey": t.say("Grey, for a printer without colours")}
    return {name: told.get(name, name) for name in THEMES}


def papers(t: Tongue) -> list[tuple[str, str]]:
    """Sizes of paper with what they measure, the smallest first."""
    return [(name, f"{name} ({t.exact(wide / 10)} × {t.exact(high / 10)} cm)") for name, (wide, high) in SIZES.items()]


def asked(given: dict[str, Any], t: Tongue) -> list[tuple[str, str]]:
    """What an export was asked for, besides places and parts: name and value, both in words."""
    out = []
    if given.get("formats"):
        out.append((t.say("What to make"), "; ".join(name_of(each, t) for each in given["formats"])))
    if given.get("all"):
        out.append((t.say("Of which places"), t.say("all")))
    if given.get("paper"):
        turned = t.say("upright") if given.get("portrait") else t.say("on its side")
        out.append((t.say("Paper"), f"{given['paper']}, {turned}"))
    if given.get("scale"):
        out.append((t.say("Scale"), f"1:{t.number(given['scale'])}"))
    if given.get("fit"):
        out.append((t.say("Scale"), t.say("so that a place fits on one sheet")))
    if given.get("as"):
        out.append((t.say("Maps as"), kinds(t).get(given["as"], given["as"])))
    if given.get("crs"):
        out.append((t.say("Coordinate system of the data"), given["crs"]))
    if given.get("signatures"):
        out.append((t.say("Signatures"), "; ".join(given["signatures"])))
    return out
