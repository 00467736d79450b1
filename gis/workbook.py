"""Workbooks: tables for a spreadsheet, with fixed dates inside, so that the same tables give the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

FIXED_CLOCK = "2025-07-01T00:00:00.000Z"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST = 2_000
"""Candidates that the workbook of the sites lists, the best first; all of them stand in `tables/parcels.parquet`."""

HEADINGS: dict[str, tuple[str, str]] = {
    "build_order": ("Thứ tự xây", "Build order"),
    "parcel_id": ("Mã thửa đất", "Parcel"),
    "commune_id": ("Mã xã/phường", "Commune code"),
    "commune": ("Xã/phường", "Commune"),
    "band": ("Nhóm tuổi", "Ages"),
    "land_use": ("Mã loại đất", "Land use"),
    "land_class": ("Nhóm A–C theo thủ tục (X: loại)", "Land class"),
    "owner": ("Người sử dụng đất", "Holder of the land"),
    "verdict": ("Kết luận", "Verdict"),
    "who": ("Cơ quan phải quyết định", "Who must decide"),
    "against": ("Điểm vướng", "What stands against it"),
    "area_m2": ("Diện tích thửa (m²)", "Area (m²)"),
    "usable_m2": ("Diện tích dùng được (m²)", "Usable area (m²)"),
    "circle_m": ("Đường tròn nội tiếp lớn nhất (m)", "Largest inscribed circle (m)"),
    "cost": ("Chi phí (đồng)", "Cost (VND)"),
    "cost_total": ("Chi phí cộng dồn (đồng)", "Cost so far (VND)"),
    "children_reached": ("Trẻ em đi bộ tới được", "Children who can walk there"),
    "children_gained": ("Trẻ em được phục vụ thêm", "Children newly covered"),
    "children_total": ("Trẻ em được phục vụ thêm, cộng dồn", "Children newly covered so far"),
    "shortfall_relieved_m2": ("Diện tích thiếu được bù (m²)", "Shortfall relieved (m²)"),
    "score": ("Điểm đánh giá (0–1)", "Score (0–1)"),
    "rank": ("Hạng", "Rank"),
    "in_best": ("Xác suất nằm trong nhóm tốt nhất", "Chance to be among the best"),
    "children": ("Trẻ em", "Children"),
    "children_uncovered_before": ("Chưa được phục vụ: hiện nay", "Not covered: today"),
    "children_uncovered_after": ("Chưa được phục vụ: sau khi xây", "Not covered: after"),
    "covered_share_before": ("Tỷ lệ được phục vụ: hiện nay", "Covered share: today"),
    "covered_share_after": ("Tỷ lệ được phục vụ: sau khi xây", "Covered share: after"),
    "shortfall_m2_before": ("Diện tích thiếu (m²): hiện nay", "Shortfall (m²): today"),
    "shortfall_m2_after": ("Diện tích thiếu (m²): sau khi xây", "Shortfall (m²): after"),
    "status_before": ("Tình trạng hiện nay", "Status today"),
    "status_after": ("Tình trạng sau khi xây", "Status after"),
    "budget": ("Ngân sách (đồng, hoặc số địa điểm)", "Budget (VND, or sites)"),
    "sites": ("Số địa điểm", "Sites"),
    "value": ("Trẻ em được phục vụ thêm", "Children newly covered"),
    "bound": ("Không phương án nào vượt quá", "No plan does better than"),
    "mip_gap": ("Phần chưa chứng minh được", "Gap to the bound"),
    "constraint": ("Điều kiện", "Constraint"),
    "passed": ("Đạt", "Passed"),
    "limit": ("Giới hạn", "Limit"),
    "measured": ("Giá trị đo được", "Measured"),
    "in_reach": ("Trẻ em trong tầm đi bộ, tính thêm", "Children in reach, added"),
    "in_reach_total": ("Trẻ em trong tầm đi bộ, cộng dồn", "Children in reach so far"),
    "margin": ("Chênh so với giới hạn", "Margin"),
    "unit": ("Đơn vị", "Unit"),
    "source": ("Nguồn", "Source"),
    "article": ("Điều, khoản", "Article"),
    "verified": ("Đã kiểm chứng", "Verified"),
}
SHEETS = {
    "about": ("Giới thiệu", "About"),
    "plan": ("Phương án", "Plan"),
    "communes": ("Trước và sau", "Before and after"),
    "curve": ("Ngân sách", "Budget curve"),
    "candidates": ("Thửa tốt nhất", "Best parcels"),
    "ledger": ("Kiểm tra điều kiện", "Ledger of the plan"),
}
PASSED = {True: ("đạt", "passed"), False: ("không đạt", "failed"), None: ("chưa kiểm tra", "not checked")}
OWN = {"land_use": ("loại đất", "land use"), "usable_area": ("diện tích dùng được", "usable area")}
BY_NEED = {"children_gained": "in_reach", "children_total": "in_reach_total", "value": "in_reach_total"}
"""Where no commune is surveyed nobody knows who gains: columns that must not say so."""
VALUES: dict[str, tuple[str, str]] = {
    "eligible": ("đủ điều kiện", "eligible"),
    "conditional": ("có điều kiện", "conditional"),
    "excluded": ("loại", "excluded"),
    "unknown": ("chưa rõ", "unknown"),
    "no_children": ("không có trẻ em", "no children"),
    "no_supply": ("không có sân chơi", "no play area"),
    "out_of_reach": ("xa quá tầm đi bộ", "out of reach"),
    "crowded": ("quá đông", "crowded"),
    "met": ("đạt", "met"),
    "all": ("tất cả", "all"),
}


def write(sheets: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write a workbook; texts that would run as a formula get an apostrophe in front, what XML forbids is left out."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(list(table.columns))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        safe = harmless(table)
        for row in safe.astype(object).where(safe.notna(), None).itertuples(index=False):
            sheet.append([ILLEGAL_CHARACTERS_RE.sub("", each) if isinstance(each, str) else each for each in row])
        sheet.freeze_panes = "A2"
        for column in sheet.iter_cols(1, len(table.columns), 1, 1):
            sheet.column_dimensions[column[0].column_letter].width = min(max(len(str(column[0].value)) + 2, 12), 44)
    path.write_bytes(sealed(book))


def sealed(book: Workbook) -> bytes:
    """A workbook as a file, its dates and members in order: the same cells give the same bytes."""
    draft, out = io.BytesIO(), io.BytesIO()
    book.save(draft)
    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as sink:
        for name in sorted(source.namelist()):
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", FIXED_CLOCK[:19].encode() + b"Z", data)
            sink.writestr(zipfile.ZipInfo(name, (2025, 7, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """Texts that a spreadsheet would run as a formula get an apostrophe in front."""
    out = table.copy()
    texts: list[str] = out.select_dtypes(include="str").columns.tolist()
    for column in texts:
        text = out[column].fillna("")
        out[column] = out[column].where(~text.str.startswith(FORMULA), "'" + text)
    return out


def about(run: Mapping[str, Any]) -> pd.DataFrame:
    """What a workbook says of itself: which run, which norm, how sure."""
    study, norm = run["study"], run["norm"]
    rows = [
        ("run_id", run["run_id"]),
        ("study", study["name"]),
        ("date", study["date"]),
        ("norm", norm[f"name_{study['language']}"]),
        ("norm_profile", norm["profile"]),
        ("synthetic", study["synthetic"]),
        ("estimate", study["estimate"]),
    ]
    plan = run.get("siting")
    if plan:
        rows += [
            (f"siting_{key}", value)
            for key, value in plan.items()
            if not isinstance(value, dict | list) and key != "seconds"
        ]
    rows += [(f"warning {note['code']}", note["message"]) for note in run["warnings"]]
    rows += [
        (f"source {s.get('layer', '')}", f"{s.get('attribution', '')} · {s.get('licence', '')}") for s in run["sources"]
    ]
    return pd.DataFrame([(key, str(value)) for key, value in rows], columns=["key", "value"])


def sites(found: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Sheets of `sites.xlsx`: the plan, before and after, the budget curve, the best parcels, the ledger of the plan."""
    language = run["study"]["language"]
    side = 0 if language == "vi" else 1
    names = found["communes"].set_index("commune_id")["name"]
    parcels = pd.DataFrame(found["parcels"].drop(columns="geometry"))
    parcels["commune"] = parcels["commune_id"].map(names)
    parcels["who"] = parcels[f"who_{language}"]
    facts = [
        "parcel_id",
        "commune",
        "land_use",
        "land_class",
        "owner",
        "verdict",
        "who",
        "area_m2",
        "usable_m2",
        "circle_m",
    ]
    gain = ["cost", "children_reached", "children_gained", "shortfall_relieved_m2", "score", "rank", "in_best"]
    raw: dict[str, pd.DataFrame] = {}
    if "sites" in found:
        plan = found["sites"][["build_order", "parcel_id", "children_gained", "children_total", "cost", "cost_total"]]
        rest = [*facts[1:], "children_reached", "score", "rank", "in_best"]
        raw["plan"] = plan.merge(parcels[["parcel_id", *rest]], on="parcel_id", how="left")
        gaps = found["plan_gaps"]
        raw["communes"] = gaps.assign(commune=gaps["commune_id"].map(names))[
            ["commune_id", "commune", *gaps.columns.drop("commune_id")]
        ]
        if "budget_curve" in found:
            raw["curve"] = found["budget_curve"]
    best = parcels[parcels["verdict"] != "excluded"].sort_values(["rank", "parcel_id"]).head(MOST)
    raw["candidates"] = best[[*facts, *gain, "against"]]
    rules = found["constraints"].set_index("constraint_id")[f"name_{language}"]
    if "sites" in found:
        ledger = found["screening"][found["screening"]["parcel_id"].isin(found["sites"]["parcel_id"])]
        ledger = ledger.assign(
            constraint=[_rule(each, rules, side) for each in ledger["constraint_id"]],
            passed=[PASSED[None if pd.isna(each) else bool(each)][side] for each in ledger["passed"]],
            measured=ledger["value"],
        )
        raw["ledger"] = ledger[
            [
                "parcel_id",
                "constraint",
                "passed",
                "measured",
                "limit",
                "margin",
                "unit",
                "source",
                "article",
                "verified",
            ]
        ]
    by_need = bool(run.get("siting", {}).get("by_need"))
    out = {SHEETS["about"][side]: about(run)}
    for name, table in raw.items():
        said = table.copy()
        for column in ("verdict", "status_before", "status_after", "band"):
            if column in said:
                said[column] = said[column].map(lambda word: VALUES.get(word, (word, word))[side])
        if "against" in said:
            said["against"] = [
                "; ".join(_rule(each, rules, side) for each in text.split(";") if each) for text in said["against"]
            ]
        if by_need:
            said = said.rename(columns={c: BY_NEED[c] for c in said.columns if c in BY_NEED and name != "candidates"})
        out[SHEETS[name][side]] = said.rename(columns={c: HEADINGS[c][side] for c in said.columns if c in HEADINGS})
    return out


def _rule(constraint_id: str, names: pd.Series, side: int) -> str:
    """Name of a constraint in words."""
    return OWN[constraint_id][side] if constraint_id in OWN else str(names.get(constraint_id, constraint_id))
