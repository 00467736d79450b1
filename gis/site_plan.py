"""Site plan: the candidates to build, in order, chosen from the tables of a result; nothing is walked again.

The same function serves a run and `sanchoi plan`, so a plan made later is the plan the run would have made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis import siting, tables, verify, why_words
from sanchoi.gis.errors import StudyError
from sanchoi.gis.notes import Notes
from sanchoi.gis.plan_gaps import plan_gaps
from sanchoi.gis.plan_problem import problem
from sanchoi.gis.plan_rules import Rules, changed
from sanchoi.gis.siting import Plan, Problem
from sanchoi.gis.siting.refusals import refusal

Floats = npt.NDArray[np.float64]
TABLES = ("sites", "budget_curve", "plan_gaps", "why_not")


def make(
    found: Mapping[str, pd.DataFrame],
    run: Mapping[str, Any],
    rules: Rules,
    notes: Notes,
    progress: siting.Progress | None = None,
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Tables `TABLES` of the best plan, and what run.json says of it.

    Parameters
    ----------
    found : tables of a result with parcels. run : its record (crs, longest walk).

    Raises
    ------
    Infeasible : no plan keeps the rules; the message names the one that binds. UnknownId : a parcel that is not there.
    StudyError : an objective that the study cannot have.
    """
    choice = problem(found, run, rules, notes)
    plan = siting.solve(choice.problem, rules.objective, rules.seconds, progress=progress)
    why = siting.reasons(choice.problem, plan, rules.objective)
    chosen = choice.candidates.iloc[plan.chosen]
    covered = _covered_steps(choice.problem, plan)
    cost = chosen["cost"].to_numpy(dtype=float)
    out = {
        "sites": pd.DataFrame(
            {
                "parcel_id": chosen["parcel_id"].to_numpy(),
                "build_order": np.arange(1, len(chosen) + 1),
                "verdict": chosen["verdict"].to_numpy(),
                "cost": cost,
                "cost_total": np.cumsum(cost),
                "children_gained": np.diff(covered, prepend=0.0),
                "children_total": covered,
                "objective_total": plan.steps,
            }
        ),
        "plan_gaps": plan_gaps(
            found, chosen["parcel_id"].tolist(), run["settings"]["decay"], run["settings"]["target_share"]
        ),
        "why_not": why_words.table(found["parcels"], choice.candidates, why, plan.unit, choice.money),
    }
    if rules.objective == "cover" and rules.curve and choice.problem.budget > 0:
        out["budget_curve"] = siting.curve(choice.problem, plan, rules.curve, rules.seconds)
    record = {
        "objective": rules.objective,
        "sense": plan.sense,
        "unit": plan.unit,
        "incumbent": plan.objective,
        "bound": plan.bound,
        "mip_gap": plan.mip_gap,
        "proven": plan.mip_gap <= siting.PROVEN,
        "seconds": plan.seconds,
        "seed": plan.seed,
        "solver": plan.solver,
        "candidates": len(choice.candidates),
        "unreachable": plan.unreachable,
        "communes_left_out": found["communes"]["commune_id"].to_numpy()[plan.left_out].tolist(),
        "children_gap": plan.children_gap,
        "by_need": choice.by_need,
        "rules": {
            **rules.told(),
            "beyond_m": choice.problem.beyond_m,
            "money": choice.money,
            "m2_per_child": _asked(found),
        },
    }
    done = {name: tables.finish(frame, name) for name, frame in out.items()}
    again = verify.verify({**found, **done}, {**run, "siting": record})
    record["verified"] = not again.breaches
    if again.breaches:
        notes.add(
            "plan_not_verified",
            f"{again.breaches[0]} · a plan that a second computation agrees with · a fault in sanchoi: please report it",
            layer="siting",
            count=len(again.breaches),
        )
    return done, record


def _asked(found: Mapping[str, pd.DataFrame]) -> dict[str, float | None]:
    """m² a child that the norm asks for each band."""
    first = found["gaps"].groupby("band")["norm_m2_per_child"].first()
    return {str(band): None if np.isnan(figure) else float(figure) for band, figure in first.items() if band != "all"}


def _covered_steps(problem: Problem, plan: Plan) -> Floats:
    """Children newly covered by the first 1, 2, … sites."""
    seen = np.zeros(len(problem.weight), dtype=bool)
    steps = []
    for j in plan.chosen.tolist():
        seen[problem.demand[problem.site == j]] = True
        steps.append(float(problem.weight[seen].sum()))
    return np.array(steps)


@dataclass(frozen=True)
class Again:
    """A result with another plan: its tables and its record."""

    tables: dict[str, pd.DataFrame]
    run: dict[str, Any]


def again(found: Mapping[str, pd.DataFrame], run: Mapping[str, Any], own: Mapping[str, Any], notes: Notes) -> Again:
    """The same result with a plan by other rules; its `run_id` says so.

    Parameters
    ----------
    own : rules that differ from those of the run, by name; None = as the run had it.

    Raises
    ------
    Infeasible, UnknownId, StudyError : see `make`; also where neither a count nor a budget is known.
    """
    rules = changed(run, own)
    tables_, proof = make(found, run, rules, notes)
    kept = {name: table for name, table in found.items() if name not in TABLES}
    earlier = [note for note in run["warnings"] if note["layer"] != "siting" and note["code"] != "cost_unknown"]
    told = json.dumps([run["run_id"], rules.told()], sort_keys=True)
    record = {
        **run,
        "run_id": hashlib.sha256(told.encode()).hexdigest()[:12],
        "replanned_from": run["run_id"],
        "siting": proof,
        "warnings": [*earlier, *(vars(note) for note in notes)],
    }
    return Again({**kept, **tables_}, record)


def forced(found: Mapping[str, pd.DataFrame], run: Mapping[str, Any], parcel_id: str) -> dict[str, Any]:
    """What the plan of a result loses with a parcel forced in: the problem is solved again with it fixed.

    Returns
    -------
    parcel_id, reason_vi, reason_en, loss_at_least, loss_at_most (equal = exact), in the unit of the objective.

    Raises
    ------
    StudyError : the result has no plan. Infeasible : no plan that keeps the rules can hold the parcel; the message says why.
    """
    if "sites" not in found:
        raise StudyError(
            "the result has no plan", "a plan to compare with", "add [siting] to study.toml, or use sanchoi plan"
        )
    rules, proof = changed(run, {}), run["siting"]
    choice = problem(found, run, rules, Notes())
    ids = pd.Index(choice.candidates["parcel_id"])
    if parcel_id not in ids:
        row = found["parcels"].set_index("parcel_id").loc[parcel_id]
        why = f"{row['verdict']} {row['against'].replace(';', ', ')}".rstrip()
        raise refusal("parcel_no_candidate", parcel=parcel_id, why=why)
    chosen = ids.get_indexer(pd.Index(found["sites"]["parcel_id"])).astype(np.int64)
    plan = Plan(
        chosen,
        found["sites"]["objective_total"].to_numpy(dtype=float),
        proof["incumbent"],
        proof["bound"],
        proof["mip_gap"],
        proof["solver"],
        proof["sense"],
        proof["unit"],
    )
    reason = siting.forced(choice.problem, plan, int(ids.get_loc(parcel_id)), rules.objective, rules.seconds)
    told = {f"reason_{side}": why_words.sentence(reason, ids.tolist(), plan.unit, side) for side in ("vi", "en")}
    return {"parcel_id": parcel_id, **told, "loss_at_least": reason.loss_at_least, "loss_at_most": reason.loss_at_most}
