"""Vector layers: GeoPackage, Shapefile (zipped too), MapInfo, GeoJSON, FlatGeobuf, GeoParquet, DXF, DGN, and tables with places."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow
import pyogrio
import pyproj
import shapely
from sanchoi.gis import guess
from sanchoi.gis.arrival_words import Remark, refusal
from sanchoi.gis.errors import ContractError, SourceError, StudyError
from sanchoi.gis.names import nfc
from sanchoi.gis.notes import Notes
from sanchoi.gis.sources import columns, drawn, ogr, placing, table, texts
from sanchoi.gis.sources.arrival import AS_IS, Arrival
from sanchoi.gis.sources.ogr import DRIVERS

PARQUET = (".parquet", ".geoparquet")
LON = ("lon", "lng", "long", "longitude", "kinh_do", "kinh độ")
LAT = ("lat", "latitude", "vi_do", "vĩ độ")
X_NAMES = ("x", "x (m)", "x(m)", "toạ độ x", "tọa độ x", "toado_x", "northing", "easting")
Y_NAMES = ("y", "y (m)", "y(m)", "toạ độ y", "tọa độ y", "toado_y", "easting", "northing")
"""Which of them is north follows from the numbers: in Vietnamese tables X is."""
NO = frozenset(("", "no", "false", "0", "0.0", "f", "n", "không", "none", "nan"))
POLYGON, LINE, POINT = 2, 1, 0


def read(
    path: Path,
    layer: str | None = None,
    crs: str = "",
    where: str | None = None,
    name: str = "layer",
    arrival: Arrival = AS_IS,
) -> gpd.GeoDataFrame:
    """Read a layer into the study's CRS.

    Its `attrs` keep the CRS of the file, the bounds as stored, those before `where` selected, and under "told" the remarks.

    Parameters
    ----------
    layer : needed when the file holds several. where : SQL condition on columns, such as "former_province = 'Quảng Nam'".
    arrival : what is said of its text, its CRS and its axes.

    Raises
    ------
    SourceError : missing, broken or unknown kind, or the file holds several layers. CRSError : the file names no CRS, and nobody
    confirmed one. StudyError : `where` cannot be used. ContractError : text in two encodings; lines that enclose nothing.
    """
    told: list[Remark] = []
    found = _found(path, layer, where, name, arrival, told)
    if not isinstance(found, gpd.GeoDataFrame):
        raise SourceError(f"layer {name}: {path.name} has no geometry", "a layer with geometry", "check path and layer")
    own_box = found.total_bounds if len(found) else None
    tabled = path.suffix.lower() in table.KINDS
    found = placing.settle(found, arrival, path.name, name, told, free=tabled)
    if arrival.from_lines:
        found = drawn.parcels(found, arrival, path.name, name, told)
    own = found.crs.to_string()
    found = found.set_axis([c if c == found.geometry.name else nfc(str(c)) for c in found.columns], axis=1)
    if found.geometry.name != "geometry":
        found = found.drop(columns="geometry", errors="ignore").rename_geometry("geometry")
    found["geometry"] = gpd.GeoSeries(shapely.force_2d(found.geometry.to_numpy()), found.index, found.crs)
    low_x, low_y, high_x, high_y = found.total_bounds if len(found) else (np.nan,) * 4
    raw = (float(low_x), float(low_y), float(high_x), float(high_y))
    turned = own_box is not None and len(found) and not np.allclose(own_box, raw, rtol=0, equal_nan=True)
    found = found.to_crs(pyproj.CRS.from_user_input(crs)) if crs else found
    found.attrs = {"crs": own, "raw": (raw, own), "told": told}
    if where is not None and path.suffix.lower() in DRIVERS and not turned:
        info = pyogrio.read_info(path, layer=layer, force_total_bounds=True)
        found.attrs["whole"] = tuple(float(side) for side in info["total_bounds"])
    return found.reset_index(drop=True)


def _found(
    path: Path, layer: str | None, where: str | None, name: str, arrival: Arrival, told: list[Remark]
) -> pd.DataFrame:
    """A layer as its file holds it, its text in order."""
    suffix = path.suffix.lower()
    found: pd.DataFrame
    if suffix in table.KINDS:
        found = _selected(_points(table.read(path, layer, arrival, told), path, name, arrival), where, name)
    elif suffix in PARQUET:
        found = _selected(texts.settle(_parquet(path), arrival, name, told), where, name)
    elif suffix in DRIVERS:
        found = drawn.shown(ogr.read(path, layer, where, name, arrival, told), path, told)
    else:
        known = ", ".join([*DRIVERS, *PARQUET, *table.KINDS])
        if suffix == ".dwg":
            raise refusal("dwg", file=path.name, known=known)
        raise SourceError(
            f"layer {name}: {path.name} is of an unknown kind", f"one of {known}", "save it as GeoPackage"
        )
    return found


def _parquet(path: Path) -> gpd.GeoDataFrame:
    try:
        return gpd.read_parquet(path)
    except (ValueError, OSError, pyarrow.ArrowException) as error:
        reason = str(error).replace(str(path), path.name)
        raise SourceError(
            f"{path.name} cannot be read: {reason}", "a GeoParquet file", "save it again, with its geometry"
        ) from error


def _selected(found: gpd.GeoDataFrame, where: str | None, name: str) -> gpd.GeoDataFrame:
    """Rows for which `column = 'value'` holds; a file that GDAL does not read knows no more of SQL."""
    if where is None:
        return found
    parts = re.fullmatch(r"\s*\"?([^\"=]+?)\"?\s*=\s*'(.*)'\s*", where)
    if parts is None or parts[1] not in found.columns:
        raise StudyError(f'[{name}] where = "{where}"', "column = 'value' for this kind of file", "mend it")
    return found[found[parts[1]].astype(str) == parts[2]]


def places(rows: pd.DataFrame, arrival: Arrival = AS_IS) -> tuple[str, str, str | None] | None:
    """Columns of places, and their CRS: lon and lat, or X and Y in metres of a CRS that the table does not name. None = neither."""
    lower = _spoken(rows)
    for words, crs in (((LON, LAT), "EPSG:4326"), ((X_NAMES, Y_NAMES), None)):
        one, two = (next((lower[w] for w in each if w in lower), None) for each in words)
        if one is not None and two is not None and (crs or arrival.assume_crs or _are_metres(rows, [one, two])):
            return one, two, crs
    return None


def _spoken(rows: pd.DataFrame) -> dict[str, str]:
    """Columns by their names in small letters; by the last part alone of "Toạ độ / X", if no other ends so."""
    whole = {str(column).strip().lower(): str(column) for column in rows.columns}
    ends = [name.rpartition(" / ")[2].strip() for name in whole]
    return {end: whole[name] for end, name in zip(ends, whole, strict=True) if ends.count(end) == 1} | whole


def _are_metres(rows: pd.DataFrame, pair: list[str]) -> bool:
    xy = np.column_stack([pd.to_numeric(rows[each], errors="coerce").to_numpy(dtype=float) for each in pair])
    return guess.are_metres(xy[np.isfinite(xy).all(axis=1)])


def _unread(rows: pd.DataFrame) -> tuple[str, str, None] | None:
    """Columns that are named as places in metres are, with texts in them that are no numbers as they stand."""
    lower = _spoken(rows)
    one, two = (next((lower[word] for word in words if word in lower), None) for words in (X_NAMES, Y_NAMES))
    if one is None or two is None:
        return None
    text = any((rows[each].notna() & pd.to_numeric(rows[each], errors="coerce").isna()).any() for each in (one, two))
    return (one, two, None) if text else None


def _points(rows: pd.DataFrame, path: Path, name: str, arrival: Arrival) -> gpd.GeoDataFrame:
    """Points of a table."""
    found = places(rows, arrival) or _unread(rows)
    if found is None:
        raise ContractError(
            f"layer {name}: {path.name} has no columns lon and lat",
            "lon and lat in degrees (or X and Y in metres), among " + ", ".join(map(str, rows.columns)),
            "name them lon and lat",
        )
    *pair, crs = found
    xy = [pd.to_numeric(rows[column], errors="coerce").to_numpy(dtype=float) for column in pair]
    bad = np.flatnonzero(~np.isfinite(xy[0]) | ~np.isfinite(xy[1]))
    if len(bad):
        raise ContractError(
            f"layer {name}: {path.name}, row {bad[0] + 2}: {pair[0]} {rows[pair[0]].iloc[bad[0]]}, "
            f"{pair[1]} {rows[pair[1]].iloc[bad[0]]} ({len(bad)} rows in all)",
            "degrees with a decimal point" if crs else "metres with a decimal point",
            "fill or remove the rows; write 108.24, not 108,24"
            if crs
            else "fill or remove the rows; write 548123.25, not 548.123,25",
        )
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(*xy), crs=crs)


def repair(frame: gpd.GeoDataFrame, key: str, notes: Notes, name: str = "layer") -> gpd.GeoDataFrame:
    """Make outlines valid, and count those that were not.

    Parameters
    ----------
    frame : with its ids in column `key`. name : "play_areas" may hold points; every other layer polygons alone.

    Raises
    ------
    ContractError : a feature without geometry, of the wrong type, or whose outline encloses no ground; names its id.
    """
    shapes = frame.geometry.to_numpy().copy()
    nothing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    _refuse(frame, key, name, nothing, "has no geometry", "a geometry for every feature")
    single = (shapely.get_type_id(shapes) == 4) & (shapely.get_num_geometries(shapes) == 1)
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    kinds = shapely.get_type_id(shapes)
    allowed = np.isin(kinds, (0, 3, 6) if name == "play_areas" else (3, 6))
    wanted = "points or polygons" if name == "play_areas" else "polygons"
    _refuse(frame, key, name, ~allowed, "is a " + (shapes[~allowed][0].geom_type if (~allowed).any() else ""), wanted)
    bad = np.flatnonzero(~shapely.is_valid(shapes))
    why = [str(shapely.is_valid_reason(shapes[i])) for i in bad]
    for i in bad:
        shapes[i] = _ground(shapely.make_valid(shapes[i], method="structure"))
    flat = (shapely.get_dimensions(shapes) == POLYGON) & (shapely.area(shapes) <= 0) | shapely.is_missing(shapes)
    flat |= np.isin(np.arange(len(shapes)), bad) & (shapely.area(shapes) <= 0)
    _refuse(frame, key, name, flat, "has an outline that encloses no ground", "polygons with ground")
    if len(bad):
        ids = frame[key].iloc[bad].tolist()
        notes.add(
            "geometry_repaired",
            f"layer {name}: {len(bad)} outlines were not valid: {', '.join(map(str, ids[:10]))} ({why[0]}) · valid polygons · "
            "they were repaired; compare them with the source",
            layer=name,
            count=len(bad),
            ids=ids,
        )
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))


def _refuse(frame: gpd.GeoDataFrame, key: str, name: str, bad: npt.NDArray[np.bool_], what: str, expected: str) -> None:
    if bad.any():
        ids = frame[key][bad].astype(str).tolist()
        more = f" ({len(ids)} in all: {', '.join(ids[:10])})" if len(ids) > 1 else ""
        raise ContractError(f"layer {name}: feature {ids[0]} {what}{more}", expected, "mend or remove it")


def _ground(shape: Any) -> Any:  # noqa: ANN401 - any shapely geometry
    """Polygonal part of a shape."""
    parts = [p for p in shapely.get_parts(shapely.get_parts(shape)) if p.geom_type == "Polygon" and p.area > 0]
    if not parts:
        return shapely.Polygon()
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def read_lines(
    path: Path,
    layer: str | None = None,
    crs: str = "",
    bridge: str | None = None,
    name: str = "network",
    arrival: Arrival = AS_IS,
) -> gpd.GeoDataFrame:
    """Read lines: multi-part ones are split, `bridge` is a flag a line (any text but no, false, 0 or empty is yes).

    Raises
    ------
    ContractError : a feature that is no line. Others as in `read`.
    """
    found = read(path, layer=layer, crs=crs, name=name, arrival=arrival)
    attrs = found.attrs
    found = found[~(found.geometry.is_empty | found.geometry.isna())]
    wrong = np.flatnonzero(~np.isin(shapely.get_type_id(found.geometry.to_numpy()), (1, 5)))
    if len(wrong):
        raise ContractError(
            f"layer {name}: feature {found.index[wrong[0]] + 1} is a {found.geometry.iloc[wrong[0]].geom_type} "
            f"({len(wrong)} in all)",
            "lines",
            "give the layer of ways, one line a way",
        )
    flags = np.zeros(len(found), dtype=bool)
    if bridge is not None:
        flags = np.array(
            [nfc(str(v)).lower() not in NO and not pd.isna(v) for v in columns.series(found, bridge, name)],
            dtype=bool,
        )
    out = gpd.GeoDataFrame({"bridge": flags}, geometry=found.geometry.array, crs=found.crs).explode(ignore_index=True)
    out.attrs = attrs
    return out
