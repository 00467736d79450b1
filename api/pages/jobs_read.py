"""What somebody typed to have sites chosen anew, read field by field: inputs of the process, and what is wrong with each field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
from sanchoi.api.library import Entry
from sanchoi.api.pages.tongue import Tongue
from sanchoi.gis import plots

Inputs = dict[str, Any]
Faults = dict[str, str]
FIELDS = ("budget", "count", "objective", "fixed", "forbidden", "min_spacing_m", "min_per_commune", "name")
MILLION = 1e6
FEW = 5
_NUMBER = re.compile(r"\d{1,12}([.,]\d{1,12})?", re.ASCII)
_GROUPED = {
    "vi": re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?", re.ASCII),
    "en": re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII),
}


def number(text: str, language: str) -> float | None:
    """A number as people write it, with or without marks between thousands; None = it is none."""
    bare = re.sub(r"\s", "", text)
    if _GROUPED[language].fullmatch(bare):
        bare = bare.replace("." if language == "vi" else ",", "")
    if len(bare) > 25 or not _NUMBER.fullmatch(bare):
        return None
    return float(bare.replace(",", "."))


def lines(text: str) -> list[str]:
    """What stands on the lines of a text, each once."""
    return list(dict.fromkeys(each.strip() for each in text.split("\n") if each.strip()))


def plan(typed: Mapping[str, str], entry: Entry, t: Tongue) -> tuple[Inputs, Faults]:
    """Inputs of the process "plan" and the faults of the fields, by the field's name."""
    inputs: Inputs = {"result": entry.id, "objective": typed["objective"]}
    faults: Faults = {}
    _money_or_count(typed, inputs, faults, t)
    for name, whole in (("min_spacing_m", False), ("min_per_commune", True)):
        found = number(typed[name], t.language) if typed[name].strip() else 0.0
        if found is None or (whole and found % 1):
            faults[name] = t.say("A whole number is needed.") if whole else t.say("A number is needed.")
        else:
            inputs[name] = int(found) if whole else found
    for name in ("fixed", "forbidden"):
        inputs[name] = lines(typed[name])
    _parcels(inputs, faults, entry.table("parcels").set_index("parcel_id"), t)
    if typed["name"].strip():
        inputs["name"] = typed["name"].strip()
    return inputs, {name: faults[name] for name in FIELDS if name in faults}


def _money_or_count(typed: Mapping[str, str], inputs: Inputs, faults: Faults, t: Tongue) -> None:
    """A budget or a number of sites: exactly one of them, and neither where the objective finds the least itself."""
    for name in ("budget", "count"):
        if not typed[name].strip():
            continue
        found = number(typed[name], t.language)
        if not found:
            faults[name] = t.say("A number above 0 is needed.")
        elif name == "count" and found % 1:
            faults[name] = t.say("A whole number is needed.")
        else:
            inputs[name] = round(found * MILLION) if name == "budget" else int(found)
    given = [name for name in ("budget", "count") if typed[name].strip()]
    if typed["objective"] == "cover_all":
        if given:
            faults.setdefault(
                given[0], t.say("This objective finds the least itself: leave the money and the number of sites empty.")
            )
    elif not given:
        faults["budget"] = t.say("Give the money, or the number of sites.")
    elif len(given) == 2:
        faults.setdefault("count", t.say("Give only one of the two: the money, or the number of sites."))


def _parcels(inputs: Inputs, faults: Faults, known: pd.DataFrame, t: Tongue) -> None:
    """Parcels that are named, and the money for them, as far as that can be told without choosing."""
    fixed, forbidden, budget = inputs["fixed"], inputs["forbidden"], inputs.get("budget")
    for name, ids in (("fixed", fixed), ("forbidden", forbidden)):
        absent = [
            each
            for each in ids
            if each not in known.index and not (name == "forbidden" and plots.whole(each, known.index))
        ]
        if absent:
            faults[name] = t.say("No parcel of this result has the id: %(ids)s.", ids=_few(absent))
    if budget is not None and known["cost"].isna().all():
        faults["budget"] = t.say("What the parcels cost is not known, so give a number of sites instead.")
    elif budget is not None:
        least = known.loc[(known["verdict"] != "excluded") & ~known.index.isin(forbidden), "cost"].min()
        if least > budget * (1 + 1e-9):
            faults["budget"] = t.say("Even the cheapest parcel costs more: %(cost)s.", cost=t.money(float(least)))
    if "fixed" in faults:
        return
    chosen = known.loc[fixed]
    both = [each for each in fixed if each in set(forbidden)]
    excluded = chosen.index[chosen["verdict"] == "excluded"].tolist()
    unpriced = [] if budget is None else chosen.index[chosen["cost"].isna()].tolist()
    if both:
        faults.setdefault("forbidden", t.say("Stands in both lists: %(ids)s.", ids=_few(both)))
    if excluded:
        faults["fixed"] = t.say("Excluded, so no play area may stand there: %(ids)s.", ids=_few(excluded))
    elif "budget" in faults or budget is None:
        count = inputs.get("count")
        if count is not None and count < len(fixed):
            faults.setdefault("count", t.say("Fewer sites than parcels that must be chosen."))
    elif unpriced:
        faults["fixed"] = t.say("Cost not known, so it cannot be in a plan by money: %(ids)s.", ids=_few(unpriced))
    elif chosen["cost"].sum() > budget * (1 + 1e-9):
        cost = t.money(float(chosen["cost"].sum()))
        faults["budget"] = t.say("The parcels that must be chosen cost more: %(cost)s.", cost=cost)


def _few(ids: list[str]) -> str:
    return ", ".join(ids[:FEW]) + (" …" if len(ids) > FEW else "")
