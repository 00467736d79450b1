"""Compare: two to four proposals beside each other: where they lie, what each is worth, and in which rules they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from fastapi import APIRouter, Request, Response
from sanchoi.api.accounts import actor
from sanchoi.api.accounts.actor import REVIEW
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.pages import desk as listing
from sanchoi.api.pages import pictures, propose_picture
from sanchoi.api.pages.frame import page, query
from sanchoi.api.pages.tongue import Tongue, tongue
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk, overlaps, readings
from sanchoi.api.store import Proposal
from sanchoi.maps import style

router = APIRouter()
LEAST, MOST = 2, 4
WIDE, FAR_M = 640, 5_000.0
"""Lands farther from each other than this have no picture together."""
COLOURS = ("#8a2f00", "#0b3c63", "#1d5c2b", "#6a2c70")


@router.get("/{lang:lang}/desk/compare")
def compare(request: Request) -> Response:
    """The page. `ids` stands there several times, or once with commas."""
    who = actor.of(request)
    who.must(REVIEW)
    query(request, ("ids",))
    told = [each for text in request.query_params.getlist("ids") for each in text.split(",") if each.strip()]
    ids = list(dict.fromkeys(each.strip() for each in told))
    if not LEAST <= len(ids) <= MOST:
        words = ("đánh dấu 2 đến 4 đề xuất trong danh sách", "tick 2 to 4 proposals in the list")
        raise Problem("bad_parameter", {"name": "ids", "came": len(ids)}, {"expected": words})
    t = tongue(language_of(request))
    with request.app.state.store.reading() as session:
        found = [desk.get(session, who, each) for each in ids]
        rows = listing.rows(request, session, found, t)
        versions = readings.currents(session, found)
    worths = [versions[each.id].worth or {} for each in found]
    known = {entry.id: entry for entry in request.app.state.library.entries()}
    entries = [known.get(each.result_id) for each in found]
    for row, each, worth, entry, colour in zip(rows, found, worths, entries, COLOURS, strict=False):
        row["colour"] = colour
        row["drawn"] = None if entry is None else propose_picture.land(entry, each.geometry, worth.get("usable"))
        row["sentence"] = worth.get(f"sentence_{t.language}", "")
        row["entry"] = None if entry is None else entry.id
    rules, same = ledgers(worths, t)
    return page(
        request,
        "desk_compare.html",
        fixed=False,
        rows=rows,
        facts=facts(rows, worths, t),
        rules=rules,
        same=same,
        shared=shared(found, t),
        results=len({each.result_id for each in found}),
        together=together(entries[0], found) if entries[0] is not None else None,
    )


def facts(rows: Sequence[Mapping[str, Any]], worths: Sequence[Mapping[str, Any]], t: Tongue) -> list[dict[str, Any]]:
    """Figures of each, and which of them is the best where that can be said: name, texts, places of the best."""

    def line(name: str, values: list[float | None], texts: list[str], best: int = 0) -> dict[str, Any]:
        known = {k: best * value for k, value in enumerate(values) if best and value is not None}
        top = max(known, key=known.__getitem__, default=None)
        places = [k for k in known if top is not None and texts[k] == texts[top]]  # what reads alike is alike
        return {"name": name, "texts": texts, "best": places if len(known) > len(places) else []}

    def of(key: str) -> list[float | None]:
        return [row[key] for row in rows]

    area = [worth.get("usable_m2") for worth in worths]
    verdicts = [t.coded("v_", row["verdict"]) if row["verdict"] else str(t.unknown) for row in rows]
    scores = [
        t.unknown if score is None else ("≥ " if (high or 0) > score + 5e-4 else "") + t.number(score, 2)
        for score, high in zip(of("score"), of("score_high"), strict=True)
    ]
    ranks = [
        t.unknown if rank is None else f"{t.number(rank)} / {t.number(all_)}"
        for rank, all_ in zip(of("rank"), of("of"), strict=True)
    ]
    return [
        line(t.say("State"), [None] * len(rows), [t.state(row["state"]) for row in rows]),
        line(t.word("c_name"), [None] * len(rows), [row["commune"] for row in rows]),
        line(t.word("s_gained"), of("gained"), [t.number(value) for value in of("gained")], 1),
        line(t.say("Cost"), of("cost"), [t.money(value) for value in of("cost")], -1),
        line(t.say("Children per billion đồng"), of("value"), [t.number(value) for value in of("value")], 1),
        line(t.word("score"), of("score"), scores, 1),
        line(t.word("t_rank"), of("rank"), ranks, -1),
        line(t.word("s_verdict"), [None] * len(rows), verdicts),
        line(t.word("t_usable"), area, [t.area(value) for value in area], 1),
        line(t.say("Communes that change"), [None] * len(rows), [_classes(worth, t) for worth in worths]),
    ]


def ledgers(worths: Sequence[Mapping[str, Any]], t: Tongue) -> tuple[list[dict[str, Any]], int]:
    """Rules in which the lands differ, and in how many they are alike."""
    found = [{each["constraint_id"]: each for each in worth.get("ledger") or []} for worth in worths]
    out, same = [], 0
    for key in dict.fromkeys(name for each in found for name in each):
        rows = [each.get(key) for each in found]
        passed = [None if row is None else row.get("passed") for row in rows]
        if len({str(each) for each in passed}) == 1 and None not in rows:
            same += 1
            continue
        name = next(row[f"name_{t.language}"] for row in rows if row is not None)
        out.append({"name": name, "cells": [_rule(row, t) for row in rows]})
    return out, same


def shared(found: Sequence[Proposal], t: Tongue) -> list[tuple[int, int, str, str]]:
    """Pairs on the same ground: their numbers, the share of each that both take."""
    out = []
    for k, one in enumerate(found):
        for two in found[k + 1 :]:
            both = shapely.area(shapely.intersection(one.geometry, two.geometry))
            shares = [both / each.geometry.area for each in (one, two)]
            if max(shares) >= overlaps.LEAST:
                out.append((one.number, two.number, t.percent(shares[0]), t.percent(shares[1])))
    return out


def together(entry: Entry, found: Sequence[Proposal]) -> dict[str, Any] | None:
    """The lands in one picture; None where they lie far from each other."""
    crs = entry.run["study"]["crs"]
    shapes = [propose_picture.moved(each.geometry, crs) for each in found]
    low_x, low_y, high_x, high_y = (float(each) for each in shapely.total_bounds(np.array(shapes, dtype=object)))
    size = max(high_x - low_x, (high_y - low_y) * 1.6, propose_picture.LEAST_M)
    if size > FAR_M:
        return None
    half = size * 1.25 / 2
    x, y = (low_x + high_x) / 2, (low_y + high_y) / 2
    bounds = [x - half, y - half / 1.6, x + half, y + half / 1.6]
    scale = WIDE / (2 * half)
    floor = round(2 * half / 1.6 * scale)
    bar = style.nice(half * 0.6)
    return {
        "wide": WIDE,
        "high": floor + 30,
        "floor": floor,
        "bar_m": bar,
        "bar": round(bar * scale),
        "shapes": [
            {
                "number": each.number,
                "colour": colour,
                "d": pictures.path(shape, bounds, scale, 1),
                "x": round((shape.representative_point().x - bounds[0]) * scale),
                "y": round((bounds[3] - shape.representative_point().y) * scale),
            }
            for each, shape, colour in zip(found, shapes, COLOURS, strict=False)
        ],
    }


def _rule(row: Mapping[str, Any] | None, t: Tongue) -> dict[str, Any]:
    if row is None:
        return {"mark": "open", "text": t.say("not looked at")}
    words = {True: t.say("met"), False: t.say("not met"), None: t.say("not known")}
    mark = {True: "passed", False: "failed", None: "open"}
    value = row.get("value")
    text = words[row.get("passed")]
    if value is not None and row.get("unit") in ("m", "m2", "m²", "%"):
        text += f" ({t.number(value, 1, 'm²' if row['unit'] == 'm2' else row['unit'])})"
    return {"mark": mark[row.get("passed")], "text": text}


def _classes(worth: Mapping[str, Any], t: Tongue) -> str:
    told = [
        f"{each['name']}: {t.word('t_' + each['from'])} → {t.word('t_' + each['to'])}"
        for each in worth.get("changed_class") or []
    ]
    return "; ".join(told) or t.say("none")
