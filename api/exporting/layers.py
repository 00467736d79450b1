"""Layers: the layers of a result that data files hold, cut to what was chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd
from sanchoi.api.exporting.context import Context
from sanchoi.gis.tables import STORAGE_CRS

TITLES: dict[str, tuple[str, str]] = {
    "communes": ("Xã, phường", "Communes"),
    "gaps": ("Thiếu sân chơi", "Gaps"),
    "play_areas": ("Sân chơi hiện có", "Play areas"),
    "cells": ("Ô dân cư", "Cells"),
    "barriers": ("Vật cản", "Barriers"),
    "parcels": ("Thửa đất", "Parcels"),
    "usable": ("Phần đất dùng được", "Usable pieces"),
    "sites": ("Địa điểm trong phương án", "Sites of the plan"),
}
"""Kind of layer → its title, Vietnamese and English; in the order in which files hold them."""


@dataclass(frozen=True)
class Layer:
    """One layer.

    Attributes
    ----------
    name : its name in files: the kind, and for gaps the ages too (gaps_0_5, gaps_all). kind : key of `TITLES`.
    band : ages, "" = no gaps.
    title : Vietnamese and English. frame : its rows with geometry in EPSG:4326; empty cells are unknown.
    """

    name: str
    kind: str
    title: tuple[str, str]
    frame: gpd.GeoDataFrame
    band: str = ""

    def to(self, crs: Any) -> Layer:  # noqa: ANN401 - what geopandas takes
        """The same in another CRS."""
        return replace(self, frame=self.frame.to_crs(crs))


def words(layer: Layer, language: str) -> str:
    """Title of a layer in a language, with the ages where there are some."""
    en = language == "en"
    ages = {"": "", "all": ": " + ("mọi lứa tuổi", "all ages")[en]}
    return layer.title[en] + ages.get(layer.band, f": {layer.band.replace('-', '–')} " + ("tuổi", "years")[en])


def layers(context: Context) -> Iterator[Layer]:
    """Layers of what was chosen, one at a time; those without rows are left out.

    Of a commune: its own rows and the barriers that touch it. Of a site: its parcel, the usable piece of it, and its commune.
    """
    for made in _all(context):
        kept = _cut(context, made)
        if len(kept.frame):
            yield kept


def _all(context: Context) -> Iterator[Layer]:
    tables = context.result.tables
    found = context.layers
    for kind, title in TITLES.items():
        if kind == "gaps":
            for band, rows in found["gaps"].groupby("band", sort=False) if "gaps" in found else ():
                name = f"gaps_{band}".replace("-", "_")
                yield Layer(name, kind, title, rows.reset_index(drop=True), str(band))
        elif kind in ("barriers", "usable"):
            if kind in tables:
                yield Layer(kind, kind, title, gpd.GeoDataFrame(tables[kind], crs=STORAGE_CRS))
        elif kind in found:
            yield Layer(kind, kind, title, found[kind])


def _cut(context: Context, layer: Layer) -> Layer:
    communes, sites = set(context.wish.communes), set(context.wish.sites)
    if not communes and not sites:
        return layer
    tables, frame = context.result.tables, layer.frame
    parcels: pd.DataFrame = tables.get("parcels", pd.DataFrame({"parcel_id": [], "commune_id": []}))
    places = communes | set(parcels.loc[parcels["parcel_id"].isin(sites), "commune_id"].dropna())
    land = sites | set(parcels.loc[parcels["commune_id"].isin(communes), "parcel_id"])
    if layer.kind in ("parcels", "usable", "sites"):
        keep = frame["parcel_id"].isin(land)
    elif layer.kind == "barriers":
        outlines = tables["communes"]
        keep = frame.intersects(outlines.loc[outlines["commune_id"].isin(places), "geometry"].union_all())
    else:
        keep = frame["commune_id"].isin(places)
    return replace(layer, frame=frame[keep].reset_index(drop=True))
