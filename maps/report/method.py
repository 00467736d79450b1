"""Method: how the figures are made, on one page: plain sentences, the formulas that matter, norms, parameters of the run."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sanchoi.gis.sentences import exact, number
from sanchoi.maps import summary
from sanchoi.maps.report import figures, tables
from sanchoi.maps.report.method_words import METHOD
from sanchoi.maps.report.story import ROOM, Story
from sanchoi.maps.report.tables import Cell, Row
from sanchoi.maps.sheets.flow import Column
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.scales import law
from sanchoi.maps.sheets.words import known

SIZES = (9.2, 8.8, 8.4, 8.0, 7.6, 7.2)
"""Letters become smaller, so far, that the method stays on one page."""


def draw(story: Story, ground: Ground, planned: bool) -> None:
    """The page of the method."""
    story.section("method", story.say("h_method"), fresh=True)
    cut = len(story.atoms)
    for size in SIZES:
        del story.atoms[cut:]
        _page(story, ground, planned, size)
        if sum(atom.height for atom in story.atoms[cut - 1 :]) <= ROOM.height:
            break


def _page(story: Story, ground: Ground, planned: bool, size: float) -> None:
    run, language = ground.run, story.language
    settings = run["settings"]
    target = number(100 * settings["target_share"], language)
    weights = _weights(ground, story)
    cell = exact(float(settings["cell_m"]), language)
    _part(
        story, size, "mt_children", [story.say("mt_children_text", cell=cell, weights=weights)], ["mt_children_formula"]
    )
    _part(story, size, "mt_supply", [story.say("mt_supply_text")])
    detour = settings.get("detour")
    walk = (
        story.say("mt_walk_straight", detour=number(float(detour), language, 1))
        if detour
        else story.say("mt_walk_network")
    )
    _part(story, size, "mt_walk", [walk])
    _part(story, size, "mt_reach", [story.say("mt_reach_text")], ["mt_reach_formula"])
    if settings["distance_only"]:
        _part(story, size, "mt_ground", [story.say("mt_distance_only")])
    else:
        _part(story, size, "mt_ground", [story.say("mt_ground_text")], [f"mt_ground_formula{k}" for k in (1, 2, 3)])
    story.text(story.say("mt_status"), size, bold=True, sticks=True, after=0.3)
    inks = story.theme.status
    order = (
        "unknown",
        "no_children",
        "no_supply",
        "out_of_reach",
        *(() if settings["distance_only"] else ("crowded",)),
        "met",
    )
    columns = [Column("", 1), Column("", 4.2)]
    body: list[Row] = [
        [Cell(story.say(f"t_{name}"), ink=inks[name]), story.say(f"mt_s_{name}", t=target)] for name in order
    ]
    tables.plain(story, columns, body, size)
    _part(story, size, "mt_reasons", [story.say("mt_reasons_text")])
    if planned:
        _part(story, size, "mt_plan", [story.say("mt_plan_text")])
    _norms(story, run, size)
    _settings(story, ground, target, size)


def _part(story: Story, size: float, head: str, sentences: list[str], formulas: list[str] | None = None) -> None:
    """A heading in the line of its first sentence, and formulas below it."""
    told = " ".join(sentences)
    story.text(f"{story.say(head)}. {told}", size, after=0.5, sticks=bool(formulas), lead=f"{story.say(head)}.")
    for k, key in enumerate(formulas or []):
        story.text(
            story.say(key), size, indent=6.0, colour="#0b4f86", after=0.2 if k < len(formulas or []) - 1 else 0.8
        )


def _weights(ground: Ground, story: Story) -> str:
    """What the children were spread by, the most used first."""
    table = ground.result.tables["communes"]
    told = table["weights"].dropna() if "weights" in table else pd.Series(dtype=str)
    counts = told.astype(str).str.split("+").explode().value_counts(sort=False)
    ordered = sorted(
        ((str(name), int(count)) for name, count in counts.items() if name), key=lambda each: (-each[1], each[0])
    )
    words = [story.say(f"mt_w_{name}") if f"mt_w_{name}" in METHOD else name for name, _ in ordered]
    return ", ".join(dict.fromkeys(words)) or story.say("mt_w_other")


def _norms(story: Story, run: Any, size: float) -> None:  # noqa: ANN401 - a mapping
    language = story.language
    story.heading(story.say("mt_norms"))
    told = summary.norms(run)
    rows = told["rows"]
    if not rows:
        story.text(story.say("mt_no_norms"), size)
        return
    columns = [
        Column(story.say("mt_n_band"), 20),
        Column(story.say("mt_n_tier"), 34),
        Column(story.say("mt_n_walk"), 20, "right"),
        Column(story.say("mt_n_m2"), 19, "right"),
        Column(story.say("mt_n_source"), 53),
        Column(story.say("mt_n_verified"), 22),
    ]
    tables.table(story, columns, [_norm(story, row) for row in rows], size * 0.95)
    said = [story.say("mt_profile", name=told[language])]
    if told["m2_per_person"]:
        mark = "" if told["m2_per_person_verified"] else f"({story.say('is_unverified')})"
        said.append(
            story.say("mt_person", m2=exact(float(told["m2_per_person"]), language), mark=mark).replace("  ", " ")
        )
    story.text(" ".join(said), size, after=0.6)


def _norm(story: Story, row: dict[str, Any]) -> list[str | Cell]:
    language = story.language
    tier = known(f"tier_{row['tier']}", language) or _tier(str(row["tier"]), language)
    if row["min_site_m2"] is not None:
        tier = story.say("mt_n_site", tier=tier, m2=exact(float(row["min_site_m2"]), language))
    blank = story.say("mt_n_none")
    source = story.say("mt_n_planner")
    if not row["planner"]:
        source = ", ".join(law(str(part), language) for part in (row["source"], row["article"]) if part)
    elif row["source"] and row["source"] != "set by the planner":
        source = f"{source}: {law(str(row['source']), language)}"
    force = ""
    if not row["planner"] and any(row["valid"]):
        a, b = (figures.day(each, language) or "…" for each in row["valid"])
        force = story.say("mt_n_force", a=a, b=b)
    mark = "–" if row["planner"] else story.say("is_verified" if row["verified"] else "is_unverified")
    return [
        story.say("band_ages", band=str(row["band"]).replace("-", "–")),
        tier,
        blank if row["walk_m"] is None else f"{exact(float(row['walk_m']), language)} m",
        blank if row["m2_per_child"] is None else exact(float(row["m2_per_child"]), language),
        Cell(source, force),
        Cell(mark, bold=not row["planner"] and not row["verified"]),
    ]


def _tier(name: str, language: str) -> str:
    """A tier that has no word: its name, with spaces."""
    return {"green-space": ("mảng xanh", "green space")}.get(name, (name.replace("-", " "),) * 2)[language == "en"]


def _settings(story: Story, ground: Ground, target: str, size: float) -> None:
    run, language = ground.run, story.language
    settings = run["settings"]
    detour = settings.get("detour")
    ways = (
        story.say("mt_p_straight", detour=number(float(detour), language, 1))
        if detour
        else story.say("mt_p_on_network")
    )
    bands = ", ".join(str(each).replace("-", "–") for each in settings["bands"])
    pairs = [
        ("mt_p_cell", f"{exact(float(settings['cell_m']), language)} m"),
        ("mt_p_target", story.say("mt_p_target_of", t=target)),
        ("mt_p_bands", story.say("mt_p_years", bands=bands)),
        ("mt_p_network", ways),
        ("mt_p_crs", ground.crs_name),
        ("vintage_day", figures.day(run["study"]["vintage"], language)),
        ("study_date", figures.day(run["study"]["date"], language)),
        ("run_id", str(run["run_id"])),
    ]
    own = [story.say(f"mt_k_{key}") if f"mt_k_{key}" in METHOD else key for key in settings["set_by_planner"]]
    if own:
        pairs.append(("mt_p_planner", ", ".join(own)))
    story.heading(story.say("mt_settings"))
    tables.pairs(story, [(story.say(key), value) for key, value in pairs], size)
