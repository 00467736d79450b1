"""Words of collections and their properties: name → (Vietnamese, English)."""

from __future__ import annotations

COLLECTIONS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "communes": (
        ("Xã, phường", "Communes"),
        ("Ranh giới và dân số các xã, phường", "Outlines and inhabitants of the communes"),
    ),
    "gaps": (
        ("Thiếu sân chơi", "Gaps"),
        ("Tình trạng sân chơi của từng xã, theo nhóm tuổi", "What children find in each commune, by age band"),
    ),
    "play_areas": (
        ("Sân chơi", "Play areas"),
        ("Các sân chơi đã khảo sát", "Play areas that the survey found"),
    ),
    "cells": (
        ("Ô lưới", "Cells"),
        (
            "Trẻ em trong từng ô và đường đi bộ tới sân chơi gần nhất",
            "Children of each cell and their walk to a play area",
        ),
    ),
    "parcels": (
        ("Thửa đất", "Parcels"),
        ("Các thửa đất đã sàng lọc và chấm điểm", "Parcels screened and scored"),
    ),
    "sites": (
        ("Nơi nên làm sân chơi", "Sites"),
        ("Phần đất dùng được của các thửa được chọn", "Usable ground of the parcels that the plan chose"),
    ),
    "proposals": (
        ("Đề xuất của địa phương", "Proposals"),
        (
            "Các khu đất mà địa phương đề xuất, phần công khai",
            "Sites that localities propose, as far as they are public",
        ),
    ),
}

COLUMNS: dict[str, tuple[str, str]] = {
    "commune_id": ("Mã xã, phường", "code of the commune"),
    "vintage": ("Ngày ranh giới có hiệu lực", "day from which the communes hold"),
    "name": ("Tên", "name"),
    "kind": ("Loại", "kind"),
    "within_m": (
        "Chỗ của sân biết chính xác tới, m; trống: như đã đo hoặc vẽ",
        "how well its place is known, m; empty: as it was drawn or measured",
    ),
    "surveyed": ("Đã khảo sát sân chơi chưa", "whether somebody has looked for play areas"),
    "area_m2": ("Diện tích, m²", "area, m²; empty when unknown"),
    "population": ("Dân số", "all inhabitants"),
    "weights": ("Trẻ em được phân bổ theo gì", "what the children were spread by"),
    "band": ("Nhóm tuổi (all: mọi lứa tuổi)", "age band, or all"),
    "children": ("Số trẻ em", "children"),
    "children_uncovered": (
        "Số trẻ không đi bộ được tới sân chơi",
        "children with no open play area within the norm's walking distance",
    ),
    "covered_share": ("Tỷ lệ trẻ đi bộ tới được sân chơi, 0–1", "share of children covered, 0–1"),
    "play_area_m2": ("Diện tích sân chơi trong xã, m²", "open ground in the commune, m²"),
    "play_area_known_m2": ("Phần diện tích sân chơi đã biết, m²", "sum of what is known, m²"),
    "provision_m2_per_child": ("m² sân chơi trên mỗi trẻ của xã", "m² of play area ÷ children of the band"),
    "provision_m2_per_person": ("m² sân chơi trên mỗi người dân", "m² of play area ÷ all inhabitants"),
    "access_m2_per_child": (
        "m² mỗi trẻ có được khi mọi trẻ tới được cùng dùng chung",
        "ground a child finds when all who can walk there share it, mean",
    ),
    "norm_walk_m": ("Khoảng cách đi bộ theo quy định, m", "the norm's walking limit, m"),
    "norm_m2_per_child": ("m² mỗi trẻ theo quy định", "the norm's m² per child"),
    "norm_m2_per_person": ("m² mỗi người theo quy định", "the norm's m² per inhabitant"),
    "shortfall_m2": ("Còn thiếu bao nhiêu m²", "m² that would have to be added"),
    "fgt0": ("Tỷ lệ trẻ có ít hơn mức quy định", "share of children who find less than the norm"),
    "fgt1": ("Mức thiếu trung bình", "mean lack as a share of the norm"),
    "fgt2": ("Bình phương mức thiếu, trung bình", "mean of the squared lack"),
    "status": ("Tình trạng", "unknown, no_children, no_supply, out_of_reach, crowded, met"),
    "reason_vi": ("Lý do, tiếng Việt", "the reason in Vietnamese"),
    "reason_en": ("Lý do, tiếng Anh", "the reason in English"),
    "detour_ratio": ("Đường đi bộ so với đường thẳng", "walking ÷ straight distance, mean over children"),
    "flags": ("Điều cần lưu ý, cách nhau bằng dấu ;", "flags, separated by ;"),
    "survey_rank": ("Thứ tự nên khảo sát", "order in which to survey the unknown communes"),
    "play_area_id": ("Mã sân chơi", "id of the play area"),
    "access": ("Ai được vào", "public, restricted, fee, closed, unknown"),
    "ages": ("Dành cho lứa tuổi", "ages meant"),
    "counts": ("Có được tính không", "whether it is supply"),
    "demand": ("Số trẻ dùng chung, có trọng số", "weighted children who can walk to it"),
    "cell_id": ("Mã ô", "size, row and column in the study's CRS"),
    "walk_m": ("Đi bộ tới sân chơi gần nhất, m", "metres on foot to the nearest play area"),
    "straight_m": ("Đường thẳng tới sân chơi đó, m", "straight metres to the same one"),
    "off_network": ("Xa mọi con đường", "farther from any way than the study allows"),
    "covered": ("Đi bộ tới được trong giới hạn", "within the walking limit of every band with children"),
    "m2_per_child": ("m² mỗi trẻ có được", "ground that a child finds"),
    "parcel_id": ("Mã thửa", "id of the parcel; ID#3 is the third plot of one that was cut"),
    "land_use": ("Mã loại đất", "code of land use as given"),
    "land_class": ("Hạng đất A, B, C, X", "A easiest, B ordinary, C provincial People's Council, X excluded"),
    "owner": ("Người sử dụng đất", "owner as given"),
    "verdict": ("Kết quả sàng lọc", "eligible, conditional, excluded"),
    "who_vi": ("Ai phải đồng ý, tiếng Việt", "who must approve, Vietnamese"),
    "who_en": ("Ai phải đồng ý, tiếng Anh", "who must approve, English"),
    "against": ("Điều vướng, cách nhau bằng dấu ;", "what stands against it, separated by ;"),
    "near_misses": ("Điều chỉ vướng chút ít", "constraints that it just fails"),
    "usable_m2": ("Phần đất dùng được, m²", "largest piece clear of hard constraints, m²"),
    "circle_m": ("Đường kính vòng tròn lớn nhất trong phần đó, m", "diameter of the largest circle in it, m"),
    "cost": ("Chi phí, đồng", "VND for land and building; empty when unknown"),
    "children_reached": ("Số trẻ đi bộ tới được", "children who could walk there"),
    "children_gained": ("Số trẻ mới có sân chơi", "children newly covered by it"),
    "shortfall_relieved_m2": ("Giảm được bao nhiêu m² thiếu", "how much less ground the children would lack"),
    "score": ("Điểm, 0–1", "score, 0–1"),
    "score_high": ("Điểm nếu mọi điều chưa biết đều tốt nhất", "score if all that is unknown of it were best"),
    "rank": ("Hạng, 1 là cao nhất", "1 = highest score"),
    "rank_first": ("Khả năng đứng đầu khi đổi trọng số", "chance to be first when the weights are drawn"),
    "in_best": ("Khả năng vào nhóm tốt nhất", "chance to be among the best"),
    "build_order": ("Thứ tự nên làm", "1 = the best to build first"),
    "cost_total": ("Chi phí cộng dồn, đồng", "VND of it and those before it"),
    "children_total": ("Số trẻ cộng dồn", "children newly covered by it and those before it"),
    "number": ("Số đề xuất", "number of the proposal"),
    "state": (
        "Trạng thái",
        "submitted, needs_info, under_review, accepted, rejected, in_plan",
    ),
    "gained": ("Số trẻ mới có sân chơi", "children newly covered; empty when unknown"),
    "submitted": ("Gửi lúc (UTC)", "when it was submitted, UTC"),
    "figures_run": (
        "Lần chạy mà điểm, hạng, số trẻ thuộc về",
        "run that score, rank and children are of; empty when there are none",
    ),
    "figures_current": (
        "Số liệu là của lần chạy đang hiển thị (không: của lần tính trước, nay có thể khác)",
        "whether that is the run shown now; false: figures of an earlier run, which may be others today",
    ),
    "objective_total": ("Mục tiêu cộng dồn", "the objective with it and those before it"),
}

GEOMETRY = ("Hình dạng", "geometry")


def of_column(name: str) -> tuple[str, str]:
    """Words of a column; those of one band are the words of the column and the band: `children_0_5`."""
    if name in COLUMNS:
        return COLUMNS[name]
    for head in ("children", "covered", "m2_per_child"):
        if name.startswith(f"{head}_"):
            band = name.removeprefix(f"{head}_").replace("_", "–")
            return (f"{COLUMNS[head][0]}, {band} tuổi", f"{COLUMNS[head][1]}, aged {band}")
    return (name, name)
