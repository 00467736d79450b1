"""Words of the sites map, in plain Vietnamese and English. The first word of a pair is Vietnamese."""

from __future__ import annotations

from sanchoi.maps import advice_words, words

WORDS: dict[str, tuple[str, str]] = {
    **advice_words.WORDS,
    # the page
    "title": ("Bản đồ nơi làm sân chơi", "Play area sites map"),
    "gap_map": ("Bản đồ thiếu sân chơi", "Play area gap map"),
    "sites_open": ("Mở bản đồ nơi làm sân chơi", "Open the sites map"),
    "to_table": ("Đến bảng các thửa tốt nhất", "Go to the table of the best parcels"),
    "no_script": (
        "Trang này cần JavaScript. Các số liệu cũng có trong thư mục tables.",
        "This page needs JavaScript. The same numbers are in the folder tables.",
    ),
    "search": ("Tìm thửa đất hoặc xã, phường", "Find a parcel or a commune"),
    "search_hint": ("Mã thửa hoặc tên xã, phường", "Parcel id or name of a commune"),
    "map_label": ("Bản đồ các thửa đất và xã, phường", "Map of parcels and communes"),
    "details_hint": (
        "Chạm vào một thửa đất trên bản đồ, hoặc chọn một dòng trong bảng.",
        "Tap a parcel on the map, or choose a row of a table.",
    ),
    "old_browser": (
        "Trình duyệt này quá cũ nên không vẽ được thửa đất; các bảng vẫn đọc được",
        "This browser is too old to draw the parcels; the tables can still be read",
    ),
    "zoom_hint": ("Phóng to để thấy từng thửa đất", "Zoom in to see each parcel"),
    "parcel": ("Thửa đất {id}", "Parcel {id}"),
    "hidden_told": (
        "Bộ lọc đang ẩn thửa này: trên bản đồ chỉ còn đường viền của nó.",
        "The filter hides this parcel: the map shows only its outline.",
    ),
    "outside": ("ngoài các xã, phường đang xét", "outside the communes"),
    # filters and legend
    "filter": ("Lọc thửa đất", "Which parcels"),
    "min_score": ("Điểm từ {s} trở lên", "Score {s} or more"),
    "min_score_label": ("Điểm thấp nhất được hiện", "Lowest score shown"),
    "shown_count": ("Đang hiện {n} trong {all} thửa đất", "{n} of {all} parcels shown"),
    "when": ("Tình trạng các xã, phường", "State of the communes"),
    "when_hint": (
        "Thu nhỏ bản đồ để thấy xã, phường được tô màu theo tình trạng.",
        "Zoom out to see the communes coloured by their state.",
    ),
    "when_before": ("Hiện nay", "Today"),
    "when_after": ("Sau khi xây theo phương án", "With the plan built"),
    "legend_parcels": ("Thửa đất (màu đậm hơn: điểm cao hơn)", "Parcels (darker: higher score)"),
    "legend_communes": ("Xã, phường", "Communes"),
    "l_pin": ("Điểm được chọn, số là thứ tự xây", "Chosen site, the number is the build order"),
    "l_usable": ("Phần đất dùng được của thửa đang chọn", "Usable piece of the chosen parcel"),
    "v_eligible": ("Phù hợp", "Eligible"),
    "v_conditional": ("Có điều kiện", "Conditional"),
    "v_excluded": ("Bị loại", "Excluded"),
    "vl_eligible": ("Phù hợp: không vướng điều kiện nào đã kiểm tra", "Eligible: nothing checked stands against it"),
    "vl_conditional": (
        "Có điều kiện: cần được quyết định hoặc kiểm tra thêm",
        "Conditional: a decision or a check is needed",
    ),
    "vl_excluded": ("Bị loại", "Excluded"),
    # a parcel
    "near": ("Suýt đạt", "Near misses"),
    "fails_by": ("{name}: thiếu {m}", "{name}: fails by {m}"),
    "fails_over": ("{name}: vượt {m}", "{name}: exceeds it by {m}"),
    "p_commune": ("Thuộc", "In"),
    "p_land": ("Loại đất", "Land use"),
    "p_land_class": ("{code} (nhóm {letter})", "{code} (class {letter})"),
    "p_owner": ("Người sử dụng đất", "Owner or user"),
    "p_area": ("Diện tích thửa", "Area"),
    "p_usable": ("Phần liền khối dùng được", "Largest usable piece"),
    "p_circle": ("Đường kính vòng tròn lớn nhất đặt vừa", "Widest circle that fits, diameter"),
    "p_cost": ("Chi phí", "Cost"),
    "p_reached": ("Trẻ em đi bộ tới được", "Children who could walk to it"),
    "p_gained": ("Trong đó nay chưa có sân chơi trong tầm đi bộ", "Of them, without a play area within reach today"),
    "p_relieved": ("Diện tích thiếu được bù", "Shortfall relieved"),
    "not_given": ("không ghi", "not stated"),
    "million": ("{m} triệu đồng", "{m} million VND"),
    "under": ("dưới {m}", "under {m}"),
    "score": ("Điểm", "Score"),
    "score_of": ("Điểm {s} trên 1, xếp thứ {k} trong {n} thửa", "Score {s} of 1, rank {k} of {n}"),
    "score_high": (
        "Còn điều chưa biết: nếu đều tốt nhất, điểm sẽ là {s}",
        "Some of it is not known: were it all at its best, the score would be {s}",
    ),
    "score_part": ("{c} trong tối đa {w}", "{c} of at most {w}"),
    "score_unknown": ("chưa biết: tính 0 trong tối đa {w}", "unknown: counted 0 of at most {w}"),
    "no_score": ("Thửa bị loại nên không chấm điểm.", "Excluded, so it has no score."),
    "ranks": ("Thứ hạng có chắc không", "How sure is the rank"),
    "rank_row": ("Hạng {k}", "Rank {k}"),
    "changes": ("Nếu làm sân chơi ở đây", "If a play area were built here"),
    "changes_need": (
        "Chưa khảo sát sân chơi hiện có: chỉ biết số trẻ em trong tầm đi bộ, chưa biết bao nhiêu em đang thiếu.",
        "Play areas of today are not surveyed: the children within reach are known, how many of them lack one is not.",
    ),
    "changes_none": ("Không trẻ em nào ở trong tầm đi bộ.", "No child lives within walking distance."),
    "c_band": ("Nhóm tuổi", "Age group"),
    "c_reached": ("Đi bộ tới được", "Could walk there"),
    "c_gained": ("Mới được phục vụ", "Newly served"),
    "c_relieved": ("Bù thiếu, m²", "Relieved, m²"),
    "why_not": ("Vì sao không có trong phương án", "Why it is not in the plan"),
    "in_plan": ("Trong phương án, thứ tự xây: {k}", "In the plan, build order {k}"),
    # the ledger
    "ledger": ("Bảng kiểm tra điều kiện", "What was checked"),
    "ledger_sum": ("{a} đạt, {b} không đạt, {c} chưa kiểm tra", "{a} passed, {b} failed, {c} not checked"),
    "lg_name": ("Điều kiện", "Constraint"),
    "lg_value": ("Đo được", "Measured"),
    "lg_limit": ("Giới hạn", "Limit"),
    "lg_margin": ("Dư hoặc thiếu", "Margin"),
    "lg_source": ("Căn cứ", "Source"),
    "passed": ("đạt", "passed"),
    "failed": ("không đạt", "failed"),
    "not_checked": ("chưa kiểm tra", "not checked"),
    "soft": ("khuyến nghị", "soft"),
    "not_near": ("không có ở gần", "none near"),
    "unverified_rule": ("chưa kiểm chứng", "unverified"),
    "land_use": ("loại đất cho phép", "land use"),
    "usable_area": ("đủ diện tích liền khối", "enough usable ground"),
    "at_least": ("từ {x}", "at least {x}"),
    "at_most": ("không quá {x}", "at most {x}"),
    # the plan
    "plan": ("Phương án chọn địa điểm", "The plan"),
    "no_plan": (
        "Lần chạy này không chọn địa điểm: study.toml không có mục [siting]. Bảng dưới đây xếp các thửa theo điểm.",
        "No sites were chosen: study.toml has no [siting] section. The table below ranks the parcels by score.",
    ),
    "plan_head": (
        "{n} điểm, phục vụ thêm {children} trẻ em, chi phí {cost}.",
        "{n} sites for {children} more children, cost {cost}.",
    ),
    "plan_head_one": (
        "{n} điểm, phục vụ thêm {children} trẻ em, chi phí {cost}.",
        "{n} site for {children} more children, cost {cost}.",
    ),
    "plan_need_one": (
        "{n} điểm, {children} trẻ em trong tầm đi bộ, chi phí {cost}.",
        "{n} site with {children} children within reach, cost {cost}.",
    ),
    "plan_need": (
        "{n} điểm, {children} trẻ em trong tầm đi bộ, chi phí {cost}.",
        "{n} sites with {children} children within reach, cost {cost}.",
    ),
    "plan_ask": (
        "{c} điểm trong số này còn cần được quyết định hoặc xem xét thêm trước khi xây.",
        "{c} of them need a decision or a closer look before building.",
    ),
    "plan_ask_one": (
        "{c} điểm trong số này còn cần được quyết định hoặc xem xét thêm trước khi xây.",
        "{c} of them needs a decision or a closer look before building.",
    ),
    "plan_empty": ("Không thửa nào được chọn.", "No parcel was chosen."),
    "plan_from": (
        "Chọn trong {n} thửa. Giải bằng {solver}, {s} giây, số khởi tạo {seed}.",
        "Chosen among {n} parcels. Solved with {solver} in {s} s, seed {seed}.",
    ),
    "plan_from_one": (
        "Chọn trong {n} thửa. Giải bằng {solver}, {s} giây, số khởi tạo {seed}.",
        "Chosen among {n} parcel. Solved with {solver} in {s} s, seed {seed}.",
    ),
    "best_budget": ("với ngân sách {b}", "within {b}"),
    "best_count": ("gồm {n} điểm", "of {n} sites"),
    "best_count_one": ("gồm {n} điểm", "of {n} site"),
    "best_any": ("khác", "at all"),
    "proven": (
        "Đã chứng minh là tốt nhất với số liệu này: không phương án nào {which} {better}.",
        "Proven best on these data: no plan {which} {better}.",
    ),
    "within": (
        "Chưa chứng minh là tốt nhất: kém phương án tốt nhất có thể không quá {gap} %; máy tính dừng sau {s} giây.",
        "Not proven best: within {gap} % of the best possible; the solver stopped after {s} s.",
    ),
    "no_bound": (
        "Chưa biết phương án này cách tốt nhất bao xa.",
        "How far this is from the best possible is not known.",
    ),
    "o_cover": ("phục vụ được nhiều trẻ em hơn", "covers more children"),
    "o_cover_need": ("có nhiều trẻ em trong tầm đi bộ hơn", "has more children within reach"),
    "order": ("Thứ tự xây", "Build order"),
    "s_parcel": ("Thửa đất", "Parcel"),
    "s_gained": ("Thêm trẻ em", "Children gained"),
    "s_gained_need": ("Trẻ em trong tầm", "Children reached"),
    "s_total": ("Cộng dồn", "Total"),
    "s_cost": ("Chi phí, triệu đồng", "Cost, million VND"),
    "s_cost_total": ("Cộng dồn, triệu đồng", "Total, million VND"),
    "s_verdict": ("Kết luận", "Verdict"),
    "change": ("Trước và sau khi xây", "Before and after"),
    "ch_children": ("Trẻ em", "Children"),
    "ch_before": ("Không tới được, nay", "Cannot walk, today"),
    "ch_after": ("Không tới được, sau", "Cannot walk, after"),
    "ch_share": ("Tới được, %", "Can walk, %"),
    "ch_short": ("Còn thiếu, m²", "Shortfall, m²"),
    "ch_status": ("Tình trạng", "Status"),
    "ch_unknown": (
        "Không nơi nào có thể so sánh: sân chơi hiện có chưa được khảo sát.",
        "Nowhere can be compared: the play areas of today are not surveyed.",
    ),
    "curve": ("Có thêm tiền thì được thêm gì", "What more money would do"),
    "curve_sites": ("Có thêm điểm thì được thêm gì", "What more sites would do"),
    "curve_x": ("Ngân sách, triệu đồng", "Budget, million VND"),
    "curve_x_sites": ("Số điểm", "Number of sites"),
    "curve_y": ("Trẻ em được phục vụ thêm", "Children newly covered"),
    "curve_y_need": ("Trẻ em trong tầm đi bộ", "Children within reach"),
    "curve_line": ("phương án tìm được", "plan found"),
    "curve_band": ("khoảng có thể còn tốt hơn, chưa chứng minh", "room that might be left, not proven"),
    "curve_here": ("phương án này", "this plan"),
    # tables
    "table": ("Các thửa đất tốt nhất", "The best parcels"),
    "t_rank": ("Hạng", "Rank"),
    "t_usable": ("Dùng được, m²", "Usable, m²"),
    "t_in_best": ("Chắc chắn, %", "Sure, %"),
    "table_hint": (
        "Dùng phím mũi tên để chuyển dòng, Enter để xem trên bản đồ. Cột “Chắc chắn”: xác suất thuộc nhóm tốt nhất "
        "khi trọng số thay đổi.",
        "Arrow keys move between rows, Enter shows the row on the map. “Sure”: the probability to be among the best "
        "when weights vary.",
    ),
    "no_ranked": ("Không có thửa nào được xếp hạng.", "No parcel is ranked."),
    "summary_counts": ("Kết quả sàng lọc", "What the screening found"),
    # banners
    "b_not_checked": (
        "{n} điều kiện chưa kiểm tra vì thiếu dữ liệu",
        "Constraints not checked for want of data: {n}",
    ),
    "b_unverified_rules": (
        "{n} điều kiện chưa kiểm chứng với văn bản gốc",
        "Constraints not verified against the legal text: {n}",
    ),
    "b_not_proven": ("Phương án chưa được chứng minh là tốt nhất", "The plan is not proven best"),
    "b_no_cost": ("{n} thửa chưa rõ chi phí", "Parcels of unknown cost: {n}"),
    "b_need": (
        "Xếp theo nhu cầu: sân chơi hiện có chưa được khảo sát",
        "Ranked by need: the play areas of today are not surveyed",
    ),
    "n_uncovered_after": ("Sau khi xây, trẻ không đi bộ tới được", "Once built, children who cannot walk to one"),
    # units
    "unit_children": ("trẻ", "children"),
    "unit_unit": ("đơn vị", "units"),
    # files
    "file_parcels": ("Thửa đất: kết luận, điểm, thứ hạng", "Parcels: verdict, score, rank"),
    "file_usable": ("Phần đất dùng được của mỗi thửa", "Usable piece of each parcel"),
    "file_screening": ("Bảng kiểm tra từng thửa, từng điều kiện", "What was checked, by parcel and constraint"),
    "file_constraints": ("Các điều kiện", "Constraints"),
    "file_criteria": ("Các tiêu chí và trọng số", "Criteria and weights"),
    "file_contributions": ("Điểm theo từng tiêu chí", "Score by criterion"),
    "file_acceptability": ("Thứ hạng khi trọng số thay đổi", "Ranks when weights vary"),
    "file_effects": ("Mỗi thửa giúp được trẻ em ở đâu", "Whom each parcel would serve"),
    "file_sites": ("Các điểm được chọn, theo thứ tự xây", "Chosen sites in build order"),
    "file_budget_curve": ("Kết quả theo ngân sách", "Effect against money"),
    "file_plan_gaps": ("Trước và sau khi xây", "Before and after the plan"),
    "file_why_not": ("Vì sao mỗi thửa có hoặc không có trong phương án", "Why each parcel is in the plan, or not"),
    "file_sites_xlsx": ("Bảng các điểm được chọn cho Excel", "The sites for a spreadsheet"),
}


def table() -> dict[str, dict[str, str]]:
    """Words by language for the page: those of the gap map, and its own, which go before."""
    own = {code: {key: pair[i] for key, pair in WORDS.items()} for i, code in enumerate(words.LANGUAGES)}
    return {code: {**shared, **own[code]} for code, shared in words.table().items()}


def of(key: str, count: float) -> str:
    """The key of a sentence about a number of things: of one alone English says it otherwise."""
    return f"{key}_one" if count == 1 and f"{key}_one" in WORDS else key


def word(key: str, language: str, **values: object) -> str:
    """One word or sentence of this map, its blanks filled.

    Raises
    ------
    KeyError : there is no such word.
    """
    return WORDS[key][words.LANGUAGES.index(language)].format(**values)
