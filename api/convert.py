"""Convert: a layer as it arrived, read with what was recognised, and written as GeoPackage, GeoJSON, CSV or Shapefile."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pyproj
import shapely
from sanchoi.api import half
from sanchoi.gis.arrival_words import Remark, refusal, remark
from sanchoi.gis.errors import ContractError, CRSError, SourceError
from sanchoi.gis.names import fold
from sanchoi.gis.sources import table, vector
from sanchoi.gis.sources.arrival import Arrival

KINDS = (".gpkg", ".geojson", ".json", ".csv", ".shp")
BESIDE = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".shp.xml")
"""Files that together are a Shapefile, and indexes of an older one."""
NAME_BYTES, VALUE_BYTES = 10, 254
"""What a .dbf holds of a column's name and of a text."""
DEGREES = "EPSG:4326"


@dataclass(frozen=True)
class Converted:
    """What was read, and what was recognised in it."""

    frame: pd.DataFrame
    remarks: tuple[Remark, ...]

    @property
    def crs(self) -> str | None:
        """CRS in words; None = a table without places."""
        if not isinstance(self.frame, gpd.GeoDataFrame):
            return None
        code = self.frame.crs.to_epsg()
        return f"EPSG:{code}" if code else str(self.frame.crs.name)


def ground(path: Path) -> tuple[Any, Any]:
    """Ground of a layer of polygons, and its CRS.

    Raises
    ------
    SanchoiError : the layer cannot be read. ContractError : it holds no polygons.
    """
    found = vector.read(path, name="inside")
    shapes = found.geometry.to_numpy()
    kept = shapely.make_valid(shapes[shapely.get_dimensions(shapes) == 2])
    if not len(kept):
        raise ContractError(f"layer inside: {path.name} holds no polygons", "outlines of communes", "give such a layer")
    return shapely.union_all(kept), found.crs


def read(path: Path, layer: str | None, arrival: Arrival, to_crs: str = "") -> Converted:
    """Read a layer or a table.

    Raises
    ------
    SanchoiError : it cannot be read, or something must be confirmed first.
    """
    if not path.is_file():
        raise SourceError(f"there is no file {path}", "a file to convert", "check the path")
    target = _target(to_crs)
    told: list[Remark] = []
    if path.suffix.lower() in table.KINDS:
        frame = table.read(path, layer, arrival, told)
        if vector.places(frame, arrival) is None:
            if arrival.inside is not None or target is not None:
                raise ContractError(
                    f"{path.name} is a table without places",
                    "columns lon and lat, or X and Y",
                    "drop --inside and --to-crs",
                )
            return Converted(frame, tuple(told))
    shapes = vector.read(path, layer, name=path.stem, arrival=arrival)
    told = list(shapes.attrs["told"])
    shapes.attrs = {}
    return Converted(shapes if target is None else shapes.to_crs(target), tuple(told))


def _target(text: str) -> pyproj.CRS | None:
    if not text:
        return None
    try:
        return pyproj.CRS.from_user_input(f"EPSG:{int(text)}" if text.isdigit() else text)
    except pyproj.exceptions.CRSError as error:
        raise CRSError(f"--to-crs {text} is no CRS", "an EPSG code, such as 5899", "mend the code") from error


def check_out(source: Path, out: Path, force: bool) -> None:
    """Refuse a kind that is not written, and to write over a file unasked.

    Raises
    ------
    SourceError : either of them.
    """
    if out.suffix.lower() not in KINDS:
        raise SourceError(f"{out.name} is of a kind that is not written", "one of " + ", ".join(KINDS), "name it .gpkg")
    if out.exists() and source.exists() and out.samefile(source):
        raise SourceError(f"{out.name} is the file that is read", "another file to write to", "choose another name")
    there = [each for each in _files(out) if each.exists()]
    if there and not force:
        raise SourceError(f"{there[0].name} is there already", "a new file", "choose another name, or say --force")


def _files(out: Path) -> list[Path]:
    return [out] if out.suffix.lower() != ".shp" else [out, *(out.with_suffix(end) for end in BESIDE)]


def write(found: Converted, out: Path) -> Converted:
    """Write what was read, whole or not at all; returns it as it was written, with remarks on what the kind cannot hold.

    Raises
    ------
    SourceError : the folder cannot be written, or the kind cannot hold the layer.
    """
    suffix = out.suffix.lower()
    told: list[Remark] = []
    frame = _flat(found.frame)
    try:
        with half.beside(out, "convert") as folder:
            new = folder / out.name
            if suffix == ".csv":
                frame = _csv(frame, new, told)
            else:
                frame = _fit(frame, suffix, out.name, told)
                drivers = {".gpkg": "GPKG", ".shp": "ESRI Shapefile"}
                more = {"encoding": "UTF-8"} if suffix == ".shp" else {}
                pyogrio.write_dataframe(frame, new, driver=drivers.get(suffix, "GeoJSON"), layer=out.stem, **more)
                kept = pyogrio.read_info(new, layer=out.stem)["features"]
                if kept != len(frame):
                    raise SourceError(
                        f"{out.name}: {kept} of {len(frame)} features were written", "all of them", "choose .gpkg"
                    )
            for old in _files(out):
                old.unlink(missing_ok=True)
            for each in sorted(folder.iterdir()):
                os.replace(each, out.parent / each.name)
    except OSError as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(
            f"{out} cannot be written: {error.strerror or error}", "a folder that can be written", "choose another"
        ) from error
    except (ValueError, RuntimeError) as error:  # the errors of pyogrio are RuntimeErrors
        raise SourceError(
            f"{out.name} cannot hold this layer: {str(error)[:200]}", "a layer of one kind of geometry", "choose .gpkg"
        ) from error
    return replace(found, frame=frame, remarks=(*found.remarks, *told))


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """A layer whose cells hold no lists and tables (links of a drawing do): they become JSON."""
    frame = frame.copy()
    for at, column in enumerate(frame.columns):
        values = frame.iloc[:, at]
        if column != "geometry" and any(isinstance(each, (dict, list)) for each in values):
            frame.isetitem(
                at,
                [json.dumps(each, ensure_ascii=False) if isinstance(each, (dict, list)) else each for each in values],
            )
    return frame


def _csv(frame: pd.DataFrame, path: Path, told: list[Remark]) -> pd.DataFrame:
    """CSV with the mark that spreadsheets know UTF-8 by; points as lon and lat, other shapes as text (WKT)."""
    rows = pd.DataFrame(frame)
    if isinstance(frame, gpd.GeoDataFrame):
        rows = pd.DataFrame(frame.drop(columns="geometry"))
        if (shapely.get_type_id(frame.geometry.to_numpy()) == 0).all():
            if frame.crs.to_epsg() != 4326:
                told.append(remark("csv_points", file=path.name))
            frame = frame.to_crs(DEGREES)
            points = frame.geometry
            rows = rows.drop(columns=[each for each in ("lon", "lat") if each in rows]).assign(
                lon=points.x.round(9), lat=points.y.round(9)
            )
        else:
            rows = rows.assign(wkt=frame.geometry.to_wkt(rounding_precision=9 if frame.crs.is_geographic else 4))
            told.append(remark("csv_shapes", file=path.name, crs=Converted(frame, ()).crs))
    rows.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    return frame


def _fit(frame: pd.DataFrame, suffix: str, file: str, told: list[Remark]) -> pd.DataFrame:
    """A layer as its kind of file can hold it."""
    if not isinstance(frame, gpd.GeoDataFrame) and suffix != ".gpkg":
        raise refusal("no_places", file=file)
    if suffix in (".geojson", ".json") and isinstance(frame, gpd.GeoDataFrame):
        if frame.crs.to_epsg() != 4326:
            told.append(remark("geojson_degrees", file=file))
        degrees: pd.DataFrame = frame.to_crs(DEGREES)
        return degrees
    if suffix == ".gpkg":
        taken = {str(each).lower() for each in frame.columns}
        return frame.rename(
            columns={each: _free(f"{each}_", taken) for each in frame.columns if str(each).lower() == "fid"}
        )
    return _short(frame, file, told)


def _free(name: str, taken: set[str]) -> str:
    while name.lower() in taken:
        name += "_"
    return name


def _short(frame: pd.DataFrame, file: str, told: list[Remark]) -> pd.DataFrame:
    """A layer with names of columns that a .dbf holds: ten letters of ASCII, each once."""
    names: dict[str, str] = {}
    for column in frame.columns:
        if column == "geometry":
            continue
        plain = str(column) if str(column).isascii() else fold(str(column))
        short = plain.replace(" ", "_")[:NAME_BYTES] or "column"
        number = 1
        while short.lower() in {each.lower() for each in names.values()}:
            number += 1
            short = f"{plain[: NAME_BYTES - len(str(number)) - 1]}_{number}".replace(" ", "_")
        names[column] = short
    changed = {old: new for old, new in names.items() if str(old) != new}
    if changed:
        listed = ", ".join(f"{old} → {new}" for old, new in changed.items())
        told.append(remark("short_names", count=len(changed), file=file, names=listed))
    long = [
        column
        for column in names
        if any(isinstance(each, str) and len(each.encode()) > VALUE_BYTES for each in frame[column])
    ]
    if long:
        raise refusal("long_text", file=file, column=long[0], most=VALUE_BYTES)
    return frame.rename(columns=names)
