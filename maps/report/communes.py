"""Communes: all of them by need, and those of which too little is known, in the order in which to survey them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from sanchoi.gis.sentences import below, number
from sanchoi.maps import style
from sanchoi.maps.report import figures, tables
from sanchoi.maps.report.story import SMALL, Story
from sanchoi.maps.report.tables import Cell, Noted, Row
from sanchoi.maps.report.words import say
from sanchoi.maps.sheets import figures as sheet_figures
from sanchoi.maps.sheets.canvas import GREY
from sanchoi.maps.sheets.flow import Column
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.words import known

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def flags(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Flag → communes that carry it, those of most communes first."""
    found: dict[str, list[str]] = {}
    for commune_id, told in zip(rows["commune_id"], rows["flags"], strict=True):
        for each in told.split(";") if isinstance(told, str) else ():
            if each.strip():
                found.setdefault(each.strip(), []).append(str(commune_id))
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def lettered(rows: pd.DataFrame) -> dict[str, str]:
    """Flags that some communes carry and others do not → their letter."""
    told = [flag for flag, of in flags(rows).items() if len(of) < len(rows) and known(f"f_{flag}", "vi")]
    return dict(zip(told, LETTERS, strict=False))


def draw(story: Story, ground: Ground, rows: pd.DataFrame) -> None:
    """All communes."""
    language = story.language
    if not len(rows):
        story.text(story.say("cm_none"))
        return
    need = rows["children_uncovered"].notna().any()
    blind = not need and not rows["surveyed"].fillna(value=False).astype(bool).any()  # then one reason holds for all
    story.text(story.say("cm_order" if need else "cm_order_need"), SMALL, sticks=True, after=0.6)
    story.text(story.say("cm_figures_blind" if blind else "cm_figures"), SMALL, sticks=True, after=0.6)
    letters = lettered(rows)
    if letters:
        told = "; ".join(f"{letter}) {story.say(f'f_{flag}').rstrip('.')}" for flag, letter in letters.items())
        story.text(f"{story.say('cm_flags')}{told}.", SMALL, colour=GREY, sticks=True, after=0.6)
    target = sheet_figures.target(ground)
    ground_asked = not ground.run["settings"]["distance_only"]
    columns = [
        Column(story.say("cm_no"), 9, "right"),
        Column(story.say("c_name"), 42),
        Column(story.say("code"), 17),
        Column(story.say("c_status"), 35),
        Column(story.say("c_children"), 17, "right"),
        Column(story.say("c_children_uncovered"), 21, "right"),
        Column(story.say("c_covered_share"), 16, "right"),
        *([Column(story.say("c_shortfall_m2"), 17, "right")] if ground_asked else []),
    ]
    body: list[Noted] = []
    for row in rows.to_dict("records"):
        mine = [letters[each] for each in str(row.get("flags") or "").split(";") if each in letters]
        state = story.say(f"t_{row['status'] if row['status'] in style.STATUS else 'unknown'}")
        state += f" ({', '.join(mine)})" if mine else ""
        counts = [sheet_figures.said(row[key], language) for key in ("children", "children_uncovered")]
        counts.append(_share(row, target, language))
        if ground_asked:
            counts.append(sheet_figures.said(row["shortfall_m2"], language))
        ink = story.theme.status.get(str(row["status"]), story.theme.status["unknown"])
        name, code = Cell(figures.called(row, language), bold=True), str(row["commune_id"])[: figures.NAME]
        reason = sheet_figures.reason(row, language) or story.say("unknown_")
        body.append(Noted([str(row["no"]), name, code, Cell(state, ink=ink), *counts], "" if blind else reason))
    keys = ["children", "children_uncovered", *(["shortfall_m2"] if ground_asked else [])]
    sums = [tables.summed(rows[key], language) for key in keys]
    total: Row = ["", story.say("total"), "", "", *sums[:2], "", *sums[2:]]
    tables.table(story, columns, body, total=total)


def _share(row: Mapping[Hashable, Any], target: float, language: str) -> str:
    """The share in reach, per cent, never rounded across the target; of no children there is none."""
    share = row.get("covered_share")
    if pd.isna(share):
        return "–" if row["status"] == "no_children" else say("unknown_", language)
    return number(below(float(share), (target,)), language)


def survey(story: Story, ground: Ground, rows: pd.DataFrame) -> None:
    """Communes that are not known, as a list of what to survey."""
    language = story.language
    blank = rows[rows["status"] == "unknown"]
    if not len(blank):
        story.text(story.say("sv_none"))
        return
    surveyed = blank["surveyed"].fillna(value=False).astype(bool) if "surveyed" in blank else blank["status"].isna()
    blind = blank[~surveyed].sort_values(["survey_rank", "no"], na_position="last")
    if len(blind):
        _survey(story, blind, len(rows))
    unjudged = blank[surveyed]
    if len(unjudged):
        story.text(story.say("sv_open", n=number(len(unjudged), language), of=number(len(rows), language)), sticks=True)
        story.bullets(
            [
                f"{figures.called(row, language)}: {sheet_figures.reason(row, language)}"
                for row in unjudged.to_dict("records")
            ]
        )


def _survey(story: Story, blind: pd.DataFrame, count: int) -> None:
    language = story.language
    of = number(count, language)
    whole = float(blind["children"].sum())
    told = sheet_figures.said(whole, language)
    n = number(len(blind), language)
    head = story.say("sv_head", n=n, of=of, children=told) if whole > 0 else story.say("sv_head_blank", n=n, of=of)
    run = blind["children"].fillna(0.0).cumsum()
    half = int((run < whole / 2).sum()) + 1
    story.text(head + (f" {story.say('sv_half', k=number(half, language))}" if whole > 0 and half < len(blind) else ""))
    story.text(f"{story.say('sv_how')}:", bold=True, sticks=True, after=0.6)
    story.bullets([story.say(f"sv_step{k}") for k in (1, 2, 3)], ordered=True)
    columns = [
        Column(story.say("sv_rank"), 18, "right"),
        Column(story.say("c_name"), 62),
        Column(story.say("code"), 24),
        Column(story.say("c_children"), 22, "right"),
        Column(story.say("sv_share"), 22, "right"),
        Column(story.say("sv_do"), 52),
    ]
    body = []
    for row, sum_ in zip(blind.to_dict("records"), run, strict=True):
        missing = pd.isna(row["children"])
        share = story.say("unknown_") if missing or not whole else number(100 * sum_ / whole, language)
        body.append(
            [
                sheet_figures.said(row["survey_rank"], language),
                figures.called(row, language),
                str(row["commune_id"])[: figures.NAME],
                sheet_figures.said(row["children"], language),
                share,
                story.say("sv_do_count" if missing else "sv_do_survey"),
            ]
        )
    tables.table(story, columns, body)
