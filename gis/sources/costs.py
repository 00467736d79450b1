"""Costs of parcels as the study's column gives them; what cannot be read as money is unknown, never 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from sanchoi.gis.sources import columns
from sanchoi.gis.study import Section

if TYPE_CHECKING:
    from sanchoi.gis.sources.load import Reader

Floats = npt.NDArray[np.float64]


def read(reader: Reader, found: gpd.GeoDataFrame, section: Section) -> tuple[Floats, Floats]:
    """Cost of each parcel in VND, and in VND for a m²; one of the two by `cost_unit`, NaN = unknown.

    Empty cells are unknown. So are negative numbers and text ("1.200.000" too, which may be read in two ways); a note counts them.
    """
    unknown = np.full(len(found), np.nan)
    if section["cost"] is None:
        return unknown, unknown
    cells = columns.series(found, section["cost"], "parcels")
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    marked = cells.map(columns.grouped).to_numpy(dtype=bool)
    filled = (cells.notna() & (cells.astype(str).str.strip() != "")).to_numpy(dtype=bool)
    with np.errstate(invalid="ignore"):
        sound = np.isfinite(numbers) & (numbers >= 0) & ~marked
    bad = filled & ~sound
    if bad.any():
        ids, first = found["_key"][bad].tolist(), cells[bad].iloc[0]
        reader.notes.add(
            "cost_not_read",
            f"{len(ids)} parcels have a cost that is no amount: {first} at {ids[0]} · a number of 0 or more, without marks between "
            "thousands · their cost is unknown",
            layer="parcels",
            count=len(ids),
            ids=ids,
        )
    amount = np.where(sound, numbers, np.nan)
    return (unknown, amount) if section["cost_unit"] == "VND/m2" else (amount, unknown)
