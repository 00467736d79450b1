"""Checks of `study.toml` between keys, and of the ranges of numbers; what keys there are is checked in `study_form`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

from sanchoi.gis.errors import StudyError
from sanchoi.gis.norms import Band
from sanchoi.gis.study_keys import COST_UNITS, DECAYS, ENCODINGS, LAND_CLASSES, OBJECTIVES, Number, Section, near


def bands(found: tuple[Band, ...]) -> None:
    """Refuse bands, in order of age, that share ages."""
    for one, two in itertools.pairwise(found):
        if one.overlaps(two):
            raise StudyError(
                f"bands {one.name} and {two.name} share ages",
                "bands that do not overlap",
                "mend [children] bands",
            )


def figures(s: Mapping[str, Section]) -> None:
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
    if network["path"] is None and network["crossings"] is not None:
        raise StudyError(
            "[network] has crossings and no path", "a network that crossings join", "add path, or drop crossings"
        )
    if network["path"] is not None and network["detour"] is not None:
        raise StudyError("[network] has both path and detour", "a network, or a detour factor without one", "drop one")
    _ranges(s)
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
    for section in s.values():
        arrival(section)
    _parcels(s["parcels"])
    _siting(s)
    _weights(s["weights"].values)


def arrival(section: Section) -> None:
    """What is said of how a layer arrives: an encoding that is known."""
    said = section.values.get("encoding")
    if said is not None and said not in ENCODINGS:
        raise StudyError(
            f'[{section.name}] encoding = "{said}"', "one of " + ", ".join(ENCODINGS), near(said, list(ENCODINGS))
        )


def _ranges(s: Mapping[str, Section]) -> None:
    """Ranges of plain numbers."""
    for section, key, low, high in (
        ("study", "cell_m", 10, 1000),
        ("network", "detour", 1, 5),
        ("network", "max_offset_m", 0, 5000),
        ("norms", "target_share", 1e-9, 1),
        ("parcels", "min_area_m2", 0, 1e7),
        ("parcels", "max_area_m2", 100, 1e9),
        ("parcels", "close_gaps_m", 0.001, 5),
        ("siting", "count", 1, 10_000),
        ("siting", "budget", 1e-9, 1e15),
        ("parcels", "build_cost", 0, 1e15),
        ("siting", "min_spacing_m", 0, 1e5),
        ("siting", "min_per_commune", 0, 1000),
        ("siting", "curve", 0, 100),
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


def _parcels(parcels: Section) -> None:
    """Rules of [parcels]: stated codes, and what the land costs."""
    if parcels and parcels["path"] is None:
        raise StudyError("[parcels] without path", "a layer of land, or an OSM extract", "add path = …")
    for value, code in (parcels["codes"] or {}).items():
        if not isinstance(code, str) or not code.strip():
            raise StudyError(
                f'[parcels] codes: "{value}" = {code!r}', "a land-use code such as HNK, as text", "mend the value"
            )
    if parcels["close_gaps_m"] is not None and not parcels["from_lines"]:
        raise StudyError(
            "[parcels] close_gaps_m without from_lines", "lines that enclose parcels", "set from_lines = true"
        )
    if parcels["codes"] and parcels["land_use"] is None:
        raise StudyError("[parcels] codes without land_use", "the column that holds those values", "add land_use = …")
    unit = parcels["cost_unit"]
    if unit is not None and unit not in COST_UNITS:
        todo = near(unit.replace("²", "2"), list(COST_UNITS))
        raise StudyError(f'[parcels] cost_unit = "{unit}"', "one of " + ", ".join(COST_UNITS), todo)
    if unit is not None and parcels["cost"] is None:
        raise StudyError("[parcels] cost_unit without cost", "the column that holds costs", "add cost = …, or drop it")
    for name, cost in (parcels["cost_per_m2"] or {}).items():
        if name not in LAND_CLASSES:
            raise StudyError(
                f"[parcels] cost_per_m2 names the land class {name}",
                "one of " + ", ".join(LAND_CLASSES),
                "write { A = …, B = …, C = … }, VND for a m²",
            )
        if not _is_amount(cost):
            raise StudyError(f"[parcels] cost_per_m2: {name} = {cost!r}", "VND for a m², 0 or more", "mend the value")


def _siting(s: Mapping[str, Section]) -> None:
    """Rules of [siting]: one aim, one limit that fits it, and no parcel both fixed and forbidden."""
    siting = s["siting"]
    if not siting:
        return
    objective = siting["objective"] or OBJECTIVES[0]
    if objective not in OBJECTIVES:
        raise StudyError(
            f'[siting] objective = "{objective}"', "one of " + ", ".join(OBJECTIVES), near(objective, list(OBJECTIVES))
        )
    limits = [key for key in ("count", "budget") if siting[key] is not None]
    if objective == "cover_all" and limits:
        raise StudyError(
            f'[siting] objective = "cover_all" with {" and ".join(limits)}',
            "no limit: it asks how many sites serve every child that can be served",
            f"drop {' and '.join(limits)}, or take another objective",
        )
    if objective != "cover_all" and len(limits) != 1:
        raise StudyError(
            "[siting] needs one of count and budget", "how many sites, or how much money", "set one of them"
        )
    if s["parcels"]["path"] is None:
        raise StudyError("[siting] without [parcels]", "land to choose from", "add [parcels] path")
    for key in ("fixed", "forbidden"):
        for each in siting[key] or []:
            if isinstance(each, bool) or not isinstance(each, (str, int)) or not str(each).strip():
                raise StudyError(f"[siting] {key}: {each!r}", "ids of parcels", 'write them as ["12/345", "12/346"]')
        named = [str(each) for each in siting[key] or []]
        twice = sorted({each for each in named if named.count(each) > 1})
        if twice:
            raise StudyError(f'[siting] {key} names "{twice[0]}" twice', "each parcel once", "remove one")
    both = sorted(set(map(str, siting["fixed"] or ())) & set(map(str, siting["forbidden"] or ())))
    if both:
        raise StudyError(f'[siting] "{both[0]}" is both fixed and forbidden', "one of the two", "drop it from one list")
    fixed = len(siting["fixed"] or ())
    if siting["count"] is not None and fixed > siting["count"]:
        raise StudyError(
            f"[siting] fixes {fixed} parcels, and count = {siting['count']}",
            "at most as many fixed parcels as sites",
            "raise count, or fix fewer",
        )


def _weights(weights: Mapping[str, Any]) -> None:
    """Numbers of [weights]; which criteria there are is checked where parcels are scored."""
    for name, weight in weights.items():
        if not _is_amount(weight):
            raise StudyError(f"[weights] {name} = {weight!r}", "a number of 0 or more", "mend the value")
    if weights and not any(weights.values()):
        raise StudyError("[weights] are all 0", "at least one above 0", "raise one, or drop the section")


def _is_amount(value: object) -> bool:
    return isinstance(value, Number) and not isinstance(value, bool) and 0 <= value < math.inf
