"""Fact sheet: a commune on two pages A4: numbers and map; best parcels, what the plan changes, sources, signatures."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sanchoi.gis.sentences import number
from sanchoi.maps.sheets import base, cells, figures, flow, gap, parcel_said, reach, said, sheet
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.figures import said as told
from sanchoi.maps.sheets.flow import Atom, Column
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.paper import COORDINATES, Box, Paper
from sanchoi.maps.sheets.sheet import Key, Texts
from sanchoi.maps.sheets.window import SERIES, Window, picture_scale, windows
from sanchoi.maps.sheets.words import say

PAPER = Paper("A4", landscape=False)
SIZE, HEAD = 7.5, 9.5
BEST, PLACES = 10, 12
MAP_LEAST = 90.0


def draw(canvas: Canvas, ground: Ground, commune_id: str, options: Options) -> dict[int, Window]:
    """Draw the two pages; returns page → map."""
    language = options.language
    row = ground.commune(commune_id)
    place = said.called(row["name"], row.get("kind"), language)
    top, whole = PAPER.title.bottom + 3, PAPER.whole
    atoms = _numbers(canvas, whole.width, ground, commune_id, language)
    high = min(sum(atom.height for atom in atoms), whole.height - MAP_LEAST - 60)
    begins = top + high + 3
    legend = 44.0
    box = Box(
        whole.left + COORDINATES,
        begins + 6 + COORDINATES,
        float(int(whole.width - 2 * COORDINATES)),
        float(int(whole.bottom - legend - begins - 6 - 2 * COORDINATES)),
    )
    scale = options.scale or picture_scale(row.geometry.bounds, box)
    window = windows(row.geometry.envelope.centroid.buffer(1), box, float(scale), axes=ground.axes)[0]
    scaled = say("given" if options.scale else "fits_commune" if scale in SERIES else "fits_picture", language)
    words = said.around(
        ground,
        window,
        options,
        options.titled("fact_title"),
        place,
        scaled,
        last=said.signs(ground, [commune_id], language),
    )
    canvas.page(PAPER)
    page = canvas.count - 1
    sheet.title(canvas, PAPER.title, words, large=False)
    placed, rest = flow.place(atoms, [Box(whole.left, top, whole.width, high + 0.1)])
    flow.paint(canvas, placed)
    canvas.text(
        whole.left, begins + 4, say(_headed(ground, commune_id), language, n=number(scale, language)), HEAD, bold=True
    )
    keys = sheet.show(canvas, window, lambda c, w: _map(c, w, ground, commune_id, options), language)
    _under(canvas, Box(whole.left, whole.bottom - legend + 2, whole.width, legend - 2), window, words, keys)
    _second(canvas, ground, commune_id, options, words, rest)
    return {page: window}


def _headed(ground: Ground, commune_id: str) -> str:
    """What the map is of: ways to play areas, or children where nobody has looked for any."""
    return "ft_map" if bool(ground.commune(commune_id)["surveyed"]) else "ft_map_unknown"


def _map(canvas: Canvas, window: Window, ground: Ground, commune_id: str, options: Options) -> list[Key]:
    language, theme = options.language, options.theme
    keys = cells.draw(canvas, window, ground, theme, [commune_id], language)
    keys += [Key(say("beside_head", language)), *gap.statuses(canvas, window, ground, theme, [commune_id], language)]
    keys += [Key(say("rest_head", language))]
    keys += reach.catchments(canvas, window, ground, theme.play, language)
    keys += base.ways(canvas, window, ground, theme, language)
    keys += base.barriers(canvas, window, ground, theme, language)
    keys += base.borders(canvas, window, ground, [commune_id], language)
    taken, marks = base.play_areas(canvas, window, ground, theme, language)
    base.names(canvas, window, ground, taken, [commune_id], 8.0)
    return keys + marks


def _under(canvas: Canvas, box: Box, window: Window, words: Texts, keys: list[Key]) -> None:
    """Scale bar, north and legend below the map."""
    left, *rest = flow.columns(box, 3)
    foot = canvas.lines(words.foot, 5.2, box.width)
    low = 2.4 * len(foot) + 1
    boxes = [Box(each.left, each.top, each.width, each.height - low) for each in (left, *rest)]
    for shrunk in (*sheet.SHRUNK, 0.62, 0.55):
        atoms = [
            sheet.compass(window, words, left.width),
            *sheet.legend(canvas, left.width, words.legend, keys, shrunk),
        ]
        placed, left_over = flow.place(atoms, boxes)
        if not left_over:
            break
    flow.paint(canvas, placed)
    for k, line in enumerate(foot):
        canvas.text(box.left, box.bottom - (len(foot) - 1 - k) * 2.4, line, 5.2, colour="#5f5f5f")


def _numbers(canvas: Canvas, wide: float, ground: Ground, commune_id: str, language: str) -> list[Atom]:
    """Numbers by age band, and why."""
    columns = [
        Column(say("ft_band", language), 1.15),
        Column(say("ft_status", language), 2.1),
        Column(say("ft_norm", language), 1.5),
        *(
            Column(say(key, language), 0.95, "right")
            for key in ("ft_children", "ft_left", "ft_share", "ft_m2", "ft_shortfall")
        ),
    ]
    rows, reasons, flags = [], [], ""
    for band in figures.bands(ground):
        table = ground.gaps(band)
        if commune_id not in table.index:
            continue
        row = table.loc[commune_id]
        asked = []
        if pd.notna(row["norm_walk_m"]):
            asked.append(f"≤ {told(row['norm_walk_m'], language)} m")
        if pd.notna(row["norm_m2_per_child"]):
            asked.append(say("per_child", language, m2=told(row["norm_m2_per_child"], language, 1)))
        blank = "–" if band == "all" else say("no_norm", language)
        shortfall = "–" if ground.run["settings"]["distance_only"] else told(row["shortfall_m2"], language)
        rows.append(
            [
                figures.band(band, language),
                figures.status(row["status"], language),
                ", ".join(asked) or blank,
                told(row["children"], language),
                told(row["children_uncovered"], language),
                figures.percent(row["covered_share"], language, figures.target(ground)),
                told(row["access_m2_per_child"], language, 1),
                shortfall,
            ]
        )
        reasons.append((figures.band(band, language), figures.reason(row, language)))
        flags = str(row["flags"]) if isinstance(row["flags"], str) else flags
    out = [
        *flow.heading(canvas, wide, say("ft_numbers", language), HEAD),
        *flow.table(canvas, wide, columns, rows, SIZE),
        flow.space(1),
    ]
    rank = ground.gaps(figures.bands(ground)[-1])["survey_rank"].get(commune_id)
    if pd.notna(rank):
        out += flow.text(canvas, wide, say("ft_survey", language, k=told(rank, language)), SIZE, bold=True)
    out += flow.heading(canvas, wide, say("ft_why", language), HEAD)
    for text in dict.fromkeys(text for _, text in reasons if text):
        out += flow.text(canvas, wide, text, SIZE)
    remarked = [text for each in flags.split(";") if (text := _flag(each.strip(), language))]
    if remarked:
        out += flow.text(
            canvas, wide, f"{say('ft_flags', language)}: {' '.join(remarked)}", SIZE * 0.93, colour="#5f5f5f"
        )
    return out


def _flag(code: str, language: str) -> str:
    found = figures.kind(code, "f_", language) if code else ""
    return "" if found == code else found


def _second(
    canvas: Canvas,
    ground: Ground,
    commune_id: str,
    options: Options,
    words: Texts,
    before: list[Atom],
) -> None:
    """Places, best parcels, plan, sources and signatures."""
    language, wide = options.language, PAPER.whole.width
    atoms = [
        *before,
        *_best(canvas, wide, ground, commune_id, language),
        *_plan(canvas, wide, ground, commune_id, language),
        *_places(canvas, wide, ground, commune_id, language),
    ]
    signed = sheet.SIGNED + 2 if words.signatures else 2.0
    whole = PAPER.whole
    top = PAPER.title.bottom + 3
    foot = canvas.lines(words.foot, 5.2, wide)
    low = signed + 2.4 * len(foot)
    room = Box(whole.left, top, wide, whole.bottom - top - low)
    for size in (6.5, 6.0, 5.5, 5.0):
        notes = [
            atom
            for head, text in words.notes
            for atom in (
                *flow.text(canvas, wide, head, size, bold=True, sticks=True),
                *flow.text(canvas, wide, text, size, colour="#5f5f5f"),
            )
        ]
        placed, rest = flow.place([*atoms, flow.space(2), *notes], [room])
        if not rest:
            break
    while True:
        canvas.page(PAPER)
        sheet.title(canvas, PAPER.title, words, large=False, mapped=False)
        flow.paint(canvas, placed)
        if not rest or not placed:
            break
        placed, rest = flow.place(rest, [room])
    if words.signatures:
        block = Box(whole.left, whole.bottom - low + 2, wide, sheet.SIGNED - 2)
        sheet.signatures(canvas, words.signatures, block, words.signed, words.sealed)
    for k, line in enumerate(foot):
        canvas.text(whole.left, whole.bottom - (len(foot) - 1 - k) * 2.4, line, 5.2, colour="#5f5f5f")


def _best(canvas: Canvas, wide: float, ground: Ground, commune_id: str, language: str) -> list[Atom]:
    out = flow.heading(canvas, wide, say("ft_best", language), HEAD)
    table = ground.result.tables.get("parcels")
    if table is None:
        return [*out, *flow.text(canvas, wide, say("ft_no_parcels", language), SIZE)]
    mine = table[(table["commune_id"] == commune_id) & table["rank"].notna()].sort_values(["rank", "parcel_id"])
    if not len(mine):
        return [*out, *flow.text(canvas, wide, say("ft_none", language), SIZE)]
    columns = [
        Column(say("ft_rank", language), 0.6, "right"),
        Column(say("ft_parcel", language), 1.6),
        Column(say("ft_land", language), 0.8),
        Column(say("ft_verdict", language), 1.2),
        *(Column(say(key, language), 1.0, "right") for key in ("ft_usable", "ft_gained", "ft_cost", "ft_score")),
    ]
    rows = [
        [
            told(row["rank"], language),
            str(row["parcel_id"]),
            str(row["land_use"]) if isinstance(row["land_use"], str) else say("unknown_", language),
            parcel_said.verdict(row["verdict"], language),
            told(row["usable_m2"], language),
            told(row["children_gained"], language),
            told(None if pd.isna(row["cost"]) else row["cost"] / 1e6, language, 1),
            told(row["score"], language, 3),
        ]
        for row in mine.head(BEST).to_dict("records")
    ]
    return [*out, *flow.table(canvas, wide, columns, rows, SIZE * 0.95)]


def _plan(canvas: Canvas, wide: float, ground: Ground, commune_id: str, language: str) -> list[Atom]:
    out = [flow.space(1.5), *flow.heading(canvas, wide, say("ft_plan", language), HEAD)]
    changes, sites = ground.result.tables.get("plan_gaps"), ground.result.tables.get("sites")
    parcels = ground.result.tables.get("parcels")
    if sites is None or parcels is None:
        return [*out, *flow.text(canvas, wide, say("ft_no_plan", language), SIZE)]
    here = set(parcels["parcel_id"][parcels["commune_id"] == commune_id])
    built = [str(each) for each in sites.sort_values("build_order")["parcel_id"] if each in here]
    told_of = say("ft_built", language, ids=", ".join(built)) if built else say("ft_not_built", language)
    out += flow.text(canvas, wide, told_of, SIZE)
    if changes is None:
        return out
    keys = ("ft_children", "ft_now", "ft_after")
    columns = [
        Column(say("ft_band", language), 1.1),
        *(Column(say(key, language), 1.1, "right") for key in keys),
        Column(say("ft_state_now", language), 2.0),
        Column(say("ft_state_after", language), 2.0),
    ]
    mine = changes[changes["commune_id"] == commune_id].set_index("band")
    rows = [
        [
            figures.band(band, language),
            *(told(row[c], language) for c in ("children", "children_uncovered_before", "children_uncovered_after")),
            figures.status(row["status_before"], language),
            figures.status(row["status_after"], language),
        ]
        for band, row in ((band, mine.loc[band]) for band in figures.bands(ground) if band in mine.index)
    ]
    return [*out, flow.space(0.8), *flow.table(canvas, wide, columns, rows, SIZE * 0.95)] if rows else out


def _called(row: Any, language: str) -> str:  # noqa: ANN401 - a row of play areas
    """Name of a play area, and how well its place is known where a square told it."""
    name = row["name"] if isinstance(row.get("name"), str) else say("site_unnamed", language)
    within_m = row.get("within_m")
    return name if pd.isna(within_m) else say("ft_within", language, name=name, m=told(within_m, language))


def _places(canvas: Canvas, wide: float, ground: Ground, commune_id: str, language: str) -> list[Atom]:
    out = [flow.space(1.5), *flow.heading(canvas, wide, say("ft_places", language), HEAD)]
    table: Any = ground.result.tables["play_areas"]
    mine = table[table["commune_id"] == commune_id].sort_values(["counts", "play_area_id"], ascending=[False, True])
    if not len(mine):
        return [*out, *flow.text(canvas, wide, say("ft_no_places", language), SIZE)]
    columns = [
        Column(say("ft_place", language), 2.4),
        Column(say("ft_kind", language), 1.3),
        Column(say("ft_access", language), 1.3),
        Column(say("ft_area", language), 1.0, "right"),
        Column(say("ft_counts", language), 0.7),
    ]
    rows = [
        [
            _called(row, language),
            figures.kind(row.get("kind"), "k_", language),
            figures.kind(row.get("access"), "a_", language),
            told(row["area_m2"], language),
            say("yes" if row["counts"] else "no", language),
        ]
        for row in mine.head(PLACES).to_dict("records")
    ]
    out += flow.table(canvas, wide, columns, rows, SIZE * 0.95)
    if len(mine) > PLACES:
        out += flow.text(canvas, wide, say("ft_more", language, n=number(len(mine) - PLACES, language)), SIZE)
    return out
