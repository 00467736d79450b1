"""Refusals: why an export is not made, in Vietnamese and English; each says what came, what was expected, what to do."""

from __future__ import annotations

from sanchoi.gis.errors import ContractError, SanchoiError, worded

Told = tuple[str, str, str]
WORDS: dict[str, tuple[Told, Told]] = {
    "is_there": (
        ("{place} đã có rồi", "tệp zip mới, hoặc thư mục mới hay còn trống", "chọn nơi khác bằng --out"),
        ("{place} is there already", "a new zip file or a new or empty folder", "choose another with --out"),
    ),
    "holds_files": (
        ("{place} đã có tệp bên trong", "tệp zip mới, hoặc thư mục mới hay còn trống", "chọn nơi khác bằng --out"),
        ("{place} holds files already", "a new zip file or a new or empty folder", "choose another with --out"),
    ),
    "format": (
        ("loại hồ sơ {came}", "một trong: {known}", "chọn một loại"),
        ("format {came}", "one of {known}", "choose a format"),
    ),
    "nothing": (
        ("chưa chọn gì để lập hồ sơ", "--commune, --site hoặc --all", "ghi xã, phường hay khu đất nào"),
        ("nothing to draw", "--commune, --site or --all", "name what the sheets are of"),
    ),
    "of_none": (
        ("{name} mà không chọn {kind} nào", "--{option} hoặc --all", "ghi {name} là của nơi nào, hoặc bỏ {name}"),
        ("{name} of no {kind}", "--{option} or --all", "name what {name} is of, or leave it out"),
    ),
    "as": (
        ("bản đồ dạng {came}", "một trong: {known}", "chọn một dạng"),
        ("sheets as {came}", "one of {known}", "choose one"),
    ),
    "all_and_some": (
        ("chọn tất cả, và chọn một số", "một trong hai", "bỏ các xã và khu đất đã chọn"),
        ("everything, and some of it", "one of them", "leave the communes and sites out"),
    ),
    "all_with": (
        ("--all cùng với --commune hoặc --site", "một trong hai", "bỏ một"),
        ("--all with --commune or --site", "one of them", "leave the other out"),
    ),
    "scale_told": (
        ("--scale {came}", "một số như 10000, hoặc fit", "ghi tỷ lệ bằng số"),
        ("--scale {came}", "a number such as 10000, or fit", "write the scale as a number"),
    ),
    "unknown": (
        ("{kind} {came}", "mã {kind} của kết quả này", "xem các bảng của kết quả"),
        ("{kind} {came}", "the id of a {kind} of this result", "see its tables"),
    ),
    "no_crs": (
        ("{came} không phải là hệ tọa độ", "như “EPSG:5899”", "sửa mã"),
        ("{came} is not a CRS", 'such as "EPSG:5899"', "mend the code"),
    ),
    "no_prj": (
        ("{crs} không ghi được vào .prj", "hệ tọa độ mà Shapefile ghi được", "chọn hệ khác bằng --crs"),
        ("{crs} has no .prj", "a CRS that Shapefiles can name", "choose another with --crs"),
    ),
    "no_rows": (
        ("không có gì để ghi", "một xã, phường hoặc thửa đất của kết quả này", "chọn lại"),
        ("nothing to write", "a commune or a parcel of this result", "choose some"),
    ),
    "large": (
        ("lớp {layer} nặng {came} GB khi ghi thành {form}", "nhiều nhất {most} GB", "chọn một số xã, hoặc loại gpkg"),
        ("layer {layer} is {came} GB as a {form}", "at most {most} GB", "choose communes, or the format gpkg"),
    ),
    "wide": (
        ("bản vẽ rộng hơn 4.000 km", "phạm vi mà DGN V7 giữ được tới milimét", "chọn dxf"),
        ("a drawing more than 4,000 km wide", "what a DGN V7 holds to the millimetre", "choose dxf"),
    ),
    "datum": (
        (
            "bảng MapInfo trong hệ {crs}: {why}",
            "hệ có gốc tọa độ mà bảng giữ được, như VN-2000 và WGS 84",
            "chọn hệ khác bằng --crs, hoặc loại shp",
        ),
        (
            "MapInfo table in {crs}: {why}",
            "a CRS whose datum a table keeps, as VN-2000 and WGS 84",
            "choose another with --crs, or the format shp",
        ),
    ),
    "metres": (
        (
            "{form} trong hệ {crs}: số của hệ này không phải là mét",
            "hệ tọa độ tính bằng mét, như “EPSG:5899” của VN-2000",
            "chọn hệ khác bằng --crs, hoặc bỏ --crs",
        ),
        (
            "{form} in {crs}: its numbers are no metres",
            'a CRS in metres, such as "EPSG:5899" of VN-2000',
            "choose another with --crs, or leave it out",
        ),
    ),
    "surveyed": (
        (
            "{name} ({came}) đã được khảo sát",
            "xã, phường chưa ai tìm sân chơi",
            "bỏ ra; --all chỉ lấy các xã chưa khảo sát",
        ),
        (
            "{name} ({came}) is surveyed already",
            "a commune whose play areas nobody has looked for",
            "leave it out; --all takes the unknown communes alone",
        ),
    ),
}
KINDS = {"commune": ("xã, phường", "commune"), "site": ("khu đất", "site"), "parcel": ("thửa đất", "parcel")}


def refusal(word: str, kind: type[SanchoiError] = ContractError, /, **values: object) -> SanchoiError:
    """The error for an export that is not made; a value may be a pair, Vietnamese and English."""
    return worded(kind, *WORDS[word], **values)
