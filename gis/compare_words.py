"""Words of a comparison, Vietnamese and English: why two results cannot be compared, and what became of each commune."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sanchoi.gis.errors import ContractError, CRSError, SanchoiError, SourceError
from sanchoi.gis.sentences import number
from sanchoi.gis.workbook import VALUES

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
    kind, *told = REFUSALS[word]
    vi, en = (tuple(text.format(**values) for text in each) for each in told)
    error = kind(*en)
    error.vi = " · ".join(vi)
    return error


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
    if one["date"] > two["date"]:
        add("order")
    if not record["same_norm"]:
        add("norm")
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
    if not record["same_children_data"]:
        add("children", one=one["children"], two=two["children"])
    elif record["moved_children"] >= 1:
        add("outlines", n=record["moved_children"])
    if one["surveyed"] / one["communes"] != two["surveyed"] / two["communes"]:
        add("surveyed", one=str(one["surveyed"]), two=str(two["surveyed"]), n1=one["communes"], n2=two["communes"])
    versions = [each.get("versions", {}).get("sanchoi") for each in (first, second)]
    if versions[0] != versions[1]:
        add("version", one=versions[0], two=versions[1])
    return out


HEAD: dict[str, tuple[str, str]] = {
    "same_run": ("Không có gì thay đổi: hai kết quả là một.", "Nothing changed: the two results are one and the same."),
    "still": ("Trên thực địa không có gì thay đổi.", "Nothing changed on the ground."),
    "still_known": (
        "Ở những nơi so sánh được, trên thực địa không có gì thay đổi.",
        "Where both results know, nothing changed on the ground.",
    ),
    "unseen": (
        "Không nơi nào được khảo sát ở cả hai kết quả, nên chưa biết trên thực địa có gì thay đổi.",
        "No place is surveyed in both results, so what changed on the ground is not known.",
    ),
    "ground": ("Trên thực địa: {list}.", "On the ground: {list}."),
    "gained": ("{n} trẻ nay đi bộ tới được sân chơi", "{n} children can now walk to a play area"),
    "lost": ("{n} trẻ không còn đi bộ tới được sân chơi", "{n} children can no longer walk to a play area"),
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
    "children_same": ("tổng số trẻ em vẫn là {n}", "children in all are still {n}"),
    "children_other": ("tổng số trẻ em từ {one} thành {two}", "children in all went from {one} to {two}"),
    "boundaries": (
        "{n} xã, phường có tình trạng khác xã, phường cũ chỉ vì địa giới.",
        "{n} communes have another status than an earlier commune there by boundaries alone.",
    ),
    "unknown": (
        "{n} xã, phường không so sánh được.",
        "{n} communes cannot be compared.",
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
        moved = [say(key, n=record[key]) for key in ("gained", "lost") if record[key] >= 0.5] or [say("nobody")]
        kinds = [(key, float(record["play_areas"][key])) for key in ("opened", "closed", "resized", "access", "moved")]
        kinds.append(("walks", float(record["walks"]["cells"])))
        out.append(say("ground", list="; ".join([*moved, *(say(key, n=n) for key, n in kinds if n)])))
    if abs(one["children"] - two["children"]) < 0.5:
        children = say("children_same", n=two["children"])
    else:
        children = say("children_other", one=one["children"], two=two["children"])
    if one["communes"] == two["communes"]:
        out.append(say("same_count", n=two["communes"], children=children))
    else:
        out.append(say("merged", one=one["communes"], two=two["communes"], children=children))
    counted = record["communes"]
    if counted["boundaries_alone"]:
        out.append(say("boundaries", n=counted["boundaries_alone"]))
    if counted["change"]["not_comparable"]:
        out.append(say("unknown", n=counted["change"]["not_comparable"]))
    return out


WHY: dict[str, tuple[str, str]] = {
    "whole": ("Vẫn là đất của {names} trước đây.", "Still the ground of the earlier {names}."),
    "part": ("Là một phần đất của {names} trước đây.", "Part of the earlier {names}."),
    "merged": ("Gồm đất của {names} trước đây.", "Made of the earlier {names}."),
    "more": ("{names} và {n} xã, phường khác", "{names} and {n} more"),
    "absent": (
        "Kết quả trước không có vùng này nên không so sánh được.",
        "The earlier result does not cover this ground, so nothing can be compared.",
    ),
    "found": (
        "Trước đây chưa biết, nay đã biết ({now}): biết thêm chứ không phải tốt lên hay xấu đi.",
        "Not known then and known now ({now}): more is known, which is neither better nor worse.",
    ),
    "lost_sight": (
        "Trước đây đã biết ({then}), nay chưa biết nên không so sánh được.",
        "Known then ({then}) and not known now, so nothing can be compared.",
    ),
    "blind": (
        "Cả trước đây và nay đều chưa biết.",
        "Not known then, and not known now.",
    ),
    "little": (
        "Phần lớn trẻ ở đây không so sánh được giữa hai kết quả.",
        "Most children here are not known in both results.",
    ),
    "undivided": (
        "Hai kết quả xét theo quy định khác nhau nên không tách được phần thay đổi trên thực địa.",
        "The two results are judged differently, so what changed on the ground cannot be told apart.",
    ),
    "still": ("Trên thực địa không có gì thay đổi.", "Nothing changed on the ground."),
    "gained": ("{n} trẻ nay đi bộ tới được sân chơi", "{n} children can now walk to a play area"),
    "lost": ("{n} trẻ không còn đi bộ tới được sân chơi", "{n} children can no longer walk to a play area"),
    "roomier": ("{n} trẻ nay có đủ đất chơi", "{n} children now find enough ground"),
    "tighter": ("{n} trẻ không còn đủ đất chơi", "{n} children no longer find enough ground"),
    "places": ("sân chơi ở đây: {list}", "play areas here: {list}"),
    "beyond": ("do thay đổi ở nơi khác gần đó", "because of a change nearby"),
    "from_to": ("Tình trạng từ “{then}” thành “{now}”.", 'Status from "{then}" to "{now}".'),
    "boundaries": (
        "Tình trạng “{now}” khác với {names} chỉ vì địa giới.",
        'The status "{now}" differs from that of {names} by boundaries alone.',
    ),
    "status_data": (
        "Tình trạng từ “{then}” thành “{now}” không do thay đổi trên thực địa mà do {cause}.",
        'Status from "{then}" to "{now}", not by any change on the ground but by {cause}.',
    ),
    "by_outlines": ("ranh giới đặt trẻ em vào ô lưới khác", "outlines that put children into other cells"),
    "by_children": ("số liệu trẻ em khác", "other data on children"),
    "by_norm": ("quy định khác", "another norm"),
    "by_places": ("số trẻ cùng dùng sân chơi hoặc nơi đặt ranh giới", "who shares play areas, or where a border runs"),
}
PLACES: dict[str, tuple[str, str]] = {
    "opened": ("mở {n}", "{n} opened"),
    "closed": ("đóng {n}", "{n} closed"),
    "resized": ("đổi diện tích {n}", "{n} resized"),
    "access": ("đổi cách vào {n}", "{n} with other access"),
    "moved": ("dời chỗ {n}", "{n} moved"),
    "found": ("{n} mới được ghi nhận khi khảo sát", "{n} first recorded by a survey"),
    "no_longer_looked_for": ("{n} nay không còn được ghi nhận", "{n} no longer recorded"),
}
MOST_NAMES = 4


def status(word: str, language: str) -> str:
    """A status in words."""
    return VALUES.get(word, (word, word))[0 if language == "vi" else 1]


def sentence(
    row: Mapping[Any, Any],
    earlier: Sequence[Mapping[str, Any]],
    places: Mapping[Any, int],
    record: Mapping[str, Any],
    language: str,
) -> str:
    """What became of the ground of a later commune, and why."""
    k = 0 if language == "vi" else 1
    then, now = status(row["status_then"], language), status(row["status_now"], language)
    out = []
    if earlier and not (record["same_run"]):
        one = earlier[0]
        alone = len(earlier) == 1
        key = "merged" if not alone else "whole" if one["area"] >= 0.9 and one["part"] >= 0.9 else "part"
        out.append(WHY[key][k].format(names=_names([each["name"] for each in earlier], k)))
    if row["change"] == "not_comparable":
        return " ".join([*out, WHY[_blind(row)][k].format(then=then, now=now)])
    moved = [
        WHY[key][k].format(n=number(value, language))
        for key, value in (
            ("gained", row["gained"]),
            ("lost", row["lost"]),
            ("roomier", -row.get("lacking_ground", 0.0) if row["gained"] < 0.5 and row["lost"] < 0.5 else 0.0),
            ("tighter", row.get("lacking_ground", 0.0) if row["gained"] < 0.5 and row["lost"] < 0.5 else 0.0),
        )
        if value >= 0.5
    ]
    told = [PLACES[kind][k].format(n=n) for kind, n in places.items() if kind in PLACES]
    if moved:
        because = WHY["places"][k].format(list=", ".join(told)) if told else WHY["beyond"][k]
        joined = (", " if k else "; ").join(moved)
        out.append(f"{joined[0].upper()}{joined[1:]} ({because}).")
    else:
        extra = f" ({WHY['places'][k].format(list=', '.join(told))})." if told else "."
        out.append(WHY["still"][k] if not told else _no_effect(k) + extra)
    if row["status_then"] != row["status_now"]:
        if moved:
            out.append(WHY["from_to"][k].format(then=then, now=now))
        else:
            out.append(WHY["status_data"][k].format(then=then, now=now, cause=WHY[_cause(row, record)][k]))
    elif row["boundaries_alone"]:
        others = [
            f"{each['name']} ({status(each['status'], language)})"
            for each in earlier
            if each["status"] != row["status_now"]
        ]
        out.append(WHY["boundaries"][k].format(now=now, names=_names(others, k)))
    return " ".join(out)


def _no_effect(k: int) -> str:
    return ("Không trẻ nào được hay mất sân chơi trong tầm đi bộ", "No child gained or lost a play area within reach")[
        k
    ]


def _blind(row: Mapping[Any, Any]) -> str:
    """Why a commune cannot be compared."""
    then, now = row["status_then"] == "unknown", row["status_now"] == "unknown"
    if then and row["area_share_then"] < 0.8:
        return "absent"
    if then and now:
        return "blind"
    if then or now:
        return "found" if then else "lost_sight"
    return "little" if not row["comparable_share"] >= 0.5 else "undivided"


def _cause(row: Mapping[Any, Any], record: Mapping[str, Any]) -> str:
    """What else than the ground changed a status."""
    if not record["same_norm"]:
        return "by_norm"
    if not record["same_children_data"]:
        return "by_children"
    children = abs(row["uncovered_children"]) + abs(row.get("lacking_children", 0.0))
    children += abs(row["uncovered_places"]) + abs(row.get("lacking_sharing", 0.0))
    return "by_outlines" if children >= 0.5 else "by_places"


def _names(names: Sequence[str], k: int) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    rest = len(names) - MOST_NAMES
    return shown if rest <= 0 else WHY["more"][k].format(names=shown, n=rest)


SAME_GROUND = 0.9


def reused(made: pd.DataFrame, first: pd.DataFrame, second: pd.DataFrame) -> list[dict[str, Any]]:
    """Codes that stand in both results and mean other ground: code, both names, and how much of their ground is shared (0–1)."""
    same = made[made["same_code"]]
    share = dict(zip(same["commune_id"], 1 / (1 / same["share_of_area"] + 1 / same["area_of_first"] - 1), strict=True))
    names = dict(zip(first["commune_id"], first["name"], strict=True))
    out = []
    for code, name in zip(second["commune_id"], second["name"], strict=True):
        if code in names and share.get(code, 0.0) < SAME_GROUND:
            shared = round(float(share.get(code, 0.0)), 6)
            out.append({"commune_id": code, "first_name": names[code], "second_name": name, "ground_shared": shared})
    return out
