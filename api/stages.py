"""Stages of the work, in words: one table for the command line's bars and the service's jobs. The first word is Vietnamese."""

from __future__ import annotations

STAGES: dict[str, tuple[str, str]] = {
    "read": ("đọc các lớp số liệu", "reading the layers"),
    "demand": ("đặt trẻ em vào các ô", "placing the children on cells"),
    "reach": ("tính đường đi bộ", "walking the network"),
    "service": ("tính số trẻ được phục vụ và mức đông", "coverage and crowding"),
    "reasons": ("tìm nguyên nhân", "reasons"),
    "gaps": ("tính chỗ thiếu", "gaps"),
    "parcels": ("xét và chấm điểm các thửa đất", "screening and scoring parcels"),
    "siting": ("chọn nơi xây", "choosing sites"),
    "write": ("ghi các bảng", "writing the tables"),
    "map": ("vẽ bản đồ", "drawing the maps"),
    "export": ("lập từng tệp của hồ sơ", "making the files one by one"),
    "pack": ("đóng gói tệp tải về", "packing the download"),
}


def words(stage: str, language: str) -> str:
    """A stage in words; one that has none is told by its name."""
    return STAGES.get(stage, (stage, stage))[1 if language == "en" else 0]
