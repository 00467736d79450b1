"""Words of a parcel's panel that say what to do, of a plan's aim, and of laws: plain Vietnamese and English, Vietnamese first."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "sites_map": ("Bản đồ nơi làm sân chơi", "Play area sites map"),
    # verdict in one line
    "vp_eligible": ("Phù hợp", "Eligible"),
    "vp_decide": (
        "Có điều kiện: còn phải được quyết định hoặc xem xét",
        "Conditional: still to be decided or looked into",
    ),
    "vp_check": ("Có điều kiện: chỉ vì chưa kiểm tra đủ", "Conditional: only because not all was checked"),
    "vp_excluded": ("Bị loại: không làm sân chơi ở đây được", "Excluded: no play area can stand here"),
    # what stands against a parcel, and what to do
    "a_why": ("Vì sao", "Why"),
    "a_do": ("Cần làm gì", "What to do"),
    "a_land_x": (
        "Loại đất {code} (nhóm X) không được dùng làm sân chơi.",
        "Land of use {code} (class X) may not become a play area.",
    ),
    "a_land_b": (
        "Loại đất {code} (nhóm B): phải chuyển mục đích sử dụng đất.",
        "Land of use {code} (class B): its use must be changed first.",
    ),
    "a_land_c": (
        "Loại đất {code} (nhóm C): phải có nghị quyết cho chuyển mục đích sử dụng đất.",
        "Land of use {code} (class C): a resolution must allow the change of use.",
    ),
    "a_land_a": (
        "Loại đất {code} (nhóm A, thuận lợi nhất) nhưng cần được xác nhận.",
        "Land of use {code} (class A, the easiest), but somebody must confirm it.",
    ),
    "a_land_unknown": (
        "Chưa rõ thửa này là loại đất gì (ghi là “{code}”).",
        "What land this is is not known (recorded as “{code}”).",
    ),
    "a_land_blank": ("Chưa ghi thửa này là loại đất gì.", "What land this is is not recorded."),
    "a_small": (
        "Phần đất liền khối dùng được là {v}, cần ít nhất {l}.",
        "The largest usable piece has {v}; at least {l} is needed.",
    ),
    "a_value": ("{name}: {v}, giới hạn {l}.", "{name}: {v}, the limit is {l}."),
    "a_cut": (
        "Không đạt trên một phần thửa: {name}. Phần đó đã được trừ, còn dùng được {m2}.",
        "Not met on part of the parcel: {name}. That part is left out; {m2} can be used.",
    ),
    "a_cut_all": ("Không đạt: {name}.", "Not met: {name}."),
    "a_soft": (
        "Nên cân nhắc (khuyến nghị, không bắt buộc): {name}, {by}.",
        "Worth a thought (advice, no bar): {name}, {by}.",
    ),
    "a_by": ("đo được {v}, khuyến nghị {l}", "measured {v}, advised {l}"),
    "a_layers": (
        "Chưa kiểm tra vì nghiên cứu không có lớp dữ liệu: {layers}.",
        "Not checked, for the study has no layer of: {layers}.",
    ),
    "a_doubt": (
        "Chưa kiểm tra được vì dữ liệu ở thửa này chưa đủ rõ: {names}.",
        "Could not be checked, for the data at this parcel do not say enough: {names}.",
    ),
    "d_who": ("Ai quyết định: {who}.", "Who decides: {who}."),
    "d_layers": (
        "Kiểm tra tại thực địa hoặc hỏi cơ quan quản lý chuyên ngành về những điều chưa kiểm tra ở trên.",
        "Check on the ground, or ask the authority in charge, what was not checked above.",
    ),
    "d_excluded": (
        "Chọn thửa khác, hoặc nếu số liệu trên chưa đúng thì báo để sửa.",
        "Choose another parcel, or report what is wrong above.",
    ),
    "d_none": (
        "Không còn vướng gì trong những điều đã kiểm tra. Vẫn cần xác minh tại thực địa trước khi xây.",
        "Nothing checked stands against it. It must still be seen on the ground before building.",
    ),
    "d_report": (
        "Nếu có điều chưa đúng với thực tế: báo cho người lập nghiên cứu này, ghi mã thửa {id} và mã lần chạy {run}.",
        "If something here is not so on the ground: tell whoever made this study, with parcel {id} and run {run}.",
    ),
    "cut_off": ("phần vướng đã được trừ", "that part is left out"),
    "over_budget": ("Chi phí {c}, ngân sách {b}.", "It costs {c}, the budget is {b}."),
    "all_served_one": (
        "{n} trẻ em trong tầm đi bộ của thửa này đều đã có sân chơi gần.",
        "The {n} child within walking distance of it has a play area within reach.",
    ),
    "all_served": (
        "{n} trẻ em trong tầm đi bộ của thửa này đều đã có sân chơi gần.",
        "The {n} children within walking distance of it all have a play area within reach.",
    ),
    "none_near": ("Không trẻ em nào ở trong tầm đi bộ của thửa này.", "No child lives within walking distance of it."),
    # layers of constraints
    "cl_petrol": ("trạm xăng dầu", "petrol stations"),
    "cl_power": ("đường dây điện", "power lines"),
    "cl_water": ("sông, hồ, kênh", "water"),
    "cl_dikes": ("đê", "dikes"),
    "cl_cemeteries": ("nghĩa trang, cơ sở hỏa táng", "cemeteries and crematoria"),
    "cl_roads": ("đường theo cấp", "roads by class"),
    "cl_bridges": ("cầu", "bridges"),
    "cl_landfill": ("bãi rác", "landfills"),
    "cl_industry": ("cơ sở gây ô nhiễm, cháy nổ", "polluting or explosive premises"),
    "cl_military": ("đất quốc phòng, an ninh", "military land"),
    "cl_buildings": ("công trình đã xây dựng", "buildings"),
    "cl_flood": ("vùng ngập lụt", "flood ground"),
    "cl_play_areas": ("sân chơi đã có", "play areas there are"),
    "cl_terrain": ("độ dốc", "slope"),
    "cl_schools": ("trường học", "schools"),
    "cl_halls": ("nhà văn hóa", "village halls"),
    "cl_slope": ("độ dốc", "slope"),
    # conditional parcels in the summary
    "only_open": (
        "{n} thửa “có điều kiện” chỉ vì chưa kiểm tra đủ.",
        "{n} parcels are conditional only because not all was checked.",
    ),
    "only_open_one": (
        "{n} thửa “có điều kiện” chỉ vì chưa kiểm tra đủ.",
        "{n} parcel is conditional only because not all was checked.",
    ),
    "plan_open_one": (
        "{c} điểm chỉ còn chờ kiểm tra những điều chưa kiểm tra được.",
        "{c} of them only waits for what could not be checked.",
    ),
    "plan_open": (
        "{c} điểm chỉ còn chờ kiểm tra những điều chưa kiểm tra được.",
        "{c} of them only wait for what could not be checked.",
    ),
    "no_layers": ("Nghiên cứu không có lớp dữ liệu: {layers}.", "The study has no layer of: {layers}."),
    # the aim of a plan, where it is not simply children
    "v_p_median": (
        "Tính trung bình, mỗi trẻ đi bộ {v} (trẻ không có điểm nào trong tầm được tính là đi {beyond}).",
        "A child walks {v} on average (one with nothing in reach counts as {beyond}).",
    ),
    "v_kolm_pollak": (
        "Quãng đường đại diện, tính nặng hơn cho trẻ phải đi xa: {v} mỗi trẻ "
        "(trẻ không có điểm nào trong tầm được tính là đi {beyond}).",
        "Representative walk, where long walks weigh more: {v} a child (one with nothing in reach counts as {beyond}).",
    ),
    "v_max_min": (
        "Ở xã, phường thấp nhất, {v} trẻ em đi bộ tới được sân chơi.",
        "In the commune with the lowest share, {v} of the children can walk to a play area.",
    ),
    "v_max_min_need": (
        "Ở xã, phường thấp nhất, {v} trẻ em có một điểm trong tầm đi bộ.",
        "In the commune with the lowest share, {v} of the children have a site within reach.",
    ),
    "v_cover_all": (
        "Để mọi trẻ em có thể giúp được đều có sân chơi trong tầm đi bộ, cần {v}.",
        "To bring a play area within reach of all who can be helped takes {v}.",
    ),
    "v_cover_all_need": (
        "Để mọi trẻ em mà các thửa này có thể với tới đều có một điểm trong tầm đi bộ, cần {v}.",
        "To bring a site within reach of all children whom these parcels can reach takes {v}.",
    ),
    "v_need": (
        "Chưa tính sân chơi hiện có, vì chưa khảo sát.",
        "The play areas of today are left out, for they are not surveyed.",
    ),
    "v_capacitated": (
        "Các điểm đủ chỗ cho {v} trẻ em, theo số m² mỗi trẻ.",
        "The sites have room for {v} children at the m² that each child needs.",
    ),
    "n_sites": ("{n} điểm", "{n} sites"),
    "n_sites_one": ("{n} điểm", "{n} site"),
    "o_p_median": ("có quãng đường đi bộ trung bình ngắn hơn", "has a shorter mean walk"),
    "o_max_min": ("cho xã, phường thấp nhất tỷ lệ cao hơn", "lifts the commune with the lowest share higher"),
    "o_capacitated": ("đủ chỗ cho nhiều trẻ em hơn", "has room for more children"),
    "o_kolm_pollak": ("có quãng đường đi bộ đại diện ngắn hơn", "has a shorter representative walk"),
    "o_cover_all_VND": (
        "giúp được tất cả trẻ em có thể giúp mà ít tốn kém hơn",
        "helps all children who can be helped for less money",
    ),
    "o_cover_all_sites": (
        "giúp được tất cả trẻ em có thể giúp mà cần ít điểm hơn",
        "helps all children who can be helped with fewer sites",
    ),
    "verified": (
        "Kết quả đã được tính lại bằng một chương trình riêng, cho cùng con số.",
        "The result was worked out again by separate code, with the same numbers.",
    ),
    "not_verified": (
        "CẢNH BÁO: chương trình tính lại cho kết quả khác. Không dùng phương án này; hãy báo lỗi.",
        "WARNING: separate code came to other numbers. Do not use this plan; report the fault.",
    ),
    "plan_rules": ("Điều kiện đặt ra cho phương án: {rules}.", "Rules set for the plan: {rules}."),
    "r_spacing": ("các điểm cách nhau ít nhất {m}", "sites at least {m} apart"),
    "r_min": ("mỗi xã, phường ít nhất {n} điểm", "at least {n} sites in each commune"),
    "r_min_one": ("mỗi xã, phường ít nhất {n} điểm", "at least {n} site in each commune"),
    "r_fixed": ("bắt buộc có: {ids}", "must be in it: {ids}"),
    "r_forbidden": ("không được chọn: {ids}", "must not be in it: {ids}"),
    "r_eligible": ("chỉ chọn thửa phù hợp", "eligible parcels only"),
    "replanned": ("phương án lập lại từ lần chạy {run}", "plan made anew from run {run}"),
    # unknown values count 0
    "at_least_of": ("ít nhất {x}", "at least {x}"),
    "ranks_low": (
        "Điều chưa biết của thửa này được tính là 0, nên xác suất có thể cao hơn.",
        "What is not known of this parcel counts 0, so the probabilities may be higher.",
    ),
    "ranks_note": (
        "Khi trọng số các tiêu chí thay đổi ({draws} lần thử): xác suất đứng đầu {first}, "
        "xác suất thuộc {p} thửa tốt nhất {best}.",
        "When the weights of the criteria vary ({draws} draws): first with probability {first}, "
        "among the best {p} with probability {best}.",
    ),
    "table_low": (
        "Dấu ≥: còn điều chưa biết, được tính là 0.",
        "The sign ≥: something is not known of the parcel and counts 0.",
    ),
    # where the numbers come from
    "from_tables": ("Số liệu: {tables} · mã lần chạy {run}.", "Numbers from {tables} · run {run}."),
    "how_scored": ("Tiêu chí chấm điểm và trọng số", "Criteria of the score and their weights"),
    "how_screened": ("Các điều kiện đã xét và căn cứ", "Constraints and what they rest on"),
    "k_name": ("Tiêu chí", "Criterion"),
    "k_weight": ("Trọng số", "Weight"),
    "k_scale": ("Kém nhất → tốt nhất", "Worst → best"),
    "k_reason": ("Vì sao thang này", "Why this scale"),
    "k_not": ("không đo", "not measured"),
    "lg_verified": ("Đối chiếu văn bản", "Checked against the text"),
    "lg_checked": ("Đã kiểm tra", "Checked"),
    "yes": ("có", "yes"),
    "b_not_verified": (
        "Phương án không khớp khi tính lại: không dùng",
        "The plan failed its second computation: do not use it",
    ),
    "index_plan": ("Phương án chọn địa điểm", "The plan of sites"),
    "index_ask_one": (
        "{c} điểm trong số này còn có điều kiện: xem từng điểm trên bản đồ.",
        "{c} of them is conditional: the map tells why.",
    ),
    "index_ask": (
        "{c} điểm trong số này còn có điều kiện: xem từng điểm trên bản đồ.",
        "{c} of them are conditional: the map tells why.",
    ),
}

LAWS: dict[str, str] = {
    "rule on petrol stations, read 2026-11; citation to be completed": "quy định về trạm xăng dầu, đọc 11/2026; "
    "chưa ghi đủ số văn bản",
    "rule on dikes, read 2026-11; citation to be completed": "quy định về đê điều, đọc 11/2026; chưa ghi đủ số văn bản",
    "rule on road structures, read 2026-11; citation to be completed": "quy định về kết cấu hạ tầng đường bộ, đọc 11/2026; "
    "chưa ghi đủ số văn bản",
    "rule for new cemeteries": "quy định cho nghĩa trang mới",
    "from memory": "ghi theo trí nhớ, chưa có văn bản",
    "sources disagree: 500–1,000 m": "các nguồn không thống nhất: 500–1.000 m",
    "design choice of this project": "lựa chọn thiết kế của phần mềm, không phải quy định",
    "set by the planner": "do người lập quy hoạch đặt",
    "least ground of a play area, set by the study or its norm": "diện tích tối thiểu do nghiên cứu hoặc quy chuẩn đặt",
    "Decree 14/2014/NĐ-CP": "Nghị định 14/2014/NĐ-CP",
    "Decree 53/2024/NĐ-CP": "Nghị định 53/2024/NĐ-CP",
    "Law on Children 102/2016": "Luật Trẻ em 102/2016",
    "Circular 08/2024/TT-BTNMT as amended by 23/2025 (consolidated text VBHN 37)": "Thông tư 08/2024/TT-BTNMT, "
    "được sửa đổi theo Thông tư 23/2025 (văn bản hợp nhất VBHN 37)",
    "Circular 27/2018/TT-BTNMT": "Thông tư 27/2018/TT-BTNMT",
    "distance from the outer conductor": "khoảng cách từ dây ngoài cùng",
    "list of land types": "danh mục loại đất",
    "Art 24": "Điều 24",
    "Art 6(13)": "Điều 6 khoản 13",
}
"""Sources and articles of the constraint and land-use rows, as the data have them, in Vietnamese. Others are shown as they are."""
