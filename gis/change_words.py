"""Why a change is refused, in Vietnamese and English: what came, what was expected, what to do."""

from __future__ import annotations

from sanchoi.gis.errors import ContractError, SanchoiError, worded

Told = tuple[str, str, str]
WORDS: dict[str, tuple[Told, Told]] = {
    "action": (
        ("thay đổi {n}: action {came}", "một trong: {known}", "sửa lại thay đổi này"),
        ("change {n}: action {came}", "one of {known}", "mend the change"),
    ),
    "key": (
        ("thay đổi {n}: “{came}”", "chỉ các mục: {known}", "bỏ mục này"),
        ('change {n}: "{came}"', "only the keys {known}", "leave it out"),
    ),
    "kind": (
        ("thay đổi {n}: kind {came}", "một trong: {known}", "sửa lại thay đổi này"),
        ("change {n}: kind {came}", "one of {known}", "mend the change"),
    ),
    "long": (
        ("thay đổi {n}: dài {came} m", "cầu hoặc lối sang đường dài tới {most} m", "vẽ từ đường này sang đường kia"),
        ("change {n}: {came} m long", "a crossing of up to {most} m", "draw it from way to way"),
    ),
    "size": (
        ("thay đổi {n}: điểm mà không có area_m2", "số m² đất, hoặc ranh giới", "ghi area_m2"),
        ("change {n}: a point without area_m2", "m² of ground, or an outline", "give area_m2"),
    ),
    "large": (
        ("thay đổi {n}: {came} m²", "sân chơi tới {most} m²", "chỉ vẽ ranh giới của sân chơi"),
        ("change {n}: {came} m²", "a play area of up to {most} m²", "draw the outline of the play area alone"),
    ),
    "corners": (
        ("thay đổi {n}: hình có {came} đỉnh", "nhiều nhất {most} đỉnh", "vẽ đơn giản hơn"),
        ("change {n}: a geometry of {came} vertices", "at most {most}", "draw it more simply"),
    ),
    "winding": (
        ("thay đổi {n}: ranh giới dài {came} m", "ranh giới dài tới {most} m", "chỉ vẽ ranh giới của sân chơi"),
        ("change {n}: an outline {came} m long", "one of up to {most} m", "draw the outline of the play area alone"),
    ),
    "around": (
        ("các ranh giới dài tất cả {came} km", "tất cả dài tới {most} km", "bớt thay đổi, hoặc vẽ ranh giới ngắn hơn"),
        ("outlines of {came} km in all", "up to {most} km in all", "ask for less, or draw shorter outlines"),
    ),
    "pointed": (
        ("thay đổi {n}: lối vào của một điểm", "lối vào chỉ đi cùng ranh giới", "vẽ ranh giới, hoặc bỏ lối vào"),
        ("change {n}: access_points of a point", "access points only with an outline", "draw it, or leave them out"),
    ),
    "taken": (
        ("thay đổi {n}: mã {came} đã có", "mã chưa sân chơi nào dùng", "chọn mã khác, hoặc bỏ trống"),
        ("change {n}: id {came} is taken", "an id that no play area has", "choose another, or none"),
    ),
    "text": (
        ("thay đổi {n}: {key} {came}", "chữ, tới {most} ký tự", "sửa lại"),
        ("change {n}: {key} {came}", "a text of up to {most} characters", "mend it"),
    ),
    "nothing": (
        ("thay đổi {n}: không có area_m2 và geometry", "sân chơi sẽ rộng bao nhiêu", "ghi một trong hai"),
        ("change {n}: neither area_m2 nor geometry", "how large the play area would be", "give one of them"),
    ),
    "area": (
        ("thay đổi {n}: area_m2 {came}", "số m² lớn hơn 0, tới {most}", "sửa lại con số"),
        ("change {n}: area_m2 {came}", "m² above 0, up to {most}", "mend the figure"),
    ),
    "outline": (
        (
            "sân chơi {name}: {came} m² trong ranh giới {most} m²",
            "không nhiều hơn đất trong ranh giới",
            "vẽ ranh giới mới",
        ),
        (
            "play area {name}: {came} m² in an outline of {most} m²",
            "no more ground than the outline holds",
            "give the new outline as geometry",
        ),
    ),
    "geometry": (
        (
            "thay đổi {n}: hình không đọc được hoặc không hợp lệ ({came})",
            "GeoJSON {known}, EPSG:4326, kinh độ trước",
            "vẽ lại",
        ),
        (
            "change {n}: geometry cannot be used ({came})",
            "GeoJSON {known} in EPSG:4326, longitude first",
            "draw it again",
        ),
    ),
    "access": (
        ("thay đổi {n}: lối vào không đọc được", "[[kinh độ, vĩ độ], …] tính bằng độ", "sửa lại lối vào"),
        ("change {n}: access_points cannot be read", "[[lon, lat], …] in degrees", "mend them"),
    ),
    "aside": (
        ("thay đổi {n}: lối vào cách ranh giới {came} m", "điểm cách ranh giới không quá 5 m", "dời lối vào"),
        ("change {n}: an access point {came} m from the outline", "points within 5 m of it", "move it"),
    ),
    "unknown": (
        ("sân chơi {came} (thay đổi {n})", "mã của một sân chơi đang mở", "xem bảng play_areas"),
        ("play area {came} (change {n})", "the id of an open play area", "see the table play_areas"),
    ),
    "far": (
        ("thay đổi {n}: hình nằm ngoài vùng nghiên cứu {came} km", "hình trong các xã, phường", "kiểm tra lại tọa độ"),
        ("change {n}: geometry {came} km outside the study", "geometry among its communes", "check the coordinates"),
    ),
    "network": (
        ("cầu hoặc lối sang đường, mà nghiên cứu không có mạng đường", "mạng đường đi bộ", "bỏ thay đổi này"),
        ("a crossing in a study without a network", "a network of ways", "leave the change out"),
    ),
    "ends": (
        (
            "một đầu của cầu hoặc lối sang đường không có đường nào trong {most} m cùng phía",
            "mỗi đầu có một đường",
            "vẽ từ đường này sang đường kia",
        ),
        (
            "a crossing has an end without a way within {most} m on its side",
            "a way at each end",
            "draw it from way to way",
        ),
    ),
    "land_shape": (
        ("hình của khu đất không đọc được ({came})", "một vùng khép kín trong EPSG:4326, kinh độ trước", "vẽ lại"),
        ("the land's shape cannot be read ({came})", "an area in EPSG:4326, longitude first", "draw it again"),
    ),
    "land_empty": (
        ("hình của khu đất không có gì bên trong", "ít nhất ba góc không thẳng hàng", "vẽ lại ranh giới khu đất"),
        ("the land's shape holds nothing", "at least three corners that are not on one line", "draw its outline again"),
    ),
    "land_small": (
        ("khu đất chỉ rộng {came} m²", "ít nhất {least} m²", "vẽ lại ranh giới khu đất"),
        ("the land has only {came} m²", "at least {least} m²", "draw its outline again"),
    ),
    "land_numbers": (
        (
            "tọa độ của khu đất không phải là kinh độ, vĩ độ",
            "số từ −180 đến 180 và từ −90 đến 90",
            "kiểm tra lại tọa độ",
        ),
        ("coordinates of the land are no degrees", "numbers within ±180 and ±90", "check the coordinates"),
    ),
    "land_corners": (
        ("khu đất có {came} góc", "nhiều nhất {most} góc", "vẽ đơn giản hơn"),
        ("the land has {came} corners", "at most {most}", "draw it more simply"),
    ),
    "land_crossing": (
        ("các cạnh của khu đất cắt nhau ({came})", "ranh giới không tự cắt", "vẽ lại, đi lần lượt quanh khu đất"),
        (
            "sides of the land cross each other ({came})",
            "an outline that does not",
            "draw it again, going around the land",
        ),
    ),
    "land_large": (
        ("khu đất rộng {came} m²", "nhiều nhất {most} m²", "chỉ vẽ phần đất sẽ làm sân chơi"),
        ("the land has {came} m²", "at most {most} m²", "draw only the part where the play area will stand"),
    ),
    "land_winding": (
        ("ranh giới khu đất dài {came} m", "nhiều nhất {most} m", "chỉ vẽ phần đất sẽ làm sân chơi"),
        (
            "the land's outline is {came} m long",
            "at most {most} m",
            "draw only the part where the play area will stand",
        ),
    ),
    "land_outside": (
        (
            "khu đất nằm ngoài mọi xã, phường của nghiên cứu, cách xã, phường gần nhất {came} km",
            "đất trong một xã, phường của nghiên cứu",
            "kiểm tra lại tọa độ, múi chiếu",
        ),
        (
            "the land lies in no commune of the study, {came} km from the nearest",
            "land in one of its communes",
            "check the coordinates and their zone",
        ),
    ),
    "land_text": (
        ("{name_vi} của khu đất không dùng được", "chữ, nhiều nhất {most} ký tự", "sửa lại, hoặc để trống"),
        ("the land's {name_en} cannot be used", "text of at most {most} characters", "mend it, or leave it out"),
    ),
    "land_cost": (
        ("chi phí của khu đất: {came}", "số tiền (đồng) từ 0 trở lên", "sửa lại, hoặc để trống nếu chưa biết"),
        ("cost of the land: {came}", "VND, 0 or more", "mend it, or leave it out where it is not known"),
    ),
}


def refusal(word: str, kind: type[SanchoiError] = ContractError, /, **values: object) -> SanchoiError:
    """The error for a change that is refused, with its words in Vietnamese beside the English ones."""
    return worded(kind, *WORDS[word], **values)
