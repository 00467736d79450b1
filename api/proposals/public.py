"""Public: the proposals that everybody may see, as far as everybody may see them: never one that was withdrawn."""

from __future__ import annotations

from typing import Any

from sanchoi.api.proposals.desk import Asked, paged
from sanchoi.api.proposals.states import DRAFT, WITHDRAWN
from sanchoi.api.store import Proposal
from sqlalchemy.orm import Session

HIDDEN = (DRAFT, WITHDRAWN)


def shown(found: Proposal) -> bool:
    """Whether everybody may see a proposal."""
    return found.public and found.state not in HIDDEN


def get(session: Session, proposal_id: str) -> Proposal | None:
    """A proposal that everybody may see; None = there is none of that id."""
    plain = len(proposal_id) <= 32 and proposal_id.isalnum() and proposal_id.isascii()
    found = session.get(Proposal, proposal_id) if plain else None
    return found if found is not None and shown(found) else None


def listed(session: Session, asked: Asked) -> tuple[list[Proposal], int]:
    """A page of them, and how many there are in all; in the orders of `desk.listed`."""
    wanted: list[Any] = [Proposal.public.is_(True), Proposal.state.not_in(HIDDEN)]
    if asked.public is False or asked.mine:
        wanted.append(Proposal.number < 0)
    return paged(session, wanted, asked)
