"""Layers: what the offline form draws of one commune or a few, cut out, simplified and packed into its share of the bytes.

    commune and neighbours  0.24 · play areas 0.04 · listed parcels 0.36 · children's cells 0.08 · ways 0.20 · barriers 0.08

What a layer leaves over goes to the next one. What had to be simplified or left out is told in words, which the form shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.api.library import Entry
from sanchoi.api.offline import packing
from sanchoi.api.offline.packing import Packed
from sanchoi.gis.model import Model
from sanchoi.maps.style import breaks

SHARES = {"communes": 0.24, "play": 0.04, "parcels": 0.36, "cells": 0.08, "roads": 0.20, "barriers": 0.08}
AROUND_M, AROUND = 300.0, 0.15
"""The drawing reaches so far beyond the communes: metres, and share of their size."""
VERDICTS = {"eligible": "e", "conditional": "c", "excluded": "x"}
Words = tuple[str, str]
Document = dict[str, Any]


@dataclass
class Purse:
    """Bytes that are left, and what had to be said."""

    left: int
    told: list[Words] = field(default_factory=list)
    over: int = 0

    def share(self, whole: int, name: str) -> int:
        """What a layer may take: its share and what those before left over."""
        return max(min(int(whole * SHARES[name]) + self.over, self.left), 0)

    def pay(self, given: int, used: int) -> None:
        """Take what a layer has used."""
        self.left -= used
        self.over = max(given - used, 0)


def layers(entry: Entry, model: Model | None, communes: Sequence[str], limit: int) -> Document:
    """The layers as JSON values of at most about `limit` bytes; metres of the study's CRS from `origin` on a grid.

    Parameters
    ----------
    communes : ids, all known. model : None = there are no ways to draw.
    """
    crs = entry.run["study"]["crs"]
    every = _metric(entry.table("communes"), crs)
    mine = every["commune_id"].isin(communes).to_numpy()
    low_x, low_y, high_x, high_y = every[mine].total_bounds
    margin = AROUND_M + AROUND * max(high_x - low_x, high_y - low_y)
    window = shapely.box(low_x - margin, low_y - margin, high_x + margin, high_y + margin)
    origin = (float(np.round(low_x)), float(np.round(low_y)))
    purse = Purse(limit)
    found: Document = {
        "origin": list(origin),
        "grid": packing.GRID_M,
        "box": [round(v - o, 1) for v, o in zip(window.bounds, origin * 2, strict=True)],
    }
    found |= _communes(every, mine, window, origin, limit, purse)
    found["play"] = _play(entry, crs, window, origin, limit, purse)
    found["parcels"] = _parcels(entry, crs, communes, origin, limit, purse)
    found["cells"] = _cells(entry, crs, communes, origin, limit, purse)
    found["roads"] = _roads(model, window, origin, limit, purse)
    found["barriers"] = _barriers(entry, crs, window, origin, limit, purse)
    found["told"] = [list(each) for each in purse.told]
    return found


def _communes(
    every: gpd.GeoDataFrame,
    mine: npt.NDArray[np.bool_],
    window: shapely.Polygon,
    origin: tuple[float, float],
    limit: int,
    purse: Purse,
) -> Document:
    near = mine | every.geometry.intersects(window).to_numpy()
    rows, own = every[near], mine[near]
    shapes = shapely.make_valid(rows.geometry.to_numpy())
    given = purse.share(limit, "communes")

    def cut(these: packing.Shapes) -> packing.Shapes:
        return np.asarray(np.where(own, these, shapely.intersection(these, window)))

    packed = packing.fit(
        cut(shapes),
        origin,
        given,
        own.astype(float) * 2 + (~own) * 1.0,
        simplified=lambda _, metres: cut(shapely.coverage_simplify(shapes, metres)),
    )
    purse.pay(given, packed.bytes)
    _told(purse, packed, len(rows), ("ranh giới xã", "borders of communes"))
    records = [
        {"id": row["commune_id"], "name": row["name"], "kind": _text(row.get("kind")), "lines": lines}
        for row, lines in zip(rows.iloc[packed.kept].to_dict("records"), packed.lines, strict=True)
    ]
    inside = own[packed.kept]
    return {
        "communes": [each for each, yes in zip(records, inside, strict=True) if yes],
        "neighbours": [
            {"name": each["name"], "lines": each["lines"]}
            for each, yes in zip(records, inside, strict=True)
            if not yes and each["lines"]
        ],
        "border_m": packed.tolerance_m,
    }


def _play(
    entry: Entry, crs: str, window: shapely.Polygon, origin: tuple[float, float], limit: int, purse: Purse
) -> list[Document]:
    given = purse.share(limit, "play")
    if not entry.has("play_areas"):
        return []
    table = _metric(entry.table("play_areas"), crs)
    table = table[table.geometry.intersects(window)]
    spots = shapely.point_on_surface(table.geometry.to_numpy())
    out, used = [], 0
    for row, spot in zip(table.to_dict("records"), spots, strict=True):
        made = {"name": _text(row["name"]), "at": packing.text(shapely.get_coordinates(spot), origin)}
        used += len(str(made).encode()) + 4
        if used > given:
            break
        out.append(made)
    purse.pay(given, min(used, given))
    if len(out) < len(table):
        n = len(table) - len(out)
        purse.told.append((f"{n} sân chơi đã có không vẽ", f"{n} of the present play areas are not drawn"))
    return out


def _parcels(
    entry: Entry, crs: str, communes: Sequence[str], origin: tuple[float, float], limit: int, purse: Purse
) -> Document | None:
    given = purse.share(limit, "parcels")
    if not entry.has("parcels"):
        return None
    table = entry.table("parcels")
    table = _metric(table[table["commune_id"].isin(communes)], crs)
    beside = int(table["parcel_id"].astype(str).map(lambda t: len(t.encode())).mean()) + 16 if len(table) else 16
    packed = packing.fit(table.geometry.to_numpy(), origin, given, table["area_m2"].to_numpy(dtype=float), beside)
    purse.pay(given, packed.bytes)
    _told(purse, packed, len(table), ("thửa đất", "parcels"))
    rows = table.iloc[packed.kept]
    uses = sorted({_text(use) for use in rows["land_use"]})
    return {
        "id": rows["parcel_id"].astype(str).tolist(),
        "verdict": "".join(VERDICTS[each] for each in rows["verdict"]),
        "uses": uses,
        "use": [uses.index(_text(use)) for use in rows["land_use"]],
        "lines": packed.lines,
        "all": len(packed.kept) == len(table),
    }


def _cells(
    entry: Entry, crs: str, communes: Sequence[str], origin: tuple[float, float], limit: int, purse: Purse
) -> Document | None:
    """Squares of the grid with children whom no play area reaches, in three classes."""
    given = purse.share(limit, "cells")
    if not (entry.has("cells") and entry.has("cell_bands")):
        return None
    size = float(entry.run["settings"]["cell_m"])
    bands = entry.table("cell_bands")
    bands = bands[bands["commune_id"].isin(communes) & bands["covered"].eq(False).fillna(False)]
    count = bands.groupby("cell_id")["children"].sum()
    count = count[count > 0].sort_values(ascending=False)
    cells = entry.table("cells")
    cells = cells[cells["commune_id"].isin(communes) & cells["cell_id"].isin(count.index)].drop_duplicates("cell_id")
    middle = _metric(cells, crs).geometry.representative_point()
    corner = np.floor(np.column_stack([middle.x, middle.y]) / size) * size
    values = count.reindex(cells["cell_id"]).to_numpy()
    order = np.argsort(-values, kind="stable")
    most = given // 9
    if len(order) > most:
        n = len(order) - most
        purse.told.append((f"{n} ô ít trẻ em nhất không vẽ", f"{n} squares with the fewest children are not drawn"))
        order = order[:most]
    limits = breaks(values, 3)
    kinds = np.searchsorted(np.array(limits), values[order], side="right") if len(order) else np.array([], dtype=int)
    at = [packing.text(corner[order[kinds == k]], origin) for k in range(len(limits) + 1)]
    made = {
        "size": size,
        "breaks": limits,
        "at": at,
    }
    purse.pay(given, sum(len(each) for each in at))
    return made


def _roads(
    model: Model | None, window: shapely.Polygon, origin: tuple[float, float], limit: int, purse: Purse
) -> list[str]:
    given = purse.share(limit, "roads")
    if model is None or model.now is None:
        purse.told.append(("không có đường đi để vẽ", "there are no ways to draw"))
        return []
    segments = model.now.steps.homes.network.segments
    near = segments[shapely.intersects(segments, window)]
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(near))) if len(near) else near
    packed = packing.fit(merged, origin, given, shapely.length(merged), 2)
    purse.pay(given, packed.bytes)
    _told(purse, packed, len(merged), ("đoạn đường", "ways"))
    return [line for each in packed.lines for line in each]


def _barriers(
    entry: Entry, crs: str, window: shapely.Polygon, origin: tuple[float, float], limit: int, purse: Purse
) -> dict[str, list[str]]:
    given = purse.share(limit, "barriers")
    found: dict[str, list[str]] = {"areas": [], "lines": []}
    if not entry.has("barriers"):
        return found
    shapes = shapely.make_valid(_metric(entry.table("barriers"), crs).geometry.to_numpy())
    parts = shapely.get_parts(shapely.intersection(shapes, window))
    parts = parts[~shapely.is_empty(parts)]
    packed = packing.fit(parts, origin, given, shapely.area(parts) + shapely.length(parts), 2)
    purse.pay(given, packed.bytes)
    _told(purse, packed, len(parts), ("sông, đường lớn chắn lối đi", "rivers and roads that bar the way"))
    for part, lines in zip(parts[packed.kept], packed.lines, strict=True):
        found["areas" if part.geom_type == "Polygon" else "lines"] += lines
    return found


def _told(purse: Purse, packed: Packed, count: int, name: Words) -> None:
    vi, en = name
    lost = count - len(packed.kept)
    if packed.tolerance_m:
        metres = f"{packed.tolerance_m:g}"
        purse.told.append(
            (
                f"{vi}: vẽ giản lược, có chỗ lệch tới {metres.replace('.', ',')} m",
                f"{en}: simplified, up to {metres} m off",
            )
        )
    if lost:
        purse.told.append((f"{vi}: {lost} trong {count} không vẽ", f"{en}: {lost} of {count} are not drawn"))


def _metric(table: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(table).to_crs(crs)


def _text(value: object) -> str:
    """A text of a table; unknown = empty."""
    return "" if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)) else str(value)
