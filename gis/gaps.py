"""Gaps: status, shares, shortfall and flags of every commune and band.

Statuses and their order are those of the project's definitions: the first that holds of unknown, no_children, no_supply,
out_of_reach, crowded, met. Comparisons are ≥ with a tolerance of 1e-9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis.crowding import TOLERANCE
from sanchoi.gis.norms import PLANNER, Limits
from sanchoi.gis.reasons import sum_by
from sanchoi.gis.sentences import Facts, sentence
from sanchoi.gis.service import Service, Terms

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
OFF_NETWORK_SHARE = 0.05


@dataclass(frozen=True)
class Ground:
    """What is known of each commune besides its children, one entry per commune.

    `known_m2`, `size_unknown`: open supply in it; `has_supply`: an open play area lies in it; `population`: all people, NaN =
    not given; `edge`, `near_unsurveyed`, `coarse`: conditions of the flags of those names.
    """

    surveyed: Bools
    known_m2: Floats
    size_unknown: Bools
    has_supply: Bools
    population: Floats
    edge: Bools
    near_unsurveyed: Bools
    coarse: Bools


@dataclass(frozen=True)
class Cells:
    """What is known of each cell: commune (position), walk and straight distance to the nearest play area, offset."""

    commune: npt.NDArray[np.integer]
    walk_m: Floats
    straight_m: Floats
    off_network: Bools


def measure(
    communes: pd.DataFrame,
    bands: list[str],
    counts: Floats,
    children: Floats,
    cells: Cells,
    service: Service,
    parts: dict[str, Floats],
    ground: Ground,
    limits: Limits,
    terms: Terms,
    common_flags: list[str],
    rank: list[int | None] | None = None,
) -> pd.DataFrame:
    """One row per commune and band, and per commune for band `all`; columns as declared in `tables`.

    Parameters
    ----------
    communes : commune_id, vintage, name.
    counts : (communes, bands) children of each commune, NaN = unknown.
    children : (cells, bands) the same children on cells.
    parts : part → (communes, bands) children not served, from `reasons.parts`.
    common_flags : flags that every row carries.
    rank : survey rank of each commune, where these are not all communes of the study.
    """
    n = len(communes)
    people = np.nan_to_num(children)

    def share_of(mask: Bools | Floats) -> Floats:
        return _with_all(sum_by(np.where(mask, people, 0.0), cells.commune, n))

    total = _with_all(counts)
    covered, missed, enough = share_of(service.covered), share_of(~service.covered), share_of(service.enough)
    could, could_enough = share_of(service.covered_possible), share_of(service.enough_possible)
    asked = terms.asked_m2
    lack = np.where(np.isnan(asked), 0.0, np.maximum(np.nan_to_num(asked) - service.crowding.m2_per_child, 0.0))
    depth = np.divide(lack, asked, out=np.zeros_like(lack), where=asked > 0)
    shortfall = _with_all(sum_by(people * lack, cells.commune, n))
    access = _with_all(sum_by(people * service.crowding.m2_per_child, cells.commune, n))
    hidden = share_of(service.size_unknown & (people > 0)) > 0
    hidden_lack = share_of(service.size_unknown & (lack > 0) | service.crowding.contested) > 0
    fgt = [_with_all(sum_by(people * np.where(lack > 0, depth**a, 0.0), cells.commune, n)) for a in (0, 1, 2)]
    detour = detour_ratio(cells, people, n)
    off = share_of(np.repeat(cells.off_network[:, None], people.shape[1], axis=1))
    split = {part: _with_all(values) for part, values in parts.items()}
    names = [*bands, "all"]
    walk = [limits.walk_m(b) for b in bands]
    norm_walk = [*walk, walk[0] if len(set(walk)) == 1 else None]
    ask = [None if np.isnan(a) else float(a) for a in asked]
    norm_m2 = [*ask, ask[0] if len(set(ask)) == 1 else None]
    judged_m2 = [*(a is not None for a in ask), any(a is not None for a in ask)]
    tiers = [*(len(limits.of(b)) for b in bands), max(len(limits.of(b)) for b in bands)]
    rank = survey_rank(counts, ground.surveyed) if rank is None else rank
    rows = []
    for c, commune in enumerate(communes.itertuples(index=False)):
        for b, band in enumerate(names):
            count = total[c, b]
            status, why = _status(
                ground.surveyed[c],
                count,
                ground.has_supply[c],
                walk[b] is not None if b < len(walk) else all(w is not None for w in walk),
                (covered[c, b], could[c, b]),
                (enough[c, b], could_enough[c, b]) if judged_m2[b] else None,
                limits.target_share,
            )
            known = bool(ground.surveyed[c]) and why not in ("children", "limit")
            judged = known and status != "no_children" and why != "area"
            shares = known and count > 0
            size_hidden = bool(hidden[c, b] or hidden_lack[c, b])
            unsure = known and could[c, b] > covered[c, b] + TOLERANCE  # an unknown size decides who is covered
            least = could if status == "out_of_reach" else covered  # the side on which the sentence is safe
            row = {
                "commune_id": commune.commune_id,
                "vintage": commune.vintage,
                "name": commune.name,
                "band": band,
                "children": count,
                "children_uncovered": missed[c, b] if known and not unsure else np.nan,
                "covered_share": min(covered[c, b] / count, 1.0) if shares and not unsure else np.nan,
                "play_area_m2": ground.known_m2[c] if ground.surveyed[c] and not ground.size_unknown[c] else np.nan,
                "play_area_known_m2": ground.known_m2[c] if ground.surveyed[c] else np.nan,
                "access_m2_per_child": access[c, b] / count if shares and not size_hidden else np.nan,
                "norm_walk_m": _nan(norm_walk[b]),
                "norm_m2_per_child": _nan(norm_m2[b]),
                "norm_m2_per_person": _nan(limits.m2_per_person),
                "shortfall_m2": shortfall[c, b] if known and judged_m2[b] and not hidden_lack[c, b] else np.nan,
                "status": status,
                "detour_ratio": detour[c, b] if known else np.nan,
                "survey_rank": rank[c],
            }
            row["provision_m2_per_child"] = row["play_area_m2"] / count if count > 0 else np.nan
            row["provision_m2_per_person"] = (
                row["play_area_m2"] / ground.population[c] if ground.population[c] > 0 else np.nan
            )
            for a in (0, 1, 2):
                row[f"fgt{a}"] = fgt[a][c, b] / count if shares and judged_m2[b] and not hidden_lack[c, b] else np.nan
            row["flags"] = ";".join(
                _flags(
                    common_flags,
                    edge=ground.edge[c],
                    lower_bound=ground.surveyed[c] and ground.near_unsurveyed[c],
                    coarse_weights=ground.coarse[c],
                    off_network=count > 0 and off[c, b] > OFF_NETWORK_SHARE * count,
                    area_unknown=ground.surveyed[c]
                    and (ground.size_unknown[c] or size_hidden or unsure or why == "area"),
                )
            )
            facts = Facts(
                str(commune.name),
                band,
                status,
                None if np.isnan(count) else float(count),
                float(count - least[c, b]) if unsure else _none(row["children_uncovered"]),
                float(min(least[c, b] / count, 1.0)) if unsure else _none(row["covered_share"]),
                float((could_enough if status == "crowded" else enough)[c, b] / count)
                if shares and judged_m2[b]
                else None,
                limits.target_share,
                norm_walk[b] if tiers[b] == 1 else None,
                ask[b] if b < len(ask) else norm_m2[b],
                _none(row["access_m2_per_child"]),
                _none(row["shortfall_m2"]),
                {part: float(values[c, b]) for part, values in split.items() if values[c, b] == values[c, b]}
                if judged
                else {},
                why,
                bool(unsure),
                bool(could_enough[c, b] > enough[c, b] + TOLERANCE),
                any(tier.profile == PLANNER for tier in limits.tiers),
                bool(judged_m2[b]),
                _floor(limits, band) if b < len(bands) and tiers[b] == 1 else None,
            )
            row["reason_vi"], row["reason_en"] = sentence(facts, "vi"), sentence(facts, "en")
            rows.append(row)
    out = pd.DataFrame(rows)
    out["survey_rank"] = out["survey_rank"].astype("Int64")
    return out


def _floor(limits: Limits, band: str) -> float | None:
    """Least size of a play area that a band's one tier takes."""
    return limits.of(band)[0].min_site_m2


def _status(
    surveyed: bool,
    count: float,
    has_supply: bool,
    has_limit: bool,
    covered: tuple[float, float],
    enough: tuple[float, float] | None,
    target: float,
) -> tuple[str, str]:
    """Status and, when it is unknown, why. Pairs are (as shown, as possible if unknown sizes are large enough)."""
    if not surveyed:
        return "unknown", "survey"
    if np.isnan(count):
        return "unknown", "children"
    if count <= 0:
        return "no_children", ""
    if not has_limit:
        return "unknown", "limit"
    verdicts = {
        verdict(has_supply, covered[i] / count, None if enough is None else enough[i] / count, target) for i in (0, 1)
    }
    return (verdicts.pop(), "") if len(verdicts) == 1 else ("unknown", "area")


def verdict(has_supply: bool, covered: float, enough: float | None, target: float) -> str:
    """Status of a commune whose children are known, by the order of the definitions; shares are of its children."""
    if not has_supply and covered <= TOLERANCE:
        return "no_supply"
    if covered < target - TOLERANCE:
        return "out_of_reach"
    if enough is not None and enough < target - TOLERANCE:
        return "crowded"
    return "met"


def _with_all(values: Floats) -> Floats:
    """Append the sum over bands as a last column."""
    return np.column_stack([values, values.sum(axis=1)])


def detour_ratio(cells: Cells, people: Floats, n: int) -> Floats:
    """Children-weighted mean of walk ÷ straight over reached cells; NaN where there is none."""
    ok = np.isfinite(cells.walk_m) & (cells.straight_m > 0)
    ratio = np.divide(cells.walk_m, cells.straight_m, out=np.zeros(len(ok)), where=ok)
    base = np.where(ok[:, None], people, 0.0)
    mass = _with_all(sum_by(base, cells.commune, n))
    above = _with_all(sum_by(base * ratio[:, None], cells.commune, n))
    return np.divide(above, mass, out=np.full_like(mass, np.nan), where=mass > 0)


def survey_rank(counts: Floats, surveyed: Bools) -> list[int | None]:
    """1 = the unsurveyed commune with most children; a commune without a count comes last; None = surveyed."""
    children = np.where(np.isnan(counts).all(axis=1), np.nan, np.nansum(np.nan_to_num(counts), axis=1))
    order = np.lexsort((np.arange(len(children)), -np.nan_to_num(children, nan=-1.0), surveyed))
    ranks = {int(c): position + 1 for position, c in enumerate(order[: int((~surveyed).sum())])}
    return [ranks.get(c) for c in range(len(children))]


def _flags(common: list[str], **found: bool) -> list[str]:
    return [*common, *(flag for flag, holds in found.items() if holds)]


def _nan(value: float | None) -> float:
    return np.nan if value is None else value


def _none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def by_tier(
    communes: pd.DataFrame,
    bands: list[str],
    counts: Floats,
    children: Floats,
    commune: npt.NDArray[np.integer],
    covered_by: dict[tuple[str, str], tuple[Bools, ...]],
    surveyed: Bools,
    limits: Limits,
) -> pd.DataFrame:
    """Share of children that each tier covers on its own: `covered_by[(band, tier)]` is a mask over cells."""
    rows = []
    for b, band in enumerate(bands):
        for tier in limits.of(band):
            held, could = (
                np.bincount(commune[mask], np.nan_to_num(children[mask, b]), len(communes))
                for mask in covered_by[(band, tier.tier)]
            )
            for c, row in enumerate(communes.itertuples(index=False)):
                known = surveyed[c] and counts[c, b] > 0 and tier.walk_m is not None and could[c] <= held[c] + TOLERANCE
                rows.append(
                    {
                        "commune_id": row.commune_id,
                        "vintage": row.vintage,
                        "band": band,
                        "tier": tier.tier,
                        "walk_m": _nan(tier.walk_m),
                        "min_site_m2": _nan(tier.min_site_m2),
                        "covered_share": held[c] / counts[c, b] if known else np.nan,
                    }
                )
    return pd.DataFrame(rows)
