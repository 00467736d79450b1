"""Refusals: why a sheet is not drawn, in Vietnamese and English; each says what came, what was expected, what to do."""

from __future__ import annotations

from sanchoi.gis.errors import ContractError, SanchoiError, worded
from sanchoi.gis.sentences import number

Told = tuple[str, str, str]
WORDS: dict[str, tuple[Told, Told]] = {
    "no_epsg": (
        ("hệ tọa độ {crs} không có mã EPSG", "hệ tọa độ có mã", "ghi mã cho nghiên cứu"),
        ("the CRS {crs} has no EPSG code", "a CRS with a code", "give the study one"),
    ),
    "style": (
        ("kiểu màu {came}", "một trong: {known}", "chọn một kiểu"),
        ("the style {came}", "one of {known}", "choose a style"),
    ),
    "dpi": (
        ("độ phân giải {came} dpi", "từ 20 đến 1200", "chọn độ phân giải khác"),
        ("{came} dpi", "20 to 1200", "give another resolution"),
    ),
    "pixels": (
        ("ảnh rộng {came} điểm ảnh", "mỗi cạnh nhiều nhất {most}", "chọn {fits} dpi hoặc thấp hơn"),
        ("a picture of {came} pixels", "at most {most} a side", "give {fits} dpi or less"),
    ),
    "scale": (
        ("tỷ lệ 1:{came}", "từ 1:{least} đến 1:{most}", "chọn tỷ lệ khác"),
        ("scale 1:{came}", "1:{least} to 1:{most}", "give another scale"),
    ),
    "no_ground": (
        ("không có vùng đất nào để vẽ", "một đường ranh giới", "chọn một xã, phường hoặc khu đất của kết quả"),
        ("no ground to show", "an outline", "name a commune or a site of the result"),
    ),
    "sheets": (
        (
            "ở tỷ lệ 1:{scale} cần {count} tờ",
            "nhiều nhất {most} tờ",
            "chọn giấy lớn hơn hoặc tỷ lệ nhỏ hơn (mẫu số lớn hơn)",
        ),
        ("{count} sheets at 1:{scale}", "at most {most}", "take larger paper or a smaller scale"),
    ),
    "sheets_job": (
        ("ở tỷ lệ 1:{scale} cần {count} tờ", "nhiều nhất {most} tờ", "lập ở trang “Xuất hồ sơ”"),
        ("{count} sheets at 1:{scale}", "at most {most}", "start a job"),
    ),
    "paper": (
        ("khổ giấy {came}", "một trong: {known}", "chọn một khổ"),
        ("paper {came}", "one of {known}", "choose a size"),
    ),
    "no_rule": (
        ("vùng {kind} rộng {area} ha mà không có tỷ lệ", "một dòng của bảng tỷ lệ cho diện tích này", "ghi tỷ lệ"),
        ("{kind} ground of {area} ha and no scale", "a row of the sheet scales that covers it", "give a scale"),
    ),
    "language": (
        ("ngôn ngữ {came}", "một trong: {known}", "chọn một ngôn ngữ"),
        ("language {came}", "one of {known}", "choose a language"),
    ),
    "signatures": (
        ("{came} ô ký tên", "nhiều nhất {most}", "bớt đi"),
        ("{came} signatures", "at most {most}", "leave some out"),
    ),
    "fit_and_scale": (
        ("vừa một tờ, và tỷ lệ 1:{came}", "một trong hai", "bỏ một"),
        ("a scale that fits, and 1:{came}", "one of them", "leave one out"),
    ),
    "commune": (
        ("xã, phường {came}", "một mã của bảng communes", "tìm mã trong kết quả"),
        ("commune {came}", "an id of the table communes", "look it up in the result"),
    ),
    "parcel": (
        ("thửa đất {came}", "một mã của bảng parcels", "tìm mã trong kết quả"),
        ("parcel {came}", "an id of the table parcels", "look it up in the result"),
    ),
    "cells": (
        ("bảng cells", "kết quả có ô dân cư", "tính lại nghiên cứu"),
        ("the table cells", "a result with cells", "run its study again"),
    ),
}


def refusal(word: str, kind: type[SanchoiError] = ContractError, /, **values: object) -> SanchoiError:
    """The error for a sheet that is not drawn; a value may be a pair, Vietnamese and English."""
    return worded(kind, *WORDS[word], **values)


def grouped(value: float) -> tuple[str, str]:
    """A whole number as each language writes it."""
    return number(value, "vi"), number(value, "en")
