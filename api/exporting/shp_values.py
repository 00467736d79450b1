"""Values and shapes as the old formats hold them: texts of 254 bytes, one kind of geometry a file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from sanchoi.api.exporting.context import Context

MOST_BYTES = 254
KINDS = {0: "point", 1: "line", 2: "line", 3: "polygon", 4: "multipoint", 5: "line", 6: "polygon"}
"""Type of geometry → kind of file."""


def is_text(column: pd.Series) -> bool:
    """Whether a column holds texts."""
    return not (pd.api.types.is_bool_dtype(column) or pd.api.types.is_numeric_dtype(column))


def longest(column: pd.Series) -> int:
    """Bytes of UTF-8 of the longest text of a column."""
    return max((len(each.encode()) for each in column if isinstance(each, str)), default=0)


def cut(text: str, most: int = MOST_BYTES) -> str:
    """Text of at most so many bytes of UTF-8; no letter loses its mark."""
    data = text.encode()
    if len(data) <= most:
        return text
    kept = data[:most].decode(errors="ignore")
    while kept and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return kept


def texts(frame: gpd.GeoDataFrame, most: int = MOST_BYTES) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """A layer whose texts fit, and how many of which column were cut.

    NUL, which ends a text for other programs, and blanks at the ends of a text, which readers drop, are left out.
    """
    frame = frame.copy()
    cuts: dict[str, int] = {}
    for column in frame.columns:
        if column == frame.geometry.name or not is_text(frame[column]):
            continue
        known = frame[column].notna()
        before = frame[column][known].astype(str).str.replace("\0", "", regex=False).str.strip(" ")
        after = before.map(lambda each: cut(each, most)).astype(object)
        count = int((before.str.len() != after.str.len()).sum())
        if count:
            cuts[str(column)] = count
        frame[column] = pd.Series(after, index=frame.index[known], dtype=object).reindex(frame.index)
        frame[column] = frame[column].where(known, None)
    return frame, cuts


def tell(context: Context, path: Path, cuts: Mapping[str, int]) -> None:
    """Say of a file which texts were cut."""
    if cuts:
        told = ", ".join(f"{column} ({count})" for column, count in cuts.items())
        context.note(
            path,
            f"Văn bản dài hơn {MOST_BYTES} byte bị cắt, cột (số ô): {told}. Bản đủ ở định dạng gpkg hoặc csv.",
            f"Texts longer than {MOST_BYTES} bytes were cut, column (cells): {told}. Whole in gpkg or csv.",
        )


def single(shape: Any) -> Iterator[Any]:  # noqa: ANN401 - shapely geometries
    """The points, lines and polygons of a shape, however deep its collections are; empty ones are left out."""
    for each in shapely.get_parts(shape):
        if shapely.get_type_id(each) > 3:
            yield from single(each)
        elif not each.is_empty:
            yield each


def parted(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows without collections of several kinds of shapes: each part becomes a row."""
    mixed = shapely.get_type_id(frame.geometry.to_numpy()) == 7
    if not mixed.any():
        return frame
    name = frame.geometry.name
    shapes = [list(shapely.get_parts(each)) if many else [each] for each, many in zip(frame[name], mixed, strict=True)]
    lone: gpd.GeoDataFrame = frame.iloc[np.repeat(np.arange(len(frame)), [len(each) for each in shapes])]
    return lone.reset_index(drop=True).set_geometry(
        gpd.GeoSeries([part for each in shapes for part in each], crs=frame.crs).rename(name)
    )


def by_kind(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Rows by kind of geometry; a collection is taken apart, and a row without a place goes with the most common kind."""
    frame = parted(frame)
    shapes = frame.geometry.to_numpy()
    ids = shapely.get_type_id(shapes)
    kinds = np.array([KINDS.get(int(each), "") for each in ids], dtype=object)
    kinds[shapely.is_missing(shapes) | shapely.is_empty(shapes)] = ""
    found, counts = np.unique(kinds[kinds != ""], return_counts=True)
    if not len(found):
        yield "polygon", frame
        return
    kinds[kinds == ""] = found[np.argmax(counts)]
    for kind in found:
        yield str(kind), frame[kinds == kind]
