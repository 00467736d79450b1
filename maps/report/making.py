"""Making: the report of a result as PDF. The same ground and options give the same bytes.

from sanchoi.maps.report import making
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options

pdf = making.report(Ground(results.read(folder)), Options(language="vi", result_id="quang-nam"))
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sanchoi.maps.report import communes, figures, findings, gap_map, limits, method, plan, plan_said
from sanchoi.maps.report.page import Page
from sanchoi.maps.report.story import BODY, ROOM, SMALL, Story
from sanchoi.maps.report.words import say
from sanchoi.maps.sheets import said
from sanchoi.maps.sheets.canvas import GREY, POINT_MM, Canvas
from sanchoi.maps.sheets.flow import Atom
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options

__all__ = ["Options", "report"]
SECTIONS = ("findings", "map", "communes", "survey", "budget", "sites", "method", "limits", "sources")


def report(ground: Ground, options: Options) -> bytes:
    """The report of a whole result, A4 upright, whatever paper and scale the options name.

    `language`, `style`, `title` and `result_id` hold; `signatures` are at its end when they are given.
    """
    language, study = options.language, ground.run["study"]
    made = date.fromisoformat(str(study["date"])[:10])
    head = f"{say('rp_short', language)} · {study['name']}"
    with Page(head, language, datetime(made.year, made.month, made.day, tzinfo=UTC)) as canvas:
        canvas.pdf.set_subject(say("rp_title", language).capitalize())
        story = Story(canvas, language, head, said.foot(ground, options), options.theme)
        return _told(story, ground, options)


def _told(story: Story, ground: Ground, options: Options) -> bytes:
    rows = figures.rows(ground)
    found = plan_said.of(ground)
    names = [name for name in SECTIONS if name != "sites" or found is not None]
    at = {name: k for k, name in enumerate(names, 1)}
    findings.title(story, ground, options)
    cut = len(story.atoms)
    story.section("findings", story.say("h_findings"))
    findings.draw(story, ground, rows)
    need = bool(len(rows)) and bool((rows["status"] == "unknown").all())
    story.section("map", story.say("h_map_need" if need else "h_map"))
    gap_map.draw(story, ground, rows, options, at["communes"])
    story.section("communes", story.say("h_communes"))
    communes.draw(story, ground, rows)
    story.section("survey", story.say("h_survey"))
    communes.survey(story, ground, rows)
    by_sites = found is not None and found["budget"] is None
    story.section("budget", story.say("h_budget_sites" if by_sites else "h_budget"))
    plan.budget(story, ground, found)
    if found is not None:
        story.section("sites", story.say("h_sites"))
        plan.sites(story, ground, found)
    method.draw(story, ground, found is not None)
    story.section("limits", story.say("h_limits"), fresh=True)
    limits.draw(story, ground, rows, found, at["sources"])
    story.section("sources", story.say("h_sources"))
    limits.sources(story, ground, options.result_id)
    labels = [each.strip() for each in options.signatures or () if each.strip()]
    if labels:
        _signed(story, labels)
    findings.contents(story, cut)
    return story.bytes()


def _signed(story: Story, labels: Sequence[str]) -> None:
    """The signature block: a label and room to sign, for each."""
    wide = ROOM.width / len(labels)
    lines = [story.canvas.lines(label, BODY, wide - 4, True)[:4] for label in labels]
    step = BODY * POINT_MM * 1.3

    def paint(canvas: Canvas, x: float, y: float) -> None:
        for k, told in enumerate(lines):
            middle = x + wide * (k + 0.5)
            with story.tags.marked(story.tags.group("/P")):
                for n, line in enumerate(told):
                    canvas.text(middle, y + 8 + step * n, line, BODY, bold=True, align="centre")
                canvas.text(
                    middle, y + 8 + step * len(told), story.say("sign_here"), SMALL, colour=GREY, align="centre"
                )

    story.add(Atom(8 + step * max(len(told) for told in lines) + 28, paint))
