"""Words of the page that says how the figures are made: plain sentences and the formulas that matter. Vietnamese, English."""

from __future__ import annotations

METHOD: dict[str, tuple[str, str]] = {
    "mt_children": ("Trẻ em ở đâu", "Where children live"),
    "mt_children_text": (
        "Số trẻ em của mỗi xã, phường được chia vào các ô {cell} m theo {weights}. Tổng của xã, phường giữ nguyên.",
        "The children of each commune are spread over cells of {cell} m by {weights}. Totals of communes are kept.",
    ),
    "mt_children_formula": (
        "trẻ của ô = trẻ của xã × trọng số của ô ÷ tổng trọng số của xã",
        "children of a cell = children of the commune × weight of the cell ÷ weights of the commune",
    ),
    "mt_w_raster": ("lưới dân số", "a population grid"),
    "mt_w_population": ("lưới dân số", "a population grid"),
    "mt_w_buildings": ("nhà ở (diện tích × số tầng)", "homes (footprint × storeys)"),
    "mt_w_landuse": ("đất ở", "residential land"),
    "mt_w_area": ("diện tích", "area"),
    "mt_w_other": ("lớp dữ liệu tốt nhất có được", "the best layer there is"),
    "mt_supply": ("Sân chơi nào được tính", "Which play areas count"),
    "mt_supply_text": (
        "Sân được tính khi mở cho mọi người, không thu phí và thuộc loại sân chơi. Diện tích chưa rõ thì để là chưa rõ, "
        "không coi là 0.",
        "A place counts when it is open to all, free, and of a kind that is a play area. An unknown size stays unknown, never 0.",
    ),
    "mt_walk": ("Khoảng cách đi bộ", "Walking distance"),
    "mt_walk_network": (
        "Khoảng cách là quãng đường đi bộ ngắn nhất trên mạng đường, không phải đường chim bay. Sông và đường lớn chắn lối, "
        "trừ nơi có cầu.",
        "Distance is the shortest way on foot along the network, not as the crow flies. Rivers and main roads cut it, unless a "
        "bridge carries it.",
    ),
    "mt_walk_straight": (
        "Không có mạng đường, nên khoảng cách lấy bằng đường chim bay × {detour}.",
        "There is no network, so distance is the straight line × {detour}.",
    ),
    "mt_reach": ("Tới được", "In reach"),
    "mt_reach_text": (
        "Trẻ em tới được khi có sân chơi trong khoảng cách D của nhóm tuổi; đúng bằng D vẫn là tới được.",
        "A child is in reach when a play area lies within the distance D of its age group; exactly D is in reach.",
    ),
    "mt_reach_formula": (
        "tỷ lệ tới được = số trẻ có sân trong D ÷ số trẻ em",
        "share in reach = children with a play area within D ÷ children",
    ),
    "mt_ground": ("Có đủ chỗ không", "Is there room enough"),
    "mt_ground_text": (
        "Diện tích S của mỗi sân được chia cho mọi trẻ đi bộ tới được; trẻ ở gần được tính nhiều hơn, theo hệ số f giảm dần theo "
        "khoảng cách d.",
        "The ground S of each place is shared by all children who can walk there; those who live near count more, by a factor f "
        "that falls with the distance d.",
    ),
    "mt_ground_formula1": (
        "f(d) = (e^(−½ × (d ÷ D)²) − e^(−½)) ÷ (1 − e^(−½)) khi d ≤ D, ngoài ra bằng 0",
        "f(d) = (e^(−½ × (d ÷ D)²) − e^(−½)) ÷ (1 − e^(−½)) for d ≤ D, else 0",
    ),
    "mt_ground_formula2": (
        "m² mỗi trẻ A = tổng, trên các sân tới được, của S × f(d) ÷ (tổng của số trẻ × f)",
        "m² per child A = sum, over the places in reach, of S × f(d) ÷ (sum of children × f)",
    ),
    "mt_ground_formula3": (
        "còn thiếu = tổng của số trẻ × phần A còn kém mức quy định",
        "shortfall = sum of children × what A lacks to the norm",
    ),
    "mt_distance_only": (
        "Quy định không nêu số m² mỗi trẻ, nên không xét sân có quá chật hay không và không tính diện tích còn thiếu.",
        "The norm sets no m² per child, so whether grounds are too small is not judged and no shortfall is given.",
    ),
    "mt_status": ("Xếp tình trạng: lấy dòng đầu tiên đúng", "States: the first line that holds"),
    "mt_s_unknown": (
        "chưa khảo sát, chưa có số trẻ em, hoặc chưa đủ số liệu để kết luận",
        "not surveyed, no count of children, or too little known to decide",
    ),
    "mt_s_no_children": ("không có trẻ em nào được ghi nhận", "no children are counted"),
    "mt_s_no_supply": (
        "không có sân chơi mở cửa, và không trẻ nào tới được sân ở nơi khác",
        "no open play area in it, and none of its children reaches one elsewhere",
    ),
    "mt_s_out_of_reach": ("dưới {t} % trẻ em tới được sân chơi", "less than {t} % of children are in reach"),
    "mt_s_crowded": (
        "đủ {t} % tới được, nhưng dưới {t} % có đủ m² mỗi trẻ",
        "{t} % are in reach, but less than {t} % find the m² per child",
    ),
    "mt_s_met": ("từ {t} % trẻ em trở lên được phục vụ", "{t} % of children or more are served"),
    "mt_reasons": ("Nguyên nhân", "Causes"),
    "mt_reasons_text": (
        "Tính lại với ba giả sử: không còn sông, đường lớn chắn lối; đường đi thẳng; sân đủ rộng. Số trẻ mà mỗi giả sử giúp được "
        "là phần của nguyên nhân đó (giá trị Shapley). Số còn lại là vì không có sân ở gần. Các phần cộng lại đúng bằng số trẻ "
        "chưa được phục vụ.",
        "It is computed again as if barriers were open, ways straight, grounds large enough. What each mends is the part of that "
        "cause (Shapley value); what nothing mends is that no play area is near. The parts sum to the children not served.",
    ),
    "mt_plan": ("Phương án", "The plan"),
    "mt_plan_text": (
        "Chọn trong các thửa đất không bị loại, bằng chương trình tối ưu có chứng minh: không phương án nào vượt qua số ở cột "
        "“Nhiều nhất có thể”.",
        "Chosen among parcels that are not excluded, by optimisation with a proof: no plan does better than the bound that is "
        "printed.",
    ),
    "mt_norms": ("Quy định dùng để so sánh", "Norms compared with"),
    "mt_n_band": ("Nhóm tuổi", "Ages"),
    "mt_n_tier": ("Loại sân", "Kind of ground"),
    "mt_n_walk": ("Đi bộ tối đa", "Walk at most"),
    "mt_n_m2": ("m² mỗi trẻ", "m² per child"),
    "mt_n_source": ("Nguồn", "Source"),
    "mt_n_verified": ("Kiểm chứng", "Verified"),
    "mt_n_site": ("{tier}, sân từ {m2} m²", "{tier}, {m2} m² or more"),
    "mt_n_force": ("hiệu lực {a} – {b}", "in force {a} – {b}"),
    "mt_n_none": ("không nêu", "not set"),
    "mt_n_planner": ("do người lập quy hoạch đặt", "set by the planner"),
    "mt_no_norms": ("Lần chạy này không dùng quy định nào.", "This run compares with no norm."),
    "mt_profile": ("Bộ quy định: {name}.", "Set of norms: {name}."),
    "mt_person": (
        "Mức {m2} m² mỗi người dân của bộ này {mark} chỉ để tham khảo.",
        "Its {m2} m² per resident {mark} is for reference only.",
    ),
    "mt_settings": ("Thông số của lần chạy", "Parameters of this run"),
    "mt_p_cell": ("Ô lưới", "Cells"),
    "mt_p_target": ("Mức cần đạt", "Target"),
    "mt_p_target_of": ("{t} % trẻ em", "{t} % of children"),
    "mt_p_bands": ("Nhóm tuổi", "Age groups"),
    "mt_p_network": ("Đường đi bộ", "Ways on foot"),
    "mt_p_on_network": ("mạng đường", "network"),
    "mt_p_straight": ("đường chim bay × {detour}", "straight line × {detour}"),
    "mt_p_crs": ("Hệ tọa độ", "Coordinates"),
    "mt_p_seed": ("Số khởi tạo", "Seed"),
    "mt_p_years": ("{bands} tuổi", "{bands}"),
    "mt_p_planner": ("Người lập quy hoạch tự đặt", "Set by the planner"),
    "mt_k_walk_m": ("khoảng cách đi bộ", "walking distance"),
    "mt_k_m2_per_child": ("m² mỗi trẻ", "m² per child"),
    "mt_k_target_share": ("mức cần đạt", "target"),
}
