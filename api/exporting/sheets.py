"""Sheets: map sheets of a result as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sanchoi.api.exporting.naming import plain
from sanchoi.api.exporting.png_text import marked
from sanchoi.maps.sheets import making

if TYPE_CHECKING:
    from sanchoi.api.exporting.context import Context


def gap(context: Context, commune_id: str, folder: Path) -> list[Path]:
    """Gap sheets of a commune."""
    return _files(
        context, "sheet-gap", commune_id, folder, lambda: making.gap(context.ground, [commune_id], context.options)
    )


def reach(context: Context, commune_id: str, folder: Path) -> list[Path]:
    """Reach sheets of a commune."""
    return _files(
        context, "sheet-reach", commune_id, folder, lambda: making.reach(context.ground, [commune_id], context.options)
    )


def province(context: Context, _: str, folder: Path) -> list[Path]:
    """Gap sheets of all communes, with their list."""
    return _files(context, "sheet-province", "all", folder, lambda: making.province(context.ground, context.options))


def site(context: Context, parcel_id: str, folder: Path) -> list[Path]:
    """Site plan of a parcel."""
    return _files(
        context, "sheet-site", parcel_id, folder, lambda: making.site(context.ground, parcel_id, context.options)
    )


def fact(context: Context, commune_id: str, folder: Path) -> list[Path]:
    """Fact sheet of a commune."""
    return _files(
        context, "fact-sheet", commune_id, folder, lambda: making.fact(context.ground, commune_id, context.options)
    )


def _files(context: Context, name: str, of: str, folder: Path, make: Callable[[], bytes]) -> list[Path]:
    body, stem = make(), f"{name}-{plain(of)}"
    pages = {f"{stem}.pdf": body}
    if context.wish.as_ == "png":
        drawn = making.png(body, context.options.dpi)
        pages = {f"{stem}-{k}.png": marked(page, context.imprint_of_one) for k, page in enumerate(drawn, 1)}
    out = []
    for path, data in pages.items():
        (folder / path).write_bytes(data)
        out.append(folder / path)
    return out
