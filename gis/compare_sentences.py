"""Sentences of a comparison: what became of the ground of a later commune, and why; and codes that mean other ground now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sanchoi.gis.compare_parts import UNKNOWN
from sanchoi.gis.sentences import number
from sanchoi.gis.workbook import VALUES

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
    "by_method": ("cách đo đường đi khác", "another way of measuring walks"),
    "by_known": ("những gì chỉ một kết quả biết", "what only one of the results knows"),
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
    room = row.get("lacking_ground", 0.0)
    if (row["gained"] >= 0.5 or row["lost"] >= 0.5) and room * row["uncovered_ground"] > 0:
        room = 0.0  # it is the same children, who find no ground as long as they reach none
    moved = [
        WHY[key][k].format(n=number(value, language))
        for key, value in (
            ("gained", row["gained"]),
            ("lost", row["lost"]),
            ("roomier", -room),
            ("tighter", room),
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
        return "by_method" if record["same_rules"] else "by_norm"
    if sum(abs(row[f"uncovered_{part}"]) for part in UNKNOWN) >= 0.5:
        return "by_known"
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
