"""Words of the planners' workbook, Vietnamese and English."""

from __future__ import annotations

from sanchoi.api.exporting import imprint
from sanchoi.gis.sentences import number

Pair = tuple[str, str]
SHEETS: dict[str, Pair] = {
    "guide": ("Hướng dẫn", "Read me"),
    "gaps": ("Thiếu sân chơi", "Gaps"),
    "reasons": ("Nguyên nhân", "Reasons"),
    "change": ("Trước và sau", "Before and after"),
    "sites": ("Phương án", "Sites"),
    "budget": ("Ngân sách", "Budget"),
    "parcels": ("Thửa đất", "Parcels"),
    "ledger": ("Kiểm tra điều kiện", "Ledger"),
    "play_areas": ("Sân chơi hiện có", "Play areas"),
    "survey": ("Cần khảo sát", "To survey"),
    "rules": ("Điều kiện đất", "Constraints"),
    "norms": ("Quy định", "Norms"),
    "sources": ("Nguồn số liệu", "Sources"),
}
"""Names of the sheets; a spreadsheet allows 31 characters."""
ABOUT: dict[str, Pair] = {
    "gaps": (
        "mỗi xã, phường và nhóm tuổi một dòng: tình trạng và lý do",
        "a row a commune and age group: status and reason",
    ),
    "reasons": ("trẻ chưa được phục vụ, theo từng lý do", "children not served, by reason"),
    "change": ("nếu xây hết các khu đất trong phương án thì khác gì", "what the sites of the plan change"),
    "sites": ("các khu đất trong phương án, theo thứ tự xây", "sites of the plan in build order"),
    "budget": ("mỗi mức tiền phục vụ thêm được bao nhiêu trẻ", "how many children each budget reaches"),
    "parcels": ("mọi thửa đất đã xét, tốt nhất trước", "all parcels that were judged, the best first"),
    "ledger": (
        "từng điều kiện của các khu đất trong phương án và các thửa tốt nhất",
        "every rule, for sites and the best parcels",
    ),
    "play_areas": ("các sân chơi và nơi khác có trong số liệu", "play areas and other places in the data"),
    "survey": ("các xã, phường chưa khảo sát hoặc chưa đánh giá được", "communes not surveyed, or not judged"),
    "rules": ("các điều kiện mà đất phải đạt", "rules that land must keep"),
    "norms": ("các mức quy định đã dùng", "norms that were used"),
    "sources": ("nguồn và giấy phép của số liệu", "sources and licences of the data"),
}
COLUMNS: dict[str, Pair] = {
    "commune": ("Xã, phường", "Commune"),
    "commune_id": ("Mã xã, phường", "Commune code"),
    "kind": ("Loại", "Kind"),
    "reason": ("Lý do", "Reason"),
    "flags": ("Lưu ý", "Remarks"),
    "part": ("Lý do", "Reason"),
    "access": ("Vào cửa", "Access"),
    "uncovered": ("Trẻ không được phục vụ vì lý do đó", "Children not served for that reason"),
    "tier": ("Loại sân, quy định", "Kind of ground, norm"),
    "walk_m": ("Khoảng cách đi bộ (m)", "Walking distance (m)"),
    "m2_per_child": ("m² mỗi trẻ", "m² per child"),
    "m2_per_person": ("m² mỗi người", "m² per inhabitant"),
    "from": ("Có hiệu lực từ", "In force from"),
    "to": ("đến", "until"),
    "checked": ("Có dữ liệu để kiểm tra", "Checked in this run"),
    "layer": ("Lớp", "Layer"),
    "source_name": ("Tên", "Name"),
    "attribution": ("Ghi nguồn", "Attribution"),
    "licence": ("Giấy phép", "Licence"),
    "date": ("Ngày của số liệu", "Date of the data"),
    "url": ("Địa chỉ", "Address"),
    "surveyed": ("Đã khảo sát", "Surveyed"),
    "within_m": ("Chỗ biết chính xác tới (m)", "Place known to (m)"),
}
OF_PAGE: dict[tuple[str, str], Pair] = {
    ("play_areas", "area_m2"): ("Diện tích (m²)", "Area (m²)"),
    ("survey", "area_m2"): ("Diện tích của xã (m²)", "Area of the commune (m²)"),
}
LAYERS: dict[str, Pair] = {
    "communes": ("ranh giới xã, phường", "boundaries of communes"),
    "children": ("số trẻ em", "counts of children"),
    "zones": ("vùng đếm trẻ em", "zones of the count"),
    "buildings": ("nhà", "buildings"),
    "population": ("phân bố dân cư", "population"),
    "play_areas": ("sân chơi", "play areas"),
    "network": ("đường đi", "ways"),
    "barriers": ("vật cản", "barriers"),
    "halo": ("vùng bên ngoài", "ground beyond"),
    "parcels": ("thửa đất", "parcels"),
    "constraints": ("điều kiện đất", "constraints"),
    "terrain": ("địa hình", "terrain"),
    "nearby": ("trường học, nhà văn hóa ở gần", "schools and halls nearby"),
}
"""Layers of a study; others are told by their own name."""
NOTES: dict[str, Pair] = {
    "gaps": (
        "“Không tới được” là không có sân chơi trong khoảng cách đi bộ của quy định, theo đường đi thật.",
        "Not covered: no play area within the norm's walking distance, along real ways.",
    ),
    "budget": (
        "Mỗi dòng là một phương án tốt nhất cho mức tiền (hoặc số địa điểm) đó.",
        "Each row is the best plan for that budget (or number of sites).",
    ),
    "parcels": (
        "“Có điều kiện”: còn điều phải làm rõ với cơ quan nêu ở cột “Cơ quan phải quyết định”.",
        "Conditional: something is still to be settled with whoever must decide.",
    ),
    "norms": (
        "Chữ đỏ: con số chưa đối chiếu với văn bản gốc, phải kiểm tra trước khi đưa vào hồ sơ.",
        "Red: a figure that was not read in the legal text; check it before it goes into a dossier.",
    ),
    "rules": (
        "Chữ đỏ: điều kiện chưa đối chiếu với văn bản gốc, phải kiểm tra trước khi đưa vào hồ sơ.",
        "Red: a rule that was not read in the legal text; check it before it goes into a dossier.",
    ),
    "survey": (
        "Chưa khảo sát thì chưa biết có thiếu hay không. Nên khảo sát trước nơi đông trẻ em.",
        "Where nobody has surveyed, nobody knows what is lacking. Survey first where most children live.",
    ),
}
SAID: dict[str, Pair] = {
    "title": ("Số liệu sân chơi cho hồ sơ quy hoạch", "Play areas: figures for a plan dossier"),
    "study": ("Nghiên cứu", "Study"),
    "result": ("Kết quả", "Result"),
    "run": ("Mã lần chạy", "Run"),
    "date": ("Ngày xét quy định", "Day whose norms are in force"),
    "vintage": ("Địa giới có từ ngày", "Boundaries valid from"),
    "norm": ("Quy định", "Norm"),
    "crs": ("Hệ tọa độ của các cột X, Y", "CRS of columns X and Y"),
    "program": ("Chương trình", "Program"),
    "chosen": ("Phạm vi", "What was chosen"),
    "all_chosen": ("cả kết quả", "the whole result"),
    "some_chosen": ("chỉ các nơi đã chọn: {names}", "only the places chosen: {names}"),
    "headline": ("Kết luận chung (cả kết quả)", "Headline (of the whole result)"),
    "how": ("Cách đọc", "How to read it"),
    "sheets": ("Các trang", "Sheets"),
    "rows": ("{n} dòng", "{n} rows"),
    "remarks": ("Phải lưu ý", "Keep in mind"),
    "synthetic": imprint.WORDS["synthetic"],
    "estimate": ("Số trẻ em là ước tính.", "The numbers of children are estimates."),
    "read_empty": (
        "Ô trống nền xám là chưa biết, không phải 0: không cộng như thể đó là 0. Ô trống nền trắng là không có gì, hoặc không "
        "áp dụng.",
        "An empty grey cell is unknown, not 0: do not add it up as if it were 0. An empty white cell is none, or does not apply.",
    ),
    "read_round": (
        "Số lẻ được giữ nguyên trong ô, chỉ hiện gọn; cộng lại có thể lệch 1 so với số đã làm tròn.",
        "Cells keep all decimals and show fewer; sums may differ by 1 from rounded figures.",
    ),
    "read_filter": (
        "Bấm mũi tên ở dòng tiêu đề để lọc, ví dụ chỉ xã của mình. Khi in, dòng tiêu đề lặp lại ở mỗi trang.",
        "Filter with the arrows in the heading row. In print the heading comes again on every page.",
    ),
    "read_apostrophe": (
        "Chữ bắt đầu bằng dấu nháy (') là do chương trình thêm, để bảng tính không chạy nó như một công thức.",
        "Texts that a spreadsheet would run as a formula begin with an apostrophe (').",
    ),
    "empty": ("Ô trống nền xám: chưa biết, không phải 0.", "Empty and grey: unknown, not 0."),
    "nothing": ("Không có dòng nào.", "No rows."),
    "whole": (
        "Trang này là của cả kết quả, không cắt theo nơi đã chọn.",
        "Of the whole result, not cut to what was chosen.",
    ),
    "sites_whole": (
        "Thứ tự xây, hạng và các cột cộng dồn là của cả phương án, không riêng nơi đã chọn.",
        "Build order, rank and running totals are those of the whole plan, not of what was chosen.",
    ),
    "ranks_whole": (
        "Hạng là trong {n} thửa được xếp hạng của cả kết quả, không riêng nơi đã chọn.",
        "Ranks are among {n} ranked parcels of the whole result, not of what was chosen.",
    ),
    "survey_whole": (
        "Thứ tự khảo sát là trong cả kết quả, không riêng nơi đã chọn.",
        "The order of survey is that of the whole result, not of what was chosen.",
    ),
    "parcels_most": (
        "Chỉ ghi {n} thửa tốt nhất trong {whole} thửa; tất cả nằm trong tables/parcels.parquet và bảng CSV.",
        "Only the best {n} of {whole} parcels; all of them are in tables/parcels.parquet and in the CSV tables.",
    ),
    "ledger_most": (
        "Chỉ gồm {n} thửa: các khu đất được chọn, khu đất trong phương án và {best} thửa tốt nhất; tất cả nằm trong "
        "tables/screening.parquet và bảng CSV.",
        "Only {n} parcels: those chosen, the sites of the plan and the {best} best; all of them are in "
        "tables/screening.parquet and in the CSV tables.",
    ),
    "ages": ("{of} tuổi", "ages {of}"),
    "all_ages": ("tất cả", "all"),
    "yes": ("có", "yes"),
    "no": ("không", "no"),
    "verified": ("đã kiểm chứng", "verified"),
    "unverified": ("chưa kiểm chứng", "unverified"),
    "own": ("do người lập quy hoạch đặt", "set by the planner"),
    "rule_hard": ("bắt buộc", "hard"),
    "rule_soft": ("nên đạt", "soft"),
    "page": ("Trang", "Page"),
}


def say(key: str, language: str, **values: object) -> str:
    """A text in a language; numbers are written as it does."""
    text = SAID[key][1 if language == "en" else 0] if key in SAID else key
    told = {name: number(each, language) if isinstance(each, int | float) else each for name, each in values.items()}
    return text.format(**told) if told else text
