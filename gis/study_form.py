"""Form of `study.toml`: sections and keys that are known, values of the right type, and nothing left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sanchoi.gis.study_keys import FREE, GROUPS, REQUIRED, SECTIONS, SOURCE_KEYS, keys_of, near

Fault = tuple[str, str, str]
"""What came, what was expected, what to do."""
DATED = 100
"""Letters of the date of a source at most."""


def faults(document: Mapping[str, Any]) -> list[Fault]:
    """Unknown sections and keys, wrong types, missing keys, in the order of the file."""
    found: list[Fault] = []
    for name, values in document.items():
        if name == "sources":
            found += _source_faults(values)
            continue
        if name in GROUPS:
            found += _group_faults(name, values)
            continue
        if name not in SECTIONS:
            found.append((f"study.toml: unknown section [{name}]", "a known section", near(name, [*SECTIONS, *GROUPS])))
            continue
        if not isinstance(values, Mapping):
            found.append((f"study.toml: {name} = {values!r}", f"a section [{name}]", "write it as a table"))
            continue
        known = keys_of(name)
        for key, value in values.items() if name not in FREE else ():
            if key not in known:
                found.append((f"study.toml: unknown key {key} in [{name}]", "a known key", near(key, list(known))))
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


def _group_faults(group: str, values: object) -> list[Fault]:
    """Faults of the sections [constraints.NAME] or [nearby.NAME]."""
    if not isinstance(values, Mapping) or not all(isinstance(v, Mapping) for v in values.values()):
        example = f"{group}.{(GROUPS[group] or ('water',))[0]}"
        return [(f"study.toml: {group}", f"[{group}.NAME] tables", f"write [{example}] with path = …")]
    found = []
    for name, section in values.items():
        if GROUPS[group] and name not in GROUPS[group]:
            known = list(GROUPS[group])
            found.append((f"study.toml: [{group}.{name}]", "one of " + ", ".join(known), near(name, known)))
        keys = keys_of(f"{group}.{name}")
        for key, value in section.items():
            if key not in keys:
                hint = near(key, list(keys))
                found.append((f"study.toml: unknown key {key} in [{group}.{name}]", "a known key", hint))
            elif not isinstance(value, keys[key]) or (isinstance(value, bool) and bool not in keys[key]):
                kinds = " or ".join(dict.fromkeys(_WORDS[kind] for kind in keys[key]))
                found.append((f"study.toml: [{group}.{name}] {key} = {value!r}", kinds, "mend the value"))
        if "path" not in section:
            found.append((f"study.toml: [{group}.{name}] has no path", "the key path", "add path = …"))
    return found


def _source_faults(values: object) -> list[Fault]:
    if not isinstance(values, list) or not all(isinstance(v, Mapping) for v in values):
        return [("study.toml: sources", "[[sources]] tables", "write [[sources]] with double brackets")]
    found: list[Fault] = []
    for row in values:
        for key, value in row.items():
            kinds = SOURCE_KEYS.get(key)
            if kinds is None:
                found.append(
                    (f"study.toml: unknown key {key} in [[sources]]", "a known key", near(key, sorted(SOURCE_KEYS)))
                )
            elif not isinstance(value, kinds) or isinstance(value, bool):
                words = " or ".join(dict.fromkeys(_WORDS[kind] for kind in kinds))
                found.append((f"study.toml: [[sources]] {key} = {value!r}", words, "mend the value"))
            elif key == "date" and not dated(value):
                found.append(
                    (
                        f"study.toml: [[sources]] date = {value!r}",
                        "2026-11-23, 2026-11, 2026, or words",
                        "write the day as year-month-day",
                    )
                )
    return found


def dated(value: object) -> bool:
    """Whether a value says when: a day, month or year as ISO 8601 has them, or words of at most `DATED` letters."""
    told = str(value).strip()
    if not told or len(told) > DATED:
        return False
    if re.search(r"[^\W\d_]", told):  # words
        return True
    try:
        date.fromisoformat(told + "-01-01"[len(told) - 10 :] if len(told) in (4, 7) else told)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}(-\d\d){0,2}", told) is not None
