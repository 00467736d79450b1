"""Plots: a parcel much larger than any play area is cut into pieces that could each hold one.

Children walk to the outline of a site. The outline of a field of 40 ha is near to whole villages on every side of it, and no one
play area is: judged as one parcel it would promise each of them a play area. So a parcel of more than `most_m2` is cut along a grid
of squares of that size, and every plot is a candidate of its own.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sanchoi.gis.errors import ContractError
from sanchoi.gis.notes import Notes

Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]
MARK = "#"
"""Between the id of a parcel and the number of its plot."""
LEAST_M2 = 1.0


def split(land: gpd.GeoDataFrame, most_m2: float, notes: Notes) -> gpd.GeoDataFrame:
    """The same land with large parcels cut into plots "ID#1", "ID#2", … from south-west to north-east, row by row.

    Parameters
    ----------
    land : parcel_id, cost (VND) and polygons in the study CRS, metres. The squares stand on the grid of that CRS, so a parcel is
        cut in the same way whatever else is loaded.
    most_m2 : the largest ground of one play area. Plots at the edge of a parcel are smaller; slivers below 1 m² are dropped.

    Notes
    -----
    A cost of the whole parcel is shared by area.

    Raises
    ------
    ContractError : another parcel has the id of a plot.
    """
    shapes = land.geometry.to_numpy()
    large = np.flatnonzero(shapely.area(shapes) > most_m2 * (1 + 1e-9))
    if not len(large):
        return land
    parent, pieces = _cut(shapes[large], float(np.sqrt(most_m2)))
    at = large[parent]
    number = pd.Series(at).groupby(at).cumcount().to_numpy() + 1
    ids = land["parcel_id"].to_numpy()
    taken = set(ids.tolist())
    names = [f"{ids[i]}{MARK}{k}" for i, k in zip(at.tolist(), number.tolist(), strict=True)]
    twice = sorted(taken & set(names))
    if twice:
        raise ContractError(
            f"parcel {twice[0]} has the name of a plot of a larger parcel",
            f'ids of parcels without "{MARK}"',
            "rename it, or set [parcels] max_area_m2 so that the larger one is not cut",
        )
    share = shapely.area(pieces) / shapely.area(shapes[at])
    plots = gpd.GeoDataFrame(land.iloc[at].drop(columns="geometry"), geometry=pieces, crs=land.crs)
    plots["parcel_id"] = names
    plots["cost"] = plots["cost"].to_numpy(dtype=float) * share
    notes.add(
        "parcels_split",
        f"{len(large)} parcels are larger than {most_m2:,.0f} m² · ground for one play area · they are cut into "
        f"{len(pieces)} plots, ID{MARK}1, ID{MARK}2, …; set [parcels] max_area_m2 for another size",
        layer="parcels",
        count=len(large),
    )
    small = land.drop(index=land.index[large])
    return gpd.GeoDataFrame(pd.concat([small, plots], ignore_index=True), crs=land.crs)


def whole(parcel_id: str, known: pd.Index) -> list[str]:
    """The parcel of that id, or its plots; empty = there is neither."""
    if parcel_id in known:
        return [parcel_id]
    return [str(each) for each in known[known.str.startswith(parcel_id + MARK)]]


def _cut(shapes: Geometries, side: float) -> tuple[Ints, Geometries]:
    """Pieces of each shape by the squares of a grid, and which shape each is of; by shape, then row, then column."""
    parents, found = [], []
    for at, shape in enumerate(shapes):
        low_x, low_y, high_x, high_y = np.floor(np.asarray(shape.bounds) / side).astype(np.int64)
        row, column = np.divmod(np.arange((high_y - low_y + 1) * (high_x - low_x + 1)), high_x - low_x + 1)
        x, y = (column + low_x) * side, (row + low_y) * side
        squares = shapely.box(x, y, x + side, y + side)
        shapely.prepare(shape)
        squares = squares[shapely.intersects(shape, squares)]
        parts = shapely.get_parts(shapely.get_parts(shapely.intersection(shape, squares)))
        parts = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) >= LEAST_M2)]
        parents.append(np.full(len(parts), at))
        found.append(parts)
    return np.concatenate(parents).astype(np.int64), np.concatenate(found)
