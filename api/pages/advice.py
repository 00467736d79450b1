"""Advice: why a parcel is judged as it is and what to do about it, in sentences, as the sites map says them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sanchoi.api.library import Entry
from sanchoi.api.pages import tables
from sanchoi.api.pages.tables import Row
from sanchoi.api.pages.tongue import Tongue
from sanchoi.maps import sites_words

SCALES = ("0–1", "4πA/P²", "1")
"""Units that are none."""


@dataclass
class Ledger:
    """Rules of one parcel with their words. Rows have besides the table's columns `name`, `rule`, `checked`, `layer`, `words`."""

    rows: list[Row] = field(default_factory=list)

    def count(self, passed: bool | None) -> int:
        """How many passed, failed, or were not checked."""
        return sum(row["passed"] is passed for row in self.rows)


def ledger(entry: Entry, parcel_id: str, t: Tongue) -> Ledger:
    """The rules of a parcel: failed first, then those that were not checked, then those passed with a measure."""
    return told(tables.of(entry, "screening", "parcel_id", parcel_id), rules_of(entry), t)


def told(found: Iterable[Row], rules: Mapping[str, Row], t: Tongue) -> Ledger:
    """The same of any rows of a ledger; `rules` are those of the run by their id."""
    rows = []
    for row in found:
        rule = rules.get(row["constraint_id"], {})
        kind = rule.get("rule") or ("min_distance" if row["constraint_id"] == "usable_area" else "")
        full = {
            **row,
            "name": constraint_name(row["constraint_id"], rules, t),
            "rule": kind,
            "layer": rule.get("layer"),
            "given": rule.get("checked", True),
        }
        rows.append({**full, "words": _words(full, t)})
    rows.sort(key=lambda row: ({False: 0, None: 1, True: 2}[row["passed"]], row["value"] is None))
    return Ledger(rows)


def rules_of(entry: Entry) -> dict[str, Row]:
    """The rules of a run by their id."""
    found = tables.rows(entry.table("constraints")) if entry.has("constraints") else []
    return {row["constraint_id"]: row for row in found}


def constraint_name(name: str, rules: Mapping[str, Row], t: Tongue) -> str:
    """A rule's name."""
    if name in ("land_use", "usable_area"):
        return t.land(name)
    return str((rules.get(name) or {}).get(f"name_{t.language}") or name)


def with_unit(value: float | None, unit: str | None, t: Tongue, digits: int = 2) -> str:
    """A measure with its unit."""
    if value is None:
        return t.number(None)
    return t.number(value, digits if value else 0, "" if not unit or unit in SCALES else t.coded("unit_", unit))


def figure(value: float | None, unit: str | None, t: Tongue) -> str:
    """A limit as it stands, with its unit."""
    return t.exact(value, "" if not unit or unit in SCALES else t.coded("unit_", unit))


def size(value: float, unit: str | None, t: Tongue) -> str:
    """How far a rule is passed or failed; what rounds to nothing is not nothing."""
    large = abs(value)
    if 0 < large < 0.01:
        return t.word("under", m=with_unit(0.01, unit, t))
    return with_unit(large, unit, t, 2 if large < 10 else 1 if large < 100 else 0)


def _words(row: Row, t: Tongue) -> dict[str, str]:
    """Measured, limit, margin and source of a rule, in words; empty where there is nothing to say."""
    value, limit, margin, unit = row["value"], row["limit"], row["margin"], row["unit"]
    measured = ""
    if value is not None:
        close = margin is not None and abs(margin) < 10
        measured = with_unit(value, unit, t, 2 if close or abs(value) < 10 else 1 if abs(value) < 100 else 0)
    elif row["passed"] and row["rule"] == "min_distance":
        measured = t.word("not_near")
    asked = ""
    if limit is not None:
        asked = t.word("at_least" if row["rule"] == "min_distance" else "at_most", x=figure(limit, unit, t))
    left = ""
    if margin and value is not None:
        left = ("−" if margin < 0 else "+") + size(margin, unit, t)
    law = ", ".join(t.law(each) for each in (row["source"], row["article"]) if each)
    cut = row["passed"] is False and row["kind"] == "hard" and row["rule"] != "max_value"
    return {
        "measured": measured,
        "limit": asked,
        "margin": left,
        "law": law,
        "cut": t.word("cut_off") if cut and row["constraint_id"] not in ("land_use", "usable_area") else "",
    }


def verdict(parcel: Row, rules: Ledger, t: Tongue) -> str:
    """The verdict in one line: what waits for a decision is told apart from what waits for a check."""
    if parcel["verdict"] != "conditional":
        return t.word(f"vp_{parcel['verdict']}")
    against = _against(parcel)
    if not rules.rows:
        return t.word("v_conditional")
    unchecked = {row["constraint_id"] for row in rules.rows if row["passed"] is None} - {"land_use"}
    return t.word("vp_check" if against and set(against) <= unchecked else "vp_decide")


def why(parcel: Row, rules: Ledger, t: Tongue) -> tuple[list[str], bool]:
    """What stands against a parcel, and whether something is still to be checked."""
    by_name = {row["constraint_id"]: row for row in rules.rows}
    hard: list[str] = []
    cut: list[str] = []
    soft: list[str] = []
    layers: list[str] = []
    doubts: list[str] = []
    for name in _against(parcel):
        row = by_name.get(name)
        if name == "land_use":
            hard.append(_land(parcel, row, t))
        elif row is None:
            hard.append(t.capital(constraint_name(name, {}, t)) + ".")
        elif row["passed"] is None:
            if row["given"] is False:
                layers += [layer for layer in [t.coded("cl_", row["layer"])] if layer not in layers]
            else:
                doubts.append(row["name"])
        elif name == "usable_area":
            left = figure(row["limit"], row["unit"], t)
            hard.append(t.word("a_small", v=row["words"]["measured"] or t.number(row["value"]), l=left))
        elif row["kind"] == "soft":
            by = t.word("a_by", v=row["words"]["measured"], l=row["words"]["limit"])
            soft.append(t.word("a_soft", name=row["name"], by=by))
        elif row["rule"] == "max_value":
            said = t.word("a_value", name=row["name"], v=row["words"]["measured"], l=row["words"]["limit"])
            hard.append(t.capital(said))
        else:
            cut.append(row["name"])
    if cut:
        left_m2, names = parcel["usable_m2"], "; ".join(cut)
        usable = left_m2 is not None and left_m2 >= 0.5
        hard.append(t.word("a_cut", name=names, m2=t.area(left_m2)) if usable else t.word("a_cut_all", name=names))
    if layers:
        soft.append(t.word("a_layers", layers=", ".join(layers)))
    if doubts:
        soft.append(t.word("a_doubt", names="; ".join(doubts)))
    return hard + soft, bool(layers or doubts)


def todo(parcel: Row, unchecked: bool, run_id: str, t: Tongue) -> list[str]:
    """What to do about a parcel."""
    out = []
    who = parcel[f"who_{t.language}"]
    if parcel["verdict"] == "conditional" and who:
        out.append(t.word("d_who", who=who))
    if parcel["verdict"] != "excluded" and unchecked:
        out.append(t.word("d_layers"))
    if parcel["verdict"] == "excluded":
        out.append(t.word("d_excluded"))
    if parcel["verdict"] == "eligible":
        out.append(t.word("d_none"))
    return [*out, t.word("d_report", id=parcel["parcel_id"], run=run_id)]


def near_misses(rules: Ledger, t: Tongue) -> list[str]:
    """Rules that a parcel fails by little."""
    out = []
    for row in rules.rows:
        if row["near_miss"]:
            by = t.number(None) if row["margin"] is None else size(row["margin"], row["unit"], t)
            out.append(t.word("fails_by" if row["rule"] == "min_distance" else "fails_over", name=row["name"], m=by))
    return out


def _land(parcel: Row, row: Row | None, t: Tongue) -> str:
    code, letter = parcel["land_use"] or "", (parcel["land_class"] or "").lower()
    if (row is not None and row["passed"] is None) or not letter:
        return t.word("a_land_unknown", code=code) if code else t.word("a_land_blank")
    key = f"a_land_{letter}"
    return t.word(key, code=code) if key in sites_words.WORDS else t.land("land_use")


def _against(parcel: Row) -> list[str]:
    return list(dict.fromkeys(each for each in (parcel["against"] or "").split(";") if each))
