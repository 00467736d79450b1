"""The plan in sentences: what it does, how sure that is, and what it changes; words are those of the sites map."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from sanchoi.gis.sentences import number
from sanchoi.maps import parcel_record, sites_banners, sites_words
from sanchoi.maps.report import figures
from sanchoi.maps.report.words import say
from sanchoi.maps.sheets import figures as sheet_figures
from sanchoi.maps.sheets.ground import Ground

Plan = dict[str, Any]


def of(ground: Ground) -> Plan | None:
    """The plan of a result; None where there is none."""
    found = None if "parcels" not in ground.result.tables else parcel_record.plan(ground.result)
    return None if found is None else {**found, "by_need": sites_banners.by_need(ground.result)}


def findings(ground: Ground, language: str) -> list[str]:
    """What the first page says of the plan."""
    plan = of(ground)
    if plan is None:
        return [say("ft_no_plan", language)]
    told = [f"{head(plan, language)} {aim(plan, language)}".strip(), proof(plan, language)]
    after = changed(ground, plan, language)
    return [" ".join([*told, after]).strip()]


def head(plan: Plan, language: str) -> str:
    """How many sites, for how many children, at what cost."""
    sites = plan["sites"]
    if not sites["id"]:
        return f"{say('plan', language)}: {say('plan_empty', language)}"
    told = say(
        sites_words.of("plan_need" if plan["by_need"] else "plan_head", len(sites["id"])),
        language,
        n=number(len(sites["id"]), language),
        children=sheet_figures.said(sites["children_total"][-1], language),
        cost=figures.money(sites["cost_total"][-1], language),
    )
    return f"{say('plan', language)}: {told}"


def aim(plan: Plan, language: str) -> str:
    """A plan's own measure, where it is not simply the children of its head."""
    key, value, unit = f"v_{plan['objective']}", plan["value"], plan["unit"]
    if plan["by_need"] and f"{key}_need" in sites_words.WORDS:
        key += "_need"
    if plan["objective"] == "cover" or value is None or key not in sites_words.WORDS:
        return ""
    told = {
        "sites": lambda: say(sites_words.of("n_sites", value), language, n=number(value, language)),
        "VND": lambda: figures.money(value, language),
        "m": lambda: f"{number(value, language)} m",
        "share": lambda: f"{number(100 * value, language, 1)} %",
        "children": lambda: number(value, language),
    }.get(unit)
    if told is None:
        return ""
    beyond = "" if plan["beyond"] is None else f"{number(plan['beyond'], language)} m"
    text = say(key, language, v=told(), beyond=beyond)
    return f"{text} {say('v_need', language)}" if plan["by_need"] and unit == "m" else text


def proof(plan: Plan, language: str) -> str:
    """Whether it is the best, or how far from it it may be; a gap is rounded upwards."""
    key = f"o_{plan['objective']}"
    if plan["objective"] == "cover" and plan["by_need"]:
        key += "_need"
    if plan["objective"] == "cover_all":
        key += f"_{plan['unit']}"
    which = say("best_any", language)
    if plan["objective"] != "cover_all" and plan["budget"] is not None:
        which = say("best_budget", language, b=figures.money(plan["budget"], language))
    elif plan["objective"] != "cover_all" and plan["count"] is not None:
        which = say(sites_words.of("best_count", plan["count"]), language, n=number(plan["count"], language))
    if plan["proven"]:
        better = say(key if key in sites_words.WORDS else "o_cover", language)
        told = say("proven", language, which=which, better=better)
    elif plan["gap"] is None:
        told = say("no_bound", language)
    else:
        told = say("within", language, gap=percent_up(plan["gap"], language), s=number(plan["seconds"] or 0, language))
    if plan["verified"] is False:
        return f"{told} {say('not_verified', language)}"
    return f"{told} {say('verified', language)}" if plan["verified"] else told


def percent_up(gap: float, language: str) -> str:
    """A gap in per cent with one digit; it never looks smaller than it is."""
    return number(math.ceil(gap * 1000 - 1e-9) / 10, language, 1)


def changes(ground: Ground) -> pd.DataFrame:
    """Before and after, all ages, of communes where both are known."""
    table = ground.result.tables.get("plan_gaps")
    if table is None:
        return pd.DataFrame()
    mine = table[table["band"] == figures.band(ground)]
    return mine[mine["children_uncovered_before"].notna() & mine["children_uncovered_after"].notna()]


def changed(ground: Ground, plan: Plan, language: str) -> str:
    """What the whole plan changes, in a sentence; empty where it is not known."""
    table = changes(ground)
    if not len(table) or not plan["sites"]["id"]:
        return ""
    before, after = (float(table[f"children_uncovered_{when}"].sum()) for when in ("before", "after"))
    n = number(len(plan["sites"]["id"]), language)
    return say("pl_after", language, n=n, before=number(before, language), after=number(after, language))
