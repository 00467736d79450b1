"""FlatGeobuf: one file a layer, in the study's CRS or the one asked for, with a spatial index."""

from __future__ import annotations

from pathlib import Path

import pyogrio
from sanchoi.api.exporting import parts
from sanchoi.api.exporting.context import Context
from sanchoi.api.exporting.gpkg import nothing


def make(context: Context, _: str, folder: Path) -> list[Path]:
    """Write one file a layer of one shape.

    Raises
    ------
    CRSError : the CRS that is asked for is unknown or not in metres or degrees. ContractError : nothing to write.
    """
    crs, made = parts.target(context), []
    for part in parts.parts(context, folder / "communes.fgb", crs):
        path = folder / f"{part.name}.fgb"
        placed = part.frame[part.frame.geometry.notna()]
        if len(placed) < len(part.frame):
            lost = len(part.frame) - len(placed)
            context.note(
                path,
                f"Bỏ {lost} dòng không có vị trí: chỉ mục không nhận.",
                f"{lost} rows without a place are left out: the index takes none.",
            )
        if not len(placed):
            continue
        pyogrio.write_dataframe(
            placed,
            path,
            driver="FlatGeobuf",
            layer=part.name,
            geometry_type=part.kind,
            layer_metadata=context.imprint.items(),
            layer_options={
                "SPATIAL_INDEX": "YES",
                "TITLE": context.imprint.mark + part.title(context.language),
                "DESCRIPTION": context.imprint.text,
            },
        )
        made.append(path)
    if not made:
        raise nothing()
    return made
