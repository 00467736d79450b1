"""The plan in words: what it does, how sure that is, and by which rules it was made, as the sites map says it."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from sanchoi.api.library import Entry
from sanchoi.api.pages import tables
from sanchoi.api.pages.tongue import Tongue
from sanchoi.maps import parcel_record, sites_banners, sites_words

Plan = dict[str, Any]


@lru_cache(maxsize=32)
def of(entry: Entry) -> Plan | None:
    """The plan of a result as the sites map has it, and whether it is by need; None where there is none."""
    if not entry.has("sites"):
        return None
    found = parcel_record.plan(tables.result(entry))
    return None if found is None else {**found, "by_need": by_need(entry)}


def by_need(entry: Entry) -> bool:
    """Whether nothing is surveyed, so that parcels are ranked by the children near them."""
    return sites_banners.by_need(tables.result(entry))


def head(plan: Plan, t: Tongue) -> str:
    """How many sites, for how many children, at what cost."""
    sites = plan["sites"]
    if not sites["id"]:
        return t.word("plan_empty")
    return t.word(
        "plan_need" if plan["by_need"] else "plan_head",
        n=t.number(len(sites["id"])),
        children=t.number(sites["children_total"][-1]),
        cost=t.money(sites["cost_total"][-1]),
    )


def aim(plan: Plan, t: Tongue) -> str:
    """A plan's own measure, where it is not simply the children of its head."""
    key, value = f"v_{plan['objective']}", plan["value"]
    if plan["by_need"] and f"{key}_need" in sites_words.WORDS:
        key += "_need"
    if plan["objective"] == "cover" or value is None or key not in sites_words.WORDS:
        return ""
    said = {
        "sites": lambda: t.word("n_sites", n=t.number(value)),
        "VND": lambda: t.money(value),
        "m": lambda: t.metres(value),
        "share": lambda: t.percent(value, 1),
        "children": lambda: t.number(value),
    }.get(plan["unit"])
    if said is None:
        return ""
    text = t.word(key, v=said(), beyond=t.metres(plan["beyond"]))
    return f"{text} {t.word('v_need')}" if plan["by_need"] and plan["unit"] == "m" else text


def proof(plan: Plan, t: Tongue) -> str:
    """Whether it is the best, or how far from it it may be: rounded upwards, a gap never looks smaller than it is."""
    key = f"o_{plan['objective']}"
    if plan["objective"] == "cover" and plan["by_need"]:
        key += "_need"
    if plan["objective"] == "cover_all":
        key += f"_{plan['unit']}"
    which = t.word("best_any")
    if plan["objective"] != "cover_all" and plan["budget"] is not None:
        which = t.word("best_budget", b=t.money(plan["budget"]))
    elif plan["objective"] != "cover_all" and plan["count"] is not None:
        which = t.word("best_count", n=t.number(plan["count"]))
    if plan["proven"]:
        better = t.word(key if key in sites_words.WORDS else "o_cover")
        said = t.word("proven", which=which, better=better)
    elif plan["gap"] is None:
        said = t.word("no_bound")
    else:
        gap = t.number(math.ceil(plan["gap"] * 1000 - 1e-9) / 10, 1)
        said = t.word("within", gap=gap, s=t.number(plan["seconds"]))
    return f"{said} {t.word('verified')}" if plan["verified"] else said


def asks(plan: Plan, entry: Entry, t: Tongue) -> list[str]:
    """How many sites wait for a decision, and how many only for a check."""
    open_ = sum(plan["sites"]["only_open"])
    decide = sum(each != "eligible" for each in plan["sites"]["verdict"]) - open_
    out = [t.word("plan_ask", c=t.number(decide))] if decide else []
    if open_:
        out.append(" ".join([t.word("plan_open", c=t.number(open_)), absent(entry, t)]).strip())
    return out


def absent(entry: Entry, t: Tongue) -> str:
    """The layers that rules speak of and the study does not have, as a sentence; empty if it has all."""
    layers = parcel_record.open_layers(entry.table("constraints") if entry.has("constraints") else None)
    return t.word("no_layers", layers=", ".join(t.coded("cl_", each) for each in layers)) if layers else ""


def rules(plan: Plan, t: Tongue) -> str:
    """Rules set for the plan, and how it was solved."""
    told = []
    if plan["spacing"]:
        told.append(t.word("r_spacing", m=t.metres(plan["spacing"])))
    if plan["per_commune"]:
        told.append(t.word("r_min", n=t.number(plan["per_commune"])))
    if plan["fixed"]:
        told.append(t.word("r_fixed", ids=", ".join(plan["fixed"])))
    if plan["forbidden"]:
        told.append(t.word("r_forbidden", ids=", ".join(plan["forbidden"])))
    if not plan["conditional"]:
        told.append(t.word("r_eligible"))
    said = [t.word("plan_rules", rules="; ".join(told))] if told else []
    seconds = plan["seconds"]
    took = f"< {t.number(0.1, 1)}" if seconds is not None and seconds < 0.1 else t.number(seconds, 1)
    solver = plan["solver"] or "–"
    made = t.word("plan_from", n=t.number(plan["candidates"]), solver=solver, s=took, seed=t.number(plan["seed"]))
    return " ".join([*said, made])


def on_parcel(plan: Plan, parcel: tables.Row, t: Tongue) -> str:
    """Beside the sentence that says why a parcel is not in the plan: the numbers that it rests on."""
    cost, reached, gained = parcel["cost"], parcel["children_reached"], parcel["children_gained"]
    budget = plan["budget"]
    if budget is not None and plan["objective"] != "cover_all" and cost is not None and cost > budget:
        return t.word("over_budget", c=t.money(cost), b=t.money(budget))
    if reached == 0:
        return t.word("none_near")
    return t.word("all_served", n=t.number(reached)) if not plan["by_need"] and gained == 0 and reached else ""
