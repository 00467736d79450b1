"""Parcels packed in blocks: shapes to draw, and all that the panel says of one parcel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from sanchoi.gis.results import Result
from sanchoi.maps import blocks
from sanchoi.maps.blocks import NULL, SIZE, Ints
from sanchoi.maps.record import texts

VERDICTS = ("eligible", "conditional", "excluded")
TEXTS = ("land_use", "land_class", "owner", "who_vi", "who_en", "against", "near_misses")
NUMBERS = {
    "area_m2": 1,
    "usable_m2": 1,
    "circle_m": 1,
    "cost": 0,
    "children_reached": 1,
    "children_gained": 1,
    "shortfall_relieved_m2": 1,
    "score": 4,
    "score_high": 4,
    "rank": 0,
    "rank_first": 4,
    "in_best": 4,
}
MARKS = ("kind", "unit", "source", "article", "verified")
"""Columns of the ledger that are the same for nearly every parcel."""
EFFECTS = {"children_reached": 1, "children_gained": 1, "shortfall_relieved_m2": 1}


@dataclass(frozen=True)
class Packed:
    """Blocks in base64, and the part of the record that says how to read them."""

    blocks: list[str]
    record: dict[str, Any]
    ids: pd.Index

    def at(self, ids: Sequence[str]) -> list[int]:
        """Positions of parcels in drawing order."""
        return [int(k) for k in self.ids.get_indexer(pd.Index(ids, dtype=object))]


@dataclass
class _Columns:
    """Columns by parcel in drawing order; a ragged one comes with the position where each parcel's values begin."""

    names: list[list[Any]]
    values: list[Ints]
    starts: list[Ints | None]

    def add(self, name: str, values: Ints, decimals: int = 0, start: Ints | None = None) -> None:
        self.names.append([name, decimals, int(start is not None)])
        self.values.append(values)
        self.starts.append(start)

    def part(self, low: int, high: int) -> list[Ints]:
        out = []
        for values, start in zip(self.values, self.starts, strict=True):
            if start is None:
                out.append(values[low:high])
            else:
                out += [np.diff(start[low : high + 1]), values[start[low] : start[high]]]
        return out


def pack(result: Result) -> Packed:
    """Pack parcels, ledger, contributions, acceptability and effects of a result.

    For block k, `blocks[2 k]` holds the shapes and `blocks[2 k + 1]` the rest; the last two hold all ids in drawing order, and
    the verdicts and scores for counting.
    """
    tables = result.tables
    parcels = gpd.GeoDataFrame(tables["parcels"])
    order = blocks.order(parcels.geometry)
    parcels = parcels.iloc[order].reset_index(drop=True)
    ids = pd.Index(texts(parcels["parcel_id"]))
    outline = blocks.rings(parcels.geometry)
    usable = blocks.rings(_usable(tables.get("usable"), parcels, ids))
    verdict = _codes(parcels["verdict"], VERDICTS)
    score, _ = blocks.scaled(parcels["score"], 4)
    commune = _codes(parcels["commune_id"], tables["communes"]["commune_id"].tolist())
    columns = _Columns([], [], [])
    for name, decimals in NUMBERS.items():
        columns.add(name, *blocks.scaled(parcels[name], decimals))
    columns.add("commune", commune)
    dictionaries: dict[str, list[Any]] = {}
    _ledger(columns, dictionaries, tables.get("screening"), ids)
    _contributions(columns, dictionaries, tables.get("contributions"), ids)
    _acceptability(columns, tables.get("acceptability"), ids)
    _effects(columns, dictionaries, tables, ids)
    said = {name: texts(parcels[name]) for name in TEXTS}
    reasons = tables.get("why_not")
    for name in ("reason_vi", "reason_en"):
        said[name] = _by_id(reasons, name, ids)
    out = []
    for low in range(0, len(parcels), SIZE):
        high = min(low + SIZE, len(parcels))
        out.append(blocks.pack([verdict[low:high], score[low:high], commune[low:high], *outline.part(low, high)]))
        told, coded = {"id": ids[low:high].tolist()}, []
        for name, values in said.items():
            codes, words = pd.factorize(np.array(values[low:high], dtype=object))
            told[name] = list(words)
            coded.append(codes.astype(np.int64))
        out.append(blocks.pack([*coded, *columns.part(low, high), *usable.part(low, high)], told))
    out += [blocks.pack([], ids.tolist()), blocks.pack([verdict, score])]
    return Packed(
        out,
        {
            "parcels": {
                "count": len(parcels),
                "size": SIZE,
                "zoom": blocks.ZOOM,
                "boxes": blocks.boxes(outline),
                "verdicts": list(VERDICTS),
                "verdict_counts": [int((verdict == k).sum()) for k in range(len(VERDICTS))],
                "breaks": breaks(parcels["score"].to_numpy(dtype=float)),
                "texts": list(said),
                "columns": columns.names,
                "dictionaries": dictionaries,
            }
        },
        ids,
    )


def breaks(score: Any) -> list[float]:  # noqa: ANN401 - an array
    """Class limits of the shades: about as many parcels in each, on hundredths; fewer where scores repeat."""
    known = score[np.isfinite(score)]
    if not len(known):
        return []
    cuts = sorted({round(float(cut), 2) for cut in np.quantile(known, (0.2, 0.4, 0.6, 0.8))})
    return [cut for cut in cuts if known.min() < cut <= known.max()]


def _usable(table: pd.DataFrame | None, parcels: gpd.GeoDataFrame, ids: pd.Index) -> gpd.GeoSeries:
    """The usable piece of each parcel where it is less than the parcel; else null."""
    if table is None:
        return gpd.GeoSeries([None] * len(ids), crs="EPSG:4326")
    found = gpd.GeoSeries(gpd.GeoDataFrame(table).geometry)
    found.index = pd.Index(texts(table["parcel_id"]))
    found = found.reindex(ids).reset_index(drop=True)
    whole = parcels["usable_m2"].to_numpy(dtype=float) >= parcels["area_m2"].to_numpy(dtype=float) * (1 - 1e-6)
    return gpd.GeoSeries(np.where(whole, None, found.to_numpy()), crs="EPSG:4326")


def _codes(values: pd.Series, among: Sequence[Any] | pd.Index) -> Ints:
    """Position of each value among the known ones; `NULL` for others."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        known = pd.Index(among).get_indexer(pd.Index(values.cat.categories))
        own = values.cat.codes.to_numpy()
        at = np.where(own < 0, -1, np.append(known, -1)[own])
    else:
        at = pd.Index(among).get_indexer(pd.Index(values))
    return np.where(at < 0, NULL, at).astype(np.int64)


def _by_id(table: pd.DataFrame | None, name: str, ids: pd.Index) -> list[str]:
    if table is None:
        return [""] * len(ids)
    return texts(table.drop_duplicates("parcel_id").set_index("parcel_id")[name].reindex(ids))


def _ledger(columns: _Columns, dictionaries: dict[str, list[Any]], table: pd.DataFrame | None, ids: pd.Index) -> None:
    """Columns `passed:C`, `near:C`, `value:C`, `limit:C`, `margin:C` for each constraint C, by its place in dictionary `rules`.

    `margin:C` is left out where dictionary `signs` says how it follows from value and limit. Columns of `MARKS` that are the
    same for all parcels stand in dictionary `fixed`.
    """
    if table is None:
        dictionaries["rules"] = []
        return
    owner = _codes(table["parcel_id"], ids)
    rules = sorted(set(texts(pd.Series(table["constraint_id"].unique()))))
    rule = _codes(table["constraint_id"], rules)
    passed = table["passed"].astype("Float64")
    near = table["near_miss"].astype(float)
    marks = {}
    for name in MARKS:
        codes, words = pd.factorize(table[name])
        dictionaries[name] = [bool(word) if isinstance(word, bool | np.bool_) else str(word) for word in words]
        marks[name] = np.where(codes < 0, NULL, codes).astype(np.int64)
    dictionaries["rules"] = rules
    fixed: list[dict[str, int | None]] = []
    signs: list[int] = []
    for k in range(len(rules)):
        rows = np.flatnonzero((rule == k) & (owner != NULL))
        at = owner[rows]

        def spread(values: Ints, at: Ints = at) -> Ints:
            out = np.full(len(ids), NULL, dtype=np.int64)
            out[at] = values
            return out

        columns.add(f"passed:{k}", spread(blocks.scaled(passed.iloc[rows], 0)[0]))
        columns.add(f"near:{k}", spread(blocks.scaled(near.iloc[rows], 0)[0]))
        signs.append(_sign(*(table[name].iloc[rows] for name in ("value", "limit", "margin"))))
        for name in ("value", "limit", "margin") if signs[-1] == 0 else ("value", "limit"):
            coded, decimals = blocks.scaled(table[name].iloc[rows], 2)
            columns.add(f"{name}:{k}", spread(coded), decimals)
        same: dict[str, int | None] = {}
        for name, codes in marks.items():
            mine = codes[rows]
            if len(mine) and (mine == mine[0]).all():
                same[name] = None if mine[0] == NULL else int(mine[0])
            else:
                columns.add(f"{name}:{k}", spread(mine))
        fixed.append(same)
    dictionaries["fixed"], dictionaries["signs"] = fixed, signs


def _sign(value: pd.Series, limit: pd.Series, margin: pd.Series) -> int:
    """1 or -1 where every margin is value - limit or limit - value, so that it need not be packed too; else 0."""
    gap = value.to_numpy(dtype=float, na_value=np.nan) - limit.to_numpy(dtype=float, na_value=np.nan)
    told = margin.to_numpy(dtype=float, na_value=np.nan)
    return next((sign for sign in (1, -1) if np.allclose(sign * gap, told, rtol=0, atol=1e-9, equal_nan=True)), 0)


def _contributions(
    columns: _Columns, dictionaries: dict[str, list[Any]], table: pd.DataFrame | None, ids: pd.Index
) -> None:
    """Columns `measured:C`, `utility:C`, `weight:C` for each criterion C, by its position in dictionary `criteria`.

    `contribution:C` too, unless every contribution is weight times utility.
    """
    dictionaries["criteria"] = []
    if table is None:
        return
    owner = _codes(table["parcel_id"], ids)
    names = list(dict.fromkeys(texts(pd.Series(table["criterion_id"].unique()))))
    criterion = _codes(table["criterion_id"], names)
    dictionaries["criteria"] = names
    product = table["weight"].astype(float) * table["utility"].astype(float).fillna(0.0)
    told = {"value": 3, "utility": 4, "weight": 6}
    if not np.allclose(product, table["contribution"].astype(float), rtol=0, atol=1e-9):
        told["contribution"] = 5
    for k in range(len(names)):
        rows = np.flatnonzero((criterion == k) & (owner != NULL))
        for name, digits in told.items():
            coded, decimals = blocks.scaled(table[name].iloc[rows], digits)
            out = np.full(len(ids), NULL, dtype=np.int64)
            out[owner[rows]] = coded
            columns.add(f"{'measured' if name == 'value' else name}:{k}", out, decimals)


def _ragged(table: pd.DataFrame, ids: pd.Index, by: list[str]) -> tuple[pd.DataFrame, Ints]:
    """Rows in the order of the parcels, and where each parcel's rows begin."""
    owner = _codes(table["parcel_id"], ids)
    rows = table.assign(owner=owner)[owner != NULL].sort_values(["owner", *by], kind="stable")
    return rows, np.searchsorted(rows["owner"].to_numpy(), np.arange(len(ids) + 1)).astype(np.int64)


def _acceptability(columns: _Columns, table: pd.DataFrame | None, ids: pd.Index) -> None:
    if table is None or not len(table):
        return
    rows, start = _ragged(table, ids, ["rank"])
    columns.add("accept_rank", *blocks.scaled(rows["rank"], 0), start)
    columns.add("accept_share", *blocks.scaled(rows["share"], 4), start)


def _effects(
    columns: _Columns, dictionaries: dict[str, list[Any]], tables: Mapping[str, pd.DataFrame], ids: pd.Index
) -> None:
    table = tables.get("effects")
    dictionaries["bands"] = []
    if table is None or not len(table):
        return
    bands = list(dict.fromkeys(texts(table["band"])))
    rows, start = _ragged(table, ids, ["band", "commune_id"])
    dictionaries["bands"] = bands
    columns.add("effect_band", _codes(rows["band"], bands), 0, start)
    columns.add("effect_commune", _codes(rows["commune_id"], tables["communes"]["commune_id"].tolist()), 0, start)
    for name, digits in EFFECTS.items():
        columns.add(f"effect_{name}", *blocks.scaled(rows[name], digits), start)
