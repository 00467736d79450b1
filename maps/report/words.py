"""Words of the report that no other page has, Vietnamese and English; the first word of a pair is Vietnamese."""

from __future__ import annotations

from sanchoi.maps.report.method_words import METHOD
from sanchoi.maps.sheets import words as sheet_words

WORDS: dict[str, tuple[str, str]] = {
    **METHOD,
    "rp_title": ("BÁO CÁO VỀ SÂN CHƠI CHO TRẺ EM", "REPORT ON PLAY AREAS FOR CHILDREN"),
    "rp_short": ("Báo cáo về sân chơi cho trẻ em", "Report on play areas for children"),
    "rp_under": ("Địa giới theo {vintage} · ngày xét {date}", "Boundaries of {vintage} · study date {date}"),
    "rp_page": ("Trang {k}/{n}", "Page {k} of {n}"),
    "rp_summary": ("Tóm tắt", "Summary"),
    "rp_contents": ("Mục lục", "Contents"),
    # sections
    "h_findings": ("Kết quả chính", "Main findings"),
    "h_map": ("Bản đồ thiếu sân chơi", "Gap map"),
    "h_communes": ("Các xã, phường theo nhu cầu", "Communes by need"),
    "h_survey": ("Nơi chưa rõ, cần khảo sát trước", "Unknown communes, to survey first"),
    "h_budget": ("Mỗi mức đầu tư giúp được bao nhiêu trẻ em", "How many children each budget reaches"),
    "h_sites": ("Các điểm của phương án", "Sites of the plan"),
    "h_method": ("Cách tính", "Method"),
    "h_limits": ("Giới hạn: điều các con số không nói", "Limits: what the figures do not say"),
    "h_sources": ("Nguồn dữ liệu", "Sources"),
    # findings
    "fd_most": (
        "Nơi nhiều trẻ chưa đi bộ tới được sân chơi nhất: {list}.",
        "Most children who cannot walk to a play area live in {list}.",
    ),
    "fd_survey": (
        "Nên khảo sát trước ở nơi đông trẻ nhất: {list}.",
        "Survey first where most children live: {list}.",
    ),
    "fd_named": ("{name} ({n} trẻ)", "{name} ({n} children)"),
    "fd_statuses": ("Số xã, phường theo tình trạng", "Communes by state"),
    "fd_status": ("Tình trạng", "State"),
    "fd_count": ("Số xã, phường", "Communes"),
    "fd_children": ("Trẻ em ở đó", "Children there"),
    "fd_left": ("Không đi bộ tới được sân chơi", "Cannot walk to a play area"),
    "fd_bands": ("Theo nhóm tuổi, ở nơi đã đánh giá", "By age group, where judged"),
    "fd_reasons": ("Vì sao trẻ em chưa được phục vụ", "Why children are not served"),
    "fd_reason": ("Nguyên nhân", "Cause"),
    "fd_reasons_note": (
        "Chưa được phục vụ: không đi bộ tới được sân chơi, hoặc tới được nhưng sân quá chật.",
        "Not served: no play area within walking distance, or one that is too small for all.",
    ),
    "fd_reasons_far": (
        "Chưa được phục vụ: không đi bộ tới được sân chơi. Sân có quá chật hay không thì không xét.",
        "Not served: no play area within walking distance. Whether grounds are too small is not judged.",
    ),
    "fd_less": (
        "đường ngắn hơn cũng đưa thêm trẻ đến cùng một sân",
        "shorter ways would also bring more children to the same ground",
    ),
    "total": ("Cộng", "Total"),
    "not_counted": ("chưa kể {n} nơi chưa rõ", "{n} unknown not counted"),
    # map
    "mp_alt": (
        "Bản đồ các xã, phường tô theo tình trạng. {told}",
        "Map of the communes coloured by state. {told}",
    ),
    "mp_scale": (
        "Tỷ lệ 1:{n}, chọn để cả vùng nằm gọn trong trang. {crs}. Các dấu chữ thập cách nhau 10 cm.",
        "Scale 1:{n}, chosen so that the whole fits the page. {crs}. Crosses are 10 cm apart.",
    ),
    "mp_picture": (
        "Tỷ lệ 1:{n}, không thuộc dãy tỷ lệ bản đồ thường dùng, chọn để cả vùng vừa khung. {crs}. Các dấu chữ thập cách nhau "
        "10 cm.",
        "Scale 1:{n}, none of the usual scales of maps, chosen so that the whole fills the page. {crs}. Crosses are 10 cm apart.",
    ),
    "mp_numbers": (
        "Số trên bản đồ là số thứ tự trong bảng ở mục {k}.",
        "Figures on the map are the numbers of the table in section {k}.",
    ),
    "mp_pin": ("Điểm của phương án, số là thứ tự xây", "Site of the plan, its number is the build order"),
    "mp_neutral": (
        "Nền trung tính, không phải bản đồ địa giới hành chính pháp lý.",
        "Neutral ground; not a legal map of boundaries.",
    ),
    "mp_none": ("Không có ranh giới nào để vẽ bản đồ.", "There are no outlines to draw a map of."),
    # communes
    "cm_no": ("TT", "No."),
    "cm_order": (
        "Xếp theo số trẻ em không đi bộ tới được sân chơi, nhiều nhất trước. Nơi chưa rõ con số này đứng sau, theo thứ tự "
        "nên khảo sát.",
        "By the number of children who cannot walk to a play area, the most first. Where that is unknown they stand last, in the "
        "order of survey.",
    ),
    "cm_order_need": (
        "Chưa rõ ở đâu thiếu, nên xếp theo thứ tự nên khảo sát: đông trẻ nhất trước.",
        "Where play areas are missing is not known, so the order is that of survey: most children first.",
    ),
    "cm_figures": (
        "Số liệu tính cho mọi nhóm tuổi, làm tròn tới 1 trẻ. Dòng dưới nói vì sao. “chưa rõ” không có nghĩa là bằng 0.",
        "Figures are for all ages, rounded to whole children; the line below says why. “unknown” does not mean 0.",
    ),
    "cm_figures_blind": (
        "Vì sao chưa biết: chưa ai khảo sát sân chơi ở các xã, phường này. Số trẻ tính cho mọi nhóm tuổi. “chưa rõ” không có nghĩa "
        "là bằng 0.",
        "Why it is not known: nobody has surveyed play areas in these communes. Children are of all ages. “unknown” does not "
        "mean 0.",
    ),
    "cm_flags": ("Chữ sau tình trạng: ", "Letters after the state: "),
    "cm_none": ("Kết quả không có xã, phường nào.", "The result has no communes."),
    # survey
    "sv_none": (
        "Mọi xã, phường đã được khảo sát và đánh giá. Không còn nơi nào cần khảo sát thêm.",
        "Every commune is surveyed and judged. Nothing is left to survey.",
    ),
    "sv_head": (
        "{n} xã, phường chưa khảo sát sân chơi, có khoảng {children} trẻ em. Khảo sát theo thứ tự dưới đây, nơi đông trẻ nhất "
        "trước.",
        "Not surveyed: {n} of {of} communes, with about {children} children. Survey them in the order below: most children first.",
    ),
    "sv_head_blank": (
        "{n} xã, phường chưa khảo sát sân chơi. Khảo sát theo thứ tự dưới đây.",
        "Not surveyed: {n} of {of} communes. Survey them in the order below.",
    ),
    "sv_half": (
        "Khảo sát {k} nơi đầu là biết được cho một nửa số trẻ em này.",
        "The first {k} hold half of these children.",
    ),
    "sv_how": ("Cần làm ở mỗi nơi", "What to do in each"),
    "sv_step1": (
        "Ghi mọi sân chơi, vườn hoa, công viên trẻ em dùng được: tên, vị trí trên bản đồ, diện tích (m²).",
        "Record every playground, garden and park that children can use: its name, its place on a map, its size (m²).",
    ),
    "sv_step2": (
        "Ghi rõ nơi đó có mở cho mọi người không, có thu phí không. Nơi không có sân chơi nào cũng ghi là “không có”.",
        "Say whether it is open to all, and whether it is free. Where there is none, record “none”.",
    ),
    "sv_step3": (
        "Gửi danh sách cho người lập nghiên cứu để tính lại. Sau đó xã, phường không còn là “chưa rõ”.",
        "Send the list to whoever made this study, to compute again. Then the commune is no longer “unknown”.",
    ),
    "sv_rank": ("Thứ tự", "Order"),
    "sv_share": ("Cộng dồn, %", "Together, %"),
    "sv_do": ("Việc cần làm", "What to do"),
    "sv_do_survey": ("Khảo sát sân chơi", "Survey play areas"),
    "sv_do_count": ("Khảo sát sân chơi; bổ sung số trẻ em", "Survey play areas; give the number of children"),
    "sv_open": (
        "{n} xã, phường đã khảo sát nhưng chưa kết luận được:",
        "Surveyed, but could not be judged ({n} of {of} communes):",
    ),
    # plan
    "pl_none": (
        "Kết quả này không có phương án chọn địa điểm, nên chưa nói được mỗi mức đầu tư giúp được bao nhiêu trẻ em.",
        "This result holds no plan of sites, so how many children each budget reaches cannot be told.",
    ),
    "pl_no_curve": (
        "Phương án này không tính cho nhiều mức đầu tư, nên không có bảng so sánh.",
        "This plan was not worked out for several budgets, so there is nothing to compare.",
    ),
    "pl_read": (
        "Cách đọc: với {budget}, phương án tốt nhất tìm được gồm {sites} điểm và {children} trẻ em {what}.",
        "How to read it: with {budget} the best plan found has {sites} sites for {children} children {what}.",
    ),
    "pl_read_sites": (
        "Cách đọc: với {sites} điểm, phương án tốt nhất tìm được có {children} trẻ em {what}.",
        "How to read it: the best plan found with {sites} sites is for {children} children {what}.",
    ),
    "h_budget_sites": ("Thêm điểm thì giúp được bao nhiêu trẻ em", "How many children more sites reach"),
    "h_map_need": ("Bản đồ số trẻ em (chưa khảo sát sân chơi)", "Map of children (play areas not surveyed)"),
    "mp_no_count": ("Chưa có số trẻ em", "No count of children"),
    "mp_under": ("Dưới {b} trẻ em", "Fewer than {b} children"),
    "mp_between": ("{a} đến dưới {b} trẻ em", "{a} to under {b} children"),
    "mp_more": ("Từ {a} trẻ em trở lên", "{a} children or more"),
    "pl_what": ("được phục vụ thêm", "newly served"),
    "pl_what_need": ("ở trong tầm đi bộ", "within reach"),
    "pl_bound": (
        "Cột “Nhiều nhất có thể”: đã chứng minh không phương án nào với mức đó giúp được nhiều hơn số này.",
        "“At most”: proven that no plan with the same means reaches more.",
    ),
    "pl_c_sites": ("Số điểm", "Sites"),
    "pl_c_budget": ("Ngân sách, triệu đồng", "Budget, million VND"),
    "pl_c_cost": ("Chi phí, triệu đồng", "Cost, million VND"),
    "pl_c_children": ("Trẻ được phục vụ thêm", "Children newly served"),
    "pl_c_children_need": ("Trẻ trong tầm đi bộ", "Children within reach"),
    "pl_c_bound": ("Nhiều nhất có thể", "At most"),
    "pl_c_gap": ("Còn có thể hơn, nhiều nhất", "Could still be better by"),
    "pl_proven": ("0 % (tốt nhất)", "0 % (best)"),
    "pl_chart_alt": (
        "Đồ thị: trẻ em theo mức đầu tư, từ {a} trẻ với {x} đến {b} trẻ với {y}.",
        "Chart: children against budget, from {a} with {x} to {b} with {y}.",
    ),
    "pl_after": (
        "Khi xây cả {n} điểm, số trẻ không đi bộ tới được sân chơi giảm từ {before} xuống {after}.",
        "With all {n} sites built, children who cannot walk to a play area fall from {before} to {after}.",
    ),
    "pl_changes": ("Nơi được hưởng", "Where it helps"),
    "pl_order_note": (
        "Xếp theo thứ tự nên xây. Dòng “Còn phải làm” nêu điều phải quyết định hoặc kiểm tra trước khi xây.",
        "In build order. “To be done” says what must be decided or checked before building.",
    ),
    "pl_all_open": (
        "Ở mọi điểm đều chưa kiểm tra được: {names}.",
        "At every site these could not be checked: {names}.",
    ),
    "pl_todo": ("Còn phải làm", "To be done"),
    "pl_failed": ("xử lý điều chưa đạt: {names}", "settle what it fails: {names}"),
    "pl_unchecked": ("kiểm tra: {names}", "check: {names}"),
    "pl_decides": ("xin quyết định của: {who}", "have it decided by: {who}"),
    "pl_above": ("kiểm tra những điều nêu trên bảng", "check what is named above the table"),
    "pl_nothing": ("xác minh tại thực địa", "see it on the ground"),
    # limits
    "lm_date": (
        "Số liệu là của ngày xét và của các nguồn nêu ở mục {k}. Thay đổi sau đó chưa được tính.",
        "The figures hold for the study date and the sources of section {k}. What changed since is not in them.",
    ),
    "lm_target": (
        "Mức {share} % để coi là đạt {whose}.",
        "The {share} % that counts as met {whose}.",
    ),
    "lm_target_own": ("do người lập quy hoạch đặt", "was set by the planner"),
    "lm_target_design": ("là lựa chọn của phương pháp, không phải quy định", "is a choice of the method, not a norm"),
    "lm_plan": (
        "Phương án là căn cứ để xem xét. Nó không thay cho xác minh thực địa, ý kiến người dân và thủ tục đất đai.",
        "The plan is a basis for decision. It replaces neither a look at the ground, nor what people say, nor land procedures.",
    ),
    "lm_map": (
        "Bản đồ dùng nền trung tính, không có giá trị về địa giới hành chính.",
        "The map has a neutral ground and no bearing on administrative boundaries.",
    ),
    "lm_note": ("Ghi chú của người lập nghiên cứu: {note}", "Note of whoever made the study: {note}"),
    "lm_norms": ("Quy định chưa kiểm chứng", "Unverified norms"),
    "lm_norm": (
        "{source}: chưa đối chiếu với văn bản gốc. Phải kiểm tra trước khi đưa vào hồ sơ.",
        "{source}: not checked against the legal text. Check it before it goes into a dossier.",
    ),
    "lm_flags": ("Số liệu kém chắc chắn", "Uncertain figures"),
    "lm_flag": ("{text} ({n} nơi: {names})", "{text} ({names}; {n} in all)"),
    "lm_flag_all": ("{text} (mọi nơi)", "{text} (every commune)"),
    "lm_warnings": ("Cảnh báo của lần chạy", "Warnings of the run"),
    "lm_other": ("Cảnh báo có mã “{code}”: xem tệp run.json.", "Warning “{code}”: see run.json."),
    "lm_ids": ("Gồm: {ids}", "Concerns: {ids}"),
    "lm_unknown": ("Điều chưa biết", "What is not known"),
    # sources
    "sr_layer": ("Lớp", "Layer"),
    "sr_name": ("Nguồn", "Source"),
    "sr_by": ("Ai cung cấp", "Who gave it"),
    "sr_licence": ("Giấy phép", "Licence"),
    "sr_date": ("Ngày của dữ liệu", "Date of the data"),
    "sr_undated": ("không ghi", "not stated"),
    "sr_none": ("Nghiên cứu không ghi nguồn nào.", "The study states no source."),
    "sr_dates": (
        "Địa giới xã, phường theo {vintage}; ngày xét {date}.",
        "Boundaries of communes as of {vintage}; study date {date}.",
    ),
    "sr_files": ("Tệp đã dùng", "Files used"),
    "sr_file": ("Tệp", "File"),
    "sr_rows": ("Số dòng", "Rows"),
    "sr_hash": ("Dấu vân tay SHA-256 (16 ký tự đầu)", "SHA-256 (first 16 characters)"),
    "sr_made": (
        "Lập bằng phần mềm Sân Chơi {version}. Kết quả {result}, mã lần chạy {run}. Cùng mã lần chạy là cùng dữ liệu và cùng "
        "cách tính.",
        "Made with Sân Chơi {version}. Result {result}, run {run}. The same run id means the same data and the same method.",
    ),
    "sign_here": ("(Ký, ghi rõ họ tên)", "(signature and full name)"),
    "vintage_day": ("Địa giới theo", "Boundaries of"),
    "and_more": ("và {n} nơi khác", "and {n} more"),
}


def say(key: str, language: str, **values: object) -> str:
    """A word of the report, or of the sheets and pages, with values filled in."""
    pair = WORDS.get(key)
    if pair is None:
        return sheet_words.say(key, language, **values)
    return pair[1 if language == "en" else 0].format(**values)
