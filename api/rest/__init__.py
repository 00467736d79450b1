"""REST: plain records of everything that the pages show, under /api/v1; null = unknown."""

from __future__ import annotations

from fastapi import APIRouter
from sanchoi.api.rest import (
    document,
    exports,
    gaps,
    me,
    parcels,
    plan,
    proposal_acts,
    proposal_files,
    proposals,
    proposals_import,
    results,
    scenarios,
    terms,
    what_if,
)

router = APIRouter()
for _each in (
    results,
    exports,
    gaps,
    parcels,
    plan,
    terms,
    me,
    what_if,
    scenarios,
    proposals,
    proposal_acts,
    proposal_files,
    proposals_import,
    document,
):
    router.include_router(_each.router)
