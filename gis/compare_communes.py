"""Communes of the later result seen through the earlier one: which they are made of, and what the same ground gave then.

Two communes are never joined by their code: codes are used again under other names (20938 was xã Trà Dơn, and is xã Trà Leng
since 1 July 2025). Whatever is joined here is joined by ground: by the exact share of each cell that lies in both, and by the
children there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis import gaps, supply
from sanchoi.gis.cells import Grid, shares, without_overlaps
from sanchoi.gis.compare_cells import SPAN, Rows
from sanchoi.gis.demand import COUNTED_SHARE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
SURE = 1e-9
"""Children, as a share, of whom nothing need be known."""


@dataclass(frozen=True)
class Split:
    """How the rows of the earlier result fall to the communes of the later.

    Attributes
    ----------
    row, commune, share : pairs of a row and a later commune (−1 = outside all), and the share of the row's children there;
    over the pairs
        of a row it sums to 1.
    pieces : `first`, `second` (positions of communes), `area_m2` of the ground that both hold.
    """

    row: Ints
    commune: Ints
    share: Floats
    pieces: pd.DataFrame


def outlines(communes: pd.DataFrame, crs: str) -> gpd.GeoSeries:
    """Outlines of a result's communes in the study's CRS, without overlaps, as their children were spread."""
    frame = gpd.GeoDataFrame(communes[["commune_id", "geometry"]], geometry="geometry", crs="EPSG:4326").to_crs(crs)
    frame = frame.set_geometry(gpd.GeoSeries(shapely.make_valid(frame.geometry.to_numpy()), frame.index, crs))
    return gpd.GeoSeries(without_overlaps(frame)[0].geometry.array, crs=crs)


def split(rows: Rows, first: gpd.GeoSeries, second: gpd.GeoSeries) -> Split:
    """Split each row of the earlier result over the later communes, by the exact area of its cell and commune that each of
    them holds.

    Within a row children are taken to live evenly: a cell is the finest that a result knows. Ground of the row that lies in
    no later commune stays outside (−1).
    """
    pieces = _pieces(first, second)
    grid = Grid.over(first.total_bounds, rows.cell_m)
    own = shares(gpd.GeoDataFrame(geometry=first, crs=first.crs), grid)
    found = shares(gpd.GeoDataFrame(geometry=pieces.geometry, crs=first.crs), grid) if len(pieces) else own.iloc[:0]
    key = _key(rows.commune, (rows.row - grid.row0) * grid.n_cols + rows.col - grid.col0)
    of_first, of_second = pieces["first"].to_numpy(), pieces["second"].to_numpy()
    area = found["area"].to_numpy()
    row, there = _lookup(key, _key(of_first[area], found["cell"].to_numpy()))
    commune, held = of_second[area][there], found["share"].to_numpy()[there]
    order = np.lexsort((commune, row))
    row, commune, held = row[order], commune[order], held[order]
    whole_of, at = _lookup(key, _key(own["area"].to_numpy(), own["cell"].to_numpy()))
    whole = np.zeros(len(rows))
    whole[whole_of] = own["share"].to_numpy()[at]
    inside = np.bincount(row, held, len(rows)).astype(float)
    rest = np.maximum(whole - inside, 0.0)
    rest[rest <= 1e-6 * np.maximum(whole, 1e-300)] = 0.0  # two ways of adding up one area
    lost = (inside <= 0) & (rest <= 0)
    rest[lost] = 1.0
    out = np.flatnonzero(rest > 0)
    total = inside + rest
    rows_of = np.concatenate([row, out])
    share = np.concatenate([held, rest[out]]) / total[rows_of]
    return Split(rows_of, np.concatenate([commune, np.full(len(out), -1)]), share, pieces.drop(columns="geometry"))


def _pieces(first: gpd.GeoSeries, second: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Ground that a commune of either holds."""
    one, two = first.to_numpy(), second.to_numpy()
    i, j = shapely.STRtree(two).query(one, predicate="intersects")
    shared = shapely.intersection(one[i], two[j])
    flat = np.array([_flat(shape) for shape in shared], dtype=object)
    area = shapely.area(flat) if len(flat) else np.empty(0)
    keep = area > 0
    columns = {"first": i[keep], "second": j[keep], "area_m2": area[keep]}
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(flat[keep], crs=first.crs), crs=first.crs)
    return frame.sort_values(["second", "first"], ignore_index=True)


def _flat(shape: shapely.Geometry) -> shapely.Geometry:
    """Only the polygons of a shape: neighbours share lines and points too."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = shapely.get_parts(shape) if shape.geom_type == "GeometryCollection" else np.empty(0, dtype=object)
    return shapely.union_all([part for part in parts if shapely.get_dimensions(part) == 2])


def _key(commune: Ints, cell: Ints) -> Ints:
    return np.asarray(commune, dtype=np.int64) * SPAN + np.asarray(cell, dtype=np.int64)


def _lookup(known: Ints, asked: Ints) -> tuple[Ints, Ints]:
    """Positions in `known` of those of `asked` that are there, and which of `asked` they are."""
    order = np.argsort(known, kind="stable")
    at = np.searchsorted(known, asked, sorter=order)
    place = order[np.minimum(at, max(len(known) - 1, 0))] if len(known) else np.zeros(len(asked), np.intp)
    good = np.flatnonzero(known[place] == asked) if len(known) else np.empty(0, np.intp)
    return place[good], good


def made_of(cut: Split, rows: Rows, tables: tuple[Mapping[str, pd.DataFrame], ...]) -> pd.DataFrame:
    """What each later commune is made of: one row for each earlier commune that shares ground with it, most children first.

    Returns
    -------
    Columns `commune_id`, `vintage`, `name` (later), `first_id`, `first_vintage`, `first_name`, `area_m2`, `children` (of the
    earlier result, null = the count is unknown), `share_of_area`, `share_of_children` (of the later commune's ground),
    `share_of_first` (part of the earlier commune's children that live here), `area_of_first` (part of its area), `same_code`.
    """
    first, second = (t["communes"] for t in tables)
    total = rows.children.sum(axis=1)
    frame = pd.DataFrame(
        {"first": rows.commune[cut.row], "second": cut.commune, "children": np.nan_to_num(total)[cut.row] * cut.share}
    )
    blank = np.bincount(rows.commune, np.isnan(total), len(first)) > 0
    people = frame.groupby(["first", "second"], as_index=False)["children"].sum()
    pairs = cut.pieces.merge(people, on=["first", "second"], how="left").fillna({"children": 0.0})
    i, j = pairs["first"].to_numpy(), pairs["second"].to_numpy()
    area_1, area_2 = (t["communes"]["area_m2"].to_numpy(dtype=float) for t in tables)
    own = np.bincount(rows.commune, np.nan_to_num(total), len(first))
    here = np.bincount(j, pairs["children"], len(second))
    unknown = np.bincount(j, blank[i], len(second)) > 0
    children = pairs["children"].to_numpy()
    out = pd.DataFrame(
        {
            **{key: second[key].to_numpy()[j] for key in ("commune_id", "vintage", "name")},
            **{f"first_{key[8:] or key}": first[key].to_numpy()[i] for key in ("commune_id", "vintage", "name")},
            "area_m2": pairs["area_m2"],
            "children": np.where(blank[i], np.nan, children),
            "share_of_area": pairs["area_m2"] / area_2[j],
            "share_of_children": _part(children, np.where(unknown, np.nan, here)[j]),
            "share_of_first": _part(children, np.where(blank, np.nan, own)[i]),
            "area_of_first": pairs["area_m2"] / area_1[i],
        }
    )
    out = out.rename(columns={"first_": "first_id"})
    out["same_code"] = out["commune_id"] == out["first_id"]
    order = np.lexsort((out["first_id"].to_numpy(str), -out["area_m2"].to_numpy(), -children, j))
    return out.iloc[order].reset_index(drop=True)


def _part(of: Floats, whole: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.where(whole > 0, np.divide(of, whole, out=np.full(len(of), np.nan), where=whole > 0), np.nan)


def then(
    cut: Split,
    rows: Rows,
    tables: Mapping[str, pd.DataFrame],
    second: gpd.GeoSeries,
    run: Mapping[str, Any],
    asked: list[bool],
) -> pd.DataFrame:
    """What the earlier result gives for the ground of each later commune, by the rules of `gaps`, under the earlier norm.

    Parameters
    ----------
    asked : of each band, whether the earlier norm asks for ground.

    Returns
    -------
    One row a commune and band, and band `all`; `children` (null = unknown), `uncovered_low`, `uncovered_high` (children of
    whom it is known, and with those of whom it is not), `surveyed_share` (of its children), `area_share` (of its area that
    the earlier result covers), `status`. A status that what is unknown could change is `unknown`.
    """
    bands = list(run["settings"]["bands"])
    n = len(second)
    inside = cut.commune >= 0
    row, commune, share = cut.row[inside], cut.commune[inside], cut.share[inside][:, None]
    known = np.nan_to_num(rows.children)[row] * share
    covered, enough = rows.covered[row], rows.enough[row]

    def total(values: Floats) -> Floats:
        sums = np.column_stack([np.bincount(commune, column, n)[:n].astype(float) for column in values.T])
        return np.column_stack([sums, sums.sum(axis=1)])

    people = total(known)
    blank = total(np.isnan(rows.children)[row].astype(float)) > 0
    low, high = total(np.where(covered == 1, known, 0.0)), total(np.where(covered == 0, 0.0, known))
    judged = np.array([*asked, any(asked)])
    free = ~np.array(asked)[None, :]
    enough_low = total(np.where(free | (enough == 1), known, 0.0))
    enough_high = total(np.where(~free & (enough == 0), 0.0, known))
    has, may = _has_supply(tables, cut, second)
    area = np.bincount(cut.pieces["second"], cut.pieces["area_m2"], n) / shapely.area(second.to_numpy())
    surveyed = tables["communes"]["surveyed"].to_numpy(dtype=bool)
    looked = total(np.where(surveyed[rows.commune[row]][:, None], known, 0.0))
    target = float(run["settings"]["target_share"])
    out = []
    for c in range(n):
        for b, band in enumerate([*bands, "all"]):
            count = people[c, b]
            status = "unknown"
            if area[c] >= COUNTED_SHARE and not blank[c, b]:
                ground = (enough_low[c, b], enough_high[c, b]) if judged[b] else None
                status = _status(count, (has[c], may[c]), (low[c, b], high[c, b]), ground, target)
            out.append(
                {
                    "commune": c,
                    "band": band,
                    "children": np.nan if blank[c, b] else count,
                    "uncovered_low": count - high[c, b],
                    "uncovered_high": count - low[c, b],
                    "surveyed_share": looked[c, b] / count if count > 0 else np.nan,
                    "area_share": min(area[c], 1.0),
                    "status": status,
                }
            )
    return pd.DataFrame(out)


def _status(
    count: float,
    has: tuple[bool, bool],
    covered: tuple[float, float],
    enough: tuple[float, float] | None,
    target: float,
) -> str:
    """The status that holds whatever the unknown is; else unknown."""
    if count <= 0:
        return "no_children"
    found = {
        gaps.verdict(has[i], covered[i] / count, None if enough is None else enough[i] / count, target) for i in (0, 1)
    }
    return found.pop() if len(found) == 1 else "unknown"


def _has_supply(
    tables: Mapping[str, pd.DataFrame], cut: Split, second: gpd.GeoSeries
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Whether an open play area of the earlier result lies in each later commune: as known, and as possible where nobody looked."""
    areas = gpd.GeoDataFrame(tables["play_areas"]).to_crs(second.crs)
    areas = areas[areas["counts"].to_numpy(dtype=bool)]
    known, _, home = supply.in_communes(
        areas.geometry.to_numpy(), areas["area_m2"].to_numpy(dtype=float), second.to_numpy()
    )
    has = supply.lies_in(known, home)
    blind = ~tables["communes"]["surveyed"].to_numpy(dtype=bool)[cut.pieces["first"]]
    ground = np.bincount(cut.pieces["second"], np.where(blind, cut.pieces["area_m2"], 0.0), len(second))
    return has, has | (ground > 1e-3 * shapely.area(second.to_numpy()))
