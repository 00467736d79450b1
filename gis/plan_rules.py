"""Plan rules: what a site plan must keep, as a study or the command line sets it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sanchoi.gis import siting
from sanchoi.gis.errors import StudyError
from sanchoi.gis.study import Section

SECONDS = 60.0
BUDGETS = 10


@dataclass(frozen=True)
class Rules:
    """What a plan must keep: the [siting] section of a study, or the options of `sanchoi plan`.

    Attributes
    ----------
    objective : one of `siting.OBJECTIVES`. count, budget : one of the two, none for "cover_all"; VND.
    min_spacing_m : metres between usable pieces. min_per_commune : sites. fixed, forbidden : parcel ids.
    conditional : whether parcels that somebody must still approve may be chosen. curve : budgets of the curve, 0 = none.
    """

    objective: str = "cover"
    count: int | None = None
    budget: float | None = None
    min_spacing_m: float = 0.0
    min_per_commune: int = 0
    fixed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    conditional: bool = True
    curve: int = BUDGETS
    seconds: float = SECONDS

    @classmethod
    def of(cls, section: Section) -> Rules:
        """Rules that a study sets."""
        return cls(
            objective=section["objective"] or "cover",
            count=section["count"],
            budget=None if section["budget"] is None else float(section["budget"]),
            min_spacing_m=float(section["min_spacing_m"] or 0.0),
            min_per_commune=int(section["min_per_commune"] or 0),
            fixed=tuple(dict.fromkeys(str(each) for each in section["fixed"] or ())),
            forbidden=tuple(str(each) for each in section["forbidden"] or ()),
            conditional=True if section["conditional"] is None else bool(section["conditional"]),
            curve=BUDGETS if section["curve"] is None else int(section["curve"]),
            seconds=float(section["seconds"] or SECONDS),
        )

    def told(self) -> dict[str, Any]:
        """The rules as run.json holds them."""
        return {**vars(self), "fixed": list(self.fixed), "forbidden": list(self.forbidden)}


def changed(run: Mapping[str, Any], own: Mapping[str, Any]) -> Rules:
    """Rules of a run with some of them replaced; a budget takes the place of a count, and the other way round."""
    names = {each.name for each in fields(Rules)}
    before = {k: v for k, v in run.get("siting", {}).get("rules", {}).items() if k in names}
    given = {k: v for k, v in own.items() if v is not None}
    if "budget" in given:
        before["count"] = None
    if "count" in given:
        before["budget"] = None
    merged = {**before, **given}
    for name in ("fixed", "forbidden"):
        merged[name] = tuple(dict.fromkeys(merged.get(name) or ()))
    rules = Rules(**merged)
    if rules.objective not in siting.OBJECTIVES:
        near = difflib.get_close_matches(rules.objective, siting.OBJECTIVES, 1)
        raise StudyError(
            f'objective "{rules.objective}"',
            "one of " + ", ".join(siting.OBJECTIVES),
            f'did you mean "{near[0]}"?' if near else "name one of them",
        )
    if rules.objective == "cover_all" and {"count", "budget"} & set(given):
        raise StudyError(
            "a count or a budget with objective cover_all",
            "cover_all finds the least that covers all: it keeps neither",
            "leave them out, or give --objective cover",
        )
    if rules.objective == "cover_all":
        return replace(rules, count=None, budget=None)
    if rules.count is None and rules.budget is None:
        raise StudyError(
            "neither a count nor a budget", "how many sites, or how much money", "give --count or --budget"
        )
    return rules
