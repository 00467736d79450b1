"""The plan: what each budget reaches, the chosen sites, what is still to be done at each, and where it helps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sanchoi.gis.sentences import number
from sanchoi.maps import sites_words
from sanchoi.maps.report import chart, figures, plan_said, tables
from sanchoi.maps.report.plan_said import Plan
from sanchoi.maps.report.story import SMALL, Story
from sanchoi.maps.report.tables import Cell, Noted
from sanchoi.maps.report.words import say
from sanchoi.maps.sheets import figures as sheet_figures
from sanchoi.maps.sheets import parcel_said
from sanchoi.maps.sheets.canvas import GREY
from sanchoi.maps.sheets.flow import Column
from sanchoi.maps.sheets.ground import Ground

PROVEN = 5e-7
"""A gap below this is none: the solver's own tolerance."""


def budget(story: Story, ground: Ground, plan: Plan | None) -> None:
    """What each budget reaches, as a chart and a table; or that it is not known."""
    if plan is None:
        story.text(story.say("pl_none"))
        return
    table = ground.result.tables.get("budget_curve")
    curve = None if table is None else table.dropna(subset=["budget", "value"]).sort_values("budget")
    if curve is None or len(curve) < 2:
        story.text(plan_said.proof(plan, story.language))
        story.text(story.say("pl_no_curve"))
        return
    _curve(story, curve, plan)


def _curve(story: Story, table: pd.DataFrame, plan: Plan) -> None:
    language = story.language
    money = plan["budget"] is not None
    need = "_need" if plan["by_need"] else ""
    told = [_budget(each, money, language) for each in table["budget"]]
    last = table.iloc[-1]
    story.text(plan_said.proof(plan, language), sticks=True)
    story.text(
        story.say(
            "pl_read" if money else "pl_read_sites",
            budget=told[-1],
            sites=number(last["sites"], language),
            children=sheet_figures.said(last["value"], language),
            what=story.say(f"pl_what{need}"),
        )
        + f" {story.say('pl_bound')}",
        sticks=True,
    )
    unit = 1e6 if money else 1.0
    here = None
    if plan["unit"] == "children" and plan["value"] is not None:
        x = plan["budget"] if money else plan["count"]
        here = None if x is None else (float(x) / unit, float(plan["value"]))
    values = table["value"].astype(float)
    drawn = chart.Curve(
        (table["budget"].astype(float) / unit).tolist(),
        values.tolist(),
        table["bound"].astype(float).fillna(values).tolist(),
        story.say("curve_x" if money else "curve_x_sites"),
        story.say(f"curve_y{need}"),
        here,
        money,
    )
    first = table.iloc[0]
    ends = [sheet_figures.said(each["value"], language) for each in (first, last)]
    alt = story.say("pl_chart_alt", a=ends[0], x=told[0], b=ends[1], y=told[-1])
    story.figure(chart.HIGH, alt, lambda canvas, box: chart.draw(canvas, box, drawn, language))
    _curve_table(story, table, money, need)


def _budget(value: Any, money: bool, language: str) -> str:  # noqa: ANN401 - a cell
    return (
        figures.money(value, language)
        if money
        else say(sites_words.of("n_sites", value), language, n=number(value, language))
    )


def _curve_table(story: Story, table: pd.DataFrame, money: bool, need: str) -> None:
    language = story.language
    priced = money and table["cost"].notna().any()  # a plan by sites does not ask what they cost
    columns = [
        *([Column(story.say("pl_c_budget"), 26, "right")] if money else []),
        Column(story.say("pl_c_sites"), 18, "right"),
        *([Column(story.say("pl_c_cost"), 26, "right")] if priced else []),
        Column(story.say(f"pl_c_children{need}"), 30, "right"),
        Column(story.say("pl_c_bound"), 26, "right"),
        Column(story.say("pl_c_gap"), 34, "right"),
    ]
    body = []
    whole = all(abs(float(each) / 1e6 % 1) < 1e-6 for each in table["budget"])
    for row in table[table["sites"] > 0].to_dict("records"):
        gap = row["mip_gap"]
        if pd.isna(gap):
            proof = story.say("unknown_")
        else:
            proof = story.say("pl_proven") if gap <= PROVEN else f"{plan_said.percent_up(gap, language)} %"
        body.append(
            [
                *([figures.million(row["budget"], language, 0 if whole else 1)] if money else []),
                number(row["sites"], language),
                *([figures.million(row["cost"], language)] if priced else []),
                sheet_figures.said(row["value"], language),
                sheet_figures.said(row["bound"], language),
                proof,
            ]
        )
    tables.table(story, columns, body, 8.5)


def sites(story: Story, ground: Ground, plan: Plan) -> None:
    """The chosen sites, and where the plan helps."""
    language = story.language
    chosen = ground.result.tables["sites"].sort_values("build_order")
    story.text(f"{plan_said.head(plan, language)} {plan_said.aim(plan, language)}".strip(), sticks=len(chosen) > 0)
    if not len(chosen):
        return
    parcels = ground.result.tables["parcels"].drop_duplicates("parcel_id").set_index("parcel_id")
    ledger = _ledger(ground, chosen["parcel_id"].tolist())
    everywhere = (
        set.intersection(*({rule for rule, ok in of.items() if ok is None} for of in ledger.values()))
        if ledger
        else set()
    )
    story.text(story.say("pl_order_note"), SMALL, colour=GREY, after=0.8, sticks=True)
    if everywhere:
        names = ", ".join(sorted(parcel_said.constraint(ground, rule, language) for rule in everywhere))
        story.text(story.say("pl_all_open", names=names), SMALL, after=0.8, sticks=True)
    priced = chosen["cost"].notna().any()
    columns = [
        Column(story.say("cm_no"), 9, "right"),
        Column(story.say("s_parcel"), 32),
        Column(story.say("c_name"), 35),
        Column(story.say("s_verdict"), 24),
        Column(story.say("t_usable"), 17, "right"),
        Column(story.say("s_gained_need" if plan["by_need"] else "s_gained"), 17, "right"),
        Column(story.say("s_total"), 15, "right"),
        *([Column(story.say("s_cost"), 19, "right")] if priced else []),
    ]
    communes = {row["commune_id"]: row for row in ground.result.tables["communes"].to_dict("records")}
    body: list[Noted] = []
    for row in chosen.to_dict("records"):
        parcel = parcels.loc[row["parcel_id"]]
        home = communes.get(parcel["commune_id"])
        land = parcel["land_use"] if isinstance(parcel["land_use"], str) else story.say("unknown_")
        if use := ground.use(parcel["land_use"], story.language):
            land = f"{land} – {use}"
        told: list[str | Cell] = [
            str(int(row["build_order"])),
            Cell(str(row["parcel_id"])[: figures.NAME], bold=True),
            story.say("outside") if home is None else figures.called(home, language),
            Cell(parcel_said.verdict(parcel["verdict"], language), ink=story.theme.verdict.get(str(parcel["verdict"]))),
            sheet_figures.said(parcel["usable_m2"], language),
            sheet_figures.said(row["children_gained"], language),
            sheet_figures.said(row["children_total"], language),
        ]
        if priced:
            told.append(figures.million(row["cost"], language))
        todo = _todo(story, ground, parcel, ledger.get(str(row["parcel_id"]), {}), everywhere)
        land_told = f"{story.say('p_land')}: {land[: figures.NAME]}"
        body.append(Noted(told, f"{land_told}. {story.say('pl_todo')}: {todo}."))
    tables.table(story, columns, body)
    _changes(story, ground, plan)


def _ledger(ground: Ground, ids: list[str]) -> dict[str, dict[str, bool | None]]:
    """Parcel → constraint → whether it passed, None = not checked."""
    table = ground.result.tables.get("screening")
    if table is None:
        return {}
    out: dict[str, dict[str, bool | None]] = {}
    mine = table[table["parcel_id"].isin(ids)]
    for row in mine.to_dict("records"):
        passed = None if pd.isna(row["passed"]) else bool(row["passed"])
        out.setdefault(str(row["parcel_id"]), {})[str(row["constraint_id"])] = passed
    return out


def _todo(
    story: Story,
    ground: Ground,
    parcel: Any,  # noqa: ANN401 - a row
    checked: Mapping[str, bool | None],
    everywhere: set[str],
) -> str:
    """What stands against a site, and who decides."""
    language = story.language
    against = [each for each in str(parcel["against"] or "").split(";") if each]
    failed = [each for each in against if each not in ("land_use",) and checked.get(each) is False]
    blank = [
        each for each in against if each != "land_use" and checked.get(each, True) is None and each not in everywhere
    ]
    told = []
    who = parcel["who_en" if language == "en" else "who_vi"]
    if "land_use" in against and isinstance(who, str) and who.strip():
        told.append(story.say("pl_decides", who=who))
    for key, rules in (("pl_failed", failed), ("pl_unchecked", blank)):
        if rules:
            told.append(
                story.say(key, names=", ".join(parcel_said.constraint(ground, rule, language) for rule in rules))
            )
    if not told:
        return story.say("pl_nothing" if parcel["verdict"] == "eligible" or not everywhere else "pl_above")
    return "; ".join(told)


def _changes(story: Story, ground: Ground, plan: Plan) -> None:
    """Communes where the plan lets more children reach a play area, the most first."""
    language = story.language
    table = plan_said.changes(ground)
    if not len(table):
        if plan["by_need"]:
            story.heading(story.say("pl_changes"))
            story.text(story.say("ch_unknown"))
        return
    gain = table["children_uncovered_before"] - table["children_uncovered_after"]
    mine = table.assign(gain=gain)[gain >= 0.5].sort_values(["gain", "commune_id"], ascending=[False, True])
    story.heading(story.say("pl_changes"))
    story.text(plan_said.changed(ground, plan, language), sticks=True)
    if not len(mine):
        return
    communes = {row["commune_id"]: row for row in ground.result.tables["communes"].to_dict("records")}
    columns = [
        Column(story.say("c_name"), 44),
        *(Column(story.say(key), 24, "right") for key in ("ch_children", "ch_before", "ch_after")),
        Column(story.say("ft_state_now"), 26),
        Column(story.say("ft_state_after"), 26),
    ]
    body = [
        [
            figures.called(communes[row["commune_id"]], language) if row["commune_id"] in communes else "?",
            *(
                sheet_figures.said(row[key], language)
                for key in ("children", "children_uncovered_before", "children_uncovered_after")
            ),
            *(story.say(f"t_{row[f'status_{when}']}") for when in ("before", "after")),
        ]
        for row in mine.to_dict("records")
    ]
    sums = [
        number(float(mine[key].sum()), language)
        for key in ("children", "children_uncovered_before", "children_uncovered_after")
    ]
    tables.table(story, columns, body, total=[story.say("total"), *sums, "", ""])
