"""Shapefiles: one zip with every layer, short names of columns with their table, UTF-8, and the CRS in the words of ESRI."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from sanchoi.api.exporting import codes, layers, shp_fields, shp_pack, shp_values
from sanchoi.api.exporting.layers import words
from sanchoi.api.exporting.refusals import refusal
from sanchoi.gis.errors import CRSError

if TYPE_CHECKING:
    import geopandas as gpd
    from sanchoi.api.exporting.context import Context

NAME = "shapefile.zip"
TABLE = "fields.csv"
DAY = "2025-07-01"
MOST_BYTES = 2**31 - 1
"""Of a .shp and of a .dbf."""


def make(context: Context, _id: str, folder: Path) -> list[Path]:
    """Write the zip.

    Raises
    ------
    ContractError : a layer is too large for the format. CRSError : the CRS has no words in ESRI's language.
    """
    names: list[tuple[str, ...]] = []
    cuts: Counter[str] = Counter()
    mixed: list[str] = []
    prj = _prj(context)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".shp-") as place:
        for layer in layers.layers(context):
            frame, cut = shp_values.texts(layer.to(context.crs).frame)
            cuts.update(cut)
            parts = list(shp_values.by_kind(frame))
            if len(parts) > 1:
                mixed.append(layer.name)
            short = shp_fields.short(str(each) for each in frame.columns if each != frame.geometry.name)
            names += [(layer.name, new, old, *shp_fields.heading(old), *codes.told(old)) for old, new in short.items()]
            for kind, rows in parts:
                stem = layer.name if len(parts) == 1 else f"{layer.name}_{kind}"
                write(rows.rename(columns=short), Path(place) / f"{stem}.shp", prj)
                shp_pack.described(Path(place) / f"{stem}.shp", words(layer, context.language), context.imprint)
        if not names:
            raise refusal("no_rows")
        heading = ("layer", "short_name", "name", "heading_vi", "heading_en", "values_vi", "values_en")
        shp_pack.table(Path(place) / TABLE, heading, names)
        shp_pack.readme(Path(place), context.imprint)
        path = shp_pack.pack(Path(place), folder / NAME)
    _tell(context, path, cuts, mixed)
    return [path]


def _prj(context: Context) -> str:
    import pyproj

    try:
        return str(context.crs.to_wkt("WKT1_ESRI"))
    except pyproj.exceptions.CRSError as error:
        raise refusal("no_prj", CRSError, crs=context.crs.name) from error


def write(frame: gpd.GeoDataFrame, path: Path, prj: str) -> None:
    """Write one Shapefile; the same rows give the same bytes."""
    import pyogrio

    _fits(frame, path.stem)
    if all(column == frame.geometry.name for column in frame.columns):  # a .dbf has a column
        frame = frame.assign(SO_TT=range(1, len(frame) + 1))
    options = {"DBF_DATE_LAST_UPDATE": DAY, "RESIZE": "YES", "2GB_LIMIT": "YES"}
    kind = {"layer_options": options, "encoding": "UTF-8", "driver": "ESRI Shapefile"}
    pyogrio.write_dataframe(frame, path, **kind)
    path.with_suffix(".prj").write_text(prj, encoding="ascii")


def sizes(frame: gpd.GeoDataFrame) -> tuple[int, int]:
    """Bytes of the .shp and of the .dbf, at most."""
    import shapely

    shapes = frame.geometry.to_numpy()
    rings = int(shapely.get_num_interior_rings(shapely.get_parts(shapes)).sum())
    parts = int(shapely.get_num_geometries(shapes).sum()) + rings
    shp = 100 + 52 * len(frame) + 16 * int(shapely.get_num_coordinates(shapes).sum()) + 4 * parts
    columns = [frame[each] for each in frame.columns if each != frame.geometry.name]
    width = sum(max(shp_values.longest(each), 1) if shp_values.is_text(each) else 24 for each in columns)
    return shp, 34 + 32 * len(columns) + (width + 1) * len(frame)


def _fits(frame: gpd.GeoDataFrame, name: str) -> None:
    most = max(sizes(frame))
    if most > MOST_BYTES:
        raise refusal("large", layer=name, came=f"{most / 1e9:.1f}", most=f"{MOST_BYTES / 1e9:.1f}", form="Shapefile")


def _tell(context: Context, path: Path, cuts: Counter[str], mixed: list[str]) -> None:
    context.note(
        path,
        f"Tên cột rút còn 10 chữ cái; bảng đối chiếu ở {TABLE}. Văn bản trống và chưa biết ghi như nhau (để trống).",
        f"Names of columns have ten letters; {TABLE} says which is which. An empty text and an unknown one are both blank.",
    )
    context.note(
        path,
        f"Hệ tọa độ {context.crs.name}; tệp .prj không ghi tham số chuyển sang WGS 84.",
        f"CRS {context.crs.name}; a .prj does not say how to turn it into WGS 84.",
    )
    shp_values.tell(context, path, cuts)
    if mixed:
        context.note(
            path,
            f"Lớp có nhiều loại hình được tách thành nhiều tệp: {', '.join(mixed)}.",
            f"Layers with several kinds of shapes are several files: {', '.join(mixed)}.",
        )
