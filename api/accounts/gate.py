"""Gate: rights that a route needs, as dependencies; on a service that is not guarded, whoever reaches it may do as before."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, Request
from sanchoi.api.accounts import actor
from sanchoi.api.accounts.actor import PROPOSE, REVIEW


def _of(right: str) -> Any:  # noqa: ANN401 - as FastAPI gives it
    def needed(request: Request) -> None:
        me = actor.of(request)
        if request.app.state.settings.guarded or (me.scopes is not None and not me.may(right)):
            me.must(right)

    return Depends(needed)


TO_SAVE = _of(PROPOSE)
"""Saving, changing and deleting scenarios."""
TO_RUN = _of(REVIEW)
"""Starting and dismissing jobs."""
