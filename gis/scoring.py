"""Scoring: one number a parcel, and what each criterion contributes to it.

    score_j = Σ_k w_k u_jk,   Σ_k w_k = 1,   u_jk = clip((v_jk − worst_k) / (best_k − worst_k), 0, 1)

The weighted sum (Fishburn 1967; Triantaphyllou 2000) on fixed scales: a score depends on the parcel alone, not on which rivals were
loaded, so leaving one out never reorders the rest. A criterion that the study cannot measure is left out for all parcels and named.
Where one parcel's value is not known it contributes 0: `score` is a lower bound, and `score_high` is what the parcel would have
if everything unknown about it were best.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.stats
from sanchoi.gis.criteria import CRITERIA, Criterion, Land
from sanchoi.gis.errors import ContractError, StudyError
from sanchoi.gis.study import nearest

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DIGITS = 12
"""Scores that are equal to so many decimals are equal: they share a rank."""


@dataclass(frozen=True)
class Scores:
    """Scores of the parcels, in their order.

    Attributes
    ----------
    score, score_high : (parcels,) 0–1, lower and upper bound. rank : (parcels,) 1 = best, see `ranks`.
    utility : (parcels, used criteria), NaN = not known. weight : (used criteria,), sums to 1.
    criteria : one row a criterion: criterion_id, name_vi, name_en, unit, worst, best, weight (0 where not measured),
        measured, reason.
    contributions : parcel_id, criterion_id, value, utility, weight, contribution; measured criteria only, sorted by both keys.
        Those of a parcel sum to its score.
    left_out : criteria that were not measured though a weight is given to them, with what the study would have to give.
    """

    score: Floats
    score_high: Floats
    rank: Ints
    utility: Floats
    weight: Floats
    criteria: pd.DataFrame
    contributions: pd.DataFrame
    left_out: Mapping[str, str]


def score(
    parcel_id: Sequence[str],
    land: Land,
    given: Mapping[str, float] | None = None,
    criteria: Sequence[Criterion] = CRITERIA,
) -> Scores:
    """Measure and score parcels. Excluded parcels have no score: leave them out of `land`.

    Parameters
    ----------
    parcel_id : one id an entry of `land`.
    given : the study's [weights]; see `weights`.

    Raises
    ------
    StudyError : weights that cannot be used, or all of them on criteria that the study does not measure.
    ContractError : a criterion that gives another number of values than there are parcels, or an infinite one.
    """
    n = len(land)
    if len(parcel_id) != n:
        raise ContractError(f"{len(parcel_id)} parcel ids for {n} parcels", "one id a parcel", "give the same parcels")
    asked = weights(given, criteria)
    values = {each.criterion_id: _measured(each, land) for each in criteria}
    measured = {name: each for name, each in values.items() if each is not None}
    used = [each for each in criteria if each.criterion_id in measured]
    total = sum(asked[each.criterion_id] for each in used)
    left_out = {
        each.criterion_id: f"{each.needs_vi} · {each.needs_en}"
        for each in criteria
        if values[each.criterion_id] is None and asked[each.criterion_id] > 0 and values.get(each.instead_of) is None
    }
    if not total > 0:
        raise StudyError(
            f"study.toml: [weights] on {', '.join(left_out) or 'nothing'} alone, which the study does not measure",
            "a weight above 0 on a criterion that is measured: " + ", ".join(each.criterion_id for each in used),
            "give it a weight, or add the layers",
        )
    weight = np.array([asked[each.criterion_id] / total for each in used])
    value = np.column_stack([measured[each.criterion_id] for each in used])
    utility = np.column_stack([each.utility(value[:, k]) for k, each in enumerate(used)])
    part = np.nan_to_num(utility) * weight
    low, high = np.zeros(n), np.zeros(n)
    for k in range(len(used)):  # one after the other: a sum must not depend on how many parcels there are
        low += part[:, k]
        high += np.where(np.isnan(utility[:, k]), weight[k], part[:, k])
    low, high = np.minimum(low, 1.0), np.minimum(high, 1.0)
    return Scores(
        low,
        high,
        ranks(low),
        utility,
        weight,
        _criteria(criteria, used, weight),
        _contributions(parcel_id, used, value, utility, weight, part),
        left_out,
    )


def weights(given: Mapping[str, float] | None, criteria: Sequence[Criterion] = CRITERIA) -> dict[str, float]:
    """Relative weight of each criterion: the study's, else the default.

    What a study gives replaces the defaults as a whole: a criterion that [weights] does not name has weight 0, unless it
    stands in for one that is named.

    Raises
    ------
    StudyError : an id that no criterion has, a weight that is negative or not a number, or no weight above 0.
    """
    if not given:
        return {each.criterion_id: each.weight for each in criteria}
    known = [each.criterion_id for each in criteria]
    for name, number in given.items():
        if name not in known:
            near = nearest(name, known)
            raise StudyError(
                f"study.toml: [weights] {name}",
                "a criterion: " + ", ".join(known),
                f'did you mean "{near}"?' if near else "name one of them",
            )
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number) or number < 0:
            raise StudyError(f"study.toml: [weights] {name} = {number!r}", "a number of 0 or more", "mend the weight")
    if not any(given.values()):
        raise StudyError("study.toml: every weight in [weights] is 0", "one above 0", "give a criterion a weight")
    return {
        each.criterion_id: float(given.get(each.criterion_id, given.get(each.instead_of, 0.0))) for each in criteria
    }


def ranks(values: Floats) -> Ints:
    """Rank by score, 1 = best. Equal scores (to 12 decimals) share the better rank, and the next one is left free: 1, 2, 2, 4."""
    found: Ints = scipy.stats.rankdata(-np.round(values, DIGITS), method="min").astype(np.int64)
    return found


def _measured(criterion: Criterion, land: Land) -> Floats | None:
    """Values of a criterion, one a parcel."""
    found = criterion.measure(land)
    if found is None:
        return None
    values = np.asarray(found, dtype=float)
    if values.shape != (len(land),) or np.isinf(values).any():
        raise ContractError(
            f"criterion {criterion.criterion_id}: {values.shape} values, {int(np.isinf(values).sum())} of them infinite",
            f"{len(land)} finite or unknown values",
            "mend its measure",
        )
    return values


def _criteria(criteria: Sequence[Criterion], used: Sequence[Criterion], weight: Floats) -> pd.DataFrame:
    share = dict(zip((each.criterion_id for each in used), weight.tolist(), strict=True))
    return pd.DataFrame(
        [
            {
                "criterion_id": each.criterion_id,
                "name_vi": each.name_vi,
                "name_en": each.name_en,
                "unit": each.unit,
                "worst": each.worst,
                "best": each.best,
                "weight": share.get(each.criterion_id, 0.0),
                "measured": each.criterion_id in share,
                "reason": f"{each.reason_vi} · {each.reason_en}"
                if each.criterion_id in share
                else f"không đo; điều kiện: {each.needs_vi} · not measured, it needs: {each.needs_en}",
            }
            for each in criteria
        ]
    ).sort_values("criterion_id", ignore_index=True)


def _contributions(
    parcel_id: Sequence[str], used: Sequence[Criterion], value: Floats, utility: Floats, weight: Floats, part: Floats
) -> pd.DataFrame:
    n = len(parcel_id)
    table = pd.DataFrame(
        {
            "parcel_id": np.repeat(np.asarray(parcel_id, dtype=object), len(used)),
            "criterion_id": np.tile(np.array([each.criterion_id for each in used], dtype=object), n),
            "value": value.ravel(),
            "utility": utility.ravel(),
            "weight": np.tile(weight, n),
            "contribution": part.ravel(),
        }
    ).astype({"parcel_id": "str", "criterion_id": "str"})
    return table.sort_values(["parcel_id", "criterion_id"], ignore_index=True)
