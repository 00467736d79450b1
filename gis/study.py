"""A study: what `study.toml` says, checked key by key.

Paths stay as written, relative to the study's folder; `gis.sources` resolves them. Every key that is not in `SECTIONS`
is refused, with the nearest known key named.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sanchoi.gis.errors import StudyError
from sanchoi.gis.norms import Band

Text = (str,)
Number = (int, float)
Texts = (str, list)

SECTIONS: dict[str, dict[str, tuple[type, ...]]] = {
    "study": {
        "name": Text,
        "crs": Text,
        "date": (date, str),
        "language": Text,
        "cell_m": Number,
        "synthetic": (bool,),
        "estimate": (bool,),
    },
    "communes": {
        "path": Text,
        "layer": Text,
        "where": Text,
        "id": Texts,
        "name": Text,
        "vintage": (str, date, int),
        "kind": Text,
        "surveyed": (bool, str),
        "population": Text,
    },
    "children": {
        "path": Text,
        "id": Text,
        "bands": (dict,),
        "zones": Text,
        "zones_layer": Text,
        "zones_id": Texts,
        "total": (dict,),
        "estimate": (bool,),
        "note": Text,
    },
    "population": {"path": Text},
    "buildings": {"path": Text, "layer": Text, "storeys": Text, "residential": Text},
    "landuse": {"path": Text, "layer": Text, "column": Text, "residential": (list,)},
    "play_areas": {
        "path": Texts,
        "layer": Text,
        "id": Text,
        "name": Text,
        "kind": Text,
        "area": Text,
        "usable": Text,
        "access": Text,
        "ages": Text,
        "gates": Text,
    },
    "network": {"path": Text, "layer": Text, "bridge": Text, "max_offset_m": Number, "detour": Number},
    "norms": {
        "profile": Text,
        "walk_m": (int, float, dict),
        "m2_per_child": (int, float, dict),
        "target_share": Number,
        "decay": Text,
        "band_weights": (dict,),
    },
    "barriers": {"path": Text, "layer": Text},
    "halo": {"path": Text, "layer": Text, "id": Texts, "bands": (dict,)},
    "parcels": {
        "path": Text,
        "layer": Text,
        "id": Texts,
        "land_use": Text,
        "owner": Text,
        "cost": Text,
        "min_area_m2": Number,
    },
    "siting": {"count": (int,), "budget": Number, "min_spacing_m": Number, "seconds": Number},
}
CONSTRAINT_KEYS: dict[str, tuple[type, ...]] = {"path": Text, "layer": Text}
"""Keys of a [constraints.NAME] section; NAME is a layer that rows of data/constraints.csv speak of."""
SOURCE_KEYS = {"layer", "name", "attribution", "licence", "url"}
REQUIRED = {
    "study": ("name", "crs", "date"),
    "communes": ("path", "id", "name", "vintage"),
    "children": (),
    "norms": (),
}
DECAYS = ("gaussian", "binary", "step")
DEFAULT_DETOUR = 1.3
"""Walking distance ÷ straight line where a study has no network and sets no detour."""


@dataclass(frozen=True)
class Section:
    """One table of study.toml. `section["key"]` gives the value, or None when it is not set."""

    name: str
    values: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - a TOML value
        if key not in SECTIONS.get(self.name, CONSTRAINT_KEYS):
            raise KeyError(key)
        return self.values.get(key)

    def __bool__(self) -> bool:
        return bool(self.values)


@dataclass(frozen=True)
class Study:
    """A checked study.

    Attributes
    ----------
    name, crs, date, language, cell_m : the [study] table; `crs` is text such as "EPSG:5899".
    bands : age bands in order of age.
    columns : band name → column of the children table.
    vintage : vintage of the communes, text.
    estimate : the children are an estimate; every output says so.
    synthetic : the study is invented; every output says so.
    sources : attribution and licence of each layer.

    """

    name: str
    crs: str
    date: date
    language: str
    cell_m: float
    synthetic: bool
    estimate: bool
    bands: tuple[Band, ...]
    columns: Mapping[str, str]
    vintage: str
    sections: Mapping[str, Section]
    constraints: Mapping[str, Section] = field(default_factory=dict)
    sources: tuple[Mapping[str, str], ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, section: str) -> Section:
        return self.sections[section]

    @property
    def detour(self) -> float:
        """Walking distance ÷ straight line, for a study without a network."""
        return float(self["network"]["detour"] or DEFAULT_DETOUR)


def parse(document: Mapping[str, Any]) -> Study:
    """Check a parsed study.toml.

    Raises
    ------
    StudyError : an unknown section or key (with a did-you-mean), a value of the wrong type, a missing key, or keys
        that contradict each other. All breaches that can be seen at once are named in one message.

    """
    faults = _faults(document)
    if faults:
        more = f" (and {len(faults) - 1} more: {'; '.join(f[0] for f in faults[1:])})" if len(faults) > 1 else ""
        came, expected, todo = faults[0]
        raise StudyError(came + more, expected, todo)
    s = {name: Section(name, document.get(name, {})) for name in SECTIONS}
    head = s["study"]
    _check_figures(s)
    columns = s["children"]["bands"] or s["children"]["total"]
    bands = tuple(sorted(Band.parse(name) for name in columns))
    _check_bands(bands)
    return Study(
        name=head["name"],
        crs=head["crs"],
        date=_date(head["date"]),
        language=head["language"] or "vi",
        cell_m=float(head["cell_m"] or 100),
        synthetic=bool(head["synthetic"]),
        estimate=bool(
            head["estimate"] or s["children"]["estimate"] or s["children"]["zones"] or s["children"]["total"]
        ),
        bands=bands,
        columns={Band.parse(name).name: column for name, column in columns.items()},
        vintage=str(s["communes"]["vintage"]),
        sections=s,
        constraints={name: Section(f"constraints.{name}", v) for name, v in document.get("constraints", {}).items()},
        sources=tuple(document.get("sources", ())),
        raw=document,
    )


def nearest(word: str, known: list[str]) -> str | None:
    """The known word that is written most like `word`, or None."""
    hit = difflib.get_close_matches(word, known, 1, 0.5) or difflib.get_close_matches(word.lower(), known, 1, 0.5)
    return hit[0] if hit else None


def _near(word: str, known: list[str]) -> str:
    hit = nearest(word, known)
    return f'did you mean "{hit}"?' if hit else "known are: " + ", ".join(known)


def _faults(document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Unknown sections and keys, wrong types, missing keys, in the order of the file."""
    found: list[tuple[str, str, str]] = []
    for name, values in document.items():
        if name == "sources":
            found += _source_faults(values)
            continue
        if name == "constraints":
            found += _constraint_faults(values)
            continue
        if name not in SECTIONS:
            found.append(
                (f"study.toml: unknown section [{name}]", "a known section", _near(name, [*SECTIONS, "constraints"]))
            )
            continue
        if not isinstance(values, Mapping):
            found.append((f"study.toml: {name} = {values!r}", f"a section [{name}]", "write it as a table"))
            continue
        known = SECTIONS[name]
        for key, value in values.items():
            if key not in known:
                found.append((f"study.toml: unknown key {key} in [{name}]", "a known key", _near(key, list(known))))
            elif not isinstance(value, known[key]) or (isinstance(value, bool) and bool not in known[key]):
                kinds = " or ".join(dict.fromkeys(_WORDS[kind] for kind in known[key]))
                found.append((f"study.toml: [{name}] {key} = {value!r}", kinds, "mend the value"))
    for name, keys in REQUIRED.items():
        given = document.get(name)
        if given is None:
            found.append(
                (
                    f"study.toml: no section [{name}]",
                    f"[{name}] with {', '.join(keys) or 'its keys'}",
                    "add it",
                )
            )
        elif isinstance(given, Mapping):
            found += [
                (f"study.toml: [{name}] has no {key}", f"the key {key}", f"add {key} = … to [{name}]")
                for key in keys
                if key not in given
            ]
    return found


_WORDS: dict[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table { … }",
    date: "a date such as 2026-11-23",
}


def _constraint_faults(values: object) -> list[tuple[str, str, str]]:
    if not isinstance(values, Mapping) or not all(isinstance(v, Mapping) for v in values.values()):
        return [("study.toml: constraints", "[constraints.NAME] tables", "write [constraints.water] with path = …")]
    found = []
    for name, section in values.items():
        for key, value in section.items():
            if key not in CONSTRAINT_KEYS:
                hint = _near(key, list(CONSTRAINT_KEYS))
                found.append((f"study.toml: unknown key {key} in [constraints.{name}]", "a known key", hint))
            elif not isinstance(value, str):
                found.append((f"study.toml: [constraints.{name}] {key} = {value!r}", "text", "mend the value"))
        if "path" not in section:
            found.append((f"study.toml: [constraints.{name}] has no path", "the key path", "add path = …"))
    return found


def _source_faults(values: object) -> list[tuple[str, str, str]]:
    if not isinstance(values, list) or not all(isinstance(v, Mapping) for v in values):
        return [("study.toml: sources", "[[sources]] tables", "write [[sources]] with double brackets")]
    return [
        (f"study.toml: unknown key {key} in [[sources]]", "a known key", _near(key, sorted(SOURCE_KEYS)))
        for row in values
        for key in row
        if key not in SOURCE_KEYS
    ]


def _date(value: date | str) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise StudyError(f'[study] date = "{value}"', "a date such as 2026-11-23", "mend the date") from error


def _check_bands(bands: tuple[Band, ...]) -> None:
    for one, two in itertools.pairwise(bands):
        if one.overlaps(two):
            raise StudyError(
                f"bands {one.name} and {two.name} share ages",
                "bands that do not overlap",
                "mend [children] bands",
            )


def _check_figures(s: Mapping[str, Section]) -> None:
    """Rules between keys, and ranges of numbers."""
    children, norms, network = s["children"], s["norms"], s["network"]
    if children["bands"] and children["total"]:
        raise StudyError(
            "[children] has both bands and total", "bands (columns) or total (one number a band)", "drop one"
        )
    if not (children["bands"] or children["total"]):
        raise StudyError(
            "[children] has neither bands nor total",
            'bands = { "0-5" = "column" }',
            "name the columns of children",
        )
    if children["path"] and not children["id"]:
        raise StudyError(
            "[children] path without id", "id: the column that joins the table to the communes", "add id = …"
        )
    if children["zones"] and not (children["zones_id"] and children["path"]):
        raise StudyError("[children] zones without zones_id and path", "zones, zones_id, path and id", "add them")
    if network["path"] is not None and network["detour"] is not None:
        raise StudyError("[network] has both path and detour", "a network, or a detour factor without one", "drop one")
    siting = s["siting"]
    if siting and (siting["count"] is None) == (siting["budget"] is None):
        raise StudyError(
            "[siting] needs one of count and budget", "how many sites, or how much money", "set one of them"
        )
    if siting and s["parcels"]["path"] is None:
        raise StudyError("[siting] without [parcels]", "land to choose from", "add [parcels] path")
    for section, key, low, high in (
        ("study", "cell_m", 10, 1000),
        ("network", "detour", 1, 5),
        ("network", "max_offset_m", 0, 5000),
        ("norms", "target_share", 1e-9, 1),
        ("parcels", "min_area_m2", 0, 1e7),
        ("siting", "count", 1, 10_000),
        ("siting", "budget", 1e-9, 1e15),
        ("siting", "min_spacing_m", 0, 1e5),
        ("siting", "seconds", 0.1, 36_000),
    ):
        value = s[section][key]
        if value is not None and not low <= value <= high:
            wanted = (
                "a share above 0 and up to 1, such as 0.8"
                if key == "target_share"
                else f"a number from {low:g} to {high:g}"
            )
            raise StudyError(f"[{section}] {key} = {value}", wanted, "mend the value")
    for name, column in (children["bands"] or {}).items():
        if not isinstance(column, str):
            raise StudyError(f'[children] bands: "{name}" = {column!r}', "the name of a column", "mend the value")
    for name, number in (children["total"] or {}).items():
        if isinstance(number, bool) or not isinstance(number, Number) or not 0 <= number < float("inf"):
            raise StudyError(f'[children] total: "{name}" = {number!r}', "a number of 0 or more", "mend the value")
    for key in ("walk_m", "m2_per_child", "band_weights"):
        value = norms[key]
        for name, figure in value.items() if isinstance(value, Mapping) else [("all", value)]:
            if figure is not None and (isinstance(figure, bool) or not isinstance(figure, Number) or figure <= 0):
                raise StudyError(f"[norms] {key} = {figure!r} ({name})", "a positive number", "mend the value")
            known = [Band.parse(b).name for b in children["bands"] or children["total"]]
            if isinstance(value, Mapping) and name not in known:
                raise StudyError(f"[norms] {key} names the band {name}", "one of " + ", ".join(known), "mend it")
    if norms["decay"] is not None and norms["decay"] not in DECAYS:
        raise StudyError(f'[norms] decay = "{norms["decay"]}"', "one of " + ", ".join(DECAYS), "mend the value")
    language = s["study"]["language"]
    if language not in (None, "vi", "en"):
        raise StudyError(f'[study] language = "{language}"', '"vi" or "en"', "mend the value")
