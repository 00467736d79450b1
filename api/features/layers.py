"""Layers: which collections a result has, and the rows of each, from its tables. Nothing is computed but the sum of the bands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from sanchoi.gis import results

ID = "feature_id"
"""Column of the index with a feature's id: text, and the same in every index of a result."""
INDEXED: dict[str, tuple[str, ...]] = {
    "communes": (),
    "gaps": ("band", "status", "commune_id"),
    "play_areas": ("commune_id", "kind", "access"),
    "cells": ("commune_id", "play_area_id", "walk_m", "covered"),
    "parcels": ("parcel_id", "commune_id", "verdict", "land_use", "land_class", "score", "rank", "usable_m2", "cost"),
    "sites": (),
}
"""Collections in order, and the columns of each that get an index."""


@dataclass(frozen=True)
class Collection:
    """One collection of a result.

    Attributes
    ----------
    name : its name. columns : name → text, number, integer or boolean. count : its features.
    box : of all features in CRS84: west, south, east, north. shape : point, polygon or any.
    """

    name: str
    columns: dict[str, str]
    count: int
    box: tuple[float, float, float, float]
    shape: str

    def text(self) -> str:
        """As one JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def of_text(cls, text: str) -> Collection:
        """From the text of `text`."""
        found = json.loads(text)
        return cls(found["name"], found["columns"], found["count"], tuple(found["box"]), found["shape"])


def layers(folder: Path, tables: list[str]) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Layers of a result, one at a time so that only one is in memory; those without rows are left out.

    Raises
    ------
    SourceError : a table is missing or damaged.
    """
    return of(lambda name: results.read_table(folder, name) if name in tables else None)


def of(read: Callable[[str], pd.DataFrame | None]) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Layers of the tables that `read` gives by their names, None where there is none; as `layers`."""
    makers: dict[str, Callable[[], tuple[pd.DataFrame, tuple[str, ...]] | None]] = {
        "communes": lambda: _plain(read("communes"), "commune_id"),
        "gaps": lambda: _gaps(read("communes"), read("gaps")),
        "play_areas": lambda: _plain(read("play_areas"), "play_area_id"),
        "cells": lambda: _cells(read("cells"), read("cell_bands")),
        "parcels": lambda: _plain(read("parcels"), "parcel_id"),
        "sites": lambda: _sites(read("sites"), read("usable"), read("parcels")),
    }
    for name in INDEXED:
        made = makers[name]()
        if made is not None and len(made[0]):
            yield name, _identified(*made)


def _identified(table: pd.DataFrame, keys: tuple[str, ...]) -> gpd.GeoDataFrame:
    """With the text id first; what is not finite is unknown."""
    frame = gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326").reset_index(drop=True)
    ids = frame[keys[0]].astype(str)
    for key in keys[1:]:
        ids = ids + ":" + frame[key].astype(str)
    if not ids.is_unique:  # one place under two vintages
        ids = ids + "@" + frame.groupby(ids).cumcount().astype(str)
    for column in frame.columns:
        if frame[column].dtype == np.float64:
            frame[column] = frame[column].where(np.isfinite(frame[column]))
    frame.insert(0, ID, ids)
    return frame


def _plain(table: pd.DataFrame | None, key: str) -> tuple[pd.DataFrame, tuple[str, ...]] | None:
    return None if table is None else (table, (key,))


def _gaps(communes: pd.DataFrame | None, gaps: pd.DataFrame | None) -> tuple[pd.DataFrame, tuple[str, ...]] | None:
    """Gaps with the commune's outline, in the order of the gaps."""
    if communes is None or gaps is None:
        return None
    outline = communes[["commune_id", "vintage", "geometry"]]
    return gaps.merge(outline, on=["commune_id", "vintage"], how="left"), ("commune_id", "band")


def _cells(cells: pd.DataFrame | None, bands: pd.DataFrame | None) -> tuple[pd.DataFrame, tuple[str, ...]] | None:
    """One row a cell and commune, with what each band finds there."""
    if cells is None:
        return None
    keys = ["cell_id", "commune_id"]
    found = cells
    if bands is not None and len(bands):
        group = bands.groupby(keys, sort=False)
        covered = bands["covered"].astype("boolean").mask(bands["children"] == 0, True)
        marks = bands[keys].assign(no=covered.eq(False).fillna(False), unknown=covered.isna())
        told = marks.groupby(keys, sort=False).any()
        total = pd.DataFrame(
            {
                "children": group["children"].sum().where(group["children"].count() == group.size()),
                "covered": (~told["no"]).astype("boolean").mask(told["unknown"] & ~told["no"]),
            }
        )
        found = found.merge(total.reset_index(), on=keys, how="left")
        for band, rows in bands.groupby("band", sort=False):
            slug = str(band).replace("-", "_")
            named = {name: f"{name}_{slug}" for name in ("children", "covered", "m2_per_child")}
            found = found.merge(rows[keys + list(named)].rename(columns=named), on=keys, how="left")
    return found, ("cell_id", "commune_id")


def _sites(
    sites: pd.DataFrame | None, usable: pd.DataFrame | None, parcels: pd.DataFrame | None
) -> tuple[pd.DataFrame, tuple[str, ...]] | None:
    """The plan with each site's usable piece, and the parcel's own outline where the piece is not listed."""
    if sites is None or usable is None or parcels is None:
        return None
    more = ["parcel_id", "commune_id", "land_use", "land_class", "owner", "who_vi", "who_en", "usable_m2", "score"]
    found = sites.merge(parcels[[*more, "rank", "geometry"]], on="parcel_id", how="left")
    pieces = sites[["parcel_id"]].merge(usable, on="parcel_id", how="left")["geometry"]
    found["geometry"] = pieces.where(pieces.notna(), found["geometry"])
    return found, ("parcel_id",)
