"""What the what-if pages tell on the server: the answer to a list of changes, or why there is none, as rows for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from sanchoi.api import answers
from sanchoi.api.handlers import problem_of
from sanchoi.api.languages import language_of
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.rest.what_if import bounded
from sanchoi.gis.errors import SanchoiError
from sanchoi.gis.names import fold

Document = dict[str, Any]
FEW = 0.5
"""Fewer children are none on a page of whole children, as in the sentence."""
COLUMNS = ("in_reach", "newly_covered", "no_longer_covered", "undecided", "unsurveyed")


@dataclass(frozen=True)
class Told:
    """What is said of a list of changes.

    Attributes
    ----------
    answer : as the interface gives it; None = nothing was asked, or it was refused. problem : title and detail, status 200 = none.
    """

    answer: Document | None = None
    title: str = ""
    detail: str = ""
    status: int = 200
    members: Document = field(default_factory=dict)


def ask(request: Request, entry: Entry, changes: Sequence[Mapping[str, Any]]) -> Told:
    """The answer to a list of changes, or the words of its refusal."""
    if not changes:
        return Told()
    try:
        bounded(request, [dict(change) for change in changes])
        return Told(answers.ask(entry, request.app.state.models.get(entry), changes))
    except (Problem, SanchoiError) as error:
        return refused(request, error)


def refused(request: Request, error: Exception) -> Told:
    """A refusal in the asker's language."""
    problem = problem_of(error)
    told = problem.told(language_of(request), request.url.path)
    return Told(title=told["title"], detail=told["detail"], status=problem.status, members=problem.members)


def bands(answer: Document) -> list[Document]:
    """Children by age group, all last; of whom nothing is known is null."""
    rows = []
    uncounted = {each["band"] for each in answer["uncounted"]}
    for band in answer["newly_covered"]:
        row = {"band": band, **{name: answer[name][band] for name in COLUMNS}}
        blind = row["unsurveyed"] >= FEW or band in uncounted or (band == "all" and uncounted)
        if row["newly_covered"] < FEW and blind:
            row["newly_covered"] = None
        rows.append(row)
    return rows


def columns(answer: Document) -> list[str]:
    """Columns of that table: those that are nothing for everybody are left out, who is newly covered never."""
    return [name for name in COLUMNS if name == "newly_covered" or max(answer[name].values()) >= FEW]


def communes(answer: Document) -> list[Document]:
    """One row a commune that changes, changes of status first: of all ages, or where only one age group changes, of that."""
    whole = {row["commune_id"]: row for row in reversed(answer["communes"])}
    whole |= {row["commune_id"]: row for row in answer["communes"] if row["band"] == "all"}
    return sorted(whole.values(), key=_order)


def _order(row: Document) -> tuple[bool, str, str]:
    return row["before"]["status"] == row["after"]["status"], fold(row["name"] or ""), row["commune_id"]


def short_m2(answer: Document) -> tuple[float, float] | None:
    """Ground that is short in the communes that change, before and after; None where it is not known of one of them."""
    sides = [[row[side]["shortfall_m2"] for row in communes(answer)] for side in ("before", "after")]
    if not sides[0] or any(value is None for side in sides for value in side):
        return None
    return sum(sides[0]), sum(sides[1])
