"""Making: the report of a result as PDF. The same ground and options give the same bytes.

from sanchoi.maps.report import making
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options

pdf = making.report(Ground(results.read(folder)), Options(language="vi", result_id="quang-nam"))
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sanchoi.maps.report import communes, figures, findings, gap_map, limits, method, plan, plan_said
from sanchoi.maps.report.story import Story
from sanchoi.maps.report.words import say
from sanchoi.maps.sheets import said
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options

__all__ = ["Options", "report"]
SECTIONS = ("findings", "map", "communes", "survey", "budget", "sites", "method", "limits", "sources")


def report(ground: Ground, options: Options) -> bytes:
    """The report of a whole result, A4 upright, in the language of the options. `scale`, `style`, `title`, `result_id` hold too."""
    language, study = options.language, ground.run["study"]
    made = date.fromisoformat(str(study["date"])[:10])
    head = f"{say('rp_short', language)} · {study['name']}"
    with Canvas(head, language, datetime(made.year, made.month, made.day, tzinfo=UTC)) as canvas:
        canvas.pdf.set_subject(say("rp_title", language).capitalize())
        story = Story(canvas, language, head, said.foot(ground, options))
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
    findings.contents(story, cut)
    return story.bytes()
