"""Parcels packed in blocks: shapes to draw, and all that the panel says of one parcel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from sanchoi.gis.results import Result
from sanchoi.maps import blocks, parcel_columns
from sanchoi.maps.blocks import NULL, SIZE, Ints
from sanchoi.maps.parcel_columns import Columns, codes
from sanchoi.maps.record import texts

VERDICTS = ("eligible", "conditional", "excluded")
TEXTS = ("land_use", "land_class", "owner", "who_vi", "who_en", "against", "near_misses")
NUMBERS = {
    "area_m2": 0,
    "usable_m2": 0,
    "circle_m": 1,
    "cost": -3,
    "children_reached": 0,
    "children_gained": 0,
    "shortfall_relieved_m2": 0,
    "score": 4,
    "score_high": 4,
    "rank": 0,
    "rank_first": 4,
    "in_best": 4,
}
"""Decimals of each, no more than the page writes: thousands of VND, whole children and m²."""
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
    verdict = codes(parcels["verdict"], VERDICTS)
    score, _ = blocks.scaled(parcels["score"], 4)
    commune = codes(parcels["commune_id"], tables["communes"]["commune_id"].tolist())
    columns = Columns([], [], [])
    for name, decimals in NUMBERS.items():
        columns.add(name, *blocks.scaled(parcels[name], decimals))
    columns.add("commune", commune)
    dictionaries: dict[str, list[Any]] = {}
    parcel_columns.ledger(columns, dictionaries, tables.get("screening"), ids)
    parcel_columns.contributions(columns, dictionaries, tables.get("contributions"), tables.get("criteria"), ids)
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
            coded_text, words = pd.factorize(np.array(values[low:high], dtype=object))
            told[name] = list(words)
            coded.append(coded_text.astype(np.int64))
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


def _by_id(table: pd.DataFrame | None, name: str, ids: pd.Index) -> list[str]:
    if table is None:
        return [""] * len(ids)
    return texts(table.drop_duplicates("parcel_id").set_index("parcel_id")[name].reindex(ids))


def _ragged(table: pd.DataFrame, ids: pd.Index, by: list[str]) -> tuple[pd.DataFrame, Ints]:
    """Rows in the order of the parcels, and where each parcel's rows begin."""
    owner = codes(table["parcel_id"], ids)
    rows = table.assign(owner=owner)[owner != NULL].sort_values(["owner", *by], kind="stable")
    return rows, np.searchsorted(rows["owner"].to_numpy(), np.arange(len(ids) + 1)).astype(np.int64)


def _acceptability(columns: Columns, table: pd.DataFrame | None, ids: pd.Index) -> None:
    if table is None or not len(table):
        return
    rows, start = _ragged(table, ids, ["rank"])
    columns.add("accept_rank", *blocks.scaled(rows["rank"], 0), start)
    columns.add("accept_share", *blocks.scaled(rows["share"], 4), start)


def _effects(
    columns: Columns, dictionaries: dict[str, list[Any]], tables: Mapping[str, pd.DataFrame], ids: pd.Index
) -> None:
    table = tables.get("effects")
    dictionaries["bands"] = []
    if table is None or not len(table):
        return
    bands = list(dict.fromkeys(texts(table["band"])))
    rows, start = _ragged(table, ids, ["band", "commune_id"])
    dictionaries["bands"] = bands
    columns.add("effect_band", codes(rows["band"], bands), 0, start)
    columns.add("effect_commune", codes(rows["commune_id"], tables["communes"]["commune_id"].tolist()), 0, start)
    for name, digits in EFFECTS.items():
        columns.add(f"effect_{name}", *blocks.scaled(rows[name], digits), start)
