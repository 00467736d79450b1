"""Readings: what a list of proposals needs beside their rows, read for all of them at once: versions, names, doubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from sanchoi.api.library import Library
from sanchoi.api.proposals import figures
from sanchoi.api.proposals.overlaps import LEAST, near
from sanchoi.api.proposals.sheets import Row
from sanchoi.api.proposals.states import OPEN
from sanchoi.api.store import Proposal, ProposalVersion, User
from sqlalchemy import select
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Double:
    """An open proposal on the same ground. `share`: of the first that it takes; `theirs`: of it that the first takes."""

    id: str
    number: int
    share: float
    theirs: float


def authors(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Names of accounts by id."""
    rows = session.execute(select(User.id, User.name).where(User.id.in_(set(ids))))
    return {**dict.fromkeys(ids, ""), **{str(key): str(name) for key, name in rows}}


def currents(session: Session, found: Sequence[Proposal]) -> dict[str, ProposalVersion]:
    """The version in force of each of some proposals, by their id."""
    mine = (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version)
    asked = select(ProposalVersion).join(Proposal, mine).where(Proposal.id.in_([each.id for each in found]))
    return {each.proposal_id: each for each in session.scalars(asked)}


def doubles(session: Session, found: Sequence[Proposal]) -> dict[str, list[Double]]:
    """Open proposals on the same ground as each of a list, the one that takes most of it first; by id, those without left out."""
    if not found:
        return {}
    shapes = np.array([each.geometry for each in found], dtype=object)
    others = [each for each in near(session, shapely.box(*shapely.total_bounds(shapes))) if each.state in OPEN]
    theirs = np.array([each.geometry for each in others], dtype=object)
    out: dict[str, list[Double]] = {}
    for mine, other in shapely.STRtree(theirs).query(shapes, predicate="intersects").T.tolist():
        if found[mine].id == others[other].id:
            continue
        shared = shapely.area(shapely.intersection(shapes[mine], theirs[other]))
        share, back = shared / shapely.area(shapes[mine]), shared / shapely.area(theirs[other])
        if max(share, back) >= LEAST:
            double = Double(others[other].id, others[other].number, float(share), float(back))
            out.setdefault(found[mine].id, []).append(double)
    return {key: sorted(each, key=lambda one: (-one.share, -one.theirs, one.number)) for key, each in out.items()}


def rows(session: Session, found: Sequence[Proposal], library: Library) -> list[Row]:
    """Rows of a list for its export."""
    versions = currents(session, found)
    names = authors(session, [each.author_id for each in found])
    same = doubles(session, found)
    shown = {entry.id: entry for entry in library}
    return [
        Row(
            each,
            versions[each.id],
            names[each.author_id],
            tuple(one.number for one in same.get(each.id, ())),
            figures.current(each, versions[each.id], shown.get(each.result_id)),
            figures.invented(shown.get(each.result_id)),
        )
        for each in found
    ]
