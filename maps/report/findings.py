"""Findings: the first page, to be read alone: what was found in sentences, communes by state, ages, causes, and the contents."""

from __future__ import annotations

import pandas as pd
from sanchoi.gis.sentences import number, whole
from sanchoi.gis.tables import PARTS
from sanchoi.maps import summary
from sanchoi.maps.report import figures, plan_said, tables
from sanchoi.maps.report.story import ACCENT, ROOM, SMALL, Story
from sanchoi.maps.report.tables import Cell, Row
from sanchoi.maps.sheets import figures as sheet_figures
from sanchoi.maps.sheets import said
from sanchoi.maps.sheets.canvas import GREY, POINT_MM, Canvas
from sanchoi.maps.sheets.flow import Atom, Column
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.paper import Box
from sanchoi.maps.words import word

FIRST = 3
"""So many communes are named in the findings."""


def title(story: Story, ground: Ground, options: Options) -> None:
    """Title, what it is of, and what must stand above everything."""
    study, language = ground.run["study"], story.language
    told = options.title.strip() if options.title and options.title.strip() else story.say("rp_title")
    under = story.say(
        "rp_under", vintage=figures.day(study["vintage"], language), date=figures.day(study["date"], language)
    )
    parts = [
        (told[:200], 20.0, True, ACCENT),
        (str(study["name"])[:200], 13.0, True, "#141e28"),
        (under, 9.5, False, GREY),
    ]
    for words, size, bold, colour in parts:
        lines = story.canvas.lines(words, size, ROOM.width, bold)[:4]
        step = size * POINT_MM * 1.25

        def paint(
            canvas: Canvas,
            x: float,
            y: float,
            lines: list[str] = lines,
            size: float = size,
            bold: bool = bold,
            colour: str = colour,
        ) -> None:
            with story.tags.marked(story.tags.group("/H1" if size == 20.0 else "/P")):
                for k, line in enumerate(lines):
                    canvas.text(
                        x, y + size * POINT_MM + k * size * POINT_MM * 1.25, line, size, bold=bold, colour=colour
                    )

        story.add(Atom(step * len(lines) + 1.4, paint))
    _banners(story, ground, options)


def _banners(story: Story, ground: Ground, options: Options) -> None:
    told = said.banners(ground.run, story.language)
    if not told:
        return
    lines = [line for each in told for line in story.canvas.lines(each, 9.0, ROOM.width - 8, True)]
    step = 9.0 * POINT_MM * 1.3
    high = step * len(lines) + 3.4
    strong = options.theme.strong

    def paint(canvas: Canvas, x: float, y: float) -> None:
        with story.tags.artifact():
            canvas.box(Box(x, y + 1, ROOM.width, high - 1), "#fbf1e9", None)
            canvas.box(Box(x, y + 1, 1.2, high - 1), strong, None)
        with story.tags.marked(story.tags.group("/P")):
            for k, line in enumerate(lines):
                canvas.text(x + 4, y + 2.2 + 9.0 * POINT_MM + k * step, line, 9.0, bold=True, colour=strong)

    story.add(Atom(high + 1, paint))


def draw(story: Story, ground: Ground, rows: pd.DataFrame) -> None:
    """The findings in sentences and figures."""
    story.text(summary.headline(dict(ground.run), story.language), 12.0, after=2.4)
    most = _most(story, rows)
    for sentence in [*([most] if most else []), *plan_said.findings(ground, story.language)]:
        story.text(sentence)
    _statuses(story, rows, ground)
    story.aside(lambda wide: _bands(story, ground, wide), lambda wide: _reasons(story, ground, wide))


def contents(story: Story, at: int) -> None:
    """Put the contents before what follows the title."""
    rest = story.atoms[at:]
    del story.atoms[at:]
    story.heading(story.say("rp_contents"))
    story.contents()
    story.atoms += rest


def _most(story: Story, rows: pd.DataFrame) -> str:
    """Where most children lack a play area; where nothing is known, where most live."""
    language = story.language
    for key, column in (("fd_most", "children_uncovered"), ("fd_survey", "children")):
        known = rows[rows[column] >= 0.5]
        known = known.sort_values([column, "no"], ascending=[False, True]).head(FIRST)
        if len(known):
            named = [
                story.say("fd_named", name=figures.called(row, language), n=number(row[column], language))
                for row in known.to_dict("records")
            ]
            return story.say(key, list=", ".join(named))
        if rows[column].notna().any():
            return ""
    return ""


def _statuses(story: Story, rows: pd.DataFrame, ground: Ground) -> None:
    language = story.language
    if not len(rows):
        return
    inks = story.theme.status
    story.heading(story.say("fd_statuses"))
    columns = [
        Column(story.say("fd_status"), 3.4),
        *(Column(story.say(key), 1.5, "right") for key in ("fd_count", "fd_children", "fd_left")),
    ]
    body: list[Row] = []
    for name in inks:
        mine = rows[rows["status"] == name]
        if len(mine):
            sums = (tables.summed(mine[key], language) for key in ("children", "children_uncovered"))
            body.append([Cell(story.say(f"s_{name}"), ink=inks[name]), number(len(mine), language), *sums])
    sums = (tables.summed(rows[key], language) for key in ("children", "children_uncovered"))
    tables.table(story, columns, body, 8.2, [story.say("total"), number(len(rows), language), *sums])


def _bands(story: Story, ground: Ground, wide: float) -> None:
    """Children by age group, over communes where it is known who is in reach."""
    language = story.language
    body = []
    for name in sheet_figures.bands(ground):
        table = ground.gaps(name)
        table = table[table["children_uncovered"].notna()]
        if not len(table):
            return
        children, left = float(table["children"].sum()), float(table["children_uncovered"].sum())
        share = sheet_figures.percent(1 - left / children if children else None, language)
        told = (sheet_figures.said(each, language) for each in (children, left))
        body.append([sheet_figures.band(name, language).capitalize(), *told, share])
    if len(body) < 2:
        return
    story.heading(story.say("fd_bands"), wide)
    columns = [
        Column(story.say("ft_band"), 2.2),
        *(Column(story.say(key), 1.5, "right") for key in ("ft_children", "ft_left", "ft_share")),
    ]
    tables.table(story, columns, body, 8.5, wide=wide)


def _reasons(story: Story, ground: Ground, wide: float) -> None:
    """Causes in children, rounded so that they sum."""
    found = ground.result.tables.get("reasons")
    if found is None or not len(found):
        return
    own = found[found["band"].isin([str(each) for each in ground.run["settings"]["bands"]])]
    sums = own.groupby("part")["children"].sum(min_count=1)
    parts = {part: float(sums[part]) for part in PARTS if part in sums and pd.notna(sums[part])}
    if not parts or sum(parts.values()) < 0.5:
        return
    counts = whole(parts)
    ordered = sorted(counts, key=lambda part: (-counts[part], PARTS.index(part)))
    body = []
    for part in ordered:
        if counts[part]:
            why = word(f"p_{part}", story.language) + (f" ({story.say('fd_less')})" if counts[part] < 0 else "")
            body.append([why, number(counts[part], story.language)])
    story.heading(story.say("fd_reasons"), wide)
    columns = [Column(story.say("fd_reason"), 5.2), Column(story.say("ft_children"), 1.5, "right")]
    total = [story.say("total"), number(sum(counts.values()), story.language)]
    tables.table(story, columns, body, 8.5, total, wide)
    far = "area" not in parts or ground.run["settings"]["distance_only"]
    story.text(story.say("fd_reasons_far" if far else "fd_reasons_note"), SMALL, colour=GREY, wide=wide)
