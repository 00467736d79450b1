"""Words of the sheets, Vietnamese and English."""

from __future__ import annotations

from sanchoi.maps import advice_words, sites_words, words
from sanchoi.maps.sheets.table_words import TABLES

WORDS: dict[str, tuple[str, str]] = {
    **TABLES,
    "gap_title": ("BẢN ĐỒ THIẾU SÂN CHƠI CHO TRẺ EM", "PLAY AREA GAP MAP"),
    "reach_title": ("BẢN ĐỒ ĐI BỘ TỚI SÂN CHƠI", "WALK TO A PLAY AREA"),
    "all_title": ("BẢN ĐỒ TỔNG HỢP THIẾU SÂN CHƠI CHO TRẺ EM", "PLAY AREA GAP MAP: ALL COMMUNES"),
    "site_title": ("SƠ ĐỒ KHU ĐẤT ĐỀ XUẤT LÀM SÂN CHƠI", "SITE PLAN OF A PROPOSED PLAY AREA"),
    "fact_title": ("PHIẾU THÔNG TIN SÂN CHƠI CỦA XÃ, PHƯỜNG", "COMMUNE FACT SHEET: PLAY AREAS"),
    "subtitle": ("{place} · {study} · địa giới {vintage}", "{place} · {study} · boundaries of {vintage}"),
    "on_day": ("ngày {d}/{m}/{y}", "{d}/{m}/{y}"),
    "in_month": ("tháng {m}/{y}", "{m}/{y}"),
    "in_year": ("năm {y}", "{y}"),
    "no_date": ("không rõ ngày", "date unknown"),
    "all_communes": ("Toàn bộ {n} xã, phường", "All {n} communes"),
    "n_communes": ("{n} xã, phường", "{n} communes"),
    "scale": ("Tỷ lệ 1:{n}", "Scale 1:{n}"),
    "north": ("B\nBắc lưới", "N\ngrid north"),
    "legend": ("Chú giải", "Legend"),
    "locator": ("Vị trí trong vùng nghiên cứu", "Where it lies in the study"),
    "index": ("Bảng chắp các mảnh", "Index of the sheets"),
    "overlap": (
        "Các mảnh kề nhau chồng lên nhau ít nhất 20 mm; tên mảnh kề ghi ở khung.",
        "Neighbouring sheets share at least 20 mm; the frame names them.",
    ),
    "next_sheet": ("mảnh {name}", "sheet {name}"),
    "more_page": ("Xem tiếp trang sau.", "Continued on the next page."),
    "more_last": ("Xem tiếp ở trang cuối.", "Continued on the last page."),
    "bar": ("1 cm trên bản đồ bằng {m} m ngoài thực địa", "1 cm on the map is {m} m on the ground"),
    "bar_km": ("1 cm trên bản đồ bằng {km} km ngoài thực địa", "1 cm on the map is {km} km on the ground"),
    "sheet": ("Mảnh {k}/{n} · {name}", "Sheet {k} of {n} · {name}"),
    "crs_head": ("Hệ tọa độ và lưới", "Coordinates and grid"),
    "crs_vn": (
        "{crs}. Lưới {m} m, các dấu chữ thập cách nhau 10 cm; hướng lên là bắc lưới. Số ở khung là mét: X (Bắc) theo cạnh đứng, "
        "Y (Đông) theo cạnh ngang. {how}",
        "{crs}. Grid of {m} m, crosses 10 cm apart; grid north is up. Figures at the frame are metres: X (north) along the "
        "sides, Y (east) along top and bottom. {how}",
    ),
    "crs_other": (
        "{crs}. Lưới {m} m, các dấu chữ thập cách nhau 10 cm; hướng lên là bắc lưới. Số ở khung là mét: N (Bắc) theo cạnh đứng, "
        "E (Đông) theo cạnh ngang. {how}",
        "{crs}. Grid of {m} m, crosses 10 cm apart; grid north is up. Figures at the frame are metres: N (north) along the "
        "sides, E (east) along top and bottom. {how}",
    ),
    "shifted": (
        "Chuyển từ WGS 84 (EPSG:4326): {steps}; độ chính xác của phép chuyển {accuracy}.",
        "Transformed from WGS 84 (EPSG:4326): {steps}; accuracy of the transformation {accuracy}.",
    ),
    "shift_step": ("“{name}”{code}{figures}", "“{name}”{code}{figures}"),
    "shift_back": ("nghịch đảo của “{name}”{code}{figures}", "inverse of “{name}”{code}{figures}"),
    "shift_seven": (
        ", dịch chuyển {x}; {y}; {z} m, xoay {rx}; {ry}; {rz} giây, tỷ lệ {s} ppm",
        ", shifts {x}; {y}; {z} m, rotations {rx}; {ry}; {rz} arc-seconds, scale {s} ppm",
    ),
    "shift_none": (
        "Cùng hệ quy chiếu với dữ liệu lưu (WGS 84, EPSG:4326): chỉ tính phép chiếu, không đổi tham số.",
        "Same datum as the stored data (WGS 84, EPSG:4326): projected only, no shift.",
    ),
    "accurate": ("± {m} m", "± {m} m"),
    "norms_head": ("Quy định dùng để so sánh", "Norms compared with"),
    "from_m2": ("sân từ {m2} m²", "grounds of {m2} m² or more"),
    "per_child": ("≥ {m2} m² mỗi trẻ", "≥ {m2} m² per child"),
    "target": (
        "Đạt khi ít nhất {share} % số trẻ được phục vụ (mức do phần mềm đặt, không phải quy định).",
        "Met when at least {share} % of children are served (set by the software, not by a norm).",
    ),
    "target_planner": (
        "Đạt khi ít nhất {share} % số trẻ được phục vụ (do người lập quy hoạch đặt).",
        "Met when at least {share} % of children are served (set by the planner).",
    ),
    "sources_head": ("Nguồn dữ liệu và giấy phép", "Sources and licences"),
    "dates": (
        "Địa giới {vintage}; xét {date}.",
        "Boundaries of {vintage}; studied as of {date}.",
    ),
    "files_head": (
        "Tệp của người dùng, không ghi nguồn và giấy phép",
        "Files of the user, no source or licence stated",
    ),
    "unverified": ("chưa kiểm chứng", "unverified"),
    "foot": (
        "Sân Chơi {version} · lần chạy {run_id} · xét {date}. Nền trung tính, không phải bản đồ địa giới hành chính pháp lý.",
        "Sân Chơi {version} · run {run_id} · study date {date}. Neutral ground; not a legal map of boundaries.",
    ),
    "foot_result": (
        "Sân Chơi {version} · kết quả {result} · lần chạy {run_id} · xét {date}. Nền trung tính, không phải bản đồ địa giới "
        "hành chính pháp lý.",
        "Sân Chơi {version} · result {result} · run {run_id} · study date {date}. Neutral ground; not a legal map of boundaries.",
    ),
    "scale_head": ("Tỷ lệ", "Scale"),
    "legal": (
        "Theo diện tích xã, phường {area} ha: {source}{mark}.",
        "By the commune's area of {area} ha: {source}{mark}.",
    ),
    "legal_province": (
        "Cho bản đồ nhiều xã ({area} ha): {source}{mark}.",
        "For several communes ({area} ha): {source}{mark}.",
    ),
    "given": ("Do người lập bản đồ chọn.", "Chosen by whoever drew the sheet."),
    "fits_all": (
        "Tỷ lệ lớn nhất trong dãy tỷ lệ bản đồ để tất cả nằm gọn trong một mảnh.",
        "The largest of the usual scales of maps at which everything is on one sheet.",
    ),
    "no_rule": (
        "Ngoài Việt Nam, không áp dụng quy định về tỷ lệ; chọn để nằm gọn trong một mảnh.",
        "Outside Viet Nam: no rule of scale applies; chosen so that everything is on one sheet.",
    ),
    "fits": (
        "Tỷ lệ lớn nhất trong dãy tỷ lệ bản đồ để khu đất nằm gọn trong một mảnh.",
        "The largest of the usual scales of maps at which the site fits one sheet.",
    ),
    "fits_commune": (
        "Chọn để cả xã, phường nằm gọn trong bản đồ nhỏ này.",
        "Chosen so that the commune fits this small map.",
    ),
    "fits_picture": (
        "Bản đồ nhỏ để xem, không thuộc dãy tỷ lệ bản đồ thường dùng: chọn để cả xã, phường vừa khung.",
        "A small map to look at, at none of the usual scales of maps: chosen so that the commune fills its frame.",
    ),
    "sign_made": ("Người lập", "Drawn by"),
    "sign_checked": ("Người kiểm tra", "Checked by"),
    "sign_commune": ("Ủy ban nhân dân {kind}", "People's Committee of the commune"),
    "sign_other": ("Cơ quan phê duyệt", "Approved by"),
    "sign_under": ("ký, họ tên, ngày tháng", "signature, name, date"),
    "sign_seal": ("ký, họ tên, đóng dấu, ngày tháng", "signature, name, seal, date"),
    "play_area": ("Sân chơi được tính", "Play area that counts"),
    "play_other": ("Nơi khác, không được tính", "Other place, not counted"),
    "way": ("Đường đi bộ được", "Way on foot"),
    "barrier": ("Sông, đường chắn lối", "River or road in the way"),
    "border": ("Ranh giới xã, phường", "Border of a commune"),
    "border_all": ("Ranh giới ngoài của các xã này", "Outer border of these communes"),
    "border_own": ("Ranh giới xã, phường của bản đồ này", "Border of this map's commune"),
    "inside_head": ("Trong xã, phường: đi bộ tới sân chơi", "In the commune: walk to a play area"),
    "walk_near": ("Trong {m} m", "Within {m} m"),
    "walk_near_all": ("Trong {m} m: tới được, mọi nhóm tuổi", "Within {m} m: in reach of every age group"),
    "walk_part": ("{a}–{b} m: chỉ tới được với nhóm {bands} tuổi", "{a}–{b} m: in reach of ages {bands} only"),
    "walk_far": ("{m}–{twice} m: xa hơn quy định", "{m}–{twice} m: beyond the limit"),
    "walk_very_far": ("Trên {twice} m", "Beyond {twice} m"),
    "walk_no_path": ("Không có đường tới", "No path"),
    "pale": ("Màu nhạt: ô không có trẻ em", "Pale: cell without children"),
    "nobody": ("Nơi không có người ở theo dữ liệu", "Nobody lives here by the data"),
    "children_under": ("Dưới {b} trẻ em trong ô", "Fewer than {b} children in the cell"),
    "children_class": ("{a} đến dưới {b} trẻ em trong ô", "{a} to under {b} children in the cell"),
    "children_more": ("Từ {a} trẻ em trong ô", "{a} or more children in the cell"),
    "not_surveyed": ("Chưa khảo sát: chưa biết", "Not surveyed: unknown"),
    "catchment": ("Vùng đi bộ tới sân gần nhất trong {m} m", "Catchment: within {m} m of the nearest one"),
    "children_head": (
        "Trong xã, phường, chưa khảo sát: nơi có trẻ em",
        "In the commune, not surveyed: where children live",
    ),
    "density_head": (
        "Chưa khảo sát hoặc chưa biết: số trẻ em trên 1 km²",
        "Not surveyed or not known: children per km²",
    ),
    "density_least": ("dưới {b}", "under {b}"),
    "density_class": ("{a} đến dưới {b}", "{a} to under {b}"),
    "density_most": ("từ {a}", "{a} or more"),
    "beside_head": ("Xã, phường lân cận, màu nhạt", "Other communes, pale"),
    "rest_head": ("Ký hiệu khác", "Other marks"),
    "al_head": ("Các xã, phường", "The communes"),
    "al_number": ("TT", "No."),
    "al_name": ("Tên", "Name"),
    "sh_no_supply": ("không có sân", "none"),
    "sh_out_of_reach": ("quá xa", "out of reach"),
    "sh_crowded": ("quá chật", "crowded"),
    "sh_met": ("đạt", "met"),
    "sh_no_children": ("không có trẻ em", "no children"),
    "sh_unknown": ("chưa rõ", "unknown"),
}

LAWS = {
    **advice_words.LAWS,
    "rule on current land-use maps of communes; citation to be completed": "quy định về bản đồ hiện trạng sử dụng đất cấp xã; "
    "chưa ghi đủ số văn bản",
    "rule on current land-use maps of a province; citation to be completed": "quy định về bản đồ hiện trạng sử dụng đất cấp tỉnh; "
    "chưa ghi đủ số văn bản",
}
"""Sources and articles of rows, as the data have them, in Vietnamese. Others are shown as they are."""


def say(key: str, language: str, **values: object) -> str:
    """A word of the sheets, or of the pages, with values filled in."""
    pair = WORDS.get(key) or sites_words.WORDS.get(key) or words.WORDS[key]
    return pair[1 if language == "en" else 0].format(**values)


def known(key: str, language: str) -> str | None:
    """A word where there is one."""
    found = key in WORDS or key in sites_words.WORDS or key in words.WORDS
    return say(key, language) if found else None
