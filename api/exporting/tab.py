"""MapInfo tables: one zip with every layer, only where the datum is kept right; else refused with the reason."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from sanchoi.api.exporting import codes, layers, shp_fields, shp_pack, shp_values, tab_values
from sanchoi.api.exporting.layers import words
from sanchoi.api.exporting.refusals import refusal

if TYPE_CHECKING:
    import geopandas as gpd
    from sanchoi.api.exporting.context import Context

NAME = "mapinfo.zip"
TABLE = "fields.csv"
MOST_BYTES = 2**31 - 1
"""Of a .dat file, in which every text takes 254 bytes."""


def make(context: Context, _id: str, folder: Path) -> list[Path]:
    """Write the zip.

    Raises
    ------
    CRSError : the datum would be lost. ContractError : a layer is too large for the format.
    """
    from sanchoi.api.exporting import tab_datum

    wkt = tab_datum.words(context.crs)
    names: list[tuple[str, ...]] = []
    cuts: Counter[str] = Counter()
    turned = 0
    with tempfile.TemporaryDirectory(dir=folder, prefix=".tab-") as place:
        home = _box(context)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".tab-") as trial:
            tab_datum.trial(Path(trial) / "trial.tab", context.crs, home)
        for layer in layers.layers(context):
            frame, cut = shp_values.texts(shp_values.parted(layer.to(context.crs).frame))
            cuts.update(cut)
            frame, text = tab_values.fit(frame)
            turned += len(text)
            short = shp_fields.short(str(each) for each in frame.columns if each != frame.geometry.name)
            names += [
                (layer.name, new, old, *shp_fields.heading(old), *codes.told(old), "yes" if old in text else "")
                for old, new in short.items()
            ]
            if not short:
                frame = frame.assign(SO_TT=range(1, len(frame) + 1))
            _fits(frame, layer.name)
            low, high = frame.total_bounds[:2], frame.total_bounds[2:]
            box = (*map(min, low, home[:2]), *map(max, high, home[2:]))
            path = Path(place) / f"{layer.name}.tab"
            tab_datum.write(frame.rename(columns=short), path, wkt, box)
            shp_pack.described(path, words(layer, context.language), context.imprint)
        heading = (
            "layer",
            "short_name",
            "name",
            "heading_vi",
            "heading_en",
            "values_vi",
            "values_en",
            "number_as_text",
        )
        shp_pack.table(Path(place) / TABLE, heading, names)
        shp_pack.readme(Path(place), context.imprint)
        path = shp_pack.pack(Path(place), folder / NAME)
    _tell(context, path, cuts, turned)
    return [path]


def _box(context: Context) -> tuple[float, float, float, float]:
    found = context.result.tables["communes"].to_crs(context.crs).total_bounds  # type: ignore[operator]
    return float(found[0]), float(found[1]), float(found[2]), float(found[3])


def _fits(frame: gpd.GeoDataFrame, name: str) -> None:
    width = sum(shp_values.MOST_BYTES if shp_values.is_text(frame[each]) else 8 for each in frame.columns)
    if width * len(frame) > MOST_BYTES:
        came, most = (f"{each / 1e9:.1f}" for each in (width * len(frame), MOST_BYTES))
        raise refusal("large", layer=name, came=came, most=most, form=("bảng MapInfo", "MapInfo table"))


def _tell(context: Context, path: Path, cuts: Counter[str], turned: int) -> None:
    code = context.crs.name
    if context.crs.geodetic_crs is not None and context.crs.geodetic_crs.to_epsg() == 4326:
        context.note(path, f"Hệ tọa độ {code}; đã đọc lại để kiểm tra.", f"CRS {code}; read back and checked.")
    else:
        context.note(
            path,
            f"Hệ tọa độ {code}, kèm tham số chuyển sang WGS 84 mà PROJ dùng (datum 9999); đã đọc lại để kiểm tra.",
            f"CRS {code}, with the numbers by which PROJ turns it into WGS 84 (datum 9999); read back and checked.",
        )
    context.note(
        path,
        f"Chữ Unicode (UTF-8): cần MapInfo Pro 15.2 trở lên; bản cũ hơn hiện sai dấu. Tên cột: {TABLE}.",
        f"Text is UTF-8: MapInfo Pro 15.2 and later; earlier ones show accents wrongly. Names of columns: {TABLE}.",
    )
    if turned:
        context.note(
            path,
            f"Bảng MapInfo không có số trống (sẽ thành 0): {turned} cột có ô chưa biết được ghi dạng chữ, xem number_as_text "
            f"trong {TABLE}.",
            f"A MapInfo table has no empty numbers (they become 0): {turned} columns with unknown values are text, see "
            f"number_as_text in {TABLE}.",
        )
    shp_values.tell(context, path, cuts)
