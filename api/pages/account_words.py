"""Words of accounts: roles, what a key may do, and communes by name."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request
from sanchoi.api.accounts import places
from sanchoi.api.accounts.actor import (
    ADMINISTER,
    ADMINISTRATOR,
    COMMUNE,
    EXPORT,
    PROPOSE,
    READ,
    REVIEW,
    REVIEWER,
    VIEWER,
)
from sanchoi.api.pages.tongue import Tongue


def role(name: str, t: Tongue) -> str:
    """A role in words."""
    return {
        VIEWER: t.say("Viewer"),
        COMMUNE: t.say("Official of a commune"),
        REVIEWER: t.say("Reviewer"),
        ADMINISTRATOR: t.say("Administrator"),
    }[name]


def role_told(name: str, t: Tongue) -> str:
    """What a role may do, in words."""
    return {
        VIEWER: t.say("looks at everything, changes nothing"),
        COMMUNE: t.say("proposes sites in the communes chosen below, saves scenarios"),
        REVIEWER: t.say("decides on proposals of all communes, starts jobs, exports lists"),
        ADMINISTRATOR: t.say("all that, and decides who has an account"),
    }[name]


def rights(names: Sequence[str], t: Tongue) -> str:
    """What a key may do, in words."""
    told = {
        READ: t.say("read"),
        PROPOSE: t.say("propose"),
        REVIEW: t.say("decide and start jobs"),
        EXPORT: t.say("export lists"),
        ADMINISTER: t.say("administer"),
    }
    return ", ".join(told[name] for name in names)


def place_names(request: Request, codes: Sequence[str], vintage: str) -> list[str]:
    """Communes by name where a loaded result knows them, else by code."""
    if not codes:
        return []
    known = {place.code: place.name for place in places.known(request.app.state.library) if place.vintage == vintage}
    return [f"{known[code]} ({code})" if code in known else code for code in codes]
