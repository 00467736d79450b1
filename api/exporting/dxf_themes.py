"""Themes of a drawing: which layer of a DXF, and which level of a DGN, holds what, in which colour."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from sanchoi.api.exporting.refusals import refusal
from sanchoi.gis.errors import CRSError
from sanchoi.gis.tables import STATUSES
from sanchoi.maps import style
from sanchoi.maps.words import WORDS

if TYPE_CHECKING:
    from sanchoi.api.exporting.context import Context
    from sanchoi.api.exporting.layers import Layer


@dataclass(frozen=True)
class Theme:
    """One kind of layer in a drawing.

    Attributes
    ----------
    name : its layer in a DXF; texts lie on NAME_CHU. level : its level in a DGN; texts lie on the next one.
    aci : colour of AutoCAD. index : of MicroStation's usual table. weight : of lines, hundredths of a millimetre.
    """

    name: str
    level: int
    aci: int
    index: int
    weight: int = 18


TEXTS = "_CHU"
THEMES: dict[str, Theme] = {
    "communes": Theme("RANH_XA", 1, 6, 5, 50),
    "gaps": Theme("HIEN_TRANG", 10, 8, 8),
    "play_areas": Theme("SAN_CHOI", 20, 3, 2, 35),
    "cells": Theme("O_DAN_CU", 30, 9, 9),
    "barriers": Theme("VAT_CAN", 40, 5, 1),
    "parcels": Theme("THUA_DAT", 50, 8, 0),
    "usable": Theme("PHAN_DUNG_DUOC", 52, 4, 7),
    "sites": Theme("DIA_DIEM", 54, 1, 3, 70),
}
"""Kind of layer → theme. A band of the gaps has a level of its own, from 10 on, and its ages behind the name."""
NOTE, WARNING = "GHI_CHU", "LUU_Y"
"""Layers of a DXF with what the drawing says of itself; the second with what must be read first."""
NOTE_LEVELS = (60, 61)
"""The same in a DGN."""
OFF = ("cells", "usable")
"""Kinds that are not shown until they are asked for; so are the gaps of single ages."""


def name(layer: Layer) -> str:
    """Layer of a DXF."""
    band = re.sub(r"[^A-Z0-9]+", "_", layer.band.upper()).strip("_")
    return THEMES[layer.kind].name + (f"_{'TAT_CA' if band == 'ALL' else band}" if layer.kind == "gaps" else "")


def title(layer: Layer) -> str:
    """What a layer holds, Vietnamese."""
    ages = {"": "", "all": ", mọi lứa tuổi"}.get(layer.band, f", {layer.band.replace('-', '–')} tuổi")
    return ("Hiện trạng sân chơi theo xã" if layer.kind == "gaps" else layer.title[0]) + ages


def colour(kind: str, row: dict[str, Any]) -> str | None:
    """Colour of a row, "#rrggbb"; None = that of its layer."""
    if kind == "gaps":
        return style.STATUS.get(str(row.get("status")), (None,))[0]
    if kind in ("parcels", "usable", "sites") and row.get("verdict") in style.VERDICT:
        shades = style.VERDICT[str(row["verdict"])]
        return shades[3] if len(shades) > 3 else "#8b8b8b"
    return None


def labels(kind: str, row: dict[str, Any], language: str) -> list[str]:
    """Lines of text inside a row's shape."""
    if kind == "gaps":
        status = str(row.get("status"))
        return [WORDS[f"s_{status}"][language != "vi"].split(":")[0]] if status in STATUSES else []
    wanted = {
        "communes": ("name",),
        "play_areas": ("name",),
        "parcels": ("parcel_id", "land_use"),
        "sites": ("build_order",),
    }.get(kind, ())
    said = [row.get(each) for each in wanted]
    texts = [str(each) for each in said if not pd.isna(each) and str(each).strip()]
    return [f"Số {texts[0]}" if language == "vi" else f"No. {texts[0]}"] if kind == "sites" and texts else texts


def metres(context: Context, form: str) -> None:
    """Refuse a CRS in degrees or feet: a drawing counts metres.

    Raises
    ------
    CRSError : it is one.
    """
    crs = context.crs
    if not crs.is_projected or {axis.unit_name for axis in crs.axis_info} != {"metre"}:
        raise refusal("metres", CRSError, form=form, crs=crs.name)


def about(context: Context) -> list[str]:
    """Lines that tell whoever opens the drawing what it is."""
    vi = context.language == "vi"
    code = context.crs.to_authority()
    crs = context.crs.name + (f" ({code[0]}:{code[1]})" if code else "")
    return [
        context.imprint.title,
        (f"Hệ tọa độ {crs}, đơn vị mét" if vi else f"CRS {crs}, in metres"),
        *context.imprint.facts,
    ]
