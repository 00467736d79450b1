"""Proposed: what a piece of land that somebody draws is worth, as a full run would say had it been one more parcel.

The rules, the measures and the score are those of the run, by the run's own code (`appraise`) on the part of the study around the
land (`here`). What a play area on it would change is answered by `what_if`, to the bit as a run with it built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import constraints, here, outlines, parcels, scoring, supply, what_if
from sanchoi.gis.answer import Answer
from sanchoi.gis.appraise import Scene, Screened, appraise, most_m2, open_of, screened
from sanchoi.gis.changes import Change
from sanchoi.gis.effect import Effect, effect
from sanchoi.gis.landuse import Use
from sanchoi.gis.ledger import TOUCH_M2
from sanchoi.gis.model import Model
from sanchoi.gis.names import nfc
from sanchoi.gis.outlines import Land, Share
from sanchoi.gis.rulebook import Rulebook

__all__ = ["Land", "Proposed", "Share", "answered", "frame", "judge", "taken_m2"]

Floats = npt.NDArray[np.float64]
ByBand = dict[str, float | None]
NAME = "proposed"
"""Id of the land in its own rows."""


@dataclass(frozen=True)
class Proposed:
    """What is said of a piece of land. Lengths in metres, geometry in the study's CRS; None = not known, or not asked.

    Attributes
    ----------
    outline, area_m2 : the land as drawn. communes : those that hold it, most of it first.
    row : the columns of table `parcels` but for the score; None = the study has no rules for parcels. use : what its code means.
    ledger, rules, contributions : rows of `screening`, `constraints`, `contributions`, likewise.
    usable : the piece that a play area would take: without rules, the land itself; None = nothing can be used.
    excluded_m2 : ground that hard rules take. limit_m2 : the largest ground of one play area, where the land is larger.
    effects : rows of table `effects`. reached, gained : children by band and "all": who could walk to it, and those of them whom
        nothing covers today.
    score, score_high, rank, ranked : as in the table; `ranked` counts the parcels with a rank, this one included.
    answer : what a play area on the usable piece changes.
    """

    outline: shapely.Geometry
    area_m2: float
    communes: list[Share]
    row: Mapping[str, Any] | None = None
    use: Use | None = None
    ledger: pd.DataFrame | None = None
    rules: pd.DataFrame | None = None
    contributions: pd.DataFrame | None = None
    usable: shapely.Geometry | None = None
    excluded_m2: float | None = None
    limit_m2: float | None = None
    effects: pd.DataFrame | None = None
    reached: ByBand | None = None
    gained: ByBand | None = None
    score: float | None = None
    score_high: float | None = None
    rank: int | None = None
    ranked: int | None = None
    answer: Answer | None = None


def judge(model: Model, land: Land) -> Proposed:
    """Judge a piece of land.

    Raises
    ------
    ContractError : land that cannot be judged; see `outlines`.
    """
    outlines.check(land)
    shape = outlines.outline(model, land.geometry)
    shares = outlines.communes(model, shape)
    most = most_m2(model.study, model.limits)
    large = most if shape.area > most * (1 + 1e-9) else None
    if model.book is None:
        return _without_rules(model, shape, shares, large)
    return _by_rules(model, model.book, land, shape, shares, large)


def answered(model: Model, piece: shapely.Geometry) -> Answer:
    """What a play area on a piece of ground in the study's CRS changes."""
    taken = model.known_ids[0]
    name = next(each for each in (NAME, *(f"{NAME}-{k}" for k in range(1, len(taken) + 1))) if each not in taken)
    return what_if.make(model, (Change("add", name, piece),))


def taken_m2(model: Model, shape: shapely.Geometry) -> float | None:
    """Ground of a shape in the study's CRS that hard rules take; None where the model has no rules."""
    return (
        None
        if model.book is None
        else _taken(screened(_scene(model, model.book, shape), frame(model, Land(shape), shape)))
    )


def _scene(model: Model, book: Rulebook, shape: shapely.Geometry) -> Scene:
    low_x, low_y, high_x, high_y = (float(side) for side in shape.bounds)
    return here.scene(model, book, (low_x, low_y, high_x, high_y))


def _taken(seen: Screened) -> float:
    """Ground of one piece of land that hard rules take; what rounding leaves is none."""
    lost = float(seen.area_m2[0] - seen.found.clear_m2[0])
    return lost if lost > TOUCH_M2 else 0.0


def _by_rules(
    model: Model, book: Rulebook, land: Land, shape: shapely.Geometry, shares: list[Share], large: float | None
) -> Proposed:
    scene = _scene(model, book, shape)
    one = frame(model, land, shape)
    seen = screened(scene, one)
    open_ = open_of(seen) if large is None else np.empty(0, dtype=np.int64)
    found = appraise(scene, one, seen, open_)
    row = parcels.table(scene, model.communes, model.outlines, one, seen, found).drop(columns="geometry").iloc[0]
    told = Proposed(
        shape,
        shape.area,
        shares,
        row={str(name): None if _blank(value) else value for name, value in row.items()},
        use=seen.uses[0],
        ledger=seen.found.ledger,
        rules=constraints.frame(scene.rules, seen.found.checked),
        usable=None if seen.found.usable[0].is_empty else seen.found.usable[0],
        excluded_m2=_taken(seen),
        limit_m2=large,
        ranked=len(book.scores),
    )
    if not len(open_):
        return told
    score = scoring.score([NAME], found.merits, dict(model.study["weights"].values))
    own = float(score.score[0])
    better = np.round(book.scores, scoring.DIGITS) > np.round(own, scoring.DIGITS)
    reached, gained = (_by_band(model, found.change, values) for values in (found.change.reached, found.change.gained))
    return replace(
        told,
        contributions=score.contributions,
        effects=_effects(model, found.change),
        reached=reached,
        gained=gained,
        score=own,
        score_high=float(score.score_high[0]),
        rank=1 + int(better.sum()),
        ranked=len(book.scores) + 1,
        answer=answered(model, seen.found.usable[0]),
    )


def _without_rules(model: Model, shape: shapely.Geometry, shares: list[Share], large: float | None) -> Proposed:
    """The land as drawn becomes a play area: whom that reaches, and what it changes."""
    told = Proposed(shape, shape.area, shares, usable=shape, limit_m2=large)
    if large is not None:
        return told
    pieces = np.array([shape], dtype=object)
    walked, area = here.walk(model, pieces), np.array([shape.area])
    low, _ = supply.reach_limits(model.limits, [band.name for band in model.study.bands], area)
    change = effect(walked.way, area, low, walked.today)
    reached, gained = (_by_band(model, change, values) for values in (change.reached, change.gained))
    return replace(told, effects=_effects(model, change), reached=reached, gained=gained, answer=answered(model, shape))


def _effects(model: Model, change: Effect) -> pd.DataFrame:
    return parcels.effects(model.study, model.communes, np.array([NAME], dtype=object), change)


def frame(model: Model, land: Land, shape: shapely.Geometry, name: str = NAME) -> gpd.GeoDataFrame:
    """The land, its outline in the study's CRS, as a table of parcels with one row."""
    return gpd.GeoDataFrame(
        {
            "parcel_id": [name],
            "land_use": np.array([_code(model, land.land_use)], dtype=object),
            "owner": np.array([land.owner], dtype=object),
            "cost": [np.nan if land.cost is None else float(land.cost)],
            "cost_per_m2": [np.nan if land.cost_per_m2 is None else float(land.cost_per_m2)],
        },
        geometry=[shape],
        crs=model.communes.crs,
    )


def _code(model: Model, value: str | None) -> str | None:
    """A land use as the study's own mapping reads it."""
    value = None if value is None else value.strip() or None
    codes: Mapping[str, str] = model.study["parcels"]["codes"] or {}
    if value is None or not codes:
        return value
    plain = {nfc(key).strip().casefold(): code for key, code in codes.items()}
    return plain.get(nfc(value).casefold(), value)


def _by_band(model: Model, change: Effect, values: Floats) -> ByBand:
    """Sums of one piece of land over the communes by band, and over all; None = some of it is not known."""
    names = [band.name for band in model.study.bands]
    told: ByBand = {}
    for b, name in enumerate(names):
        only = np.zeros(len(names), dtype=bool)
        only[b] = True
        total = float(change.total(values, 1, only)[0])
        told[name] = None if np.isnan(total) or model.limits.walk_m(name) is None else total
    whole = float(change.total(values, 1)[0])
    told["all"] = None if np.isnan(whole) or None in told.values() else whole
    return told


def _blank(value: object) -> bool:
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]
