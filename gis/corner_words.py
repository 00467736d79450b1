"""What is said of a table of corners, in Vietnamese and English: refusals, and remarks on what was recognised."""

from __future__ import annotations

from sanchoi.gis.errors import ContractError, paired, worded

Pair = tuple[str, str]
Told = tuple[str, str, str]

REFUSALS: dict[str, tuple[Told, Told]] = {
    "empty": (
        ("chưa có tọa độ nào", "mỗi dòng một góc: số hiệu, X (bắc), Y (đông)", "dán bảng tọa độ vào ô"),
        ("no coordinates", "one corner a line: number, X (north), Y (east)", "paste the table"),
    ),
    "long": (
        ("bảng có {came}", "nhiều nhất {most}", "chỉ dán các góc của một khu đất"),
        ("a table of {came}", "at most {most}", "paste the corners of one piece of land"),
    ),
    "few": (
        ("chỉ có {came} góc khác nhau{where}", "ít nhất 3 góc", "dán đủ các góc của khu đất"),
        ("only {came} different corners{where}", "at least 3", "paste all corners of the land"),
    ),
    "none": (
        (
            "dòng {line}: “{came}” không phải tọa độ",
            "X (bắc) khoảng 880.000–2.630.000 m và Y (đông) khoảng 150.000–850.000 m, ví dụ: 1 1734567,89 543210,12",
            "chép lại bảng tọa độ từ giấy tờ hoặc Excel",
        ),
        (
            'line {line}: "{came}" is no pair of coordinates',
            "X (north) of 880,000–2,630,000 m and Y (east) of 150,000–850,000 m, such as: 1 1734567.89 543210.12",
            "copy the table again from the paper or from Excel",
        ),
    ),
    "row": (
        ("dòng {line}: “{came}”", "số hiệu, X (bắc) và Y (đông) như các dòng khác", "sửa dòng {line}"),
        ('line {line}: "{came}"', "number, X (north) and Y (east) like the other lines", "mend line {line}"),
    ),
    "missing": (
        ("dòng {line}: “{came}” chỉ có một tọa độ", "cả X (bắc) và Y (đông)", "điền số còn thiếu ở dòng {line}"),
        (
            'line {line}: "{came}" has one coordinate only',
            "X (north) and Y (east)",
            "add the one missing in line {line}",
        ),
    ),
    "nan": (
        ("dòng {line}: “{came}” có chỗ không phải số", "chỉ các chữ số", "sửa dòng {line}"),
        ('line {line}: "{came}" holds something that is no number', "digits only", "mend line {line}"),
    ),
    "rounded": (
        (
            "dòng {line}: “{came}” viết kiểu lũy thừa (E+), các chữ số sau đã mất hoặc số quá lớn",
            "số viết đủ, ví dụ 1734567,89",
            "trong Excel đổi định dạng ô thành Số (Number) với 2 chữ số thập phân rồi chép lại",
        ),
        (
            'line {line}: "{came}" is written with a power (E+): its last digits are lost, or it is too large',
            "the number in full, such as 1734567.89",
            "in Excel format the cells as Number with 2 decimals, and copy again",
        ),
    ),
    "two": (
        (
            "dòng {line}: “{came}” có hai cặp tọa độ",
            "mỗi dòng một góc",
            "chỉ giữ X, Y của hệ VN-2000 và dán lại",
        ),
        ('line {line}: "{came}" holds two pairs of coordinates', "one corner a line", "keep X, Y of VN-2000 alone"),
    ),
    "ambiguous": (
        (
            "dòng {line}: “{came}” đọc được hai cách: {one} hoặc {two}",
            "dấu ngăn cột khác dấu thập phân",
            "ngăn các cột bằng dấu chấm phẩy",
        ),
        (
            'line {line}: "{came}" can be read as {one} or as {two}',
            "a separator that is not the decimal mark",
            "separate the columns by semicolons",
        ),
    ),
    "mixed": (
        (
            "dòng {line}: “{came}” có X và Y đổi chỗ so với các dòng khác",
            "cùng một thứ tự ở mọi dòng",
            "sửa dòng {line}",
        ),
        ('line {line}: "{came}" has X and Y the other way round', "one order in all lines", "mend line {line}"),
    ),
    "kinds": (
        (
            "dòng {line}: “{came}” không cùng loại tọa độ với các dòng trước",
            "mét, hoặc độ, ở mọi dòng",
            "sửa dòng {line}",
        ),
        (
            'line {line}: "{came}" is not of the kind of the lines before',
            "metres, or degrees, in all",
            "mend line {line}",
        ),
    ),
    "name": (
        (
            "dòng {line}: số hiệu {came} đã có ở dòng {other}, nhưng tọa độ khác {gap} m",
            "mỗi số hiệu một góc",
            "sửa số hiệu hoặc tọa độ",
        ),
        (
            "line {line}: corner {came} is in line {other} too, {gap} m away",
            "one corner of each name",
            "mend the name or the coordinates",
        ),
    ),
    "crossing": (
        (
            "ranh giới tự cắt: cạnh {one} cắt cạnh {two}",
            "các góc theo thứ tự đi vòng quanh khu đất",
            "xếp lại thứ tự các góc{hint}",
        ),
        (
            "the outline crosses itself: edge {one} crosses edge {two}",
            "corners in their order around the land",
            "put them in order{hint}",
        ),
    ),
    "touching": (
        ("ranh giới tự chạm ở {came}", "ranh giới không chạm chính nó", "kiểm tra lại các góc gần chỗ đó"),
        ("the outline touches itself at {came}", "one that does not", "check the corners near that place"),
    ),
    "flat": (
        ("các góc nằm trên một đường thẳng{where}", "một khu đất có diện tích", "kiểm tra lại tọa độ"),
        ("the corners lie on one line{where}", "land with an area", "check the coordinates"),
    ),
    "overlap": (
        ("vùng {one} và vùng {two} chồng lên nhau", "các vùng rời nhau", "kiểm tra lại tọa độ"),
        ("parts {one} and {two} overlap", "parts that do not", "check the coordinates"),
    ),
    "far": (
        (
            "với {zone}, khu đất nằm cách {what} {km} km về phía {way}; không kinh tuyến trục nào khác hợp hơn",
            "đất trong {what}",
            "kiểm tra lại các con số, nhất là các chữ số đầu",
        ),
        (
            "with {zone} the land lies {km} km {way} of {what}, and no other zone fits better",
            "land inside {what}",
            "check the figures, the first digits above all",
        ),
    ),
    "zone": (
        ("hệ tọa độ {came}", "một trong: {known}", "chọn kinh tuyến trục ghi trên giấy tờ"),
        ("coordinate system {came}", "one of {known}", "choose the zone that the paper names"),
    ),
    "elsewhere": (
        (
            "với {zone}, khu đất nằm ngoài {what}",
            "{known}: khu đất nằm trong {what}",
            "xem lại kinh tuyến trục ghi trên giấy tờ",
        ),
        (
            "with {zone} the land lies outside {what}",
            "{known}, with which it lies inside",
            "look at the zone that the paper names",
        ),
    ),
    "unknown_zone": (
        ("không rõ kinh tuyến trục của bảng này", "kinh tuyến trục", "chọn kinh tuyến trục ghi trên giấy tờ"),
        ("nothing says in which zone this table is", "a zone", "choose the one that the paper names"),
    ),
}

REMARKS: dict[str, Pair] = {
    "read": (
        "Đọc được {n} góc, diện tích {area} m², chu vi {length} m.",
        "{n} corners read, area {area} m², perimeter {length} m.",
    ),
    "swapped": (
        "Hai cột bị đổi chỗ: cột đầu là số đông (Y), cột sau là số bắc (X). Đã đọc đúng lại: X là hướng bắc, Y là hướng đông.",
        "The two columns are swapped: the first holds the easting (Y), the second the northing (X). They were read the right way "
        "round: X is north, Y is east.",
    ),
    "labels": (
        "Cột ghi X chứa số đông, cột ghi Y chứa số bắc (cách viết của GPS); giấy tờ VN-2000 ghi ngược lại. Đã đọc theo con số.",
        "The column X holds eastings and Y northings, as a GPS writes them; VN-2000 papers do the opposite. Read by the figures.",
    ),
    "usual": (
        "Hiểu là tọa độ VN-2000, {zone}, kinh tuyến thường dùng của tỉnh; chưa có gì trên bảng ghi điều đó.",
        "Taken as VN-2000, {zone}, the province's usual one; nothing in the table says so.",
    ),
    "only": (
        "Hiểu là tọa độ VN-2000, {zone}: với kinh tuyến này khu đất nằm trong {what}.",
        "Taken as VN-2000, {zone}: with it the land lies inside {what}.",
    ),
    "other": (
        "Tọa độ này thuộc {zone}, không phải {usual}: chỉ với kinh tuyến đó khu đất mới nằm trong {what}.",
        "These coordinates belong to {zone}, not {usual}: only with it the land lies inside {what}.",
    ),
    "written": ("Bảng ghi {zone}; đã dùng kinh tuyến này.", "The table names {zone}; it was used."),
    "contradicts": (
        "Bảng ghi {zone}, nhưng với kinh tuyến đó khu đất không nằm trong {what}.",
        "The table names {zone}, but with it the land does not lie inside {what}.",
    ),
    "chosen": ("Dùng {zone} như đã chọn.", "{zone}, as chosen."),
    "several": (
        "Cũng có thể là: {zones}. Xem giấy tờ ghi kinh tuyến trục nào.",
        "It could also be: {zones}. See which one the paper names.",
    ),
    "partly": (
        "{share} % diện tích nằm trong {what}, phần còn lại ở ngoài.",
        "{share} % of the area lies inside {what}, the rest outside.",
    ),
    "degrees": (
        "Đây là kinh độ, vĩ độ (độ), không phải X, Y mét của VN-2000. Hiểu là WGS 84 (điện thoại, Google Maps); nếu là độ của "
        "VN-2000 thì lệch khoảng 200 m.",
        "These are degrees of longitude and latitude, not metres of VN-2000. Taken as WGS 84 (phones, Google Maps); degrees of "
        "VN-2000 would lie some 200 m away.",
    ),
    "latitude_first": ("Vĩ độ đứng trước kinh độ.", "Latitude comes before longitude."),
    "closed": ("Dòng cuối lặp lại góc đầu; chỉ tính một lần.", "The last line repeats the first corner; counted once."),
    "twice": ("Dòng {line} lặp lại góc của dòng trước; đã bỏ.", "Line {line} repeats the corner before it; left out."),
    "edge": (
        "Cạnh {edge}: bảng ghi {said} m, tính từ tọa độ là {found} m (lệch {gap} m).",
        "Edge {edge}: the table says {said} m, the coordinates give {found} m ({gap} m apart).",
    ),
    "edges_more": ("Còn {n} cạnh khác cũng lệch.", "{n} more edges differ too."),
    "edges_fit": (
        "Chiều dài cạnh trong bảng khớp với tọa độ (số cạnh có ghi: {n}; lệch không quá 0,05 m).",
        "The edge lengths in the table agree with the coordinates (given: {n}; to 0.05 m).",
    ),
    "area": (
        "Bảng ghi diện tích {said} m², tính từ tọa độ là {found} m².",
        "The table says {said} m², the coordinates give {found} m².",
    ),
    "unused": ("Không dùng dòng {line}: “{text}”.", 'Line {line} was not used: "{text}".'),
    "unused_more": ("Còn {n} dòng khác không dùng.", "{n} more lines were not used."),
    "parts": ("Bảng có {n} vùng rời nhau.", "The table holds {n} separate parts."),
    "hole": (
        "Vùng {inner} nằm trong vùng {outer}: hiểu là phần không thuộc khu đất (lỗ).",
        "Part {inner} lies inside part {outer}: taken as ground that does not belong to the land (a hole).",
    ),
}

WAYS: tuple[Pair, ...] = (
    ("bắc", "north"),
    ("đông bắc", "north-east"),
    ("đông", "east"),
    ("đông nam", "south-east"),
    ("nam", "south"),
    ("tây nam", "south-west"),
    ("tây", "west"),
    ("tây bắc", "north-west"),
)
SHOWN = 80


def number(value: float, digits: int = 2) -> Pair:
    """A figure as it is written in Vietnamese and in English."""
    english = f"{value:,.{digits}f}"
    return english.translate(str.maketrans(",.", ".,")), english


def shown(text: str) -> str:
    """A line of the table as it is quoted: without control characters, and not long."""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def refusal(word: str, /, **values: object) -> ContractError:
    """The error for a table that is refused, in both languages; a value may be a pair of words."""
    return worded(ContractError, *REFUSALS[word], **values)


def remark(word: str, /, **values: object) -> Pair:
    """A remark in both languages; a value may be a pair of words."""
    return paired(*REMARKS[word], **values)
