"""Tables that cross a module border: each declared once, with key, columns, units, geometry and nulls.

`check(frame, name)` holds a table against its declaration and raises one ContractError that names the first bad row. CRS and
geometry type are checked here and not by pandera, which raises a bare TypeError on a wrong CRS, knows no geometry types and,
with `coerce`, stamps a CRS on data that has none.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from sanchoi.gis.declare import ACCESS, FLAGS, PARTS, STATUSES, STORAGE_CRS, VERDICTS, Declaration, pa
from sanchoi.gis.declare_gaps import GAP_TABLES
from sanchoi.gis.declare_parcels import PARCEL_TABLES
from sanchoi.gis.errors import ContractError, CRSError

__all__ = ["ACCESS", "DECLARATIONS", "FLAGS", "PARTS", "STATUSES", "STORAGE_CRS", "VERDICTS", "check", "finish"]

DECLARATIONS: dict[str, Declaration] = {**GAP_TABLES, **PARCEL_TABLES}


def finish(frame: pd.DataFrame, name: str, *, ordered: bool = False) -> pd.DataFrame:
    """Columns in the declared order, rows by key unless they are in order already, geometry in EPSG:4326; checked."""
    declared = DECLARATIONS[name]
    if declared.geometry:
        places = gpd.GeoDataFrame(frame)
        frame = places if places.crs == STORAGE_CRS else places.to_crs(STORAGE_CRS)
    if not ordered:
        frame = frame.sort_values(list(declared.key))
    frame = frame[declared.columns].reset_index(drop=True)
    frame = frame.astype(dict.fromkeys(declared.texts, "str"))  # a column without a single text has no type of its own
    return check(frame, name, STORAGE_CRS if declared.geometry else None)


def check(frame: pd.DataFrame, name: str, crs: str | None = None) -> pd.DataFrame:
    """Hold a table against its declaration and give it back unchanged.

    Parameters
    ----------
    frame : the table.
    name : a key of `DECLARATIONS`.
    crs : the CRS that its geometry must be in; None for a table without geometry.

    Raises
    ------
    ContractError : wrong columns, types, nulls, values, a repeated key, or a geometry of another type; names the first bad row.
    CRSError : geometry in no CRS or another one.
    """
    declared = DECLARATIONS[name]
    plain = pd.DataFrame(frame.drop(columns="geometry")) if declared.geometry else frame
    try:
        declared.schema.validate(plain, lazy=True)
    except pa.errors.SchemaErrors as error:
        first = error.failure_cases.iloc[0]
        row = first["index"]
        key = "" if row is None or pd.isna(row) else f" at {_key(frame, declared, row)}"
        raise ContractError(
            f"table {name}, column {first['column']}: {first['failure_case']!r}{key} "
            f"({len(error.failure_cases)} breaches in all)",
            str(first["check"]),
            "mend the table that feeds it",
        ) from error
    twice = frame.index[frame.duplicated(list(declared.key))]
    if len(twice):
        raise ContractError(
            f"table {name}: {_key(frame, declared, twice[0])} stands twice", "one row a key", "remove one of the rows"
        )
    if declared.geometry:
        _check_geometry(gpd.GeoDataFrame(frame), name, declared, crs)
    return frame


def _key(frame: pd.DataFrame, declared: Declaration, row: object) -> str:
    return ", ".join(f"{column} {frame.at[row, column]!s}" for column in declared.key)


def _check_geometry(frame: gpd.GeoDataFrame, name: str, declared: Declaration, crs: str | None) -> None:
    if crs is None or frame.crs is None or frame.crs != crs:
        raise CRSError(
            f"table {name} is in {frame.crs}", f"geometry in {crs}", "reproject it before it crosses a border"
        )
    wrong = frame.index[~frame.geom_type.isin(declared.geometry or ())]
    if len(wrong):
        raise ContractError(
            f"table {name}: {frame.geom_type[wrong[0]]} at {_key(frame, declared, wrong[0])}",
            " or ".join(declared.geometry or ()),
            "mend the layer",
        )
