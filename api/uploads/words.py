"""What is said of an upload that is refused: what came, what was expected, what to do; and remarks on one that is taken."""

from __future__ import annotations

from typing import Any

Pair = tuple[str, str]
Value = str | int | float | Pair
SITES = "GeoJSON, GPKG, SHP (.zip), KML/KMZ, DXF"

REFUSALS: dict[str, tuple[str, str, str]] = {
    "empty": (
        "bad_file",
        "tệp rỗng · tệp có nội dung · chọn tệp khác",
        "the file is empty · one with content · choose another",
    ),
    "large": (
        "too_large",
        "tệp {came} MB",
        "a file of {came} MB",
    ),
    "site_kind": (
        "media",
        f"tệp ranh giới dạng {SITES}",
        f"outlines as {SITES}",
    ),
    "photo_kind": ("media", "ảnh JPEG, PNG hoặc WebP", "a photo as JPEG, PNG or WebP"),
    "heic": (
        "media",
        "ảnh JPEG, PNG hoặc WebP; đây là ảnh HEIC của iPhone: vào Cài đặt › Camera › Định dạng › chọn “Tương thích nhất” rồi "
        "chụp lại, hoặc gửi ảnh qua Zalo để máy đổi sang JPEG",
        "a photo as JPEG, PNG or WebP; this is HEIC of an iPhone: choose Settings › Camera › Formats › Most Compatible and take "
        "it again, or save it as JPEG",
    ),
    "document_kind": (
        "media",
        "tài liệu PDF, DOCX, XLSX, ODT hoặc văn bản thuần (.txt, .csv)",
        "a document as PDF, DOCX, XLSX, ODT or plain text (.txt, .csv)",
    ),
    "macros": (
        "media",
        "tài liệu không có macro (DOCX, XLSX, ODT): lưu lại dưới dạng .docx hoặc .xlsx",
        "a document without macros (DOCX, XLSX, ODT): save it as .docx or .xlsx",
    ),
    "markup": (
        "media",
        "văn bản thuần; tệp này chứa mã trang web (HTML, SVG)",
        "plain text; this file holds markup of web pages (HTML, SVG)",
    ),
    "broken": (
        "bad_file",
        "tệp {kind} bị hỏng hoặc không đúng dạng{why} · một tệp {kind} mở được · xuất lại tệp từ phần mềm bản đồ",
        "the {kind} file is broken or not of that kind{why} · one that can be opened · export it again",
    ),
    "entries": (
        "bad_file",
        "tệp zip có hơn {most} tệp con · nhiều nhất {most} · chỉ nén các tệp của một lớp",
        "the zip file holds more than {most} members · at most {most} · zip the files of one layer alone",
    ),
    "path": (
        "bad_file",
        "tệp zip có tên kèm thư mục: “{came}” · chỉ tên tệp · chọn các tệp .shp, .shx, .dbf, .prj rồi nén, không nén cả thư mục",
        'the zip file has a name with a folder: "{came}" · names of files alone · select the .shp, .shx, .dbf and .prj and zip '
        "these, not their folder",
    ),
    "link": (
        "bad_file",
        "tệp zip có liên kết “{came}” · chỉ tệp thường · nén lại",
        'the zip file has a link "{came}" · plain files alone · zip them again',
    ),
    "locked": (
        "bad_file",
        "tệp được khóa bằng mật khẩu · tệp không khóa · nén hoặc lưu lại không đặt mật khẩu",
        "the file is locked by a password · one that is not · save it without a password",
    ),
    "nested": (
        "bad_file",
        "tệp zip chứa tệp nén khác: “{came}” · chỉ các tệp của lớp · giải nén rồi nén lại",
        'the zip file holds another archive: "{came}" · files of the layer alone · unpack it and zip again',
    ),
    "twice": (
        "bad_file",
        "tệp zip có hai tệp cùng tên “{came}” · mỗi tên một lần · nén lại",
        'the zip file has two members named "{came}" · each name once · zip again',
    ),
    "inflates": (
        "bad_file",
        "tệp zip bung ra quá lớn (hơn {most} MB, hoặc hơn {ratio} lần) · tệp bình thường · kiểm tra lại tệp",
        "the zip file unpacks to too much (over {most} MB, or {ratio} times its size) · a common file · check it",
    ),
    "method": (
        "bad_file",
        "tệp zip nén kiểu lạ · kiểu thông thường (deflate) · nén lại bằng Windows",
        "the zip file is packed in an unusual way · deflate · zip again with the system's own tool",
    ),
    "members": (
        "bad_file",
        "tệp zip có {came} · một lớp SHP: .shp, .shx, .dbf, .prj · nén đủ các tệp của một lớp",
        "the zip file holds {came} · one SHP layer: .shp, .shx, .dbf, .prj · zip all files of one layer",
    ),
    "no_crs": (
        "bad_file",
        "tệp {kind} không ghi hệ tọa độ · hệ tọa độ của bản vẽ · chọn kinh tuyến trục ghi trên bản vẽ rồi gửi lại",
        "the {kind} file names no coordinate system · the one it is drawn in · choose the zone that the drawing names",
    ),
    "crs": (
        "bad_file",
        "hệ tọa độ “{came}” không dùng được · WGS 84 hoặc VN-2000 · xuất lại tệp với hệ tọa độ đúng",
        'the coordinate system "{came}" cannot be used · WGS 84 or VN-2000 · export with the right one',
    ),
    "entity": (
        "bad_file",
        "tệp KML có khai báo DOCTYPE hoặc thực thể · KML thường · xuất lại từ Google Earth hoặc QGIS",
        "the KML file declares a DOCTYPE or entities · plain KML · export it again from Google Earth or QGIS",
    ),
    "deep": (
        "bad_file",
        "tệp {kind} lồng quá {most} cấp · tệp bình thường · xuất lại",
        "the {kind} file nests more than {most} levels · a common file · export it again",
    ),
    "features": (
        "bad_file",
        "tệp có hơn {most} hình · nhiều nhất {most} · chỉ xuất các khu đất đề xuất",
        "the file holds more than {most} shapes · at most {most} · export the proposed land alone",
    ),
    "vertices": (
        "bad_file",
        "các hình có hơn {most} đỉnh · nhiều nhất {most} · vẽ đơn giản hơn",
        "the shapes have more than {most} vertices · at most {most} · draw them more simply",
    ),
    "no_polygons": (
        "bad_file",
        "tệp không có vùng khép kín nào{others} · ít nhất một vùng (polygon) · vẽ ranh giới khép kín rồi xuất lại",
        "the file holds no polygon{others} · at least one · draw a closed outline and export again",
    ),
    "finite": (
        "bad_file",
        "hình {n}: tọa độ không phải số hữu hạn (NaN, vô cực) · số bình thường · sửa tệp rồi gửi lại",
        "shape {n}: a coordinate is no finite number (NaN, infinite) · a plain number · mend the file",
    ),
    "range": (
        "bad_file",
        "hình {n}: tọa độ {came} nằm ngoài hệ tọa độ {crs} · kinh độ, vĩ độ hoặc mét đúng hệ · kiểm tra hệ tọa độ của tệp",
        "shape {n}: coordinate {came} is out of the range of {crs} · degrees or metres of that system · check the file's system",
    ),
    "shape": (
        "bad_file",
        "hình {n} không đọc được · vùng với các đỉnh [kinh độ, vĩ độ] · vẽ lại",
        "shape {n} cannot be read · a polygon of [longitude, latitude] · draw it again",
    ),
    "invalid": (
        "bad_file",
        "hình {n}: ranh giới tự cắt hoặc chồng lên nhau tại kinh độ {lon}, vĩ độ {lat} · ranh giới không tự cắt · sửa ở chỗ đó rồi "
        "xuất lại",
        "shape {n}: its outline crosses or overlaps itself at longitude {lon}, latitude {lat} ({why}) · one that does not · mend "
        "it there and export again",
    ),
    "flat": (
        "bad_file",
        "hình {n} không có diện tích · một khu đất · vẽ lại",
        "shape {n} has no area · a piece of land · draw it again",
    ),
    "layers": (
        "bad_file",
        "tệp có hơn {most} lớp · nhiều nhất {most} · chỉ xuất lớp các khu đất đề xuất",
        "the file holds more than {most} layers · at most {most} · export the layer of proposed land alone",
    ),
    "time": (
        "bad_file",
        "đọc tệp mất hơn {most} giây · tệp đơn giản hơn · bớt nội dung rồi gửi lại",
        "reading the file took more than {most} seconds · a simpler one · leave out what is not needed",
    ),
    "memory": (
        "bad_file",
        "đọc tệp cần quá nhiều bộ nhớ · tệp nhỏ hơn · bớt nội dung rồi gửi lại",
        "reading the file needs too much memory · a smaller one · leave out what is not needed",
    ),
    "crash": (
        "bad_file",
        "tệp làm hỏng chương trình đọc · tệp bình thường · xuất lại tệp từ phần mềm khác",
        "the file broke the program that reads it · a common file · export it again with another program",
    ),
    "pixels": (
        "bad_file",
        "ảnh có hơn {most} triệu điểm ảnh · ảnh nhỏ hơn · chụp lại hoặc giảm cỡ ảnh",
        "the photo has more than {most} million pixels · a smaller one · make it smaller",
    ),
    "name": (
        "bad_file",
        "tên tệp “{came}” không hợp với nội dung · đuôi {expected} · đổi tên tệp",
        'the file name "{came}" does not fit what it holds · the ending {expected} · rename it',
    ),
}
"""Code → key of the problem, and its words in Vietnamese and English."""

REMARKS: dict[str, Pair] = {
    "others": (
        "Bỏ qua {n} hình không phải vùng khép kín ({kinds}).",
        "{n} shapes that are no polygons were left out ({kinds}).",
    ),
    "crs": ("Hệ tọa độ của tệp: {crs}.", "Coordinate system of the file: {crs}."),
    "datum": (
        "Tệp ghi mốc WGS 84 nhưng phép chiếu là của VN-2000, kinh tuyến trục {meridian}°; hiểu là VN-2000 ({crs}). Nếu thật là "
        "WGS 84 thì lệch khoảng 225 m: hãy xem lại trên bản đồ.",
        "The file names the datum WGS 84 with the projection of VN-2000, central meridian {meridian}°; taken as VN-2000 ({crs}). "
        "Were it truly WGS 84, it would lie some 225 m away: look at the map.",
    ),
    "assumed": (
        "Tệp không ghi hệ tọa độ; dùng {crs} như đã chọn.",
        "The file names no coordinate system; {crs} was used, as chosen.",
    ),
    "swapped": (
        "Bản vẽ để X là hướng bắc, Y là hướng đông; đã đổi lại.",
        "The drawing has X to the north and Y to the east; they were exchanged.",
    ),
    "height": ("Bỏ độ cao của các đỉnh.", "Heights of vertices were left out."),
    "links": ("Không mở các liên kết mạng trong tệp.", "Network links in the file were not followed."),
    "fields": ("Chỉ giữ {most} thuộc tính đầu của mỗi hình.", "Of each shape the first {most} properties were kept."),
}


class Refused(Exception):
    """An upload is refused: the code of the reason, and values for its words."""

    def __init__(self, code: str, **values: Value) -> None:
        self.code, self.values = code, values
        super().__init__(code)


def pair_of(value: Any) -> Pair:  # noqa: ANN401 - a text, number or pair
    """One value in both languages."""
    if isinstance(value, (tuple, list)) and len(value) == 2:
        return str(value[0]), str(value[1])
    return str(value), str(value)


def told(words: Pair, values: dict[str, Any]) -> Pair:
    """Words in both languages with their values."""
    pairs = {name: pair_of(value) for name, value in values.items()}
    vi, en = (text.format_map({name: pair[side] for name, pair in pairs.items()}) for side, text in enumerate(words))
    return vi, en


def remark(word: str, /, **values: Value) -> Pair:
    """A remark in both languages."""
    return told(REMARKS[word], values)
