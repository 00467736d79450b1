"""Words of the page of a comparison, Vietnamese and English."""

from __future__ import annotations

from sanchoi.gis import compare_headings as headings
from sanchoi.gis.workbook import VALUES

WORDS: dict[str, tuple[str, str]] = {
    "title": ("So sánh hai kết quả", "Two results compared"),
    "language": ("Ngôn ngữ", "Language"),
    "to_table": ("Đến bảng xã, phường", "Go to the table of communes"),
    "no_script": (
        "Trang này cần JavaScript. Các số liệu cũng có trong compare.xlsx và thư mục tables.",
        "This page needs JavaScript. The same numbers are in compare.xlsx and the folder tables.",
    ),
    "map_label": ("Bản đồ thay đổi", "Map of the change"),
    "zoom": ("Phóng to, thu nhỏ bản đồ", "Zoom of the map"),
    "zoom_in": ("Phóng to", "Zoom in"),
    "zoom_out": ("Thu nhỏ", "Zoom out"),
    "whole": ("Xem toàn bộ", "Show all"),
    "show": ("Tô màu theo", "Colour by"),
    "by_commune": ("xã, phường nay", "commune of the later result"),
    "by_cell": ("ô lưới {m} m", "cell of {m} m"),
    "legend": ("Chú giải", "Legend"),
    "layers": ("Hiện thêm", "Also show"),
    "l_then": ("Ranh giới xã, phường trước", "Earlier boundaries"),
    "l_places": ("Sân chơi có thay đổi", "Play areas that changed"),
    "l_names": ("Tên xã, phường", "Names"),
    "details": ("Chi tiết", "Details"),
    "details_hint": (
        "Chạm vào một xã, phường trên bản đồ hoặc chọn một dòng trong bảng.",
        "Tap a commune on the map or choose a row of the table.",
    ),
    "close": ("Về phần tóm tắt", "Back to the summary"),
    "finding": ("Kết luận", "Finding"),
    "sides": ("Hai kết quả", "The two results"),
    "first": ("Trước", "Then"),
    "second": ("Nay", "Now"),
    "f_name": ("Nghiên cứu", "Study"),
    "f_date": ("Ngày xét", "Date"),
    "f_vintage": ("Địa giới từ ngày", "Boundaries of"),
    "f_communes": ("Số xã, phường", "Communes"),
    "f_surveyed": ("Đã khảo sát", "Surveyed"),
    "f_children": ("Trẻ em", "Children"),
    "f_uncovered": ("Trẻ biết là chưa được phục vụ", "Children known not to be covered"),
    "f_unsure": ("Trẻ chưa rõ có được phục vụ không", "Children of whom it is not known"),
    "f_play_areas": ("Sân chơi được tính", "Play areas that count"),
    "f_run_id": ("Mã kết quả", "Result id"),
    "c_better": (
        "Tốt hơn: thêm trẻ tới được sân chơi, hoặc có đủ đất chơi",
        "Better: more children can walk to a play area, or find enough ground",
    ),
    "c_worse": (
        "Kém hơn: bớt trẻ tới được sân chơi, hoặc có đủ đất chơi",
        "Worse: fewer children can, or find enough ground",
    ),
    "c_same": ("Không đổi trên thực địa", "No change on the ground"),
    "c_not_comparable": ("Không so sánh được (chưa biết)", "Not comparable (not known)"),
    "c_only_first": ("Ô chỉ có trong kết quả trước", "Cells of the earlier result alone"),
    "c_only_second": ("Ô chỉ có trong kết quả nay", "Cells of the later result alone"),
    "ground_alone": (
        "Tốt hơn hay kém hơn chỉ tính theo thay đổi trên thực địa. Gộp hay chia xã, số liệu trẻ em khác, quy định khác "
        "và nơi nay mới khảo sát không tính.",
        "Better and worse speak of the ground alone. Mergers, other data on children, another norm and places surveyed only now "
        "do not count.",
    ),
    "p_opened": ("Mở, hoặc nay mới tính", "Opened, or counts now"),
    "p_closed": ("Đóng, hoặc không còn tính", "Closed, or counts no more"),
    "p_other": ("Thay đổi khác", "Another change"),
    "table": ("Xã, phường nay, nhìn qua kết quả trước", "Communes now, seen through the earlier result"),
    "table_hint": (
        "“Trước” là tình trạng mà kết quả trước cho đúng phần đất của xã, phường nay.",
        '"Then" is what the earlier result gives for the very ground of the commune now.',
    ),
    "h_name": ("Xã, phường", "Commune"),
    "h_change": ("Trên thực địa", "On the ground"),
    "h_then": ("Trước, cùng phần đất", "Then, same ground"),
    "h_now": ("Nay", "Now"),
    "h_children": ("Trẻ em nay", "Children now"),
    "h_gained": ("Trẻ thêm", "Gained"),
    "h_lost": ("Trẻ mất", "Lost"),
    "h_why": ("Vì sao", "Why"),
    "made_of": ("Gồm đất của", "Made of"),
    "made_row": (
        "{name} ({id}): {area} % diện tích, {children} % trẻ em",
        "{name} ({id}): {area} % of the area, {children} % of the children",
    ),
    "made_row_area": ("{name} ({id}): {area} % diện tích", "{name} ({id}): {area} % of the area"),
    "ground": ("Thay đổi trên thực địa", "What changed on the ground"),
    "no_places": ("Không sân chơi nào thay đổi.", "No play area changed."),
    "no_walks": (
        "Không đường đi bộ nào tới cùng một sân chơi dài ra hay ngắn lại.",
        "No walk to the same play area became longer or shorter.",
    ),
    "walks_apart": (
        "Hai kết quả đo đường đi khác nhau, hoặc không nơi nào cả hai đều biết, nên không so sánh được đường đi.",
        "The results measure walks differently, or there is no place of which both know: walks are not compared.",
    ),
    "walks": (
        "{cells} ô có đường đi bộ khác tới cùng một sân chơi: {shorter} trẻ đi gần hơn, {longer} trẻ đi xa hơn.",
        "{cells} cells have another walk to the same play area: {shorter} children walk less, {longer} walk farther.",
    ),
    "walks_one": (
        "{cells} ô có đường đi bộ khác tới cùng một sân chơi: {shorter} trẻ đi gần hơn, {longer} trẻ đi xa hơn.",
        "{cells} cell has another walk to the same play area: children who walk less: {shorter}; farther: {longer}.",
    ),
    "more_rows": ("… và {n} dòng khác trong tables/{file}.csv", "… and {n} more in tables/{file}.csv"),
    "size_unknown": ("chưa rõ diện tích", "size not known"),
    "below": ("dưới {b}", "below {b}"),
    "place_m2": ("{one} → {two} m²", "{one} → {two} m²"),
    "data": ("Thay đổi trong dữ liệu", "What changed in the data"),
    "no_data": ("Mọi dữ liệu, quy định và thiết lập đều như nhau.", "All files, norms and settings are the same."),
    "boundaries": ("Chỉ do địa giới", "By boundaries alone"),
    "no_boundaries": ("Không xã, phường nào.", "No commune."),
    "codes": ("Mã được dùng lại cho phần đất khác", "Codes that mean other ground now"),
    "codes_hint": (
        "Cùng mã nhưng khác phần đất. Không xã, phường nào ở đây được ghép theo mã.",
        "The same code, other ground. No commune here was joined by its code.",
    ),
    "code_row": (
        "{id}: trước là {one}, nay là {two}; chung {p} % phần đất",
        "{id}: {one} then, {two} now; {p} % of the ground is shared",
    ),
    "list": ("Danh sách ({n})", "List ({n})"),
    "no_codes": ("Không có.", "None."),
    "parts": ("Chênh lệch gồm những phần nào", "What the difference is made of"),
    "parts_hint": (
        "Các phần cộng lại đúng bằng chênh lệch giữa hai kết quả. Mọi lứa tuổi.",
        "The parts sum to the difference between the results. All ages.",
    ),
    "difference": ("Chênh lệch", "Difference"),
    "item": ("Mục", "Item"),
    "change": ("Thay đổi", "Change"),
    "place": ("Sân chơi", "Play area"),
    "unknown_value": ("chưa rõ", "not known"),
    "files": (
        "Các bảng: compare.xlsx, thư mục tables; dữ liệu: compare.json.",
        "Tables: compare.xlsx, folder tables; data: compare.json.",
    ),
    "synthetic": ("Bản chạy thử: số liệu hư cấu", "Synthetic demo: all data are invented"),
    "estimate": ("Số trẻ em là ước tính", "Numbers of children are an estimate"),
}


def table() -> dict[str, dict[str, str]]:
    """All words of the page by language: its own, statuses, changes, parts, kinds of data."""
    pairs = dict(WORDS)
    for prefix, words in (
        ("s_", VALUES),
        ("k_", headings.CHANGE),
        ("part_", headings.PART),
        ("outlines_", headings.BY_OUTLINES),
        ("m_", headings.MEASURE),
        ("w_", headings.WHAT),
    ):
        pairs |= {f"{prefix}{key}": pair for key, pair in words.items()}
    return {language: {key: pair[k] for key, pair in pairs.items()} for k, language in enumerate(("vi", "en"))}
