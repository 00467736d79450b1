"""What is said of a file as it arrived, in Vietnamese and English: refusals, and remarks on what was recognised and done."""

from __future__ import annotations

from dataclasses import dataclass, field

from sanchoi.gis.errors import ContractError, CRSError, SanchoiError, SourceError, paired, worded

Pair = tuple[str, str]
Told = tuple[str, str, str]


@dataclass(frozen=True)
class Remark:
    """A remark: its code as in notes of a run, the words in both languages, and how many things it is about."""

    code: str
    vi: str
    en: str
    count: int | None = None
    ids: list[str] = field(default_factory=list)


REFUSALS: dict[str, tuple[type[SanchoiError], Told, Told]] = {
    "no_crs": (
        CRSError,
        (
            "lớp {name} ({file}) không ghi hệ tọa độ",
            "hệ tọa độ trong tệp (tệp .prj đi kèm Shapefile); chương trình không tự đoán thay",
            "gán đúng hệ tọa độ trong phần mềm GIS hoặc ghi {flag}; bản vẽ ở Quảng Nam thường là EPSG:5899 (VN-2000, kinh tuyến "
            "trục 107°45′)",
        ),
        (
            "layer {name} ({file}) has no CRS",
            "a CRS in the file (.prj beside a Shapefile); none is ever assumed",
            "assign the right one in a GIS, or say {flag}; in Quảng Nam plans are mostly EPSG:5899 (VN-2000 / TM-3 107-45)",
        ),
    ),
    "guess": (
        CRSError,
        (
            "lớp {name} ({file}) không ghi hệ tọa độ; các con số hợp với {crs}{swapped}: "
            "{share} % số hình nằm trong {inside}{rivals}",
            "hệ tọa độ trong tệp, hoặc lời xác nhận; chương trình không tự đoán thay",
            "nếu đúng, hãy ghi {flag}",
        ),
        (
            "layer {name} ({file}) has no CRS; its numbers fit {crs}{swapped}: "
            "{share} % of its features lie among {inside}{rivals}",
            "a CRS in the file, or somebody who confirms; none is ever assumed",
            "if that is right, say {flag}",
        ),
    ),
    "several": (
        CRSError,
        (
            "lớp {name} ({file}) không ghi hệ tọa độ; các con số hợp với nhiều hệ: {rivals}",
            "một hệ tọa độ duy nhất",
            "hỏi nơi gửi tệp, rồi ghi {flag}",
        ),
        (
            "layer {name} ({file}) has no CRS; its numbers fit several: {rivals}",
            "one CRS",
            "ask who sent the file, then say {flag}",
        ),
    ),
    "nowhere": (
        CRSError,
        (
            "lớp {name} ({file}) không ghi hệ tọa độ; không hệ nào của Việt Nam đặt nó vào {inside} (các con số: {box})",
            "tọa độ của nơi này",
            "hỏi nơi gửi tệp dùng hệ tọa độ nào và của xã nào",
        ),
        (
            "layer {name} ({file}) has no CRS; none of those used in Vietnam puts it among {inside} (its numbers: {box})",
            "coordinates of this place",
            "ask who sent the file which CRS it is in, and of which commune it is",
        ),
    ),
    "datum": (
        CRSError,
        (
            "lớp {name} ({file}): múi chiếu VN-2000 ({crs}) trên hệ quy chiếu WGS 84: "
            "phần mềm ghi tệp đã làm mất hệ quy chiếu, lệch khoảng 225 m",
            "VN-2000",
            "nếu số liệu vốn là {crs}, hãy ghi {flag}; hoặc xin lại tệp dạng GeoPackage",
        ),
        (
            "layer {name} ({file}): a zone of VN-2000 ({crs}) on the datum of WGS 84: "
            "whoever wrote the file lost the datum, about 225 m",
            "VN-2000",
            "if the data were drawn in {crs}, say {flag}; or ask for the file as GeoPackage",
        ),
    ),
    "swapped": (
        CRSError,
        (
            "lớp {name} ({file}): hai trục có vẻ bị đổi chỗ (X bắc đứng trước Y đông): {x} … {y}",
            "đông trước, bắc sau",
            "nếu đúng vậy, hãy ghi {flag}",
        ),
        (
            "layer {name} ({file}): its axes look swapped (north before east): {x} … {y}",
            "east before north",
            "if that is so, say {flag}",
        ),
    ),
    "wrong": (
        CRSError,
        (
            "lớp {name} ({file}): {share} % số hình nằm trong {inside} theo {own}, nhưng {better} % theo {crs}{swapped}",
            "đúng hệ tọa độ mà tệp ghi",
            "nếu tệp ghi sai, hãy ghi {flag}",
        ),
        (
            "layer {name} ({file}): {share} % of its features lie among {inside} in {own}, but {better} % in {crs}{swapped}",
            "the CRS that the file names",
            "if the file is wrong, say {flag}",
        ),
    ),
    "impossible": (
        CRSError,
        (
            "lớp {name} ({file}): {bad} trên {of} vị trí không thể nằm trong {crs}, ví dụ {x}; {y}",
            "các con số đúng đơn vị và đúng thứ tự ở mọi dòng",
            "xem đơn vị (mét, không phải mi-li-mét hay độ), dấu phân cách hàng nghìn, số múi chiếu viết trước, "
            "dòng viết đảo X và Y",
        ),
        (
            "layer {name} ({file}): {bad} of {of} places cannot be in {crs}, such as {x}; {y}",
            "numbers in the unit of that CRS, and in one order in every row",
            "look at the unit (metres, not millimetres or degrees), marks between thousands, a zone's number before the easting, "
            "rows with X and Y exchanged",
        ),
    ),
    "bad_crs": (
        CRSError,
        ("assume_crs = {came}", "một mã EPSG, ví dụ 5899", "sửa lại mã"),
        ("assume_crs = {came}", "an EPSG code, such as 5899", "mend the code"),
    ),
    "mixed": (
        ContractError,
        (
            "lớp {name}, cột {column}: chữ lẫn hai bảng mã, {first} ({n_first} từ) và {second} ({n_second} từ, ví dụ “{example}”)",
            "một bảng mã",
            "ghi {flag}: từ nào chỉ đọc được theo bảng mã kia vẫn được đọc theo bảng mã đó",
        ),
        (
            "layer {name}, column {column}: text in two encodings, {first} ({n_first} words) and "
            '{second} ({n_second} words, such as "{example}")',
            "one encoding",
            "say {flag}: a value that can only be read in the other one is still read so",
        ),
    ),
    "no_faces": (
        ContractError,
        ("lớp {name} ({file}): các đường không khép thành thửa nào; {gaps} chỗ hở", "các đường khép kín", "{todo}"),
        ("layer {name} ({file}): its lines enclose nothing; {gaps} gaps", "lines that enclose parcels", "{todo}"),
    ),
    "degrees_lines": (
        CRSError,
        (
            "lớp {name} ({file}): các đường tính bằng độ ({crs})",
            "bản vẽ tính bằng mét",
            "chuyển sang hệ tọa độ mét trước",
        ),
        ("layer {name} ({file}): lines in degrees ({crs})", "a drawing in metres", "give it in a CRS in metres"),
    ),
    "no_places": (
        SourceError,
        ("{file}: bảng không có vị trí", "tệp .csv hoặc .gpkg cho bảng", "đặt tên tệp .csv"),
        ("{file}: a table without places", ".csv or .gpkg for a table", "name it .csv"),
    ),
    "long_text": (
        SourceError,
        ("{file}, cột {column}: chữ dài hơn {most} byte", "chữ ngắn hơn, hoặc tệp .gpkg", "chọn .gpkg"),
        ("{file}, column {column}: text longer than {most} bytes", "shorter text, or a .gpkg", "choose .gpkg"),
    ),
    "dgn8": (
        SourceError,
        ("{file} là DGN V8", "DGN V7 hoặc DXF", "trong MicroStation: File > Save As, chọn DGN V7 hoặc DXF"),
        ("{file} is DGN V8", "DGN V7 or DXF", "in MicroStation: File > Save As, DGN V7 or DXF"),
    ),
    "dwg": (
        SourceError,
        ("{file} là DWG, chương trình không đọc được", "DXF", "trong AutoCAD: SAVEAS, chọn DXF"),
        ("{file} is of an unknown kind (DWG)", "DXF, or one of {known}", "in AutoCAD: SAVEAS, DXF"),
    ),
}

REMARKS: dict[str, Pair] = {
    "text_decoded": (
        "cột {columns}: chữ {encoding} được chuyển sang Unicode, {n} giá trị, ví dụ “{was}” thành “{now}”",
        'column {columns}: text in {encoding} turned into Unicode, {n} values, such as "{was}" into "{now}"',
    ),
    "text_exceptions": (
        "cột {columns}: {n} giá trị chỉ đọc được theo {encoding} và được đọc như vậy, ví dụ “{was}” là “{now}”",
        'column {columns}: {n} values can only be read as {encoding}, and were, such as "{was}" as "{now}"',
    ),
    "text_ambiguous": (
        "cột {columns}: chưa rõ bảng mã (“{was}” có thể là “{now}”), giữ nguyên; hãy ghi {flag}",
        'column {columns}: the encoding cannot be told ("{was}" may be "{now}"); left as it is, say {flag}',
    ),
    "crs_assumed": (
        "{file}: lấy hệ tọa độ {crs} theo lời xác nhận{why}",
        "{file}: taken to be in {crs}, as confirmed{why}",
    ),
    "crs_guessed": (
        "{file}: không ghi hệ tọa độ; đoán là {crs} và được chấp nhận: {share} % số hình nằm trong {inside}{rivals}",
        "{file} names no CRS; guessed {crs}, and accepted: {share} % of its features lie among {inside}{rivals}",
    ),
    "datum_mended": (
        "{file}: hệ quy chiếu VN-2000 đã mất khi ghi tệp được khôi phục là {crs} (khác khoảng 225 m)",
        "{file}: the datum of VN-2000 that was lost is restored as {crs} (about 225 m)",
    ),
    "crs_overruled": (
        "{file}: tệp ghi {own}, nhưng lấy {crs} theo lời xác nhận",
        "{file}: the file names {own}; taken to be in {crs}, as confirmed",
    ),
    "axes_swapped": (
        "{file}: X (bắc) và Y (đông) được đổi chỗ",
        "{file}: north and east stood in the other order and were swapped",
    ),
    "heading_found": (
        "{file}: tiêu đề bảng ở dòng {rows} (bỏ qua {above} dòng phía trên); {joined} tiêu đề nhiều dòng được ghép",
        "{file}: the table's heading stands in row {rows} ({above} rows above it passed over); "
        "{joined} headings of several rows joined",
    ),
    "numbers_row": (
        "{file}: dòng {row} chỉ đánh số cột, được bỏ qua",
        "{file}: row {row} numbers the columns and is passed over",
    ),
    "merged_filled": (
        "{file}: {n} ô gộp trong bảng được điền giá trị của ô đầu",
        "{file}: {n} cells that are merged below the heading are filled with the value of the first",
    ),
    "merged_numbers": (
        "{file}: {n} ô gộp nhiều dòng chứa số, ví dụ {example}: mỗi dòng nay mang số chung, không phải số của riêng nó",
        "{file}: {n} cells merged over several rows hold numbers, such as {example}: each of the rows now has the number of all, "
        "which is not its own",
    ),
    "stray": (
        "{file}: {n} hình nằm rất xa vùng của {crs}, ví dụ ở {x}; {y}",
        "{file}: {n} features lie far outside the area of {crs}, such as at {x}; {y}",
    ),
    "paper": (
        "{file}: bỏ qua {n} hình của khung bản in (paper space), vì chúng không nằm trên thực địa",
        "{file}: {n} shapes of printed sheets (paper space) are left out: they lie on no ground",
    ),
    "hidden": (
        "{file}: {n} hình nằm ở lớp đang tắt hoặc đóng băng ({names}) vẫn được đọc; nếu không cần, hãy chỉ chọn các lớp cần dùng",
        "{file}: {n} shapes lie on layers that are off or frozen ({names}) and are read all the same; name the layers "
        "that are wanted if they are not",
    ),
    "hatches": (
        "{file}: {n} vùng tô (hatch) không được lấy làm ranh thửa",
        "{file}: {n} hatches are not taken for borders of parcels",
    ),
    "faces": (
        "{file}: {n} thửa được khép từ {lines} đường; {labels} nhãn nằm trong thửa, {outside} nhãn nằm ngoài",
        "{file}: {n} parcels enclosed by {lines} lines; {labels} texts lie in them, {outside} in none",
    ),
    "gaps": (
        "{file}: {n} chỗ hở tới {most} m, {done}; chỗ đầu tiên ở {x}, {y}",
        "{file}: {n} gaps of up to {most} m, {done}; the first at {x}, {y}",
    ),
    "loose": (
        "{file}: {n} đầu đường không nối vào đâu",
        "{file}: {n} ends of lines lead nowhere",
    ),
    "short_names": (
        "{file}: tên cột được rút ngắn còn 10 chữ không dấu: {names}",
        "{file}: names of columns cut to ten letters of ASCII: {names}",
    ),
    "geojson_degrees": (
        "{file}: GeoJSON luôn tính bằng độ (EPSG:4326)",
        "{file}: GeoJSON is always in degrees (EPSG:4326)",
    ),
    "csv_points": (
        "{file}: điểm ghi theo kinh độ, vĩ độ (lon, lat, EPSG:4326)",
        "{file}: points stand as lon and lat (EPSG:4326)",
    ),
    "csv_shapes": (
        "{file}: hình ghi dạng WKT ở cột wkt, hệ tọa độ {crs}",
        "{file}: shapes stand as WKT in the column wkt, CRS {crs}",
    ),
    "label_none": (
        "{file}: {n} thửa không có nhãn, thuộc tính để trống",
        "{file}: {n} parcels hold no text; their attributes are unknown",
    ),
    "label_several": (
        "{file}: {n} thửa có nhiều nhãn khác nhau, thuộc tính để trống, ví dụ “{example}”",
        '{file}: {n} parcels hold texts of several parcels; their attributes are unknown, such as "{example}"',
    ),
    "label_area": (
        "{file}: {n} thửa ghi diện tích khác hình vẽ, ví dụ thửa {example}: ghi {stated} m², vẽ {drawn} m²",
        "{file}: {n} parcels state another area than is drawn, such as {example}: {stated} m² stated, {drawn} m² drawn",
    ),
}

NAMES: dict[str, str] = {
    "tcvn3": "TCVN3 (ABC)",
    "vni": "VNI",
    "utf-8": "UTF-8",
    "cp1258": "Windows-1258",
    "unicode": "Unicode",
}
"""Encodings as people call them."""


def refusal(word: str, /, **values: object) -> SanchoiError:
    """The error for a file that is refused, in both languages; a value may be a pair of words."""
    kind, vi, en = REFUSALS[word]
    return worded(kind, vi, en, **values)


def remark(word: str, /, count: int | None = None, **values: object) -> Remark:
    """A remark in both languages; a value may be a pair of words."""
    return Remark(word, *paired(*REMARKS[word], **values), count)
