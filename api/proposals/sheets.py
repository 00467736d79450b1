"""Sheets: a list of proposals as CSV, as a workbook and as a GeoPackage. Unknown is an empty cell; numbers are numbers."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from sanchoi.api.clock import VIETNAM
from sanchoi.api.proposals import figures
from sanchoi.api.proposals.states import STATES
from sanchoi.api.store import Proposal, ProposalVersion
from sanchoi.gis.workbook import VALUES, harmless

LAYER = "proposals"
STORED = "EPSG:4326"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
KINDS = {"text": "str", "number": "float64", "whole": "Int64", "day": "datetime64[s]", "flag": "boolean"}
FORMS = {
    "cost": "#,##0",
    "gained": "#,##0",
    "area_m2": "#,##0",
    "usable_m2": "#,##0",
    "score": "0.00",
    "score_high": "0.00",
}
COLUMNS: dict[str, tuple[str, str, str]] = {
    "number": ("whole", "Đề xuất số", "Proposal"),
    "name": ("text", "Tên", "Name"),
    "commune_id": ("text", "Mã xã/phường", "Commune code"),
    "commune": ("text", "Xã/phường", "Commune"),
    "vintage": ("text", "Ranh giới ngày", "Boundaries of"),
    "result": ("text", "Kết quả", "Result"),
    "state": ("text", "Trạng thái", "State"),
    "submitted": ("day", "Gửi lúc (giờ Việt Nam)", "Submitted (Vietnam time)"),
    "public": ("flag", "Công khai", "Public"),
    "gained": ("number", "Trẻ em được phục vụ thêm", "Children newly covered"),
    "cost": ("number", "Chi phí (đồng)", "Cost (VND)"),
    "value": ("number", "Trẻ em trên 1 tỷ đồng", "Children per billion VND"),
    "score": ("number", "Điểm đánh giá (0–1)", "Score (0–1)"),
    "score_high": ("number", "Điểm nếu điều chưa rõ đều tốt", "Score if all unknown were best"),
    "rank": ("whole", "Hạng", "Rank"),
    "of": ("whole", "Trong số", "Among"),
    "figures_run": ("text", "Số liệu của lần chạy", "Figures of run"),
    "figures_current": (
        "flag",
        "Lần chạy đó đang hiển thị (không: của lần tính trước, nay có thể khác)",
        "That run is shown now (no: an earlier run, may be others today)",
    ),
    "synthetic": ("flag", "Số liệu hư cấu", "Invented data"),
    "verdict": ("text", "Kiểm tra điều kiện", "Screening"),
    "failed": ("text", "Điều kiện chưa đạt", "Conditions not met"),
    "open": ("text", "Điều kiện chưa rõ", "Conditions not known"),
    "classes": ("text", "Xã đổi tình trạng", "Communes that change"),
    "area_m2": ("number", "Diện tích (m²)", "Area (m²)"),
    "usable_m2": ("number", "Diện tích dùng được (m²)", "Usable area (m²)"),
    "land_use": ("text", "Mã loại đất", "Land use"),
    "owner": ("text", "Chủ sử dụng đất", "Holder of the land"),
    "backer": ("text", "Người/đơn vị đứng ra đề xuất", "Who stands behind it"),
    "author": ("text", "Người gửi", "Author"),
    "parcel_id": ("text", "Thửa đất trong danh sách", "Listed parcel"),
    "overlaps": ("text", "Trùng với đề xuất số", "Overlaps proposals"),
    "note": ("text", "Ghi chú", "Note"),
}
"""Name → kind, heading in Vietnamese and in English."""


@dataclass(frozen=True)
class Row:
    """A proposal in a list: itself, its version in force, its author's name, and the numbers of those that it overlaps.

    `current`: whether its figures are of the run shown now; `invented`: whether of invented data; None = not known.
    """

    proposal: Proposal
    version: ProposalVersion
    author: str
    overlaps: tuple[int, ...] = ()
    current: bool | None = None
    invented: bool | None = None


def value_of(gained: float | None, cost: float | None) -> float | None:
    """Children newly covered per billion VND; None = not known, or it costs nothing."""
    return None if gained is None or not cost else gained / cost * 1e9


def table(rows: Sequence[Row], language: str) -> pd.DataFrame:
    """The list, by names of columns."""
    told = [_record(row, 1 if language == "en" else 0) for row in rows]
    return pd.DataFrame(
        {name: pd.Series([each[name] for each in told], dtype=KINDS[kind]) for name, (kind, _, _) in COLUMNS.items()}
    )


def csv(rows: Sequence[Row], language: str, bom: bool) -> bytes:
    """As CSV in UTF-8; `bom`: with the mark by which Excel knows it."""
    safe = harmless(table(rows, language))
    safe["submitted"] = safe["submitted"].dt.strftime("%Y-%m-%dT%H:%M:%S+07:00")
    text = safe.to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig" if bom else "utf-8")


def xlsx(rows: Sequence[Row], language: str) -> bytes:
    """As a workbook with headings in the language, a frozen pane and filters."""
    side = 2 if language == "en" else 1
    safe = harmless(table(rows, language))
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Proposals" if language == "en" else "Đề xuất"
    sheet.append([COLUMNS[name][side] for name in safe.columns])
    for values in safe.astype(object).where(safe.notna(), None).itertuples(index=False):
        sheet.append([_cell(value, language) for value in values])
    for place, name in enumerate(safe.columns, 1):
        head = sheet.cell(1, place)
        head.font = Font(bold=True)
        head.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = 40 if name in ("name", "note", "classes") else 16
        form = FORMS.get(name, "dd/mm/yyyy hh:mm" if COLUMNS[name][0] == "day" else None)
        for row in range(2, len(rows) + 2) if form else ():
            sheet.cell(row, place).number_format = form
    book.properties.description = about(rows, language)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(safe.columns))}{len(rows) + 1}"
    draft = io.BytesIO()
    book.save(draft)
    return draft.getvalue()


def gpkg(rows: Sequence[Row], language: str, crs: str) -> bytes:
    """As a GeoPackage with one layer in a CRS."""
    found = table(rows, language)
    found["submitted"] = found["submitted"].dt.strftime("%Y-%m-%dT%H:%M:%S+07:00")
    frame = gpd.GeoDataFrame(found, geometry=[row.proposal.geometry for row in rows], crs=STORED).to_crs(crs)
    with tempfile.TemporaryDirectory(prefix="sanchoi-") as folder:
        path = Path(folder) / "proposals.gpkg"
        frame.to_file(
            path,
            layer=LAYER,
            driver="GPKG",
            engine="pyogrio",
            geometry_type=None if len(rows) else "Polygon",
            layer_options={"DESCRIPTION": about(rows, language)},
        )
        return path.read_bytes()


def about(rows: Sequence[Row], language: str) -> str:
    """What a file says of its figures: that they may be of earlier runs, and that data are invented."""
    side = 1 if language == "en" else 0
    told = []
    invented = sum(row.invented is True for row in rows)
    if invented:
        told.append((f"SỐ LIỆU HƯ CẤU: {invented} đề xuất.", f"INVENTED DATA: {invented} proposals.")[side])
    old = sum(row.current is False for row in rows)
    if old:
        told.append(
            (
                f"Số liệu của {old} đề xuất là của lần tính trước, nay có thể khác.",
                f"Figures of {old} proposals are of an earlier run and may be others today.",
            )[side]
        )
    told.append(("Trống là chưa biết, không phải 0.", "Empty is unknown, not 0.")[side])
    return " ".join(told)


def _record(row: Row, side: int) -> dict[str, Any]:
    found, content, worth = row.proposal, row.version.content, row.version.worth or {}
    ledger = worth.get("ledger") or []
    name = ("name_vi", "name_en")[side]
    told = {
        "number": found.number,
        "name": found.name,
        "commune_id": found.commune_id,
        "commune": (worth.get("commune") or {}).get("name"),
        "vintage": found.vintage,
        "result": found.result_id,
        "state": STATES[found.state][side],
        "submitted": None if found.submitted is None else _local(found.submitted),
        "public": found.public,
        "gained": found.gained,
        "cost": found.cost,
        "value": value_of(found.gained, found.cost),
        **{key: worth.get(key) for key in ("score", "score_high", "rank", "of", "area_m2", "usable_m2")},
        "figures_run": figures.run(row.version),
        "figures_current": row.current,
        "synthetic": row.invented,
        "verdict": _word(worth.get("verdict"), side),
        "failed": "; ".join(str(each[name]) for each in ledger if each.get("passed") is False),
        "open": "; ".join(str(each[name]) for each in ledger if each.get("passed") is None),
        "classes": "; ".join(_class(each, side) for each in worth.get("changed_class") or []),
        **{key: content.get(key) for key in ("land_use", "owner", "backer", "note")},
        "author": row.author,
        "parcel_id": found.parcel_id,
        "overlaps": ", ".join(map(str, row.overlaps)),
    }
    return {key: _NO_XML.sub("", value) or None if isinstance(value, str) else value for key, value in told.items()}


def _class(change: Mapping[str, Any], side: int) -> str:
    ends = (_word(change.get(end), side) for end in ("from", "to"))
    return f"{change.get('name') or change.get('commune_id')}: {' → '.join(map(str, ends))}"


def _word(code: object, side: int) -> str | None:
    """A code of the tables in words."""
    return VALUES.get(str(code), (str(code), str(code)))[side] if code else None


def _local(moment: datetime) -> datetime:
    return moment.astimezone(VIETNAM).replace(tzinfo=None, microsecond=0)


def _cell(value: Any, language: str) -> Any:  # noqa: ANN401 - a cell of a table
    if isinstance(value, bool):
        return {"vi": ("không", "có"), "en": ("no", "yes")}[language][value]
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


__all__ = ["COLUMNS", "Row", "csv", "gpkg", "table", "value_of", "xlsx"]
