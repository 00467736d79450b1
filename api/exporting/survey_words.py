"""What a survey kit says to those who fill it in: plain words, Vietnamese first."""

from __future__ import annotations

from sanchoi.gis.survey_words import Pair

SHEETS: dict[str, Pair] = {
    "guide": ("Hướng dẫn", "Guide"),
    "form": ("Phiếu khảo sát", "Survey form"),
    "lists": ("Danh mục", "Lists"),
}
GUIDE: tuple[Pair, ...] = (
    (
        "Đi xem khắp các thôn, tổ dân phố. Mỗi nơi trẻ em chơi ngoài trời ghi một dòng ở trang “Phiếu khảo "
        "sát”. Chỉ ghi vào ô màu vàng.",
        "Look in every hamlet. Write one line for each place where children play outdoors, on the sheet "
        "“Survey form”. Fill in yellow cells only.",
    ),
    (
        "Dòng đã có sẵn là sân chơi có trên bản đồ. Ở cột “Kiểm tra” chọn: đúng, đã sửa (rồi sửa các ô "
        "sai), hoặc không có.",
        "Lines that are there already are play areas on the map. In the column “Check” choose: right, "
        "corrected (and mend the cells), or there is none.",
    ),
    (
        "Chỗ của sân chơi: ghi tọa độ (VN-2000, {zone}; hoặc vĩ độ, kinh độ trên điện thoại), hoặc ghi ô "
        "trên tờ bản đồ kèm theo. "
        "Ô ghi như C4. Ghi thêm hai số phần mười thì rõ hơn: C4-37 là trong ô C4, từ góc trên bên trái sang "
        "phải 3 phần, xuống 7 phần.",
        "Where it is: coordinates (VN-2000, {zone}; or latitude and longitude from a telephone), or the "
        "square on the printed map. "
        "A square is written C4. Two tenths make it finer: C4-37 is in the square C4, from its upper left "
        "corner 3 tenths to the right and 7 down.",
    ),
    (
        "Diện tích: ghi số m² chỗ trẻ chơi được và chọn cách biết (đo, bước chân). Chưa biết thì để trống; "
        "để trống là chưa biết, không phải là 0.",
        "Area: m² on which children can play, and how you know it (measured, paced). Leave it empty if it "
        "is not known; empty is unknown, not 0.",
    ),
    (
        "Chỗ không dùng được nữa: ở cột “Ai được vào chơi” chọn “đang đóng cửa”.",
        "A place that can no longer be used: choose “closed” in the column “Who may use it”.",
    ),
    (
        "Nếu đã đi xem khắp mà KHÔNG có sân chơi nào: ghi X vào ô ở đầu phiếu. Phiếu để trống mà không có X "
        "thì xã vẫn là chưa khảo sát.",
        "If you looked everywhere and there are NONE, write X in the box at the top. An empty form without "
        "the X leaves the commune unsurveyed.",
    ),
    (
        "Ghi cơ quan khảo sát và ngày khảo sát xong; không ghi tên người. Lưu tệp dạng .xlsx rồi gửi lại. "
        "Mã phiếu {form} in trên cả phiếu và bản đồ.",
        "Name the office that surveyed and the date; no person's name. Save as .xlsx and send it back. The "
        "form's id {form} stands on form and map.",
    ),
)
WORDS: dict[str, Pair] = {
    "guide_title": (
        "Cách điền phiếu khảo sát sân chơi – {commune}",
        "How to fill in the survey of play areas – {commune}",
    ),
    "form_title": ("PHIẾU KHẢO SÁT SÂN CHƠI – {commune}", "SURVEY OF PLAY AREAS – {commune}"),
    "form_code": (
        "Phiếu {form} · mẫu số {version} · mã {commune_id} · địa giới {vintage} · kết quả {run_id} · {study}",
        "Form {form} · version {version} · code {commune_id} · communes of {vintage} · run {run_id} · {study}",
    ),
    "counted_head": ("Loại nào được tính là sân chơi cho mọi trẻ", "Which kinds are supply for every child"),
    "counted": (
        "{kind}: được tính, nếu mọi người vào không mất tiền",
        "{kind}: counts, where everybody may enter free of charge",
    ),
    "not_counted": ("{kind}: ghi lại, nhưng không được tính", "{kind}: recorded, and does not count"),
    "choose_title": ("Chọn trong danh sách", "Choose from the list"),
    "choose": ("Bấm mũi tên ở cạnh ô và chọn một mục.", "Use the arrow beside the cell and choose an entry."),
}


def say(key: str, language: str, **values: object) -> str:
    """A text in a language."""
    return WORDS[key][language == "en"].format(**values)


LAYERS: dict[str, Pair] = {
    "san_choi_diem": ("Sân chơi: chấm một điểm", "Play areas drawn as points"),
    "san_choi_vung": ("Sân chơi: vẽ ranh giới", "Play areas drawn as outlines"),
    "ranh_gioi": ("Ranh giới xã, phường", "The commune"),
    "duong": ("Đường đi", "Ways"),
    "phieu": ("Phiếu: cơ quan, ngày, không có sân chơi nào", "The form: who, when, none"),
    "sanchoi": ("Ghi nhận của phiếu (không sửa)", "What the form keeps of itself (leave it)"),
}
