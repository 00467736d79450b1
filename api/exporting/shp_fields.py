"""Names of columns where a format allows ten letters of ASCII: unique in a layer, and the same in every export."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sanchoi.gis.names import fold

LONGEST = 10

FIELDS: dict[str, tuple[str, str, str]] = {
    "feature_id": ("MA_DT", "Mã đối tượng", "Id of the feature"),
    "commune_id": ("MA_XA", "Mã xã/phường", "Code of the commune"),
    "vintage": ("HIEU_LUC", "Ranh giới có hiệu lực từ", "Day from which the communes hold"),
    "name": ("TEN", "Tên", "Name"),
    "kind": ("LOAI", "Loại", "Kind"),
    "surveyed": ("DA_KSAT", "Đã khảo sát sân chơi", "Surveyed for play areas"),
    "area_m2": ("DT_M2", "Diện tích (m²)", "Area (m²)"),
    "population": ("DAN_SO", "Dân số", "Inhabitants"),
    "weights": ("PHAN_BO", "Trẻ em được phân bố theo", "What the children were spread by"),
    "band": ("NHOM_TUOI", "Nhóm tuổi", "Ages"),
    "children": ("TRE_EM", "Trẻ em", "Children"),
    "children_uncovered": ("TRE_CHUAPV", "Trẻ em chưa được phục vụ", "Children not covered"),
    "covered_share": ("TL_PHUCVU", "Tỷ lệ được phục vụ (0–1)", "Covered share (0–1)"),
    "play_area_m2": ("DT_SANCHOI", "Diện tích sân chơi (m²)", "Play ground (m²)"),
    "play_area_known_m2": ("DT_SC_BIET", "Diện tích sân chơi đã biết (m²)", "Play ground known (m²)"),
    "provision_m2_per_child": ("M2_TRE", "m² sân chơi trên một trẻ", "m² of play ground per child"),
    "provision_m2_per_person": ("M2_NGUOI", "m² sân chơi trên một người dân", "m² of play ground per inhabitant"),
    "access_m2_per_child": ("M2_TIEPCAN", "m² một trẻ đi bộ tới được", "m² that a child can walk to"),
    "norm_walk_m": ("QC_DIBO_M", "Quy chuẩn: đi bộ nhiều nhất (m)", "Norm: walk at most (m)"),
    "norm_m2_per_child": ("QC_M2_TRE", "Quy chuẩn: m² trên một trẻ", "Norm: m² per child"),
    "norm_m2_per_person": ("QC_M2_NG", "Quy chuẩn: m² trên một người", "Norm: m² per inhabitant"),
    "shortfall_m2": ("THIEU_M2", "Diện tích còn thiếu (m²)", "Shortfall (m²)"),
    "fgt0": ("FGT0", "Tỷ lệ trẻ dưới quy chuẩn", "Share of children below the norm"),
    "fgt1": ("FGT1", "Mức thiếu trung bình", "Mean lack"),
    "fgt2": ("FGT2", "Mức thiếu bình phương trung bình", "Mean squared lack"),
    "status": ("TINH_TRANG", "Tình trạng", "Status"),
    "reason_vi": ("LY_DO_VI", "Lý do (tiếng Việt)", "Reason (Vietnamese)"),
    "reason_en": ("LY_DO_EN", "Lý do (tiếng Anh)", "Reason (English)"),
    "detour_ratio": ("HS_VONG", "Hệ số đường vòng", "Detour ratio"),
    "flags": ("GHI_CHU", "Điều cần lưu ý", "Flags"),
    "survey_rank": ("TT_KSAT", "Thứ tự khảo sát", "Order of survey"),
    "play_area_id": ("MA_SC", "Mã sân chơi", "Id of the play area"),
    "access": ("VAO_CUA", "Ai được vào", "Who may enter"),
    "ages": ("TUOI", "Tuổi dành cho", "Ages meant"),
    "counts": ("DUOC_TINH", "Được tính", "Counts as supply"),
    "demand": ("NHU_CAU", "Nhu cầu (trẻ, theo khoảng cách)", "Demand (weighted children)"),
    "within_m": ("SAISO_M", "Chỗ biết chính xác tới (m; trống: như đã đo)", "Place known to (m; empty: as measured)"),
    "cell_id": ("MA_O", "Mã ô dân cư", "Id of the cell"),
    "walk_m": ("DIBO_M", "Đi bộ tới sân chơi gần nhất (m)", "Walk to the nearest play area (m)"),
    "straight_m": ("THANG_M", "Đường thẳng tới sân chơi đó (m)", "Straight to the same one (m)"),
    "off_network": ("XA_DUONG", "Xa mọi con đường", "Far from any way"),
    "covered": ("DUOC_PV", "Được phục vụ", "Covered"),
    "m2_per_child": ("M2_TRE", "m² trên một trẻ", "m² per child"),
    "parcel_id": ("MA_THUA", "Mã thửa đất", "Id of the parcel"),
    "land_use": ("LOAI_DAT", "Mã loại đất", "Land use"),
    "land_class": ("NHOM_DAT", "Nhóm A–C theo thủ tục (X: loại)", "Land class"),
    "owner": ("CHU_SD", "Người sử dụng đất", "Holder of the land"),
    "verdict": ("KET_LUAN", "Kết luận", "Verdict"),
    "who_vi": ("CQ_QD_VI", "Cơ quan phải quyết định", "Who must decide (Vietnamese)"),
    "who_en": ("CQ_QD_EN", "Cơ quan phải quyết định (tiếng Anh)", "Who must decide (English)"),
    "against": ("VUONG", "Điểm vướng", "What stands against it"),
    "near_misses": ("SUYT_DAT", "Suýt đạt", "Near misses"),
    "usable_m2": ("DT_DUNG_M2", "Diện tích dùng được (m²)", "Usable area (m²)"),
    "circle_m": ("DUONG_TRON", "Đường tròn nội tiếp lớn nhất (m)", "Largest inscribed circle (m)"),
    "cost": ("CHI_PHI", "Chi phí (đồng)", "Cost (VND)"),
    "children_reached": ("TRE_TOI", "Trẻ em đi bộ tới được", "Children who can walk there"),
    "children_gained": ("TRE_THEM", "Trẻ em được phục vụ thêm", "Children newly covered"),
    "shortfall_relieved_m2": ("BU_M2", "Diện tích thiếu được bù (m²)", "Shortfall relieved (m²)"),
    "score": ("DIEM", "Điểm đánh giá (0–1)", "Score (0–1)"),
    "score_high": ("DIEM_CAO", "Điểm nếu mọi điều chưa biết đều tốt", "Score if all unknown is best"),
    "rank": ("HANG", "Hạng", "Rank"),
    "rank_first": ("XS_NHAT", "Xác suất đứng đầu", "Chance to be first"),
    "in_best": ("XS_TOT", "Xác suất nằm trong nhóm tốt nhất", "Chance to be among the best"),
    "build_order": ("TT_XAY", "Thứ tự xây", "Build order"),
    "cost_total": ("CP_CDON", "Chi phí cộng dồn (đồng)", "Cost so far (VND)"),
    "children_total": ("TRE_CDON", "Trẻ em được phục vụ thêm, cộng dồn", "Children newly covered so far"),
    "objective_total": ("MT_CDON", "Mục tiêu cộng dồn", "Objective so far"),
}
"""Column → short name, Vietnamese and English heading."""

BANDED = ("children", "covered", "m2_per_child")
STEMS = {"children": "TRE", "covered": "PV", "m2_per_child": "M2"}


def short(columns: Iterable[str]) -> dict[str, str]:
    """Column → short name; a name that is taken gets a number."""
    taken: set[str] = set()
    names = {}
    for column in columns:
        wanted = _wanted(column)
        name, number = wanted, 1
        while name in taken:
            number += 1
            name = f"{wanted[: LONGEST - len(str(number)) - 1]}_{number}"
        taken.add(name)
        names[column] = name
    return names


def heading(column: str) -> tuple[str, str]:
    """Heading of a column, Vietnamese and English; a column that nobody named is called by its name."""
    if column in FIELDS:
        return FIELDS[column][1:]
    stem, ages = _banded(column)
    if stem:
        vi, en = heading(stem)
        return f"{vi}, {ages.replace('_', '–')} tuổi", f"{en}, ages {ages.replace('_', '–')}"
    return column, column


def _wanted(column: str) -> str:
    if column in FIELDS:
        return FIELDS[column][0]
    stem, ages = _banded(column)
    text = f"{STEMS[stem]}_{ages}" if stem else column
    return re.sub(r"[^A-Z0-9]+", "_", fold(text).upper()).strip("_")[:LONGEST].rstrip("_") or "COT"


def _banded(column: str) -> tuple[str, str]:
    found = re.fullmatch(rf"({'|'.join(BANDED)})_(\d+_\d+)", column)
    return (found[1], found[2]) if found else ("", "")
