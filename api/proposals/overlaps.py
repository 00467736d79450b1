"""Overlaps: proposals that stand on the same ground, whichever result they were made for.

Open ones count (`states.OPEN`), and drafts as far as the actor may see them. The index of either database finds those whose bounds
may touch the land; shares of area decide. Of a proposal that the actor may not read only the shares are told, and only to who may
propose: shares of one land after the other tell where a proposal lies, and officials can ask within their own communes alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from sanchoi.api.accounts.actor import PROPOSE, Actor
from sanchoi.api.proposals import desk
from sanchoi.api.proposals.states import DRAFT, OPEN
from sanchoi.api.store import Proposal
from sanchoi.api.store.proposed import PROPOSAL_BOXES
from sqlalchemy import select, text
from sqlalchemy.orm import Session

LEAST = 0.001
"""Smaller shares of either are borders that touch, not ground that is shared."""


@dataclass(frozen=True)
class Overlap:
    """A proposal on the same ground.

    Attributes
    ----------
    share : of the land asked about that it takes. theirs : share of it that the land takes.
    whole : the actor may read it. number, id, name, state : None where it may neither be read nor is public.
    """

    share: float
    theirs: float
    whole: bool
    number: int | None = None
    id: str | None = None
    name: str | None = None
    state: str | None = None


def of(session: Session, actor: Actor, geometry: shapely.Geometry, but: str = "") -> list[Overlap]:
    """Proposals on the ground of a land in EPSG:4326, the one that takes most of it first.

    Parameters
    ----------
    but : id of a proposal that is not compared, as it is the land's own.
    """
    found = []
    for each in near(session, geometry):
        if each.id == but or not (each.state in OPEN or (each.state == DRAFT and desk.sees(actor, each))):
            continue
        shared = _shared(geometry, each.geometry)
        share, theirs = shared / geometry.area, shared / each.geometry.area if each.geometry.area else 0.0
        if max(share, theirs) < LEAST:
            continue
        whole = desk.sees(actor, each)
        if not (whole or each.public or actor.may(PROPOSE)):
            continue
        told = (each.number, each.id, each.name, each.state) if whole or each.public else ()
        found.append((each.number, Overlap(share, theirs, whole, *told)))
    return [overlap for _, overlap in sorted(found, key=lambda pair: (-pair[1].share, -pair[1].theirs, pair[0]))]


def near(session: Session, geometry: shapely.Geometry) -> list[Proposal]:
    """Proposals whose bounds touch those of a land, by number."""
    west, south, east, north = geometry.bounds
    if session.get_bind().dialect.name == "sqlite":
        boxes = f"SELECT id FROM {PROPOSAL_BOXES} WHERE west <= :east AND east >= :west AND south <= :north AND north >= :south"
        touching = text(f"proposals.number IN ({boxes})")
    else:
        touching = text("proposals.geometry && ST_MakeEnvelope(:west, :south, :east, :north, 4326)")
    asked = select(Proposal).where(touching).order_by(Proposal.number)
    return list(session.scalars(asked, {"west": west, "south": south, "east": east, "north": north}))


def _shared(one: shapely.Geometry, two: shapely.Geometry) -> float:
    """Area of both, in square degrees: only its share is used, and over a piece of land a degree has one length."""
    return float(shapely.area(shapely.intersection(one, two)))
