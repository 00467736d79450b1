"""Words of a receipt, Vietnamese and English."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("GIẤY BIÊN NHẬN ĐỀ XUẤT KHU ĐẤT LÀM SÂN CHƠI", "RECEIPT FOR A PROPOSED PLAY AREA SITE"),
    "synthetic": (" · dữ liệu mẫu, không có thật", " · sample data, nothing in it is real"),
    "number": ("ĐX-{n}", "P-{n}"),
    "name": ("Tên", "Name"),
    "commune": ("Xã, phường", "Commune"),
    "commune_code": ("{name} (mã {code})", "{name} (code {code})"),
    "state": ("Trạng thái", "State"),
    "state_since": ("{state} (từ {at})", "{state} (since {at})"),
    "version": ("Nội dung", "Content"),
    "version_at": ("bản {n}, ghi ngày {at}", "version {n}, of {at}"),
    "submitted": ("Đã gửi", "Submitted"),
    "submitted_by": ("{at} (giờ Việt Nam), người gửi: {name}", "{at} (Việt Nam time), by {name}"),
    "erased": ("(tên đã xoá theo yêu cầu)", "(name erased on request)"),
    "parcel": ("Thửa đất", "Parcel"),
    "area": ("Diện tích", "Area"),
    "worth": ("Tác dụng ước tính lúc gửi", "What it was found to be worth"),
    "no_worth": (
        "Khi lưu đề xuất, chương trình chưa tính được tác dụng của khu đất.",
        "When the proposal was saved, its worth could not be worked out.",
    ),
    "from_result": (
        "Tính từ kết quả {result}, lần chạy {run}, ranh xã, phường theo {vintage}.",
        "From result {result}, run {run}, communes as of {vintage}.",
    ),
    "unknown": ("không rõ", "unknown"),
    "corners": ("Tọa độ các điểm góc ranh, VN-2000", "Corners of the outline, VN-2000"),
    "plane": ("Tọa độ các điểm góc ranh", "Corners of the outline"),
    "zone": ("{zone} (EPSG:{epsg})", "{zone} (EPSG:{epsg})"),
    "corner": ("Góc", "Corner"),
    "x": ("X bắc (m)", "X north (m)"),
    "y": ("Y đông (m)", "Y east (m)"),
    "edge": ("Cạnh (m)", "Edge (m)"),
    "more": (
        "… còn {n} điểm góc nữa; bảng đủ ở trang của đề xuất.",
        "… and {n} corners more; the page of the proposal has them all.",
    ),
    "parts": ("Khu đất có {n} vòng ranh; góc a–b là góc b của vòng a.", "{n} rings; corner a–b is corner b of ring a."),
    "outline": ("Hình dạng khu đất, tỷ lệ 1:{scale}", "Outline, scale 1:{scale}"),
    "north": ("B", "N"),
    "record": ("Dấu trong nhật ký", "Mark in the log"),
    "row": ("Dòng nhật ký", "Log row"),
    "hash": ("Mã của dòng", "Its hash"),
    "digest": ("Mã của nội dung", "Content digest"),
    "check_web": (
        "Xem nhật ký còn dòng này không (ai cũng xem được): {address}",
        "Does the log still have this row? Anybody may ask: {address}",
    ),
    "check_command": (
        "Người quản trị kiểm tra: sanchoi audit verify --receipt",
        "Administrators: sanchoi audit verify --receipt",
    ),
    "scan": ("Quét để mở đề xuất", "Scan to open the proposal"),
    "nothing_more": (
        "Giấy này xác nhận đề xuất đã được nhận và nội dung lúc đó. Giấy không phải là quyết định giao đất hay cấp kinh phí; "
        "số liệu tác dụng là ước tính.",
        "This receipt confirms that the proposal was received, and with what content. It decides nothing about land or money; "
        "what the site is worth is an estimate.",
    ),
    "subject": ("Đề xuất {number}, bản {version}, {state}", "Proposal {number}, version {version}, {state}"),
}


def said(key: str, language: str, **values: object) -> str:
    """A word in one language, its blanks filled."""
    return WORDS[key][1 if language == "en" else 0].format(**values)
