"""CSV: one file a table, for a spreadsheet or a program, with a dictionary of all columns beside them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from sanchoi.api.exporting import codes, imprint, parts
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.csv_columns import meaning
from sanchoi.gis.results import MAX_CELLS
from sanchoi.gis.tables import STORAGE_CRS
from sanchoi.gis.workbook import harmless

TABLES = (
    "gaps",
    "communes",
    "reasons",
    "coverage_by_tier",
    "play_areas",
    "parcels",
    "screening",
    "constraints",
    "contributions",
    "criteria",
    "effects",
    "why_not",
    "sites",
    "plan_gaps",
    "budget_curve",
    "cells",
    "cell_bands",
)
"""Tables in order; the others are for programs and stay in the result folder."""
WHOLE = ("constraints", "criteria", "budget_curve")
"""Tables that speak of no commune or parcel: they are of the whole result, whatever was chosen."""
DICTIONARY = "columns.csv"
CHUNK = 50_000


def make(context: Context, _: str, folder: Path) -> list[Path]:
    """Write one file a table that has rows, and `columns.csv`.

    Raises
    ------
    CRSError : the CRS that is asked for is unknown or not in metres or degrees.
    """
    crs = parts.target(context)
    kept = Kept(context)
    made, known = [], []
    for name in TABLES:
        table = kept.of(name)
        if table is None or not len(table):
            continue
        path = folder / f"{name}.csv"
        if name in ("cells", "cell_bands") and len(table) > MAX_CELLS:
            count, limit = (f"{each:,}" for each in (len(table), MAX_CELLS))
            context.note(
                folder / DICTIONARY,
                f"{name}: bỏ {count.replace(',', '.')} dòng, nhiều hơn {limit.replace(',', '.')}.",
                f"{name}: {count} rows are left out, more than {limit}.",
            )
            continue
        if isinstance(table, gpd.GeoDataFrame):
            table = placed(table, crs)
        changed = write(table, path, context.wish.bom)
        context.note(path, *imprint.WORDS["lost"])
        if changed:
            context.note(
                path,
                f"{changed} ô chữ mà bảng tính có thể chạy như công thức được thêm dấu nháy đơn ở đầu.",
                f"{changed} texts that a spreadsheet would run as a formula begin with an apostrophe.",
            )
        if kept.cut and name == "budget_curve":
            context.note(
                path, "Của cả kết quả, không riêng phần đã chọn.", "Of the whole result, not of what was chosen."
            )
        if kept.cut and name == "sites":
            context.note(
                path,
                "build_order, cost_total và children_total là của cả phương án, không riêng phần đã chọn.",
                "build_order, cost_total and children_total are of the whole plan, not of what was chosen.",
            )
        made.append(path)
        known += [(name, column, *meaning(name, column), *codes.told(column)) for column in table.columns]
    path = folder / DICTIONARY
    told = pd.DataFrame(known, columns=["table", "column", "vi", "en", "unit", "values_vi", "values_en"])
    write(told, path, context.wish.bom)
    said = ("không có X, Y vì --crs tính bằng độ", "no X and Y: --crs is in degrees")
    if crs.is_projected:
        code = parts.code(crs)
        said = (
            f"x_north_m là X (bắc), y_east_m là Y (đông) theo {code}",
            f"x_north_m is X (north) and y_east_m is Y (east) in {code}",
        )
    context.note(path, f"Tọa độ: lon, lat theo EPSG:4326; {said[0]}.", f"Coordinates: lon, lat EPSG:4326; {said[1]}.")
    return [*made, path]


class Kept:
    """Rows of the tables that belong to what was chosen."""

    def __init__(self, context: Context) -> None:
        self.tables = context.result.tables
        self.cut = bool(context.wish.communes or context.wish.sites)
        self.communes, self.parcels = self._ids(context) if self.cut else (set(), set())

    def _ids(self, context: Context) -> tuple[set[str], set[str]]:
        """As `layers` cuts them: of a commune its parcels, of a site its commune."""
        communes, parcels = set(context.wish.communes), set(context.wish.sites)
        land = self.tables.get("parcels")
        if land is None:
            return communes, parcels
        homes = set(land.loc[land["parcel_id"].isin(parcels), "commune_id"].dropna())
        return communes | homes, parcels | set(land.loc[land["commune_id"].isin(communes), "parcel_id"])

    def of(self, name: str) -> pd.DataFrame | None:
        """Rows of one table; None where there is none."""
        table = self.tables.get(name)
        if table is None or not self.cut or name in WHOLE:
            return table
        if "parcel_id" in table:
            return table[table["parcel_id"].isin(self.parcels)]
        return table[table["commune_id"].isin(self.communes)]


def placed(table: gpd.GeoDataFrame, crs: pyproj.CRS) -> pd.DataFrame:
    """Without geometry, but with a point of each place: its centroid, or a point inside where the centroid lies beside it."""
    shapes = table.to_crs(STORAGE_CRS).geometry.to_numpy()
    known = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    at = np.full(len(shapes), None, dtype=object)
    at[known] = shapely.centroid(shapes[known])
    beside = known.copy()
    beside[known] = ~shapely.intersects(shapes[known], at[known])
    at[beside] = shapely.point_on_surface(shapes[beside])
    lon, lat = shapely.get_x(at), shapely.get_y(at)
    out = pd.DataFrame(table.drop(columns="geometry"))
    out["lon"], out["lat"] = np.round(lon, 8), np.round(lat, 8)
    if crs.is_projected:
        east, north = pyproj.Transformer.from_crs(STORAGE_CRS, crs, always_xy=True).transform(lon, lat)
        out["x_north_m"] = np.round(np.where(known, north, np.nan), 3)
        out["y_east_m"] = np.round(np.where(known, east, np.nan), 3)
    return out


def write(table: pd.DataFrame, path: Path, bom: bool) -> int:
    """Write one table; returns how many texts were made harmless. Empty is unknown; booleans are true and false."""
    out, changed = table.copy(), 0
    for column in out.columns:
        values = out[column]
        if pd.api.types.is_bool_dtype(values.dtype):
            out[column] = values.astype(object).map({True: "true", False: "false"}, na_action="ignore").astype("str")
        elif pd.api.types.is_float_dtype(values.dtype):
            out[column] = values.where(np.isfinite(values.astype(float)))
        elif pd.api.types.is_string_dtype(values.dtype) or values.dtype == object:
            texts = pd.Series(
                [None if pd.isna(each) else parts.NEVER.sub("", str(each)) for each in values], index=out.index
            )
            out[column] = texts.astype("str")
            safe = harmless(pd.DataFrame({column: out[column]}))[column]
            changed += int((safe.fillna("") != out[column].fillna("")).sum())
            out[column] = safe
    out.to_csv(path, index=False, encoding="utf-8-sig" if bom else "utf-8", lineterminator="\r\n", chunksize=CHUNK)
    return changed
