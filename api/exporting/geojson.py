"""GeoJSON after RFC 7946: one file a layer, longitude and latitude on WGS 84 to eight decimals (1 mm), outer rings to the left.

What a file says of itself are foreign members: `description` for people, `metadata` for programs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from sanchoi.api.exporting import parts
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.gpkg import nothing
from sanchoi.api.exporting.imprint import Imprint
from sanchoi.api.features.layers import ID

DECIMALS = 8
BATCH = 2_000


def make(context: Context, _: str, folder: Path) -> list[Path]:
    """Write one file a layer.

    Raises
    ------
    ContractError : nothing to write.
    """
    made = []
    for layer in parts.wanted(context, folder / "communes.geojson"):
        path = folder / f"{layer.name}.geojson"
        write(layer.frame, path, layer.name, context.imprint)
        if context.wish.crs is not None and not context.wish.crs.upper().endswith(":4326"):
            context.note(
                path,
                f"GeoJSON luôn theo EPSG:4326 (RFC 7946); --crs {context.wish.crs} không dùng cho tệp này.",
                f"GeoJSON is always in EPSG:4326 (RFC 7946); --crs {context.wish.crs} is not used for it.",
            )
        made.append(path)
    if not made:
        raise nothing()
    return made


def write(frame: gpd.GeoDataFrame, path: Path, name: str, imprint: Imprint) -> None:
    """One layer, a feature a line; what is unknown is null."""
    with path.open("w", encoding="utf-8", newline="\n") as sink:
        sink.write('{"type": "FeatureCollection", "name": ' + json.dumps(name, ensure_ascii=False))
        for member, told in (("description", imprint.text), ("metadata", imprint.record)):
            sink.write(f',\n"{member}": ' + parts.NEVER.sub("", json.dumps(told, ensure_ascii=False)))
        sink.write(',\n"features": [')
        for k, each in enumerate(_features(frame)):
            sink.write(",\n" if k else "\n")
            sink.write(json.dumps(each, ensure_ascii=False, allow_nan=False, separators=(", ", ": ")))
        sink.write("\n]}\n")


def _features(frame: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    ids = frame[ID].astype(str).tolist() if ID in frame else None
    tidy = parts.tidy(frame.drop(columns=ID, errors="ignore"))
    for start in range(0, len(tidy), BATCH):
        rows = tidy.iloc[start : start + BATCH]
        plain = rows.drop(columns="geometry").astype(object)
        records = plain.where(plain.notna(), None).to_dict("records")
        for k, (record, shape) in enumerate(zip(records, placed(rows.geometry.to_numpy()), strict=True), start):
            feature: dict[str, Any] = {"type": "Feature"}
            if ids is not None:
                feature["id"] = parts.NEVER.sub("", ids[k])
            yield feature | {"properties": {name: _value(value) for name, value in record.items()}, "geometry": shape}


def placed(shapes: np.ndarray[Any, Any]) -> list[dict[str, Any] | None]:
    """Geometries as GeoJSON, rounded, outer rings counterclockwise."""
    known = ~shapely.is_missing(shapes)
    out: list[dict[str, Any] | None] = [None] * len(shapes)
    turned = shapely.orient_polygons(shapes[known])
    turned = shapely.transform(turned, lambda xy: np.round(xy, DECIMALS))
    for k, shape in zip(np.flatnonzero(known), turned, strict=True):
        out[int(k)] = shapely.geometry.mapping(shape)
    return out


def _value(value: object) -> object:
    """As JSON knows it: a date is text."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
