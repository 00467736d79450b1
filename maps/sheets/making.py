"""Making: sheets of a result as files. The same ground and options give the same bytes.

from sanchoi.maps.sheets import making
from sanchoi.maps.sheets.ground import Ground

pdf = making.gap(Ground(results.read(folder)), ["20942"], making.Options("A3", scales=rows))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from sanchoi.maps.sheets import fact as fact_sheet
from sanchoi.maps.sheets import gap as gap_sheet
from sanchoi.maps.sheets import georef, picture, sheet
from sanchoi.maps.sheets import reach as reach_sheet
from sanchoi.maps.sheets import site as site_sheet
from sanchoi.maps.sheets.canvas import Canvas
from sanchoi.maps.sheets.ground import Ground
from sanchoi.maps.sheets.options import Options
from sanchoi.maps.sheets.sheet import Sheet

__all__ = ["Options", "fact", "gap", "png", "province", "reach", "site"]


def gap(ground: Ground, communes: Sequence[str], options: Options) -> bytes:
    """Gap sheets of one commune or several.

    Raises
    ------
    UnknownId : the result has no such commune. ContractError : no scale, or too many sheets at it.
    """
    return _document(
        ground, options, "gap_title" if len(communes) == 1 else "all_title", gap_sheet.sheets(ground, communes, options)
    )


def province(ground: Ground, options: Options) -> bytes:
    """Gap sheets of all communes of a result, with their list. Raises as `gap`."""
    everything = [str(each) for each in ground.result.tables["communes"]["commune_id"]]
    return gap(ground, everything, options)


def reach(ground: Ground, communes: Sequence[str], options: Options) -> bytes:
    """Reach sheets of one commune or several. Raises as `gap`."""
    return _document(ground, options, "reach_title", reach_sheet.sheets(ground, communes, options))


def site(ground: Ground, parcel_id: str, options: Options) -> bytes:
    """Site plan of a parcel, its ledger on the pages after it. Raises as `gap`."""
    with _canvas(ground, options, "site_title") as canvas:
        return _bytes(canvas, ground, options, site_sheet.draw(canvas, ground, parcel_id, options))


def fact(ground: Ground, commune_id: str, options: Options) -> bytes:
    """Fact sheet of a commune: two pages A4, whatever paper the options name. Raises as `gap`."""
    with _canvas(ground, options, "fact_title") as canvas:
        return _bytes(canvas, ground, options, fact_sheet.draw(canvas, ground, commune_id, options))


png: Callable[[bytes, float], list[bytes]] = picture.pages


def _canvas(ground: Ground, options: Options, title: str) -> Canvas:
    made = date.fromisoformat(str(ground.run["study"]["date"])[:10])
    return Canvas(options.titled(title), options.language, datetime(made.year, made.month, made.day, tzinfo=UTC))


def _document(ground: Ground, options: Options, title: str, sheets: Sequence[Sheet]) -> bytes:
    maps: georef.Maps = {}
    with _canvas(ground, options, title) as canvas:
        sheet.atlas(canvas, sheets, lambda each: maps.update({canvas.count: each.window}))
        return _bytes(canvas, ground, options, maps)


def _bytes(canvas: Canvas, ground: Ground, options: Options, maps: georef.Maps) -> bytes:
    canvas.numbered(options.language)
    pdf = canvas.bytes()
    return georef.placed(pdf, maps, ground.crs) if options.geo else pdf
