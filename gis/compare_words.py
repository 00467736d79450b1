"""Words of a comparison, Vietnamese and English: why two results cannot be compared, what to know first, and the finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanchoi.gis.errors import ContractError, CRSError, SanchoiError, SourceError, worded
from sanchoi.gis.sentences import number

Told = tuple[str, str, str]
REFUSALS: dict[str, tuple[type[SanchoiError], Told, Told]] = {
    "table": (
        SourceError,
        (
            "kết quả {which} không có bảng {came}",
            "kết quả đầy đủ như sanchoi run đã ghi",
            "chạy lại nghiên cứu",
        ),
        ("result {which} has no table {came}", "a whole result, as sanchoi run wrote it", "run the study again"),
    ),
    "record": (
        SourceError,
        (
            "run.json của kết quả {which} không ghi kết quả được làm ra thế nào",
            "run.json do sanchoi run ghi",
            "chạy lại",
        ),
        (
            "run.json of result {which} does not say how it was made",
            "run.json as sanchoi run wrote it",
            "run the study again",
        ),
    ),
    "crs": (
        CRSError,
        (
            "hai kết quả dùng hệ tọa độ {one} và {two}",
            "cùng một hệ, để ô lưới trùng nhau",
            "chạy lại một nghiên cứu với hệ kia",
        ),
        (
            "the results are in {one} and {two}",
            "one CRS, so that cells are the same squares",
            "run one study again with the other's crs",
        ),
    ),
    "apart": (
        CRSError,
        ("“{one}” và “{two}” không có phần đất chung", "hai kết quả của cùng một nơi", "chọn lại kết quả"),
        ('"{one}" and "{two}" share no ground', "two results of one place", "choose other results"),
    ),
    "sizes": (
        ContractError,
        (
            "ô lưới {one} m và {two} m không lồng vào nhau",
            "cùng cỡ ô, hoặc cỡ này gấp nguyên lần cỡ kia",
            "chạy lại một nghiên cứu với cell_m của kết quả kia",
        ),
        (
            "cells of {one} m and of {two} m do not nest",
            "one size, or one a whole multiple of the other",
            "run one study again with the other's cell_m",
        ),
    ),
    "bands": (
        ContractError,
        (
            "nhóm tuổi {one} và {two} không cùng độ tuổi",
            "hai kết quả xét cùng độ tuổi",
            "chạy lại một nghiên cứu với nhóm tuổi kia",
        ),
        (
            "bands {one} and {two} are not of the same ages",
            "the same ages in both",
            "run one study again with the other's bands",
        ),
    ),
    "cells": (
        ContractError,
        ("bảng ô lưới không hợp lệ ({came})", "bảng như sanchoi run đã ghi", "chạy lại nghiên cứu"),
        ("the tables of cells do not fit ({came})", "tables as sanchoi run wrote them", "run the study again"),
    ),
}


def refuse(word: str, **values: object) -> SanchoiError:
    """The error for results that cannot be compared, with its words in Vietnamese beside the English ones."""
    kind, vi, en = REFUSALS[word]
    return worded(kind, vi, en, **values)


NOTES: dict[str, tuple[str, str]] = {
    "same_run": (
        "Hai kết quả là một ({run}): không có gì thay đổi.",
        "Both results are one and the same ({run}): nothing changed.",
    ),
    "norm": (
        "Hai kết quả xét theo quy định hoặc mức khác nhau. Phần thay đổi do quy định được tách riêng, "
        "không tính là thay đổi trên thực địa.",
        "The results are judged by different norms or limits. What that changes is told apart and is no change on the ground.",
    ),
    "method": (
        "Hai kết quả đo đường đi khác nhau (mạng đường, hệ số đường vòng, hoặc sông, cổng, cầu chỉ một bên có). "
        "Phần thay đổi do đó không tính là thay đổi trên thực địa.",
        "The results measure walks differently (network, detour, or barriers, gates or bridges that one alone was given). "
        "What that changes is no change on the ground.",
    ),
    "undivided": (
        "Quy định hoặc cách đo đường đi khác nhau, và không tách được phần do quy định với phần trên thực địa: "
        "phần đó không so sánh được.",
        "Norms, or the way walks are measured, differ, and what that changes cannot be told from what changed on the ground: "
        "it is not compared.",
    ),
    "target": (
        "Tỷ lệ mục tiêu khác nhau: {one} % và {two} %. Tình trạng “trước” xét theo mức trước, “nay” theo mức nay.",
        "Target shares differ: {one} % and {two} %. The status then is by the earlier one, the status now by the later.",
    ),
    "cell_m": (
        "Ô lưới {one} m và {two} m: ô nhỏ được cộng vào ô lớn, số trẻ giữ nguyên.",
        "Cells of {one} m and of {two} m: the smaller are summed to the larger, and no child is lost.",
    ),
    "bands": (
        "Nhóm tuổi khác nhau ({one}; {two}) nhưng cùng độ tuổi: chỉ so sánh mọi lứa tuổi chung.",
        "Age groups differ ({one}; {two}) but span the same ages: only all ages together are compared.",
    ),
    "outlines": (
        "Dữ liệu trẻ em như nhau; {n} trẻ được đặt vào ô lưới khác chỉ vì ranh giới khác nhau.",
        "The data on children are the same; {n} children were put into other cells only because the outlines differ.",
    ),
    "children": (
        "Số liệu trẻ em khác nhau: {one} và {two} trẻ.",
        "The data on children differ: {one} and {two} children.",
    ),
    "spread": (
        "Số liệu trẻ em khác nhau ở từng nơi, dù tổng vẫn là {one} trẻ.",
        "The data on children differ from place to place, though their sum is still {one}.",
    ),
    "extent": (
        "Hai kết quả không cùng một vùng: {one} trẻ ở nơi chỉ kết quả trước có, {two} trẻ ở nơi chỉ kết quả sau có. "
        "Những trẻ đó không được so sánh.",
        "The results are not of the same ground: {one} children live where the first alone looks, {two} where the second alone. "
        "They are compared with nobody.",
    ),
    "shared": (
        "Trên phần đất chung, số liệu trẻ em khác nhau: {one} và {two} trẻ.",
        "On the ground that both cover the data on children differ: {one} and {two} children.",
    ),
    "synthetic_1": (
        "Kết quả trước là bản chạy thử: số liệu hư cấu.",
        "The first result is a demo: its data are invented.",
    ),
    "synthetic_2": (
        "Kết quả sau là bản chạy thử: số liệu hư cấu.",
        "The second result is a demo: its data are invented.",
    ),
    "estimate_1": (
        "Số trẻ em của kết quả trước là ước tính.",
        "Numbers of children of the first result are an estimate.",
    ),
    "estimate_2": (
        "Số trẻ em của kết quả sau là ước tính.",
        "Numbers of children of the second result are an estimate.",
    ),
    "uncounted": (
        "Có xã, phường chưa rõ số trẻ em ({one} trước đây, {two} nay): tổng số trẻ em không gồm các nơi đó.",
        "Of some communes the number of children is not known ({one} then, {two} now): they are in no sum of children.",
    ),
    "surveyed": (
        "Số xã, phường đã khảo sát: {one} trên {n1} và {two} trên {n2}. Nơi nay mới biết không phải là nơi tốt lên.",
        "Communes surveyed: {one} of {n1} and {two} of {n2}. What is known only now has not become better by that.",
    ),
    "order": (
        "Kết quả thứ nhất có ngày xét sau kết quả thứ hai. “Trước” và “nay” ở đây là thứ nhất và thứ hai.",
        'The first result is of a later date than the second. "Then" and "now" mean the first and the second here.',
    ),
    "version": (
        "Hai kết quả do hai phiên bản chương trình làm ra ({one}; {two}).",
        "The results were made by different versions of the program ({one}; {two}).",
    ),
}


def notes(record: Mapping[str, Any], first: Mapping[str, Any], second: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the reader must know before any number."""
    out: list[dict[str, str]] = []

    def add(code: str, **values: Any) -> None:  # noqa: ANN401 - numbers are written as each language does
        told = []
        for k, language in enumerate(("vi", "en")):
            said = {key: number(v, language, 0) if isinstance(v, float) else v for key, v in values.items()}
            told.append(NOTES[code][k].format(**said))
        out.append({"code": code, "vi": told[0], "en": told[1]})

    one, two = record["first"], record["second"]
    settings = first["settings"], second["settings"]
    if record["same_run"]:
        add("same_run", run=one["run_id"])
    for word in ("synthetic", "estimate"):
        for k, side in enumerate((one, two), start=1):
            if side[word]:
                add(f"{word}_{k}")
    if one["date"] > two["date"]:
        add("order")
    if not record["same_norm"]:
        if not record["same_rules"]:
            add("norm")
        if not record["same_method"]:
            add("method")
    if any(abs(sums["undivided"]) > 0 for sums in record["parts"].values()):
        add("undivided")
    targets = [float(each["target_share"]) * 100 for each in settings]
    if targets[0] != targets[1]:
        add("target", one=targets[0], two=targets[1])
    sizes = [f"{float(each['cell_m']):g}" for each in settings]
    if sizes[0] != sizes[1]:
        add("cell_m", one=sizes[0], two=sizes[1])
    if settings[0]["bands"] != settings[1]["bands"]:
        add("bands", one=", ".join(settings[0]["bands"]), two=", ".join(settings[1]["bands"]))
    if one["children_unknown_communes"] or two["children_unknown_communes"]:
        add("uncounted", one=one["children_unknown_communes"], two=two["children_unknown_communes"])
    elif not record["same_children_data"]:
        shared = extent(record)
        sums = [record["shared"][f"children_{side}"] if shared else each["children"] for side, each in _sides(one, two)]
        same = abs(sums[0] - sums[1]) < 0.5
        if not same:
            add("shared" if shared else "children", one=sums[0], two=sums[1])
        elif record["moved_children"] >= 0.5 and not shared:
            add("spread", one=sums[0])
    if extent(record):
        add("extent", one=record["outside"]["children_then"], two=record["outside"]["children_now"])
    if record["same_children_data"] and record["moved_children"] >= 1:
        add("outlines", n=record["moved_children"])
    if one["surveyed"] / one["communes"] != two["surveyed"] / two["communes"]:
        add("surveyed", one=str(one["surveyed"]), two=str(two["surveyed"]), n1=one["communes"], n2=two["communes"])
    versions = [each.get("versions", {}).get("sanchoi") for each in (first, second)]
    if versions[0] != versions[1]:
        add("version", one=versions[0], two=versions[1])
    return out


def _sides(one: Mapping[str, Any], two: Mapping[str, Any]) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return ("then", one), ("now", two)


def extent(record: Mapping[str, Any]) -> bool:
    """Whether more children live on ground that one result alone covers than a border drawn otherwise explains."""
    outside = sum(record["outside"].values())
    return bool(outside >= max(1.0, BORDER * max(record["first"]["children"], record["second"]["children"])))


BORDER = 0.005
"""Share of the children whom the cells along an outline may hold, when it is drawn anew."""

HEAD: dict[str, tuple[str, str]] = {
    "same_run": ("Không có gì thay đổi: hai kết quả là một.", "Nothing changed: the two results are one and the same."),
    "still": ("Trên thực địa không có gì thay đổi.", "Nothing changed on the ground."),
    "still_known": (
        "Ở những nơi so sánh được, trên thực địa không có gì thay đổi.",
        "Where both results know, nothing changed on the ground.",
    ),
    "unseen": (
        "Không nơi nào mà cả hai kết quả đều biết, nên chưa biết trên thực địa có gì thay đổi.",
        "There is no place of which both results know, so what changed on the ground is not known.",
    ),
    "ground": ("Trên thực địa: {list}.", "On the ground: {list}."),
    "gained": ("{n} trẻ nay đi bộ tới được sân chơi", "{n} children can now walk to a play area"),
    "lost": ("{n} trẻ không còn đi bộ tới được sân chơi", "{n} children can no longer walk to a play area"),
    "undivided": (
        "Quy định hoặc cách đo đường đi khác nhau nên không tách được trên thực địa có bao nhiêu trẻ được hay mất sân chơi.",
        "Norms, or the way walks are measured, differ: how many children gained or lost a play area on the ground cannot be told.",
    ),
    "roomier": ("{n} trẻ nay có đủ đất chơi", "{n} children now find enough ground"),
    "tighter": ("{n} trẻ không còn đủ đất chơi", "{n} children no longer find enough ground"),
    "nobody": (
        "không trẻ nào được hay mất sân chơi trong tầm đi bộ",
        "no child gained or lost a play area within reach",
    ),
    "opened": ("{n} sân chơi mở thêm", "play areas opened: {n}"),
    "closed": ("{n} sân chơi đóng", "play areas closed: {n}"),
    "resized": ("{n} sân chơi đổi diện tích", "play areas resized: {n}"),
    "access": ("{n} sân chơi đổi cách vào", "play areas with other access: {n}"),
    "moved": ("{n} sân chơi dời chỗ", "play areas moved: {n}"),
    "walks": ("đường đi bộ thay đổi ở {n} ô lưới", "cells with another walk: {n}"),
    "same_count": ("Vẫn {n} xã, phường; {children}.", "Still {n} communes; {children}."),
    "merged": (
        "{one} xã, phường trước đây nay là {two}: gộp hay chia không tính là thay đổi; {children}.",
        "{one} communes then are {two} now: that merger is not counted as change; {children}.",
    ),
    "not_one_area": (
        "{one} xã, phường ở kết quả trước và {two} ở kết quả sau, không cùng một vùng; {children}.",
        "{one} communes then and {two} now, not of the same ground; {children}.",
    ),
    "shared_same": (
        "số trẻ em trên phần đất chung vẫn là {n}",
        "children on the ground that both cover are still {n}",
    ),
    "shared_other": (
        "số trẻ em trên phần đất chung từ {one} thành {two}",
        "children on the ground that both cover went from {one} to {two}",
    ),
    "children_same": ("tổng số trẻ em vẫn là {n}", "children in all are still {n}"),
    "children_other": ("tổng số trẻ em từ {one} thành {two}", "children in all went from {one} to {two}"),
    "children_unknown": (
        "có nơi chưa rõ số trẻ em nên không so sánh được tổng số",
        "the number of children is not known everywhere, so their sums are not compared",
    ),
    "boundaries": (
        "{n} xã, phường có tình trạng khác xã, phường cũ chỉ vì địa giới.",
        "{n} communes have another status than an earlier commune there by boundaries alone.",
    ),
    "unknown": (
        "{n} xã, phường không so sánh được.",
        "Communes that cannot be compared: {n}.",
    ),
}


def headline(record: Mapping[str, Any]) -> dict[str, str]:
    """The finding in a few sentences."""
    return {language: " ".join(_headline(record, k, language)) for k, language in enumerate(("vi", "en"))}


def _headline(record: Mapping[str, Any], k: int, language: str) -> list[str]:
    def say(key: str, **values: float | str) -> str:
        said = {name: v if isinstance(v, str) else number(v, language) for name, v in values.items()}
        return HEAD[key][k].format(**said)

    if record["same_run"]:
        return [say("same_run")]
    one, two = record["first"], record["second"]
    out = []
    if not record["comparable"]["cells"]:
        out.append(say("unseen"))
    elif record["nothing_on_the_ground"]:
        whole = not record["communes"]["change"]["not_comparable"]
        out.append(say("still" if whole else "still_known"))
    else:
        sums = record["parts"]
        moved = [say(key, n=record[key]) for key in ("gained", "lost") if record[key] >= 0.5]
        room = sums.get("lacking", {}).get("ground", 0.0)
        if moved and room * sums["uncovered"]["ground"] > 0:
            room = 0.0  # it is the same children, who find no ground as long as they reach none
        if abs(sums["uncovered"]["undivided"]) >= 0.5:
            out.append(say("undivided"))
        elif not moved:
            moved = [say("nobody")]
        if abs(room) >= 0.5:
            moved.append(say("tighter" if room > 0 else "roomier", n=abs(room)))
        kinds = [(key, float(record["play_areas"][key])) for key in ("opened", "closed", "resized", "access", "moved")]
        kinds.append(("walks", float(record["walks"]["cells"])))
        said = [*moved, *(say(key, n=n) for key, n in kinds if n)]
        if said:
            out.append(say("ground", list="; ".join(said)))
    if one["children_unknown_communes"] or two["children_unknown_communes"]:
        children = say("children_unknown")
    else:
        shared = extent(record)
        then, now = (
            record["shared"][f"children_{side}"] if shared else each["children"] for side, each in _sides(one, two)
        )
        key = "shared" if shared else "children"
        children = say(f"{key}_same", n=now) if abs(then - now) < 0.5 else say(f"{key}_other", one=then, two=now)
    if extent(record):
        out.append(say("not_one_area", one=one["communes"], two=two["communes"], children=children))
    elif one["communes"] == two["communes"]:
        out.append(say("same_count", n=two["communes"], children=children))
    else:
        out.append(say("merged", one=one["communes"], two=two["communes"], children=children))
    counted = record["communes"]
    if counted["boundaries_alone"]:
        out.append(say("boundaries", n=counted["boundaries_alone"]))
    if counted["change"]["not_comparable"]:
        out.append(say("unknown", n=counted["change"]["not_comparable"]))
    return out
