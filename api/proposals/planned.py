"""Planned: what a plan with proposals comes to: its sites as changes to the result, and the scenario that is the plan in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from sanchoi.api.accounts.actor import Actor
from sanchoi.api.explain import records
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.proposals import desk
from sanchoi.api.proposals.states import ACCEPTED, IN_PLAN
from sanchoi.api.settings import Limits
from sanchoi.api.store import Proposal, Scenario, scenarios
from sqlalchemy import select
from sqlalchemy.orm import Session

Change = dict[str, Any]


@dataclass(frozen=True)
class Site:
    """One site of a plan in build order; `proposal`: id of the proposal that it is, or ""."""

    order: int
    parcel_id: str
    gained: float
    cost: float | None
    proposal: str = ""
    number: int | None = None


def told(planned: Entry) -> Mapping[str, Any] | None:
    """What the record of a result says of the proposals that its plan could choose; None = it is no such plan."""
    found = planned.run.get("proposals")
    return found if isinstance(found, Mapping) and isinstance(found.get("chosen"), list) else None


def sites(planned: Entry) -> list[Site]:
    """Sites of the plan in build order."""
    known = {each["parcel_id"]: each for each in (told(planned) or {}).get("chosen", ())}
    rows = records(planned.table("sites").sort_values("build_order"))
    return [
        Site(
            int(row["build_order"]),
            row["parcel_id"],
            float(row["children_gained"]),
            row["cost"],
            str(known[row["parcel_id"]]["proposal"]) if row["parcel_id"] in known else "",
            int(known[row["parcel_id"]]["number"]) if row["parcel_id"] in known else None,
        )
        for row in rows
    ]


def changes(planned: Entry, base: Entry) -> list[Change]:
    """The plan as changes to the result that it was made from: its sites' usable ground becomes play areas."""
    listed = set(base.table("parcels")["parcel_id"])
    out: list[Change] = []
    for each in sites(planned):
        if each.parcel_id in listed:
            out.append({"action": "add", "parcel_id": each.parcel_id})
            continue
        piece = planned.rows("usable", "parcel_id", each.parcel_id)["geometry"].iloc[0]
        shape = shapely.geometry.mapping(piece)
        out.append({"action": "add", "geometry": _lists(shape), "name": each.parcel_id})
    return out


def in_force(session: Session, result_id: str) -> Scenario | None:
    """The scenario in which the proposals that everybody may see are planned, the latest; None = there is none."""
    asked = (
        select(Proposal.scenario_id)
        .where(
            Proposal.result_id == result_id,
            Proposal.state == IN_PLAN,
            Proposal.public.is_(True),
            Proposal.scenario_id.is_not(None),
        )
        .order_by(Proposal.updated.desc(), Proposal.number)
        .limit(1)
    )
    name = session.scalar(asked)
    return None if name is None else session.get(Scenario, name)


def members(session: Session, result_id: str, scenario_id: str) -> list[Proposal]:
    """Public proposals of a plan, by number."""
    asked = select(Proposal).where(
        Proposal.result_id == result_id,
        Proposal.state == IN_PLAN,
        Proposal.public.is_(True),
        Proposal.scenario_id == scenario_id,
    )
    return list(session.scalars(asked.order_by(Proposal.number)))


def adopt(
    session: Session,
    actor: Actor,
    base: Entry,
    planned: Entry,
    name: str,
    reason: str,
    seen: Mapping[str, int],
    limits: Limits,
) -> Scenario:
    """Make a plan the one in force: save its scenario, bring its proposals into it and those of an earlier plan out of that.

    All of it happens, or nothing. `seen`: revisions of all these proposals as they were shown.

    Raises
    ------
    Problem : as `scenarios.create` and `desk.move`; "conflict" for a plan without a proposal.
    """
    mine = [each.proposal for each in sites(planned) if each.proposal]
    if not mine:
        message = ("Phương án này không chọn đề xuất nào.", "This plan chose no proposal.")
        raise Problem("conflict", pairs={"message": message})
    documents = changes(planned, base)
    made = scenarios.create(
        session, base.id, base.etag, name, documents, reason, most=limits.changes, vertices=limits.vertices
    )
    asked = select(Proposal).where(Proposal.result_id == base.id, Proposal.state == IN_PLAN).order_by(Proposal.number)
    now = dict(seen)
    for each in list(session.scalars(asked)):  # of the plan that was in force
        moved = desk.move(session, actor, each.id, now.get(each.id, 0), ACCEPTED, reason)
        now[each.id] = moved.revision
    for key in mine:
        desk.move(session, actor, key, now.get(key, 0), IN_PLAN, reason, made.id)
    return made


def _lists(part: Any) -> Any:  # noqa: ANN401 - GeoJSON
    """Tuples as lists, as JSON would give them back."""
    if isinstance(part, Mapping):
        return {key: _lists(value) for key, value in part.items()}
    return [_lists(each) for each in part] if isinstance(part, Sequence) and not isinstance(part, str) else part
