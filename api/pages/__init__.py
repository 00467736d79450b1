"""Pages: what the service shows to people, in Vietnamese and English, readable without JavaScript.

`install(app)` adds the pages, their static files and the pages of errors. A page is made by `frame.page`.
"""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from sanchoi.api.pages import (
    account,
    account_invited,
    account_login,
    account_oidc,
    audit,
    budget,
    communes,
    desk,
    desk_acts,
    desk_adopt,
    desk_compare,
    desk_plan,
    erasure,
    exports,
    exports_sheets,
    gap,
    home,
    jobs,
    jobs_forms,
    methods,
    parcels,
    proposals,
    proposals_edit,
    proposals_files,
    proposals_import,
    propose,
    propose_corners,
    propose_file,
    propose_offline,
    receipt,
    scenarios,
    sites,
    static_files,
    users,
    what_if,
)
from sanchoi.api.pages.problems import render_problem

__all__ = ["install", "router"]

router = APIRouter(include_in_schema=False)
for _module in (
    static_files,
    home,
    gap,
    sites,
    exports_sheets,
    communes,
    parcels,
    budget,
    methods,
    what_if,
    scenarios,
    jobs,
    jobs_forms,
    exports,
    account_login,
    audit,
    receipt,
    erasure,
    account,
    account_invited,
    account_oidc,
    users,
    desk,
    desk_acts,
    desk_compare,
    desk_plan,
    desk_adopt,
    propose,
    propose_corners,
    propose_file,
    propose_offline,
    proposals,
    proposals_edit,
    proposals_files,
    proposals_import,
):
    router.include_router(_module.router)


def install(app: FastAPI) -> None:
    """Add the pages to the application, and let it answer people with pages where something goes wrong."""
    app.include_router(router)
    app.state.render_problem = render_problem
    app.state.pages_there = {}
