"""Words of the sheets, Vietnamese and English."""

from __future__ import annotations

from sanchoi.maps import words

WORDS: dict[str, tuple[str, str]] = {
    "gap_title": ("BẢN ĐỒ THIẾU SÂN CHƠI CHO TRẺ EM", "PLAY AREA GAP MAP"),
    "subtitle": ("{place} · {study} · địa giới theo {vintage}", "{place} · {study} · boundaries of {vintage}"),
    "scale": ("Tỷ lệ 1:{n}", "Scale 1:{n}"),
    "north": ("B", "N"),
    "legend": ("Chú giải", "Legend"),
    "locator": ("Vị trí trong vùng nghiên cứu", "Where it lies in the study"),
    "grid": ("Lưới {crs}, mắt lưới {m} m", "Grid {crs}, every {m} m"),
    "bar": ("1 cm trên bản đồ bằng {m} m ngoài thực địa", "1 cm on the map is {m} m on the ground"),
    "bar_km": ("1 cm trên bản đồ bằng {km} km ngoài thực địa", "1 cm on the map is {km} km on the ground"),
    "sheet": ("Mảnh {k}/{n} · {name}", "Sheet {k} of {n} · {name}"),
    "crs_head": ("Hệ tọa độ và lưới", "Coordinates and grid"),
    "crs_vn": (
        "{crs}. Lưới {m} m; số ở khung là mét: X (Bắc) theo cạnh đứng, Y (Đông) theo cạnh ngang. Phép chuyển từ EPSG:4326: {how}.",
        "{crs}. Grid {m} m; figures at the frame are metres: X (north) along the sides, Y (east) along top and bottom. "
        "Transformation from EPSG:4326: {how}.",
    ),
    "crs_other": (
        "{crs}. Lưới {m} m; số ở khung là mét. Phép chuyển từ EPSG:4326: {how}.",
        "{crs}. Grid {m} m; figures at the frame are metres. Transformation from EPSG:4326: {how}.",
    ),
    "norms_head": ("Quy định dùng để so sánh", "Norms compared with"),
    "sources_head": ("Nguồn dữ liệu và giấy phép", "Sources and licences"),
    "unverified": ("chưa kiểm chứng", "unverified"),
    "foot": (
        "Sân Chơi {version} · lần chạy {run_id} · ngày xét {date}",
        "Sân Chơi {version} · run {run_id} · study date {date}",
    ),
    "scale_head": ("Tỷ lệ", "Scale"),
    "legal": (
        "Theo diện tích xã {area} ha: {source}{mark}.",
        "By the commune's area of {area} ha: {source}{mark}.",
    ),
    "sign_made": ("Người lập", "Drawn by"),
    "sign_checked": ("Người kiểm tra", "Checked by"),
    "sign_commune": ("Ủy ban nhân dân xã", "People's Committee of the commune"),
    "play_area": ("Sân chơi được tính", "Play area that counts"),
    "play_other": ("Nơi khác, không được tính", "Other place, not counted"),
    "way": ("Đường đi bộ được", "Way on foot"),
    "barrier": ("Sông, đường chắn lối", "River or road in the way"),
    "border": ("Ranh giới xã, phường", "Border of a commune"),
    "border_own": ("Ranh giới xã của mảnh bản đồ này", "Border of this sheet's commune"),
}


def say(key: str, language: str, **values: object) -> str:
    """A word of the sheets, or of the pages, with values filled in."""
    pair = WORDS.get(key) or words.WORDS[key]
    return pair[1 if language == "en" else 0].format(**values)
