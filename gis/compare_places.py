"""Play areas of two results: which of one is which of the other, by where they lie, and what happened to each.

Ids may change from one inventory to the next, and another place may get an id that was used before. So two places are one
when they lie on the same ground; an id only decides between several that do, or joins two that moved apart by less than
`APART_M`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import supply
from sanchoi.gis.tables import STORAGE_CRS

NEAR_M = 10.0
"""A point lies on the ground of another place when it is no farther from it."""
APART_M = 100.0
"""Two places with one id are one place when they are no farther apart."""
SHARED = 0.5
"""Share of the smaller of two outlines that must lie in the other."""
SAME_M = 0.5
SAME_M2 = 0.005
"""A size that differs by no more than this share is the same."""

KINDS = (
    "opened",
    "closed",
    "resized",
    "access",
    "moved",
    "measured",
    "learned",
    "corrected",
    "renamed",
    "found",
    "no_longer_looked_for",
    "listed",
    "unlisted",
    "only_first",
    "only_second",
)
"""What can happen to a place. opened, closed: a place that counts is there or gone, or began or ceased to count. measured:
its size was not known on one side. learned: whether the public may enter was not. found: it counts now and lies where nobody had
looked before; no_longer_looked_for: the other way round. corrected: it is written otherwise where one side had not looked.
listed, unlisted: it does not count. only_first, only_second: it lies outside the other's area."""
ALONE = ("found", "no_longer_looked_for", "only_first", "only_second")
"""What can happen to a place that one result lists and the other could not know of."""
GROUND = ("opened", "closed", "resized", "access", "moved")
Geometries = npt.NDArray[np.object_]


def match(first: gpd.GeoDataFrame, second: gpd.GeoDataFrame) -> list[tuple[int, int]]:
    """Pairs of positions of places that are one. No place is in two pairs, and turning the tables round turns the pairs round.

    Parameters
    ----------
    first, second : play areas with `play_area_id`, in one CRS in metres.
    """
    if not len(first) or not len(second):
        return []
    one, two = first.geometry.to_numpy(), second.geometry.to_numpy()
    ids_1, ids_2 = (frame["play_area_id"].astype(str).tolist() for frame in (first, second))
    i, j = shapely.STRtree(two).query(one, predicate="dwithin", distance=APART_M)
    far = shapely.distance(one[i], two[j])
    share = _shared(one[i], two[j])
    same_id = np.array([ids_1[p] == ids_2[q] for p, q in zip(i, j, strict=True)], dtype=bool)
    here = np.where(np.isnan(share), far <= NEAR_M, share >= SHARED)
    keep = here | same_id
    ranked = sorted(
        zip(
            (~here[keep]).tolist(),
            (~same_id[keep]).tolist(),
            np.round(-np.nan_to_num(share[keep]), 6).tolist(),
            np.round(far[keep], 3).tolist(),
            i[keep].tolist(),
            j[keep].tolist(),
            strict=True,
        ),
        key=lambda row: (*row[:4], *sorted((ids_1[row[4]], ids_2[row[5]]))),
    )
    taken: tuple[set[int], set[int]] = set(), set()
    out = []
    for *_, p, q in ranked:
        if p not in taken[0] and q not in taken[1]:
            taken[0].add(p)
            taken[1].add(q)
            out.append((p, q))
    return sorted(out)


def _shared(one: Geometries, two: Geometries) -> npt.NDArray[np.float64]:
    """Share of the smaller outline that lies in the other; NaN where either is a point."""
    out = np.full(len(one), np.nan)
    flat = (shapely.get_dimensions(one) == 2) & (shapely.get_dimensions(two) == 2)
    small = np.minimum(shapely.area(one[flat]), shapely.area(two[flat]))
    out[flat] = np.divide(
        shapely.area(shapely.intersection(one[flat], two[flat])), small, out=np.zeros(len(small)), where=small > 0
    )
    return out


def changes(
    tables: tuple[Mapping[str, pd.DataFrame], Mapping[str, pd.DataFrame]],
    shapes: tuple[gpd.GeoSeries, gpd.GeoSeries],
    crs: str,
) -> tuple[pd.DataFrame, dict[str, str], Geometries]:
    """What happened to each place, one row a place that changed; and earlier id → later id of those that count on both sides
    as before; and for each row the ground that it takes on either side, in `crs`.

    Parameters
    ----------
    shapes : outlines of the communes of both without overlaps, in the study's CRS.

    Returns
    -------
    Columns `change` (the most telling of `KINDS`), `changes` (all, by ";"), `first_id`, `second_id`, `name`, `commune_id` (of
    the later result, else of the earlier), `first_m2`, `second_m2`, `first_access`, `second_access`, `first_counts`,
    `second_counts`, `moved_m`, `not_known_in` (first, second, both: nobody had looked there, or who may enter was not known),
    geometry.
    """
    areas = [gpd.GeoDataFrame(t["play_areas"]).to_crs(crs) for t in tables]
    pairs = match(*areas)
    partner = dict(pairs), {q: p for p, q in pairs}
    rows: list[dict[str, object]] = []
    steady: dict[str, str] = {}
    records = [frame.to_dict("records") for frame in areas]
    codes = tables[1]["communes"]["commune_id"].tolist()
    homes = supply.homes(areas[0].geometry.to_numpy(), shapes[1].to_numpy())
    for record, home in zip(records[0], homes, strict=True):  # a code of the earlier communes would name another place
        record["commune_id"] = codes[home] if home >= 0 else None
    looked = [
        _looked(t["communes"], shape, area) for t, shape, area in zip(tables, shapes, reversed(areas), strict=True)
    ]
    own = [_looked(t["communes"], shape, area) for t, shape, area in zip(tables, shapes, areas, strict=True)]
    for p, q in pairs:
        one, two = records[0][p], records[1][q]
        told = _between(one, two)
        blind = own[0][p] == "no", own[1][q] == "no"
        if any(blind):
            told = list(dict.fromkeys("corrected" if kind in GROUND else kind for kind in told))
        if told:
            taken = [each["access"] == "unknown" and "learned" in told for each in (one, two)]
            rows.append(_row(told, one, two, _sides(blind[0] or taken[0], blind[1] or taken[1])))
        if one["counts"] and two["counts"] and not set(told) - {"renamed", "access", "learned"}:
            steady[str(one["play_area_id"])] = str(two["play_area_id"])
    for side in (0, 1):
        for k in sorted(set(range(len(areas[side]))) - set(partner[side])):
            mine = records[side][k]
            told = [_alone(bool(mine["counts"]), side, looked[1 - side][k])]
            unseen = (("second", "first")[side]) if told[0] in ALONE else None
            rows.append(_row(told, mine if side == 0 else None, mine if side == 1 else None, unseen))
    columns = ["change", "changes", "first_id", "second_id", "name", "commune_id", "first_m2", "second_m2"]
    columns += [
        "first_access",
        "second_access",
        "first_counts",
        "second_counts",
        "moved_m",
        "not_known_in",
        "geometry",
        "_both",
    ]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=crs).to_crs(STORAGE_CRS)
    order = frame["change"].map({kind: n for n, kind in enumerate(KINDS)})
    keys = frame.assign(_order=order, _1=frame["first_id"].fillna(""), _2=frame["second_id"].fillna(""))
    done = keys.sort_values(["_order", "_2", "_1"], ignore_index=True).drop(columns=["_order", "_1", "_2"])
    both = done.pop("_both").to_numpy(dtype=object)
    return gpd.GeoDataFrame(done, crs=STORAGE_CRS), steady, both


def _looked(communes: pd.DataFrame, shapes: gpd.GeoSeries, areas: gpd.GeoDataFrame) -> list[str]:
    """Of each place of the other result: "yes", "no" (a commune nobody surveyed) or "outside" of this result's area."""
    home = supply.homes(areas.geometry.to_numpy(), shapes.to_numpy())
    surveyed = communes["surveyed"].to_numpy(dtype=bool)
    return ["outside" if h < 0 else "yes" if surveyed[h] else "no" for h in home]


def _alone(counts: bool, side: int, looked: str) -> str:
    """What happened to a place that only one result lists."""
    if looked == "outside":
        return ("only_first", "only_second")[side]
    if not counts:
        return ("unlisted", "listed")[side]
    if looked == "no":
        return ("no_longer_looked_for", "found")[side]
    return ("closed", "opened")[side]


def _between(one: Any, two: Any) -> list[str]:  # noqa: ANN401 - rows
    """What differs between two records of one place."""
    told = []
    both = {one["access"], two["access"]}
    learned = len(both) == 2 and "unknown" in both
    if bool(one["counts"]) != bool(two["counts"]) and (not learned or "public" in both):
        told.append("opened" if two["counts"] else "closed")
    if _differs(one["area_m2"], two["area_m2"]):
        told.append("resized")
    if learned:
        told.append("learned")
    elif len(both) == 2:
        told.append("access")
    if _moved(one["geometry"], two["geometry"]) > SAME_M:
        told.append("moved")
    if str(one["play_area_id"]) != str(two["play_area_id"]):
        told.append("renamed")
    if "resized" in told and (pd.isna(one["area_m2"]) or pd.isna(two["area_m2"])):
        told[told.index("resized")] = "measured"
    return told


def _differs(one: float, two: float) -> bool:
    if pd.isna(one) or pd.isna(two):
        return bool(pd.isna(one) != pd.isna(two))
    return abs(one - two) > SAME_M2 * max(one, two)


def _moved(one: shapely.Geometry, two: shapely.Geometry) -> float:
    """Metres between the centroids."""
    return float(shapely.distance(shapely.centroid(one), shapely.centroid(two)))


def _sides(first: bool, second: bool) -> str | None:
    return ("both" if second else "first") if first else "second" if second else None


def _row(told: list[str], one: Any, two: Any, blind: str | None) -> dict[str, object]:  # noqa: ANN401 - a row, or None
    last = one if two is None else two
    pair = {}
    for side, mine in (("first", one), ("second", two)):
        for key, column in (("id", "play_area_id"), ("m2", "area_m2"), ("access", "access"), ("counts", "counts")):
            pair[f"{side}_{key}"] = None if mine is None else mine[column]
    moved = _moved(one["geometry"], two["geometry"]) if one is not None and two is not None else np.nan
    return {
        "change": told[0],
        "changes": ";".join(told),
        **pair,
        "name": last["name"],
        "commune_id": last["commune_id"],
        "moved_m": moved,
        "not_known_in": blind,
        "geometry": last["geometry"],
        "_both": shapely.union_all([each["geometry"] for each in (one, two) if each is not None]),
    }
