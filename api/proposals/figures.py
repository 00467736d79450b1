"""Figures: of which run of its result those of a proposal are, and whether that is the run that is shown now.

What was told when a proposal was sent stays what it was; who reads it later must see that it may be otherwise today.
"""

from __future__ import annotations

from sanchoi.api.library import Entry, Library
from sanchoi.api.store import Proposal, ProposalVersion
from sanchoi.gis.errors import UnknownId


def entry(library: Library, found: Proposal) -> Entry | None:
    """The result that a proposal belongs to, as it is now; None = it is shown no more."""
    try:
        return library.get(found.result_id)
    except UnknownId:
        return None


def run(version: ProposalVersion) -> str | None:
    """Id of the run that the figures are of; None = there are no figures, or nobody wrote it down."""
    told = (version.worth or {}).get("run_id")
    return None if told is None else str(told)


def current(found: Proposal, version: ProposalVersion, now: Entry | None) -> bool | None:
    """Whether the figures are of the run that is shown now; None = there are no figures, or the result is shown no more."""
    return None if version.worth is None or now is None else found.etag == now.etag


def invented(now: Entry | None) -> bool | None:
    """Whether the figures are of invented data; None = the result is shown no more."""
    return None if now is None else bool(now.run["study"].get("synthetic"))
