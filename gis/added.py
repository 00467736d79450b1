"""Added: a result with more land among its parcels, as a run would give it had that land stood in the layer of parcels.

Each piece is judged by the run's own code (`appraise`) on what the run left in its model (`here`). Only what depends on all parcels
together is worked out anew: ranks, and how sure they are. A site plan can then choose among listed parcels and added land alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sanchoi.gis import here, outlines, parcels, proposed, scoring, smaa, tables
from sanchoi.gis.appraise import Appraised, Screened, appraise, most_m2, open_of, screened
from sanchoi.gis.change_words import refusal
from sanchoi.gis.criteria import CRITERIA
from sanchoi.gis.model import Model
from sanchoi.gis.outlines import Land
from sanchoi.gis.siting import refusals

Rows = dict[str, pd.DataFrame]
SURE = ("rank", "rank_first", "in_best")
ORDERED = ("screening",)
"""Tables whose rows stand in the order of the run, not of their key."""


@dataclass(frozen=True)
class Added:
    """A result with more land: its tables, its record and its model."""

    tables: Rows
    run: dict[str, Any]
    model: Model


def add(
    found: Mapping[str, pd.DataFrame],
    run: Mapping[str, Any],
    model: Model,
    lands: Sequence[tuple[str, Land]],
    tell: Callable[[float], None] = lambda share: None,
) -> Added:
    """The result with these lands, by id, among its parcels; its owners are used for the score and told to nobody.

    Raises
    ------
    ContractError : land that cannot be judged; see `outlines`. Infeasible : the result has no parcels, or an id of one already.
    """
    if model.book is None or "parcels" not in found:
        raise refusals.refusal("no_parcels")
    known = set(found["parcels"]["parcel_id"])
    new: dict[str, list[pd.DataFrame]] = {}
    for k, (name, land) in enumerate(lands):
        if name in known:
            raise refusals.refusal("parcel_twice", name=name)
        known.add(name)
        for table, rows in rows_of(model, name, land).items():
            new.setdefault(table, []).append(rows)
        tell((k + 1) / len(lands))
    out: Rows = dict(found)
    for table, frames in new.items():
        out[table] = tables.finish(_joined([found[table], *frames]), table, ordered=table in ORDERED)
    out |= _ranked(out, run)
    scored = out["parcels"]["score"].dropna().to_numpy()
    record = {
        **run,
        "added": [name for name, _ in lands],
        "scoring": {**run["scoring"], "scored": len(scored)},
    }
    return Added(out, record, replace(model, book=replace(model.book, scores=np.sort(scored))))


def rows_of(model: Model, name: str, land: Land) -> Rows:
    """Rows of one piece of land in the tables that speak of parcels; ranks are left open.

    Raises
    ------
    ContractError : it cannot be judged, or is larger than a play area may be.
    """
    if model.book is None:
        raise ValueError("a model with rules")
    outlines.check(land)
    shape = outlines.outline(model, land.geometry)
    most = most_m2(model.study, model.limits)
    if shape.area > most * (1 + 1e-9):
        raise refusal("land_large", came=f"{shape.area:,.0f}", most=f"{most:,.0f}")
    low_x, low_y, high_x, high_y = (float(side) for side in shape.bounds)
    scene = here.scene(model, model.book, (low_x, low_y, high_x, high_y))
    one = proposed.frame(model, land, shape, name)
    seen = screened(scene, one)
    open_ = open_of(seen)
    told = appraise(scene, one, seen, open_)
    ids = np.array([name], dtype=object)
    score = scoring.score(ids[open_].tolist(), told.merits, dict(model.study["weights"].values))
    row = parcels.table(scene, model.communes, model.outlines, one, seen, told).assign(owner=None)
    for column, values in (("score", score.score), ("score_high", score.score_high)):
        row[column] = values if len(open_) else np.nan
    for column in SURE:
        row[column] = pd.array([pd.NA], dtype="Int64") if column == "rank" else np.nan
    pieces = ~shapely.is_empty(seen.found.usable)
    usable = gpd.GeoDataFrame({"parcel_id": ids[pieces]}, geometry=seen.found.usable[pieces], crs=model.study.crs)
    return {
        "parcels": row.to_crs(tables.STORAGE_CRS),
        "usable": usable.to_crs(tables.STORAGE_CRS),
        "screening": seen.found.ledger,
        "effects": parcels.effects(model.study, model.communes, ids[told.open_], told.change),
        "walks": _walks(model, ids, seen, told),
        "parcel_limits": _limits(model, ids, told),
        "contributions": score.contributions,
    }


def _walks(model: Model, ids: np.ndarray[Any, Any], seen: Screened, told: Appraised) -> pd.DataFrame:
    cell, site, walk_m = here.reach(model, seen.found.usable[told.open_])
    mine = model.inside[model.commune[cell]]
    cell = cell[mine]
    return pd.DataFrame(
        {
            "cell_id": pd.array(model.cell_id[cell].astype(str).astype(object), dtype="str"),
            "commune_id": pd.array(model.communes["commune_id"].to_numpy()[model.commune[cell]], dtype="str"),
            "parcel_id": pd.array(ids[told.open_][site[mine]], dtype="str"),
            "walk_m": walk_m[mine],
        }
    )


def _limits(model: Model, ids: np.ndarray[Any, Any], told: Appraised) -> pd.DataFrame:
    rows = [
        pd.DataFrame({"parcel_id": ids[told.open_], "band": band.name, "limit_m": told.limit_m[b]})
        for b, band in enumerate(model.study.bands)
    ]
    return pd.concat(rows)


def _ranked(found: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Rows:
    """Tables parcels and acceptability with the ranks of all, drawn as the run drew them."""
    land = found["parcels"].copy()
    places = np.flatnonzero(land["score"].notna())
    criteria = found["criteria"][found["criteria"]["measured"]].sort_values("criterion_id")
    names, ids = criteria["criterion_id"].tolist(), land["parcel_id"].iloc[places].tolist()
    wide = found["contributions"].pivot(index="parcel_id", columns="criterion_id", values="utility")
    utility = wide.reindex(index=ids, columns=names).to_numpy(dtype=float)
    weight = criteria["weight"].to_numpy(dtype=float)
    order = [names.index(each.criterion_id) for each in CRITERIA if each.criterion_id in names]  # as weights are drawn
    drawn = run["scoring"]
    sure = smaa.acceptability(
        utility[:, order], weight[order], int(drawn["p"]), draws=int(drawn["draws"]), seed=int(drawn["seed"])
    )

    def spread(values: Any) -> Any:  # noqa: ANN401 - arrays
        out = np.full(len(land), np.nan)
        out[places] = values
        return out

    rank = scoring.ranks(land["score"].to_numpy(dtype=float)[places])
    land["rank"] = pd.array(spread(rank.astype(float)), dtype="Float64").astype("Int64")
    land["rank_first"] = spread(np.minimum(sure.rank_first, 1.0))
    land["in_best"] = spread(np.minimum(sure.in_best, 1.0))
    return {
        "parcels": tables.finish(land, "parcels"),
        "acceptability": tables.finish(sure.table(ids), "acceptability"),
    }


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows one after the other, with the types of the first."""
    first = frames[0]
    rest = [
        each[first.columns].astype({name: first[name].dtype for name in first.columns if name != "geometry"})
        for each in frames[1:]
    ]
    joined = pd.concat([first, *(each for each in rest if len(each))], ignore_index=True)
    return gpd.GeoDataFrame(joined, crs=tables.STORAGE_CRS) if "geometry" in first else joined
