"""Shapefiles and drawings (DXF), read by GDAL with one driver registered and all others gone before it is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
from sanchoi.api.uploads import archive, projections, shapes
from sanchoi.api.uploads.limits import Limits
from sanchoi.api.uploads.words import Refused, remark

DRIVERS = {"zip": "ESRI Shapefile", "dxf": "DXF"}
NAMES = (".shp", ".shx", ".dbf", ".prj", ".cpg")
SPARE_NAMES = (".qix", ".sbn", ".sbx", ".xml", ".qpj", ".qmd", ".fix", ".txt")
"""Members of a zipped Shapefile that are read, and those that may lie beside them unread."""


def load(kind: str) -> set[str]:
    """Load GDAL; the drivers that are there beside the one wanted."""
    import pyogrio  # slow: only where it is needed

    return set(pyogrio.list_drivers()) - {DRIVERS[kind]}


def read_shapefile(data: bytes, folder: Path, limits: Limits, assume: int | None) -> shapes.Found:
    """Polygons of a zipped Shapefile.

    Raises
    ------
    Refused : as `archive.members` and `shapes.finish`; more or fewer layers than one.
    """
    members = archive.members(data, limits)
    by_end = {end: [each for each in members if each.filename.lower().endswith(end)] for end in NAMES}
    strange = [each.filename for each in members if not each.filename.lower().endswith(NAMES + SPARE_NAMES)]
    if strange:
        raise Refused("members", came=archive.short(strange[0]))
    if len(by_end[".shp"]) != 1 or len(by_end[".shx"]) != 1:
        n = len(by_end[".shp"])
        missing = ".shx" if n == 1 else f"{n} .shp"
        raise Refused("members", came=(f"thiếu {missing}", f"no {missing}") if n == 1 else missing)
    stem = by_end[".shp"][0].filename.lower().removesuffix(".shp")
    wanted = {end: each for end, those in by_end.items() for each in those if each.filename.lower() == stem + end}
    texts = archive.unpack(data, list(wanted.values()), limits)
    for end, member in wanted.items():
        (folder / f"upload{end}").write_bytes(texts[member.filename])
    prj = texts[wanted[".prj"].filename].decode("utf-8", "replace") if ".prj" in wanted else ""
    if prj.strip():
        crs, words = projections.of_wkt(prj)
    else:
        crs = projections.assumed(assume, "SHP")
        words = remark("assumed", crs=shapes.name_of(crs))
    (folder / "upload.prj").unlink(missing_ok=True)  # ours to judge, not GDAL's
    raws = _read(folder / "upload.shp", "SHP", limits, coded=".cpg" in wanted)
    return shapes.finish(raws, crs, limits, [words])


def read_drawing(data: bytes, folder: Path, limits: Limits, assume: int | None) -> shapes.Found:
    """Closed polylines of a drawing.

    Raises
    ------
    Refused : nobody says in which coordinate system it is drawn, or as `shapes.finish`.
    """
    crs = projections.assumed(assume, "DXF")
    if data.count(b"\n") > 2 * limits.groups:
        raise Refused("features", most=limits.features)
    (folder / "upload.dxf").write_bytes(data)
    raws = (_closed(raw) for raw in _read(folder / "upload.dxf", "DXF", limits, "entities"))
    return shapes.finish(raws, crs, limits, [remark("assumed", crs=shapes.name_of(crs))])


def _closed(raw: shapes.Raw) -> shapes.Raw:
    """A polyline that ends where it begins is an outline."""
    line = raw.geometry
    layer = str(raw.properties.get("Layer") or "")
    kept = {name: value for name, value in raw.properties.items() if name in ("Text", "EntityHandle") and value}
    if line is not None and line.geom_type == "LineString" and line.is_closed and len(line.coords) >= 4:
        return shapes.Raw(shapely.Polygon(line.coords), kept, layer)
    return shapes.Raw(line, kept, layer, "" if line is None else line.geom_type)


def _read(path: Path, kind: str, limits: Limits, layer: str | None = None, coded: bool = False) -> Iterator[shapes.Raw]:
    import pyogrio

    try:
        meta, _, geometries, columns = pyogrio.raw.read(
            path, layer, max_features=limits.features + 1, datetime_as_string=True
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FieldError, ValueError):
        raise Refused("broken", kind=kind, why="") from None
    names = [str(each) for each in meta["fields"]]
    for n, blob in enumerate(geometries, 1):
        values = {name: _text(column[n - 1], coded) for name, column in zip(names, columns, strict=True)}
        try:
            yield shapes.Raw(None if blob is None else shapely.from_wkb(blob), values)
        except (shapely.errors.GEOSException, ValueError):
            raise Refused("shape", n=n) from None


def _text(value: Any, coded: bool) -> Any:  # noqa: ANN401 - a value of a column
    """Text of a table that does not name its encoding: UTF-8 where it is that."""
    if not isinstance(value, str) or coded:
        return value
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
