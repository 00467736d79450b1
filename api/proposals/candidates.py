"""Candidates: proposals that a plan may choose or must hold: accepted ones that are public, for everybody sees a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from sanchoi.api.library import Entry
from sanchoi.api.problems import Problem
from sanchoi.api.proposals.readings import currents
from sanchoi.api.proposals.states import ACCEPTED, IN_PLAN
from sanchoi.api.store import Proposal
from sanchoi.gis.outlines import Land
from sqlalchemy import select
from sqlalchemy.orm import Session

STANDING = (ACCEPTED, IN_PLAN)
NO_SHARE = 0.01


@dataclass(frozen=True)
class Candidate:
    """A proposal in a plan: the id of its row among the parcels, and its land; None = it is a listed parcel of that id."""

    id: str
    number: int
    parcel_id: str
    land: Land | None
    fixed: bool

    def told(self) -> dict[str, Any]:
        """As run.json keeps it."""
        return {"proposal": self.id, "number": self.number, "parcel_id": self.parcel_id, "fixed": self.fixed}


def read(session: Session, entry: Entry, free: Sequence[str], fixed: Sequence[str]) -> list[Candidate]:
    """Proposals by id, by their number.

    Raises
    ------
    Problem : "unknown_id" for one that is not there, not public, or of another result; "conflict" for one that is not accepted, and
        for two on the same ground that must both be chosen.
    """
    wanted = list(dict.fromkeys([*free, *fixed]))
    found = {each.id: each for each in session.scalars(select(Proposal).where(Proposal.id.in_(wanted)))}
    for key in wanted:
        if key not in found or found[key].result_id != entry.id or not found[key].public:
            short = key[:40]
            raise Problem("unknown_id", pairs={"message": (f"đề xuất công khai {short}", f"public proposal {short}")})
        if found[key].state not in STANDING:
            n = found[key].number
            message = (f"ĐX-{n} chưa được chấp nhận.", f"P-{n} is not accepted.")
            raise Problem("conflict", pairs={"message": message})
    rows = sorted(found.values(), key=lambda each: each.number)
    _apart([each for each in rows if each.id in fixed])
    versions = currents(session, rows)
    listed = set(entry.table("parcels")["parcel_id"]) if entry.has("parcels") else set()
    out = []
    for each in rows:
        content = versions[each.id].content
        name = f"ĐX-{each.number}"
        while name in listed:
            name += "′"
        if each.parcel_id in listed:
            out.append(Candidate(each.id, each.number, str(each.parcel_id), None, each.id in fixed))
            continue
        land = Land(each.geometry, content.get("land_use") or None, content.get("owner") or None, content.get("cost"))
        out.append(Candidate(each.id, each.number, name, land, each.id in fixed))
    return out


def _apart(rows: Sequence[Proposal]) -> None:
    """Refuse two that share ground.

    Raises
    ------
    Problem : "conflict".
    """
    for k, one in enumerate(rows):
        for two in rows[k + 1 :]:
            shared = shapely.area(shapely.intersection(one.geometry, two.geometry))
            if shared > NO_SHARE * min(one.geometry.area, two.geometry.area):
                a, b = one.number, two.number
                message = (
                    f"ĐX-{a} và ĐX-{b} nằm trên cùng một khu đất, không thể cùng bắt buộc. Hãy để một đề xuất là “có thể chọn”.",
                    f'P-{a} and P-{b} lie on the same ground and cannot both be built. Set one of them to "may be chosen".',
                )
                raise Problem("conflict", pairs={"message": message})
