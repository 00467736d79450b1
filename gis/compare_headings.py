"""Headings and values of the tables of a comparison, as a planner reads them: Vietnamese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd
from sanchoi.gis.workbook import VALUES

Pair = tuple[str, str]

SHEETS: dict[str, Pair] = {
    "about": ("Tóm tắt", "Summary"),
    "communes": ("Xã, phường", "Communes"),
    "made_of": ("Gồm đất của", "Made of"),
    "play_areas": ("Sân chơi", "Play areas"),
    "parts": ("Các phần thay đổi", "Parts of the change"),
    "inputs": ("Dữ liệu đầu vào", "What went in"),
    "cells": ("Ô lưới thay đổi", "Cells that changed"),
}
PART: dict[str, Pair] = {
    "first": ("Tổng của kết quả trước", "Earlier result"),
    "second": ("Tổng của kết quả sau", "Later result"),
    "children": ("Do số trẻ em hoặc nơi ở theo số liệu", "By the number of children and where they live"),
    "norm": ("Do quy định khác", "By another norm"),
    "ground": ("Do thay đổi trên thực địa", "By change on the ground"),
    "places": ("Do chỗ trẻ em được coi là ở trong ô", "By where in a cell children are taken to stand"),
    "sharing": ("Do số trẻ cùng dùng chung khác", "By who shares the play areas"),
    "undivided": ("Quy định khác, không tách được", "Judged differently, cannot be told apart"),
    "newly_known": ("Nay mới biết", "Known only now"),
    "no_longer_known": ("Nay không còn biết", "No longer known"),
    "unknown_both": ("Chưa biết ở cả hai", "Not known in either"),
    "only_first": ("Ô chỉ có trong kết quả trước", "Cells of the earlier result alone"),
    "only_second": ("Ô chỉ có trong kết quả sau", "Cells of the later result alone"),
}
BY_OUTLINES: dict[str, Pair] = {
    "children": (
        "Do ranh giới đặt trẻ em vào ô khác (số liệu như nhau)",
        "By outlines that put children into other cells",
    ),
    "places": (
        "Do ranh giới: chỗ trẻ em được coi là ở trong ô",
        "By outlines: where in a cell children are taken to stand",
    ),
    "only_first": ("Do ranh giới: ô chỉ có trong kết quả trước", "By outlines: cells of the earlier result alone"),
    "only_second": ("Do ranh giới: ô chỉ có trong kết quả sau", "By outlines: cells of the later result alone"),
}
"""Parts, as they are called where both results were told the same of children."""
MEASURE: dict[str, Pair] = {
    "uncovered": ("Trẻ không đi bộ tới được sân chơi", "Children who cannot walk to a play area"),
    "lacking": ("Trẻ không có đủ đất chơi", "Children who find too little ground"),
}
CHANGE: dict[str, Pair] = {
    "better": ("tốt hơn", "better"),
    "worse": ("kém hơn", "worse"),
    "same": ("không đổi", "same"),
    "not_comparable": ("không so sánh được", "not comparable"),
    "only_first": ("chỉ có ở kết quả trước", "earlier result only"),
    "only_second": ("chỉ có ở kết quả sau", "later result only"),
    "changed": ("khác", "changed"),
    "opened": ("mở", "opened"),
    "closed": ("đóng", "closed"),
    "resized": ("đổi diện tích", "resized"),
    "access": ("đổi cách vào", "other access"),
    "moved": ("dời chỗ", "moved"),
    "measured": ("nay mới biết (hoặc không còn biết) diện tích", "size known on one side only"),
    "learned": ("nay mới biết (hoặc không còn biết) cách vào", "access known on one side only"),
    "corrected": ("ghi nhận khác, nơi một bên chưa khảo sát", "recorded otherwise, where one side had not surveyed"),
    "renamed": ("đổi mã", "other id"),
    "found": ("mới được ghi nhận khi khảo sát", "first recorded by a survey"),
    "no_longer_looked_for": ("nơi nay không khảo sát", "no longer looked for"),
    "listed": ("thêm vào danh sách, không tính", "listed, does not count"),
    "unlisted": ("bỏ khỏi danh sách, không tính", "no longer listed, did not count"),
}
CAUSE: dict[str, Pair] = {
    "play_areas": ("sân chơi", "a play area"),
    "walks": ("đường đi bộ", "the way on foot"),
    "places": ("chỗ ở của trẻ trong ô", "where in the cell children live"),
}
WHAT: dict[str, Pair] = {
    "study": ("nghiên cứu", "study"),
    "input": ("tệp dữ liệu", "file"),
    "source": ("nguồn", "source"),
    "norm": ("quy định", "norm"),
    "setting": ("thiết lập", "setting"),
    "version": ("phiên bản", "version"),
}
ACCESS: dict[str, Pair] = {
    "public": ("công cộng", "public"),
    "restricted": ("hạn chế", "restricted"),
    "fee": ("có thu phí", "fee"),
    "closed": ("đóng cửa", "closed"),
    "unknown": ("chưa rõ", "unknown"),
}
KEYS: dict[str, Pair] = {
    "name": ("tên", "name"),
    "date": ("ngày xét", "date"),
    "vintage": ("ngày của địa giới", "boundaries of"),
    "crs": ("hệ tọa độ", "CRS"),
    "estimate": ("số trẻ là ước tính", "children are an estimate"),
    "communes": ("ranh giới xã, phường", "communes"),
    "children": ("số trẻ em", "children"),
    "children zones": ("vùng của số trẻ em", "zones of the counts"),
    "population": ("lưới dân số", "population"),
    "buildings": ("nhà cửa", "buildings"),
    "landuse": ("sử dụng đất", "land use"),
    "play_areas": ("sân chơi", "play areas"),
    "network": ("đường sá", "ways"),
    "barriers": ("sông, đường chắn lối", "barriers"),
    "crossings": ("cầu, lối sang đường", "crossings"),
    "halo": ("vùng lân cận", "surroundings"),
    "parcels": ("thửa đất", "parcels"),
    "terrain": ("địa hình", "terrain"),
    "profile": ("quy định được chọn", "profile"),
    "cell_m": ("cỡ ô lưới (m)", "cell (m)"),
    "bands": ("nhóm tuổi", "bands"),
    "target_share": ("tỷ lệ mục tiêu", "target share"),
    "max_walk_m": ("đi bộ xa nhất (m)", "longest walk (m)"),
    "detour": ("hệ số đường vòng", "detour"),
    "decay": ("giảm theo khoảng cách", "decay"),
    "distance_only": ("chỉ xét khoảng cách", "distance only"),
    "sanchoi": ("sanchoi", "sanchoi"),
}
_SETTINGS: dict[str, Pair] = {
    "network": ("cách đo đường đi", "how walks are measured"),
    "barriers": ("xét sông, đường chắn lối", "barriers are looked at"),
    "gates": ("xét cổng sân chơi", "gates of play areas are looked at"),
    "bridge": ("xét cầu trên đường", "bridges of ways are looked at"),
    "max_offset_m": ("xa đường nhất (m)", "farthest from a way (m)"),
}
FACTS: dict[str, Pair] = {
    "name": ("tên", "name"),
    "attribution": ("ghi công", "attribution"),
    "licence": ("giấy phép", "licence"),
    "url": ("trang web", "web page"),
    "date": ("ngày", "date"),
    "sha256": ("mã SHA-256", "SHA-256"),
    "path": ("tệp", "file"),
    "rows": ("số dòng", "rows"),
    "walk_m": ("đi bộ tối đa (m)", "longest walk (m)"),
    "min_site_m2": ("sân từ (m²)", "grounds of (m²)"),
    "m2_per_child": ("m² mỗi trẻ", "m² per child"),
}
"""Parts of a fact of run.json."""
WALKS: dict[str, Pair] = {
    "network": ("theo mạng đường", "on the network"),
    "straight line": ("đường thẳng", "straight line"),
}
YES: dict[bool, Pair] = {True: ("có", "yes"), False: ("không", "no")}
HEADINGS: dict[str, Pair] = {
    "commune_id": ("Mã xã/phường", "Commune code"),
    "vintage": ("Địa giới từ ngày", "Boundaries of"),
    "name": ("Tên", "Name"),
    "change": ("Thay đổi", "Change"),
    "changes": ("Các thay đổi", "All changes"),
    "status_then": ("Tình trạng trước, trên cùng phần đất", "Status then, same ground"),
    "status_now": ("Tình trạng nay", "Status now"),
    "children_then": ("Trẻ em trước", "Children then"),
    "children_now": ("Trẻ em nay", "Children now"),
    "uncovered_then": ("Trẻ chưa được phục vụ trước", "Not covered then"),
    "uncovered_now": ("Trẻ chưa được phục vụ nay", "Not covered now"),
    "gained": ("Trẻ nay tới được", "Children newly covered"),
    "lost": ("Trẻ không còn tới được", "Children no longer covered"),
    "comparable_share": ("Tỷ lệ trẻ so sánh được", "Share of children compared"),
    "area_share_then": ("Tỷ lệ diện tích có trong kết quả trước", "Share of area in the earlier result"),
    "surveyed_share_then": ("Tỷ lệ trẻ ở nơi đã khảo sát trước", "Share of children surveyed then"),
    "boundaries_alone": ("Tình trạng khác xã cũ chỉ vì địa giới", "Status differs by boundaries alone"),
    "made_of": ("Gồm đất của (mã cũ)", "Made of (earlier codes)"),
    "why_vi": ("Vì sao", "Why (Vietnamese)"),
    "why_en": ("Vì sao (tiếng Anh)", "Why"),
    "first_id": ("Mã trước", "Earlier id"),
    "second_id": ("Mã nay", "Later id"),
    "first_vintage": ("Địa giới cũ từ ngày", "Earlier boundaries of"),
    "first_name": ("Tên trước", "Earlier name"),
    "area_m2": ("Diện tích chung (m²)", "Ground shared (m²)"),
    "children": ("Trẻ em", "Children"),
    "share_of_area": ("Phần diện tích của đơn vị nay", "Share of the later commune's area"),
    "share_of_children": ("Phần trẻ em của đơn vị nay", "Share of the later commune's children"),
    "share_of_first": ("Phần trẻ em của đơn vị cũ", "Share of the earlier commune's children"),
    "area_of_first": ("Phần diện tích của đơn vị cũ", "Share of the earlier commune's area"),
    "same_code": ("Trùng mã", "Same code"),
    "first_m2": ("Diện tích trước (m²)", "Earlier area (m²)"),
    "second_m2": ("Diện tích nay (m²)", "Later area (m²)"),
    "first_access": ("Cách vào trước", "Earlier access"),
    "second_access": ("Cách vào nay", "Later access"),
    "first_counts": ("Trước có tính", "Counted then"),
    "second_counts": ("Nay có tính", "Counts now"),
    "not_known_in": ("Kết quả chưa biết chỗ này", "Not known in"),
    "moved_m": ("Dời (m)", "Moved (m)"),
    "measure": ("Chỉ tiêu", "Measure"),
    "band": ("Nhóm tuổi", "Ages"),
    "part": ("Phần", "Part"),
    "what": ("Loại", "Kind"),
    "key": ("Mục", "Item"),
    "first": ("Kết quả trước", "Earlier result"),
    "second": ("Kết quả sau", "Later result"),
    "cell_id": ("Mã ô", "Cell"),
    "cause": ("Nguyên nhân", "Cause"),
    "uncovered_ground": ("Trẻ chưa được phục vụ thêm (+) hoặc bớt (−)", "More (+) or fewer (−) not covered"),
    "lacking_ground": ("Trẻ thiếu đất chơi thêm (+) hoặc bớt (−)", "More (+) or fewer (−) with too little ground"),
    "walk_then_m": ("Đi bộ trước (m)", "Walk then (m)"),
    "walk_now_m": ("Đi bộ nay (m)", "Walk now (m)"),
    "place_then": ("Sân gần nhất trước", "Nearest place then"),
    "place_now": ("Sân gần nhất nay", "Nearest place now"),
    "lon": ("Kinh độ", "Longitude"),
    "lat": ("Vĩ độ", "Latitude"),
}
_WORDS: dict[str, Mapping[str, Pair]] = {
    "status_then": VALUES,
    "status_now": VALUES,
    "band": VALUES,
    "change": CHANGE,
    "measure": MEASURE,
    "part": PART,
    "cause": CAUSE,
    "what": WHAT,
    "first_access": ACCESS,
    "second_access": ACCESS,
    "not_known_in": {
        "first": ("kết quả trước", "earlier result"),
        "second": ("kết quả sau", "later result"),
        "both": ("cả hai", "both"),
    },
}
_LEFT_OUT = ("made_of_count",)
_FRONT = {
    "communes": (
        *("commune_id", "vintage", "name", "change", "status_then", "status_now", "why_vi", "why_en", "made_of"),
        *("children_then", "children_now", "uncovered_then", "uncovered_now", "gained", "lost", "boundaries_alone"),
    ),
}
"""Columns that come first."""


def said(name: str, table: pd.DataFrame, language: str) -> pd.DataFrame:
    """A table in words: headings and values of one language, no geometry."""
    k = 0 if language == "vi" else 1
    out = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
    if name in ("play_areas", "cells"):
        points = table["geometry"].representative_point() if len(table) else table["geometry"]
        out["lon"], out["lat"] = points.x.round(6), points.y.round(6)
    if name == "inputs":
        out["key"] = [key(*pair, k) for pair in zip(out["what"], out["key"], strict=True)]
        out["first"], out["second"] = ([plain(each, k) for each in out[side]] for side in ("first", "second"))
    for column, words in _WORDS.items():
        if column in out:
            out[column] = [words[v][k] if v in words else v for v in out[column].tolist()]
    if "changes" in out:
        out["changes"] = ["; ".join(CHANGE[each][k] for each in text.split(";")) for text in out["changes"]]
    for column in ("boundaries_alone", "same_code", "first_counts", "second_counts"):
        if column in out:
            out[column] = [YES[bool(v)][k] if v is not None and v == v else None for v in out[column].tolist()]
    for column in out.columns:
        if pd.api.types.is_float_dtype(out[column]):
            out[column] = out[column].round(6 if column in ("lon", "lat") else 4 if "share" in column else 3)
        elif out[column].dtype == object and out[column].map(lambda v: v is None or v != v or isinstance(v, str)).all():
            out[column] = out[column].astype("str")  # so that what would run as a formula is seen
    front = [column for column in _FRONT.get(name, ()) if column in out]
    keep = [*front, *(column for column in out.columns if column not in (*_LEFT_OUT, *front))]
    return out[keep].rename(columns={column: heading(column, k) for column in keep})


def key(what: str, name: str, k: int) -> str:
    """What went in, in words; a norm's band and tier, and layers of groups, as they are."""
    words = {**KEYS, **_SETTINGS} if what == "setting" else KEYS
    base, _, number = name.rpartition(" ")
    if name not in words and number.isdigit() and base in words:
        return f"{words[base][k]} {number}"
    return words.get(name, (name, name))[k]


def heading(column: str, k: int) -> str:
    """Heading of a column."""
    if column in HEADINGS:
        return HEADINGS[column][k]
    measure, _, part = column.partition("_")
    return f"{MEASURE[measure][k]}: {PART[part][k]}" if measure in MEASURE and part in PART else column


def plain(value: object, k: int) -> str:
    """A fact of run.json in one line of a language; "" = none. Days are written day/month/year."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES[value][k]
    if isinstance(value, dict):
        return "; ".join(f"{FACTS.get(key, (key, key))[k]}: {plain(v, k)}" for key, v in value.items() if v is not None)
    if isinstance(value, list | tuple):
        return ", ".join(plain(each, k) for each in value)
    if isinstance(value, str) and (day := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value)):
        return "/".join(reversed(day.groups()))
    if isinstance(value, str) and value in WALKS:
        return WALKS[value][k]
    return f"{value:g}" if isinstance(value, float) else str(value)
