"""States of a proposal, and the moves between them: who may make each. Every move has an author, a time and a reason.

draft → submitted → needs_info → submitted …
        submitted → under_review → accepted | rejected, → needs_info;   accepted ⇄ in_plan
        a rejected or accepted one can be taken up again; the proposer can withdraw until it is in the plan
"""

from __future__ import annotations

from dataclasses import dataclass

from sanchoi.api.accounts.actor import PROPOSE, REVIEW

DRAFT, SUBMITTED, NEEDS_INFO, UNDER_REVIEW = ("draft", "submitted", "needs_info", "under_review")
ACCEPTED, REJECTED, WITHDRAWN, IN_PLAN = ("accepted", "rejected", "withdrawn", "in_plan")
STATES: dict[str, tuple[str, str]] = {
    DRAFT: ("bản nháp", "draft"),
    SUBMITTED: ("đã gửi", "submitted"),
    NEEDS_INFO: ("cần bổ sung", "needs information"),
    UNDER_REVIEW: ("đang thẩm định", "under review"),
    ACCEPTED: ("được chấp nhận", "accepted"),
    REJECTED: ("không được chấp nhận", "rejected"),
    WITHDRAWN: ("đã rút", "withdrawn"),
    IN_PLAN: ("đã đưa vào phương án", "in the plan"),
}
EDITABLE = (DRAFT, NEEDS_INFO)
"""States in which the content can be changed, by its proposers."""
OPEN = (SUBMITTED, NEEDS_INFO, UNDER_REVIEW, ACCEPTED, IN_PLAN)
"""States in which a proposal stands: another on the same ground overlaps it."""


@dataclass(frozen=True)
class Move:
    """One move: the right it needs, and whether the author of the proposal may make it themselves.

    `mine`: True = only those who may propose for its commune; False = never its author; None = anybody with the right.
    """

    right: str
    mine: bool | None


MOVES: dict[tuple[str, str], Move] = {
    (DRAFT, SUBMITTED): Move(PROPOSE, True),
    (DRAFT, WITHDRAWN): Move(PROPOSE, True),
    (SUBMITTED, UNDER_REVIEW): Move(REVIEW, None),
    (SUBMITTED, NEEDS_INFO): Move(REVIEW, None),
    (SUBMITTED, WITHDRAWN): Move(PROPOSE, True),
    (NEEDS_INFO, SUBMITTED): Move(PROPOSE, True),
    (NEEDS_INFO, WITHDRAWN): Move(PROPOSE, True),
    (UNDER_REVIEW, NEEDS_INFO): Move(REVIEW, None),
    (UNDER_REVIEW, ACCEPTED): Move(REVIEW, False),
    (UNDER_REVIEW, REJECTED): Move(REVIEW, False),
    (UNDER_REVIEW, WITHDRAWN): Move(PROPOSE, True),
    (ACCEPTED, IN_PLAN): Move(REVIEW, False),
    (ACCEPTED, UNDER_REVIEW): Move(REVIEW, False),
    (ACCEPTED, WITHDRAWN): Move(PROPOSE, True),
    (REJECTED, UNDER_REVIEW): Move(REVIEW, False),
    (IN_PLAN, ACCEPTED): Move(REVIEW, False),
}
