"""Proposals work: choose sites anew among the parcels of a result and the proposals that were accepted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanchoi.api.problems import Problem

if TYPE_CHECKING:  # long to load
    from sanchoi.api.library import Entry
    from sanchoi.api.proposals.candidates import Candidate
    from sanchoi.api.settings import Settings
    from sanchoi.gis.job import Progress
    from sanchoi.gis.results import Result

OWN = ("result", "name", "proposals", "fixed_proposals")


def plan(settings: Settings, entry: Entry, inputs: dict[str, Any], folder: Path, tell: Progress) -> Path:
    """Write the result with its new plan to a folder.

    Raises
    ------
    Problem : a proposal that is not there, not accepted or not public. SanchoiError : as `added.add`, `site_plan.again`.
    """
    from sanchoi.api import make
    from sanchoi.gis import results

    tell("read", 0.0)
    chosen = _candidates(settings, entry, inputs)
    result = results.read(entry.folder)
    tell("read", 1.0)
    grown = _grown(result, entry, chosen, tell)
    own = {name: value for name, value in inputs.items() if name not in OWN}
    before = result.run.get("siting", {}).get("rules", {})
    held = own["fixed"] if own.get("fixed") is not None else before.get("fixed")
    own["fixed"] = [*(held or ()), *(each.parcel_id for each in chosen if each.fixed)]
    own["forbidden"] = _free(own.get("forbidden", before.get("forbidden")), own["fixed"])
    tell("siting", 0.0)
    planned = make.plan(grown, own)
    tell("siting", 1.0)
    told = {"of": entry.id, "etag": entry.etag, "chosen": [each.told() for each in chosen]}
    make.write(replace(planned, run={**planned.run, "proposals": told}), folder, tell)
    return folder


def _candidates(settings: Settings, entry: Entry, inputs: dict[str, Any]) -> list[Candidate]:
    from sanchoi.api.proposals import candidates
    from sanchoi.api.store import Store

    store = Store(settings.url, migrated=True)
    try:
        with store.reading() as session:
            return candidates.read(session, entry, inputs.get("proposals", ()), inputs.get("fixed_proposals", ()))
    finally:
        store.close()


def _grown(result: Result, entry: Entry, chosen: list[Candidate], tell: Progress) -> Result:
    """The result with the land of proposals among its parcels."""
    from sanchoi.gis import added, model_files
    from sanchoi.gis.results import Result

    lands = [(each.parcel_id, each.land) for each in chosen if each.land is not None]
    tell("parcels", 0.0)
    model = model_files.found(entry.folder)
    if model is None or model.run_id != result.run["run_id"]:
        words = (
            "Kết quả này không còn mô hình để xét đất mới. Hãy tính lại nghiên cứu.",
            "This result has no model to judge new land by. Run the study again.",
        )
        raise Problem("conflict", pairs={"message": words})
    more = added.add(result.tables, result.run, model, lands, lambda share: tell("parcels", share))
    tell("parcels", 1.0)
    return Result(more.tables, more.run, more.model)


def _free(forbidden: Any, fixed: list[str]) -> list[str]:  # noqa: ANN401 - a list, or nothing
    """What stays forbidden: a parcel that is proposed and accepted now is asked for."""
    return [each for each in forbidden or () if each not in fixed]
