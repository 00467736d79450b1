"""Worth: what a drawn site or a listed parcel is worth: one JSON document with sentences, before anything is saved."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sanchoi.api import worth_words
from sanchoi.api.explain import records
from sanchoi.api.library import Entry
from sanchoi.api.pages import advice
from sanchoi.api.pages.advice import Ledger
from sanchoi.api.pages.tongue import tongue
from sanchoi.api.problems import Problem
from sanchoi.gis import landuse, outlines, plots, proposed
from sanchoi.gis.criteria import CRITERIA
from sanchoi.gis.landuse import UNKNOWN, Use
from sanchoi.gis.model import Model
from sanchoi.gis.proposed import Land, Proposed
from sanchoi.gis.sources.rows import packaged

Document = dict[str, Any]
DIGITS = 8
"""Decimals of a degree: a millimetre."""
TOUCH_M2 = 0.01
"""Parcels that share no more ground with the land lie beside it."""
SHOWN = (
    "passed",
    "value",
    "limit",
    "margin",
    "unit",
    "kind",
    "near_miss",
    "source",
    "article",
    "verified",
)


def worth(entry: Entry, model: Model, land: Mapping[str, Any]) -> Document:
    """What land is worth. Nothing is kept but the tables and indexes of the entry and the model themselves.

    Parameters
    ----------
    land : `geometry` (GeoJSON, EPSG:4326), `land_use`, `owner`, `cost` (VND) and `cost_per_m2`, where all but the first may be
        missing; or `parcel_id` of a listed parcel, whose own rows are then given. Other keys are not looked at.

    Raises
    ------
    ContractError : land that cannot be judged, with words in both languages. Problem : "unknown_id" where no such parcel is listed,
        "conflict" where it was cut into plots.
    """
    start = time.perf_counter()
    parcel_id = land.get("parcel_id")
    if parcel_id is not None:
        told = listed(entry, model, parcel_id)
    else:
        keys = ("land_use", "owner", "cost", "cost_per_m2")
        told = proposed.judge(model, Land(outlines.read(land.get("geometry")), *(land.get(key) for key in keys)))
    found = document(entry, model, told, parcel_id)
    found["seconds"] = round(time.perf_counter() - start, 4)
    return found


def document(entry: Entry, model: Model, told: Proposed, parcel_id: str | None = None) -> Document:
    """What was found as JSON values; null = not known."""
    row, rules = told.row or {}, ledgers(told)
    communes = [vars(share) for share in told.communes]
    gained = newly_covered(model, told)
    cost, everybody = _number(row.get("cost")), gained["all"]
    out: Document = {
        "result": entry.id,
        "run_id": model.run_id,
        "etag": entry.etag,
        "parcel_id": parcel_id,
        "commune": communes[0] if communes else None,
        "communes": communes,
        "area_m2": told.area_m2,
        "usable_m2": _number(row.get("usable_m2")),
        "usable": None if told.usable is None else _geojson(told.usable, model.study.crs),
        "verdict": row.get("verdict"),
        "ledger": None if told.ledger is None else _ledger(rules),
        "land_use": None if told.use is None else _use(row, told.use),
        "score": told.score,
        "score_high": told.score_high,
        "rank": told.rank,
        "of": told.ranked,
        "criteria": None if told.contributions is None else _criteria(told.contributions),
        "newly_covered": gained,
        "reached": told.reached or dict.fromkeys(gained),
        "changed_class": []
        if told.answer is None
        else [dict(zip(("commune_id", "name", "from", "to"), each, strict=True)) for each in told.answer.changed_class],
        "cost": cost,
        "children_per_billion_vnd": everybody * 1e9 / cost if cost and everybody is not None else None,
        "overlaps": overlaps(entry, model, told.outline, parcel_id),
        "excluded_m2": told.excluded_m2,
        "too_large": None if told.limit_m2 is None else {"limit_m2": told.limit_m2},
    }
    for language in ("vi", "en"):
        head, rest = worth_words.sentences(entry, model, told, rules[language], out, tongue(language))
        out[f"sentence_{language}"] = " ".join(head)
        out[f"sentences_{language}"] = head + rest
    return out


def newly_covered(model: Model, told: Proposed) -> dict[str, float | None]:
    """Children whom nothing covers today and this would, by band and over all; null where some of it is not known."""
    names = [*(band.name for band in model.study.bands), "all"]
    if told.answer is None or told.gained is None:
        return dict.fromkeys(names)
    return {name: None if told.gained[name] is None else told.answer.newly_covered[name] for name in names}


def listed(entry: Entry, model: Model, parcel_id: object) -> Proposed:
    """A listed parcel: its rows are those of the run.

    Raises
    ------
    Problem : "unknown_id" where there is none of that id, "conflict" where it was cut into plots.
    """
    mine = (
        entry.rows("parcels", "parcel_id", parcel_id) if isinstance(parcel_id, str) and entry.has("parcels") else None
    )
    if mine is None or mine.empty or not isinstance(parcel_id, str):
        raise _unlisted(entry, parcel_id)
    crs, row = model.study.crs, mine.drop(columns="geometry").iloc[0]
    shape = outlines.into(mine.geometry.iloc[0], crs)
    values = {str(name): None if pd.isna(value) else value for name, value in row.items()}
    pieces = entry.rows("usable", "parcel_id", parcel_id)
    usable = None if pieces.empty else outlines.into(pieces.geometry.iloc[0], crs)
    open_ = values["verdict"] != "excluded"
    effects = entry.rows("effects", "parcel_id", parcel_id)
    reached, gained = (_by_band(model, effects, values[name], name) for name in ("children_reached", "children_gained"))
    return Proposed(
        shape,
        shape.area,
        outlines.communes(model, shape),
        row=values,
        use=_meaning(model, values["land_use"]),
        ledger=entry.rows("screening", "parcel_id", parcel_id),
        rules=entry.table("constraints"),
        contributions=entry.rows("contributions", "parcel_id", parcel_id) if open_ else None,
        usable=usable,
        excluded_m2=proposed.taken_m2(model, shape),
        effects=effects if open_ else None,
        reached=reached if open_ else None,
        gained=gained if open_ else None,
        score=_number(values["score"]),
        score_high=_number(values["score_high"]),
        rank=None if values["rank"] is None else int(values["rank"]),
        ranked=int(entry.table("parcels")["rank"].notna().sum()),
        answer=proposed.answered(model, usable) if open_ and usable is not None else None,
    )


def overlaps(entry: Entry, model: Model, shape: shapely.Geometry, but: str | None = None) -> list[Document]:
    """Listed parcels that land in the study's CRS lies on, with the share of the land on each, the largest first."""
    if not entry.has("parcels"):
        return []
    table, crs = entry.table("parcels"), model.study.crs
    near = np.sort(table.sindex.query(outlines.out_of(shape, crs), predicate="intersects"))
    rows = table.iloc[near]
    shared = [
        outlines.into(each, crs).intersection(shape).area if name != but else 0.0
        for name, each in zip(rows["parcel_id"], rows.geometry, strict=True)
    ]
    found = [
        {"parcel_id": name, "share": min(m2 / shape.area, 1.0), "verdict": verdict}
        for name, verdict, m2 in zip(rows["parcel_id"], rows["verdict"], shared, strict=True)
        if m2 > TOUCH_M2
    ]
    return sorted(found, key=lambda each: (-each["share"], each["parcel_id"]))


def _unlisted(entry: Entry, parcel_id: object) -> Problem:
    short = str(parcel_id)[:60]
    if isinstance(parcel_id, str) and entry.has("parcels"):
        pieces = plots.whole(parcel_id, pd.Index(entry.table("parcels")["parcel_id"].astype(str)))
        if pieces:
            first, last = pieces[0], pieces[-1]
            return Problem(
                "conflict",
                pairs={
                    "message": (
                        f"Thửa {short} lớn hơn một sân chơi nên đã được chia thành các lô {first} … {last}. Hãy chọn một lô.",
                        f"Parcel {short} is larger than a play area and was cut into plots {first} … {last}. Choose one.",
                    )
                },
            )
    return Problem("unknown_id", pairs={"message": (f"thửa {short}", f"parcel {short}")})


def _by_band(model: Model, effects: pd.DataFrame, whole: object, column: str) -> dict[str, float | None]:
    """Sums of the rows of table effects by band; `whole` is the sum of all that the run gives."""
    told: dict[str, float | None] = {}
    for band in model.study.bands:
        total = effects.loc[effects["band"] == band.name, column].sum(skipna=False)
        told[band.name] = None if model.limits.walk_m(band.name) is None else _number(total)
    return {**told, "all": _number(whole)}


def _meaning(model: Model, code: object) -> Use:
    """What a land-use code means."""
    table = landuse.table(landuse.load(packaged("landuse_codes.csv"))) if model.book is None else model.book.codes
    return landuse.classify([code if isinstance(code, str) else None], table)[0]


def ledgers(told: Proposed) -> dict[str, Ledger]:
    """The rules with their words in both languages; empty where the study has none."""
    if told.ledger is None or told.rules is None:
        return {code: Ledger() for code in ("vi", "en")}
    found, rules = records(told.ledger), {row["constraint_id"]: row for row in records(told.rules)}
    return {code: advice.told(found, rules, tongue(code)) for code in ("vi", "en")}


def _ledger(rules: Mapping[str, Ledger]) -> list[Document]:
    """Rules with their names: failed first, then those that were not checked, then those passed."""
    return [
        {
            "constraint_id": row["constraint_id"],
            "name_vi": row["name"],
            "name_en": other["name"],
            **{key: row[key] for key in SHOWN},
        }
        for row, other in zip(rules["vi"].rows, rules["en"].rows, strict=True)
    ]


def _use(row: Mapping[str, Any], use: Use) -> Document:
    known = use.land_class is not None
    return {
        "code": row.get("land_use"),
        "class": use.land_class,
        "name_vi": use.name_vi if known else UNKNOWN.name_vi,
        "name_en": use.name_en if known else UNKNOWN.name_en,
        "who_vi": use.who_vi or None,
        "who_en": use.who_en or None,
    }


def _criteria(contributions: pd.DataFrame) -> list[Document]:
    """Parts of the score, the largest first."""
    known = {each.criterion_id: each for each in CRITERIA}
    rows = []
    for row in records(contributions):
        criterion = known.get(row["criterion_id"])
        rows.append(
            {
                "criterion_id": row["criterion_id"],
                "name_vi": criterion.name_vi if criterion else row["criterion_id"],
                "name_en": criterion.name_en if criterion else row["criterion_id"],
                "value": row["value"],
                "unit": criterion.unit if criterion else "",
                **{key: row[key] for key in ("utility", "weight", "contribution")},
            }
        )
    return sorted(rows, key=lambda row: (-row["contribution"], -row["weight"], row["criterion_id"]))


def _geojson(shape: shapely.Geometry, crs: str) -> Document:
    moved = outlines.out_of(shape, crs)
    found: Document = shapely.geometry.mapping(shapely.transform(moved, lambda xy: np.round(xy, DIGITS)))
    return found


def _number(value: Any) -> float | None:  # noqa: ANN401 - a cell of a table
    return None if value is None or not math.isfinite(value) else float(value)
