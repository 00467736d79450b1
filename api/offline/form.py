"""The offline form: one HTML file in which a commune's official draws a site, without any network.

Everything stands in the file: what it draws, its words in both languages, its scripts. Its own policy lets it ask no network and
run no script but its own; texts from data stand in one JSON block from which nothing can break out.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sanchoi.api.library import Entry
from sanchoi.api.models import Models
from sanchoi.api.offline import layers, zones
from sanchoi.api.offline.words import WORDS
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.gis.appraise import least_m2, most_m2
from sanchoi.gis.errors import UnknownId
from sanchoi.gis.model import Model
from sanchoi.gis.sources import rows

FORMAT = 1
MOST_BYTES = 1_000_000
MOST_COMMUNES = 10
TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("shapes", "project", "begin", "map", "corners", "answer", "photos", "sha256", "files", "start")
SPARE = 4_000
"""Bytes kept back for what escaping adds."""


def make(entry: Entry, model: Model | None, communes: Sequence[str], language: str = "vi", day: str = "") -> bytes:
    """The file, at most `MOST_BYTES`.

    Parameters
    ----------
    communes : ids of those in which it draws, at most `MOST_COMMUNES`. model : None = without ways and without the least area.
    day : when it is made, YYYY-MM-DD; today unless given.

    Raises
    ------
    UnknownId : no such commune. Problem : "bad_parameter", "crs", "too_large".
    """
    chosen = list(dict.fromkeys(communes))
    if not 1 <= len(chosen) <= MOST_COMMUNES:
        expected = f"1–{MOST_COMMUNES}"
        raise Problem("bad_parameter", {"name": "commune", "came": len(chosen), "expected": expected})
    known = entry.table("communes")
    for each in chosen:
        if each not in set(known["commune_id"]):
            raise UnknownId(f"commune {each[:60]}", "a commune of the result", "see /api/v1/results")
    facts = _facts(entry, model, chosen, language, day or date.today().isoformat())
    around = len(_page(facts, chosen, known).encode())
    drawn = layers.layers(entry, model, chosen, MOST_BYTES - around - SPARE)
    body = _page({**facts, **drawn}, chosen, known).encode()
    if len(body) > MOST_BYTES:
        raise Problem("too_large", {"came": f"{len(body):,} bytes", "limit": f"{MOST_BYTES:,}"})
    return body


def kept(entry: Entry, models: Models, communes: tuple[str, ...], language: str) -> bytes:
    """The same as `make`, made once a day for each result."""
    return _kept(Held(entry, models), communes, language, date.today().isoformat())


def model_of(entry: Entry, models: Models) -> Model | None:
    """The model of a result; None where it has none of this version."""
    try:
        return models.get(entry)
    except Problem as problem:
        if problem.key != "conflict":
            raise
        return None


class Held:
    """What a file is made of, the same for every asker of one result."""

    def __init__(self, entry: Entry, models: Models) -> None:
        self.entry, self.models = entry, models

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and (self.entry.id, self.entry.etag) == (other.entry.id, other.entry.etag)

    def __hash__(self) -> int:
        return hash((self.entry.id, self.entry.etag))


@lru_cache(maxsize=16)
def _kept(held: Held, communes: tuple[str, ...], language: str, day: str) -> bytes:
    return make(held.entry, model_of(held.entry, held.models), communes, language, day)


def embedded(value: object) -> str:
    """JSON that can stand in a script element: nothing in it ends the element, and no line separator stands bare."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _facts(entry: Entry, model: Model | None, communes: Sequence[str], language: str, day: str) -> dict[str, Any]:
    run = entry.run
    study = run["study"]
    known = entry.table("communes")
    middle = known[known["commune_id"] == communes[0]].geometry.iloc[0].representative_point()
    judged = model is not None and entry.has("parcels")
    return {
        "form": {"format": FORMAT, "program": version("sanchoi"), "made": day},
        "language": language,
        "result": {"id": entry.id, "etag": entry.etag, "run_id": run["run_id"], "name": entry.name},
        "date": _both("date", study["date"]),
        "made": _both("date", day),
        "vintage": study["vintage"],
        "vintage_words": [tongue(code).word("vintage", v=tongue(code).date(study["vintage"])) for code in ("vi", "en")],
        "synthetic": bool(study["synthetic"]),
        "sources": sorted({str(each["attribution"]) for each in run["sources"] if each.get("attribution")}),
        "zones": zones.zones(study["crs"], middle.x, middle.y),
        "least_m2": least_m2(model.study, model.limits) if judged and model else None,
        "most_m2": most_m2(model.study, model.limits) if judged and model else None,
        "land_uses": _uses(study["date"]),
        "words": WORDS,
    }


def _both(kind: str, value: str) -> list[str]:
    return [getattr(tongue(code), kind)(value) for code in ("vi", "en")]


def _uses(day: str) -> list[list[str]]:
    """Land-use codes in force on a day."""
    found = rows.packaged("landuse_codes.csv").to_dict("records")
    valid = [
        r
        for r in found
        if (not r["valid_from"] or r["valid_from"] <= day) and (not r["valid_to"] or day <= r["valid_to"])
    ]
    return [[r["code"], r["name_vi"], r["name_en"]] for r in sorted(valid, key=lambda r: (r["class"], r["code"]))]


def _page(data: Mapping[str, Any], communes: Sequence[str], known: Any) -> str:  # noqa: ANN401 - a frame
    names = ", ".join(known.loc[known["commune_id"].isin(communes), "name"])
    style, script = _style(), _script()
    parts = {
        "TITLE": escape(f"{WORDS['title'][0]} – {names}"),
        "STYLE_HASH": _hash(style),
        "SCRIPT_HASH": _hash(script),
        "STYLE": style,
        "DATA": embedded(data),
        "SCRIPT": script,
    }
    pieces = _template("form.html").split("@@")
    return "".join(parts[piece] if k % 2 else piece for k, piece in enumerate(pieces))


@cache
def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    return _template("form.css")


@cache
def _script() -> str:
    return '(function () {\n"use strict";\n' + "\n".join(_template(f"{name}.js") for name in SCRIPTS) + "})();\n"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
