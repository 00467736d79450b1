"""Limits and sources: what the figures do not say, which are uncertain, and whose data they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sanchoi.gis.sentences import number
from sanchoi.maps import index, remarks, sites_banners, summary
from sanchoi.maps.report import communes, figures, tables
from sanchoi.maps.report.plan_said import Plan
from sanchoi.maps.report.story import SMALL, Story
from sanchoi.maps.report.tables import Cell, Row
from sanchoi.maps.sheets.canvas import GREY
from sanchoi.maps.sheets.flow import Column
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.scales import law
from sanchoi.maps.sheets.words import known

SIZE = 9.0
IDS = 3
"""So many ids of a warning are named."""


def draw(story: Story, ground: Ground, rows: pd.DataFrame, plan: Plan | None, section: int) -> None:
    """What the figures do not say."""
    run, language = ground.run, story.language
    settings = run["settings"]
    own = "target_share" in settings["set_by_planner"]
    whose = story.say("lm_target_own" if own else "lm_target_design")
    always = [
        story.say("u_always"),
        story.say("lm_date", k=section),
        story.say("lm_target", share=number(100 * settings["target_share"], language), whose=whose),
        *([story.say("lm_plan")] if plan is not None else []),
        story.say("lm_map"),
    ]
    story.bullets(always, SIZE)
    unknown = [each for each in index.part(ground.result, language)["unknown"] if each != story.say("u_always")]
    if plan is not None:
        unknown += [
            f"{each[language]}." for each in sites_banners.banners(ground.result) if each["code"].startswith("b_")
        ]
    _block(story, "lm_unknown", unknown)
    _block(story, "lm_norms", _norms(story, run))
    _block(story, "lm_flags", _flags(story, rows))
    told = _warnings(story, run)
    _block(story, "lm_warnings", told or [story.say("no_warnings")])
    note = str(run["study"].get("estimate_note") or "").strip()
    if note:
        story.text(story.say("lm_note", note=note), SIZE, colour=GREY)


def _block(story: Story, head: str, items: list[str]) -> None:
    if items:
        story.heading(story.say(head))
        story.bullets(items, SIZE)


def _norms(story: Story, run: Mapping[str, Any]) -> list[str]:
    told = []
    for row in run["norms"]:
        if not row["verified"]:
            source = ", ".join(law(str(row[part]), story.language) for part in ("source", "article") if row[part])
            told.append(story.say("lm_norm", source=source or str(row["profile"])))
    return list(dict.fromkeys(told))


def _flags(story: Story, rows: pd.DataFrame) -> list[str]:
    names = {str(row["commune_id"]): figures.called(row, story.language) for row in rows.to_dict("records")}
    out = []
    for flag, of in communes.flags(rows).items():
        text = known(f"f_{flag}", story.language)
        if text is None:
            continue
        text = text.rstrip(".")
        if len(of) == len(rows):
            out.append(story.say("lm_flag_all", text=text) + ".")
        else:
            listed = figures.some([names[each] for each in of], story.language)
            out.append(story.say("lm_flag", text=text, n=number(len(of), story.language), names=listed) + ".")
    return out


def _warnings(story: Story, run: Mapping[str, Any]) -> list[str]:
    """Warnings in plain words, each once, with the layers and ids that they speak of."""
    grouped: dict[str, tuple[list[str], list[str]]] = {}
    for note in summary.warnings(run):
        code = str(note["code"])
        text = str(note[story.language]) if code in remarks.REMARKS else story.say("lm_other", code=code)
        layers, ids = grouped.setdefault(text, ([], []))
        layer = _layer(str(note["layer"]), story.language) if note["layer"] else ""
        if layer and layer not in layers:
            layers.append(layer)
        ids += [each for each in note["ids"] if each not in ids]
    out = []
    for text, (layers, ids) in grouped.items():
        told = f"{text} ({', '.join(each[0].lower() + each[1:] for each in layers)})" if layers else text
        out.append(f"{told} {story.say('lm_ids', ids=figures.some(ids, story.language, IDS))}." if ids else told)
    return out


def _layer(layer: str, language: str) -> str:
    """A layer's name in words."""
    group, dot, rest = layer.partition(".")
    plain = known(f"cl_{rest}", language) or rest
    found = known(f"layer_{layer}", language) or known(f"cl_{layer}", language)
    if found is None and known(f"layer_{group}", language) is not None:
        found = f"{known(f'layer_{group}', language)}{f' ({plain})' if dot else ''}"
    return (
        found
        or {"children zones": ("Vùng đếm trẻ em", "Zones of the count"), "siting": ("Phương án", "Plan")}.get(
            layer, (layer, layer)
        )[language == "en"]
    )


def sources(story: Story, ground: Ground, result_id: str) -> None:
    """Whose data they are, from when, under which licence; the files; the program and the run."""
    run, language = ground.run, story.language
    dates = {(str(row.get("layer") or ""), str(row.get("name") or "")): row.get("date") for row in run["sources"]}
    story.text(
        story.say(
            "sr_dates",
            vintage=figures.day(run["study"]["vintage"], language),
            date=figures.day(run["study"]["date"], language),
        ),
        SIZE,
        sticks=True,
    )
    given = [row for row in summary.sources(run) if row["attribution"] or row["licence"]]
    if given:
        grouped: dict[tuple[str, ...], list[str]] = {}
        for row in given:
            date = figures.day(dates.get((row["layer"], row["name"])), language) or story.say("sr_undated")
            key = (row["name"], row["attribution"], row["licence"] or story.say("no_licence"), date, row["url"])
            grouped.setdefault(key, []).append(_layer(row["layer"], language))
        columns = [
            Column(story.say("sr_layer"), 32),
            Column(story.say("sr_name"), 46),
            Column(story.say("sr_by"), 44),
            Column(story.say("sr_licence"), 26),
            Column(story.say("sr_date"), 20),
        ]
        body: list[Row] = [
            [", ".join(dict.fromkeys(layers)), Cell(name, url), by, licence, date]
            for (name, by, licence, date, url), layers in grouped.items()
        ]
        tables.table(story, columns, body, SMALL)
    else:
        story.text(story.say("sr_none"), SIZE)
    _files(story, run)
    version = next((str(v) for k, v in run["versions"].items() if k == "sanchoi"), "?")
    told = story.say("sr_made", version=version, result=result_id or "–", run=run["run_id"])
    story.text(told, SIZE)


def _files(story: Story, run: Mapping[str, Any]) -> None:
    if not run["inputs"]:
        return
    story.heading(story.say("sr_files"))
    columns = [
        Column(story.say("sr_layer"), 50),
        Column(story.say("sr_file"), 56),
        Column(story.say("sr_rows"), 20, "right"),
        Column(story.say("sr_hash"), 42),
    ]
    body = []
    for row in run["inputs"]:
        name = str(row.get("path") or "").replace("\\", "/").rsplit("/", 1)[-1]
        count = row.get("rows")
        told = story.say("unknown_") if count is None else number(float(count), story.language)
        body.append(
            [_layer(str(row.get("layer") or ""), story.language), name, told, str(row.get("sha256") or "–")[:16]]
        )
    tables.table(story, columns, body, SMALL * 0.95)
    story.add()
