"""Words of the pages, in plain Vietnamese and English: one table. The first word of a pair is Vietnamese."""

from __future__ import annotations

from sanchoi.gis.sentences import number
from sanchoi.maps import advice_words

LANGUAGES = ("vi", "en")

WORDS: dict[str, tuple[str, str]] = {
    # the page
    "title": ("Bản đồ thiếu sân chơi", "Play area gap map"),
    "language": ("Ngôn ngữ", "Language"),
    "to_table": ("Đến bảng số liệu", "Go to the table"),
    "no_script": (
        "Trang này cần JavaScript. Các số liệu cũng có trong tables/gaps.csv.",
        "This page needs JavaScript. The same numbers are in tables/gaps.csv.",
    ),
    "map_label": ("Bản đồ các xã, phường", "Map of the communes"),
    "zoom": ("Phóng to, thu nhỏ bản đồ", "Zoom of the map"),
    "zoom_in": ("Phóng to", "Zoom in"),
    "zoom_out": ("Thu nhỏ", "Zoom out"),
    "whole": ("Xem toàn bộ", "Show all"),
    "search": ("Tìm xã, phường", "Find a commune"),
    "search_hint": ("Gõ tên, có dấu hay không dấu", "Type a name, with or without accents"),
    "none_found": ("Không tìm thấy", "Nothing found"),
    "found": ("Tìm thấy {n}", "{n} found"),
    "band": ("Nhóm tuổi", "Age group"),
    "band_all": ("Mọi lứa tuổi", "All ages"),
    "band_ages": ("{band} tuổi", "{band} years"),
    "show": ("Tô màu theo", "Colour by"),
    "show_communes": ("Theo xã, phường", "By commune"),
    "show_cells": ("Theo ô lưới {cell} m", "By cell of {cell} m"),
    "legend": ("Chú giải", "Legend"),
    "layers": ("Hiện thêm", "Also show"),
    "details": ("Chi tiết", "Details"),
    "details_hint": (
        "Chạm vào một xã, phường hoặc một sân chơi trên bản đồ, hoặc chọn một dòng trong bảng.",
        "Tap a commune or a play area on the map, or choose a row of the table.",
    ),
    "close": ("Về phần tóm tắt", "Back to the summary"),
    "summary": ("Tóm tắt", "Summary"),
    "about": ("Nguồn và cách tính", "Sources and method"),
    "print": ("In", "Print"),
    # banners
    "synthetic": ("Bản chạy thử: số liệu hoàn toàn hư cấu", "Synthetic demo: all data are invented"),
    "estimate": ("Số trẻ em là ước tính", "Numbers of children are an estimate"),
    "distance_only": (
        "Chỉ xét khoảng cách: quy định không nêu số m² mỗi trẻ",
        "Distance only: the norm sets no m² per child",
    ),
    "unverified": ("Quy định chưa kiểm chứng", "Unverified norm"),
    "planner": (
        "Khoảng cách, số m² do người lập quy hoạch đặt, không phải mức của quy chuẩn",
        "Limits set by the planner, not by the norm",
    ),
    "out_of_date": ("Quy định không còn hoặc chưa có hiệu lực vào ngày xét", "Norm not in force on the study's date"),
    "no_limit": ("Quy định không nêu khoảng cách đi bộ", "The norm sets no walking distance"),
    "straight_line": (
        "Không có mạng đường: khoảng cách đi bộ lấy đường chim bay × {detour}",
        "No road network: walking distance is the straight line × {detour}",
    ),
    "all_unknown": ("Chưa khảo sát sân chơi ở nơi nào", "Play areas have not been surveyed anywhere"),
    # what the map can show
    "by_status": ("Tình trạng", "Status"),
    "by_share": ("Tỷ lệ trẻ đi bộ tới được sân chơi", "Share of children who can walk to one"),
    "by_m2": ("Số m² sân chơi mỗi trẻ", "m² of play area per child"),
    "by_children": ("Số trẻ em", "Number of children"),
    "by_walk": ("Khoảng cách đi bộ tới sân chơi", "Walking distance to a play area"),
    "by_circle": ("Đi bộ thật so với vòng tròn", "Real walk against the circle"),
    "by_cell_children": ("Số trẻ em trong mỗi ô", "Children in each cell"),
    "l_sites": ("Sân chơi được tính", "Play areas that count"),
    "l_others": ("Nơi khác, không được tính", "Other places, not counted"),
    "l_barriers": ("Sông, đường chắn lối", "Rivers and roads in the way"),
    "l_names": ("Tên xã, phường", "Names of communes"),
    # legend
    "walk_near": ("Trong {d} m", "Within {d} m"),
    "walk_far": ("Từ {d} đến {d2} m", "From {d} to {d2} m"),
    "walk_very_far": ("Xa hơn {d2} m", "Beyond {d2} m"),
    "walk_no_path": ("Không có đường đi", "No way on foot"),
    "circle_reached": ("Đi bộ tới được trong {d} m", "Reached on foot within {d} m"),
    "circle_claimed": (
        "Chỉ trong vòng tròn {d} m: đi bộ thật thì không tới",
        "Only inside the circle of {d} m: not reached on foot",
    ),
    "circle_beyond": ("Ngoài cả hai", "Beyond both"),
    "norm_distance": ("khoảng cách quy định", "the norm's distance"),
    "circle_reached_tiers": ("Đi bộ tới được trong khoảng cách quy định", "Reached on foot within the norm's distance"),
    "circle_claimed_tiers": (
        "Chỉ theo đường chim bay: đi bộ thật thì không tới",
        "Only as the crow flies: not reached on foot",
    ),
    "pale": ("Màu nhạt: ô không có trẻ em", "Pale: no children live there"),
    "unknown_area": ("Chưa khảo sát: chưa biết", "Not surveyed: not known"),
    "no_value": ("Không có số liệu", "No figure"),
    "strictest": (
        "Vẽ theo mức chặt nhất: {d} m ({band})",
        "Drawn for the strictest limit: {d} m ({band})",
    ),
    "below": ("dưới {b}", "below {b}"),
    "from_to": ("{a} đến dưới {b}", "{a} to under {b}"),
    "from_on": ("từ {a} trở lên", "{a} and more"),
    "target": ("Mức cần đạt: {t} % trẻ em", "Target: {t} % of children"),
    "norm_m2": ("Mức quy định: {n} m² mỗi trẻ", "Norm: {n} m² per child"),
    "per_cell": ("trẻ mỗi ô", "children per cell"),
    # statuses
    "s_unknown": ("Chưa khảo sát hoặc chưa biết", "Not surveyed or not known"),
    "s_no_children": ("Không có trẻ em", "No children"),
    "s_no_supply": ("Không có sân chơi", "No play area"),
    "s_out_of_reach": ("Quá xa: nhiều trẻ không đi bộ tới được", "Out of reach: many cannot walk there"),
    "s_crowded": ("Quá chật: tới được nhưng thiếu chỗ", "Crowded: reached, but too little ground"),
    "s_met": ("Đạt", "Met"),
    "t_unknown": ("Chưa biết", "Unknown"),
    "t_no_children": ("Không có trẻ", "No children"),
    "t_no_supply": ("Không có sân", "No play area"),
    "t_out_of_reach": ("Quá xa", "Out of reach"),
    "t_crowded": ("Quá chật", "Crowded"),
    "t_met": ("Đạt", "Met"),
    # numbers
    "n_children": ("Số trẻ em", "Children"),
    "n_uncovered": ("Trẻ không đi bộ tới được", "Children who cannot walk to one"),
    "n_share": ("Tỷ lệ trẻ đi bộ tới được", "Share who can walk to one"),
    "n_access": ("m² mỗi trẻ, khi mọi trẻ tới được cùng dùng chung", "m² per child, shared by all who can walk there"),
    "n_provision": ("m² mỗi trẻ, chia đều cho trẻ ở đây", "m² per child, shared out in the commune"),
    "n_area": ("Diện tích sân chơi ở đây", "Play area inside the commune"),
    "n_known_area": ("Phần diện tích đã biết", "Known part of it"),
    "n_shortfall": ("Diện tích còn thiếu", "Shortfall"),
    "n_walk": ("Khoảng cách quy định", "Norm: walking distance"),
    "n_norm_m2": ("Mức quy định mỗi trẻ", "Norm: ground per child"),
    "n_person": ("m² mỗi người dân (quy định {n})", "m² per resident (norm {n})"),
    "n_detour": ("Đường đi dài gấp mấy lần đường chim bay", "Walk ÷ straight line"),
    "n_rank": ("Thứ tự nên khảo sát", "Survey order"),
    "n_of": ("trẻ", "children"),
    "n_young": ("{n} trẻ", "{n} children"),
    "n_young_one": ("{n} trẻ", "{n} child"),
    "first_gap": ("Nơi nhiều trẻ chưa tới được sân chơi nhất", "Where most children lack a play area"),
    "first_survey": ("Nên khảo sát trước: nơi đông trẻ nhất", "Survey first: where most children live"),
    "rank_of": ("thứ {k}", "no. {k}"),
    "unknown_value": ("chưa biết", "unknown"),
    "no_norm": ("không quy định", "not set"),
    "no_norm_m2": ("không quy định số m² mỗi trẻ", "no m² per child set"),
    "norm_row_m2": ("{m2} mỗi trẻ", "{m2} per child"),
    "planner_head": ("Mức do người lập quy hoạch đặt, không phải của {norm}", "Set by the planner, not by {norm}"),
    "why": ("Vì sao", "Why"),
    "p_barrier": ("Sông hoặc đường lớn chắn lối", "A river or main road is in the way"),
    "p_detour": ("Đường đi bộ vòng xa", "The way on foot is roundabout"),
    "p_area": ("Sân chơi quá chật", "Play areas too small for all"),
    "p_supply": ("Không có sân chơi nào ở gần", "No play area near at all"),
    "tiers": ("Tỷ lệ theo từng loại sân", "Share by kind of ground"),
    "tier_row": ("{tier}: trong {d} m", "{tier}: within {d} m"),
    "tier_size": (", từ {a} m²", ", {a} m² or more"),
    "tier_garden": ("Vườn hoa, sân chơi", "Garden"),
    "tier_park": ("Công viên", "Park"),
    "tier_planner": ("Mức tự đặt", "Set by the planner"),
    "remarks": ("Lưu ý", "Remarks"),
    "norms_used": ("Quy định áp dụng", "Norms used"),
    "norm_row": ("{band}: đi bộ {d}, {m2}", "{band}: walk {d}, {m2}"),
    "norm_person": ("{m2} mỗi người dân", "{m2} per resident"),
    "norm_link": ("Xem nguồn của quy định", "See where the norm comes from"),
    "is_verified": ("đã kiểm chứng", "verified"),
    "is_unverified": ("chưa kiểm chứng", "unverified norm"),
    "planner_m2": ("số m² mỗi trẻ do người lập quy hoạch đặt", "m² per child set by the planner"),
    "is_design": ("lựa chọn của phương pháp, không phải quy định", "a choice of the method, not a norm"),
    "is_planner": ("do người lập quy hoạch đặt", "set by the planner"),
    "in_force": ("hiệu lực {a} – {b}", "in force {a} – {b}"),
    "code": ("Mã", "Code"),
    "vintage": ("địa giới {v}", "boundaries of {v}"),
    # flags
    "f_edge": (
        "Sát mép vùng nghiên cứu: sân chơi phía bên kia chưa được tính.",
        "At the edge of the study: play areas beyond it are not counted.",
    ),
    "f_lower_bound": (
        "Giáp nơi chưa khảo sát: thực tế có thể tốt hơn.",
        "Next to unsurveyed ground: the truth may be better.",
    ),
    "f_estimate": ("Số trẻ em là ước tính.", "The number of children is an estimate."),
    "f_unverified_norm": (
        "Quy định chưa được đối chiếu với văn bản gốc; chưa nên đưa vào hồ sơ.",
        "The norm was not checked against the legal text: not fit for a dossier yet.",
    ),
    "f_coarse_weights": (
        "Nơi trẻ em ở được suy từ lưới dân số thô.",
        "Where children live is inferred from a coarse population grid.",
    ),
    "f_off_network": (
        "Nhiều trẻ ở xa đường có trên bản đồ: khoảng cách kém chắc chắn.",
        "Many children live far from any mapped way: distances are less sure.",
    ),
    "f_area_unknown": ("Có sân chơi chưa rõ diện tích.", "Some play areas have no known size."),
    "f_norm_out_of_date": (
        "Quy định không có hiệu lực vào ngày xét.",
        "The norm is not in force on the study's date.",
    ),
    # kinds of commune
    "u_commune": ("Xã", "Rural commune"),
    "u_ward": ("Phường", "Ward"),
    "u_town": ("Thị trấn", "Township"),
    "u_xã": ("xã", "rural commune"),
    "u_phường": ("phường", "ward"),
    "u_thị trấn": ("thị trấn", "township"),
    # play areas
    "sites_here": ("Sân chơi và nơi khác ở đây ({n})", "Play areas and other places here ({n})"),
    "site_ring": (
        "Vòng nét đứt: {d} m theo đường chim bay.",
        "Dashed ring: {d} m as the crow flies.",
    ),
    "site_unnamed": ("Chưa có tên", "No name"),
    "site_counts": ("Được tính là sân chơi mở cửa", "Counts as an open play area"),
    "site_not": ("Không được tính", "Does not count"),
    "kind_not": ("loại này không tính là sân chơi", "this kind is not a play area"),
    "site_kind": ("Loại", "Kind"),
    "site_access": ("Vào cửa", "Access"),
    "site_area": ("Diện tích", "Area"),
    "site_commune": ("Thuộc", "In"),
    "site_nearest": (
        "Trẻ đi bộ trong {d} m tới đây, và đây là sân gần nhất",
        "Children who walk within {d} m and have this one nearest",
    ),
    "site_claimed": (
        "Trẻ sống trong vòng tròn {d} m quanh đây",
        "Children who live in the circle of {d} m around it",
    ),
    "site_circle": (
        "Vòng nét đứt: {d} m theo đường chim bay. Ô xanh: nơi đi bộ tới đây trong {d} m và đây là sân gần nhất.",
        "Dashed ring: {d} m as the crow flies. Blue cells: within {d} m on foot, and this one is the nearest.",
    ),
    "a_public": ("mở cho mọi người", "open to all"),
    "a_restricted": ("hạn chế", "restricted"),
    "a_fee": ("thu phí", "for a fee"),
    "a_closed": ("đóng cửa", "closed"),
    "a_unknown": ("chưa rõ", "not known"),
    "k_playground": ("sân chơi", "playground"),
    "k_park": ("công viên", "park"),
    "k_garden": ("vườn hoa", "garden"),
    "k_pitch": ("sân thể thao", "pitch"),
    "k_schoolyard": ("sân trường", "schoolyard"),
    "k_school": ("sân trường", "schoolyard"),
    "k_village_hall": ("nhà văn hóa", "village hall"),
    # the table
    "table": ("Bảng số liệu", "Table"),
    "table_hint": (
        "Bấm tên cột để xếp lại. Dùng phím mũi tên để chuyển dòng, Enter để xem trên bản đồ.",
        "Press a heading to sort. Arrow keys move between rows, Enter shows the row on the map.",
    ),
    "c_name": ("Xã, phường", "Commune"),
    "c_status": ("Tình trạng", "Status"),
    "c_children": ("Trẻ em", "Children"),
    "c_children_uncovered": ("Không đi bộ tới được", "Cannot walk to one"),
    "c_covered_share": ("Tới được, %", "Can walk, %"),
    "c_access_m2_per_child": ("m² mỗi trẻ", "m² per child"),
    "c_play_area_m2": ("Sân chơi, m²", "Play area, m²"),
    "c_shortfall_m2": ("Còn thiếu, m²", "Shortfall, m²"),
    "c_survey_rank": ("Thứ tự khảo sát", "Survey order"),
    # sources
    "sources": ("Nguồn dữ liệu và giấy phép", "Data sources and licences"),
    "layer_communes": ("Ranh giới xã, phường", "Communes"),
    "layer_children": ("Số trẻ em", "Children"),
    "layer_population": ("Dân số", "Population"),
    "layer_buildings": ("Nhà cửa", "Buildings"),
    "layer_landuse": ("Sử dụng đất", "Land use"),
    "layer_play_areas": ("Sân chơi", "Play areas"),
    "layer_network": ("Đường sá", "Ways"),
    "layer_barriers": ("Sông, đường chắn lối", "Barriers"),
    "layer_halo": ("Vùng lân cận", "Surroundings"),
    "layer_parcels": ("Thửa đất", "Parcels"),
    "layer_constraints": ("Lớp điều kiện", "Constraint layer"),
    "layer_terrain": ("Địa hình", "Terrain"),
    "layer_nearby": ("Trường học, nhà văn hóa", "Schools and halls"),
    "layer_norms": ("Quy định", "Norms"),
    "no_licence": ("không ghi giấy phép", "licence not stated"),
    "own_file": ("tệp của người dùng", "file of the user"),
    "leaflet": (
        "Bản đồ vẽ bằng Leaflet 1.9.4 (BSD 2-Clause).",
        "Map drawn with Leaflet 1.9.4 (BSD 2-Clause).",
    ),
    "run_id": ("Mã lần chạy", "Run"),
    "study_date": ("Ngày xét quy định", "Study date"),
    "warnings": ("Cảnh báo của lần chạy", "Warnings of this run"),
    "no_warnings": ("Không có cảnh báo.", "No warnings."),
    # the front page
    "index_open": ("Mở bản đồ", "Open the map"),
    "index_statuses": ("Số xã, phường theo tình trạng", "Communes by status"),
    "index_files": ("Bảng và tệp", "Tables and files"),
    "index_unknown": ("Điều chưa biết", "What is not known"),
    "file_xlsx": ("Bảng kết quả cho Excel", "The gaps for a spreadsheet"),
    "file_csv": ("Bảng kết quả dạng CSV (dấu chấm thập phân)", "The gaps as CSV (decimal points)"),
    "file_gpkg": ("Các lớp cho phần mềm GIS", "The layers for a GIS"),
    "file_run": ("Cách tính: dữ liệu vào, cấu hình, phiên bản", "How it was made: inputs, settings, versions"),
    "file_gaps": ("Kết quả theo xã, phường và nhóm tuổi", "Gaps by commune and age group"),
    "file_communes": ("Xã, phường", "Communes"),
    "file_play_areas": ("Sân chơi", "Play areas"),
    "file_cells": ("Ô lưới: khoảng cách", "Cells: distances"),
    "file_cell_bands": ("Ô lưới: trẻ em theo nhóm tuổi", "Cells: children by age group"),
    "file_coverage_by_tier": ("Tỷ lệ theo loại sân", "Share by kind of ground"),
    "file_reasons": ("Nguyên nhân, theo số trẻ", "Reasons, in children"),
    "file_barriers": ("Sông, đường chắn lối", "Rivers and roads in the way"),
    "u_all_blind": (
        "Chưa khảo sát sân chơi ở nơi nào: chưa thể nói nơi nào thiếu.",
        "Play areas have not been surveyed anywhere: where they are missing cannot be said.",
    ),
    "u_blind": ("{n} xã, phường chưa khảo sát: {names}.", "{n} communes are not surveyed: {names}."),
    "u_blind_one": ("{n} xã, phường chưa khảo sát: {names}.", "{n} commune is not surveyed: {names}."),
    "u_count": ("{n} xã, phường chưa có số trẻ em: {names}.", "{n} communes have no count of children: {names}."),
    "u_count_one": ("{n} xã, phường chưa có số trẻ em: {names}.", "{n} commune has no count of children: {names}."),
    "u_sizes": ("{n} sân chơi chưa rõ diện tích.", "{n} play areas have no known size."),
    "u_sizes_one": ("{n} sân chơi chưa rõ diện tích.", "{n} play area has no known size."),
    "u_distance": (
        "Sân chơi có quá chật hay không: quy định không nêu số m² mỗi trẻ.",
        "Whether play areas are too small: the norm sets no m² per child.",
    ),
    "u_network": (
        "Đường đi bộ thật: không có mạng đường, khoảng cách lấy đường chim bay × {detour}.",
        "The real ways on foot: there is no network, distance is the straight line × {detour}.",
    ),
    "u_estimate": (
        "Số trẻ em chính xác: các con số là ước tính.",
        "The exact number of children: the figures are an estimate.",
    ),
    "u_always": (
        "Chất lượng, an toàn và bóng mát của sân chơi không được xét.",
        "How good, safe and shaded a play area is, is not judged.",
    ),
    "more": ("và {n} nơi khác", "and {n} more"),
    "neutral": (
        "Nền trung tính, không phải bản đồ địa giới hành chính pháp lý.",
        "Neutral ground; not a legal map of boundaries.",
    ),
}


def table() -> dict[str, dict[str, str]]:
    """Words by language, for the page."""
    land = {key: pair for key, pair in advice_words.WORDS.items() if key.startswith(("cl_", "sites_map"))}
    return {code: {key: pair[i] for key, pair in {**WORDS, **land}.items()} for i, code in enumerate(LANGUAGES)}


def word(key: str, language: str, **values: object) -> str:
    """One word or sentence, its blanks filled.

    Raises
    ------
    KeyError : there is no such word.
    """
    return WORDS[key][LANGUAGES.index(language)].format(**values)


def counted(key: str, count: int, language: str, **values: object) -> str:
    """A sentence about a number of things; of one alone English says it otherwise (`KEY_one`)."""
    chosen = f"{key}_one" if count == 1 and f"{key}_one" in WORDS else key
    return word(chosen, language, n=number(count, language), **values)
