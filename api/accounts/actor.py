"""Actor: who asks, and what they may do. Every right is one row of `RIGHTS`; routes ask `must`, never for a role."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from fastapi import Request
from sanchoi.api.problems import Problem

refused = logging.getLogger("sanchoi.refused")

VIEWER, COMMUNE, REVIEWER, ADMINISTRATOR = ROLES = ("viewer", "commune", "reviewer", "administrator")
READ, PROPOSE, REVIEW, EXPORT, ADMINISTER = ("read", "propose", "review", "export", "administer")
RIGHTS: dict[str, frozenset[str]] = {
    "": frozenset(),
    VIEWER: frozenset({READ}),
    COMMUNE: frozenset({READ, PROPOSE}),
    REVIEWER: frozenset({READ, PROPOSE, REVIEW, EXPORT}),
    ADMINISTRATOR: frozenset({READ, PROPOSE, REVIEW, EXPORT, ADMINISTER}),
}
"""Role → what it may do; also the scopes that a token can have. Who has not logged in has the role ""."""
WORDS: dict[str, tuple[str, str]] = {
    READ: ("cần đăng nhập để xem", "log in to see this"),
    PROPOSE: ("cần tài khoản của xã, phường để đề xuất", "proposing needs an account of a commune"),
    REVIEW: ("chỉ người thẩm định làm được", "only a reviewer may do this"),
    EXPORT: ("chỉ người thẩm định được tải danh sách", "only a reviewer may export"),
    ADMINISTER: ("chỉ người quản trị làm được", "only an administrator may do this"),
}


@dataclass(frozen=True)
class Actor:
    """Who asks.

    Attributes
    ----------
    id : as the audit log names it: "user:ID", "token:ID", "system" or "anonymous". user_id : the account, None = nobody's.
    role : one of `ROLES`, or "". communes, vintage : for which communes a commune's official may propose, codes of one vintage.
    scopes : what a token may do at most; None = all that the role may.
    """

    id: str = "anonymous"
    user_id: str | None = None
    name: str = ""
    role: str = ""
    communes: frozenset[str] = field(default_factory=frozenset)
    vintage: str = ""
    scopes: frozenset[str] | None = None

    @property
    def known(self) -> bool:
        """Whether somebody has logged in."""
        return self.user_id is not None

    def may(self, right: str) -> bool:
        """Whether the actor has a right."""
        return right in RIGHTS[self.role] and (self.scopes is None or right in self.scopes)

    def must(self, right: str) -> None:
        """Go on only with a right.

        Raises
        ------
        Problem : "login" for somebody who is not known, else "forbidden"; it is logged.
        """
        if self.may(right):
            return
        refused.warning("right refused", extra={"facts": {"actor": self.id, "right": right}})
        vi, en = WORDS[right]
        raise Problem("forbidden" if self.known else "login", pairs={"why": (vi, en)})

    def holds(self, commune_id: str, vintage: str) -> bool:
        """Whether the actor may propose for a commune: an official for their own, reviewers for all."""
        if self.may(REVIEW):
            return True
        return self.may(PROPOSE) and self.vintage == vintage and commune_id in self.communes


ANONYMOUS = Actor()
SYSTEM = Actor("system")


def of(request: Request) -> Actor:
    """Who makes a request; `app.state.who` finds it out."""
    found: Actor = request.app.state.who(request)
    return found
