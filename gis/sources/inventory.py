"""The inventory of play areas: vector layers, tables with lon and lat, and OSM extracts, in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis.errors import ContractError
from sanchoi.gis.inputs import PLAY_AREA_COLUMNS
from sanchoi.gis.sources import columns, files, osm, rows, vector
from sanchoi.gis.study import Section
from sanchoi.gis.tables import ACCESS

if TYPE_CHECKING:
    from sanchoi.gis.sources.load import Reader

DEFAULT_KIND = "playground"


def read(reader: Reader, section: Section) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]:
    """All play areas near the communes, and gates where they are mapped.

    Returns
    -------
    Table of `PLAY_AREA_COLUMNS` and geometry in the study's CRS, and points or None.

    Raises
    ------
    ContractError : a repeated id, an unknown access, a negative area.
    """
    given = section["path"]
    frames, gates = [], []
    for text in [given] if isinstance(given, str) else given:
        path = reader.path(text)
        if files.is_pbf(path):
            found = osm.play_areas(path, reader.study.crs, reader.near, reader.notes)
            reader.record("play_areas", path, len(found), "EPSG:4326")
            frames.append(_standard(found.rename(columns={"counts": "kind_counts"})))
            gates.append(osm.gates(path, reader.study.crs, reader.near))
        else:
            frames.append(_layer(reader, section, text))
    if section["gates"]:
        gates.append(reader.vector("gates", section["gates"])[["geometry"]])
    inventory = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=reader.crs)
    columns.unique(inventory["play_area_id"].tolist(), "play_areas", "id")
    inventory = inventory.sort_values("play_area_id", ignore_index=True)
    kept = [gate[["geometry"]] for gate in gates if len(gate)]
    return inventory, gpd.GeoDataFrame(pd.concat(kept, ignore_index=True), crs=reader.crs) if kept else None


def _layer(reader: Reader, section: Section, text: str) -> gpd.GeoDataFrame:
    """One vector layer or table of play areas."""
    found = reader.vector("play_areas", text, section)
    name = "play_areas"
    if section["id"]:
        keys = columns.keys(found, section["id"], name)
    else:
        stem = reader.path(text).stem
        keys = [f"{stem}/{i + 1}" for i in range(len(found))]
    found = vector.repair(found.assign(_key=keys), "_key", reader.notes, name=name)
    area = columns.numbers(found, section["area"], name)
    nought = area == 0
    if nought.any():
        ids = found["_key"][nought].tolist()
        reader.notes.add(
            "area_zero",
            f"{len(ids)} play areas have a recorded area of 0 m²: {', '.join(ids[:10])} · m² of ground, or empty for unknown · "
            "they are taken as unknown",
            layer=name,
            count=len(ids),
            ids=ids,
        )
        area = np.where(nought, np.nan, area)
    kinds = [kind or DEFAULT_KIND for kind in columns.texts(found, section["kind"], name)]
    counts = _kind_counts()
    strange = sorted({kind for kind in kinds if kind not in counts})
    if strange:
        reader.notes.add(
            "kind_unknown",
            f"{len(strange)} kinds of play area are not in the table of kinds: {', '.join(strange[:10])} · a kind of "
            "data/osm_kinds.csv · they count as supply, because the study lists them as play areas",
            layer=name,
            count=len(strange),
            ids=strange,
        )
    return _standard(
        gpd.GeoDataFrame(
            {
                "play_area_id": found["_key"],
                "name": columns.texts(found, section["name"], name),
                "kind": kinds,
                "access": _access(found, section["access"]),
                "ages": columns.texts(found, section["ages"], name),
                "area_m2": area,
                "usable_m2": columns.numbers(found, section["usable"], name),
                "kind_counts": [counts.get(kind, True) for kind in kinds],
                "within_m": _within(found, section["within"]),
            },
            geometry=found.geometry,
            crs=found.crs,
        )
    )


def _within(found: gpd.GeoDataFrame, column: str | None) -> npt.NDArray[np.float64]:
    """Metres to which each place is known, NaN = nothing is said; one layer of several need not have the column."""
    if column is None or column not in found:
        return np.full(len(found), np.nan)
    metres = columns.numbers(found, column, "play_areas")
    return np.where(metres > 0, metres, np.nan)


def _kind_counts() -> dict[str, bool]:
    """Kind → whether it is supply, from the table of kinds."""
    kinds = rows.packaged("osm_kinds.csv")
    return dict(zip(kinds["kind"], kinds["counts"] == "true", strict=True))


def _access(found: gpd.GeoDataFrame, column: str | None) -> list[str]:
    values = [(text or "unknown").strip().lower() for text in columns.texts(found, column, "play_areas")]
    for key, value in zip(found["_key"], values, strict=True):
        if value not in ACCESS:
            raise ContractError(
                f'layer play_areas, column {column}: "{value}" at {key}',
                "one of " + ", ".join(ACCESS),
                "mend the value",
            )
    return values


def _standard(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give a frame the columns of an inventory; what it does not have is unknown."""
    out = found.copy()
    for column in PLAY_AREA_COLUMNS:
        if column not in out:
            out[column] = np.nan if column.endswith(("_m2", "_m")) else None
    return out[[*PLAY_AREA_COLUMNS, "geometry"]]
