"""Plan problem: the siting problem that the tables of a result hold."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import plots
from sanchoi.gis.crowding import within
from sanchoi.gis.errors import StudyError, UnknownId, worded
from sanchoi.gis.notes import Notes
from sanchoi.gis.plan_gaps import bands, cell_key
from sanchoi.gis.plan_rules import Rules
from sanchoi.gis.siting import Problem
from sanchoi.gis.siting.refusals import WORDS, refusal

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
BEYOND = 2.0
"""A child that nothing in reach serves is taken to walk so many times the longest limit: a design choice, for p-median alone."""

SAME_M2 = 1.0
"""Ground of two sites that share more is the same ground: only one of them can be built."""


@dataclass(frozen=True)
class Choice:
    """A problem made of tables: `candidates` are rows of `parcels` by position in the problem."""

    problem: Problem
    candidates: pd.DataFrame
    by_need: bool
    money: bool


def problem(found: Mapping[str, pd.DataFrame], run: Mapping[str, Any], rules: Rules, notes: Notes) -> Choice:
    """The siting problem that the tables of a result hold."""
    if not float(run["settings"]["max_walk_m"]) > 0:
        raise worded(StudyError, *WORDS["no_limit"], profile=run["norm"]["profile"])
    parcels = found["parcels"]
    by_need = not found["communes"]["surveyed"].any()
    if by_need:
        notes.add(
            "siting_by_need",
            "no commune is surveyed · where play areas are · sites are chosen by all children in reach, not by those who lack one",
            layer="siting",
        )
    elif not found["communes"]["surveyed"].all():
        blind = found["communes"].loc[~found["communes"]["surveyed"], "commune_id"]
        there = found["effects"][
            found["effects"]["commune_id"].isin(blind) & (found["effects"]["children_reached"] > 0)
        ]
        if len(there):
            notes.add(
                "siting_unsurveyed",
                f"{there['parcel_id'].nunique()} parcels are in reach of children of {there['commune_id'].nunique()} communes that "
                "nobody surveyed · where play areas are · those children count nothing for the plan",
                layer="siting",
                count=int(there["parcel_id"].nunique()),
            )
    money = bool(rules.budget is not None or (rules.objective == "cover_all" and parcels["cost"].notna().any()))
    candidates = _candidates(parcels, rules, money, notes)
    ids = pd.Index(candidates["parcel_id"])
    demand, site, walk_m, demands = _pairs(found, ids, by_need, rules.objective)
    cost = candidates["cost"].to_numpy(dtype=float) if money else np.ones(len(ids))
    communes = pd.Index(found["communes"]["commune_id"])
    whole = found["gaps"].loc[found["gaps"]["band"] == "all"].set_index("commune_id").reindex(communes)
    children = whole["children"].to_numpy(dtype=float)
    missed = whole["children_uncovered"].to_numpy(dtype=float)
    covered = np.zeros(len(communes)) if by_need else children - missed
    limit = rules.budget if rules.budget is not None else rules.count
    budget = float(limit) if limit is not None else float(cost.sum())
    fixed = np.sort(ids.get_indexer(list(rules.fixed))).astype(np.int64)
    useful = np.full(len(ids), bool(rules.min_per_commune))
    useful[site] = True
    if rules.objective != "cover_all":
        useful &= cost <= budget * (1 + 1e-9)
    useful[fixed] = True
    problem = Problem(
        demand=demand,
        site=site,
        weight=demands["wanted"].to_numpy(),
        cost=cost,
        budget=budget,
        conflicts=_both(
            _conflicts(found["usable"], ids, useful, run["study"]["crs"], rules.min_spacing_m),
            _shared(found["usable"], ids, run.get("added", ()), run["study"]["crs"]),
        ),
        walk_m=walk_m,
        today_m=np.full(len(demands), np.inf) if by_need else demands["walk_m"].fillna(np.inf).to_numpy(),
        beyond_m=BEYOND * float(run["settings"]["max_walk_m"]),
        commune=communes.get_indexer(candidates["commune_id"].to_numpy()).astype(np.int64),
        min_per_commune=rules.min_per_commune,
        fixed=fixed,
        forbidden=_there(ids, rules.forbidden),
        home=communes.get_indexer(demands["commune_id"].to_numpy()).astype(np.int64),
        children=np.where(np.isnan(covered), 0.0, np.nan_to_num(children)),
        covered=np.nan_to_num(covered),
        ground_m2=candidates["usable_m2"].to_numpy(dtype=float),
        m2_per_child=demands["m2_per_child"].to_numpy(dtype=float),
    )
    return Choice(problem, candidates, bool(by_need), bool(money))


def _candidates(parcels: pd.DataFrame, rules: Rules, money: bool, notes: Notes) -> pd.DataFrame:
    """Parcels that may be chosen, the fixed ones among them.

    Raises
    ------
    UnknownId, Infeasible : a fixed or forbidden parcel that is not there; a fixed one that is excluded or has no cost.
    """
    known = parcels.set_index("parcel_id")
    for name, ids in (("fixed", rules.fixed), ("forbidden", rules.forbidden)):
        for each in ids:
            if each not in known.index and not (name == "forbidden" and plots.whole(each, known.index)):
                near = difflib.get_close_matches(each, known.index.tolist(), 1)
                raise UnknownId(
                    f"[siting] {name} names parcel {each}",
                    "the id of a parcel of the study",
                    f'did you mean "{near[0]}"?' if near else "look into table parcels",
                )
    both = sorted(set(rules.fixed) & set(rules.forbidden))
    if both:
        raise refusal("parcel_both", parcel=both[0])
    for each in rules.fixed:
        row = known.loc[each]
        if row["verdict"] == "excluded":
            raise refusal("parcel_excluded", parcel=each, why=row["against"].replace(";", ", "))
        if money and np.isnan(row["cost"]):
            raise refusal("parcel_no_cost", parcel=each)
    may = parcels["verdict"] == "eligible"
    if rules.conditional:
        may |= parcels["verdict"] == "conditional"
    may |= parcels["parcel_id"].isin(rules.fixed)
    if money:
        blank = int((may & parcels["cost"].isna()).sum())
        if blank:
            notes.add(
                "cost_unknown",
                f"{blank} parcels have no cost · a cost for each under a budget · they cannot be chosen",
                layer="parcels",
                count=blank,
            )
        may &= parcels["cost"].notna()
    return pd.DataFrame(parcels[may].drop(columns="geometry")).reset_index(drop=True)


def _pairs(
    found: Mapping[str, pd.DataFrame], ids: pd.Index, by_need: bool, objective: str
) -> tuple[Ints, Ints, Floats, pd.DataFrame]:
    """Pairs (demand, candidate, walk), and the demands: cell_id, commune_id, band, wanted, walk_m today, m2_per_child asked."""
    walks, cells = found["walks"], found["cells"]
    key = cell_key(cells)
    at_cell = key.get_indexer(cell_key(walks))
    at_site = ids.get_indexer(pd.Index(walks["parcel_id"]))
    usable = at_site >= 0
    at_cell, at_site, walk = at_cell[usable], at_site[usable], walks["walk_m"].to_numpy(dtype=float)[usable]
    asked = found["gaps"].groupby("band")["norm_m2_per_child"].first()
    limits = found["parcel_limits"]
    demand, site, walk_m, frames, base = [], [], [], [], 0
    for band in bands(found):
        rows = found["cell_bands"][found["cell_bands"]["band"] == band]
        here = key.get_indexer(cell_key(rows))
        children = np.zeros(len(cells))
        lacks = np.ones(len(rows), dtype=bool) if by_need else ~rows["covered"].fillna(True).to_numpy(dtype=bool)
        children[here] = np.where(lacks, rows["children"].fillna(0.0), 0.0)
        limit = limits[limits["band"] == band].set_index("parcel_id")["limit_m"].reindex(ids).to_numpy(dtype=float)
        near = within(walk, limit[at_site]) & (children[at_cell] > 0)
        keep = (
            children > 0 if objective in ("p_median", "kolm_pollak") else np.isin(np.arange(len(cells)), at_cell[near])
        )
        number = np.cumsum(keep) - 1 + base
        demand.append(number[at_cell[near]])
        site.append(at_site[near])
        walk_m.append(walk[near])
        base += int(keep.sum())
        frames.append(
            pd.DataFrame(cells.loc[keep, ["cell_id", "commune_id", "walk_m"]]).assign(
                band=band, wanted=children[keep], m2_per_child=float(asked[band])
            )
        )
    demands = pd.concat(frames, ignore_index=True)
    if objective == "capacitated" and demands["m2_per_child"].isna().any():
        raise worded(StudyError, *WORDS["no_m2"])
    return (
        np.concatenate(demand).astype(np.int64),
        np.concatenate(site).astype(np.int64),
        np.concatenate(walk_m),
        demands,
    )


def _conflicts(usable: pd.DataFrame, ids: pd.Index, useful: npt.NDArray[np.bool_], crs: str, spacing: float) -> Ints:
    """Pairs of candidates whose usable pieces are less than `spacing` metres apart; those that no plan would take are left out."""
    if not spacing:
        return np.empty((0, 2), dtype=np.int64)
    places = np.flatnonzero(useful)
    shapes = gpd.GeoDataFrame(usable).set_index("parcel_id").geometry.reindex(ids[places]).to_crs(crs).to_numpy()
    one, two = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=spacing)
    close = (one < two) & (shapely.distance(shapes[one], shapes[two]) < spacing - 1e-6)
    return np.column_stack([places[one[close]], places[two[close]]]).astype(np.int64)


def _shared(usable: pd.DataFrame, ids: pd.Index, added: Sequence[str], crs: str) -> Ints:
    """Pairs of candidates on the same ground, one of them added land: listed parcels lie beside each other."""
    mine = ids.get_indexer(pd.Index(list(added), dtype="str"))
    mine = np.sort(mine[mine >= 0])
    if not len(mine):
        return np.empty((0, 2), dtype=np.int64)
    shapes = gpd.GeoDataFrame(usable).set_index("parcel_id").geometry.reindex(ids).to_crs(crs).to_numpy()
    one, two = shapely.STRtree(shapes).query(shapes[mine], predicate="intersects")
    one = mine[one]
    same = (one != two) & (shapely.area(shapely.intersection(shapes[one], shapes[two])) > SAME_M2)
    return np.sort(np.column_stack([one[same], two[same]]), axis=1).astype(np.int64)


def _both(one: Ints, two: Ints) -> Ints:
    """Pairs of either, each once."""
    return np.unique(np.concatenate([one, two]), axis=0) if len(two) else one


def _there(ids: pd.Index, names: tuple[str, ...]) -> Ints:
    every = [plot for name in names for plot in plots.whole(name, ids)]
    at = ids.get_indexer(pd.Index(every, dtype="str")).astype(np.int64)
    return np.sort(at[at >= 0])
