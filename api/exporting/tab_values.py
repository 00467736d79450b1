"""Values of a MapInfo table, which knows no empty number or flag: a column in which some are unknown is written as text."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from sanchoi.api.exporting import shp_values

LARGEST = 2**31 - 1
"""Of a whole number."""


def fit(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[str]]:
    """A layer as a table holds it, and the columns that became text because some of their values are unknown."""
    frame = frame.copy()
    turned: list[str] = []
    for column in frame.columns:
        values = frame[column]
        if column == frame.geometry.name or shp_values.is_text(values):
            continue
        if values.isna().any():
            frame[column] = pd.Series([_text(each) for each in values], index=frame.index, dtype=object)
            turned.append(str(column))
        elif pd.api.types.is_bool_dtype(values):
            frame[column] = values.astype(bool)
        elif pd.api.types.is_integer_dtype(values) and (not len(values) or values.abs().max() <= LARGEST):
            frame[column] = values.astype(np.int32)
        else:
            frame[column] = values.astype(np.float64)
    return frame, turned


def _text(value: Any) -> str | None:  # noqa: ANN401 - a cell of a table
    if pd.isna(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return "T" if value else "F"
    return repr(value.item() if isinstance(value, np.generic) else value)
