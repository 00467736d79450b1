"""What every column means, in Vietnamese and English, with its unit: aliases in a GIS, and the dictionary beside CSV files."""

from __future__ import annotations

import re

M, M2, CH, SHARE, VND, NONE = "m", "m²", "trẻ em / children", "0–1", "VND", ""
PER_CHILD, PER_PERSON = "m²/trẻ / m²/child", "m²/người / m²/person"
SHOWN = (M, M2, VND, PER_CHILD, PER_PERSON)
"""Units that stand in a heading too."""
Meaning = tuple[str, str, str]
"""Vietnamese, English, unit."""

COLUMNS: dict[str, Meaning] = {
    "commune_id": ("Mã xã, phường", "Commune code", NONE),
    "vintage": ("Địa giới có từ ngày", "Boundaries valid from", "YYYY-MM-DD"),
    "name": ("Tên", "Name", NONE),
    "kind": ("Loại", "Kind", NONE),
    "surveyed": ("Đã khảo sát sân chơi", "Play areas surveyed", "true/false"),
    "area_m2": ("Diện tích", "Area", M2),
    "population": ("Dân số", "Inhabitants", "người / people"),
    "weights": ("Trẻ em được phân bố theo", "What the children were spread by", NONE),
    "band": ("Nhóm tuổi (all: mọi lứa tuổi)", "Ages, both included (all: all of them)", "tuổi / years"),
    "children": ("Số trẻ em", "Children", CH),
    "children_uncovered": ("Trẻ không đi bộ tới được sân chơi", "Children who cannot walk to a play area", CH),
    "covered_share": ("Tỷ lệ trẻ đi bộ tới được sân chơi", "Share of children who can walk to one", SHARE),
    "play_area_m2": ("Diện tích sân chơi trong xã", "Play area inside the commune", M2),
    "play_area_known_m2": ("Phần diện tích sân chơi đã biết", "Known part of it", M2),
    "provision_m2_per_child": (
        "Diện tích sân chơi chia cho số trẻ của xã",
        "Play area shared out in the commune",
        PER_CHILD,
    ),
    "provision_m2_per_person": ("Diện tích sân chơi chia cho số dân của xã", "Play area by inhabitants", PER_PERSON),
    "access_m2_per_child": (
        "Diện tích mỗi trẻ, khi mọi trẻ tới được cùng dùng chung",
        "Ground a child finds, shared by all who can walk there",
        PER_CHILD,
    ),
    "norm_walk_m": ("Khoảng cách đi bộ theo quy định", "Walking distance of the norm", M),
    "norm_m2_per_child": ("Diện tích mỗi trẻ theo quy định", "Ground per child of the norm", PER_CHILD),
    "norm_m2_per_person": ("Diện tích mỗi người theo quy định", "Ground per inhabitant of the norm", PER_PERSON),
    "shortfall_m2": ("Diện tích còn thiếu", "Shortfall", M2),
    "fgt0": ("Tỷ lệ trẻ dưới mức quy định", "Share of children below the norm", SHARE),
    "fgt1": ("Mức thiếu bình quân so với quy định", "Mean lack as a share of the norm", SHARE),
    "fgt2": ("Mức thiếu bình quân bình phương", "Mean of the squared lack", SHARE),
    "status": ("Tình trạng", "Status", NONE),
    "reason_vi": ("Lý do (tiếng Việt)", "Reason (Vietnamese)", NONE),
    "reason_en": ("Lý do (tiếng Anh)", "Reason (English)", NONE),
    "detour_ratio": ("Đường đi bộ so với đường chim bay", "Walk ÷ straight line", "lần / ratio"),
    "flags": ("Lưu ý (cách nhau bằng dấu ;)", "Remarks, separated by ;", NONE),
    "survey_rank": ("Thứ tự nên khảo sát", "Order in which to survey", NONE),
    "play_area_id": ("Mã sân chơi", "Play area", NONE),
    "access": ("Vào cửa (public, restricted, fee, closed, unknown)", "Access", NONE),
    "ages": ("Lứa tuổi phục vụ", "Ages meant", "tuổi / years"),
    "counts": ("Được tính là sân chơi", "Counts as a play area", "true/false"),
    "demand": (
        "Trẻ em có thể dùng, giảm dần theo khoảng cách",
        "Children who would share it, weighted by nearness",
        CH,
    ),
    "within_m": (
        "Chỗ biết chính xác tới (trống: như đã đo hoặc vẽ)",
        "Place known to (empty: as measured or drawn)",
        M,
    ),
    "cell_id": ("Mã ô lưới", "Cell", NONE),
    "walk_m": ("Khoảng cách đi bộ", "Walking distance", M),
    "straight_m": ("Khoảng cách đường chim bay tới cùng sân chơi", "Straight distance to the same one", M),
    "off_network": ("Xa mọi con đường có trên bản đồ", "Farther from any way than trusted", "true/false"),
    "covered": ("Đi bộ tới được sân chơi", "Within walking distance of one", "true/false"),
    "m2_per_child": ("Diện tích mỗi trẻ tìm thấy", "Ground a child finds", PER_CHILD),
    "parcel_id": ("Mã thửa đất", "Parcel", NONE),
    "land_use": ("Mã loại đất", "Land-use code", NONE),
    "land_class": ("Nhóm đất A–C theo thủ tục (X: loại)", "Class of land A–C (X: excluded)", NONE),
    "owner": ("Người sử dụng đất", "Holder of the land", NONE),
    "verdict": ("Kết luận", "Verdict", NONE),
    "who_vi": ("Cơ quan phải quyết định (tiếng Việt)", "Who must decide (Vietnamese)", NONE),
    "who_en": ("Cơ quan phải quyết định (tiếng Anh)", "Who must decide (English)", NONE),
    "against": ("Điểm vướng (cách nhau bằng dấu ;)", "What stands against it, separated by ;", NONE),
    "near_misses": ("Điều kiện suýt đạt", "Constraints that it nearly meets", NONE),
    "usable_m2": ("Diện tích liền khối dùng được", "Largest usable piece", M2),
    "circle_m": ("Đường kính vòng tròn lớn nhất đặt vừa", "Widest circle that fits, diameter", M),
    "cost": ("Chi phí", "Cost", VND),
    "cost_total": ("Chi phí cộng dồn", "Cost so far", VND),
    "children_reached": ("Trẻ em đi bộ tới được", "Children who could walk there", CH),
    "children_gained": ("Trẻ em được phục vụ thêm", "Children newly covered", CH),
    "children_total": ("Trẻ em được phục vụ thêm, cộng dồn", "Children newly covered so far", CH),
    "shortfall_relieved_m2": ("Diện tích thiếu được bù", "Shortfall relieved", M2),
    "score": ("Điểm đánh giá", "Score", SHARE),
    "score_high": ("Điểm cao nhất nếu điều chưa biết đều tốt", "Score if all that is unknown were best", SHARE),
    "rank": ("Hạng", "Rank", NONE),
    "rank_first": ("Xác suất đứng đầu", "Chance to be first", SHARE),
    "in_best": ("Xác suất nằm trong nhóm tốt nhất", "Chance to be among the best", SHARE),
    "build_order": ("Thứ tự xây", "Build order", NONE),
    "objective_total": ("Giá trị mục tiêu, cộng dồn", "Objective so far", NONE),
    "tier": ("Loại sân theo quy định", "Tier of the norm", NONE),
    "min_site_m2": ("Diện tích nhỏ nhất được tính", "Smallest ground that counts", M2),
    "part": ("Phần lý do (barrier, detour, area, supply)", "Part of the reason", NONE),
    "constraint_id": ("Mã điều kiện", "Constraint", NONE),
    "passed": ("Đạt (trống: chưa kiểm tra)", "Passed (empty: not checked)", "true/false"),
    "value": ("Giá trị đo được", "Measured value", "cột unit / column unit"),
    "limit": ("Giới hạn", "Limit", "cột unit / column unit"),
    "margin": ("Dư (từ 0) hoặc thiếu (âm)", "How far it passes or fails", "cột unit / column unit"),
    "unit": ("Đơn vị", "Unit", NONE),
    "near_miss": ("Suýt đạt", "Near miss", "true/false"),
    "source": ("Nguồn", "Source", NONE),
    "article": ("Điều, khoản", "Article", NONE),
    "verified": ("Đã đối chiếu văn bản gốc", "Checked against the source", "true/false"),
    "layer": ("Lớp dữ liệu", "Layer of data", NONE),
    "name_vi": ("Tên (tiếng Việt)", "Name (Vietnamese)", NONE),
    "name_en": ("Tên (tiếng Anh)", "Name (English)", NONE),
    "rule": ("Quy tắc", "Rule", NONE),
    "note": ("Ghi chú", "Note", NONE),
    "checked": ("Đã kiểm tra trong lần chạy này", "Checked in this run", "true/false"),
    "criterion_id": ("Mã tiêu chí", "Criterion", NONE),
    "worst": ("Giá trị cho điểm 0", "Value with utility 0", "cột unit / column unit"),
    "best": ("Giá trị cho điểm 1", "Value with utility 1", "cột unit / column unit"),
    "weight": ("Trọng số", "Weight", SHARE),
    "measured": ("Có dữ liệu để đo", "Whether it could be measured", "true/false"),
    "reason": ("Vì sao thang điểm dừng ở đó", "Why the scale ends there", NONE),
    "utility": ("Điểm thành phần", "Utility", SHARE),
    "contribution": ("Phần đóng góp vào điểm", "Contribution to the score", SHARE),
    "share": ("Tỷ lệ số lần chọn trọng số", "Share of the weights drawn", SHARE),
    "limit_m": ("Khoảng cách đi bộ được phép tới sân cỡ đó", "How far one may walk to ground of that size", M),
    "budget": ("Ngân sách, hoặc số địa điểm", "Budget, or number of sites", "VND | địa điểm / sites"),
    "sites": ("Số địa điểm", "Sites", NONE),
    "bound": ("Không phương án nào vượt quá", "No plan does better than", CH),
    "mip_gap": ("Phần chưa chứng minh được", "Gap to the bound", SHARE),
    "children_uncovered_before": ("Trẻ không tới được: hiện nay", "Children not covered: today", CH),
    "children_uncovered_after": ("Trẻ không tới được: sau khi xây", "Children not covered: with the plan", CH),
    "covered_share_before": ("Tỷ lệ tới được: hiện nay", "Covered share: today", SHARE),
    "covered_share_after": ("Tỷ lệ tới được: sau khi xây", "Covered share: with the plan", SHARE),
    "shortfall_m2_before": ("Diện tích thiếu: hiện nay", "Shortfall: today", M2),
    "shortfall_m2_after": ("Diện tích thiếu: sau khi xây", "Shortfall: with the plan", M2),
    "status_before": ("Tình trạng hiện nay", "Status today", NONE),
    "status_after": ("Tình trạng sau khi xây", "Status with the plan", NONE),
    "loss_at_least": ("Phương án mất ít nhất, nếu buộc chọn thửa này", "What the plan loses at least with it", NONE),
    "loss_at_most": ("Phương án mất nhiều nhất, nếu buộc chọn thửa này", "What the plan loses at most with it", NONE),
    "lon": ("Kinh độ WGS 84 của một điểm bên trong", "Longitude (WGS 84) of a point inside", "°"),
    "lat": ("Vĩ độ WGS 84 của một điểm bên trong", "Latitude (WGS 84) of a point inside", "°"),
    "x_north_m": ("X (Bắc) của điểm đó", "X (north) of that point", M),
    "y_east_m": ("Y (Đông) của điểm đó", "Y (east) of that point", M),
}
OF_TABLE: dict[tuple[str, str], Meaning] = {
    ("communes", "name"): ("Tên xã, phường", "Name of the commune", NONE),
    ("communes", "kind"): ("Loại đơn vị hành chính", "Kind of commune", NONE),
    ("play_areas", "name"): ("Tên sân chơi", "Name of the play area", NONE),
    ("play_areas", "kind"): ("Loại sân", "Kind of place", NONE),
    ("reasons", "children"): ("Trẻ không được phục vụ vì lý do đó", "Children not served for that reason", CH),
    ("budget_curve", "value"): ("Trẻ em được phục vụ thêm", "Children newly covered", CH),
    ("cells", "walk_m"): ("Khoảng cách đi bộ tới sân chơi gần nhất", "Walk to the nearest play area", M),
    ("walks", "walk_m"): ("Khoảng cách đi bộ tới thửa", "Walk to the parcel", M),
}
BANDED = re.compile(r"^(children|covered|m2_per_child)_(\d+)_(\d+)$")


def meaning(table: str, column: str) -> Meaning:
    """Vietnamese, English and unit of a column; of one that nobody knows its own name."""
    found = OF_TABLE.get((table, column)) or COLUMNS.get(column)
    if found is not None:
        return found
    banded = BANDED.match(column)
    if banded is None:
        return column, column, NONE
    vi, en, unit = COLUMNS[banded[1]]
    return f"{vi}, {banded[2]}–{banded[3]} tuổi", f"{en}, ages {banded[2]}–{banded[3]}", unit


def heading(table: str, column: str, language: str) -> str:
    """Heading of a column with its unit."""
    vi, en, unit = meaning(table, column)
    side = 1 if language == "en" else 0
    shown = unit.split(" / ")[side] if " / " in unit else unit
    return (en if side else vi) + (f" ({shown})" if unit in SHOWN else "")
