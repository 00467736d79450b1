"""Words of the survey map, Vietnamese and English."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("BẢN ĐỒ KHẢO SÁT SÂN CHƠI", "SURVEY OF PLAY AREAS"),
    "under": ("Phiếu {form} · {study} · địa giới {vintage}", "Form {form} · {study} · communes of {vintage}"),
    "scale": ("Tỷ lệ 1:{n}", "Scale 1:{n}"),
    "how": (
        "Đi xem khắp các thôn, tổ dân phố. Mỗi nơi trẻ em chơi ngoài trời: chấm một điểm và ghi số lên bản "
        "đồ, ghi cùng số đó vào bảng. "
        "Ô ghi như C4; thêm hai số phần mười, sang phải rồi xuống, thì rõ hơn: C4-37. Nơi có sẵn: khoanh Đ "
        "(đúng), S (sửa) hoặc K (không có).",
        "Look in every hamlet. For each place where children play outdoors put a dot and a number on the "
        "map, and the same number in the table. "
        "Squares are written C4; two tenths, to the right and then down, make it finer: C4-37. On record: "
        "circle R (right), C (correct) or N (none).",
    ),
    "fits": (
        "Tỷ lệ 1:{n}: để cả {commune} nằm trong một trang {paper}.",
        "1:{n}: so that all of {commune} is on one page of {paper}.",
    ),
    "fits_between": (
        "Tỷ lệ 1:{n} không thuộc dãy tỷ lệ bản đồ thường dùng: chọn để {commune} to hết trang {paper}, dễ đánh dấu.",
        "1:{n} is none of the usual scales of maps: chosen so that {commune} fills a page of {paper} and is easy to mark.",
    ),
    "rule": (
        "Bản đồ của xã rộng như vậy thường vẽ 1:{n}; tờ này nhỏ hơn.",
        "Maps of communes of this size are drawn at 1:{n} by the rule; this one is smaller.",
    ),
    "squares": ("Ô vuông rộng {m} m, theo lưới tọa độ.", "Squares of {m} m, on the grid of coordinates."),
    "tenths": ("Ô lớn nên phải ghi cả phần mười.", "They are large: write the tenths too."),
    "telephone": (
        "Ô quá lớn để biết chỗ: ghi tọa độ (điện thoại) vào phiếu.",
        "They are too large to tell a place: give coordinates (telephone) in the form.",
    ),
    "surveyor": ("Cơ quan khảo sát", "Surveyed by (office)"),
    "day": ("Ngày", "Date"),
    "none": ("Đã xem khắp và KHÔNG có sân chơi nào", "We looked everywhere and there are NONE"),
    "peopled": ("Nơi 8 trên 10 trẻ em sinh sống (theo dữ liệu)", "Where 8 of 10 children live, by the data"),
    "listed": ("Nơi có trong danh sách, số như trong bảng", "Place on record, numbered as in the table"),
    "square": ("Ô để ghi chỗ; vạch nhỏ là phần mười", "Square that tells a place; ticks are its tenths"),
    "legend": ("Chú giải", "Legend"),
    "north": ("B\nBắc lưới", "N\ngrid north"),
    "bar": ("1 cm bằng {m} m", "1 cm is {m} m"),
    "bar_km": ("1 cm bằng {km} km", "1 cm is {km} km"),
    "marks": ("Đ  S  K", "R  C  N"),
    "more": ("Còn {n} sân chơi có sẵn: xem trong tệp Excel.", "{n} more on record: see the workbook."),
    "t_no": ("Số", "No."),
    "t_check": ("Có sẵn", "On record"),
    "t_name": ("Tên gọi, thôn", "Name, hamlet"),
    "t_square": ("Ô, như C4-37", "Square, as C4-37"),
    "t_kind": ("Loại", "Kind"),
    "t_who": ("Ai được vào", "Who may use it"),
    "t_area": ("m²", "m²"),
}


def say(key: str, language: str, **values: object) -> str:
    """A text in a language."""
    return WORDS[key][language == "en"].format(**values)
