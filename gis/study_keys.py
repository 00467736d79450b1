"""Keys of `study.toml`: what may stand in it, of which type, and the nearest known word to one that may not."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

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
        "within": Text,
        "gates": Text,
    },
    "network": {
        "path": Text,
        "layer": Text,
        "bridge": Text,
        "crossings": Text,
        "max_offset_m": Number,
        "detour": Number,
    },
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
        "where": Text,
        "id": Texts,
        "land_use": Text,
        "codes": (dict,),
        "owner": Text,
        "cost": Text,
        "cost_unit": Text,
        "cost_per_m2": (dict,),
        "build_cost": Number,
        "min_area_m2": Number,
        "max_area_m2": Number,
        "from_lines": (bool,),
        "close_gaps_m": Number,
    },
    "terrain": {"path": Text},
    "siting": {
        "count": (int,),
        "budget": Number,
        "objective": Text,
        "min_spacing_m": Number,
        "min_per_commune": (int,),
        "fixed": (list,),
        "forbidden": (list,),
        "conditional": (bool,),
        "curve": (int,),
        "seconds": Number,
    },
    "weights": {},
}
"""Sections and their keys, with the types that a value may have."""
FREE = ("weights",)
"""Sections whose keys are names of other tables: criteria of `gis.criteria`, which are checked where they are used."""
LAYER_KEYS: dict[str, tuple[type, ...]] = {"path": Text, "layer": Text, "where": Text}
"""Keys of a section of `GROUPS`."""
ARRIVAL_KEYS: dict[str, tuple[type, ...]] = {"encoding": Text, "assume_crs": (str, int), "swap_xy": (bool,)}
"""Keys of every section that names a vector layer: what its file does not say, or says wrongly."""
ENCODINGS = ("auto", "tcvn3", "vni", "utf-8")
"""What may be said of a layer's text; "utf-8" = it is in order as it came."""
ARRIVING = (
    "communes",
    "children",
    "buildings",
    "landuse",
    "play_areas",
    "network",
    "barriers",
    "halo",
    "parcels",
    "constraints",
    "nearby",
)
"""Sections that may have them; of the groups, every section."""
GROUPS: dict[str, tuple[str, ...]] = {"constraints": (), "nearby": ("schools", "halls")}
"""Groups of sections, as [constraints.NAME], and their names; () = layers of data/constraints.csv, checked where they are read."""
OBJECTIVES = ("cover", "cover_all", "p_median", "max_min", "capacitated", "kolm_pollak")
"""What a site plan may be best at, as in `gis.siting`."""
LAND_CLASSES = ("A", "B", "C")
COST_UNITS = ("VND", "VND/m2")
SOURCE_KEYS: dict[str, tuple[type, ...]] = {
    "layer": Text,
    "name": Text,
    "attribution": Text,
    "licence": Text,
    "url": Text,
    "date": (date, str, int),
}
"""Keys of [[sources]]. `date`: when the data are of, as a day, a month, a year or in words."""
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
        if key not in keys_of(self.name):
            raise KeyError(key)
        return self.values.get(key)

    def __bool__(self) -> bool:
        return bool(self.values)


def keys_of(section: str) -> dict[str, tuple[type, ...]]:
    """Keys that a section may have, and their types; `section` may be one of a group, as "nearby.schools"."""
    own = SECTIONS.get(section, LAYER_KEYS)
    return {**own, **ARRIVAL_KEYS} if section.partition(".")[0] in ARRIVING else own


def nearest(word: str, known: list[str]) -> str | None:
    """The known word that is written most like `word`, or None."""
    hit = difflib.get_close_matches(word, known, 1, 0.5) or difflib.get_close_matches(word.lower(), known, 1, 0.5)
    return hit[0] if hit else None


def near(word: str, known: list[str]) -> str:
    """What to do about an unknown word: the nearest known one, else all of them."""
    hit = nearest(word, known)
    return f'did you mean "{hit}"?' if hit else "known are: " + ", ".join(known)
